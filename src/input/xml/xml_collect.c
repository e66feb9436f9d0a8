/*
 * Fields of event XML. The rules are those of evtx/evtx_compile.c, said for elements instead of
 * templates, so that one event gives the same fields from a log and from its XML.
 *
 * Where an event says one thing twice (two event ids) it is read by the first and said to be
 * damaged. Blanks around values of System are layout; anywhere else every character is the value's.
 */
#include "input/xml/xml_collect.h"

#include "base/alloc.h"
#include "input/xml/xml_frame.h"

enum xml_area {
    AREA_DOCUMENT = 0,
    AREA_EVENT,
    AREA_SYSTEM,
    AREA_EVENT_DATA,
    AREA_USER_DATA,
    AREA_RENDERING,
    AREA_OTHER
};

void xml_collector_init(struct xml_collector *collector)
{
    memset(collector, 0, sizeof *collector);
    iw_buffer_init(&collector->bytes);
}

void xml_collector_done(struct xml_collector *collector)
{
    iw_buffer_done(&collector->bytes);
    iw_free(collector->fields);
}

void xml_collect_begin(struct xml_collector *collector, struct iw_event_builder *builder)
{
    iw_buffer_clear(&collector->bytes);
    collector->n_fields = collector->depth = collector->n_deeper = collector->pending = 0;
    collector->builder = builder;
    collector->is_settled = collector->is_wanted = false;
    collector->is_cut = collector->has_system = false;
    collector->rc = IW_OK;
}

static enum xml_area area_inside(enum xml_area parent, struct iw_str element)
{
    static const struct {
        struct iw_str element;
        enum xml_area area;
    } SECTIONS[] = {
        {{"System", 6}, AREA_SYSTEM},
        {{"EventData", 9}, AREA_EVENT_DATA},
        {{"UserData", 8}, AREA_USER_DATA},
        {{"RenderingInfo", 13}, AREA_RENDERING},
    };
    if (parent == AREA_DOCUMENT)
        return AREA_EVENT;
    if (parent != AREA_EVENT)
        return parent;
    for (size_t i = 0; i < sizeof SECTIONS / sizeof SECTIONS[0]; i++) {
        if (iw_str_equal(element, SECTIONS[i].element))
            return SECTIONS[i].area;
    }
    return AREA_OTHER;
}

static bool is_structure(const struct xml_frame *frame)
{
    return frame->parent == AREA_DOCUMENT ||
           (frame->parent == AREA_EVENT && frame->inside != AREA_OTHER);
}

static enum iw_place place_of(const struct xml_frame *frame)
{
    switch ((enum xml_area)(is_structure(frame) ? frame->inside : frame->parent)) {
    case AREA_SYSTEM:
        return IW_PLACE_SYSTEM;
    case AREA_EVENT_DATA:
        return IW_PLACE_EVENT_DATA;
    case AREA_USER_DATA:
        return IW_PLACE_USER_DATA;
    case AREA_RENDERING:
        return IW_PLACE_RENDERING;
    case AREA_DOCUMENT:
    case AREA_EVENT:
    case AREA_OTHER:
        break;
    }
    return IW_PLACE_OTHER;
}

static struct iw_str piece(const struct xml_collector *collector, uint32_t at, uint32_t n)
{
    return (struct iw_str){collector->bytes.p + at, n};
}

/* Adds bytes at the end; they begin at the offset that is returned. */
static uint32_t keep(struct xml_collector *collector, struct iw_str text)
{
    uint32_t at = (uint32_t)collector->bytes.n;
    if (text.n == 0)
        return at;
    iw_buffer_add(&collector->bytes, text);
    if (collector->bytes.failed)
        collector->rc = IW_ENOMEM;
    return at;
}

static void drop_text(struct xml_collector *collector)
{
    collector->bytes.n = collector->pending;
}

