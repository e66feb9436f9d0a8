/*
 * Conversions of the taxonomy: what a record says, as Sysmon would write it (the forms are those of
 * Windows' own events: 4688, 4657, 5156, Defender 1116, Windows PowerShell 400).
 */
#include "event/taxonomy.h"

#include "event/value.h"

/* What Windows writes → what Sysmon writes. */
struct replacement {
    enum iw_taxonomy_change change;
    const char *from, *to;
};

static const struct replacement REPLACEMENTS[] = {
    {IW_TAXONOMY_INTEGRITY, "S-1-16-4096", "Low"},
    {IW_TAXONOMY_INTEGRITY, "S-1-16-8192", "Medium"},
    {IW_TAXONOMY_INTEGRITY, "S-1-16-12288", "High"},
    {IW_TAXONOMY_INTEGRITY, "S-1-16-16384", "System"},
    {IW_TAXONOMY_INITIATED, "%%14593", "true"},
    {IW_TAXONOMY_INITIATED, "%%14592", "false"},
    {IW_TAXONOMY_PROTOCOL, "6", "tcp"},
    {IW_TAXONOMY_PROTOCOL, "17", "udp"},
    {IW_TAXONOMY_OPERATION, "%%1904", "CreateKey"},
    {IW_TAXONOMY_OPERATION, "%%1905", "SetValue"},
    {IW_TAXONOMY_OPERATION, "%%1906", "DeleteValue"},
    {IW_TAXONOMY_OPERATION, "New registry value created", "CreateKey"},
    {IW_TAXONOMY_OPERATION, "Existing registry value modified", "SetValue"},
    {IW_TAXONOMY_OPERATION, "Registry value deleted", "DeleteValue"},
    {IW_TAXONOMY_NEW_VALUE, "%%1904", "SetValue"},
    {IW_TAXONOMY_NEW_VALUE, "New registry value created", "SetValue"},
};

/* The replacement of *text*; the text itself when there is none. */
static struct iw_str replace(enum iw_taxonomy_change change, struct iw_str text)
{
    for (size_t i = 0; i < sizeof REPLACEMENTS / sizeof REPLACEMENTS[0]; i++) {
        if (REPLACEMENTS[i].change == change &&
            iw_str_equal_nocase(iw_str_of(REPLACEMENTS[i].from), text))
            return iw_str_of(REPLACEMENTS[i].to);
    }
    return text;
}

static struct iw_str decimal(struct iw_value value, struct iw_arena *arena)
{
    uint64_t number = 0;
    char digits[20];
    size_t at = sizeof digits;

    if (!iw_value_u64(value, &number))
        return iw_value_text(value, arena);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return iw_arena_copy(arena, (struct iw_str){digits + at, sizeof digits - at});
}

/* `-` is how Windows writes "no account". */
static struct iw_str account(const struct iw_field *domain_field, struct iw_str name,
                             struct iw_arena *arena)
{
    struct iw_str domain = {"", 0};
    char *out;
    if (domain_field != NULL)
        domain = iw_value_text(iw_field_value(domain_field), arena);
    if (domain.p == NULL)
        return domain;
    if (domain.n == 0 || iw_str_equal(domain, IW_STR("-")))
        return name;
    out = iw_arena_alloc(arena, domain.n + 1 + name.n + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(out, domain.p, domain.n);
    out[domain.n] = '\\';
    memcpy(out + domain.n + 1, name.p, name.n);
    return (struct iw_str){out, domain.n + 1 + name.n};
}

/* --- registry --- */

static struct iw_str join(struct iw_str head, struct iw_str middle, struct iw_str tail,
                          struct iw_arena *arena)
{
    size_t n = head.n + middle.n + tail.n;
    char *out = iw_arena_alloc(arena, n + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(out, head.p, head.n);
    memcpy(out + head.n, middle.p, middle.n);
    memcpy(out + head.n + middle.n, tail.p, tail.n);
    return (struct iw_str){out, n};
}

static struct iw_str field_text(const struct iw_event *event, uint32_t id, struct iw_arena *arena)
{
    const struct iw_field *field = iw_event_find(event, id);
    return field != NULL ? iw_value_text(iw_field_value(field), arena) : IW_STR("");
}

/* The key by its short root, and the value's name, where there is one, behind it. */
static struct iw_str registry_key(struct iw_str key, struct iw_str value, struct iw_arena *arena)
{
    static const struct {
        struct iw_str from, to;
    } ROOTS[] = {{{"\\REGISTRY\\MACHINE", 17}, {"HKLM", 4}},
                 {{"\\REGISTRY\\USER", 14}, {"HKU", 3}}};
    struct iw_str root = IW_STR("");

