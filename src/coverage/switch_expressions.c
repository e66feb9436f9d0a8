/*
 * Texts of PowerShell and cmd that are not there as they are: quoted, put together, kept in
 * variables. Sources: about_Quoting_Rules, about_Variables, about_Operators and
 * about_Special_Characters of PowerShell; `set /?` of cmd.
 *
 * Only sums and lists of texts are worked out. What else makes a text (`-f`, `-join`, `.Replace()`,
 * substrings) makes it unread and made.
 */
#include "coverage/switch_inside.h"

/* Brackets in brackets that are followed. */
#define MOST_DEPTH 8
/* Brackets and blanks that are looked past for what stands in them. */
#define MOST_BEFORE 32U

void iw_switch_add(struct iw_switch_reader *reader, struct iw_switch_word *word, struct iw_str text)
{
    if (text.n > (size_t)(reader->room_end - reader->out)) {
        word->is_unread = true;
        return;
    }
    if (word->text.n == 0)
        word->text.p = reader->out;
    if (text.n != 0)
        memcpy(reader->out, text.p, text.n);
    reader->out += text.n;
    word->text.n += text.n;
}

static void add_char(struct iw_switch_reader *reader, struct iw_switch_word *word, char c)
{
    iw_switch_add(reader, word, (struct iw_str){&c, 1});
}

void iw_switch_skip_blanks(struct iw_switch_reader *reader)
{
    while (reader->rest.n != 0 && iw_switch_is_blank(*reader->rest.p))
        iw_switch_skip(reader, 1);
}

/* --- variables ------------------------------------------------------------------------------ */

static struct iw_str value_of(const struct iw_switch_reader *reader, struct iw_str name)
{
    static const struct {
        const char *name, *value;
    } KNOWN[] = {
        {"env:COMPUTERNAME", "localhost"},
        {"env:windir", "C:\\Windows"},
        {"env:SystemRoot", "C:\\Windows"},
        {"env:SystemDrive", "C:"},
        {"true", "$true"},
        {"false", "$false"},
        {"null", "$null"},
        {"PID", "$PID"}, /* its own process, which is none of those that log */
    };
    static const char *const SCOPES[] = {"script:", "global:", "local:", "private:"};
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(KNOWN[i].name)))
            return iw_str_of(KNOWN[i].value);
    }
    for (size_t i = 0; i < sizeof SCOPES / sizeof SCOPES[0]; i++) {
        struct iw_str scope = iw_str_of(SCOPES[i]);
        if (iw_str_begins_nocase(name, scope))
            name = (struct iw_str){name.p + scope.n, name.n - scope.n};
    }
    if (iw_str_equal_nocase(name, IW_STR("PSItem")))
        name = IW_STR("_");
    return iw_switch_reader_get(reader, name);
}

/* `.Name` and the like of what is known by its name is that name. */
static void skip_member(struct iw_switch_reader *reader)
{
    static const char *const MEMBERS[] = {"name", "servicename", "displayname", "logname",
                                          "processname"};
    size_t n = 1;
    if (iw_switch_peek(reader, 0) != '.')
        return;
    while (iw_switch_is_of_name(iw_switch_peek(reader, n)))
        n++;
    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        if (iw_str_equal_nocase((struct iw_str){reader->rest.p + 1, n - 1}, iw_str_of(MEMBERS[i])))
            iw_switch_skip(reader, n);
        if (iw_switch_peek(reader, 0) != '.')
            return;
    }
}

bool iw_switch_read_variable(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    bool is_braced = iw_switch_peek(reader, 1) == '{';
    size_t begin = is_braced ? 2 : 1, end = begin;
    struct iw_str name, value;
    if (iw_switch_peek(reader, 1) == '(')
        return false;
    while (end < reader->rest.n &&
           (is_braced ? reader->rest.p[end] != '}' : iw_switch_is_of_name(reader->rest.p[end])))
        end++;
    name = (struct iw_str){reader->rest.p + begin, end - begin};
    if (name.n == 0) {
        add_char(reader, word, '$');
        iw_switch_skip(reader, 1);
        return true;
    }
    value = value_of(reader, name);
    word->is_item |= word->text.n == 0 && (iw_str_equal(name, IW_STR("_")) ||
                                           iw_str_equal_nocase(name, IW_STR("PSItem")));
    if (value.p == NULL) {
        word->is_unread = true;
        value = IW_STR("*");
    }
    iw_switch_add(reader, word, value);
    iw_switch_skip(reader, end + (is_braced && end < reader->rest.n));
    skip_member(reader);
    if (iw_switch_peek(reader, 0) == '[') /* one of it, whichever */
        word->is_unread = true;
    return true;
}

