/**
 * Records to events: running the program of a record's template over its values.
 */
#ifndef IW_INPUT_EVTX_EXECUTE_H
#define IW_INPUT_EVTX_EXECUTE_H

#include "base/limits.h"
#include "event/batch.h"
#include "event/route.h"
#include "input/evtx/evtx_cache.h"
#include "input/evtx/evtx_labels.h"
#include "result/ledger.h"

/**
 * The values of one template instance. A slot packs what is needed of one value: offset from
 * *first* in the upper 32 bits, then the descriptor as stored (u16 size, u8 type, u8 0).
 */
struct evtx_values {
    const uint64_t *slots;
    uint32_t n;
    uint32_t first; /* chunk offset of the first value */
    uint32_t limit; /* chunk offset of the end of the readable bytes */
    bool is_whole;  /* all values lie inside the limit */
};

/** One level of nesting: a stretch of BinXML, and the program that is being run in it. */
struct evtx_level {
    uint32_t at, limit; /* rest of the stretch, chunk offsets */
    enum evtx_area area;
    const struct evtx_program *program; /* NULL: between fragments */
    uint32_t next_step;
    struct evtx_values values;
};

struct evtx_executor {
    struct evtx_cache cache;
    struct evtx_labels labels;
    const struct iw_route *route;
    struct evtx_chunk_view chunk;
    struct iw_batch *batch;
    struct iw_account *account;
    struct evtx_level levels[IW_LIMIT_BINXML_NESTING];
    uint64_t slots[IW_LIMIT_BINXML_NESTING][IW_LIMIT_TEMPLATE_VALUES];
    /* of the record being read */
    struct iw_field *fields; /* where its fields begin in the batch */
    uint32_t n_fields;
    uint64_t file_offset;
    bool is_cut;
    bool is_recovered;  /* a former or carved one: its template may be gone */
    bool has_odd_names; /* see evtx_program */
    bool is_bare;       /* the record itself has no template */
    bool hit_limit;
    bool is_header_late; /* the event's header comes from decoded fields */
    uint64_t
        name_bytes; /* of the programs run for this record, and of array items beyond the first */
    uint32_t text_bytes; /* names and values of this chunk's records; the reader sets it to 0 */
};

void evtx_executor_init(struct evtx_executor *executor, const struct iw_names *names,
                        const struct iw_route *route);
void evtx_executor_done(struct evtx_executor *executor);

/** What became of a record. */
enum evtx_outcome {
    EVTX_RECORD_GOOD,  /* event filled */
    EVTX_RECORD_CUT,   /* event filled; some fields are missing */
    EVTX_RECORD_LOST,  /* nothing could be made of it */
    EVTX_RECORD_LIMIT, /* refused by a limit */
};

/**
 * Reads the BinXML of one record into *event* (all but source, offset and the recovered flag).
 *
 * @param begin, limit  the BinXML, chunk offsets
 * @param ret           what became of it
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc evtx_execute_record(struct evtx_executor *executor, uint32_t begin, uint32_t limit,
                               struct iw_event *event, enum evtx_outcome *ret);

#endif
