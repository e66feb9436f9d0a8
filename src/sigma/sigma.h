/**
 * Sigma rules: text → immutable ruleset → matches. The header other rooms include; beside
 * it only sigma_explain.h, sigma_lint.h and sigma_rule_test.h, for the `rules` commands, and
 * sigma_demand.h, for coverage.
 *
 * compiler (mutable, one thread) → ruleset (immutable, shared) → scanner (one per thread). A rule
 * that cannot be honoured exactly is refused by name in the rule account and never loaded half-way;
 * a rule file can therefore not make these functions fail.
 */
#ifndef IW_SIGMA_SIGMA_H
#define IW_SIGMA_SIGMA_H

#include "event/context_answer.h"
#include "event/event.h"
#include "event/route.h"
#include "result/finding.h"
#include "result/rule_account.h"

struct iw_sigma_compiler;
struct iw_sigma_ruleset;
struct iw_sigma_scanner;

struct iw_sigma_placeholders;

/** What a compiler may be told. All zero is what a hunt without placeholders wants. */
struct iw_sigma_options {
    const struct iw_sigma_placeholders *placeholders; /* NULL: none were given */
    /** Load rules that ask for context fields (`Web.Site`, `Ancestor.Image` …) and take these from
     * the event, as a rule test does; otherwise such a rule is "not yet". */
    bool takes_context;
    /** Correlations are loaded, because their matches will be fed to a correlator
     * (sigma_correlate.h); otherwise they are "not yet", and their rules are reported. */
    bool runs_correlations;
    /** Load them, and leave what they ask of context open until it is known: such a rule is
     * *perhaps* a match (iw_sigma_scanner_perhaps) and is decided by iw_sigma_decide. Not with
     * takes_context.
     */
    bool defers_context;
};

/** Three-valued: AND is the least, OR the greatest, NOT is 2 - x. */
enum iw_truth { IW_FALSE = 0, IW_UNKNOWN = 1, IW_TRUE = 2 };

/** A loaded rule, as findings need it. Lives as long as its ruleset. */
struct iw_sigma_rule {
    struct iw_str id, title, description;
    struct iw_str name, status; /* as written; often empty */
    enum iw_level level;
    struct iw_text_list attack;   /* "T1505.003": from tags attack.tNNNN(.NNN), upper-case */
    struct iw_text_list analytic; /* "AN1108": from tags iiswarden.anNNNN or detection.anNNNN */
    enum iw_finding_kind kind;    /* RULE, or TELEMETRY when tagged iiswarden.kind-telemetry */
    struct iw_text_list falsepositives;
    struct iw_text_list triage; /* custom key `triage`: list of short instructions */
    size_t account_index;       /* its entry in the rule account */
};

/** *names* gets every field the rules ask for; *account* one entry per document. Both outlive the
 * compiler. NULL: no memory. */
struct iw_sigma_compiler *iw_sigma_compiler_new(struct iw_names *names,
                                                struct iw_rule_account *account);
void iw_sigma_compiler_free(struct iw_sigma_compiler *compiler);
/** Tells it more, before the first rule. What *options* points to must outlive the compiler, not
 * the ruleset. */
void iw_sigma_compiler_set_options(struct iw_sigma_compiler *compiler,
                                   const struct iw_sigma_options *options);
/** Adds all documents of one YAML text. *origin* is its path or "builtin:…". IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_compiler_add(struct iw_sigma_compiler *compiler, const char *origin,
                                 bool is_builtin, struct iw_str yaml);
/**
 * Adds a rule file, or every *.yml and *.yaml below a folder in byte order of path. IW_OK; IW_EIO
 * when *path* itself cannot be read (err says why); IW_ENOMEM. A file below a folder that cannot be
 * read is an entry "refused" in the account.
 */
enum iw_rc iw_sigma_compiler_add_path(struct iw_sigma_compiler *compiler, const char *path,
                                      struct iw_error *err);
/** Adds the rules built into the program. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_compiler_add_builtin(struct iw_sigma_compiler *compiler);
/** Joins filters and rules, checks correlations, and makes the immutable ruleset; the compiler can
 * then only be freed. *ret is the caller's. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_compiler_finish(struct iw_sigma_compiler *compiler,
                                    struct iw_sigma_ruleset **ret);

/**
 * Reads what placeholders stand for: a YAML or JSON map from names to a text, a number or a list of
 * them. *ret is the caller's, NULL after an error.
 *
 * @return IW_OK; IW_EUSAGE (not readable, not such a map: err has path, line and column); IW_ENOMEM
 */
