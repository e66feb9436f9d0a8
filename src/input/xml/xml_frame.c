/*
 * Framing of event XML: `<Event ...>` to `</Event>`, whatever prefix the names have and whatever
 * stands around them: no root, one root, several documents, one event a line, a log's prefix.
 *
 * XML 1.0 forbids `<` in text and attribute values, so that tags are found by `<` alone; comments
 * and CDATA sections (2.5, 2.7) are passed over where they end. Events do not nest, but any element
 * of a payload may be called Event: an `<Event` inside an event begins the next one only where it
 * has the namespace of events or <System> stands in it at once. Then the open one has lost its end.
 * A section that ends one event and begins another, or begins one without ending it, has lost
 * its own end.
 */
#include "input/xml/xml_frame.h"

#include <string.h>

#include "base/utf.h"

#define EVENTS_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"
/* What a log may write before or behind an event on its line. */
#define LONGEST_PREFIX_BYTES 8192U
/* How far a start tag is looked at to tell whether it begins an event, and an attribute that holds
 * a `<`. */
#define LOOK_BYTES 4096U
#define LONGEST_XML_PREFIX 64U

static const struct iw_str MARKS[XML_MARK_COUNT] = {
    [XML_MARK_COMMENT] = {"-->", 3},     [XML_MARK_CDATA] = {"]]>", 3},
    [XML_MARK_BOUNDARY] = {"Event>", 6}, [XML_MARK_START] = {"Event", 5},
    [XML_MARK_END] = {"Event>", 6},
};

struct view {
    const char *p;
    size_t n;
    bool no_more, at_end;
};

void xml_framer_begin(struct xml_framer *framer)
{
    memset(framer, 0, sizeof *framer);
}

size_t xml_framer_spare(const struct xml_framer *framer)
{
    return framer->in_event && !framer->is_skipping ? framer->event : framer->at;
}

static void move_back(size_t *at, size_t n)
{
    *at = *at > n ? *at - n : 0;
}

void xml_framer_drop(struct xml_framer *framer, size_t n)
{
    framer->dropped += n;
    move_back(&framer->at, n);
    move_back(&framer->event, n);
    move_back(&framer->tag, n);
}

struct iw_str xml_name_at(const char *p, size_t n, size_t at)
{
    size_t end = at;
    while (end < n && !xml_is_blank(p[end]) && memchr("/><=\"'", p[end], 6) == NULL)
        end++;
    return (struct iw_str){p + at, end - at};
}

struct iw_str xml_local_name(struct iw_str name)
{
    const char *colon = name.n != 0 ? memchr(name.p, ':', name.n) : NULL;
    size_t prefix = colon != NULL ? (size_t)(colon - name.p) + 1 : 0;
    if (prefix <= 1 || prefix == name.n)
        return name;
    return (struct iw_str){name.p + prefix, name.n - prefix};
}

static bool is_event_name(struct iw_str name)
{
    return name.n >= 5 && memcmp(name.p + name.n - 5, "Event", 5) == 0 &&
           xml_local_name(name).n == 5;
}

size_t xml_tag_end(const char *p, size_t n, size_t at)
{
    char quote = 0;
    for (size_t i = at + 1; i < n; i++) {
        if (p[i] == '<')
            return 0;
        if (quote != 0)
            quote = p[i] == quote ? 0 : quote;
        else if (p[i] == '"' || p[i] == '\'')
            quote = p[i];
        else if (p[i] == '>')
            return i + 1;
    }
    return 0;
}

/* Whether the bytes of a mark at *at* are one. */
static bool is_mark(const struct view *view, enum xml_mark kind, size_t at);

/* The next mark at *at* or behind and before *limit*; SIZE_MAX when there is none. */
static size_t find_mark(struct xml_framer *framer, const struct view *view, enum xml_mark kind,
                        size_t at, size_t limit)
{
    const struct iw_str mark = MARKS[kind];
    uint64_t here = framer->dropped + at;
    size_t from = at;
    const char *hit = NULL;

    if (framer->marks[kind].is_set && framer->marks[kind].from <= here &&
        here <= framer->marks[kind].to) {
        from = (size_t)(framer->marks[kind].to - framer->dropped);
        if (framer->marks[kind].is_found)
            return from < limit ? from : SIZE_MAX;
    } else {
        framer->marks[kind].from = here;
        framer->marks[kind].is_set = true;
    }
    while (from < limit) {
        hit = memmem(view->p + from, limit - from, mark.p, mark.n);
        if (hit == NULL || is_mark(view, kind, (size_t)(hit - view->p)))
            break;
        from = (size_t)(hit - view->p) + mark.n;
    }
    framer->marks[kind].is_found = hit != NULL && from < limit;
    if (framer->marks[kind].is_found) {
        framer->marks[kind].to = framer->dropped + (uint64_t)(hit - view->p);
        return (size_t)(hit - view->p);
    }
    if (limit >= mark.n && limit - mark.n + 1 > from)
        from = limit - mark.n + 1;
    framer->marks[kind].to = framer->dropped + from;
    return SIZE_MAX;
}

