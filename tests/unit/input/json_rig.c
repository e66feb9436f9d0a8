/*
 * The rig of the JSON tests (see the header).
 */
#include "tests/unit/input/json_rig.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/utf.h"
#include "event/flatten.h"

static const struct iw_names *rig_names(void)
{
    static struct iw_names names;
    static bool is_made;
    if (!is_made)
        assert_int_equal(iw_names_init(&names), IW_OK);
    is_made = true;
    return &names;
}

static void copy(char out[128], struct iw_str text)
{
    assert_true(text.n < 128);
    assert_true(iw_utf8_valid(text));
    if (text.n != 0)
        memcpy(out, text.p, text.n);
    out[text.n] = '\0';
}

static char *flat_json(const struct iw_event *event)
{
    struct iw_buffer out;
    struct iw_json json;
    struct iw_arena scratch;
    char *text;
    iw_buffer_init(&out);
    iw_arena_init(&scratch, 0);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_event_flatten(event, &json, &scratch);
    iw_json_object_end(&json);
    assert_false(out.failed);
    text = strndup(out.p, out.n);
    assert_non_null(text);
    iw_arena_done(&scratch);
    iw_buffer_done(&out);
    return text;
}

static void keep(struct json_rig_result *result, const struct iw_event *event)
{
    struct json_rig_event *kept;
    if (result->n == result->cap) {
        result->cap = result->cap != 0 ? 2 * result->cap : 16;
        result->events = realloc(result->events, result->cap * sizeof *result->events);
        assert_non_null(result->events);
    }
    kept = &result->events[result->n++];
    kept->offset = event->offset;
    kept->record_id = event->record_id;
    kept->event_id = event->event_id;
    kept->flags = event->flags;
    kept->dialect = event->dialect;
    kept->time_ns = event->time_ns;
    copy(kept->channel, event->channel);
    copy(kept->provider, event->provider);
    copy(kept->computer, event->computer);
    kept->json = flat_json(event);
    kept->n_of_payload = 0;
    for (uint32_t i = 0; i < event->n_fields; i++)
        kept->n_of_payload += event->fields[i].place == IW_PLACE_EVENT_DATA ||
                              event->fields[i].place == IW_PLACE_USER_DATA;
}

struct json_rig_result json_rig_read_routed(enum iw_evidence_kind kind, const void *bytes, size_t n,
                                            uint64_t slice_bytes, const struct iw_route *route)
{
    const struct iw_reader_class *class = iw_reader_class_of(kind);
    struct iw_reader_options options = {rig_names(), route, false, false};
    struct iw_evidence_file file = {.kind = kind, .size_bytes = n, .stdin_fd = -1};
    struct json_rig_result result = {0};
    struct iw_batch batch;
    struct iw_reader *reader = class->make(&options);
    int fd = memfd_create("json", MFD_CLOEXEC);

    assert_non_null(reader);
    assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    assert_int_equal(iw_batch_init(&batch), IW_OK);
    for (uint64_t at = 0; at < n;) {
        struct iw_account account = {0};
        struct iw_slice slice = iw_reader_slice(class, &file, 0, at);
        uint64_t n_events = 0;
        if (slice_bytes != 0)
            slice.n_bytes = slice_bytes < n - at ? slice_bytes : n - at;
        slice.is_last = at + slice.n_bytes == n;
        assert_int_equal(class->begin(reader, fd, &file, &slice, &account), IW_OK);
        while (class->next(reader, &batch) == IW_OK) {
            assert_int_not_equal(batch.n, 0);
            for (size_t i = 0; i < batch.n; i++)
                keep(&result, &batch.events[i]);
            n_events += batch.n;
        }
        assert_int_equal(n_events, account.n_records);
        iw_account_add(&result.account, &account);
        at += slice.n_bytes;
    }
    assert_int_equal(result.account.read_bytes, n);
    iw_batch_done(&batch);
    class->free(reader);
    (void)close(fd);
    return result;
}

struct json_rig_result json_rig_read(enum iw_evidence_kind kind, const void *bytes, size_t n,
                                     uint64_t slice_bytes)
{
    struct iw_route route;
    struct json_rig_result result;
    iw_route_init(&route);
    iw_route_want_all(&route);
    result = json_rig_read_routed(kind, bytes, n, slice_bytes, &route);
    iw_route_done(&route);
    return result;
}

struct json_rig_result json_rig_read_text(enum iw_evidence_kind kind, const char *text)
{
    return json_rig_read(kind, text, strlen(text), 0);
}

void json_rig_done(struct json_rig_result *result)
{
    for (size_t i = 0; i < result->n; i++)
        free(result->events[i].json);
    free(result->events);
}

uint64_t json_rig_count(const struct json_rig_result *result, enum iw_damage kind)
{
    return result->account.damage[kind].count;
}

void json_rig_assert_only(const struct json_rig_result *result, ...)
{
    bool is_allowed[IW_DAMAGE_COUNT] = {false};
    va_list list;
    va_start(list, result);
    for (int kind = va_arg(list, int); kind != IW_DAMAGE_COUNT; kind = va_arg(list, int))
        is_allowed[kind] = true;
    va_end(list);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if (!is_allowed[kind] && result->account.damage[kind].count != 0)
            fail_msg("counted: %s", iw_damage_row((enum iw_damage)kind)->name);
    }
}

void json_rig_assert_has(const struct json_rig_event *event, const char *text)
{
    if (strstr(event->json, text) == NULL)
        fail_msg("not there: %s in %s", text, event->json);
}

void json_rig_assert_has_not(const struct json_rig_event *event, const char *text)
{
    if (strstr(event->json, text) != NULL)
        fail_msg("there: %s in %s", text, event->json);
}
