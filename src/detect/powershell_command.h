/**
 * A script block of PowerShell that registers one native module, where all of it is understood:
 * `New-WebGlobalModule -Name X -Image Y`, with nothing beside it but `Import-Module`.
 *
 * What the script says is compared with change records, and who wrote it may be the attacker: a
 * variable, a pipe, a remark, another statement make it one of which nothing is known. Form:
 * Microsoft's reference of the module WebAdministration.
 */
#ifndef IW_DETECT_POWERSHELL_COMMAND_H
#define IW_DETECT_POWERSHELL_COMMAND_H

#include "base/str.h"

struct iw_powershell_command {
    struct iw_str name, image; /* borrowed from the script */
};

/** False: it is no such script, and *ret* is empty. Pure; any thread. */
bool iw_powershell_command_read(struct iw_str script, struct iw_powershell_command *ret);

#endif
