/**
 * Servers that events know: a host with workers is a web server, whatever was collected of it.
 */
#ifndef IW_ENGINE_EVENT_SERVERS_H
#define IW_ENGINE_EVENT_SERVERS_H

#include "context/server_events.h"
#include "result/inventory.h"

/** Marks the servers of hosts with workers, and adds one without configuration for each such host
 * that has none, behind the others. Hosts of the inventory are settled. IW_OK or IW_ENOMEM. */
enum iw_rc iw_event_servers_tell(const struct iw_server_facts *facts,
                                 struct iw_inventory *inventory);

#endif
