/*
 * The manifest reader (see score_truth.h).
 *
 * What it does: reads acts first, then everything that names them, so that lines may stand in any
 * order. Strict: a line it does not understand would be a finding that nobody asks for.
 * What it ignores: `context` lines (lineage and logons), and members the judgement does not need.
 */
#include "lab/score/score_truth.h"

#include "lab/lab_alloc.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA "iiswarden.lab/1"

static const char *const level_names[] = {"informational", "low", "medium", "high", "critical"};
static const char *const verdict_names[] = {"detected", "clear", "blind", "not answered"};

/* One line of the manifest, on its way into the truth. */
struct entry {
    struct iw_lab_truth *truth;
    const struct iw_lab_json *json;
    const struct iw_lab_json_node *object;
    size_t line;
    struct iw_lab_error *error;
};

static bool find_word(const char *const *names, size_t n_names, const char *word, size_t *place)
{
    for (size_t i = 0; word != NULL && i < n_names; i++) {
        if (strcmp(names[i], word) == 0) {
            *place = i;
            return true;
        }
    }
    return false;
}

bool iw_lab_level_read(const char *word, enum iw_lab_level *level)
{
    size_t place = 0;
    bool ok = find_word(level_names, sizeof level_names / sizeof level_names[0], word, &place);
    *level = (enum iw_lab_level)place;
    return ok;
}

bool iw_lab_verdict_read(const char *word, enum iw_lab_verdict *verdict)
{
    size_t place = 0;
    bool ok = find_word(verdict_names, IW_LAB_VERDICT_NOT_ANSWERED, word, &place);
    *verdict = ok ? (enum iw_lab_verdict)place : IW_LAB_VERDICT_NOT_ANSWERED;
    return ok;
}

const char *iw_lab_level_name(enum iw_lab_level level)
{
    return level_names[level];
}

const char *iw_lab_verdict_name(enum iw_lab_verdict verdict)
{
    return verdict_names[verdict];
}

static const char *text_of(const struct entry *entry, const char *key)
{
    return iw_lab_document_text(entry->json, entry->object, key);
}

static bool fail(const struct entry *entry, const char *reason, const char *what)
{
    return iw_lab_error_set(entry->error, "manifest line %zu: %s: %s", entry->line, reason,
                            what != NULL ? what : "missing");
}

static bool find_act(const struct entry *entry, const char *id, size_t *place)
{
    for (size_t i = 0; id != NULL && i < entry->truth->n_acts; i++) {
        if (strcmp(entry->truth->acts[i].id, id) == 0) {
            *place = i;
            return true;
        }
    }
    return fail(entry, "no such act", id);
}

static bool read_acts_member(const struct entry *entry, const char *key,
                             struct iw_lab_places *places)
{
    struct iw_lab_words ids = {0};
    iw_lab_document_words(entry->json, entry->object, key, &ids);
    bool ok = true;
    for (size_t i = 0; ok && i < ids.n; i++) {
        size_t place = 0;
        ok = find_act(entry, ids.items[i], &place);
        if (ok) {
            iw_lab_places_add(places, place);
        }
    }
    iw_lab_words_done(&ids);
    return ok;
}

static bool read_run(const struct entry *entry)
{
    struct iw_lab_truth *truth = entry->truth;
    const char *schema = text_of(entry, "schema");
    if (schema == NULL || strcmp(schema, SCHEMA) != 0) {
        return fail(entry, "schema " SCHEMA " expected", schema);
    }
    truth->scenario = text_of(entry, "scenario");
    truth->family = text_of(entry, "family");
    if (truth->scenario == NULL || truth->family == NULL) {
        return fail(entry, "scenario and family", NULL);
    }
    iw_lab_document_words(entry->json, entry->object, "shows", &truth->shows);
    const struct iw_lab_json_node *days =
        iw_lab_json_member(entry->json, entry->object, "server_days");
    if (days == NULL || days->kind != IW_LAB_JSON_NUMBER) {
        return fail(entry, "server_days", NULL);
    }
    truth->server_days = strtod(days->text, NULL);
    return true;
}

