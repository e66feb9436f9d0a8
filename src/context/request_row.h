/**
 * Inside of url_requests: what is kept of the requests for one URL within one hour, and how two
 * such rows become one.
 *
 * Everything in a row is a sum, a union, a latest, or the earliest few, so that rows of parts of a
 * log come to the same row in whatever portions and order. The earliest few values stay exact as
 * well: a value that others pushed out had all of these before it, and a later request cannot
 * change that.
 */
#ifndef IW_CONTEXT_REQUEST_ROW_H
#define IW_CONTEXT_REQUEST_ROW_H

#include "base/buffer.h"
#include "base/packed.h"
#include "context/request_seconds.h"
#include "context/url_requests.h"

/** Where a request stands among others: by time, then by place. */
struct iw_request_place {
    int64_t end_ns; /* INT64_MAX: none */
    uint32_t source;
    uint64_t offset;
};

int iw_request_place_compare(const struct iw_request_place *a, const struct iw_request_place *b);

struct iw_request_value {
    struct iw_request_place place; /* where it was first met */
    uint64_t hash;                 /* of the whole value */
    struct iw_str text;            /* cut at IW_LIMIT_REQUEST_TEXT_BYTES */
};

struct iw_request_value_set {
    uint64_t *hashes;
    uint32_t n, cap; /* n IW_LIMIT_URL_VALUES + 1: more */
    struct iw_request_value shown[IW_LIMIT_URL_VALUES_SHOWN];
    uint32_t n_shown;
};

enum iw_request_count {
    IW_COUNT_ALL = 0,
    IW_COUNT_POSTS,
    IW_COUNT_ANSWERED,
    IW_COUNT_TIMELESS,
    IW_COUNT_STATUS, /* of six classes */
    IW_REQUEST_COUNTS = IW_COUNT_STATUS + 6
};

/** Zero-initialised: no requests. Texts live in the arena that rows of its kind are given. */
struct iw_request_row {
    uint64_t counts[IW_REQUEST_COUNTS];
    unsigned methods;
    struct iw_request_value_set addresses, agents, forwarded;
    struct iw_request_moment moments[IW_LIMIT_HOUR_MOMENTS]; /* in order */
    uint32_t n_moments;
    struct iw_request_seconds seconds; /* of all of them */
    struct iw_request_place last;      /* with moments */
    uint64_t last_line;
};

/** Whether a request there is among the first of the row, or would be: only then its fields are
 * worth making. */
bool iw_request_row_wants(const struct iw_request_row *row, const struct iw_request_place *place);
/** Adds a request; *fields_json* is borrowed and needed where the row wants it. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_request_row_add(struct iw_request_row *row, const struct iw_web_request *request,
                              const struct iw_event *event, struct iw_str fields_json,
                              struct iw_arena *arena);
/** Adds all of *from*, whose texts are borrowed: they live as long as *into*. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_request_row_unite(struct iw_request_row *into, const struct iw_request_row *from,
                                struct iw_arena *arena);
/** The same without the counts. */
enum iw_rc iw_request_row_unite_values(struct iw_request_row *into,
                                       const struct iw_request_row *from, struct iw_arena *arena);
/** Whether *into* would borrow any text of *from*. */
bool iw_request_row_would_borrow(const struct iw_request_row *into,
                                 const struct iw_request_row *from);
/** Whether two rows of different files begin with the same line at the same place: one file is a
 * copy of the other, or of its beginning. */
bool iw_request_row_is_copy(const struct iw_request_row *a, const struct iw_request_row *b);

/** Appends the row as bytes. A failed allocation is remembered by the buffer. */
void iw_request_row_pack(const struct iw_request_row *row, struct iw_buffer *out);
/** Reads it back; texts are borrowed from the bytes. IW_OK; IW_ENOMEM; IW_EIO: it is none. */
enum iw_rc iw_request_row_unpack(struct iw_unpacking *in, struct iw_arena *arena,
                                 struct iw_request_row *ret);
/** Tells what reading or uniting rows of the temporary file returned, where it is not IW_OK;
 * returns it. */
enum iw_rc iw_request_row_told(enum iw_rc rc, struct iw_error *err);

#endif
