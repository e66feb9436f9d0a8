/*
 * The telemetry profile as `iiswarden.telemetry/1`: first a line for each (host, channel), then one
 * for each (host, channel, event id, provider).
 */
#include "output/output.h"
#include "output/profile_json.h"

void iw_profile_channel_members(struct iw_json *json, const struct iw_telemetry_channel *channel)
{
    iw_json_member_text_or_null(json, "host", channel->host);
    iw_json_member_text_or_null(json, "channel", channel->channel);
    iw_json_member_u64(json, "events", channel->n_events);
    iw_json_member_time(json, "first_time", channel->first_ns);
    iw_json_member_time(json, "last_time", channel->last_ns);
    iw_json_member_u64(json, "first_record_id", channel->first_id);
    iw_json_member_u64(json, "last_record_id", channel->last_id);
    iw_json_member_u64(json, "missing_record_ids", channel->n_missing_ids);
    iw_json_member_bool(json, "gaps_complete", !channel->gaps_cut);
    iw_json_key(json, IW_STR("gaps"));
    iw_json_array(json);
    for (size_t i = 0; i < channel->n_gaps; i++) {
        iw_json_object(json);
        iw_json_member_u64(json, "after", channel->gaps[i].after);
        iw_json_member_u64(json, "before", channel->gaps[i].before);
        iw_json_member_time(json, "after_time", channel->gaps[i].after_ns);
        iw_json_member_time(json, "before_time", channel->gaps[i].before_ns);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

void iw_profile_row_members(struct iw_json *json, const struct iw_telemetry_row *row)
{
    iw_json_member_text_or_null(json, "host", row->host);
    iw_json_member_text_or_null(json, "channel", row->channel);
    iw_json_member_u64(json, "event_id", row->event_id);
    iw_json_member_text_or_null(json, "provider", row->provider);
    iw_json_member_u64(json, "events", row->n_events);
    iw_json_member_u64(json, "decoded", row->n_decoded);
    iw_json_member_time(json, "first_time", row->first_ns);
    iw_json_member_time(json, "last_time", row->last_ns);
    iw_json_key(json, IW_STR("fields"));
    iw_json_array(json);
    for (size_t i = 0; i < row->n_fields; i++) {
        iw_json_object(json);
        iw_json_member_text(json, "name", row->fields[i].name);
        iw_json_member_u64(json, "present", row->fields[i].n_present);
        iw_json_member_u64(json, "filled", row->fields[i].n_filled);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
    iw_json_member_u64(json, "fields_hidden", row->n_fields_hidden);
}

static void begin_line(struct iw_json *json, struct iw_buffer *out, struct iw_str record)
{
    iw_json_init(json, out);
    iw_json_object(json);
    iw_json_member_text(json, "schema", IW_STR("iiswarden.telemetry/1"));
    iw_json_member_text(json, "record", record);
}

static void end_line(struct iw_json *json)
{
    iw_json_object_end(json);
    iw_buffer_add_char(json->out, '\n');
}

void iw_output_profile_ndjson(const struct iw_run *run, struct iw_buffer *out)
{
    const struct iw_telemetry *telemetry = &run->telemetry;
    struct iw_json json;
    for (size_t i = 0; i < telemetry->n_channels; i++) {
        begin_line(&json, out, IW_STR("channel"));
        iw_profile_channel_members(&json, &telemetry->channels[i]);
        end_line(&json);
    }
    for (size_t i = 0; i < telemetry->n_rows; i++) {
        begin_line(&json, out, IW_STR("event_id"));
        iw_profile_row_members(&json, &telemetry->rows[i]);
        end_line(&json);
    }
}
