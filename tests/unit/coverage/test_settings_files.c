/*
 * Audit policies, channels and audit lists. Expectations come from Microsoft's documentation of
 * auditpol, [MS-GPAC], wevtutil, Get-Acl, icacls and the strings of security descriptors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/fold.h"
#include "base/limits.h"
#include "coverage/settings/audit_entries.h"
#include "coverage/settings/audit_text.h"
#include "coverage/settings/channel_settings.h"
#include "coverage/settings/settings_text.h"

/* --- audit policies ------------------------------------------------------------------------- */

#define TEXT_HEAD "System audit policy\r\nCategory/Subcategory                      Setting\r\n"
#define REPORT_HEAD                                                                                \
    "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting"
#define BACKUP_HEAD REPORT_HEAD ",Setting Value\r\n"
#define PROCESS "{0CCE922B-69AE-11D9-BED3-505054503030}"
#define FILE_SYSTEM "{0cce921d-69ae-11d9-bed3-505054503030}"
#define LOGON "{0CCE9215-69AE-11D9-BED3-505054503030}"

static const struct {
    const char *text;
    enum iw_audit_state process, files, logon;
    bool is_intended;
} POLICIES[] = {
    {TEXT_HEAD "Detailed Tracking\r\n  Process Creation                        Success\r\n",
     IW_AUDIT_ON, IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, false},
    {TEXT_HEAD "Detailed Tracking\r\n  Process Creation                        No Auditing\r\n"
               "Object Access\r\n  File System                             Success and Failure\r\n"
               "Logon/Logoff\r\n  Logon                                   Failure\r\n",
     IW_AUDIT_OFF, IW_AUDIT_ON, IW_AUDIT_OFF, false},
    {TEXT_HEAD "  Process Termination                     Success\n", IW_AUDIT_UNSAID,
     IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, false},
    {TEXT_HEAD "  Process Creation                        Erfolg\r\n"
               "  Logon                                   Success\r\n",
     IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, IW_AUDIT_ON, false},
    {TEXT_HEAD "  Logon                                   Success\r\n"
               "  Logon                                   No Auditing\r\n",
     IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, IW_AUDIT_DISAGREES, false},
    {REPORT_HEAD "\r\n\r\nWEB01,System,Process Creation," PROCESS ",Success,\r\n"
                 "WEB01,System,File System," FILE_SYSTEM ",No Auditing,\r\n",
     IW_AUDIT_ON, IW_AUDIT_OFF, IW_AUDIT_UNSAID, false},
    /* Names and headers in any language: ids tell. The words of a setting do not. */
    {"Computername,Richtlinienziel,Unterkategorie,Unterkategorie-GUID,Aufnahme,Ausschluss\r\n"
     "WEB01,System,Prozesserstellung," PROCESS ",Erfolg,\r\n"
     "WEB01,System,Anmelden," LOGON ",Success,\r\n",
     IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, IW_AUDIT_ON, false},
    {"a,b,c,d,e,f,g\nWEB01,System,Prozesserstellung," PROCESS ",Erfolg,,1\n"
     "WEB01,System,Dateisystem," FILE_SYSTEM ",Keine,,4\nWEB01,System,Anmelden," LOGON ",x,,2\n",
     IW_AUDIT_ON, IW_AUDIT_OFF, IW_AUDIT_OFF, false},
    {BACKUP_HEAD "WEB01,System,Process Creation," PROCESS ",Success and Failure,,3\r\n"
                 "WEB01,System,Logon," LOGON ",No Auditing,,0\r\n",
     IW_AUDIT_ON, IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, false},
    {BACKUP_HEAD ",System,Audit Process Creation," PROCESS ",Success,,1\r\n", IW_AUDIT_ON,
     IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, true},
    /* A policy of one account is not the system's. */
    {BACKUP_HEAD "WEB01,S-1-5-21-1-2-3-500,Logon," LOGON ",Success,,1\r\n"
                 "WEB01,System,Process Creation," PROCESS ",Success,,1\r\n",
     IW_AUDIT_ON, IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, false},
    {BACKUP_HEAD "\"WEB01\",System,\"Process, Creation\"," PROCESS ",x,,5\r\n"
                 "WEB01,System,Logon," LOGON ",x,,1\r\n",
     IW_AUDIT_UNSAID, IW_AUDIT_UNSAID, IW_AUDIT_ON, false},
};

