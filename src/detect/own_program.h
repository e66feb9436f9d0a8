/**
 * The program of an ASP.NET Core application: its web.config, as `dotnet publish` writes it, starts
 * the application's own code, from its own folder. Every such application has that entry, as others
 * have a bin, so that it weighs less; whoever can write there can exchange it as well, so that it
 * is said.
 *
 * Source: Microsoft, "ASP.NET Core Module (ANCM) for IIS", "web.config file".
 */
#ifndef IW_DETECT_OWN_PROGRAM_H
#define IW_DETECT_OWN_PROGRAM_H

#include "detect/judgment.h"

/** Whether an entry starts what its application brought, and nothing in evidence speaks against
 * it. IW_OK or IW_ENOMEM. */
enum iw_rc iw_is_own_program(const struct iw_judging *judging,
                             const struct iw_inventory_component *row, bool *ret);
/** Whether who signed the code that an entry runs is proved: of `dotnet Shop.dll` that is Shop.dll.
 */
bool iw_program_is_proved(const struct iw_inventory_component *row);

#endif
