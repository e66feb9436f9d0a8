/**
 * An engine for tests of the command line: notes what it was asked and does what it is told.
 */
#ifndef IW_TESTS_UNIT_CLI_FAKE_ENGINE_H
#define IW_TESTS_UNIT_CLI_FAKE_ENGINE_H

#include "engine/canary.h"
#include "engine/engine.h"
#include "engine/rules.h"

struct fake_engine {
    /* what it shall do */
    enum iw_rc rc;                    /* returned; other than IW_OK fills the error */
    void (*fill)(struct iw_run *run); /* may be NULL */
    size_t n_events;                  /* events written to the sink */
    bool interrupts;                  /* raises SIGINT while reading */
    struct iw_rule_problem problems[4];
    size_t n_problems;
    bool finds_rule;
    enum iw_rule_test_state test_state; /* of the one test */
    /* what it was asked: valid while the command runs, numbers and flags also afterwards */
    size_t n_calls;
    struct iw_engine_options options;
    struct iw_hunt_options hunt;
    struct iw_events_options events;
    struct iw_server_options servers;
    struct iw_rule_choice choice;
    struct iw_explain_options explain;
    size_t n_test_paths;
    char first_path[256], first_rule[256], first_where[256], host[64], baseline[256];
    char first_trust[256], first_web_root[256], canary[256];
    char fields[4][32];
    bool was_cancelled;
};

extern struct fake_engine fake_engine;

/** Forgets everything. */
void fake_engine_reset(void);

#endif
