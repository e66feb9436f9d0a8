/*
 * Configurations of Sysmon asked what they log. Expectations come from Microsoft's description of
 * filters ("Sysmon", event filtering entries; "The rules about rules"; "10.4 rule enhancements")
 * and from the decisions in src/coverage/README.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "coverage/settings/sysmon_ask.h"

#define HEAD "<Sysmon schemaversion=\"4.90\"><EventFiltering>"
#define TAIL "</EventFiltering></Sysmon>"
#define OR "<RuleGroup name=\"\" groupRelation=\"or\">"
#define AND "<RuleGroup name=\"\" groupRelation=\"and\">"
#define END "</RuleGroup>"
#define ROOT "C:\\inetpub\\wwwroot"
#define WORKER "C:\\Windows\\System32\\inetsrv\\w3wp.exe"

/* sha256sum, sha1sum and md5sum of `<Sysmon/>` */
#define SHA256_OF_EMPTY "863513d429e4d7385265b47a3c32056326c470ffeeaaae9ac6e7b0d73992763f"
#define SHA1_OF_EMPTY "a88e11e4994661c0182b6e3f1e4b71663b71d5d8"
#define MD5_OF_EMPTY "8501d631af71309ebc46d0affa6e1992"

enum asked {
    FILES = 0,
    ONE_FILE,
    FILES_BY_SYSTEM,
    LOADS,
    PROCESSES,
    CONNECTIONS,
    CONFIG_FILE,
    CONFIG_FOLDER,
    COMPILED_FOLDER,
    WORKERS_CHILDREN, /* of whichever worker */
    WORKERS_LOADS
};

static const struct {
    enum iw_sense sense;
    struct iw_sense_subject subject;
} QUESTIONS[] = {
    [FILES] = {IW_SENSE_SYSMON_FILE, {.path = {ROOT, sizeof ROOT - 1}, .is_folder = true}},
    [ONE_FILE] = {IW_SENSE_SYSMON_FILE, {.path = {ROOT "\\a.aspx", sizeof ROOT + 6}}},
    [FILES_BY_SYSTEM] = {IW_SENSE_SYSMON_FILE,
                         {.path = {ROOT, sizeof ROOT - 1},
                          .is_folder = true,
                          .image = {"System", 6}}},
    [LOADS] = {IW_SENSE_SYSMON_LOAD, {.image = {WORKER, sizeof WORKER - 1}}},
    [PROCESSES] = {IW_SENSE_SYSMON_PROCESS, {.parent_image = {WORKER, sizeof WORKER - 1}}},
    [CONNECTIONS] = {IW_SENSE_SYSMON_CONNECTION, {.image = {WORKER, sizeof WORKER - 1}}},
    [CONFIG_FILE] = {IW_SENSE_SYSMON_FILE,
                     {.path = {"C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config",
                               58}}},
    [CONFIG_FOLDER] = {IW_SENSE_SYSMON_FILE,
                       {.path = {"C:\\Windows\\System32\\inetsrv\\config", 34}, .is_folder = true}},
    [COMPILED_FOLDER] = {IW_SENSE_SYSMON_FILE,
                         {.path = {"C:\\x\\Temporary ASP.NET Files", 28}, .is_folder = true}},
    [WORKERS_CHILDREN] = {IW_SENSE_SYSMON_PROCESS, {.is_of_worker = true}},
    [WORKERS_LOADS] = {IW_SENSE_SYSMON_LOAD, {.is_of_worker = true}},
};

#define FILE_INCLUDE(filters) OR "<FileCreate onmatch=\"include\">" filters "</FileCreate>" END
#define FILE_EXCLUDE(filters) OR "<FileCreate onmatch=\"exclude\">" filters "</FileCreate>" END
#define PROCESS_EXCLUDE(filters)                                                                   \
    OR "<ProcessCreate onmatch=\"exclude\">" filters "</ProcessCreate>" END
#define IN_ROOT "<TargetFilename condition=\"begin with\">c:\\INETPUB\\</TargetFilename>"

