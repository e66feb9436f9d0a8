#include "detect/chain/chain_order.h"

int64_t iw_chain_slack_ns(uint8_t clock, uint8_t other_clock)
{
    if (clock == other_clock || clock >= IW_CLOCK_COUNT || other_clock >= IW_CLOCK_COUNT)
        return 0;
    return iw_fact_clock_uncertainty_ns((enum iw_fact_clock)clock) +
           iw_fact_clock_uncertainty_ns((enum iw_fact_clock)other_clock);
}

static bool is_of_requests(uint8_t clock)
{
    return clock == IW_CLOCK_REQUEST || clock == IW_CLOCK_LOCAL;
}

int64_t iw_chain_longest_slack_ns(void)
{
    int64_t longest = 0;
    for (unsigned i = 0; i < IW_CLOCK_COUNT; i++) {
        for (unsigned k = 0; k < IW_CLOCK_COUNT; k++) {
            int64_t slack_ns = iw_chain_slack_ns((uint8_t)i, (uint8_t)k);
            if (!is_of_requests((uint8_t)i) && !is_of_requests((uint8_t)k) && slack_ns > longest)
                longest = slack_ns;
        }
    }
    return longest;
}

int64_t iw_chain_distance_ns(int64_t from_ns, int64_t to_ns)
{
    int64_t distance_ns;
    if (!iw_time_known(from_ns) || !iw_time_known(to_ns))
        return IW_TIME_UNKNOWN;
    if (__builtin_sub_overflow(to_ns, from_ns, &distance_ns))
        return to_ns > from_ns ? INT64_MAX : INT64_MIN + 1;
    return distance_ns;
}

enum iw_chain_order iw_chain_order_of(struct iw_chain_moment first, struct iw_chain_moment second)
{
    int64_t distance_ns = iw_chain_distance_ns(first.time_ns, second.time_ns);
    int64_t slack_ns = iw_chain_slack_ns(first.clock, second.clock);
    if (!iw_time_known(distance_ns) || (distance_ns <= slack_ns && distance_ns >= -slack_ns))
        return IW_CHAIN_UNDECIDED;
    return distance_ns > 0 ? IW_CHAIN_BEFORE : IW_CHAIN_AFTER;
}
