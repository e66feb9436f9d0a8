/*
 * Events written by hand, and the fields they have by the Windows event schema: what the EVTX
 * reader makes of the same record (its naming is told in src/input/evtx/evtx_compile.c). Each is
 * read by both parsers.
 */
#include "tests/unit/input/xml_rig.h"

#include <stdlib.h>

#include "event/flatten.h"
#include "input/xml/xml_collect.h"
#include "input/xml/xml_expat.h"
#include "input/xml/xml_tolerant.h"

#define HEAD                                                                                       \
    "\"Provider_Name\":\"P\",\"EventID\":7,\"TimeCreated_SystemTime\":"                            \
    "\"2026-01-05T10:00:00.1234567Z\",\"EventRecordID\":1,\"Channel\":\"Application\","            \
    "\"Computer\":\"WEB01\""

static char *json_of(struct iw_event_builder *builder)
{
    struct iw_buffer out;
    struct iw_json json;
    struct iw_arena scratch;
    char *copy;
    iw_buffer_init(&out);
    iw_arena_init(&scratch, 0);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_event_flatten(builder->event, &json, &scratch);
    iw_json_object_end(&json);
    assert_false(out.failed);
    copy = strndup(out.p, out.n);
    iw_arena_done(&scratch);
    iw_buffer_done(&out);
    return copy;
}

/* Reads one event with both parsers; they must agree, and expat must accept it. */
static void expect_both(const char *text, const char *fields)
{
    struct iw_str event = {text, strlen(text)};
    struct iw_event_builder builder;
    struct xml_collector collector;
    struct xml_expat *expat = xml_expat_new();

    assert_non_null(expat);
    iw_event_builder_init(&builder, xml_rig_names(), xml_rig_route());
    xml_collector_init(&collector);
    for (int parser = 0; parser < 2; parser++) {
        char *found;
        iw_batch_clear(xml_rig_batch());
        iw_event_builder_begin(&builder, xml_rig_batch(), 0, 0);
        xml_collect_begin(&collector, &builder);
        if (parser == 0)
            assert_int_equal(xml_expat_read(expat, event, &collector), IW_OK);
        else
            assert_int_equal(xml_tolerant_read(event, true, &collector), 0);
        assert_int_equal(xml_collect_end(&collector, true), IW_OK);
        found = json_of(&builder);
        assert_string_equal(found, fields);
        free(found);
        iw_event_builder_cancel(&builder);
    }
    xml_collector_done(&collector);
    iw_event_builder_done(&builder);
    xml_expat_free(expat);
}

static void all_of_system(void **state)
{
    (void)state;
    expect_both(
        "<Event xmlns='" XML_RIG_NAMESPACE "'>\n  <System>\n"
        "<Provider Guid=\"{524b5d04-133c-4a62-8362-64e8edb9ce40}\" EventSourceName='WAS' "
        "Name='Microsoft-Windows-WAS' />"
        "<EventID Qualifiers=\"32768\">5139</EventID><Version>0</Version><Level>3</Level>"
        "<Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>"
        "<TimeCreated SystemTime=\"2023-01-06T12:03:09.517096100Z\" />"
        "<EventRecordID>624506</EventRecordID>"
        "<Correlation ActivityID='{00000000-0000-0000-0000-000000000001}'/>"
        "<Execution ProcessID=\"4\" ThreadID=\"8\" /><Channel>System</Channel>"
        "<Computer>A.example</Computer><Security UserID='S-1-5-18'/></System></Event>",
        "{\"Provider_Guid\":\"{524b5d04-133c-4a62-8362-64e8edb9ce40}\","
        "\"Provider_EventSourceName\":\"WAS\",\"Provider_Name\":\"Microsoft-Windows-WAS\","
        "\"EventID_Qualifiers\":32768,\"EventID\":5139,\"Version\":0,\"Level\":3,\"Task\":0,"
        "\"Opcode\":0,\"Keywords\":\"0x80000000000000\","
        "\"TimeCreated_SystemTime\":\"2023-01-06T12:03:09.517096100Z\",\"EventRecordID\":624506,"
        "\"Correlation_ActivityID\":\"{00000000-0000-0000-0000-000000000001}\","
        "\"Execution_ProcessID\":4,\"Execution_ThreadID\":8,\"Channel\":\"System\","
        "\"Computer\":\"A.example\",\"Security_UserID\":\"S-1-5-18\"}");
}

static void event_data(void **state)
{
    (void)state;
    expect_both(XML_RIG_EVENT("1", "<EventData Name='X'><Data Name=\"a\">1</Data><Data>u1</Data>"
                                   "<Data></Data><Data Name='e'/><Data Name=''>u3</Data>"
                                   "<Data Type='t' Name='z'>zz</Data><Binary>0500</Binary>"
                                   "<ComplexData Name=\"c\">cc</ComplexData></EventData>"),
                "{" HEAD ",\"EventData_Name\":\"X\",\"a\":\"1\",\"Data\":[\"u1\",\"\",\"u3\"],"
                "\"e\":\"\",\"Data_Type\":\"t\",\"z\":\"zz\",\"Binary\":\"0500\",\"c\":\"cc\"}");
    /* Present and empty is not absent; in System there is no empty field. */
    expect_both("<Event><System><EventID>7</EventID><Level></Level><Security/><Channel>Application"
                "</Channel></System><EventData><Data Name='E'></Data></EventData></Event>",
                "{\"EventID\":7,\"Channel\":\"Application\",\"E\":\"\"}");
}

