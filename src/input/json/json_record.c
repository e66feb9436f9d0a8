/*
 * From a document to an event. Envelopes are taken off one by one, in a loop, at most
 * IW_LIMIT_NESTED_FORMATS of them; JSON inside JSON is read into the same document, for the
 * envelope is no longer needed then.
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
    unsigned depth; /* envelopes taken off */
    bool is_cut;    /* something of what was carried is lost */
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
    if (!json_doc_read(doc, ret->p, ret->n)) {
        (void)json_doc_repair(doc, ret->p, ret->n, true);
        carriage->reading.is_repaired |= doc->is_repaired;
        carriage->is_cut |= doc->is_cut;
    }
    return IW_OK;
}

static enum iw_rc read_through(struct carriage *carriage)
{
    struct json_reading *reading = &carriage->reading;
    const struct json_dialect *dialect;
    uint32_t root = 0, node;
    struct iw_str text;
    bool is_xml;

    for (;; carriage->depth++) {
        json_survey(reading->doc, reading->keys, root, &reading->survey);
        dialect = json_dialect_of(reading->doc, &reading->survey);
        if (dialect != NULL)
            return dialect->read(reading);
        switch (json_carrier_find(reading->doc, &reading->survey, &node)) {
        case JSON_CARGO_NONE:
            return IW_END;
        case JSON_CARGO_NODE:
            root = node;
            break;
        case JSON_CARGO_TEXT:
            if (carriage->depth == IW_LIMIT_NESTED_FORMATS)
                return IW_ELIMIT;
            IW_TRY(open_text(carriage, node, &is_xml, &text));
            if (is_xml)
                return read_xml(carriage, text);
            root = 0;
            break;
        }
        if (carriage->depth == IW_LIMIT_NESTED_FORMATS)
            return IW_ELIMIT;
    }
}

enum iw_rc json_record_read(struct json_record_reader *records, struct iw_batch *batch,
                            struct iw_account *account, uint64_t offset, bool *ret_repaired)
{
    struct carriage carriage = {.records = records, .account = account, .offset = offset};
    enum iw_rc rc;

    carriage.reading.doc = &records->doc;
    carriage.reading.keys = &records->keys;
    carriage.reading.builder = &records->builder;
    carriage.reading.arena = &batch->arena;
    rc = read_through(&carriage);
    /* The event is full: the builder has marked it, and what it has counts. */
    if (rc == IW_ELIMIT && iw_event_builder_count(&records->builder) == IW_LIMIT_EVENT_FIELDS)
        rc = IW_OK;
    if (carriage.is_cut)
        iw_event_builder_cut(&records->builder);
    *ret_repaired = carriage.reading.is_repaired;
    return rc;
}
