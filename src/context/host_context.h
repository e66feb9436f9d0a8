/**
 * The context of one host at a moment of its event time: its processes and logons as the facts so
 * far told tell of them, and its web server.
 *
 * For each host in turn: begin, then facts in event time, asking in between. One thread.
 */
#ifndef IW_CONTEXT_HOST_CONTEXT_H
#define IW_CONTEXT_HOST_CONTEXT_H

#include "context/context_subject.h"
#include "context/lineage.h"
#include "context/logons.h"
#include "context/sid_names.h"
#include "context/web_identity.h"
#include "context/web_places.h"

struct iw_host_context {
    struct iw_lineage *lineage;
    struct iw_logons *logons;
    struct iw_worker_accounts workers;  /* whom workers started as */
    const struct iw_sid_names *names;   /* settled; NULL: SIDs have no names but the well-known */
    const struct iw_web_places *places; /* NULL: no server is known */
    struct iw_str host;                 /* borrowed from whoever began */
    uint64_t n_odd;                     /* payloads that were no facts */
};

/** What a worker serves at a moment. Texts belong to the context. */
struct iw_worker_pool {
    struct iw_str pool; /* empty: not known */
    const char *how;    /* "command line", "account", "account's SID"; NULL: not known */
};

/** *names* and *places* (either may be NULL) live longer. IW_OK or IW_ENOMEM; done is needed in
 * every case. */
enum iw_rc iw_host_context_init(struct iw_host_context *context, const struct iw_sid_names *names,
                                const struct iw_web_places *places);
void iw_host_context_done(struct iw_host_context *context);
/** Forgets the host before. */
void iw_host_context_begin(struct iw_host_context *context, struct iw_str host);
/** Tells the bytes of a fact (iw_context_fact_write), in event time. Bytes that are none are
 * counted. *place*: where its event stands; NULL: not known. IW_OK or IW_ENOMEM. */
enum iw_rc iw_host_context_tell(struct iw_host_context *context, int64_t time_ns,
                                const struct iw_event_place *place, struct iw_str bytes);

/** The logon a process runs under, or NULL: not known. */
const struct iw_logon *iw_host_context_logon(const struct iw_host_context *context,
                                             const struct iw_process *process);
/** The pool a worker serves: its command line says, else its account does. *state*: of its server.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_host_context_pool(const struct iw_host_context *context,
                                const struct iw_process *worker, const struct iw_web_state *state,
                                struct iw_arena *scratch, struct iw_worker_pool *ret);
/** Whom an account may be, as far as the host's workers so far and its configuration say. Borrowed.
 */
enum iw_web_identity iw_host_context_identity(const struct iw_host_context *context,
                                              struct iw_str user, struct iw_str sid,
                                              struct iw_str *ret_pool);

#endif
