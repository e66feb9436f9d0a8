/*
 * A strict reader of JSON with a stack of its own. RFC 8259. Numbers keep their spelling: nothing
 * here needs their value but whoever asks iw_str_to_u64().
 */
#include "base/json_read.h"

#include "base/limits.h"
#include "base/utf.h"

struct open_node {
    struct iw_json_node *node;
    struct iw_json_node *last; /* child */
};

struct reading {
    struct iw_str text;
    size_t at;
    struct iw_arena *arena;
    struct iw_error *err;
    size_t n_values;
    struct open_node stack[IW_LIMIT_TREE_DEPTH];
    size_t depth;
};

static enum iw_rc refuse(struct reading *reading, enum iw_rc rc, const char *what)
{
    (void)iw_error_set(reading->err, rc, "%s at byte %zu", what, reading->at);
    if (reading->err != NULL)
        reading->err->offset = reading->at;
    return rc;
}

static void skip_blanks(struct reading *reading)
{
    while (reading->at < reading->text.n &&
           memchr(" \t\r\n", reading->text.p[reading->at], 4) != NULL)
        reading->at++;
}

/* The next byte; NUL at the end, which is no structural byte either. */
static char peek(const struct reading *reading)
{
    return reading->at < reading->text.n ? reading->text.p[reading->at] : '\0';
}

static bool take(struct reading *reading, char c)
{
    if (peek(reading) != c || reading->at == reading->text.n)
        return false;
    reading->at++;
    return true;
}

