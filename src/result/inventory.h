/**
 * An inventory: which web servers there are, what each is configured to load and run, and which
 * files stand behind that, as plain records.
 *
 * Everything is what the evidence says; nothing here is a judgment. Texts are as the evidence
 * writes them (UTF-8, never escaped), live in the arena of the inventory, and are empty where
 * nothing is known. Whoever fills a record puts lists into their order, so that equal evidence
 * gives equal bytes of output. Once filled it is immutable and may be read by any thread.
 */
#ifndef IW_RESULT_INVENTORY_H
#define IW_RESULT_INVENTORY_H

#include "base/arena.h"
#include "result/finding.h"

/** What is known of a file on the server. */
enum iw_item_file_state {
    IW_ITEM_FILE_NONE = 0,      /* nothing names a file */
    IW_ITEM_FILE_READ,          /* in the evidence, and read */
    IW_ITEM_FILE_UNREADABLE,    /* in the evidence; why says what prevented reading */
    IW_ITEM_FILE_MISSING,       /* not there, though its folder was collected */
    IW_ITEM_FILE_NOT_COLLECTED, /* not there, and its folder was not collected either */
    IW_ITEM_FILE_UNRESOLVED,    /* its path has a variable of unknown value, or is no path */
    IW_ITEM_FILE_REMOTE,        /* on another machine (UNC): cannot be in evidence of this one */
    IW_ITEM_FILE_STATE_COUNT
};

/** What is proved of who signed a file (design of signatures: iis/signature). */
enum iw_item_signature {
    IW_ITEM_SIGNATURE_UNKNOWN = 0, /* not read, or no PE file */
    IW_ITEM_SIGNATURE_ANCHORED,
    IW_ITEM_SIGNATURE_UNANCHORED, /* signed, but nothing proves by whom */
    IW_ITEM_SIGNATURE_TAMPERED,
    IW_ITEM_SIGNATURE_CATALOGUE,
    IW_ITEM_SIGNATURE_NONE_EMBEDDED, /* by a catalogue that is not in evidence, or not at all */
    IW_ITEM_SIGNATURE_COUNT
};

/** One file behind a component, or a web file. */
struct iw_item_file {
    enum iw_item_file_state state;
    const char *why;      /* of a state that is not READ: one line, static; else NULL */
    struct iw_str path;   /* on the server, in normal form: `C:\Windows\System32\inetsrv\x.dll` */
    struct iw_str source; /* in the evidence, as reached from the argument given */
    const char *twin;     /* "x64", "x86": which workers load this one; NULL: any */
    uint64_t size_bytes;  /* valid when READ, as all below */
    int64_t modified_ns;  /* of the collected copy, which may be the collector's time */
    uint8_t sha256[32];
    bool is_pe;
    const char *machine;         /* "x86", "x64", "arm64", "msil", "other"; NULL: no PE file */
    struct iw_text_list roles;   /* "nativeModule", "isapiFilter", "isapiExtension",
                                    "managedModule", "managedHandler", "preApplicationStart" */
    struct iw_text_list exports; /* names, first 64; n_exports counts all */
    uint32_t n_exports;
    struct iw_text_list types; /* managed types with a role, first 64 */
    struct iw_str assembly;    /* "Name, Version=1.0.0.0, Culture=neutral, PublicKeyToken=..." */
    struct iw_str company, product, description, file_version, original_name;
    bool has_imphash;
    uint8_t imphash[16];
    uint32_t linked_s; /* time stamp of the linker, Unix seconds; may be a hash */
    enum iw_item_signature signature;
    struct iw_str signer;        /* as claimed; proved only when ANCHORED or CATALOGUE */
    struct iw_str signature_why; /* one line, where it is not anchored */
    uint64_t n_damage;           /* things wrong with the file as a PE file */
    struct iw_text_list yara;    /* rules of the user that match */
};

/** Why something counts as approved, or does not. */
enum iw_approval {
    IW_APPROVAL_NOT_ASKED = 0, /* no baseline was given, and the catalogue does not know it */
    IW_APPROVAL_BASELINE,      /* stands in the baseline as it is */
    IW_APPROVAL_APPROVED,      /* a difference somebody approved (baseline approve) */
    IW_APPROVAL_CHANGE_RECORD,
    IW_APPROVAL_KNOWN_HASH, /* --known-hashes */
    IW_APPROVAL_CATALOGUE,  /* one of Microsoft's own by name, image and version information */
    IW_APPROVAL_EXPIRED,    /* approved once, no longer */
    IW_APPROVAL_NONE,       /* a baseline was given, and it does not stand there so */
    IW_APPROVAL_COUNT
};

