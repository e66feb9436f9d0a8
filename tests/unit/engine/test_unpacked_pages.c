/*
 * Pages out of an archive that just came: which are lowered, and what is left alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/unpacked_pages.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define TOMCAT "{\"Image\":\"C:\\\\t\\\\bin\\\\tomcat9.exe\"}"
#define S(seconds) ((int64_t)(seconds)*IW_NS_PER_SECOND)

static struct iw_server_fact written(const char *host, const char *path, int64_t first_s,
                                     int64_t last_s)
{
    return (struct iw_server_fact){.kind = IW_FACT_FILE_WRITTEN,
                                   .host = iw_str_of(host),
                                   .path = iw_str_of(path),
                                   .image = IW_STR("C:\\t\\tomcat9.exe"),
                                   .user = IW_STR("CORP\\web"),
                                   .channel = IW_STR(SYSMON),
                                   .event_id = 11,
                                   .record_id = 7,
                                   .time_ns = S(first_s),
                                   .last_ns = S(last_s),
                                   .n = 1};
}

static void what_is_lowered(void **state)
{
    static const struct {
        const char *name, *host, *path;
        int64_t at_s;
        uint32_t event_id;
        enum iw_level level;
        bool is_lowered;
    } CASES[] = {
        {"its page", "WEB01", "C:\\t\\webapps\\shop\\index.jsp", 1010, 11, IW_LEVEL_MEDIUM, true},
        {"deeper, spelt otherwise, by the audit", "web01", "c:\\T\\WebApps\\Shop\\a\\b.jsp", 1010,
         4663, IW_LEVEL_MEDIUM, true},
        {"at once", "WEB01", "C:\\t\\webapps\\shop\\a.jsp", 1000, 11, IW_LEVEL_MEDIUM, true},
        {"ten minutes behind the last writing", "WEB01", "C:\\t\\webapps\\shop\\a.jsp", 1650, 11,
         IW_LEVEL_MEDIUM, true},
        {"later than that", "WEB01", "C:\\t\\webapps\\shop\\a.jsp", 1651, 11, IW_LEVEL_MEDIUM,
         false},
        {"before the archive", "WEB01", "C:\\t\\webapps\\shop\\a.jsp", 999, 11, IW_LEVEL_MEDIUM,
         false},
        {"of another application", "WEB01", "C:\\t\\webapps\\ROOT\\a.jsp", 1010, 11,
         IW_LEVEL_MEDIUM, false},
        {"of one that begins alike", "WEB01", "C:\\t\\webapps\\shop2\\a.jsp", 1010, 11,
         IW_LEVEL_MEDIUM, false},
        {"beside it", "WEB01", "C:\\t\\webapps\\a.jsp", 1010, 11, IW_LEVEL_MEDIUM, false},
        {"the archive itself", "WEB01", "C:\\t\\webapps\\shop.war", 1000, 11, IW_LEVEL_MEDIUM,
         false},
        {"elsewhere", "WEB01", "C:\\shop\\a.jsp", 1010, 11, IW_LEVEL_MEDIUM, false},
        {"of another host", "WEB02", "C:\\t\\webapps\\shop\\a.jsp", 1010, 11, IW_LEVEL_MEDIUM,
         false},
        {"a process", "WEB01", "C:\\t\\webapps\\shop\\a.jsp", 1010, 1, IW_LEVEL_MEDIUM, false},
        {"what is high for another reason", "WEB01", "C:\\t\\webapps\\shop\\a.jsp", 1010, 11,
         IW_LEVEL_HIGH, false},
        {"a name that ends", "WEB01", "\\webapps\\", 1010, 11, IW_LEVEL_MEDIUM, false},
    };
    const struct iw_server_fact items[] = {
        written("WEB01", "C:\\t\\webapps\\other.war", 1, 1),
        written("WEB01", "C:\\t\\webapps\\shop.war", 1000, 1050),
        written("WEB03", "C:\\t\\webapps\\shop.war", 1000, 1050)};
    const struct iw_server_facts facts = {.items = items, .n = 3};
    struct iw_unpacked_pages pages;
    (void)state;
    iw_unpacked_pages_init(&pages, &facts);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_evidence_item item = {.channel = CASES[i].event_id == 4663 ? IW_STR("Security")
                                                                             : IW_STR(SYSMON),
                                        .event_id = CASES[i].event_id};
        struct iw_finding finding = {.kind = IW_FINDING_RULE,
                                     .level = CASES[i].level,
                                     .host = iw_str_of(CASES[i].host),
                                     .subject_name = iw_str_of(CASES[i].path),
                                     .first_time_ns = S(CASES[i].at_s),
                                     .evidence = &item,
                                     .n_evidence = 1,
                                     .event_json = IW_STR(TOMCAT)};
        assert_int_equal(iw_unpacked_pages_judge(&pages, &finding), IW_OK);
        if ((finding.level == IW_LEVEL_LOW) != CASES[i].is_lowered ||
            finding.why.n != CASES[i].is_lowered)
            fail_msg("%s", CASES[i].name);
        if (CASES[i].is_lowered)
            assert_true(iw_str_holds_nocase(finding.why.items[0], IW_STR("shop.war, which was")));
    }
    iw_unpacked_pages_done(&pages);
}

/* An archive that lies there vouches for nothing that somebody else writes beside it. */
static void who_unpacks(void **state)
{
    static const struct {
        const char *event;
        bool is_lowered;
    } CASES[] = {
        {TOMCAT, true},
        {"{\"ProcessName\":\"C:\\\\jre\\\\bin\\\\java.exe\"}", true},
        {"{\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"}", false},
        {"{\"Image\":7}", false},
        {"{}", false},
        {"", false},
    };
    const struct iw_server_fact archive = written("WEB01", "C:\\t\\webapps\\shop.war", 1000, 1050);
    const struct iw_server_facts facts = {.items = &archive, .n = 1};
    struct iw_unpacked_pages pages;
    (void)state;
    iw_unpacked_pages_init(&pages, &facts);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_evidence_item item = {.channel = IW_STR(SYSMON), .event_id = 11};
        struct iw_finding finding = {.kind = IW_FINDING_RULE,
                                     .level = IW_LEVEL_MEDIUM,
                                     .host = IW_STR("WEB01"),
                                     .subject_name = IW_STR("C:\\t\\webapps\\shop\\a.jsp"),
                                     .first_time_ns = S(1010),
                                     .evidence = &item,
                                     .n_evidence = 1,
                                     .event_json = iw_str_of(CASES[i].event)};
        assert_int_equal(iw_unpacked_pages_judge(&pages, &finding), IW_OK);
        if ((finding.level == IW_LEVEL_LOW) != CASES[i].is_lowered)
            fail_msg("%s", CASES[i].event);
    }
    iw_unpacked_pages_done(&pages);
}

static void without_facts(void **state)
{
    struct iw_unpacked_pages pages;
    struct iw_finding finding = {.kind = IW_FINDING_RULE, .level = IW_LEVEL_MEDIUM};
    (void)state;
    iw_unpacked_pages_init(&pages, NULL);
    assert_int_equal(iw_unpacked_pages_judge(&pages, &finding), IW_OK);
    assert_int_equal(finding.level, IW_LEVEL_MEDIUM);
    iw_unpacked_pages_done(&pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_lowered),
        cmocka_unit_test(who_unpacks),
        cmocka_unit_test(without_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