static const struct {
    const char *filtering;
    enum asked asked;
    enum iw_proof_state state;
    const char *why; /* stands in the reason; NULL: not asked */
} CASES[] = {
    /* No filter of a type. */
    {"", PROCESSES, IW_PROOF_LOGGED, "no filter for ProcessCreate: Sysmon logs all by default"},
    {"", LOADS, IW_PROOF_NOT_LOGGED, "no filter for ImageLoad: Sysmon logs none by default"},
    {"", CONNECTIONS, IW_PROOF_NOT_LOGGED, "no filter for NetworkConnect"},
    {"", FILES, IW_PROOF_PARTLY, "versions of Sysmon differ"},
    /* Empty filters: include takes nothing, exclude leaves out nothing. */
    {OR "<ProcessCreate onmatch=\"include\"/>" END, PROCESSES, IW_PROOF_NOT_LOGGED,
     "ProcessCreate onmatch=\"include\" (line 1) without a filter"},
    {OR "<FileCreate onmatch=\"exclude\"/>" END, FILES, IW_PROOF_LOGGED,
     "FileCreate onmatch=\"exclude\" (line 1) without a filter"},
    {OR "<ImageLoad onmatch=\"exclude\"/>" END, LOADS, IW_PROOF_LOGGED, NULL},
    {"<FileCreate onmatch=\"exclude\"/>", FILES, IW_PROOF_LOGGED, NULL},
    /* Include. */
    {FILE_INCLUDE(IN_ROOT), FILES, IW_PROOF_LOGGED,
     "FileCreate onmatch=\"include\": TargetFilename begin with \"c:\\INETPUB\\\" (line 1)"},
    {FILE_INCLUDE(IN_ROOT), CONFIG_FILE, IW_PROOF_NOT_LOGGED,
     "no filter of FileCreate onmatch=\"include\" (line 1) takes it"},
    {FILE_INCLUDE("<TargetFilename condition=\"end with\">.aspx</TargetFilename>"), FILES,
     IW_PROOF_PARTLY, "*.ashx by w3wp.exe: not logged: no filter of FileCreate"},
    {FILE_INCLUDE("<TargetFilename condition=\"end with\">.aspx</TargetFilename>"), ONE_FILE,
     IW_PROOF_LOGGED, NULL},
    {FILE_INCLUDE("<TargetFilename condition=\"contains\">\\upload\\</TargetFilename>"), FILES,
     IW_PROOF_PARTLY, "perhaps not: FileCreate onmatch=\"include\": TargetFilename contains"},
    {FILE_INCLUDE("<TargetFilename condition=\"contains any\">\\wwwroot\\;\\x\\</TargetFilename>"),
     FILES, IW_PROOF_LOGGED, NULL},
    {FILE_INCLUDE("<TargetFilename condition=\"begin with\">D:\\</TargetFilename>"), FILES,
     IW_PROOF_NOT_LOGGED, NULL},
    {FILE_INCLUDE("<Image condition=\"image\">w3wp.exe</Image>"), FILES, IW_PROOF_PARTLY,
     "by system"},
    {FILE_INCLUDE("<Image condition=\"image\">system</Image>"), FILES_BY_SYSTEM, IW_PROOF_LOGGED,
     NULL},
    {OR "<ImageLoad onmatch=\"include\"><Image condition=\"end "
        "with\">\\W3WP.EXE</Image></ImageLoad>" END,
     LOADS, IW_PROOF_LOGGED, NULL},
    {OR "<ImageLoad onmatch=\"include\"><ImageLoaded condition=\"contains\">\\temp\\</ImageLoaded>"
        "</ImageLoad>" END,
     LOADS, IW_PROOF_PARTLY, NULL},
    {OR "<NetworkConnect onmatch=\"include\"><DestinationPort>443</DestinationPort>"
        "</NetworkConnect>" END,
     CONNECTIONS, IW_PROOF_PARTLY, NULL},
    /* Exclude. */
    {FILE_EXCLUDE("<Image condition=\"is\">C:\\Windows\\System32\\inetsrv\\w3wp.exe</Image>"),
     FILES, IW_PROOF_PARTLY, "by w3wp.exe: not logged: FileCreate onmatch=\"exclude\": Image is"},
    {FILE_EXCLUDE("<Image>System</Image>"), FILES_BY_SYSTEM, IW_PROOF_NOT_LOGGED, NULL},
    {FILE_EXCLUDE("<TargetFilename condition=\"begin with\">C:\\inetpub</TargetFilename>"), FILES,
     IW_PROOF_NOT_LOGGED, NULL},
    {FILE_EXCLUDE("<TargetFilename condition=\"end with\">.tmp</TargetFilename>"), FILES,
     IW_PROOF_LOGGED, NULL},
    {FILE_EXCLUDE("<TargetFilename condition=\"contains\">\\cache\\</TargetFilename>"), FILES,
     IW_PROOF_PARTLY, NULL},
    /* One program in a folder only administrators write to is no hole; one anybody can be is. */
    {FILE_EXCLUDE("<Image condition=\"is\">C:\\Program Files\\AV\\scan.exe</Image>"), FILES,
     IW_PROOF_LOGGED, "; but for C:\\Program Files\\AV\\scan.exe (line 1)"},
    {FILE_EXCLUDE("<Image condition=\"begin with\">C:\\Program Files\\AV\\</Image>"
                  "<Image>C:\\Windows\\System32\\smss.exe</Image>"),
     FILES, IW_PROOF_LOGGED, "and 1 filters like it"},
    {FILE_EXCLUDE("<Image condition=\"is\">C:\\Tools\\sync.exe</Image>"), FILES, IW_PROOF_PARTLY,
     "by others: perhaps not"},
    {FILE_EXCLUDE("<Image condition=\"image\">scan.exe</Image>"), FILES, IW_PROOF_PARTLY, NULL},
    {FILE_EXCLUDE("<Image condition=\"end with\">\\scan.exe</Image>"), FILES, IW_PROOF_PARTLY,
     NULL},
    {FILE_EXCLUDE("<Image condition=\"begin with\">C:\\Windows\\</Image>"), FILES, IW_PROOF_PARTLY,
     NULL},
    /* Both: exclude takes precedence, wherever it stands. */
    {FILE_INCLUDE(IN_ROOT) FILE_EXCLUDE(IN_ROOT), FILES, IW_PROOF_NOT_LOGGED, "exclude"},
    {FILE_EXCLUDE(IN_ROOT) FILE_INCLUDE(IN_ROOT), FILES, IW_PROOF_NOT_LOGGED, "exclude"},
    {OR "<FileCreate onmatch=\"include\">" IN_ROOT "</FileCreate><FileCreate onmatch=\"exclude\">"
        "<TargetFilename condition=\"end with\">.log</TargetFilename></FileCreate>" END,
     FILES, IW_PROOF_LOGGED, "include"},
    {FILE_INCLUDE(IN_ROOT) OR "<FileCreate onmatch=\"exclude\"/>" END, FILES, IW_PROOF_LOGGED,
     "TargetFilename begin with"},
    /* Several groups. */
    {FILE_INCLUDE("<TargetFilename condition=\"begin with\">D:\\</TargetFilename>")
         FILE_INCLUDE(IN_ROOT),
     FILES, IW_PROOF_LOGGED, NULL},
    {OR "<FileCreate onmatch=\"include\"><TargetFilename condition=\"begin with\">D:\\"
        "</TargetFilename></FileCreate><FileCreate onmatch=\"include\">" IN_ROOT
        "</FileCreate>" END,
     FILES, IW_PROOF_PARTLY, NULL},
    /* Relations. */
    {AND "<FileCreate onmatch=\"include\">" IN_ROOT
         "<Image condition=\"end with\">w3wp.exe</Image></FileCreate>" END,
     FILES, IW_PROOF_PARTLY, "by system: not logged"},
    {AND "<FileCreate onmatch=\"exclude\">" IN_ROOT
         "<Image condition=\"is\">C:\\x\\y.exe</Image></FileCreate>" END,
     FILES_BY_SYSTEM, IW_PROOF_LOGGED, NULL},
    {AND "<FileCreate onmatch=\"include\">" IN_ROOT
         "<TargetFilename condition=\"begin with\">D:\\</TargetFilename></FileCreate>" END,
     FILES, IW_PROOF_PARTLY, NULL},
    {"<FileCreate onmatch=\"include\">" IN_ROOT
     "<TargetFilename condition=\"begin with\">D:\\</TargetFilename></FileCreate>",
     FILES, IW_PROOF_LOGGED, NULL},
    {"<FileCreate onmatch=\"include\">" IN_ROOT "<Image>C:\\x\\y.exe</Image></FileCreate>",
     FILES_BY_SYSTEM, IW_PROOF_PARTLY, NULL},
    {"<RuleGroup><FileCreate onmatch=\"include\">" IN_ROOT
     "<Image>C:\\x\\y.exe</Image></FileCreate></RuleGroup>",
     FILES_BY_SYSTEM, IW_PROOF_NOT_LOGGED, NULL},
    /* Rules. */
    {FILE_INCLUDE("<Rule groupRelation=\"and\">" IN_ROOT
                  "<TargetFilename condition=\"contains\">wwwroot</TargetFilename></Rule>"),
     FILES, IW_PROOF_LOGGED, NULL},
    {FILE_INCLUDE("<Rule name=\"x\">" IN_ROOT "<Image>C:\\x\\y.exe</Image></Rule>"),
     FILES_BY_SYSTEM, IW_PROOF_NOT_LOGGED, NULL},
    {FILE_INCLUDE("<Rule groupRelation=\"or\">" IN_ROOT "<Image>C:\\x\\y.exe</Image></Rule>"),
     FILES, IW_PROOF_LOGGED, NULL},
    {FILE_EXCLUDE("<Rule groupRelation=\"and\"><Image condition=\"image\">w3wp.exe</Image>"
                  "<TargetFilename condition=\"contains\">\\Temporary ASP.NET Files\\"
                  "</TargetFilename></Rule>"),
     ONE_FILE, IW_PROOF_LOGGED, NULL},
    /* What a worker starts. */
    {PROCESS_EXCLUDE("<CommandLine condition=\"begin with\">C:\\Windows\\system32\\DllHost.exe "
                     "/Processid</CommandLine>"),
     PROCESSES, IW_PROOF_LOGGED, "but for"},
    {PROCESS_EXCLUDE(
         "<ParentCommandLine condition=\"begin with\">%%SystemRoot%%\\system32\\csrss.exe "
         "ObjectDirectory</ParentCommandLine>"),
     PROCESSES, IW_PROOF_LOGGED, NULL},
    {PROCESS_EXCLUDE("<ParentImage condition=\"end with\">w3wp.exe</ParentImage>"), PROCESSES,
     IW_PROOF_NOT_LOGGED, "ParentImage end with \"w3wp.exe\" (line 1)"},
    {PROCESS_EXCLUDE("<CommandLine condition=\"begin with\">%%SystemRoot%%\\system32\\csrss.exe "
                     "ObjectDirectory</CommandLine><CommandLine condition=\"begin with\">"
                     "\\??\\C:\\Windows\\system32\\autochk.exe *</CommandLine>"),
     PROCESSES, IW_PROOF_LOGGED, "but for"},
    {PROCESS_EXCLUDE("<CommandLine condition=\"begin with\">\"C:\\Windows\\System32\\cmd.exe\" /c"
                     "</CommandLine>"),
     PROCESSES, IW_PROOF_PARTLY, "cmd.exe: perhaps not"},
    {PROCESS_EXCLUDE("<CommandLine>tool.exe /quiet</CommandLine>"), PROCESSES, IW_PROOF_PARTLY,
     NULL},
    {PROCESS_EXCLUDE("<CommandLine condition=\"contains\">backup</CommandLine>"), PROCESSES,
     IW_PROOF_PARTLY, NULL},
    {PROCESS_EXCLUDE("<Image condition=\"begin with\">C:\\Windows\\System32\\</Image>"), PROCESSES,
     IW_PROOF_PARTLY, "cmd.exe: not logged"},
    {PROCESS_EXCLUDE("<OriginalFileName>whoami.exe</OriginalFileName>"), PROCESSES, IW_PROOF_PARTLY,
     NULL},
    {PROCESS_EXCLUDE("<User condition=\"contains\">svc</User>"), PROCESSES, IW_PROOF_PARTLY, NULL},
    /* A child of a worker runs as High, or as System where its pool does. */
    {PROCESS_EXCLUDE("<IntegrityLevel condition=\"is\">AppContainer</IntegrityLevel>"), PROCESSES,
     IW_PROOF_LOGGED, NULL},
    {PROCESS_EXCLUDE("<IntegrityLevel>System</IntegrityLevel>"), PROCESSES, IW_PROOF_PARTLY, NULL},
    /* Folders that are no web root: what is written there that matters. */
    {FILE_INCLUDE("<TargetFilename condition=\"end with\">.config</TargetFilename>"), CONFIG_FOLDER,
     IW_PROOF_LOGGED, NULL},
    {FILE_INCLUDE("<TargetFilename condition=\"end with\">.dll</TargetFilename>"), COMPILED_FOLDER,
     IW_PROOF_PARTLY, "*.compiled"},
    /* Letter case, unknown words. */
    {FILE_INCLUDE("<targetfilename condition=\"BEGIN WITH\">C:\\InetPub</targetfilename>"), FILES,
     IW_PROOF_LOGGED, NULL},
    {FILE_INCLUDE("<TargetFilename condition=\"begins\">C:\\inetpub</TargetFilename>"), FILES,
     IW_PROOF_PARTLY, NULL},
    {FILE_INCLUDE("<TargetFile condition=\"begin with\">C:\\inetpub</TargetFile>"), FILES,
     IW_PROOF_PARTLY, NULL},
    {FILE_INCLUDE("<TargetFilename condition=\"contains\"></TargetFilename>"), FILES,
     IW_PROOF_PARTLY, NULL},
    {OR "<FileCreate>" IN_ROOT "</FileCreate>" END, FILES, IW_PROOF_PARTLY, NULL},
    {OR "<FileCreate onmatch=\"sometimes\"/>" END, FILES, IW_PROOF_PARTLY, NULL},
    {OR "<FileCreation onmatch=\"exclude\"/>" END, FILES, IW_PROOF_PARTLY,
     "no filter for FileCreate"},
};