/** What the catalogue of Microsoft's own components says of one. Zero: it was not asked. */
enum iw_item_known {
    IW_ITEM_KNOWN_NOT_ASKED = 0,
    IW_ITEM_KNOWN_AS_IT_IS,          /* name, image and version information agree */
    IW_ITEM_KNOWN_NAME_OTHER_IMAGE,  /* a built-in name with another image */
    IW_ITEM_KNOWN_IMAGE_OTHER_NAME,  /* a built-in image under another name */
    IW_ITEM_KNOWN_VERSION_DISAGREES, /* name and image agree, the file's version information does
                                        not */
    IW_ITEM_KNOWN_UNKNOWN            /* neither name nor image is in the catalogue */
};

/** The earliest moment something is known to have been there. */
struct iw_first_seen {
    int64_t time_ns;  /* IW_TIME_UNKNOWN: not known */
    struct iw_str by; /* "configuration history", "event 29", "file time", ...; empty: not known */
    struct iw_str source;
};

/** A component: whatever makes the server load or run code, or decides which. */
struct iw_inventory_component {
    const char *kind;         /* "globalModule", "binFile", ...: static, camel case */
    struct iw_str name;       /* key of the entry; of a file nothing registers: its file name */
    struct iw_str scope;      /* "" = the server; else the place: "Default Web Site/app" */
    struct iw_str image;      /* as written; empty: none */
    struct iw_str image_path; /* normal form of image for a 64-bit process; empty: none */
    struct iw_str arguments, type, clsid, precondition, owner;
    const char *state; /* "written", "refused" (IIS does not read it there), "unknown" (encrypted or
                          not at hand), "registry" (from a hive), "file" (nothing registers it),
                          "behaviour" (iis/baseline/baseline_behaviour.h) */
    bool is_disabled;
    struct iw_text_list attributes; /* "name=value", sorted: what else decides what it runs
                                       (iis/config/component_attributes.h) */
    struct iw_text_list pools;      /* that load it; empty and pools_unknown false: none does */
    bool pools_unknown;
    struct iw_str
        config_source;          /* file it is written in, as reached; registry key for "registry" */
    struct iw_str config_path;  /* the same on the server, where known */
    uint32_t line, column;      /* 0: none */
    struct iw_item_file *files; /* twins: x64 first; n_files 0: it names none */
    size_t n_files;
    struct iw_item_file *hosted; /* of a hosted process: the application's own program that it runs
                                    (`dotnet .\Shop.dll`); NULL: none is told. Not of the baseline:
                                    it changes with each release */
    enum iw_approval approval;
    struct iw_str approval_why;
    enum iw_item_known known;
    struct iw_str known_why; /* one line, where it is known in part */
    struct iw_first_seen first_seen;
    struct iw_text_list notes; /* facts that make it stand out, one line each */
};

/** A file below a web root that executes when asked for. */
struct iw_inventory_web_file {
    struct iw_item_file file;
    struct iw_str site, application; /* application: its path, "/" for the root's */
    struct iw_text_list urls;
    struct iw_str handler;   /* name of the handler that runs it; empty: assumed by its ending */
    struct iw_str processor; /* what runs it */
    bool is_certain;         /* false: no configuration, or part of it is not known */
    bool keeps_time; /* the copy's time is that of the server's file, as far as can be told */
    enum iw_approval approval;
    struct iw_str approval_why;
    struct iw_first_seen first_seen;
    struct iw_text_list marks; /* facts about it, "name: sentence": reasons, not verdicts */
    uint32_t n_strong_marks;   /* of them: content that does what a request says */
    uint32_t n_content_marks;  /* of them: other content; the rest is position, age, name */
    bool stands_out;           /* one of them is more than a note */
};

struct iw_inventory_pool {
    struct iw_str name, clr, identity, user;
    bool is_32, is_classic;
};

