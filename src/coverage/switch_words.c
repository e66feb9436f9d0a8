/*
 * From a text to its statements and their words. Sources: about_Parsing, about_Pipelines and
 * about_Comments of PowerShell; `cmd /?`.
 */
#include "coverage/switch_words.h"

#include "base/limits.h"
#include "coverage/switch_inside.h"

/* A value of a variable that is longer is not known. */
#define VALUE_BYTES 1024U

enum iw_rc iw_switch_reader_begin(struct iw_switch_reader *reader, struct iw_str text,
                                  enum iw_switch_text kind, struct iw_arena *scratch)
{
    reader->rest = text;
    reader->kind = kind;
    reader->scratch = scratch;
    reader->n_variables = 0;
    reader->depth = 0;
    reader->n_kept_bytes = 0;
    reader->n_inner = 0;
    reader->is_piped = reader->is_spent = reader->no_here_text = reader->no_remark = false;
    reader->room = reader->out = iw_arena_alloc(scratch, text.n + IW_SWITCH_ROOM_BYTES);
    if (reader->room == NULL)
        return IW_ENOMEM;
    reader->room_end = reader->room + text.n + IW_SWITCH_ROOM_BYTES;
    return IW_OK;
}

/* --- variables ------------------------------------------------------------------------------ */

/* n_variables: it has none of that name. */
static size_t find_variable(const struct iw_switch_reader *reader, struct iw_str name)
{
    size_t i = 0;
    while (i < reader->n_variables && !iw_str_equal_nocase(reader->variables[i].name, name))
        i++;
    return i;
}

struct iw_str iw_switch_reader_get(const struct iw_switch_reader *reader, struct iw_str name)
{
    size_t i = find_variable(reader, name);
    return i < reader->n_variables ? reader->variables[i].value : (struct iw_str){NULL, 0};
}

enum iw_rc iw_switch_reader_set(struct iw_switch_reader *reader, struct iw_str name,
                                struct iw_str value)
{
    size_t i = find_variable(reader, name);
    if (value.p != NULL && value.n <= VALUE_BYTES) {
        reader->n_kept_bytes += value.n;
        reader->is_spent |= reader->n_kept_bytes > IW_LIMIT_SWITCH_SCRATCH_BYTES;
        value = iw_arena_copy(reader->scratch, value);
        if (value.p == NULL)
            return IW_ENOMEM;
    } else {
        value = (struct iw_str){NULL, 0};
    }
    if (i < reader->n_variables) {
        reader->variables[i].value = value;
    } else if (reader->n_variables < IW_SWITCH_VARIABLES) {
        name = iw_arena_copy(reader->scratch, name);
        if (name.p == NULL)
            return IW_ENOMEM;
        reader->variables[reader->n_variables++] = (struct iw_switch_variable){name, value};
    }
    return IW_OK;
}

/* --- words ---------------------------------------------------------------------------------- */

static bool is_script(const struct iw_switch_reader *reader)
{
    return reader->kind >= IW_SWITCH_SCRIPT;
}

static bool is_argument(const struct iw_switch_reader *reader)
{
    return reader->kind == IW_SWITCH_SCRIPT_ARGUMENT;
}

static bool ends_statement(const struct iw_switch_reader *reader, char c)
{
    if (c == '\0' || reader->kind == IW_SWITCH_COMMAND)
        return false;
    return strchr(is_script(reader) ? ";|{})&\n" : "|&()\n", c) != NULL;
}

static bool is_blank(const struct iw_switch_reader *reader, char c)
{
    return iw_switch_is_blank(c) || (c == '"' && is_argument(reader));
}

static bool is_quote(const struct iw_switch_reader *reader, char c)
{
    return (c == '"' && !is_argument(reader)) || (c == '\'' && is_script(reader));
}

/* `$(`, `@(` or `(`; `@'` or `@"`. */
static bool begins_with(const struct iw_switch_reader *reader, const char *quotes)
{
    char c = iw_switch_peek(reader, 0), next = iw_switch_peek(reader, 1);
    return (c == '@' || (c == '$' && *quotes == '(')) && next != '\0' &&
           strchr(quotes, next) != NULL;
}