void iw_switch_read_percent(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    size_t end = 1;
    struct iw_str name, value;
    while (end < reader->rest.n && reader->rest.p[end] != '%' && reader->rest.p[end] != ' ' &&
           reader->rest.p[end] != '"')
        end++;
    name = (struct iw_str){reader->rest.p + 1, end - 1};
    if (end < reader->rest.n && reader->rest.p[end] == '%' && name.n != 0) {
        value = iw_str_equal_nocase(name, IW_STR("COMPUTERNAME"))
                    ? IW_STR("localhost")
                    : iw_switch_reader_get(reader, name);
        end++;
    } else { /* of a loop: `%x`, `%%x`; or a sign in a text */
        value = (struct iw_str){NULL, 0};
        end = 1;
        name.n = 0;
    }
    if (value.p == NULL) {
        word->is_unread = true;
        word->is_made |= name.n != 0 && iw_str_find(name, IW_STR(":~")) != SIZE_MAX;
        value = IW_STR("*");
    }
    iw_switch_add(reader, word, value);
    iw_switch_skip(reader, end);
}

/* --- quotes --------------------------------------------------------------------------------- */

static bool read_term(struct iw_switch_reader *reader, struct iw_switch_word *word, int depth);

/* Past the bracket that closes the one at which it stands; quotes are heeded. */
static void skip_brackets(struct iw_switch_reader *reader)
{
    size_t depth = 0;
    char quote = '\0';
    while (reader->rest.n != 0) {
        char c = *reader->rest.p;
        iw_switch_skip(reader, 1);
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || (c == '"' && reader->kind == IW_SWITCH_SCRIPT))
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return;
    }
}

/* `@'` … `'@`, each in a line of its own. */
static bool read_here_text(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    char quote = iw_switch_peek(reader, 1);
    const char end[3] = {'\n', quote, '@'};
    struct iw_str text = {reader->rest.p + 2, reader->rest.n - 2};
    size_t n = reader->no_here_text ? SIZE_MAX : iw_str_find(text, (struct iw_str){end, 3});
    if (n == SIZE_MAX) {
        reader->no_here_text = true; /* not looked for again from each of many */
        return false;
    }
    iw_switch_add(reader, word, (struct iw_str){text.p, n});
    word->is_unread |= quote == '"' && memchr(text.p, '$', n) != NULL;
    iw_switch_skip(reader, 2 + n + 3);
    return true;
}

/* Commands in a text; where there is no room for more, the last ones are one. */
static void keep_inner(struct iw_switch_reader *reader, struct iw_str text)
{
    struct iw_str *last = &reader->inner[IW_SWITCH_INNER - 1];
    if (reader->n_inner < IW_SWITCH_INNER)
        reader->inner[reader->n_inner++] = text;
    else
        last->n = (size_t)(text.p + text.n - last->p);
}

/* `$(…)` in a text: a sum of texts is read, and commands are kept. */
static void read_inner(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    struct iw_str rest = reader->rest;
    char *out = reader->out;
    struct iw_switch_word kept = *word;
    if (read_term(reader, word, 0))
        return;
    reader->rest = rest;
    reader->out = out;
    *word = kept;
    word->is_unread = word->is_made = true;
    iw_switch_skip(reader, 1);
    rest = reader->rest;
    skip_brackets(reader);
    keep_inner(reader, (struct iw_str){rest.p, rest.n - reader->rest.n});
}

