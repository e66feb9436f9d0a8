/*
 * Field values of the lab's NDJSON input: `"text"`, `null` or `{"type":"u32","value":…}`.
 */
#ifndef IW_LAB_NDJSON_VALUE_H
#define IW_LAB_NDJSON_VALUE_H

#include "lab/evtx/lab_evtx.h"
#include "lab/json/lab_json.h"

/* Memory for one line; everything is given back at once. */
struct iw_lab_scratch {
    void **blocks;
    size_t n_blocks;
    size_t n_room;
};

void *iw_lab_scratch_take(struct iw_lab_scratch *scratch, size_t n_items, size_t item_bytes);
void iw_lab_scratch_reset(struct iw_lab_scratch *scratch);
void iw_lab_scratch_done(struct iw_lab_scratch *scratch);

/*
 * Reads node into value and into the type, form and optionality of field; element and name of field
 * are left alone. Texts point into the JSON tree, bytes into scratch. False with the reason in
 * error.
 */
bool iw_lab_ndjson_value(const struct iw_lab_json *json, const struct iw_lab_json_node *node,
                         struct iw_lab_scratch *scratch, struct iw_lab_field *field,
                         struct iw_lab_value *value, struct iw_lab_error *error);

/* Whole unsigned number from a JSON number or a decimal/0x string. */
bool iw_lab_ndjson_number(const struct iw_lab_json_node *node, uint64_t max, uint64_t *number);

#endif
