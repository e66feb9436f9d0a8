/*
 * Writes regf 1.x (Suhanov, "Windows registry file format specification").
 */
#include "tests/unit/iis/hive_make.h"

#include <assert.h>
#include <stdlib.h>

#define BINS 4096U
#define NOTHING UINT32_MAX
#define SEGMENT 16344U

static void put_u16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *p, uint32_t value)
{
    put_u16(p, value);
    put_u16(p + 2, value >> 16);
}

static void put_u64(uint8_t *p, uint64_t value)
{
    put_u32(p, (uint32_t)value);
    put_u32(p + 4, (uint32_t)(value >> 32));
}

/* A cell of zeros; its offset. Content may be written at content_of(). */
static uint32_t new_cell(struct hive_make *make, uint32_t content_bytes)
{
    uint32_t size = (content_bytes + 4 + 7) & ~7U, at = make->at;
    size_t need = BINS + (size_t)at + size;
    if (need > make->n_bytes) {
        size_t n = (need + 4095) & ~(size_t)4095;
        make->bytes = realloc(make->bytes, n);
        if (make->bytes == NULL)
            abort();
        memset(make->bytes + make->n_bytes, 0, n - make->n_bytes);
        make->n_bytes = n;
    }
    put_u32(make->bytes + BINS + at, 0U - size);
    make->at += size;
    return at;
}

static uint8_t *content_of(struct hive_make *make, uint32_t at)
{
    return make->bytes + BINS + at + 4;
}

void hive_make_init(struct hive_make *make)
{
    memset(make, 0, sizeof *make);
    make->keys[0] = (struct hive_make_key){.name = "ROOT", .parent = NOTHING};
    make->n_keys = 1;
}

void hive_make_done(struct hive_make *make)
{
    free(make->bytes);
    make->bytes = NULL;
}

uint32_t hive_make_key(struct hive_make *make, uint32_t parent, const char *name)
{
    assert(make->n_keys < HIVE_MAKE_KEYS);
    make->keys[make->n_keys] = (struct hive_make_key){.name = name, .parent = parent};
    return make->n_keys++;
}

static uint32_t find_key(const struct hive_make *make, uint32_t parent, struct iw_str name)
{
    for (uint32_t i = 1; i < make->n_keys; i++) {
        if (make->keys[i].parent == parent && iw_str_equal(iw_str_of(make->keys[i].name), name))
            return i;
    }
    return NOTHING;
}

uint32_t hive_make_path(struct hive_make *make, const char *path)
{
    uint32_t key = 0;
    while (*path != '\0') {
        size_t n = strcspn(path, "\\");
        struct iw_str name = {path, n};
        uint32_t found = find_key(make, key, name);
        if (found == NOTHING) {
            /* Leaked on purpose: names live until the program ends. */
            static char names[65536];
            static size_t used;
            if (used + n + 1 > sizeof names)
                used = 0;
            memcpy(names + used, path, n);
            names[used + n] = '\0';
            found = hive_make_key(make, key, names + used);
            used += n + 1;
        }
        key = found;
        path += n + (path[n] == '\\');
    }
    return key;
}

void hive_make_value(struct hive_make *make, uint32_t key, const char *name, uint32_t type,
                     const void *data, uint32_t n_bytes)
{
    assert(make->n_values < HIVE_MAKE_VALUES);
    make->values[make->n_values++] = (struct hive_make_value){
        .name = name, .key = key, .type = type, .data = data, .n_bytes = n_bytes};
}

void hive_make_text(struct hive_make *make, uint32_t key, const char *name, uint32_t type,
                    const char *text)
{
    hive_make_value(make, key, name, type, text, (uint32_t)strlen(text) + 1);
    make->values[make->n_values - 1].is_text = true;
}

void hive_make_dword(struct hive_make *make, uint32_t key, const char *name, const uint32_t *number)
{
    hive_make_value(make, key, name, 4, number, 4);
}