static bool read_act(const struct entry *entry)
{
    struct iw_lab_truth *truth = entry->truth;
    const char *id = text_of(entry, "id");
    const char *list = text_of(entry, "list");
    bool is_attack = list != NULL && strcmp(list, "attack") == 0;
    if (id == NULL) {
        return fail(entry, "id of an act", NULL);
    }
    if (list == NULL || (!is_attack && strcmp(list, "acts") != 0)) {
        return fail(entry, "list of an act", list);
    }
    for (size_t i = 0; i < truth->n_acts; i++) {
        if (strcmp(truth->acts[i].id, id) == 0) {
            return fail(entry, "there are two acts of this name", id);
        }
    }
    truth->acts = iw_lab_list_room(truth->acts, truth->n_acts, sizeof *truth->acts);
    truth->acts[truth->n_acts++] = (struct iw_lab_act){.id = id, .is_attack = is_attack};
    return true;
}

/* Which of its four forms a trace has. */
static bool read_trace_kind(const struct entry *entry, struct iw_lab_trace *trace)
{
    const struct iw_lab_json_node *component =
        iw_lab_json_member(entry->json, entry->object, "component");
    trace->channel = text_of(entry, "channel");
    trace->file = text_of(entry, "file");
    if (iw_lab_document_number(entry->json, entry->object, "record_id", &trace->number)) {
        trace->kind = IW_LAB_TRACE_EVENT;
        return trace->channel != NULL || fail(entry, "channel of a trace", NULL);
    }
    if (iw_lab_document_number(entry->json, entry->object, "line", &trace->number)) {
        trace->kind = IW_LAB_TRACE_LINE;
        return true;
    }
    if (trace->file != NULL) {
        trace->kind = IW_LAB_TRACE_FILE;
        return true;
    }
    trace->kind = IW_LAB_TRACE_COMPONENT;
    trace->name = iw_lab_document_text(entry->json, component, "name");
    trace->image = iw_lab_document_text(entry->json, component, "image");
    return trace->name != NULL || trace->image != NULL ||
           fail(entry, "record_id, line, file or component of a trace", NULL);
}

static bool read_trace(const struct entry *entry)
{
    struct iw_lab_truth *truth = entry->truth;
    struct iw_lab_trace trace = {.host = text_of(entry, "host"),
                                 .source = text_of(entry, "source"),
                                 .link = text_of(entry, "link")};
    if (trace.host == NULL || trace.source == NULL) {
        return fail(entry, "host and source of a trace", NULL);
    }
    if (!find_act(entry, text_of(entry, "act"), &trace.act) || !read_trace_kind(entry, &trace)) {
        return false;
    }
    truth->acts[trace.act].n_traces++;
    truth->acts[trace.act].n_own += trace.link == NULL ? 1 : 0;
    truth->traces = iw_lab_list_room(truth->traces, truth->n_traces, sizeof *truth->traces);
    truth->traces[truth->n_traces++] = trace;
    return true;
}

static bool read_aids(const struct entry *entry, const char *key, unsigned *aids)
{
    struct iw_lab_words words = {0};
    iw_lab_document_words(entry->json, entry->object, key, &words);
    bool ok = true;
    for (size_t i = 0; ok && i < words.n; i++) {
        unsigned aid = 0;
        ok = iw_lab_aid_read(words.items[i], &aid) || fail(entry, "no such aid", words.items[i]);
        *aids |= aid;
    }
    iw_lab_words_done(&words);
    return ok;
}

static bool read_conditions(const struct entry *entry, unsigned *with, unsigned *without)
{
    return read_aids(entry, "with", with) && read_aids(entry, "without", without);
}

static bool is_change(const char *word)
{
    static const char *const words[] = {"explained", "partly",      "unverified",
                                        "expired",   "unexplained", "not-checked"};
    size_t place = 0;
    return find_word(words, sizeof words / sizeof words[0], word, &place);
}

/* true, false, or not there. */
static enum iw_lab_partial partial_of(const struct entry *entry, const char *key)
{
    const struct iw_lab_json_node *node = iw_lab_json_member(entry->json, entry->object, key);
    if (node == NULL || (node->kind != IW_LAB_JSON_TRUE && node->kind != IW_LAB_JSON_FALSE)) {
        return IW_LAB_PARTIAL_ANY;
    }
    return node->kind == IW_LAB_JSON_TRUE ? IW_LAB_PARTIAL_YES : IW_LAB_PARTIAL_NO;
}

