/**
 * A command of appcmd.exe that adds, installs, changes or removes one component, where all of it is
 * understood.
 *
 * What the command says is compared with change records, and who typed it may be the attacker: a
 * remark behind `&`, a second option of one name, glued quotes and words this does not know make
 * the command one of which nothing is known. Forms: `install module`, `uninstall module`, `add
 * module`, `delete module`, and `set config /section:globalModules /+[name='X',image='Y']`
 * (Microsoft's reference of appcmd, "Getting Started with AppCmd.exe").
 */
#ifndef IW_DETECT_APPCMD_COMMAND_H
#define IW_DETECT_APPCMD_COMMAND_H

#include "base/arena.h"
#include "base/error.h"
#include "iis/change/changes.h"

struct iw_appcmd_command {
    struct iw_str kind; /* of the component; empty: native or managed, the command does not say */
    struct iw_str name, image;
    enum iw_act_action action;
};

/**
 * @param arena   *ret* lives there
 * @param ret_is  whether it is such a command; false: *ret* is empty
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_appcmd_command_read(struct iw_str command, struct iw_arena *arena,
                                  struct iw_appcmd_command *ret, bool *ret_is);

#endif
