/*
 * Statements put together: what a host is said to log, by which file, at which time.
 */
#include "proofs_rig.h"

static const struct {
    struct given files[MOST];
    enum iw_sense sense;
    enum iw_proof_state state;
    const char *source, *why;
    bool is_contradicted, is_stated;
} CASES[] = {
    {{{0, NULL, NULL}}, IW_SENSE_SYSMON_FILE, IW_PROOF_SILENT, "", "", false, false},
    {{{IW_PROOF_SYSMON_CONFIG, "s.xml", ALL_FILES}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_LOGGED,
     "s.xml",
     "FileCreate onmatch=\"exclude\"",
     false,
     false},
    {{{IW_PROOF_SYSMON_CONFIG, "a.xml", ALL_FILES}, {IW_PROOF_SYSMON_CONFIG, "b.xml", NO_FILES}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_NOT_LOGGED,
     "b.xml",
     "include",
     true,
     false},
    {{{IW_PROOF_SYSMON_CONFIG, "a.xml", ALL_FILES}, {IW_PROOF_SYSMON_CONFIG, "b.xml", ALL_FILES}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_LOGGED,
     "a.xml",
     "",
     false,
     false},
    /* A channel that is off takes everything; one that is on proves nothing of Sysmon. */
    {{{IW_PROOF_SYSMON_CONFIG, "s.xml", ALL_FILES},
      {IW_PROOF_CHANNELS, "c.txt", CHANNEL(SYSMON_CHANNEL, "false")}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_NOT_LOGGED,
     "c.txt",
     "enabled: false (line 2)",
     false,
     false},
    {{{IW_PROOF_CHANNELS, "c.txt", CHANNEL(SYSMON_CHANNEL, "true")}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_SILENT,
     "",
     "",
     false,
     false},
    {{{IW_PROOF_CHANNELS, "c.txt", CHANNEL(IIS_CHANNEL, "true")}},
     IW_SENSE_CONFIGURATION_LOG,
     IW_PROOF_LOGGED,
     "c.txt",
     IIS_CHANNEL,
     false,
     false},
    {{{IW_PROOF_CHANNELS, "c.txt", CHANNEL(IIS_CHANNEL, "false")}},
     IW_SENSE_CONFIGURATION_LOG,
     IW_PROOF_NOT_LOGGED,
     "c.txt",
     IIS_CHANNEL,
     false,
     false},
    {{{IW_PROOF_CHANNELS, "a.txt", CHANNEL(IIS_CHANNEL, "false")},
      {IW_PROOF_CHANNELS, "b.txt", CHANNEL(IIS_CHANNEL, "true")}},
     IW_SENSE_CONFIGURATION_LOG,
     IW_PROOF_NOT_LOGGED,
     "a.txt",
     "",
     true,
     false},
    {{{IW_PROOF_CHANNELS, "c.txt", CHANNEL("Other", "true")}},
     IW_SENSE_CONFIGURATION_LOG,
     IW_PROOF_SILENT,
     "",
     "",
     false,
     false},
    /* What is in effect prevails over what is intended. */
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "No Auditing")}},
     IW_SENSE_AUDIT_PROCESS,
     IW_PROOF_LOGGED,
     "p.txt",
     "audit policy \"Process Creation\": success is audited (line 2)",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "No Auditing")},
      {IW_PROOF_AUDIT_POLICY, "audit.csv", INTENDED}},
     IW_SENSE_AUDIT_PROCESS,
     IW_PROOF_LOGGED,
     "p.txt",
     "success is audited (line 2); audit.csv says otherwise, and counts less",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "No Auditing")},
      {IW_PROOF_AUDIT_POLICY, "q.txt", POLICY("No Auditing", "No Auditing")}},
     IW_SENSE_AUDIT_PROCESS,
     IW_PROOF_NOT_LOGGED,
     "q.txt",
     "no audit of success",
     true,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "No Auditing")},
      {IW_PROOF_AUDIT_POLICY, "audit.csv", INTENDED}},
     IW_SENSE_AUDIT_LOGON,
     IW_PROOF_LOGGED,
     "audit.csv",
     "group policy (audit.csv) \"Logon\"",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "audit.csv", INTENDED}},
     IW_SENSE_AUDIT_PROCESS,
     IW_PROOF_NOT_LOGGED,
     "audit.csv",
     "no audit of success",
     false,
     false},
    /* Security 4663 needs both. */
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "Success")},
      {IW_PROOF_AUDIT_ENTRIES, "f.txt", FOLDER}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_LOGGED,
     "f.txt",
     "success is audited (line 3); C:\\inetpub\\wwwroot: writing by everyone is audited (line 2)",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "No Auditing")},
      {IW_PROOF_AUDIT_ENTRIES, "f.txt", FOLDER}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_NOT_LOGGED,
     "p.txt",
     "\"File System\": no audit",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "Success")},
      {IW_PROOF_AUDIT_ENTRIES, "f.txt", NO_FOLDER}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_NOT_LOGGED,
     "f.txt",
     "no audit entry for writing",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "Success")}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_SILENT,
     "p.txt",
     "; no list of audit entries speaks of the folder",
     false,
     false},
    {{{IW_PROOF_AUDIT_ENTRIES, "f.txt", FOLDER}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_SILENT,
     "f.txt",
     "; no audit policy of this host is in evidence",
     false,
     false},
    {{{IW_PROOF_AUDIT_ENTRIES, "f.txt", NO_FOLDER}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_NOT_LOGGED,
     "f.txt",
     "",
     false,
     false},
    /* The operator's word counts where no file speaks. */
    {{{IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ""))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_LOGGED,
     "t.yml",
     "stated: by the collector of logs (line 2)",
     false,
     true},
    {{{IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ", logged: false"))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_NOT_LOGGED,
     "t.yml",
     "stated",
     false,
     true},
    {{{IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ""))}},
     IW_SENSE_SYSMON_LOAD,
     IW_PROOF_SILENT,
     "",
     "",
     false,
     false},
    {{{IS_WORD, "t.yml", WORDS(WORD("[Sysmon 1, Request log]", ""))}},
     IW_SENSE_REQUEST_LOG,
     IW_PROOF_LOGGED,
     "t.yml",
     "",
     false,
     true},
    {{{IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ", path: 'c:\\Inetpub'"))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_LOGGED,
     "t.yml",
     "",
     false,
     true},
    {{{IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ", path: 'C:\\sites'"))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_SILENT,
     "",
     "",
     false,
     false},
    {{{IS_WORD, "t.yml", WORDS("- {hosts: [db01, db02], source: Sysmon 11, note: x}\n")}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_SILENT,
     "",
     "",
     false,
     false},
    {{{IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", "") WORD("Sysmon 11", ", logged: false"))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_NOT_LOGGED,
     "t.yml",
     "(line 3)",
     true,
     true},
    {{{IW_PROOF_SYSMON_CONFIG, "s.xml", NO_FILES},
      {IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ""))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_NOT_LOGGED,
     "s.xml",
     "",
     true,
     false},
    {{{IW_PROOF_SYSMON_CONFIG, "s.xml", ALL_FILES},
      {IS_WORD, "t.yml", WORDS(WORD("Sysmon 11", ""))}},
     IW_SENSE_SYSMON_FILE,
     IW_PROOF_LOGGED,
     "s.xml",
     "",
     false,
     false},
    {{{IW_PROOF_AUDIT_POLICY, "p.txt", POLICY("Success", "Success")},
      {IS_WORD, "t.yml", WORDS(WORD("Security 4663", ""))}},
     IW_SENSE_AUDIT_FILE,
     IW_PROOF_LOGGED,
     "t.yml",
     "",
     false,
     true},
};

static void check_lack(size_t i, const struct iw_proof_answer *got)
{
    bool is_off = got->state == IW_PROOF_NOT_LOGGED || got->state == IW_PROOF_PARTLY;
    if ((got->lack != IW_LACK_PROOF) != (is_off && !got->is_stated))
        fail_msg("case %zu: lack %d", i, (int)got->lack);
    if ((got->mends != NULL) != (got->lack == IW_LACK_FILTER))
        fail_msg("case %zu: lack %d, mends %d", i, (int)got->lack, got->mends != NULL);
}

static void check(size_t i, bool is_backwards)
{
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_proof_answer got;
    struct iw_arena arena;
    size_t n = 0;
    assert_non_null(proofs);
    while (n < MOST && CASES[i].files[n].bytes != NULL)
        n++;
    for (size_t k = 0; k < n; k++)
        give(proofs, &CASES[i].files[is_backwards ? n - 1 - k : k], "web01");
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    iw_arena_init(&arena, 0);
    ask(proofs, "WEB01", CASES[i].sense, IW_TIME_UNKNOWN, &arena, &got);
    if (got.state != CASES[i].state || !iw_str_equal(got.source, iw_str_of(CASES[i].source)) ||
        iw_str_find(got.why, iw_str_of(CASES[i].why)) == SIZE_MAX ||
        got.is_contradicted != CASES[i].is_contradicted || got.is_stated != CASES[i].is_stated)
        fail_msg("case %zu: state %d source %.*s contradicted %d stated %d why %.*s", i,
                 (int)got.state, IW_STR_ARG(got.source), got.is_contradicted, got.is_stated,
                 IW_STR_ARG(got.why));
    check_lack(i, &got);
    /* Another host of that evidence: nothing is said of it. */
    ask(proofs, "db07", CASES[i].sense, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_SILENT);
    /* A channel nobody asks about makes no statement. */
    assert_int_equal(iw_proofs_has_host(proofs, IW_STR("WEB01")),
                     n != 0 && strstr(CASES[i].files[0].bytes, "Other") == NULL);
    assert_false(iw_proofs_has_host(proofs, IW_STR("db07")));
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

/* Whatever the order of the files. */
static void what_files_say_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        bool is_said_of_others =
            CASES[i].files[0].kind == IS_WORD && strstr(CASES[i].files[0].bytes, "web*") == NULL;
        if (is_said_of_others)
            continue;
        check(i, false);
        check(i, true);
    }
}

/* A report of auditpol says of which machine it is, wherever it was put. */
static void a_report_of_another_machine(void **state)
{
    static const struct {
        const char *bytes;
        enum iw_proof_state of_web01;
    } REPORTS[] = {{BACKUP("WEB01,System", "3"), IW_PROOF_LOGGED},
                   {BACKUP("WEB99,System", "3"), IW_PROOF_SILENT},
                   {BACKUP("WEB01,System", "3") BACKUP_ROW("WEB99,System", "2"), IW_PROOF_LOGGED}};
    (void)state;
    for (size_t i = 0; i < sizeof REPORTS / sizeof REPORTS[0]; i++) {
        const struct given given = {IW_PROOF_AUDIT_POLICY, "audit.csv", REPORTS[i].bytes};
        struct iw_proofs *proofs = proofs_of(&given, "web01");
        struct iw_proof_answer got;
        struct iw_arena arena;
        iw_arena_init(&arena, 0);
        ask(proofs, "web01", IW_SENSE_AUDIT_PROCESS, 0, &arena, &got);
        if (got.state != REPORTS[i].of_web01)
            fail_msg("report %zu: %d", i, (int)got.state);
        iw_arena_done(&arena);
        iw_proofs_free(proofs);
    }
}

static void a_word_about_other_hosts(void **state)
{
    const struct given given = {IS_WORD, "t.yml",
                                WORDS("- {hosts: [db01, db0?], source: Sysmon 11, note: x}\n")};
    struct iw_proofs *proofs = proofs_of(&given, "");
    struct iw_proof_answer got;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    ask(proofs, "web01", IW_SENSE_SYSMON_FILE, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_SILENT);
    ask(proofs, "DB07", IW_SENSE_SYSMON_FILE, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_LOGGED);
    assert_true(iw_proofs_has_host(proofs, IW_STR("db07")));
    assert_false(iw_proofs_has_host(proofs, IW_STR("web01")));
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

/* --- the registry --------------------------------------------------------------------------- */

static struct iw_registry_fact number(uint64_t value, int64_t written_ns)
{
    return (struct iw_registry_fact){.state = IW_FACT_KNOWN,
                                     .key = IW_STR("HKLM\\K"),
                                     .name = IW_STR("V"),
                                     .has_number = true,
                                     .number = value,
                                     .written_ns = written_ns};
}

static void what_the_registry_says(void **state)
{
    static const struct iw_str SOURCES[] = {{"SOFTWARE", 8}};
    static const struct {
        enum iw_fact_state state;
        uint64_t number;
        int64_t asked_ns;
        enum iw_proof_state expected;
        const char *why;
    } VALUES[] = {
        {IW_FACT_KNOWN, 1, 100, IW_PROOF_LOGGED, "HKLM\\K\\V = 1"},
        /* before the key was last written */
        {IW_FACT_KNOWN, 1, 99, IW_PROOF_SILENT,
         "HKLM\\K\\V = 1 since 1970-01-01T00:00:00Z; what it was before is not known"},
        {IW_FACT_KNOWN, 0, 100, IW_PROOF_NOT_LOGGED, "HKLM\\K\\V = 0"},
        {IW_FACT_KNOWN, 2, 100, IW_PROOF_NOT_LOGGED, "HKLM\\K\\V = 2"},
        {IW_FACT_ABSENT, 0, 99, IW_PROOF_NOT_LOGGED, "HKLM\\K\\V is not set"},
        {IW_FACT_UNREADABLE, 0, 100, IW_PROOF_SILENT, ""},
        {IW_FACT_NOT_IN_EVIDENCE, 0, 100, IW_PROOF_SILENT, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        struct iw_registry_facts facts = {0};
        struct iw_proofs *proofs = iw_proofs_new();
        struct iw_proof_answer got;
        struct iw_arena arena;
        struct iw_registry_fact fact = number(VALUES[i].number, 100);
        fact.state = VALUES[i].state;
        fact.has_number = fact.state == IW_FACT_KNOWN;
        facts.values[IW_REGISTRY_COMMAND_LINE_AUDIT] = fact;
        assert_non_null(proofs);
        assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES), IW_OK);
        assert_int_equal(iw_proofs_settle(proofs), IW_OK);
        iw_arena_init(&arena, 0);
        ask(proofs, "web01", IW_SENSE_AUDIT_COMMAND_LINE, VALUES[i].asked_ns, &arena, &got);
        if (got.state != VALUES[i].expected ||
            iw_str_find(got.why, iw_str_of(VALUES[i].why)) == SIZE_MAX)
            fail_msg("case %zu: %d %.*s", i, (int)got.state, IW_STR_ARG(got.why));
        /* From the writing of the key on the answer is another. */
        assert_true(
            got.to_ns ==
            (fact.state == IW_FACT_KNOWN && VALUES[i].asked_ns < 100 ? 100 : IW_TIME_UNKNOWN));
        iw_arena_done(&arena);
        iw_proofs_free(proofs);
    }
}

/* A switch that is absent is no channel that is off: most are not in the registry at all. */
static void channels_of_the_registry(void **state)
{
    static const struct iw_str SOURCES[] = {{"SOFTWARE", 8}};
    struct iw_registry_facts facts = {0};
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_registry_sysmon sysmon = {.service = IW_STR("SysmonDrv"), .rules = number(0, 7)};
    struct iw_proof_answer got;
    struct iw_arena arena;
    (void)state;
    assert_non_null(proofs);
    sysmon.rules.data = IW_STR("rules");
    facts.values[IW_REGISTRY_CHANNEL_IIS_CONFIGURATION] = number(1, 100);
    facts.values[IW_REGISTRY_CHANNEL_SYSMON] = number(0, 100);
    facts.values[IW_REGISTRY_CHANNEL_SYSMON].state = IW_FACT_ABSENT;
    facts.sysmon = &sysmon;
    facts.n_sysmon = 1;
    assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES), IW_OK);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    iw_arena_init(&arena, 0);
    ask(proofs, "web01", IW_SENSE_CONFIGURATION_LOG, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_LOGGED);
    assert_true(got.from_ns == 100);
    /* Rules nobody can decode prove nothing, and are named. */
    ask(proofs, "web01", IW_SENSE_SYSMON_FILE, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_SILENT);
    assert_true(iw_str_find(got.why, IW_STR("SysmonDrv are in the registry (5 bytes")) != SIZE_MAX);
    assert_true(iw_str_find(got.why, IW_STR("present, not decoded")) != SIZE_MAX);
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

