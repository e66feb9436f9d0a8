/*
 * What the registry says of a server: each state of a fact, each list, layouts of the audit policy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/timestamp.h"
#include "iis/hive/audit_policy.h"
#include "iis/hive/registry_facts.h"
#include "tests/unit/iis/hive_make.h"

#define CLSID "{0123abcd-0000-0000-0000-00000000000F}"

static const uint32_t one = 1, two = 2;

struct rig {
    struct hive_make make;
    struct iw_arena arena;
    struct iw_hive *hives[4];
    uint32_t n;
    struct iw_registry_facts facts;
};

static void begin(struct rig *rig)
{
    memset(rig->hives, 0, sizeof rig->hives);
    rig->n = 0;
    iw_arena_init(&rig->arena, 0);
    hive_make_init(&rig->make);
}

static void add(struct rig *rig, struct iw_str file)
{
    assert_int_equal(iw_hive_open(file, &rig->arena, &rig->hives[rig->n++], NULL), IW_OK);
}

static void read_facts(struct rig *rig)
{
    assert_int_equal(iw_registry_read_facts(rig->hives, rig->n, &rig->arena, &rig->facts, NULL),
                     IW_OK);
}

static void end(struct rig *rig)
{
    for (uint32_t i = 0; i < rig->n; i++)
        iw_hive_close(rig->hives[i]);
    iw_arena_done(&rig->arena);
    hive_make_done(&rig->make);
}

static const struct iw_registry_fact *fact(const struct rig *rig, enum iw_registry_fact_id id)
{
    return &rig->facts.values[id];
}

static void make_system(struct rig *rig)
{
    struct hive_make *make = &rig->make;
    uint32_t key;
    hive_make_dword(make, hive_make_path(make, "Select"), "Current", &one);
    key = hive_make_path(make, "ControlSet001\\Services\\W3SVC");
    hive_make_dword(make, key, "Start", &two);
    key = hive_make_path(make, "ControlSet001\\Services\\W3SVC\\Parameters");
    hive_make_text(make, key, "Filter DLLs", 1, "C:\\x.dll,C:\\y.dll");
    key = hive_make_path(make, "ControlSet001\\Services\\Renamed\\Parameters");
    hive_make_value(make, key, "Rules", 3, "\1\2\3\4\5", 5);
    hive_make_dword(make, key, "HashingAlgorithm", &two);
    hive_make_dword(make, key, "Options", &one);
    hive_make_text(make, key, "ConfigHash", 1, "SHA256=AB");
    key = hive_make_path(make, "ControlSet001\\Control\\Session Manager\\Environment");
    hive_make_text(make, key, "COR_PROFILER", 1, CLSID);
    hive_make_text(make, key, "windir", 2, "%SystemRoot%");
    add(rig, hive_make_finish(make));
}

static void tells_known_absent_and_not_in_evidence(void **state)
{
    static struct rig rig;
    (void)state;
    begin(&rig);
    read_facts(&rig);
    for (unsigned id = 0; id < IW_REGISTRY_N_FACTS; id++)
        assert_int_equal(rig.facts.values[id].state, IW_FACT_NOT_IN_EVIDENCE);
    make_system(&rig);
    read_facts(&rig);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->state, IW_FACT_KNOWN);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->number, 2);
    assert_true(iw_str_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->key,
                             IW_STR("HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\W3SVC")));
    assert_true(iw_time_known(fact(&rig, IW_REGISTRY_START_W3SVC)->written_ns));
    assert_true(
        iw_str_equal(fact(&rig, IW_REGISTRY_FILTER_DLLS)->text, IW_STR("C:\\x.dll,C:\\y.dll")));
    assert_true(iw_str_equal(fact(&rig, IW_REGISTRY_COR_PROFILER)->text, IW_STR(CLSID)));
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->state, IW_FACT_ABSENT);
    assert_int_equal(fact(&rig, IW_REGISTRY_CORECLR_PROFILER)->state, IW_FACT_ABSENT);
    assert_int_equal(fact(&rig, IW_REGISTRY_IIS_VERSION)->state, IW_FACT_NOT_IN_EVIDENCE);
    assert_int_equal(fact(&rig, IW_REGISTRY_AUDIT_POLICY)->state, IW_FACT_NOT_IN_EVIDENCE);
    end(&rig);
}

static void lists_sysmon_and_the_environment(void **state)
{
    static struct rig rig;
    uint8_t sum[32];
    (void)state;
    begin(&rig);
    make_system(&rig);
    read_facts(&rig);
    assert_int_equal(rig.facts.sysmon_state, IW_FACT_KNOWN);
    assert_int_equal(rig.facts.n_sysmon, 1);
    assert_true(iw_str_equal(rig.facts.sysmon[0].service, IW_STR("Renamed")));
    assert_int_equal(rig.facts.sysmon[0].rules.data.n, 5);
    assert_true(iw_sha256(IW_STR("\1\2\3\4\5"), sum));
    assert_memory_equal(rig.facts.sysmon[0].rules_sha256, sum, sizeof sum);
    assert_int_equal(rig.facts.sysmon[0].hashing.number, 2);
    assert_true(iw_str_equal(rig.facts.sysmon[0].config_hash.text, IW_STR("SHA256=AB")));
    assert_true(iw_str_equal(
        rig.facts.sysmon[0].rules.key,
        IW_STR("HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Renamed\\Parameters")));
    assert_int_equal(rig.facts.environment_state, IW_FACT_KNOWN);
    assert_int_equal(rig.facts.n_environment, 2);
    assert_true(iw_str_equal(rig.facts.environment[1].text, IW_STR("%SystemRoot%")));
    end(&rig);
}

static void joins_several_sources(void **state)
{
    static const char text[] = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\CLSID\\" CLSID
                               "\\InprocServer32]\n@=\"C:\\\\plug.dll\"\n"
                               "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp]\n"
                               "\"MajorVersion\"=dword:0000000a\n"
                               "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\WAS]\n"
                               "\"Start\"=dword:00000003\n";
    static struct rig rig;
    struct iw_registry_class found;
    (void)state;
    begin(&rig);
    make_system(&rig);
    add(&rig, iw_str_of(text));
    read_facts(&rig);
    assert_int_equal(fact(&rig, IW_REGISTRY_IIS_MAJOR)->number, 10);
    assert_int_equal(fact(&rig, IW_REGISTRY_IIS_MAJOR)->source, 1);
    assert_int_equal(fact(&rig, IW_REGISTRY_IIS_MINOR)->state, IW_FACT_ABSENT);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->source, 0);
    iw_registry_find_class(rig.hives, rig.n, IW_STR(CLSID), &found);
    assert_int_equal(found.server_64.state, IW_FACT_KNOWN);
    assert_true(iw_str_equal(found.server_64.text, IW_STR("C:\\plug.dll")));
    assert_int_equal(found.server_32.state, IW_FACT_NOT_IN_EVIDENCE);
    iw_registry_find_class(rig.hives, rig.n, IW_STR("{0123abcd}\\..\\x"), &found);
    assert_int_equal(found.server_64.state, IW_FACT_NOT_IN_EVIDENCE);
    end(&rig);
}

#define REG_WAS                                                                                    \
    "Windows Registry Editor Version "                                                             \
    "5.00\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\"

/* A hive before an export, wherever it stands among them, also where it holds no such value; what
 * the others hold stays beside it. */
