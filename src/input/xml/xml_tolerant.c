/*
 * The tolerant reader of event XML: one pass, no recursion, for what expat refuses. On everything
 * expat accepts it gives the same (line ends and attribute values normalised as XML 1.0 2.11 and
 * 3.3.3 say).
 *
 * Repairs: bytes that are not UTF-8, control characters, references to characters that do not exist
 * become U+FFFD (a pair of references to surrogates, as some writers put it, becomes the character
 * it means); unknown entities, `&` and `<` that begin nothing stay as they are; an end tag closes
 * what stands open inside its element, one that fits nothing is passed over; an attribute's value
 * without its quote ends with the tag.
 *
 * Every byte is looked at a bounded number of times: a tag is given up at its ninth `<` in quotes.
 */
#include "input/xml/xml_tolerant.h"

#include <string.h>

#include "base/utf.h"
#include "input/xml/xml_frame.h"

#define MOST_ODD_VALUES 8U
#define LONGEST_ENTITY 12U

struct reader {
    const char *p;
    size_t n;
    bool is_whole;
    struct xml_collector *collector;
    struct iw_buffer value; /* of an attribute, decoded */
    bool in_value;          /* decoded text goes there */
    uint64_t n_repairs;
};

static void put(struct reader *reader, struct iw_str text)
{
    if (reader->in_value)
        iw_buffer_add(&reader->value, text);
    else
        xml_collect_text(reader->collector, text);
}

static void put_replacement(struct reader *reader)
{
    reader->n_repairs++;
    put(reader, IW_STR(IW_UTF8_REPLACEMENT));
}

static void put_character(struct reader *reader, uint32_t code_point)
{
    char utf8[4];
    put(reader, (struct iw_str){utf8, iw_utf8_put(code_point, utf8)});
}

/* --- references
 * ----------------------------------------------------------------------------------------------------
 */

/* The number of a reference `&#123;` or `&#x1F;` at *at*; its length, or 0 when it is none. */
static size_t number_at(struct iw_str text, size_t at, uint32_t *ret)
{
    bool is_hex = text.n - at > 2 && text.p[at + 2] == 'x';
    size_t digits = at + (is_hex ? 3 : 2), i = digits;
    uint64_t number = 0;
    if (text.n - at < 4 || text.p[at] != '&' || text.p[at + 1] != '#')
        return 0;
    for (; i < text.n && text.p[i] != ';'; i++) {
        char c = iw_ascii_lower(text.p[i]);
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if (is_hex && c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10;
        else
            return 0;
        number = number * (is_hex ? 16 : 10) + digit;
        if (number > 0xFFFFFFFFU)
            number = 0xFFFFFFFFU;
    }
    if (i == text.n || i == digits)
        return 0;
    *ret = (uint32_t)number;
    return i + 1 - at;
}

static bool is_character(uint32_t code_point)
{
    return code_point >= 0x20
               ? code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF) &&
                     code_point != 0xFFFE && code_point != 0xFFFF
               : code_point == '\t' || code_point == '\n' || code_point == '\r';
}

/* Takes the numeric reference at *at*; 0 when it is none. */
static size_t take_number(struct reader *reader, struct iw_str text, size_t at)
{
    uint32_t first = 0, second = 0;
    size_t n = number_at(text, at, &first), more;
    if (n == 0)
        return 0;
    if (is_character(first)) {
        put_character(reader, first);
        return n;
    }
    more = (first & 0xFFFFFC00U) == 0xD800 ? number_at(text, at + n, &second) : 0;
    if (more != 0 && (second & 0xFFFFFC00U) == 0xDC00) {
        reader->n_repairs++;
        put_character(reader, 0x10000 + ((first & 0x3FFU) << 10) + (second & 0x3FFU));
        return n + more;
    }
    put_replacement(reader);
    return n;
}

