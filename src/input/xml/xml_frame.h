/**
 * Framing: where one event of a text begins and ends, found without a parser, so that a broken
 * event never takes its neighbours with it.
 *
 * The caller shows a growing piece of text (the view) and takes items off it: events, and what
 * stands between them. The framer remembers how far it has looked; nothing is looked at twice, and
 * its cost is linear in the text whatever stands in it. One framer per text, one thread.
 */
#ifndef IW_INPUT_XML_FRAME_H
#define IW_INPUT_XML_FRAME_H

#include "base/str.h"

/** Bytes a start tag, a processing instruction or a document type may have. */
#define XML_LONGEST_TAG_BYTES 65536U

enum xml_item_kind {
    XML_ITEM_MORE = 0, /* more of the text is needed first */
    XML_ITEM_END,      /* the text is over */
    XML_ITEM_EVENT,
    XML_ITEM_LARGE,     /* the view is full of one event; it is passed over */
    XML_ITEM_LARGE_END, /* here it ends */
    XML_ITEM_JUNK,      /* what is left of an event: its tags, or bytes that are no text */
    XML_ITEM_TEXT, /* plain text, and a comment with an event in it; not for white space and for
                      what a log writes before and behind an event on its line */
    XML_ITEM_INSTRUCTION, /* <?...?> between events */
    XML_ITEM_DTD,         /* <!DOCTYPE ...> between events */
};

struct xml_item {
    enum xml_item_kind kind;
    size_t begin, end; /* in the view */
    bool is_closed;    /* EVENT: its end tag is there */
    bool has_dtd;      /* EVENT: a document type or an entity is declared inside it */
};

enum xml_mark {
    XML_MARK_COMMENT = 0, /* the end of a comment */
    XML_MARK_CDATA,       /* of a CDATA section */
    XML_MARK_BOUNDARY,    /* the end of an event with the beginning of another behind it */
    XML_MARK_START,       /* the beginning of an event */
    XML_MARK_END,         /* the end of one */
    XML_MARK_COUNT
};

struct xml_framer {
    size_t at;        /* next byte to be looked at, in the view */
    uint64_t dropped; /* bytes that were dropped from the view */
    bool in_event, is_skipping;
    size_t event;            /* begin of the open event */
    size_t tag;              /* begin of the last tag in it */
    unsigned nested;         /* elements called Event open inside it */
    bool has_dtd;            /* of the open event */
    bool after_event;        /* outside: nothing but text since the last event */
    bool in_query;           /* outside: inside <QueryList> */
    uint64_t no_doctype_end; /* no declaration that begins before it has an end; as marks below */
    /* Where the next mark of each kind stands, so that it is looked for once. Counted from the
     * beginning of the text. */
    struct {
        uint64_t from, to;
        bool is_found, is_set;
    } marks[XML_MARK_COUNT];
};

void xml_framer_begin(struct xml_framer *framer);

/**
 * The next item of the view. An item is behind framer->at when it is returned.
 *
 * @param no_more  the view cannot grow: the text is over, or the view is as large as it may be
 * @param at_end   the text is over (implies no_more)
 */
struct xml_item xml_framer_next(struct xml_framer *framer, struct iw_str view, bool no_more,
                                bool at_end);

/** Bytes at the front of the view that are needed no more. */
size_t xml_framer_spare(const struct xml_framer *framer);
/** The caller drops *n* bytes of the view (n <= what is spare). */
void xml_framer_drop(struct xml_framer *framer, size_t n);

/** The end of the tag that begins at *at*, behind its `>`, attributes in quotes respected; 0 when
 * it has none before *n* or the next `<`. */
size_t xml_tag_end(const char *p, size_t n, size_t at);

/** The name at *at*, up to a blank, `/`, `>`, `<`, `=` or a quote. */
struct iw_str xml_name_at(const char *p, size_t n, size_t at);
/** The name without its prefix. */
struct iw_str xml_local_name(struct iw_str name);

static inline bool xml_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

#endif
