/*
 * A document line by line. Each line is read as a tree that is dropped with the next; what stays is
 * copied. Anything that is not as iw_baseline_write() and iw_baseline_approve() write it refuses
 * the document: order apart, which a person who merged two may have changed.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_behaviour.h"
#include "iis/baseline/baseline_inside.h"

struct reading {
    struct iw_baseline *baseline;
    struct iw_arena *arena;
    struct iw_arena line; /* of one line */
    size_t record_cap, approval_cap;
    uint64_t n_entries; /* as the header says */
    size_t n_behaviours;
    struct iw_error *err;
};

static enum iw_rc refuse(const struct reading *reading, const char *what)
{
    return iw_error_set(reading->err, IW_EFORMAT, "%s", what);
}

static const struct iw_json_node *text_node(const struct iw_json_node *object, struct iw_str name)
{
    const struct iw_json_node *node = iw_json_find(object, name);
    return node != NULL && node->kind == IW_JSON_TEXT ? node : NULL;
}

static bool read_flag(const struct iw_json_node *object, struct iw_str name, bool *ret)
{
    const struct iw_json_node *node = iw_json_find(object, name);
    *ret = node != NULL && node->kind == IW_JSON_TRUE;
    return node != NULL && (node->kind == IW_JSON_TRUE || node->kind == IW_JSON_FALSE);
}

static bool read_number(const struct iw_json_node *object, struct iw_str name, uint64_t *ret)
{
    const struct iw_json_node *node = iw_json_find(object, name);
    return node != NULL && node->kind == IW_JSON_NUMBER && iw_str_to_u64(node->text, ret);
}

/* --- header -------------------------------------------------------------------------------- */

static int server_order(const void *a, const void *b)
{
    const struct iw_baseline_server *left = a, *right = b;
    return iw_str_compare(left->host, right->host);
}

