/*
 * The compiler: YAML texts → documents → plans → ruleset. Every document gets its entry in the rule
 * account; a text that stops being YAML gets one for the place where it stops.
 *
 * Two rules with one id are both kept and both run: which of two contradicting copies is meant
 * cannot be told from here, and each finding names its rule's place. The account notes them.
 */
#include <stdio.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_collection.h"
#include "sigma/sigma_compiler.h"
#include "sigma/sigma_document.h"
#include "sigma/sigma_link.h"
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
    iw_free(compiler->filters);
    iw_free(compiler);
}

void iw_sigma_compiler_set_options(struct iw_sigma_compiler *compiler,
                                   const struct iw_sigma_options *options)
{
    compiler->options = *options;
}

enum iw_rc iw_compiler_refuse_file(struct iw_sigma_compiler *compiler, const char *origin,
                                   bool is_builtin, const struct iw_error *err)
{
    const struct iw_rule_entry entry = {
        .state = IW_RULE_REFUSED,
        .kind = IW_RULE_KIND_OTHER,
        .is_builtin = is_builtin,
        .file = iw_str_of(origin),
        .line = err->line,
        .column = err->column,
        .reason = iw_str_of(err->message),
    };
    return iw_rule_account_add(compiler->account, &entry) != SIZE_MAX ? IW_OK : IW_ENOMEM;
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
    return IW_OK;
}

/* Keeps what a document came to, for the ruleset or for linking. */
static enum iw_rc keep(struct iw_sigma_compiler *compiler, const struct iw_document *doc,
                       size_t account_index)
{
    struct iw_sigma_ruleset *ruleset = compiler->ruleset;

    if (doc->correlation != NULL &&
        (doc->state == IW_RULE_LOADED || doc->state == IW_RULE_NOT_YET)) {
        if (!iw_array_reserve(&ruleset->correlations, &compiler->correlations_cap,
                              ruleset->n_correlations + 1, sizeof *ruleset->correlations))
            return IW_ENOMEM;
        doc->correlation->rule.account_index = account_index;
        ruleset->correlations[ruleset->n_correlations++] = doc->correlation;
        return IW_OK;
    }
    if (doc->state != IW_RULE_LOADED)
        return IW_OK;
    if (doc->filter == NULL)
        return keep_plan(compiler, doc->plan, account_index);
    if (!iw_array_reserve(&compiler->filters, &compiler->filters_cap, compiler->n_filters + 1,
                          sizeof *compiler->filters))
        return IW_ENOMEM;
    doc->filter->account_index = account_index;
    compiler->filters[compiler->n_filters++] = doc->filter;
    return IW_OK;
}

static enum iw_rc add_document(struct iw_sigma_compiler *compiler, const char *origin,
                               bool is_builtin, const struct iw_document *doc)
{
    const struct iw_rule_entry entry = {
        .state = doc->state,
        .kind = doc->kind,
        .is_builtin = is_builtin,
        .file = iw_str_of(origin),
        .line = doc->line,
        .column = doc->column,
        .id = doc->id,
        .title = doc->title,
        .name = doc->name,
        .status = doc->status,
        .level = doc->level,
        .log_source = doc->log_source,
        .reason = doc->state != IW_RULE_LOADED ? iw_str_of(doc->reason) : IW_STR(""),
    };
    size_t index = iw_rule_account_add(compiler->account, &entry);
    return index != SIZE_MAX ? keep(compiler, doc, index) : IW_ENOMEM;
}

/* One text on its way through the compiler. */
struct text {
    struct iw_load load;
    struct iw_collection collection;
    size_t n_nodes; /* of all its documents */
};

static void set_action_aside(struct iw_document *doc)
{
    doc->state = IW_RULE_NOT_APPLICABLE;
    doc->kind = IW_RULE_KIND_OTHER;
    (void)snprintf(doc->reason, sizeof doc->reason,
                   "a collection action: it changes the rules after it");
}

/* Takes a tree: *ret is what is to be loaded, NULL for an action. A file past its limit is not even
 * merged any more. */
static enum iw_rc take_tree(struct text *text, const struct iw_yaml_node *root,
                            const struct iw_yaml_node **ret)
{
    if (text->n_nodes <= IW_LIMIT_RULE_FILE_NODES) {
        IW_TRY(iw_collection_take(&text->collection, root, ret, text->load.err));
        text->n_nodes += *ret != NULL ? (*ret)->n_nodes : root->n_nodes;
    }
    if (text->n_nodes > IW_LIMIT_RULE_FILE_NODES)
        return iw_error_set(text->load.err, IW_ELIMIT,
                            "the file has too many YAML nodes up to here");
    return IW_OK;
}

/* Reads a tree as a document. IW_OK, whatever its state; IW_ENOMEM. */
static enum iw_rc read_tree(struct text *text, const struct iw_yaml_node *root,
                            struct iw_document *doc)
{
    const struct iw_yaml_node *merged = root;
    enum iw_rc rc;

    memset(doc, 0, sizeof *doc);
    doc->line = root->line;
    doc->column = root->column;
    doc->id = iw_document_text(root, "id");
    doc->title = iw_document_text(root, "title");
    rc = take_tree(text, root, &merged);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK)
        iw_document_refuse(doc, root, text->load.err);
    else if (merged == NULL)
        set_action_aside(doc);
    else
        return iw_document_load(&text->load, merged, doc);
    return IW_OK;
}

static enum iw_rc read_documents(struct iw_sigma_compiler *compiler, const char *origin,
                                 bool is_builtin, struct iw_yaml_stream *stream)
{
    struct iw_error err = {0};
    size_t n_expandable = IW_LIMIT_EXPANDED_TOTAL;
    struct text text = {.load = {&compiler->ruleset->arena, compiler->names,
                                 &compiler->ruleset->regexes, &err, compiler->options,
                                 &n_expandable},
                        .collection = {.arena = &compiler->ruleset->arena}};

    for (;;) {
        const struct iw_yaml_node *root = NULL;
        struct iw_document doc;
        enum iw_rc rc = iw_yaml_stream_next(stream, &root, &err);
        if (rc == IW_END)
            return IW_OK;
        if (rc == IW_ENOMEM)
            return rc;
        if (rc != IW_OK) {
            iw_collection_lose(&text.collection);
            IW_TRY(iw_compiler_refuse_file(compiler, origin, is_builtin, &err));
            continue;
        }
        if (root == NULL)
            continue;
        IW_TRY(read_tree(&text, root, &doc));
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
    IW_TRY(iw_compiler_link(compiler));
    compiler->ruleset->n_names = compiler->names->n;
    IW_TRY(iw_correlate_program_make(compiler->ruleset, compiler->account));
    IW_TRY(iw_ruleset_index(compiler->ruleset));
    *ret = compiler->ruleset;
    compiler->ruleset = NULL;
    return IW_OK;
}
