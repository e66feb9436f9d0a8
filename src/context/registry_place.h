/**
 * Values of the registry by which a web server loads code: the environment of its services and of
 * the machine, and the old list of ISAPI filters. Events and hives name them in many ways
 * (`HKLM\System\CurrentControlSet\…`, `\REGISTRY\MACHINE\SYSTEM\ControlSet001\…`); what stands
 * behind the control set is the same.
 *
 * Sources: Microsoft's "Registry Trees" (control sets), the documentation of .NET's profilers
 * (Environment of a service, and of the Session Manager), KB 245225 (Filter DLLs). Pure; any
 * thread.
 */
#ifndef IW_CONTEXT_REGISTRY_PLACE_H
#define IW_CONTEXT_REGISTRY_PLACE_H

#include "base/str.h"

/** What stands behind the control set of a key or value: `Services\W3SVC\Environment`. Empty: it is
 * in none. */
struct iw_str iw_registry_place(struct iw_str key);
/** Whether a value in that place makes web servers load code, or may. */
bool iw_registry_place_loads_code(struct iw_str place);

#endif
