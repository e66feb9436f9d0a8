/**
 * An export while it is read into a tree. Inside iis/hive/ only.
 */
#ifndef IW_IIS_HIVE_REG_INSIDE_H
#define IW_IIS_HIVE_REG_INSIDE_H

#include "base/buffer.h"
#include "iis/hive/hive_inside.h"

struct iw_reg_reader {
    struct iw_hive *hive;
    struct iw_str text; /* the export as 8-bit text; UTF-8 where it was UTF-16 */
    size_t at;          /* of the next line */
    uint32_t key;       /* the one values belong to; IW_HIVE_NO_ID: none */
    bool is_passed;     /* values belong to a key that is taken away or past a limit */
    bool is_regedit4;
    size_t scan_left;    /* bytes that may still be searched for the ends of open texts */
    struct iw_map names; /* parent, K or V, folded name → node; keys in the arena */
    struct iw_arena fold;
    struct iw_buffer scratch;
};

/** reg_tree.c: the row of a text source. */
extern const struct iw_hive_source_ops iw_reg_ops;
/** reg_tree.c: a root without name; false: no memory. */
bool iw_reg_tree_init(struct iw_reg_reader *reader);
/** reg_tree.c: the key of a path, made where it is not there. IW_HIVE_NO_ID: none. */
uint32_t iw_reg_add_key(struct iw_reg_reader *reader, struct iw_str path);
/** reg_tree.c: takes a key and all below it away. */
void iw_reg_delete_key(struct iw_reg_reader *reader, struct iw_str path);
/** reg_tree.c: a value of the key at hand; the last of its name counts. */
void iw_reg_add_value(struct iw_reg_reader *reader, const struct iw_hive_value *value);
/** reg_tree.c: takes a value of the key at hand away. */
void iw_reg_delete_value(struct iw_reg_reader *reader, struct iw_str name);

/** reg_value.c: one value, from the beginning of its line; moves reader->at past its last line. */
void iw_reg_read_value(struct iw_reg_reader *reader);
/** reg_open.c: the end of the line that holds an offset: its line feed, or the end. */
size_t iw_reg_line_end(const struct iw_reg_reader *reader, size_t at);
/** reg_open.c: a line that is none. */
void iw_reg_bad_line(struct iw_reg_reader *reader, size_t at);
/** reg_open.c: text as valid UTF-8. */
struct iw_str iw_reg_utf8(struct iw_reg_reader *reader, struct iw_str text);

/** hive_find.c: HKLM and its like written out; else the name itself. */
struct iw_str iw_hive_top_name(struct iw_str name);

#endif
