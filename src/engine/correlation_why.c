/*
 * Each part has an inquiry of its own; all hear the same matches. Records are made when all groups
 * are known; the events they name are filled in when they are seen again; sentences come last.
 */
#include "engine/correlation_why.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "engine/correlation_words.h"

/* One correlation that is explained. */
struct part {
    size_t correlation;
    struct iw_correlate_inquiry *inquiry;
    const struct iw_correlate_told *told;
    struct iw_correlate_form form;
    struct iw_explained_correlation *record;
};

/* An event that is named somewhere. */
struct wish {
    uint64_t ordinal;
    struct iw_explained_step_event *into;
    uint32_t part;
    uint32_t field; /* of the part's group-by: its value is wanted; UINT32_MAX: none */
};

struct iw_correlation_why {
    struct iw_correlation_why_input input;
    struct part parts[IW_CORRELATION_PARTS];
    size_t n_parts;
    struct wish *wishes;
    size_t n_wishes, wishes_cap;
    size_t at; /* of wishes: all before it were granted or passed over */
    struct iw_explained_correlation *records;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static bool choose_parts(struct iw_correlation_why *why)
{
    const struct iw_sigma_ruleset *ruleset = why->input.ruleset;
    bool *rules = iw_calloc(iw_sigma_ruleset_count(ruleset) + 1, sizeof *rules);
    bool *inner = iw_calloc(iw_correlate_count(ruleset) + 1, sizeof *inner);
    size_t at = why->input.correlation + 1;
    if (rules != NULL && inner != NULL) {
        iw_correlate_mark_rules(ruleset, why->input.correlation, rules, inner);
        while (at-- > 0 && why->n_parts < IW_CORRELATION_PARTS) {
            bool is_asked = at == why->input.correlation;
            if (is_asked || (inner[at] && why->input.with_parts))
                why->parts[why->n_parts++].correlation = at;
        }
    }
    iw_free(rules);
    iw_free(inner);
    return why->n_parts != 0;
}

struct iw_correlation_why *iw_correlation_why_new(const struct iw_correlation_why_input *input)
{
    struct iw_correlation_why *why = iw_calloc(1, sizeof *why);
    if (why == NULL)
        return NULL;
    why->input = *input;
    if (!choose_parts(why)) {
        iw_free(why);
        return NULL;
    }
    for (size_t i = 0; i < why->n_parts; i++) {
        struct part *part = &why->parts[i];
        part->inquiry = iw_correlate_inquiry_new(input->ruleset, part->correlation, input->spill,
                                                 input->budget_bytes / why->n_parts, input->limit);
        if (part->inquiry == NULL || iw_correlate_form(input->ruleset, part->correlation,
                                                       input->arena, &part->form) != IW_OK) {
            iw_correlation_why_free(why);
            return NULL;
        }
    }
    return why;
}

void iw_correlation_why_free(struct iw_correlation_why *why)
{
    if (why == NULL)
        return;
    for (size_t i = 0; i < why->n_parts; i++)
        iw_correlate_inquiry_free(why->parts[i].inquiry);
    iw_free(why->wishes);
    iw_free(why);
}

enum iw_rc iw_correlation_why_feed(struct iw_correlation_why *why,
                                   const struct iw_correlate_match *match, struct iw_error *err)
{
    for (size_t i = 0; i < why->n_parts; i++)
        IW_TRY(iw_correlate_inquiry_feed(why->parts[i].inquiry, match, err));
    return IW_OK;
}

/* --- records ------------------------------------------------------------------------------- */

static enum iw_rc copy(struct iw_correlation_why *why, struct iw_str text, struct iw_str *ret)
{
    *ret = iw_arena_copy(why->input.arena, text);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc title_of(struct iw_correlation_why *why, uint32_t rule, bool is_correlation,
                           struct iw_str *ret)
{
    const struct iw_sigma_ruleset *ruleset = why->input.ruleset;
    const struct iw_sigma_rule *kept =
        is_correlation ? iw_correlate_rule(ruleset, rule) : iw_sigma_ruleset_rule(ruleset, rule);
    return copy(why, kept->title, ret);
}

static enum iw_rc make_events(struct iw_correlation_why *why, size_t part, size_t field,
                              const struct iw_correlate_named *named,
                              const struct iw_explained_step_event **ret, size_t *ret_n)
{
    struct iw_explained_step_event *events =
        iw_arena_calloc(why->input.arena, named->n + 1, sizeof *events);
    if (events == NULL || !iw_array_reserve(&why->wishes, &why->wishes_cap,
                                            why->n_wishes + named->n + 1, sizeof *why->wishes))
        return IW_ENOMEM;
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_correlate_evidence *item = &named->items[i];
        events[i].time_ns = item->time_ns;
        events[i].is_correlation = item->is_correlation;
        IW_TRY(title_of(why, item->rule, item->is_correlation, &events[i].step));
        why->wishes[why->n_wishes++] =
            (struct wish){item->ordinal, &events[i], (uint32_t)part,
                          field < UINT32_MAX ? (uint32_t)field : UINT32_MAX};
    }
    *ret = events;
    *ret_n = named->n;
    return IW_OK;
}

static enum iw_rc make_episodes(struct iw_correlation_why *why, size_t part,
                                const struct iw_correlate_group_told *told,
                                struct iw_correlated_group *group)
{
    struct iw_explained_episode *episodes =
        iw_arena_calloc(why->input.arena, told->n_episodes + 1, sizeof *episodes);
    if (episodes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < told->n_episodes; i++) {
        const struct iw_correlate_episode_told *from = &told->episodes[i];
        episodes[i] = (struct iw_explained_episode){.first_ns = from->first_ns,
                                                    .completing_ns = from->completing_ns,
                                                    .last_ns = from->last_ns,
                                                    .is_count = from->is_count,
                                                    .count = from->count,
                                                    .number = from->number,
                                                    .n_events = from->n_events,
                                                    .n_held = from->n_held,
                                                    .n_all = from->events.n_all};
        IW_TRY(make_events(why, part, SIZE_MAX, &from->events, &episodes[i].events,
                           &episodes[i].n_shown));
    }
    group->episodes = episodes;
    group->n_episodes_shown = told->n_episodes;
    group->n_episodes = told->n_episodes_all;
    return IW_OK;
}

static enum iw_rc make_misses(struct iw_correlation_why *why, size_t part,
                              const struct iw_correlate_group_told *told,
                              struct iw_correlated_group *group)
{
    const struct part *of = &why->parts[part];
    struct iw_explained_miss *misses =
        iw_arena_calloc(why->input.arena, told->n_misses + 1, sizeof *misses);
    if (misses == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < told->n_misses; i++) {
        const struct iw_correlate_miss *from = &told->misses[i];
        bool is_apart = from->kind == IW_MISS_APART;
        misses[i] = (struct iw_explained_miss){.kind = from->kind,
                                               .span_ns = from->span_ns,
                                               .needed_ns = from->needed_ns,
                                               .number = from->number,
                                               .wanted = from->wanted,
                                               .n_all = from->events.n_all};
        if (is_apart)
            misses[i].field = of->form.group_by.items[from->at];
        else if (from->at < of->told->n_steps)
            IW_TRY(title_of(why, of->told->steps[from->at].rule,
                            of->told->steps[from->at].is_correlation, &misses[i].step));
        IW_TRY(make_events(why, part, is_apart ? from->at : SIZE_MAX, &from->events,
                           &misses[i].events, &misses[i].n_shown));
    }
    group->misses = misses;
    group->n_misses = told->n_misses;
    return IW_OK;
}

static enum iw_rc make_group(struct iw_correlation_why *why, size_t part,
                             const struct iw_correlate_group_told *told,
                             struct iw_correlated_group *group)
{
    struct iw_arena *arena = why->input.arena;
    size_t n_steps = why->parts[part].told->n_steps;
    struct iw_explained_key *keys = iw_arena_calloc(arena, told->n_key + 1, sizeof *keys);
    uint64_t *n_of_step = iw_arena_calloc(arena, n_steps + 1, sizeof *n_of_step);
    if (keys == NULL || n_of_step == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < told->n_key; i++) {
        IW_TRY(copy(why, told->key[i].name, &keys[i].name));
        IW_TRY(copy(why, told->key[i].text, &keys[i].text));
    }
    if (told->n_of_step != NULL)
        memcpy(n_of_step, told->n_of_step, n_steps * sizeof *n_of_step);
    *group = (struct iw_correlated_group){.keys = keys,
                                          .n_keys = told->n_key,
                                          .n_events = told->n_events,
                                          .n_of_step = told->n_of_step != NULL ? n_of_step : NULL,
                                          .first_ns = told->first_ns,
                                          .last_ns = told->last_ns,
                                          .is_cut = told->is_cut};
    IW_TRY(make_episodes(why, part, told, group));
    return make_misses(why, part, told, group);
}

static enum iw_rc make_groups(struct iw_correlation_why *why, size_t part,
                              const struct iw_correlate_group_told *told, size_t n,
                              const struct iw_correlated_group **ret, size_t *ret_n)
{
    struct iw_correlated_group *groups = iw_arena_calloc(why->input.arena, n + 1, sizeof *groups);
    if (groups == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        IW_TRY(make_group(why, part, &told[i], &groups[i]));
    *ret = groups;
    *ret_n = n;
    return IW_OK;
}

static enum iw_rc make_steps(struct iw_correlation_why *why, const struct part *part)
{
    const struct iw_correlate_told *told = part->told;
    struct iw_explained_step *steps =
        iw_arena_calloc(why->input.arena, told->n_steps + 1, sizeof *steps);
    if (steps == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < told->n_steps; i++) {
        const struct iw_correlate_step_told *from = &told->steps[i];
        steps[i] = (struct iw_explained_step){.is_correlation = from->is_correlation,
                                              .n_matched = from->n_matched,
                                              .n_in_groups = from->n_in_groups,
                                              .n_groups = from->n_groups,
                                              .n_lacking = from->n_lacking};
        IW_TRY(title_of(why, from->rule, from->is_correlation, &steps[i].title));
        IW_TRY(copy(why, from->lacking, &steps[i].lacking));
    }
    part->record->steps = steps;
    part->record->n_steps = told->n_steps;
    return IW_OK;
}

static enum iw_rc make_span(struct iw_correlation_why *why, int64_t span_ns, struct iw_str *ret)
{
    struct iw_buffer words;
    enum iw_rc rc;
    iw_buffer_init(&words);
    iw_words_of_span(span_ns, &words);
    rc = words.failed ? IW_ENOMEM : copy(why, iw_buffer_str(&words), ret);
    iw_buffer_done(&words);
    return rc;
}

static enum iw_rc make_record(struct iw_correlation_why *why, size_t at)
{
    struct part *part = &why->parts[at];
    const struct iw_correlate_told *told = part->told;
    struct iw_explained_correlation *record = &why->records[at];
    part->record = record;
    *record = (struct iw_explained_correlation){.type = part->form.type,
                                                .condition = part->form.condition,
                                                .span_ns = part->form.span_ns,
                                                .group_by = part->form.group_by,
                                                .n_groups = told->n_groups,
                                                .n_groups_held = told->n_groups_held,
                                                .n_episodes = told->n_episodes,
                                                .n_untimed = told->account->n_untimed,
                                                .n_no_value = told->account->n_no_value,
                                                .n_cut = told->account->n_cut,
                                                .n_given_up = told->account->n_given_up,
                                                .given_up_ns = told->account->given_up_ns,
                                                .is_apart_cut = told->is_apart_cut};
    IW_TRY(
        copy(why, iw_correlate_rule(why->input.ruleset, part->correlation)->title, &record->title));
    IW_TRY(make_span(why, part->form.span_ns, &record->span));
    IW_TRY(make_steps(why, part));
    IW_TRY(make_groups(why, at, told->groups, told->n, &record->groups, &record->n_shown));
    return make_groups(why, at, told->apart, told->n_apart, &record->apart, &record->n_apart_shown);
}

static int compare_wishes(const void *left, const void *right)
{
    const struct wish *a = left, *b = right;
    return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

enum iw_rc iw_correlation_why_finish(struct iw_correlation_why *why, struct iw_error *err)
{
    why->records = iw_arena_calloc(why->input.arena, why->n_parts, sizeof *why->records);
    if (why->records == NULL)
        return no_memory(err);
    for (size_t i = 0; i < why->n_parts; i++) {
        struct part *part = &why->parts[i];
        IW_TRY(iw_correlate_inquiry_finish(part->inquiry, &part->told, err));
        if (make_record(why, i) != IW_OK)
            return no_memory(err);
    }
    if (why->n_wishes > 1)
        qsort(why->wishes, why->n_wishes, sizeof *why->wishes, compare_wishes);
    return IW_OK;
}

/* --- events seen again --------------------------------------------------------------------- */

bool iw_correlation_why_wants(struct iw_correlation_why *why, uint64_t ordinal)
{
    while (why->at < why->n_wishes && why->wishes[why->at].ordinal < ordinal)
        why->at++;
    return why->at < why->n_wishes && why->wishes[why->at].ordinal == ordinal;
}

static enum iw_rc grant(struct iw_correlation_why *why, const struct wish *wish,
                        const struct iw_correlate_match *match,
                        const struct iw_explained_step_event *shown)
{
    struct iw_explained_step_event *into = wish->into;
    into->event_id = shown->event_id;
    into->record_id = shown->record_id;
    into->offset = shown->offset;
    into->line = shown->line;
    into->n_copies = shown->n_copies;
    IW_TRY(copy(why, shown->host, &into->host));
    IW_TRY(copy(why, shown->channel, &into->channel));
    IW_TRY(copy(why, shown->source, &into->source));
    if (wish->field == UINT32_MAX)
        return IW_OK;
    return copy(why,
                iw_correlate_group_value(why->input.ruleset, why->parts[wish->part].correlation,
                                         wish->field, match),
                &into->value);
}

enum iw_rc iw_correlation_why_see(struct iw_correlation_why *why,
                                  const struct iw_correlate_match *match,
                                  const struct iw_explained_step_event *shown)
{
    for (; why->at < why->n_wishes && why->wishes[why->at].ordinal == match->ordinal; why->at++)
        IW_TRY(grant(why, &why->wishes[why->at], match, shown));
    return IW_OK;
}

/* --- sentences ----------------------------------------------------------------------------- */

static enum iw_rc add_words(struct iw_correlation_why *why, const struct part *part,
                            const struct iw_correlated_group *groups, size_t n)
{
    struct iw_buffer words;
    enum iw_rc rc = IW_OK;
    iw_buffer_init(&words);
    for (size_t i = 0; i < n && rc == IW_OK; i++) {
        for (size_t k = 0; k < groups[i].n_misses && rc == IW_OK; k++) {
            struct iw_explained_miss *miss = &groups[i].misses[k];
            iw_buffer_clear(&words);
            iw_words_of_miss(miss, &part->form, &words);
            rc = words.failed ? IW_ENOMEM : copy(why, iw_buffer_str(&words), &miss->words);
        }
    }
    iw_buffer_done(&words);
    return rc;
}

enum iw_rc iw_correlation_why_tell(struct iw_correlation_why *why,
                                   const struct iw_explained_correlation **ret, size_t *ret_n)
{
    for (size_t i = 0; i < why->n_parts; i++) {
        const struct part *part = &why->parts[i];
        IW_TRY(add_words(why, part, part->record->groups, part->record->n_shown));
        IW_TRY(add_words(why, part, part->record->apart, part->record->n_apart_shown));
    }
    *ret = why->records;
    *ret_n = why->n_parts;
    return IW_OK;
}
