/**
 * Habits: the same command, started by the same pool again and again. What an application does by
 * design looks like that, and so may a web shell that somebody uses every day: a habit is told from
 * that by when it began, by what it did beside, and by who asked for it (docs/DETECTIONS.md).
 *
 * Counted in event time, in bounded memory: past IW_LIMIT_CHAIN_HABITS no more are added, and what
 * is not counted is never usual. Only times and counts are kept, and texts where they are wanted.
 * One thread at a time.
 */
#ifndef IW_DETECT_HABIT_H
#define IW_DETECT_HABIT_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "detect/chain/chain_telemetry.h"

/** It was there on so many days, which lie in so many days running: a week. */
#define IW_HABIT_DAYS_MIN 5U
#define IW_HABIT_SPAN_DAYS 7
/** What runs many times a day is known sooner, where only a file is asked about. */
#define IW_HABIT_TIMES_MANY 24U
#define IW_HABIT_DAYS_OF_MANY 3U
/** Runs before a file that a habit of the whole span needs. */
#define IW_HABIT_TIMES_BEFORE 3U

struct iw_habit_day {
    int64_t day;      /* since 1970, UTC */
    uint64_t n_until; /* runs up to its end */
};

#define IW_HABIT_KEY_BYTES 16U

struct iw_habit;
/** Why something is no habit. */
struct iw_habit_none {
    const char *why;           /* static; NULL: it is one */
    const struct iw_habit *of; /* of which that is said; NULL: of nothing that is counted */
};

struct iw_chain_item;
/** A page that came before runs, and by which they are no habit; or a run that did something odd.
 */
struct iw_habit_page {
    const char *why;    /* what that says; static */
    struct iw_str path; /* in the arena of the habits; empty: of a run, both times are its own */
    int64_t written_ns, run_ns; /* its writing, and the run that it came before */
    bool is_of_runs;            /* runs from its writing on are in doubt; else all of them */
    struct iw_habit *before;    /* by which runs before it are judged; NULL: by the habit itself */
    struct iw_chain_item *write,
        *run; /* evidence; shared, let go by whoever set them; NULL: gone */
};

struct iw_habit {
    uint8_t key[IW_HABIT_KEY_BYTES];
    struct iw_str pool, image, shape; /* empty where texts are not kept */
    bool is_below;                    /* started by a shell, not by the web server */
    const struct iw_habit *above;     /* of the shell that started it; NULL: the web server did */
    uint64_t n, n_days;
    int64_t first_ns, last_ns;
    int64_t longest_ns;         /* pause between two runs */
    uint8_t kind;               /* of whoever counts; 0 of commands */
    const char *doubt;          /* what somebody is to look at; static; NULL: nothing */
    const char *odd;            /* why it is none, whatever its times; static; NULL: nothing */
    struct iw_habit_page *page; /* by which it is none; NULL: no page, or not only */
    bool is_cut;                /* known up to a page alone */
    int64_t cut_ns;             /* when that came */
    size_t n_cut_times;         /* of *times*, from its beginning */
    uint64_t n_called;          /* runs as a page was asked for that had just come */
    bool is_asked;              /* the logs of requests were asked who calls it */
    bool is_after_file;         /* a file that fits came before its first runs */
    bool is_after_odd; /* one of these is none of those that come every day: known at the end */
    struct iw_habit_day days[IW_LIMIT_HABIT_DAYS]; /* a ring */
    int64_t times[IW_LIMIT_HABIT_TIMES];           /* a ring */
};

struct iw_habits {
    struct iw_map by_key;
    struct iw_arena arena;
    bool keeps_texts;
    uint64_t n_not_kept; /* runs of commands past the limit */
};

void iw_habits_init(struct iw_habits *habits);
void iw_habits_done(struct iw_habits *habits);
/** The next host. */
void iw_habits_clear(struct iw_habits *habits);

/**
 * The entry of a command.
 *
 * @param above  of the shell that started it; NULL: the web server did
 * @param shape  iw_command_shape of its command line; empty: not logged, and then it is none
 * @param ret    NULL: not counted
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_habits_find(struct iw_habits *habits, const struct iw_habit *above,
                          struct iw_str pool, struct iw_str image, struct iw_str shape,
                          struct iw_habit **ret);
/** One more run, at a time not before those that were counted. */
void iw_habit_run(struct iw_habit *habit, int64_t time_ns);

/** Something speaks against it for good; the first reason stays. *habit* may be NULL. */
void iw_habit_spoil(struct iw_habit *habit, const char *why);

/**
 * A page speaks against it, from the writing of that on: no page makes the runs before it. They are
 * judged by what it was until then, where that was a habit by its times; else, when all runs are
 * known (iw_habit_end), by all of its times. The first reason stays. IW_OK or IW_ENOMEM.
 *
 * @param span  that commands were logged in; NULL: not known
 */
enum iw_rc iw_habit_spoil_by_page(struct iw_habits *habits, struct iw_habit *habit, const char *why,
                                  const struct iw_habit_page *page,
                                  const struct iw_chain_span *span);
/**
 * A run did something odd. Where the command recurred until then, that run and those behind it are
 * none, and those before it are judged by what it was until then; else all are none. The first
 * reason stays. *habit* may be NULL. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_habit_spoil_by_run(struct iw_habits *habits, struct iw_habit *habit, const char *why,
                                 int64_t run_ns);
/** No more runs come. IW_OK or IW_ENOMEM. */
enum iw_rc iw_habit_end(struct iw_habits *habits, struct iw_habit *habit);
/** Names the page by which it is none for good, where none is named yet. IW_OK or IW_ENOMEM. */
enum iw_rc iw_habit_name_page(struct iw_habits *habits, struct iw_habit *habit,
                              const struct iw_habit_page *page);
/** The habit of a run at that moment: what it was before a page that came later, or itself. */
const struct iw_habit *iw_habit_at(const struct iw_habit *habit, int64_t time_ns);
/** Whether a run at that moment is one of those that a page, or an odd run, makes doubtful. */
bool iw_habit_is_doubtful_at(const struct iw_habit *habit, int64_t time_ns);
/** Whether an odd run does, not a page. */
bool iw_habit_is_behind_run(const struct iw_habit *habit, int64_t time_ns);

/** Runs before a moment, at least. */
uint64_t iw_habit_runs_before(const struct iw_habit *habit, int64_t time_ns);
/** Whether it recurs at all: on five days, or many times on three days, with nothing that
 * speaks against it. */
bool iw_habit_recurs(const struct iw_habit *habit);
/** Whether it was one before that moment, and not over by then. */
bool iw_habit_was_before(const struct iw_habit *habit, int64_t time_ns);
/** Why it is none where a file came before its first runs. */
extern const char IW_HABIT_AFTER_FILE[];
/** Why it is no habit of the whole span that the commands of a host were logged in; NULL: it is.
 * Static. */
const char *iw_habit_is_none(const struct iw_habit *habit, const struct iw_chain_span *span);

#endif
