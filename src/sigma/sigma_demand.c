/*
 * Demands of rules. Sources are read back from the index, which has filed each rule as narrowly as
 * its condition allows. Fields are found by evaluating the condition with items that are known
 * beforehand: those of fields taken away have the truth they have of an event without them, all
 * others are unknown. Where that is false the rule cannot match; taking away more never makes it
 * possible again, so the least sets that make it false are all there is to know. Sets of one to
 * three fields are tried all, of longer ones one is found by leaving out what is not needed.
 */
#include "sigma/sigma_demand.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/yaml_node.h"
#include "sigma/sigma_eval.h"
#include "sigma/sigma_ruleset.h"

/* Sets of fields are bits of a word. */
#define MOST_FIELDS 64U
/* Least sets that are kept; the next find no room, and are not asked for. */
#define MOST_CHOICES 32U

/* A rule may match events of this channel (index; 0: any) and id. */
struct binding {
    uint32_t rule, channel, event_id;
};

struct finder {
    const struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_demands *ret;
    struct binding *bindings; /* by rule, channel, id */
    size_t n_bindings, bindings_cap;
    size_t *first;        /* by rule: its first binding; one more */
    struct iw_eval empty; /* items of events without their field */
    struct iw_eval eval;  /* conditions over items that are known */
    uint8_t *of_nothing;  /* by share: 0 not asked yet, else 1 + enum iw_truth */
    struct iw_map by_key; /* → number of the demand */
    uint32_t *demand_of;  /* by rule; UINT32_MAX: not asked */
    struct iw_buffer key;
    size_t demands_cap;
};

/* One rule being looked at. */
struct subject {
    const struct iw_rule_plan *plan;
    uint32_t fields[MOST_FIELDS]; /* it asks for */
    size_t n_fields;
    uint64_t choices[MOST_CHOICES];
    size_t n_choices;
};

void iw_sigma_demands_init(struct iw_sigma_demands *demands)
{
    memset(demands, 0, sizeof *demands);
    iw_arena_init(&demands->arena, 0);
}

void iw_sigma_demands_done(struct iw_sigma_demands *demands)
{
    iw_free(demands->items);
    iw_arena_done(&demands->arena);
    memset(demands, 0, sizeof *demands);
}

/* --- sources -------------------------------------------------------------------------------- */

static enum iw_rc bind(struct finder *f, uint32_t rule, size_t channel, uint32_t event_id)
{
    if (!iw_array_reserve(&f->bindings, &f->bindings_cap, f->n_bindings + 1, sizeof *f->bindings))
        return IW_ENOMEM;
    f->bindings[f->n_bindings++] = (struct binding){rule, (uint32_t)channel, event_id};
    return IW_OK;
}

/* Binds the rules of a list that are not bound to *bound* or more already, and marks them so. */
static enum iw_rc bind_list(struct finder *f, const struct iw_rule_list *list, size_t channel,
                            const uint32_t *bound, uint32_t event_id)
{
    for (size_t i = 0; i < list->n; i++) {
        uint32_t rule = list->rules[i];
        if (bound[rule] != 1 && bound[rule] != channel + 2)
            IW_TRY(bind(f, rule, channel, event_id));
    }
    return IW_OK;
}

static void mark_list(const struct iw_rule_list *list, uint32_t mark, uint32_t *bound)
{
    for (size_t i = 0; i < list->n; i++) {
        if (bound[list->rules[i]] != 1)
            bound[list->rules[i]] = mark;
    }
}

/* A list holds the rules of wider ones as well: these come first. *bound*: 1 a rule of any channel,
 * channel + 2 one of all ids of that channel. */
static enum iw_rc bind_all(struct finder *f, uint32_t *bound)
{
    for (size_t i = 0; i < f->ruleset->n_channels; i++) {
        const struct iw_rule_channel *channel = &f->ruleset->channels[i];
        IW_TRY(bind_list(f, &channel->other, i, bound, IW_DEMAND_ANY_ID));
        mark_list(&channel->other, (uint32_t)i + 2, bound);
        for (size_t k = 0; k < channel->n_ids; k++)
            IW_TRY(bind_list(f, &channel->ids[k], i, bound, channel->ids[k].event_id));
        if (i != 0)
            continue;
        mark_list(&channel->other, 1, bound);
        for (size_t k = 0; k < channel->n_ids; k++)
            mark_list(&channel->ids[k], 1, bound);
    }
    return IW_OK;
}

