/**
 * What the tests of inventory writers share: a run of one of the sample inventories, what was
 * written of it, and assertions about that.
 */
#ifndef IW_TESTS_UNIT_OUTPUT_WRITTEN_INVENTORY_H
#define IW_TESTS_UNIT_OUTPUT_WRITTEN_INVENTORY_H

#include "output/output.h"
#include "sample_inventory.h"

extern struct iw_run run;
extern struct iw_buffer out;

/** Fixtures of cmocka. */
int begin_sample(void **state);
int begin_bare(void **state);
int begin_hostile(void **state);
int begin_empty(void **state);
int end(void **state);

/** All that was written, with a NUL behind it. */
const char *shown(void);
void assert_shows(const char *text);
void assert_shows_not(const char *text);

#define SAMPLE(test) cmocka_unit_test_setup_teardown(test, begin_sample, end)
#define BARE(test)                                                                                 \
    {                                                                                              \
        "bare " #test, test, begin_bare, end, NULL                                                 \
    }
#define HOSTILE(test)                                                                              \
    {                                                                                              \
        "hostile " #test, test, begin_hostile, end, NULL                                           \
    }
#define EMPTY(test)                                                                                \
    {                                                                                              \
        "empty " #test, test, begin_empty, end, NULL                                               \
    }

#endif
