/**
 * The names a configuration of Sysmon may use. Letter case is ignored: documentation and schemas
 * write some of them differently (DNSQuery, DnsQuery). Pure tables; any thread.
 */
#ifndef IW_COVERAGE_SYSMON_NAMES_H
#define IW_COVERAGE_SYSMON_NAMES_H

#include "coverage/settings/sysmon_config.h"

/** False: there is no such event type. */
bool iw_sysmon_type_parse(struct iw_str name, enum iw_sysmon_type *ret);
/** False: Sysmon has no such field; *ret is then IW_SYSMON_FIELD_OTHER. */
bool iw_sysmon_field_parse(struct iw_str name, enum iw_sysmon_field *ret);
/** An element beside <EventFiltering> that says nothing about which events are logged. */
bool iw_sysmon_is_option(struct iw_str name);

#endif
