/**
 * The configuration of a host as a link: whether all of it that decides what its workers load was
 * read, and whether what was read is what IIS obeyed throughout.
 */
#ifndef IW_COVERAGE_LINK_CONFIGURATION_H
#define IW_COVERAGE_LINK_CONFIGURATION_H

#include "coverage/link_state.h"

/** The earliest event that changed applicationHost.config behind the copy in evidence, to
 * host->outdated, and the moment from which the copy is not known to hold, to host->outdated_ns.
 * Nothing is set where none is known. *facts*: of the host. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_configuration_outdated(struct iw_link_host *host,
                                          const struct iw_server_fact *facts, size_t n,
                                          struct iw_arena *arena);
/** As iw_link_state_find, of IW_LINK_CONFIGURATION. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_configuration_find(const struct iw_link_host *host, struct iw_arena *arena,
                                      struct iw_link_result *ret);

#endif
