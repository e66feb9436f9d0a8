/**
 * Switches: events that say that something is no longer logged, or is again.
 *
 * One collector per thread while events flow, then merged into one and settled. Events that say the
 * same of the same moment are one switch. Each computer has a limit of its own, so that a host with
 * many does not take those of others away; past it the host is cut, past that of all every host is.
 * Within the limits nothing in the result depends on order or threads, and which hosts are cut
 * never does.
 *
 * Field facts: 1102 (Security) and 104 (System) are cleared logs; 4719 is the audit policy:
 * `%%8448` in AuditPolicyChanges takes successes away, `%%8449` adds them, SubcategoryGuid says of
 * what; 4912 is that of one user (TargetUserSid): `%%8455` excludes successes, `%%8454` does so no
 * more, `%%8452` takes away that they are included (msobjs.dll); 4907 is the audit list of an
 * object, OldSd and NewSd its descriptors, of which `S:` begins the audit entries; Sysmon 4 says
 * that it started or stopped, 16 that it was configured anew, 255 that something went wrong; rules
 * that another program writes into the registry (`SysmonDrv\Parameters\Rules`) are in force without
 * 16; Sysmon 12 and 13, and Security 4657, on `…\WINEVT\Channels\NAME\Enabled` and the like, and
 * the commands of switch_command.h in Sysmon 1, Security 4688 and PowerShell 4104; 7031, 7034, 7036
 * and 7040 (System) are services; event 29 is a change of the configuration of IIS
 * (`httpLogging/@dontLog`, `logFile/@enabled`, `logFile/@logTargetW3C`);
 * 4616 and Kernel-General 1 set the clock; Kernel-General 12 and Security 4608 say that Windows
 * starts (EventLog's 6005 does not: it is written whenever that service starts). Security 1100 and
 * EventLog's 6006 say that the service ends, at every shutdown and where it is stopped by itself;
 * Kernel-General 13, which is written at the next start, when Windows ended; EventLog's 6008, then,
 * that it ended unexpectedly. Security 1101 says that events were dropped on their way, 4612 that
 * audits were for want of memory, 1108 that one could not be taken, 1104 that the log is full.
 */
#ifndef IW_COVERAGE_SWITCHES_H
#define IW_COVERAGE_SWITCHES_H

#include "coverage/watched_folders.h"
#include "event/event.h"
#include "event/host.h"
#include "event/route.h"
#include "order/clock.h"

enum iw_switch_kind {
    IW_SWITCH_CLEARED = 0, /* subject: the channel; empty: not said */
    /* Subject: "process creation", "file system", "logon", "command lines", "everything", or the
     * GUID. */
    IW_SWITCH_AUDIT_OFF,
    IW_SWITCH_AUDIT_ON,       /* likewise */
    IW_SWITCH_AUDIT_ASKED_ON, /* likewise; by a command, which may change nothing */
    IW_SWITCH_SACL_OFF,       /* subject: the folder or file */
    IW_SWITCH_SACL_ON,        /* likewise: it has its first audit entries */
    IW_SWITCH_SYSMON_STOPPED,
    IW_SWITCH_SYSMON_STARTED,
    IW_SWITCH_SYSMON_CONFIGURED, /* subject: the hash of the file; empty: none is told */
    IW_SWITCH_SYSMON_ERROR,      /* subject: what it says */
    IW_SWITCH_DRIVER_OFF,        /* Sysmon's driver is taken out, and its service goes on */
    IW_SWITCH_CHANNEL_OFF,       /* subject: the channel */
    IW_SWITCH_CHANNEL_ON,
    IW_SWITCH_SERVICE_OFF,  /* subject: "EventLog" or "Sysmon": stopped, or not to start any more */
    IW_SWITCH_SERVICE_ON,   /* likewise: it runs */
    IW_SWITCH_REQUESTS_OFF, /* subject: the setting */
    IW_SWITCH_REQUESTS_ON,
    IW_SWITCH_CLOCK_SET,
    IW_SWITCH_WINDOWS_STARTED, /* subject: "kernel": by the kernel, which then tells of ends, too */
    IW_SWITCH_WINDOWS_ENDED,   /* in order */
    IW_SWITCH_WINDOWS_CRASHED, /* ended unexpectedly; at a moment after the next start */
    IW_SWITCH_LOGGING_ENDED,   /* the service of event logs says that it ends */
    IW_SWITCH_LOG_FULL,        /* subject: the channel: takes no more records */
    IW_SWITCH_EVENTS_LOST,     /* subject: the channel; before that moment */
    IW_SWITCH_USER_AUDIT_OFF,  /* subject: "process creation by S-1-5-21-...": of one user alone */
    IW_SWITCH_USER_AUDIT_ON,   /* likewise */
    IW_SWITCH_KIND_COUNT
};

struct iw_switch {
    enum iw_switch_kind kind;
    struct iw_str computer; /* as the event wrote it */
    struct iw_str host;     /* settled; empty before */
    struct iw_str subject;
    struct iw_str by;  /* who, or by which event: "1102 by LAB\adm" */
    int64_t time_ns;   /* known */
    uint32_t source;   /* in the ledger; of equal ones the first */
    bool is_asked;     /* by a command: whether it succeeded is not said */
    bool is_elsewhere; /* asked for on another machine: computer is what the command names */
    bool is_whole;     /* SACL_ON: writing by everybody is audited, in all folders below */
    bool is_narrowed;  /* SACL_OFF: some writes are audited still, and show nothing of others */
    bool is_confirmed; /* while they are settled: an event says the same soon after */
    uint8_t dialect;   /* that wrote the time; 0: it has none, or needs no correction */
    int64_t old_ns, new_ns; /* of a clock; IW_TIME_UNKNOWN: not said */
};

struct iw_switch_list {
    const struct iw_switch *items; /* by host, time, kind, subject, by */
    size_t n;
    uint64_t n_hidden;              /* not kept, of whatever host: none has all of its own */
    const struct iw_str *cut_hosts; /* of which some were not kept; in order, each once */
    size_t n_cut_hosts;
};

struct iw_switches;

/** Asks for these events to be decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switches_route(struct iw_route *route);
/** NULL: no memory. */
struct iw_switches *iw_switches_new(void);
void iw_switches_free(struct iw_switches *switches);
/** Of audit lists that are begun (but for whole ones) only those of folders at or above these,
 * which outlive *switches*, are kept: nobody asks for others, and an update begins thousands.
 * Without it all are. */
void iw_switches_watch(struct iw_switches *switches, const struct iw_watched_folders *folders);
/** Looks at one event; recovered ones are passed over. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switches_add(struct iw_switches *switches, const struct iw_event *event);
/** Adds all of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switches_merge(struct iw_switches *into, const struct iw_switches *from);
/** A command that an event of the same kind and subject confirms so soon after it is left out. */
#define IW_SWITCH_CONFIRMED_NS (INT64_C(60) * IW_NS_PER_SECOND)
/** In order, with their hosts and corrected times; lives as long as *switches* and *hosts*, which
 * is settled and was told the computers of all events. *clocks* is settled; NULL: times stay as
 * they are. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switches_settle(struct iw_switches *switches, const struct iw_hosts *hosts,
                              struct iw_clocks *clocks, struct iw_switch_list *ret);
/** Whether switches of a host are missing. */
bool iw_switches_are_cut(const struct iw_switch_list *list, struct iw_str host);

#endif
