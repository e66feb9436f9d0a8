/**
 * Members of a coverage record, as NDJSON and the manifest have them.
 */
#ifndef IW_OUTPUT_COVERAGE_JSON_H
#define IW_OUTPUT_COVERAGE_JSON_H

#include "base/json.h"
#include "result/coverage.h"

void iw_coverage_members(struct iw_json *json, const struct iw_coverage_record *record);

#endif