/** A folder that a URL reaches. */
struct iw_inventory_root {
    struct iw_str site, application, directory; /* "/", "/api", "/docs" */
    struct iw_str pool;
    struct iw_str path; /* normal form; as written where a variable is not known */
    bool is_assumed;    /* a default root: no configuration says so */
    bool is_resolved;
    bool is_collected;              /* at least one file below it is in the evidence */
    uint64_t n_files, n_executable; /* in the evidence */
    struct iw_text_list pathways;   /* who may write there without being an administrator */
};

struct iw_inventory_site {
    struct iw_str name;
    uint64_t id;
    struct iw_text_list bindings; /* "http *:80:" */
    struct iw_str log_folder;     /* empty: requests are not logged */
    bool auto_start;
};

/** Something that could not be read, or is not as IIS wants it. */
struct iw_inventory_problem {
    struct iw_str kind; /* machine name */
    struct iw_str source;
    uint32_t line, column; /* 0: of the whole */
    struct iw_str place;   /* "" = the server */
    struct iw_str what;    /* for people */
};

/** A former state of the configuration (inetpub\history, backups). */
struct iw_inventory_version {
    struct iw_str source;
    struct iw_str path;        /* on the server, where known */
    int64_t from_ns, until_ns; /* as far as known; IW_TIME_UNKNOWN: not */
    uint32_t number;           /* CFGHISTORY_<number> */
    /* Components that are in it and not in the next newer one, and the reverse: lines of
       result/history_line.h, sorted. The newer of the last version is the live configuration. */
    struct iw_text_list added, removed, changed;
    struct iw_inventory_root *roots; /* what it served, as its own text says; without counts */
    size_t n_roots;
};

/** How a server is known; bits. */
enum iw_server_known_by {
    IW_SERVER_BY_CONFIGURATION = 1,
    IW_SERVER_BY_EVENTS = 2,
    IW_SERVER_BY_ESTATE = 4,
    IW_SERVER_BY_FILES = 8 /* loose files of no known server */
};

struct iw_inventory_server {
    struct iw_str host;    /* settled label; empty: nothing names it */
    struct iw_str source;  /* its applicationHost.config, as reached; empty: none */
    unsigned known_by;     /* enum iw_server_known_by */
    bool is_authoritative; /* false: redirected, encrypted in part, damaged or absent: what is not
                              listed may be there */
    struct iw_str why_not; /* one line, when it is not */
    int64_t config_written_ns; /* when applicationHost.config was written; 0, IW_TIME_UNKNOWN: not
                                  known */
    int64_t config_copy_ns;    /* time of the copy in evidence: what is in it is no newer; 0,
                                  IW_TIME_UNKNOWN: not known, or most files have the same */
    struct iw_str version;     /* of IIS, where the registry tells */
    struct iw_inventory_site *sites;
    size_t n_sites;
    struct iw_inventory_pool *pools;
    size_t n_pools;
    struct iw_inventory_root *roots;
    size_t n_roots;
    struct iw_inventory_component *components; /* by kind (order of iis/), scope, name, image */
    size_t n_components;
    struct iw_inventory_web_file *web_files; /* by path */
    size_t n_web_files;
    struct iw_inventory_version *versions; /* newest first */
    size_t n_versions;
    struct iw_inventory_problem *problems;
    size_t n_problems;
    struct iw_text_list pathways; /* of the server as a whole: WMSvc delegation, FTP publishing */
    struct iw_text_list notes;
};

struct iw_inventory {
    struct iw_arena arena;
    struct iw_inventory_server *servers; /* by host, then source */
    size_t n_servers;
    bool has_behaviour; /* components of servers tell what happened as well, from that span;
                           IW_TIME_UNKNOWN: open */
    int64_t behaviour_since_ns, behaviour_until_ns;
};

void iw_inventory_init(struct iw_inventory *inventory);
void iw_inventory_done(struct iw_inventory *inventory);
/** Room for *n_more* servers behind those there are, which may move; false: no memory. */
bool iw_inventory_reserve(struct iw_inventory *inventory, size_t n_more);
/** Machine names: "read", "missing", ...; "anchored", ...; "baseline", ... Never NULL. */
/** What stands behind "NAME=" among the attributes of a component, borrowed; empty: nothing. */
struct iw_str iw_inventory_attribute(const struct iw_inventory_component *component,
                                     const char *name);
const char *iw_item_file_state_name(enum iw_item_file_state state);
const char *iw_item_signature_name(enum iw_item_signature signature);
const char *iw_approval_name(enum iw_approval approval);
const char *iw_item_known_name(enum iw_item_known known);

#endif
