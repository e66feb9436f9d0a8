/**
 * What keeps a source of events from proving a link: the gaps of logs, the settings and the samples
 * name it, and fixes.h turns it into what to do.
 */
#ifndef IW_COVERAGE_LACK_H
#define IW_COVERAGE_LACK_H

enum iw_lack {
    IW_LACK_PROOF = 0,    /* the log is there; nothing shows that it would have told */
    IW_LACK_MISSED,       /* it did not see a canary: whatever settings and samples say */
    IW_LACK_EMPTY,        /* its log is on, and has nothing in it: nothing shows since when */
    IW_LACK_SOURCE,       /* the log is not in evidence, and nothing says that it is written */
    IW_LACK_FILTER,       /* Sysmon's configuration leaves it out, or may do so since it is new */
    IW_LACK_POLICY,       /* the audit policy leaves it out */
    IW_LACK_AUDIT_ENTRY,  /* the folder has no audit entry for everyone's writing */
    IW_LACK_COMMAND_LINE, /* Security 4688 without command lines */
    IW_LACK_CHANNEL,      /* the channel, or the log of requests, is switched off */
    IW_LACK_ROOM,         /* the log begins too late: it wraps */
    IW_LACK_RUNNING,      /* Sysmon, or a service, was stopped */
    IW_LACK_QUEUE,        /* Sysmon lost events by itself */
    IW_LACK_AUDIT_QUEUE,  /* the audit did */
    IW_LACK_COPY,         /* the log was written; what is in evidence of it is not all of it */
    IW_LACK_UNBROKEN,     /* cleared, silent, records missing */
    IW_LACK_FAR,          /* of a web root on another machine, or nobody knows where */
    IW_LACK_FILE,         /* the configuration of IIS is not in evidence, or not the whole truth */
    IW_LACK_SECTION,      /* a section of it is encrypted, or stands in a file not at hand */
    IW_LACK_WEB_CONFIG,   /* a web.config was written, and is not in evidence */
    IW_LACK_COLUMNS,      /* a log of requests without the columns it takes */
    IW_LACK_COUNT
};

#endif
