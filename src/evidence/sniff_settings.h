/**
 * Recognition of files that say what a host logs: configurations of Sysmon, audit policies,
 * settings of channels, lists of audit entries. By content alone.
 */
#ifndef IW_EVIDENCE_SNIFF_SETTINGS_H
#define IW_EVIDENCE_SNIFF_SETTINGS_H

#include "evidence/sniff_server.h"

/** What a text with this beginning (narrowed: sniff_text.h) is. */
struct iw_server_sniff iw_sniff_settings(struct iw_str text);

#endif
