/*
 * The invented world while it runs: hosts with their sessions, processes, files, sites and
 * configuration, and a clock. Acts and life change it; what Windows logs of a change is in
 * lab/log/.
 *
 *     struct iw_lab_world *world = iw_lab_world_new(&scenario, &options, &error);
 *     iw_lab_world_run(world) …                      // lab_agenda.h
 *     iw_lab_world_free(world);
 *
 * Everything in it is owned by it. One world is used by one thread. Texts given to its functions
 * are borrowed for the call unless a comment says otherwise.
 */
#ifndef IW_LAB_WORLD_H
#define IW_LAB_WORLD_H

#include "lab/config/lab_config.h"
#include "lab/event/lab_record.h"
#include "lab/form/lab_weblog.h"
#include "lab/lab_random.h"
#include "lab/pe/lab_pe.h"
#include "lab/scenario/lab_scenario.h"

#define IW_LAB_SECOND UINT64_C(10000000)
#define IW_LAB_MILLISECOND UINT64_C(10000)
#define IW_LAB_CONFIG_FOLDER "C:\\Windows\\System32\\inetsrv\\config"
#define IW_LAB_APPHOST IW_LAB_CONFIG_FOLDER "\\applicationHost.config"
#define IW_LAB_GUID_BYTES 40U
#define IW_LAB_MAX_SYSMON_ID 30U
#define IW_LAB_MAX_CONDITIONS 32U
#define IW_LAB_MAX_CONFIGS 32U

struct iw_lab_world;
struct iw_lab_host;
struct iw_lab_pool;

struct iw_lab_session {
    const char *key;
    const char *sid, *user, *domain;
    char logon_id[20];
    const char *type, *logon_process, *package, *workstation, *address;
    char port[8];
    const char *integrity; /* of processes that do not say */
    bool is_privileged, is_open;
    bool is_builtin;                /* of the system or of a pool */
    struct iw_lab_process *desktop; /* explorer.exe of an interactive logon, or NULL */
    struct iw_lab_session *linked;  /* the other token of an administrator, or NULL */
    struct iw_lab_session *next;
};

struct iw_lab_process {
    const char *key; /* NULL: nobody refers to it; gone when it ends */
    char guid[IW_LAB_GUID_BYTES];
    unsigned number;       /* its PID */
    char pid[12];          /* the same, decimal */
    uint64_t started;      /* true time */
    char *image, *command; /* owned */
    const char *original_name, *company, *description, *directory,
        *integrity; /* live as the host */
    struct iw_lab_session *session;
    struct iw_lab_pool *pool; /* of a worker, else NULL */
    const char *worker_pool;  /* of the worker it is or descends from; NULL: of none */
    char worker_guid[IW_LAB_GUID_BYTES];
    const struct iw_lab_act *act;            /* that started it, or NULL */
    const struct iw_lab_process *console_of; /* conhost.exe: whose console it is, else NULL */
    bool is_alive;
    bool is_builtin; /* there from the start, and as long as the machine runs */
    struct iw_lab_process *next;
};

struct iw_lab_pool {
    const char *name, *clr, *identity;
    bool is_32;
    struct iw_lab_session *session; /* logged on with the first worker */
    struct iw_lab_process *worker;  /* NULL: none at present */
    struct iw_lab_pool *next;
};

struct iw_lab_mapping { /* an application or virtual directory */
    const char *url;    /* "/" or "/owa" */
    const char *root;
    struct iw_lab_pool *pool;
    struct iw_lab_mapping *next;
};

struct iw_lab_site {
    const char *name;
    uint32_t id, port;
    struct iw_lab_mapping *mappings; /* the site's own is last */
    bool is_logging;
    struct iw_lab_site *next;
};

enum iw_lab_content_kind {
    IW_LAB_CONTENT_TEXT,   /* text */
    IW_LAB_CONTENT_PE,     /* pe */
    IW_LAB_CONTENT_FILLED, /* size_bytes without meaning behind text (a magic) */
    IW_LAB_CONTENT_CONFIG  /* the server's configuration as it is when written out */
};

/* What is in a file; made into bytes when it is written out. Texts live as long as the host. */
struct iw_lab_content {
    enum iw_lab_content_kind kind;
    const char *text;
    struct iw_lab_pe_options pe;
    const char *signer; /* as Sysmon names it; NULL: not signed */
    bool is_embedded;   /* the signature is in the file, not in a catalogue */
    bool is_tampered;   /* a byte was changed after signing */
    uint64_t size_bytes;
    uint64_t seed;
    const struct iw_lab_config *config; /* borrowed */
};

