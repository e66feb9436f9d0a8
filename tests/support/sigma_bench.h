/**
 * Rules from text, for tests: what became of each document, and which rules match an event.
 */
#ifndef IW_TESTS_SUPPORT_SIGMA_BENCH_H
#define IW_TESTS_SUPPORT_SIGMA_BENCH_H

#include "sigma/sigma.h"

struct sigma_bench {
    struct iw_arena arena;
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
};

/** Loads *yaml*; *placeholders* (a map as text) may be NULL. Asserts that nothing fails. */
void sigma_bench_load(struct sigma_bench *bench, struct iw_str yaml, const char *placeholders);
/** Loads with all options. */
void sigma_bench_load_with(struct sigma_bench *bench, struct iw_str yaml,
                           const struct iw_sigma_options *options);
void sigma_bench_done(struct sigma_bench *bench);

/** The titles of the rules that match a flat event, with a space between, in order. In the bench's
 * arena. */
const char *sigma_bench_match(struct sigma_bench *bench, const char *event_yaml);

/** Asserts what became of document *at*, and words of its reason (or of its note when loaded). */
void sigma_bench_expect(const struct sigma_bench *bench, size_t at, enum iw_rule_state state,
                        const char *words);

/** Loads one rule whose `detection` is *detection*, for any Windows event, and asks it. */
bool sigma_rule_matches(const char *detection, const char *placeholders, const char *event_yaml);

#endif
