/**
 * IIS worker processes (w3wp.exe): what their command line says of them.
 */
#ifndef IW_CONTEXT_WORKER_PROCESS_H
#define IW_CONTEXT_WORKER_PROCESS_H

#include "base/str.h"

/** Whether a path's file name is w3wp.exe (letter case ignored). */
bool iw_is_worker_image(struct iw_str image);

/**
 * The application pool named by the option `-ap` of a worker's command line, quoted or not.
 * Borrowed; empty when there is none. Real form: `c:\windows\system32\inetsrv\w3wp.exe -ap
 * "DefaultAppPool" -v "v2.0" -l "webengine4.dll" …`
 */
struct iw_str iw_worker_pool(struct iw_str command_line);

#endif