struct iw_lab_file {
    const char *path;
    struct iw_lab_content content;
    uint64_t created, changed;    /* as the file system says, true time */
    const struct iw_lab_act *act; /* that made or changed it, or NULL */
    bool is_compiled;             /* a page somebody requested */
    bool is_inbox;                /* belongs to Windows: signed by catalogue */
    bool is_deleted;
    bool is_phantom;   /* only its hashes are known: a program of Windows */
    const char *shown; /* how logs spell its path; NULL: as path */
    char *hashes;      /* as Sysmon prints them, valid when is_hashed */
    bool is_hashed;
    struct iw_lab_file *next;      /* of the same hash slot */
    struct iw_lab_file *next_made; /* the one made before */
};

/* `FIELD WORD VALUE` */
struct iw_lab_condition {
    const char *field, *value;
    enum { IW_LAB_IS, IW_LAB_CONTAINS, IW_LAB_BEGIN, IW_LAB_END, IW_LAB_IMAGE } word;
};

/* What Sysmon logs of one event type. */
struct iw_lab_filter {
    bool is_all;
    struct iw_lab_condition include[IW_LAB_MAX_CONDITIONS];
    size_t n_include;
    struct iw_lab_condition exclude[IW_LAB_MAX_CONDITIONS];
    size_t n_exclude;
};

struct iw_lab_sysmon {
    bool is_installed, is_running;
    struct iw_lab_filter filters[IW_LAB_MAX_SYSMON_ID]; /* by event id */
};

/* A value of the registry: HKLM\KEY\NAME, (Default) for a key's own. */
struct iw_lab_registry_value {
    const char *path;
    const char *kind;             /* sz, expand, multi (texts parted by |), dword */
    const char *data;             /* of dword: its number as text */
    const struct iw_lab_act *act; /* that set it, or NULL */
    struct iw_lab_registry_value *next;
};

/* A web.config that acts have changed, or one of the framework. */
struct iw_lab_web_config {
    const char *path;
    struct iw_lab_config *config; /* owned */
    struct iw_lab_web_config *next;
};

enum iw_lab_audit { /* subcategories of the audit policy */
                    IW_LAB_AUDIT_PROCESS_CREATION,
                    IW_LAB_AUDIT_PROCESS_TERMINATION,
                    IW_LAB_AUDIT_LOGON,
                    IW_LAB_AUDIT_FILE_SYSTEM,
                    IW_LAB_AUDIT_FILE_SHARE,
                    IW_LAB_AUDIT_POLICY_CHANGE,
                    IW_LAB_AUDIT_REGISTRY,
                    IW_LAB_AUDIT_OTHER_OBJECT,
                    IW_LAB_N_AUDITS
};

struct iw_lab_telemetry {
    struct iw_lab_sysmon sysmon;
    bool has_security;
    bool audits[IW_LAB_N_AUDITS];
    bool has_command_line;
    bool has_iis_configuration, has_script_blocks, has_history;
    const char *w3c_fields; /* separated by spaces; NULL: no request logs */
    const char *sacl[IW_LAB_MAX_CONDITIONS];
    size_t n_sacl;
    const char *off_channels[16]; /* switched off while running */
    size_t n_off_channels;
    bool is_silent; /* the service that writes events does not: nothing is recorded */
};

struct iw_lab_collection {
    const char *form, *also; /* also may be NULL */
    int64_t header_clock;    /* FILETIME steps */
    bool has_registry;
    const char *settings[16]; /* forms in which settings are brought; none: sysmon, auditpol */
    size_t n_settings;
    const char *left_out[IW_LAB_MAX_CONDITIONS];
    size_t n_left_out;
};

/* An entry of a configuration that an act made. */
struct iw_lab_mark {
    const struct iw_lab_act *act;
    const char *path, *section, *location, *name, *image; /* location may be NULL */
    struct iw_lab_mark *next;
};

struct iw_lab_host {
    struct iw_lab_world *world;
    const struct iw_lab_yaml_node *node; /* of the scenario */
    const char *name, *computer, *address, *role;
    unsigned windows; /* 2016, 2019, 2022 */
    bool is_web;
    bool is_copy; /* by --scale: no acts */
    struct iw_lab_telemetry telemetry;
    struct iw_lab_sysmon sysmon_at_start; /* what its configuration says when collected first */
    struct iw_lab_collection collection;
    uint64_t now; /* true time; a step may take a few milliseconds of its host */
    int64_t skew; /* FILETIME steps the host's clock is ahead */
    struct iw_lab_random random;
    struct iw_lab_arena arena;
    struct iw_lab_session *sessions;
    struct iw_lab_process *processes; /* those that run, and those with a key */
    struct iw_lab_pool *pools;
    struct iw_lab_site *sites;
    struct iw_lab_text **texts;      /* iw_lab_host_intern() */
    struct iw_lab_file **file_slots; /* by path */
    struct iw_lab_file *files;       /* by making, newest first */
    size_t n_files;
    struct iw_lab_config *config; /* applicationHost.config */
    struct iw_lab_config
        *configs[IW_LAB_MAX_CONFIGS]; /* owned copies: [0] as the story begins, then
                                         one for each copy in inetpub\\history */
    struct iw_lab_web_config *web_configs;
    struct iw_lab_registry_value *registry;
    unsigned n_histories;
    bool is_history_due;
    bool is_request_log_off;   /* httpLogging/@dontLog of the server */
    uint8_t pids_in_use[4096]; /* by number / 4 */
    uint8_t pids_wished[4096]; /* likewise: kept for processes of the scenario that ask for them */
    unsigned n_pids_in_use;
    uint64_t next_logon_id;
    struct iw_lab_logs *logs; /* lab/log/ */
    struct iw_lab_mark *marks;
};