/* Sorts the bindings by rule, and finds where those of each begin; their order stays. */
static enum iw_rc sort_bindings(struct finder *f)
{
    size_t n_rules = f->ruleset->n_plans;
    struct binding *sorted = iw_calloc(f->n_bindings + 1, sizeof *sorted);
    size_t *at = iw_calloc(n_rules + 1, sizeof *at);
    f->first = iw_calloc(n_rules + 1, sizeof *f->first);
    if (sorted == NULL || at == NULL || f->first == NULL) {
        iw_free(sorted);
        iw_free(at);
        return IW_ENOMEM;
    }
    for (size_t i = 0; i < f->n_bindings; i++)
        f->first[f->bindings[i].rule + 1]++;
    for (size_t i = 0; i < n_rules; i++) {
        f->first[i + 1] += f->first[i];
        at[i] = f->first[i];
    }
    for (size_t i = 0; i < f->n_bindings; i++)
        sorted[at[f->bindings[i].rule]++] = f->bindings[i];
    iw_free(at);
    iw_free(f->bindings);
    f->bindings = sorted;
    return IW_OK;
}

static enum iw_rc find_bindings(struct finder *f)
{
    uint32_t *bound = iw_calloc(f->ruleset->n_plans + 1, sizeof *bound);
    enum iw_rc rc = bound != NULL ? bind_all(f, bound) : IW_ENOMEM;
    iw_free(bound);
    return rc == IW_OK ? sort_bindings(f) : rc;
}

/* As the table spells it: the index has lower case. */
static struct iw_str channel_name(const struct iw_rule_plan *plan, struct iw_str lower)
{
    for (size_t i = 0; i < plan->n_category; i++) {
        if (iw_str_equal_nocase(iw_str_of(plan->category[i].channel), lower))
            return iw_str_of(plan->category[i].channel);
    }
    for (size_t i = 0; i < plan->n_service; i++) {
        if (iw_str_equal_nocase(iw_str_of(plan->service[i].channel), lower))
            return iw_str_of(plan->service[i].channel);
    }
    return lower;
}

static enum iw_rc keep_sources(struct finder *f, size_t rule, struct iw_sigma_demand *demand)
{
    size_t n = f->first[rule + 1] - f->first[rule];
    struct iw_demand_source *sources = iw_arena_calloc(&f->ret->arena, n + 1, sizeof *sources);
    if (sources == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct binding *binding = &f->bindings[f->first[rule] + i];
        sources[i].channel = iw_arena_copy(
            &f->ret->arena,
            channel_name(f->ruleset->plans[rule], f->ruleset->channels[binding->channel].name));
        sources[i].event_id = binding->event_id;
        if (sources[i].channel.p == NULL)
            return IW_ENOMEM;
    }
    demand->sources = sources;
    demand->n_sources = n;
    return IW_OK;
}

/* --- fields --------------------------------------------------------------------------------- */

/* Elements of System, which every record may have and the profile does not count; their attributes
 * are `Tag_Attribute`. */
static const char *const SYSTEM_NAMES[] = {"EventID",       "Version", "Level",
                                           "Task",          "Opcode",  "Keywords",
                                           "EventRecordID", "Channel", "Computer"};
static const char *const SYSTEM_TAGS[] = {"Provider_",    "EventID_",   "TimeCreated_",
                                          "Correlation_", "Execution_", "Security_"};

