/*
 * Literals by a few of their bytes. Each literal is filed under its rarest four bytes (two or one
 * where it is shorter); a scan looks at every four bytes of the text, asks a bitmap that fits the
 * first-level cache, and only where that says "perhaps" looks the four bytes up and compares the
 * literals filed under them. Literals that can only stand at the beginning or the end are looked
 * up there and nowhere else.
 *
 * Against an automaton: no time to build, a few kilobytes instead of megabytes, and one load and
 * one multiplication a byte whatever the number of literals.
 */
#include "sigma/sigma_gram.h"

#include "base/alloc.h"
#include "sigma/sigma_frequency.h"

#define LARGEST_GRAM 4U
#define NONE UINT32_MAX

/* Where a literal's bytes are looked for. */
enum place { ANYWHERE = 0, AT_START, AT_END, N_PLACES };

struct entry {
    uint32_t key;  /* up to four bytes of the literal */
    uint32_t next; /* entry in the same slot, or NONE */
    uint32_t literal;
    uint32_t at; /* of the bytes in the literal */
    uint8_t place;
    uint8_t gram; /* number of bytes in the key */
};

struct iw_gram_set {
    struct iw_gram_literal *literals;
    struct entry *entries;
    size_t n_entries;
    uint32_t *slots; /* first entry, or NONE */
    unsigned slot_bits;
    uint64_t *bitmap; /* of grams of four anywhere */
    unsigned bitmap_bits;
    uint64_t pairs[65536 / 64]; /* grams of two anywhere */
    uint64_t bytes[256 / 64];   /* single bytes anywhere */
    bool has[N_PLACES][LARGEST_GRAM + 1];
};

static uint32_t load_gram(const char *p, unsigned gram)
{
    uint32_t key = 0;
    memcpy(&key, p, gram);
    return key;
}

static uint32_t mix(uint32_t key)
{
    return key * 0x9E3779B1U;
}

static uint32_t slot_of(const struct iw_gram_set *set, uint32_t key, unsigned gram,
                        enum place place)
{
    return mix(key + gram * 0x85EBCA6BU + (uint32_t)place * 0xC2B2AE35U) >> (32 - set->slot_bits);
}

static unsigned bits_for(size_t n, unsigned least, unsigned most)
{
    unsigned bits = least;
    while (bits < most && ((size_t)1 << bits) < n)
        bits++;
    return bits;
}

/* --- building --- */

/* How common *gram* bytes are, from the bytes alone. */
static double commonness(const char *p, unsigned gram)
{
    double product = 1;
    for (unsigned i = 0; i < gram; i++)
        product *= iw_frequency_of_byte((unsigned char)p[i]);
    return product;
}

/* The rarest bytes of a literal that may stand anywhere. */
static uint32_t rarest_place(struct iw_str text, unsigned gram)
{
    double least = 2;
    uint32_t best = 0;
    for (size_t at = 0; at + gram <= text.n; at++) {
        double one = commonness(text.p + at, gram);
        if (one < least) {
            least = one;
            best = (uint32_t)at;
        }
    }
    return best;
}

static void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << (at % 64);
}

static bool has_bit(const uint64_t *bits, uint32_t at)
{
    return ((bits[at / 64] >> (at % 64)) & 1U) != 0;
}

static void file_literal(struct iw_gram_set *set, uint32_t index)
{
    const struct iw_gram_literal *literal = &set->literals[index];
    struct entry *entry = &set->entries[set->n_entries];
    uint32_t slot;

    entry->literal = index;
    entry->gram = (uint8_t)(literal->text.n < LARGEST_GRAM ? literal->text.n : LARGEST_GRAM);
    entry->place = literal->at_end ? AT_END : literal->at_start ? AT_START : ANYWHERE;
    if (entry->place == ANYWHERE && entry->gram == 3)
        entry->gram = 2;
    if (entry->place == ANYWHERE)
        entry->at = rarest_place(literal->text, entry->gram);
    else if (entry->place == AT_END)
        entry->at = (uint32_t)(literal->text.n - entry->gram);
    entry->key = load_gram(literal->text.p + entry->at, entry->gram);
    slot = slot_of(set, entry->key, entry->gram, (enum place)entry->place);
    entry->next = set->slots[slot];
    set->slots[slot] = (uint32_t)set->n_entries++;
    set->has[entry->place][entry->gram] = true;
    if (entry->place != ANYWHERE)
        return;
    if (entry->gram == 4)
        set_bit(set->bitmap, mix(entry->key) >> (32 - set->bitmap_bits));
    else if (entry->gram == 2)
        set_bit(set->pairs, entry->key);
    else
        set_bit(set->bytes, entry->key);
}

enum iw_rc iw_gram_set_new(const struct iw_gram_literal *literals, size_t n,
                           struct iw_gram_set **ret)
{
    struct iw_gram_set *set = iw_calloc(1, sizeof *set);

