#include "detect/chain/program_arguments.h"

#include "base/base64.h"
#include "base/path_name.h"

/* Shells are told what to do by their first arguments. */
#define ARGUMENTS_LOOKED_AT 16

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct iw_str iw_program_next_argument(struct iw_str *left)
{
    struct iw_str word;
    size_t n = 0, i = 0;
    bool is_quoted = false;
    while (left->n != 0 && is_blank(left->p[0]))
        *left = (struct iw_str){left->p + 1, left->n - 1};
    for (; i < left->n && (is_quoted || !is_blank(left->p[i])); i++)
        is_quoted ^= left->p[i] == '"';
    word = (struct iw_str){left->p, i};
    *left = (struct iw_str){left->p + i, left->n - i};
    while (word.n != 0 && word.p[0] == '"')
        word = (struct iw_str){word.p + 1, word.n - 1};
    while (n < word.n && word.p[n] != '"')
        n++;
    return (struct iw_str){word.p, n};
}

static bool is_one_of(struct iw_str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(words[i])))
            return true;
    }
    return false;
}
#define IS_ONE_OF(text, words) is_one_of(text, words, sizeof(words) / sizeof(words)[0])

/* Up to the first character that ends a command in a line of them. */
static struct iw_str first_word(struct iw_str text)
{
    size_t n = 0;
    while (text.n != 0 && (is_blank(text.p[0]) || text.p[0] == '"' || text.p[0] == '('))
        text = (struct iw_str){text.p + 1, text.n - 1};
    while (n < text.n && !is_blank(text.p[n]) && strchr("\"&|;<>()", text.p[n]) == NULL)
        n++;
    return (struct iw_str){text.p, n};
}

/* --- cmd.exe -----------------------------------------------------------------------------------
 */

static bool is_command(struct iw_str text)
{
    static const char *const OWN[] = {"cd",  "chdir", "copy",  "del",  "dir", "echo", "erase",
                                      "for", "md",    "mkdir", "move", "rd",  "ren",  "rmdir",
                                      "set", "start", "type",  "ver",  "vol"};
    struct iw_str word = first_word(text);
    return IS_ONE_OF(word, OWN) || iw_program_find(word, IW_STR("")) != NULL;
}

/* `/q /c whoami`, `/cwhoami`: a switch for one command, and one that can be given to it. */
static bool is_of_cmd(struct iw_str left)
{
    for (;;) {
        struct iw_str word = iw_program_next_argument(&left);
        if (word.n < 2 || word.p[0] != '/')
            return false;
        if (strchr("cCkKrR", word.p[1]) == NULL)
            continue;
        return is_command(word.n > 2 ? (struct iw_str){word.p + 2, word.n - 2} : left);
    }
}

/* --- PowerShell --------------------------------------------------------------------------------
 */

/* Whether an option is *name*, cut short to no less than *least* letters. */
static bool is_option(struct iw_str option, const char *name, size_t least)
{
    struct iw_str whole = iw_str_of(name);
    return option.n >= least && option.n <= whole.n && iw_str_begins_nocase(whole, option);
}

/* Three letters of ASCII as UTF-16LE: every other byte is zero. No word looks like that. */
static bool is_encoded_command(struct iw_str text)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; i++) {
        int value = i < text.n ? iw_base64_digit(text.p[i]) : -1;
        if (value < 0)
            return false;
        bits = bits << 6 | (uint64_t)value;
    }
    return (bits & 0x00FF00FF00FFU) == 0 && (bits >> 40) != 0;
}

static bool is_powershell_text(struct iw_str text)
{
    static const char *const ALIASES[] = {"iwr", "iex",  "irm", "gci",  "gwmi",
                                          "gc",  "saps", "icm", "ipmo", "sal"};
    static const char *const VERBS[] = {"Add-",    "Copy-", "Get-",    "Import-",
                                        "Invoke-", "New-",  "Remove-", "Set-",
                                        "Start-",  "Stop-", "Test-",   "Write-"};
    struct iw_str word = first_word(text);
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++) {
        if (iw_str_begins_nocase(word, iw_str_of(VERBS[i])))
            return true;
    }
    return IS_ONE_OF(word, ALIASES) || (word.n > 1 && (word.p[0] == '$' || word.p[0] == '['));
}

/* What one option, with its dash or slash, says: 2 is enough. */
static int weight_of_option(struct iw_str word, struct iw_str left)
{
    static const char *const HIDDEN[] = {"hidden", "1", "minimized"};
    static const char *const POLICIES[] = {"bypass", "unrestricted", "remotesigned"};
    struct iw_str option = {word.p + 1, word.n - 1};
    struct iw_str rest = left, value = iw_program_next_argument(&rest);
    if (is_option(option, "noprofile", 3) || is_option(option, "noninteractive", 4) ||
        is_option(option, "nologo", 3))
        return 1;
    if (is_option(option, "windowstyle", 1) && IS_ONE_OF(value, HIDDEN))
        return 1;
    if ((is_option(option, "executionpolicy", 2) || is_option(option, "ep", 2)) &&
        IS_ONE_OF(value, POLICIES))
        return 1;
    if ((is_option(option, "encodedcommand", 1) || is_option(option, "ec", 2)) &&
        is_encoded_command(value))
        return 2;
    if (!is_option(option, "command", 1))
        return 0;
    /* `/c whoami` is cmd's, and would have come first. */
    return is_powershell_text(value) ||
                   (word.p[0] == '-' && iw_program_find(first_word(value), IW_STR("")) != NULL)
               ? 2
               : 0;
}

static bool is_of_powershell(struct iw_str left)
{
    int weight = 0;
    for (int i = 0; i < ARGUMENTS_LOOKED_AT && weight < 2; i++) {
        struct iw_str word = iw_program_next_argument(&left);
        if (word.n >= 2 && (word.p[0] == '-' || word.p[0] == '/'))
            weight += weight_of_option(word, left);
    }
    return weight >= 2;
}

/* --- script hosts ------------------------------------------------------------------------------
 */

static bool is_of_script_host(struct iw_str left)
{
    for (int i = 0; i < ARGUMENTS_LOOKED_AT; i++) {
        struct iw_str word = iw_program_next_argument(&left);
        if (iw_str_begins_nocase(word, IW_STR("//e:")) ||
            iw_str_equal_nocase(word, IW_STR("//b")) ||
            iw_str_equal_nocase(word, IW_STR("//nologo")) ||
            iw_str_begins_nocase(word, IW_STR("vbscript:")) ||
            iw_str_begins_nocase(word, IW_STR("javascript:")))
            return true;
    }
    return false;
}

const struct iw_program *iw_program_of_arguments(struct iw_str command_line)
{
    static const struct iw_program CMD = {"", IW_PROGRAM_DISGUISED, "T1059.003"};
    static const struct iw_program POWERSHELL = {"", IW_PROGRAM_DISGUISED, "T1059.001"};
    static const struct iw_program SCRIPT_HOST = {"", IW_PROGRAM_DISGUISED, "T1059.005"};
    struct iw_str left = command_line;
    (void)iw_program_next_argument(&left); /* itself */
    if (is_of_cmd(left))
        return &CMD;
    if (is_of_powershell(left))
        return &POWERSHELL;
    return is_of_script_host(left) ? &SCRIPT_HOST : NULL;
}