/* --- what is refused, what is told ------------------------------------------------------------ */

static void refused_files_say_nothing(void **state)
{
    static const struct {
        enum iw_proof_file_kind kind;
        const char *bytes;
    } REFUSED[] = {{IW_PROOF_SYSMON_CONFIG, "<Sysmon>"},
                   {IW_PROOF_SYSMON_CONFIG, "<!DOCTYPE x><Sysmon/>"},
                   {IW_PROOF_AUDIT_POLICY, "System audit policy\n"},
                   {IW_PROOF_CHANNELS, "name: x\n"},
                   {IW_PROOF_AUDIT_ENTRIES, "x\ny\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        const struct iw_proof_place place = {IW_STR("web01"), IW_STR("x")};
        struct iw_proofs *proofs = iw_proofs_new();
        struct iw_error err = {.rc = IW_OK};
        assert_non_null(proofs);
        assert_int_equal(
            iw_proofs_add_file(proofs, REFUSED[i].kind, iw_str_of(REFUSED[i].bytes), &place, &err),
            IW_EFORMAT);
        assert_true(err.message[0] != '\0');
        assert_false(iw_proofs_has_host(proofs, IW_STR("web01")));
        iw_proofs_free(proofs);
    }
}

static void what_is_told_of_files(void **state)
{
    static const struct {
        struct given file;
        uint32_t line;
        const char *what;
    } TOLD[] = {
        {{IW_PROOF_SYSMON_CONFIG, "s", SYSMON("\n<Nope onmatch=\"include\"/>")},
         2,
         "Sysmon has no such event type: Nope"},
        {{IW_PROOF_AUDIT_POLICY, "p",
          "System audit policy\n  DPAPI Activity                  Success\n"},
         0,
         "says nothing of Process Creation"},
        {{IW_PROOF_AUDIT_ENTRIES, "f", "C:\\a\nD:AI(A;;FA;;;BA)\n"},
         0,
         "1 security descriptors without their audit lists"},
        {{IW_PROOF_AUDIT_ENTRIES, "f", "a\nS:AI\n"}, 0, "no whole paths"},
        {{IW_PROOF_AUDIT_ENTRIES, "f", "C:\\a\nS:(AU;SA;QQ;;;WD)\n"}, 0, "cannot be read"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof TOLD / sizeof TOLD[0]; i++) {
        struct iw_proofs *proofs = iw_proofs_new();
        const struct iw_proof_note *notes;
        size_t n;
        assert_non_null(proofs);
        give(proofs, &TOLD[i].file, "web01");
        notes = iw_proofs_notes(proofs, &n);
        assert_int_equal(n, 1);
        assert_int_equal(notes[0].line, TOLD[i].line);
        assert_true(iw_str_equal(notes[0].source, iw_str_of(TOLD[i].file.source)));
        if (iw_str_find(notes[0].what, iw_str_of(TOLD[i].what)) == SIZE_MAX)
            fail_msg("case %zu: %.*s", i, IW_STR_ARG(notes[0].what));
        iw_proofs_free(proofs);
    }
}

static void statements_limit(void **state)
{
    static const char one[] = CHANNEL(IIS_CHANNEL, "true");
    const size_t n = 4096, parts = IW_LIMIT_PROOF_STATEMENTS / n;
    const struct iw_proof_place place = {IW_STR("web01"), IW_STR("x")};
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_error err = {.rc = IW_OK};
    char *text = malloc(n * (sizeof one - 1));
    (void)state;
    assert_non_null(proofs);
    assert_non_null(text);
    assert_int_equal(parts * n, IW_LIMIT_PROOF_STATEMENTS);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * (sizeof one - 1), one, sizeof one - 1);
    for (size_t i = 0; i < parts; i++)
        assert_int_equal(iw_proofs_add_file(proofs, IW_PROOF_CHANNELS,
                                            (struct iw_str){text, n * (sizeof one - 1)}, &place,
                                            &err),
                         IW_OK);
    assert_int_equal(iw_proofs_add_file(proofs, IW_PROOF_CHANNELS,
                                        (struct iw_str){text, sizeof one - 1}, &place, &err),
                     IW_ELIMIT);
    free(text);
    iw_proofs_free(proofs);
}

/* --- hosts ---------------------------------------------------------------------------------- */

static struct iw_str renamed(void *context, struct iw_str hint, struct iw_str source)
{
    (void)context;
    assert_true(iw_str_equal(source, IW_STR("s.xml")));
    return iw_str_equal(hint, IW_STR("folder")) ? IW_STR("web01") : IW_STR("");
}

static void hosts_are_settled(void **state)
{
    const struct given file = {IW_PROOF_SYSMON_CONFIG, "s.xml", ALL_FILES};
    struct iw_proofs *proofs = iw_proofs_new();
    (void)state;
    assert_non_null(proofs);
    give(proofs, &file, "folder");
    give(proofs, &file, "stray");
    assert_int_equal(iw_proofs_rename_hosts(proofs, renamed, NULL), IW_OK);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    assert_true(iw_proofs_has_host(proofs, IW_STR("web01")));
    assert_false(iw_proofs_has_host(proofs, IW_STR("folder")));
    assert_false(iw_proofs_has_host(proofs, IW_STR("stray")));
    iw_proofs_free(proofs);
}

/* --- the operator's word -----------------------------------------------------------------------
 */

static void words_that_are_refused(void **state)
{
    static const struct {
        const char *text;
        uint32_t line;
        const char *message;
    } REFUSED[] = {
        {"", 0, "there is no `telemetry`"},
        {"a: b\n", 1, "there is no `telemetry`"},
        {"telemetry: x\n", 1, "must be a list"},
        {"telemetry: []\n", 1, "must be a list"},
        {"telemetry:\n- x\n", 2, "an entry must be a map"},
        {"telemetry:\n- {hosts: a, source: Sysmon 1}\n", 2, "without a note"},
        {"telemetry:\n- {hosts: a, note: n}\n", 2, "without a source"},
        {"telemetry:\n- {source: Sysmon 1, note: n}\n", 2, "without hosts"},
        {"telemetry:\n- {hosts: [], source: Sysmon 1, note: n}\n", 2, "is an empty list"},
        {"telemetry:\n- {hosts: a, source: [], note: n}\n", 2, "is an empty list"},
        {"telemetry:\n- hosts: a\n  source: Sysmon 12\n  note: n\n", 3,
         "Sysmon 12: no such source"},
        {"telemetry:\n- hosts: a\n  sources: Sysmon 1\n", 3, "sources: no such key"},
        {"telemetry:\n- hosts: a\n  source: Sysmon 1\n  note:\n", 4, "must be one text"},
        {"telemetry:\n- hosts: a\n  source: Sysmon 1\n  note: n\n  from: yesterday\n", 5,
         "yesterday: not a time"},
        {"telemetry:\n- hosts: a\n  source: Sysmon 1\n  note: n\n  from: 2026-01-02\n"
         "  to: 2026-01-01\n",
         2, "from is later than to"},
        {"telemetry:\n- hosts: a\n  source: Sysmon 1\n  note: n\n  logged: perhaps\n", 5,
         "must be true or false"},
        {"telemetry:\n- hosts: a\n  source: Sysmon 11\n  note: n\n  path: wwwroot\n", 5,
         "must be a whole path"},
        {"telemetry:\n- {hosts: a, source: Sysmon 1, note: n}\nmore: x\n", 1, "no other key"},
        {"telemetry:\n- {hosts: a, source: Sysmon 1, note: n}\n---\na: b\n", 4,
         "only one document"},
        {"telemetry: [", 2, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        struct iw_proofs *proofs = iw_proofs_new();
        struct iw_error err = {.rc = IW_OK};
        enum iw_rc rc;
        assert_non_null(proofs);
        rc = iw_proofs_add_telemetry(proofs, iw_str_of(REFUSED[i].text), "t.yml", &err);
        if (rc != IW_EFORMAT || err.line != REFUSED[i].line ||
            strstr(err.message, REFUSED[i].message) == NULL || strcmp(err.where, "t.yml") != 0)
            fail_msg("case %zu: %d, line %u: %s", i, (int)rc, err.line, err.message);
        assert_false(iw_proofs_has_host(proofs, IW_STR("a")));
        iw_proofs_free(proofs);
    }
}

/* *n* entries, or one of *n* hosts. */
static char *words_of(size_t n, bool of_hosts)
{
    static const char entry[] = "- {hosts: a, source: Sysmon 1, note: n}\n";
    char *text = malloc(64 + n * sizeof entry), *at = text;
    assert_non_null(text);
    at += sprintf(at, "telemetry:\n");
    if (of_hosts)
        at += sprintf(at, "- {source: Sysmon 1, note: n, hosts: [");
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, "%s", of_hosts ? "a," : entry);
    if (of_hosts)
        (void)sprintf(at, "]}\n");
    return text;
}

static void words_limits(void **state)
{
    (void)state;
    for (size_t of_hosts = 0; of_hosts < 2; of_hosts++) {
        for (size_t over = 0; over < 2; over++) {
            size_t n = (of_hosts ? IW_LIMIT_TELEMETRY_HOSTS : IW_LIMIT_TELEMETRY_ENTRIES) + over;
            struct iw_proofs *proofs = iw_proofs_new();
            struct iw_error err = {.rc = IW_OK};
            char *text = words_of(n, of_hosts == 1);
            assert_non_null(proofs);
            assert_int_equal(iw_proofs_add_telemetry(proofs, iw_str_of(text), "t.yml", &err),
                             over == 0 ? IW_OK : IW_EFORMAT);
            free(text);
            iw_proofs_free(proofs);
        }
    }
}

/* --- memory --------------------------------------------------------------------------------- */

/* Everything once, the n-th allocation failing; true when fewer were asked for. */
static bool run_short_of_memory(uint64_t n)
{
    const struct iw_sense_subject subject = {.path = IW_STR("C:\\inetpub\\wwwroot"),
                                             .is_folder = true};
    struct iw_registry_facts facts = {.values[IW_REGISTRY_COMMAND_LINE_AUDIT] = number(1, 7)};
    static const struct iw_str SOURCES[] = {{"SOFTWARE", 8}};
    static const struct given FILES[] = {
        {IW_PROOF_SYSMON_CONFIG, "s", SYSMON("<Nope/><FileCreate onmatch=\"exclude\"/>")},
        {IW_PROOF_AUDIT_POLICY, "p", POLICY("Success", "Success")},
        {IW_PROOF_AUDIT_ENTRIES, "f", FOLDER},
        {IW_PROOF_CHANNELS, "c", CHANNEL(IIS_CHANNEL, "true")}};
    const struct iw_proof_place place = {IW_STR("web01"), IW_STR("x")};
    struct iw_proof_answer answer;
    struct iw_proofs *proofs;
    struct iw_arena scratch;
    struct iw_error err;
    enum iw_rc rc;
    bool is_done;
    iw_arena_init(&scratch, 0);
    iw_alloc_fail_at(n);
    proofs = iw_proofs_new();
    rc = proofs != NULL ? IW_OK : IW_ENOMEM;
    for (size_t i = 0; rc == IW_OK && i < sizeof FILES / sizeof FILES[0]; i++)
        rc = iw_proofs_add_file(proofs, FILES[i].kind, iw_str_of(FILES[i].bytes), &place, &err);
    if (rc == IW_OK)
        rc = iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES);
    if (rc == IW_OK)
        rc = iw_proofs_add_telemetry(proofs, IW_STR(WORDS(WORD("Sysmon 11", ""))), "t", &err);
    if (rc == IW_OK)
        rc = iw_proofs_settle(proofs);
    if (rc == IW_OK)
        rc = iw_proofs_config_in_force(proofs, IW_STR("other"), IW_STR("x"), 1, NULL);
    for (unsigned sense = 0; rc == IW_OK && sense < IW_SENSE_COUNT; sense++)
        rc = iw_proofs_ask(proofs, IW_STR("web01"), (enum iw_sense)sense, &subject, 8, &scratch,
                           &answer);
    is_done = iw_alloc_count() < n;
    iw_alloc_fail_at(0);
    assert_int_equal(rc, is_done ? IW_OK : IW_ENOMEM);
    iw_proofs_free(proofs);
    iw_arena_done(&scratch);
    return is_done;
}

static void no_memory_anywhere(void **state)
{
    bool is_done = false;
    (void)state;
    for (uint64_t n = 1; !is_done && n < 4000; n++)
        is_done = run_short_of_memory(n);
    assert_true(is_done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_files_say_together),
        cmocka_unit_test(a_report_of_another_machine),
        cmocka_unit_test(a_word_about_other_hosts),
        cmocka_unit_test(what_the_registry_says),
        cmocka_unit_test(channels_of_the_registry),
        cmocka_unit_test(refused_files_say_nothing),
        cmocka_unit_test(what_is_told_of_files),
        cmocka_unit_test(statements_limit),
        cmocka_unit_test(hosts_are_settled),
        cmocka_unit_test(words_that_are_refused),
        cmocka_unit_test(words_limits),
        cmocka_unit_test(no_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