static bool is_of_system(const struct iw_item *item)
{
    struct iw_str name = item->key != NULL ? item->key->text : IW_STR("");
    const char *bar = name.n != 0 ? memchr(name.p, '|', name.n) : NULL;
    if (bar != NULL)
        name.n = (size_t)(bar - name.p);
    for (size_t i = 0; i < sizeof SYSTEM_NAMES / sizeof *SYSTEM_NAMES; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(SYSTEM_NAMES[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof SYSTEM_TAGS / sizeof *SYSTEM_TAGS; i++) {
        if (iw_str_begins_nocase(name, iw_str_of(SYSTEM_TAGS[i])))
            return true;
    }
    return false;
}

/* Whether events may lack what the item asks for, as far as the profile knows. */
static bool may_lack(const struct iw_item *item)
{
    return item->field != IW_NAME_UNASKED && !item->asks_context && !is_of_system(item);
}

/* The truth of an item where its field is absent, empty or `-`; unknown where these differ. */
static enum iw_rc truth_of_nothing(struct finder *f, const struct iw_rule_plan *plan,
                                   const struct iw_item *item, enum iw_truth *ret)
{
    static const struct iw_str NOTHINGS[] = {{NULL, 0}, {"", 0}, {"-", 1}};
    const struct iw_name name = {.id = item->field};
    uint8_t *known = &f->of_nothing[item->share];
    for (size_t i = 0; i < sizeof NOTHINGS / sizeof *NOTHINGS && *known != 1 + IW_UNKNOWN; i++) {
        const struct iw_field field = {.name = &name,
                                       .p = (const uint8_t *)NOTHINGS[i].p,
                                       .n = (uint32_t)NOTHINGS[i].n,
                                       .type = IW_VALUE_UTF8,
                                       .place = IW_PLACE_EVENT_DATA};
        const struct iw_event event = {.fields = &field, .n_fields = NOTHINGS[i].p != NULL};
        enum iw_truth one;
        if (!iw_view_set(&f->empty.view, &event))
            return IW_ENOMEM;
        one = iw_eval_item(&f->empty, item, plan->category != NULL);
        iw_view_forget(&f->empty.view);
        if (f->empty.no_memory || f->empty.view.no_memory)
            return IW_ENOMEM;
        *known = *known == 0 || *known == 1 + (uint8_t)one ? (uint8_t)(1 + one) : 1 + IW_UNKNOWN;
    }
    *ret = (enum iw_truth)(*known - 1);
    return IW_OK;
}

/* The bit of a field of the subject; 0: it is none of its fields. */
static uint64_t bit_of(const struct subject *subject, uint32_t field)
{
    for (size_t i = 0; i < subject->n_fields; i++) {
        if (subject->fields[i] == field)
            return UINT64_C(1) << i;
    }
    return 0;
}

static enum iw_rc visit_items(struct finder *f, struct subject *subject,
                              enum iw_rc (*visit)(struct finder *f, struct subject *subject,
                                                  const struct iw_item *item, uint64_t absent),
                              uint64_t absent)
{
    const struct iw_rule_plan *plan = subject->plan;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++)
                IW_TRY(visit(f, subject, &group->items[i], absent));
        }
    }
    return IW_OK;
}

/* Fields past the room are taken to be there. */
static enum iw_rc note_field(struct finder *f, struct subject *subject, const struct iw_item *item,
                             uint64_t absent)
{
    (void)f;
    (void)absent;
    if (may_lack(item) && bit_of(subject, item->field) == 0 && subject->n_fields < MOST_FIELDS)
        subject->fields[subject->n_fields++] = item->field;
    return IW_OK;
}

static enum iw_rc set_truth(struct finder *f, struct subject *subject, const struct iw_item *item,
                            uint64_t absent)
{
    enum iw_truth truth = IW_UNKNOWN;
    if (may_lack(item) && (bit_of(subject, item->field) & absent) != 0)
        IW_TRY(truth_of_nothing(f, subject->plan, item, &truth));
    f->eval.known[item->share] = f->eval.epoch << 2 | (uint32_t)truth;
    return IW_OK;
}

/* Whether the rule is false of every event without these fields. */
static enum iw_rc is_blocked(struct finder *f, struct subject *subject, uint64_t absent, bool *ret)
{
    iw_eval_next_event(&f->eval);
    IW_TRY(visit_items(f, subject, set_truth, absent));
    *ret = iw_eval_rule(&f->eval, subject->plan) == IW_FALSE;
    return f->eval.no_memory ? IW_ENOMEM : IW_OK;
}

/* Whether one of the least sets is part of this one. */
static bool is_covered(const struct subject *subject, uint64_t set)
{
    for (size_t i = 0; i < subject->n_choices; i++) {
        if ((subject->choices[i] & set) == subject->choices[i])
            return true;
    }
    return false;
}

static enum iw_rc try_set(struct finder *f, struct subject *subject, uint64_t set)
{
    bool blocked = false;
    if (subject->n_choices == MOST_CHOICES || is_covered(subject, set))
        return IW_OK;
    IW_TRY(is_blocked(f, subject, set, &blocked));
    if (blocked)
        subject->choices[subject->n_choices++] = set;
    return IW_OK;
}

