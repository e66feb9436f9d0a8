/**
 * Texts of PowerShell that were logged in several parts, put together again. Inside of this room
 * only.
 *
 * Field facts: a text of 20000 characters or more is divided, at whatever character, into parts of
 * 10000 to 20000, each a 4104 of its own with the ScriptBlockId of the text, MessageNumber from 1
 * and MessageTotal (source: LogScriptBlockCreation of PowerShell). A command, a remark or a text in
 * quotes may begin in one and end in the next.
 *
 * One object a thread, merged into one. Parts may come in any order, more than once, and mixed with
 * those of other texts and hosts. Texts of parts are kept until theirs is whole, within
 * IW_LIMIT_SCRIPT_PARTS_BYTES.
 */
#ifndef IW_COVERAGE_SWITCH_PARTS_H
#define IW_COVERAGE_SWITCH_PARTS_H

#include "base/arena.h"
#include "base/error.h"
#include "event/value.h"

/** A text of PowerShell, or as much as there is of one. */
struct iw_script_text {
    struct iw_str computer; /* as the event wrote it */
    struct iw_value text;
    int64_t time_ns;     /* of the first of its parts */
    uint32_t source;     /* of equal ones the first */
    uint32_t process_id; /* 0: not told */
    uint8_t dialect;     /* that wrote the time, as of struct iw_switch */
    size_t n_parts;      /* that it was put together of; 0: it was in none */
    bool is_whole;
    bool is_prompt; /* of no file: variables it sets are those of its session */
};

struct iw_script_part {
    struct iw_script_text text; /* of this part */
    struct iw_str id;
    uint64_t number, n_parts; /* of one that is a whole, 0 or 1 parts */
};

enum iw_script_part_fate {
    IW_PART_WAITS = 0,   /* for others, or was there before */
    IW_PART_COMPLETES,   /* its text is whole now */
    IW_PART_IS_ALONE,    /* nothing tells what it is a part of */
    IW_PART_HAS_NO_ROOM, /* others would have been kept for it */
};

struct iw_switch_parts;

/** NULL: no memory. */
struct iw_switch_parts *iw_switch_parts_new(void);
void iw_switch_parts_free(struct iw_switch_parts *parts);
/** Keeps a copy of one. Where it completes its text, *ret is that; it lies in *scratch*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_switch_parts_add(struct iw_switch_parts *parts, const struct iw_script_part *part,
                               struct iw_arena *scratch, enum iw_script_part_fate *ret_fate,
                               struct iw_script_text *ret);

typedef enum iw_rc iw_script_part_taker(void *state, const struct iw_script_part *part);
typedef enum iw_rc iw_script_text_taker(void *state, const struct iw_script_text *text);

/** Tells *into* which texts are whole, and gives each part that waits to *take*, which adds it
 * there. IW_OK, IW_ENOMEM or what *take* says. */
enum iw_rc iw_switch_parts_merge(struct iw_switch_parts *into, const struct iw_switch_parts *from,
                                 iw_script_part_taker *take, void *state);
/** Gives *take* what there is of each text that is not whole, from one part that is missing to the
 * next; it lies in *scratch*, which is reset before each. Likewise. */
enum iw_rc iw_switch_parts_rest(const struct iw_switch_parts *parts, struct iw_arena *scratch,
                                iw_script_text_taker *take, void *state);

#endif
