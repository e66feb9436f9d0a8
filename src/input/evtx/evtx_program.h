/**
 * Programs: a BinXML template (or the bare elements of a record without one) turned into a short
 * list of steps that name fields.
 *
 * A template says once how an event's XML looks; each record only brings the values. Compiling it
 * moves all work that does not depend on the values out of the record: names are resolved, literal
 * text is joined, elements that are not fields are gone. Running a program over a record's values
 * is in evtx_execute.c.
 *
 * A program remembers the *shape* it was made from (every token, name and literal in order). A
 * later chunk's template may use the program only if it has exactly this shape: the GUID alone is
 * chosen by whoever wrote the file (trap T9).
 */
#ifndef IW_INPUT_EVTX_PROGRAM_H
#define IW_INPUT_EVTX_PROGRAM_H

#include "base/arena.h"
#include "event/event.h"
#include "input/evtx/evtx_format.h"

/** Where in the document a fragment stands: decides how fields are named. */
enum evtx_area {
    EVTX_AREA_DOCUMENT = 0, /* outside <Event> */
    EVTX_AREA_EVENT,
    EVTX_AREA_SYSTEM,
    EVTX_AREA_EVENT_DATA,
    EVTX_AREA_USER_DATA,
    EVTX_AREA_RENDERING,
    EVTX_AREA_OTHER,
    EVTX_AREA_COUNT
};

enum evtx_step_kind {
    EVTX_STEP_LITERAL, /* a field the template itself holds */
    EVTX_STEP_SLOT,    /* a field from one value */
    EVTX_STEP_GUARD,   /* skip to step *target* when value *slot* is NULL (dependency id) */
    EVTX_STEP_JOIN,    /* a field of several parts: text and values mixed */
    EVTX_STEP_NESTED,  /* a value that is BinXML */
};

enum evtx_step_flags {
    EVTX_STEP_OPTIONAL =
        1U << 0, /* NULL: no field (0x0E); otherwise NULL gives an empty one (0x0D) */
    EVTX_STEP_DROP_EMPTY = 1U << 1, /* attributes and system elements: no field when empty */
    EVTX_STEP_NAMED_BY_PARTS =
        1U << 2, /* the name itself comes from values: parts [name_first, +name_n) */
};

/** A piece of text of a JOIN, or of a name. */
struct evtx_part {
    struct iw_str literal; /* UTF-8; used when slot < 0 */
    int32_t slot;
    bool optional;
};

/** 32 bytes, so that the programs of a log stay in the first-level cache. */
struct evtx_step {
    uint8_t kind;  /* enum evtx_step_kind */
    uint8_t flags; /* enum evtx_step_flags */
    uint8_t place; /* enum iw_place */
    uint8_t
        area; /* NESTED, and SLOT that turns out to be BinXML: where the inner document stands */
    uint16_t slot;
    uint16_t name_n;
    const struct iw_name *name;
    union {
        const char *literal; /* LITERAL: UTF-8, literal_n bytes */
        struct {
            uint32_t first, n; /* JOIN: parts */
        } parts;
        uint32_t target; /* GUARD */
    } of;
    uint32_t literal_n;
    uint32_t name_first; /* NAMED_BY_PARTS: parts [name_first, +name_n) */
};

/** System fields that routing needs before anything is decoded: the step that makes them, or -1. */
enum evtx_key {
    EVTX_KEY_EVENT_ID,
    EVTX_KEY_CHANNEL,
    EVTX_KEY_PROVIDER,
    EVTX_KEY_COMPUTER,
    EVTX_KEY_TIME,
    EVTX_KEY_RECORD_ID,
    EVTX_KEY_COUNT
};

/** The canonical field of each key. */
extern const uint32_t EVTX_KEY_FIELDS[EVTX_KEY_COUNT];

/** Guards around the keys a program remembers (real ones: 1, around the whole event). */
#define EVTX_KEY_GUARDS 4U

/** One unit of a shape. */
enum evtx_shape_kind {
    EVTX_SHAPE_BYTES,   /* these bytes */
    EVTX_SHAPE_ELEMENT, /* token, dependency id (where there is one), any u32 size, name, [any u32
                           attribute-list size] */
    EVTX_SHAPE_NAME,    /* token byte(s), name: attribute, entity reference, PI target */
};
/* Hash and count before a name's characters, NUL behind them: part of its shape, for a name whose
 * hash or NUL is damaged is told apart (evtx_name_hash_fits), whether its program is new or kept.
 */
#define EVTX_NAME_BYTES_BEFORE 4U
#define EVTX_NAME_BYTES_BEHIND 2U
struct evtx_shape_unit {
    uint8_t kind;
    uint8_t token;
    uint16_t dependency;
    uint32_t n;       /* bytes of *p; around a name also its hash, count and NUL */
    const uint8_t *p; /* token bytes, or the name's UTF-16 characters */
};

struct evtx_program {
    const struct evtx_step *steps;
    uint32_t n_steps;
    const struct evtx_part *parts;
    uint32_t n_parts;
    const struct evtx_shape_unit *shape;
    uint32_t n_shape;
    uint32_t n_slots;    /* one more than the highest slot a SLOT or GUARD step names */
    uint32_t name_bytes; /* of all field names: what one run can give at most, arrays apart */
    int32_t keys[EVTX_KEY_COUNT];
    uint16_t key_guards[EVTX_KEY_GUARDS]; /* slots that must not be NULL for the keys to be there */
    uint32_t n_key_guards;
    bool keys_are_plain; /* each key is one value or literal: routing may believe them */
    bool is_cut;         /* the template was damaged or too large: steps up to there */
    bool has_odd_names;  /* a name does not fit its hash: read as it stands, but something was
                            overwritten */
    bool is_whole;       /* ended by its end token: may be shared with other chunks */
    struct evtx_program *next_variant; /* cache: same GUID and area, other shape */
};

/** Growing arrays a compilation works in; one per reader, reused. */
struct evtx_compiler {
    struct evtx_step *steps;
    size_t n_steps, cap_steps;
    struct evtx_part *parts;
    size_t n_parts, cap_parts;
    struct evtx_shape_unit *shape;
    size_t n_shape, cap_shape;
};

void evtx_compiler_done(struct evtx_compiler *compiler);

/** What to compile. */
struct evtx_source {
    struct evtx_chunk_view chunk;
    uint32_t begin, end; /* the tokens, chunk offsets */
    enum evtx_area area;
    bool is_template; /* elements carry dependency ids; else a bare element (traps T1, T2) */
    const struct iw_names *names;
};

/**
 * Compiles one fragment: for a template its whole body, for a bare record one element.
 *
 * @param arena    the program and all it points to live here
 * @param ret      always set when IW_OK; is_cut says that damage or a limit ended it early
 * @param ret_end  NULL, or the chunk offset behind the fragment
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc evtx_compile(struct evtx_compiler *compiler, const struct evtx_source *source,
                        struct iw_arena *arena, struct evtx_program **ret, uint32_t *ret_end);

/** Sets keys, keys_are_plain and key_guards of a program whose steps are final. */
void evtx_find_keys(struct evtx_program *program);

/** Whether the tokens of *source* have exactly the shape of *program*. *ret_end: the chunk offset
 * behind them. */
bool evtx_shape_matches(const struct evtx_program *program, const struct evtx_source *source,
                        uint32_t *ret_end);

#endif
