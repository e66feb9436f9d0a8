/*
 * Errors: filling the caller's error structure. Messages that do not fit are cut, never overrun.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum iw_rc iw_error_set(struct iw_error *err, enum iw_rc rc, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        memset(err, 0, sizeof *err);
        err->rc = rc;
        va_start(args, format);
        (void)vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return rc;
}

void iw_error_place(struct iw_error *err, const char *where, uint32_t line, uint32_t column)
{
    if (err == NULL)
        return;
    if (err->where[0] == '\0' && where != NULL)
        (void)snprintf(err->where, sizeof err->where, "%s", where);
    if (err->line == 0) {
        err->line = line;
        err->column = column;
    }
}

const char *iw_rc_name(enum iw_rc rc)
{
    static const char *const NAMES[IW_RC_COUNT] = {
        [IW_OK] = "IW_OK",       [IW_END] = "IW_END",         [IW_ENOMEM] = "IW_ENOMEM",
        [IW_EIO] = "IW_EIO",     [IW_EFORMAT] = "IW_EFORMAT", [IW_ELIMIT] = "IW_ELIMIT",
        [IW_ERULE] = "IW_ERULE", [IW_EUSAGE] = "IW_EUSAGE",   [IW_ECANCELLED] = "IW_ECANCELLED",
    };
    return (unsigned)rc < IW_RC_COUNT ? NAMES[rc] : "IW_UNKNOWN";
}
