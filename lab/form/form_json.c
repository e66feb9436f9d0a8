/*
 * JSON documents, member by member (see form_json.h).
 *
 * Format: RFC 8259, without space between tokens. What it ignores: whether brackets match.
 */
#include "lab/form/form_json.h"

static void put_name(struct iw_lab_form_json *json, const char *name)
{
    if (json->needs_comma) {
        iw_lab_form_text_add(json->text, ",", 1);
    }
    json->needs_comma = true;
    if (name != NULL) {
        iw_lab_form_text_put_json(json->text, name, strlen(name));
        iw_lab_form_text_add(json->text, ":", 1);
    }
}

void iw_lab_form_json_begin(struct iw_lab_form_json *json, const char *name, char bracket)
{
    put_name(json, name);
    iw_lab_form_text_add(json->text, &bracket, 1);
    json->needs_comma = false;
}

void iw_lab_form_json_end(struct iw_lab_form_json *json, char bracket)
{
    iw_lab_form_text_add(json->text, &bracket, 1);
    json->needs_comma = true;
}

void iw_lab_form_json_text(struct iw_lab_form_json *json, const char *name, const char *string)
{
    iw_lab_form_json_bytes(json, name, string, strlen(string));
}

void iw_lab_form_json_bytes(struct iw_lab_form_json *json, const char *name, const char *bytes,
                            size_t size_bytes)
{
    put_name(json, name);
    iw_lab_form_text_put_json(json->text, bytes, size_bytes);
}

void iw_lab_form_json_number(struct iw_lab_form_json *json, const char *name, uint64_t number)
{
    put_name(json, name);
    iw_lab_form_text_number(json->text, number);
}

void iw_lab_form_json_word(struct iw_lab_form_json *json, const char *name, const char *word)
{
    put_name(json, name);
    iw_lab_form_text_put(json->text, word);
}
