/**
 * Programs that web servers are given every day, and that nobody signs: PHP as FastCGI. A name is
 * anybody's; what speaks for one is that it is PHP's, in a folder in which only administrators
 * write, that its file (where it was collected) says so, and that nothing in evidence tells of its
 * coming. All of that proves nothing: it weighs less, and is said.
 *
 * Source: windows.php.net, "Installing PHP on Windows" (php-cgi.exe, `C:\Program Files\PHP`); PHP's
 * builds carry "The PHP Group" in their version information and no signature.
 */
#ifndef IW_DETECT_USUAL_PROGRAM_H
#define IW_DETECT_USUAL_PROGRAM_H

#include "detect/judgment.h"

/** Whether an entry is such a one. One with arguments is not: `-d auto_prepend_file=...` makes
 * every page run that file first, `-c` takes another configuration. IW_OK or IW_ENOMEM. */
enum iw_rc iw_is_usual_program(const struct iw_judging *judging,
                               const struct iw_inventory_component *row, bool *ret);
/** Whether it is a variable that makes PHP read its configuration (auto_prepend_file, extension) in
 * a folder in which not only setup writes: PHPRC, PHP_INI_SCAN_DIR. Source: php.net, "The
 * configuration file". */
bool iw_php_is_led_elsewhere(const struct iw_inventory_component *row);

#endif
