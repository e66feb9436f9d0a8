/*
 * The detector's output, read (see score_findings.h).
 *
 * What it does: takes from each finding what can point at a trace. A finding none of whose items is
 * an event with channel and record id gets one more item from its `event`, the matched event. What
 * it ignores: scores and advice; they are not judged.
 */
#include "lab/score/score_findings.h"

#include "lab/lab_alloc.h"
#include "lab/score/score_names.h"

#include <string.h>

static bool has_schema(const struct iw_lab_document *document, const char *schema,
                       struct iw_lab_error *error)
{
    const char *found = iw_lab_document_text(&document->json, &document->json.nodes[0], "schema");
    return (found != NULL && strcmp(found, schema) == 0) ||
           iw_lab_error_set(error, "line %zu of the detector's output is no %s", document->line,
                            schema);
}

static const char *text_or_empty(const struct iw_lab_json *json,
                                 const struct iw_lab_json_node *object, const char *key)
{
    const char *text = iw_lab_document_text(json, object, key);
    return text != NULL ? text : "";
}

static void read_values(const struct iw_lab_json *json, const struct iw_lab_json_node *fields,
                        struct iw_lab_words *values)
{
    const struct iw_lab_json_node *field = fields != NULL ? iw_lab_json_first(json, fields) : NULL;
    for (; field != NULL; field = iw_lab_json_next(json, field)) {
        if (field->kind == IW_LAB_JSON_STRING) {
            iw_lab_words_add(values, field->text);
        } else if (field->kind == IW_LAB_JSON_ARRAY) {
            iw_lab_document_words(json, fields, field->key, values);
        }
    }
}

static void add_item(struct iw_lab_finding *finding, struct iw_lab_item item)
{
    finding->items = iw_lab_list_room(finding->items, finding->n_items, sizeof *finding->items);
    finding->items[finding->n_items++] = item;
}

static void read_item(const struct iw_lab_json *json, const struct iw_lab_json_node *object,
                      struct iw_lab_finding *finding)
{
    struct iw_lab_item item = {
        .host = iw_lab_document_text(json, object, "host"),
        .channel = iw_lab_document_text(json, object, "channel"),
        .source = iw_lab_source_below_evidence(iw_lab_document_text(json, object, "source"))};
    if (item.host == NULL) {
        item.host = finding->host;
    }
    item.has_record = item.channel != NULL &&
                      iw_lab_document_number(json, object, "record_id", &item.record_id) &&
                      item.record_id > 0;
    item.has_line = iw_lab_document_number(json, object, "line", &item.line);
    read_values(json, iw_lab_json_member(json, object, "fields"), &item.values);
    add_item(finding, item);
}

/* The matched event stands in for items that do not say which record they are. */
static void read_event(const struct iw_lab_json *json, const struct iw_lab_json_node *event,
                       struct iw_lab_finding *finding)
{
    for (size_t i = 0; i < finding->n_items; i++) {
        if (finding->items[i].has_record) {
            return;
        }
    }
    struct iw_lab_item item = {.host = finding->host,
                               .channel = iw_lab_document_text(json, event, "Channel")};
    item.has_record = iw_lab_document_number(json, event, "EventRecordID", &item.record_id);
    if (item.channel != NULL && item.has_record) {
        add_item(finding, item);
    }
}

static bool read_finding(const struct iw_lab_document *document, struct iw_lab_finding *finding,
                         struct iw_lab_error *error)
{
    const struct iw_lab_json *json = &document->json;
    const struct iw_lab_json_node *object = &json->nodes[0];
    const struct iw_lab_json_node *subject = iw_lab_json_member(json, object, "subject");
    const char *level = iw_lab_document_text(json, object, "level");
    *finding = (struct iw_lab_finding){
        .id = text_or_empty(json, object, "id"),
        .kind = text_or_empty(json, object, "kind"),
        .title = text_or_empty(json, object, "title"),
        .subject = text_or_empty(json, subject, "name"),
        .change = text_or_empty(json, iw_lab_json_member(json, object, "change"), "status"),
        .host = iw_lab_document_text(json, object, "host")};
    iw_lab_document_words(json, object, "analytic", &finding->analytics);
    iw_lab_document_words(json, object, "why", &finding->why);
    iw_lab_document_words(json, object, "blind", &finding->blind);
    iw_lab_document_words(json, object, "attack", &finding->attack);
    const struct iw_lab_json_node *partial = iw_lab_json_member(json, object, "partial");
    finding->is_partial = partial != NULL && partial->kind == IW_LAB_JSON_TRUE;
    finding->is_component = strcmp(finding->kind, "component") == 0 ||
                            strcmp(text_or_empty(json, subject, "type"), "component") == 0;
    if (!has_schema(document, "iiswarden.finding/1", error)) {
        return false;
    }
    if (!iw_lab_level_read(level, &finding->level)) {
        return iw_lab_error_set(error, "line %zu of the detector's output: unknown level %s",
                                document->line, level != NULL ? level : "(none)");
    }
    const struct iw_lab_json_node *items = iw_lab_json_member(json, object, "evidence");
    const struct iw_lab_json_node *item = items != NULL ? iw_lab_json_first(json, items) : NULL;
    for (; item != NULL; item = iw_lab_json_next(json, item)) {
        read_item(json, item, finding);
    }
    read_event(json, iw_lab_json_member(json, object, "event"), finding);
    return true;
}