static void policies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof POLICIES / sizeof POLICIES[0]; i++) {
        struct iw_audit_policy_text got;
        struct iw_arena arena;
        struct iw_error err = {.rc = IW_OK};
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_audit_text_read(iw_str_of(POLICIES[i].text), &arena, &got, &err),
                         IW_OK);
        if (got.rows[IW_AUDIT_PROCESS_CREATION].state != POLICIES[i].process ||
            got.rows[IW_AUDIT_FILE_SYSTEM].state != POLICIES[i].files ||
            got.rows[IW_AUDIT_LOGON].state != POLICIES[i].logon ||
            got.is_intended != POLICIES[i].is_intended)
            fail_msg("case %zu: %d %d %d %d", i, (int)got.rows[0].state, (int)got.rows[1].state,
                     (int)got.rows[2].state, got.is_intended);
        iw_arena_done(&arena);
    }
}

static void no_policies(void **state)
{
    static const char *const TEXTS[] = {"", "x", TEXT_HEAD, REPORT_HEAD "\r\n",
                                        TEXT_HEAD "Process Creation  Success\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        struct iw_audit_policy_text got;
        struct iw_arena arena;
        struct iw_error err = {.rc = IW_OK};
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_audit_text_read(iw_str_of(TEXTS[i]), &arena, &got, &err), IW_EFORMAT);
        iw_arena_done(&arena);
    }
}

/* --- encodings ------------------------------------------------------------------------------ */

static void encodings(void **state)
{
    static const struct {
        struct iw_str bytes;
        const char *text;
    } TEXTS[] = {
        {{"ab", 2}, "ab"},
        {{"", 0}, ""},
        {{"\xEF\xBB\xBF"
          "ab",
          5},
         "ab"},
        {{"\xFF\xFE"
          "a\0b\0",
          6},
         "ab"},
        {{"\xFE\xFF\0a\0b", 6}, "ab"},
        {{"a\0b\0", 4}, "ab"},
        {{"\0a\0b", 4}, "ab"},
        {{"\xFF\xFE"
          "a\0b",
          5},
         "a"},
        {{"\xC3\xA4", 2}, "\xC3\xA4"},
        {{"\xE4", 1}, "\xC3\xA4"}, /* windows-1252 */
        {{"\xFF\xFE\0\xD8", 4}, "\xEF\xBF\xBD"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        struct iw_arena arena;
        struct iw_str got;
        iw_arena_init(&arena, 0);
        got = iw_settings_text(TEXTS[i].bytes, &arena);
        if (!iw_str_equal(got, iw_str_of(TEXTS[i].text)))
            fail_msg("case %zu: %.*s", i, IW_STR_ARG(got));
        iw_arena_done(&arena);
    }
}

static void lines(void **state)
{
    struct iw_str rest = IW_STR("a\r\n\nb\rc"), line;
    uint32_t number = 0;
    static const char *const LINES[] = {"a", "", "b", "c"};
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(iw_settings_line(&rest, &line, &number));
        assert_true(iw_str_equal(line, iw_str_of(LINES[i])));
        assert_int_equal(number, i + 1);
    }
    assert_false(iw_settings_line(&rest, &line, &number));
}

/* --- channels ------------------------------------------------------------------------------- */