void iw_switch_read_quoted(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    char quote = *reader->rest.p;
    if (quote == '@') {
        if (read_here_text(reader, word))
            return;
        iw_switch_skip(reader, 1);
        quote = *reader->rest.p;
    }
    iw_switch_skip(reader, 1);
    while (reader->rest.n != 0) {
        char c = *reader->rest.p;
        if (c == quote && iw_switch_peek(reader, 1) == quote && reader->kind >= IW_SWITCH_SCRIPT) {
            add_char(reader, word, c);
            iw_switch_skip(reader, 2);
        } else if (c == quote) {
            iw_switch_skip(reader, 1);
            return;
        } else if (c == '$' && quote == '"' && reader->kind >= IW_SWITCH_SCRIPT) {
            if (!iw_switch_read_variable(reader, word))
                read_inner(reader, word);
        } else if (c == '%' && reader->kind < IW_SWITCH_SCRIPT) {
            iw_switch_read_percent(reader, word);
        } else if (c == '`' && quote == '"' && reader->rest.n > 1 &&
                   reader->kind >= IW_SWITCH_SCRIPT) {
            add_char(reader, word, reader->rest.p[1]);
            iw_switch_skip(reader, 2);
        } else {
            add_char(reader, word, c);
            iw_switch_skip(reader, 1);
        }
    }
}

/* --- sums and lists ------------------------------------------------------------------------- */

static bool read_terms(struct iw_switch_reader *reader, struct iw_switch_word *word, int depth);

