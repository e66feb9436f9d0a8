/*
 * A finding: names of kinds and levels, and identity.
 *
 * An id is made of what happened, never of where it was read: rule, host, subject and anchor, not
 * source, offset or record id. So the same act has the same id in every copy of the evidence.
 * Letter case of host and subject is folded in ASCII only: folding that depends on a Unicode
 * version would rename findings.
 */
#include "result/finding.h"

#include "event/web_log.h"

#include <assert.h>
#include <stdio.h>

#include "base/hash.h"

static const char *const LEVELS[IW_LEVEL_COUNT] = {
    [IW_LEVEL_INFORMATIONAL] = "informational",
    [IW_LEVEL_LOW] = "low",
    [IW_LEVEL_MEDIUM] = "medium",
    [IW_LEVEL_HIGH] = "high",
    [IW_LEVEL_CRITICAL] = "critical",
};

uint32_t iw_level_score(enum iw_level level)
{
    static const uint32_t SCORES[IW_LEVEL_COUNT] = {10, 30, 50, 75, 90};
    return SCORES[level];
}

bool iw_finding_has_analytic(const struct iw_finding *finding, struct iw_str analytic)
{
    for (size_t i = 0; i < finding->analytic.n; i++) {
        if (iw_str_equal(finding->analytic.items[i], analytic))
            return true;
    }
    return false;
}

enum iw_rc iw_text_list_join(struct iw_text_list *list, struct iw_text_list more,
                             struct iw_arena *arena)
{
    struct iw_str *items = iw_arena_alloc(arena, (list->n + more.n + 1) * sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < list->n; i++)
        items[i] = list->items[i];
    for (size_t i = 0; i < more.n; i++)
        items[list->n + i] = more.items[i];
    *list = (struct iw_text_list){items, list->n + more.n};
    return IW_OK;
}

const char *iw_level_name(enum iw_level level)
{
    assert((unsigned)level < IW_LEVEL_COUNT);
    return LEVELS[level];
}

const char *iw_finding_kind_name(enum iw_finding_kind kind)
{
    static const char *const KINDS[IW_FINDING_KIND_COUNT] = {
        [IW_FINDING_RULE] = "rule",       [IW_FINDING_CORRELATION] = "correlation",
        [IW_FINDING_CHAIN] = "chain",     [IW_FINDING_COMPONENT] = "component",
        [IW_FINDING_WEBFILE] = "webfile", [IW_FINDING_TELEMETRY] = "telemetry",
    };
    assert((unsigned)kind < IW_FINDING_KIND_COUNT);
    return KINDS[kind];
}

bool iw_level_parse(struct iw_str text, enum iw_level *ret)
{
    for (unsigned level = 0; level < IW_LEVEL_COUNT; level++) {
        if (iw_str_equal_nocase(text, iw_str_of(LEVELS[level]))) {
            *ret = (enum iw_level)level;
            return true;
        }
    }
    return false;
}

/* What tells one kind of alarm from another: the rule, else the analytic, else the title. */
static struct iw_str origin_of(const struct iw_finding *finding)
{
    if (finding->rule_id.n != 0)
        return finding->rule_id;
    if (finding->rule_title.n != 0)
        return finding->rule_title;
    if (finding->analytic.n != 0)
        return finding->analytic.items[0];
    return finding->title;
}

static void add_lower(struct iw_buffer *out, struct iw_str text)
{
    char *p = iw_buffer_room(out, text.n);
    if (p == NULL)
        return;
    for (size_t i = 0; i < text.n; i++)
        p[i] = iw_ascii_lower(text.p[i]);
    out->n += text.n;
}

enum iw_rc iw_finding_make_id(struct iw_finding *finding, struct iw_buffer *scratch)
{
    uint8_t digest[32];
    iw_buffer_clear(scratch);
    iw_buffer_add(scratch, IW_STR("iiswarden.finding/1\0"));
    iw_buffer_add(scratch, origin_of(finding));
    iw_buffer_add_char(scratch, '\0');
    add_lower(scratch, finding->host);
    iw_buffer_add_char(scratch, '\0');
    add_lower(scratch, finding->subject_type);
    add_lower(scratch, finding->subject_name);
    iw_buffer_add_char(scratch, '\0');
    iw_buffer_add(scratch, finding->anchor);
    if (scratch->failed || !iw_sha256(iw_buffer_str(scratch), digest))
        return IW_ENOMEM;
    memset(finding->id, 0, sizeof finding->id);
    finding->id[0] = 'f';
    finding->id[1] = '-';
    for (size_t i = 0; i < 8; i++)
        (void)snprintf(finding->id + 2 + 2 * i, 3, "%02x", digest[i]);
    return IW_OK;
}

bool iw_channel_tells_seconds(struct iw_str channel)
{
    return iw_channel_is_web_log(channel);
}

bool iw_finding_tells_seconds(const struct iw_finding *finding)
{
    bool tells_seconds = false;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        const struct iw_evidence_item *item = &finding->evidence[i];
        if (item->time_ns != finding->first_time_ns)
            continue;
        tells_seconds = iw_channel_tells_seconds(item->channel);
        if (!tells_seconds)
            break;
    }
    return tells_seconds;
}
