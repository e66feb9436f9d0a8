/**
 * `--where Field=text`: which events `events` shows.
 */
#ifndef IW_ENGINE_WHERE_H
#define IW_ENGINE_WHERE_H

#include "event/event.h"

struct iw_where_term {
    uint32_t name_id;
    struct iw_str pattern; /* borrowed from the option */
};

struct iw_where {
    struct iw_where_term *terms;
    size_t n;
};

/**
 * Reads the terms and registers their names. IW_OK; IW_EUSAGE (no `=`, no name, a name too long, a
 * context field, which no record has);
 * IW_ENOMEM. *where* needs iw_where_done in every case.
 */
enum iw_rc iw_where_init(struct iw_where *where, const char *const *terms, size_t n,
                         struct iw_names *names, struct iw_error *err);
void iw_where_done(struct iw_where *where);

/** Whether every term holds: some field of that name has the text. *scratch* takes decoded text.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_where_matches(const struct iw_where *where, const struct iw_event *event,
                            struct iw_arena *scratch, bool *ret);

/** Whole-text comparison, ASCII letter case ignored, `*` any run of bytes. */
bool iw_text_matches(struct iw_str pattern, struct iw_str text);

#endif
