/*
 * A plan for the administrator, and as a document to compare evidence with.
 */
#include "base/json.h"
#include "base/json_read.h"
#include "base/limits.h"
#include "coverage/canary_plan.h"

/* --- script --- */

static void add_remark(struct iw_buffer *out, const char *before, struct iw_str text,
                       const char *after)
{
    iw_buffer_add(out, iw_str_of(before));
    iw_printable_add(out, text);
    iw_buffer_add(out, iw_str_of(after));
}

static const char *const PROVES[IW_CANARY_KIND_COUNT] = {
    [IW_CANARY_FILE] = "file_created (AN1108): who tells of files in this folder",
    [IW_CANARY_REQUEST] = "request: the log of this site; and compiled",
    [IW_CANARY_CHILD] = "process_created (AN1108): children of workers, with command line",
    [IW_CANARY_REGISTRATION] = "registration (AN0184): event 29, and who did it",
    [IW_CANARY_LOAD] = "module_load (AN0184): what workers of this pool load",
    [IW_CANARY_UNREGISTRATION] = "registration (AN0184): that removing is told as well"};

static void add_head(const struct iw_canary_plan *plan, struct iw_buffer *out)
{
    iw_buffer_printf(out,
                     "# Canaries %.*s. Each act is harmless and undone below; every security "
                     "product should notice some.\n"
                     "# Do them under change control, in 64-bit PowerShell as administrator, host "
                     "by host; tell whoever watches.\n"
                     "# c...: a page that answers only to the machine itself and starts cmd.exe "
                     "/c rem, once a request.\n"
                     "# m...: a copy of this server's own static.dll, not enabled; the pool named "
                     "is recycled twice.\n"
                     "# Then collect the logs: iiswarden coverage --canary PLAN EVIDENCE\n",
                     IW_STR_ARG(plan->marker));
}

void iw_canary_plan_script(const struct iw_canary_plan *plan, struct iw_buffer *out)
{
    size_t first = 0;
    add_head(plan, out);
    while (first < plan->n) {
        struct iw_str host = plan->acts[first].host;
        size_t end = first;
        add_remark(out, "\n# ===== ", host.n != 0 ? host : IW_STR("(the server)"), "\n");
        for (; end < plan->n && iw_str_equal(plan->acts[end].host, host); end++) {
            const struct iw_canary_act *act = &plan->acts[end];
            iw_buffer_printf(out, "\n# %.*s %s, ", IW_STR_ARG(act->id),
                             iw_canary_kind_name(act->kind));
            add_remark(out, "", act->subject, "\n");
            iw_buffer_printf(out, "# proves %s\n", PROVES[act->kind]);
            iw_buffer_add(out, act->run.n != 0 ? act->run : IW_STR("# done with the act above\n"));
        }
        iw_buffer_add(out, IW_STR("\n# Afterwards, on the same host:\n"));
        for (size_t i = first; i < end; i++)
            iw_buffer_add(out, plan->acts[i].undo);
        first = end;
    }
}

/* --- document --- */

void iw_canary_plan_write(const struct iw_canary_plan *plan, struct iw_buffer *out)
{
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.canary-plan/1"));
    iw_json_member_text(&json, "marker", plan->marker);
    iw_json_key(&json, IW_STR("acts"));
    iw_json_array(&json);
    for (size_t i = 0; i < plan->n; i++) {
        const struct iw_canary_act *act = &plan->acts[i];
        iw_json_object(&json);
        iw_json_member_text(&json, "id", act->id);
        iw_json_member_text(&json, "kind", iw_str_of(iw_canary_kind_name(act->kind)));
        iw_json_member_text(&json, "link", iw_str_of(iw_canary_kind_link(act->kind)));
        iw_json_member_text(&json, "host", act->host);
        iw_json_member_text(&json, "subject", act->subject);
        iw_json_member_text(&json, "run", act->run);
        iw_json_member_text(&json, "undo", act->undo);
        iw_json_object_end(&json);
    }
    iw_json_array_end(&json);
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

/* IW_OK, IW_EFORMAT: it has no such text, IW_ENOMEM. */
static enum iw_rc read_text(const struct iw_json_node *object, const char *name,
                            struct iw_arena *arena, struct iw_str *ret)
{
    const struct iw_json_node *node = iw_json_find(object, iw_str_of(name));
    if (node == NULL || node->kind != IW_JSON_TEXT)
        return IW_EFORMAT;
    *ret = node->text;
    return iw_arena_keep(arena, ret) ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_kind(struct iw_str name, enum iw_canary_kind *ret)
{
    for (int kind = 0; kind < IW_CANARY_KIND_COUNT; kind++) {
        if (iw_str_equal(name, iw_str_of(iw_canary_kind_name((enum iw_canary_kind)kind)))) {
            *ret = (enum iw_canary_kind)kind;
            return IW_OK;
        }
    }
    return IW_EFORMAT;
}

static enum iw_rc read_act(const struct iw_json_node *object, struct iw_arena *arena,
                           struct iw_canary_act *ret)
{
    struct iw_str kind;
    IW_TRY(read_text(object, "kind", arena, &kind));
    IW_TRY(read_kind(kind, &ret->kind));
    IW_TRY(read_text(object, "id", arena, &ret->id));
    IW_TRY(read_text(object, "host", arena, &ret->host));
    IW_TRY(read_text(object, "subject", arena, &ret->subject));
    IW_TRY(read_text(object, "run", arena, &ret->run));
    IW_TRY(read_text(object, "undo", arena, &ret->undo));
    return ret->id.n == IW_CANARY_ID_BYTES ? IW_OK : IW_EFORMAT;
}

static enum iw_rc read_plan(const struct iw_json_node *root, struct iw_canary_plan *plan,
                            struct iw_error *err)
{
    const struct iw_json_node *schema = iw_json_find(root, IW_STR("schema"));
    const struct iw_json_node *acts = iw_json_find(root, IW_STR("acts"));
    enum iw_rc rc = read_text(root, "marker", &plan->arena, &plan->marker);
    if (schema == NULL || !iw_str_equal(schema->text, IW_STR("iiswarden.canary-plan/1")))
        return iw_error_set(err, IW_EFORMAT, "no plan of canaries (iiswarden.canary-plan/1)");
    if (rc == IW_ENOMEM)
        return iw_error_set(err, rc, "no memory");
    if (rc != IW_OK || !iw_canary_marker_fits(plan->marker) || acts == NULL ||
        acts->kind != IW_JSON_ARRAY)
        return iw_error_set(err, IW_EFORMAT, "a plan of canaries without marker or acts");
    if (acts->n > IW_LIMIT_CANARY_ACTS)
        return iw_error_set(err, IW_ELIMIT, "more than %u acts", IW_LIMIT_CANARY_ACTS);
    plan->acts = iw_arena_calloc(&plan->arena, (size_t)acts->n + 1, sizeof *plan->acts);
    if (plan->acts == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (const struct iw_json_node *act = acts->first; act != NULL; act = act->next) {
        rc = read_act(act, &plan->arena, &plan->acts[plan->n]);
        if (rc != IW_OK)
            return iw_error_set(err, rc, "act %zu of the plan cannot be read", plan->n + 1);
        plan->n++;
    }
    return IW_OK;
}

enum iw_rc iw_canary_plan_read(struct iw_str text, struct iw_canary_plan *plan,
                               struct iw_error *err)
{
    const struct iw_json_node *root;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_json_read(text, &arena, &root, err);
    if (rc == IW_OK)
        rc = read_plan(root, plan, err);
    iw_arena_done(&arena);
    return rc;
}
