/*
 * A rule's part of a finding.
 *
 * Identity: anchor = channel, event id, time to the millisecond, and ProcessGuid or process id;
 * never a file, offset or record id, so that the same act has the same id in every copy and run.
 */
#include "engine/rule_finding.h"

#include "base/buffer.h"

#define NS_PER_MS 1000000

/* A text of several lines as one: descriptions are YAML blocks. p NULL: no memory. */
static struct iw_str one_line(struct iw_str text, struct iw_arena *arena)
{
    char *p = iw_arena_alloc(arena, text.n + 1);
    size_t n = 0;
    bool in_space = false;
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!is_space && in_space && n != 0)
            p[n++] = ' ';
        if (!is_space)
            p[n++] = c;
        in_space = is_space;
    }
    return (struct iw_str){p, n};
}

static bool keep_list(struct iw_text_list *list, struct iw_arena *arena)
{
    struct iw_str *items = iw_arena_alloc(arena, (list->n + 1) * sizeof *items);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < list->n; i++) {
        items[i] = iw_arena_copy(arena, list->items[i]);
        if (items[i].p == NULL)
            return false;
    }
    list->items = items;
    return true;
}

enum iw_rc iw_rule_finding_keep_rule(const struct iw_sigma_rule *rule, struct iw_arena *arena,
                                     struct iw_sigma_rule *ret)
{
    *ret = *rule;
    ret->id = iw_arena_copy(arena, rule->id);
    ret->title = iw_arena_copy(arena, rule->title);
    ret->name = ret->status = IW_STR(""); /* no finding shows them */
    ret->description = one_line(rule->description, arena);
    ret->falsepositives = (struct iw_text_list){NULL, 0};
    if (ret->id.p == NULL || ret->title.p == NULL || ret->description.p == NULL ||
        !keep_list(&ret->attack, arena) || !keep_list(&ret->analytic, arena) ||
        !keep_list(&ret->triage, arena))
        return IW_ENOMEM;
    return IW_OK;
}

/* --- findings ------------------------------------------------------------------------------ */

static void set_from_rule(const struct iw_sigma_rule *rule, struct iw_finding *f)
{
    f->kind = rule->kind;
    f->rule_account = rule->account_index;
    f->level = rule->level;
    f->score = iw_level_score(rule->level);
    f->title = f->rule_title = rule->title;
    f->rule_id = rule->id;
    f->analytic = rule->analytic;
    f->attack = rule->attack;
    f->triage = rule->triage;
}

/* Moves what was written to an arena. p NULL: no memory. */
static struct iw_str keep_text(struct iw_buffer *text, struct iw_arena *arena)
{
    struct iw_str kept =
        text->failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(text));
    iw_buffer_done(text);
    return kept;
}

/* What the anchor holds becomes its last part. */
static enum iw_rc set_anchor(struct iw_finding *f, struct iw_arena *arena)
{
    const struct iw_evidence_item *item = &f->evidence[0];
    int64_t time_ms = iw_time_known(item->time_ns) ? item->time_ns / NS_PER_MS : 0;
    struct iw_buffer text;
    iw_buffer_init(&text);
    for (size_t i = 0; i < item->channel.n; i++)
        iw_buffer_add_char(&text, iw_ascii_lower(item->channel.p[i]));
    iw_buffer_printf(&text, "/%u@%lld:", item->event_id, (long long)time_ms);
    iw_buffer_add(&text, f->anchor);
    f->anchor = keep_text(&text, arena);
    return f->anchor.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_rule_finding_complete(const struct iw_sigma_rule *rule, struct iw_arena *arena,
                                    struct iw_finding *finding)
{
    struct iw_str *why = iw_arena_alloc(arena, 3 * sizeof *why);
    struct iw_buffer text;
    size_t n = 0;
    if (why == NULL)
        return IW_ENOMEM;
    set_from_rule(rule, finding);
    /* One event is never a whole sequence: a hit for an analytic says so. */
    finding->is_partial = rule->analytic.n != 0;
    if (rule->description.n != 0)
        why[n++] = rule->description;
    if (finding->pool.n != 0) {
        iw_buffer_init(&text);
        iw_buffer_add(&text, IW_STR("the worker serves application pool "));
        iw_buffer_add(&text, finding->pool);
        why[n] = keep_text(&text, arena);
        if (why[n++].p == NULL)
            return IW_ENOMEM;
    }
    if (finding->is_local_time)
        why[n++] = IW_STR(IW_LOCAL_TIME_WORDS);
    finding->why = (struct iw_text_list){why, n};
    return set_anchor(finding, arena);
}