/* What escapes a character, or the end of a line. */
static bool is_escape(const struct iw_switch_reader *reader, char c)
{
    return reader->rest.n > 1 &&
           ((c == '`' && is_script(reader)) || (c == '^' && reader->kind == IW_SWITCH_CMD));
}

/* `>`, `2>>`, `2>&1`, or `>file`, of which the file is the rest of the word; where a word stands
 * before it, that ends. */
static bool read_redirection(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    size_t n = 1;
    bool is_of_stream =
        word->text.n == 1 && !word->is_quoted && strchr("123456*", word->text.p[0]) != NULL;
    if (word->is_redirection || (word->text.n != 0 && !is_of_stream))
        return false;
    word->is_redirection = true;
    n += iw_switch_peek(reader, n) == '>';
    if (iw_switch_peek(reader, n) == '&' && (uint8_t)(iw_switch_peek(reader, n + 1) - '0') < 10)
        n += 2;
    iw_switch_add(reader, word, (struct iw_str){reader->rest.p, n});
    iw_switch_skip(reader, n);
    return true;
}

/* One piece of a word. False: what stands here is none: the word ends. */
static bool read_piece(struct iw_switch_reader *reader, struct iw_switch_word *word,
                       bool *ret_has_inner)
{
    char c = *reader->rest.p;
    bool was_quoted = word->is_quoted;
    word->is_quoted = true;
    if (is_escape(reader, c)) {
        c = reader->rest.p[1];
        iw_switch_skip(reader, 2);
        if (c != '\n' && c != '\r')
            iw_switch_add(reader, word, (struct iw_str){&c, 1});
        return c != '\n' && c != '\r';
    }
    if (c == '>' && reader->kind != IW_SWITCH_COMMAND) {
        word->is_quoted = was_quoted;
        return read_redirection(reader, word);
    }
    if (is_argument(reader) && c == '\\' && iw_switch_peek(reader, 1) == '"') {
        iw_switch_skip(reader, 2);
        return true;
    }
    if (is_blank(reader, c) || ends_statement(reader, c)) {
        word->is_quoted = was_quoted;
        return false;
    }
    if (is_quote(reader, c) || (reader->kind == IW_SWITCH_SCRIPT && begins_with(reader, "'\""))) {
        iw_switch_read_quoted(reader, word);
    } else if (is_script(reader) && (c == '(' || begins_with(reader, "("))) {
        if (word->text.n != 0) /* arguments of a method */
            return false;
        *ret_has_inner = !iw_switch_read_group(reader, word);
        return !*ret_has_inner;
    } else if (is_script(reader) && c == '$') {
        (void)iw_switch_read_variable(reader, word);
    } else if (c == '%' && !is_script(reader)) {
        iw_switch_read_percent(reader, word);
    } else {
        size_t n = 1;
        word->is_quoted = was_quoted;
        while (n < reader->rest.n && (uint8_t)reader->rest.p[n] > ' ' &&
               strchr("\"'`^$@%\\;|{}()&>", reader->rest.p[n]) == NULL)
            n++;
        iw_switch_add(reader, word, (struct iw_str){reader->rest.p, n});
        iw_switch_skip(reader, n);
    }
    return true;
}

/* A list goes on behind a comma, whatever blanks stand around it, in the next line as well. */
static bool goes_on(struct iw_switch_reader *reader, const struct iw_switch_word *word)
{
    size_t n = 0;
    if (!is_script(reader) || word->text.n == 0)
        return false;
    while (is_blank(reader, iw_switch_peek(reader, n)) ||
           (iw_switch_peek(reader, n) == '\n' && word->text.p[word->text.n - 1] == ','))
        n++;
    if (n == 0 || n >= reader->rest.n ||
        (word->text.p[word->text.n - 1] != ',' && reader->rest.p[n] != ','))
        return false;
    iw_switch_skip(reader, n);
    return true;
}

