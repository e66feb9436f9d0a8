/*
 * Sources: commands of China Chopper and AntSword (`cd /d "..."&whoami&echo [S]&cd&echo [E]`), of
 * PowerShell's own options for what is hidden or encoded, of downloads by Windows' own tools.
 */
#include "detect/chain/command_shape.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Length of a run that differs from run to run: digits, or a long hexadecimal one with a digit. */
static size_t changing_run(struct iw_str text, size_t at)
{
    size_t digits = at, hex = at;
    bool has_digit = false;
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    while (hex < text.n && is_hex(text.p[hex])) {
        has_digit |= text.p[hex] >= '0' && text.p[hex] <= '9';
        hex++;
    }
    return hex - at >= 8 && has_digit ? hex - at : digits - at;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A name in a temporary folder, up to its end. */
static size_t temporary_name(struct iw_str text, size_t at)
{
    static const char *const FOLDERS[] = {"\\temp\\", "\\tmp\\"};
    size_t end = at;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++) {
        struct iw_str folder = iw_str_of(FOLDERS[i]);
        if (at < folder.n ||
            !iw_str_equal_nocase((struct iw_str){text.p + at - folder.n, folder.n}, folder))
            continue;
        while (end < text.n && !is_blank(text.p[end]) && text.p[end] != '"' && text.p[end] != '\\')
            end++;
    }
    return end - at;
}

struct iw_str iw_command_shape(struct iw_str command_line, struct iw_arena *arena)
{
    char *shape = iw_arena_alloc(arena, command_line.n + 1);
    size_t n = 0, at = 0;
    if (shape == NULL)
        return (struct iw_str){NULL, 0};
    while (at < command_line.n) {
        size_t name = temporary_name(command_line, at);
        size_t run = changing_run(command_line, at);
        if (name != 0) {
            shape[n++] = '*';
            at += name;
        } else if (run != 0) {
            shape[n++] = '#';
            at += run;
        } else if (is_blank(command_line.p[at])) {
            if (n != 0 && shape[n - 1] != ' ')
                shape[n++] = ' ';
            at++;
        } else {
            shape[n++] = iw_ascii_lower(command_line.p[at++]);
        }
    }
    while (n != 0 && shape[n - 1] == ' ')
        n--;
    return (struct iw_str){shape, n};
}

static const struct {
    const char *first, *second, *words;
} SHAPES[] = {
    {"&echo [S]", "", "its output is framed by [S] and [E]"},
    {"&echo ", "&cd&echo ", "its output is framed by echo, with the folder between"},
    {"cd /d ", "&echo ", "a folder, a command and a mark in one line"},
    {" -enc", "", "an encoded command of PowerShell"},
    {" /enc", "", "an encoded command of PowerShell"},
    {"frombase64string", "", "text decoded from Base64"},
    {" -w hidden", "", "a hidden window"},
    {" -windowstyle hidden", "", "a hidden window"},
    {"certutil", "urlcache", "a download by certutil"},
    {"bitsadmin", "/transfer", "a download by bitsadmin"},
    {"downloadstring", "", "a script loaded from the network"},
    {"downloadfile", "", "a file loaded from the network"},
    {"> ", ".aspx", "a page written by redirection"},
    {">", ".asp", "a page written by redirection"},
};
#define N_SHAPES (sizeof SHAPES / sizeof SHAPES[0])
_Static_assert(N_SHAPES < IW_COMMAND_READS_SECRETS, "a shape and a bit have room in one number");

/* Its row + 1; 0: none. */
static unsigned shape_of(struct iw_str command_line)
{
    for (unsigned i = 0; i < N_SHAPES; i++) {
        if (iw_str_holds_nocase(command_line, iw_str_of(SHAPES[i].first)) &&
            iw_str_holds_nocase(command_line, iw_str_of(SHAPES[i].second)))
            return i + 1;
    }
    return 0;
}

unsigned iw_command_judge(struct iw_str command_line)
{
    return shape_of(command_line) |
           (iw_command_reads_secrets(command_line) ? IW_COMMAND_READS_SECRETS : 0);
}

const char *iw_command_shape_words(unsigned judgement)
{
    unsigned shape = judgement & ~IW_COMMAND_READS_SECRETS;
    return shape != 0 && shape <= N_SHAPES ? SHAPES[shape - 1].words : NULL;
}

bool iw_command_reads_secrets(struct iw_str command_line)
{
    /* Attributes of pools and directories (appcmd), files of accounts, LSASS, machine keys. */
    static const char *const PARTS[] = {"processmodel.password",
                                        "/text:password",
                                        "hklm\\sam",
                                        "hklm\\security",
                                        "ntds.dit",
                                        "lsass",
                                        "sekurlsa",
                                        "machinekey"};
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        if (iw_str_holds_nocase(command_line, iw_str_of(PARTS[i])))
            return true;
    }
    return false;
}