static struct xml_field *add_field(struct xml_collector *collector, enum iw_place place)
{
    struct xml_field *field;
    if (collector->n_fields == IW_LIMIT_EVENT_FIELDS) {
        collector->is_cut = true;
        return NULL;
    }
    if (!iw_array_reserve(&collector->fields, &collector->cap_fields, collector->n_fields + 1,
                          sizeof *collector->fields)) {
        collector->rc = IW_ENOMEM;
        return NULL;
    }
    field = &collector->fields[collector->n_fields++];
    field->place = (uint8_t)place;
    return field;
}

static bool is_blank(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!xml_is_blank(text.p[i]))
            return false;
    }
    return true;
}

static void trim(const struct xml_collector *collector, uint32_t *at, uint32_t *n)
{
    while (*n != 0 && xml_is_blank(collector->bytes.p[*at + *n - 1]))
        --*n;
    while (*n != 0 && xml_is_blank(collector->bytes.p[*at])) {
        ++*at;
        --*n;
    }
}

/* Ends the text of the innermost element: at its end, or before a child begins. */
static void finish_text(struct xml_collector *collector, bool is_end)
{
    static const struct iw_str DATA = {"Data", 4};
    const struct xml_frame *frame = &collector->stack[collector->depth - 1];
    uint32_t at = (uint32_t)collector->pending, n = (uint32_t)(collector->bytes.n - at);
    bool in_system = frame->parent == AREA_SYSTEM;
    struct xml_field *field;

    if (((!is_end || frame->has_children || is_structure(frame)) &&
         is_blank(piece(collector, at, n)))) {
        drop_text(collector);
        return;
    }
    /* Windows writes text or elements, never both: whatever is between took a value apart. */
    if ((!is_end || frame->has_children) && frame->parent != AREA_RENDERING)
        collector->is_cut = true;
    if (in_system)
        trim(collector, &at, &n);
    if (n == 0 && (in_system || (frame->has_attributes && !frame->is_data))) {
        drop_text(collector);
        return;
    }
    field = add_field(collector, place_of(frame));
    if (field == NULL) {
        drop_text(collector);
        return;
    }
    field->value_at = at;
    field->value_n = n;
    field->name_at = frame->data_n != 0 ? frame->data_at : frame->name_at;
    field->name_n = frame->data_n != 0 ? frame->data_n : frame->name_n;
    if (frame->is_data && frame->data_n == 0) {
        field->name_at = keep(collector, DATA);
        field->name_n = (uint32_t)DATA.n;
    }
    collector->pending = collector->bytes.n;
}

void xml_collect_open(struct xml_collector *collector, struct iw_str name)
{
    enum xml_area parent = AREA_DOCUMENT;
    struct xml_frame *frame;

    if (collector->rc != IW_OK)
        return;
    if (collector->depth == IW_LIMIT_TEXT_DEPTH || collector->n_deeper != 0) {
        collector->n_deeper++;
        collector->is_cut = true;
        return;
    }
    if (collector->depth != 0) {
        finish_text(collector, false);
        collector->stack[collector->depth - 1].has_children = true;
        parent = collector->stack[collector->depth - 1].inside;
    }
    name = xml_local_name(name);
    if (name.n > IW_LIMIT_XML_NAME_UNITS) { /* shown cut rather than not at all */
        name.n = IW_LIMIT_XML_NAME_UNITS;
        collector->is_cut = true;
    }
    frame = &collector->stack[collector->depth++];
    *frame = (struct xml_frame){.parent = (uint8_t)parent, .name_n = (uint32_t)name.n};
    frame->name_at = keep(collector, name);
    frame->inside = (uint8_t)area_inside(parent, name);
    if (parent == AREA_EVENT && frame->inside == AREA_SYSTEM) {
        collector->is_cut = collector->is_cut || collector->has_system;
        collector->has_system = true;
    }
    frame->is_data = parent > AREA_SYSTEM && (iw_str_equal(name, IW_STR("Data")) ||
                                              iw_str_equal(name, IW_STR("ComplexData")));
    collector->pending = collector->bytes.n;
}

