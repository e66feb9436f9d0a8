/**
 * Logs of requests as events: what their channels are called, and what a channel is for lines that
 * Windows writes to no event channel.
 *
 * A log of requests has no event ids: every event has id 0, and record ids are unknown.
 */
#ifndef IW_EVENT_WEB_LOG_H
#define IW_EVENT_WEB_LOG_H

#include "base/str.h"

/** Requests a site answered: W3C, IIS and NCSA format. */
#define IW_CHANNEL_W3SVC "IIS/W3SVC"
/** Requests and connections that HTTP.sys refused or dropped before a worker had them. */
#define IW_CHANNEL_HTTPERR "IIS/HTTPERR"
/** Requests to the management service (Web Deploy, remote administration). */
#define IW_CHANNEL_WMSVC "IIS/WMSVC"
/** Sessions of services beside the web (FTP, SMTP, NNTP) that write the same format. */
#define IW_CHANNEL_OTHER_SERVICE "IIS/FTPSVC"

/** Whether it is one of these. */
static inline bool iw_channel_is_web_log(struct iw_str channel)
{
    return channel.n > 4 && memcmp(channel.p, "IIS/", 4) == 0;
}

#endif