struct iw_lab_world_options {
    uint64_t seed;              /* 0: the scenario's */
    uint64_t jitter;            /* FILETIME steps acts are late at most, their order kept */
    const char *const *without; /* sources that are not there */
    size_t n_without;
    bool is_only_4688;
    unsigned copy_first, copy_end; /* numbers of farms: 0 the scenario's own, others copies of it */
    struct iw_lab_output *output;  /* where evidence goes; NULL: nowhere (a check) */
};

struct iw_lab_world {
    const struct iw_lab_scenario *scenario;
    struct iw_lab_world_options options;
    struct iw_lab_host **hosts;
    size_t n_hosts;
    struct iw_lab_random random;
    struct iw_lab_agenda *agenda;
    const struct iw_lab_act *act;   /* that is being played, or NULL */
    const struct iw_lab_act *cause; /* another one that what is logged now goes back to, or NULL */
    const char *link; /* which link of a chain what is logged now is ("compile"), or NULL */
    const struct iw_lab_yaml_node *at; /* what is being built or played, for complaints, or NULL */
    struct iw_lab_error *error;
    bool is_failed;
    const char **approved; /* SHA-256 for each change record that names a file, else NULL */
    bool has_signed;       /* something carries a signature of the lab's authority */
    struct iw_lab_arena arena;
};

/* The world, still empty (iw_lab_world_build()). Scenario, error and what options point to are
 * borrowed until iw_lab_world_free(). */
struct iw_lab_world *iw_lab_world_new(const struct iw_lab_scenario *scenario,
                                      const struct iw_lab_world_options *options,
                                      struct iw_lab_error *error);
void iw_lab_world_free(struct iw_lab_world *world);

/* Notes a failure; the run ends after the step in hand. node is the place of the scenario; NULL:
 * the one being played. Returns false. */