static void channels(void **state)
{
    static const char text[] =
        "name: Microsoft-IIS-Configuration/Operational\r\nenabled: true\r\ntype: Operational\r\n"
        "channelAccess: O:BAG:SYD:(A;;0x7;;;BA)\r\nlogging:\r\n  logFileName: x.evtx\r\n"
        "  retention: false\r\npublishing:\r\n  fileMax: 1\r\n"
        "name: Microsoft-Windows-Sysmon/Operational\r\nenabled: false\r\n"
        "enabled: true\r\n" /* of no channel */
        "name: \r\nenabled: true\r\n"
        "name: Other\r\nenabled: perhaps\r\n"
        "  name: Inner\r\n  enabled: true\r\n";
    struct iw_channel_settings got;
    struct iw_arena arena;
    struct iw_error err;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_channel_settings_read(iw_str_of(text), &arena, &got, &err), IW_OK);
    assert_int_equal(got.n, 2);
    assert_true(iw_str_equal(got.items[0].name, IW_STR("Microsoft-IIS-Configuration/Operational")));
    assert_true(got.items[0].is_enabled);
    assert_int_equal(got.items[0].line, 2);
    assert_true(iw_str_equal(got.items[1].name, IW_STR("Microsoft-Windows-Sysmon/Operational")));
    assert_false(got.items[1].is_enabled);
    assert_int_equal(iw_channel_settings_read(IW_STR("name: x\n"), &arena, &got, &err), IW_EFORMAT);
    assert_int_equal(iw_channel_settings_read(IW_STR(""), &arena, &got, &err), IW_EFORMAT);
    iw_arena_done(&arena);
}

static void channels_limit(void **state)
{
    static const char one[] = "name: x\nenabled: true\n";
    const size_t n = IW_LIMIT_PROOF_CHANNELS;
    char *text = malloc((n + 1) * (sizeof one - 1));
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i <= n; i++)
        memcpy(text + i * (sizeof one - 1), one, sizeof one - 1);
    for (size_t over = 0; over < 2; over++) {
        struct iw_channel_settings got;
        struct iw_arena arena;
        struct iw_error err;
        iw_arena_init(&arena, 0);
        assert_int_equal(
            iw_channel_settings_read((struct iw_str){text, (n + over) * (sizeof one - 1)}, &arena,
                                     &got, &err),
            over == 0 ? IW_OK : IW_ELIMIT);
        iw_arena_done(&arena);
    }
    free(text);
}

/* --- audit lists ---------------------------------------------------------------------------- */

enum { ITSELF = 1, DIRECTLY = 2, BELOW = 4, ALL = 7 };

/* As many rights as are asked about: W writing, A appending, D deleting, X the rest. */
#define W IW_AUDIT_WRITE
#define A IW_AUDIT_APPEND
#define D IW_AUDIT_DELETE
#define X (IW_AUDIT_CHANGES & ~IW_AUDIT_PLACES)
#define WADX IW_AUDIT_CHANGES
#define WA_EA (W | A | 0x110U) /* generic writing: with attributes */

