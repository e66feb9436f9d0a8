/**
 * Lines of former configurations (`struct iw_inventory_version`): `kind name at place: image`.
 *
 * A name or place that could be taken for more than itself (it has ` at ` or `: ` in it, ends like
 * one of these, or begins with a quote) stands in double quotes, `"` and `\` behind a `\`: whoever
 * chooses names must not choose where a line is cut.
 */
#ifndef IW_RESULT_HISTORY_LINE_H
#define IW_RESULT_HISTORY_LINE_H

#include "base/buffer.h"

/** A line in its parts, borrowed; empty where it has none. */
struct iw_history_line {
    struct iw_str kind, name, place, image; /* name and place as written, maybe in quotes */
    struct iw_str head;                     /* all but the image */
};

/** Adds a line to *out*; empty parts are left out. Names of kinds have no spaces. */
void iw_history_line_write(struct iw_str kind, struct iw_str name, struct iw_str place,
                           struct iw_str image, struct iw_buffer *out);
struct iw_history_line iw_history_line_read(struct iw_str line);
/** Whether a name or place of a line, as written there, is *text*. */
bool iw_history_name_is(struct iw_str written, struct iw_str text);

#endif
