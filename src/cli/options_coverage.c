#include "cli/options_coverage.h"

#include "cli/session.h"

void iw_coverage_options_of(const struct iw_arguments *arguments, struct iw_hunt_options *ret)
{
    ret->telemetry_paths = (const char *const *)arguments->telemetry.items;
    ret->n_telemetry_paths = arguments->telemetry.n;
}

enum iw_rc iw_coverage_options_check(const struct iw_arguments *arguments, struct iw_error *err)
{
    return iw_session_check_paths("--telemetry", &arguments->telemetry, err);
}
