/**
 * What context decided: which of the rules that pass 1 left open match an event, and which
 * events are links of a chain.
 *
 * Decisions are made host by host, each host's events in event time; findings and correlations are
 * made of all hosts in event time. So decisions are sorted as matches are (order/order.h) and read
 * beside them.
 */
#ifndef IW_ENGINE_DECISIONS_H
#define IW_ENGINE_DECISIONS_H

#include "engine/match.h"

struct iw_decisions;
struct iw_decision_reader;

/** *spill* lives longer. NULL: no memory. */
struct iw_decisions *iw_decisions_new(struct iw_spill *spill, size_t budget_bytes);
void iw_decisions_free(struct iw_decisions *decisions);
/** Adds what was decided for the event of *fact*, rules ascending. IW_OK, IW_ENOMEM, IW_EIO: the
 * temporary file takes no more. */
enum iw_rc iw_decisions_add(struct iw_decisions *decisions, const struct iw_fact *fact,
                            const struct iw_decided_rule *decided, size_t n, struct iw_error *err);
/** Says that an event is a link of a chain of that level: findings of rules about it would tell the
 * same twice. Said several times, the highest counts. Of *fact* what says which event it is,
 * *computer* its host. Codes as above. */
enum iw_rc iw_decisions_add_link(struct iw_decisions *decisions, const struct iw_fact *fact,
                                 enum iw_level level, struct iw_error *err);
/** Ends the adding; *hosts* is settled and lives as long. IW_OK or IW_ENOMEM. */
enum iw_rc iw_decisions_settle(struct iw_decisions *decisions, const struct iw_hosts *hosts,
                               struct iw_error *err);

/** Begins to read, as often as wanted; *ret* is closed by the caller. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_decisions_open(const struct iw_decisions *decisions, struct iw_decision_reader **ret,
                             struct iw_error *err);
void iw_decisions_close(struct iw_decision_reader *reader); /* NULL is fine */
/**
 * Adds to *match*, a form of the event of *fact*, the rules that waited for context and match, and
 * whether it is a link, and of what level. Events are asked for in the overall order; texts lie in
 * *arena*.
 *
 * @return IW_OK, IW_ENOMEM, IW_EIO
 */
enum iw_rc iw_decisions_apply(struct iw_decision_reader *reader, const struct iw_fact *fact,
                              struct iw_arena *arena, struct iw_match *match, struct iw_error *err);

/** Reads a matched event as its fact has it, with what was decided. *reader* may be NULL: nothing
 * was. Codes as before. */
enum iw_rc iw_decisions_read_form(struct iw_decision_reader *reader, const struct iw_fact *fact,
                                  struct iw_arena *arena, struct iw_match *ret,
                                  struct iw_error *err);
/** Reads another form of its record, fact->variants[index], and leaves in it the rules that *known*
 * has not: for iw_match_join. Codes as before. */
enum iw_rc iw_decisions_read_variant(struct iw_decision_reader *reader, const struct iw_fact *fact,
                                     size_t index, const struct iw_match *known,
                                     struct iw_arena *arena, struct iw_match *ret,
                                     struct iw_error *err);

#endif