static bool read_hex(struct reading *reading, uint32_t *ret)
{
    *ret = 0;
    for (int i = 0; i < 4; i++) {
        char c = iw_ascii_lower(peek(reading));
        if (c >= '0' && c <= '9')
            *ret = *ret * 16 + (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *ret = *ret * 16 + (uint32_t)(c - 'a') + 10;
        else
            return false;
        reading->at++;
    }
    return true;
}

/* Behind `\u`: one code point, of two units where the first is a high surrogate. */
static bool read_unit(struct reading *reading, uint32_t *ret)
{
    uint32_t low;
    if (!read_hex(reading, ret) || (*ret >= 0xDC00 && *ret <= 0xDFFF))
        return false;
    if (*ret < 0xD800 || *ret > 0xDBFF)
        return true;
    if (!take(reading, '\\') || !take(reading, 'u') || !read_hex(reading, &low) || low < 0xDC00 ||
        low > 0xDFFF)
        return false;
    *ret = 0x10000 + ((*ret - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* Behind a backslash. Writes at most 4 bytes. */
static bool read_escape(struct reading *reading, char *out, size_t *n)
{
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    char c = peek(reading);
    const char *found = c != '\0' ? strchr(FROM, c) : NULL;
    uint32_t code_point;
    if (found != NULL) {
        out[(*n)++] = TO[found - FROM];
        reading->at++;
        return true;
    }
    if (!take(reading, 'u') || !read_unit(reading, &code_point))
        return false;
    *n += iw_utf8_put(code_point, out + *n);
    return true;
}

/* Where the string that begins at reading->at (behind its quote) ends; SIZE_MAX: it does not, or
 * holds a raw control character. */
static size_t find_end(const struct reading *reading, bool *ret_escaped)
{
    *ret_escaped = false;
    for (size_t i = reading->at; i < reading->text.n; i++) {
        unsigned char c = (unsigned char)reading->text.p[i];
        if (c == '"')
            return i;
        if (c < 0x20)
            break;
        if (c == '\\') {
            *ret_escaped = true;
            i++;
        }
    }
    return SIZE_MAX;
}

/* Behind the quote. An escape is never shorter than what it stands for. */
static enum iw_rc read_text(struct reading *reading, struct iw_str *ret)
{
    bool is_escaped;
    size_t end = find_end(reading, &is_escaped), n = 0;
    char *out;
    if (end == SIZE_MAX)
        return refuse(reading, IW_EFORMAT, "a text that does not end");
    if (!is_escaped) {
        *ret = (struct iw_str){reading->text.p + reading->at, end - reading->at};
        reading->at = end + 1;
        return IW_OK;
    }
    out = iw_arena_alloc(reading->arena, end - reading->at + 1);
    if (out == NULL)
        return iw_error_set(reading->err, IW_ENOMEM, "no memory to read JSON");
    while (reading->at < end) {
        char c = reading->text.p[reading->at++];
        if (c != '\\')
            out[n++] = c;
        else if (!read_escape(reading, out, &n))
            return refuse(reading, IW_EFORMAT, "an escape that is none");
    }
    reading->at = end + 1;
    *ret = (struct iw_str){out, n};
    return IW_OK;
}

static size_t take_digits(struct reading *reading)
{
    size_t from = reading->at;
    while (peek(reading) >= '0' && peek(reading) <= '9')
        reading->at++;
    return reading->at - from;
}

static enum iw_rc read_number(struct reading *reading, struct iw_json_node *node)
{
    size_t from = reading->at, n;
    (void)take(reading, '-');
    if (take(reading, '0'))
        n = 1;
    else
        n = take_digits(reading);
    if (n != 0 && take(reading, '.'))
        n = take_digits(reading);
    if (n != 0 && (take(reading, 'e') || take(reading, 'E'))) {
        if (!take(reading, '+'))
            (void)take(reading, '-');
        n = take_digits(reading);
    }
    if (n == 0)
        return refuse(reading, IW_EFORMAT, "a value expected");
    node->kind = IW_JSON_NUMBER;
    node->text = (struct iw_str){reading->text.p + from, reading->at - from};
    return IW_OK;
}

static bool take_word(struct reading *reading, struct iw_str word)
{
    struct iw_str rest = {reading->text.p + reading->at, reading->text.n - reading->at};
    if (rest.n < word.n || memcmp(rest.p, word.p, word.n) != 0)
        return false;
    reading->at += word.n;
    return true;
}

/* Puts an object or array on the stack. */
static enum iw_rc open_value(struct reading *reading, struct iw_json_node *node)
{
    node->kind = take(reading, '{') ? IW_JSON_OBJECT : IW_JSON_ARRAY;
    if (node->kind == IW_JSON_ARRAY)
        reading->at++;
    if (reading->depth == IW_LIMIT_TREE_DEPTH)
        return refuse(reading, IW_ELIMIT, "JSON nested too deep");
    reading->stack[reading->depth++] = (struct open_node){node, NULL};
    return IW_OK;
}

/* One value; of an object or array its opening only. */
static enum iw_rc read_value(struct reading *reading, struct iw_json_node *node)
{
    skip_blanks(reading);
    if (peek(reading) == '{' || peek(reading) == '[')
        return open_value(reading, node);
    if (take(reading, '"')) {
        node->kind = IW_JSON_TEXT;
        return read_text(reading, &node->text);
    }
    if (take_word(reading, IW_STR("null")))
        node->kind = IW_JSON_NULL;
    else if (take_word(reading, IW_STR("true")))
        node->kind = IW_JSON_TRUE;
    else if (take_word(reading, IW_STR("false")))
        node->kind = IW_JSON_FALSE;
    else
        return read_number(reading, node);
    return IW_OK;
}

static struct iw_json_node *new_node(struct reading *reading, enum iw_rc *rc)
{
    struct iw_json_node *node = NULL;
    if (++reading->n_values > IW_LIMIT_TREE_VALUES) {
        *rc = refuse(reading, IW_ELIMIT, "too many values");
        return NULL;
    }
    node = iw_arena_calloc(reading->arena, 1, sizeof *node);
    if (node == NULL)
        *rc = iw_error_set(reading->err, IW_ENOMEM, "no memory to read JSON");
    return node;
}

/* `"name":` of a member. */
static enum iw_rc read_name(struct reading *reading, const struct iw_json_node *object,
                            struct iw_str *ret)
{
    skip_blanks(reading);
    if (!take(reading, '"'))
        return refuse(reading, IW_EFORMAT, "the name of a member expected");
    IW_TRY(read_text(reading, ret));
    if (iw_json_find(object, *ret) != NULL)
        return refuse(reading, IW_EFORMAT, "a name that stands twice in one object");
    if (object->n == IW_LIMIT_TREE_MEMBERS)
        return refuse(reading, IW_ELIMIT, "an object of too many members");
    skip_blanks(reading);
    if (!take(reading, ':'))
        return refuse(reading, IW_EFORMAT, "a colon expected");
    return IW_OK;
}

static enum iw_rc read_child(struct reading *reading, struct open_node *open)
{
    struct iw_json_node *parent = open->node, *node;
    struct iw_str name = {0};
    enum iw_rc rc = IW_OK;
    if (parent->kind == IW_JSON_OBJECT)
        IW_TRY(read_name(reading, parent, &name));
    node = new_node(reading, &rc);
    if (node == NULL)
        return rc;
    node->name = name;
    if (open->last == NULL)
        parent->first = node;
    else
        open->last->next = node;
    open->last = node;
    parent->n++;
    return read_value(reading, node);
}

/* One step inside the innermost open object or array: its end, or one more child. */
static enum iw_rc step(struct reading *reading)
{
    struct open_node *open = &reading->stack[reading->depth - 1];
    char end = open->node->kind == IW_JSON_OBJECT ? '}' : ']';
    skip_blanks(reading);
    if (take(reading, end)) {
        reading->depth--;
        return IW_OK;
    }
    if (open->last != NULL && !take(reading, ','))
        return refuse(reading, IW_EFORMAT, "a comma or an end expected");
    return read_child(reading, open);
}

enum iw_rc iw_json_read(struct iw_str text, struct iw_arena *arena, const struct iw_json_node **ret,
                        struct iw_error *err)
{
    struct reading reading = {.text = text, .arena = arena, .err = err};
    enum iw_rc rc = IW_OK;
    struct iw_json_node *top;
    *ret = NULL;
    if (text.n == 0)
        return refuse(&reading, IW_EFORMAT, "a value expected");
    if (!iw_utf8_valid(text))
        return refuse(&reading, IW_EFORMAT, "text that is not UTF-8");
    top = new_node(&reading, &rc);
    if (top == NULL)
        return rc;
    IW_TRY(read_value(&reading, top));
    while (reading.depth != 0)
        IW_TRY(step(&reading));
    skip_blanks(&reading);
    if (reading.at != text.n)
        return refuse(&reading, IW_EFORMAT, "something behind the value");
    *ret = top;
    return IW_OK;
}

const struct iw_json_node *iw_json_find(const struct iw_json_node *object, struct iw_str name)
{
    const struct iw_json_node *at =
        object != NULL && object->kind == IW_JSON_OBJECT ? object->first : NULL;
    while (at != NULL && !iw_str_equal(at->name, name))
        at = at->next;
    return at;
}