/* Takes what begins with the `&` at *at*; returns its length. */
static size_t take_reference(struct reader *reader, struct iw_str text, size_t at)
{
    static const struct {
        struct iw_str name;
        char is;
    } ENTITIES[] = {
        {{"&amp;", 5}, '&'},  {{"&lt;", 4}, '<'},    {{"&gt;", 4}, '>'},
        {{"&quot;", 6}, '"'}, {{"&apos;", 6}, '\''},
    };
    size_t n = take_number(reader, text, at);
    if (n != 0)
        return n;
    for (size_t i = 0; i < sizeof ENTITIES / sizeof ENTITIES[0]; i++) {
        const struct iw_str name = ENTITIES[i].name;
        if (text.n - at >= name.n && memcmp(text.p + at, name.p, name.n) == 0) {
            put(reader, (struct iw_str){&ENTITIES[i].is, 1});
            return name.n;
        }
    }
    reader->n_repairs++;
    /* The record was cut in the middle of a reference. */
    if (!reader->is_whole && !reader->in_value && text.p + text.n == reader->p + reader->n &&
        text.n - at < LONGEST_ENTITY && memchr(text.p + at, ';', text.n - at) == NULL)
        return text.n - at;
    put(reader, IW_STR("&"));
    return 1;
}

/* --- text
 * ----------------------------------------------------------------------------------------------------------
 */

/* Takes the byte at *at* that is neither plain nor `&`; returns how many it took. */
static size_t take_odd(struct reader *reader, struct iw_str text, size_t at)
{
    size_t next = at;
    char c = text.p[at];
    if (c == '\r' && at + 1 < text.n && text.p[at + 1] == '\n')
        return 1; /* the line feed behind it stands for both */
    if (c == '\t' || c == '\n' || c == '\r') {
        if (reader->in_value)
            c = ' ';
        else if (c == '\r')
            c = '\n';
        put(reader, (struct iw_str){&c, 1});
        return 1;
    }
    if ((unsigned char)c < 0x20) {
        put_replacement(reader);
        return 1;
    }
    if (!reader->is_whole && !reader->in_value && text.p + text.n == reader->p + reader->n &&
        text.n - at < 4 && (unsigned char)c >= 0xC0) {
        /* Half a character at the end of a record that was cut: no character. */
        size_t wanted = (unsigned char)c >= 0xF0 ? 4 : (unsigned char)c >= 0xE0 ? 3 : 2;
        if (text.n - at < wanted)
            return text.n - at;
    }
    if (iw_utf8_next(text, &next) == 0xFFFD && next == at + 1)
        put_replacement(reader);
    else
        put(reader, (struct iw_str){text.p + at, next - at});
    return next - at;
}

static void take_text(struct reader *reader, struct iw_str text, bool is_cdata)
{
    size_t run = 0, i = 0;
    while (i < text.n) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c < 0x80 && (c != '&' || is_cdata)) {
            i++;
            continue;
        }
        if (i > run)
            put(reader, (struct iw_str){text.p + run, i - run});
        i += c == '&' && !is_cdata ? take_reference(reader, text, i) : take_odd(reader, text, i);
        run = i;
    }
    if (i > run)
        put(reader, (struct iw_str){text.p + run, i - run});
}

/* --- tags
 * ----------------------------------------------------------------------------------------------------------
 */

static size_t skip_blanks(const struct reader *reader, size_t at)
{
    while (at < reader->n && xml_is_blank(reader->p[at]))
        at++;
    return at;
}

struct attribute {
    struct iw_str name, value;
    size_t end; /* behind it */
    bool is_odd;
};

/* The end of a value in quotes that begins at *at*: the quote, or where it was forgotten the end of
 * the tag. SIZE_MAX when there is neither. */
static size_t value_end(const struct reader *reader, size_t at, char quote, bool *ret_odd)
{
    const char *begin = reader->p + at;
    const char *end = memchr(begin, quote, reader->n - at);
    size_t n = end != NULL ? (size_t)(end - begin) : reader->n - at;
    const char *less = memchr(begin, '<', n);
    const char *greater = memchr(begin, '>', less != NULL ? (size_t)(less - begin) : n);

    *ret_odd = less != NULL;
    if (greater != NULL && (end == NULL || less != NULL)) {
        *ret_odd = true;
        return (size_t)(greater - reader->p);
    }
    return end != NULL ? (size_t)(end - reader->p) : SIZE_MAX;
}