/* What a must asks of a finding beside the acts it is about. */
static void read_told(const struct entry *entry, struct iw_lab_must *must)
{
    iw_lab_document_words(entry->json, entry->object, "links", &must->links);
    iw_lab_document_words(entry->json, entry->object, "tells", &must->tells);
    iw_lab_document_words(entry->json, entry->object, "blind", &must->blind);
    iw_lab_document_words(entry->json, entry->object, "attack", &must->attack);
    iw_lab_document_words(entry->json, entry->object, "attack_not", &must->attack_not);
    must->partial = partial_of(entry, "partial");
    must->is_once = partial_of(entry, "once") == IW_LAB_PARTIAL_YES;
}

static bool read_must(const struct entry *entry)
{
    struct iw_lab_truth *truth = entry->truth;
    truth->musts = iw_lab_list_room(truth->musts, truth->n_musts, sizeof *truth->musts);
    struct iw_lab_must *must = &truth->musts[truth->n_musts++];
    *must = (struct iw_lab_must){.finding = text_of(entry, "finding"),
                                 .analytic = text_of(entry, "analytic"),
                                 .host = text_of(entry, "host")};
    iw_lab_document_words(entry->json, entry->object, "shows", &must->shows);
    if (must->finding == NULL || must->analytic == NULL) {
        return fail(entry, "finding and analytic of a must", NULL);
    }
    read_told(entry, must);
    const char *level = text_of(entry, "level");
    if (!iw_lab_level_read(level, &must->level)) {
        return fail(entry, "level of a must", level);
    }
    const char *at_most = text_of(entry, "at_most");
    must->at_most = IW_LAB_LEVEL_CRITICAL;
    if (at_most != NULL && !iw_lab_level_read(at_most, &must->at_most)) {
        return fail(entry, "highest level of a must", at_most);
    }
    must->change = text_of(entry, "change");
    if (must->change != NULL && !is_change(must->change)) {
        return fail(entry, "change of a must", must->change);
    }
    if (!read_conditions(entry, &must->with, &must->without)) {
        return false;
    }
    if (!read_acts_member(entry, "acts", &must->acts) ||
        !read_acts_member(entry, "enough", &must->enough)) {
        return false;
    }
    return must->acts.n > 0 || fail(entry, "acts of a must", NULL);
}

static bool read_coverage(const struct entry *entry)
{
    struct iw_lab_truth *truth = entry->truth;
    struct iw_lab_wanted_verdict wanted = {.host = text_of(entry, "host"),
                                           .analytic = text_of(entry, "analytic")};
    const char *verdict = text_of(entry, "verdict");
    if (wanted.host == NULL || wanted.analytic == NULL ||
        !iw_lab_verdict_read(verdict, &wanted.verdict)) {
        return fail(entry, "host, analytic and verdict of coverage", verdict);
    }
    iw_lab_document_words(entry->json, entry->object, "blind", &wanted.blind);
    iw_lab_document_words(entry->json, entry->object, "beyond", &wanted.beyond);
    truth->verdicts = iw_lab_list_room(truth->verdicts, truth->n_verdicts, sizeof *truth->verdicts);
    truth->verdicts[truth->n_verdicts++] = wanted;
    return true;
}

static bool read_apart(const struct entry *entry)
{
    struct iw_lab_truth *truth = entry->truth;
    truth->aparts = iw_lab_list_room(truth->aparts, truth->n_aparts, sizeof *truth->aparts);
    struct iw_lab_apart *apart = &truth->aparts[truth->n_aparts++];
    *apart = (struct iw_lab_apart){0};
    return read_acts_member(entry, "acts", &apart->acts) &&
           (apart->acts.n > 1 || fail(entry, "two acts that are apart", NULL));
}

/* `may` and `must_not`. */
static bool read_mark(const struct entry *entry, bool is_may)
{
    size_t place = 0;
    if (!find_act(entry, text_of(entry, "act"), &place)) {
        return false;
    }
    struct iw_lab_truth *truth = entry->truth;
    if (!is_may) {
        truth->acts[place].is_must_not = true;
        return true;
    }
    truth->mays = iw_lab_list_room(truth->mays, truth->n_mays, sizeof *truth->mays);
    struct iw_lab_may *may = &truth->mays[truth->n_mays++];
    *may = (struct iw_lab_may){.act = place};
    return read_conditions(entry, &may->with, &may->without);
}

