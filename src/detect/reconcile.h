/**
 * The reconciler: what is configured, what lies on disk, what the baseline says and what events
 * tell of a web server, laid side by side; where they contradict, that is a finding (design §5).
 *
 * Works without any event, and without a baseline. Every server is judged by a table of judgments
 * (detect/judgment.h); what several of them say of one component or file is one finding.
 */
#ifndef IW_DETECT_RECONCILE_H
#define IW_DETECT_RECONCILE_H

#include "context/file_requests.h"
#include "context/server_events.h"
#include "detect/chain/act_trail.h"
#include "iis/baseline/baseline.h"
#include "iis/change/changes.h"
#include "iis/change/estate.h"
#include "result/inventory.h"
#include "result/ledger.h"

/** iw_changes_judge, or what stands for it. */
typedef enum iw_rc iw_change_judge(const struct iw_changes *changes, const struct iw_act *act,
                                   struct iw_arena *arena, struct iw_change *ret);

/** Whether a chain of evidence shows what *web_file* of *host* holds, and that the baseline does
 * not have it, at that level or a higher one: then it is not said once more. *scratch* is used; no
 * memory in it: false. */
typedef bool iw_is_web_file_told(void *context, struct iw_str host,
                                 const struct iw_inventory_web_file *web_file, enum iw_level level,
                                 struct iw_arena *scratch);

/** Who did the act that a fact tells of; false: not known. iw_component_trails_act, or what stands
 * for it. */
typedef bool iw_act_ask(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                        struct iw_act_trail *ret);

/** All of it lives longer than the call. */
struct iw_reconcile_input {
    const struct iw_inventory *inventory;              /* hosts settled */
    const struct iw_baseline_differences *differences; /* of this inventory; NULL: no baseline */
    struct iw_str baseline_source;                     /* its file, for evidence */
    const struct iw_server_facts *facts;               /* settled; NULL: no events */
    const struct iw_ledger *ledger;                    /* paths of the facts' sources; may be NULL
                                                          where there are no facts */
    const struct iw_changes *changes;                  /* NULL: nobody planned anything */
    iw_change_judge *judge_change;                     /* NULL: changes are not asked */
    const _Atomic bool *cancelled;                     /* may be NULL */
    const struct iw_sid_names *names;                  /* settled; NULL: accounts that events name
                                                          by SID alone stay without a name */
    const struct iw_estate *estate;                    /* NULL: who may do what is not known */
    struct iw_url_requests *requests;                  /* settled; NULL: nobody asks them */
    const struct iw_web_places *places;        /* where there are requests: of this inventory */
    iw_is_web_file_told *is_web_file_told;     /* NULL: there are no chains */
    iw_is_web_file_told *is_web_file_in_chain; /* whether one is known by it, whatever it holds */
    void *told;                                /* the context of both */
    iw_act_ask *ask_act;                       /* NULL: who did what is not known */
    void *acts;                                /* its context */
};

/** Takes one finding, without its id; gone after the call. IW_OK, or what iw_reconcile returns. */
typedef enum iw_rc iw_reconcile_sink(void *context, struct iw_finding *finding,
                                     struct iw_error *err);

/**
 * Judges all servers, in the order of the inventory; findings of a server come in the order of
 * their subjects.
 *
 * @param arena  gets what the findings need; reset between servers, so nothing else may live there
 * @return IW_OK, IW_ENOMEM, IW_ECANCELLED, and what *sink* returns
 */
enum iw_rc iw_reconcile(const struct iw_reconcile_input *input, iw_reconcile_sink *sink,
                        void *context, struct iw_arena *arena, struct iw_error *err);

#endif