/* --- what begins at a `<`
 * ------------------------------------------------------------------------------------------ */

enum answer { NO = 0, YES, UNSURE };

/* Whether <Event at *at* (inside another event) is the beginning of the next one. */
static enum answer begins_record(const struct view *view, size_t at)
{
    size_t limit = view->n - at < LOOK_BYTES ? view->n : at + LOOK_BYTES;
    bool is_whole = view->no_more || limit < view->n || view->n - at >= LOOK_BYTES;
    size_t end = xml_tag_end(view->p, limit, at);

    if (end == 0) {
        const char *next = memchr(view->p + at + 1, '<', limit - at - 1);
        if (next == NULL && !is_whole)
            return UNSURE;
        end = next != NULL ? (size_t)(next - view->p) : limit;
    }
    if (memmem(view->p + at, end - at, EVENTS_NAMESPACE, sizeof EVENTS_NAMESPACE - 1) != NULL)
        return YES;
    while (end < limit && xml_is_blank(view->p[end]))
        end++;
    if (limit - end < 64 && !is_whole)
        return UNSURE;
    if (end >= limit || view->p[end] != '<')
        return NO;
    return iw_str_equal(xml_local_name(xml_name_at(view->p, limit, end + 1)), IW_STR("System"))
               ? YES
               : NO;
}

/* What to say when nothing is found in *left* bytes. */
static enum answer unless_more(const struct view *view, size_t left)
{
    return view->no_more || left >= LOOK_BYTES ? NO : UNSURE;
}

/* Whether the `<` at *at* stands in the instruction that begins at *tag*. */
static enum answer is_in_instruction(const struct view *view, size_t tag, size_t at)
{
    size_t left = view->n - at < LOOK_BYTES ? view->n - at : LOOK_BYTES;
    if (memmem(view->p + tag, at - tag, "?>", 2) != NULL)
        return NO;
    return memmem(view->p + at, left, "?>", 2) != NULL ? YES : unless_more(view, left);
}

/* Whether the `<` at *at* stands in the last tag: in an instruction, or in a quoted attribute,
 * which is not XML, but plain. */
static enum answer is_in_tag(const struct xml_framer *framer, const struct view *view, size_t at)
{
    size_t left = view->n - at < LOOK_BYTES ? view->n - at : LOOK_BYTES;
    char quote = 0;
    if (framer->tag >= at || at - framer->tag > LOOK_BYTES || view->p[framer->tag + 1] == '/')
        return NO;
    if (view->p[framer->tag + 1] == '?')
        return is_in_instruction(view, framer->tag, at);
    for (size_t i = framer->tag + 1; i < at; i++) {
        if (quote != 0)
            quote = view->p[i] == quote ? 0 : quote;
        else if (view->p[i] == '"' || view->p[i] == '\'')
            quote = view->p[i];
        else if (view->p[i] == '>')
            return NO;
    }
    for (size_t i = at + 1; quote != 0 && i < at + left; i++) {
        if (view->p[i] == quote)
            return YES;
        if (view->p[i] == '<' || view->p[i] == '\n')
            return NO;
    }
    return quote != 0 ? unless_more(view, left) : NO;
}

static bool begins_with(const struct view *view, size_t at, struct iw_str word)
{
    return view->n - at >= word.n && memcmp(view->p + at, word.p, word.n) == 0;
}

static bool begins_declaration(const struct view *view, size_t at)
{
    return begins_with(view, at, IW_STR("<!DOCTYPE")) || begins_with(view, at, IW_STR("<!ENTITY"));
}