static void user_data(void **state)
{
    (void)state;
    expect_both(XML_RIG_EVENT("1",
                              "<UserData>\n<LogFileCleared xmlns='http://m' "
                              "xmlns:auto-ns2='http://n'>\n<SubjectUserName>admin</SubjectUserName>"
                              "<Deep><Deeper k='v'/><Deepest>x</Deepest></Deep><Channel>other"
                              "</Channel><E/></LogFileCleared></UserData>"),
                "{" HEAD ",\"SubjectUserName\":\"admin\",\"k\":\"v\",\"Deepest\":\"x\","
                "\"UserData.Channel\":\"other\",\"E\":\"\"}");
}

static void rendering_and_others(void **state)
{
    (void)state;
    expect_both(XML_RIG_EVENT("1", "<RenderingInfo Culture='en-US'><Message>m</Message><Keywords>"
                                   "<Keyword>k1</Keyword><Keyword>k2</Keyword></Keywords>"
                                   "</RenderingInfo><ProcessingErrorData><ErrorCode>15005"
                                   "</ErrorCode></ProcessingErrorData>"),
                "{" HEAD ",\"RenderingInfo.RenderingInfo_Culture\":\"en-US\","
                "\"RenderingInfo.Message\":\"m\",\"RenderingInfo.Keyword\":[\"k1\",\"k2\"],"
                "\"ErrorCode\":\"15005\"}");
}

static void text_of_all_kinds(void **state)
{
    (void)state;
    /* XML 1.0: 2.4 (references), 2.7 (CDATA), 2.11 (line ends), 3.3.3 (attribute values). */
    expect_both(XML_RIG_VALUE("1", " a&lt;b&gt;&amp;&quot;&apos;&#13;&#10;&#x41;&#65; "),
                "{" HEAD ",\"V\":\" a<b>&\\\"'\\r\\nAA \"}");
    expect_both(XML_RIG_VALUE("1", "x<![CDATA[<b>&amp;]]>y<!-- no -->z<?pi no?>"),
                "{" HEAD ",\"V\":\"x<b>&amp;yz\"}");
    expect_both(XML_RIG_VALUE("1", "a\r\nb\rc\nd\te"), "{" HEAD ",\"V\":\"a\\nb\\nc\\nd\\te\"}");
    expect_both(XML_RIG_VALUE("1", "\xF0\x9F\x98\x80 caf\xC3\xA9 &#x1F600;"),
                "{" HEAD ",\"V\":\"\xF0\x9F\x98\x80 caf\xC3\xA9 \xF0\x9F\x98\x80\"}");
    expect_both(XML_RIG_EVENT("1", "<EventData><Data Name='a\r\nb\tc&#10;d&lt;' xml:space="
                                   "'preserve'>  </Data></EventData>"),
                "{" HEAD ",\"a b c\\nd<\":\"  \"}");
    expect_both(XML_RIG_EVENT("1", "<EventData><Data Name='a>b'>1</Data><Data Name = \"c'd\" >2"
                                   "</Data ></EventData>"),
                "{" HEAD ",\"a>b\":\"1\",\"c'd\":\"2\"}");
}

static void prefixes(void **state)
{
    (void)state;
    expect_both("<e:Event xmlns:e='" XML_RIG_NAMESPACE "'><e:System><e:EventID>7</e:EventID>"
                "<e:Channel>C</e:Channel></e:System><e:EventData><e:Data Name='V'>v</e:Data>"
                "</e:EventData></e:Event>",
                "{\"EventID\":7,\"Channel\":\"C\",\"V\":\"v\"}");
}

static void order_of_sections(void **state)
{
    (void)state;
    expect_both("<Event><EventData><Data Name='V'>v</Data></EventData><System><EventID>7</EventID>"
                "<Channel>C</Channel></System></Event>",
                "{\"V\":\"v\",\"EventID\":7,\"Channel\":\"C\"}");
}