enum iw_rc iw_sigma_placeholders_read(const char *path, struct iw_sigma_placeholders **ret,
                                      struct iw_error *err);
/** The same from text that is in memory. */
enum iw_rc iw_sigma_placeholders_parse(struct iw_str text, struct iw_sigma_placeholders **ret,
                                       struct iw_error *err);
void iw_sigma_placeholders_free(struct iw_sigma_placeholders *placeholders);

void iw_sigma_ruleset_free(struct iw_sigma_ruleset *ruleset);
size_t iw_sigma_ruleset_count(const struct iw_sigma_ruleset *ruleset);
const struct iw_sigma_rule *iw_sigma_ruleset_rule(const struct iw_sigma_ruleset *ruleset,
                                                  size_t index);
/** Whether rule *index* waits for context (defers_context). */
bool iw_sigma_ruleset_asks_context(const struct iw_sigma_ruleset *ruleset, size_t index);
/** Adds what the rules want decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_ruleset_route(const struct iw_sigma_ruleset *ruleset, struct iw_route *route);

/** One per thread; the ruleset must outlive it. NULL: no memory. */
struct iw_sigma_scanner *iw_sigma_scanner_new(const struct iw_sigma_ruleset *ruleset);
/** One that evaluates every rule by the book, value by value: slow, and what the other one is
 * tested against. NULL: no memory. */
struct iw_sigma_scanner *iw_sigma_scanner_new_plain(const struct iw_sigma_ruleset *ruleset);
void iw_sigma_scanner_free(struct iw_sigma_scanner *scanner);

/**
 * Matches one decoded event against all rules whose log source it has.
 *
 * @param ret_rules  indices of the matching rules in ascending order; the scanner's memory, valid
 * until the next call
 * @param ret_n      their number
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_sigma_scanner_match(struct iw_sigma_scanner *scanner, const struct iw_event *event,
                                  const uint32_t **ret_rules, size_t *ret_n);
/** Events on which a regular expression of rule *index* reached its limit (the rule's outcome was
 * unknown). */
uint64_t iw_sigma_scanner_unknown(const struct iw_sigma_scanner *scanner, size_t index);

/** A rule that is neither true nor false of the event as long as context is not known, and what the
 * event said of it. */
struct iw_sigma_perhaps {
    uint32_t rule;
    struct iw_str residue; /* bytes, for iw_sigma_decide of the same ruleset */
};
/** Those of the event matched last, by rule, ascending; the scanner's memory, valid until the next
 * match. Only where the compiler was told to defer context. */
const struct iw_sigma_perhaps *iw_sigma_scanner_perhaps(const struct iw_sigma_scanner *scanner,
                                                        size_t *ret_n);

struct iw_sigma_decider;

/** Decides such rules; one per thread. *ruleset* and *names* outlive it. NULL: no memory. */
struct iw_sigma_decider *iw_sigma_decider_new(const struct iw_sigma_ruleset *ruleset,
                                              const struct iw_names *names);
void iw_sigma_decider_free(struct iw_sigma_decider *decider);
/**
 * Decides a rule of which an event left *residue*. *answers* is called with *context*, once for
 * each context field the rule asks for.
 *
 * @param ret  IW_TRUE: it matches; IW_FALSE; IW_UNKNOWN: what is known does not decide it, which is
 * no match
 * @return IW_OK; IW_EFORMAT: no residue of this rule; IW_ENOMEM; whatever *answers* returned
 */
enum iw_rc iw_sigma_decide(struct iw_sigma_decider *decider, uint32_t rule, struct iw_str residue,
                           iw_context_ask *answers, void *context, enum iw_truth *ret);
/** How often rule *index* was left unknown. */
uint64_t iw_sigma_decider_unknown(const struct iw_sigma_decider *decider, size_t index);

/** How many rules were looked at closely so far, equal ones counted once: what speed depends on. */
uint64_t iw_sigma_scanner_walked(const struct iw_sigma_scanner *scanner);

#endif
