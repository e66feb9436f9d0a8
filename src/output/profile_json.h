/**
 * The members of a telemetry record, shared by the NDJSON profile and the manifest.
 */
#ifndef IW_OUTPUT_PROFILE_JSON_H
#define IW_OUTPUT_PROFILE_JSON_H

#include "base/json.h"
#include "result/telemetry.h"

/** Appends members to *json*, which stands inside an object. */
void iw_profile_channel_members(struct iw_json *json, const struct iw_telemetry_channel *channel);
void iw_profile_row_members(struct iw_json *json, const struct iw_telemetry_row *row);

#endif
