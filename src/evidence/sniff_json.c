/*
 * JSON by content. JSON alone says nothing: package lists and settings are JSON, too. A file is
 * read when names that only Windows events have stand in its first 1 MiB (the names that the
 * dialects of input/json need), also inside text that a log shipper wrapped; a first line that is
 * damaged does not hide the ones behind it.
 *
 * By line or as a whole: by line where lines are objects of their own, which lets threads share the
 * file; anything else (arrays, objects over several lines, one line without end) as a whole.
 */
#include "evidence/sniff_json.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/utf.h"

bool iw_sniff_is_json_name(struct iw_str path)
{
    return iw_str_ends_nocase(path, IW_STR(".json")) ||
           iw_str_ends_nocase(path, IW_STR(".ndjson")) ||
           iw_str_ends_nocase(path, IW_STR(".jsonl"));
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

static struct iw_str trim(struct iw_str text)
{
    while (text.n != 0 && is_space(text.p[0])) {
        text.p++;
        text.n--;
    }
    while (text.n != 0 && is_space(text.p[text.n - 1]))
        text.n--;
    return text;
}

bool iw_sniff_may_be_json(struct iw_str head, struct iw_str path)
{
    static const char MARKS[][3] = {
        {'\xEF', '\xBB', '\xBF'}, {'\xFF', '\xFE', 0}, {'\xFE', '\xFF', 0}};
    struct iw_str rest = head;
    if (iw_sniff_is_json_name(path))
        return true;
    for (size_t i = 0; i < 3; i++) {
        size_t n = i == 0 ? 3 : 2;
        if (rest.n >= n && memcmp(rest.p, MARKS[i], n) == 0)
            rest = (struct iw_str){rest.p + n, rest.n - n};
    }
    rest = trim(rest);
    if (rest.n != 0 && (rest.p[0] == '{' || rest.p[0] == '['))
        return true;
    return iw_str_find(head, IW_STR("\n{\"")) != SIZE_MAX ||
           iw_str_find(head, (struct iw_str){"\n\0{\0\"\0", 6}) != SIZE_MAX;
}

/* --- text
 * -------------------------------------------------------------------------------------------------------
 */

/* The head as UTF-8: borrowed, or made in *room* from UTF-16. */
static struct iw_str as_utf8(uint8_t *bytes, size_t n, char *room)
{
    bool little = n >= 4 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) ||
                             (bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0));
    bool big = n >= 4 && ((bytes[0] == 0xFE && bytes[1] == 0xFF) ||
                          (bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0));
    struct iw_str text = {(const char *)bytes, n};
    if (big) {
        for (size_t i = 0; i + 1 < n; i += 2) {
            uint8_t first = bytes[i];
            bytes[i] = bytes[i + 1];
            bytes[i + 1] = first;
        }
    }
    if (little || big)
        text = (struct iw_str){room, iw_utf16_to_utf8(bytes, n, room, NULL)};
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        text = (struct iw_str){text.p + 3, text.n - 3};
    return text;
}

/* Whether *name* stands there as a key: between quotes, which may be escaped. */
static bool has_key(struct iw_str text, const char *name)
{
    size_t n = strlen(name);
    for (size_t at = 0;;) {
        size_t hit = iw_str_find((struct iw_str){text.p + at, text.n - at}, iw_str_of(name));
        if (hit == SIZE_MAX)
            return false;
        at += hit;
        if (at != 0 && text.p[at - 1] == '"' && at + n < text.n &&
            (text.p[at + n] == '"' || text.p[at + n] == '\\'))
            return true;
        at++;
    }
}

static bool has_any_key(struct iw_str text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (has_key(text, names[i]))
            return true;
    }
    return false;
}

static bool holds_events(struct iw_str text)
{
    static const char *const IDS[] = {"EventID", "EventId", "EventCode",  "event_id",
                                      "eventID", "winlog",  "event.code", "winlog.event_id"};
    static const char *const PLACES[] = {
        "Channel",  "channel",        "EventLog",     "LogName",       "log_name",
        "winlog",   "winlog.channel", "ProviderName", "Provider_Name", "SourceName",
        "Provider", "provider_name",  "providerName", "System"};
    if (has_any_key(text, IDS, sizeof IDS / sizeof IDS[0]) &&
        has_any_key(text, PLACES, sizeof PLACES / sizeof PLACES[0]))
        return true;
    if (has_key(text, "Event") && (has_key(text, "EventData") || has_key(text, "System")))
        return true; /* evtx_dump: a long EventData may stand before System */
    return iw_str_find(text, IW_STR("\"<Event ")) != SIZE_MAX ||
           iw_str_find(text, IW_STR("\"<Event>")) != SIZE_MAX ||
           iw_str_find(text, IW_STR("\\u003cEvent ")) != SIZE_MAX ||
           iw_str_find(text, IW_STR("\\u003CEvent ")) != SIZE_MAX;
}

