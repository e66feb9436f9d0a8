/**
 * One entry as it is compared: what the evidence writes, and its normal form, in which spelling
 * makes no difference. Inside iis/baseline/ only.
 */
#ifndef IW_IIS_BASELINE_RECORD_H
#define IW_IIS_BASELINE_RECORD_H

#include "base/json.h"
#include "base/json_read.h"
#include "result/difference.h"

/** What is compared beyond the key, in the order differences name it. */
enum iw_baseline_field {
    IW_BASELINE_NAME = 0, /* its letter case only: otherwise it is another entry */
    IW_BASELINE_IMAGE,
    IW_BASELINE_ARGUMENTS,
    IW_BASELINE_TYPE,
    IW_BASELINE_CLSID,
    IW_BASELINE_PRECONDITION,
    IW_BASELINE_DISABLED,
    IW_BASELINE_STATE,
    IW_BASELINE_OWNER,
    IW_BASELINE_ATTRIBUTES,
    IW_BASELINE_HANDLER, /* of a web file */
    IW_BASELINE_FIELD_COUNT
};

struct iw_baseline_file {
    struct iw_str twin; /* "x64", "x86", or empty */
    struct iw_str path; /* normal form */
    struct iw_str key;  /* folded path; made by settling */
    bool has_sha256;    /* it was in the evidence */
    uint8_t sha256[32];
};

struct iw_baseline_record {
    /* As written; texts are valid UTF-8. */
    struct iw_baseline_entry shown; /* json is filled only when somebody wants it */
    struct iw_str arguments, type, clsid, owner, state, handler;
    struct iw_text_list precondition; /* sorted, each once */
    struct iw_text_list attributes;   /* sorted */
    bool is_disabled;
    struct iw_baseline_file *files; /* by twin, path */
    size_t n_files;
    uint32_t on; /* of a farm: servers that have it; else 0 */

    /* Made by iw_baseline_record_settle(). */
    struct iw_str key;        /* kind, scope, name: entries of equal keys are compared */
    struct iw_str near;       /* of several with one key: those alike in this are compared first */
    struct iw_str files_text; /* twins and hashes in one, for order */
    struct iw_str form[IW_BASELINE_FIELD_COUNT];
    bool is_unknown; /* stands for what could not be read; never equal to anything */
    bool is_paired;
};

/** "name", "image", ...; static. */
const char *iw_baseline_field_name(enum iw_baseline_field field);

/** From an inventory. Texts are borrowed from it or lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_baseline_record_component(const struct iw_inventory_component *component,
                                        struct iw_str host, struct iw_arena *arena,
                                        struct iw_baseline_record *ret);
enum iw_rc iw_baseline_record_web_file(const struct iw_inventory_web_file *file, struct iw_str host,
                                       struct iw_arena *arena, struct iw_baseline_record *ret);

/** Makes the normal form. IW_OK or IW_ENOMEM. */
enum iw_rc iw_baseline_record_settle(struct iw_baseline_record *record, struct iw_arena *arena);

/** Writes its object. */
void iw_baseline_record_json(const struct iw_baseline_record *record, struct iw_json *json);
/** Reads and settles it. IW_OK; IW_EFORMAT, IW_ELIMIT (*err* says what); IW_ENOMEM. */
enum iw_rc iw_baseline_record_read(const struct iw_json_node *object, struct iw_arena *arena,
                                   struct iw_baseline_record *ret, struct iw_error *err);

/** <0, 0, >0 by the normal form without files; 0: the same but for them. */
int iw_baseline_form_compare(const struct iw_baseline_record *a,
                             const struct iw_baseline_record *b);
/** By key, form, files. */
int iw_baseline_record_compare(const struct iw_baseline_record *a,
                               const struct iw_baseline_record *b);

/** The file of that twin, and of that path where twins repeat, or NULL. */
const struct iw_baseline_file *iw_baseline_twin(const struct iw_baseline_record *record,
                                                const struct iw_baseline_file *like);

/**
 * SHA-256 over host, key, change and both normal forms with their files; without *with_files* as if
 * no file of *now* were known. False: no memory.
 */
bool iw_baseline_digest(struct iw_str host, enum iw_baseline_change change,
                        const struct iw_baseline_record *was, const struct iw_baseline_record *now,
                        bool with_files, uint8_t ret_digest[32]);

/** *text* in *arena*, ASCII and other letters folded, invalid UTF-8 repaired. p NULL: no memory. */
struct iw_str iw_baseline_label(struct iw_str text, struct iw_arena *arena);

#endif