static void ask(const char *xml, enum asked asked, struct iw_arena *arena,
                struct iw_proof_answer *ret)
{
    struct iw_sysmon_config config;
    struct iw_error err = {.rc = IW_OK};
    assert_int_equal(iw_sysmon_config_read(iw_str_of(xml), arena, &config, &err), IW_OK);
    assert_int_equal(
        iw_sysmon_ask(&config, QUESTIONS[asked].sense, &QUESTIONS[asked].subject, arena, ret),
        IW_OK);
}

static void what_is_logged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_proof_answer answer;
        struct iw_arena arena;
        char xml[4096];
        iw_arena_init(&arena, 0);
        (void)snprintf(xml, sizeof xml, HEAD "%s" TAIL, CASES[i].filtering);
        ask(xml, CASES[i].asked, &arena, &answer);
        if (answer.state != CASES[i].state ||
            (CASES[i].why != NULL && iw_str_find(answer.why, iw_str_of(CASES[i].why)) == SIZE_MAX))
            fail_msg("case %zu: %s: state %d, why %.*s", i, CASES[i].filtering, (int)answer.state,
                     IW_STR_ARG(answer.why));
        iw_arena_done(&arena);
    }
}

/* The server's own handlers decide what is asked, and what an attack would use of it first. */
static void endings_of_the_question(void **state)
{
    static const struct iw_str ONE[] = {{".ASPX", 5}}, TWO[] = {{".aspx", 5}, {".php", 4}};
    struct iw_sense_subject subject = {.path = IW_STR(ROOT), .is_folder = true};
    struct iw_sysmon_config config;
    struct iw_proof_answer answer = {0};
    struct iw_arena arena;
    struct iw_error err;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_sysmon_config_read(
                         IW_STR(HEAD FILE_INCLUDE(
                             "<TargetFilename condition=\"end with\">.aspx</TargetFilename>") TAIL),
                         &arena, &config, &err),
                     IW_OK);
    subject.endings = ONE;
    subject.n_endings = 1;
    assert_int_equal(iw_sysmon_ask(&config, IW_SENSE_SYSMON_FILE, &subject, &arena, &answer),
                     IW_OK);
    assert_int_equal(answer.state, IW_PROOF_LOGGED);
    subject.endings = TWO;
    subject.n_endings = 2;
    assert_int_equal(iw_sysmon_ask(&config, IW_SENSE_SYSMON_FILE, &subject, &arena, &answer),
                     IW_OK);
    assert_int_equal(answer.state, IW_PROOF_PARTLY);
    assert_true(answer.loses_first);
    assert_true(iw_str_find(answer.why, IW_STR("*.php")) != SIZE_MAX);
    iw_arena_done(&arena);
}