static void the_stronger_source_answers(void **state)
{
    static const char planted[] =
        REG_WAS "W3SVC]\n\"Start\"=dword:00000004\n"
                "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters]\n"
                "\"Filter DLLs\"=\"C:\\\\x.dll,C:\\\\y.dll\"\n"
                "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\WAS]\n"
                "\"Start\"=dword:00000003\n";
    static struct rig rig;
    (void)state;
    begin(&rig);
    add(&rig, iw_str_of(planted));
    make_system(&rig);
    read_facts(&rig);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->number, 2);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->source, 1);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->strength, 2);
    assert_non_null(fact(&rig, IW_REGISTRY_START_W3SVC)->rival);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->rival->number, 4);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->rival->source, 0);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->rival->strength, 0);
    assert_null(fact(&rig, IW_REGISTRY_START_W3SVC)->rival->rival);
    assert_null(fact(&rig, IW_REGISTRY_FILTER_DLLS)->rival); /* the same, in another form */
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->state, IW_FACT_ABSENT);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->rival->number, 3);
    /* From elsewhere it is stronger than an export still, and weaker than another. */
    iw_hive_set_elsewhere(rig.hives[1]);
    read_facts(&rig);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->number, 2);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->strength, 1);
    end(&rig);
}

/* Of two exports one that holds the value, then the first. */
static void equal_sources(void **state)
{
    static const char *const TEXTS[] = {
        REG_WAS "WAS]\n\"Type\"=dword:00000020\n", REG_WAS "WAS]\n\"Start\"=dword:00000003\n",
        REG_WAS "WAS]\n\"Start\"=dword:00000004\n", REG_WAS "WAS]\n\"Start\"=dword:00000003\n"};
    static struct rig rig;
    (void)state;
    begin(&rig);
    for (size_t i = 0; i < 4; i++)
        add(&rig, iw_str_of(TEXTS[i]));
    read_facts(&rig);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->number, 3);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->source, 1);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->rival->number, 4);
    assert_null(fact(&rig, IW_REGISTRY_START_WAS)->rival->rival);
    end(&rig);
}

