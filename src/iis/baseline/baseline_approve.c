/*
 * Approvals into a document: its own lines stay byte by byte, approvals follow, sorted. What is
 * approved is the content of a difference, which comes from the output of `baseline diff`; its id
 * is made anew from that content, so that a line whose content was changed is not approved under
 * its old name.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_inside.h"

#define DIFFERENCE_SCHEMA "iiswarden.difference/1"

struct approving {
    const struct iw_baseline_approver *approver;
    const struct iw_text_list *ids;
    bool *is_met; /* of ids */
    struct iw_arena arena, line;
    struct approval_line {
        struct iw_str id, text;
        bool is_new;
    } * lines;
    size_t n, cap;
    struct iw_error *err;
};

static enum iw_rc check_words(const struct iw_baseline_approver *approver, struct iw_error *err)
{
    const struct {
        const char *name;
        struct iw_str text;
    } words[] = {{"who approves", approver->by},
                 {"a ticket", approver->ticket},
                 {"a reason", approver->reason}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].text.n == 0)
            return iw_error_set(err, IW_EUSAGE, "an approval needs %s", words[i].name);
        if (words[i].text.n > IW_LIMIT_APPROVAL_TEXT_BYTES)
            return iw_error_set(err, IW_EUSAGE, "%s: longer than %u bytes", words[i].name,
                                IW_LIMIT_APPROVAL_TEXT_BYTES);
    }
    return IW_OK;
}

static enum iw_rc add_line(struct approving *approving, struct iw_str id, struct iw_str text,
                           bool is_new)
{
    struct approval_line line = {iw_arena_copy(&approving->arena, id),
                                 iw_arena_copy(&approving->arena, text), is_new};
    if (line.id.p == NULL || line.text.p == NULL ||
        !iw_array_reserve(&approving->lines, &approving->cap, approving->n + 1,
                          sizeof approving->lines[0]))
        return IW_ENOMEM;
    approving->lines[approving->n++] = line;
    return IW_OK;
}

static void write_words(const struct iw_baseline_approver *approver, const char *id,
                        struct iw_str change, struct iw_str host, struct iw_json *json)
{
    iw_json_key(json, IW_STR("approval"));
    iw_json_object(json);
    iw_json_member_text(json, "id", iw_str_of(id));
    iw_json_member_text(json, "change", change);
    iw_json_member_text(json, "host", host);
    iw_json_member_text(json, "by", approver->by);
    iw_json_member_text(json, "ticket", approver->ticket);
    iw_json_member_text(json, "reason", approver->reason);
    iw_json_member_time(json, "expires", approver->expires_ns);
    iw_json_object_end(json);
}

static void write_side(const char *key, const struct iw_baseline_record *record,
                       struct iw_json *json)
{
    iw_json_key(json, iw_str_of(key));
    if (record != NULL)
        iw_baseline_record_json(record, json);
    else
        iw_json_null(json);
}

static enum iw_rc write_approval(struct approving *approving, const char *id, struct iw_str host,
                                 const struct iw_baseline_sides *sides)
{
    struct iw_buffer text;
    struct iw_json json;
    enum iw_rc rc = IW_ENOMEM;
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_json_object(&json);
    write_words(approving->approver, id, iw_str_of(iw_baseline_change_name(sides->change)), host,
                &json);
    write_side("was", sides->was, &json);
    write_side("now", sides->now, &json);
    iw_json_object_end(&json);
    if (!text.failed)
        rc = add_line(approving, iw_str_of(id), iw_buffer_str(&text), true);
    iw_buffer_done(&text);
    return rc;
}

/* Of one line of the output: whose difference it is. That of a farm is of all its servers. */
static enum iw_rc host_of(struct approving *approving, const struct iw_json_node *top,
                          struct iw_str *ret)
{
    const struct iw_json_node *farm = iw_json_find(top, IW_STR("farm"));
    const struct iw_json_node *host = iw_json_find(top, IW_STR("host"));
    if (farm == NULL || host == NULL || host->kind != IW_JSON_TEXT)
        return iw_error_set(approving->err, IW_EFORMAT, "a difference without host or farm");
    *ret = farm->kind == IW_JSON_NULL ? host->text : IW_STR("");
    return IW_OK;
}

/* "d-0123456789abcdef-2" is the same content as without its number. */
static bool is_id_of(struct iw_str written, const char *id)
{
    struct iw_str plain = iw_str_of(id);
    return written.n >= plain.n && memcmp(written.p, plain.p, plain.n) == 0 &&
           (written.n == plain.n || written.p[plain.n] == '-');
}

static bool is_wanted(struct approving *approving, struct iw_str id)
{
    bool is_named = false;
    for (size_t i = 0; i < approving->ids->n; i++) {
        if (!iw_str_equal(approving->ids->items[i], id))
            continue;
        approving->is_met[i] = true;
        is_named = true;
    }
    return is_named;
}

static bool has_new(const struct approving *approving, const char *id)
{
    for (size_t i = 0; i < approving->n; i++)
        if (approving->lines[i].is_new && iw_str_equal(approving->lines[i].id, iw_str_of(id)))
            return true;
    return false;
}

