#include "coverage/switch_names.h"

#include <stdlib.h>

/* Sources: FNV-1a (32 bits); about_Parsing of PowerShell for where a command stands. */
#define HASH_BEGIN 2166136261U
#define HASH_PRIME 16777619U

/* A character of a name, one that changes nothing (a quote, a backtick), and the last two: one
 * behind which a command stands, and `.`, where a blank is before it. */
enum class_of { NOTHING = 0, BLANK, LETTER, QUIET, OPENS, TURNS };

static const uint8_t CLASSES[256] = {
    ['a' ... 'z'] = LETTER,
    ['A' ... 'Z'] = LETTER,
    ['0' ... '9'] = LETTER,
    ['_'] = LETTER,
    ['-'] = LETTER,
    [' '] = BLANK,
    ['\t'] = BLANK,
    ['"'] = QUIET,
    ['\''] = QUIET,
    ['`'] = QUIET,
    ['.'] = TURNS,
    ['\r'] = OPENS,
    ['\n'] = OPENS,
    [';'] = OPENS,
    ['|'] = OPENS,
    ['{'] = OPENS,
    ['}'] = OPENS,
    ['('] = OPENS,
    ['&'] = OPENS,
    ['='] = OPENS,
    ['!'] = OPENS,
    [':'] = OPENS,  /* ${function:Name} */
    ['\\'] = OPENS, /* Module\Name */
    [0x80 ... 0xFF] = LETTER,
};

static uint32_t step(uint32_t hash, unsigned c)
{
    return (hash ^ (c >= 0x80 ? 0x80U : (uint8_t)iw_ascii_lower((char)c))) * HASH_PRIME;
}

/* Never 0. */
static uint32_t number_of(uint32_t hash)
{
    return hash != 0 ? hash : 1;
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
    return number_of(hash);
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

void iw_switch_numbers_sort(uint32_t *numbers, size_t n)
{
    if (n > 1)
        qsort(numbers, n, sizeof *numbers, compare);
}

bool iw_switch_numbers_hold(const uint32_t *numbers, size_t n, uint32_t number)
{
    return n != 0 && bsearch(&number, numbers, n, sizeof *numbers, compare) != NULL;
}

bool iw_switch_names_hold(const struct iw_switch_names *names, uint32_t number)
{
    return names->is_cut != 0 || iw_switch_numbers_hold(names->items, names->n, number);
}

/* --- words ---------------------------------------------------------------------------------- */

#define MOST_DEFINED 64U
/* More than twice as many as are kept: few of them stand beside their place. */
#define SEEN 2048U
_Static_assert(SEEN >= 2 * IW_SWITCH_NAMES && (SEEN & (SEEN - 1)) == 0, "a place is always free");

struct finding {
    struct iw_value text;
    size_t at, width;
    struct iw_switch_names *names;
    uint32_t defined[MOST_DEFINED]; /* by this text itself */
    uint32_t n_defined;
    uint32_t seen[SEEN]; /* what is kept, by its last bits, or behind; 0: none */
};

/* Each once; texts may hold as many words as they like. */
static void keep(struct finding *in, uint32_t number)
{
    struct iw_switch_names *names = in->names;
    size_t at = number % SEEN;
    if (names->is_cut != 0)
        return;
    while (in->seen[at] != 0 && in->seen[at] != number)
        at = (at + 1) % SEEN;
    if (in->seen[at] == number)
        return;
    in->seen[at] = number;
    if (names->n == IW_SWITCH_NAMES)
        names->is_cut = 1;
    else
        names->items[names->n++] = number;
}

/* 0x80: not ASCII. */
static unsigned character(const struct finding *in, size_t at)
{
    unsigned c = in->text.p[at];
    return in->width == 2 && in->text.p[at + 1] != 0 ? 0x80U : c;
}

static bool is_there(const struct finding *in)
{
    return in->at + in->width <= in->text.n;
}

static enum class_of class_at(const struct finding *in, size_t at)
{
    return CLASSES[character(in, at)];
}

/* Behind the next character behind which a command stands; false: there is none. */
static bool find_place(struct finding *in)
{
    const uint8_t *p = in->text.p;
    size_t width = in->width, n = in->text.n;
    for (size_t at = in->at; at + width <= n; at += width) {
        enum class_of class = CLASSES[p[at]];
        if (class < OPENS || (width == 2 && p[at + 1] != 0))
            continue;
        if (class == TURNS && at != 0) {
            class = class_at(in, at - width);
            if (class != BLANK && class != OPENS)
                continue;
        }
        in->at = at + width;
        return true;
    }
    return false;
}

/* The word behind blanks; false: there is none, or what is no name. */
static bool read_word(struct finding *in, uint32_t *ret)
{
    size_t begin;
    bool is_wide = false;
    unsigned first;
    while (is_there(in) && (class_at(in, in->at) == BLANK || class_at(in, in->at) == QUIET))
        in->at += in->width;
    begin = in->at;
    *ret = HASH_BEGIN;
    for (; is_there(in); in->at += in->width) {
        unsigned c = character(in, in->at);
        enum class_of class = class_at(in, in->at);
        if (class == QUIET)
            continue;
        if (class != LETTER)
            break;
        if (c < 0x80 || !is_wide)
            *ret = step(*ret, c);
        is_wide = c >= 0x80;
    }
    *ret = number_of(*ret);
    if (in->at == begin)
        return false;
    first = character(in, begin);
    return first != '-' && (first < '0' || first > '9');
}

/* Behind `function`: its name, `global:Name` among them. `${function:Name}` defines none. */
static void read_defined(struct finding *in)
{
    uint32_t number;
    while (is_there(in) && class_at(in, in->at) == BLANK && read_word(in, &number)) {
        if (in->n_defined < MOST_DEFINED)
            in->defined[in->n_defined++] = number;
        if (!is_there(in) || character(in, in->at) != ':')
            return;
        in->at += in->width;
        if (read_word(in, &number) && in->n_defined < MOST_DEFINED)
            in->defined[in->n_defined++] = number;
    }
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
    struct finding in = {.text = text, .names = ret, .width = text.type == IW_VALUE_UTF16 ? 2 : 1};
    bool is_place = true;
    ret->n = ret->is_cut = 0;
    if (text.type == IW_VALUE_NULL)
        return;
    while (is_place) {
        uint32_t number;
        bool is_name = read_word(&in, &number);
        if (is_name && (number == function || number == filter))
            read_defined(&in);
        else if (is_name && number == go_on)
            continue;
        else if (is_name)
            keep(&in, number);
        is_place = find_place(&in);
    }
    iw_switch_numbers_sort(ret->items, ret->n);
    if (in.n_defined != 0)
        leave_out_defined(&in);
}
