/**
 * Context facts: what one event says of processes and logons, small enough to travel by the million
 * through a sorter as bytes and be read back, host by host, in event time.
 *
 * Reading an event makes a fact whose texts borrow from the event and a scratch arena; writing it
 * copies it, with texts cut at IW_LIMIT_CONTEXT_TEXT_BYTES; parsing makes one whose texts borrow
 * from the bytes. When and on which host it was is told beside the bytes (order/fact.h).
 *
 * One more kind: a file with its three functions, a row in KINDS and a row for every event in
 * EVENTS of context_fact.c.
 */
#ifndef IW_CONTEXT_CONTEXT_FACT_H
#define IW_CONTEXT_CONTEXT_FACT_H

#include "base/buffer.h"
#include "event/event.h"
#include "event/route.h"

enum iw_context_fact_kind {
    IW_CONTEXT_PROCESS_START = 1, /* Sysmon 1, Security 4688 */
    IW_CONTEXT_PROCESS_END,       /* Sysmon 5, Security 4689 */
    IW_CONTEXT_LOGON,             /* Security 4624 */
    IW_CONTEXT_LOGOFF,            /* Security 4634, 4647 */
    IW_CONTEXT_PRIVILEGES,        /* Security 4672: special privileges were given to a logon */
    IW_CONTEXT_CREDENTIALS,       /* Security 4648: a logon used credentials of another account */
    IW_CONTEXT_BOOT,              /* Security 4608, System 12 and 6005: the machine started */
    IW_CONTEXT_FACT_KIND_COUNT
};

/** Who saw it. Two witnesses may tell of one process. */
enum iw_witness { IW_WITNESS_SYSMON = 0, IW_WITNESS_SECURITY, IW_WITNESS_COUNT };

/** Sysmon's name of a process on one machine for all time; all zero: none. */
struct iw_process_guid {
    uint8_t bytes[16];
};

/** What names a process in an event. */
struct iw_process_name {
    bool has_pid;
    uint64_t pid;
    struct iw_process_guid guid;
    struct iw_str image; /* empty: not told */
};

/** Domain spelling as the event has it; empty parts are not told. Of a 4688 the account and logon
 * are those of the new process where the event tells them (TargetLogonId), else its creator's. */
struct iw_process_start {
    enum iw_witness witness;
    struct iw_process_name name, parent;
    struct iw_str command_line, parent_command_line;
    struct iw_str user; /* DOMAIN\name */
    struct iw_str sid;
    bool has_logon;
    uint64_t logon_id;
};

struct iw_process_end {
    enum iw_witness witness;
    struct iw_process_name name;
};

/** Whether something is so, or nobody says. */
enum iw_said { IW_SAID_NOTHING = 0, IW_SAID_NO, IW_SAID_YES };

struct iw_logon_begin {
    uint64_t logon_id;
    uint64_t linked_id;        /* the other token of the same logon (UAC); 0: none */
    uint32_t type;             /* 2 interactive, 3 network, 5 service, 10 remote, ... */
    enum iw_said elevated;     /* ElevatedToken, version 2 of the event on */
    struct iw_str user, sid;   /* who logged on */
    struct iw_str address;     /* empty: local, or not told */
    struct iw_str workstation; /* as the client calls itself */
};

struct iw_logoff {
    uint64_t logon_id;
};

struct iw_logon_privileges {
    uint64_t logon_id;
    struct iw_str user, sid;
};

struct iw_credentials_use {
    uint64_t logon_id;     /* whose credentials were not enough */
    struct iw_str account; /* whose were used */
    struct iw_str server;  /* against which machine; "localhost" for a local one */
    struct iw_str address;
    struct iw_process_name process;
};

struct iw_boot {
    bool
        is_exact; /* its time is that of the start; else services of the same start ran before it */
};

/** Where the event of a fact stands, so that it can be shown as evidence. It does not travel in the
 * bytes: whoever reads them back knows it. */
struct iw_event_place {
    uint32_t event_id; /* 0: not known */
    uint32_t source;   /* index of the file in the ledger */
    uint64_t record_id, offset, line;
    int64_t time_ns;
};
/** The channel of an event that starts a process or a logon. */
struct iw_str iw_event_place_channel(const struct iw_event_place *place);

struct iw_context_fact {
    enum iw_context_fact_kind kind;
    struct iw_event_place place; /* zero: not known */
    union {
        struct iw_process_start start;
        struct iw_process_end end;
        struct iw_logon_begin logon;
        struct iw_logoff logoff;
        struct iw_logon_privileges privileges;
        struct iw_credentials_use credentials;
        struct iw_boot boot;
    } u;
};

/** The moment of the start: what began before it is of the time before. *time_ns* is that of the
 * fact. */
int64_t iw_boot_time(const struct iw_boot *boot, int64_t time_ns);

/** Adds the events that are context facts to what is decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_context_fact_route(struct iw_route *route);
/** Reads an event, which gives one fact at most. IW_OK; IW_END: it is none, or not decoded;
 * IW_ENOMEM. Texts lie in *scratch* or borrow from the event. */
enum iw_rc iw_context_fact_read(const struct iw_event *event, struct iw_arena *scratch,
                                struct iw_context_fact *ret);
/** Appends the fact as bytes. Missing memory shows in *out*. */
void iw_context_fact_write(const struct iw_context_fact *fact, struct iw_buffer *out);
/** Reads what was written; any other bytes give false, or some fact. Texts borrow from *bytes*. */
bool iw_context_fact_parse(struct iw_str bytes, struct iw_context_fact *ret);

/** Whether it names a process at all; and whether two are equal. */
bool iw_process_guid_known(struct iw_process_guid guid);
bool iw_process_guid_equal(struct iw_process_guid a, struct iw_process_guid b);
/** Reads `{…}` or bare digits, either letter case; what is neither is all zero. */
struct iw_process_guid iw_process_guid_read(struct iw_str text);

#endif
