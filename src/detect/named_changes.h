/**
 * Which changes of the configuration (event 29) name which component: read once for a server, so
 * that the time does not grow with components times changes.
 *
 * A change names a component by its name or image between quotes in the place of the setting
 * (`…/add[@name="X"]/@preCondition`), by the old or new value where a whole entry of a section of
 * components was added or taken away (`/system.webServer/modules/add`, value: the name), and by its
 * image as the new value of any setting of such a section. The value of another setting names
 * nothing: `true` is the name of no module because some switch was set.
 */
#ifndef IW_DETECT_NAMED_CHANGES_H
#define IW_DETECT_NAMED_CHANGES_H

#include "detect/judgment.h"

/** Changes, as places in judging->facts[IW_FACT_CONFIG_CHANGE], in order. */
struct iw_change_places {
    size_t *items; /* NULL: none */
    size_t n, cap;
};

/** Fills judging->changes_by_text. Components and facts must be there. IW_OK or IW_ENOMEM. */
enum iw_rc iw_named_changes_read(struct iw_judging *judging);
/** The changes that name a component of that name; of that image, as written. *ret* is borrowed;
 * NULL: none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_changes_of_name(const struct iw_judging *judging, struct iw_str name,
                              const struct iw_change_places **ret);
enum iw_rc iw_changes_of_image(const struct iw_judging *judging, struct iw_str image,
                               const struct iw_change_places **ret);

#endif
