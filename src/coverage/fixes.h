/**
 * How to see more: for what a link's sources of events lack, text that an administrator can paste,
 * with the web roots and sites of that very host, and the very lines of settings that are in the
 * way.
 *
 * Sources: Microsoft's documentation of auditpol (subcategories by GUID, so that the language of
 * Windows does not matter), of wevtutil, of command line auditing and of FileSystemAuditRule;
 * Sysmon's schema (sysmon_rules.h); IIS's schema of logFile.
 *
 * Whatever comes out of evidence is quoted for where it will be pasted; a path that holds what no
 * path may (control characters, marks that change the direction of text) is left out and counted.
 */
#ifndef IW_COVERAGE_FIXES_H
#define IW_COVERAGE_FIXES_H

#include "coverage/link_state.h"

/**
 * The text, lines ended by '\n' but for the last; a line that begins with `#` is a remark, an
 * element and what stands between `<!-- -->` belongs into Sysmon's configuration, all else is
 * PowerShell as administrator; a remark that begins with `# or` begins another way to the same.
 * Empty (p not NULL): nothing is wanted. p NULL: no memory.
 *
 * @param link    what is wanted: all of one witness, or those of another in its place; and which
 *                web roots are open, which alone are named
 * @param server  of the host; NULL: not known, the default roots are named
 */
struct iw_str iw_coverage_fix(const struct iw_link_result *link,
                              const struct iw_inventory_server *server, struct iw_arena *arena);

#endif
