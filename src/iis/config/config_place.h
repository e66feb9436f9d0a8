/**
 * Places in the configuration: paths like "Default Web Site/app/folder". The empty one is the whole
 * server. They are compared in folded form (their *key*), part by part.
 */
#ifndef IW_IIS_CONFIG_PLACE_H
#define IW_IIS_CONFIG_PLACE_H

#include "base/arena.h"

struct iw_config_place {
    struct iw_str path; /* as written: `\` is `/`; no empty parts and none that are `.` */
    struct iw_str key;  /* folded */
    uint32_t depth;     /* number of parts; the server: 0 */
};

/** The place that *inner* names below *outer* (either may be empty). Texts lie in *arena*. False
 * only when there is no memory. */
bool iw_config_place_read(struct iw_str outer, struct iw_str inner, struct iw_arena *arena,
                          struct iw_config_place *ret);
/** Is the place *key* at or below the place *above*? */
bool iw_config_place_covers(struct iw_str above, struct iw_str key);
/** What is left of a path below its first *depth* parts, with its slash: "/b" of "a/b" and 1. */
struct iw_str iw_config_place_below(struct iw_str path, uint32_t depth);

#endif
