/*
 * A growing byte buffer. Growth doubles; numbers are written without printf because NDJSON writes
 * millions of them.
 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"

void iw_buffer_init(struct iw_buffer *buffer)
{
    memset(buffer, 0, sizeof *buffer);
}

void iw_buffer_done(struct iw_buffer *buffer)
{
    iw_free(buffer->p);
    memset(buffer, 0, sizeof *buffer);
}

void iw_buffer_clear(struct iw_buffer *buffer)
{
    buffer->n = 0;
    buffer->failed = false;
}

void iw_buffer_breathe(struct iw_buffer *buffer)
{
    if (buffer->drain == NULL || buffer->failed || buffer->n < IW_BUFFER_DRAIN_BYTES)
        return;
    buffer->failed = !buffer->drain(buffer->drain_context, iw_buffer_str(buffer));
    buffer->n = 0;
}

char *iw_buffer_room(struct iw_buffer *buffer, size_t n)
{
    size_t need;
    if (buffer->failed)
        return NULL;
    if (__builtin_add_overflow(buffer->n, n, &need) ||
        !iw_array_reserve(&buffer->p, &buffer->cap, need, 1)) {
        buffer->failed = true;
        return NULL;
    }
    return buffer->p + buffer->n;
}

void iw_buffer_add(struct iw_buffer *buffer, struct iw_str text)
{
    char *p;
    if (text.n == 0) /* an empty buffer has no place yet that could be pointed at */
        return;
    p = iw_buffer_room(buffer, text.n);
    if (p == NULL)
        return;
    memcpy(p, text.p, text.n);
    buffer->n += text.n;
}

void iw_buffer_add_char(struct iw_buffer *buffer, char c)
{
    char *p = iw_buffer_room(buffer, 1);
    if (p == NULL)
        return;
    *p = c;
    buffer->n++;
}

void iw_buffer_add_u64(struct iw_buffer *buffer, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    iw_buffer_add(buffer, (struct iw_str){digits + at, sizeof digits - at});
}

void iw_buffer_add_i64(struct iw_buffer *buffer, int64_t value)
{
    if (value < 0)
        iw_buffer_add_char(buffer, '-');
    iw_buffer_add_u64(buffer, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void iw_buffer_add_hex(struct iw_buffer *buffer, const uint8_t *bytes, size_t n)
{
    static const char DIGITS[] = "0123456789abcdef";
    char *p = iw_buffer_room(buffer, 2 * n);
    if (p == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        p[2 * i] = DIGITS[bytes[i] >> 4];
        p[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    buffer->n += 2 * n;
}

void iw_buffer_printf(struct iw_buffer *buffer, const char *format, ...)
{
    va_list args;
    char *p;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        return;
    p = iw_buffer_room(buffer, (size_t)n + 1);
    if (p == NULL)
        return;
    va_start(args, format);
    (void)vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    buffer->n += (size_t)n;
}
