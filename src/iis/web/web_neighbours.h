/**
 * Marks of a web file by its name, its folder and the files beside it.
 *
 * A folder is summed up once; then each of its files is asked for, so that a folder of a hundred
 * thousand scripts costs no more a file than one of three. Pure; any thread may call.
 */
#ifndef IW_IIS_WEB_WEB_NEIGHBOURS_H
#define IW_IIS_WEB_WEB_NEIGHBOURS_H

#include "iis/web/web_defaults.h"
#include "iis/web/web_mark.h"

/** Static files beside a script that make it "the only script among static files". */
#define IW_WEB_FEW_STATIC 3U
/** Scripts of one other language beside a script that is alone in its own. */
#define IW_WEB_FEW_SCRIPTS 3U
/** Neighbours with a known time below which age says nothing. */
#define IW_WEB_FEW_TIMES 5U
/** A file is far younger when this much younger than three quarters of its neighbours: more than
 * the days over which one deployment or one round of patches is spread. */
#define IW_WEB_YOUNGER_NS (INT64_C(30) * 24 * 3600 * 1000000000)

/** One file of a folder. */
struct iw_web_neighbour {
    struct iw_str name;
    int64_t modified_ns; /* IW_TIME_UNKNOWN: not known, or the tree does not keep times */
    bool executes;
};

/** A folder summed up. */
struct iw_web_folder {
    bool is_for_uploads; /* by its name, or its parent's */
    size_t n_scripts, n_static;
    size_t n_by_language[IW_WEB_LANGUAGE_COUNT];
    size_t n_times;
    int64_t settled_ns; /* three quarters of its times are at or before this */
};

/**
 * Sums a folder up.
 *
 * @param path     of the folder, either separator
 * @param scratch  working memory
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_web_folder_read(struct iw_str path, const struct iw_web_neighbour *files, size_t n,
                              struct iw_arena *scratch, struct iw_web_folder *ret);

/** Adds the marks of one file of the folder (one that executes) to *set*. */
void iw_web_neighbour_marks(const struct iw_web_folder *folder, const struct iw_web_neighbour *file,
                            struct iw_web_mark_set *set);

/** Whether a file name without its ending looks random: eight or more letters and digits that
 * change places (`8f3a2b1c`, `k9x2mq7d`), a GUID, or eight letters and more without a vowel. */
bool iw_web_is_random_name(struct iw_str name);

/** Whether an ending that executes hides: `x.jpg.aspx`, `x.aspx;.jpg`, `x.aspx.`, `x.txt:y.asp`. */
bool iw_web_is_double_ending(struct iw_str name);

/** Whether a folder is named for what is no code: uploads, images, temporary files. Its last two
 * names count; names that are only digits (`uploads\2026\01`) are passed over. */
bool iw_web_is_upload_folder(struct iw_str path);

#endif
