/**
 * Which of two moments of one host came first (design: one clock is compared strictly, two clocks
 * are not within their joint uncertainty).
 */
#ifndef IW_DETECT_CHAIN_ORDER_H
#define IW_DETECT_CHAIN_ORDER_H

#include "order/fact.h"

/** A moment and the clock it was read from. */
struct iw_chain_moment {
    int64_t time_ns;
    uint8_t clock; /* enum iw_fact_clock */
};

enum iw_chain_order {
    IW_CHAIN_BEFORE = 0, /* the first came before the second */
    IW_CHAIN_AFTER,
    IW_CHAIN_UNDECIDED /* equal, or too near for two clocks; or a time that is not known */
};

enum iw_chain_order iw_chain_order_of(struct iw_chain_moment first, struct iw_chain_moment second);
/** By how much two moments may be off against one another: 0 on one clock. */
int64_t iw_chain_slack_ns(uint8_t clock, uint8_t other_clock);
/** The most that two moments of events may be off against one another. */
int64_t iw_chain_longest_slack_ns(void);
/** The time from one to another, without overflow; IW_TIME_UNKNOWN where one is not known. */
int64_t iw_chain_distance_ns(int64_t from_ns, int64_t to_ns);

#endif
