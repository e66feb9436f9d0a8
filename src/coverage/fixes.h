/**
 * How to see more: for each link of an analytic and what it lacks, text that an administrator can
 * paste, with the web roots and log formats of that very host.
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

#include "result/coverage.h"
#include "result/inventory.h"

/** What keeps a link from being proved. */
enum iw_lack {
    IW_LACK_SOURCE = 0,   /* no log that could show it is in evidence */
    IW_LACK_PROOF,        /* a log is there; nothing shows that it would have told */
    IW_LACK_FILTER,       /* Sysmon's configuration leaves it out */
    IW_LACK_POLICY,       /* the audit policy leaves it out */
    IW_LACK_AUDIT_ENTRY,  /* the policy is on; the folder has no audit entry */
    IW_LACK_COMMAND_LINE, /* 4688 without command lines */
    IW_LACK_PARENT,       /* processes whose parent is not to be found */
    IW_LACK_CHANNEL,      /* the channel is switched off */
    IW_LACK_ROOM,         /* the log begins too late: it wraps */
    IW_LACK_UNBROKEN,     /* cleared, stopped, records missing, damaged */
    IW_LACK_FILE,         /* the file that would tell is not in evidence, or not the whole truth */
    IW_LACK_COLUMNS,      /* a log of requests without the columns it takes */
    IW_LACK_COUNT
};

/**
 * The text, lines ended by '\n' but for the last; a line that begins with `#` is a remark, what
 * stands between `<!-- -->` and belongs into Sysmon's configuration is XML, all else is PowerShell
 * as administrator. Empty (p not NULL): there is nothing to mend, or the link is not known. p NULL:
 * no memory.
 *
 * @param link    "file_created", "process_created", "configuration", "registration",
 *                "module_load", "request", "compiled", "logon", "network"
 * @param server  of the host; NULL: not known, the default roots are named
 */
struct iw_str iw_coverage_fix(struct iw_str link, enum iw_lack lack,
                              const struct iw_inventory_server *server, struct iw_arena *arena);

/** The same from the state of a link alone: absent lacks its source, not proved a proof, a gap an
 * unbroken log; what is proved or stated lacks nothing. */
struct iw_str iw_coverage_fix_of_state(struct iw_str link, enum iw_link_state state,
                                       const struct iw_inventory_server *server,
                                       struct iw_arena *arena);

#endif
