/*
 * value_count: the values of the window, each with the event that had it last. In the order of
 * their last events, so that what leaves the window is always at the old end; the condition can
 * tell no more of them apart than its largest bound, and of more the latest are kept.
 */
#include "sigma/sigma_correlate_state.h"

struct value {
    struct iw_correlate_link link;
    struct iw_correlate_entry entry;
    char key[];
};

static struct value *value_of(struct iw_correlate_link *link)
{
    return (struct value *)link;
}

static bool is_of_event(struct iw_correlate_link *link, uint64_t ordinal)
{
    return link != NULL && value_of(link)->entry.ordinal == ordinal;
}

/* A value leaves its place in the order: was it the only one of its event? */
static void leave(struct iw_correlate_distinct *distinct, const struct value *value)
{
    if (!is_of_event(value->link.older, value->entry.ordinal) &&
        !is_of_event(value->link.newer, value->entry.ordinal))
        distinct->n_events--;
}

static void drop(struct iw_correlate_setting *setting, struct iw_correlate_distinct *distinct,
                 struct value *value)
{
    leave(distinct, value);
    iw_correlate_table_remove(&distinct->table, &value->link);
    iw_correlate_give(&setting->heap, value, sizeof *value + value->link.key.n);
}

static bool add_value(struct iw_correlate_setting *setting, struct iw_correlate_distinct *distinct,
                      struct iw_str key, const struct iw_correlate_entry *entry)
{
    uint64_t hash = iw_correlate_hash(key);
    struct iw_correlate_link *link = iw_correlate_table_find(&distinct->table, key, hash);
    bool is_new_event = !is_of_event(distinct->table.newest, entry->ordinal);
    struct value *value;

    if (link != NULL) {
        value = value_of(link);
        if (value->entry.ordinal == entry->ordinal)
            return true;
        leave(distinct, value);
        iw_correlate_table_touch(&distinct->table, link);
        value->entry = *entry;
        distinct->n_events += is_new_event;
        return true;
    }
    value = iw_correlate_take(&setting->heap, sizeof *value + key.n);
    if (value == NULL)
        return false;
    value->entry = *entry;
    memcpy(value->key, key.p, key.n);
    value->link.key = (struct iw_str){value->key, key.n};
    value->link.hash = hash;
    if (!iw_correlate_table_add(&distinct->table, &setting->heap, &value->link)) {
        iw_correlate_give(&setting->heap, value, sizeof *value + key.n);
        return false;
    }
    distinct->n_events += is_new_event;
    return true;
}

static bool init(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    (void)setting;
    (void)state;
    return true;
}

static bool add(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival)
{
    struct iw_correlate_distinct *distinct = &state->distinct;
    struct iw_correlate_table *table = &distinct->table;

    while (table->oldest != NULL &&
           !iw_correlate_is_in(&value_of(table->oldest)->entry, arrival->cutoff_ns))
        drop(setting, distinct, value_of(table->oldest));
    for (size_t i = 0; i < arrival->n_values; i++) {
        if (!add_value(setting, distinct, arrival->values[i], &arrival->entry))
            return false;
    }
    while (table->n > setting->cap)
        drop(setting, distinct, value_of(table->oldest));
    return true;
}

static bool ask(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival, struct iw_correlate_outcome *ret)
{
    (void)arrival;
    *ret = iw_correlate_count_outcome(setting->plan, state->distinct.table.n);
    return true;
}

static bool choose(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                   const struct iw_correlate_arrival *arrival, struct iw_correlate_chosen *ret)
{
    const struct iw_correlate_distinct *distinct = &state->distinct;
    const size_t half = IW_LIMIT_CORRELATION_EVIDENCE / 2;
    struct iw_correlate_link *link = distinct->table.oldest, *back = distinct->table.newest;
    size_t n = 1;

    (void)setting;
    (void)arrival;
    for (; link != NULL && (distinct->n_events <= 2 * half || ret->n < half); link = link->newer)
        (void)iw_correlate_choose(ret, &value_of(link)->entry);
    /* The beginning of the last half. */
    while (link != NULL && back != link) {
        n += !is_of_event(back->older, value_of(back)->entry.ordinal);
        if (n > half)
            break;
        back = back->older;
    }
    for (; link != NULL && back != NULL; back = back->newer)
        (void)iw_correlate_choose(ret, &value_of(back)->entry);
    ret->n_all = distinct->n_events;
    return true;
}

static void done(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    struct iw_correlate_distinct *distinct = &state->distinct;

    while (distinct->table.oldest != NULL)
        drop(setting, distinct, value_of(distinct->table.oldest));
    iw_correlate_table_done(&distinct->table, &setting->heap);
}

const struct iw_correlate_methods iw_correlate_by_distinct = {init, add, ask, choose, done};
