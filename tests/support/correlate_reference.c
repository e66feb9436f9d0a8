/*
 * Correlations by their definition. Tuples are texts with a separator that no value has; letter
 * case is folded for the few letters of the cases.
 */
#include "tests/support/correlate_reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TUPLES 16

struct tuples {
    char text[MOST_TUPLES][64];
    int n;
};

/* An event as a member of a group of one correlation. */
struct member {
    bool is_in;
    unsigned steps;
    struct tuples values;
    long double numbers[MOST_TUPLES];
    int n_numbers;
};

struct reference {
    const struct correlate_case *test;
    bool every;
    struct tuples results[CASE_CORRELATIONS][CASE_EVENTS]; /* keys of groups where it held */
    struct tuples groups;                                  /* of the correlation looked at */
    struct member members[MOST_TUPLES][CASE_EVENTS];       /* by group */
    struct reference_report *reports;
    size_t n_reports;
};

/* --- what events have --- */

static void fold(const char *text, char out[24])
{
    size_t n = 0;
    for (; *text != '\0' && n < 23; text++) {
        char c = *text;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c == '\x89' && n > 0 && out[n - 1] == '\xC3')
            c = '\xA9';
        out[n++] = c;
    }
    out[n] = '\0';
}

static bool add_tuple(struct tuples *tuples, const char *text)
{
    for (int i = 0; i < tuples->n; i++) {
        if (strcmp(tuples->text[i], text) == 0)
            return false;
    }
    (void)snprintf(tuples->text[tuples->n++], sizeof tuples->text[0], "%s", text);
    return true;
}

/* Whether the correlation has an alias at all. */
static bool has_alias(const struct case_correlation *c)
{
    for (int s = 0; s < c->n_steps; s++) {
        if (!c->steps[s].is_correlation && c->alias[c->steps[s].at] >= 0)
            return true;
    }
    return false;
}

/* The values a step has of one field. *key*: of the inner result, NULL: the event itself. */
static void values_of(const struct reference *r, const struct case_correlation *c, int step,
                      int event, const char *key, enum case_field field, struct tuples *ret)
{
    const struct case_event *e = &r->test->events[event];

    ret->n = 0;
    if (key != NULL) {
        const struct case_correlation *inner = &r->test->correlations[c->steps[step].at];
        if (field == CASE_ALIAS && has_alias(c))
            return;
        for (int i = 0; i < inner->n_group; i++) {
            size_t n = strcspn(key, "\x1f");
            if (inner->group[i] == field) {
                (void)snprintf(ret->text[ret->n++], sizeof ret->text[0], "%.*s", (int)n, key);
                return;
            }
            key += n + 1;
        }
        return;
    }
    if (field == CASE_ALIAS) {
        if (!has_alias(c) || c->alias[c->steps[step].at] < 0)
            return;
        field = (enum case_field)c->alias[c->steps[step].at];
    }
    if (field == CASE_HOST) {
        add_tuple(ret, correlate_case_host(e->host));
        return;
    }
    for (int i = 0; i < CASE_VALUES; i++) {
        char folded[24];
        if (e->values[field][i] == NULL || e->values[field][i][0] == '\0')
            continue;
        fold(e->values[field][i], folded);
        add_tuple(ret, folded);
    }
}

/* Every combination of the values of two fields at most. */
static void tuples_of(const struct reference *r, const struct case_correlation *c, int step,
                      int event, const char *key, const enum case_field *fields, int n,
                      struct tuples *ret)
{
    struct tuples a, b;

    ret->n = 0;
    if (n == 0) {
        add_tuple(ret, "");
        return;
    }
    values_of(r, c, step, event, key, fields[0], &a);
    if (n == 2)
        values_of(r, c, step, event, key, fields[1], &b);
    for (int i = 0; i < a.n; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%.20s\x1f", a.text[i]);
        if (n == 1)
            add_tuple(ret, text);
        for (int k = 0; n == 2 && k < b.n; k++) {
            (void)snprintf(text, sizeof text, "%.20s\x1f%.20s\x1f", a.text[i], b.text[k]);
            add_tuple(ret, text);
        }
    }
}

