/**
 * Chain facts: what one event may be in a chain of evidence, small enough to travel through a
 * sorter as bytes and be read back, host by host, in event time.
 *
 * Reading decides by channel and event id first, then by the names of files and programs, so that
 * nearly all events cost one look-up. Whether a fact becomes a link is decided when all of its host
 * is known up to it (chains.h). One event gives one fact at most. Evidence items of a chain are
 * made of these fields: no second copy of the event travels.
 *
 * Field facts: Sysmon 1, 2, 3, 5, 7, 11, 15, 22, 23, 26, 29; Security 4663, 4688, 4689, 5145, 5156;
 * Microsoft-IIS-Configuration 29, 50; Application (MsiInstaller 1033 to 11728); System (WAS 5002 to
 * 5186); Setup (Servicing). Security 4656 asks for rights and writes nothing; 4660 names no file:
 * neither is read. What did not load is told by findings of components (context/server_events.h).
 *
 * One more event: a row in EVENTS of chain_fact.c and a function that reads it.
 */
#ifndef IW_DETECT_CHAIN_FACT_H
#define IW_DETECT_CHAIN_FACT_H

#include "context/context_fact.h"
#include "detect/chain/chain_settings.h"
#include "order/fact.h"

/** The number of these facts among those of the order (order/fact.h). */
#define IW_FACT_CHAIN IW_FACT_FIRST_OF_OTHERS

enum iw_chain_fact_kind {
    IW_CHAIN_FACT_PROCESS = 1, /* a process started that may be a shell, what one started, or a
                                  deployment */
    IW_CHAIN_FACT_FILE,        /* a file that may belong to a web server was written, or deleted */
    IW_CHAIN_FACT_COMPILED,    /* ASP.NET wrote what it makes of a page */
    IW_CHAIN_FACT_LOAD,        /* a worker loaded a module */
    IW_CHAIN_FACT_NETWORK,     /* such a program connected, or asked for a name */
    IW_CHAIN_FACT_CHANGE,      /* the configuration was changed (29) or committed (50) */
    IW_CHAIN_FACT_DEPLOYMENT,  /* something was installed or serviced */
    IW_CHAIN_FACT_POOL,        /* a pool was recycled, failed, was switched off */
    IW_CHAIN_FACT_ENDED,       /* such a program, as an account of a pool, ended */
    IW_CHAIN_FACT_CLOCK,       /* the clock was set back; old_value, new_value: nanoseconds */
    IW_CHAIN_FACT_ACCESS,      /* one half of a renaming in an audited folder (4663): a file was to
                                  be deleted, or one was added to a folder */
    IW_CHAIN_FACT_KIND_COUNT
};

/** What happened to a file. */
enum iw_chain_action {
    IW_CHAIN_NO_ACTION = 0,
    IW_CHAIN_FILE_CREATED, /* Sysmon 11, 29: made, or overwritten */
    IW_CHAIN_FILE_WRITTEN, /* Security 4663: content written */
    IW_CHAIN_FILE_SHARED,  /* Security 5145: opened for writing over the network */
    IW_CHAIN_FILE_TIMES,   /* Sysmon 2 */
    IW_CHAIN_FILE_STREAM,  /* Sysmon 15 */
    IW_CHAIN_FILE_DELETED, /* Sysmon 23, 26; 4663 with DELETE alone: deleted or moved */
    IW_CHAIN_ACTION_COUNT
};

/** One fact. Texts are empty where the event does not say. */
struct iw_chain_fact {
    enum iw_chain_fact_kind kind;
    enum iw_chain_action action;    /* of a file; of an access */
    struct iw_process_name process; /* who did it; of a start: what started */
    struct iw_process_name parent;  /* of a start */
    bool has_logon;
    uint64_t logon_id; /* of who did it */
    struct iw_str command_line, parent_command_line;
    bool is_command_cut; /* iw_chain_fact_command knows what the whole line told */
    unsigned cut_command;
    struct iw_str original_name, integrity;
    struct iw_str user, sid; /* DOMAIN\name */
    struct iw_str path;      /* file, module, configuration file */
    struct iw_str hashes;    /* as Sysmon writes them */
    struct iw_str detail;    /* product, setting, pool, destination */
    struct iw_str address;   /* where a write over the network came from */
    struct iw_str old_value, new_value;
    /* Not of what the event says, nor set by iw_chain_fact_read: */
    struct iw_str rules; /* titles of rules that matched it, if somebody asked them: one text */
    bool has_record;
    uint8_t record[IW_FACT_CONTENT_BYTES]; /* what its record says, where rules matched it or may */
};

/** What the whole command line tells (iw_command_judge), also where its text was cut: most of those
 * that are kept are asked about by nobody. */
unsigned iw_chain_fact_command(const struct iw_chain_fact *fact);

/** Adds the events that may be chain facts to what is decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_fact_route(struct iw_route *route);
/**
 * Reads an event. Texts lie in *scratch* or borrow from the event.
 *
 * @param settings  may be NULL: the defaults
 * @param known  what the event says of processes and logons, where that was read (its context
 * fact); NULL: it is read here if it is needed
 * @return IW_OK; IW_END: no candidate, or not decoded; IW_ENOMEM. Any thread
 */
enum iw_rc iw_chain_fact_read(const struct iw_event *event,
                              const struct iw_chain_settings *settings,
                              const struct iw_context_fact *known, struct iw_arena *scratch,
                              struct iw_chain_fact *ret);
/** Appends the fact as bytes, texts cut at IW_LIMIT_CONTEXT_TEXT_BYTES; a path loses its middle and
 * keeps its name (`C:\a\...[4321 bytes, 1f2e3d4c5b6a7988]...\x.aspx`: with a hash, so that two
 * paths stay two). Missing memory shows in *out*. */
void iw_chain_fact_write(const struct iw_chain_fact *fact, struct iw_buffer *out);
/** Of the bytes of a fact those that the event says: all but rules and record. Empty where they are
 * no fact. */
struct iw_str iw_chain_fact_said(struct iw_str bytes);
/** Their record, IW_FACT_CONTENT_BYTES of it; empty where none is told. */
struct iw_str iw_chain_fact_record(struct iw_str bytes);
/** Their kind; 0: they are no fact. */
enum iw_chain_fact_kind iw_chain_fact_kind_of(struct iw_str bytes);
/** Whether two such facts are copies when they say the same: all that matters of the event's
 * payload is in them, so that the digest of its whole record, which costs more than the fact, need
 * not be made. Changes of the configuration say who made them, which stands in `System`, where
 * exporters may leave it out: they are known by their records. So are the few of clocks. */
bool iw_chain_fact_says_all(enum iw_chain_fact_kind kind);
/** Reads what was written; any other bytes give false, or some fact. Texts borrow from *bytes*. */
bool iw_chain_fact_parse(struct iw_str bytes, struct iw_chain_fact *ret);

#endif
