/*
 * A growing run of little-endian bytes: a section, a heap or the whole file while it is built.
 *
 * The bytes are owned by the buffer; iw_lab_pe_buffer_done() gives them back. A zeroed buffer is an
 * empty one. No function fails: memory comes from lab_alloc.h.
 */
#ifndef IW_LAB_PE_BUFFER_H
#define IW_LAB_PE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct iw_lab_pe_buffer {
    uint8_t *bytes; /* NULL while empty */
    size_t size_bytes;
    size_t capacity_bytes;
};

/* source may be NULL when size_bytes is 0. */
void iw_lab_pe_put(struct iw_lab_pe_buffer *buffer, const void *source, size_t size_bytes);
void iw_lab_pe_put_buffer(struct iw_lab_pe_buffer *buffer, const struct iw_lab_pe_buffer *source);
void iw_lab_pe_put_zeros(struct iw_lab_pe_buffer *buffer, size_t size_bytes);
void iw_lab_pe_put_u8(struct iw_lab_pe_buffer *buffer, uint8_t value);
void iw_lab_pe_put_u16(struct iw_lab_pe_buffer *buffer, uint16_t value);
void iw_lab_pe_put_u32(struct iw_lab_pe_buffer *buffer, uint32_t value);
void iw_lab_pe_put_u64(struct iw_lab_pe_buffer *buffer, uint64_t value);

/* The text and a NUL. */
void iw_lab_pe_put_text(struct iw_lab_pe_buffer *buffer, const char *text);

/* Zeros (or pad) up to a multiple of bytes, a power of two. */
void iw_lab_pe_align(struct iw_lab_pe_buffer *buffer, size_t bytes);
void iw_lab_pe_align_with(struct iw_lab_pe_buffer *buffer, size_t bytes, uint8_t pad);

/* Over bytes that are there already. */
void iw_lab_pe_patch_u16(struct iw_lab_pe_buffer *buffer, size_t offset, uint16_t value);
void iw_lab_pe_patch_u32(struct iw_lab_pe_buffer *buffer, size_t offset, uint32_t value);
void iw_lab_pe_patch_u64(struct iw_lab_pe_buffer *buffer, size_t offset, uint64_t value);

void iw_lab_pe_buffer_done(struct iw_lab_pe_buffer *buffer);

#endif