/* What an attack does first is surely lost, whatever else is logged: no sample makes up for it. */
static void what_an_attack_does_first(void **state)
{
    static const struct {
        const char *filtering;
        enum asked asked;
        bool has_32_bit, loses_first;
    } FIRST[] = {
        {FILE_INCLUDE("<TargetFilename condition=\"end with\">.aspx</TargetFilename>"), FILES,
         false, true},
        {FILE_INCLUDE("<TargetFilename condition=\"end with\">.exe</TargetFilename>"
                      "<TargetFilename condition=\"contains\">\\x\\</TargetFilename>"),
         FILES, false, false}, /* perhaps */
        {FILE_EXCLUDE("<Image condition=\"end with\">\\w3wp.exe</Image>"), FILES, false, true},
        {FILE_EXCLUDE("<Image>System</Image>"), FILES, false, true},
        {FILE_EXCLUDE("<TargetFilename condition=\"end with\">.axd</TargetFilename>"), FILES, false,
         false},
        {FILE_EXCLUDE("<TargetFilename condition=\"contains\">\\cache\\</TargetFilename>"), FILES,
         false, false},
        {FILE_EXCLUDE("<Image>C:\\Windows\\System32\\curl.exe</Image>"), FILES, false, false},
        {OR "<ProcessCreate onmatch=\"include\"><Image>C:\\Windows\\explorer.exe</Image>"
            "</ProcessCreate>" END,
         WORKERS_CHILDREN, false, true},
        {PROCESS_EXCLUDE("<Image>C:\\Windows\\System32\\cmd.exe</Image>"), WORKERS_CHILDREN, false,
         true},
        {PROCESS_EXCLUDE("<Image>C:\\Windows\\SysWOW64\\cmd.exe</Image>"), WORKERS_CHILDREN, false,
         false},
        {PROCESS_EXCLUDE("<Image>C:\\Windows\\SysWOW64\\cmd.exe</Image>"), WORKERS_CHILDREN, true,
         true},
        {PROCESS_EXCLUDE("<ParentImage>C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe</ParentImage>"),
         WORKERS_CHILDREN, false, false},
        {PROCESS_EXCLUDE("<ParentImage>C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe</ParentImage>"),
         WORKERS_CHILDREN, true, true},
        {PROCESS_EXCLUDE("<Image>C:\\Windows\\System32\\mshta.exe</Image>"), WORKERS_CHILDREN,
         false, false},
        {PROCESS_EXCLUDE("<Image condition=\"begin with\">C:\\Program Files\\</Image>"),
         WORKERS_CHILDREN, false, false},
        {OR "<ImageLoad onmatch=\"include\"><Image>C:\\Windows\\System32\\inetsrv\\w3wp.exe</Image>"
            "</ImageLoad>" END,
         WORKERS_LOADS, false, false},
        {OR "<ImageLoad onmatch=\"include\"><Image>C:\\Windows\\System32\\inetsrv\\w3wp.exe</Image>"
            "</ImageLoad>" END,
         WORKERS_LOADS, true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof FIRST / sizeof FIRST[0]; i++) {
        struct iw_sense_subject subject = QUESTIONS[FIRST[i].asked].subject;
        struct iw_proof_answer answer = {0};
        struct iw_sysmon_config config;
        struct iw_arena arena;
        struct iw_error err;
        char text[2048];
        iw_arena_init(&arena, 0);
        subject.has_32_bit = FIRST[i].has_32_bit;
        (void)snprintf(text, sizeof text, HEAD "%s" TAIL, FIRST[i].filtering);
        assert_int_equal(iw_sysmon_config_read(iw_str_of(text), &arena, &config, &err), IW_OK);
        assert_int_equal(
            iw_sysmon_ask(&config, QUESTIONS[FIRST[i].asked].sense, &subject, &arena, &answer),
            IW_OK);
        if (answer.state != IW_PROOF_PARTLY || answer.loses_first != FIRST[i].loses_first)
            fail_msg("case %zu: %d %d %.*s", i, (int)answer.state, answer.loses_first,
                     IW_STR_ARG(answer.why));
        iw_arena_done(&arena);
    }
}

static void what_is_told(void **state)
{
    static const struct {
        const char *xml, *what;
        uint32_t line;
    } TOLD[] = {
        {HEAD "\n<FileCreation onmatch=\"exclude\"/>" TAIL,
         "Sysmon has no such event type: FileCreation", 2},
        {HEAD FILE_INCLUDE("\n\n<Nope>x</Nope>") TAIL, "Sysmon has no such field: Nope", 3},
        {HEAD FILE_INCLUDE("<Image condition=\"like\">x</Image>") TAIL,
         "Sysmon has no such condition: like", 1},
        {"<Sysmon><Surprise/></Sysmon>", "Sysmon has no such element: Surprise", 1},
        {"<Sysmon><ImageLoad/></Sysmon>", "an option whose effect is not documented: ImageLoad", 1},
        {HEAD "<FileCreate/>" TAIL, "neither onmatch=\"include\" nor \"exclude\": FileCreate", 1},
    };
    struct iw_sysmon_config config;
    struct iw_arena arena;
    struct iw_error err;
    (void)state;
    for (size_t i = 0; i < sizeof TOLD / sizeof TOLD[0]; i++) {
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_sysmon_config_read(iw_str_of(TOLD[i].xml), &arena, &config, &err),
                         IW_OK);
        assert_int_equal(config.n_strangers, 1);
        assert_string_equal(config.strangers[0].what.p, TOLD[i].what);
        assert_int_equal(config.strangers[0].line, TOLD[i].line);
        iw_arena_done(&arena);
    }
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_sysmon_config_read(
                         IW_STR("<Sysmon schemaversion=\"4.90\"><HashAlgorithms>*</HashAlgorithms>"
                                "<CheckRevocation/><CopyOnDeletePE>True</CopyOnDeletePE>"
                                "<ArchiveDirectory>A</ArchiveDirectory><EventFiltering/></Sysmon>"),
                         &arena, &config, &err),
                     IW_OK);
    assert_int_equal(config.n_strangers, 0);
    assert_string_equal(config.schema.p, "4.90");
    iw_arena_done(&arena);
}

