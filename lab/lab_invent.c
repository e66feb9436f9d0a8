/*
 * Inventing field values (see lab_invent.h).
 *
 * What it does: strings put together from small pools and random digits, so that no two records are
 * the same and about one string in a hundred is not ASCII; typed values from random numbers. No
 * printf on the way: this feeds a writer that must keep several hundred MB/s. What it ignores:
 * sense. Values have the right form and length, not a story; stories are in lab/scenarios.
 */
#include "lab/lab_invent.h"

#include "lab/evtx/lab_text.h"

#include <string.h>

static const char *const users[] = {"svc_web",        "svc_deploy",     "j.doe",    "a.smith",
                                    "WEB01$",         "SYSTEM",         "m.weber",  "backup",
                                    "DefaultAppPool", "LOCAL SERVICE",  "k.larsen", "p.novak",
                                    "o.tanaka",       "NETWORK SERVICE"};
static const char *const domains[] = {"LAB", "NT AUTHORITY", "IIS APPPOOL", "CORP", "EXAMPLE"};
static const char *const folders[] = {"C:\\Windows\\System32\\",
                                      "C:\\Windows\\SysWOW64\\",
                                      "C:\\Program Files\\Example\\Agent\\",
                                      "C:\\Windows\\System32\\inetsrv\\",
                                      "C:\\Program Files (x86)\\Common Files\\",
                                      "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\",
                                      "C:\\ProgramData\\Package Cache\\",
                                      "C:\\inetpub\\wwwroot\\shop\\bin\\"};
static const char *const names[] = {
    "svchost",  "w3wp",          "taskhostw",   "conhost", "services", "lsass",         "msmpeng",
    "wmiprvse", "searchindexer", "backupagent", "dllhost", "spoolsv",  "runtimebroker", "updater"};
static const char *const words[] = {"Get-ChildItem",
                                    "$items",
                                    "Where-Object",
                                    "-Path",
                                    "C:\\inetpub\\logs",
                                    "ForEach-Object",
                                    "{ $_.Length }",
                                    "Write-Output",
                                    "-Filter *.log",
                                    "Sort-Object",
                                    "Measure-Object",
                                    "Import-Module",
                                    "WebAdministration",
                                    "if ($null -ne $x)",
                                    "return",
                                    "-ErrorAction Stop"};
static const char *const foreign[] = {"Größe", "überprüft", "данные", "文件夹",
                                      "señal", "naïve",     "Łódź",   "🙂"};

#define PICK(invent, pool)                                                                         \
    ((pool)[iw_lab_invent_below((invent), (uint32_t)(sizeof(pool) / sizeof((pool)[0])))])

static uint64_t next_random(struct iw_lab_invent *invent)
{
    uint64_t z = (invent->state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

void iw_lab_invent_seed(struct iw_lab_invent *invent, uint64_t seed)
{
    invent->state = seed * 0xD1342543DE82EF95ULL + 1;
    invent->used_bytes = 0;
}

uint32_t iw_lab_invent_below(struct iw_lab_invent *invent, uint32_t below)
{
    return (uint32_t)(((next_random(invent) >> 32) * below) >> 32);
}

void iw_lab_invent_begin(struct iw_lab_invent *invent, uint64_t filetime)
{
    invent->filetime = filetime;
    invent->used_bytes = 0;
    iw_lab_text_print_time(filetime, invent->utc_time);
    invent->utc_time[10] = ' ';
    invent->utc_time[23] = '\0'; /* 2026-01-05 10:00:00.123 */
}

static void put_bytes(struct iw_lab_invent *invent, const char *bytes, size_t size_bytes)
{
    if (size_bytes <= sizeof invent->text - invent->used_bytes) {
        memcpy(invent->text + invent->used_bytes, bytes, size_bytes);
        invent->used_bytes += size_bytes;
    }
}

static void put(struct iw_lab_invent *invent, const char *text)
{
    put_bytes(invent, text, strlen(text));
}

static void put_hex(struct iw_lab_invent *invent, size_t n_digits)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[16];
    while (n_digits > 0) {
        size_t step = n_digits < sizeof text ? n_digits : sizeof text;
        uint64_t random = next_random(invent);
        for (size_t i = 0; i < step; i++) {
            text[i] = digits[(random >> (4 * i)) & 15U];
        }
        put_bytes(invent, text, step);
        n_digits -= step;
    }
}

static void put_number(struct iw_lab_invent *invent, uint32_t number)
{
    char text[12];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_bytes(invent, text + at, sizeof text - at);
}

static void put_image(struct iw_lab_invent *invent, const char *suffix)
{
    put(invent, PICK(invent, folders));
    put(invent, PICK(invent, names));
    if (iw_lab_invent_below(invent, 4) == 0) {
        put_number(invent, iw_lab_invent_below(invent, 1000));
    }
    if (iw_lab_invent_below(invent, 40) == 0) {
        put(invent, PICK(invent, foreign));
    }
    put(invent, suffix);
}

static void put_ip(struct iw_lab_invent *invent)
{
    put(invent, "10.");
    put_number(invent, iw_lab_invent_below(invent, 256));
    put(invent, ".");
    put_number(invent, iw_lab_invent_below(invent, 256));
    put(invent, ".");
    put_number(invent, 1 + iw_lab_invent_below(invent, 254));
}

static void put_guid(struct iw_lab_invent *invent)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    for (size_t i = 0; i < 5; i++) {
        put(invent, i == 0 ? "" : "-");
        put_hex(invent, groups[i]);
    }
}

