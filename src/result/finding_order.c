/*
 * Order of findings.
 *
 * Threads deliver findings in any order; what is printed must not show it. So the comparison looks
 * at everything a finding says: two that are equal here print the same lines, and which of them
 * comes first cannot be seen.
 */
#include "result/finding_order.h"

#include <stdio.h>
#include <stdlib.h>

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_lists(struct iw_text_list a, struct iw_text_list b)
{
    int order = compare_u64(a.n, b.n);
    for (size_t i = 0; order == 0 && i < a.n; i++)
        order = iw_str_compare(a.items[i], b.items[i]);
    return order;
}

/* Of two orders the one that decides; the first when both do. */
#define THEN(order, next) ((order) != 0 ? (order) : (next))

static int compare_items(const struct iw_evidence_item *a, const struct iw_evidence_item *b)
{
    int order = compare_i64(a->time_ns, b->time_ns);
    order = THEN(order, iw_str_compare(a->source, b->source));
    order = THEN(order, compare_u64(a->offset, b->offset));
    order = THEN(order, compare_u64(a->line, b->line));
    order = THEN(order, compare_u64(a->record_id, b->record_id));
    order = THEN(order, compare_u64(a->event_id, b->event_id));
    order = THEN(order, iw_str_compare(a->channel, b->channel));
    order = THEN(order, iw_str_compare(a->role, b->role));
    order = THEN(order, iw_str_compare(a->host, b->host));
    return THEN(order, iw_str_compare(a->fields_json, b->fields_json));
}

static int compare_evidence(const struct iw_finding *a, const struct iw_finding *b)
{
    int order = compare_u64(a->n_evidence, b->n_evidence);
    for (size_t i = 0; order == 0 && i < a->n_evidence; i++)
        order = compare_items(&a->evidence[i], &b->evidence[i]);
    return THEN(order, compare_u64(a->n_copies_hidden, b->n_copies_hidden));
}

static int compare_texts(const struct iw_finding *a, const struct iw_finding *b)
{
    int order = iw_str_compare(a->title, b->title);
    order = THEN(order, iw_str_compare(a->rule_id, b->rule_id));
    order = THEN(order, iw_str_compare(a->rule_title, b->rule_title));
    order = THEN(order, iw_str_compare(a->computer, b->computer));
    order = THEN(order, iw_str_compare(a->subject_type, b->subject_type));
    order = THEN(order, iw_str_compare(a->subject_name, b->subject_name));
    order = THEN(order, iw_str_compare(a->change.record, b->change.record));
    order = THEN(order, iw_str_compare(a->change.why, b->change.why));
    order = THEN(order, iw_str_compare(a->user, b->user));
    order = THEN(order, iw_str_compare(a->pool, b->pool));
    order = THEN(order, iw_str_compare(a->detail, b->detail));
    order = THEN(order, compare_lists(a->analytic, b->analytic));
    order = THEN(order, compare_lists(a->attack, b->attack));
    order = THEN(order, compare_lists(a->why, b->why));
    order = THEN(order, compare_lists(a->blind, b->blind));
    order = THEN(order, compare_lists(a->triage, b->triage));
    return THEN(order, iw_str_compare(a->event_json, b->event_json));
}

/* The digest is not asked: its hash may differ from run to run. */
static int compare_content(const struct iw_finding *a, const struct iw_finding *b)
{
    int order = compare_i64(a->last_time_ns, b->last_time_ns);
    order = THEN(order, compare_u64((uint64_t)a->kind, (uint64_t)b->kind));
    order = THEN(order, compare_u64((uint64_t)a->level, (uint64_t)b->level));
    order = THEN(order, compare_u64(a->score, b->score));
    order = THEN(order, compare_u64(a->is_partial, b->is_partial));
    order = THEN(order, compare_u64((uint64_t)a->change.status, (uint64_t)b->change.status));
    order = THEN(order, compare_evidence(a, b));
    return THEN(order, compare_texts(a, b));
}

static int compare_time_host(const struct iw_finding *a, const struct iw_finding *b)
{
    int order = compare_i64(a->first_time_ns, b->first_time_ns);
    return THEN(order, iw_str_compare(a->host, b->host));
}

static const struct iw_finding *finding_at(const void *slot)
{
    return *(const struct iw_finding *const *)slot;
}

static int by_id(const void *left, const void *right)
{
    const struct iw_finding *a = finding_at(left), *b = finding_at(right);
    int order = strcmp(a->id, b->id);
    order = THEN(order, compare_time_host(a, b));
    return THEN(order, compare_content(a, b));
}

static int by_time(const void *left, const void *right)
{
    const struct iw_finding *a = finding_at(left), *b = finding_at(right);
    int order = compare_time_host(a, b);
    return THEN(order, strcmp(a->id, b->id));
}

/* Equal ids stand together, in order; the first keeps its id as it is. */
static void number_equal_ids(struct iw_findings *findings)
{
    const size_t plain = sizeof "f-0123456789abcdef" - 1;
    uint32_t n_equal = 1;
    for (size_t i = 1; i < findings->n; i++) {
        struct iw_finding *finding = findings->items[i];
        bool is_equal = memcmp(findings->items[i - 1]->id, finding->id, plain) == 0;
        n_equal = is_equal ? n_equal + 1 : 1;
        if (n_equal > 1)
            (void)snprintf(finding->id + plain, sizeof finding->id - plain, "-%u", n_equal);
    }
}

void iw_findings_order(struct iw_findings *findings)
{
    if (findings->n < 2)
        return;
    qsort(findings->items, findings->n, sizeof *findings->items, by_id);
    number_equal_ids(findings);
    qsort(findings->items, findings->n, sizeof *findings->items, by_time);
}
