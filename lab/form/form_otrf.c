/*
 * Events as the OTRF data sets hold them: NXLog's members behind Logstash, siem/otrf-HOST.ndjson.
 *
 * Format: published data sets. `host` is the collector, `@timestamp` when Logstash had the event,
 * in UTC; EventTime is the host's local time without a zone, to the second. header_shift moves that
 * local time and leaves @timestamp. What it ignores: what NXLog ignores.
 */
#include "lab/form/form_nxlog.h"
#include "lab/form/lab_form_list.h"

static void write_otrf(struct iw_lab_form_text *line, const struct iw_lab_form_options *options,
                       const struct iw_lab_record *record)
{
    struct iw_lab_form_json json = {.text = line};
    uint64_t time = iw_lab_form_header_time(options, record);
    char event_time[48];
    char received_time[48];
    char logstash_time[48];
    iw_lab_form_print_time(time, 0, ' ', "", event_time);
    iw_lab_form_print_time(time + IW_LAB_FORM_NXLOG_LATER, 0, ' ', "", received_time);
    iw_lab_form_print_time(record->header.filetime + IW_LAB_FORM_NXLOG_LATER, 3, 'T', "Z",
                           logstash_time);
    iw_lab_form_json_begin(&json, NULL, '{');
    iw_lab_form_json_text(&json, "@timestamp", logstash_time);
    iw_lab_form_json_text(&json, "@version", "1");
    iw_lab_form_json_text(&json, "host", "wec.internal.example");
    iw_lab_form_json_number(&json, "port", 64545);
    iw_lab_form_json_begin(&json, "tags", '[');
    iw_lab_form_json_text(&json, NULL, "mordorDataset");
    iw_lab_form_json_end(&json, ']');
    iw_lab_form_nxlog_members(&json, options, record, event_time, received_time);
    iw_lab_form_json_end(&json, '}');
}

static const struct iw_lab_line_dialect dialect = {
    .before = "siem/otrf-", .after = ".ndjson", .write = write_otrf};

static struct iw_lab_form *otrf_open(const struct iw_lab_form_options *options)
{
    return iw_lab_form_lines_open(&dialect, options);
}

const struct iw_lab_form_class iw_lab_form_otrf = {
    .name = "otrf",
    .about = "NXLog behind Logstash as in the OTRF data sets, one file a host",
    .is_stream_able = true,
    .open = otrf_open,
    .add = iw_lab_form_lines_add,
    .clear = iw_lab_form_lines_clear,
    .close = iw_lab_form_lines_close,
};