static void put_words(struct iw_lab_invent *invent, uint32_t n_words)
{
    for (uint32_t i = 0; i < n_words; i++) {
        put(invent, i == 0 ? "" : " ");
        if (iw_lab_invent_below(invent, 400) == 0) {
            put(invent, PICK(invent, foreign));
        } else {
            put(invent, PICK(invent, words));
        }
    }
    put(invent, " #");
    put_number(invent, iw_lab_invent_below(invent, 1000000));
}

static void put_choice(struct iw_lab_invent *invent, const char *texts)
{
    uint32_t n_texts = 1;
    for (const char *at = texts; *at != '\0'; at++) {
        n_texts += *at == '|' ? 1 : 0;
    }
    uint32_t skip = iw_lab_invent_below(invent, n_texts);
    for (; skip > 0; skip--) {
        texts = strchr(texts, '|') + 1;
    }
    put_bytes(invent, texts, strcspn(texts, "|"));
}

static void put_text(struct iw_lab_invent *invent, const struct iw_lab_kind_field *field)
{
    switch (field->recipe) {
    case IW_LAB_RECIPE_CONSTANT:
        put(invent, field->text);
        break;
    case IW_LAB_RECIPE_CHOICE:
        put_choice(invent, field->text);
        break;
    case IW_LAB_RECIPE_UTC_TIME:
        put(invent, invent->utc_time);
        break;
    case IW_LAB_RECIPE_USER:
        put(invent, PICK(invent, users));
        break;
    case IW_LAB_RECIPE_DOMAIN:
        put(invent, PICK(invent, domains));
        break;
    case IW_LAB_RECIPE_DOMAIN_USER:
        put(invent, PICK(invent, domains));
        put(invent, "\\");
        put(invent, PICK(invent, users));
        break;
    case IW_LAB_RECIPE_HOST:
        put(invent, PICK(invent, names));
        put_number(invent, iw_lab_invent_below(invent, 500));
        put(invent, ".lab.example");
        break;
    case IW_LAB_RECIPE_IMAGE:
        put_image(invent, ".exe");
        break;
    case IW_LAB_RECIPE_DLL:
        put_image(invent, ".dll");
        break;
    case IW_LAB_RECIPE_COMMAND_LINE:
        put_image(invent, ".exe -k ");
        put(invent, PICK(invent, users));
        put(invent, " -p -s ");
        put_hex(invent, 8);
        break;
    case IW_LAB_RECIPE_FILE:
        put(invent, PICK(invent, folders));
        put_hex(invent, 12);
        put(invent, iw_lab_invent_below(invent, 50) == 0 ? "\\Übersicht.log" : "\\report.log");
        break;
    case IW_LAB_RECIPE_REGISTRY:
        put(invent, "HKLM\\System\\CurrentControlSet\\Services\\");
        put(invent, PICK(invent, names));
        put(invent, "\\Parameters\\");
        put_hex(invent, 8);
        break;
    case IW_LAB_RECIPE_HASHES:
        put(invent, "MD5=");
        put_hex(invent, 32);
        put(invent, ",SHA256=");
        put_hex(invent, 64);
        put(invent, ",IMPHASH=");
        put_hex(invent, 32);
        break;
    case IW_LAB_RECIPE_IP:
        put_ip(invent);
        break;
    case IW_LAB_RECIPE_CALL_TRACE:
        put(invent, "C:\\Windows\\SYSTEM32\\ntdll.dll+9d");
        put_hex(invent, 3);
        put(invent, "|C:\\Windows\\System32\\KERNELBASE.dll+2c");
        put_hex(invent, 3);
        put(invent, "|C:\\Windows\\System32\\wbem\\cimwin32.dll+7");
        put_hex(invent, 3);
        break;
    case IW_LAB_RECIPE_SCRIPT:
        put_words(invent, 8 + iw_lab_invent_below(invent, 40));
        break;
    case IW_LAB_RECIPE_GUID:
        put_guid(invent);
        break;
    case IW_LAB_RECIPE_NUMBER:
    case IW_LAB_RECIPE_PROCESS_ID:
    case IW_LAB_RECIPE_ZERO_GUID:
    case IW_LAB_RECIPE_LOGON_ID:
    case IW_LAB_RECIPE_SID:
    case IW_LAB_RECIPE_UNNAMED:
    case IW_LAB_RECIPE_BINARY:
        break;
    }
}

