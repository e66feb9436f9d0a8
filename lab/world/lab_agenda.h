/*
 * What will happen when: the clock of the world. Things at the same time happen in the order in
 * which they were put down.
 */
#ifndef IW_LAB_AGENDA_H
#define IW_LAB_AGENDA_H

#include "lab/world/lab_world.h"

/* subject is whatever the step needs; the act counts as being played while the step runs. */
typedef void (*iw_lab_step)(struct iw_lab_host *host, void *subject);

struct iw_lab_agenda *iw_lab_agenda_new(void);
void iw_lab_agenda_free(struct iw_lab_agenda *agenda);

/* At a time that is not before now. */
void iw_lab_agenda_put(struct iw_lab_host *host, uint64_t time, iw_lab_step step, void *subject,
                       const struct iw_lab_act *act);

/* The same for a subject from iw_lab_alloc_zeroed() that the agenda gives back when the step is
 * done, or never comes. */
void iw_lab_agenda_put_owned(struct iw_lab_host *host, uint64_t time, iw_lab_step step,
                             void *subject, const struct iw_lab_act *act);

/* Runs until the end of the scenario, or a failure. */
bool iw_lab_world_run(struct iw_lab_world *world);

#endif
