/*
 * For tests that play scenarios: one of a web server, written into a file with what the test adds,
 * then read and played without output.
 */
#ifndef IW_TESTS_LAB_SCENARIO_PLAY_H
#define IW_TESTS_LAB_SCENARIO_PLAY_H

#include <stdint.h>

/* Setup and teardown of a group. */
int make_folder(void **state);
int remove_folder(void **state);

/* What a test changes of the scenario; NULL: as it is. */
struct parts {
    const char *head;  /* further lines at the top */
    const char *hosts; /* lines of the list; default: WEB01, an aspnet */
    const char *life;  /* value of `life:`; default: [] */
    const char *acts;  /* lines of the list; default: none */
    const char *truth; /* value of `truth:`; default: {} */
    int64_t jitter_ns; /* by which times move; 0: not at all */
    uint64_t seed;     /* 0: the scenario's */
};

/* Reads and plays it; the complaint without the file's name ("12: reason"), or "" for none. The
 * text is valid until the next call. */
const char *play_parts(const struct parts *parts);

/* The same for a few lines of acts. */
const char *play_acts(const char *acts);

#endif
