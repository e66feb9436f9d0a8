/**
 * A case for the correlator made of bytes: up to three correlations over four rules and each other,
 * and a stream of events. Alphabets are small, so that groups meet, times are equal, and windows
 * begin and end exactly at events.
 */
#ifndef IW_TESTS_SUPPORT_CORRELATE_CASE_H
#define IW_TESTS_SUPPORT_CORRELATE_CASE_H

#include "base/buffer.h"
#include "sigma/sigma_correlation.h"

#define CASE_RULES 4
#define CASE_STEPS 4
#define CASE_EVENTS 28
#define CASE_CORRELATIONS 3
#define CASE_VALUES 2
#define CASE_NODES 16

/** A field: of events, the host, or the alias of a correlation. */
enum case_field { CASE_U = 0, CASE_V, CASE_N, CASE_HOST, CASE_ALIAS };

struct case_step {
    bool is_correlation;
    int at;
};

/** A node of an extended condition; children come before it. */
struct case_node {
    enum { CASE_LEAF, CASE_NOT, CASE_AND, CASE_OR } kind;
    int left, right; /* LEAF: left is the step */
};

struct case_correlation {
    enum iw_correlation_type type;
    struct case_step steps[CASE_STEPS];
    int n_steps;
    int64_t span; /* seconds */
    enum case_field group[2], fields[2];
    int n_group, n_fields;
    enum iw_bound_kind kinds[2];
    double bounds[2];
    int n_bounds;
    double percentile;
    struct case_node nodes[CASE_NODES];
    int n_nodes;           /* 0: no extended condition; the last is the root */
    int alias[CASE_RULES]; /* a case_field of matches of the rule; -1: none */
    bool generate;
};

struct case_event {
    int64_t time; /* seconds */
    unsigned rules;
    int host;
    const char *values[3][CASE_VALUES]; /* U, V, N; NULL: none */
};

struct correlate_case {
    struct case_correlation correlations[CASE_CORRELATIONS];
    int n_correlations;
    struct case_event events[CASE_EVENTS];
    int n_events;
};

/** Any bytes make a case. */
void correlate_case_make(const uint8_t *bytes, size_t n, struct correlate_case *ret);
/** Its rules as YAML. */
void correlate_case_yaml(const struct correlate_case *test, struct iw_buffer *yaml);
/** The name of a host as events have it. */
const char *correlate_case_host(int host);
/** The name of a field in rules. */
const char *correlate_case_field(enum case_field field);

#endif
