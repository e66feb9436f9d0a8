/**
 * Reading bytes as a JSON file through the reader class, in slices of any size.
 */
#ifndef IW_TESTS_UNIT_INPUT_JSON_RIG_H
#define IW_TESTS_UNIT_INPUT_JSON_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input/reader.h"

struct json_rig_event {
    uint64_t offset, record_id;
    uint32_t event_id, flags;
    uint8_t dialect;
    int64_t time_ns;
    char channel[128], provider[128], computer[128];
    char *json;          /* the flat object */
    size_t n_of_payload; /* fields of EventData and UserData */
};

struct json_rig_result {
    struct json_rig_event *events;
    size_t n, cap;
    struct iw_account account;
};

/** *slice_bytes* 0: as a run cuts them. *route* NULL: everything is wanted. */
struct json_rig_result json_rig_read(enum iw_evidence_kind kind, const void *bytes, size_t n,
                                     uint64_t slice_bytes);
struct json_rig_result json_rig_read_routed(enum iw_evidence_kind kind, const void *bytes, size_t n,
                                            uint64_t slice_bytes, const struct iw_route *route);
struct json_rig_result json_rig_read_text(enum iw_evidence_kind kind, const char *text);
void json_rig_done(struct json_rig_result *result);

uint64_t json_rig_count(const struct json_rig_result *result, enum iw_damage kind);
/** Requires that no kind but those listed was counted; ends with IW_DAMAGE_COUNT. */
void json_rig_assert_only(const struct json_rig_result *result, ...);
/** Requires the event's flat JSON to have this piece of text. */
void json_rig_assert_has(const struct json_rig_event *event, const char *text);
void json_rig_assert_has_not(const struct json_rig_event *event, const char *text);

#endif
