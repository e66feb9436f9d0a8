/*
 * The story of the demo as tables: who is logged on, which processes there are, what happens when.
 *
 * Times are of one day, 2026-01-05, UTC. Keys are short names used between the tables only.
 */
#ifndef IW_LAB_DEMO_SCENARIO_H
#define IW_LAB_DEMO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#define IW_LAB_DEMO_DAY "2026-01-05T"
#define IW_LAB_DEMO_HOST "WEB01"
#define IW_LAB_DEMO_COMPUTER "WEB01.lab.example"

struct iw_lab_demo_session {
    const char *key;
    const char *sid;
    const char *user; /* as Sysmon and logon targets name it */
    const char *domain;
    const char *logon_id;
    const char *logon_type;
    const char *logon_process;
    const char *package;
    const char *workstation;
    const char *ip;
    const char *port;
    bool privileged; /* 4672 goes with the logon */
};

struct iw_lab_demo_process {
    const char *key;
    const char *process_id;
    const char *started; /* time of day; the start step must say the same */
    const char *session;
    const char *parent; /* NULL: not in the table */
    const char *integrity;
    const char *image;
    const char *original_name;
    const char *directory;
    const char *command_line;
};

enum iw_lab_demo_verb {
    IW_LAB_DEMO_START,       /* actor begins: Sysmon 1, Security 4688 */
    IW_LAB_DEMO_END,         /* actor ends: Sysmon 5, Security 4689 */
    IW_LAB_DEMO_FILE,        /* actor creates file a: Sysmon 11 */
    IW_LAB_DEMO_ACCESS_FILE, /* actor used right b (message id) with mask c on file a: Security 4663
                              */
    IW_LAB_DEMO_LOAD,        /* actor loads DLL a, signed by b, or unsigned (NULL): Sysmon 7 */
    IW_LAB_DEMO_CONNECT,     /* actor connects to ip a, host b, port c: Sysmon 3 */
    IW_LAB_DEMO_RESOLVE,     /* actor resolves name a to b: Sysmon 22 */
    IW_LAB_DEMO_REGISTRY,    /* actor sets registry value a to b: Sysmon 13 */
    IW_LAB_DEMO_OPEN_PROCESS, /* actor opens process a with mask b: Sysmon 10 */
    IW_LAB_DEMO_LOGON,        /* session actor begins: Security 4624, 4672 */
    IW_LAB_DEMO_LOGOFF,       /* Security 4634 */
    IW_LAB_DEMO_CONFIG,       /* actor changes configuration a from b to c: IIS-Configuration 29 */
    IW_LAB_DEMO_COMMIT,       /* actor's changes are committed: IIS-Configuration 50 */
    IW_LAB_DEMO_SERVICE,      /* service a enters state b: System 7036 */
    IW_LAB_DEMO_RECYCLE,      /* worker process actor of pool a stops when idle: System 5186 */
    IW_LAB_DEMO_INSTALLED,    /* product a, version b, manufacturer c: Application 1033 */
    IW_LAB_DEMO_CRASH,        /* actor faults in module a with code b: Application 1000 */
    IW_LAB_DEMO_SCRIPT,       /* actor runs script block a from path b: PowerShell 4104 */
    IW_LAB_DEMO_LOG_CLEARED   /* session actor clears the Security log: Security 1102 */
};

struct iw_lab_demo_step {
    const char *time;
    enum iw_lab_demo_verb verb;
    const char *actor;
    const char *a;
    const char *b;
    const char *c;
};

extern const struct iw_lab_demo_session iw_lab_demo_sessions[];
extern const size_t iw_lab_demo_n_sessions;
extern const struct iw_lab_demo_process iw_lab_demo_processes[];
extern const size_t iw_lab_demo_n_processes;
extern const struct iw_lab_demo_step iw_lab_demo_steps[];
extern const size_t iw_lab_demo_n_steps;

#endif
