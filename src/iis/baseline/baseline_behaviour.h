/**
 * What a baseline says of behaviour: which commands a pool's worker starts, who writes files below
 * a web root, who administers a server, learned from a span that somebody named as clean. Each is
 * an entry of the document like a component, so that it is compared, approved and signed as one.
 *
 * | kind            | scope    | name                       | image                |
 * |-----------------|----------|----------------------------|----------------------|
 * | `childProcess`  | pool     | shape of the command line  | program              |
 * | `belowProcess`  | pool     | the same, of what a shell of the worker started | program |
 * | `fileWriter`    | web root | kind of account            | program              |
 * | `administrator` | –        | account                    | –                    |
 *
 * Of a tool that does what it is told (robocopy) the name of a writer is its account and the shape
 * of its command. Texts are compared as they stand: a `*` or `#` in a shape is that character.
 * Letter case of pools, roots, paths and accounts makes no difference.
 */
#ifndef IW_IIS_BASELINE_BEHAVIOUR_H
#define IW_IIS_BASELINE_BEHAVIOUR_H

#include "iis/baseline/baseline.h"

enum iw_behaviour_kind {
    IW_BEHAVIOUR_CHILD = 0,
    IW_BEHAVIOUR_BELOW,
    IW_BEHAVIOUR_WRITER,
    IW_BEHAVIOUR_ADMINISTRATOR,
    IW_BEHAVIOUR_KIND_COUNT
};

/** State of such an entry. */
#define IW_BEHAVIOUR_STATE "behaviour"
/** Begins the attribute that says why an entry is learned with a doubt. */
#define IW_BEHAVIOUR_DOUBT "doubt="

/** "childProcess", ...; static. */
const char *iw_behaviour_kind_name(enum iw_behaviour_kind kind);
bool iw_behaviour_is_kind(struct iw_str kind);

/** One thing that happened. */
struct iw_behaviour_act {
    struct iw_str host;
    enum iw_behaviour_kind kind;
    struct iw_str scope, name, image;
    int64_t time_ns;
};

enum iw_behaviour_answer {
    IW_BEHAVIOUR_IS_NEW = 0,
    IW_BEHAVIOUR_IS_USUAL,   /* the baseline has it, or an approval does */
    IW_BEHAVIOUR_IS_DOUBTFUL /* it has it with a doubt, or learned it from that very time */
};

/** Whether entries of behaviour stand in it, or the span they were learned from. */
bool iw_baseline_knows_behaviour(const struct iw_baseline *baseline);
/**
 * What the baseline says of an act: by its host; of a farm, for every host. Pure; any thread.
 *
 * @param now_ns  by which approvals expire; IW_TIME_UNKNOWN: every approval with an end is expired
 * @param arena   scratch
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_baseline_ask_behaviour(const struct iw_baseline *baseline,
                                     const struct iw_behaviour_act *act, int64_t now_ns,
                                     struct iw_arena *arena, enum iw_behaviour_answer *ret);

#endif