/* The `<` of the tag whose name holds the word at *at*; SIZE_MAX when it is no such name. */
static size_t tag_of(const struct view *view, size_t at)
{
    for (size_t i = at; i > 0 && at - i < LONGEST_XML_PREFIX; i--) {
        if (view->p[i - 1] == '<')
            return i - 1;
        if (i == at ? view->p[i - 1] != ':' && view->p[i - 1] != '/' : xml_is_blank(view->p[i - 1]))
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

static bool is_mark(const struct view *view, enum xml_mark kind, size_t at)
{
    size_t tag;
    if (kind == XML_MARK_COMMENT || kind == XML_MARK_CDATA)
        return true;
    tag = tag_of(view, at);
    if (kind == XML_MARK_END)
        return tag != SIZE_MAX && view->p[tag + 1] == '/';
    if (kind == XML_MARK_BOUNDARY) {
        at += MARKS[XML_MARK_BOUNDARY].n;
        while (at < view->n && xml_is_blank(view->p[at]))
            at++;
        tag = at < view->n && view->p[at] == '<' ? at : SIZE_MAX;
    }
    return tag != SIZE_MAX && is_event_name(xml_name_at(view->p, view->n, tag + 1)) &&
           begins_record(view, tag) == YES;
}

/*
 * Whether a section inside an event has lost its end and this one is that of another event: one
 * event ends in it and the next begins, or one begins and does not end. The text of whole events is
 * text.
 */
static bool swallows_event(struct xml_framer *framer, const struct view *view, size_t at,
                           size_t end)
{
    size_t start;
    if (find_mark(framer, view, XML_MARK_BOUNDARY, at, end) < end)
        return true;
    start = find_mark(framer, view, XML_MARK_START, at, end);
    return start < end && find_mark(framer, view, XML_MARK_END, start, end) >= end;
}

/* Passes over a comment or CDATA section at framer->at; one without an end is text. False: more is
 * needed. */
static bool pass_section(struct xml_framer *framer, const struct view *view, enum xml_mark kind,
                         size_t head)
{
    size_t end = find_mark(framer, view, kind, framer->at + head, view->n);
    if (end == SIZE_MAX && !view->no_more)
        return false;
    if (end == SIZE_MAX ||
        (framer->in_event && swallows_event(framer, view, framer->at + head, end)))
        framer->at += head;
    else
        framer->at = end + MARKS[kind].n;
    return true;
}

/* --- inside an event
 * -----------------------------------------------------------------------------------------------
 */

static void open_event(struct xml_framer *framer, size_t at)
{
    framer->in_event = true;
    framer->is_skipping = framer->has_dtd = false;
    framer->event = framer->tag = at;
    framer->nested = 0;
    framer->at = at + 1;
}

/* The open event ends before *end*; what follows is looked at from *next* on. */
static struct xml_item close_event(struct xml_framer *framer, size_t end, size_t next,
                                   bool is_closed)
{
    struct xml_item item = {XML_ITEM_EVENT, framer->event, end, is_closed, framer->has_dtd};
    if (framer->is_skipping)
        item = (struct xml_item){XML_ITEM_LARGE_END, end, end, is_closed, false};
    framer->in_event = framer->is_skipping = false;
    framer->after_event = true;
    framer->in_query = false;
    framer->at = next;
    return item;
}

/* An event that lost its end, before the next one at *next*: what a log writes before that one on
 * its line does not belong to it. */
static size_t end_before(const struct xml_framer *framer, const struct view *view, size_t next)
{
    const char *line = memrchr(view->p + framer->tag, '\n', next - framer->tag);
    return line != NULL ? (size_t)(line - view->p) : next;
}

/* </Event at *at*, its name ending at *behind*. True: *ret is an item (or MORE). */
static bool take_event_end(struct xml_framer *framer, const struct view *view, size_t at,
                           size_t behind, struct xml_item *ret)
{
    enum answer in_tag = is_in_tag(framer, view, at);
    while (behind < view->n && xml_is_blank(view->p[behind]))
        behind++;
    if (in_tag == UNSURE || (behind == view->n && !view->no_more))
        return true;
    framer->at = at + 1;
    /* At the end of the text it may be half of another name. */
    if (in_tag == YES || behind == view->n)
        return false;
    framer->tag = at;
    if (framer->nested != 0) {
        framer->nested--;
        return false;
    }
    behind += behind < view->n && view->p[behind] == '>';
    *ret = close_event(framer, behind, behind, true);
    return true;
}

/* <Event at *at*: the next event, or an element of the payload. True: *ret is an item (or MORE). */
static bool take_event_start(struct xml_framer *framer, const struct view *view, size_t at,
                             struct xml_item *ret)
{
    enum answer begins = begins_record(view, at), in_tag = is_in_tag(framer, view, at);
    size_t end;
    if (begins == YES) {
        *ret = close_event(framer, end_before(framer, view, at), at, false);
        return true;
    }
    if (begins == UNSURE || in_tag == UNSURE)
        return true;
    framer->at = at + 1;
    if (in_tag == YES)
        return false;
    framer->tag = at;
    end = xml_tag_end(view->p, view->n - at > LOOK_BYTES ? at + LOOK_BYTES : view->n, at);
    framer->nested += end == 0 || view->p[end - 2] != '/';
    return false;
}

/* Looks at the `<` at framer->at in an event. True: *ret is an item (or MORE). */
static bool look_at_tag(struct xml_framer *framer, const struct view *view, struct xml_item *ret)
{
    size_t at = framer->at;
    bool is_end = view->p[at + 1] == '/';
    struct iw_str name = xml_name_at(view->p, view->n, at + (is_end ? 2 : 1));
    size_t behind = (size_t)(name.p - view->p) + name.n;

    *ret = (struct xml_item){.kind = XML_ITEM_MORE};
    if (behind == view->n && !view->no_more && name.n < LOOK_BYTES)
        return true;
    if (is_event_name(name))
        return is_end ? take_event_end(framer, view, at, behind, ret)
                      : take_event_start(framer, view, at, ret);
    framer->at++;
    /* <13> is how syslog begins a line. */
    if (view->p[at + 1] < '0' || view->p[at + 1] > '9')
        framer->tag = at;
    return false;
}

/* Looks at `<!` in an event. False: more is needed. */
static bool look_at_section(struct xml_framer *framer, const struct view *view)
{
    if (view->n - framer->at < 9 && !view->no_more)
        return false;
    if (!framer->is_skipping && begins_with(view, framer->at, IW_STR("<!--")))
        return pass_section(framer, view, XML_MARK_COMMENT, 4);
    if (!framer->is_skipping && begins_with(view, framer->at, IW_STR("<![CDATA[")))
        return pass_section(framer, view, XML_MARK_CDATA, 9);
    framer->has_dtd = framer->has_dtd || begins_declaration(view, framer->at);
    framer->at += 2;
    return true;
}

/* The view ends and the event does not. */
static struct xml_item want_more(struct xml_framer *framer, const struct view *view)
{
    struct xml_item item = {.kind = XML_ITEM_MORE};
    if (view->at_end)
        return close_event(framer, view->n, view->n, false);
    if (view->no_more && !framer->is_skipping) {
        item = (struct xml_item){.kind = XML_ITEM_LARGE, .begin = framer->event, .end = view->n};
        framer->is_skipping = true;
        framer->tag = framer->at;
    }
    return item;
}

static struct xml_item next_in_event(struct xml_framer *framer, const struct view *view)
{
    struct xml_item item;
    while (framer->at < view->n) {
        const char *hit = memchr(view->p + framer->at, '<', view->n - framer->at);
        if (hit == NULL) {
            framer->at = view->n;
            break;
        }
        framer->at = (size_t)(hit - view->p);
        if (view->n - framer->at < 2)
            break;
        if (hit[1] == '!') {
            if (!look_at_section(framer, view))
                return (struct xml_item){.kind = XML_ITEM_MORE};
        } else if (look_at_tag(framer, view, &item)) {
            if (item.kind == XML_ITEM_MORE)
                break;
            return item;
        }
    }
    return want_more(framer, view);
}

/* --- between events
 * ------------------------------------------------------------------------------------------------
 */

static size_t first_unblank(const char *p, size_t begin, size_t end)
{
    while (begin < end && (xml_is_blank(p[begin]) || memchr("\xEF\xBB\xBF", p[begin], 3) != NULL))
        begin++;
    return begin;
}

static bool is_plain(const char *p, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if ((unsigned char)p[i] < 0x20 && !xml_is_blank(p[i]))
            return false;
    }
    return iw_utf8_valid((struct iw_str){p + begin, end - begin});
}

/* Text between events that is neither white space nor what a log writes on the line of an event. */
static bool take_text(struct xml_framer *framer, const struct view *view, size_t end,
                      bool before_event, struct xml_item *ret)
{
    size_t begin = framer->at, first;
    const char *line;
    framer->at = end;
    if (framer->in_query)
        return false;
    if (framer->after_event) {
        line = memchr(view->p + begin, '\n', end - begin);
        first = line != NULL ? (size_t)(line - view->p) : end;
        if (first - begin <= LONGEST_PREFIX_BYTES)
            begin = first;
    }
    framer->after_event = false;
    if (before_event && begin < end) {
        line = memrchr(view->p + begin, '\n', end - begin);
        first = line != NULL ? (size_t)(line - view->p) : begin;
        if (end - first <= LONGEST_PREFIX_BYTES)
            end = first;
    }
    begin = first_unblank(view->p, begin, end);
    *ret = (struct xml_item){
        .kind = is_plain(view->p, begin, end) ? XML_ITEM_TEXT : XML_ITEM_JUNK,
        .begin = begin,
        .end = end,
    };
    return begin < end;
}

/* Elements that only stand inside an event: outside of one, they are what is left of it. */
static bool is_part_of_event(struct iw_str name)
{
    static const char *const PARTS[] = {
        "Event",         "System",        "EventData",   "UserData",
        "RenderingInfo", "Provider",      "EventID",     "Version",
        "Level",         "Task",          "Opcode",      "Keywords",
        "TimeCreated",   "EventRecordID", "Correlation", "Execution",
        "Channel",       "Computer",      "Security",    "Data",
        "ComplexData",   "Binary",        "DebugData",   "ProcessingErrorData"};
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        if (iw_str_equal(name, iw_str_of(PARTS[i])))
            return true;
    }
    return false;
}