static bool is_no_field(struct iw_str attribute)
{
    return iw_str_equal(attribute, IW_STR("xmlns")) ||
           (attribute.n > 6 && memcmp(attribute.p, "xmlns:", 6) == 0) ||
           (attribute.n > 4 && memcmp(attribute.p, "xml:", 4) == 0);
}

void xml_collect_attribute(struct xml_collector *collector, struct iw_str name, struct iw_str value)
{
    struct xml_frame *frame;
    struct xml_field *field;

    if (collector->rc != IW_OK || collector->n_deeper != 0 || is_no_field(name))
        return;
    frame = &collector->stack[collector->depth - 1];
    if (frame->is_data && frame->data_n == 0 && iw_str_equal(name, IW_STR("Name"))) {
        frame->data_at = keep(collector, value);
        frame->data_n = (uint32_t)value.n;
        collector->pending = collector->bytes.n;
        return;
    }
    frame->has_attributes = true;
    if (name.n > IW_LIMIT_XML_NAME_UNITS) {
        name.n = IW_LIMIT_XML_NAME_UNITS;
        collector->is_cut = true;
    }
    if (value.n == 0)
        return;
    field = add_field(collector, place_of(frame));
    if (field == NULL)
        return;
    field->name_at = (uint32_t)collector->bytes.n;
    if (frame->parent != AREA_USER_DATA || frame->is_data) {
        if (iw_buffer_room(&collector->bytes, frame->name_n) != NULL)
            (void)keep(collector, piece(collector, frame->name_at, frame->name_n));
        (void)keep(collector, IW_STR("_"));
    }
    (void)keep(collector, name);
    field->name_n = (uint32_t)collector->bytes.n - field->name_at;
    field->value_n = (uint32_t)value.n;
    field->value_at = keep(collector, value);
    collector->pending = collector->bytes.n;
}

void xml_collect_text(struct xml_collector *collector, struct iw_str text)
{
    if (collector->rc == IW_OK && collector->n_deeper == 0 && collector->depth != 0)
        (void)keep(collector, text);
}

size_t xml_collect_find(const struct xml_collector *collector, struct iw_str name)
{
    name = xml_local_name(name);
    for (size_t i = collector->depth; i > 0; i--) {
        const struct xml_frame *frame = &collector->stack[i - 1];
        if (iw_str_equal(piece(collector, frame->name_at, frame->name_n), name))
            return collector->depth - i + 1;
    }
    return 0;
}

/* --- the head
 * ------------------------------------------------------------------------------------------------------
 */

/* The first value of a system field; empty without one. Two that differ mark the event. */
static struct iw_str system_value(struct xml_collector *collector, struct iw_str name)
{
    struct iw_str found = IW_STR("");
    bool is_found = false;
    for (size_t i = 0; i < collector->n_fields; i++) {
        const struct xml_field *field = &collector->fields[i];
        struct iw_str value = piece(collector, field->value_at, field->value_n);
        if (field->place != IW_PLACE_SYSTEM ||
            !iw_str_equal(piece(collector, field->name_at, field->name_n), name))
            continue;
        if (!is_found)
            found = value;
        else if (!iw_str_equal(found, value))
            collector->is_cut = true;
        is_found = true;
    }
    return found;
}

static struct iw_str label(struct xml_collector *collector, struct iw_str name)
{
    struct iw_str text = system_value(collector, name);
    text = iw_arena_copy(&collector->builder->batch->arena, text);
    if (text.p == NULL)
        collector->rc = IW_ENOMEM;
    return text;
}

static struct iw_value value_of(struct iw_str text)
{
    return (struct iw_value){(const uint8_t *)text.p, (uint32_t)text.n, IW_VALUE_UTF8};
}

/* Sets the head from the fields of System. An event without an id or a channel is wanted: nobody
 * can say that it is not. */
