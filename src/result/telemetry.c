/*
 * The telemetry profile as it leaves coverage/: everything in it lies in its arena.
 */
#include "result/telemetry.h"

void iw_telemetry_init(struct iw_telemetry *telemetry)
{
    memset(telemetry, 0, sizeof *telemetry);
    iw_arena_init(&telemetry->arena, 0);
}

void iw_telemetry_done(struct iw_telemetry *telemetry)
{
    iw_arena_done(&telemetry->arena);
    memset(telemetry, 0, sizeof *telemetry);
}
