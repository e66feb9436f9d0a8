/*
 * What this program writes for Sysmon, read by its own reader of Sysmon's configuration: every link
 * that the written one claims is logged, for every root; without an element, that link is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coverage/proofs.h"
#include "coverage/sysmon_rules.h"

static struct iw_inventory_root roots[] = {
    {.path = IW_STR("D:\\sites\\R&D [b] 'c' \xC3\xB6 \xE2\x80\x99"), .is_resolved = true},
    {.path = IW_STR("C:\\inetpub\\wwwroot"), .is_resolved = true},
    {.path = IW_STR("E:\\"), .is_resolved = true},
};
static struct iw_inventory_server server = {.roots = roots, .n_roots = 3};
static const struct iw_inventory inventory = {.servers = &server, .n_servers = 1};

static const struct {
    enum iw_sense sense;
    struct iw_sense_subject subject;
    const char *element;
} ASKED[] = {
    {IW_SENSE_SYSMON_FILE,
     {.path = IW_STR("D:\\sites\\R&D [b] 'c' \xC3\xB6 \xE2\x80\x99"), .is_folder = true},
     "FileCreate"},
    {IW_SENSE_SYSMON_FILE,
     {.path = IW_STR("C:\\inetpub\\wwwroot"), .is_folder = true},
     "FileCreate"},
    {IW_SENSE_SYSMON_FILE, {.path = IW_STR("E:\\"), .is_folder = true}, "FileCreate"},
    {IW_SENSE_SYSMON_FILE,
     {.path = IW_STR("C:\\Windows\\System32\\inetsrv\\config"), .is_folder = true},
     "FileCreate"},
    {IW_SENSE_SYSMON_FILE,
     {.path =
          IW_STR("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files"),
      .is_folder = true},
     "FileCreate"},
    {IW_SENSE_SYSMON_PROCESS, {.is_folder = false}, "ProcessCreate"},
    {IW_SENSE_SYSMON_PROCESS,
     {.parent_image = IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe")},
     "ProcessCreate"},
    {IW_SENSE_SYSMON_LOAD,
     {.image = IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe")},
     "ImageLoad"},
    {IW_SENSE_SYSMON_LOAD,
     {.image = IW_STR("C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe")},
     "ImageLoad"},
    {IW_SENSE_SYSMON_CONNECTION,
     {.image = IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe")},
     "NetworkConnect"},
};

static enum iw_proof_state ask(struct iw_str text, size_t asked)
{
    const struct iw_proof_place place = {.host = IW_STR("WEB01"), .source = IW_STR("sysmon.xml")};
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_proof_answer answer = {.state = IW_PROOF_SILENT};
    struct iw_arena scratch;
    struct iw_error err;
    size_t n_notes;
    iw_arena_init(&scratch, 0);
    assert_non_null(proofs);
    if (iw_proofs_add_file(proofs, IW_PROOF_SYSMON_CONFIG, text, &place, &err) != IW_OK)
        fail_msg("%s", err.message);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    (void)iw_proofs_notes(proofs, &n_notes);
    assert_int_equal(n_notes, 0); /* nothing in it is unknown, or means less than it seems */
    assert_int_equal(iw_proofs_ask(proofs, IW_STR("web01"), ASKED[asked].sense,
                                   &ASKED[asked].subject, IW_TIME_UNKNOWN, &scratch, &answer),
                     IW_OK);
    iw_arena_done(&scratch);
    iw_proofs_free(proofs);
    return answer.state;
}

static void each_claim_is_kept(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    assert_int_equal(iw_sysmon_configuration(&inventory, &text), IW_OK);
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        if (ask(iw_buffer_str(&text), i) != IW_PROOF_LOGGED)
            fail_msg("%zu: %s", i, ASKED[i].element);
    }
    iw_buffer_done(&text);
}

/* The same with one element under another name: its own links fail, and only those. */
static void each_element_is_needed(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    assert_int_equal(iw_sysmon_configuration(&inventory, &text), IW_OK);
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        struct iw_sysmon_scope scope;
        struct iw_buffer other;
        struct iw_arena arena;
        iw_arena_init(&arena, 0);
        iw_buffer_init(&other);
        assert_int_equal(iw_sysmon_scope_of(&server, 1, &arena, &scope), IW_OK);
        iw_buffer_add(&other, IW_STR("<Sysmon schemaversion=\"4.90\"><EventFiltering>"));
        for (int rule = 0; rule < IW_SYSMON_RULE_COUNT; rule++) {
            struct iw_buffer one;
            iw_buffer_init(&one);
            iw_sysmon_rule_add((enum iw_sysmon_rule)rule, &scope, "", &one);
            /* `<FileCreate ` is not `<FileCreateTime `. */
            if (strncmp(one.p + 1, ASKED[i].element, strlen(ASKED[i].element)) == 0 &&
                one.p[1 + strlen(ASKED[i].element)] == ' ') {
                iw_buffer_clear(&one);
                iw_buffer_printf(&one, "<%s onmatch=\"include\"/>", ASKED[i].element);
            }
            iw_buffer_printf(&other, "<RuleGroup name=\"\" groupRelation=\"or\">%.*s</RuleGroup>",
                             IW_STR_ARG(iw_buffer_str(&one)));
            iw_buffer_done(&one);
        }
        iw_buffer_add(&other, IW_STR("</EventFiltering></Sysmon>"));
        for (size_t k = 0; k < sizeof ASKED / sizeof *ASKED; k++) {
            bool is_taken = strcmp(ASKED[k].element, ASKED[i].element) == 0;
            enum iw_proof_state expected = is_taken ? IW_PROOF_NOT_LOGGED : IW_PROOF_LOGGED;
            if (ask(iw_buffer_str(&other), k) != expected)
                fail_msg("without %s: %zu %s", ASKED[i].element, k, ASKED[k].element);
        }
        iw_buffer_done(&other);
        iw_arena_done(&arena);
    }
    iw_buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_claim_is_kept),
        cmocka_unit_test(each_element_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
