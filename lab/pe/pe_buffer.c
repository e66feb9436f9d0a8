/*
 * Growing little-endian bytes (see pe_buffer.h).
 *
 * What it does: appends, pads and overwrites. What it ignores: sizes beyond memory; lab_alloc.h
 * ends the program then.
 */
#include "lab/pe/pe_buffer.h"

#include <assert.h>
#include <string.h>

#include "lab/lab_alloc.h"

static uint8_t *take(struct iw_lab_pe_buffer *buffer, size_t size_bytes)
{
    if (size_bytes > buffer->capacity_bytes - buffer->size_bytes) {
        buffer->capacity_bytes = 2 * (buffer->size_bytes + size_bytes) + 64;
        buffer->bytes = iw_lab_alloc_resize(buffer->bytes, buffer->capacity_bytes, 1);
    }
    uint8_t *at = buffer->bytes + buffer->size_bytes;
    buffer->size_bytes += size_bytes;
    return at;
}

static void store(uint8_t *at, uint64_t value, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

void iw_lab_pe_put(struct iw_lab_pe_buffer *buffer, const void *source, size_t size_bytes)
{
    if (size_bytes > 0) {
        memcpy(take(buffer, size_bytes), source, size_bytes);
    }
}

void iw_lab_pe_put_buffer(struct iw_lab_pe_buffer *buffer, const struct iw_lab_pe_buffer *source)
{
    iw_lab_pe_put(buffer, source->bytes, source->size_bytes);
}

void iw_lab_pe_put_zeros(struct iw_lab_pe_buffer *buffer, size_t size_bytes)
{
    if (size_bytes > 0) {
        memset(take(buffer, size_bytes), 0, size_bytes);
    }
}

void iw_lab_pe_put_u8(struct iw_lab_pe_buffer *buffer, uint8_t value)
{
    store(take(buffer, 1), value, 1);
}

void iw_lab_pe_put_u16(struct iw_lab_pe_buffer *buffer, uint16_t value)
{
    store(take(buffer, 2), value, 2);
}

void iw_lab_pe_put_u32(struct iw_lab_pe_buffer *buffer, uint32_t value)
{
    store(take(buffer, 4), value, 4);
}

void iw_lab_pe_put_u64(struct iw_lab_pe_buffer *buffer, uint64_t value)
{
    store(take(buffer, 8), value, 8);
}

void iw_lab_pe_put_text(struct iw_lab_pe_buffer *buffer, const char *text)
{
    iw_lab_pe_put(buffer, text, strlen(text) + 1);
}

void iw_lab_pe_align(struct iw_lab_pe_buffer *buffer, size_t bytes)
{
    iw_lab_pe_align_with(buffer, bytes, 0);
}

void iw_lab_pe_align_with(struct iw_lab_pe_buffer *buffer, size_t bytes, uint8_t pad)
{
    while ((buffer->size_bytes & (bytes - 1)) != 0) {
        iw_lab_pe_put_u8(buffer, pad);
    }
}

static void patch(struct iw_lab_pe_buffer *buffer, size_t offset, uint64_t value, size_t size_bytes)
{
    assert(offset <= buffer->size_bytes && size_bytes <= buffer->size_bytes - offset);
    store(buffer->bytes + offset, value, size_bytes);
}

void iw_lab_pe_patch_u16(struct iw_lab_pe_buffer *buffer, size_t offset, uint16_t value)
{
    patch(buffer, offset, value, 2);
}

void iw_lab_pe_patch_u32(struct iw_lab_pe_buffer *buffer, size_t offset, uint32_t value)
{
    patch(buffer, offset, value, 4);
}

void iw_lab_pe_patch_u64(struct iw_lab_pe_buffer *buffer, size_t offset, uint64_t value)
{
    patch(buffer, offset, value, 8);
}

void iw_lab_pe_buffer_done(struct iw_lab_pe_buffer *buffer)
{
    iw_lab_alloc_release(buffer->bytes);
    *buffer = (struct iw_lab_pe_buffer){0};
}