/* The attribute at *at*. False when what stands there cannot be in a tag. */
static bool attribute_at(const struct reader *reader, size_t at, struct attribute *ret)
{
    size_t after;
    char quote;
    ret->is_odd = false;
    ret->value = IW_STR("");
    ret->name = xml_name_at(reader->p, reader->n, at);
    ret->end = at + ret->name.n;
    if (ret->name.n == 0) { /* a character that has no business here */
        ret->end = at + 1;
        return reader->p[at] != '<';
    }
    after = skip_blanks(reader, ret->end);
    if (after >= reader->n || reader->p[after] != '=') {
        ret->name.n = 0;
        return true;
    }
    at = skip_blanks(reader, after + 1);
    if (at >= reader->n)
        return false;
    quote = reader->p[at];
    if (quote == '"' || quote == '\'') {
        after = value_end(reader, ++at, quote, &ret->is_odd);
        if (after == SIZE_MAX)
            return false;
        ret->value = (struct iw_str){reader->p + at, after - at};
        ret->end = after + (reader->p[after] == quote);
        return true;
    }
    ret->value = xml_name_at(reader->p, reader->n, at);
    ret->end = at + ret->value.n;
    return true;
}

static bool may_begin_name(const struct reader *reader, size_t at)
{
    unsigned char c = at < reader->n ? (unsigned char)reader->p[at] : 0;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || c >= 0x80;
}

/* Whether a start tag begins at *at*, and where it ends. */
static bool is_start_tag(const struct reader *reader, size_t at, size_t *ret_end)
{
    struct attribute attribute;
    unsigned n_odd = 0;
    size_t i = at + 1;
    if (!may_begin_name(reader, i))
        return false;
    i += xml_name_at(reader->p, reader->n, i).n;
    while ((i = skip_blanks(reader, i)) < reader->n) {
        if (reader->p[i] == '>') {
            *ret_end = i + 1;
            return true;
        }
        if (!attribute_at(reader, i, &attribute))
            return false;
        n_odd += attribute.is_odd;
        if (n_odd > MOST_ODD_VALUES)
            return false;
        i = attribute.end;
    }
    return false;
}

/* A name as valid UTF-8 without control characters, in *reader*'s value buffer. */
static struct iw_str clean_name(struct reader *reader, struct iw_str name)
{
    iw_buffer_clear(&reader->value);
    reader->in_value = true;
    take_text(reader, name, true);
    reader->in_value = false;
    return (struct iw_str){reader->value.p, reader->value.n};
}

static void take_attribute(struct reader *reader, const struct attribute *attribute)
{
    size_t n_name;
    if (attribute->name.n == 0)
        return;
    n_name = clean_name(reader, attribute->name).n;
    reader->in_value = true;
    take_text(reader, attribute->value, false);
    reader->in_value = false;
    if (reader->value.failed) {
        reader->collector->rc = IW_ENOMEM;
        return;
    }
    xml_collect_attribute(reader->collector, (struct iw_str){reader->value.p, n_name},
                          (struct iw_str){reader->value.p + n_name, reader->value.n - n_name});
}

static void take_start_tag(struct reader *reader, size_t at, size_t end)
{
    struct iw_str name = xml_name_at(reader->p, end, at + 1);
    struct attribute attribute;
    size_t i = at + 1 + name.n;

    name = clean_name(reader, name);
    if (reader->value.failed) {
        reader->collector->rc = IW_ENOMEM;
        return;
    }
    xml_collect_open(reader->collector, name);
    while ((i = skip_blanks(reader, i)) < end - 1 && attribute_at(reader, i, &attribute)) {
        take_attribute(reader, &attribute);
        i = attribute.end;
    }
    if (reader->p[end - 2] == '/')
        xml_collect_close(reader->collector);
}

/* An end tag closes the innermost element of its name and what is open in it. */
static void take_end_tag(struct reader *reader, size_t at)
{
    struct iw_str name = xml_name_at(reader->p, reader->n, at + 2);
    size_t n_close;
    if (reader->collector->n_deeper != 0) {
        xml_collect_close(reader->collector);
        return;
    }
    n_close = xml_collect_find(reader->collector, name);
    reader->n_repairs += n_close != 1;
    for (size_t i = 0; i < n_close && !xml_collect_is_over(reader->collector); i++)
        xml_collect_close(reader->collector);
}

