/**
 * Programs that bring files from elsewhere every day: replication, and agents of backups that
 * restore.
 *
 * They bring whatever lies there, a web shell too: they are no deployment, lower no score and lift
 * no floor. That a file came by one only counts beside other things (chain_habit_first.c). A name
 * alone is none: it counts in the folder of the system drive that the program is installed in.
 */
#ifndef IW_DETECT_CARRIER_H
#define IW_DETECT_CARRIER_H

#include "base/str.h"

/** "replication of folders (DFSR)"; NULL: the image is none, or lies elsewhere. Static. */
const char *iw_carrier_words(struct iw_str image);
/** Whether it is an agent of backups: what that writes was there before. */
bool iw_carrier_restores(struct iw_str image);

#endif
