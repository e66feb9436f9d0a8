/**
 * What one host logged that chains are made of, and over which span: so that a chain can say which
 * of its links could not have been seen.
 */
#ifndef IW_DETECT_CHAIN_TELEMETRY_H
#define IW_DETECT_CHAIN_TELEMETRY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "result/telemetry.h"

enum iw_chain_source {
    IW_CHAIN_SOURCE_FILES = 0,     /* files written: Sysmon 11, 15, Security 4663, 5145 */
    IW_CHAIN_SOURCE_PROCESSES,     /* processes that start: Sysmon 1, Security 4688 */
    IW_CHAIN_SOURCE_COMMAND_LINES, /* and their command lines */
    IW_CHAIN_SOURCE_PARENTS,       /* and who started them, by name */
    IW_CHAIN_SOURCE_REQUESTS,      /* a log of requests */
    IW_CHAIN_SOURCE_LOADS,         /* modules loaded: Sysmon 7 */
    IW_CHAIN_SOURCE_CONFIGURATION, /* Microsoft-IIS-Configuration/Operational */
    IW_CHAIN_SOURCE_COUNT
};

/** From the first to the last event of a source. What was silent in between, and what settings say
 * of it, is not told here but asked for (iw_chain_ask_reach). */
struct iw_chain_span {
    bool is_seen;
    int64_t first_ns, last_ns;
    struct iw_str by; /* "Sysmon 11, Security 4663" */
};

struct iw_chain_telemetry {
    struct iw_chain_span of[IW_CHAIN_SOURCE_COUNT];
};

/** The profile of a run by host, so that what is read for one host costs what that host logged. */
struct iw_chain_telemetry_rows {
    const struct iw_telemetry *telemetry;
    struct iw_arena arena;
    struct iw_map by_host; /* lower case → its first row + 1 */
    size_t *next;          /* of each row: the next one of its host + 1; 0: none */
    uint64_t n_read;       /* rows looked at */
};

/** *telemetry* lives longer. IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_chain_telemetry_rows_init(struct iw_chain_telemetry_rows *rows,
                                        const struct iw_telemetry *telemetry);
/** All zero is fine. */
void iw_chain_telemetry_rows_done(struct iw_chain_telemetry_rows *rows);

/** Reads what a host logged. Texts lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_telemetry_read(struct iw_chain_telemetry_rows *rows, struct iw_str host,
                                   struct iw_arena *arena, struct iw_chain_telemetry *ret);

#endif
