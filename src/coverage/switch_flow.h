/**
 * What a statement hands on to the next: names in a pipeline, in variables, and the machine a block
 * runs on. Inside of this room only.
 */
#ifndef IW_COVERAGE_SWITCH_FLOW_H
#define IW_COVERAGE_SWITCH_FLOW_H

#include "coverage/switch_programs.h"

struct iw_switch_flow {
    struct iw_switch_reader reader;
    struct iw_arena *scratch;
    struct iw_str given_hosts; /* of what is handed on; empty: the own one */
    struct iw_str block_hosts; /* of the block it is in; p NULL: in none */
    uint32_t block_depth;
    bool is_block_host_unread;
    struct iw_str sets; /* the variable that the pipeline sets; empty: none */
    bool has_aliases;
};

/** The program of a word, by the name that the same text gives it, too. NULL: none of these. */
const struct iw_switch_program *iw_switch_flow_program(const struct iw_switch_flow *flow,
                                                       struct iw_str word);

/** What is handed on to a statement; p NULL: nobody can tell. */
struct iw_str iw_switch_flow_given(const struct iw_switch_flow *flow);
/** Of a statement without a program that asks: what it hands on. *program* NULL: it calls none that
 * is known; else its name is the word *at*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_flow_see(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                              const struct iw_switch_program *program, size_t at);
/** Ends the block that is for other machines where a statement stands behind it. Told of each. */
void iw_switch_flow_block(struct iw_switch_flow *flow, const struct iw_switch_words *words);

#endif
