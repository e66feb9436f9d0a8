/*
 * Taxonomy: a 4688 and a 5156 by canonical names, with their values as Sysmon writes them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event/taxonomy.h"

#define FIELD(number, id_, text_)                                                                  \
    names[number] = (struct iw_name){.text = IW_STR("x"), .id = id_};                              \
    fields[number] = (struct iw_field)                                                             \
    {                                                                                              \
        .name = &names[number], .p = (const uint8_t *)(text_), .n = sizeof(text_) - 1,             \
        .type = IW_VALUE_UTF8, .place = IW_PLACE_EVENT_DATA                                        \
    }

static void expect(const struct iw_event *event, uint32_t id, const char *text)
{
    struct iw_arena arena;
    struct iw_str got;
    iw_arena_init(&arena, 0);
    got = iw_taxonomy_text(event, id, &arena);
    assert_int_equal(got.n, strlen(text));
    assert_memory_equal(got.p, text, got.n);
    iw_arena_done(&arena);
}

static void a_4688_is_a_process_creation(void **state)
{
    static const uint8_t PID[8] = {0x64, 0x09, 0, 0, 0, 0, 0, 0};
    struct iw_name names[7];
    struct iw_field fields[7];
    struct iw_event event = {
        .channel = IW_STR("security"), .event_id = 4688, .fields = fields, .n_fields = 7};

    (void)state;
    FIELD(0, IW_FIELD_NEW_PROCESS_NAME, "C:\\cmd.exe");
    FIELD(1, IW_FIELD_NEW_PROCESS_ID, "");
    fields[1].p = PID;
    fields[1].n = sizeof PID;
    fields[1].type = IW_VALUE_HEX64;
    FIELD(2, IW_FIELD_PROCESS_ID, "0xa14");
    FIELD(3, IW_FIELD_SUBJECT_USER_NAME, "pool");
    FIELD(4, IW_FIELD_SUBJECT_DOMAIN_NAME, "IIS APPPOOL");
    FIELD(5, IW_FIELD_MANDATORY_LABEL, "S-1-16-16384");
    FIELD(6, IW_FIELD_COMMAND_LINE, "cmd");
    expect(&event, IW_FIELD_IMAGE, "C:\\cmd.exe");
    expect(&event, IW_FIELD_PROCESS_ID, "2404");
    expect(&event, IW_FIELD_PARENT_PROCESS_ID, "2580");
    expect(&event, IW_FIELD_USER, "IIS APPPOOL\\pool");
    expect(&event, IW_FIELD_INTEGRITY_LEVEL, "System");
    expect(&event, IW_FIELD_COMMAND_LINE, "cmd");
    expect(&event, IW_FIELD_PARENT_IMAGE, "");
    expect(&event, IW_FIELD_NEW_PROCESS_NAME, "C:\\cmd.exe");
    FIELD(4, IW_FIELD_SUBJECT_DOMAIN_NAME, "-");
    expect(&event, IW_FIELD_USER, "pool");
}

static void a_5156_is_a_network_connection(void **state)
{
    struct iw_name names[3];
    struct iw_field fields[3];
    struct iw_event event = {
        .channel = IW_STR("Security"), .event_id = 5156, .fields = fields, .n_fields = 3};

    (void)state;
    FIELD(0, IW_FIELD_DIRECTION, "%%14593");
    FIELD(1, IW_FIELD_PROTOCOL, "17");
    FIELD(2, IW_FIELD_DEST_PORT, "53");
    expect(&event, IW_FIELD_INITIATED, "true");
    expect(&event, IW_FIELD_PROTOCOL, "udp");
    expect(&event, IW_FIELD_DESTINATION_PORT, "53");
}

static void other_events_keep_their_names(void **state)
{
    struct iw_name names[1];
    struct iw_field fields[1];
    struct iw_event event = {
        .channel = IW_STR("System"), .event_id = 4688, .fields = fields, .n_fields = 1};
    (void)state;
    FIELD(0, IW_FIELD_PROCESS_ID, "0xa14");
    expect(&event, IW_FIELD_PROCESS_ID, "0xa14");
    assert_null(iw_taxonomy_of(IW_STR("Security"), 4624));
    assert_null(iw_taxonomy_find(NULL, IW_FIELD_IMAGE));
}

/* Columns of request logs by the names of `category: webserver`. */
static void a_request_has_the_names_rules_ask_for(void **state)
{
    struct iw_name names[4];
    struct iw_field fields[4];
    struct iw_event event = {.channel = IW_STR("IIS/W3SVC"), .fields = fields, .n_fields = 4};
    const struct iw_taxonomy *taxonomy = iw_taxonomy_of(event.channel, 0);
    struct iw_arena arena;
    struct iw_str text;

    (void)state;
    iw_arena_init(&arena, 0);
    FIELD(0, IW_FIELD_CS_USER_AGENT_COLUMN, "Mozilla/5.0+(x)");
    FIELD(1, IW_FIELD_CS_URI_STEM, "/a.aspx");
    FIELD(2, IW_FIELD_CS_URI_QUERY, "b=c");
    FIELD(3, IW_FIELD_CS_REFERER_COLUMN, "-");
    expect(&event, IW_FIELD_CS_USER_AGENT, "Mozilla/5.0+(x)");
    expect(&event, IW_FIELD_CS_URI, "/a.aspx?b=c");
    expect(&event, IW_FIELD_CS_REFERER, "-");
    expect(&event, IW_FIELD_CS_COOKIE, "");
    /* The second reading of an agent; there is none where it has no `+`. */
    assert_int_equal(iw_taxonomy_value(&taxonomy->rows[1], &event, &arena, &text), IW_OK);
    assert_true(iw_str_equal(text, IW_STR("Mozilla/5.0 (x)")));
    FIELD(0, IW_FIELD_CS_USER_AGENT_COLUMN, "curl/8");
    assert_int_equal(iw_taxonomy_value(&taxonomy->rows[1], &event, &arena, &text), IW_END);
    FIELD(2, IW_FIELD_CS_URI_QUERY, "-");
    expect(&event, IW_FIELD_CS_URI, "/a.aspx");
    event.channel = IW_STR("IIS/HTTPERR");
    event.n_fields = 1;
    FIELD(0, IW_FIELD_CS_URI, "/x?y?z");
    expect(&event, IW_FIELD_CS_URI_STEM, "/x");
    expect(&event, IW_FIELD_CS_URI_QUERY, "y?z");
    FIELD(0, IW_FIELD_CS_URI, "/x?");
    expect(&event, IW_FIELD_CS_URI_QUERY, "-");
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_4688_is_a_process_creation),
        cmocka_unit_test(a_5156_is_a_network_connection),
        cmocka_unit_test(other_events_keep_their_names),
        cmocka_unit_test(a_request_has_the_names_rules_ask_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