/* The end of <!DOCTYPE at framer->at: behind its `>`, or before an event, another one, or outside
 * of a subset any `<`; 0 when there is none. */
static size_t doctype_end(const struct view *view, size_t at)
{
    size_t limit = view->n - at < XML_LONGEST_TAG_BYTES ? view->n : at + XML_LONGEST_TAG_BYTES;
    bool in_subset = false;
    char quote = 0;
    for (size_t i = at + 1; i < limit; i++) {
        char c = view->p[i];
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '[' || c == ']') {
            in_subset = c == '[';
        } else if (c == '>' && !in_subset) {
            return i + 1;
        } else if (c == '<' && (!in_subset || begins_with(view, i, IW_STR("<!DOCTYPE")) ||
                                is_event_name(xml_name_at(view->p, limit, i + 1)))) {
            return i;
        }
    }
    return 0;
}

static bool take_doctype(struct xml_framer *framer, const struct view *view, struct xml_item *ret)
{
    size_t at = framer->at, end = 0;
    /* What stands in a declaration that has no end was looked at with it. */
    bool is_hopeless = framer->dropped + at < framer->no_doctype_end;
    if (!is_hopeless)
        end = doctype_end(view, at);
    if (end == 0 && !is_hopeless && !view->no_more && view->n - at < XML_LONGEST_TAG_BYTES)
        return true; /* MORE */
    if (end == 0 && !is_hopeless)
        framer->no_doctype_end = framer->dropped + at + XML_LONGEST_TAG_BYTES;
    framer->at = end != 0 ? end : at + sizeof "<!ENTITY" - 1;
    *ret = (struct xml_item){.kind = XML_ITEM_DTD, .begin = at, .end = framer->at};
    return true;
}

