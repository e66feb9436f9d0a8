/*
 * The line is taken apart as the runtime of C does it (Microsoft, "Parsing C command-line
 * arguments"): white space ends an argument, a quote opens or closes, a backslash is itself except
 * before a quote, where the line is not understood any more.
 */
#include "detect/appcmd_command.h"

#include "base/limits.h"
#include "base/path_name.h"

#define MAX_ARGUMENTS 16U

struct line {
    struct iw_str words[MAX_ARGUMENTS];
    size_t n;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Signs by which a shell would make two commands, or another text, of this one. */
static bool is_of_shell(char c)
{
    return c == '&' || c == '|' || c == '<' || c == '>' || c == '^' || c == ';' || c == '#' ||
           c == '%' || c == '`' || c == '\n' || c == '\r' || c == '\0';
}

/* One argument into *out*; false: it is not understood. */
static bool take_word(struct iw_str command, size_t *at, char *out, size_t *ret_n)
{
    bool is_quoted = false;
    size_t n = 0;
    while (*at < command.n && (is_quoted || !is_blank(command.p[*at]))) {
        char c = command.p[(*at)++];
        if (c == '"') {
            if (*at >= 2 && command.p[*at - 2] == '\\')
                return false;
            is_quoted = !is_quoted;
            continue;
        }
        if (!is_quoted && is_of_shell(c))
            return false;
        out[n++] = c;
    }
    *ret_n = n;
    return !is_quoted;
}

/* Takes the whole line apart. *ret_is* false: it is not understood. */
static enum iw_rc read_line(struct iw_str command, struct iw_arena *arena, struct line *ret,
                            bool *ret_is)
{
    size_t at = 0;
    char *out;
    *ret_is = false;
    ret->n = 0;
    if (command.n > IW_LIMIT_COMMAND_LINE_BYTES)
        return IW_OK;
    out = iw_arena_alloc(arena, command.n + 1);
    if (out == NULL)
        return IW_ENOMEM;
    for (;;) {
        size_t n;
        while (at < command.n && is_blank(command.p[at]))
            at++;
        if (at == command.n)
            break;
        if (ret->n == MAX_ARGUMENTS || !take_word(command, &at, out, &n))
            return IW_OK;
        ret->words[ret->n++] = (struct iw_str){out, n};
        out += n;
    }
    *ret_is = true;
    return IW_OK;
}

/* --- options ---------------------------------------------------------------------------------- */

/* `/key:value`; *ret is the value. */
static bool is_option(struct iw_str word, const char *key, struct iw_str *ret)
{
    struct iw_str name = iw_str_of(key);
    if (word.n < name.n + 2 || (word.p[0] != '/' && word.p[0] != '-') ||
        !iw_str_begins_nocase((struct iw_str){word.p + 1, word.n - 1}, name) ||
        word.p[name.n + 1] != ':')
        return false;
    *ret = (struct iw_str){word.p + name.n + 2, word.n - name.n - 2};
    return true;
}

/* Sets a value once; a second one makes the command ambiguous. */
static bool set_once(struct iw_str *value, struct iw_str now)
{
    if (value->n != 0 || now.n == 0)
        return false;
    *value = now;
    return true;
}

static bool is_one_of(struct iw_str word, const char *const *keys)
{
    struct iw_str value;
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (is_option(word, keys[i], &value))
            return true;
    }
    return false;
}

/* --- verbs ------------------------------------------------------------------------------------ */

/* `/name:X /image:Y`; what else may stand there decides nothing of name or image. */
static bool read_new_module(const struct line *line, struct iw_appcmd_command *ret)
{
    static const char *const OTHERS[] = {"preCondition", "lock", "add", "commit", "app.name", NULL};
    struct iw_str value, type = IW_STR("");
    for (size_t i = 3; i < line->n; i++) {
        struct iw_str word = line->words[i];
        bool is_right = is_option(word, "name", &value)    ? set_once(&ret->name, value)
                        : is_option(word, "image", &value) ? set_once(&ret->image, value)
                        : is_option(word, "type", &value)  ? set_once(&type, value)
                                                           : is_one_of(word, OTHERS);
        if (!is_right)
            return false;
    }
    if (type.n != 0)
        ret->kind = IW_STR("managedModule");
    return ret->name.n != 0 && (type.n == 0 || ret->image.n == 0);
}

