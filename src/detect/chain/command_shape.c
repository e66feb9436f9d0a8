/*
 * Sources: commands of China Chopper and AntSword (`cd /d "..."&whoami&echo [S]&cd&echo [E]`), of
 * PowerShell's own options for what is hidden or encoded, of downloads by Windows' own tools.
 */
#include "detect/chain/command_shape.h"

#include "detect/chain/named_machine.h"

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

static struct iw_str make_shape(struct iw_str command_line, bool keeps_machines,
                                struct iw_arena *arena)
{
    char *shape = iw_arena_alloc(arena, command_line.n + 1);
    size_t n = 0, at = 0;
    if (shape == NULL)
        return (struct iw_str){NULL, 0};
    while (at < command_line.n) {
        size_t machine = keeps_machines ? iw_named_machine(command_line, at) : 0;
        size_t name = temporary_name(command_line, at);
        size_t run = changing_run(command_line, at);
        if (machine != 0) {
            for (size_t end = at + machine; at < end; at++)
                shape[n++] = iw_ascii_lower(command_line.p[at]);
        } else if (name != 0) {
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

struct iw_str iw_command_shape(struct iw_str command_line, struct iw_arena *arena)
{
    return make_shape(command_line, false, arena);
}

struct iw_str iw_command_shape_and_machines(struct iw_str command_line, struct iw_arena *arena)
{
    return make_shape(command_line, true, arena);
}

/* What is looked for in commands. */
enum part {
    ECHO_S,
    ECHO,
    CD_ECHO,
    CD_D,
    DASH_ENC,
    SLASH_ENC,
    FROM_BASE64,
    W_HIDDEN,
    WINDOWSTYLE_HIDDEN,
    CERTUTIL,
    URLCACHE,
    BITSADMIN,
    TRANSFER,
    DOWNLOAD_STRING,
    DOWNLOAD_FILE,
    REDIRECTED_TO,
    ASPX,
    REDIRECTED,
    ASP,
    FIRST_SECRET,
    POOL_PASSWORD = FIRST_SECRET, /* attributes of pools and directories (appcmd) */
    TEXT_PASSWORD,
    HKLM_SAM, /* files of accounts */
    HKLM_SECURITY,
    NTDS_DIT,
    LSASS,
    SEKURLSA,
    MACHINE_KEY,
    N_PARTS
};
_Static_assert(N_PARTS <= 32, "a bit each of 32");
#define BIT(part) (UINT32_C(1) << (part))
#define SECRETS (BIT(N_PARTS) - BIT(FIRST_SECRET))

/* In lower case. */
#define PART(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
static const struct iw_str PARTS[N_PARTS] = {
    [ECHO_S] = PART("&echo [s]"),
    [ECHO] = PART("&echo "),
    [CD_ECHO] = PART("&cd&echo "),
    [CD_D] = PART("cd /d "),
    [DASH_ENC] = PART(" -enc"),
    [SLASH_ENC] = PART(" /enc"),
    [FROM_BASE64] = PART("frombase64string"),
    [W_HIDDEN] = PART(" -w hidden"),
    [WINDOWSTYLE_HIDDEN] = PART(" -windowstyle hidden"),
    [CERTUTIL] = PART("certutil"),
    [URLCACHE] = PART("urlcache"),
    [BITSADMIN] = PART("bitsadmin"),
    [TRANSFER] = PART("/transfer"),
    [DOWNLOAD_STRING] = PART("downloadstring"),
    [DOWNLOAD_FILE] = PART("downloadfile"),
    [REDIRECTED_TO] = PART("> "),
    [ASPX] = PART(".aspx"),
    [REDIRECTED] = PART(">"),
    [ASP] = PART(".asp"),
    [POOL_PASSWORD] = PART("processmodel.password"),
    [TEXT_PASSWORD] = PART("/text:password"),
    [HKLM_SAM] = PART("hklm\\sam"),
    [HKLM_SECURITY] = PART("hklm\\security"),
    [NTDS_DIT] = PART("ntds.dit"),
    [LSASS] = PART("lsass"),
    [SEKURLSA] = PART("sekurlsa"),
    [MACHINE_KEY] = PART("machinekey"),
};

/* Those that begin with a character: there are dozens of parts, and commands by the million. */
static const uint32_t BEGINNING_WITH[256] = {
    ['&'] = BIT(ECHO_S) | BIT(ECHO) | BIT(CD_ECHO),
    [' '] = BIT(DASH_ENC) | BIT(SLASH_ENC) | BIT(W_HIDDEN) | BIT(WINDOWSTYLE_HIDDEN),
    ['/'] = BIT(TRANSFER) | BIT(TEXT_PASSWORD),
    ['>'] = BIT(REDIRECTED_TO) | BIT(REDIRECTED),
    ['.'] = BIT(ASPX) | BIT(ASP),
    ['b'] = BIT(BITSADMIN),
    ['c'] = BIT(CD_D) | BIT(CERTUTIL),
    ['d'] = BIT(DOWNLOAD_STRING) | BIT(DOWNLOAD_FILE),
    ['f'] = BIT(FROM_BASE64),
    ['h'] = BIT(HKLM_SAM) | BIT(HKLM_SECURITY),
    ['l'] = BIT(LSASS),
    ['m'] = BIT(MACHINE_KEY),
    ['n'] = BIT(NTDS_DIT),
    ['p'] = BIT(POOL_PASSWORD),
    ['s'] = BIT(SEKURLSA),
    ['u'] = BIT(URLCACHE),
};

/* Of the *wanted* parts those that *text* begins with; the first character is known to be theirs.
 */
static uint32_t parts_at(struct iw_str text, uint32_t wanted)
{
    uint32_t found = 0;
    for (; wanted != 0; wanted &= wanted - 1) {
        const struct iw_str *part = &PARTS[__builtin_ctz(wanted)];
        size_t i = 1;
        if (part->n > text.n)
            continue;
        while (i < part->n && iw_ascii_lower(text.p[i]) == part->p[i])
            i++;
        if (i == part->n)
            found |= wanted & -wanted;
    }
    return found;
}

/* All parts that stand in a command line, in one walk over it. */
static uint32_t parts_of(struct iw_str command_line)
{
    uint32_t found = 0;
    for (size_t at = 0; at < command_line.n; at++) {
        uint32_t wanted = BEGINNING_WITH[(uint8_t)iw_ascii_lower(command_line.p[at])] & ~found;
        if (wanted != 0)
            found |= parts_at((struct iw_str){command_line.p + at, command_line.n - at}, wanted);
    }
    return found;
}

static const struct {
    uint32_t parts; /* all of them */
    const char *words;
} SHAPES[] = {
    {BIT(ECHO_S), "its output is framed by [S] and [E]"},
    {BIT(ECHO) | BIT(CD_ECHO), "its output is framed by echo, with the folder between"},
    {BIT(CD_D) | BIT(ECHO), "a folder, a command and a mark in one line"},
    {BIT(DASH_ENC), "an encoded command of PowerShell"},
    {BIT(SLASH_ENC), "an encoded command of PowerShell"},
    {BIT(FROM_BASE64), "text decoded from Base64"},
    {BIT(W_HIDDEN), "a hidden window"},
    {BIT(WINDOWSTYLE_HIDDEN), "a hidden window"},
    {BIT(CERTUTIL) | BIT(URLCACHE), "a download by certutil"},
    {BIT(BITSADMIN) | BIT(TRANSFER), "a download by bitsadmin"},
    {BIT(DOWNLOAD_STRING), "a script loaded from the network"},
    {BIT(DOWNLOAD_FILE), "a file loaded from the network"},
    {BIT(REDIRECTED_TO) | BIT(ASPX), "a page written by redirection"},
    {BIT(REDIRECTED) | BIT(ASP), "a page written by redirection"},
};
#define N_SHAPES (sizeof SHAPES / sizeof SHAPES[0])
_Static_assert(N_SHAPES < IW_COMMAND_READS_SECRETS, "a shape and a bit have room in one number");

/* Its row + 1; 0: none. */
static unsigned shape_of(uint32_t parts)
{
    for (unsigned i = 0; i < N_SHAPES; i++) {
        if ((parts & SHAPES[i].parts) == SHAPES[i].parts)
            return i + 1;
    }
    return 0;
}

unsigned iw_command_judge(struct iw_str command_line)
{
    uint32_t parts = parts_of(command_line);
    return shape_of(parts) | ((parts & SECRETS) != 0 ? IW_COMMAND_READS_SECRETS : 0);
}

const char *iw_command_shape_words(unsigned judgement)
{
    unsigned shape = judgement & ~IW_COMMAND_READS_SECRETS;
    return shape != 0 && shape <= N_SHAPES ? SHAPES[shape - 1].words : NULL;
}

bool iw_command_reads_secrets(struct iw_str command_line)
{
    return (parts_of(command_line) & SECRETS) != 0;
}