static const struct {
    const char *sddl;
    bool is_there, is_protected, is_odd;
    uint32_t rights;
    unsigned everyone, workers, others; /* where, of these rights */
} LISTS[] = {
    {"O:BAG:BAD:(A;;FA;;;BA)", false, false, false, 0, 0, 0, 0},
    {"S:", true, false, false, 0, 0, 0, 0},
    {"O:BAG:BAD:PAI(A;OICI;FA;;;BA)S:AI", true, false, false, 0, 0, 0, 0},
    {"S:(AU;OICISA;DCLCRPCRSDWDWO;;;WD)", true, false, false, WADX, ALL, 0, 0},
    {"S:PAI(AU;OICISAFA;0x2;;;S-1-1-0)", true, true, false, W, ALL, 0, 0},
    {"S:(AU;OICISA;FA;;;AU)", true, false, false, WADX, ALL, 0, 0},
    {"S:(AU;SA;FW;;;WD)", true, false, false, WA_EA, ITSELF, 0, 0},
    {"S:(AU;OISA;GW;;;WD)", true, false, false, WA_EA, ALL, 0, 0},
    {"S:(AU;CISA;GA;;;WD)", true, false, false, WADX, ITSELF, 0, 0},
    {"S:(AU;OICIIOSA;FA;;;WD)", true, false, false, WADX, DIRECTLY | BELOW, 0, 0},
    {"S:(AU;OINPSA;FA;;;WD)", true, false, false, WADX, ITSELF | DIRECTLY, 0, 0},
    {"S:(AU;OICISA;LC;;;WD)", true, false, false, A, ALL, 0, 0},
    {"S:(AU;OICISA;SD;;;WD)", true, false, false, D, ALL, 0, 0},
    /* What is audited by one entry, and what by another. */
    {"S:(AU;OICISA;DC;;;WD)(AU;OISA;LC;;;AU)", true, false, false, W | A, ALL, 0, 0},
    /* Not of success, not of writing, not of everyone. */
    {"S:(AU;OICIFA;FA;;;WD)", true, false, false, 0, 0, 0, 0},
    {"S:(AU;OICISA;FR;;;WD)", true, false, false, 0, 0, 0, 0},
    {"S:(AU;OICISA;FA;;;BU)", true, false, false, WADX, 0, ALL, 0},
    {"S:(AU;OICISA;FA;;;S-1-5-82-3006700770-1)", true, false, false, WADX, 0, ALL, 0},
    {"S:(AU;OICISA;FA;;;BA)", true, false, false, WADX, 0, 0, ALL},
    {"S:(AU;OICISA;FA;;;S-1-5-21-1-2-3-1105)", true, false, false, WADX, 0, 0, ALL},
    {"S:(XU;OICISA;FA;;;WD;(@User.x==\"a)b\"))", true, false, false, WADX, 0, ALL, 0},
    {"S:(XU;OICISA;FA;;;BA;(@User.x==\"a)b\"))", true, false, false, WADX, 0, 0, ALL},
    {"S:(ML;;NW;;;HI)(AU;SA;FA;;;WD)", true, false, false, WADX, ITSELF, 0, 0},
    {"S:(AU;SA;FA;;;WD)(AU;OISA;FA;;;BU)", true, false, false, WADX, ITSELF, ALL, 0},
    /* What cannot be read is odd, never taken for an entry. */
    {"S:(AU;SA;QQ;;;WD)", true, false, true, 0, 0, 0, 0},
    {"S:(AU;SA;FA;;WD)", true, false, true, 0, 0, 0, 0},
    {"S:(AU;SA;FA;;;WD", true, false, true, 0, 0, 0, 0},
    {"S:(AU;SA;0x1F01FFFFF0;;;WD)", true, false, true, 0, 0, 0, 0},
    {"S:(AU;SA;131097;;;WD)", true, false, false, 0x10, ITSELF, 0, 0},
    {"S:AI(AU;SA;FA;;;WD)D:(A;;FA;;;BA)", true, false, false, WADX, ITSELF, 0, 0},
    {"D:(A;;FA;;;S-1-5-21-1-2-3-4)", false, false, false, 0, 0, 0, 0},
    {"O:S-1-5-18G:S-1-5-18D:", false, false, false, 0, 0, 0, 0},
};

static bool is_reach(const struct iw_audit_reach *reach, unsigned where, uint32_t rights)
{
    return reach->itself == ((where & ITSELF) != 0 ? rights : 0) &&
           reach->directly == ((where & DIRECTLY) != 0 ? rights : 0) &&
           reach->below == ((where & BELOW) != 0 ? rights : 0);
}

static void audit_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++) {
        struct iw_audit_acl got;
        assert_true(iw_audit_acl_read(iw_str_of(LISTS[i].sddl), &got));
        if (got.is_there != LISTS[i].is_there || got.is_protected != LISTS[i].is_protected ||
            got.is_odd != LISTS[i].is_odd ||
            !is_reach(&got.everyone, LISTS[i].everyone, LISTS[i].rights) ||
            !is_reach(&got.workers, LISTS[i].workers, LISTS[i].rights) ||
            !is_reach(&got.others, LISTS[i].others, LISTS[i].rights))
            fail_msg("case %zu: %s: there %d protected %d odd %d everyone %x below", i,
                     LISTS[i].sddl, got.is_there, got.is_protected, got.is_odd, got.everyone.below);
    }
}

static void no_audit_lists(void **state)
{
    static const char *const TEXTS[] = {"", "S", "X:", "wwwroot", "(AU;SA;FA;;;WD)"};
    struct iw_audit_acl got;
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        assert_false(iw_audit_acl_read(iw_str_of(TEXTS[i]), &got));
}

