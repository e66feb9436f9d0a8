/*
 * Variables and normal form of paths. References: Microsoft's "Naming Files, Paths, and Namespaces"
 * and "File path formats on Windows systems" (which dots and spaces go).
 * Deliberately not done: short names (PROGRA~1), junctions, other drives than C: for Windows, and
 * WOW64's redirection of System32, which is a matter of who opens the file.
 */
#include "iis/config/server_path.h"

#include "base/fold.h"

#define DRIVE "C:"
#define WINDOWS DRIVE "\\Windows"
#define PROGRAMS DRIVE "\\Program Files"
#define PROGRAMS_32 PROGRAMS " (x86)"

struct variable {
    const char *name, *value, *value_32; /* value_32 NULL: the same */
};

static const struct variable VARIABLES[] = {
    {"SystemDrive", DRIVE, NULL},
    {"HomeDrive", DRIVE, NULL},
    {"SystemRoot", WINDOWS, NULL},
    {"windir", WINDOWS, NULL},
    {"ProgramFiles", PROGRAMS, PROGRAMS_32},
    {"ProgramFiles(x86)", PROGRAMS_32, NULL},
    {"ProgramW6432", PROGRAMS, NULL},
    {"CommonProgramFiles", PROGRAMS "\\Common Files", PROGRAMS_32 "\\Common Files"},
    {"CommonProgramFiles(x86)", PROGRAMS_32 "\\Common Files", NULL},
    {"CommonProgramW6432", PROGRAMS "\\Common Files", NULL},
    {"ProgramData", DRIVE "\\ProgramData", NULL},
    {"AllUsersProfile", DRIVE "\\ProgramData", NULL},
    {"Public", DRIVE "\\Users\\Public", NULL},
    {"Temp", WINDOWS "\\Temp", NULL},
    {"Tmp", WINDOWS "\\Temp", NULL},
    {"ComSpec", WINDOWS "\\System32\\cmd.exe", NULL},
};

enum { LONGEST_VALUE = 64 };

static const char *value_of(struct iw_str name, bool is_32)
{
    for (size_t i = 0; i < sizeof VARIABLES / sizeof VARIABLES[0]; i++)
        if (iw_str_equal_nocase(name, iw_str_of(VARIABLES[i].name)))
            return is_32 && VARIABLES[i].value_32 != NULL ? VARIABLES[i].value_32
                                                          : VARIABLES[i].value;
    return NULL;
}

/* Where the variable at *at* (a `%`) ends: its second `%`, or text.n. */
static size_t variable_end(struct iw_str text, size_t at)
{
    for (at++; at < text.n && text.p[at] != '%';)
        at++;
    return at;
}

/* A variable takes at least three bytes, so the result is not longer than this. */
static struct iw_str expand(struct iw_str text, bool is_32, struct iw_arena *arena,
                            bool *ret_resolved)
{
    size_t n = 0, n_variables = 0;
    char *out;

    for (size_t i = 0; i < text.n; i++)
        n_variables += text.p[i] == '%';
    out = iw_arena_alloc(arena, text.n + n_variables * LONGEST_VALUE + 1);
    *ret_resolved = true;
    for (size_t at = 0; out != NULL && at < text.n; at++) {
        size_t end = text.p[at] == '%' ? variable_end(text, at) : text.n;
        const char *value =
            end == text.n ? NULL : value_of((struct iw_str){text.p + at + 1, end - at - 1}, is_32);
        if (value != NULL) {
            memcpy(out + n, value, strlen(value));
            n += strlen(value);
            at = end;
        } else {
            *ret_resolved &= end == text.n;
            out[n++] = text.p[at];
        }
    }
    return (struct iw_str){out, n};
}

/* --- normal form ------------------------------------------------------------------------- */

static bool is_separator(char c)
{
    return c == '\\' || c == '/';
}

static bool begins_with_separators(struct iw_str text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= text.n || !is_separator(text.p[i]))
            return false;
    return true;
}

/* Takes `\\?\`, `\\.\` or `\??\` off; *ret_unc: a share follows; *ret_verbatim: names behind
 * it are taken as they are written (`?`). */
static struct iw_str without_prefix(struct iw_str text, bool *ret_unc, bool *ret_verbatim)
{
    *ret_unc = begins_with_separators(text, 2);
    *ret_verbatim = false;
    if (text.n >= 4 && is_separator(text.p[0]) && is_separator(text.p[3]) &&
        (text.p[2] == '?' || text.p[2] == '.') && (is_separator(text.p[1]) || text.p[1] == '?')) {
        *ret_verbatim = text.p[2] == '?';
        text = (struct iw_str){text.p + 4, text.n - 4};
        *ret_unc = iw_str_begins_nocase(text, IW_STR("UNC\\"));
        if (*ret_unc)
            text = (struct iw_str){text.p + 4, text.n - 4};
    }
    return text;
}

