/**
 * Families of managed load points: entries whose types share the beginning of a namespace
 * (`Microsoft.Exchange`, `Contoso.Shop`) and whose assemblies are not in evidence.
 *
 * A product registers dozens of modules and handlers of its own; without a baseline and without its
 * files nothing can be said of any one of them, and ninety findings would bury the one entry that
 * belongs to nothing else there. So they are one subject. What sets an entry apart from its family
 * keeps it out: a file that can be asked, a collected `bin` that lacks its assembly, a note, a
 * built-in name, a change that events or the history of the configuration tell of.
 *
 * Lines are free to whoever can write one web.config, so a family of one or two files is one
 * finding, but not a lesser one; one that is spread over several applications is.
 */
#ifndef IW_DETECT_PRODUCT_FAMILY_H
#define IW_DETECT_PRODUCT_FAMILY_H

#include "detect/judgment.h"

/** Different types that make a family, and files of configuration over which it is spread. */
enum { IW_FAMILY_TYPES = 5, IW_FAMILY_PLACES = 3 };

/** Fills judging->family_of, whose texts are the inventory's. IW_OK or IW_ENOMEM. */
enum iw_rc iw_families_read(struct iw_judging *judging);

/** The family a component is a member of, as its type writes it; empty: of none. */
struct iw_str iw_family_of(const struct iw_judging *judging, size_t component);
/** How many different types of the server's entries share the beginning of this one's namespace,
 * also for an entry that is set apart; 0: too few for a family, or its own file is in evidence. */
uint64_t iw_family_types(const struct iw_judging *judging, size_t component);
/** Whether that family stands in at least IW_FAMILY_PLACES files of configuration. */
bool iw_family_is_spread(const struct iw_judging *judging, size_t component);

#endif
