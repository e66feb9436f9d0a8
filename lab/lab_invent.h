/*
 * Inventing field values for the benchmark corpus: a random generator and the recipes of the
 * catalogue.
 */
#ifndef IW_LAB_INVENT_H
#define IW_LAB_INVENT_H

#include "lab/event/lab_catalogue.h"
#include "lab/lab_programs.h"

#define IW_LAB_INVENT_TEXT_BYTES 16384U
#define IW_LAB_INVENT_ITEMS 32U

/* One event's worth of memory; values point into it until iw_lab_invent_begin() for the next event.
 */
struct iw_lab_invent {
    uint64_t state;
    uint64_t filetime;
    char utc_time[32];
    char text[IW_LAB_INVENT_TEXT_BYTES];
    size_t used_bytes;
    struct iw_lab_value items[IW_LAB_INVENT_ITEMS];
    /* Fields of process creations are those of these programs, picked for each event; NULL: they
     * are put together from pieces like all others. */
    const struct iw_lab_program *program, *parent;
};

void iw_lab_invent_seed(struct iw_lab_invent *invent, uint64_t seed);

/* A number below `below` (1 or more). */
uint32_t iw_lab_invent_below(struct iw_lab_invent *invent, uint32_t below);

/* Picks the programs of the next event. */
void iw_lab_invent_pick_programs(struct iw_lab_invent *invent);

/* Forgets the values of the event before and sets the time of the next. */
void iw_lab_invent_begin(struct iw_lab_invent *invent, uint64_t filetime);

struct iw_lab_value iw_lab_invent_value(struct iw_lab_invent *invent,
                                        const struct iw_lab_kind_field *field);

#endif
