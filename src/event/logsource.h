/**
 * Log sources: what a rule's `category` or `service` is on Windows, as channels and event ids.
 *
 * Static tables; any thread. Names compare without regard to ASCII letter case.
 */
#ifndef IW_EVENT_LOGSOURCE_H
#define IW_EVENT_LOGSOURCE_H

#include "base/str.h"

enum iw_log_kind { IW_LOG_CATEGORY = 0, IW_LOG_SERVICE };

#define IW_LOG_IDS 12U

/** One channel of a log source; a source with several channels has several rows in a row. */
struct iw_log_row {
    enum iw_log_kind kind;
    const char *name;
    const char *channel;          /* NULL: Windows writes it to no event channel */
    uint16_t ids[IW_LOG_IDS + 1]; /* ends with 0; none: every event id of the channel */
};

#define IW_LOG_ONLY_VALUES 2U

/** What an event of a category must say beside its id: one of *values* in a field. */
struct iw_log_only {
    const char *name;
    const char *channel;                        /* NULL: whatever channel */
    uint32_t field;                             /* canonical: enum iw_field_id */
    const char *values[IW_LOG_ONLY_VALUES + 1]; /* ends with NULL */
};

/** The restriction of a row, or NULL: every event of its ids belongs to it. */
const struct iw_log_only *iw_log_row_only(const struct iw_log_row *row);

/** The rows of a category or service and their number; NULL when the name is not known. */
const struct iw_log_row *iw_log_source_find(enum iw_log_kind kind, struct iw_str name,
                                            size_t *ret_n);

/** Whether an event of this channel and id belongs to one of the rows. */
bool iw_log_source_has(const struct iw_log_row *rows, size_t n, struct iw_str channel,
                       uint32_t event_id);

/** Whether a row takes this event id. */
bool iw_log_row_has_id(const struct iw_log_row *row, uint32_t event_id);

#endif
