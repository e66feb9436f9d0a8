/**
 * Which file Security 5145 tells of: a share was asked for access to something in it.
 *
 * Fields: ShareLocalPath (`\??\C:\`; empty where the share has no folder), ShareName (`\\*\C$`),
 * RelativeTargetName (`inetpub\wwwroot\x.aspx`). Source: the event's own template, and
 * learn.microsoft.com, "5145(S, F): A network share object was checked".
 */
#ifndef IW_CONTEXT_SHARE_PATH_H
#define IW_CONTEXT_SHARE_PATH_H

#include "context/event_reading.h"

/** What was asked for, below the share; empty: the share itself. Missing memory is noted. */
struct iw_str iw_share_target(struct iw_event_reading *reading);
/** The file on the server; of a share whose folder is not told, below the share's name. p NULL: no
 * memory. */
struct iw_str iw_share_path(struct iw_event_reading *reading, struct iw_str target);

#endif
