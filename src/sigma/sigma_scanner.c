/*
 * The scanner: one per thread. For each event it walks the rules filed under its channel and id.
 */
#include "base/alloc.h"
#include "sigma/sigma_eval.h"
#include "sigma/sigma_ruleset.h"

#define LONGEST_CHANNEL 256U

struct iw_sigma_scanner {
    const struct iw_sigma_ruleset *ruleset;
    struct iw_eval eval;
    uint32_t *matches;   /* room for every rule */
    uint64_t *n_unknown; /* by rule */
    /* The channel of the event before: most events come in runs. */
    const struct iw_rule_channel *channel;
    char channel_name[LONGEST_CHANNEL];
    size_t channel_n;
};

struct iw_sigma_scanner *iw_sigma_scanner_new(const struct iw_sigma_ruleset *ruleset)
{
    struct iw_sigma_scanner *scanner = iw_calloc(1, sizeof *scanner);
    bool ready;

    if (scanner == NULL)
        return NULL;
    scanner->ruleset = ruleset;
    ready = iw_view_init(&scanner->eval.view, ruleset->n_names);
    scanner->eval.worker = iw_regex_worker_new();
    scanner->eval.stack = iw_calloc(ruleset->stack_depth + 1, 1);
    scanner->matches = iw_calloc(ruleset->n_plans + 1, sizeof *scanner->matches);
    scanner->n_unknown = iw_calloc(ruleset->n_plans + 1, sizeof *scanner->n_unknown);
    if (!ready || scanner->eval.worker == NULL || scanner->eval.stack == NULL ||
        scanner->matches == NULL || scanner->n_unknown == NULL) {
        iw_sigma_scanner_free(scanner);
        return NULL;
    }
    return scanner;
}

void iw_sigma_scanner_free(struct iw_sigma_scanner *scanner)
{
    if (scanner == NULL)
        return;
    iw_view_done(&scanner->eval.view);
    iw_regex_worker_free(scanner->eval.worker);
    iw_free(scanner->eval.stack);
    iw_free(scanner->matches);
    iw_free(scanner->n_unknown);
    iw_free(scanner);
}

static const struct iw_rule_channel *channel_of(struct iw_sigma_scanner *scanner,
                                                struct iw_str channel)
{
    if (channel.n > sizeof scanner->channel_name)
        return iw_ruleset_channel(scanner->ruleset, channel);
    if (scanner->channel == NULL || scanner->channel_n != channel.n ||
        (channel.n != 0 && memcmp(scanner->channel_name, channel.p, channel.n) != 0)) {
        scanner->channel = iw_ruleset_channel(scanner->ruleset, channel);
        scanner->channel_n = channel.n;
        if (channel.n != 0)
            memcpy(scanner->channel_name, channel.p, channel.n);
    }
    return scanner->channel;
}

enum iw_rc iw_sigma_scanner_match(struct iw_sigma_scanner *scanner, const struct iw_event *event,
                                  const uint32_t **ret_rules, size_t *ret_n)
{
    const struct iw_rule_list *list =
        iw_rule_channel_list(channel_of(scanner, event->channel), event->event_id);
    struct iw_eval *eval = &scanner->eval;

    *ret_rules = scanner->matches;
    *ret_n = 0;
    if (list->n == 0)
        return IW_OK;
    eval->no_memory = false;
    if (!iw_view_set(&eval->view, event))
        return IW_ENOMEM;
    for (size_t i = 0; i < list->n; i++) {
        uint32_t rule = list->rules[i];
        enum iw_truth truth = iw_eval_rule(eval, scanner->ruleset->plans[rule]);
        if (eval->no_memory || eval->view.no_memory)
            break;
        if (truth == IW_TRUE)
            scanner->matches[(*ret_n)++] = rule;
        scanner->n_unknown[rule] += truth == IW_UNKNOWN;
    }
    /* The view keeps nothing of the event: its memory is the caller's. */
    iw_view_forget(&eval->view);
    if (eval->no_memory || eval->view.no_memory) {
        *ret_n = 0;
        return IW_ENOMEM;
    }
    return IW_OK;
}

uint64_t iw_sigma_scanner_unknown(const struct iw_sigma_scanner *scanner, size_t index)
{
    return index < scanner->ruleset->n_plans ? scanner->n_unknown[index] : 0;
}
