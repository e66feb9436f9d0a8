/*
 * Framing. Sound records are framed by counting brackets outside strings; at the first sign that
 * this count cannot be trusted (a string that runs over a line end, a closing quote followed by
 * something that cannot follow it, a brace where a key must stand, the wrong bracket) it stops and
 * leaves the record to the tolerant reader.
 */
#include "input/json/json_frame.h"

#define WRAPPER_LEVELS 3U
#define WRAPPER_MEMBERS 64U
/* Containers whose kind is known; a record that is deeper is the tolerant reader's. */
#define KNOWN_LEVELS 64U

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(struct iw_str text, size_t at)
{
    while (at < text.n && is_space(text.p[at]))
        at++;
    return at;
}

/* Moves *at* from behind an opening quote to behind the closing one. */
static enum json_frame_rc pass_string(struct iw_str text, size_t *at)
{
    for (size_t i = *at; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\') {
            i++;
        } else if (c == '\n') {
            return JSON_FRAME_BROKEN;
        } else if (c == '"') {
            size_t next = skip_space(text, i + 1);
            *at = i + 1;
            if (next == text.n)
                return JSON_FRAME_OPEN;
            return memchr(",:}]", text.p[next], 4) != NULL ? JSON_FRAME_WHOLE : JSON_FRAME_BROKEN;
        }
    }
    return JSON_FRAME_OPEN;
}

/* Passes over one container. */
static enum json_frame_rc pass_container(struct iw_str text, size_t *at)
{
    size_t depth = 0;
    uint64_t arrays = 0; /* a bit for each open container, the innermost lowest */
    char before = ':';   /* the last byte that is no space */
    while (*at < text.n) {
        char c = text.p[(*at)++];
        bool is_array = depth != 0 && (arrays & 1) != 0, is_known = depth <= KNOWN_LEVELS;
        if (is_space(c))
            continue;
        if (c == '"') {
            enum json_frame_rc rc = pass_string(text, at);
            if (rc != JSON_FRAME_WHOLE)
                return rc;
        } else if (c == '{' || c == '[') {
            if (is_known && !is_array && before != ':')
                return JSON_FRAME_BROKEN;
            arrays = arrays << 1 | (c == '[');
            depth++;
        } else if (c == '}' || c == ']') {
            if (is_known && is_array != (c == ']'))
                return JSON_FRAME_BROKEN;
            arrays >>= 1;
            if (--depth == 0)
                return JSON_FRAME_WHOLE;
            if (depth == KNOWN_LEVELS) /* what was shifted out is unknown */
                return JSON_FRAME_BROKEN;
        }
        before = c;
    }
    return JSON_FRAME_OPEN;
}

enum json_frame_rc json_frame(struct iw_str text, size_t *ret_end)
{
    *ret_end = 0;
    return pass_container(text, ret_end);
}

size_t json_space_between(struct iw_str text)
{
    static const char MARK[] = "\xEF\xBB\xBF";
    size_t at = 0;
    while (at < text.n) {
        char c = text.p[at];
        if (is_space(c) || c == '\0' || c == ',' || c == '\x1E')
            at++;
        else if (text.n - at >= 3 && memcmp(text.p + at, MARK, 3) == 0)
            at += 3;
        else
            break;
    }
    return at;
}

size_t json_next_at_indent(struct iw_str text, size_t indent)
{
    for (size_t at = 0; at < text.n;) {
        const char *line = memchr(text.p + at, '\n', text.n - at);
        size_t begin, end;
        if (line == NULL)
            break;
        begin = end = (size_t)(line - text.p) + 1;
        while (end < text.n && (text.p[end] == ' ' || text.p[end] == '\t'))
            end++;
        if (end - begin == indent && end < text.n && text.p[end] == '{')
            return end;
        at = begin;
    }
    return SIZE_MAX;
}

/* --- wrappers
 * ------------------------------------------------------------------------------------------------
 */

static bool is_one_of(struct iw_str key, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal(key, iw_str_of(names[i])))
            return true;
    }
    return false;
}

static bool is_wrapper_name(struct iw_str key)
{
    static const char *const NAMES[] = {"hits",    "records", "Records", "events",  "Events",
                                        "Event",   "results", "rows",    "logs",    "value",
                                        "entries", "items",   "data",    "response"};
    return is_one_of(key, NAMES, sizeof NAMES / sizeof NAMES[0]);
}

