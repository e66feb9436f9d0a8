/**
 * A hive while it is read: what both sources share. Inside iis/hive/ only.
 *
 * Nothing here fails. Trouble becomes a count, once a place however often it is met; missing memory
 * is remembered (no_memory). A loss met raises n_losses, so that whoever looks for something can
 * tell whether "not found" may be said.
 */
#ifndef IW_IIS_HIVE_HIVE_INSIDE_H
#define IW_IIS_HIVE_HIVE_INSIDE_H

#include "base/bytes.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/timestamp.h"
#include "iis/hive/hive.h"

/** No cell, no key. */
#define IW_HIVE_NO_ID UINT32_MAX
/** Room for any name, as UTF-8. */
#define IW_HIVE_NAME_ROOM ((size_t)IW_LIMIT_HIVE_NAME_UNITS * 3)

/** Goes through the keys below a key, or its values. */
struct iw_hive_cursor {
    uint32_t owner;              /* the key whose they are */
    struct iw_str outer, list;   /* regf: list of lists; list at hand, entries only */
    uint32_t entry_bytes;        /* regf: of an entry of the list at hand */
    uint32_t n_given, n_claimed; /* regf */
    uint32_t n_outer;            /* regf: lists of lists still to come */
    uint32_t outer_at;           /* regf: index into outer */
    uint64_t from;               /* regf: offset of the list, for damage */
    uint32_t next;               /* text: id that comes next */
};

/** A name where it lies, or in room. */
struct iw_hive_name_room {
    char bytes[IW_HIVE_NAME_ROOM];
};

/** A key or value of an export. */
struct iw_reg_node {
    uint32_t parent, next, first_key, last_key, first_value, last_value; /* IW_HIVE_NO_ID: none */
    struct iw_str name;
    bool is_explicit; /* has a line of its own: the export holds all below it */
    bool is_deleted;
    struct iw_hive_value value; /* of a value */
};

/** How a source answers; one table a format. */
struct iw_hive_source_ops {
    bool (*key)(struct iw_hive *hive, uint32_t id, struct iw_hive_key *ret,
                struct iw_hive_name_room *room); /* name may lie in room */
    void (*keys_begin)(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret);
    bool (*keys_next)(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret);
    void (*values_begin)(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret);
    bool (*values_next)(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret);
    bool (*value)(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret,
                  struct iw_hive_name_room *room); /* without data */
    void (*data)(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret);
};

struct iw_hive {
    struct iw_str file;     /* borrowed */
    struct iw_arena *arena; /* borrowed */
    const struct iw_hive_source_ops *ops;
    struct iw_hive_info info;
    struct iw_map places; /* damage that was counted; keys in the arena */
    uint64_t n_losses;    /* losses met, the same place again and again */
    size_t budget_left;   /* bytes one question may still take from the arena */
    uint32_t root;
    struct iw_reg_node *nodes; /* of an export; owned */
    size_t n_nodes, cap_nodes;
    bool no_memory;
};

/** hive.c */
void iw_hive_note_damage(struct iw_hive *hive, enum iw_hive_damage_kind kind, uint64_t offset);
/** Memory of the answer, within the budget; NULL (and no_memory or damage) when there is none. */
void *iw_hive_alloc(struct iw_hive *hive, size_t n_bytes, uint64_t offset);
/** A text that stays: a copy of one that lies in room. Empty when there is no memory. */
struct iw_str iw_hive_keep(struct iw_hive *hive, struct iw_str text, uint64_t offset);
/** A question begins: it has the whole budget. */
void iw_hive_ask(struct iw_hive *hive);

/** hive_find.c: equal but for letter case, by simple folding. Both valid UTF-8. */
bool iw_hive_same_name(struct iw_str a, struct iw_str b);
/** hive_find.c: the next name of a path, taken off it; empty at its end. */
struct iw_str iw_hive_take_name(struct iw_str *path);
/** hive_find.c: the key of that name right below a key. */
enum iw_hive_answer iw_hive_child(struct iw_hive *hive, uint32_t parent, struct iw_str name,
                                  uint32_t *ret);

/** regf_open.c: false when it is no hive. */
bool iw_regf_open(struct iw_hive *hive);
/** regf_cell.c: the content of the cell at an offset of bins; empty when it is nowhere. */
struct iw_str iw_regf_cell(struct iw_hive *hive, uint32_t at, uint64_t from);
/** regf_cell.c: a name as UTF-8, in room or the file. */
struct iw_str iw_regf_name(struct iw_hive *hive, struct iw_str raw, bool is_latin1,
                           struct iw_hive_name_room *room);
/** regf_keys.c, regf_values.c: rows of the table of regf_open.c. */
bool iw_regf_key(struct iw_hive *hive, uint32_t id, struct iw_hive_key *ret,
                 struct iw_hive_name_room *room);
struct iw_str iw_regf_key_cell(struct iw_hive *hive, uint32_t id, uint64_t from);
void iw_regf_keys_begin(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret);
bool iw_regf_keys_next(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret);
void iw_regf_values_begin(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret);
bool iw_regf_values_next(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret);
bool iw_regf_value(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret,
                   struct iw_hive_name_room *room);
void iw_regf_data(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret);

/** Offset in the file of a cell's offset in the bins. */
static inline uint64_t iw_regf_place(uint32_t at)
{
    return 4096 + (uint64_t)at;
}

/** reg_open.c: IW_EFORMAT when it is no export. */
enum iw_rc iw_reg_open(struct iw_hive *hive);

#endif
