/*
 * The two things that need every byte: checksum and entropy.
 *
 * Checksum: that of ImageHlp's CheckSumMappedFile: the 16-bit words of the file, the checksum's own
 * place as zero, added with end-around carry, plus the file's size. Since 65536 ≡ 1 modulo 65535,
 * words of 32 bits may be added instead and folded once. Entropy: Shannon's, over the bytes each
 * section has in the file.
 */
#include "iis/pe/pe_view.h"

#include <math.h>

#define CHECKSUM_BYTES 4U

void iw_pe_sum_checksum(struct iw_pe_view *view)
{
    const uint8_t *p = (const uint8_t *)view->file.p;
    size_t n = view->file.n, whole = n & ~(size_t)3;
    uint64_t sum = 0;

    if (view->checksum_at == 0)
        return;
    for (size_t i = 0; i < whole; i += 4)
        sum += iw_load_u32(p + i);
    for (size_t i = whole; i < n; i++)
        sum += (uint64_t)p[i] << (8 * (i & 3));
    for (size_t i = view->checksum_at; i < view->checksum_at + CHECKSUM_BYTES; i++)
        sum -= (uint64_t)p[i] << (8 * (i & 3));
    while (sum > 0xFFFF)
        sum = (sum & 0xFFFF) + (sum >> 16);
    view->pe->checksum_computed = (uint32_t)(sum + n);
}

/* Four tables, so that a run of equal bytes does not wait for itself. */
static float entropy_of(const uint8_t *p, size_t n)
{
    uint32_t counts[4][256] = {0};
    double sum = 0;
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        counts[0][p[i]]++;
        counts[1][p[i + 1]]++;
        counts[2][p[i + 2]]++;
        counts[3][p[i + 3]]++;
    }
    for (; i < n; i++)
        counts[0][p[i]]++;
    for (unsigned byte = 0; byte < 256; byte++) {
        double count =
            (double)counts[0][byte] + counts[1][byte] + counts[2][byte] + counts[3][byte];
        if (count > 0)
            sum -= count / (double)n * log2(count / (double)n);
    }
    return sum > 0 ? (float)sum : 0;
}

/* Sections that share bytes could make this many passes over the file: together they get one. */
void iw_pe_sum_entropy(struct iw_pe_view *view)
{
    uint64_t left = view->file.n;
    for (uint32_t i = 0; i < view->n_mapped; i++) {
        struct iw_pe_section *section = &view->pe->sections[i];
        struct iw_str bytes = iw_pe_slice(view, section->file_offset, section->file_bytes);
        if (bytes.n == 0)
            continue;
        if (bytes.n > left) {
            iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, section->file_offset);
            return;
        }
        left -= bytes.n;
        section->entropy = entropy_of((const uint8_t *)bytes.p, bytes.n);
    }
}