static bool number_of(const char *text, long double *ret)
{
    char *end;
    size_t n = strcspn(text, "\x1f");
    *ret = strtold(text, &end);
    return n != 0 && end == text + n;
}

/* --- who is in which group --- */

static void join(struct reference *r, const struct case_correlation *c, int step, int event,
                 const char *key)
{
    struct tuples groups, values = {.n = 0};

    tuples_of(r, c, step, event, key, c->group, c->n_group, &groups);
    if (c->n_fields != 0)
        tuples_of(r, c, step, event, key, c->fields, c->n_fields, &values);
    for (int g = 0; g < groups.n; g++) {
        struct member *member;
        int at = 0;
        bool had_numbers;
        if (add_tuple(&r->groups, groups.text[g]))
            memset(r->members[r->groups.n - 1], 0, sizeof r->members[0]);
        while (strcmp(r->groups.text[at], groups.text[g]) != 0)
            at++;
        member = &r->members[at][event];
        member->is_in = true;
        member->steps |= 1U << step;
        had_numbers = member->n_numbers != 0;
        for (int i = 0; i < values.n; i++) {
            add_tuple(&member->values, values.text[i]);
            if (!had_numbers && number_of(values.text[i], &member->numbers[member->n_numbers]))
                member->n_numbers++;
        }
    }
}

static void join_all(struct reference *r, const struct case_correlation *c)
{
    r->groups.n = 0;
    for (int e = 0; e < r->test->n_events; e++) {
        for (int s = 0; s < c->n_steps; s++) {
            const struct case_step *step = &c->steps[s];
            if (!step->is_correlation && (r->test->events[e].rules >> step->at & 1) != 0)
                join(r, c, s, e, NULL);
            for (int i = 0; step->is_correlation && i < r->results[step->at][e].n; i++)
                join(r, c, s, e, r->results[step->at][e].text[i]);
        }
    }
    for (int g = 0; g < r->groups.n; g++) {
        for (int e = 0; e < r->test->n_events; e++) {
            struct member *member = &r->members[g][e];
            if ((c->type == IW_CORRELATION_VALUE_COUNT && member->values.n == 0) ||
                (c->type >= IW_CORRELATION_VALUE_SUM && member->n_numbers == 0))
                member->is_in = false;
        }
    }
}

/* --- whether a condition holds for a window --- */

/* The events of a window, in order. */
struct window {
    const struct member *members[CASE_EVENTS];
    int events[CASE_EVENTS];
    int n;
};

struct answer {
    bool holds;
    double value;
    int64_t first;
    uint64_t n_events;
};

/* Hall: steps can each have an event of their own unless some of them together have too few. */
static int most_served(const struct window *w, unsigned steps)
{
    int least = __builtin_popcount(steps);
    for (unsigned part = steps; part != 0; part = (part - 1) & steps) {
        int n = 0;
        for (int i = 0; i < w->n; i++)
            n += (w->members[i]->steps & part) != 0;
        if (__builtin_popcount(steps) - __builtin_popcount(part) + n < least)
            least = __builtin_popcount(steps) - __builtin_popcount(part) + n;
    }
    return least;
}

/* Whether *steps* occur one after the other, from event *from* on, which is the first of them. */
static bool occur_in_order(const struct window *w, unsigned steps, int from)
{
    bool is_first = true;
    for (int i = from; i < w->n && steps != 0; i++) {
        unsigned step = steps & -steps;
        if ((w->members[i]->steps & step) != 0)
            steps &= ~step;
        else if (is_first)
            return false;
        is_first = false;
    }
    return steps == 0;
}

/* The latest event with which *steps* begin to occur in order; -1: they do not. */
static int latest_start(const struct window *w, unsigned steps)
{
    for (int i = w->n - 1; i >= 0; i--) {
        if (occur_in_order(w, steps, i))
            return i;
    }
    return -1;
}

