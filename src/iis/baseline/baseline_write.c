/*
 * An inventory as a document. Lines are sorted by what a person looks for (host, kind, scope,
 * name), then by their bytes, so that the order of the evidence leaves no trace.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/baseline/baseline_inside.h"

struct line {
    struct iw_baseline_record record;
    struct iw_str object; /* its JSON */
};

struct header_server {
    struct iw_str host;
    bool is_authoritative;
};

struct writing {
    const struct iw_inventory *inventory;
    struct iw_arena *arena;
    struct line *lines;
    size_t n, cap;
    struct iw_str *hosts;        /* of the servers */
    struct header_server *named; /* each name once */
    size_t n_named;
    struct iw_baseline_notes notes;
};

static int host_order(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    int order = iw_str_compare(left->record.shown.host, right->record.shown.host);
    if (order == 0)
        order = iw_str_compare(left->record.shown.kind, right->record.shown.kind);
    if (order == 0)
        order = iw_str_compare(left->record.shown.scope, right->record.shown.scope);
    if (order == 0)
        order = iw_str_compare(left->record.shown.name, right->record.shown.name);
    return order != 0 ? order : iw_str_compare(left->object, right->object);
}

/* Equal entries of all servers side by side. */
static int farm_order(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    int order = iw_baseline_record_compare(&left->record, &right->record);
    if (order == 0)
        order = iw_str_compare(left->record.shown.host, right->record.shown.host);
    return order != 0 ? order : iw_str_compare(left->object, right->object);
}

