/**
 * Names of the channels that this program asks for by name, as `System/Channel` spells them.
 */
#ifndef IW_EVENT_CHANNEL_H
#define IW_EVENT_CHANNEL_H

#define IW_CHANNEL_SYSMON "Microsoft-Windows-Sysmon/Operational"
#define IW_CHANNEL_SECURITY "Security"
/* The provider's name has "-Windows-", that of the channel has not. */
#define IW_CHANNEL_IIS_CONFIGURATION "Microsoft-IIS-Configuration/Operational"

#endif