/* Sysmon refuses such a file: it configures nothing, and nothing of it may count. */
static void what_is_refused(void **state)
{
    static const struct {
        const char *xml;
        enum iw_rc rc;
        const char *message;
    } REFUSED[] = {
        {"", IW_EFORMAT, "no element found"},
        {"<Sysmon>", IW_EFORMAT, "no element found"},
        {HEAD "<FileCreate onmatch=\"exclude\"/>", IW_EFORMAT, "no element found"},
        {"<!DOCTYPE Sysmon [<!ENTITY a \"b\">]><Sysmon/>", IW_EFORMAT, "document type"},
        {"<sysmon/>", IW_EFORMAT, "its first element is not <Sysmon>"},
        {"<Sysmon>&a;</Sysmon>", IW_EFORMAT, "undefined entity"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        struct iw_sysmon_config config;
        struct iw_error err = {.rc = IW_OK};
        struct iw_arena arena;
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_sysmon_config_read(iw_str_of(REFUSED[i].xml), &arena, &config, &err),
                         REFUSED[i].rc);
        if (strstr(err.message, REFUSED[i].message) == NULL)
            fail_msg("case %zu: %s", i, err.message);
        iw_arena_done(&arena);
    }
}

/* *n* values in one list, and an element around them. */
static char *list_of(size_t n)
{
    static const char begin[] =
        HEAD OR "<FileCreate onmatch=\"include\"><Image condition=\"is any\">";
    static const char end[] = "</Image></FileCreate>" END TAIL;
    char *xml = malloc(sizeof begin + 2 * n + sizeof end);
    assert_non_null(xml);
    memcpy(xml, begin, sizeof begin);
    for (size_t i = 0; i < n; i++)
        strcpy(xml + sizeof begin - 1 + 2 * i, i + 1 < n ? "a;" : "a");
    strcat(xml + sizeof begin - 1, end);
    return xml;
}

