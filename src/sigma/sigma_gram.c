/*
 * Literals by a few of their bytes. Each literal is filed under its rarest four bytes (two or one
 * where it is shorter); a scan looks at every four bytes of the text, asks a bitmap that fits the
 * first-level cache, and only where that says "perhaps" looks the four bytes up and compares the
 * literals filed under them. Literals that can only stand at the beginning or the end are looked
 * up there and nowhere else.
 *
 * Where the literals are few, sixteen places are looked at in one go (sigma_shuffle.h).
 *
 * Against an automaton: no time to build, a few kilobytes instead of megabytes, and one load and
 * one multiplication a byte whatever the number of literals.
 */
#include "sigma/sigma_gram.h"

#include "base/alloc.h"
#include "sigma/sigma_shuffle.h"

#define LARGEST_GRAM 4U
#define NONE UINT32_MAX
/* How far from an end its key may stand. */
#define MOST_REACH 12U
/* Literals filed under the same bytes are compared one by one. */
#define MOST_CROWD 64U

/* Where a literal's bytes are looked for. */
enum place { ANYWHERE = 0, AT_START, AT_END, N_PLACES };

struct entry {
    uint32_t key;  /* up to four bytes of the literal */
    uint32_t next; /* entry in the same slot, or NONE */
    uint32_t literal;
    uint32_t at; /* of the bytes in the literal */
    uint8_t place;
    uint8_t gram;  /* number of bytes in the key */
    uint8_t reach; /* AT_START, AT_END: bytes of the key from that end */
};

/* Keys of *gram* bytes, *reach* bytes from the beginning or the end. */
struct end_key {
    uint8_t place, reach, gram;
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
    bool has[LARGEST_GRAM + 1]; /* grams of that many bytes anywhere */
    struct end_key *ends;       /* which keys of which length are filed at the ends */
    size_t n_ends;
    struct iw_shuffle *shuffle; /* instead of the bitmap, for few literals */
};

static uint32_t load_gram(const char *p, unsigned gram)
{
    uint32_t key = 0;
    if (gram == LARGEST_GRAM)
        memcpy(&key, p, LARGEST_GRAM);
    else
        for (unsigned i = 0; i < gram; i++)
            key |= (uint32_t)(unsigned char)p[i] << (8 * i);
    return key;
}

static uint32_t mix(uint32_t key)
{
    return key * 0x9E3779B1U;
}

static uint32_t slot_of(const struct iw_gram_set *set, uint32_t key, unsigned gram,
                        enum place place, unsigned reach)
{
    return mix(key + gram * 0x85EBCA6BU + ((uint32_t)place * 64U + reach) * 0xC2B2AE35U) >>
           (32 - set->slot_bits);
}

static unsigned bits_for(size_t n, unsigned least, unsigned most)
{
    unsigned bits = least;
    while (bits < most && ((size_t)1 << bits) < n)
        bits++;
    return bits;
}

/* --- building --- */

/* Entries already filed under these bytes, up to a point. */
static unsigned crowd(const struct iw_gram_set *set, uint32_t slot)
{
    unsigned n = 0;
    for (uint32_t i = set->slots[slot]; i != NONE && n < MOST_CROWD; i = set->entries[i].next)
        n++;
    return n;
}

/* How many bytes from its end of the literal a key at *at* stands. */
static unsigned reach_of(struct iw_str text, enum place place, unsigned gram, size_t at)
{
    if (place == ANYWHERE)
        return 0;
    return place == AT_START ? (unsigned)at : (unsigned)(text.n - at - gram);
}

/* The bytes of a literal that are rare, and not those of many others. */
static void choose_key(const struct iw_gram_set *set, const struct iw_frequencies *frequencies,
                       struct iw_str text, struct entry *entry)
{
    enum place place = (enum place)entry->place;
    double least = -1;

    for (size_t at = 0; at + entry->gram <= text.n; at++) {
        uint32_t key = load_gram(text.p + at, entry->gram);
        unsigned reach = reach_of(text, place, entry->gram, at);
        double one;
        if (reach > MOST_REACH)
            continue;
        one = iw_frequency_of_bytes(frequencies, text.p + at, entry->gram) *
              (1.0 + crowd(set, slot_of(set, key, entry->gram, place, reach)));
        if (least >= 0 && one >= least)
            continue;
        least = one;
        entry->at = (uint32_t)at;
        entry->key = key;
        entry->reach = (uint8_t)reach;
    }
}

static void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << (at % 64);
}

static bool has_bit(const uint64_t *bits, uint32_t at)
{
    return ((bits[at / 64] >> (at % 64)) & 1U) != 0;
}

static void note_end(struct iw_gram_set *set, struct end_key end)
{
    for (size_t i = 0; i < set->n_ends; i++) {
        if (memcmp(&set->ends[i], &end, sizeof end) == 0)
            return;
    }
    set->ends[set->n_ends++] = end;
}

