#include "detect/detect_text.h"

static bool is_separator(char c)
{
    return c == '\\' || c == '/';
}

bool iw_account_is_of_windows(struct iw_str account)
{
    static const char *const SIDS[] = {"S-1-5-18", "S-1-5-19", "S-1-5-20"};
    for (size_t i = 0; i < sizeof SIDS / sizeof SIDS[0]; i++) {
        if (iw_str_equal_nocase(account, iw_str_of(SIDS[i])))
            return true;
    }
    return iw_str_begins_nocase(account, IW_STR("NT AUTHORITY\\")) ||
           iw_str_begins_nocase(account, IW_STR("NT SERVICE\\")) ||
           iw_str_begins_nocase(account, IW_STR("S-1-5-80-"));
}

bool iw_path_is_remote(struct iw_str path)
{
    return iw_str_begins_nocase(path, IW_STR("\\\\")) &&
           !iw_str_begins_nocase(path, IW_STR("\\\\?\\")) &&
           !iw_str_begins_nocase(path, IW_STR("\\\\.\\"));
}

bool iw_path_is_inetsrv(struct iw_str path)
{
    return iw_str_holds_nocase(path, IW_STR("\\system32\\inetsrv\\")) ||
           iw_str_holds_nocase(path, IW_STR("\\syswow64\\inetsrv\\"));
}

const char *iw_path_writable_place(struct iw_str path)
{
    static const struct {
        const char *part, *place;
    } PLACES[] = {
        {":\\users\\", "a user's folder"},
        {":\\programdata\\", "ProgramData"},
        {":\\documents and settings\\", "a user's folder"},
        {"\\windows\\temp\\", "a temporary folder"},
        {":\\temp\\", "a temporary folder"},
        {":\\tmp\\", "a temporary folder"},
        {"\\inetpub\\temp\\", "a temporary folder of the web server"},
        {":\\perflogs\\", "PerfLogs"},
        {":\\$recycle.bin\\", "the recycle bin"},
        {"\\windows\\tasks\\", "the folder of tasks"},
        {"\\spool\\drivers\\color\\", "a folder of the spooler"},
    };
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        if (iw_str_holds_nocase(path, iw_str_of(PLACES[i].part)))
            return PLACES[i].place;
    }
    return NULL;
}

bool iw_path_is_below(struct iw_str path, struct iw_str folder)
{
    if (folder.n != 0 && is_separator(folder.p[folder.n - 1]))
        folder.n--;
    return folder.n != 0 && iw_str_begins_nocase(path, folder) && path.n > folder.n &&
           is_separator(path.p[folder.n]);
}
