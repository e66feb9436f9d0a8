/**
 * One line of a log as an event.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_EVENT_H
#define IW_INPUT_IISLOG_IISLOG_EVENT_H

#include "input/iislog/iislog_bare.h"
#include "input/iislog/iislog_clock.h"
#include "input/iislog/iislog_directives.h"
#include "input/iislog/iislog_place.h"
#include "input/reader.h"

/** What turning lines into events needs; one per reader. */
struct iislog_events {
    struct iw_event_builder builder;
    const struct iw_route *route;
    const struct iw_names *names;
    struct iislog_clock clock;
    struct iislog_bare bare;
    struct iislog_directives directives;
    struct iislog_place place; /* of the file being read */
    struct iw_account *account;
    uint32_t source;
    /* Names of what no column says. */
    struct iw_name site_name, start_name, beyond_name;
    /* By what is in force: iislog_events_settle. */
    struct iw_str channel;
    bool is_wanted; /* somebody asks for lines of the channel */
};

/** A line as it stands in the file. */
struct iislog_line {
    struct iw_str text; /* without its end; not empty */
    bool is_ascii;
    uint64_t offset;
    uint64_t number; /* from 1 */
};

/** IW_OK or IW_ENOMEM; needs iislog_events_done in every case. */
enum iw_rc iislog_events_init(struct iislog_events *events,
                              const struct iw_reader_options *options);
void iislog_events_done(struct iislog_events *events);
/** Call when the file or a directive has changed. */
void iislog_events_settle(struct iislog_events *events);

/**
 * Adds the line's event to the batch, which has room. What is odd or lost is counted. IW_OK;
 * IW_ELIMIT: the batch holds too much text already, take it first; IW_ENOMEM.
 */
enum iw_rc iislog_events_add(struct iislog_events *events, struct iw_batch *batch,
                             const struct iislog_line *line);

#endif
