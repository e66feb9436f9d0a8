/**
 * Recognition of logs of requests to a web server: W3C extended (IIS, HTTP.sys, the management
 * service), IIS log file format, NCSA common and combined. By content alone; logs of other programs
 * in W3C form (firewall, mail transport, proxies without web columns) are none of them.
 */
#ifndef IW_EVIDENCE_SNIFF_WEBLOG_H
#define IW_EVIDENCE_SNIFF_WEBLOG_H

#include "base/str.h"

/** Whether a file with this beginning (4 KiB are enough) is one. */
bool iw_sniff_is_web_log(struct iw_str head);

#endif
