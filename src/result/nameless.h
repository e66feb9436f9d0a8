/**
 * Servers that nothing names: which of them a finding without a host is of.
 *
 * A finding says which files it is made of, and the inventory which files each server is made of.
 * Where nobody else comes into question, what names no host is of the only server without a name.
 */
#ifndef IW_RESULT_NAMELESS_H
#define IW_RESULT_NAMELESS_H

#include "base/map.h"
#include "result/finding.h"
#include "result/inventory.h"

struct iw_nameless {
    const struct iw_inventory *inventory;
    const struct iw_inventory_server *only;
    struct iw_map by_source; /* file as reached → place of its server + 1; 0: of several */
};

/** The only server without a host that has a configuration; where none of them has one, the only
 * one. NULL: there is none, or there are several. */
const struct iw_inventory_server *iw_nameless_only(const struct iw_inventory *inventory);

/** *inventory* and its texts must outlive it. IW_OK or IW_ENOMEM; in both cases iw_nameless_done is
 * needed. */
enum iw_rc iw_nameless_init(struct iw_nameless *nameless, const struct iw_inventory *inventory);
void iw_nameless_done(struct iw_nameless *nameless);
/** NULL: the finding has a host, or it cannot be told. */
const struct iw_inventory_server *iw_nameless_server(const struct iw_nameless *nameless,
                                                     const struct iw_finding *finding);

#endif