static void limits(void **state)
{
    struct iw_sysmon_config config;
    struct iw_error err = {.rc = IW_OK};
    struct iw_arena arena;
    char *bytes;
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        iw_arena_init(&arena, 0);
        bytes = list_of(IW_LIMIT_PROOF_FILTERS + over);
        assert_int_equal(iw_sysmon_config_read(iw_str_of(bytes), &arena, &config, &err),
                         over == 0 ? IW_OK : IW_ELIMIT);
        free(bytes);
        iw_arena_done(&arena);
    }
    bytes = malloc(IW_LIMIT_PROOF_FILE_BYTES + 1);
    assert_non_null(bytes);
    memset(bytes, ' ', IW_LIMIT_PROOF_FILE_BYTES + 1);
    memcpy(bytes, "<Sysmon/>", 9);
    for (size_t over = 0; over < 2; over++) {
        iw_arena_init(&arena, 0);
        assert_int_equal(
            iw_sysmon_config_read((struct iw_str){bytes, IW_LIMIT_PROOF_FILE_BYTES + over}, &arena,
                                  &config, &err),
            over == 0 ? IW_OK : IW_ELIMIT);
        iw_arena_done(&arena);
    }
    free(bytes);
    iw_arena_init(&arena, 0);
    bytes = malloc((IW_LIMIT_PROOF_STRANGERS + 3) * 4 + 64);
    assert_non_null(bytes);
    strcpy(bytes, "<Sysmon>");
    for (size_t i = 0; i < IW_LIMIT_PROOF_STRANGERS + 2; i++)
        strcat(bytes, "<x/>");
    strcat(bytes, "</Sysmon>");
    assert_int_equal(iw_sysmon_config_read(iw_str_of(bytes), &arena, &config, &err), IW_OK);
    assert_int_equal(config.n_strangers, IW_LIMIT_PROOF_STRANGERS);
    assert_int_equal(config.n_strangers_hidden, 2);
    free(bytes);
    iw_arena_done(&arena);
}

