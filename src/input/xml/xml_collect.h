/**
 * From elements, attributes and text to fields, named as the EVTX reader names them. Both parsers
 * feed it; what it gathers is handed to the event's builder when the record is over, so that a
 * record which the first parser gives up can be read again from its beginning.
 *
 * Names: children of System `Tag` and `Tag_Attribute`; `<Data Name="X">` X, `<Data>` `Data`; in
 * UserData the leaf element or attribute; prefixes of elements are left out; namespace declarations
 * and attributes `xml:…` are no fields. An element without text is an empty field, but not in
 * System and not where it has attributes.
 */
#ifndef IW_INPUT_XML_COLLECT_H
#define IW_INPUT_XML_COLLECT_H

#include "base/limits.h"
#include "event/builder.h"

struct xml_frame {
    uint32_t name_at, name_n; /* in bytes */
    uint32_t data_at, data_n; /* value of the attribute Name of <Data>; 0 bytes: none */
    uint8_t parent, inside;   /* enum xml_area */
    bool is_data, has_children, has_attributes;
};

struct xml_field {
    uint32_t name_at, name_n, value_at, value_n;
    uint8_t place;
};

struct xml_collector {
    struct iw_buffer bytes; /* names and values */
    struct xml_field *fields;
    size_t n_fields, cap_fields;
    struct xml_frame stack[IW_LIMIT_TEXT_DEPTH];
    size_t depth, n_deeper; /* open elements; those past the limit, whose content is left out */
    size_t pending;         /* text of the innermost element, up to the end of bytes */
    struct iw_event_builder *builder;
    bool is_settled; /* System is over and the head was set */
    bool is_wanted;
    bool is_cut;
    bool has_system;    /* <System> has begun */
    bool is_read_whole; /* the caller's: read on behind System even where nobody wants the event */
    enum iw_rc rc;      /* IW_OK or IW_ENOMEM (also the batch's limit): nothing more is taken */
};

void xml_collector_init(struct xml_collector *collector);
void xml_collector_done(struct xml_collector *collector);

/** Begins (or begins again) a record whose event *builder* has begun. */
void xml_collect_begin(struct xml_collector *collector, struct iw_event_builder *builder);
/** A start tag, then its attributes (decoded values), then what stands inside. */
void xml_collect_open(struct xml_collector *collector, struct iw_str name);
void xml_collect_attribute(struct xml_collector *collector, struct iw_str name,
                           struct iw_str value);
/** A piece of decoded text of the innermost element. */
void xml_collect_text(struct xml_collector *collector, struct iw_str text);
/** The innermost element ends. */
void xml_collect_close(struct xml_collector *collector);
/** Whether an element of this name (without its prefix) is open, and how many close with it. */
size_t xml_collect_find(const struct xml_collector *collector, struct iw_str name);

/** Nothing more is wanted: nobody wants the event, or there is no memory. */
static inline bool xml_collect_is_over(const struct xml_collector *collector)
{
    return collector->rc != IW_OK ||
           (collector->is_settled && !collector->is_wanted && !collector->is_read_whole);
}

/**
 * The record is over: elements still open are closed, and where the event is wanted its fields are
 * added.
 *
 * @param is_whole  false: the record ends in the middle; what was open is marked as cut
 * @return IW_OK; IW_END: whole, but nothing in System; IW_EFORMAT: cut before anything of System;
 *         IW_ENOMEM (also where the batch is full: its arena says so)
 */
enum iw_rc xml_collect_end(struct xml_collector *collector, bool is_whole);

#endif
