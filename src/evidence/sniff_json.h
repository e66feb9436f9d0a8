/**
 * Recognising JSON that holds Windows events, whatever the file is called.
 */
#ifndef IW_EVIDENCE_SNIFF_JSON_H
#define IW_EVIDENCE_SNIFF_JSON_H

#include "evidence/sniff.h"

/** Bytes at the beginning of a file that are looked at. */
#define IW_SNIFF_JSON_BYTES ((size_t)64 * 1024)
/** And where these are JSON without an event. */
#define IW_SNIFF_JSON_FURTHER_BYTES ((size_t)1024 * 1024)

/** Whether a name says JSON (*.json, *.ndjson, *.jsonl, letter case ignored). */
bool iw_sniff_is_json_name(struct iw_str path);

/**
 * Whether a file that begins with *head* may be JSON: it begins like it, one of its first lines
 * does, or its name says so.
 */
bool iw_sniff_may_be_json(struct iw_str head, struct iw_str path);

/**
 * Decides about such a file: to be read (by line or as a whole), or skipped or lost with a reason.
 *
 * @param other  what the file looks like otherwise, or NULL
 * @return false (and errno) when a read fails
 */
bool iw_sniff_json(int fd, struct iw_str path, const char *other, struct iw_sniffed *ret);

#endif
