/*
 * A quick look at System. It only ever says what the parsers would say: anything it does not know
 * (a prefix, a reference, a comment, a byte beyond ASCII, an element twice) makes it give up, and
 * the event is parsed.
 */
#include "input/xml/xml_scan.h"

#include <string.h>

#include "input/xml/xml_frame.h"

struct scan {
    const char *p;
    size_t n, at;
    unsigned seen; /* bits of ELEMENTS */
};

/* Elements of System (Windows event schema, SystemPropertiesType). */
static const struct iw_str ELEMENTS[] = {
    {"EventID", 7},      {"Channel", 7},        {"Provider", 8}, {"Computer", 8},
    {"TimeCreated", 11}, {"EventRecordID", 13}, {"Version", 7},  {"Level", 5},
    {"Task", 4},         {"Opcode", 6},         {"Keywords", 8}, {"Correlation", 11},
    {"Execution", 9},    {"Security", 8},
};
enum { EVENT_ID = 0, CHANNEL, PROVIDER, COMPUTER, TIME, RECORD_ID, N_ELEMENTS = 14 };

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->n && xml_is_blank(scan->p[scan->at]))
        scan->at++;
}

static bool take(struct scan *scan, const char *word, size_t n)
{
    if (scan->n - scan->at < n || memcmp(scan->p + scan->at, word, n) != 0)
        return false;
    scan->at += n;
    return true;
}

/* Plain characters up to *end*; false when there are others. */
static bool take_plain(struct scan *scan, char end, struct iw_str *ret)
{
    size_t begin = scan->at;
    for (; scan->at < scan->n && scan->p[scan->at] != end; scan->at++) {
        unsigned char c = (unsigned char)scan->p[scan->at];
        if (c < 0x20 || c >= 0x7F || c == '<' || c == '&')
            return false;
    }
    *ret = (struct iw_str){scan->p + begin, scan->at - begin};
    return scan->at < scan->n;
}

static struct iw_str take_word(struct scan *scan)
{
    size_t begin = scan->at;
    while (scan->at < scan->n && ((scan->p[scan->at] >= 'A' && scan->p[scan->at] <= 'Z') ||
                                  (scan->p[scan->at] >= 'a' && scan->p[scan->at] <= 'z')))
        scan->at++;
    return (struct iw_str){scan->p + begin, scan->at - begin};
}

/* Attributes up to `>` or `/>`; the value of *wanted* into *ret*. False when unsure. */
static bool take_attributes(struct scan *scan, struct iw_str wanted, struct iw_str *ret,
                            bool *ret_empty)
{
    unsigned n_wanted = 0, n_blanks = 0;
    for (;;) {
        struct iw_str name, value;
        char quote;
        size_t before = scan->at;
        skip_blanks(scan);
        n_blanks = scan->at > before;
        if (scan->at == scan->n)
            return false;
        *ret_empty = scan->p[scan->at] == '/';
        if (*ret_empty)
            return take(scan, "/>", 2);
        if (scan->p[scan->at] == '>') {
            scan->at++;
            return true;
        }
        name = take_word(scan);
        if (name.n == 0 || n_blanks == 0 || !take(scan, "=", 1) || scan->at == scan->n)
            return false;
        quote = scan->p[scan->at++];
        if ((quote != '"' && quote != '\'') || !take_plain(scan, quote, &value))
            return false;
        scan->at++;
        if (!iw_str_equal(name, wanted))
            continue;
        *ret = value;
        if (++n_wanted > 1)
            return false;
    }
}

static struct iw_str trimmed(struct iw_str text)
{
    while (text.n != 0 && text.p[text.n - 1] == ' ')
        text.n--;
    while (text.n != 0 && text.p[0] == ' ') {
        text.p++;
        text.n--;
    }
    return text;
}

/* One child of System; its text, or for Provider and TimeCreated the attribute that counts. False
 * when unsure. */