/* --- the record
 * ----------------------------------------------------------------------------------------------------
 */

static bool begins_with(const struct reader *reader, size_t at, struct iw_str word)
{
    return reader->n - at >= word.n && memcmp(reader->p + at, word.p, word.n) == 0;
}

/* Passes over what begins at *at* with *head* bytes and ends with *mark*, and shows what is between
 * as text where *as_text*. SIZE_MAX: it does not end. */
static size_t pass(struct reader *reader, size_t at, size_t head, struct iw_str mark, bool as_text)
{
    size_t begin = at + head;
    struct iw_str rest = {reader->p + begin, reader->n - begin};
    size_t n = iw_str_find(rest, mark);
    if (n == SIZE_MAX && (reader->is_whole || !as_text))
        return SIZE_MAX;
    if (n != SIZE_MAX)
        rest.n = n;
    else if (rest.n != 0 && rest.p[rest.n - 1] == ']') /* half of its mark */
        rest.n -= rest.n > 1 && rest.p[rest.n - 2] == ']' ? 2 : 1;
    if (as_text)
        take_text(reader, rest, true);
    return n != SIZE_MAX ? begin + n + mark.n : reader->n;
}

/* Marks that were looked for in vain are not looked for again. */
struct hopeless {
    bool comment, cdata, instruction;
};

/* Takes what begins with the `<` at *at*; returns where to go on, or SIZE_MAX when it is text. */
static size_t take_markup(struct reader *reader, size_t at, struct hopeless *hopeless)
{
    size_t end = SIZE_MAX;
    if (begins_with(reader, at, IW_STR("<!--")) && !hopeless->comment) {
        end = pass(reader, at, 4, IW_STR("-->"), false);
        hopeless->comment = end == SIZE_MAX;
    } else if (begins_with(reader, at, IW_STR("<![CDATA[")) && !hopeless->cdata) {
        end = pass(reader, at, 9, IW_STR("]]>"), true);
        hopeless->cdata = end == SIZE_MAX;
    } else if (begins_with(reader, at, IW_STR("<?")) && !hopeless->instruction) {
        end = pass(reader, at, 2, IW_STR("?>"), false);
        hopeless->instruction = end == SIZE_MAX;
    } else if (begins_with(reader, at, IW_STR("</")) && may_begin_name(reader, at + 2)) {
        end = xml_tag_end(reader->p, reader->n, at);
        if (end != 0)
            take_end_tag(reader, at);
        end = end != 0 ? end : SIZE_MAX;
    } else if (is_start_tag(reader, at, &end)) {
        take_start_tag(reader, at, end);
    } else {
        end = SIZE_MAX;
    }
    return end;
}

/* A `<` that begins nothing: text, with the name behind it. In a record that was cut, what it ends
 * with is half a tag. */
static size_t take_less(struct reader *reader, size_t at)
{
    if (!reader->is_whole && memchr(reader->p + at + 1, '<', reader->n - at - 1) == NULL)
        return reader->n;
    reader->n_repairs++;
    put(reader, IW_STR("<"));
    return at + 1;
}

uint64_t xml_tolerant_read(struct iw_str event, bool is_whole, struct xml_collector *collector)
{
    struct reader reader = {
        .p = event.p, .n = event.n, .is_whole = is_whole, .collector = collector};
    struct hopeless hopeless = {false, false, false};
    size_t at = 0;

    iw_buffer_init(&reader.value);
    while (at < reader.n && !xml_collect_is_over(collector)) {
        const char *hit = memchr(reader.p + at, '<', reader.n - at);
        size_t less = hit != NULL ? (size_t)(hit - reader.p) : reader.n, next;
        if (less > at)
            take_text(&reader, (struct iw_str){reader.p + at, less - at}, false);
        if (hit == NULL)
            break;
        next = take_markup(&reader, less, &hopeless);
        at = next != SIZE_MAX ? next : take_less(&reader, less);
    }
    iw_buffer_done(&reader.value);
    return reader.n_repairs;
}
