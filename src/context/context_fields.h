/**
 * Context fields of rules (`Web.Site`, `Ancestor.Image`, `Logon.Type` …): what is known of them for
 * one event, on its host, at its moment.
 *
 * A table of fields; each answers *known* with its values, none included, or *unknown*. Assumptions
 * are marked (struct iw_context_answer). Fields that other rooms answer (`Change.Status`) are
 * unknown here: iw_context_field_is_here says which.
 */
#ifndef IW_CONTEXT_CONTEXT_FIELDS_H
#define IW_CONTEXT_CONTEXT_FIELDS_H

#include "context/host_context.h"
#include "context/request_root.h"
#include "event/context_answer.h"

/** An event about which context is asked. Zero-initialise, then iw_context_asking_init. */
struct iw_context_asking {
    const struct iw_host_context *context;
    struct iw_arena arena; /* of answers */
    /* Of the event, set by iw_context_asking_begin. */
    struct iw_context_subject subject;
    int64_t time_ns;
    struct iw_web_state state;
    struct iw_request_root request;   /* of an event that is one */
    const struct iw_process *process; /* NULL: the event names none, or one that is not known */
    const struct iw_process *worker;  /* that it is or descends from; NULL: none known */
    bool knows_all_ancestors;
    struct iw_worker_pool pool;
    const struct iw_logon *logon; /* NULL: not known */
};

void iw_context_asking_init(struct iw_context_asking *asking,
                            const struct iw_host_context *context);
void iw_context_asking_done(struct iw_context_asking *asking);
/** Another event of the host, at the moment its context has reached; answers given before are
 * forgotten. *subject* is borrowed. IW_OK or IW_ENOMEM. */
enum iw_rc iw_context_asking_begin(struct iw_context_asking *asking,
                                   const struct iw_context_subject *subject, int64_t time_ns);
/** Answers one field (an iw_context_ask; *asking* is a struct iw_context_asking *). A field that
 * nobody knows is unknown. */
enum iw_rc iw_context_field_ask(void *asking, struct iw_str field, struct iw_context_answer *ret);
/** Whether this room answers a field. */
bool iw_context_field_is_here(struct iw_str field);

#endif
