/**
 * Inside of the reconciler: one server being judged, and the judgments. Adding one is a file
 * `judge_NAME.c`, its line here, and its row in judgments.c.
 */
#ifndef IW_DETECT_JUDGMENT_H
#define IW_DETECT_JUDGMENT_H

#include "base/map.h"
#include "detect/reconcile.h"
#include "detect/subject_case.h"

/** What is counted over all servers before the first is judged; one of these per run. */
struct iw_farm;

/** What product_family.h tells of one component. */
struct iw_family {
    struct iw_str name;
    uint64_t n_types;  /* 0: too few for a family */
    uint64_t n_places; /* files of configuration */
    bool is_member;
};

/** One server being judged. */
struct iw_judging {
    const struct iw_reconcile_input *input;
    const struct iw_inventory_server *server;
    size_t server_index;
    struct iw_farm *farm;
    struct iw_arena *arena;
    struct iw_error *err; /* why something could not be read back; may be NULL */
    struct iw_fact_span facts[IW_SERVER_FACT_KIND_COUNT]; /* of its host */
    struct iw_family *family_of;                          /* by component */
    struct iw_str *keys;        /* by component: its subject (subject_key.h) */
    size_t *by_key;             /* components, those of one key together, in their order */
    struct iw_map modules;      /* lower-case name → place of its globalModule + 1 */
    bool modules_unknown;       /* globalModules may name others: encrypted, or not at hand */
    struct iw_map profilers;    /* environment → place of its variable with a file + 1 */
    struct iw_map first_of;     /* key → place in by_key + 1 */
    struct iw_map paths;        /* lower-case path of a file → index of a component with it + 1 */
    struct iw_map cases;        /* key → struct iw_case * */
    struct iw_map web_programs; /* web_program.h */
    struct iw_map former_images; /* lower-case images that former configurations named → the case of
                                    such an entry (judge_history.c); NULL: it has none */
    struct iw_map changes_by_text; /* named_changes.h */
    struct iw_map new_handling;    /* handlers that are not as in the baseline, sites with such */
};

/** IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_judge(struct iw_judging *judging);

struct iw_judgment {
    const char *name;
    iw_judge *judge;
};

const struct iw_judgment *iw_judgments(size_t *ret_n);

/* judge_*.c, each of which says what it judges; order and levels: README.md. */
enum iw_rc iw_judge_baseline(struct iw_judging *judging);
enum iw_rc iw_judge_known_names(struct iw_judging *judging);
enum iw_rc iw_judge_signatures(struct iw_judging *judging);
enum iw_rc iw_judge_interpreters(struct iw_judging *judging);
enum iw_rc iw_judge_static_handlers(struct iw_judging *judging);
enum iw_rc iw_judge_unknown(struct iw_judging *judging);
enum iw_rc iw_judge_permissions(struct iw_judging *judging);
enum iw_rc iw_judge_paths(struct iw_judging *judging);
enum iw_rc iw_judge_loads(struct iw_judging *judging);
enum iw_rc iw_judge_web_files(struct iw_judging *judging);
enum iw_rc iw_judge_server_wrote(struct iw_judging *judging);
enum iw_rc iw_judge_unregistered(struct iw_judging *judging);
enum iw_rc iw_judge_history(struct iw_judging *judging);
enum iw_rc iw_judge_missing(struct iw_judging *judging);
enum iw_rc iw_judge_farm(struct iw_judging *judging);
enum iw_rc iw_judge_estate(struct iw_judging *judging);
enum iw_rc iw_judge_silent_changes(struct iw_judging *judging);
enum iw_rc iw_judge_damage(struct iw_judging *judging);

/** Counts over all servers; its keys live in *arena*. *ret* is to be freed in every case. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_farm_read(const struct iw_inventory *inventory, struct iw_arena *arena,
                        struct iw_farm **ret);
void iw_farm_free(struct iw_farm *farm);

/** Whether a path names a shell, an interpreter or a tool that runs what it is given, with or
 * without `.exe`. judge_interpreter.c. */
bool iw_path_names_tool(struct iw_str path);
/** Whether the writing at *i* of the span, those of one path, is one by System of which the audit
 * of a share tells whose it was (Security 5145): both are one act, and it is that one's. */
bool iw_fact_is_told_by_share(struct iw_fact_span span, size_t i);
/** Lists the images that former configurations named. former_image.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_former_images_read(struct iw_judging *judging);
/** Whether a former configuration named that image. IW_OK or IW_ENOMEM. */
enum iw_rc iw_is_former_image(const struct iw_judging *judging, struct iw_str path, bool *ret);
/** Asks who did what a fact tells of; false: no trail does, and *ret* is empty. */
bool iw_ask_act(const struct iw_judging *judging, const struct iw_server_fact *fact,
                struct iw_act_trail *ret);
/** Facts of a kind about a path (letter case ignored). */
struct iw_fact_span iw_facts_at(const struct iw_judging *judging, enum iw_server_fact_kind kind,
                                struct iw_str path);

#endif