static void the_head_of_an_event(void **state)
{
    struct xml_rig_result result;
    const char *text = "<Event><System><EventID>\n 4688 \n</EventID><Channel> Security </Channel>"
                       "<EventRecordID>9</EventRecordID><TimeCreated "
                       "SystemTime='1970-01-01T00:00:01.5Z'/></System></Event>";
    (void)state;
    result = xml_rig_read(text, strlen(text), NULL);
    assert_int_equal(result.n, 1);
    assert_int_equal(result.events[0].event_id, 4688);
    assert_int_equal(result.events[0].record_id, 9);
    assert_int_equal(result.events[0].created_ns, 1500000000);
    assert_int_equal(result.events[0].flags, IW_EVENT_DECODED);
    assert_string_equal(result.events[0].fields,
                        "{\"EventID\":4688,\"Channel\":\"Security\",\"EventRecordID\":9,"
                        "\"TimeCreated_SystemTime\":\"1970-01-01T00:00:01.5Z\"}");
    xml_rig_assert_only(&result, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
}

static void no_id_two_ids_no_system(void **state)
{
    static const struct {
        const char *text;
        enum iw_damage damage;
        size_t n;
    } CASES[] = {
        {"<Event><System><Channel>C</Channel></System></Event>", IW_DAMAGE_RECORD_CUT, 1},
        {"<Event><System><EventID>x</EventID></System></Event>", IW_DAMAGE_RECORD_CUT, 1},
        {"<Event><System><EventID>1</EventID><EventID>2</EventID></System></Event>",
         IW_DAMAGE_RECORD_CUT, 1},
        {"<Event><System><EventID>1</EventID><EventID>1</EventID></System></Event>",
         IW_DAMAGE_COUNT, 1},
        {"<Event><System/></Event>", IW_DAMAGE_FORM_UNKNOWN, 0},
        {"<Event/>", IW_DAMAGE_FORM_UNKNOWN, 0},
        {"<Event name='other'><Data>1</Data></Event>", IW_DAMAGE_FORM_UNKNOWN, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct xml_rig_result result = xml_rig_read(CASES[i].text, strlen(CASES[i].text), NULL);
        assert_int_equal(result.n, CASES[i].n);
        xml_rig_assert_only(&result, CASES[i].damage, IW_DAMAGE_COUNT);
        xml_rig_free(&result);
    }
}

/* What the quick look says must be what the parsers say: the same heads, whoever wants what. */
static void routing_before_decoding(void **state)
{
    static const char *const EVENTS[] = {
        XML_RIG_VALUE("1", "v"),
        "<Event><System><EventID>8</EventID><Channel>Application</Channel></System></Event>",
        "<Event xmlns='x'>\n<System>\n<Channel>Other</Channel>\n<EventID Qualifiers=''>7</EventID>"
        "<EventRecordID>3</EventRecordID><Computer>c</Computer></System><EventData/></Event>",
        "<e:Event xmlns:e='y'><e:System><e:EventID>7</e:EventID><e:Channel>Other</e:Channel>"
        "</e:System></e:Event>",
        "<Event><System><EventID>&#55;</EventID><Channel>Other</Channel></System></Event>",
        "<Event><System><EventID>7</EventID><Channel>Oth\x01r</Channel></System></Event>",
        "<Event><System><!-- c --><EventID>9</EventID><Channel>Application</Channel></System>"
        "</Event>",
    };
    static const bool IS_WANTED[] = {true, false, false, false, false, false, false};
    struct iw_route route;
    (void)state;
    iw_route_init(&route);
    assert_int_equal(iw_route_want(&route, IW_STR("application"), 7), IW_OK);
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++) {
        struct xml_rig_result some = xml_rig_read(EVENTS[i], strlen(EVENTS[i]), &route);
        struct xml_rig_result all = xml_rig_read(EVENTS[i], strlen(EVENTS[i]), NULL);
        assert_int_equal(some.n, 1);
        assert_int_equal(all.n, 1);
        assert_int_equal(some.events[0].flags & IW_EVENT_DECODED, IS_WANTED[i]);
        assert_int_equal(some.account.n_decoded, IS_WANTED[i]);
        assert_int_equal(some.events[0].event_id, all.events[0].event_id);
        assert_int_equal(some.events[0].record_id, all.events[0].record_id);
        assert_true(some.events[0].created_ns == all.events[0].created_ns);
        if (!IS_WANTED[i])
            assert_int_equal(some.events[0].n_fields, 0);
        xml_rig_free(&some);
        xml_rig_free(&all);
    }
    iw_route_done(&route);
}

/* Nobody can say that an event without an id or channel is not wanted. */
static void what_cannot_be_routed_is_decoded(void **state)
{
    static const char *const EVENTS[] = {
        "<Event><System><Channel>Other</Channel></System></Event>",
        "<Event><System><EventID>9</EventID></System></Event>",
    };
    struct iw_route route;
    (void)state;
    iw_route_init(&route);
    for (size_t i = 0; i < 2; i++) {
        struct xml_rig_result result = xml_rig_read(EVENTS[i], strlen(EVENTS[i]), &route);
        assert_int_equal(result.n, 1);
        assert_int_equal(result.account.n_decoded, 1);
        xml_rig_free(&result);
    }
    iw_route_done(&route);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_system),
        cmocka_unit_test(event_data),
        cmocka_unit_test(user_data),
        cmocka_unit_test(rendering_and_others),
        cmocka_unit_test(text_of_all_kinds),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(order_of_sections),
        cmocka_unit_test(the_head_of_an_event),
        cmocka_unit_test(no_id_two_ids_no_system),
        cmocka_unit_test(routing_before_decoding),
        cmocka_unit_test(what_cannot_be_routed_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