static void audit_list_limit(void **state)
{
    static const char one[] = "(AU;FA;FA;;;WD)", last[] = "(AU;SA;FA;;;WD)";
    const size_t n = IW_LIMIT_PROOF_ACES;
    char *text = malloc(2 + (n + 1) * (sizeof one - 1) + 1);
    (void)state;
    assert_non_null(text);
    for (size_t over = 0; over < 2; over++) {
        struct iw_audit_acl got;
        size_t at = 2;
        memcpy(text, "S:", 2);
        for (size_t i = 0; i + 1 < n + over; i++, at += sizeof one - 1)
            memcpy(text + at, one, sizeof one - 1);
        memcpy(text + at, last, sizeof last);
        assert_true(iw_audit_acl_read(iw_str_of(text), &got));
        assert_int_equal(got.is_odd, over);
        assert_int_equal(got.everyone.itself != 0, over == 0);
    }
    free(text);
}

/* --- lists of folders ------------------------------------------------------------------------ */

#define LISTED                                                                                     \
    "\r\n\r\nPath   : Microsoft.PowerShell.Core\\FileSystem::C:\\inetpub\\wwwroot\r\n"             \
    "Owner  : NT SERVICE\\TrustedInstaller\r\n"                                                    \
    "Access : BUILTIN\\Users Allow  ReadAndExecute, Synchronize\r\n"                               \
    "         BUILTIN\\Administrators Allow  FullControl\r\n"                                      \
    "Audit  : Everyone Success  Write\r\n"                                                         \
    "Sddl   : O:BAG:BAD:PAI(A;OICI;FA;;;BA)S:AI(AU;OI\r\n"                                         \
    "         CISA;DCLCRPSDWDWO;;;WD)\r\n\r\n"                                                     \
    "Path   : Microsoft.PowerShell.Core\\FileSystem::C:\\sites\r\n"                                \
    "Audit  : \r\nSddl   : O:BAG:BAD:(A;;FA;;;BA)\r\n\r\n"                                         \
    "Path   : Microsoft.PowerShell.Core\\FileSystem::C:\\plain\r\n"                                \
    "Sddl   : O:BAG:BAD:(A;;FA;;;BA)\r\n"
#define PAIRS                                                                                      \
    "C:\\inetpub\\wwwroot\nO:BAD:AIS:(AU;OICISA;FA;;;WD)\nC:\\sites\nD:AIS:\nC:\\plain\nD:AI\n"    \
    "wwwroot\nS:(AU;SA;FA;;;WD)\n"

