/*
 * Every form in which settings are collected, from the evidence to an answer: the lab writes what
 * the hosts of a scenario log in all of them, and what is asked comes back as it was set.
 * Expectations are the settings of lab/scenarios/settings-forms.yml.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "engine/proof_files.h"
#include "lab/lab_generate.h"
#include "tests/unit/evidence/tree.h"

#define SCENARIO IW_TEST_SOURCE_DIR "/lab/scenarios/settings-forms.yml"

static struct iw_run run;
static struct iw_proofs *proofs;

static enum iw_rc read_all(const struct iw_evidence_options *walked)
{
    const struct iw_engine_options options = {.n_jobs = 1};
    const struct iw_inventory_options inventory = {
        .n_jobs = 1, .hear_registry = iw_proof_files_hear, .hear_context = proofs};
    struct iw_evidence evidence;
    struct iw_tree_hosts trees;
    struct iw_hosts hosts;
    enum iw_rc rc;
    iw_hosts_init(&hosts);
    rc = iw_evidence_walk(walked, NULL, &run.ledger, &evidence, NULL);
    if (rc == IW_OK)
        rc = iw_inventory_build(&evidence, &inventory, &run, NULL);
    if (rc == IW_OK)
        rc = iw_proof_files_read(&evidence, &options, proofs, &run, NULL);
    assert_int_equal(iw_tree_hosts_init(&trees, &run.ledger), IW_OK);
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    if (rc == IW_OK)
        rc = iw_proof_files_settle(proofs, &trees, &hosts, &options, &run);
    iw_tree_hosts_done(&trees);
    iw_hosts_done(&hosts);
    iw_evidence_done(&evidence);
    return rc;
}

static int enter(void **state)
{
    const struct iw_lab_generate_options lab = {.scenario = SCENARIO, .output = "lab"};
    const char *paths[] = {"lab/evidence"};
    const struct iw_evidence_options walked = {.paths = paths, .n_paths = 1};
    struct iw_lab_error error;
    (void)state;
    tree_enter();
    iw_run_init(&run);
    proofs = iw_proofs_new();
    assert_non_null(proofs);
    if (!iw_lab_generate(&lab, &error))
        fail_msg("%s", error.text);
    return read_all(&walked) == IW_OK ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    iw_proofs_free(proofs);
    iw_run_done(&run);
    tree_leave();
    return 0;
}

#define ROOT "C:\\inetpub\\wwwroot"
#define WORKER "C:\\Windows\\System32\\inetsrv\\w3wp.exe"

static const struct iw_sense_subject PAGES = {.path = {ROOT, sizeof ROOT - 1}, .is_folder = true},
                                     CHILDREN = {.parent_image = {WORKER, sizeof WORKER - 1}},
                                     MODULES = {.image = {WORKER, sizeof WORKER - 1}};

static const struct {
    const char *host;
    enum iw_sense sense;
    const struct iw_sense_subject *subject;
    enum iw_proof_state state;
    const char *source; /* end of it */
} TOLD[] = {
    /* Everything is logged. */
    {"WEB61", IW_SENSE_SYSMON_FILE, &PAGES, IW_PROOF_LOGGED, "sysmonconfig.xml"},
    {"WEB61", IW_SENSE_SYSMON_PROCESS, &CHILDREN, IW_PROOF_LOGGED, "sysmonconfig.xml"},
    {"WEB61", IW_SENSE_SYSMON_LOAD, &MODULES, IW_PROOF_LOGGED, "sysmonconfig.xml"},
    {"WEB61", IW_SENSE_AUDIT_PROCESS, &CHILDREN, IW_PROOF_LOGGED, "auditpol-report.csv"},
    {"WEB61", IW_SENSE_AUDIT_COMMAND_LINE, &CHILDREN, IW_PROOF_LOGGED, "telemetry.reg"},
    {"WEB61", IW_SENSE_AUDIT_FILE, &PAGES, IW_PROOF_LOGGED, "audit-entries.txt"},
    {"WEB61", IW_SENSE_AUDIT_LOGON, &PAGES, IW_PROOF_LOGGED, "auditpol-report.csv"},
    {"WEB61", IW_SENSE_CONFIGURATION_LOG, &PAGES, IW_PROOF_LOGGED, "WEB61/channels.txt"},
    /* Neither files nor modules are. */
    {"WEB62", IW_SENSE_SYSMON_FILE, &PAGES, IW_PROOF_NOT_LOGGED, "sysmonconfig.xml"},
    {"WEB62", IW_SENSE_SYSMON_PROCESS, &CHILDREN, IW_PROOF_LOGGED, "sysmonconfig.xml"},
    {"WEB62", IW_SENSE_SYSMON_LOAD, &MODULES, IW_PROOF_NOT_LOGGED, "sysmonconfig.xml"},
    {"WEB62", IW_SENSE_AUDIT_PROCESS, &CHILDREN, IW_PROOF_LOGGED, "auditpol-backup.csv"},
    {"WEB62", IW_SENSE_AUDIT_FILE, &PAGES, IW_PROOF_NOT_LOGGED, "auditpol-backup.csv"},
    {"WEB62", IW_SENSE_CONFIGURATION_LOG, &PAGES, IW_PROOF_LOGGED, "WEB62/channels.txt"},
    /* No Sysmon; the policy is only intended. */
    {"WEB63", IW_SENSE_SYSMON_FILE, &PAGES, IW_PROOF_SILENT, ""},
    {"WEB63", IW_SENSE_AUDIT_PROCESS, &CHILDREN, IW_PROOF_LOGGED, "audit.csv"},
    {"WEB63", IW_SENSE_AUDIT_COMMAND_LINE, &CHILDREN, IW_PROOF_LOGGED, "telemetry.reg"},
    {"WEB63", IW_SENSE_AUDIT_FILE, &PAGES, IW_PROOF_LOGGED, "audit-entries.txt"},
    {"WEB63", IW_SENSE_CONFIGURATION_LOG, &PAGES, IW_PROOF_LOGGED, "telemetry.reg"},
    {"WEB64", IW_SENSE_SYSMON_FILE, &PAGES, IW_PROOF_SILENT, ""},
};