/* `X` or `/module.name:X`, and where. */
static bool read_old_module(const struct line *line, struct iw_appcmd_command *ret)
{
    static const char *const OTHERS[] = {"app.name", "commit", NULL};
    struct iw_str value;
    for (size_t i = 3; i < line->n; i++) {
        struct iw_str word = line->words[i];
        bool is_right = word.n != 0 && word.p[0] != '/' && word.p[0] != '-'
                            ? set_once(&ret->name, word)
                        : is_option(word, "module.name", &value) ? set_once(&ret->name, value)
                                                                 : is_one_of(word, OTHERS);
        if (!is_right)
            return false;
    }
    return ret->name.n != 0;
}

/* One `key='value'` of `[…]`; moves past it and its comma. */
static bool take_pair(struct iw_str *rest, struct iw_appcmd_command *ret)
{
    struct iw_str key = *rest, value;
    size_t at = 0, begin;
    while (at < rest->n && rest->p[at] != '=')
        at++;
    key.n = at;
    if (at + 1 >= rest->n || rest->p[at + 1] != '\'')
        return false;
    begin = at + 2;
    for (at = begin; at < rest->n && rest->p[at] != '\'';)
        at++;
    if (at == rest->n || (at + 1 < rest->n && rest->p[at + 1] != ','))
        return false;
    value = (struct iw_str){rest->p + begin, at - begin};
    at += at + 1 < rest->n ? 2 : 1;
    *rest = (struct iw_str){rest->p + at, rest->n - at};
    if (iw_str_equal_nocase(key, IW_STR("name")))
        return set_once(&ret->name, value);
    if (iw_str_equal_nocase(key, IW_STR("image")))
        return set_once(&ret->image, value);
    return iw_str_equal_nocase(key, IW_STR("preCondition"));
}

/* `/+[name='X',image='Y']` of globalModules. */
static bool read_new_entry(const struct line *line, struct iw_appcmd_command *ret)
{
    static const char *const OTHERS[] = {"commit", NULL};
    struct iw_str section = IW_STR(""), entry = IW_STR(""), value;
    for (size_t i = 3; i < line->n; i++) {
        struct iw_str word = line->words[i];
        bool is_right = is_option(word, "section", &value)          ? set_once(&section, value)
                        : iw_str_begins_nocase(word, IW_STR("/+[")) ? set_once(&entry, word)
                                                                    : is_one_of(word, OTHERS);
        if (!is_right)
            return false;
    }
    if (!iw_str_equal_nocase(section, IW_STR("globalModules")) &&
        !iw_str_equal_nocase(section, IW_STR("system.webServer/globalModules")))
        return false;
    if (entry.n < 5 || entry.p[entry.n - 1] != ']')
        return false;
    entry = (struct iw_str){entry.p + 3, entry.n - 4};
    while (entry.n != 0) {
        if (!take_pair(&entry, ret))
            return false;
    }
    return ret->name.n != 0;
}

static const struct verb {
    const char *verb, *object, *kind;
    enum iw_act_action action;
    bool (*read)(const struct line *line, struct iw_appcmd_command *ret);
} VERBS[] = {
    {"install", "module", "globalModule", IW_ACT_ADD, read_new_module},
    {"add", "module", "", IW_ACT_ADD, read_new_module},
    {"uninstall", "module", "globalModule", IW_ACT_REMOVE, read_old_module},
    {"delete", "module", "", IW_ACT_REMOVE, read_old_module},
    {"set", "config", "globalModule", IW_ACT_ADD, read_new_entry},
};

static bool is_appcmd(struct iw_str program)
{
    struct iw_str name = iw_path_name(program);
    return iw_str_equal_nocase(name, IW_STR("appcmd.exe")) ||
           iw_str_equal_nocase(name, IW_STR("appcmd"));
}

enum iw_rc iw_appcmd_command_read(struct iw_str command, struct iw_arena *arena,
                                  struct iw_appcmd_command *ret, bool *ret_is)
{
    static const struct iw_appcmd_command NOTHING = {{"", 0}, {"", 0}, {"", 0}, IW_ACT_UNKNOWN};
    struct line line;
    *ret = NOTHING;
    IW_TRY(read_line(command, arena, &line, ret_is));
    if (!*ret_is)
        return IW_OK;
    *ret_is = false;
    for (size_t i = 0; line.n >= 4 && i < sizeof VERBS / sizeof VERBS[0]; i++) {
        if (!is_appcmd(line.words[0]) ||
            !iw_str_equal_nocase(line.words[1], iw_str_of(VERBS[i].verb)) ||
            !iw_str_equal_nocase(line.words[2], iw_str_of(VERBS[i].object)))
            continue;
        ret->kind = iw_str_of(VERBS[i].kind);
        ret->action = VERBS[i].action;
        *ret_is = VERBS[i].read(&line, ret);
    }
    if (!*ret_is)
        *ret = NOTHING;
    return IW_OK;
}
