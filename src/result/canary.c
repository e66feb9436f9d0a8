/*
 * Names of canaries, and their arenas.
 */
#include "result/canary.h"

#include <string.h>

const char *iw_canary_kind_name(enum iw_canary_kind kind)
{
    static const char *const names[IW_CANARY_KIND_COUNT] = {
        "file", "request", "child", "registration", "load", "unregistration"};
    return names[kind];
}

const char *iw_canary_kind_sources(enum iw_canary_kind kind)
{
    static const char *const sources[IW_CANARY_KIND_COUNT] = {
        "Sysmon 11 or Security 4663",
        "the log of requests",
        "Sysmon 1 or Security 4688",
        "event 29 of IIS-Configuration/Operational",
        "Sysmon 7",
        "event 29 of IIS-Configuration/Operational"};
    return sources[kind];
}

const char *iw_canary_kind_link(enum iw_canary_kind kind)
{
    static const char *const links[IW_CANARY_KIND_COUNT] = {"file_created",    "request",
                                                            "process_created", "registration",
                                                            "module_load",     "registration"};
    return links[kind];
}

void iw_canary_plan_init(struct iw_canary_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    iw_arena_init(&plan->arena, 0);
}

void iw_canary_plan_done(struct iw_canary_plan *plan)
{
    iw_arena_done(&plan->arena);
    memset(plan, 0, sizeof *plan);
}

void iw_canary_report_init(struct iw_canary_report *report)
{
    memset(report, 0, sizeof *report);
    iw_arena_init(&report->arena, 0);
}

void iw_canary_report_done(struct iw_canary_report *report)
{
    iw_arena_done(&report->arena);
    memset(report, 0, sizeof *report);
}