/* `[char]83`, `[char]0x53`. */
static bool read_character(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    static const struct iw_str CAST = {"[char]", 6};
    unsigned number = 0, base = 10;
    size_t at = CAST.n;
    if (!iw_str_begins_nocase(reader->rest, CAST))
        return false;
    if (iw_switch_peek(reader, at) == '0' &&
        iw_ascii_lower(iw_switch_peek(reader, at + 1)) == 'x') {
        base = 16;
        at += 2;
    }
    for (size_t n = 0; n < 4; n++, at++) {
        char c = iw_ascii_lower(iw_switch_peek(reader, at));
        if (c >= '0' && c <= '9')
            number = number * base + (unsigned)(c - '0');
        else if (base == 16 && c >= 'a' && c <= 'f')
            number = number * base + (unsigned)(c - 'a') + 10;
        else
            break;
    }
    if (number < ' ' || number > '~')
        return false;
    add_char(reader, word, (char)number);
    iw_switch_skip(reader, at);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `4`, `0x4`: alone or in a list, for a sum of numbers is no text. */
static bool read_number(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    size_t n = 0;
    while (is_digit(iw_switch_peek(reader, n)) ||
           (n == 1 && iw_ascii_lower(iw_switch_peek(reader, 1)) == 'x') ||
           (n > 1 && iw_ascii_lower(iw_switch_peek(reader, n)) >= 'a' &&
            iw_ascii_lower(iw_switch_peek(reader, n)) <= 'f'))
        n++;
    if (iw_switch_is_of_name(iw_switch_peek(reader, n)) || iw_switch_peek(reader, n) == '.')
        return false;
    iw_switch_add(reader, word, (struct iw_str){reader->rest.p, n});
    iw_switch_skip(reader, n);
    iw_switch_skip_blanks(reader);
    return iw_switch_peek(reader, 0) != '+';
}

/* `.Member` and `[index]` of a variable; a method is none. */
static void skip_parts(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    for (;;) {
        size_t n = 1;
        char c = iw_switch_peek(reader, 0);
        if (c == '.')
            while (iw_switch_is_of_name(iw_switch_peek(reader, n)))
                n++;
        else if (c == '[')
            while (n < reader->rest.n && reader->rest.p[n - 1] != ']' && reader->rest.p[n] != '\n')
                n++;
        if (n == 1 || iw_switch_peek(reader, n) == '(')
            return;
        word->is_unread = true;
        iw_switch_skip(reader, n);
    }
}

/* `[uint32]4`, `[string]'x'`: what is behind it. */
static bool read_cast(struct iw_switch_reader *reader, struct iw_switch_word *word, int depth)
{
    static const char *const TYPES[] = {"[int]", "[uint32]", "[uint64]", "[string]"};
    for (size_t i = 0; depth < MOST_DEPTH && i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (!iw_str_begins_nocase(reader->rest, iw_str_of(TYPES[i])))
            continue;
        iw_switch_skip(reader, strlen(TYPES[i]));
        return read_term(reader, word, depth + 1);
    }
    return false;
}

static bool read_term(struct iw_switch_reader *reader, struct iw_switch_word *word, int depth)
{
    char c = iw_switch_peek(reader, 0), next = iw_switch_peek(reader, 1);
    if (c == '\'' || (c == '"' && reader->kind == IW_SWITCH_SCRIPT) ||
        (c == '@' && (next == '\'' || next == '"'))) {
        iw_switch_read_quoted(reader, word);
        return true;
    }
    if (c == '$' && next != '(') {
        (void)iw_switch_read_variable(reader, word);
        skip_parts(reader, word);
        return true;
    }
    if (is_digit(c))
        return read_number(reader, word);
    if (c == '[')
        return read_character(reader, word) || read_cast(reader, word, depth);
    if (c == '@' || c == '$')
        iw_switch_skip(reader, 1);
    if (iw_switch_peek(reader, 0) != '(' || depth == MOST_DEPTH)
        return false;
    iw_switch_skip(reader, 1);
    if (!read_terms(reader, word, depth + 1) || iw_switch_peek(reader, 0) != ')')
        return false;
    iw_switch_skip(reader, 1);
    return true;
}

void iw_switch_skip_space(struct iw_switch_reader *reader)
{
    while (reader->rest.n != 0 && (iw_switch_is_blank(*reader->rest.p) || *reader->rest.p == '\n'))
        iw_switch_skip(reader, 1);
}

/* Terms with `+` or `,` between them; it stops at what is neither. */
static bool read_terms(struct iw_switch_reader *reader, struct iw_switch_word *word, int depth)
{
    for (;;) {
        char c;
        iw_switch_skip_space(reader);
        if (!read_term(reader, word, depth))
            return false;
        iw_switch_skip_blanks(reader);
        c = iw_switch_peek(reader, 0);
        if (c != '+' && c != ',')
            return true;
        if (c == ',')
            add_char(reader, word, c);
        iw_switch_skip(reader, 1);
    }
}

bool iw_switch_read_terms(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    return read_terms(reader, word, 0);
}

/* Behind brackets and blanks: what is no command. */
static bool begins_expression(const struct iw_switch_reader *reader)
{
    size_t at = 0;
    char c = iw_switch_peek(reader, 0);
    while (at < MOST_BEFORE && (c == '(' || c == '$' || c == '@' || iw_switch_is_blank(c)))
        c = iw_switch_peek(reader, ++at);
    return c != '\0' && (strchr("'\"[-0123456789", c) != NULL || reader->rest.p[at - 1] == '$');
}

bool iw_switch_read_group(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    struct iw_str rest = reader->rest;
    char *out = reader->out;
    struct iw_switch_word kept = *word;
    if (iw_switch_peek(reader, 0) == '(' && iw_switch_peek(reader, 1) == ')') {
        iw_switch_skip(reader, 2);
        return true;
    }
    if (read_term(reader, word, 0))
        return true;
    reader->rest = rest;
    reader->out = out;
    *word = kept;
    word->is_made |= begins_expression(reader);
    word->is_unread = true;
    iw_switch_add(reader, word, IW_STR("*"));
    iw_switch_skip(reader, *rest.p == '(' ? 1 : 2);
    return false;
}

bool iw_switch_read_value(struct iw_switch_reader *reader, struct iw_switch_word *word)
{
    struct iw_str rest = reader->rest;
    char *out = reader->out;
    if (read_terms(reader, word, 0)) {
        char c = iw_switch_peek(reader, 0);
        if (c == '\0' || strchr(";\n}|)\"", c) != NULL)
            return true;
    }
    reader->rest = rest;
    reader->out = out;
    *word = (struct iw_switch_word){.text = {NULL, 0}};
    return false;
}
