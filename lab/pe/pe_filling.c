/*
 * What the seed decides: the meaningless data section, and identifiers.
 *
 * What it does: the mark of synthetic evidence, then bytes from splitmix64 (Steele, Lea, Flood
 * 2014). The bytes are 0x80..0xBF: never printable, so that no search for texts finds a word in
 * them, and not as even as compressed code.
 * What it ignores: whether the bytes mean anything; they do not.
 */
#include "lab/pe/pe_image.h"

#include <assert.h>

#define MARK "IISWARDEN-LAB SYNTHETIC"
#define MAX_FILLING_BYTES (UINT32_C(256) << 20)

static uint64_t next_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

void iw_lab_pe_add_filling(struct iw_lab_pe_image *image)
{
    assert(image->options->filling_bytes <= MAX_FILLING_BYTES);
    struct iw_lab_pe_buffer *out = &iw_lab_pe_begin_section(image, IW_LAB_PE_DATA)->content;
    uint64_t state = image->options->seed;
    uint64_t first = next_random(&state);
    size_t size_bytes = image->options->filling_bytes;
    if (size_bytes == 0) {
        size_bytes = 2048 + first % 6144;
    }
    iw_lab_pe_put_text(out, MARK);
    while (out->size_bytes < size_bytes) {
        uint64_t random = next_random(&state);
        for (size_t i = 0; i < 8 && out->size_bytes < size_bytes; i++) {
            iw_lab_pe_put_u8(out, (uint8_t)(0x80 | (random >> (8 * i) & 0x3F)));
        }
    }
}

void iw_lab_pe_make_guid(const struct iw_lab_pe_options *options, uint32_t salt, uint8_t guid[16])
{
    uint64_t state = options->seed ^ (uint64_t)salt << 32;
    for (const char *at = iw_lab_pe_file_name(options); *at != '\0'; at++) {
        state += (uint8_t)*at;
        state = next_random(&state);
    }
    for (size_t i = 0; i < 16; i += 8) {
        uint64_t random = next_random(&state);
        for (size_t byte = 0; byte < 8; byte++) {
            guid[i + byte] = (uint8_t)(random >> (8 * byte));
        }
    }
    guid[7] = (uint8_t)((guid[7] & 0x0F) | 0x40); /* RFC 4122: version 4, in Microsoft's order */
    guid[8] = (uint8_t)((guid[8] & 0x3F) | 0x80);
}
