/*
 * The compiler: YAML texts → documents → plans → ruleset. Every document gets its entry in the rule
 * account; a text that stops being YAML gets one for the place where it stops.
 *
 * Two rules with one id are both kept and both run: which of two contradicting copies is meant
 * cannot be told from here, and each finding names its rule's place.
 */
#include <stdio.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_compiler.h"
#include "sigma/sigma_document.h"
#include "sigma/sigma_ruleset.h"

struct iw_sigma_compiler *iw_sigma_compiler_new(struct iw_names *names,
                                                struct iw_rule_account *account)
{
    struct iw_sigma_compiler *compiler = iw_calloc(1, sizeof *compiler);
    if (compiler == NULL)
        return NULL;
    compiler->ruleset = iw_calloc(1, sizeof *compiler->ruleset);
    if (compiler->ruleset == NULL) {
        iw_free(compiler);
        return NULL;
    }
    iw_arena_init(&compiler->ruleset->arena, 0);
    iw_map_init(&compiler->ruleset->by_channel);
    compiler->names = names;
    compiler->account = account;
    return compiler;
}

void iw_sigma_compiler_free(struct iw_sigma_compiler *compiler)
{
    if (compiler == NULL)
        return;
    iw_sigma_ruleset_free(compiler->ruleset);
    iw_free(compiler);
}

enum iw_rc iw_compiler_refuse_file(struct iw_sigma_compiler *compiler, const char *origin,
                                   bool is_builtin, const struct iw_error *err)
{
    const struct iw_rule_entry entry = {
        .state = IW_RULE_REFUSED,
        .is_builtin = is_builtin,
        .file = iw_str_of(origin),
        .line = err->line,
        .column = err->column,
        .reason = iw_str_of(err->message),
    };
    return iw_rule_account_add(compiler->account, &entry) != SIZE_MAX ? IW_OK : IW_ENOMEM;
}

/* Rules after `action: global` would have to be merged with it. */
static void refuse_after_action(struct iw_document *doc)
{
    if (doc->state != IW_RULE_LOADED)
        return;
    doc->state = IW_RULE_REFUSED;
    (void)snprintf(doc->reason, sizeof doc->reason,
                   "stands after a collection action of Sigma 1, which is not supported");
}

static enum iw_rc keep_plan(struct iw_sigma_compiler *compiler, struct iw_rule_plan *plan,
                            size_t account_index)
{
    struct iw_sigma_ruleset *ruleset = compiler->ruleset;
    if (!iw_array_reserve(&ruleset->plans, &compiler->plans_cap, ruleset->n_plans + 1,
                          sizeof *ruleset->plans))
        return IW_ENOMEM;
    plan->rule.account_index = account_index;
    ruleset->plans[ruleset->n_plans++] = plan;
    if (plan->stack_depth > ruleset->stack_depth)
        ruleset->stack_depth = plan->stack_depth;
    return IW_OK;
}

static enum iw_rc add_document(struct iw_sigma_compiler *compiler, const char *origin,
                               bool is_builtin, const struct iw_document *doc)
{
    const struct iw_rule_entry entry = {
        .state = doc->state,
        .is_builtin = is_builtin,
        .file = iw_str_of(origin),
        .line = doc->line,
        .column = doc->column,
        .id = doc->id,
        .title = doc->title,
        .level = doc->level,
        .log_source = doc->log_source,
        .reason = doc->state != IW_RULE_LOADED ? iw_str_of(doc->reason) : IW_STR(""),
    };
    size_t index = iw_rule_account_add(compiler->account, &entry);
    if (index == SIZE_MAX)
        return IW_ENOMEM;
    return doc->state == IW_RULE_LOADED ? keep_plan(compiler, doc->plan, index) : IW_OK;
}

static enum iw_rc read_documents(struct iw_sigma_compiler *compiler, const char *origin,
                                 bool is_builtin, struct iw_yaml_stream *stream)
{
    struct iw_error err = {0};
    const struct iw_load load = {&compiler->ruleset->arena, compiler->names,
                                 &compiler->ruleset->regexes, &err};
    bool after_action = false;

    for (;;) {
        const struct iw_yaml_node *root = NULL;
        struct iw_document doc;
        enum iw_rc rc = iw_yaml_stream_next(stream, &root, &err);
        if (rc == IW_END)
            return IW_OK;
        if (rc == IW_ENOMEM)
            return rc;
        if (rc != IW_OK) {
            IW_TRY(iw_compiler_refuse_file(compiler, origin, is_builtin, &err));
            continue;
        }
        if (root == NULL)
            continue;
        IW_TRY(iw_document_load(&load, root, &doc));
        if (doc.is_tests)
            continue;
        after_action = (after_action || doc.is_action) && !doc.is_reset;
        if (after_action)
            refuse_after_action(&doc);
        IW_TRY(add_document(compiler, origin, is_builtin, &doc));
    }
}

enum iw_rc iw_sigma_compiler_add(struct iw_sigma_compiler *compiler, const char *origin,
                                 bool is_builtin, struct iw_str yaml)
{
    struct iw_yaml_stream *stream;
    enum iw_rc rc;

    if (yaml.n > IW_LIMIT_RULE_FILE_BYTES) {
        struct iw_error err = {0};
        iw_error_set(&err, IW_ELIMIT, "larger than the limit of %zu bytes",
                     (size_t)IW_LIMIT_RULE_FILE_BYTES);
        return iw_compiler_refuse_file(compiler, origin, is_builtin, &err);
    }
    stream = iw_yaml_stream_new(yaml, &compiler->ruleset->arena);
    if (stream == NULL)
        return IW_ENOMEM;
    rc = read_documents(compiler, origin, is_builtin, stream);
    iw_yaml_stream_free(stream);
    return rc;
}

enum iw_rc iw_sigma_compiler_finish(struct iw_sigma_compiler *compiler,
                                    struct iw_sigma_ruleset **ret)
{
    *ret = NULL;
    compiler->ruleset->n_names = compiler->names->n;
    IW_TRY(iw_ruleset_index(compiler->ruleset));
    *ret = compiler->ruleset;
    compiler->ruleset = NULL;
    return IW_OK;
}
