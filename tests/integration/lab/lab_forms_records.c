/*
 * Writes one event of every kind of the catalogue in every form, for test_lab_forms.py.
 *
 * usage: lab_forms_records FOLDER mild|wild HOURS
 *
 * HOURS is how much header times are off. Texts are hard ones; wild ones also hold what tools in
 * between cannot carry (control characters, a lone surrogate, characters beyond U+FFFF). Standard
 * output: form, channel, record id, path and line of each, separated by tabs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/event/lab_record.h"
#include "lab/form/lab_form.h"

#define FIRST_TIME 134120808001234567ULL /* 2026-01-05T10:00:00.1234567Z */
#define FILETIME_HOUR 36000000000LL
#define FIRST_RECORD_ID 4001U

static const char *const texts[] = {
    "C:\\Gr\303\266\303\237e\\\xE6\x96\x87\xE4\xBB\xB6.exe",
    "",
    "a<b & \"c\">d' e;",
    "%%4417\r\n\t\t\t\t%%1537\r\n",
    "-",
    " begins and ends with space ",
    "\\\\.\\pipe\\x \\u0041 &amp; ]]>",
    "\x01\x1F\x7F \xF0\x9D\x84\x9E \xED\xA0\x80.",
};
#define N_MILD 7U

static const char *text_of_type(uint8_t type, size_t turn)
{
    switch ((enum iw_lab_type)type) {
    case IW_LAB_TYPE_GUID:
        return "{7A6F2C10-ABCD-695B-0100-00000000EF00}";
    case IW_LAB_TYPE_SID:
        return turn % 2 == 0 ? "S-1-5-18" : "S-1-5-21-1004336348-1177238915-682003330-1103";
    case IW_LAB_TYPE_BINARY:
        return turn % 2 == 0 ? "7E000000C1" : "";
    case IW_LAB_TYPE_BOOL:
        return turn % 2 == 0 ? "true" : "false";
    case IW_LAB_TYPE_FILETIME:
        return "2024-02-29T23:59:59.9999999Z";
    case IW_LAB_TYPE_NULL:
    case IW_LAB_TYPE_STRING:
    case IW_LAB_TYPE_ANSI:
    case IW_LAB_TYPE_I8:
    case IW_LAB_TYPE_U8:
    case IW_LAB_TYPE_I16:
    case IW_LAB_TYPE_U16:
    case IW_LAB_TYPE_I32:
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_I64:
    case IW_LAB_TYPE_U64:
    case IW_LAB_TYPE_F32:
    case IW_LAB_TYPE_F64:
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_SYSTEMTIME:
    case IW_LAB_TYPE_HEX32:
    case IW_LAB_TYPE_HEX64:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        break;
    }
    return turn % 3 == 0 ? "4312" : turn % 3 == 1 ? "0" : "0xfedc";
}

/* Texts and items must live until the record is written. */
static void fill(struct iw_lab_record *record, struct iw_lab_value items[3], size_t turn,
                 size_t n_texts)
{
    static const uint8_t activity_id[16] = {0xAB, 0xCD, 0xEF, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    for (size_t i = 0; i < record->n_values; i++) {
        const struct iw_lab_kind_field *field = &record->kind->fields[i];
        if (field->name == NULL) {
            for (size_t item = 0; item < 3; item++) {
                items[item] = iw_lab_value_text(texts[(turn + item) % n_texts]);
            }
            iw_lab_record_set_items(record, items, turn % 4);
        } else if (field->type == IW_LAB_TYPE_STRING) {
            iw_lab_record_set(record, field->name, texts[(turn + i) % n_texts]);
        } else {
            iw_lab_record_set(record, field->name, text_of_type(field->type, turn + i));
        }
    }
    record->header.record_id = FIRST_RECORD_ID + turn;
    record->header.activity_id = turn % 5 == 0 ? activity_id : NULL;
}

static bool write_form(const struct iw_lab_form_class *class, const char *root, size_t n_texts,
                       int64_t shift, struct iw_lab_error *error)
{
    static struct iw_lab_record record;
    struct iw_lab_form_options options = {
        .root = root, .host = "WEB01", .computer = "WEB01.lab.example", .header_shift = shift};
    struct iw_lab_form *form = class->open(&options);
    const struct iw_lab_kind *kind = iw_lab_kind_at(0);
    bool ok = true;
    for (size_t i = 0; ok && kind != NULL; kind = iw_lab_kind_at(++i)) {
        struct iw_lab_value items[3];
        struct iw_lab_place place;
        iw_lab_record_begin(&record, kind, FIRST_TIME + 17 * i, "2612",
                            i % 3 == 0 ? "S-1-5-18" : NULL);
        fill(&record, items, i, n_texts);
        ok = class->add(form, &record, &place, error);
        printf("%s\t%s\t%" PRIu64 "\t%s\t%" PRIu64 "\n", class->name, iw_lab_kind_channel(kind),
               record.header.record_id, place.path, place.line);
    }
    return class->close(form, error) && ok;
}

int main(int argc, char **argv)
{
    struct iw_lab_error error = {.text = ""};
    if (argc != 4) {
        return 2;
    }
    size_t n_texts = strcmp(argv[2], "wild") == 0 ? sizeof texts / sizeof texts[0] : N_MILD;
    int64_t shift = strtol(argv[3], NULL, 10) * FILETIME_HOUR;
    for (size_t i = 0; iw_lab_form_at(i) != NULL; i++) {
        if (!write_form(iw_lab_form_at(i), argv[1], n_texts, shift, &error)) {
            fprintf(stderr, "%s: %s\n", iw_lab_form_at(i)->name, error.text);
            return 1;
        }
    }
    return 0;
}
