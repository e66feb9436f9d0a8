#include "coverage/switch_about.h"

#include "coverage/switch_programs.h"

#define MOST_NAME 64U /* bytes of a name of a function: those that are looked for are shorter */

/* Whether a text names what logs: what it names by a variable may be that. Get-EventLog and its
 * like name none. */
static bool is_telling(struct iw_str text)
{
    static const char *const NAMES[] = {"sysmon", "windows event log", "winevt\\"};
    static const struct iw_str SERVICE = {"eventlog", 8};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_holds_nocase(text, iw_str_of(NAMES[i])))
            return true;
    }
    if (!iw_str_holds_nocase(text, SERVICE))
        return false;
    for (size_t at = 0; at + SERVICE.n <= text.n; at++) {
        if ((at == 0 || strchr(" \t\r\n'\",(", text.p[at - 1]) != NULL) &&
            iw_str_begins_nocase((struct iw_str){text.p + at, text.n - at}, SERVICE))
            return true;
    }
    return false;
}

/* Whether a text has to do with logs of events: what it enables or disables may be one. */
static bool is_of_logs(struct iw_str text)
{
    static const char *const NAMES[] = {"listlog", "eventing", "eventlogc",
                                        "wevt",    "winevt",   "logproperties"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_holds_nocase(text, iw_str_of(NAMES[i])))
            return true;
    }
    return false;
}

/* Whether a text has to do with WMI: only objects of that delete services and processes. */
static bool is_of_management(struct iw_str text)
{
    return iw_str_holds_nocase(text, IW_STR("win32_")) ||
           iw_str_holds_nocase(text, IW_STR("wmi")) || iw_str_holds_nocase(text, IW_STR("cim"));
}

static bool has_own_words(struct iw_str text)
{
    bool has_one = false;
    static const struct iw_str FUNCTION = {"function", 8};
    for (size_t at = 0; at + FUNCTION.n < text.n; at++) {
        struct iw_str rest = {text.p + at, text.n - at}, name;
        const struct iw_switch_program *program;
        if (!iw_str_begins_nocase(rest, FUNCTION))
            continue;
        name = (struct iw_str){rest.p + FUNCTION.n, 0};
        while (name.n < MOST_NAME && name.p + name.n < text.p + text.n &&
               strchr("\r\n({", name.p[name.n]) == NULL) {
            bool is_before = strchr(" \t:", name.p[name.n]) != NULL; /* `global:Name` */
            if (is_before && name.n != 0 && name.p[name.n] != ':')
                break;
            name = is_before ? (struct iw_str){name.p + name.n + 1, 0}
                             : (struct iw_str){name.p, name.n + 1};
        }
        program = iw_switch_program_of(name);
        has_one |= program != NULL && program->role == IW_PROGRAM_SAYS;
    }
    return has_one;
}

static void look_at(struct iw_switch_about *about, struct iw_str text)
{
    about->is_telling = is_telling(text);
    about->is_of_logs = about->is_telling || is_of_logs(text);
    about->is_of_management = is_of_management(text);
    about->is_of_properties = iw_str_holds_nocase(text, IW_STR("LogProperties"));
}

struct iw_switch_about iw_switch_about(struct iw_str text)
{
    struct iw_switch_about about = {
        .text = text,
        .has_own_words = iw_str_holds_nocase(text, IW_STR("function")) && has_own_words(text)};
    if (text.n <= IW_SWITCH_ABOUT_BYTES)
        look_at(&about, text);
    else
        iw_switch_look_about(&about, 0);
    return about;
}

void iw_switch_look_about(struct iw_switch_about *about, size_t at)
{
    size_t piece = at / IW_SWITCH_ABOUT_BYTES, from, to;
    if (about->text.n <= IW_SWITCH_ABOUT_BYTES || about->n_looked == piece + 1)
        return;
    about->n_looked = piece + 1;
    from = piece != 0 ? (piece - 1) * IW_SWITCH_ABOUT_BYTES : 0;
    to = (piece + 2) * IW_SWITCH_ABOUT_BYTES;
    if (to > about->text.n)
        to = about->text.n;
    look_at(about, (struct iw_str){about->text.p + from, to - from});
}
