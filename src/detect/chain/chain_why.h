/**
 * Inside of chains: what the lines are made of that say why. Each function adds to `why` of the
 * chain that becomes a finding, and remembers there that memory was short; texts lie in the arena
 * of the finding.
 */
#ifndef IW_DETECT_CHAIN_WHY_H
#define IW_DETECT_CHAIN_WHY_H

#include "detect/chain/chain_telling.h"

/** Says one mark; *head* begins the line. */
typedef void iw_chain_say_mark(struct iw_telling *telling, const char *head);

/* --- of shells (chain_why_shell.c) ------------------------------------------------------------ */

iw_chain_say_mark iw_chain_say_shell;
iw_chain_say_mark iw_chain_say_identity;
iw_chain_say_mark iw_chain_say_brought;
iw_chain_say_mark iw_chain_say_cgi_run;
iw_chain_say_mark iw_chain_say_renamed;
iw_chain_say_mark iw_chain_say_command;
iw_chain_say_mark iw_chain_say_loaded;

/* --- of files (chain_why_file.c) -------------------------------------------------------------- */

iw_chain_say_mark iw_chain_say_file;
iw_chain_say_mark iw_chain_say_undecided;
iw_chain_say_mark iw_chain_say_unseen;
iw_chain_say_mark iw_chain_say_collected;
iw_chain_say_mark iw_chain_say_wrote;
iw_chain_say_mark iw_chain_say_named;
iw_chain_say_mark iw_chain_say_same_pool;
iw_chain_say_mark iw_chain_say_other_pool;
iw_chain_say_mark iw_chain_say_writer;
iw_chain_say_mark iw_chain_say_over_network;
iw_chain_say_mark iw_chain_say_near;
iw_chain_say_mark iw_chain_say_burst;
iw_chain_say_mark iw_chain_say_explained;
iw_chain_say_mark iw_chain_say_odd_name;

/* --- of requests (chain_why_request.c) -------------------------------------------------------- */

iw_chain_say_mark iw_chain_say_request;
iw_chain_say_mark iw_chain_say_request_undecided;
iw_chain_say_mark iw_chain_say_request_served;
iw_chain_say_mark iw_chain_say_request_after;
iw_chain_say_mark iw_chain_say_rare;
/** The requests that ran as shells started: of the best one, and how many others. */
void iw_chain_say_running(struct iw_telling *telling);
iw_chain_say_mark iw_chain_say_compiled_before;

/* --- beside the marks (chain_why_beside.c) ---------------------------------------------------- */

void iw_chain_say_beside(struct iw_telling *telling);

/* --- pieces (chain_why_text.c) ---------------------------------------------------------------- */

/** At most *n* bytes, and "..." behind them where something is left out. */
struct iw_str iw_chain_cut_to(struct iw_telling *telling, struct iw_str text, size_t n);
/** At most 160 bytes, with "..." where something is left out. */
struct iw_str iw_chain_cut_line(struct iw_telling *telling, struct iw_str text);
/** Between two moments of the chain, for people: "480 ms", "130 s". */
struct iw_str iw_chain_distance_text(struct iw_telling *telling, int64_t from_ns, int64_t to_ns);
/** Who did a writing of the file: *write* is what its event says. */
struct iw_str iw_chain_writer_text_of(struct iw_telling *telling, const struct iw_chain_item *item,
                                      const struct iw_chain_fact *write);
/** The same of the writing that the best shell was joined by. */
struct iw_str iw_chain_writer_text(struct iw_telling *telling);

#endif
