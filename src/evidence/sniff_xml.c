/*
 * Is this Windows event XML? Other XML (configuration, task definitions, manifests) has elements of
 * its own, and an `<Event>` of another product has neither the namespace nor <System>.
 *
 * Not looked for: events behind the first 64 KiB.
 */
#include "evidence/sniff_xml.h"

#define EVENTS_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* UTF-16 as bytes: characters beyond 8 bits become `?`. Returns the number of characters. */
static size_t narrow(struct iw_str head, size_t low, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < head.n; i += 2)
        out[n++] = head.p[i + 1 - low] == 0 ? head.p[i + low] : '?';
    return n;
}

/* Which byte of each unit of UTF-16 is the low one; 2: no UTF-16. */
static size_t low_byte(struct iw_str head)
{
    if (head.n < 4)
        return 2;
    if (memcmp(head.p, "\xFF\xFE", 2) == 0)
        return 0;
    if (memcmp(head.p, "\xFE\xFF", 2) == 0)
        return 1;
    if (head.p[0] != 0 && head.p[1] == 0 && head.p[2] != 0 && head.p[3] == 0)
        return 0;
    return head.p[0] == 0 && head.p[1] != 0 && head.p[2] == 0 && head.p[3] != 0 ? 1 : 2;
}

/* Whether the name that ends before *end* follows a `<`, alone or behind a prefix. */
static bool is_element(struct iw_str text, size_t end, size_t name_bytes)
{
    size_t at = end - name_bytes;
    if (at == 0 || end == text.n ||
        (!is_blank(text.p[end]) && text.p[end] != '>' && text.p[end] != '/'))
        return false;
    if (text.p[at - 1] == '<')
        return true;
    if (text.p[at - 1] != ':')
        return false;
    for (at--; at > 0 && end - at < 64 && !is_blank(text.p[at - 1]); at--) {
        if (text.p[at - 1] == '<')
            return true;
    }
    return false;
}

/* Whether the <Event whose name ends before *at* is one of Windows. */
static bool is_windows_event(struct iw_str text, size_t at)
{
    struct iw_str rest = {text.p + at, text.n - at};
    size_t end = iw_str_find(rest, IW_STR(">")), system;
    if (end == SIZE_MAX)
        return false;
    if (iw_str_find((struct iw_str){rest.p, end}, IW_STR(EVENTS_NAMESPACE)) != SIZE_MAX)
        return true;
    for (at += end + 1; at < text.n && is_blank(text.p[at]);)
        at++;
    if (at == text.n || text.p[at] != '<')
        return false;
    rest = (struct iw_str){text.p + at, text.n - at < 64 ? text.n - at : 64};
    system = iw_str_find(rest, IW_STR("System"));
    return system != SIZE_MAX && iw_str_find(rest, IW_STR(">")) > system &&
           is_element(text, at + system + 6, 6);
}

bool iw_sniff_event_xml(struct iw_str head)
{
    char narrowed[IW_SNIFF_XML_BYTES / 2];
    size_t low = low_byte(head), first = 0, at = 0;
    struct iw_str text = {head.p, head.n < IW_SNIFF_XML_BYTES ? head.n : IW_SNIFF_XML_BYTES};

    if (low != 2)
        text = (struct iw_str){narrowed, narrow(text, low, narrowed)};
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        first = 3;
    while (first < text.n && is_blank(text.p[first]))
        first++;
    if (first == text.n || text.p[first] == '{' || text.p[first] == '[')
        return false;
    for (;;) {
        size_t hit = iw_str_find((struct iw_str){text.p + at, text.n - at}, IW_STR("Event"));
        if (hit == SIZE_MAX || memchr(text.p + at, 0, hit) != NULL)
            return false;
        at += hit + 5;
        if (is_element(text, at, 5) && is_windows_event(text, at))
            return true;
    }
}