bool iw_lab_world_fail(struct iw_lab_world *world, const struct iw_lab_yaml_node *node,
                       const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The one copy of a text that the host keeps: for texts of which there are few, in places where
 * much comes and goes. NULL stays NULL. */
const char *iw_lab_host_intern(struct iw_lab_host *host, const char *text);

/* The configuration of a web.config, or machine.config; an empty one when nobody has changed it;
 * path NULL: the server's. */
struct iw_lab_config *iw_lab_host_config(struct iw_lab_host *host, const char *path);

/* NULL when there is none. Names compare without case. */
struct iw_lab_host *iw_lab_world_host(const struct iw_lab_world *world, const char *name);
struct iw_lab_pool *iw_lab_host_pool(const struct iw_lab_host *host, const char *name);
struct iw_lab_site *iw_lab_host_site(const struct iw_lab_host *host, const char *name);
struct iw_lab_session *iw_lab_host_session(struct iw_lab_host *host, const char *key);

/* Was the source taken away (option --without)? */
bool iw_lab_world_is_without(const struct iw_lab_world *world, const char *source);
/* Is it not in the host's evidence (`leave_out`)? what is a channel or a source, short or whole. */
bool iw_lab_host_leaves_out(const struct iw_lab_host *host, const char *what);

/* ---- sessions (world_session.c) */

/* The sessions every Windows has, and those of pool identities. */
void iw_lab_session_make_builtin(struct iw_lab_host *host);
struct iw_lab_session *iw_lab_session_of_pool(struct iw_lab_host *host, struct iw_lab_pool *pool);
/* A new logon of an account, not yet logged. type is 2, 3, 4, 5, 10. */
struct iw_lab_session *iw_lab_session_new(struct iw_lab_host *host, const char *key,
                                          const struct iw_lab_account *account, const char *type,
                                          const char *address, const char *workstation,
                                          bool is_elevated);
/* Does a logon of that type come with a desktop (2 and 10)? */
bool iw_lab_type_has_desktop(const char *type);
/* Is it a word by which a scenario may call a session or process? No colon: those are built in. */
bool iw_lab_is_key(const char *text);
/* Forgets a session without key that is closed. */
void iw_lab_session_release(struct iw_lab_host *host, struct iw_lab_session *session);

/* ---- processes (world_process.c) */

struct iw_lab_program_facts {
    const char *image, *command, *original_name, *company, *description, *directory, *integrity;
    struct iw_lab_pool *pool; /* whose worker it is; NULL: it is none */
    unsigned number;          /* the PID it gets; 0: any that is free */
};
/* A process that runs from now on, not yet logged. Facts that are NULL come from the table of known
 * programs, else from the file's name. Never NULL; when the host has no number left for it, that is
 * noted as a failure. */
struct iw_lab_process *iw_lab_process_new(struct iw_lab_host *host, const char *key,
                                          const struct iw_lab_program_facts *facts,
                                          struct iw_lab_session *session);
/* Can a process get this number now: a multiple of 4, not too high, nobody's? */
bool iw_lab_host_is_free_number(const struct iw_lab_host *host, unsigned number);
/* It ends; without a key it is gone afterwards. */
void iw_lab_process_finish(struct iw_lab_host *host, struct iw_lab_process *process);
/* By key as scenarios write it, also when it has ended; NULL when there is none. Workers are not
 * started here. */
struct iw_lab_process *iw_lab_host_process(struct iw_lab_host *host, const char *key);
void iw_lab_process_make_builtin(struct iw_lab_host *host);

/* ---- files (world_files.c) */

/* Is it a whole path of a file or folder (`C:\…`) that Windows would take? */
bool iw_lab_is_path(const char *path);
/* NULL when there is none, or it was deleted. */
struct iw_lab_file *iw_lab_host_file(const struct iw_lab_host *host, const char *path);
/* It was there and has been deleted. */
bool iw_lab_host_has_lost(const struct iw_lab_host *host, const char *path);
/* Makes or overwrites; path is copied. */
struct iw_lab_file *iw_lab_file_put(struct iw_lab_host *host, const char *path,
                                    const struct iw_lab_content *content);
/* The same content, independent of what becomes of the original. */
struct iw_lab_content iw_lab_content_copy(struct iw_lab_host *host,
                                          const struct iw_lab_content *content);
/* What a file of that name holds when nobody says. */
struct iw_lab_content iw_lab_content_by_name(struct iw_lab_host *host, const char *path);
/* The bytes; the caller frees them with iw_lab_alloc_release(). */
uint8_t *iw_lab_content_bytes(const struct iw_lab_content *content, size_t *size_bytes);
/* SHA1=…,MD5=…,SHA256=… of the file, or of an invented one of that path when it is not in the
 * world. */
const char *iw_lab_host_hashes(struct iw_lab_host *host, const char *path);

/* ---- registry (world_registry.c) */

#define IW_LAB_REGISTRY_KINDS "sz expand multi dword"
/* path is HKLM\…; kinds as in struct iw_lab_registry_value. Texts are copied. */
void iw_lab_registry_set(struct iw_lab_host *host, const char *path, const char *kind,
                         const char *data);
void iw_lab_registry_delete(struct iw_lab_host *host, const char *path);
/* What an IIS has there. */
void iw_lab_registry_install(struct iw_lab_host *host);

/* ---- what is installed (world_build.c, world_role.c) */

bool iw_lab_world_build(struct iw_lab_world *world);
bool iw_lab_host_install_role(struct iw_lab_host *host, const struct iw_lab_yaml_node *node);
bool iw_lab_host_brings(const struct iw_lab_host *host, const char *form);
bool iw_lab_host_read_telemetry(struct iw_lab_host *host, const struct iw_lab_yaml_node *node);
bool iw_lab_sysmon_read(struct iw_lab_host *host, const struct iw_lab_yaml_node *node,
                        struct iw_lab_sysmon *sysmon);
/* Event ids of a Sysmon event type; 0-terminated; NULL: unknown. */
const uint8_t *iw_lab_sysmon_ids(const char *type);
const char *iw_lab_sysmon_type_at(size_t i);

/* The physical path and the pool of a URL (without query); false: the site has no such place. */
bool iw_lab_site_resolve(const struct iw_lab_site *site, const char *url, char *path,
                         size_t size_bytes, struct iw_lab_pool **pool);

/* The clock of the host now. */
static inline uint64_t iw_lab_host_time(const struct iw_lab_host *host)
{
    return host->now + (uint64_t)host->skew;
}

/* A little time goes by on the host. */
static inline void iw_lab_host_pass(struct iw_lab_host *host, uint64_t milliseconds)
{
    host->now += milliseconds * IW_LAB_MILLISECOND + iw_lab_random_below(&host->random, 9000);
}

#endif
