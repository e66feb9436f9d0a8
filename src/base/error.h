/**
 * Errors: what the caller can do about a failure, and the words for the person who reads it.
 *
 * Three kinds of trouble are kept apart. A *bug* is an assert. Trouble of the *environment or
 * operator* (no memory, no permission, a bad option) is a return code, described here. *Damaged or
 * hostile evidence* is not an error at all: it is counted and named in the ledger (result/ledger.h)
 * and reading goes on.
 *
 * A function that can fail returns `enum iw_rc` and takes a caller-owned `struct iw_error *err`
 * last; `err` may be NULL. The error is set once, where it happens; layers above may add `where` (a
 * file name) and never reword the message.
 */
#ifndef IW_BASE_ERROR_H
#define IW_BASE_ERROR_H

#include <stdint.h>

enum iw_rc {
    IW_OK = 0,
    IW_END,     /* nothing more to deliver: not a failure */
    IW_ENOMEM,  /* no memory: give up, say so */
    IW_EIO,     /* the system refused a read, write or open: name the file, go on with the next */
    IW_EFORMAT, /* not the format it should be */
    IW_ELIMIT,  /* a limit of base/limits.h was reached */
    IW_ERULE,   /* a rule that cannot be honoured exactly: refused, with line and reason */
    IW_EUSAGE,  /* the user asked for something that makes no sense */
    IW_ECANCELLED, /* the user interrupted the run */
    IW_RC_COUNT
};

/** What went wrong, for a person. All members valid only after a function returned an error. */
struct iw_error {
    enum iw_rc rc;
    char where[256]; /* file or place, may be empty */
    uint64_t offset; /* byte offset in it, 0 when unknown */
    uint32_t line;   /* 1-based, 0 when unknown */
    uint32_t column; /* 1-based, 0 when unknown */
    char message[256];
};

/** Fills *err* (which may be NULL) and returns *rc*. */
enum iw_rc iw_error_set(struct iw_error *err, enum iw_rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Adds the place to an error that has none yet. Both may be NULL. */
void iw_error_place(struct iw_error *err, const char *where, uint32_t line, uint32_t column);

/** The name of a code as used in messages and tests ("IW_ENOMEM"); never NULL. */
const char *iw_rc_name(enum iw_rc rc);

/** Forwards a failure: returns from the calling function with the code of *expr* unless it is
 * IW_OK. */
#define IW_TRY(expr)                                                                               \
    do {                                                                                           \
        enum iw_rc iw_try_rc_ = (expr);                                                            \
        if (iw_try_rc_ != IW_OK)                                                                   \
            return iw_try_rc_;                                                                     \
    } while (0)

#endif
