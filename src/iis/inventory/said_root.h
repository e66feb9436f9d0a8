/**
 * A web root as the user says it: `D:\sites\shop`, `\\server\share`, or with the host whose folder
 * it is before it, `WEB01:D:\sites\shop`. One letter before the first colon is a drive, never a
 * host.
 */
#ifndef IW_IIS_INVENTORY_SAID_ROOT_H
#define IW_IIS_INVENTORY_SAID_ROOT_H

#include "base/str.h"

struct iw_said_root {
    struct iw_str host; /* empty: of every host */
    struct iw_str path; /* a whole Windows path */
};

/** Both borrow from *text*. False: it is no such text. */
bool iw_said_root_read(struct iw_str text, struct iw_said_root *ret);
/** Whether it is said of the host with that label (event/host.h); letter case does not count, and a
 * domain that the label has not is passed over. */
bool iw_said_root_is_of(const struct iw_said_root *root, struct iw_str host);

#endif