#define REG_SYSMON                                                                                 \
    REG_WAS "SysmonDrv\\Parameters]\n\"HashingAlgorithm\"=dword:80000002\n\"Options\"=dword:"      \
            "00000001\n"

/* Where a hive lists the services, an export does not make one of them Sysmon, nor is another
 * configuration the one that was loaded. */
static void sysmon_of_the_stronger_source(void **state)
{
    static const char planted[] = REG_SYSMON "\"ConfigHash\"=\"SHA256=CD\"\n";
    static struct rig rig;
    uint32_t key;
    (void)state;
    begin(&rig);
    add(&rig, iw_str_of(planted));
    read_facts(&rig);
    assert_int_equal(rig.facts.n_sysmon, 1); /* nothing else speaks of it */
    hive_make_dword(&rig.make, hive_make_path(&rig.make, "Select"), "Current", &one);
    key = hive_make_path(&rig.make, "ControlSet001\\Services\\W3SVC");
    hive_make_dword(&rig.make, key, "Start", &two);
    add(&rig, hive_make_finish(&rig.make));
    read_facts(&rig);
    assert_int_equal(rig.facts.n_sysmon, 0);
    assert_int_equal(rig.facts.sysmon_state, IW_FACT_ABSENT);
    end(&rig);
    begin(&rig);
    add(&rig, iw_str_of(planted));
    hive_make_dword(&rig.make, hive_make_path(&rig.make, "Select"), "Current", &one);
    key = hive_make_path(&rig.make, "ControlSet001\\Services\\SysmonDrv\\Parameters");
    hive_make_dword(&rig.make, key, "HashingAlgorithm", &two);
    hive_make_dword(&rig.make, key, "Options", &one);
    hive_make_text(&rig.make, key, "ConfigHash", 1, "SHA256=AB");
    add(&rig, hive_make_finish(&rig.make));
    read_facts(&rig);
    assert_int_equal(rig.facts.n_sysmon, 1);
    assert_true(iw_str_equal(rig.facts.sysmon[0].config_hash.text, IW_STR("SHA256=AB")));
    assert_true(iw_str_equal(rig.facts.sysmon[0].config_hash.rival->text, IW_STR("SHA256=CD")));
    end(&rig);
}