static bool read_all_findings(struct iw_lab_findings *findings, struct iw_lab_error *error)
{
    for (size_t i = 0; i < findings->documents.n; i++) {
        findings->items = iw_lab_list_room(findings->items, findings->n, sizeof *findings->items);
        if (!read_finding(&findings->documents.items[i], &findings->items[findings->n++], error)) {
            return false;
        }
    }
    return true;
}

bool iw_lab_findings_parse(struct iw_lab_findings *findings, const char *text, size_t size_bytes,
                           struct iw_lab_error *error)
{
    *findings = (struct iw_lab_findings){0};
    return iw_lab_documents_parse(&findings->documents, text, size_bytes, "findings", error) &&
           read_all_findings(findings, error);
}

bool iw_lab_findings_read(struct iw_lab_findings *findings, const char *path,
                          struct iw_lab_error *error)
{
    *findings = (struct iw_lab_findings){0};
    return iw_lab_documents_read(&findings->documents, path, error) &&
           read_all_findings(findings, error);
}

void iw_lab_findings_done(struct iw_lab_findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        for (size_t k = 0; k < findings->items[i].n_items; k++) {
            iw_lab_words_done(&findings->items[i].items[k].values);
        }
        iw_lab_alloc_release(findings->items[i].items);
        iw_lab_words_done(&findings->items[i].analytics);
        iw_lab_words_done(&findings->items[i].why);
        iw_lab_words_done(&findings->items[i].blind);
        iw_lab_words_done(&findings->items[i].attack);
    }
    iw_lab_alloc_release(findings->items);
    iw_lab_documents_done(&findings->documents);
    *findings = (struct iw_lab_findings){0};
}

/* The links nobody has shown: their state is neither proved nor stated. */
static void read_open_links(const struct iw_lab_json *json, const struct iw_lab_json_node *object,
                            struct iw_lab_words *open)
{
    const struct iw_lab_json_node *links = iw_lab_json_member(json, object, "links");
    const struct iw_lab_json_node *link = links != NULL ? iw_lab_json_first(json, links) : NULL;
    for (; link != NULL; link = iw_lab_json_next(json, link)) {
        const char *name = iw_lab_document_text(json, link, "link");
        const char *state = text_or_empty(json, link, "state");
        if (name != NULL && strcmp(state, "proved") != 0 && strcmp(state, "stated") != 0) {
            iw_lab_words_add(open, name);
        }
    }
}

/* An answer about a server that nothing names: no truth is told of one. */
static bool is_of_nobody(const struct iw_lab_document *document)
{
    const struct iw_lab_json_node *host =
        iw_lab_json_member(&document->json, &document->json.nodes[0], "host");
    return host != NULL && host->kind == IW_LAB_JSON_NULL;
}

static bool read_all_answers(struct iw_lab_answers *answers, struct iw_lab_error *error)
{
    for (size_t i = 0; i < answers->documents.n; i++) {
        const struct iw_lab_document *document = &answers->documents.items[i];
        const struct iw_lab_json_node *object = &document->json.nodes[0];
        struct iw_lab_answer answer = {
            .host = iw_lab_document_text(&document->json, object, "host"),
            .analytic = iw_lab_document_text(&document->json, object, "analytic")};
        const char *verdict = iw_lab_document_text(&document->json, object, "verdict");
        if (!has_schema(document, "iiswarden.coverage/1", error)) {
            return false;
        }
        if (is_of_nobody(document)) {
            continue;
        }
        if (answer.host == NULL || answer.analytic == NULL ||
            !iw_lab_verdict_read(verdict, &answer.verdict)) {
            return iw_lab_error_set(error,
                                    "line %zu of the detector's coverage: host, analytic or "
                                    "verdict missing or unknown",
                                    document->line);
        }
        read_open_links(&document->json, object, &answer.open);
        iw_lab_document_words(&document->json, object, "beyond", &answer.beyond);
        answers->items = iw_lab_list_room(answers->items, answers->n, sizeof *answers->items);
        answers->items[answers->n++] = answer;
    }
    return true;
}

bool iw_lab_answers_parse(struct iw_lab_answers *answers, const char *text, size_t size_bytes,
                          struct iw_lab_error *error)
{
    *answers = (struct iw_lab_answers){0};
    return iw_lab_documents_parse(&answers->documents, text, size_bytes, "coverage", error) &&
           read_all_answers(answers, error);
}

bool iw_lab_answers_read(struct iw_lab_answers *answers, const char *path,
                         struct iw_lab_error *error)
{
    *answers = (struct iw_lab_answers){0};
    return iw_lab_documents_read(&answers->documents, path, error) &&
           read_all_answers(answers, error);
}

void iw_lab_answers_done(struct iw_lab_answers *answers)
{
    for (size_t i = 0; i < answers->n; i++) {
        iw_lab_words_done(&answers->items[i].open);
        iw_lab_words_done(&answers->items[i].beyond);
    }
    iw_lab_alloc_release(answers->items);
    iw_lab_documents_done(&answers->documents);
    *answers = (struct iw_lab_answers){0};
}
