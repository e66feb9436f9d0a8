/**
 * Which rules could have matched on a host: what rules ask of telemetry (sigma/sigma_demand.h)
 * beside what was gathered. Each demand is compared once with each host, however many rules have
 * it.
 *
 * Only events that are there prove anything here: files of settings are not asked. A source is seen
 * when an event of it is there in which every field asked for is filled now and then; of a row
 * whose fields are not all known (a limit, events nobody decoded) it is taken to be so.
 */
#ifndef IW_COVERAGE_RULE_SIGHT_H
#define IW_COVERAGE_RULE_SIGHT_H

#include "coverage/coverage_host.h"
#include "event/name.h"
#include "result/rule_coverage.h"
#include "sigma/sigma_demand.h"

struct iw_rule_sight_input {
    const struct iw_sigma_demands *demands;
    const struct iw_sigma_ruleset *ruleset; /* of these demands */
    const struct iw_names *names;           /* of that ruleset */
    const struct iw_coverage_input *known;  /* what the run knows of hosts */
    const struct iw_coverage *coverage;     /* made of that: says which hosts there are */
    bool keeps_reasons;                     /* else only numbers */
};

/** Fills *ret*, which was initialised. IW_OK; IW_ECANCELLED (*known* says when): with the hosts
 * that were judged till then; IW_ENOMEM. */
enum iw_rc iw_rule_sight_judge(const struct iw_rule_sight_input *input,
                               struct iw_rule_coverage *ret);

#endif