struct writing {
    char *out;
    size_t n, floor; /* `..` goes no further up than floor */
    bool keeps_ends; /* dots and spaces at the end of a name belong to it */
};

static void go_up(struct writing *writing)
{
    size_t n = writing->n;

    while (n > writing->floor && writing->out[n - 1] != '\\')
        n--;
    writing->n = n > writing->floor ? n - 1 : writing->floor;
}

static bool ends_with(struct iw_str part, char c)
{
    return part.n != 0 && part.p[part.n - 1] == c;
}

/* The path ends with this name: all dots and spaces at its end go. */
static struct iw_str last_name(struct iw_str part)
{
    while (ends_with(part, '.') || ends_with(part, ' '))
        part.n--;
    return part;
}

/* More of the path follows: a single dot at its end goes, nothing else does. */
static struct iw_str inner_name(struct iw_str part)
{
    if (part.n > 1 && ends_with(part, '.') && part.p[part.n - 2] != '.')
        part.n--;
    return part;
}

static void add_part(struct writing *writing, struct iw_str part, bool is_last)
{
    bool is_up = iw_str_equal(part, IW_STR(".."));

    if (is_up && writing->floor != 0) {
        go_up(writing);
        return;
    }
    if (iw_str_equal(part, IW_STR(".")))
        return;
    if (!is_up && !writing->keeps_ends)
        part = is_last ? last_name(part) : inner_name(part);
    if (part.n == 0)
        return;
    if (writing->n != 0)
        writing->out[writing->n++] = '\\';
    memcpy(writing->out + writing->n, part.p, part.n);
    writing->n += part.n;
}

static size_t part_end(struct iw_str text, size_t at)
{
    while (at < text.n && !is_separator(text.p[at]))
        at++;
    return at;
}

/* The path without a separator at its end. */
static struct iw_str normal(struct iw_str text, bool keeps_ends, struct iw_arena *arena)
{
    bool is_unc = false, is_verbatim = false;
    struct iw_str rest = without_prefix(text, &is_unc, &is_verbatim);
    struct writing writing = {.out = iw_arena_alloc(arena, text.n + 3),
                              .keeps_ends = keeps_ends || is_verbatim};
    unsigned n_parts = 0;

    if (writing.out == NULL)
        return (struct iw_str){NULL, 0};
    if (is_unc)
        writing.out[writing.n++] = '\\';
    for (size_t at = 0, end; at < rest.n; at = end + 1) {
        end = part_end(rest, at);
        if (end == at)
            continue;
        add_part(&writing, (struct iw_str){rest.p + at, end - at}, end == rest.n);
        n_parts++;
        /* The drive, or server and share, stay. */
        if (is_unc ? n_parts <= 2
                   : n_parts == 1 && writing.n != 0 && writing.out[writing.n - 1] == ':')
            writing.floor = writing.n;
    }
    return (struct iw_str){writing.out, writing.n};
}

static bool settle(struct iw_str path, struct iw_arena *arena, struct iw_server_path *ret)
{
    if (path.p == NULL)
        return false;
    ret->key = iw_fold_text(path, arena);
    ret->path = path;
    if (path.n == 2 && path.p[1] == ':') {
        char *drive = iw_arena_alloc(arena, 3);
        if (drive == NULL)
            return false;
        memcpy(drive, path.p, 2);
        drive[2] = '\\';
        ret->path = (struct iw_str){drive, 3};
    }
    return ret->key.p != NULL;
}

bool iw_server_path_read(struct iw_str text, bool is_32, struct iw_arena *arena,
                         struct iw_server_path *ret)
{
    struct iw_str path = expand(text, is_32, arena, &ret->is_resolved);

    ret->written = text;
    return path.p != NULL && settle(normal(path, false, arena), arena, ret);
}

bool iw_server_path_of_file(struct iw_str text, struct iw_arena *arena, struct iw_server_path *ret)
{
    ret->written = text;
    ret->is_resolved = true;
    return settle(normal(text, true, arena), arena, ret);
}

bool iw_server_path_is_odd(struct iw_str path)
{
    for (size_t at = 0, end; at < path.n; at = end + 1) {
        struct iw_str part;
        end = part_end(path, at);
        part = (struct iw_str){path.p + at, end - at};
        if (ends_with(part, ' ') || (ends_with(part, '.') && !iw_str_equal(part, IW_STR(".")) &&
                                     !iw_str_equal(part, IW_STR(".."))))
            return true;
    }
    return false;
}

bool iw_server_path_covers(struct iw_str above, struct iw_str key)
{
    return above.n != 0 && key.n >= above.n && memcmp(above.p, key.p, above.n) == 0 &&
           (key.n == above.n || key.p[above.n] == '\\');
}