static void write_key(struct hive_make *make, uint32_t key)
{
    struct hive_make_key *said = &make->keys[key];
    uint32_t n = (uint32_t)strlen(said->name), n_name = said->is_wide ? 2 * n : n;
    uint32_t flags =
        (key == 0 ? 0x0CU : 0U) | (said->is_wide ? 0U : 0x20U) | (said->is_link ? 0x10U : 0U);
    uint8_t *p;
    said->cell = new_cell(make, 76 + n_name);
    p = content_of(make, said->cell);
    memcpy(p, "nk", 2);
    put_u16(p + 2, flags);
    put_u64(p + 4, HIVE_MAKE_TIME);
    put_u32(p + 16, key == 0 ? NOTHING : make->keys[said->parent].cell);
    for (unsigned at = 28; at <= 48; at += 4)
        put_u32(p + at, NOTHING);
    put_u32(p + 36, 0);
    put_u16(p + 72, n_name);
    for (uint32_t i = 0; i < n; i++)
        p[76 + (said->is_wide ? 2 * i : i)] = (uint8_t)said->name[i];
}

/* A list of keys [first, first + n) of those given. */
static uint32_t write_leaf(struct hive_make *make, const uint32_t *keys, uint32_t n,
                           enum hive_list list)
{
    static const char marks[][3] = {"lh", "lf", "li", "li"};
    uint32_t entry = list == HIVE_LH || list == HIVE_LF ? 8 : 4;
    uint32_t at = new_cell(make, 4 + n * entry);
    uint8_t *p = content_of(make, at);
    memcpy(p, marks[list], 2);
    put_u16(p + 2, n);
    for (uint32_t i = 0; i < n; i++)
        put_u32(p + 4 + (size_t)i * entry, make->keys[keys[i]].cell);
    return at;
}

static void write_children(struct hive_make *make, uint32_t key)
{
    uint32_t keys[HIVE_MAKE_KEYS], n = 0, at;
    for (uint32_t i = 1; i < make->n_keys; i++) {
        if (make->keys[i].parent == key)
            keys[n++] = i;
    }
    if (n == 0)
        return;
    if (make->list == HIVE_RI) {
        uint32_t half = n / 2;
        uint32_t a = write_leaf(make, keys, half, HIVE_LH);
        uint32_t b = write_leaf(make, keys + half, n - half, HIVE_LI);
        at = new_cell(make, 12);
        memcpy(content_of(make, at), "ri", 2);
        put_u16(content_of(make, at) + 2, 2);
        put_u32(content_of(make, at) + 4, a);
        put_u32(content_of(make, at) + 8, b);
    } else {
        at = write_leaf(make, keys, n, make->list);
    }
    put_u32(content_of(make, make->keys[key].cell) + 20, n);
    put_u32(content_of(make, make->keys[key].cell) + 28, at);
}

static uint32_t write_data(struct hive_make *make, const uint8_t *data, uint32_t n_bytes)
{
    uint32_t n = (n_bytes + SEGMENT - 1) / SEGMENT, at, list;
    if (n_bytes <= SEGMENT || (make->minor != 0 && make->minor < 4)) {
        at = new_cell(make, n_bytes);
        memcpy(content_of(make, at), data, n_bytes);
        return at;
    }
    list = new_cell(make, 4 * n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t left = n_bytes - i * SEGMENT, part = left < SEGMENT ? left : SEGMENT;
        at = new_cell(make, SEGMENT + 4);
        memcpy(content_of(make, at), data + (size_t)i * SEGMENT, part);
        put_u32(content_of(make, list) + (size_t)i * 4, at);
    }
    at = new_cell(make, 8);
    memcpy(content_of(make, at), "db", 2);
    put_u16(content_of(make, at) + 2, n);
    put_u32(content_of(make, at) + 4, list);
    return at;
}

