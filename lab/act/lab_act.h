/*
 * Acts of a scenario: a table of verbs, each with the details it takes and the function that plays
 * it. A new verb is a function and a row in the table of its file.
 */
#ifndef IW_LAB_ACT_H
#define IW_LAB_ACT_H

#include "lab/act/lab_deed.h"

/* An act being played. */
struct iw_lab_play {
    struct iw_lab_host *host;
    const struct iw_lab_act *act;
    const struct iw_lab_yaml *yaml;
};

struct iw_lab_verb {
    const char *name; /* NULL ends a table */
    const char *keys; /* as in iw_lab_yaml_check() */
    /* False: it cannot be played; the reason is noted in the world. */
    bool (*play)(struct iw_lab_play *play);
};

extern const struct iw_lab_verb iw_lab_verbs_process[];
extern const struct iw_lab_verb iw_lab_verbs_file[];
extern const struct iw_lab_verb iw_lab_verbs_web[];
extern const struct iw_lab_verb iw_lab_verbs_system[];
extern const struct iw_lab_verb iw_lab_verbs_install[];
extern const struct iw_lab_verb iw_lab_verbs_log[];

/* What hosts have beside their role when the story begins (`installed`): files, entries of
 * configuration, registry. False: noted. */
bool iw_lab_acts_install(struct iw_lab_world *world);
/* Puts all acts of the scenario on the agenda; false: one has an unknown verb, details or host. */
bool iw_lab_acts_schedule(struct iw_lab_world *world);
/* What change records say of files: the hash of each as it is now. act: of those records that mean
 * the file after that act; NULL: of those that mean it at the end. False: there is no such file. */
bool iw_lab_acts_note_approved(struct iw_lab_world *world, const struct iw_lab_act *act);
/* Did the acts leave the traces they were said to, and is the truth's context about processes,
 * sessions and pools that were there? Asked when the world has run. */
bool iw_lab_acts_check_seen(struct iw_lab_world *world);

/* Notes a failure at the act. Returns false. */
bool iw_lab_play_fail(const struct iw_lab_play *play, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A detail's text, or otherwise. */
const char *iw_lab_play_text(const struct iw_lab_play *play, const char *key,
                             const char *otherwise);
/* The same, when it is one of these words (separated by spaces); NULL: noted. */
const char *iw_lab_play_word(const struct iw_lab_play *play, const char *key, const char *otherwise,
                             const char *words);
/* A detail that is needed and is a whole path, a name for a session or process, or an address;
 * NULL: noted. */
const char *iw_lab_play_path(const struct iw_lab_play *play, const char *key);
const char *iw_lab_play_address(const struct iw_lab_play *play, const char *key);
/* The name under which `as` wants a process; *key is NULL when it does not. False: noted. */
bool iw_lab_play_new_key(const struct iw_lab_play *play, const char **key);
/* Values; an absent detail leaves *value as it is. False: noted. */
bool iw_lab_play_number(const struct iw_lab_play *play, const char *key, uint64_t max,
                        uint64_t *value);
bool iw_lab_play_span(const struct iw_lab_play *play, const char *key, uint64_t *value);
bool iw_lab_play_shift(const struct iw_lab_play *play, const char *key, int64_t *value);
bool iw_lab_play_flag(const struct iw_lab_play *play, const char *key, bool *value);
/* The living process named by a detail, workers and desktops started on the way; NULL: noted. */
struct iw_lab_process *iw_lab_play_process(const struct iw_lab_play *play, const char *key);
/* The open session named by a detail; NULL: noted. */
struct iw_lab_session *iw_lab_play_session(const struct iw_lab_play *play, const char *key);
/* What a detail names on the host or in the scenario; NULL: noted. */
struct iw_lab_pool *iw_lab_play_pool(const struct iw_lab_play *play, const char *key);
struct iw_lab_site *iw_lab_play_site(const struct iw_lab_play *play, const char *key);
const struct iw_lab_account *iw_lab_play_account(const struct iw_lab_play *play, const char *key);
/* The changes of `configure`, applied and logged; process NULL: they were there before. */
bool iw_lab_play_changes(const struct iw_lab_play *play, const struct iw_lab_yaml_node *list,
                         const struct iw_lab_process *process, bool is_text);
/* What `content:` says, or what a file of that name holds. */
bool iw_lab_play_content(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node,
                         const char *path, struct iw_lab_content *content);

#endif