static bool node_holds(const struct case_correlation *c, int at, bool negated, unsigned chosen,
                       unsigned there)
{
    const struct case_node *node = &c->nodes[at];
    bool left, right;

    if (node->kind == CASE_LEAF)
        return negated ? (there >> node->left & 1) == 0 : (chosen >> node->left & 1) != 0;
    if (node->kind == CASE_NOT)
        return node_holds(c, node->left, !negated, chosen, there);
    left = node_holds(c, node->left, negated, chosen, there);
    right = node_holds(c, node->right, negated, chosen, there);
    return (node->kind == CASE_AND) != negated ? left && right : left || right;
}

static bool extended_holds(const struct case_correlation *c, const struct window *w)
{
    bool in_order = c->type == IW_CORRELATION_TEMPORAL_ORDERED;
    unsigned there = 0;

    for (int i = 0; i < w->n; i++)
        there |= w->members[i]->steps;
    for (unsigned chosen = 0; chosen < 1U << c->n_steps; chosen++) {
        bool can = in_order ? chosen == 0 || latest_start(w, chosen) >= 0
                            : most_served(w, chosen) == __builtin_popcount(chosen);
        if (can && node_holds(c, c->n_nodes - 1, false, chosen, there))
            return true;
    }
    return false;
}

static bool bounds_hold(const struct case_correlation *c, long double value)
{
    if (c->n_bounds == 0)
        return value >= c->n_steps;
    for (int i = 0; i < c->n_bounds; i++) {
        long double b = c->bounds[i];
        const bool holds[] = {value<b, value <= b, value> b, value >= b, value == b, value != b};
        if (!holds[c->kinds[i]])
            return false;
    }
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    long double x = *(const long double *)a, y = *(const long double *)b;
    return (x > y) - (x < y);
}

static double percentile_of(const long double *sorted, int n, double percent)
{
    double place = (double)(n - 1) * percent / 100.0, part = place - floor(place);
    int low = (int)floor(place);
    if (part <= 0 || low + 1 == n)
        return (double)sorted[low];
    return (double)sorted[low] + ((double)sorted[low + 1] - (double)sorted[low]) * part;
}

static double of_numbers(const struct case_correlation *c, const struct window *w)
{
    long double numbers[CASE_EVENTS * MOST_TUPLES], sum = 0;
    int n = 0;

    for (int i = 0; i < w->n; i++) {
        for (int k = 0; k < w->members[i]->n_numbers; k++)
            sum += numbers[n++] = w->members[i]->numbers[k];
    }
    qsort(numbers, (size_t)n, sizeof numbers[0], compare_numbers);
    if (c->type == IW_CORRELATION_VALUE_SUM)
        return (double)sum;
    if (c->type == IW_CORRELATION_VALUE_AVG)
        return fmodl(sum, n) == 0 ? (double)(sum / n) : (double)sum / n;
    return percentile_of(numbers, n, c->type == IW_CORRELATION_VALUE_MEDIAN ? 50 : c->percentile);
}

/* Different values, and how many events had one of them last. */
static void ask_values(const struct reference *r, const struct window *w, struct answer *ret)
{
    int n = 0;

    for (int i = w->n - 1; i >= 0; i--) {
        bool any = false;
        for (int k = 0; k < w->members[i]->values.n; k++) {
            bool is_new = true;
            for (int back = i + 1; back < w->n && is_new; back++) {
                for (int v = 0; v < w->members[back]->values.n; v++)
                    is_new &= strcmp(w->members[back]->values.text[v],
                                     w->members[i]->values.text[k]) != 0;
            }
            n += is_new;
            any |= is_new;
        }
        if (any) {
            ret->n_events++;
            ret->first = r->test->events[w->events[i]].time;
        }
    }
    ret->value = n;
}

static void ask_order(const struct reference *r, const struct case_correlation *c,
                      const struct window *w, struct answer *ret)
{
    int longest = 0, start = -1;

    for (unsigned steps = 1; steps < 1U << c->n_steps; steps++) {
        int n = __builtin_popcount(steps), at = latest_start(w, steps);
        if (at < 0 || n < longest)
            continue;
        start = n > longest || at > start ? at : start;
        longest = n;
    }
    ret->value = longest;
    ret->n_events = (uint64_t)longest;
    ret->first = r->test->events[w->events[start]].time;
}

