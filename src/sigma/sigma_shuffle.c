/*
 * Every sequence belongs to one of eight groups. For each of its three bytes two tables of sixteen
 * entries say, by the byte's lower and upper half, which groups have such a byte there; a place
 * where all six answers share a group is worth a look. (The idea is known from Hyperscan's Teddy.)
 *
 * Written for AVX2 and chosen when the program runs; elsewhere the caller has another way.
 */
#include "sigma/sigma_shuffle.h"

#include "base/alloc.h"

#define N_GROUPS 8U

struct iw_shuffle {
    uint8_t low[IW_SHUFFLE_BYTES][16], high[IW_SHUFFLE_BYTES][16];
};

enum iw_rc iw_shuffle_new(const char *const *grams, size_t n, struct iw_shuffle **ret)
{
    struct iw_shuffle *shuffle = iw_calloc(1, sizeof *shuffle);

    *ret = shuffle;
    if (shuffle == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        uint8_t group = (uint8_t)(1U << (i % N_GROUPS));
        for (size_t k = 0; k < IW_SHUFFLE_BYTES; k++) {
            uint8_t byte = (uint8_t)grams[i][k];
            shuffle->low[k][byte & 15] |= group;
            shuffle->high[k][byte >> 4] |= group;
        }
    }
    return IW_OK;
}

void iw_shuffle_free(struct iw_shuffle *shuffle)
{
    iw_free(shuffle);
}

#if defined(__x86_64__)
#include <immintrin.h>

bool iw_shuffle_is_possible(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

/* Groups that have the byte of each place at position *k* of a sequence. */
__attribute__((target("avx2"))) static inline __m256i groups_at(const struct iw_shuffle *shuffle,
                                                                const char *p, size_t k)
{
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(p + k));
    __m256i low = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)shuffle->low[k]));
    __m256i high = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)shuffle->high[k]));
    return _mm256_and_si256(
        _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble)),
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble)));
}

__attribute__((target("avx2"))) uint32_t iw_shuffle_look(const struct iw_shuffle *shuffle,
                                                         struct iw_str text, size_t from)
{
    char tail[IW_SHUFFLE_PLACES + IW_SHUFFLE_BYTES] = {0};
    const char *p = text.p + from;
    __m256i groups;

    if (text.n - from < sizeof tail) {
        memcpy(tail, p, text.n - from);
        p = tail;
    }
    groups = _mm256_and_si256(_mm256_and_si256(groups_at(shuffle, p, 0), groups_at(shuffle, p, 1)),
                              groups_at(shuffle, p, 2));
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
}

#else

bool iw_shuffle_is_possible(void)
{
    return false;
}

uint32_t iw_shuffle_look(const struct iw_shuffle *shuffle, struct iw_str text, size_t from)
{
    (void)shuffle;
    (void)text;
    (void)from;
    return UINT32_MAX; /* perhaps anywhere */
}

#endif
