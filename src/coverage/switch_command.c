/*
 * A table of programs and commands, and a function for each that reads its words.
 *
 * Sources: Microsoft's pages of wevtutil, fltmc, sc, net, taskkill, auditpol, logman and reg, of
 * the modules Microsoft.PowerShell.Management and EventTracingManagement, and of Sysmon.
 *
 * Left out on purpose: what switches something else on (an event says that it is, or the log goes
 * on); what makes a log smaller (it begins late then); commands that name another host; names of
 * programs that were changed; names of subcategories in other languages than English (their GUIDs
 * are read).
 */
#include "coverage/switch_command.h"

#include "base/limits.h"
#include "base/path_name.h"
#include "coverage/raw_text.h"
#include "coverage/switch_asking.h"
#include "coverage/switch_words.h"

static const struct {
    const char *program;
    iw_ask *ask;
} PROGRAMS[] = {
    {"wevtutil", iw_ask_wevtutil},
    {"fltmc", iw_ask_fltmc},
    {"sc", iw_ask_sc},
    {"net", iw_ask_net},
    {"net1", iw_ask_net},
    {"taskkill", iw_ask_kill},
    {"sysmon", iw_ask_sysmon},
    {"sysmon64", iw_ask_sysmon},
    {"sysmon64a", iw_ask_sysmon},
    {"auditpol", iw_ask_auditpol},
    {"logman", iw_ask_logman},
    {"reg", iw_ask_reg},
    {"Stop-Service", iw_ask_stop_service},
    {"Remove-Service", iw_ask_stop_service},
    {"Set-Service", iw_ask_set_service},
    {"Stop-Process", iw_ask_kill},
    {"Clear-EventLog", iw_ask_clear},
    {"Remove-EventLog", iw_ask_clear},
    {"Stop-EtwTraceSession", iw_ask_session},
    {"Remove-EtwTraceSession", iw_ask_session},
    {"Remove-EtwTraceProvider", iw_ask_provider},
    {"Set-ItemProperty", iw_ask_item},
    {"New-ItemProperty", iw_ask_item},
    {"New-Item", iw_ask_item},
    {"Invoke-Phant0m", iw_ask_phantom},
};

#define N_PROGRAMS (sizeof PROGRAMS / sizeof PROGRAMS[0])

/* N_PROGRAMS: none. */
static size_t program_of(struct iw_str word)
{
    struct iw_str stem = iw_program_stem(word);
    size_t i = 0;
    while (i < N_PROGRAMS && !iw_word_is(stem, PROGRAMS[i].program))
        i++;
    return i;
}

static bool is_powershell(struct iw_str image)
{
    struct iw_str stem = iw_program_stem(image);
    return iw_word_is(stem, "powershell") || iw_word_is(stem, "pwsh");
}

/* The names before `.exe`: nearly every process is told by its last letter to be none of them. */
bool iw_command_switch_may_be(const struct iw_field *image)
{
    static const struct iw_str STEMS[] = {
        {"wevtutil", 8}, {"fltmc", 5},  {"\\sc", 3},        {"\\net", 4},     {"\\net1", 5},
        {"taskkill", 8}, {"sysmon", 6}, {"sysmon64", 8},    {"sysmon64a", 9}, {"auditpol", 8},
        {"logman", 6},   {"\\reg", 4},  {"powershell", 10}, {"pwsh", 4}};
    const struct iw_str ending = IW_STR(".exe");
    struct iw_field stem;
    uint32_t width;
    char last;
    if (!iw_raw_may_end(image, ending))
        return false;
    if (image->type != IW_VALUE_UTF16 && image->type != IW_VALUE_UTF8)
        return true;
    stem = *image;
    width = stem.type == IW_VALUE_UTF16 ? 2 : 1;
    stem.n -= (uint32_t)ending.n * width;
    if (stem.n < width)
        return false;
    last = iw_ascii_lower((char)stem.p[stem.n - width]);
    for (size_t i = 0; i < sizeof STEMS / sizeof STEMS[0]; i++) {
        if (last == STEMS[i].p[STEMS[i].n - 1] && iw_raw_may_end(&stem, STEMS[i]))
            return true;
    }
    return false;
}

static enum iw_rc ask(size_t program, const struct iw_switch_words *words, size_t begin,
                      struct iw_str name, struct iw_arena *scratch, struct iw_command_switch *ret)
{
    struct iw_asking asking = {.words = words->items + begin,
                               .n = words->n - begin,
                               .scratch = scratch,
                               .made = {.program = name}};
    bool is_one = PROGRAMS[program].ask(&asking);
    *ret = asking.made;
    if (asking.no_memory)
        return IW_ENOMEM;
    return is_one ? IW_OK : IW_END;
}

/* What defines a command does not call it. */
static bool defines(struct iw_str word)
{
    return iw_word_is(word, "function") || iw_word_is(word, "filter");
}

static enum iw_rc of_text(struct iw_str text, enum iw_switch_text kind, size_t nth,
                          struct iw_arena *scratch, struct iw_command_switch *ret)
{
    struct iw_switch_reader reader;
    struct iw_switch_words words;
    size_t n = 0;
    IW_TRY(iw_switch_reader_begin(&reader, text, kind, scratch));
    while (n < IW_LIMIT_SWITCHES_OF_EVENT && iw_switch_reader_next(&reader, &words)) {
        for (size_t i = 0; i < words.n && !defines(words.items[i]); i++) {
            size_t program = program_of(words.items[i]);
            enum iw_rc rc = IW_END;
            if (program < N_PROGRAMS)
                rc = ask(program, &words, i + 1, words.items[i], scratch, ret);
            if (rc == IW_ENOMEM || (rc == IW_OK && n++ == nth))
                return rc;
            if (rc == IW_OK)
                break;
        }
    }
    return IW_END;
}

enum iw_rc iw_command_switch_of_script(struct iw_str text, size_t nth, struct iw_arena *scratch,
                                       struct iw_command_switch *ret)
{
    static const char *const TELLING[] = {"sysmon", "event", "evt", "audit", "minint", "phant0m"};
    for (size_t i = 0; i < sizeof TELLING / sizeof TELLING[0]; i++) {
        if (iw_str_holds_nocase(text, iw_str_of(TELLING[i])))
            return of_text(text, IW_SWITCH_SCRIPT, nth, scratch, ret);
    }
    return IW_END;
}

enum iw_rc iw_command_switch_of_process(struct iw_str image, struct iw_str command_line, size_t nth,
                                        struct iw_arena *scratch, struct iw_command_switch *ret)
{
    struct iw_switch_reader reader;
    struct iw_switch_words words;
    size_t program = program_of(image);
    if (is_powershell(image))
        return of_text(command_line, IW_SWITCH_SCRIPT_ARGUMENT, nth, scratch, ret);
    if (nth != 0 || program >= N_PROGRAMS)
        return IW_END;
    IW_TRY(iw_switch_reader_begin(&reader, command_line, IW_SWITCH_COMMAND, scratch));
    if (!iw_switch_reader_next(&reader, &words))
        return IW_END;
    return ask(program, &words, 1, iw_path_name(image), scratch, ret);
}