static const struct {
    const char *text, *path;
    bool is_folder;
    enum iw_audit_cover cover;
    uint32_t line; /* of the entry; 0: none */
} COVERS[] = {
    {LISTED, "C:\\inetpub\\wwwroot", true, IW_AUDIT_COVER_ALL, 3},
    {LISTED, "C:\\Inetpub\\WWWroot\\a\\b", true, IW_AUDIT_COVER_ALL, 3},
    {LISTED, "C:\\inetpub\\wwwroot\\a.aspx", false, IW_AUDIT_COVER_ALL, 3},
    {LISTED, "C:\\inetpub\\wwwroot2", true, IW_AUDIT_COVER_UNSAID, 0},
    {LISTED, "C:\\inetpub", true, IW_AUDIT_COVER_UNSAID, 0},
    {LISTED, "C:\\sites", true, IW_AUDIT_COVER_NONE, 11},
    {LISTED, "C:\\sites\\shop", true, IW_AUDIT_COVER_UNSAID, 0},
    {LISTED, "C:\\plain", true, IW_AUDIT_COVER_UNSAID, 0},
    {PAIRS, "C:\\inetpub\\wwwroot\\a.aspx", false, IW_AUDIT_COVER_ALL, 2},
    {PAIRS, "C:\\sites", true, IW_AUDIT_COVER_NONE, 4},
    {PAIRS, "C:\\plain", true, IW_AUDIT_COVER_UNSAID, 0},
    {"C:\\a\nS:(AU;OINPSA;FA;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_SOME, 2},
    {"C:\\a\nS:(AU;OINPSA;FA;;;WD)\n", "C:\\a\\b", true, IW_AUDIT_COVER_UNSAID, 0},
    {"C:\\a\nS:(AU;OICISA;FA;;;BU)\n", "C:\\a", true, IW_AUDIT_COVER_SOME, 2},
    {"C:\\a\nS:(AU;OICISA;ZZ;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_SOME, 2},
    /* Rights: appending, and renaming, are ways of their own. */
    {"C:\\a\nS:(AU;OICISA;DCLCSD;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_ALL, 2},
    {"C:\\a\nS:(AU;OICISA;DC;;;WD)(AU;OICISA;LCSD;;;AU)\n", "C:\\a", true, IW_AUDIT_COVER_ALL, 2},
    {"C:\\a\nS:(AU;OICISA;DCLC;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_WRITING, 2},
    {"C:\\a\nS:(AU;OICISA;DCSD;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_WRITING, 2},
    {"C:\\a\nS:(AU;OICISA;DC;;;WD)(AU;OICISA;FA;;;BU)\n", "C:\\a", true, IW_AUDIT_COVER_WRITING, 2},
    {"C:\\a\nS:(AU;OICISA;LCSD;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_NONE, 2},
    {"C:\\a\nS:(AU;OICISA;SDWDWO;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_NONE, 2},
    {"C:\\a\nS:(AU;OICISA;DCLC;;;WD)\n", "C:\\a\\b", true, IW_AUDIT_COVER_WRITING, 2},
    {"C:\\a\nS:(AU;OICISA;SD;;;WD)\n", "C:\\a\\b", true, IW_AUDIT_COVER_UNSAID, 0},
    {"C:\\a\\x\nS:(AU;SA;DC;;;WD)\n", "C:\\a\\x", false, IW_AUDIT_COVER_WRITING, 2},
    /* Two lists of one folder: the worse. */
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\A\nS:\n", "C:\\a", true, IW_AUDIT_COVER_NONE, 4},
    {"C:\\a\nS:(AU;OICISA;DC;;;WD)\nC:\\A\nS:(AU;OICISA;FA;;;WD)\n", "C:\\a\\b", true,
     IW_AUDIT_COVER_WRITING, 2},
    {"C:\\a\nS:\nC:\\a\nS:(AU;OICISA;FA;;;WD)\n", "C:\\a\\b", true, IW_AUDIT_COVER_UNSAID, 0},
    /* Of whom: one who is not a worker as IIS is installed. */
    {"C:\\a\nS:(AU;OICISA;FA;;;S-1-5-21-1-2-3-1105)\n", "C:\\a", true, IW_AUDIT_COVER_OTHERS, 2},
    {"C:\\a\nS:(AU;OINPSA;FA;;;BA)\n", "C:\\a", true, IW_AUDIT_COVER_OTHERS, 2},
    {"C:\\a\nS:(AU;OICISA;FA;;;BA)(AU;OICISA;FA;;;IS)\n", "C:\\a", true, IW_AUDIT_COVER_SOME, 2},
    {"C:\\a\nS:(AU;OICISA;FA;;;BA)(AU;OICISA;SD;;;WD)\n", "C:\\a", true, IW_AUDIT_COVER_OTHERS, 2},
    {"C:\\a\\x.config\nS:(AU;SA;FA;;;WD)\n", "C:\\a\\x.config", false, IW_AUDIT_COVER_ALL, 2},
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\a\\b\nS:PAI\n", "C:\\a\\b", true, IW_AUDIT_COVER_NONE, 4},
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\a\\b\nS:PAI\n", "C:\\a\\c", true, IW_AUDIT_COVER_ALL, 2},
    /* A folder below with a list of its own that audits nobody is a hole of the whole. */
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\a\\b\nS:PAI\n", "C:\\a", true, IW_AUDIT_COVER_SOME, 4},
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\a\\b\nS:PAI(AU;OICISA;FA;;;WD)\n", "C:\\a", true,
     IW_AUDIT_COVER_ALL, 2},
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\ab\nS:PAI\n", "C:\\a", true, IW_AUDIT_COVER_ALL, 2},
    {"C:\\a\nS:(AU;OICISA;FA;;;WD)\nC:\\a\\b\nS:PAI(AU;OICISA;DC;;;WD)\n", "C:\\a", true,
     IW_AUDIT_COVER_SOME, 4},
};

static void covers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof COVERS / sizeof COVERS[0]; i++) {
        struct iw_audit_entries entries;
        const struct iw_audit_entry *entry;
        struct iw_arena arena;
        struct iw_error err = {.rc = IW_OK};
        struct iw_str key;
        enum iw_audit_cover cover;
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_audit_entries_read(iw_str_of(COVERS[i].text), &arena, &entries, &err),
                         IW_OK);
        key = iw_fold_text(iw_str_of(COVERS[i].path), &arena);
        cover = iw_audit_entries_ask(&entries, key, COVERS[i].is_folder, &entry);
        if (cover != COVERS[i].cover || (entry != NULL ? entry->line : 0) != COVERS[i].line)
            fail_msg("case %zu: %s: %d, line %u", i, COVERS[i].path, (int)cover,
                     entry != NULL ? entry->line : 0);
        iw_arena_done(&arena);
    }
}

static void what_says_nothing_is_counted(void **state)
{
    struct iw_audit_entries entries;
    struct iw_arena arena;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_audit_entries_read(IW_STR(LISTED), &arena, &entries, &err), IW_OK);
    assert_int_equal(entries.n, 2);
    assert_int_equal(entries.n_without, 1);
    assert_int_equal(iw_audit_entries_read(IW_STR(PAIRS), &arena, &entries, &err), IW_OK);
    assert_int_equal(entries.n, 2);
    assert_int_equal(entries.n_without, 1);
    assert_int_equal(entries.n_relative, 1);
    assert_int_equal(iw_audit_entries_read(IW_STR("a\nb\nc\n"), &arena, &entries, &err),
                     IW_EFORMAT);
    iw_arena_done(&arena);
}

static void entries_limit(void **state)
{
    static const char one[] = "C:\\a\nS:\n";
    const size_t n = IW_LIMIT_PROOF_ENTRIES;
    char *text = malloc((n + 1) * (sizeof one - 1));
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i <= n; i++)
        memcpy(text + i * (sizeof one - 1), one, sizeof one - 1);
    for (size_t over = 0; over < 2; over++) {
        struct iw_audit_entries entries;
        struct iw_arena arena;
        struct iw_error err;
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_audit_entries_read((struct iw_str){text, (n + over) * (sizeof one - 1)},
                                               &arena, &entries, &err),
                         over == 0 ? IW_OK : IW_ELIMIT);
        iw_arena_done(&arena);
    }
    free(text);
}

