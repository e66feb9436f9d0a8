/**
 * One JSON record in memory: a flat list of nodes over its text, made by either of two readers.
 *
 * json_walk.c (on simdjson's index) accepts valid JSON and nothing else; json_repair.c reads what
 * can be read of anything. On valid JSON both make the same nodes. Nodes stand in the order of the
 * text, a container before what is in it; the text is borrowed and must live as long as anything
 * made of it. One document per reader, used again and again; one thread.
 */
#ifndef IW_INPUT_JSON_JSON_DOC_H
#define IW_INPUT_JSON_JSON_DOC_H

#include "base/arena.h"
#include "base/error.h"
#include "input/json/simdjson_shim.h"

enum json_type {
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_STRING,
    JSON_NUMBER, /* as spelled; also words that are no JSON (NaN), where a record was repaired */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
};

struct json_node {
    uint32_t key_at, key_n; /* between the quotes, escapes as they stand; 0, 0 in arrays */
    uint32_t at, n;         /* a string's without its quotes, escapes as they stand */
    uint32_t next;          /* the node behind this one and all that is in it */
    uint8_t type;           /* enum json_type */
    bool is_key_escaped;
    bool is_member; /* of an object: it has a key, which may be empty */
};

/** Nodes one record may have; what comes behind is left out and the record counted as cut. */
#define JSON_MOST_NODES 32768U
#define JSON_NO_NODE UINT32_MAX

struct json_doc {
    const char *text;
    size_t n;
    struct json_node *nodes; /* JSON_MOST_NODES */
    uint32_t n_nodes;
    size_t end;       /* bytes of the text the record took */
    bool is_dirty;    /* bytes that are not UTF-8 */
    bool is_repaired; /* something no JSON may hold was read all the same */
    bool is_cut;      /* something is lost: the end, or more than a limit allows */
    bool is_open;     /* its closing brace was not there */
    struct iw_json_index *index;
};

/** IW_OK or IW_ENOMEM; json_doc_done is fine in either case. */
enum iw_rc json_doc_init(struct json_doc *doc);
void json_doc_done(struct json_doc *doc);

/**
 * Reads one valid object at the beginning of *text*. False: it is not one, or past a limit; the
 * document is then empty. What stands behind the object (doc->end) must be tokens of JSON, too.
 */
bool json_doc_read(struct json_doc *doc, const char *text, size_t n);

/**
 * Reads what can be read of an object that begins with the first byte. Never fails once it is given
 * all there is.
 *
 * @param is_whole  nothing comes behind *text*: what is open at its end is cut off
 * @return false: more text is needed (never when is_whole)
 */
bool json_doc_repair(struct json_doc *doc, const char *text, size_t n, bool is_whole);

/** The next free node, or NULL (and is_cut) when there is none. */
struct json_node *json_doc_add(struct json_doc *doc);

/** Whether a token is a number by RFC 8259 §6. */
bool json_is_number(struct iw_str token);
/** The type of a word (true, false, null, a number); JSON_STRING for anything else. */
enum json_type json_type_of_word(struct iw_str token);

static inline struct iw_str json_raw(const struct json_doc *doc, uint32_t node)
{
    return (struct iw_str){doc->text + doc->nodes[node].at, doc->nodes[node].n};
}

/** First node in a container, or JSON_NO_NODE; and the one behind *node* in the same container. */
static inline uint32_t json_first(const struct json_doc *doc, uint32_t container)
{
    return container + 1 < doc->nodes[container].next ? container + 1 : JSON_NO_NODE;
}

static inline uint32_t json_next(const struct json_doc *doc, uint32_t container, uint32_t node)
{
    uint32_t next = doc->nodes[node].next;
    return next < doc->nodes[container].next ? next : JSON_NO_NODE;
}

static inline bool json_is_container(const struct json_doc *doc, uint32_t node)
{
    return doc->nodes[node].type <= JSON_ARRAY;
}

/** Whether a member has that very name; an escaped key is compared as the text it stands for. */
bool json_key_is(const struct json_doc *doc, uint32_t node, struct iw_str name);

/** The first member of that very name, or JSON_NO_NODE; *object* may be JSON_NO_NODE or any node.
 * Escaped keys are compared as the text they stand for. */
uint32_t json_member(const struct json_doc *doc, uint32_t object, struct iw_str name);

/** A member's member's member: names joined by dots, each of which may itself hold dots
 * (`winlog.channel` in one key or in two). JSON_NO_NODE when there is none. */
uint32_t json_find(const struct json_doc *doc, uint32_t object, const char *path);

/**
 * The text of a string, number or word as valid UTF-8: borrowed where it stands as it is, else made
 * in *arena* (IW_TEXT_PADDING zero bytes behind it). Containers and null: empty. *bad is set when
 * something was repaired. p NULL: no memory.
 */
struct iw_str json_text(const struct json_doc *doc, uint32_t node, struct iw_arena *arena,
                        bool *bad);
/** The same of a member's key. */
struct iw_str json_key(const struct json_doc *doc, uint32_t node, struct iw_arena *arena,
                       bool *bad);

#endif