static struct iw_switch_word next_word(struct iw_switch_reader *reader, bool *ret_has_inner)
{
    struct iw_switch_word word = {.text = {NULL, 0}};
    *ret_has_inner = false;
    do {
        while (reader->rest.n != 0 && read_piece(reader, &word, ret_has_inner))
            ;
    } while (!*ret_has_inner && goes_on(reader, &word));
    return word;
}

/* --- statements ----------------------------------------------------------------------------- */

/* Up to the end of the line, or of `<# … #>`. */
static bool skip_remark(struct iw_switch_reader *reader)
{
    size_t n;
    if (reader->kind != IW_SWITCH_SCRIPT)
        return false;
    if (*reader->rest.p == '#') {
        const char *end = memchr(reader->rest.p, '\n', reader->rest.n);
        iw_switch_skip(reader, end != NULL ? (size_t)(end - reader->rest.p) : reader->rest.n);
        return true;
    }
    if (*reader->rest.p != '<' || iw_switch_peek(reader, 1) != '#' || reader->no_remark)
        return false;
    n = iw_str_find(reader->rest, IW_STR("#>"));
    reader->no_remark = n == SIZE_MAX;
    if (n != SIZE_MAX)
        iw_switch_skip(reader, n + 2);
    return n != SIZE_MAX;
}

static bool is_of_type(char c)
{
    char lower = iw_ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || c == '.' || c == '[' || c == ']';
}

/* What is stopped by `.Stop()` and ended by `.Kill()`, and is no service: `[Diagnostics.Stopwatch]`
 * of `[Diagnostics.Stopwatch]::StartNew()`, which is all of the statement. n 0: it is none. */
static struct iw_str running_type(const struct iw_switch_reader *reader)
{
    static const struct {
        const char *type, *method;
    } ONES[] = {{"Stopwatch", "StartNew("},
                {"Stopwatch", "new("},
                {"Timer", "new("},
                {"Process", "Start("}};
    size_t n = 0, end;
    struct iw_str type, rest;
    char c;
    while (is_of_type(iw_switch_peek(reader, n)))
        n++;
    type = (struct iw_str){reader->rest.p, n};
    if (n < 3 || type.p[0] != '[' || type.p[n - 1] != ']' || iw_switch_peek(reader, n) != ':' ||
        iw_switch_peek(reader, n + 1) != ':')
        return IW_STR("");
    for (end = n; (c = iw_switch_peek(reader, end)) != '\0' && strchr(";\n)", c) == NULL;)
        end++;
    do
        end++;
    while (iw_switch_is_blank(c = iw_switch_peek(reader, end)));
    if (c != '\0' && strchr(";\n}", c) == NULL)
        return IW_STR("");
    rest = (struct iw_str){type.p + n + 2, reader->rest.n - n - 2};
    type = (struct iw_str){type.p + 1, n - 2};
    for (size_t i = 0; i < sizeof ONES / sizeof ONES[0]; i++) {
        if (iw_str_ends_nocase(type, iw_str_of(ONES[i].type)) &&
            iw_str_begins_nocase(rest, iw_str_of(ONES[i].method)))
            return type;
    }
    return IW_STR("");
}

/* `$name = 'text'` and `foreach ($name in 'text', 'text')` are known from here on, and are no
 * statement; `$name = command` is that command. False: no memory. */
static bool read_setting(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    struct iw_switch_word value = {.text = {NULL, 0}};
    size_t n = 1;
    struct iw_str name, type;
    bool is_loop, no_memory;
    char c;
    if (!is_script(reader) || *reader->rest.p != '$')
        return true;
    while (n < reader->rest.n && (uint8_t)(c = reader->rest.p[n]) > ' ' &&
           strchr("\"'`$@%\\;|{}()&=.[+-*/,", c) == NULL)
        n++;
    name = (struct iw_str){reader->rest.p + 1, n - 1};
    while (iw_switch_is_blank(iw_switch_peek(reader, n)))
        n++;
    is_loop = iw_ascii_lower(iw_switch_peek(reader, n)) == 'i' &&
              iw_ascii_lower(iw_switch_peek(reader, n + 1)) == 'n' &&
              iw_switch_is_blank(iw_switch_peek(reader, n + 2));
    if (name.n == 0 ||
        (!is_loop && (iw_switch_peek(reader, n) != '=' || iw_switch_peek(reader, n + 1) == '=')))
        return true;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == ':') /* `$script:name` */
            name = (struct iw_str){name.p + i + 1, name.n - i - 1};
    }
    iw_switch_skip(reader, n + 1 + is_loop);
    iw_switch_skip_blanks(reader);
    if (iw_switch_set_table(reader, name, &no_memory))
        return !no_memory;
    type = running_type(reader);
    if (type.n != 0)
        return iw_switch_reader_set(reader, name, type) == IW_OK;
    if (!iw_switch_read_value(reader, &value)) {
        ret->sets = name;
        value.is_unread = true;
    }
    return iw_switch_reader_set(reader, name,
                                value.is_unread     ? (struct iw_str){NULL, 0}
                                : value.text.n != 0 ? value.text
                                                    : IW_STR("")) == IW_OK;
}

