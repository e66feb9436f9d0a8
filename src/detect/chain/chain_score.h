/**
 * Scores: what each link and each circumstance of a chain adds, and which level a score is.
 *
 * This table is the one of docs/DETECTIONS.md, and a test compares them. A score is the sum of the
 * marks that hold, each once, then raised to its floor; every one of them is a line of `why`.
 */
#ifndef IW_DETECT_CHAIN_SCORE_H
#define IW_DETECT_CHAIN_SCORE_H

#include "result/finding.h"

enum iw_chain_mark {
    IW_MARK_SHELL = 0,         /* a web server's process started a shell, interpreter or tool */
    IW_MARK_POOL_IDENTITY,     /* one ran as the web server's account, by whom is not known */
    IW_MARK_SHARED_ACCOUNT,    /* the same, and others work as that account too */
    IW_MARK_FILE,              /* a file that can run there appeared before it */
    IW_MARK_FILE_UNDECIDED,    /* the same, but which came first cannot be decided */
    IW_MARK_PAGE_UNSEEN,       /* a page whose coming no event tells was compiled, then the shell */
    IW_MARK_COLLECTED_FILE,    /* a page whose coming no event tells was collected, and was first
                                  asked for before the shell */
    IW_MARK_RENAMED,           /* a file in its folder was renamed before that, to what is not
                                  told */
    IW_MARK_SHELL_WROTE_FILE,  /* the shell, or what it started, wrote the file */
    IW_MARK_SHELL_NAMED_FILE,  /* its command, or that of what it started, says that it writes it */
    IW_MARK_REQUEST,           /* the file was asked for between the two */
    IW_MARK_REQUEST_UNDECIDED, /* the same, within a second of the shell: it may have come after it
                                */
    IW_MARK_REQUEST_SERVED,    /* asked for between the two, as it was before, or by many */
    IW_MARK_REQUEST_AFTER,     /* the shell wrote the file, which was first asked for after that */
    IW_MARK_REQUEST_RARE,      /* by one address and one agent alone */
    IW_MARK_COMPILED,          /* the worker compiled that file */
    IW_MARK_COMPILED_SOMETHING, /* the worker compiled a page; which is not told */
    IW_MARK_COMPILED_BEFORE,    /* the same before the shell, where no file explains that */
    IW_MARK_SAME_POOL,          /* the file belongs to the worker's pool, by the configuration */
    IW_MARK_OTHER_POOL,         /* it seems to belong to another pool; not proved */
    IW_MARK_FOLDER_POSSIBLE,    /* that its folder is one of the web server is only likely */
    IW_MARK_WRITTEN_BY_SERVER,  /* the web server itself wrote the file */
    IW_MARK_WRITTEN_OVER_NETWORK,
    IW_MARK_ODD_NAME,      /* a name made to be overlooked */
    IW_MARK_TIMES_CHANGED, /* its time stamps were changed */
    IW_MARK_DELETED,       /* it was deleted again */
    IW_MARK_BROUGHT,       /* the web server itself wrote the program that ran */
    IW_MARK_LOADED,        /* its worker loaded a library that the web server wrote */
    IW_MARK_COMMAND_SHAPE, /* a command as clients of web shells send it */
    IW_MARK_DISCOVERY,
    IW_MARK_CREDENTIALS,
    IW_MARK_NETWORK,           /* what was started connected, or asked for a name */
    IW_MARK_SYSTEM,            /* a child of the worker's account ran as SYSTEM */
    IW_MARK_ODD_WORKER,        /* a w3wp.exe that is not where Windows has it */
    IW_MARK_DEVELOPER_SERVER,  /* IIS Express: a server on a developer's machine */
    IW_MARK_MANAGEMENT_SERVER, /* one by which administrators deploy and run commands */
    IW_MARK_LIKELY_SERVER,     /* what is only likely to be a web server */
    IW_MARK_CGI_RUN,           /* the configuration runs pages by it, and this is such a run */
    IW_MARK_DEPLOYMENT_WRITER, /* a deployment wrote the file */
    IW_MARK_DEPLOYMENT_LIKE,   /* a service that is named like one did */
    IW_MARK_DEPLOYMENT_NEAR,   /* something was deployed shortly before or after */
    IW_MARK_BURST,             /* the same process wrote many such files at that time */
    IW_MARK_USUAL_WRITER,      /* the baseline of behaviour has this writer of that web root */
    IW_MARK_FILE_EXPLAINED,    /* a change record explains the file; never the shell */
    IW_MARK_USUAL,             /* the baseline of behaviour has the shell */
    IW_MARK_USUAL_HERE,        /* the same, learned inside of what is hunted */
    IW_MARK_COUNT
};

/** A set of marks. */
typedef uint64_t iw_chain_marks;
#define IW_MARK(name) ((iw_chain_marks)1 << IW_MARK_##name)
/** The file is one that the shell made, as an event or its command tells. */
#define IW_MARKS_MADE_FILE (IW_MARK(SHELL_WROTE_FILE) | IW_MARK(SHELL_NAMED_FILE))

struct iw_chain_mark_row {
    const char *name; /* in docs/DETECTIONS.md */
    int32_t points;
};
/** Never NULL. */
const struct iw_chain_mark_row *iw_chain_mark_row(enum iw_chain_mark mark);

/** A level below which certain marks never fall. */
struct iw_chain_floor {
    enum iw_level level;
    const char *why; /* NULL: no floor */
};
struct iw_chain_floor iw_chain_floor_of(iw_chain_marks marks);

/** The sum of their points. */
int32_t iw_chain_points(iw_chain_marks marks);
/** The sum, raised to the floor, 0 to 100. */
uint32_t iw_chain_score(iw_chain_marks marks);
/** The level of a score, and the lowest score of a level. */
enum iw_level iw_chain_level(uint32_t score);
uint32_t iw_chain_level_begins(enum iw_level level);

#endif
