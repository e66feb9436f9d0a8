/*
 * Attributes of one element, read from its text. Sources: Microsoft's reference of handlers/add,
 * requestFiltering/fileExtensions and hiddenSegments.
 */
#include "iis/web/web_tag.h"

#include "iis/web/web_context.h"

/* An element of a configuration is not longer. */
#define TAG_BYTES 1024U

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* From its `<` to its `>`, without them; empty: none is around the place. */
static struct iw_str tag_around(struct iw_str text, size_t at)
{
    size_t begin = at, end = at;
    while (begin > 0 && at - begin < TAG_BYTES && text.p[begin - 1] != '<' &&
           text.p[begin - 1] != '>')
        begin--;
    while (end < text.n && end - at < TAG_BYTES && text.p[end] != '>' && text.p[end] != '<')
        end++;
    if (begin == 0 || text.p[begin - 1] != '<' || end == text.n || text.p[end] != '>')
        return IW_STR("");
    return (struct iw_str){text.p + begin, end - begin};
}

static bool is_element(struct iw_str tag, struct iw_str lower)
{
    return iw_web_begins(tag, lower) && tag.n > lower.n && is_blank(tag.p[lower.n]);
}

/* The value of an attribute; empty: it has none. *lower* is its name. */
static struct iw_str attribute(struct iw_str tag, struct iw_str lower)
{
    for (size_t i = 1; i + lower.n < tag.n; i++) {
        struct iw_str rest = {tag.p + i, tag.n - i};
        size_t at = lower.n, end;
        if (!is_blank(tag.p[i - 1]) || !iw_web_begins(rest, lower))
            continue;
        while (at < rest.n && is_blank(rest.p[at]))
            at++;
        if (at == rest.n || rest.p[at++] != '=')
            continue;
        while (at < rest.n && is_blank(rest.p[at]))
            at++;
        if (at == rest.n || (rest.p[at] != '"' && rest.p[at] != '\''))
            continue;
        for (end = at + 1; end < rest.n && rest.p[end] != rest.p[at]; end++)
            ;
        return end < rest.n ? (struct iw_str){rest.p + at + 1, end - at - 1} : IW_STR("");
    }
    return IW_STR("");
}

bool iw_web_tag_runs_configuration(struct iw_str text, size_t at)
{
    struct iw_str tag = tag_around(text, at), path, type;
    if (!is_element(tag, IW_STR("add")))
        return false;
    path = attribute(tag, IW_STR("path"));
    if (!iw_str_equal_nocase(path, IW_STR("*.config")) &&
        !iw_str_equal_nocase(path, IW_STR("web.config")))
        return false;
    type = attribute(tag, IW_STR("type"));
    return attribute(tag, IW_STR("scriptprocessor")).n != 0 ||
           iw_web_find(type, IW_STR("pagehandlerfactory")) != SIZE_MAX ||
           iw_web_find(type, IW_STR("simplehandlerfactory")) != SIZE_MAX;
}

bool iw_web_tag_lifts_filter(struct iw_str text, size_t at)
{
    struct iw_str tag = tag_around(text, at);
    if (!iw_str_equal_nocase(attribute(tag, IW_STR("fileextension")), IW_STR(".config")) &&
        !iw_str_equal_nocase(attribute(tag, IW_STR("segment")), IW_STR("web.config")))
        return false;
    return is_element(tag, IW_STR("remove")) ||
           (is_element(tag, IW_STR("add")) &&
            iw_str_equal_nocase(attribute(tag, IW_STR("allowed")), IW_STR("true")));
}
