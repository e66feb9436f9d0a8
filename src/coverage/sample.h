/**
 * Samples: events that show a source to be logged as a link of an analytic needs it.
 *
 * Field facts: Sysmon 1 and Security 4688 are process creations; a sample has a command line and
 * tells who started it. Sysmon 11 is a file created or overwritten; Security 4663 with the rights
 * to write (0x2) or append (0x4) one that was written. Sysmon 7 is a module that *Image* loaded,
 * Sysmon 3 a connection of it. Security 4624 is a logon, 4689 a process that ended.
 */
#ifndef IW_COVERAGE_SAMPLE_H
#define IW_COVERAGE_SAMPLE_H

#include "coverage/watched_folders.h"
#include "event/event.h"
#include "event/route.h"
#include "result/telemetry.h"

/** The kind of sample that events of a channel and id may be. */
enum iw_sample_kind iw_sample_kind_of(struct iw_str channel, uint32_t event_id);
/** Asks for these events to be decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sample_route(struct iw_route *route);
/**
 * Whether a decoded event of that kind is a sample.
 *
 * @param kind        that events of its channel and id may be; becomes IW_SAMPLE_BARE_PROCESS of a
 *                    process that is none, IW_SAMPLE_FILE_ON_DEVICE of a file on a device
 * @param folders     NULL: no file is one
 * @param scratch     of the event
 * @param ret_folder  of a file: the number of the watched folder; else 0
 * @return IW_OK; IW_END: it is none; IW_ENOMEM
 */
enum iw_rc iw_sample_read(const struct iw_event *event, enum iw_sample_kind *kind,
                          const struct iw_watched_folders *folders, struct iw_arena *scratch,
                          uint32_t *ret_folder);

#endif
