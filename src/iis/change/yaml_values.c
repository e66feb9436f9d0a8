/*
 * Documents and values. An empty value is refused rather than taken for a clause that is not given:
 * `sha256:` with nothing behind it would approve any content.
 */
#include "iis/change/yaml_values.h"

#include "iis/change/change_list.h"

/* Tells of a document that is refused. */
static enum iw_rc tell(struct iw_change_problems *problems, enum iw_rc rc,
                       const struct iw_error *err)
{
    return iw_change_problems_add(problems, err->line, err->column, (struct iw_str){NULL, 0},
                                  "%s; %s", err->message,
                                  rc == IW_EFORMAT ? "the rest of the file is not read"
                                                   : "nothing of this document is taken");
}

enum iw_rc yaml_values_each_document(struct iw_str bytes, const char *name, struct iw_arena *arena,
                                     struct iw_change_problems *problems,
                                     enum iw_rc (*on_document)(void *context,
                                                               const struct iw_yaml_node *root),
                                     void *context, struct iw_error *err)
{
    struct iw_error refusal, first = {.rc = IW_OK};
    struct iw_str text = changes_text_of(bytes, arena);
    struct iw_yaml_stream *stream = text.p != NULL ? iw_yaml_stream_new(text, arena) : NULL;
    const size_t n_problems = problems->n, n_hidden = problems->n_hidden;
    bool any = false;
    enum iw_rc rc = stream != NULL ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");

    while (rc == IW_OK) {
        const struct iw_yaml_node *root = NULL;
        enum iw_rc next;
        memset(&refusal, 0, sizeof refusal);
        next = iw_yaml_stream_next(stream, &root, &refusal);
        if (next == IW_END)
            break;
        if (next == IW_OK && root != NULL) {
            any = true;
            rc = on_document(context, root);
        } else if (next != IW_OK) {
            if (first.rc == IW_OK)
                first = refusal;
            rc = next == IW_ENOMEM ? IW_ENOMEM : tell(problems, next, &refusal);
        }
        if (rc == IW_ENOMEM)
            iw_error_set(err, IW_ENOMEM, "no memory");
        if (next == IW_EFORMAT)
            break;
    }
    iw_yaml_stream_free(stream);
    if (rc == IW_OK && !any && first.rc != IW_OK) {
        /* Told as the error instead. */
        problems->n = n_problems;
        problems->n_hidden = n_hidden;
        iw_error_set(err, first.rc, "%s", first.message);
        iw_error_place(err, name, first.line, first.column);
        rc = first.rc;
    }
    return rc;
}

static const char *check_scalar(const struct iw_yaml_node *node)
{
    if (node->kind != IW_YAML_SCALAR)
        return "must be one text";
    return iw_yaml_is_null(node) ? "is empty: leave the key out, or give it a value" : NULL;
}

static void put(struct change_values *values, const struct iw_yaml_node *node)
{
    values->items[values->n++] =
        (struct change_value){.text = node->text, .line = node->line, .column = node->column};
}

enum iw_rc yaml_values_read(const struct iw_yaml_node *node, bool may_be_list,
                            struct iw_arena *arena, struct change_values *ret,
                            const char **ret_wrong)
{
    const bool is_list = may_be_list && node->kind == IW_YAML_SEQUENCE;
    struct change_values values = {.n = 0};

    *ret_wrong = is_list ? NULL : check_scalar(node);
    if (node->kind == IW_YAML_MAPPING && may_be_list)
        *ret_wrong = "must be a text or a list of texts";
    else if (is_list && node->n_entries == 0)
        *ret_wrong = "is an empty list";
    for (const struct iw_yaml_entry *entry = is_list ? node->first : NULL;
         entry != NULL && *ret_wrong == NULL; entry = entry->next)
        *ret_wrong = check_scalar(entry->value);
    if (*ret_wrong != NULL)
        return IW_OK;
    values.items = iw_arena_calloc(arena, is_list ? node->n_entries : 1, sizeof *values.items);
    if (values.items == NULL)
        return IW_ENOMEM;
    if (!is_list)
        put(&values, node);
    for (const struct iw_yaml_entry *entry = is_list ? node->first : NULL; entry != NULL;
         entry = entry->next)
        put(&values, entry->value);
    *ret = values;
    return IW_OK;
}