/* Sets of one, then two, then three fields. */
static enum iw_rc try_short_sets(struct finder *f, struct subject *subject)
{
    size_t n = subject->n_fields;
    for (size_t i = 0; i < n; i++)
        IW_TRY(try_set(f, subject, UINT64_C(1) << i));
    if (n > IW_LIMIT_DEMAND_FIELDS)
        return IW_OK;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++)
            IW_TRY(try_set(f, subject, UINT64_C(1) << i | UINT64_C(1) << k));
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            for (size_t m = k + 1; m < n; m++)
                IW_TRY(try_set(f, subject, UINT64_C(1) << i | UINT64_C(1) << k | UINT64_C(1) << m));
        }
    }
    return IW_OK;
}

/* Of all fields together the ones that are not needed are left out, one after the other. */
static enum iw_rc shorten(struct finder *f, struct subject *subject, uint64_t set)
{
    for (size_t i = 0; i < subject->n_fields; i++) {
        bool blocked = false;
        uint64_t less = set & ~(UINT64_C(1) << i);
        if (less == set)
            continue;
        IW_TRY(is_blocked(f, subject, less, &blocked));
        if (blocked)
            set = less;
    }
    subject->choices[subject->n_choices++] = set;
    return IW_OK;
}

static enum iw_rc find_choices(struct finder *f, struct subject *subject)
{
    uint64_t all;
    bool blocked = false;
    IW_TRY(visit_items(f, subject, note_field, 0));
    all = subject->n_fields == MOST_FIELDS ? UINT64_MAX : (UINT64_C(1) << subject->n_fields) - 1;
    IW_TRY(is_blocked(f, subject, all, &blocked));
    if (!blocked || all == 0)
        return IW_OK;
    IW_TRY(try_short_sets(f, subject));
    return is_covered(subject, all) || subject->n_choices == MOST_CHOICES
               ? IW_OK
               : shorten(f, subject, all);
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int compare_choices(const void *a, const void *b)
{
    const struct iw_demand_choice *x = a, *y = b;
    for (size_t i = 0; i < x->n && i < y->n; i++) {
        if (x->fields[i] != y->fields[i])
            return x->fields[i] < y->fields[i] ? -1 : 1;
    }
    return (x->n > y->n) - (x->n < y->n);
}

/* In an order that does not depend on that of the rule. */
static enum iw_rc keep_choices(struct finder *f, const struct subject *subject,
                               struct iw_sigma_demand *demand)
{
    struct iw_demand_choice *choices =
        iw_arena_calloc(&f->ret->arena, subject->n_choices + 1, sizeof *choices);
    if (choices == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < subject->n_choices; i++) {
        uint32_t *fields = iw_arena_calloc(&f->ret->arena, subject->n_fields, sizeof *fields);
        if (fields == NULL)
            return IW_ENOMEM;
        for (size_t k = 0; k < subject->n_fields; k++) {
            if ((subject->choices[i] >> k & 1U) != 0)
                fields[choices[i].n++] = subject->fields[k];
        }
        qsort(fields, choices[i].n, sizeof *fields, compare_u32);
        choices[i].fields = fields;
    }
    if (subject->n_choices > 1)
        qsort(choices, subject->n_choices, sizeof *choices, compare_choices);
    demand->choices = choices;
    demand->n_choices = subject->n_choices;
    return IW_OK;
}

/* --- demands -------------------------------------------------------------------------------- */

static void put_u32(struct iw_buffer *out, uint32_t value)
{
    iw_buffer_add(out, (struct iw_str){(const char *)&value, sizeof value});
}

/* What makes rules one demand. */
static void make_key(struct finder *f, size_t rule, const struct iw_sigma_demand *demand)
{
    iw_buffer_clear(&f->key);
    put_u32(&f->key, demand->by_taxonomy);
    put_u32(&f->key, (uint32_t)(f->first[rule + 1] - f->first[rule]));
    for (size_t i = f->first[rule]; i < f->first[rule + 1]; i++) {
        put_u32(&f->key, f->bindings[i].channel);
        put_u32(&f->key, f->bindings[i].event_id);
    }
    for (size_t i = 0; i < demand->n_choices; i++) {
        put_u32(&f->key, (uint32_t)demand->choices[i].n);
        for (size_t k = 0; k < demand->choices[i].n; k++)
            put_u32(&f->key, demand->choices[i].fields[k]);
    }
}

static enum iw_rc add_rule(struct finder *f, size_t rule)
{
    struct iw_sigma_demands *ret = f->ret;
    struct subject subject = {.plan = f->ruleset->plans[rule]};
    struct iw_sigma_demand demand = {.by_taxonomy = subject.plan->category != NULL};
    struct iw_map_entry *entry;
    bool is_new = false;
    struct iw_str key;