static enum iw_rc add_line(struct writing *writing, const struct iw_baseline_record *record,
                           struct iw_error *err)
{
    struct iw_buffer text;
    struct iw_json json;
    struct line *line;
    if (writing->n == IW_LIMIT_BASELINE_LINES)
        return iw_error_set(err, IW_ELIMIT, "more entries than a baseline may hold");
    if (!iw_array_reserve(&writing->lines, &writing->cap, writing->n + 1, sizeof writing->lines[0]))
        return IW_ENOMEM;
    line = &writing->lines[writing->n++];
    line->record = *record;
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_baseline_record_json(record, &json);
    line->object = text.failed ? (struct iw_str){NULL, 0}
                               : iw_arena_copy(writing->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return line->object.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc add_server(struct writing *writing, size_t i, struct iw_error *err)
{
    const struct iw_inventory_server *server = &writing->inventory->servers[i];
    struct iw_baseline_record record;
    writing->hosts[i] = iw_baseline_label(server->host, writing->arena);
    if (writing->hosts[i].p == NULL)
        return IW_ENOMEM;
    for (size_t at = 0; at < server->n_components; at++) {
        IW_TRY(iw_baseline_record_component(&server->components[at], writing->hosts[i],
                                            writing->arena, &record));
        IW_TRY(add_line(writing, &record, err));
    }
    for (size_t at = 0; at < server->n_web_files; at++) {
        IW_TRY(iw_baseline_record_web_file(&server->web_files[at], writing->hosts[i],
                                           writing->arena, &record));
        IW_TRY(add_line(writing, &record, err));
    }
    return IW_OK;
}

static void note_server(struct writing *writing, size_t i)
{
    const struct iw_inventory_server *server = &writing->inventory->servers[i];
    struct iw_str host = writing->hosts[i].n != 0 ? writing->hosts[i] : IW_STR("(no name)");
    if (!server->is_authoritative)
        iw_baseline_note(&writing->notes,
                         "%.*s: its configuration is not known whole (%.*s): what is missing here "
                         "may be there",
                         IW_STR_ARG(host), IW_STR_ARG(server->why_not));
    for (size_t before = 0; before < i; before++)
        if (iw_str_equal(writing->hosts[before], writing->hosts[i])) {
            iw_baseline_note(&writing->notes,
                             "%.*s: two servers of the evidence have this name; their entries "
                             "stand together",
                             IW_STR_ARG(host));
            break;
        }
}

/* How many of the equal lines from *first* on one server has at most, and how many servers. */
static size_t group_of(const struct writing *writing, size_t first, size_t *ret_most,
                       uint32_t *ret_on)
{
    size_t end = first, of_host = 0;
    *ret_most = 0;
    *ret_on = 0;
    for (; end < writing->n && iw_baseline_record_compare(&writing->lines[first].record,
                                                          &writing->lines[end].record) == 0;
         end++) {
        bool is_new = end == first || !iw_str_equal(writing->lines[end].record.shown.host,
                                                    writing->lines[end - 1].record.shown.host);
        of_host = is_new ? 1 : of_host + 1;
        *ret_on += is_new;
        if (of_host > *ret_most)
            *ret_most = of_host;
    }
    return end;
}

/* Each entry once, without host: of equal ones the spelling whose bytes come first. */
static void merge_farm(struct writing *writing)
{
    size_t kept = 0, most;
    uint32_t on;
    if (writing->n > 1)
        qsort(writing->lines, writing->n, sizeof writing->lines[0], farm_order);
    for (size_t at = 0, end; at < writing->n; at = end) {
        struct line line = writing->lines[at];
        end = group_of(writing, at, &most, &on);
        for (size_t i = at + 1; i < end; i++)
            if (iw_str_compare(writing->lines[i].object, line.object) < 0)
                line = writing->lines[i];
        line.record.on = on;
        if (on < writing->n_named)
            iw_baseline_note(&writing->notes, "%.*s \"%.*s\" is only on %u of %zu servers (%.*s%s)",
                             IW_STR_ARG(line.record.shown.kind), IW_STR_ARG(line.record.shown.name),
                             on, writing->n_named, IW_STR_ARG(line.record.shown.host),
                             on > 1 ? ", ..." : "");
        line.record.shown.host = IW_STR("");
        for (size_t i = 0; i < most; i++)
            writing->lines[kept++] = line;
    }
    writing->n = kept;
}

static int server_order(const void *a, const void *b)
{
    return iw_str_compare(*(const struct iw_str *)a, *(const struct iw_str *)b);
}

/* Names once each, in order; authoritative only where all of that name are. */
static enum iw_rc list_servers(struct writing *writing)
{
    struct header_server *out =
        iw_arena_calloc(writing->arena, writing->inventory->n_servers + 1, sizeof out[0]);
    size_t n = 0;
    if (out == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < writing->inventory->n_servers; i++)
        out[i] = (struct header_server){writing->hosts[i],
                                        writing->inventory->servers[i].is_authoritative};
    if (writing->inventory->n_servers > 1)
        qsort(out, writing->inventory->n_servers, sizeof out[0], server_order);
    for (size_t i = 0; i < writing->inventory->n_servers; i++) {
        if (n != 0 && iw_str_equal(out[n - 1].host, out[i].host))
            out[n - 1].is_authoritative &= out[i].is_authoritative;
        else
            out[n++] = out[i];
    }
    writing->named = out;
    writing->n_named = n;
    return IW_OK;
}

static void write_header(const struct writing *writing, bool is_farm, struct iw_buffer *out)
{
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR(IW_BASELINE_SCHEMA));
    iw_json_member_bool(&json, "farm", is_farm);
    iw_json_member_u64(&json, "entries", writing->n);
    iw_json_key(&json, IW_STR("servers"));
    iw_json_array(&json);
    for (size_t i = 0; i < writing->n_named; i++) {
        iw_json_object(&json);
        iw_json_member_text(&json, "host", writing->named[i].host);
        iw_json_member_bool(&json, "authoritative", writing->named[i].is_authoritative);
        iw_json_object_end(&json);
    }
    iw_json_array_end(&json);
    if (writing->inventory->has_behaviour) {
        iw_json_key(&json, IW_STR("behaviour"));
        iw_json_object(&json);
        iw_json_member_time(&json, "since", writing->inventory->behaviour_since_ns);
        iw_json_member_time(&json, "until", writing->inventory->behaviour_until_ns);
        iw_json_object_end(&json);
    }
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

static void write_line(const struct line *line, bool is_farm, struct iw_buffer *out)
{
    if (is_farm) {
        iw_buffer_printf(out, "{\"on\":%u", line->record.on);
    } else {
        iw_buffer_add(out, IW_STR("{\"host\":\""));
        iw_json_escape(out, line->record.shown.host);
        iw_buffer_add_char(out, '"');
    }
    iw_buffer_add(out, IW_STR(",\"component\":"));
    iw_buffer_add(out, line->object);
    iw_buffer_add(out, IW_STR("}\n"));
}

static enum iw_rc write_all(struct writing *writing, bool is_farm, struct iw_buffer *out,
                            struct iw_error *err)
{
    size_t n_servers = writing->inventory->n_servers;
    if (n_servers > IW_LIMIT_BASELINE_SERVERS)
        return iw_error_set(err, IW_ELIMIT, "more servers than a baseline may hold");
    writing->hosts = iw_arena_calloc(writing->arena, n_servers + 1, sizeof writing->hosts[0]);
    if (writing->hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n_servers; i++) {
        IW_TRY(add_server(writing, i, err));
        note_server(writing, i);
    }
    IW_TRY(list_servers(writing));
    if (is_farm)
        merge_farm(writing);
    if (writing->n > 1)
        qsort(writing->lines, writing->n, sizeof writing->lines[0], host_order);
    write_header(writing, is_farm, out);
    for (size_t i = 0; i < writing->n; i++)
        write_line(&writing->lines[i], is_farm, out);
    return out->failed ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_baseline_write(const struct iw_inventory *inventory, bool is_farm,
                             struct iw_arena *arena, struct iw_buffer *out,
                             struct iw_text_list *ret_notes, struct iw_error *err)
{
    struct writing writing = {.inventory = inventory, .arena = arena, .notes = {.arena = arena}};
    enum iw_rc rc = write_all(&writing, is_farm, out, err);
    if (!iw_baseline_notes_end(&writing.notes, ret_notes) && rc == IW_OK)
        rc = IW_ENOMEM;
    iw_free(writing.lines);
    return rc == IW_ENOMEM ? iw_error_set(err, rc, "no memory to write the baseline") : rc;
}