static void says_unreadable_where_damage_lies(void **state)
{
    static struct rig rig;
    uint32_t key;
    (void)state;
    begin(&rig);
    make_system(&rig);
    key = hive_make_path(&rig.make, "ControlSet001\\Services\\Renamed");
    rig.make.bytes[hive_make_place(&rig.make, key) + 4] = 'x';
    read_facts(&rig);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_WAS)->state, IW_FACT_UNREADABLE);
    assert_int_equal(fact(&rig, IW_REGISTRY_START_W3SVC)->state, IW_FACT_KNOWN);
    assert_int_equal(rig.facts.sysmon_state, IW_FACT_UNREADABLE);
    end(&rig);
}

/* PolAdtEv with those counts; setting of each subcategory by its index. */
static struct iw_str policy(const uint16_t counts[9], bool has_spare, uint8_t out[256])
{
    uint32_t n = 0, at = 12;
    memset(out, 0, 256);
    memcpy(out, "\0\1\0\0\x09\0\0\0", 8);
    for (unsigned i = 0; i < 9; i++)
        n += counts[i];
    for (uint32_t i = 0; i < n; i++, at += 2)
        out[at] = (uint8_t)(i % 4);
    at += has_spare ? 2 : 0;
    out[8] = (uint8_t)at;
    memcpy(out + at, counts, 18);
    return (struct iw_str){(const char *)out, at + 18};
}

static void reads_known_layouts_of_the_audit_policy(void **state)
{
    static const uint16_t windows_7[9] = {5, 9, 12, 3, 4, 6, 6, 4, 4};
    static const uint16_t windows_10[9] = {5, 11, 14, 3, 6, 6, 6, 4, 4};
    static const uint16_t newer[9] = {5, 12, 14, 3, 6, 6, 6, 4, 4};
    struct iw_audit_policy read;
    uint8_t bytes[256];
    struct iw_str data;
    (void)state;
    assert_true(iw_audit_policy_read(policy(windows_10, true, bytes), &read));
    assert_int_equal(read.n, 59);
    assert_int_equal(iw_audit_policy_of(&read, "Process Creation"), 33 % 4);
    assert_int_equal(iw_audit_policy_of(&read, "Kerberos Authentication Service"), 58 % 4);
    assert_true(iw_audit_policy_read(policy(windows_7, false, bytes), &read));
    assert_int_equal(read.n, 53);
    assert_int_equal(iw_audit_policy_of(&read, "Process Creation"), 29 % 4);
    assert_int_equal(iw_audit_policy_of(&read, "Plug and Play Events"), -1);
    assert_false(iw_audit_policy_read(policy(newer, true, bytes), &read));
    assert_int_equal(read.n, 0);
    data = policy(windows_10, true, bytes);
    for (size_t n = 0; n < data.n; n++)
        assert_false(iw_audit_policy_read((struct iw_str){data.p, n}, &read));
    bytes[12] = 4; /* no setting */
    assert_false(iw_audit_policy_read(data, &read));
}

static void every_fact_has_a_place(void **state)
{
    (void)state;
    for (unsigned id = 0; id < IW_REGISTRY_N_FACTS; id++) {
        assert_non_null(iw_registry_fact_path((enum iw_registry_fact_id)id));
        assert_non_null(iw_registry_fact_name((enum iw_registry_fact_id)id));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_known_absent_and_not_in_evidence),
        cmocka_unit_test(lists_sysmon_and_the_environment),
        cmocka_unit_test(the_stronger_source_answers),
        cmocka_unit_test(equal_sources),
        cmocka_unit_test(sysmon_of_the_stronger_source),
        cmocka_unit_test(joins_several_sources),
        cmocka_unit_test(says_unreadable_where_damage_lies),
        cmocka_unit_test(reads_known_layouts_of_the_audit_policy),
        cmocka_unit_test(every_fact_has_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