/* One of a program's command lines, its marks filled in. */
static void put_command(struct iw_lab_invent *invent, const struct iw_lab_program *program)
{
    uint32_t n_lines = 1;
    for (const char *at = program->commands; *at != '\0'; at++) {
        n_lines += *at == '\n' ? 1 : 0;
    }
    const char *at = program->commands;
    for (uint32_t skip = iw_lab_invent_below(invent, n_lines); skip > 0; skip--) {
        at = strchr(at, '\n') + 1;
    }
    for (; *at != '\0' && *at != '\n'; at++) {
        if (*at == '#') {
            put_number(invent, iw_lab_invent_below(invent, 100000));
        } else if (*at == '$') {
            put_hex(invent, 8);
        } else if (*at == '~') {
            put(invent, PICK(invent, names));
        } else {
            put_bytes(invent, at, 1);
        }
    }
}

/* Fields that tell of the program or its parent. False: it is another field. */
static bool put_program_field(struct iw_lab_invent *invent, const struct iw_lab_kind_field *field)
{
    const struct iw_lab_program *program = invent->program;
    if (program == NULL || field->name == NULL) {
        return false;
    }
    if (strcmp(field->name, "Image") == 0 || strcmp(field->name, "NewProcessName") == 0) {
        put(invent, program->image);
    } else if (strcmp(field->name, "ParentImage") == 0 ||
               strcmp(field->name, "ParentProcessName") == 0) {
        put(invent, invent->parent->image);
    } else if (strcmp(field->name, "OriginalFileName") == 0) {
        put(invent, program->original_name);
    } else if (strcmp(field->name, "Description") == 0) {
        put(invent, program->description);
    } else if (strcmp(field->name, "Company") == 0) {
        put(invent, program->company);
    } else if (strcmp(field->name, "CommandLine") == 0) {
        put_command(invent, program);
    } else if (strcmp(field->name, "ParentCommandLine") == 0) {
        put_command(invent, invent->parent);
    } else {
        return false;
    }
    return true;
}

/* Who starts a program: browsers start themselves, services are started by their manager. */
static const struct iw_lab_program *parent_of(struct iw_lab_invent *invent,
                                              const struct iw_lab_program *program)
{
    static const char *const services[] = {"svchost.exe",  "sppsvc.exe", "TrustedInstaller.exe",
                                           "services.exe", "agent.exe",  "backup.exe"};
    static const char *const tasks[] = {
        "taskhostw.exe",     "Wmiprvse.exe", "dllhost.exe",  "backgroundTaskHost.exe",
        "RuntimeBroker.exe", "UsoClient",    "MpCmdRun.exe", "WerFault.exe",
        "w3wp.exe",          "LogonUI.exe"};
    static const char *const shells[] = {"Cmd.Exe", "PowerShell.EXE"};
    static const char *const others[] = {"Cmd.Exe", "Cmd.Exe", "EXPLORER.EXE", "agent.exe",
                                         "svchost.exe"};
    if (strstr(program->commands, "--type=") != NULL) {
        return program;
    }
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(program->original_name, services[i]) == 0) {
            return iw_lab_program_named("services.exe");
        }
    }
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        if (strcmp(program->original_name, tasks[i]) == 0) {
            return iw_lab_program_named("svchost.exe");
        }
    }
    if (strcmp(program->original_name, "CONHOST.EXE") == 0) {
        return iw_lab_program_named(PICK(invent, shells));
    }
    return iw_lab_program_named(PICK(invent, others));
}