/* <?...?>; one that meets a `<` first ends there. */
static bool take_instruction(struct xml_framer *framer, const struct view *view,
                             struct xml_item *ret)
{
    size_t at = framer->at;
    size_t limit = view->n - at < XML_LONGEST_TAG_BYTES ? view->n : at + XML_LONGEST_TAG_BYTES;
    size_t end = at + 2;
    while (end < limit && view->p[end] != '<' && !(view->p[end] == '>' && view->p[end - 1] == '?'))
        end++;
    if (end == limit && !view->no_more && view->n - at < XML_LONGEST_TAG_BYTES)
        return true; /* MORE */
    framer->at = end < limit && view->p[end] == '>' ? end + 1 : end;
    *ret = (struct xml_item){.kind = XML_ITEM_INSTRUCTION, .begin = at, .end = framer->at};
    return true;
}

/* A tag between events. True: *ret is an item or MORE. */
static bool take_tag(struct xml_framer *framer, const struct view *view, struct xml_item *ret)
{
    size_t at = framer->at, end;
    size_t limit = view->n - at < XML_LONGEST_TAG_BYTES ? view->n : at + XML_LONGEST_TAG_BYTES;
    bool is_end = view->n - at > 1 && view->p[at + 1] == '/';
    struct iw_str name = xml_local_name(xml_name_at(view->p, limit, at + (is_end ? 2 : 1)));
    const char *next;

    end = xml_tag_end(view->p, limit, at);
    if (end == 0) {
        next = memchr(view->p + at + 1, '<', limit - at - 1);
        if (next == NULL && !view->no_more && view->n - at < XML_LONGEST_TAG_BYTES)
            return true; /* MORE */
        end = next != NULL ? (size_t)(next - view->p) : limit;
        is_end = true; /* not a whole tag: whatever it is, it is no event */
        name = IW_STR("Event");
    }
    framer->at = end;
    framer->after_event = false;
    if (iw_str_equal(name, IW_STR("QueryList")))
        framer->in_query = !is_end;
    *ret = (struct xml_item){.kind = XML_ITEM_JUNK, .begin = at, .end = end};
    return is_part_of_event(name);
}