static bool take_element(struct scan *scan, unsigned *ret_element, struct iw_str *ret)
{
    struct iw_str name, attribute = IW_STR(""), text = IW_STR("");
    unsigned i = 0;
    bool is_empty;

    name = take_word(scan);
    while (i < N_ELEMENTS && !iw_str_equal(name, ELEMENTS[i]))
        i++;
    if (i == N_ELEMENTS || (scan->seen >> i & 1U) != 0)
        return false;
    scan->seen |= 1U << i;
    *ret_element = i;
    if (!take_attributes(scan, i == TIME ? IW_STR("SystemTime") : IW_STR("Name"), &attribute,
                         &is_empty))
        return false;
    if (!is_empty) {
        if (!take_plain(scan, '<', &text) || !take(scan, "</", 2) || !take(scan, name.p, name.n) ||
            !take(scan, ">", 1))
            return false;
    }
    *ret = i == PROVIDER || i == TIME ? attribute : trimmed(text);
    return true;
}

static bool set(struct iw_event_head *head, unsigned element, struct iw_str value)
{
    const struct iw_value as_value = {(const uint8_t *)value.p, (uint32_t)value.n, IW_VALUE_UTF8};
    uint64_t number;
    switch (element) {
    case EVENT_ID:
        if (!iw_str_to_u64(value, &number) || number > UINT32_MAX)
            return false;
        head->event_id = (uint32_t)number;
        break;
    case CHANNEL:
        head->channel = value;
        break;
    case PROVIDER:
        head->provider = value;
        break;
    case COMPUTER:
        head->computer = value;
        break;
    case TIME:
        (void)iw_value_time(as_value, &head->created_ns);
        break;
    case RECORD_ID:
        (void)iw_value_u64(as_value, &head->record_id);
        break;
    default:
        break;
    }
    return true;
}

/* Behind the next name of a start tag <System>, with or without a prefix; SIZE_MAX without one. May
 * take text for one. */
static size_t next_system(struct iw_str text)
{
    static const struct iw_str SYSTEM = {"System", 6};
    size_t at = 0;
    for (;;) {
        size_t hit = iw_str_find((struct iw_str){text.p + at, text.n - at}, SYSTEM);
        if (hit == SIZE_MAX)
            return SIZE_MAX;
        at += hit + SYSTEM.n;
        if (at > SYSTEM.n && at < text.n &&
            (text.p[at - SYSTEM.n - 1] == '<' || text.p[at - SYSTEM.n - 1] == ':') &&
            (xml_is_blank(text.p[at]) || text.p[at] == '>' || text.p[at] == '/'))
            return at;
    }
}

bool xml_scan_head(struct iw_str event, struct iw_event_head *ret)
{
    struct scan scan = {event.p, event.n, 0, 0};
    struct iw_str value = IW_STR("");
    bool is_empty;
    unsigned element;

    *ret = (struct iw_event_head){.channel = IW_STR(""),
                                  .provider = IW_STR(""),
                                  .computer = IW_STR(""),
                                  .created_ns = IW_TIME_UNKNOWN};
    if (!take(&scan, "<Event", 6) || !take_attributes(&scan, IW_STR("xmlns"), &value, &is_empty) ||
        is_empty)
        return false;
    skip_blanks(&scan);
    if (!take(&scan, "<System>", 8))
        return false;
    for (;;) {
        skip_blanks(&scan);
        if (take(&scan, "</System>", 9))
            break;
        if (!take(&scan, "<", 1) || !take_element(&scan, &element, &value) ||
            !set(ret, element, value))
            return false;
    }
    return (scan.seen & (1U << EVENT_ID)) != 0 && ret->channel.n != 0 &&
           next_system((struct iw_str){event.p + scan.at, event.n - scan.at}) == SIZE_MAX;
}

bool xml_scan_has_two_systems(struct iw_str event)
{
    size_t at = next_system(event);
    return at != SIZE_MAX && next_system((struct iw_str){event.p + at, event.n - at}) != SIZE_MAX;
}
