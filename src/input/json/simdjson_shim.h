/**
 * The one door to simdjson (Debian libsimdjson-dev): the places of everything structural in a span
 * of JSON, found with the vector instructions of the processor at hand.
 *
 * Only the first of simdjson's two stages is used: it checks that the text is UTF-8, that strings
 * are closed and hold no raw control characters, and says where each bracket, comma, colon, string
 * and plain word begins. What these places mean json_walk.c decides, so that spellings of numbers
 * stay as they are and no text is copied. One index per reader, one thread. Nothing is thrown.
 */
#ifndef IW_INPUT_JSON_SIMDJSON_SHIM_H
#define IW_INPUT_JSON_SIMDJSON_SHIM_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
extern "C" {
#else
#include <stddef.h>
#include <stdint.h>
#endif

/** Longest span; longer ones are refused (and read by json_repair.c). */
#define IW_JSON_INDEX_BYTES ((size_t)256 * 1024)

enum iw_json_index_rc {
    IW_JSON_INDEXED = 0,
    IW_JSON_REFUSED, /* not JSON for one of the reasons above, empty, or too long */
};

struct iw_json_index;

/** NULL when there is no memory. */
struct iw_json_index *iw_json_index_new(void);
void iw_json_index_free(struct iw_json_index *index);

/**
 * Indexes *n* bytes. *ret_places (ascending, each below *n*) is the index's own and valid until its
 * next use; one more place with the value *n* stands behind the last.
 */
enum iw_json_index_rc iw_json_index_run(struct iw_json_index *index, const char *text, size_t n,
                                        const uint32_t **ret_places, size_t *ret_n);

#ifdef __cplusplus
}
#endif

#endif