    if (value.p == NULL)
        return value;
    for (size_t i = 0; i < sizeof ROOTS / sizeof ROOTS[0]; i++) {
        struct iw_str from = ROOTS[i].from;
        if (!iw_str_begins_nocase(key, from) || (key.n > from.n && key.p[from.n] != '\\'))
            continue;
        root = ROOTS[i].to;
        key = (struct iw_str){key.p + from.n, key.n - from.n};
        break;
    }
    key = join(root, key, IW_STR(""), arena);
    if (key.p == NULL || value.n == 0 || iw_str_equal(value, IW_STR("-")))
        return key;
    return join(key, IW_STR("\\"), value, arena);
}

/* *n* lower-case hex digits. */
static char *put_hex(char *out, uint64_t number, unsigned n)
{
    for (unsigned i = n; i-- != 0; number >>= 4)
        out[i] = "0123456789abcdef"[number & 15];
    return out + n;
}

/* %%1876 is REG_DWORD, %%1883 REG_QWORD: Sysmon writes `DWORD (0x00000001)` and
 * `QWORD (0x00000000-0x00000001)`. */
static struct iw_str registry_data(struct iw_value value, struct iw_str type,
                                   struct iw_arena *arena)
{
    bool is_dword =
        iw_str_equal(type, IW_STR("%%1876")) || iw_str_equal_nocase(type, IW_STR("REG_DWORD"));
    bool is_qword =
        iw_str_equal(type, IW_STR("%%1883")) || iw_str_equal_nocase(type, IW_STR("REG_QWORD"));
    char digits[22], *end;
    uint64_t number = 0;