/* A comment: text where an event begins in it. True: *ret is an item or MORE. */
static bool take_comment(struct xml_framer *framer, const struct view *view, struct xml_item *ret)
{
    const size_t head = 4;
    size_t at = framer->at;
    if (!pass_section(framer, view, XML_MARK_COMMENT, head))
        return true;
    if (framer->at == at + head ||
        find_mark(framer, view, XML_MARK_START, at + head, framer->at) >= framer->at)
        return false;
    *ret = (struct xml_item){.kind = XML_ITEM_TEXT, .begin = at, .end = framer->at};
    return true;
}

/* What begins with the `<` at framer->at, between events. True: *ret is an item or MORE. */
static bool look_between(struct xml_framer *framer, const struct view *view, struct xml_item *ret)
{
    size_t at = framer->at;
    *ret = (struct xml_item){.kind = XML_ITEM_MORE};
    if (view->n - at < 9 && !view->no_more)
        return true;
    if (begins_with(view, at, IW_STR("<!--")))
        return take_comment(framer, view, ret);
    if (begins_declaration(view, at))
        return take_doctype(framer, view, ret);
    if (begins_with(view, at, IW_STR("<?")))
        return take_instruction(framer, view, ret);
    return take_tag(framer, view, ret);
}

/* <Event ...> at *at* opens an event; <Event/> is one. */
static struct xml_item begin_event(struct xml_framer *framer, const struct view *view, size_t at)
{
    size_t limit = view->n - at < XML_LONGEST_TAG_BYTES ? view->n : at + XML_LONGEST_TAG_BYTES;
    size_t end = xml_tag_end(view->p, limit, at);
    bool is_broken = end == 0 && memchr(view->p + at + 1, '<', limit - at - 1) != NULL;
    if (end == 0 && !is_broken && !view->no_more && view->n - at < XML_LONGEST_TAG_BYTES)
        return (struct xml_item){.kind = XML_ITEM_MORE};
    open_event(framer, at);
    if (end != 0 && view->p[end - 2] == '/')
        return close_event(framer, end, end, true);
    return next_in_event(framer, view);
}

static struct xml_item next_between(struct xml_framer *framer, const struct view *view)
{
    struct xml_item item;
    while (framer->at < view->n) {
        const char *hit = memchr(view->p + framer->at, '<', view->n - framer->at);
        size_t at = hit != NULL ? (size_t)(hit - view->p) : view->n;
        struct iw_str name = hit != NULL ? xml_name_at(view->p, view->n, at + 1) : IW_STR("");
        bool is_event = is_event_name(name);
        bool is_sure = hit != NULL ? at + 1 + name.n < view->n || name.n > LOOK_BYTES
                                   : (at - framer->at) / 4 > XML_LONGEST_TAG_BYTES;
        if (!is_sure && !view->no_more)
            return (struct xml_item){.kind = XML_ITEM_MORE};
        if (at > framer->at && take_text(framer, view, at, is_event, &item))
            return item;
        if (is_event)
            return begin_event(framer, view, at);
        if (hit != NULL && look_between(framer, view, &item))
            return item;
    }
    return (struct xml_item){.kind = view->at_end ? XML_ITEM_END : XML_ITEM_MORE};
}

struct xml_item xml_framer_next(struct xml_framer *framer, struct iw_str view, bool no_more,
                                bool at_end)
{
    const struct view shown = {view.p, view.n, no_more || at_end, at_end};
    return framer->in_event ? next_in_event(framer, &shown) : next_between(framer, &shown);
}