void iw_lab_invent_pick_programs(struct iw_lab_invent *invent)
{
    invent->program = iw_lab_program_at(iw_lab_invent_below(invent, iw_lab_programs_weight()));
    invent->parent = parent_of(invent, invent->program);
}

static struct iw_lab_value text_value(struct iw_lab_invent *invent, size_t from)
{
    return (struct iw_lab_value){.type = IW_LAB_TYPE_STRING,
                                 .data = invent->text + from,
                                 .size_bytes = (uint32_t)(invent->used_bytes - from)};
}

static struct iw_lab_value raw_value(struct iw_lab_invent *invent, uint8_t type, size_t size_bytes)
{
    size_t from = invent->used_bytes;
    for (size_t done = 0; done < size_bytes; done += 8) {
        uint64_t random = next_random(invent);
        put_bytes(invent, (const char *)&random, 8);
    }
    return iw_lab_value_bytes(type, invent->text + from, size_bytes);
}

static struct iw_lab_value sid_value(struct iw_lab_invent *invent)
{
    static const uint8_t system_sid[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    static const uint8_t head[] = {1,    5,    0,    0,    0,    0,    0,    5,
                                   21,   0,    0,    0,    0x11, 0x47, 0x2E, 0x5C,
                                   0x99, 0x10, 0xA4, 0x3B, 0x70, 0x18, 0xF0, 0x8A};
    if (iw_lab_invent_below(invent, 3) == 0) {
        return iw_lab_value_bytes(IW_LAB_TYPE_SID, system_sid, sizeof system_sid);
    }
    size_t from = invent->used_bytes;
    uint32_t account = 1000 + iw_lab_invent_below(invent, 4000);
    put_bytes(invent, (const char *)head, sizeof head);
    put_bytes(invent, (const char *)&account, sizeof account);
    return iw_lab_value_bytes(IW_LAB_TYPE_SID, invent->text + from, sizeof head + sizeof account);
}

static struct iw_lab_value unnamed_value(struct iw_lab_invent *invent, uint32_t n_items)
{
    for (uint32_t i = 0; i < n_items && i < IW_LAB_INVENT_ITEMS; i++) {
        size_t from = invent->used_bytes;
        if (i % 3 == 0) {
            put_image(invent, ".exe");
        } else if (i % 3 == 1) {
            put_number(invent, iw_lab_invent_below(invent, 100000));
        } else {
            put_hex(invent, 8);
        }
        invent->items[i] = text_value(invent, from);
    }
    return (struct iw_lab_value){
        .type = IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY, .items = invent->items, .n_items = n_items};
}

struct iw_lab_value iw_lab_invent_value(struct iw_lab_invent *invent,
                                        const struct iw_lab_kind_field *field)
{
    static const uint8_t zero_guid[16];
    uint8_t type = field->type == IW_LAB_TYPE_SIZE ? IW_LAB_TYPE_HEX64 : field->type;
    size_t from = invent->used_bytes;
    if (type == IW_LAB_TYPE_STRING) {
        if (!put_program_field(invent, field)) {
            put_text(invent, field);
        }
        return text_value(invent, from);
    }
    if (field->recipe == IW_LAB_RECIPE_NUMBER) {
        return iw_lab_value_number(type, iw_lab_invent_below(invent, field->number));
    }
    if (field->recipe == IW_LAB_RECIPE_PROCESS_ID) {
        return iw_lab_value_number(type, 4ULL * (100 + iw_lab_invent_below(invent, 3000)));
    }
    if (field->recipe == IW_LAB_RECIPE_LOGON_ID) {
        return iw_lab_value_number(type, 0x3E7U + iw_lab_invent_below(invent, 0x7FFFFFF));
    }
    if (field->recipe == IW_LAB_RECIPE_SID) {
        return sid_value(invent);
    }
    if (field->recipe == IW_LAB_RECIPE_UNNAMED) {
        return unnamed_value(invent, field->number);
    }
    if (field->recipe == IW_LAB_RECIPE_ZERO_GUID) {
        return iw_lab_value_bytes(type, zero_guid, sizeof zero_guid);
    }
    return raw_value(invent, type, type == IW_LAB_TYPE_GUID ? 16 : field->number);
}