static uint32_t write_value(struct hive_make *make, const struct hive_make_value *value)
{
    uint32_t n_name = (uint32_t)strlen(value->name), n = value->n_bytes;
    uint8_t *data = calloc(1, (size_t)n * 2 + 4), *p;
    uint32_t at = new_cell(make, 20 + n_name), data_at = 0;
    if (data == NULL)
        abort();
    for (uint32_t i = 0; value->is_text && i < n; i++)
        data[(size_t)i * 2] = ((const uint8_t *)value->data)[i];
    if (!value->is_text && n != 0)
        memcpy(data, value->data, n);
    n *= value->is_text ? 2 : 1;
    if (n > 4)
        data_at = write_data(make, data, n);
    p = content_of(make, at);
    memcpy(p, "vk", 2);
    put_u16(p + 2, n_name);
    put_u32(p + 4, n > 4 ? n : n | 0x80000000U);
    put_u32(p + 8, data_at);
    if (n <= 4)
        memcpy(p + 8, data, n);
    put_u32(p + 12, value->type);
    put_u16(p + 16, n_name != 0);
    memcpy(p + 20, value->name, n_name);
    free(data);
    return at;
}

static void write_values(struct hive_make *make, uint32_t key)
{
    uint32_t cells[HIVE_MAKE_VALUES], n = 0, at;
    for (uint32_t i = 0; i < make->n_values; i++) {
        if (make->values[i].key == key)
            cells[n++] = write_value(make, &make->values[i]);
    }
    if (n == 0)
        return;
    at = new_cell(make, 4 * n);
    for (uint32_t i = 0; i < n; i++)
        put_u32(content_of(make, at) + (size_t)i * 4, cells[i]);
    put_u32(content_of(make, make->keys[key].cell) + 36, n);
    put_u32(content_of(make, make->keys[key].cell) + 40, at);
}

void hive_make_checksum(uint8_t *bytes)
{
    uint32_t sum = 0, word;
    for (size_t at = 0; at < 508; at += 4) {
        memcpy(&word, bytes + at, 4);
        sum ^= word;
    }
    sum = sum == UINT32_MAX ? UINT32_MAX - 1 : sum;
    put_u32(bytes + 508, sum == 0 ? 1 : sum);
}

/* One security descriptor, of no rights at all, for every key. */
static uint32_t write_security(struct hive_make *make)
{
    uint32_t at = new_cell(make, 20 + 20);
    uint8_t *p = content_of(make, at);
    memcpy(p, "sk", 2);
    put_u32(p + 4, at);
    put_u32(p + 8, at);
    put_u32(p + 12, make->n_keys);
    put_u32(p + 16, 20);
    p[20] = 1;
    put_u16(p + 22, 0x8000);
    return at;
}

struct iw_str hive_make_finish(struct hive_make *make)
{
    static const char path[] = "\\config\\TEST";
    uint8_t *base;
    uint32_t security;
    make->at = 32;
    for (uint32_t i = 0; i < make->n_keys; i++)
        write_key(make, i);
    security = write_security(make);
    for (uint32_t i = 0; i < make->n_keys; i++)
        put_u32(content_of(make, make->keys[i].cell) + 44, security);
    for (uint32_t i = 0; i < make->n_keys; i++) {
        write_children(make, i);
        write_values(make, i);
    }
    base = make->bytes;
    if (BINS + (size_t)make->at + 8 <= make->n_bytes)
        put_u32(base + BINS + make->at, (uint32_t)(make->n_bytes - BINS - make->at));
    memcpy(base, "regf", 4);
    put_u32(base + 4, 7);
    put_u32(base + 8, 7);
    put_u64(base + 12, HIVE_MAKE_TIME);
    put_u32(base + 20, 1);
    put_u32(base + 24, make->minor != 0 ? make->minor : 5);
    put_u32(base + 32, 1);
    put_u32(base + 36, make->keys[0].cell);
    put_u32(base + 40, (uint32_t)(make->n_bytes - BINS));
    put_u32(base + 44, 1);
    for (size_t i = 0; i < sizeof path; i++)
        base[48 + 2 * i] = (uint8_t)path[i];
    memcpy(base + BINS, "hbin", 4);
    put_u32(base + BINS + 8, (uint32_t)(make->n_bytes - BINS));
    put_u64(base + BINS + 20, HIVE_MAKE_TIME);
    hive_make_checksum(base);
    return (struct iw_str){(const char *)base, make->n_bytes};
}
