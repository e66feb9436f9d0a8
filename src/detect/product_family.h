/**
 * Families of managed load points: entries whose types share the beginning of a namespace
 * (`Microsoft.Exchange`, `Contoso.Shop`) and whose assemblies are not in evidence.
 *
 * A product registers dozens of modules and handlers of its own; without a baseline and without its
 * files nothing can be said of any one of them, and ninety findings would bury the one entry that
 * belongs to nothing else there. So they are one subject. What sets an entry apart from its family
 * keeps it out: a file that can be asked, a note, a built-in name, a change that events or the
 * history of the configuration tell of.
 */
#ifndef IW_DETECT_PRODUCT_FAMILY_H
#define IW_DETECT_PRODUCT_FAMILY_H

#include "detect/judgment.h"

/** Different types that make a family: one more than an intruder needs (a module, a handler, and
 * the providers behind them). */
enum { IW_FAMILY_TYPES = 5 };

/** Fills judging->families and judging->family_types. IW_OK or IW_ENOMEM. */
enum iw_rc iw_families_read(struct iw_judging *judging);

/** The family a component is a member of, as its type writes it; empty: of none. */
struct iw_str iw_family_of(const struct iw_judging *judging, size_t component);
/** How many different types of the server's entries share the beginning of this one's namespace,
 * when its own file is not in evidence and they are a family; else 0. Also for an entry that is no
 * member because its name is a built-in one. */
uint64_t iw_family_kin(const struct iw_judging *judging, size_t component);

#endif
