/**
 * Programs below web roots that run when they are asked for: ISAPI extensions and CGI programs in
 * folders where requests may execute. They are components and web files at once.
 */
#ifndef IW_DETECT_WEB_PROGRAM_H
#define IW_DETECT_WEB_PROGRAM_H

#include "detect/judgment.h"

/** Lists them, by path. IW_OK or IW_ENOMEM. */
enum iw_rc iw_web_programs_read(struct iw_judging *judging);
/** The web file at a path (letter case ignored), if it is such a program. *ret NULL: none. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_web_program_at(const struct iw_judging *judging, struct iw_str path,
                             const struct iw_inventory_web_file **ret);
/** The same of any file of the case. */
enum iw_rc iw_web_program_of(const struct iw_case *named, const struct iw_inventory_web_file **ret);

/** Says which handler runs the program, and keeps it as what requests of the case ask for. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_web_program_say(struct iw_case *named, const struct iw_inventory_web_file *program);

#endif
