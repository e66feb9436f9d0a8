/**
 * Parts of a Windows path, or of a path in evidence: either kind of separator. Borrowed.
 */
#ifndef IW_BASE_PATH_NAME_H
#define IW_BASE_PATH_NAME_H

#include "base/str.h"

/** The last part; the whole where there is no separator. */
struct iw_str iw_path_name(struct iw_str path);
/** All but the last part, without the separator; empty where there is none. */
struct iw_str iw_path_folder(struct iw_str path);

/** What stands behind the device of a volume (`\Device\HarddiskVolume3\`,
 * `\\?\GLOBALROOT\Device\…`,
 * `\\?\Volume{…}\`); false: it begins with none. Which letter the volume has it does not say.
 * Source of the spellings: "Naming a Volume" and QueryDosDevice, Microsoft. */
bool iw_path_behind_device(struct iw_str path, struct iw_str *ret);

#endif
