#include "engine/explain_tally.h"

#include <stdlib.h>

#include "base/alloc.h"

enum iw_rc iw_explain_tally_init(struct iw_explain_tally *tally, size_t n_items, size_t limit)
{
    memset(tally, 0, sizeof *tally);
    iw_arena_init(&tally->arena, 0);
    tally->n_items = n_items;
    tally->limit = limit;
    tally->kept = iw_calloc(limit + 1, sizeof *tally->kept);
    tally->blamed = iw_calloc(n_items + 1, sizeof *tally->blamed);
    return tally->kept != NULL && tally->blamed != NULL ? IW_OK : IW_ENOMEM;
}

void iw_explain_tally_done(struct iw_explain_tally *tally)
{
    iw_arena_done(&tally->arena);
    iw_free(tally->kept);
    iw_free(tally->blamed);
}

/* --- order ------------------------------------------------------------------------------------ */

static int compare_places(const struct iw_explained_event *a, const struct iw_explained_event *b)
{
    if (a->source_index != b->source_index)
        return a->source_index < b->source_index ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static int compare_kept(const struct iw_explained_event *a, const struct iw_explained_event *b)
{
    size_t n_a = a->explanation.n_failing, n_b = b->explanation.n_failing;
    bool a_matched = a->explanation.answer == IW_ANSWER_YES;
    bool b_matched = b->explanation.answer == IW_ANSWER_YES;
    if (a_matched != b_matched)
        return a_matched ? -1 : 1;
    if (n_a != n_b)
        return n_a < n_b ? -1 : 1;
    if (a->explanation.answer != b->explanation.answer) /* what is open before what is false */
        return a->explanation.answer > b->explanation.answer ? -1 : 1;
    return compare_places(a, b);
}

bool iw_explain_is_before(const struct iw_explained_event *a, const struct iw_explained_event *b)
{
    return compare_kept(a, b) < 0;
}

/* --- events ----------------------------------------------------------------------------------- */

struct iw_explained_event iw_explain_place_of(const struct iw_event *event)
{
    return (struct iw_explained_event){
        .time_ns = event->time_ns,
        .channel = event->channel,
        .computer = event->computer,
        .event_id = event->event_id,
        .source_index = event->source,
        .record_id = event->record_id,
        .offset = event->offset,
        .is_recovered = (event->flags & IW_EVENT_RECOVERED) != 0,
    };
}

void iw_explain_tally_count(struct iw_explain_tally *tally, enum iw_answer answer)
{
    tally->n_of_source++;
    tally->n_matched += answer == IW_ANSWER_YES;
    tally->n_unknown += answer == IW_ANSWER_UNKNOWN;
}

static enum iw_rc copy(struct iw_arena *arena, struct iw_str *text)
{
    *text = iw_arena_copy(arena, *text);
    return text->p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_explain_tally_elsewhere(struct iw_explain_tally *tally, const struct iw_event *event)
{
    struct iw_explained_event place = iw_explain_place_of(event);
    if (tally->n_elsewhere++ != 0 && compare_places(&place, &tally->elsewhere) > 0)
        return IW_OK;
    tally->elsewhere = place;
    return copy(&tally->arena, &tally->elsewhere.channel);
}

bool iw_explain_tally_wants(const struct iw_explain_tally *tally,
                            const struct iw_explained_event *entry)
{
    return tally->n_kept < tally->limit || compare_kept(entry, &tally->kept[tally->n_kept - 1]) < 0;
}

static void put(struct iw_explain_tally *tally, const struct iw_explained_event *entry)
{
    size_t at = tally->n_kept;
    for (; at != 0 && compare_kept(&tally->kept[at - 1], entry) > 0; at--)
        tally->kept[at] = tally->kept[at - 1];
    tally->kept[at] = *entry;
    if (tally->n_kept < tally->limit)
        tally->n_kept++;
}

enum iw_rc iw_explain_tally_keep(struct iw_explain_tally *tally, struct iw_explained_event *entry)
{
    IW_TRY(copy(&tally->arena, &entry->channel));
    IW_TRY(copy(&tally->arena, &entry->computer));
    IW_TRY(copy(&tally->arena, &entry->source));
    put(tally, entry);
    return IW_OK;
}

/* --- the end ---------------------------------------------------------------------------------- */

void iw_explain_tally_merge(struct iw_explain_tally *into, struct iw_explain_tally *from)
{
    for (size_t i = 0; i < from->n_kept; i++) {
        if (iw_explain_tally_wants(into, &from->kept[i]))
            put(into, &from->kept[i]);
    }
    for (size_t i = 0; i < into->n_items; i++)
        into->blamed[i] += from->blamed[i];
    into->n_events += from->n_events;
    into->n_of_source += from->n_of_source;
    into->n_matched += from->n_matched;
    into->n_unknown += from->n_unknown;
    if (from->n_elsewhere != 0 &&
        (into->n_elsewhere == 0 || compare_places(&from->elsewhere, &into->elsewhere) < 0))
        into->elsewhere = from->elsewhere;
    into->n_elsewhere += from->n_elsewhere;
    iw_arena_adopt(&into->arena, &from->arena);
}

static int compare_counts(const void *left, const void *right)
{
    const struct iw_explained_count *a = left, *b = right;
    if (a->n_blamed != b->n_blamed)
        return a->n_blamed > b->n_blamed ? -1 : 1;
    return iw_str_compare(a->name, b->name);
}

static enum iw_rc report_counts(const struct iw_explain_tally *tally,
                                const struct iw_sigma_explainer *explainer,
                                struct iw_explain_report *report)
{
    struct iw_explained_count *counts =
        iw_arena_calloc(&report->arena, tally->n_items + 1, sizeof *counts);
    size_t n = 0;
    if (counts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < tally->n_items; i++) {
        if (tally->blamed[i] == 0)
            continue;
        counts[n].n_blamed = tally->blamed[i];
        counts[n].name = iw_sigma_explainer_item_name(explainer, i, &report->arena);
        if (counts[n++].name.p == NULL)
            return IW_ENOMEM;
    }
    qsort(counts, n, sizeof *counts, compare_counts);
    report->counts = counts;
    report->n_counts = n;
    return IW_OK;
}

static enum iw_rc report_elsewhere(const struct iw_explain_tally *tally,
                                   struct iw_explain_report *report)
{
    struct iw_buffer words;
    enum iw_rc rc;
    if (tally->n_elsewhere == 0)
        return IW_OK;
    iw_buffer_init(&words);
    iw_buffer_add(&words, tally->elsewhere.channel);
    iw_buffer_printf(&words, " %u", tally->elsewhere.event_id);
    report->elsewhere = iw_buffer_str(&words);
    rc = words.failed ? IW_ENOMEM : copy(&report->arena, &report->elsewhere);
    iw_buffer_done(&words);
    return rc;
}

enum iw_rc iw_explain_tally_report(struct iw_explain_tally *tally,
                                   const struct iw_sigma_explainer *explainer,
                                   struct iw_explain_report *report)
{
    struct iw_explained_event *events =
        iw_arena_calloc(&report->arena, tally->n_kept + 1, sizeof *events);
    if (events == NULL)
        return IW_ENOMEM;
    memcpy(events, tally->kept, tally->n_kept * sizeof *events);
    report->events = events;
    report->n_shown = tally->n_kept;
    report->n_events = tally->n_events;
    report->n_of_source = tally->n_of_source;
    report->n_matched = tally->n_matched;
    report->n_unknown = tally->n_unknown;
    report->n_elsewhere = tally->n_elsewhere;
    IW_TRY(report_elsewhere(tally, report));
    IW_TRY(report_counts(tally, explainer, report));
    iw_arena_adopt(&report->arena, &tally->arena);
    return IW_OK;
}