static enum iw_rc read_difference(struct approving *approving, struct iw_str line)
{
    const struct iw_json_node *top, *schema, *id;
    char own[IW_DIFFERENCE_ID_BYTES];
    struct iw_baseline_sides sides = {0};
    struct iw_str host;
    uint8_t digest[32];
    iw_arena_reset(&approving->line);
    IW_TRY(iw_json_read(line, &approving->line, &top, approving->err));
    schema = iw_json_find(top, IW_STR("schema"));
    id = iw_json_find(top, IW_STR("id"));
    if (schema == NULL || schema->kind != IW_JSON_TEXT ||
        !iw_str_equal(schema->text, IW_STR(DIFFERENCE_SCHEMA)) || id == NULL ||
        id->kind != IW_JSON_TEXT)
        return iw_error_set(approving->err, IW_EFORMAT,
                            "no output of baseline diff: no object with "
                            "the schema \"" DIFFERENCE_SCHEMA "\"");
    if (!is_wanted(approving, id->text))
        return IW_OK;
    IW_TRY(iw_baseline_sides_read(top, iw_json_find(top, IW_STR("change")), &approving->line,
                                  &sides, approving->err));
    IW_TRY(host_of(approving, top, &host));
    if (!iw_baseline_digest(host, sides.change, sides.was, sides.now, true, digest))
        return IW_ENOMEM;
    iw_baseline_id(digest, own);
    if (!is_id_of(id->text, own))
        return iw_error_set(approving->err, IW_EFORMAT,
                            "%.*s does not have the content its id stands for",
                            IW_STR_ARG(id->text));
    return has_new(approving, own) ? IW_OK : write_approval(approving, own, host, &sides);
}

static enum iw_rc read_differences(struct approving *approving, struct iw_str diff)
{
    struct iw_str line;
    uint32_t number = 0;
    enum iw_rc rc = IW_OK;
    if (diff.n > IW_LIMIT_BASELINE_BYTES)
        return iw_error_set(approving->err, IW_ELIMIT, "differences of more than %lu bytes",
                            IW_LIMIT_BASELINE_BYTES);
    while (rc == IW_OK && iw_baseline_line(&diff, &line)) {
        number++;
        rc = line.n > IW_LIMIT_BASELINE_LINE_BYTES
                 ? iw_error_set(approving->err, IW_ELIMIT, "a line of more than %lu bytes",
                                IW_LIMIT_BASELINE_LINE_BYTES)
                 : read_difference(approving, line);
    }
    if (rc != IW_OK && rc != IW_ENOMEM)
        iw_error_place(approving->err, "differences", number, 0);
    for (size_t i = 0; rc == IW_OK && i < approving->ids->n; i++)
        if (!approving->is_met[i])
            rc = iw_error_set(approving->err, IW_EUSAGE, "no difference %.*s there",
                              IW_STR_ARG(approving->ids->items[i]));
    return rc;
}

/* Lines of entries go straight to *out*, those of approvals to the list. */
static enum iw_rc take_document(struct approving *approving, struct iw_str document,
                                struct iw_buffer *out)
{
    struct iw_str line;
    while (iw_baseline_line(&document, &line)) {
        const struct iw_json_node *top, *approval;
        iw_arena_reset(&approving->line);
        IW_TRY(iw_json_read(line, &approving->line, &top, approving->err));
        approval = iw_json_find(top, IW_STR("approval"));
        if (approval != NULL) {
            IW_TRY(add_line(approving, iw_json_find(approval, IW_STR("id"))->text, line, false));
        } else {
            iw_buffer_add(out, line);
            iw_buffer_add_char(out, '\n');
        }
    }
    return IW_OK;
}

/* New ones before old ones of the same id. */
static int line_order(const void *a, const void *b)
{
    const struct approval_line *left = a, *right = b;
    int order = iw_str_compare(left->id, right->id);
    if (order == 0)
        order = (int)right->is_new - (int)left->is_new;
    return order != 0 ? order : iw_str_compare(left->text, right->text);
}

static void write_lines(struct approving *approving, struct iw_buffer *out)
{
    if (approving->n > 1)
        qsort(approving->lines, approving->n, sizeof approving->lines[0], line_order);
    for (size_t i = 0; i < approving->n; i++) {
        if (i != 0 && !approving->lines[i].is_new &&
            iw_str_equal(approving->lines[i].id, approving->lines[i - 1].id))
            continue; /* renewed */
        iw_buffer_add(out, approving->lines[i].text);
        iw_buffer_add_char(out, '\n');
    }
}

static enum iw_rc approve(struct approving *approving, struct iw_str document, struct iw_str diff,
                          struct iw_buffer *out)
{
    struct iw_baseline *baseline;
    IW_TRY(check_words(approving->approver, approving->err));
    if (approving->ids->n == 0)
        return iw_error_set(approving->err, IW_EUSAGE, "no difference named");
    IW_TRY(iw_baseline_read(document, "baseline", &approving->arena, &baseline, approving->err));
    approving->is_met = iw_arena_calloc(&approving->arena, approving->ids->n, sizeof(bool));
    if (approving->is_met == NULL)
        return IW_ENOMEM;
    IW_TRY(read_differences(approving, diff));
    IW_TRY(take_document(approving, document, out));
    write_lines(approving, out);
    return out->failed ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_baseline_approve(struct iw_str document, struct iw_str diff,
                               const struct iw_text_list *ids,
                               const struct iw_baseline_approver *approver, struct iw_buffer *out,
                               struct iw_error *err)
{
    struct approving approving = {.approver = approver, .ids = ids, .err = err};
    enum iw_rc rc;
    iw_arena_init(&approving.arena, 0);
    iw_arena_init(&approving.line, 0);
    rc = approve(&approving, document, diff, out);
    if (rc == IW_ENOMEM)
        (void)iw_error_set(err, rc, "no memory to approve differences");
    iw_free(approving.lines);
    iw_arena_done(&approving.line);
    iw_arena_done(&approving.arena);
    return rc;
}