static void hashes_of_event_16(void **state)
{
    static const struct {
        const char *text;
        bool has;
    } HASHES[] = {
        {"SHA256=@256", true},
        {"sha256=@256", true},
        {"@256", true},
        {"SHA1=@1", true},
        {"MD5=@5,SHA256=x", true},
        {"SHA1=0, SHA256=@256", true},
        {"SHA256=", false},
        {"", false},
        {"SHA256=@256a", false},
        {"SHA256=00", false},
        {"SHA256=@1", true},
    };
    struct iw_sysmon_config config;
    struct iw_arena arena;
    struct iw_error err;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_sysmon_config_read(IW_STR("<Sysmon/>"), &arena, &config, &err), IW_OK);
    for (size_t i = 0; i < sizeof HASHES / sizeof HASHES[0]; i++) {
        char text[256] = "";
        const char *at = HASHES[i].text;
        for (; *at != '\0'; at++) {
            if (strncmp(at, "@256", 4) == 0) {
                strcat(text, SHA256_OF_EMPTY);
                at += 3;
            } else if (strncmp(at, "@1", 2) == 0) {
                strcat(text, SHA1_OF_EMPTY);
                at += 1;
            } else if (strncmp(at, "@5", 2) == 0) {
                strcat(text, MD5_OF_EMPTY);
                at += 1;
            } else {
                strncat(text, at, 1);
            }
        }
        if (iw_sysmon_config_has_hash(&config, iw_str_of(text)) != HASHES[i].has)
            fail_msg("case %zu: %s", i, HASHES[i].text);
    }
    iw_arena_done(&arena);
}

/* PowerShell writes UTF-16. */
static void utf16_is_read(void **state)
{
    static const char xml[] = HEAD "<FileCreate onmatch=\"exclude\"/>" TAIL;
    char wide[2 * sizeof xml] = "\xFF\xFE";
    struct iw_sysmon_config config;
    struct iw_arena arena;
    struct iw_error err;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof xml; i++) {
        wide[2 + 2 * i] = xml[i];
        wide[3 + 2 * i] = 0;
    }
    iw_arena_init(&arena, 0);
    assert_int_equal(
        iw_sysmon_config_read((struct iw_str){wide, 2 * sizeof xml}, &arena, &config, &err), IW_OK);
    assert_non_null(config.first);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_logged),
        cmocka_unit_test(endings_of_the_question),
        cmocka_unit_test(what_an_attack_does_first),
        cmocka_unit_test(what_is_told),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(limits),
        cmocka_unit_test(hashes_of_event_16),
        cmocka_unit_test(utf16_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
