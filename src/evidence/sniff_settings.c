/*
 * What each kind begins with (formats: the readers in coverage/settings):
 *
 * - Sysmon: XML whose first element is <Sysmon>; sniff_server.c finds the element.
 * - auditpol: its title in English; or a row of a report or backup, known in any language by the id
 *   of a subcategory in its fourth column.
 * - wevtutil gl: `name: ...`, then `enabled: ...`.
 * - audit entries: `Path : ...FileSystem::...`; or a name, then a security descriptor.
 */
#include "evidence/sniff_settings.h"

#include <string.h>

#define ID_CHARS 38U
#define ID_TAIL "-69AE-11D9-BED3-505054503030}"

static const struct iw_server_sniff NOTHING = {IW_EVIDENCE_UNKNOWN, NULL, NULL};

/* The next line that is not empty, without its end. False: none is left. */
static bool next_line(struct iw_str *rest, struct iw_str *ret)
{
    size_t n = 0;
    while (rest->n != 0 && strchr("\r\n \t", rest->p[0]) != NULL && rest->p[0] != '\0') {
        rest->p++;
        rest->n--;
    }
    while (n < rest->n && rest->p[n] != '\r' && rest->p[n] != '\n')
        n++;
    *ret = (struct iw_str){rest->p, n};
    rest->p += n;
    rest->n -= n;
    return n != 0;
}

/* `MACHINE,System,Name,{0CCE922B-69AE-11D9-BED3-505054503030},...`: names may be quoted, and hold
 * commas then. */
static bool is_policy_row(struct iw_str line)
{
    size_t at = iw_str_find(line, IW_STR(",{")), n_before = 0;
    struct iw_str id;
    if (at == SIZE_MAX || line.n - at - 1 < ID_CHARS + 1)
        return false;
    id = (struct iw_str){line.p + at + 1, ID_CHARS};
    for (size_t i = 0; i < at; i++)
        n_before += line.p[i] == ',';
    return n_before >= 2 && line.p[at + 1 + ID_CHARS] == ',' &&
           iw_str_ends_nocase(id, IW_STR(ID_TAIL));
}

static bool is_policy(struct iw_str text)
{
    struct iw_str rest = text, line;
    if (!next_line(&rest, &line))
        return false;
    if (iw_str_begins_nocase(line, IW_STR("System audit policy")) ||
        iw_str_begins_nocase(line, IW_STR("Machine Name,Policy Target,Subcategory,")))
        return true;
    /* The header of a report in another language, then rows. */
    return next_line(&rest, &line) && is_policy_row(line);
}

static bool is_channels(struct iw_str text)
{
    struct iw_str first, second;
    return next_line(&text, &first) && next_line(&text, &second) &&
           iw_str_begins_nocase(first, IW_STR("name: ")) &&
           iw_str_begins_nocase(second, IW_STR("enabled: "));
}

/* `D:AI(A;OICI;FA;;;BA)...`, with an owner and a group before it or not. */
static bool is_descriptor(struct iw_str line)
{
    return line.n > 4 && line.p[1] == ':' && strchr("OGDS", line.p[0]) != NULL &&
           line.p[2] != '\\' && line.p[2] != '/' && line.p[line.n - 1] == ')' &&
           iw_str_find(line, IW_STR(";;;")) != SIZE_MAX;
}

static bool is_entries(struct iw_str text)
{
    struct iw_str first, second;
    if (!next_line(&text, &first))
        return false;
    if (iw_str_begins_nocase(first, IW_STR("Path ")) &&
        iw_str_find(first, IW_STR("FileSystem::")) != SIZE_MAX)
        return true;
    return next_line(&text, &second) && text.n != 0 && is_descriptor(second);
}

struct iw_server_sniff iw_sniff_settings(struct iw_str text)
{
    if (is_policy(text))
        return (struct iw_server_sniff){IW_EVIDENCE_AUDIT_POLICY, "audit-policy", "audit policy"};
    if (is_channels(text))
        return (struct iw_server_sniff){IW_EVIDENCE_CHANNELS, "channels", "settings of channels"};
    if (is_entries(text))
        return (struct iw_server_sniff){IW_EVIDENCE_AUDIT_ENTRIES, "audit-entries",
                                        "list of audit entries"};
    return NOTHING;
}
