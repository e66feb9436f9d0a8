/**
 * Hives built byte by byte after the format document, for tests.
 *
 * Keys and values are said first, hive_make_finish() lays them out: one bin, cells one behind the
 * other. Names and texts are not copied and must live until then. Fails the program when there is
 * no memory.
 */
#ifndef IW_TESTS_UNIT_IIS_HIVE_MAKE_H
#define IW_TESTS_UNIT_IIS_HIVE_MAKE_H

#include "base/str.h"

enum hive_list { HIVE_LH = 0, HIVE_LF, HIVE_LI, HIVE_RI };

#define HIVE_MAKE_KEYS 512
#define HIVE_MAKE_VALUES 512
/** 2026-01-05T10:00:00Z. */
#define HIVE_MAKE_TIME 134120808000000000ULL

struct hive_make_key {
    const char *name; /* UTF-8 of Latin-1, or is_wide: ASCII written as UTF-16 */
    uint32_t parent, cell;
    bool is_wide, is_link;
};

struct hive_make_value {
    const char *name;
    uint32_t key, type;
    const void *data;
    uint32_t n_bytes;
    bool is_text; /* data is ASCII, written as UTF-16 with its NUL */
};

struct hive_make {
    enum hive_list list;
    uint32_t minor; /* of the version; 5 when 0 */
    struct hive_make_key keys[HIVE_MAKE_KEYS];
    struct hive_make_value values[HIVE_MAKE_VALUES];
    uint32_t n_keys, n_values;
    uint8_t *bytes; /* the result */
    size_t n_bytes;
    uint32_t at; /* next cell */
};

/** Key 0 is the root, "ROOT". */
void hive_make_init(struct hive_make *make);
void hive_make_done(struct hive_make *make);
/** A key below another; the number is for the calls below. */
uint32_t hive_make_key(struct hive_make *make, uint32_t parent, const char *name);
/** All keys of a path that are not there yet. */
uint32_t hive_make_path(struct hive_make *make, const char *path);
void hive_make_value(struct hive_make *make, uint32_t key, const char *name, uint32_t type,
                     const void *data, uint32_t n_bytes);
/** REG_SZ or another kind of text. */
void hive_make_text(struct hive_make *make, uint32_t key, const char *name, uint32_t type,
                    const char *text);
void hive_make_dword(struct hive_make *make, uint32_t key, const char *name,
                     const uint32_t *number);
/** Lays it out. */
struct iw_str hive_make_finish(struct hive_make *make);
/** The checksum of the base block anew, after bytes of it were changed. */
void hive_make_checksum(uint8_t *bytes);
/** Offset in the file of the cell of a key, after hive_make_finish(). */
static inline size_t hive_make_place(const struct hive_make *make, uint32_t key)
{
    return 4096 + (size_t)make->keys[key].cell;
}

#endif
