/**
 * The label of a computer's name, by which people and files name it: `WEB01` of
 * `WEB01.corp.example`. Borrowed.
 */
#ifndef IW_BASE_HOST_LABEL_H
#define IW_BASE_HOST_LABEL_H

#include "base/str.h"

/** The first label of a name, or all of it when it is an address. */
struct iw_str iw_host_label(struct iw_str computer);
/** A full name may end in the dot of the root: without it. */
struct iw_str iw_host_without_root(struct iw_str computer);

#endif