static enum iw_rc read_server(struct reading *reading, const struct iw_json_node *object,
                              struct iw_baseline_server *ret)
{
    const struct iw_json_node *host = text_node(object, IW_STR("host"));
    if (host == NULL || object->n != 2 ||
        !read_flag(object, IW_STR("authoritative"), &ret->is_authoritative))
        return refuse(reading,
                      "the header names a server otherwise than by host and authoritative");
    ret->host = iw_baseline_label(host->text, reading->arena);
    if (ret->host.p != NULL && ret->host.n != 0)
        ret->host = iw_arena_copy(reading->arena, ret->host);
    return ret->host.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_servers(struct reading *reading, const struct iw_json_node *array)
{
    struct iw_baseline *baseline = reading->baseline;
    if (array == NULL || array->kind != IW_JSON_ARRAY)
        return refuse(reading, "the header has no list of servers");
    if (array->n > IW_LIMIT_BASELINE_SERVERS)
        return iw_error_set(reading->err, IW_ELIMIT, "more than %u servers",
                            IW_LIMIT_BASELINE_SERVERS);
    baseline->servers =
        iw_arena_calloc(reading->arena, (size_t)array->n + 1, sizeof baseline->servers[0]);
    if (baseline->servers == NULL)
        return IW_ENOMEM;
    for (const struct iw_json_node *at = array->first; at != NULL; at = at->next)
        IW_TRY(read_server(reading, at, &baseline->servers[baseline->n_servers++]));
    if (baseline->n_servers > 1)
        qsort(baseline->servers, baseline->n_servers, sizeof baseline->servers[0], server_order);
    for (size_t i = 1; i < baseline->n_servers; i++)
        if (server_order(&baseline->servers[i - 1], &baseline->servers[i]) == 0)
            return refuse(reading, "the header names a server twice");
    return IW_OK;
}

static bool read_time(const struct iw_json_node *object, const char *name, int64_t *ret)
{
    const struct iw_json_node *node = iw_json_find(object, iw_str_of(name));
    *ret = IW_TIME_UNKNOWN;
    if (node == NULL || node->kind == IW_JSON_NULL)
        return node != NULL;
    return node->kind == IW_JSON_TEXT && iw_time_parse(node->text, ret);
}

/* The span that behaviour was learned from, where it was. */
static enum iw_rc read_span(struct reading *reading, const struct iw_json_node *top)
{
    struct iw_baseline *baseline = reading->baseline;
    const struct iw_json_node *span = iw_json_find(top, IW_STR("behaviour"));
    baseline->since_ns = baseline->until_ns = IW_TIME_UNKNOWN;
    baseline->has_behaviour = span != NULL;
    if (span == NULL)
        return IW_OK;
    if (span->kind != IW_JSON_OBJECT || span->n != 2 ||
        !read_time(span, "since", &baseline->since_ns) ||
        !read_time(span, "until", &baseline->until_ns))
        return refuse(reading, "the header's behaviour is not of since and until");
    return IW_OK;
}

static enum iw_rc read_header(struct reading *reading, const struct iw_json_node *top)
{
    const struct iw_json_node *schema = text_node(top, IW_STR("schema"));
    if (schema == NULL || !iw_str_equal(schema->text, IW_STR(IW_BASELINE_SCHEMA)))
        return refuse(reading, "no baseline: its first line is no object with the schema "
                               "\"" IW_BASELINE_SCHEMA "\"");
    if (!read_flag(top, IW_STR("farm"), &reading->baseline->is_farm) ||
        !read_number(top, IW_STR("entries"), &reading->n_entries))
        return refuse(reading, "the header is not of schema, farm, entries and servers");
    IW_TRY(read_span(reading, top));
    if (top->n != (reading->baseline->has_behaviour ? 5 : 4))
        return refuse(reading, "the header is not of schema, farm, entries and servers, with "
                               "behaviour where that was learned");
    return read_servers(reading, iw_json_find(top, IW_STR("servers")));
}

/* --- entries ------------------------------------------------------------------------------- */

static const struct iw_baseline_server *find_server(const struct iw_baseline *baseline,
                                                    struct iw_str host)
{
    const struct iw_baseline_server wanted = {.host = host};
    return baseline->n_servers == 0 ? NULL
                                    : bsearch(&wanted, baseline->servers, baseline->n_servers,
                                              sizeof baseline->servers[0], server_order);
}

/* Whose it is: a host of the header, or of a farm on how many of its servers. */
static enum iw_rc read_owner(struct reading *reading, const struct iw_json_node *top,
                             struct iw_baseline_record *record)
{
    const struct iw_baseline *baseline = reading->baseline;
    const struct iw_json_node *host = text_node(top, IW_STR("host"));
    const struct iw_baseline_server *server;
    uint64_t on;
    record->shown.host = IW_STR("");
    if (baseline->is_farm) {
        if (!read_number(top, IW_STR("on"), &on) || on == 0 || on > baseline->n_servers)
            return refuse(reading, "\"on\" is not the number of servers that have the entry");
        record->on = (uint32_t)on;
        return IW_OK;
    }
    server = host != NULL ? find_server(baseline, host->text) : NULL;
    if (server == NULL)
        return refuse(reading, "an entry of a host that the header does not name");
    record->shown.host = server->host;
    return IW_OK;
}

/* Entries of behaviour may be as many as somebody likes to make happen: they have a limit of their
 * own. */
static enum iw_rc check_behaviour(struct reading *reading, const struct iw_baseline_record *record)
{
    const struct iw_baseline_entry *shown = &record->shown;
    bool is_state = iw_str_equal(record->state, IW_STR(IW_BEHAVIOUR_STATE));
    if (is_state != iw_behaviour_is_kind(shown->kind))
        return refuse(reading, "an entry whose kind and state do not fit");
    if (!is_state)
        return IW_OK;
    if (!reading->baseline->has_behaviour)
        return refuse(reading, "an entry of behaviour, but the header names no span");
    if (shown->name.n > IW_LIMIT_BEHAVIOUR_TEXT_BYTES ||
        shown->scope.n > IW_LIMIT_BEHAVIOUR_TEXT_BYTES ||
        shown->image.n > IW_LIMIT_BEHAVIOUR_TEXT_BYTES)
        return iw_error_set(reading->err, IW_ELIMIT, "behaviour of more than %u bytes",
                            IW_LIMIT_BEHAVIOUR_TEXT_BYTES);
    if (++reading->n_behaviours > IW_LIMIT_BEHAVIOUR_ROWS)
        return iw_error_set(reading->err, IW_ELIMIT, "more than %u entries of behaviour",
                            IW_LIMIT_BEHAVIOUR_ROWS);
    return IW_OK;
}

static enum iw_rc read_entry(struct reading *reading, const struct iw_json_node *top)
{
    struct iw_baseline *baseline = reading->baseline;
    struct iw_baseline_record record;
    IW_TRY(iw_baseline_record_read(iw_json_find(top, IW_STR("component")), reading->arena, &record,
                                   reading->err));
    IW_TRY(read_owner(reading, top, &record));
    IW_TRY(check_behaviour(reading, &record));
    if (top->n != 2)
        return refuse(reading, "a line has a member nobody knows");
    if (!iw_array_reserve(&baseline->records, &reading->record_cap, baseline->n_records + 1,
                          sizeof baseline->records[0]))
        return IW_ENOMEM;
    baseline->records[baseline->n_records++] = record;
    return IW_OK;
}

/* --- approvals ----------------------------------------------------------------------------- */

static enum iw_rc read_side(const struct iw_json_node *object, struct iw_str name, bool is_wanted,
                            struct iw_arena *arena, struct iw_baseline_record *record,
                            const struct iw_baseline_record **ret, struct iw_error *err)
{
    const struct iw_json_node *node = iw_json_find(object, name);
    bool is_there = node != NULL && node->kind == IW_JSON_OBJECT;
    *ret = NULL;
    if (is_there != is_wanted || node == NULL || (!is_there && node->kind != IW_JSON_NULL))
        return iw_error_set(err, IW_EFORMAT, "\"%.*s\" does not fit the change", IW_STR_ARG(name));
    if (!is_there)
        return IW_OK;
    *ret = record;
    return iw_baseline_record_read(node, arena, record, err);
}

enum iw_rc iw_baseline_sides_read(const struct iw_json_node *object,
                                  const struct iw_json_node *change, struct iw_arena *arena,
                                  struct iw_baseline_sides *ret, struct iw_error *err)
{
    unsigned i = 0;
    while (i < IW_BASELINE_CHANGE_COUNT &&
           (change == NULL || change->kind != IW_JSON_TEXT ||
            !iw_str_equal(change->text,
                          iw_str_of(iw_baseline_change_name((enum iw_baseline_change)i)))))
        i++;
    if (i == IW_BASELINE_CHANGE_COUNT)
        return iw_error_set(err, IW_EFORMAT, "\"change\" is none of added, removed, modified");
    ret->change = (enum iw_baseline_change)i;
    IW_TRY(read_side(object, IW_STR("was"), ret->change != IW_BASELINE_ADDED, arena,
                     &ret->records[0], &ret->was, err));
    IW_TRY(read_side(object, IW_STR("now"), ret->change != IW_BASELINE_REMOVED, arena,
                     &ret->records[1], &ret->now, err));
    if (ret->was != NULL && ret->now != NULL && !iw_str_equal(ret->was->key, ret->now->key))
        return iw_error_set(err, IW_EFORMAT, "\"was\" and \"now\" are not the same component");
    return IW_OK;
}

static enum iw_rc add_approval(struct reading *reading, const struct iw_baseline_approval *approval)
{
    struct iw_baseline *baseline = reading->baseline;
    if (!iw_array_reserve(&baseline->approvals, &reading->approval_cap, baseline->n_approvals + 1,
                          sizeof baseline->approvals[0]))
        return IW_ENOMEM;
    baseline->approvals[baseline->n_approvals++] = *approval;
    return IW_OK;
}

static enum iw_rc read_words(struct reading *reading, const struct iw_json_node *words,
                             struct iw_baseline_approval *ret)
{
    static const char *const NAMES[] = {"by", "ticket", "reason"};
    struct iw_str texts[3];
    for (size_t i = 0; i < 3; i++) {
        const struct iw_json_node *node = text_node(words, iw_str_of(NAMES[i]));
        if (node == NULL || node->text.n == 0 || node->text.n > IW_LIMIT_APPROVAL_TEXT_BYTES)
            return iw_error_set(reading->err, IW_EFORMAT, "an approval without \"%s\"", NAMES[i]);
        texts[i] = node->text;
    }
    if (!read_time(words, "expires", &ret->expires_ns) || words->n != 7)
        return refuse(reading, "an approval is not of id, change, host, by, ticket, reason and "
                               "expires");
    ret->why = iw_baseline_text(reading->arena, "by %.*s, %.*s: %.*s", IW_STR_ARG(texts[0]),
                                IW_STR_ARG(texts[1]), IW_STR_ARG(texts[2]));
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

/* The id must be that of the content: whoever reads the document sees the id, the comparison goes
 * by the content. */
static enum iw_rc read_approval(struct reading *reading, const struct iw_json_node *top)
{
    const struct iw_json_node *words = iw_json_find(top, IW_STR("approval"));
    const struct iw_json_node *id = text_node(words, IW_STR("id"));
    const struct iw_json_node *host = text_node(words, IW_STR("host"));
    struct iw_baseline_approval approval = {0};
    struct iw_baseline_sides sides = {0};
    IW_TRY(iw_baseline_sides_read(top, iw_json_find(words, IW_STR("change")), &reading->line,
                                  &sides, reading->err));
    IW_TRY(read_words(reading, words, &approval));
    if (id == NULL || host == NULL || top->n != 3)
        return refuse(reading, "an approval without id or host, or with a member nobody knows");
    if (!iw_baseline_digest(host->text, sides.change, sides.was, sides.now, true, approval.digest))
        return IW_ENOMEM;
    iw_baseline_id(approval.digest, approval.id);
    if (!iw_str_equal(id->text, iw_str_of(approval.id)))
        return refuse(reading, "an approval whose id is not that of its content");
    IW_TRY(add_approval(reading, &approval));
    reading->baseline->n_approval_lines++;
    if (sides.now == NULL || sides.now->files_text.n == 0)
        return IW_OK;
    if (!iw_baseline_digest(host->text, sides.change, sides.was, sides.now, false, approval.digest))
        return IW_ENOMEM;
    return add_approval(reading, &approval);
}

static int approval_order(const void *a, const void *b)
{
    const struct iw_baseline_approval *left = a, *right = b;
    int order = memcmp(left->digest, right->digest, sizeof left->digest);
    int64_t left_end = left->expires_ns == IW_TIME_UNKNOWN ? INT64_MAX : left->expires_ns;
    int64_t right_end = right->expires_ns == IW_TIME_UNKNOWN ? INT64_MAX : right->expires_ns;
    if (order == 0)
        order = left_end > right_end ? -1 : left_end < right_end;
    return order != 0 ? order : iw_str_compare(left->why, right->why);
}

const struct iw_baseline_approval *iw_baseline_find_approval(const struct iw_baseline *baseline,
                                                             const uint8_t digest[32])
{
    size_t low = 0, high = baseline->n_approvals;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(baseline->approvals[middle].digest, digest, 32) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < baseline->n_approvals && memcmp(baseline->approvals[low].digest, digest, 32) == 0
               ? &baseline->approvals[low]
               : NULL;
}

/* --- the document -------------------------------------------------------------------------- */

static enum iw_rc read_line(struct reading *reading, struct iw_str line, size_t number)
{
    const struct iw_json_node *top;
    if (line.n > IW_LIMIT_BASELINE_LINE_BYTES)
        return iw_error_set(reading->err, IW_ELIMIT, "a line of more than %lu bytes",
                            IW_LIMIT_BASELINE_LINE_BYTES);
    iw_arena_reset(&reading->line);
    IW_TRY(iw_json_read(line, &reading->line, &top, reading->err));
    if (number == 1)
        return read_header(reading, top);
    if (iw_json_find(top, IW_STR("approval")) != NULL)
        return read_approval(reading, top);
    return read_entry(reading, top);
}

static enum iw_rc read_lines(struct reading *reading, struct iw_str bytes, const char *name)
{
    struct iw_str line;
    size_t number = 0;
    enum iw_rc rc = IW_OK;
    while (rc == IW_OK && iw_baseline_line(&bytes, &line)) {
        if (++number > IW_LIMIT_BASELINE_LINES + 1)
            rc = iw_error_set(reading->err, IW_ELIMIT, "more than %u lines",
                              IW_LIMIT_BASELINE_LINES);
        else
            rc = read_line(reading, line, number);
    }
    if (rc == IW_OK && number == 0)
        rc = refuse(reading, "an empty file is no baseline");
    if (rc == IW_OK && reading->baseline->n_records != reading->n_entries)
        rc = iw_error_set(reading->err, IW_EFORMAT,
                          "the header says %llu entries, but there are %zu",
                          (unsigned long long)reading->n_entries, reading->baseline->n_records);
    if (rc == IW_ENOMEM)
        (void)iw_error_set(reading->err, rc, "no memory to read the baseline");
    if (rc != IW_OK)
        iw_error_place(reading->err, name, (uint32_t)number, 0);
    return rc;
}

static int record_order(const void *a, const void *b)
{
    const struct iw_baseline_record *left = a, *right = b;
    int order = iw_str_compare(left->shown.host, right->shown.host);
    return order != 0 ? order : iw_baseline_record_compare(left, right);
}

static void share_out(struct iw_baseline *baseline)
{
    size_t at = 0;
    if (baseline->n_records > 1)
        qsort(baseline->records, baseline->n_records, sizeof baseline->records[0], record_order);
    if (baseline->n_approvals > 1)
        qsort(baseline->approvals, baseline->n_approvals, sizeof baseline->approvals[0],
              approval_order);
    for (size_t i = 0; i < baseline->n_servers; i++) {
        struct iw_baseline_server *server = &baseline->servers[i];
        server->first = at;
        while (at < baseline->n_records &&
               (baseline->is_farm || iw_str_equal(baseline->records[at].shown.host, server->host)))
            at++;
        server->n = at - server->first;
    }
}

/* What grew on the heap moves into the arena, with the baseline. */
static bool keep(void *items, size_t n, size_t item_bytes, struct iw_arena *arena, void *ret)
{
    void *copy = iw_arena_calloc(arena, n + 1, item_bytes);
    if (copy != NULL && n != 0)
        memcpy(copy, items, n * item_bytes);
    iw_free(items);
    memcpy(ret, &copy, sizeof copy);
    return copy != NULL;
}

enum iw_rc iw_baseline_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                            struct iw_baseline **ret, struct iw_error *err)
{
    struct iw_baseline *baseline = iw_arena_calloc(arena, 1, sizeof *baseline);
    struct reading reading = {.baseline = baseline, .arena = arena, .err = err};
    enum iw_rc rc;
    bool is_kept;
    *ret = NULL;
    if (baseline == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory to read the baseline");
    if (bytes.n > IW_LIMIT_BASELINE_BYTES) {
        rc = iw_error_set(err, IW_ELIMIT, "larger than %lu bytes", IW_LIMIT_BASELINE_BYTES);
        iw_error_place(err, name, 0, 0);
        return rc;
    }
    iw_arena_init(&reading.line, 0);
    rc = read_lines(&reading, bytes, name);
    iw_arena_done(&reading.line);
    is_kept = keep(baseline->records, baseline->n_records, sizeof baseline->records[0], arena,
                   &baseline->records);
    is_kept &= keep(baseline->approvals, baseline->n_approvals, sizeof baseline->approvals[0],
                    arena, &baseline->approvals);
    if (rc == IW_OK && !is_kept)
        return iw_error_set(err, IW_ENOMEM, "no memory to read the baseline");
    if (rc != IW_OK)
        return rc;
    share_out(baseline);
    *ret = baseline;
    return IW_OK;
}

bool iw_baseline_is_farm(const struct iw_baseline *baseline)
{
    return baseline->is_farm;
}

size_t iw_baseline_n_servers(const struct iw_baseline *baseline)
{
    return baseline->n_servers;
}

size_t iw_baseline_n_entries(const struct iw_baseline *baseline)
{
    return baseline->n_records;
}

size_t iw_baseline_n_approvals(const struct iw_baseline *baseline)
{
    return baseline->n_approval_lines;
}
