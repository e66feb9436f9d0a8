/**
 * Files of settings and the operator's word, given to proofs for tests, and how they are asked. One
 * file of tests includes it once.
 */
#ifndef IW_TESTS_PROOFS_RIG_H
#define IW_TESTS_PROOFS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/limits.h"
#include "coverage/proofs.h"
#include "iis/hive/registry_facts.h"

#define SYSMON(filters) "<Sysmon><EventFiltering>" filters "</EventFiltering></Sysmon>"
#define ALL_FILES SYSMON("<FileCreate onmatch=\"exclude\"/>")
#define NO_FILES SYSMON("<FileCreate onmatch=\"include\"/>")
#define POLICY(process, files)                                                                     \
    "System audit policy\n  Process Creation                " process                              \
    "\n  File System                     " files "\n"
#define INTENDED                                                                                   \
    "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion "         \
    "Setting,Setting Value\n,System,Audit Process Creation,"                                       \
    "{0cce922b-69ae-11d9-bed3-505054503030},x,,4\n"                                                \
    ",System,Audit Logon,{0cce9215-69ae-11d9-bed3-505054503030},x,,1\n"
#define BACKUP_ROW(whose, value)                                                                   \
    whose ",Audit Process Creation,{0cce922b-69ae-11d9-bed3-505054503030},x,," value "\n"
#define BACKUP(whose, value)                                                                       \
    "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion "         \
    "Setting,Setting Value\n" BACKUP_ROW(whose, value)
#define CHANNEL(name, enabled) "name: " name "\nenabled: " enabled "\n"
#define IIS_CHANNEL "Microsoft-IIS-Configuration/Operational"
#define SYSMON_CHANNEL "Microsoft-Windows-Sysmon/Operational"
#define FOLDER "C:\\inetpub\\wwwroot\nS:(AU;OICISA;FA;;;WD)\n"
#define NO_FOLDER "C:\\inetpub\\wwwroot\nD:AIS:\n"
#define WORDS(entries) "telemetry:\n" entries
#define WORD(source, more)                                                                         \
    "- {hosts: 'web*', source: " source ", note: 'by the collector of logs'" more "}\n"

#define WORD_OFF(source, more) WORD(source, ", logged: false" more)

struct given {
    enum iw_proof_file_kind kind;
    const char *source, *bytes; /* NULL: no more */
};

#define IS_WORD ((enum iw_proof_file_kind)99)
#define MOST 3U

static inline void give(struct iw_proofs *proofs, const struct given *given, const char *host)
{
    struct iw_error err = {.rc = IW_OK};
    if (given->kind == IS_WORD) {
        assert_int_equal(
            iw_proofs_add_telemetry(proofs, iw_str_of(given->bytes), given->source, &err), IW_OK);
    } else {
        const struct iw_proof_place place = {iw_str_of(host), iw_str_of(given->source)};
        assert_int_equal(
            iw_proofs_add_file(proofs, given->kind, iw_str_of(given->bytes), &place, &err), IW_OK);
    }
}

static inline void ask(const struct iw_proofs *proofs, const char *host, enum iw_sense sense,
                       int64_t time_ns, struct iw_arena *arena, struct iw_proof_answer *ret)
{
    const struct iw_sense_subject subject = {.path = IW_STR("C:\\inetpub\\wwwroot"),
                                             .is_folder = true};
    assert_int_equal(iw_proofs_ask(proofs, iw_str_of(host), sense, &subject, time_ns, arena, ret),
                     IW_OK);
}

/* What is logged lacks nothing; the operator's word alone has no lines; a configuration has. */

/* Proofs that one file or word was given to. */
static inline struct iw_proofs *proofs_of(const struct given *given, const char *host)
{
    struct iw_proofs *proofs = iw_proofs_new();
    assert_non_null(proofs);
    give(proofs, given, host);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    return proofs;
}

#endif