/* What ends a statement, or begins one. */
static void read_end(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    char c = *reader->rest.p;
    iw_switch_skip(reader, 1);
    reader->depth += c == '{';
    reader->depth -= c == '}' && reader->depth != 0;
    ret->pipes_on = c == '|' && iw_switch_peek(reader, 0) != '|';
    if (ret->pipes_on)
        reader->is_piped = true;
    else if (c != '{' && c != '}' && (c != '\n' || ret->n != 0))
        reader->is_piped = false;
}

/* `-Name:value` of PowerShell's commands is two words; programs have options that look like it. */
static void keep(const struct iw_switch_reader *reader, struct iw_switch_words *ret,
                 struct iw_switch_word word)
{
    static const char *const NAMES[] = {
        "-Name:",    "-DisplayName:", "-ComputerName:", "-Cn:",     "-LogName:",
        "-ListLog:", "-InputObject:", "-Path:",         "-Value:",  "-StartupType:",
        "-Status:",  "-MethodName:",  "-ClassName:",    "-Filter:", "-Query:"};
    for (size_t i = 0; is_script(reader) && i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct iw_switch_word option = word;
        if (!iw_str_begins_nocase(word.text, iw_str_of(NAMES[i])))
            continue;
        option.text.n = strlen(NAMES[i]) - 1;
        option.is_unread = option.is_made = false;
        word.text.p += option.text.n + 1;
        word.text.n -= option.text.n + 1;
        iw_switch_keep_word(ret, option);
        break;
    }
    iw_switch_keep_word(ret, word);
}

static bool read_statement(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    bool is_target = false;
    while (reader->rest.n != 0 && !reader->is_spent) {
        char c = *reader->rest.p;
        if (ret->n == 0) {
            reader->out = reader->room;
            ret->is_piped = reader->is_piped;
            ret->depth = reader->depth;
        }
        if (ends_statement(reader, c)) {
            read_end(reader, ret);
            if (ret->n != 0)
                return true;
        } else if (is_blank(reader, c)) {
            iw_switch_skip(reader, 1);
        } else if (!skip_remark(reader)) {
            size_t n = reader->rest.n;
            if (ret->n == 0 && ret->sets.n == 0 && !read_setting(reader, ret))
                return false;
            if (reader->rest.n != n) /* it was one */
                continue;
            if (c == '@' && is_script(reader) &&
                (iw_switch_read_table(reader, ret) || iw_switch_spread_table(reader, ret)))
                continue;
            struct iw_switch_word word = next_word(reader, &ret->has_inner);
            word.is_redirection |= is_target; /* of the word before */
            is_target =
                word.is_redirection && word.text.n != 0 && word.text.p[word.text.n - 1] == '>';
            keep(reader, ret, word);
            if (ret->has_inner) {
                reader->is_piped = false;
                return true;
            }
        }
    }
    return ret->n != 0;
}

bool iw_switch_reader_next(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    ret->n = ret->sets.n = 0;
    ret->is_piped = ret->pipes_on = ret->has_inner = ret->is_cut = false;
    reader->n_inner = 0;
    (void)read_statement(reader, ret);
    return ret->n != 0 || reader->n_inner != 0;
}