static void what_was_set_is_told(void **state)
{
    struct iw_arena scratch;
    (void)state;
    iw_arena_init(&scratch, 0);
    for (size_t i = 0; i < sizeof TOLD / sizeof TOLD[0]; i++) {
        struct iw_proof_answer got;
        assert_int_equal(iw_proofs_ask(proofs, iw_str_of(TOLD[i].host), TOLD[i].sense,
                                       TOLD[i].subject, IW_TIME_UNKNOWN, &scratch, &got),
                         IW_OK);
        if (got.state != TOLD[i].state || got.is_contradicted ||
            !iw_str_ends_nocase(got.source, iw_str_of(TOLD[i].source)))
            fail_msg("case %zu: %s %s: %d, %.*s: %.*s", i, TOLD[i].host,
                     iw_sense_name(TOLD[i].sense), (int)got.state, IW_STR_ARG(got.source),
                     IW_STR_ARG(got.why));
    }
    iw_arena_done(&scratch);
}

/* Each file is read, and none is told to be odd. */
static void every_file_is_accounted_for(void **state)
{
    static const char *const KINDS[] = {"sysmon-config", "audit-policy", "channels",
                                        "audit-entries"};
    size_t n[4] = {0};
    (void)state;
    for (size_t i = 0; i < run.ledger.n; i++) {
        const struct iw_source *source = &run.ledger.sources[i];
        for (size_t k = 0; k < 4; k++) {
            if (!iw_str_equal(source->kind, iw_str_of(KINDS[k])))
                continue;
            n[k]++;
            assert_int_equal(source->state, IW_SOURCE_READ);
            assert_true(source->account.read_bytes == source->size_bytes);
        }
    }
    assert_int_equal(n[0], 2);
    assert_int_equal(n[1], 3);
    assert_int_equal(n[2], 2);
    assert_int_equal(n[3], 3);
    assert_int_equal(run.notes.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set_is_told),
        cmocka_unit_test(every_file_is_accounted_for),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
