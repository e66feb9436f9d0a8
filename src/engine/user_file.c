/* Codes of what the user brings. */
#include "engine/user_file.h"

#include "base/file.h"

enum iw_rc iw_user_file_rc(enum iw_rc rc, struct iw_error *err)
{
    if (rc != IW_EFORMAT && rc != IW_ERULE && rc != IW_ELIMIT)
        return rc;
    if (err != NULL)
        err->rc = IW_EUSAGE;
    return IW_EUSAGE;
}

enum iw_rc iw_user_file_read(const char *path, size_t max_bytes, struct iw_arena *arena,
                             struct iw_str *ret, struct iw_error *err)
{
    return iw_user_file_rc(iw_file_read(path, max_bytes, arena, ret, err), err);
}
