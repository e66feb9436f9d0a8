/**
 * Folders that somebody asks about when a file is written: web roots, and what configures them.
 * Made before events are read, then immutable; any thread may ask.
 */
#ifndef IW_COVERAGE_WATCHED_FOLDERS_H
#define IW_COVERAGE_WATCHED_FOLDERS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "result/inventory.h"

#define IW_WATCHED_NONE UINT32_MAX

struct iw_watched_folders {
    struct iw_arena arena;
    struct iw_map by_key;        /* folded path → number */
    struct iw_map above;         /* each of these, and what it lies in */
    uint64_t lengths[1024 / 64]; /* which lengths of keys there are; longer ones are all asked */
    bool is_cut;                 /* there were more than IW_LIMIT_WATCHED_FOLDERS */
};

void iw_watched_folders_init(struct iw_watched_folders *folders);
void iw_watched_folders_done(struct iw_watched_folders *folders);
/** Adds a folder by its path. One that is there already, or that does not lie on a drive or share,
 * adds nothing. IW_OK or IW_ENOMEM. */
enum iw_rc iw_watched_folders_add(struct iw_watched_folders *folders, struct iw_str path);
/** Adds the roots of all servers, of now and of their history, those that setup makes, and the
 * folders of IIS' own configuration and of compiled pages. IW_OK or IW_ENOMEM. */
enum iw_rc iw_watched_folders_know(struct iw_watched_folders *folders,
                                   const struct iw_inventory *inventory);
/** Whether a folded path is one of the folders, or one of them lies in it; true, too, where there
 * were too many. */
bool iw_watched_folders_any_below(const struct iw_watched_folders *folders, struct iw_str key);
/** The deepest folder that a folded path is, or lies in; IW_WATCHED_NONE. */
uint32_t iw_watched_folders_of(const struct iw_watched_folders *folders, struct iw_str key);
/** Likewise of `?:\…`, of which nobody knows the letter: the deepest of all that fit with any
 * letter, which is written into *key*. */
uint32_t iw_watched_folders_of_any_drive(const struct iw_watched_folders *folders, char *key,
                                         size_t n);
/** The folded path of a number. */
struct iw_str iw_watched_folder(const struct iw_watched_folders *folders, uint32_t number);

#endif
