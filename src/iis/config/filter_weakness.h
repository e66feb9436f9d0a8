/**
 * What request filtering lets through at a place that an installed server refuses: source files,
 * configuration, folders of code. A web.config that removes such an entry and adds a handler is a
 * web shell without any new file.
 *
 * Sources: Microsoft's reference of requestFiltering; entries of servers with ASP.NET (without it,
 * IIS lists only the segment web.config, which weakens nothing).
 */
#ifndef IW_IIS_FILTER_WEAKNESS_H
#define IW_IIS_FILTER_WEAKNESS_H

#include "iis/config/pathway_lines.h"

/** What is asked of one place after the other; zeroed at first but for the two borrowed pointers.
 * Places with the same layers cost one look. */
struct iw_filter_reading {
    const struct iw_config *config;
    struct iw_arena *arena;
    size_t n_steps; /* elements looked at so far */
    const struct iw_config_layer *last_filter, *last_module;
    size_t n_filter, n_module; /* layers of the place looked at last */
    bool is_read;
    struct iw_str found;  /* ".config allowed, hidden segment bin removed"; empty: nothing */
    struct iw_str hidden; /* why it is not known whether there is more; empty: it is */
    bool has_webdav, modules_unknown;
};

/** Reads what holds at the place *key*: found, hidden, has_webdav, modules_unknown. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_filter_read(struct iw_filter_reading *reading, struct iw_str key);
/** Counts the elements of a section's layers at a place among those looked at. False: they are too
 * many, and must not be merged. */
bool iw_filter_weigh(struct iw_filter_reading *reading, const char *path, struct iw_str key);

#endif
