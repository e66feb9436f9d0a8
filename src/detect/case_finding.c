/*
 * A case as a finding. Identity: analytic, host, name of the subject, and as anchor its kind, place
 * and what it loads: the file's hash where it is known, else its path. So the same thing has the
 * same id whether events were at hand or not.
 *
 * What change records say of its acts (case_change.c) lowers the level as result/change_level.h
 * says; for findings of rules engine/rule_change.c does the same.
 */
#include <stdio.h>

#include "base/buffer.h"
#include "base/path_name.h"
#include "detect/act_parts.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "result/change_level.h"

static struct iw_str kept(struct iw_case *named, struct iw_buffer *text)
{
    struct iw_str copy = {NULL, 0};
    if (!text->failed)
        copy = iw_arena_copy(named->judging->arena, iw_buffer_str(text));
    iw_buffer_done(text);
    return copy;
}

/* The file that stands for the case, or NULL. */
static const struct iw_item_file *file_of(const struct iw_case *named)
{
    if (named->web_file != NULL)
        return named->web_file->file.state == IW_ITEM_FILE_READ ? &named->web_file->file : NULL;
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_item_file *file = iw_component_file(iw_case_component(named, i));
        if (file != NULL)
            return file;
    }
    return NULL;
}

static enum iw_rc set_anchor(struct iw_case *named, struct iw_finding *finding)
{
    const struct iw_item_file *file = file_of(named);
    struct iw_str parts[3] = {iw_str_of(named->kind), named->scope, named->image};
    struct iw_buffer text;
    iw_buffer_init(&text);
    for (size_t i = 0; i < 3; i++) {
        if (i == 2 && file != NULL)
            break;
        for (size_t k = 0; k < parts[i].n; k++)
            iw_buffer_add_char(&text, iw_ascii_lower(parts[i].p[k]));
        iw_buffer_add_char(&text, '\0');
    }
    for (size_t i = 0; file != NULL && i < sizeof file->sha256; i++)
        iw_buffer_printf(&text, "%02x", file->sha256[i]);
    finding->anchor = kept(named, &text);
    return finding->anchor.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc set_title(struct iw_case *named, struct iw_finding *finding)
{
    struct iw_buffer text;
    iw_buffer_init(&text);
    iw_buffer_add(&text, named->title);
    iw_buffer_add(&text, IW_STR(": "));
    iw_buffer_add(&text, named->web_file != NULL ? iw_path_name(named->name) : named->name);
    finding->title = kept(named, &text);
    return finding->title.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc finish_list(struct iw_case *named, struct iw_lines *lines,
                              struct iw_text_list *ret)
{
    if (lines->n_hidden != 0) { /* grow keeps room for one line more */
        struct iw_buffer text;
        iw_buffer_init(&text);
        iw_buffer_printf(&text, "%zu more", lines->n_hidden);
        lines->items[lines->n] = kept(named, &text);
        if (lines->items[lines->n++].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){lines->items, lines->n};
    return IW_OK;
}

/* --- change records --------------------------------------------------------------------------- */

static enum iw_rc judge_change(struct iw_case *named, struct iw_finding *finding)
{
    IW_TRY(iw_case_change(named, file_of(named), &finding->change));
    finding->level = iw_change_level(&finding->change, finding->level);
    return IW_OK;
}

/* --- the whole ------------------------------------------------------------------------------ */

static void set_tags(const struct iw_case *named, struct iw_finding *ret)
{
    static const struct iw_str AN0184 = {"AN0184", 6}, AN1108 = {"AN1108", 6};
    static const struct iw_str COMPONENTS = {"T1505.004", 9}, WEB_SHELL = {"T1505.003", 9};
    bool is_web_file = named->web_file != NULL;
    ret->kind = is_web_file ? IW_FINDING_WEBFILE : IW_FINDING_COMPONENT;
    ret->analytic = (struct iw_text_list){is_web_file ? &AN1108 : &AN0184, 1};
    if (!named->is_absence)
        ret->attack = (struct iw_text_list){is_web_file ? &WEB_SHELL : &COMPONENTS, 1};
    ret->subject_type = is_web_file ? IW_STR("file") : IW_STR("component");
    ret->subject_name = named->name;
    ret->detail = named->image;
    /* A state is one link of the analytic; with who registered it and its load the links are whole.
     */
    ret->is_partial = is_web_file || !named->has_facts[IW_FACT_CONFIG_CHANGE] ||
                      !named->has_facts[IW_FACT_MODULE_LOAD];
}

static void set_score(const struct iw_case *named, struct iw_finding *ret)
{
    size_t n_reasons = named->why.n - named->n_remarks;
    uint32_t more = n_reasons > 1 ? (uint32_t)(n_reasons - 1) : 0;
    ret->score = iw_level_score(ret->level) + (more < 5 ? 2 * more : 10);
}

enum iw_rc iw_case_finding(struct iw_case *named, struct iw_finding *ret)
{
    struct iw_act act = {.first_ns = IW_TIME_UNKNOWN, .last_ns = IW_TIME_UNKNOWN};
    const struct iw_inventory_component *row = iw_case_component(named, 0);
    memset(ret, 0, sizeof *ret);
    ret->rule_account = SIZE_MAX; /* of no rule */
    ret->is_by_server_weighed = named->is_by_server_weighed;
    ret->host = named->judging->server->host;
    IW_TRY(iw_case_evidence(named, &act, ret));
    IW_TRY(iw_case_weigh(named));
    ret->level = named->level;
    iw_act_name_actor(&act, named->judging->input->names, named->judging->server->host);
    set_tags(named, ret);
    IW_TRY(judge_change(named, ret));
    IW_TRY(iw_case_blind(named));
    IW_TRY(iw_case_triage(named, &act));
    IW_TRY(set_title(named, ret));
    IW_TRY(set_anchor(named, ret));
    set_score(named, ret);
    ret->computer = act.computer;
    ret->user = act.actor.n != 0 ? act.actor : act.actor_sid;
    if (row != NULL && row->pools.n == 1)
        ret->pool = row->pools.items[0];
    IW_TRY(finish_list(named, &named->why, &ret->why));
    IW_TRY(finish_list(named, &named->blind, &ret->blind));
    return finish_list(named, &named->triage, &ret->triage);
}