static void settle(struct xml_collector *collector)
{
    struct iw_event_head head = {.created_ns = IW_TIME_UNKNOWN};
    uint64_t event_id = 0;
    bool has_id = iw_value_u64(value_of(system_value(collector, IW_STR("EventID"))), &event_id) &&
                  event_id <= UINT32_MAX;

    collector->is_settled = true;
    head.channel = label(collector, IW_STR("Channel"));
    head.provider = label(collector, IW_STR("Provider_Name"));
    head.computer = label(collector, IW_STR("Computer"));
    if (collector->rc != IW_OK)
        return;
    (void)iw_value_u64(value_of(system_value(collector, IW_STR("EventRecordID"))), &head.record_id);
    (void)iw_value_time(value_of(system_value(collector, IW_STR("TimeCreated_SystemTime"))),
                        &head.created_ns);
    collector->is_cut = collector->is_cut || !has_id;
    head.event_id = has_id && head.channel.n != 0 ? (uint32_t)event_id : IW_ROUTE_EVENT_IDS;
    collector->is_wanted = iw_event_builder_head(collector->builder, &head);
    collector->builder->event->event_id = has_id ? (uint32_t)event_id : 0;
}

void xml_collect_close(struct xml_collector *collector)
{
    const struct xml_frame *frame;
    if (collector->rc != IW_OK || collector->depth == 0)
        return;
    if (collector->n_deeper != 0) {
        collector->n_deeper--;
        return;
    }
    finish_text(collector, true);
    frame = &collector->stack[--collector->depth];
    collector->pending = collector->bytes.n;
    if (frame->inside == AREA_SYSTEM && frame->parent == AREA_EVENT && !collector->is_settled &&
        collector->rc == IW_OK)
        settle(collector);
}

/* Hands the fields to the builder, which keeps names it knows and borrows values from the batch. */
static enum iw_rc deliver(struct xml_collector *collector)
{
    struct iw_event_builder *builder = collector->builder;
    struct iw_str bytes = iw_arena_copy(&builder->batch->arena, iw_buffer_str(&collector->bytes));
    if (bytes.p == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < collector->n_fields; i++) {
        const struct xml_field *field = &collector->fields[i];
        enum iw_rc rc =
            iw_event_builder_add_text(builder, (enum iw_place)field->place,
                                      (struct iw_str){bytes.p + field->name_at, field->name_n},
                                      (struct iw_str){bytes.p + field->value_at, field->value_n});
        if (rc != IW_OK && rc != IW_ELIMIT)
            return rc;
    }
    return IW_OK;
}

/* The text that the end of the record cut: half a number or name is worse than none in System;
 * elsewhere half a script is better than none. */
static void finish_half(struct xml_collector *collector)
{
    const struct xml_frame *frame = &collector->stack[collector->depth - 1];
    if (frame->parent == AREA_SYSTEM || collector->bytes.n == collector->pending)
        drop_text(collector);
    else
        finish_text(collector, true);
    collector->depth--;
    collector->pending = collector->bytes.n;
}

static bool has_system_field(const struct xml_collector *collector)
{
    for (size_t i = 0; i < collector->n_fields; i++) {
        if (collector->fields[i].place == IW_PLACE_SYSTEM)
            return true;
    }
    return false;
}

enum iw_rc xml_collect_end(struct xml_collector *collector, bool is_whole)
{
    collector->n_deeper = 0;
    if (!is_whole && !xml_collect_is_over(collector)) {
        collector->is_cut = true;
        if (collector->depth != 0)
            finish_half(collector);
    }
    while (collector->rc == IW_OK && collector->depth != 0 && !xml_collect_is_over(collector))
        xml_collect_close(collector);
    if (collector->rc != IW_OK)
        return collector->rc;
    if (!has_system_field(collector))
        return is_whole ? IW_END : IW_EFORMAT;
    if (!collector->is_settled)
        settle(collector);
    if (collector->rc == IW_OK && collector->is_wanted)
        collector->rc = deliver(collector);
    if (collector->rc == IW_OK && collector->is_cut)
        iw_event_builder_cut(collector->builder);
    return collector->rc;
}
