/*
 * Attributes of one element, read from its text. Sources: Microsoft's reference of handlers/add,
 * requestFiltering/fileExtensions and hiddenSegments; XML 1.0 for quotes and references.
 */
#include "iis/web/web_tag.h"

#include "base/utf.h"
#include "iis/web/web_config_page.h"
#include "iis/web/web_context.h"

/* An element of a configuration is not longer; what is longer is no element here. */
#define TAG_BYTES 8192U

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* --- the element ------------------------------------------------------------------------------ */

/* From behind the `<` at *at* to its `>`, which no quotes are around; empty: it does not end. */
static struct iw_str tag_at(struct iw_str text, size_t at, uint64_t *looked_bytes)
{
    size_t end = at + 1;
    char quote = '\0';
    while (end < text.n && end - at < TAG_BYTES) {
        char c = text.p[end];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>' || c == '<')
            break;
        end++;
    }
    *looked_bytes += end - at;
    if (end == text.n || end - at == TAG_BYTES || text.p[end] != '>')
        return IW_STR("");
    return (struct iw_str){text.p + at + 1, end - at - 1};
}

static bool is_element(struct iw_str tag, struct iw_str lower)
{
    return iw_web_begins(tag, lower) && tag.n > lower.n && is_blank(tag.p[lower.n]);
}

/* --- attributes ------------------------------------------------------------------------------- */

static size_t skip(struct iw_str text, size_t at, bool blanks)
{
    while (at < text.n && is_blank(text.p[at]) == blanks && (blanks || text.p[at] != '='))
        at++;
    return at;
}

/* The next attribute of a tag at *at*. False: there is none. */
static bool next_attribute(struct iw_str tag, size_t *at, struct iw_str *ret_name,
                           struct iw_str *ret_value)
{
    size_t begin = skip(tag, *at, true), end = skip(tag, begin, false), value;
    *ret_name = (struct iw_str){tag.p + begin, end - begin};
    end = skip(tag, end, true);
    if (end == tag.n || tag.p[end] != '=')
        return false;
    value = skip(tag, end + 1, true);
    if (value == tag.n || (tag.p[value] != '"' && tag.p[value] != '\''))
        return false;
    for (end = value + 1; end < tag.n && tag.p[end] != tag.p[value]; end++)
        ;
    *ret_value = (struct iw_str){tag.p + value + 1, end - value - 1};
    *at = end + 1;
    return end < tag.n;
}

static int digit_of(char c, int base)
{
    int digit = c >= '0' && c <= '9' ? c - '0'
                : iw_ascii_lower(c) >= 'a' && iw_ascii_lower(c) <= 'f'
                    ? iw_ascii_lower(c) - 'a' + 10
                    : base;
    return digit < base ? digit : -1;
}

/* `&#46;` and `&#x2E;` at *at*, moved behind it; 0: it is none. */
static uint32_t number_at(struct iw_str text, size_t *at)
{
    bool is_hex = *at + 2 < text.n && text.p[*at + 2] == 'x';
    size_t i = *at + (is_hex ? 3 : 2);
    int base = is_hex ? 16 : 10, digit;
    uint32_t value = 0;
    while (i < text.n && (digit = digit_of(text.p[i], base)) >= 0) {
        value = value * (uint32_t)base + (uint32_t)digit;
        if (value > 0x10FFFF)
            return 0;
        i++;
    }
    if (i == text.n || text.p[i] != ';')
        return 0;
    *at = i + 1;
    return value;
}

/* One reference at *at*, moved behind it; 0: it is none. */
static uint32_t reference_at(struct iw_str text, size_t *at)
{
    static const struct {
        const char *text;
        char c;
    } NAMES[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    struct iw_str rest = {text.p + *at, text.n - *at};
    if (rest.n > 2 && rest.p[1] == '#')
        return number_at(text, at);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (!iw_web_begins(rest, iw_str_of(NAMES[i].text)))
            continue;
        *at += strlen(NAMES[i].text);
        return (uint8_t)NAMES[i].c;
    }
    return 0;
}

/* A value as it is meant: never longer than it is written. */
struct decoded {
    char room[TAG_BYTES];
    struct iw_str text;
};

static void decode(struct iw_str value, struct decoded *ret)
{
    size_t n = 0;
    for (size_t at = 0; at < value.n;) {
        uint32_t c = value.p[at] == '&' ? reference_at(value, &at) : 0;
        if (c != 0)
            n += iw_utf8_put(c, ret->room + n);
        else
            ret->room[n++] = value.p[at++];
    }
    ret->text = (struct iw_str){ret->room, n};
}

/* The value of an attribute; empty: it has none. *lower* is its name. */
static void attribute(struct iw_str tag, struct iw_str lower, struct decoded *ret)
{
    size_t at = skip(tag, 0, false);
    struct iw_str name, value;
    ret->text = IW_STR("");
    while (next_attribute(tag, &at, &name, &value)) {
        if (!iw_str_equal_nocase(name, lower))
            continue;
        decode(value, ret);
        return;
    }
}

static bool says(struct iw_str tag, struct iw_str lower, struct iw_str wanted)
{
    struct decoded value;
    attribute(tag, lower, &value);
    return iw_str_equal_nocase(value.text, wanted);
}

/* --- what it does ----------------------------------------------------------------------------- */

bool iw_web_tag_runs_configuration(struct iw_str text, size_t at, uint64_t *looked_bytes)
{
    struct iw_str tag = tag_at(text, at, looked_bytes);
    struct decoded path, type, modules, script;
    if (!is_element(tag, IW_STR("add")))
        return false;
    attribute(tag, IW_STR("path"), &path);
    if (iw_web_config_path_of(path.text) != IW_WEB_PATH_CONFIGURATION)
        return false;
    attribute(tag, IW_STR("type"), &type);
    attribute(tag, IW_STR("modules"), &modules);
    attribute(tag, IW_STR("scriptprocessor"), &script);
    return iw_web_handler_runs_files(type.text, modules.text, script.text);
}

bool iw_web_tag_lifts_filter(struct iw_str text, size_t at, uint64_t *looked_bytes)
{
    struct iw_str tag = tag_at(text, at, looked_bytes);
    if (!is_element(tag, IW_STR("add")) && !is_element(tag, IW_STR("remove")))
        return false;
    if (!says(tag, IW_STR("fileextension"), IW_STR(".config")) &&
        !says(tag, IW_STR("segment"), IW_STR("web.config")))
        return false;
    return is_element(tag, IW_STR("remove")) || says(tag, IW_STR("allowed"), IW_STR("true"));
}
