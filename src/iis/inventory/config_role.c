/*
 * Places: Microsoft's "Introduction to ApplicationHost.config", "Configuration history"; any number
 * of digits is taken in CFGHISTORY_N, because both seven and ten are documented.
 */
#include "iis/inventory/config_role.h"

#define INETSRV "\\system32\\inetsrv\\"

static bool ends(struct iw_str text, const char *with)
{
    return iw_str_ends_nocase(text, iw_str_of(with));
}

static bool holds(struct iw_str text, const char *what)
{
    return iw_str_find(text, iw_str_of(what)) != SIZE_MAX;
}

/* Parts whose name is theirs wherever they lie. */
static enum iw_config_part part_by_name(struct iw_str name)
{
    static const struct {
        const char *name;
        enum iw_config_part part;
    } NAMES[] = {
        {"administration.config", IW_CONFIG_PART_ADMINISTRATION},
        {"redirection.config", IW_CONFIG_PART_REDIRECTION},
        {"machine.config", IW_CONFIG_PART_MACHINE},
        {"aspnet.config", IW_CONFIG_PART_RUNTIME},
        {"w3wp.exe.config", IW_CONFIG_PART_RUNTIME},
        {"applicationHost.config", IW_CONFIG_PART_SERVER},
        {"web.config", IW_CONFIG_PART_WEB},
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(NAMES[i].name)))
            return NAMES[i].part;
    }
    return IW_CONFIG_PART_NONE;
}

/* With a path on the server: the folder decides between the live file and its copies. */
static enum iw_config_part part_by_place(const struct iw_collected_file *file)
{
    enum iw_config_part part = part_by_name(file->name);
    struct iw_str key = file->key;
    if (holds(key, "\\cfghistory_"))
        return part == IW_CONFIG_PART_SERVER ? IW_CONFIG_PART_HISTORY : IW_CONFIG_PART_NONE;
    if (holds(key, INETSRV "backup\\"))
        return part == IW_CONFIG_PART_SERVER ? IW_CONFIG_PART_BACKUP : IW_CONFIG_PART_NONE;
    if (holds(key, "\\temp\\apppools\\"))
        return ends(key, ".config") ? IW_CONFIG_PART_POOL : IW_CONFIG_PART_NONE;
    if (iw_config_framework(key).n != 0 && part == IW_CONFIG_PART_WEB)
        return ends(file->folder, "\\config") ? IW_CONFIG_PART_ROOT_WEB : IW_CONFIG_PART_WEB;
    return part;
}

/* Without one: a name that ends as such names do, then what stands in it. */
static enum iw_config_part part_by_content(const struct iw_collected_file *file, struct iw_str head)
{
    if (holds(head, "<system.applicationHost") || holds(head, "\"system.applicationHost\"") ||
        ends(file->name, "applicationHost.config"))
        return IW_CONFIG_PART_SERVER;
    if (holds(head, "<configurationRedirection"))
        return IW_CONFIG_PART_REDIRECTION;
    if (holds(head, "<moduleProviders") || holds(head, "\"moduleProviders\""))
        return IW_CONFIG_PART_ADMINISTRATION;
    if (holds(head, "<system.webServer") || holds(head, "<system.web") ||
        holds(head, "<location") || ends(file->name, "web.config"))
        return IW_CONFIG_PART_WEB;
    return IW_CONFIG_PART_NONE;
}

enum iw_config_part iw_config_part_of(const struct iw_collected_file *file, struct iw_str head)
{
    enum iw_config_part part = file->key.n != 0 ? part_by_place(file) : part_by_name(file->name);
    if (part != IW_CONFIG_PART_NONE || file->key.n != 0 || file->file->kind != IW_EVIDENCE_CONFIG)
        return part;
    return part_by_content(file, head);
}

uint32_t iw_config_history_number(struct iw_str key)
{
    static const char MARK[] = "\\cfghistory_";
    size_t at = iw_str_find(key, iw_str_of(MARK));
    uint32_t number = 0;
    if (at == SIZE_MAX)
        return 0;
    for (at += sizeof MARK - 1; at < key.n && key.p[at] >= '0' && key.p[at] <= '9'; at++) {
        if (__builtin_mul_overflow(number, 10U, &number) ||
            __builtin_add_overflow(number, (uint32_t)(key.p[at] - '0'), &number))
            return UINT32_MAX;
    }
    return number;
}

struct iw_str iw_config_framework(struct iw_str path)
{
    static const char MARK[] = "\\microsoft.net\\framework";
    for (size_t at = 0; at + sizeof MARK <= path.n; at++) {
        struct iw_str rest = {path.p + at, path.n - at};
        size_t from = sizeof "\\microsoft.net\\" - 1, end;
        if (!iw_str_begins_nocase(rest, iw_str_of(MARK)))
            continue;
        end = sizeof MARK - 1;
        while (end < rest.n && rest.p[end] != '\\') /* Framework, Framework64 */
            end++;
        if (end >= rest.n)
            break;
        end++;
        while (end < rest.n && rest.p[end] != '\\') /* v4.0.30319 */
            end++;
        return end < rest.n ? (struct iw_str){rest.p + from, end - from} : IW_STR("");
    }
    return IW_STR("");
}