static void file_literal(struct iw_gram_set *set, const struct iw_frequencies *frequencies,
                         uint32_t index)
{
    const struct iw_gram_literal *literal = &set->literals[index];
    struct entry *entry = &set->entries[set->n_entries];
    uint32_t slot;

    entry->literal = index;
    entry->gram = (uint8_t)(literal->text.n < LARGEST_GRAM ? literal->text.n : LARGEST_GRAM);
    entry->place = literal->at_end ? AT_END : literal->at_start ? AT_START : ANYWHERE;
    if (entry->place == ANYWHERE && entry->gram == 3)
        entry->gram = 2;
    choose_key(set, frequencies, literal->text, entry);
    slot = slot_of(set, entry->key, entry->gram, (enum place)entry->place, entry->reach);
    entry->next = set->slots[slot];
    set->slots[slot] = (uint32_t)set->n_entries++;
    if (entry->place != ANYWHERE) {
        note_end(set, (struct end_key){entry->place, entry->reach, entry->gram});
        return;
    }
    set->has[entry->gram] = true;
    if (entry->gram == 4)
        set_bit(set->bitmap, mix(entry->key) >> (32 - set->bitmap_bits));
    else if (entry->gram == 2)
        set_bit(set->pairs, entry->key);
    else
        set_bit(set->bytes, entry->key);
}

/* Few literals are told apart sixteen places at a time. */
static enum iw_rc make_shuffle(struct iw_gram_set *set)
{
    const char *grams[IW_SHUFFLE_MOST];
    size_t n = 0;

    for (size_t i = 0; i < set->n_entries; i++) {
        const struct entry *entry = &set->entries[i];
        if (entry->place != ANYWHERE || entry->gram != LARGEST_GRAM)
            continue;
        if (n == IW_SHUFFLE_MOST)
            return IW_OK;
        grams[n++] = set->literals[entry->literal].text.p + entry->at;
    }
    return n != 0 && iw_shuffle_is_possible() ? iw_shuffle_new(grams, n, &set->shuffle) : IW_OK;
}

enum iw_rc iw_gram_set_new(const struct iw_frequencies *frequencies,
                           const struct iw_gram_literal *literals, size_t n,
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
    set->ends = iw_calloc(2UL * (MOST_REACH + 1) * LARGEST_GRAM, sizeof *set->ends);
    set->slots = iw_malloc(((size_t)1 << set->slot_bits) * sizeof *set->slots);
    set->bitmap = iw_calloc(((size_t)1 << set->bitmap_bits) / 64, sizeof *set->bitmap);
    if (set->literals == NULL || set->entries == NULL || set->ends == NULL || set->slots == NULL ||
        set->bitmap == NULL) {
        iw_gram_set_free(set);
        return IW_ENOMEM;
    }
    memset(set->slots, 0xFF, ((size_t)1 << set->slot_bits) * sizeof *set->slots);
    for (size_t i = 0; i < n; i++) {
        set->literals[i] = literals[i];
        file_literal(set, frequencies, (uint32_t)i);
    }
    if (make_shuffle(set) != IW_OK) {
        iw_gram_set_free(set);
        return IW_ENOMEM;
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
    iw_free(set->ends);
    iw_free(set->slots);
    iw_free(set->bitmap);
    iw_shuffle_free(set->shuffle);
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
static bool look_up(const struct search *search, size_t at, unsigned gram, enum place place,
                    unsigned reach)
{
    const struct iw_gram_set *set = search->set;
    uint32_t key = load_gram(search->text.p + at, gram);

    for (uint32_t i = set->slots[slot_of(set, key, gram, place, reach)]; i != NONE;
         i = set->entries[i].next) {
        const struct entry *entry = &set->entries[i];
        if (entry->key == key && entry->gram == gram && entry->place == (uint8_t)place &&
            entry->reach == reach && stands(search, entry, at) &&
            search->found(search->context, set->literals[entry->literal].payload))
            return true;
    }
    return false;
}

static bool scan_shuffled(const struct search *search)
{
    uint32_t places;

    for (size_t from = 0; from + LARGEST_GRAM <= search->text.n; from += IW_SHUFFLE_PLACES) {
        places = iw_shuffle_look(search->set->shuffle, search->text, from);
        for (; places != 0; places &= places - 1) {
            size_t at = from + (size_t)__builtin_ctz(places);
            if (at + LARGEST_GRAM <= search->text.n &&
                look_up(search, at, LARGEST_GRAM, ANYWHERE, 0))
                return true;
        }
    }
    return false;
}

static bool scan_fours(const struct search *search)
{
    const struct iw_gram_set *set = search->set;
    const uint64_t *bitmap = set->bitmap;
    unsigned shift = 32 - set->bitmap_bits;
    const char *p = search->text.p;
    size_t at = 0;

    if (set->shuffle != NULL)
        return scan_shuffled(search);
    for (; at + 4 <= search->text.n; at++) {
        if (has_bit(bitmap, mix(load_gram(p + at, 4)) >> shift) &&
            look_up(search, at, 4, ANYWHERE, 0))
            return true;
    }
    return false;
}

static bool scan_short(const struct search *search, unsigned gram)
{
    const uint64_t *bits = gram == 2 ? search->set->pairs : search->set->bytes;

    for (size_t at = 0; at + gram <= search->text.n; at++) {
        if (has_bit(bits, load_gram(search->text.p + at, gram)) &&
            look_up(search, at, gram, ANYWHERE, 0))
            return true;
    }
    return false;
}

static bool look_at_ends(const struct search *search)
{
    const struct iw_gram_set *set = search->set;

    for (size_t i = 0; i < set->n_ends; i++) {
        struct end_key end = set->ends[i];
        size_t n = (size_t)end.reach + end.gram, at = end.reach;
        if (n > search->text.n)
            continue;
        if (end.place == AT_END)
            at = search->text.n - n;
        if (look_up(search, at, end.gram, (enum place)end.place, end.reach))
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
    return (set->n_ends != 0 && look_at_ends(&search)) || (set->has[4] && scan_fours(&search)) ||
           (set->has[2] && scan_short(&search, 2)) || (set->has[1] && scan_short(&search, 1));
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