    IW_TRY(find_choices(f, &subject));
    IW_TRY(keep_choices(f, &subject, &demand));
    make_key(f, rule, &demand);
    key = iw_arena_copy(&ret->arena, iw_buffer_str(&f->key));
    entry = !f->key.failed && key.p != NULL ? iw_map_add(&f->by_key, key, &is_new) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new) {
        IW_TRY(keep_sources(f, rule, &demand));
        if (!iw_array_reserve(&ret->items, &f->demands_cap, ret->n + 1, sizeof *ret->items))
            return IW_ENOMEM;
        entry->value.number = ret->n;
        ret->items[ret->n++] = demand;
    }
    f->demand_of[rule] = (uint32_t)entry->value.number;
    ret->items[entry->value.number].n_rules++;
    return IW_OK;
}

static enum iw_rc list_rules(struct finder *f)
{
    for (size_t i = 0; i < f->ret->n; i++) {
        uint32_t *rules = iw_arena_calloc(&f->ret->arena, f->ret->items[i].n_rules, sizeof *rules);
        if (rules == NULL)
            return IW_ENOMEM;
        f->ret->items[i].rules = rules;
        f->ret->items[i].n_rules = 0;
    }
    for (size_t i = 0; i < f->ruleset->n_plans; i++) {
        struct iw_sigma_demand *demand;
        if (f->demand_of[i] == UINT32_MAX)
            continue;
        demand = &f->ret->items[f->demand_of[i]];
        ((uint32_t *)(uintptr_t)demand->rules)[demand->n_rules++] = (uint32_t)i;
    }
    return IW_OK;
}

static enum iw_rc begin(struct finder *f)
{
    const struct iw_sigma_ruleset *ruleset = f->ruleset;
    f->of_nothing = iw_calloc(ruleset->n_shares + 1, 1);
    f->demand_of = iw_calloc(ruleset->n_plans + 1, sizeof *f->demand_of);
    f->eval.stack = iw_calloc(ruleset->stack_depth + 1, 1);
    f->empty.worker = iw_regex_worker_new();
    if (f->of_nothing == NULL || f->demand_of == NULL || f->eval.stack == NULL ||
        f->empty.worker == NULL || !iw_view_init(&f->empty.view, ruleset->n_names))
        return IW_ENOMEM;
    return iw_eval_remember(&f->eval, NULL, ruleset->n_shares);
}

static void done(struct finder *f)
{
    iw_view_done(&f->empty.view);
    iw_regex_worker_free(f->empty.worker);
    iw_free(f->eval.stack);
    iw_free(f->eval.known);
    iw_free(f->of_nothing);
    iw_free(f->demand_of);
    iw_free(f->bindings);
    iw_free(f->first);
    iw_map_done(&f->by_key);
    iw_buffer_done(&f->key);
}

enum iw_rc iw_sigma_demands_find(const struct iw_sigma_ruleset *ruleset,
                                 iw_sigma_rule_is_asked *is_asked, void *context,
                                 struct iw_sigma_demands *ret)
{
    struct finder f = {.ruleset = ruleset, .ret = ret};
    enum iw_rc rc;
    iw_map_init(&f.by_key);
    iw_buffer_init(&f.key);
    rc = begin(&f);
    if (rc == IW_OK)
        rc = find_bindings(&f);
    for (size_t i = 0; i < ruleset->n_plans && rc == IW_OK; i++) {
        f.demand_of[i] = UINT32_MAX;
        if (is_asked == NULL || is_asked(context, &ruleset->plans[i]->rule))
            rc = add_rule(&f, i);
    }
    if (rc == IW_OK)
        rc = list_rules(&f);
    done(&f);
    return rc;
}