static struct answer ask(const struct reference *r, const struct case_correlation *c,
                         const struct window *w)
{
    struct answer answer = {.first = r->test->events[w->events[0]].time};

    if (c->n_nodes != 0) {
        answer.holds = extended_holds(c, w);
        answer.value = NAN;
        answer.first = -1;
        return answer;
    }
    if (c->type == IW_CORRELATION_EVENT_COUNT) {
        answer.value = w->n;
        answer.n_events = (uint64_t)w->n;
    } else if (c->type == IW_CORRELATION_VALUE_COUNT) {
        ask_values(r, w, &answer);
    } else if (c->type == IW_CORRELATION_TEMPORAL) {
        answer.value = most_served(w, (1U << c->n_steps) - 1);
        answer.n_events = (uint64_t)answer.value;
        answer.first = -1;
    } else if (c->type == IW_CORRELATION_TEMPORAL_ORDERED) {
        ask_order(r, c, w, &answer);
    } else {
        answer.value = of_numbers(c, w);
        answer.n_events = (uint64_t)w->n;
    }
    answer.holds = bounds_hold(c, answer.value);
    return answer;
}

/* --- along the events of a group --- */

static bool is_hidden(const struct correlate_case *test, int at)
{
    bool is_used = false;
    for (int i = 0; i < test->n_correlations; i++) {
        for (int s = 0; s < test->correlations[i].n_steps; s++) {
            const struct case_step *step = &test->correlations[i].steps[s];
            if (!step->is_correlation || step->at != at)
                continue;
            is_used = true;
            if (test->correlations[i].generate)
                return false;
        }
    }
    return is_used;
}

static struct window window_at(const struct reference *r, const struct case_correlation *c,
                               int group, int event)
{
    struct window w = {.n = 0};
    for (int e = 0; e <= event; e++) {
        if (!r->members[group][e].is_in ||
            r->test->events[e].time < r->test->events[event].time - c->span)
            continue;
        w.members[w.n] = &r->members[group][e];
        w.events[w.n++] = e;
    }
    return w;
}

static void follow_group(struct reference *r, int at, int group)
{
    const struct case_correlation *c = &r->test->correlations[at];
    struct reference_report *open = NULL;
    int64_t last = 0;

    for (int e = 0; e < r->test->n_events; e++) {
        int64_t time = r->test->events[e].time;
        struct window w;
        struct answer answer;
        if (!r->members[group][e].is_in)
            continue;
        w = window_at(r, c, group, e);
        answer = ask(r, c, &w);
        if (open != NULL && (!answer.holds || last < time - c->span || r->every))
            open = NULL;
        last = time;
        if (!answer.holds)
            continue;
        add_tuple(&r->results[at][e], r->groups.text[group]);
        if (is_hidden(r->test, at))
            continue;
        if (open != NULL) {
            open->last = time;
            open->n_events += open->n_events != 0;
            open->n_held++;
            continue;
        }
        open = &r->reports[r->n_reports++];
        *open = (struct reference_report){.correlation = at,
                                          .completing = e,
                                          .first = answer.first,
                                          .last = time,
                                          .value = answer.value,
                                          .n_events = answer.n_events,
                                          .n_held = 1};
        (void)snprintf(open->key, sizeof open->key, "%s", r->groups.text[group]);
    }
}

size_t correlate_reference(const struct correlate_case *test, bool every,
                           struct reference_report *ret)
{
    static struct reference reference;

    for (int at = 0; at < test->n_correlations; at++) {
        for (int e = 0; e < test->n_events; e++)
            reference.results[at][e].n = 0;
    }
    reference.test = test;
    reference.every = every;
    reference.reports = ret;
    reference.n_reports = 0;
    for (int at = 0; at < test->n_correlations; at++) {
        join_all(&reference, &test->correlations[at]);
        for (int g = 0; g < reference.groups.n; g++)
            follow_group(&reference, at, g);
    }
    return reference.n_reports;
}
