/**
 * A record that was read as JSON, read as an event: its dialect, through the envelopes around it.
 */
#ifndef IW_INPUT_JSON_JSON_RECORD_H
#define IW_INPUT_JSON_JSON_RECORD_H

#include "input/json/json_dialect.h"
#include "input/reader.h"

struct json_record_reader {
    struct json_doc doc;
    struct json_key_table keys;
    struct iw_event_builder builder;
    struct iw_reader_options options;
    bool is_no_event;            /* the record read last, as it stands (json_is_no_event) */
    struct iw_span_decoder *xml; /* made when first needed; NULL until then, or without a class */
};

/** IW_OK or IW_ENOMEM; json_record_reader_done is fine in either case. */
enum iw_rc json_record_reader_init(struct json_record_reader *records,
                                   const struct iw_reader_options *options);
void json_record_reader_done(struct json_record_reader *records);

/**
 * Reads the document as an event of the record at *offset*; the builder has begun it.
 *
 * @param ret_repaired  whether text was repaired (beside what the document says itself)
 * @return IW_OK; IW_END: whole, but no event of a known form; IW_EFORMAT: what it carries is
 *         unreadable; IW_ELIMIT: formats nested too deep; IW_ENOMEM
 */
enum iw_rc json_record_read(struct json_record_reader *records, struct iw_batch *batch,
                            struct iw_account *account, uint64_t offset, bool *ret_repaired);

#endif