/* A value that never ends must not cost the square of its lines. */
static void value_limit(void **state)
{
    static const char head[] = "Path : C:\\a\nSddl : S:\n";
    const size_t n = IW_LIMIT_PROOF_VALUE_BYTES;
    char *text = malloc(sizeof head + 4 * n);
    (void)state;
    assert_non_null(text);
    for (size_t over = 0; over < 2; over++) {
        struct iw_audit_entries entries;
        struct iw_arena arena;
        struct iw_error err;
        size_t at = sizeof head - 1;
        memcpy(text, head, sizeof head);
        /* Lines of one blank and one letter: the last one is measured with its blank. */
        for (size_t i = 0; i + 3 < n + over; i++, at += 3)
            memcpy(text + at, " A\n", 3);
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_audit_entries_read((struct iw_str){text, at}, &arena, &entries, &err),
                         over == 0 ? IW_OK : IW_ELIMIT);
        iw_arena_done(&arena);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies),
        cmocka_unit_test(no_policies),
        cmocka_unit_test(encodings),
        cmocka_unit_test(lines),
        cmocka_unit_test(channels),
        cmocka_unit_test(channels_limit),
        cmocka_unit_test(audit_lists),
        cmocka_unit_test(no_audit_lists),
        cmocka_unit_test(audit_list_limit),
        cmocka_unit_test(covers),
        cmocka_unit_test(what_says_nothing_is_counted),
        cmocka_unit_test(entries_limit),
        cmocka_unit_test(value_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
