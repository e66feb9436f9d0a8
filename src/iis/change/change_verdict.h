/**
 * What one record says of one act. Inside of iis/change only.
 */
#ifndef IW_IIS_CHANGE_CHANGE_VERDICT_H
#define IW_IIS_CHANGE_CHANGE_VERDICT_H

#include "base/buffer.h"
#include "iis/change/change_record.h"
#include "iis/change/changes.h"
#include "iis/change/host_glob.h"

/** What is compared; each may hold, fail or be unknown. */
enum change_aspect {
    ASPECT_HOST = 0,
    ASPECT_SUBJECT,
    ASPECT_WINDOW,
    ASPECT_ACTOR,
    ASPECT_ACTION,
    ASPECT_HASH,
    ASPECT_PUBLISHER,
    ASPECT_EXPIRES,
    ASPECT_COUNT
};

/** An act as records are compared with it: folded, its path in normal form. */
struct change_case {
    const struct iw_act *act;
    struct iw_host_names host;
    struct iw_account_name actor;
    struct iw_str component_kind, component_name, path, publisher;
    /* The path begins with a volume instead of a drive, or a variable of unknown value: only its
       end is known. */
    struct iw_str path_end;
    bool is_device_path;
};

struct change_verdict {
    const struct change_record *record;
    enum iw_change_status status; /* NOT_CHECKED: the record is not about the act */
    bool is_of_host;              /* it may be about another subject */
    enum iw_holds holds[ASPECT_COUNT];
    unsigned n_failed, n_unknown;
};

/** False only when there is no memory. Texts live in *arena*. */
bool change_case_init(const struct iw_act *act, struct iw_arena *arena, struct change_case *ret);
void change_verdict_find(const struct change_record *record, const struct change_case *ask,
                         struct change_verdict *ret);
/** Whether the act's moment lies in the record's window, or its content is the approved one:
 * without either any record of this subject, however old, would fit. */
bool change_verdict_is_dated(const struct change_verdict *verdict);
/** Is *a* the better outcome, or as good and named first? */
bool change_verdict_is_better(const struct change_verdict *a, const struct change_verdict *b);
/** Adds why, for people: one line. */
void change_verdict_explain(const struct change_verdict *verdict, const struct iw_act *act,
                            struct iw_buffer *out);
/** "explained", "partly", ...; never NULL. */
const char *change_status_word(enum iw_change_status status);

#endif