/* Names that an event has and a wrapper has not. */
static bool is_event_name(struct iw_str key)
{
    static const char *const NAMES[] = {"EventID",   "Channel",  "System",        "EventData",
                                        "winlog",    "event_id", "event_data",    "channel",
                                        "_source",   "message",  "Provider_Name", "SourceName",
                                        "EventTime", "Computer", "ProviderName"};
    return is_one_of(key, NAMES, sizeof NAMES / sizeof NAMES[0]);
}

bool json_names_event(struct iw_str text)
{
    for (size_t at = 0; at < text.n;) {
        const char *open = memchr(text.p + at, '"', text.n - at), *close;
        struct iw_str key;
        if (open == NULL)
            return false;
        key.p = open + 1;
        key.n = text.n - (size_t)(key.p - text.p);
        close = memchr(key.p, '"', key.n);
        if (close == NULL)
            return false;
        key.n = (size_t)(close - key.p);
        if (is_event_name(key))
            return true;
        at = (size_t)(close - text.p); /* the text may begin inside quotes */
    }
    return false;
}

/* Passes over a value that is of no interest. */
static enum json_frame_rc pass_value(struct iw_str text, size_t *at)
{
    if (*at == text.n)
        return JSON_FRAME_OPEN;
    if (text.p[*at] == '{' || text.p[*at] == '[')
        return pass_container(text, at);
    if (text.p[*at] == '"') {
        (*at)++;
        return pass_string(text, at);
    }
    while (*at < text.n && memchr(",}]{[\"", text.p[*at], 6) == NULL)
        (*at)++;
    return *at == text.n ? JSON_FRAME_OPEN : JSON_FRAME_WHOLE;
}

/* A key and its colon; *at* comes to stand at the value. */
static enum json_frame_rc pass_key(struct iw_str text, size_t *at, struct iw_str *ret)
{
    enum json_frame_rc rc;
    *at = skip_space(text, *at);
    if (*at == text.n)
        return JSON_FRAME_OPEN;
    if (text.p[*at] != '"')
        return JSON_FRAME_BROKEN;
    ret->p = text.p + ++*at;
    rc = pass_string(text, at);
    if (rc != JSON_FRAME_WHOLE)
        return rc;
    ret->n = (size_t)(text.p + *at - 1 - ret->p);
    *at = skip_space(text, *at);
    if (text.p[*at] != ':')
        return JSON_FRAME_BROKEN;
    *at = skip_space(text, *at + 1);
    return *at == text.n ? JSON_FRAME_OPEN : JSON_FRAME_WHOLE;
}

/* Looks through the members of the object that begins at *at*. WHOLE: a list of records begins
 * there. */
static enum json_frame_rc find_list(struct iw_str text, size_t *at, unsigned *levels)
{
    unsigned n_members = 0;
    *levels = 1;
    ++*at;
    while (n_members++ < WRAPPER_MEMBERS) {
        struct iw_str key;
        enum json_frame_rc rc = pass_key(text, at, &key);
        if (rc != JSON_FRAME_WHOLE)
            return rc;
        if (is_event_name(key))
            return JSON_FRAME_BROKEN;
        if (is_wrapper_name(key) && text.p[*at] == '[') {
            size_t first = skip_space(text, *at + 1);
            if (first == text.n)
                return JSON_FRAME_OPEN;
            *at += 1;
            *levels += 1;
            return text.p[first] == '{' || text.p[first] == ']' ? JSON_FRAME_WHOLE
                                                                : JSON_FRAME_BROKEN;
        }
        if (is_wrapper_name(key) && text.p[*at] == '{' && *levels < WRAPPER_LEVELS) {
            ++*at;
            ++*levels;
            continue;
        }
        rc = pass_value(text, at);
        if (rc != JSON_FRAME_WHOLE)
            return rc;
        *at = skip_space(text, *at);
        if (*at == text.n)
            return JSON_FRAME_OPEN;
        if (text.p[*at] != ',')
            return JSON_FRAME_BROKEN;
        ++*at;
    }
    return JSON_FRAME_BROKEN;
}

size_t json_wrapper(struct iw_str text, bool is_whole, unsigned *ret_levels)
{
    size_t at = 0;
    bool is_short = text.n < JSON_WRAPPER_BYTES;
    if (!is_short)
        text.n = JSON_WRAPPER_BYTES;
    switch (find_list(text, &at, ret_levels)) {
    case JSON_FRAME_WHOLE:
        return at;
    case JSON_FRAME_OPEN:
        return is_short && !is_whole ? SIZE_MAX : 0;
    case JSON_FRAME_BROKEN:
        break;
    }
    return 0;
}
