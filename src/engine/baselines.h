/**
 * The baseline of a run: read and its signature verified before the process is confined, compared
 * when every server has its host.
 */
#ifndef IW_ENGINE_BASELINES_H
#define IW_ENGINE_BASELINES_H

#include "engine/engine.h"
#include "iis/baseline/baseline.h"
#include "iis/baseline/known_hashes.h"

struct iw_baselines {
    const struct iw_server_options *options;
    struct iw_arena arena;
    struct iw_str document;
    struct iw_str refusal; /* why the document is not used; empty: nothing against it */
    struct iw_known_hashes *known;
    struct iw_text_list notes;          /* of the user's files */
    const struct iw_baseline *baseline; /* once it was compared; NULL: there is none, or refused */
    int64_t now_ns;                     /* by which approvals expire */
};

/** Reads the user's files. A signature that does not hold is no error: it is told by
 * iw_baselines_settle(). IW_OK; IW_EUSAGE (a key that is none); IW_EIO; IW_ELIMIT; IW_ENOMEM. */
enum iw_rc iw_baselines_open(struct iw_baselines *baselines,
                             const struct iw_server_options *options, struct iw_error *err);
void iw_baselines_close(struct iw_baselines *baselines);

/** Compares, marks run->inventory, fills run->baseline and run->differences; notes tell what was
 * not compared, or why the baseline is refused. IW_OK or IW_ENOMEM. */
enum iw_rc iw_baselines_settle(struct iw_baselines *baselines, const _Atomic bool *cancelled,
                               struct iw_run *run);

#endif
