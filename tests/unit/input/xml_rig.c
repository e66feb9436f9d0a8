/*
 * See the header. One names registry, one batch and one reader for the process: what a reader
 * remembers between files must not show.
 */
#include "tests/unit/input/xml_rig.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf.h"
#include "event/flatten.h"

const struct iw_names *xml_rig_names(void)
{
    static struct iw_names made;
    static bool is_made;
    if (!is_made)
        assert_int_equal(iw_names_init(&made), IW_OK);
    is_made = true;
    return &made;
}

const struct iw_route *xml_rig_route(void)
{
    static struct iw_route made;
    static bool is_made;
    if (!is_made) {
        iw_route_init(&made);
        iw_route_want_all(&made);
    }
    is_made = true;
    return &made;
}

struct iw_batch *xml_rig_batch(void)
{
    static struct iw_batch *batch;
    if (batch == NULL) {
        batch = calloc(1, sizeof *batch);
        assert_non_null(batch);
        assert_int_equal(iw_batch_init(batch), IW_OK);
    }
    return batch;
}

static char *json_of(const struct iw_event *event)
{
    struct iw_buffer out;
    struct iw_json json;
    struct iw_arena scratch;
    char *copy;
    iw_buffer_init(&out);
    iw_arena_init(&scratch, 0);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_event_flatten(event, &json, &scratch);
    iw_json_object_end(&json);
    assert_false(out.failed);
    assert_true(iw_utf8_valid(iw_buffer_str(&out)));
    copy = strndup(out.p, out.n);
    iw_arena_done(&scratch);
    iw_buffer_done(&out);
    return copy;
}

static char *value_of(const struct iw_event *event)
{
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if (iw_str_equal(field->name->text, IW_STR("V")))
            return strndup((const char *)field->p, field->n);
    }
    return NULL;
}

static void keep_event(struct xml_rig_result *result, const struct iw_event *event)
{
    if (result->n == result->cap) {
        result->cap = result->cap * 2 + 16;
        result->events = realloc(result->events, result->cap * sizeof *result->events);
        assert_non_null(result->events);
    }
    result->events[result->n++] = (struct xml_rig_event){
        event->record_id, event->offset,   event->created_ns, event->event_id,
        event->flags,     event->n_fields, json_of(event),    value_of(event)};
}

struct xml_rig_result xml_rig_read(const char *bytes, size_t n, const struct iw_route *route)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_XML);
    const struct iw_reader_options options = {.names = xml_rig_names(),
                                              .route = route != NULL ? route : xml_rig_route()};
    const struct iw_evidence_file file = {.kind = IW_EVIDENCE_XML, .size_bytes = n, .stdin_fd = -1};
    struct xml_rig_result result = {NULL, 0, 0, {0}};
    struct iw_reader *reader = class->make(&options);
    struct iw_slice slice = iw_reader_slice(class, &file, 0, 0);
    enum iw_rc rc;
    int fd = memfd_create("xml", MFD_CLOEXEC);

    assert_non_null(reader);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    assert_true(slice.is_last);
    assert_int_equal(class->begin(reader, fd, &file, &slice, &result.account), IW_OK);
    while ((rc = class->next(reader, xml_rig_batch())) == IW_OK) {
        assert_int_not_equal(xml_rig_batch()->n, 0);
        for (size_t i = 0; i < xml_rig_batch()->n; i++)
            keep_event(&result, &xml_rig_batch()->events[i]);
    }
    assert_int_equal(rc, IW_END);
    assert_int_equal(result.account.n_records, result.n);
    assert_int_equal(result.account.read_bytes, n);
    class->free(reader);
    (void)close(fd);
    return result;
}

void xml_rig_free(struct xml_rig_result *result)
{
    for (size_t i = 0; i < result->n; i++) {
        free(result->events[i].fields);
        free(result->events[i].value);
    }
    free(result->events);
}

void xml_rig_assert_only(const struct xml_rig_result *result, ...)
{
    bool is_expected[IW_DAMAGE_COUNT] = {false};
    va_list kinds;
    va_start(kinds, result);
    for (int kind; (kind = va_arg(kinds, int)) < (int)IW_DAMAGE_COUNT;)
        is_expected[kind] = true;
    va_end(kinds);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if (result->account.damage[kind].count != is_expected[kind])
            fail_msg("%s: %llu, expected %u", iw_damage_row((enum iw_damage)kind)->name,
                     (unsigned long long)result->account.damage[kind].count, is_expected[kind]);
    }
}

void xml_rig_expect(const char *text, size_t n, const char *fields)
{
    struct xml_rig_result result = xml_rig_read(text, strlen(text), NULL);
    assert_int_equal(result.n, n);
    if (n != 0)
        assert_string_equal(result.events[0].fields, fields);
    xml_rig_free(&result);
}
