/**
 * A growing byte buffer for text that is being written.
 *
 * A failed allocation is remembered (`failed`) and every later append does nothing, so that a
 * writer may append freely and check once at the end. One thread at a time.
 */
#ifndef IW_BASE_BUFFER_H
#define IW_BASE_BUFFER_H

#include "base/str.h"

struct iw_buffer {
    char *p;
    size_t n;
    size_t cap;
    bool failed; /* an append found no memory: the content is incomplete */
    /** Takes what has gathered, so that a long output need not be held whole; NULL: it is. Not
     * owned, kept by iw_buffer_clear. */
    bool (*drain)(void *context, struct iw_str text);
    void *drain_context;
};

/** Bytes that gather before a drain is worth its call. */
#define IW_BUFFER_DRAIN_BYTES (256UL * 1024UL)

void iw_buffer_init(struct iw_buffer *buffer);
void iw_buffer_done(struct iw_buffer *buffer);
/** Empties it, keeps the memory, forgets a failure. */
void iw_buffer_clear(struct iw_buffer *buffer);
/** Between two pieces of output: drains what has gathered when it is much and somebody takes it. A
 * drain that fails sets failed. */
void iw_buffer_breathe(struct iw_buffer *buffer);
/** Room for *n* more bytes at the end; NULL (and failed) when there is no memory. Does not change
 * the length. */
char *iw_buffer_room(struct iw_buffer *buffer, size_t n);
void iw_buffer_add(struct iw_buffer *buffer, struct iw_str text);
void iw_buffer_add_char(struct iw_buffer *buffer, char c);
void iw_buffer_add_u64(struct iw_buffer *buffer, uint64_t value);
void iw_buffer_add_i64(struct iw_buffer *buffer, int64_t value);
/** Lower-case hexadecimal digits, two a byte. */
void iw_buffer_add_hex(struct iw_buffer *buffer, const uint8_t *bytes, size_t n);
/** printf into the buffer; for short things outside hot paths. */
void iw_buffer_printf(struct iw_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct iw_str iw_buffer_str(const struct iw_buffer *buffer)
{
    return (struct iw_str){buffer->p, buffer->n};
}

#endif
