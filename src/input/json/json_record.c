/*
 * From a document to an event. Envelopes are taken off one by one, in a loop, at most
 * IW_LIMIT_NESTED_FORMATS of them; JSON inside JSON is read into the same document. Where an
 * envelope could be an event itself and what it carries is none, the envelope is read again.
 */
#include "input/json/json_record.h"

#include "base/limits.h"

enum iw_rc json_record_reader_init(struct json_record_reader *records,
                                   const struct iw_reader_options *options)
{
    memset(records, 0, sizeof *records);
    records->options = *options;
    json_key_table_init(&records->keys);
    iw_event_builder_init(&records->builder, options->names, options->route);
    return json_doc_init(&records->doc);
}

void json_record_reader_done(struct json_record_reader *records)
{
    const struct iw_span_class *class = iw_span_class_of(IW_EVIDENCE_XML);
    if (records->xml != NULL && class != NULL)
        class->free(records->xml);
    iw_event_builder_done(&records->builder);
    json_doc_done(&records->doc);
}

struct carriage {
    struct json_record_reader *records;
    struct json_reading reading;
    struct iw_account *account;
    uint64_t offset;
    unsigned depth;                     /* envelopes taken off */
    bool is_cut;                        /* something of what was carried is lost */
    const struct json_dialect *dialect; /* that read the event; NULL: what it carries is XML */
    /* The innermost envelope that is an event where what it carries is none; n 0: there is none. */
    struct iw_str outer;
    uint32_t outer_root;
};

static enum iw_rc read_xml(struct carriage *carriage, struct iw_str text)
{
    struct json_record_reader *records = carriage->records;
    const struct iw_span_class *class = iw_span_class_of(IW_EVIDENCE_XML);
    if (class == NULL)
        return IW_END;
    if (records->xml == NULL)
        records->xml = class->make(&records->options);
    if (records->xml == NULL)
        return IW_ENOMEM;
    return class->decode(records->xml, text, carriage->depth, &records->builder, carriage->account,
                         carriage->offset);
}

/* Reads JSON into the document; damaged JSON as far as that goes. */
static bool read_json(struct json_doc *doc, struct iw_str text)
{
    if (json_doc_read(doc, text.p, text.n))
        return true;
    (void)json_doc_repair(doc, text.p, text.n, true);
    return false;
}

/* Bytes behind a carried text that may be read: the window's, or the arena's (json_text). */
static enum iw_rc open_text(struct carriage *carriage, uint32_t node, bool *ret_is_xml,
                            struct iw_str *ret)
{
    struct json_doc *doc = &carriage->records->doc;
    *ret = json_reading_text(&carriage->reading, node);
    if (ret->p == NULL)
        return IW_ENOMEM;
    while (ret->n != 0 &&
           (ret->p[0] == ' ' || ret->p[0] == '\n' || ret->p[0] == '\r' || ret->p[0] == '\t')) {
        ret->p++;
        ret->n--;
    }
    *ret_is_xml = ret->n != 0 && ret->p[0] == '<';
    if (*ret_is_xml)
        return IW_OK;
    if (!read_json(doc, *ret)) {
        carriage->reading.is_repaired |= doc->is_repaired;
        carriage->is_cut |= doc->is_cut;
    }
    return IW_OK;
}

/* One envelope off: *root* is where the next record stands in the document. IW_END and
 * *ret_is_done: what was carried is read. */
static enum iw_rc take_off(struct carriage *carriage, uint32_t *root, bool *ret_is_done)
{
    struct json_reading *reading = &carriage->reading;
    struct iw_str text;
    uint32_t node;
    bool is_xml;

    *ret_is_done = true;
    switch (json_carrier_find(reading->doc, &reading->survey, &node)) {
    case JSON_CARGO_NONE:
        return IW_END;
    case JSON_CARGO_NODE:
        *root = node;
        break;
    case JSON_CARGO_TEXT:
        if (carriage->depth == IW_LIMIT_NESTED_FORMATS)
            return IW_ELIMIT;
        IW_TRY(open_text(carriage, node, &is_xml, &text));
        if (is_xml)
            return read_xml(carriage, text);
        *root = 0;
        break;
    }
    if (carriage->depth == IW_LIMIT_NESTED_FORMATS)
        return IW_ELIMIT;
    *ret_is_done = false;
    return IW_OK;
}

static enum iw_rc read_through(struct carriage *carriage)
{
    struct json_reading *reading = &carriage->reading;
    const struct json_dialect *dialect;
    uint32_t root = 0;
    bool is_sure, is_done;

    for (;; carriage->depth++) {
        enum iw_rc rc;
        json_survey(reading->doc, reading->keys, root, &reading->survey);
        if (carriage->depth == 0)
            carriage->records->is_no_event = json_is_no_event(reading->doc, &reading->survey);
        dialect = json_dialect_of(reading, &is_sure);
        /* Splunk's fields beside the event itself: the event is better. */
        if (dialect != NULL && is_sure &&
            !(dialect->is_flat && json_has(&reading->survey, JSON_KEY_RAW))) {
            carriage->dialect = dialect;
            return dialect->read(reading);
        }
        if (dialect != NULL) {
            carriage->outer = (struct iw_str){reading->doc->text, reading->doc->end};
            carriage->outer_root = root;
        }
        rc = take_off(carriage, &root, &is_done);
        if (is_done || rc != IW_OK)
            return rc;
    }
}

/* What was carried is no event: the envelope is. */
static enum iw_rc read_outer(struct carriage *carriage, bool was_cut)
{
    struct json_reading *reading = &carriage->reading;
    struct iw_event_builder *builder = reading->builder;
    struct iw_batch *batch = builder->batch;
    uint32_t source = builder->event->source;
    const struct json_dialect *dialect;
    bool is_sure;

    iw_event_builder_cancel(builder);
    iw_event_builder_begin(builder, batch, source, carriage->offset);
    if (was_cut)
        iw_event_builder_cut(builder);
    (void)read_json(&carriage->records->doc, carriage->outer);
    json_survey(reading->doc, reading->keys, carriage->outer_root, &reading->survey);
    dialect = json_dialect_of(reading, &is_sure);
    carriage->dialect = dialect;
    return dialect != NULL ? dialect->read(reading) : IW_END;
}

static bool is_full(const struct json_record_reader *records)
{
    return iw_event_builder_count(&records->builder) == IW_LIMIT_EVENT_FIELDS;
}

enum iw_rc json_record_read(struct json_record_reader *records, struct iw_batch *batch,
                            struct iw_account *account, uint64_t offset, bool *ret_repaired)
{
    struct carriage carriage = {.records = records, .account = account, .offset = offset};
    bool was_cut = records->builder.is_cut;
    enum iw_rc rc;

    carriage.reading.doc = &records->doc;
    carriage.reading.keys = &records->keys;
    carriage.reading.builder = &records->builder;
    carriage.reading.arena = &batch->arena;
    rc = read_through(&carriage);
    if (carriage.outer.n != 0 &&
        (rc == IW_END || rc == IW_EFORMAT || (rc == IW_ELIMIT && !is_full(records)))) {
        carriage.is_cut = false;
        rc = read_outer(&carriage, was_cut);
    }
    /* The event is full: the builder has marked it, and what it has counts. */
    if (rc == IW_ELIMIT && is_full(records))
        rc = IW_OK;
    if (carriage.is_cut)
        iw_event_builder_cut(&records->builder);
    if (carriage.dialect != NULL && records->builder.event != NULL)
        records->builder.event->dialect = json_dialect_number(carriage.dialect);
    *ret_repaired = carriage.reading.is_repaired;
    return rc;
}