    if (type.p == NULL)
        return type;
    if ((!is_dword && !is_qword) || !iw_value_u64(value, &number) ||
        (is_dword && number > UINT32_MAX))
        return iw_value_text(value, arena);
    if (is_dword)
        return join(IW_STR("DWORD (0x"),
                    (struct iw_str){digits, (size_t)(put_hex(digits, number, 8) - digits)},
                    IW_STR(")"), arena);
    end = put_hex(digits, number >> 32, 8);
    memcpy(end, "-0x", 3);
    end = put_hex(end + 3, number & UINT32_MAX, 8);
    return join(IW_STR("QWORD (0x"), (struct iw_str){digits, (size_t)(end - digits)}, IW_STR(")"),
                arena);
}

/* --- parts of a text --- */

/* `SHA1=…,MD5=…`: the part of one name. False: there is none. */
static bool hash_part(struct iw_str text, struct iw_str name, struct iw_str *ret)
{
    while (text.n != 0) {
        const char *comma = memchr(text.p, ',', text.n);
        struct iw_str part = {text.p, comma != NULL ? (size_t)(comma - text.p) : text.n};
        if (part.n > name.n && part.p[name.n] == '=' && iw_str_begins_nocase(part, name)) {
            *ret = (struct iw_str){part.p + name.n + 1, part.n - name.n - 1};
            return true;
        }
        text = comma != NULL ? (struct iw_str){comma + 1, text.n - part.n - 1} : IW_STR("");
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t line_end(struct iw_str text, size_t at)
{
    const char *end = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;
    return end != NULL ? (size_t)(end - text.p) : text.n;
}

/* Whether the line at *at* ends the value above it: it is empty, or `Name=…` set in as that was. */
static bool ends_value(struct iw_str text, size_t at, bool is_tabbed)
{
    if (at >= text.n || text.p[at] == '\r' || text.p[at] == '\n')
        return true;
    if (is_tabbed != (text.p[at] == '\t'))
        return false;
    at += is_tabbed;
    if (at == text.n || !is_letter(text.p[at]))
        return false;
    while (at < text.n && is_letter(text.p[at]))
        at++;
    return at < text.n && text.p[at] == '=';
}

/* The value of the line `Name=value`; it may go on over several lines. False: there is none. */
static bool line_part(struct iw_str text, struct iw_str name, struct iw_str *ret)
{
    for (size_t at = 0; at < text.n; at = line_end(text, at) + 1) {
        bool is_tabbed = text.p[at] == '\t';
        struct iw_str line = {text.p + at + is_tabbed, text.n - at - is_tabbed};
        size_t start, end;
        if (line.n <= name.n || line.p[name.n] != '=' || !iw_str_begins_nocase(line, name))
            continue;
        start = at + is_tabbed + name.n + 1;
        end = line_end(text, start);
        while (end < text.n && !ends_value(text, end + 1, is_tabbed))
            end = line_end(text, end + 1);
        while (end > start && (text.p[end - 1] == '\r' || text.p[end - 1] == '\n'))
            end--;
        *ret = (struct iw_str){text.p + start, end - start};
        return true;
    }
    return false;
}

/* The part named like the canonical field, in the first value of the record's field that has it. */
static enum iw_rc part_of(const struct iw_taxonomy_row *row, const struct iw_event *event,
                          struct iw_arena *arena, struct iw_str *ret)
{
    struct iw_str name = iw_field_canonical_text(row->canonical);

    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        struct iw_str text;
        if (field->name->id != row->from || field->place == IW_PLACE_RENDERING)
            continue;
        text = iw_value_text(iw_field_value(field), arena);
        if (text.p == NULL)
            return IW_ENOMEM;
        if (row->change == IW_TAXONOMY_HASH ? hash_part(text, name, ret)
                                            : line_part(text, name, ret))
            return IW_OK;
    }
    return IW_END;
}

static struct iw_str file_path(struct iw_str path)
{
    struct iw_str head = IW_STR("file:_");
    if (iw_str_begins_nocase(path, head))
        path = (struct iw_str){path.p + head.n, path.n - head.n};
    return path;
}

/* --- rows --- */

/* IW_END: there is no `+`, so the value would be there twice. */
static enum iw_rc with_spaces(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    char *out;
    if (text.n == 0 || memchr(text.p, '+', text.n) == NULL)
        return IW_END;
    out = iw_arena_alloc(arena, text.n);
    if (out == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < text.n; i++)
        out[i] = text.p[i] == '+' ? ' ' : text.p[i];
    *ret = (struct iw_str){out, text.n};
    return IW_OK;
}

/* `-` is how logs write "no query". */
static struct iw_str whole_url(struct iw_str stem, struct iw_str query, struct iw_arena *arena)
{
    char *out;
    if (query.p == NULL)
        return query;
    if (query.n == 0 || iw_str_equal(query, IW_STR("-")))
        return stem;
    out = iw_arena_alloc(arena, stem.n + 1 + query.n);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    if (stem.n != 0)
        memcpy(out, stem.p, stem.n);
    out[stem.n] = '?';
    memcpy(out + stem.n + 1, query.p, query.n);
    return (struct iw_str){out, stem.n + 1 + query.n};
}

static struct iw_str part_of_url(struct iw_str url, bool is_query)
{
    const char *mark = url.n != 0 ? memchr(url.p, '?', url.n) : NULL;
    size_t stem_n = mark != NULL ? (size_t)(mark - url.p) : url.n;
    if (!is_query)
        return (struct iw_str){url.p, stem_n};
    if (stem_n + 1 >= url.n)
        return IW_STR("-");
    return (struct iw_str){url.p + stem_n + 1, url.n - stem_n - 1};
}

enum iw_rc iw_taxonomy_value(const struct iw_taxonomy_row *row, const struct iw_event *event,
                             struct iw_arena *arena, struct iw_str *ret)
{
    const struct iw_field *field = iw_event_find(event, row->from);
    struct iw_str text;

    *ret = IW_STR("");
    if (field == NULL)
        return IW_END;
    switch (row->change) {
    case IW_TAXONOMY_HASH:
    case IW_TAXONOMY_LINE:
        return part_of(row, event, arena, ret);
    case IW_TAXONOMY_DECIMAL:
        *ret = decimal(iw_field_value(field), arena);
        return ret->p != NULL ? IW_OK : IW_ENOMEM;
    case IW_TAXONOMY_DATA:
        *ret = registry_data(iw_field_value(field), field_text(event, row->second, arena), arena);
        return ret->p != NULL ? IW_OK : IW_ENOMEM;
    case IW_TAXONOMY_AS_IS:
    case IW_TAXONOMY_ACCOUNT:
    case IW_TAXONOMY_INTEGRITY:
    case IW_TAXONOMY_INITIATED:
    case IW_TAXONOMY_PROTOCOL:
    case IW_TAXONOMY_OPERATION:
    case IW_TAXONOMY_NEW_VALUE:
    case IW_TAXONOMY_KEY:
    case IW_TAXONOMY_FILE:
    case IW_TAXONOMY_SPACES:
    case IW_TAXONOMY_URL:
    case IW_TAXONOMY_STEM:
    case IW_TAXONOMY_QUERY:
        break;
    }
    text = iw_value_text(iw_field_value(field), arena);
    if (text.p == NULL)
        return IW_ENOMEM;
    *ret = replace(row->change, text);
    if (row->change == IW_TAXONOMY_NEW_VALUE && ret->p == text.p)
        return IW_END;
    if (row->change == IW_TAXONOMY_ACCOUNT)
        *ret = account(iw_event_find(event, row->second), text, arena);
    else if (row->change == IW_TAXONOMY_KEY)
        *ret = registry_key(text, field_text(event, row->second, arena), arena);
    else if (row->change == IW_TAXONOMY_FILE)
        *ret = file_path(text);
    else if (row->change == IW_TAXONOMY_SPACES)
        return with_spaces(text, arena, ret);
    else if (row->change == IW_TAXONOMY_URL)
        *ret = whole_url(text, field_text(event, row->second, arena), arena);
    else if (row->change == IW_TAXONOMY_STEM || row->change == IW_TAXONOMY_QUERY)
        *ret = part_of_url(text, row->change == IW_TAXONOMY_QUERY);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}
