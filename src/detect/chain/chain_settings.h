/**
 * The mutable elements of the analytics AN1108 and AN0184 as settings, under their ATT&CK names
 * (docs/DETECTIONS.md says what each means here).
 *
 * Made once, before events flow; then immutable, any thread may ask. A list that is set adds to the
 * default, which is always there: an attacker's file is not made invisible by a setting.
 */
#ifndef IW_DETECT_CHAIN_SETTINGS_H
#define IW_DETECT_CHAIN_SETTINGS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/timestamp.h"
#include "detect/chain/handled_names.h"

/** TimeWindow where nobody sets it: 24 hours. */
#define IW_CHAIN_WINDOW_NS (IW_NS_PER_SECOND * 24 * 3600)

struct iw_chain_list {
    struct iw_str *items;
    size_t n, cap;
};

struct iw_chain_settings {
    struct iw_arena arena;
    int64_t window_ns;                  /* TimeWindow: from a file's writing to the shell; closed */
    double dll_name_entropy;            /* DLLNameEntropyThreshold in bits a character; 0: off */
    struct iw_chain_list users;         /* UserContext: accounts the web server works as, beside
                                           IIS APPPOOL\*; lower case, DOMAIN\name or SID */
    struct iw_chain_list watched_paths; /* WatchedPaths: folders of modules beside inetsrv */
    struct iw_chain_list loaders;       /* ParentProcessName: programs beside w3wp.exe that load
                                           components; file names in lower case */
    struct iw_chain_list web_roots;     /* WebRootPath: folders beside those of configuration */
    struct iw_chain_list web_servers;   /* ParentProcess: programs beside the known ones */
    /* Not set by anybody, but told by the configurations in evidence (iw_chain_settings_know). */
    struct iw_handled_names handled;
    struct iw_chain_list odd_roots; /* folders of sites in folders of Windows that hold no pages */
};

/** The defaults. Allocates nothing. */
void iw_chain_settings_init(struct iw_chain_settings *settings);
void iw_chain_settings_done(struct iw_chain_settings *settings);

/**
 * Sets one element from `NAME=VALUE`, letter case of the name ignored. Durations are `90s`, `30m`,
 * `24h`, `7d`; values of lists are separated by `;`.
 *
 * @return IW_OK; IW_EUSAGE: no such name, or a value that is none (*err* says which and why);
 * IW_ENOMEM
 */
enum iw_rc iw_chain_settings_set(struct iw_chain_settings *settings, struct iw_str text,
                                 struct iw_error *err);
/** Sets what the lines of a settings file say; empty ones and those that begin with `#` are passed
 * over. As above; *err* has the line. */
enum iw_rc iw_chain_settings_read(struct iw_chain_settings *settings, struct iw_str text,
                                  const char *name, struct iw_error *err);

/** Takes what the configurations in evidence say: names that handlers run, folders of sites where
 * nobody keeps one. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_settings_know(struct iw_chain_settings *settings,
                                  const struct iw_inventory *inventory);

/** Whether *text* is in the list (letter case ignored). */
bool iw_chain_list_has(const struct iw_chain_list *list, struct iw_str text);
/** Whether *path* is one of the folders of the list, or lies below one. */
bool iw_chain_list_covers(const struct iw_chain_list *list, struct iw_str path);

#endif