static bool read_entry(const struct entry *entry, bool is_first_pass)
{
    const char *type = text_of(entry, "type");
    if (type == NULL) {
        return fail(entry, "type of a line", NULL);
    }
    if (strcmp(type, "run") == 0) {
        return !is_first_pass || read_run(entry);
    }
    if (strcmp(type, "act") == 0) {
        return !is_first_pass || read_act(entry);
    }
    if (is_first_pass || strcmp(type, "context") == 0) {
        return true;
    }
    if (strcmp(type, "trace") == 0) {
        return read_trace(entry);
    }
    if (strcmp(type, "must") == 0) {
        return read_must(entry);
    }
    if (strcmp(type, "coverage") == 0) {
        return read_coverage(entry);
    }
    if (strcmp(type, "apart") == 0) {
        return read_apart(entry);
    }
    if (strcmp(type, "may") == 0 || strcmp(type, "must_not") == 0) {
        return read_mark(entry, strcmp(type, "may") == 0);
    }
    return fail(entry, "unknown type", type);
}

static void inherit_shows(struct iw_lab_words *shows, const struct iw_lab_words *of_run)
{
    bool is_empty = shows->n == 0;
    for (size_t i = 0; is_empty && i < of_run->n; i++) {
        iw_lab_words_add(shows, of_run->items[i]);
    }
}

void iw_lab_truth_set_aids(struct iw_lab_truth *truth, unsigned aids)
{
    truth->aids = aids;
    for (size_t i = 0; i < truth->n_musts; i++) {
        struct iw_lab_must *must = &truth->musts[i];
        must->is_asked = iw_lab_aids_fit(must->with, must->without, aids);
    }
    for (size_t i = 0; i < truth->n_acts; i++) {
        truth->acts[i].is_may = false;
    }
    for (size_t i = 0; i < truth->n_mays; i++) {
        const struct iw_lab_may *may = &truth->mays[i];
        if (iw_lab_aids_fit(may->with, may->without, aids)) {
            truth->acts[may->act].is_may = true;
        }
    }
}

static bool read_documents(struct iw_lab_truth *truth, struct iw_lab_error *error)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < truth->documents.n; i++) {
            const struct iw_lab_document *document = &truth->documents.items[i];
            struct entry entry = {truth, &document->json, &document->json.nodes[0], document->line,
                                  error};
            if (!read_entry(&entry, pass == 0)) {
                return false;
            }
        }
        if (truth->scenario == NULL) {
            return iw_lab_error_set(error, "the manifest has no line of type run");
        }
    }
    for (size_t i = 0; i < truth->n_musts; i++) {
        inherit_shows(&truth->musts[i].shows, &truth->shows);
    }
    iw_lab_truth_set_aids(truth, 0);
    return true;
}

bool iw_lab_truth_parse(struct iw_lab_truth *truth, const char *text, size_t size_bytes,
                        struct iw_lab_error *error)
{
    *truth = (struct iw_lab_truth){0};
    return iw_lab_documents_parse(&truth->documents, text, size_bytes, "manifest", error) &&
           read_documents(truth, error);
}

bool iw_lab_truth_read(struct iw_lab_truth *truth, const char *path, struct iw_lab_error *error)
{
    *truth = (struct iw_lab_truth){0};
    return iw_lab_documents_read(&truth->documents, path, error) && read_documents(truth, error);
}

void iw_lab_truth_done(struct iw_lab_truth *truth)
{
    for (size_t i = 0; i < truth->n_musts; i++) {
        iw_lab_places_done(&truth->musts[i].acts);
        iw_lab_places_done(&truth->musts[i].enough);
        iw_lab_words_done(&truth->musts[i].shows);
        iw_lab_words_done(&truth->musts[i].links);
        iw_lab_words_done(&truth->musts[i].tells);
        iw_lab_words_done(&truth->musts[i].blind);
        iw_lab_words_done(&truth->musts[i].attack);
        iw_lab_words_done(&truth->musts[i].attack_not);
    }
    for (size_t i = 0; i < truth->n_aparts; i++) {
        iw_lab_places_done(&truth->aparts[i].acts);
    }
    for (size_t i = 0; i < truth->n_verdicts; i++) {
        iw_lab_words_done(&truth->verdicts[i].blind);
        iw_lab_words_done(&truth->verdicts[i].beyond);
    }
    iw_lab_alloc_release(truth->aparts);
    iw_lab_alloc_release(truth->acts);
    iw_lab_alloc_release(truth->traces);
    iw_lab_alloc_release(truth->musts);
    iw_lab_alloc_release(truth->mays);
    iw_lab_alloc_release(truth->verdicts);
    iw_lab_words_done(&truth->shows);
    iw_lab_documents_done(&truth->documents);
    *truth = (struct iw_lab_truth){0};
}
