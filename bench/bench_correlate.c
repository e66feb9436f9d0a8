/*
 * Measures the correlator alone: what an event costs as the groups grow, and the events inside a
 * window. Matches are made here, one a millisecond, of groups in an order that looks random.
 *
 *   bench_correlate [--events N] [TYPE [GROUPS WINDOW]]
 *
 * WINDOW is how many events lie in a window, of all groups together. Times include the making of
 * matches (the row "nothing").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "sigma/sigma_correlate.h"

#define MILLISECOND 1000000LL

static const struct {
    const char *name, *type, *condition;
} ROWS[] = {
    {"nothing", NULL, NULL},
    {"event_count", "event_count", "{gte: 10}"},
    {"value_count", "value_count", "{field: V, gte: 10}"},
    {"value_sum", "value_sum", "{field: N, gte: 1000000000}"},
    {"value_median", "value_median", "{field: N, gte: 1000000000}"},
    {"temporal", "temporal", NULL},
    {"temporal_ordered", "temporal_ordered", NULL},
};
#define N_ROWS (sizeof ROWS / sizeof ROWS[0])

static const struct {
    uint64_t groups, window;
} SIZES[] = {{1, 1000},       {100, 1000},      {100, 100000},
             {10000, 100000}, {10000, 1000000}, {100000, 1000000}};

static void die(const char *what)
{
    (void)fprintf(stderr, "bench_correlate: %s\n", what);
    exit(70);
}

static enum iw_rc count(void *user, const struct iw_correlate_report *report)
{
    (void)report;
    ++*(uint64_t *)user;
    return IW_OK;
}

/* Two rules, and the correlation of one row over them. */
static struct iw_sigma_ruleset *load(struct iw_names *names, struct iw_rule_account *account,
                                     size_t row, uint64_t window)
{
    const struct iw_sigma_options options = {.runs_correlations = true};
    struct iw_sigma_compiler *compiler = iw_sigma_compiler_new(names, account);
    struct iw_sigma_ruleset *ruleset = NULL;
    char yaml[1024];
    int n = snprintf(yaml, sizeof yaml,
                     "title: a\nname: a\nlogsource: {product: windows}\n"
                     "detection: {s: {T: a}, condition: s}\n---\n"
                     "title: b\nname: b\nlogsource: {product: windows}\n"
                     "detection: {s: {T: b}, condition: s}\n---\n"
                     "title: c\ncorrelation: {type: %s, rules: [a, b], group-by: [U], timespan: "
                     "%llus",
                     ROWS[row].type != NULL ? ROWS[row].type : "temporal",
                     (unsigned long long)(window / 1000));

    if (n > 0 && ROWS[row].condition != NULL)
        n += snprintf(yaml + n, sizeof yaml - (size_t)n, ", condition: %s", ROWS[row].condition);
    (void)snprintf(yaml + n, sizeof yaml - (size_t)n, "}\n");
    if (compiler == NULL)
        die("no memory");
    iw_sigma_compiler_set_options(compiler, &options);
    if (iw_sigma_compiler_add(compiler, "bench", false, iw_str_of(yaml)) != IW_OK ||
        iw_sigma_compiler_finish(compiler, &ruleset) != IW_OK || iw_correlate_count(ruleset) != 1)
        die("the rules do not load");
    iw_sigma_compiler_free(compiler);
    return ruleset;
}

/* Feeds *n* matches; nanoseconds. */
static uint64_t feed(struct iw_correlator *correlator, bool gives, uint64_t n, uint64_t groups)
{
    static const uint32_t RULES[] = {0, 1};
    uint64_t start = iw_clock_ns(), random = 88172645463325252U;

    for (uint64_t i = 0; i < n; i++) {
        char group[24], value[24];
        struct iw_correlate_value values[2];
        struct iw_correlate_match match = {.time_ns = (int64_t)i * MILLISECOND,
                                           .host = IW_STR("web1"),
                                           .ordinal = i,
                                           .n_rules = 1,
                                           .values = values,
                                           .n_values = 2};
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        /* The second of the two rules is rare. */
        match.rules = &RULES[(random >> 50) % 64 == 0];
        values[0] = (struct iw_correlate_value){
            0,
            {group, (size_t)snprintf(group, sizeof group, "u%llu",
                                     (unsigned long long)(random % groups))}};
        values[1] = (struct iw_correlate_value){
            1,
            {value, (size_t)snprintf(value, sizeof value, "%llu",
                                     (unsigned long long)(random >> 40) % 1000)}};
        if (gives && iw_correlator_feed(correlator, &match) != IW_OK)
            die("feeding failed");
    }
    return iw_clock_ns() - start;
}

static void measure(size_t row, uint64_t n, uint64_t groups, uint64_t window)
{
    uint64_t n_reports = 0;
    const struct iw_correlate_options options = {.tell = count, .user = &n_reports};
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
    struct iw_correlator *correlator;
    uint64_t ns;

    if (iw_names_init(&names) != IW_OK)
        die("no memory");
    iw_rule_account_init(&account);
    ruleset = load(&names, &account, row, window);
    correlator = iw_correlator_new(ruleset, &options);
    if (correlator == NULL)
        die("no memory");
    ns = feed(correlator, ROWS[row].type != NULL, n, groups);
    (void)iw_correlator_finish(correlator);
    (void)printf("| %s | %llu | %llu | %.0f | %.2f | %llu | %llu |\n", ROWS[row].name,
                 (unsigned long long)groups, (unsigned long long)window, (double)ns / (double)n,
                 (double)iw_correlator_peak_bytes(correlator) / 1e6, (unsigned long long)n_reports,
                 (unsigned long long)iw_correlator_account(correlator, 0)->n_given_up);
    iw_correlator_free(correlator);
    iw_sigma_ruleset_free(ruleset);
    iw_rule_account_done(&account);
    iw_names_done(&names);
}

int main(int argc, char **argv)
{
    uint64_t n = 3000000;
    const char *only = NULL;
    int at = 1;

    if (argc > at + 1 && strcmp(argv[at], "--events") == 0) {
        n = strtoull(argv[at + 1], NULL, 10);
        at += 2;
    }
    if (argc > at)
        only = argv[at++];
    (void)printf("| correlation | groups | events in a window | ns per event | peak MB | reports | "
                 "groups given up |\n|---|---|---|---|---|---|---|\n");
    for (size_t row = 0; row < N_ROWS; row++) {
        if (only != NULL && strcmp(only, ROWS[row].name) != 0)
            continue;
        if (argc == at + 2) {
            measure(row, n, strtoull(argv[at], NULL, 10), strtoull(argv[at + 1], NULL, 10));
            continue;
        }
        for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++)
            measure(row, n, SIZES[i].groups, SIZES[i].window);
    }
    return 0;
}