    *ret = NULL;
    if (set == NULL)
        return IW_ENOMEM;
    set->slot_bits = bits_for(2 * n, 4, 24);
    set->bitmap_bits = bits_for(32 * n, 12, 20);
    set->literals = iw_calloc(n + 1, sizeof *set->literals);
    set->entries = iw_calloc(n + 1, sizeof *set->entries);
    set->slots = iw_malloc(((size_t)1 << set->slot_bits) * sizeof *set->slots);
    set->bitmap = iw_calloc(((size_t)1 << set->bitmap_bits) / 64, sizeof *set->bitmap);
    if (set->literals == NULL || set->entries == NULL || set->slots == NULL ||
        set->bitmap == NULL) {
        iw_gram_set_free(set);
        return IW_ENOMEM;
    }
    memset(set->slots, 0xFF, ((size_t)1 << set->slot_bits) * sizeof *set->slots);
    for (size_t i = 0; i < n; i++) {
        set->literals[i] = literals[i];
        file_literal(set, (uint32_t)i);
    }
    *ret = set;
    return IW_OK;
}

void iw_gram_set_free(struct iw_gram_set *set)
{
    if (set == NULL)
        return;
    iw_free(set->literals);
    iw_free(set->entries);
    iw_free(set->slots);
    iw_free(set->bitmap);
    iw_free(set);
}

/* --- looking --- */

struct search {
    const struct iw_gram_set *set;
    struct iw_str text;
    iw_gram_found *found;
    void *context;
};

/* Whether the literal of *entry* stands in the text where its bytes do. */
static bool stands(const struct search *search, const struct entry *entry, size_t at)
{
    const struct iw_gram_literal *literal = &search->set->literals[entry->literal];
    size_t start;

    if (at < entry->at)
        return false;
    start = at - entry->at;
    if (literal->text.n > search->text.n - start)
        return false;
    if ((literal->at_start && start != 0) ||
        (literal->at_end && start + literal->text.n != search->text.n))
        return false;
    return memcmp(search->text.p + start, literal->text.p, literal->text.n) == 0;
}

/* Compares what is filed under the bytes at *at*. */
static bool look_up(const struct search *search, size_t at, unsigned gram, enum place place)
{
    const struct iw_gram_set *set = search->set;
    uint32_t key = load_gram(search->text.p + at, gram);

    for (uint32_t i = set->slots[slot_of(set, key, gram, place)]; i != NONE;
         i = set->entries[i].next) {
        const struct entry *entry = &set->entries[i];
        if (entry->key == key && entry->gram == gram && entry->place == (uint8_t)place &&
            stands(search, entry, at) &&
            search->found(search->context, set->literals[entry->literal].payload))
            return true;
    }
    return false;
}

static bool scan_fours(const struct search *search)
{
    const struct iw_gram_set *set = search->set;
    const uint64_t *bitmap = set->bitmap;
    unsigned shift = 32 - set->bitmap_bits;
    const char *p = search->text.p;

    for (size_t at = 0; at + 4 <= search->text.n; at++) {
        if (has_bit(bitmap, mix(load_gram(p + at, 4)) >> shift) && look_up(search, at, 4, ANYWHERE))
            return true;
    }
    return false;
}

static bool scan_short(const struct search *search, unsigned gram)
{
    const uint64_t *bits = gram == 2 ? search->set->pairs : search->set->bytes;

    for (size_t at = 0; at + gram <= search->text.n; at++) {
        if (has_bit(bits, load_gram(search->text.p + at, gram)) &&
            look_up(search, at, gram, ANYWHERE))
            return true;
    }
    return false;
}

static bool look_at_ends(const struct search *search)
{
    const struct iw_gram_set *set = search->set;

    for (unsigned gram = 1; gram <= LARGEST_GRAM && gram <= search->text.n; gram++) {
        if (set->has[AT_START][gram] && look_up(search, 0, gram, AT_START))
            return true;
        if (set->has[AT_END][gram] && look_up(search, search->text.n - gram, gram, AT_END))
            return true;
    }
    return false;
}

bool iw_gram_set_scan(const struct iw_gram_set *set, struct iw_str text, iw_gram_found *found,
                      void *context)
{
    const struct search search = {set, text, found, context};

    if (text.n == 0)
        return false;
    return look_at_ends(&search) || (set->has[ANYWHERE][4] && scan_fours(&search)) ||
           (set->has[ANYWHERE][2] && scan_short(&search, 2)) ||
           (set->has[ANYWHERE][1] && scan_short(&search, 1));
}

static bool enough(void *context, uint32_t payload)
{
    (void)context;
    (void)payload;
    return true;
}

bool iw_gram_set_any(const struct iw_gram_set *set, struct iw_str text)
{
    return iw_gram_set_scan(set, text, enough, NULL);
}
