/**
 * What files of settings say of one witness of a link, in the folder that is asked about. Inside of
 * this room only.
 */
#ifndef IW_COVERAGE_LINK_SETTINGS_H
#define IW_COVERAGE_LINK_SETTINGS_H

#include "coverage/link_state.h"

/** Zeroed but for the first three. */
struct iw_link_asking {
    const struct iw_link_host *host;
    const struct iw_link_witness *row;
    struct iw_arena *arena;        /* of what is said */
    struct iw_proof_answer answer; /* from *asked_ns* on as long as it holds */
    int64_t asked_ns;
    bool is_asked;
};

/** What settings say of the witness at a moment: asked once for as long as it holds; *silent* where
 * there are none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_ask(struct iw_link_asking *in, int64_t time_ns, struct iw_proof_answer *ret);

#endif
