/**
 * Logons of one host: which account, from where and how, stands behind a logon id at a moment of
 * event time.
 *
 * Facts are told in event time; answers hold for the moment of the fact told last. An id means a
 * logon from its start until a boot or another logon under the same id, also when it has been
 * logged off: what it started may still run. A logon of which only later events tell (its start
 * lies before the log) is there with what these say. The ids of the system's own accounts are
 * always known.
 *
 * Memory is bounded (IW_LIMIT_LOGONS); those that ended longest ago are forgotten first, counted.
 * One thread at a time.
 */
#ifndef IW_CONTEXT_LOGONS_H
#define IW_CONTEXT_LOGONS_H

#include "base/limits.h"
#include "base/timestamp.h"
#include "context/context_fact.h"

/** The credentials of another account that a logon used. */
struct iw_logon_credentials {
    int64_t time_ns;
    struct iw_str account, server, address;
};

/** A logon; borrowed, valid until the next fact is told. Texts are empty where nothing tells. */
struct iw_logon {
    uint64_t id;
    uint64_t linked_id; /* the other token of the same logon; 0: none known */
    bool is_of_windows; /* nothing tells of its start, but its id is that of Windows' own account,
                           which logs on by itself and from nowhere */
    bool is_seen;       /* its start is in evidence: type and address are what it says */
    uint32_t type;      /* 0: not known */
    enum iw_said elevated;
    struct iw_str user, sid; /* DOMAIN\name */
    struct iw_str address, workstation;
    struct iw_event_place place; /* of the event of its start; event id 0: not known */
    int64_t begin_ns;            /* IW_TIME_UNKNOWN: before the log */
    int64_t end_ns;              /* IW_TIME_UNKNOWN: not logged off */
    struct iw_logon_credentials credentials[IW_LIMIT_LOGON_CREDENTIALS]; /* the latest, in order */
    size_t n_credentials;
    uint64_t n_credentials_hidden;
};

struct iw_logons;

/** NULL: no memory. */
struct iw_logons *iw_logons_new(void);
void iw_logons_free(struct iw_logons *logons);
/** Forgets everything: the next host. Counts stay. */
void iw_logons_clear(struct iw_logons *logons);
/** Tells a fact; kinds that are not of logons are passed over. IW_OK or IW_ENOMEM: it is then told
 * in part. */
enum iw_rc iw_logons_tell(struct iw_logons *logons, int64_t time_ns,
                          const struct iw_context_fact *fact);

/** NULL: nothing is known of this id. */
const struct iw_logon *iw_logons_find(const struct iw_logons *logons, uint64_t id);
/** The other token of the same logon, or NULL. */
const struct iw_logon *iw_logons_linked(const struct iw_logons *logons,
                                        const struct iw_logon *logon);
/** Where the logon came from: its own address, else that of its other token. Empty: not told. */
struct iw_str iw_logons_address(const struct iw_logons *logons, const struct iw_logon *logon);
/** The latest network logon (type 3) from another machine that began before a moment, *within_ns*
 * at most; it may have ended. Of the logons in that span IW_LIMIT_LOGONS_NEAR are looked at. NULL:
 * none is known. */
const struct iw_logon *iw_logons_over_network(const struct iw_logons *logons, int64_t time_ns,
                                              int64_t within_ns);

struct iw_logons_account {
    uint64_t n_logons;    /* seen to begin */
    uint64_t n_inferred;  /* known by later events only */
    uint64_t n_reused;    /* ids that another logon got while the first had not ended */
    uint64_t n_forgotten; /* past the limit */
    uint64_t n_steps;     /* logons looked at on the way: the work, which is linear */
    size_t n_kept, peak_kept;
};
struct iw_logons_account iw_logons_account(const struct iw_logons *logons);

#endif