/* --- by line or not
 * ---------------------------------------------------------------------------------------------
 */

/* Takes the next whole line off *text*; false when there is none. */
static bool take_line(struct iw_str *text, bool is_all, struct iw_str *ret)
{
    const char *end = text->n != 0 ? memchr(text->p, '\n', text->n) : NULL;
    if (text->n == 0 || (end == NULL && !is_all))
        return false;
    ret->p = text->p;
    ret->n = end != NULL ? (size_t)(end - text->p) : text->n;
    text->n -= ret->n + (end != NULL);
    text->p += ret->n + (end != NULL);
    *ret = trim(*ret);
    return true;
}

static bool is_object_line(struct iw_str line)
{
    return line.n >= 2 && line.p[0] == '{' && line.p[line.n - 1] == '}';
}

static bool is_by_line(struct iw_str text, bool is_all)
{
    struct iw_str line;
    do {
        if (!take_line(&text, is_all, &line))
            return false;
    } while (line.n == 0);
    if (is_object_line(line))
        return true;
    /* A brace or bracket alone, or an array: not by line. Anything else may be one damaged line. */
    if (line.p[0] == '[' || line.n == 1)
        return false;
    while (take_line(&text, is_all, &line)) {
        if (is_object_line(line))
            return true;
    }
    return false;
}

/* --- the decision
 * -----------------------------------------------------------------------------------------------
 */

static void refuse(struct iw_sniffed *ret, enum iw_source_state state, const char *reason,
                   const char *other)
{
    ret->kind = IW_EVIDENCE_UNKNOWN;
    ret->kind_name = "json";
    ret->state = state;
    (void)snprintf(ret->reason, sizeof ret->reason, "%s%s", reason, other);
}

/* Named JSON and does not begin like it. */
static void refuse_named(struct iw_str bytes, const char *other, struct iw_sniffed *ret)
{
    if (iw_bytes_are_zero(bytes.p, bytes.n))
        refuse(ret, IW_SOURCE_LOST, "named as JSON, but begins with zeros only", "");
    else if (other != NULL)
        refuse(ret, IW_SOURCE_SKIPPED, "named as JSON, but looks like: ", other);
    else
        refuse(ret, IW_SOURCE_SKIPPED, "named as JSON, but does not begin like it", "");
}

static bool begins_like_json(struct iw_str text)
{
    struct iw_str rest = trim(text);
    return (rest.n != 0 && (rest.p[0] == '{' || rest.p[0] == '[')) ||
           iw_str_find(text, IW_STR("\n{\"")) != SIZE_MAX;
}

static void accept(struct iw_sniffed *ret, struct iw_str text, bool is_all)
{
    ret->kind = is_by_line(text, is_all) ? IW_EVIDENCE_JSON_LINES : IW_EVIDENCE_JSON;
    ret->state = IW_SOURCE_PENDING;
    ret->reason[0] = '\0';
}

/* The first record may be longer than the first look, and what tells an event may stand last in it.
 * Without memory for a further look the first one counts. */
static bool accept_further(int fd, struct iw_sniffed *ret)
{
    uint8_t *bytes = iw_malloc(IW_SNIFF_JSON_FURTHER_BYTES);
    char *room = iw_malloc(IW_SNIFF_JSON_FURTHER_BYTES / 2 * 3);
    bool is_event = false;
    int error;

    if (bytes != NULL && room != NULL) {
        size_t n = iw_fd_read_at(fd, bytes, IW_SNIFF_JSON_FURTHER_BYTES, 0, &error);
        struct iw_str text = as_utf8(bytes, n, room);
        is_event = holds_events(text);
        if (is_event)
            accept(ret, text, n < IW_SNIFF_JSON_FURTHER_BYTES);
    }
    iw_free(bytes);
    iw_free(room);
    return is_event;
}

bool iw_sniff_json(int fd, struct iw_str path, const char *other, struct iw_sniffed *ret)
{
    uint8_t bytes[IW_SNIFF_JSON_BYTES];
    char room[IW_SNIFF_JSON_BYTES / 2 * 3];
    struct iw_str text;
    int error;
    size_t n = iw_fd_read_at(fd, bytes, sizeof bytes, 0, &error);
    if (error != 0) {
        errno = error;
        return false;
    }
    text = as_utf8(bytes, n, room);
    ret->kind_name = "json";
    if (holds_events(text)) {
        accept(ret, text, n < sizeof bytes);
    } else if (begins_like_json(text)) {
        if (n < sizeof bytes || !accept_further(fd, ret))
            refuse(ret, IW_SOURCE_SKIPPED, "JSON, but no Windows events in its first 1 MiB", "");
    } else if (iw_sniff_is_json_name(path)) {
        refuse_named((struct iw_str){(const char *)bytes, n}, other, ret);
    } else {
        refuse(ret, IW_SOURCE_SKIPPED, "unknown type", "");
        ret->kind_name = "unknown";
    }
    return true;
}
