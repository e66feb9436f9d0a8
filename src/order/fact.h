/**
 * A fact: what one event means to a later stage, as a small record that can be kept by the million
 * and read back in event time.
 *
 * A fact says when, where and in which record something was seen; what its payload means is known
 * to whoever made it and to nobody in this room. It owns nothing: texts are borrowed.
 */
#ifndef IW_ORDER_FACT_H
#define IW_ORDER_FACT_H

#include "event/event.h"

/** Whose facts they are. A maker tells its own apart in the payload, or numbers more of them: those
 * that others are judged by from IW_FACT_FIRST_OF_CONTEXT on, which of one host and instant are
 * read before all others; any others from IW_FACT_FIRST_OF_OTHERS on. One event gives at most one
 * fact of a kind. */
enum iw_fact_kind {
    IW_FACT_LOG_MARK = 1, /* a log was cleared, a clock was set (order/log_mark.h) */
    IW_FACT_MATCH = 2,    /* rules matched (engine/match.h) */
    IW_FACT_FIRST_OF_CONTEXT = 16,
    IW_FACT_FIRST_OF_OTHERS = 24
};

/**
 * Which clock a time was read from. Times of one clock compare strictly; the order of two times of
 * different clocks is undecidable within the sum of their uncertainties.
 */
enum iw_fact_clock {
    IW_CLOCK_LOG = 0, /* System/TimeCreated: when the record was written to its log */
    IW_CLOCK_SYSMON,  /* UtcTime: when Sysmon saw it */
    IW_CLOCK_EXPORT,  /* TimeCreated as a JSON dialect wrote it: may be a mislabelled local clock */
    IW_CLOCK_REQUEST, /* a web log: whole seconds, the end of the request */
    /* A web log in local time that says no zone (IIS and NCSA format), read as if it were UTC.
     * Times of one host's compare; those of others are undecidable within 14 hours. */
    IW_CLOCK_LOCAL,
    IW_CLOCK_COUNT
};

/** By how much a time of this clock may be off; never negative. */
int64_t iw_fact_clock_uncertainty_ns(enum iw_fact_clock clock);

/** First half of a SHA-256: nobody can make two events that look like copies and are not. Of facts
 * that are known by what they say it is a hash that can be prepared: who reads them compares what
 * they say. */
#define IW_FACT_CONTENT_BYTES 16U

/** One more place the same event was read from. */
struct iw_fact_place {
    uint32_t source; /* index of the file in the ledger */
    uint64_t offset;
    uint64_t line; /* 0: none */
};

struct iw_fact {
    uint32_t kind;   /* enum iw_fact_kind, or a number of its maker */
    int64_t time_ns; /* IW_TIME_UNKNOWN: none; such facts are read before all others */
    uint8_t clock;   /* enum iw_fact_clock */
    uint8_t dialect; /* struct iw_event.dialect */
    struct iw_str channel;
    struct iw_str computer; /* as written */
    uint32_t event_id;
    uint64_t record_id;                     /* 0: none */
    uint8_t content[IW_FACT_CONTENT_BYTES]; /* what the record says (iw_event_content) */
    struct iw_fact_place place;
    struct iw_str payload;

    /* Set when it is read back. */
    struct iw_str host;                 /* settled; the label of a name that was never told */
    const struct iw_fact_place *copies; /* other places of the same event, in order */
    size_t n_copies;
    uint64_t n_copies_hidden;      /* past IW_LIMIT_COPIES_SHOWN */
    const struct iw_str *variants; /* payloads of copies that differ from this one and from one
                                      another: another form of a record may say more. At most
                                      IW_LIMIT_COPIES_SHOWN: past it, a copy is taken for an event
                                      of its own */
    size_t n_variants;
    bool is_conflict; /* host, channel, record id and time are those of an earlier one of its kind,
                         the content is not */
};

/**
 * What the record says, whoever carried it: a digest over names and values of its payload
 * (EventData and UserData), whatever their order and letter case of the names, without empty ones.
 * What stands in `System` and what exporters add is not part of it; but of an event without a
 * record id, which has nothing else to be known by, everything is, and the dialect.
 *
 * @param scratch  for decoded text; the caller resets it
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_event_content(const struct iw_event *event, struct iw_arena *scratch,
                            uint8_t ret[IW_FACT_CONTENT_BYTES]);

/** Fills what every fact of *event* says; kind and payload are left to the caller. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_fact_of_event(const struct iw_event *event, struct iw_arena *scratch,
                            struct iw_fact *ret);

/** The same but for the content, which is left zero: for facts whose maker knows a cheaper one (of
 * context facts, what they say). */
void iw_fact_of_record(const struct iw_event *event, struct iw_fact *ret);

/** Which clock the event's time was read from. */
enum iw_fact_clock iw_event_clock(const struct iw_event *event);

#endif
