#include "coverage/switch_names.h"

#include <stdlib.h>

/* Sources: FNV-1a (32 bits); about_Parsing of PowerShell for where a command stands. */
#define HASH_BEGIN 2166136261U
#define HASH_PRIME 16777619U

enum class_of { NOTHING = 0, BLANK, LETTER, OPENS, TURNS, QUIET };

/* A character of a name, one behind which a command stands (`.` where a blank is before it), or one
 * that changes nothing: a quote, a backtick. */
static enum class_of class_of(unsigned c)
{
    unsigned lower = c | 0x20U;
    if (c >= 0x80 || (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
        c == '-')
        return LETTER;
    switch (c) {
    case ' ':
    case '\t':
        return BLANK;
    case '"':
    case '\'':
    case '`':
        return QUIET;
    case '.':
        return TURNS;
    case '\r':
    case '\n':
    case ';':
    case '|':
    case '{':
    case '}':
    case '(':
    case '&':
    case '=':
    case '!':
    case ':':  /* ${function:Name} */
    case '\\': /* Module\Name */
        return OPENS;
    default:
        return NOTHING;
    }
}

static uint32_t step(uint32_t hash, unsigned c)
{
    return (hash ^ (c >= 0x80 ? 0x80U : (uint8_t)iw_ascii_lower((char)c))) * HASH_PRIME;
}

uint32_t iw_switch_name_number(struct iw_str name)
{
    uint32_t hash = HASH_BEGIN;
    bool was_wide = false;
    for (size_t i = 0; i < name.n; i++) {
        unsigned c = (uint8_t)name.p[i];
        if (c < 0x80 || !was_wide)
            hash = step(hash, c);
        was_wide = c >= 0x80;
    }
    return hash;
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void order(struct iw_switch_names *names)
{
    uint32_t n = 0;
    if (names->n > 1)
        qsort(names->items, names->n, sizeof names->items[0], compare);
    for (uint32_t i = 0; i < names->n; i++) {
        if (n == 0 || names->items[n - 1] != names->items[i])
            names->items[n++] = names->items[i];
    }
    names->n = n;
}

static void keep(struct iw_switch_names *names, uint32_t number)
{
    /* What was found last comes again most often. */
    for (uint32_t i = names->n; i != 0 && names->n - i < 8; i--) {
        if (names->items[i - 1] == number)
            return;
    }
    if (names->n == IW_SWITCH_NAMES)
        order(names);
    if (names->n == IW_SWITCH_NAMES)
        names->is_cut = 1;
    else
        names->items[names->n++] = number;
}

bool iw_switch_names_hold(const struct iw_switch_names *names, uint32_t number)
{
    return names->is_cut != 0 ||
           (names->n != 0 &&
            bsearch(&number, names->items, names->n, sizeof names->items[0], compare) != NULL);
}

/* --- words ---------------------------------------------------------------------------------- */

#define MOST_DEFINED 64U

struct finding {
    struct iw_switch_names *names;
    uint32_t defined[MOST_DEFINED]; /* by this text itself */
    uint32_t n_defined;
    uint32_t number;              /* of the word it is in */
    bool is_in_word, is_wide;     /* a word; the last character of it is not ASCII */
    bool is_place, is_word_of_it; /* a command may stand here; the word is one */
    bool is_defining;             /* the word behind `function` */
    bool was_blank;
};

static void begin_word(struct finding *in, unsigned c)
{
    in->is_in_word = true;
    in->is_wide = false;
    in->number = HASH_BEGIN;
    in->is_word_of_it = in->is_place && c != '-' && (c < '0' || c > '9');
}

static void end_word(struct finding *in, uint32_t function, uint32_t filter, uint32_t go_on)
{
    bool is_name = in->is_word_of_it;
    in->is_in_word = in->is_place = false;
    if (in->is_defining) {
        in->is_defining = false;
        if (in->n_defined < MOST_DEFINED)
            in->defined[in->n_defined++] = in->number;
        return;
    }
    if (!is_name)
        return;
    in->is_defining = in->number == function || in->number == filter;
    in->is_place = in->number == go_on;
    if (!in->is_defining && !in->is_place)
        keep(in->names, in->number);
}

static void leave_out_defined(struct finding *in)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < in->names->n; i++) {
        bool is_defined = false;
        for (uint32_t k = 0; k < in->n_defined; k++)
            is_defined |= in->defined[k] == in->names->items[i];
        if (!is_defined)
            in->names->items[n++] = in->names->items[i];
    }
    in->names->n = n;
}

void iw_switch_names_find(struct iw_value text, struct iw_switch_names *ret)
{
    const uint32_t function = iw_switch_name_number(IW_STR("function")),
                   filter = iw_switch_name_number(IW_STR("filter")),
                   go_on = iw_switch_name_number(IW_STR("return"));
    size_t width = text.type == IW_VALUE_UTF16 ? 2 : 1;
    struct finding in = {.names = ret, .is_place = true, .was_blank = true};
    ret->n = ret->is_cut = 0;
    for (size_t i = 0; text.type != IW_VALUE_NULL && i + width <= text.n; i += width) {
        unsigned c = width == 2 && text.p[i + 1] != 0 ? 0x80U : text.p[i];
        enum class_of class = class_of(c);
        if (class == QUIET)
            continue;
        if (class == LETTER) {
            if (!in.is_in_word)
                begin_word(&in, c);
            if (c < 0x80 || !in.is_wide)
                in.number = step(in.number, c);
            in.is_wide = c >= 0x80;
            continue;
        }
        if (in.is_in_word) {
            bool was_defining = in.is_defining;
            end_word(&in, function, filter, go_on);
            if (c == ':') /* function global:Name, ${function:Name} */
                in.is_defining = was_defining;
        }
        if (class == OPENS || (class == TURNS && in.was_blank))
            in.is_place = !in.is_defining;
        else if (class != BLANK)
            in.is_place = false;
        in.was_blank = class == BLANK || class == OPENS;
    }
    if (in.is_in_word)
        end_word(&in, function, filter, go_on);
    order(ret);
    if (in.n_defined != 0)
        leave_out_defined(&in);
}
