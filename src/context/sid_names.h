/**
 * Names of accounts by SID: where any event shows both, and those that are the same on every
 * machine.
 *
 * One collector per thread while events flow, then merged and settled. The result does not depend
 * on how events were divided; past IW_LIMIT_SID_NAMES pairs are counted as hidden. A name holds
 * from the moment it was first shown with its SID until another one was (accounts can be renamed),
 * and backwards where none was shown before.
 *
 * Field facts: SubjectUserSid with SubjectUserName and SubjectDomainName, TargetUserSid or
 * TargetSid with TargetUserName and TargetDomainName, of Security; 4781 tells of a new name.
 * Windows' own SIDs (S-1-5-18) stand with the computer's account as their name there, so the table
 * of the well known ones is asked first.
 */
#ifndef IW_CONTEXT_SID_NAMES_H
#define IW_CONTEXT_SID_NAMES_H

#include "event/event.h"
#include "event/host.h"
#include "event/route.h"

struct iw_sid_names;

/** NULL: no memory. */
struct iw_sid_names *iw_sid_names_new(void);
void iw_sid_names_free(struct iw_sid_names *names);
/** Asks for the events that are read. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sid_names_route(struct iw_route *route);
/** Looks at one event. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sid_names_add(struct iw_sid_names *names, const struct iw_event *event);
/** Adds all of *from*, which is not changed. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sid_names_merge(struct iw_sid_names *into, const struct iw_sid_names *from);
/** Tells *hosts* the computers. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sid_names_hosts(const struct iw_sid_names *names, struct iw_hosts *hosts);
/** Ends the collecting; *hosts* is settled and lives as long. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sid_names_settle(struct iw_sid_names *names, const struct iw_hosts *hosts);

/** The account's name on *host* (letter case ignored) at that time, `DOMAIN\name`; empty: nothing
 * shows it. Accounts of a domain are looked for on the other hosts too. Only when settled. */
struct iw_str iw_sid_names_find(const struct iw_sid_names *names, struct iw_str host,
                                struct iw_str sid, int64_t time_ns);
/** The name that a SID has on every machine; empty: it has none. */
struct iw_str iw_sid_well_known(struct iw_str sid);
/** Pairs that were not kept. */
uint64_t iw_sid_names_hidden(const struct iw_sid_names *names);

#endif
