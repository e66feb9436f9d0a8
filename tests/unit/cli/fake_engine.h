/**
 * An engine for tests of the command line: notes what it was asked and does what it is told.
 */
#ifndef IW_TESTS_UNIT_CLI_FAKE_ENGINE_H
#define IW_TESTS_UNIT_CLI_FAKE_ENGINE_H

#include "engine/engine.h"

struct fake_engine {
    /* what it shall do */
    enum iw_rc rc;                    /* returned; other than IW_OK fills the error */
    void (*fill)(struct iw_run *run); /* may be NULL */
    size_t n_events;                  /* events written to the sink */
    bool interrupts;                  /* raises SIGINT while reading */
    /* what it was asked: valid while the command runs, numbers and flags also afterwards */
    size_t n_calls;
    struct iw_engine_options options;
    struct iw_hunt_options hunt;
    struct iw_events_options events;
    char first_path[256], first_rule[256], first_where[256], host[64];
    char fields[4][32];
    bool was_cancelled;
};

extern struct fake_engine fake_engine;

/** Forgets everything. */
void fake_engine_reset(void);

#endif
