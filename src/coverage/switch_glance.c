#include "coverage/switch_glance.h"

#include "coverage/raw_text.h"

/* --- letters -------------------------------------------------------------------------------- */

enum { /* besides 1 to 26, a to z */
       OTHER = 0,
       BLANK = 27,
       QUOTE, /* `'`, `"` */
       HIDES, /* what takes words apart, or calls what is not there: backtick, `^`, `+`, `~`, `&` */
       JOINS, /* `-`, `/`, `.`, `\`, `_` and whatever is not ASCII, dashes among it */
       OPENS, /* `(`, `[`, `]`, `$` */
};

#define CLASSES ((size_t)32)

static uint8_t class_of(unsigned c)
{
    char lower = iw_ascii_lower((char)c);
    if (c >= 0x80)
        return JOINS;
    if (lower >= 'a' && lower <= 'z')
        return (uint8_t)(lower - 'a' + 1);
    if (c <= ' ')
        return BLANK;
    if (c == '\'' || c == '"')
        return QUOTE;
    if (strchr("`^+~&", (int)c) != NULL)
        return HIDES;
    if (strchr("-/.\\_", (int)c) != NULL)
        return JOINS;
    return strchr("([]$", (int)c) != NULL ? OPENS : OTHER;
}

static size_t place_of(size_t a, size_t b, size_t c)
{
    return (a * CLASSES + b) * CLASSES + c;
}

static void set(uint8_t *bits, size_t place)
{
    bits[place / 8] |= (uint8_t)(1U << place % 8);
}

/* What the commands of switch_programs.c, or what they are about, cannot do without, unless
 * something takes it apart. Compared by classes. */
static const char *const WORDS[] = {
    "wevt",     "fltm",     "logman",  "wmic",    "appcmd",  "auditp", /* programs */
    "stop-s",   "stop-p",   "stop-e",  "spsv",    "spps",    "kill",
    "set-serv", "remove-s", "etwtrac", "ant0m",   "powersh", "pwsh", /* commands */
    "sysmon",   "eventl",   "event l", "winevt",  "\\serv",  "minint",
    "cmdline_", "win32_",   "dontlog", "logfile", "logtarg", /* what it is about */
    ".stop",    "isenabl",  "clearl",  "logprop",            /* members */
    "[char]",   "-join",    "& (",     "& \"",               /* texts that are put together */
};

#define N_WORDS (sizeof WORDS / sizeof WORDS[0])
_Static_assert(N_WORDS <= IW_GLANCE_WORDS, "each has its end kept");

void iw_switch_glance_init(struct iw_switch_glance *glance)
{
    memset(glance, 0, sizeof *glance);
    for (unsigned c = 0; c < 256; c++)
        glance->class_of[c] = class_of(c);
    for (size_t i = 0; i < N_WORDS; i++) {
        const char *end = WORDS[i] + strlen(WORDS[i]) - 3;
        glance->end_of[i] = (uint16_t)place_of(class_of((uint8_t)end[0]), class_of((uint8_t)end[1]),
                                               class_of((uint8_t)end[2]));
        set(glance->ends, glance->end_of[i]);
    }
    for (size_t a = 0; a < CLASSES; a++) {
        for (size_t letter = 1; a >= 1 && a <= 26 && letter <= 26; letter++)
            set(glance->hides, place_of(letter, HIDES, a)); /* S`top, w^evt */
        set(glance->hides, place_of(a, HIDES, OPENS));      /* &(, 'a'+$b */
        set(glance->hides, place_of(a, HIDES, QUOTE));      /* &', $a+'b' */
        set(glance->hides, place_of(QUOTE, HIDES, a));      /* 'a'+ */
        set(glance->hides, place_of(OTHER, HIDES, a));      /* %x:~ */
    }
    set(glance->hides, place_of(HIDES, BLANK, QUOTE)); /* & 'a', $a + 'b' */
    set(glance->encoded, place_of(BLANK, JOINS, class_of('e')));
    set(glance->encoded, place_of(QUOTE, JOINS, class_of('e')));
    for (size_t i = 0; i < IW_GLANCE_BYTES; i++)
        glance->any[i] = glance->ends[i] | glance->hides[i] | glance->encoded[i];
}

static bool has(const uint8_t *bits, size_t place)
{
    return (bits[place / 8] & 1U << place % 8) != 0;
}

struct raw_text {
    const uint8_t *p;
    size_t n, width;
    const struct iw_switch_glance *glance;
};

/* The class of what stands at a place of a UTF-16 or UTF-8 text. */
static uint8_t class_at(const struct raw_text *text, size_t at)
{
    return text->width == 1 || text->p[at + 1] == 0 ? text->glance->class_of[text->p[at]] : JOINS;
}

/* Whether one of WORDS ends with the character *at*. */
static bool ends_word(const struct raw_text *text, size_t at, size_t seen)
{
    for (size_t i = 0; i < N_WORDS; i++) {
        size_t n, k = 0;
        if (text->glance->end_of[i] != seen)
            continue;
        n = strlen(WORDS[i]);
        while (k < n && k * text->width <= at &&
               class_at(text, at - k * text->width) == class_of((uint8_t)WORDS[i][n - 1 - k]))
            k++;
        if (k == n)
            return true;
    }
    return false;
}

static bool holds(const struct iw_switch_glance *glance, const struct iw_field *field,
                  bool is_encoded_one)
{
    struct raw_text text;
    size_t seen = 0;
    if (field == NULL || field->type == IW_VALUE_NULL)
        return false;
    if (field->type != IW_VALUE_UTF16 && field->type != IW_VALUE_UTF8)
        return true;
    text = (struct raw_text){field->p, field->n, field->type == IW_VALUE_UTF16 ? 2 : 1, glance};
    for (size_t i = 0; i + text.width <= text.n; i += text.width) {
        seen = (seen * CLASSES + class_at(&text, i)) % (CLASSES * CLASSES * CLASSES);
        if (!has(glance->any, seen))
            continue;
        if (has(glance->hides, seen) || (is_encoded_one && has(glance->encoded, seen)) ||
            (has(glance->ends, seen) && ends_word(&text, i, seen)))
            return true;
    }
    return false;
}

bool iw_switch_may_be_in_script(const struct iw_switch_glance *glance, const struct iw_field *text)
{
    return holds(glance, text, false);
}

bool iw_switch_may_be_in_arguments(const struct iw_switch_glance *glance,
                                   const struct iw_field *line)
{
    return holds(glance, line, true);
}

/* --- names ---------------------------------------------------------------------------------- */

/* The stems of programs by their last letters: nearly every process is told by its last to be none
 * of them. */
static bool ends_with_one(const struct iw_field *name, const struct iw_str *stems, size_t n)
{
    uint32_t width = name->type == IW_VALUE_UTF16 ? 2 : 1;
    char last;
    if (name->type != IW_VALUE_UTF16 && name->type != IW_VALUE_UTF8)
        return true;
    if (name->n < width)
        return false;
    last = iw_ascii_lower((char)name->p[name->n - width]);
    for (size_t i = 0; i < n; i++) {
        if (last == stems[i].p[stems[i].n - 1] && iw_raw_may_end(name, stems[i]))
            return true;
    }
    return false;
}

/* Without `.exe`; false: it does not end so. */
static bool stem_of(const struct iw_field *image, struct iw_field *ret)
{
    const struct iw_str ending = IW_STR(".exe");
    if (!iw_raw_may_end(image, ending))
        return false;
    *ret = *image;
    if (image->type == IW_VALUE_UTF16 || image->type == IW_VALUE_UTF8)
        ret->n -= (uint32_t)ending.n * (image->type == IW_VALUE_UTF16 ? 2 : 1);
    return true;
}

bool iw_switch_may_be_of_program(const struct iw_field *image)
{
    static const struct iw_str STEMS[] = {
        {"wevtutil", 8},    {"fltmc", 5},    {"\\sc", 3},   {"\\net", 4},
        {"\\net1", 5},      {"taskkill", 8}, {"sysmon", 6}, {"sysmon64", 8},
        {"sysmon64a", 9},   {"auditpol", 8}, {"logman", 6}, {"\\reg", 4},
        {"powershell", 10}, {"pwsh", 4},     {"\\wmic", 5}, {"appcmd", 6}};
    struct iw_field stem;
    return stem_of(image, &stem) && ends_with_one(&stem, STEMS, sizeof STEMS / sizeof STEMS[0]);
}

/* Version information names the file alone; `.mui` where it lies in a file of a language. */
bool iw_switch_may_be_of_original(const struct iw_field *name)
{
    static const struct iw_str STEMS[] = {
        {"wevtutil", 8}, {"fltmc", 5}, {"sc", 2},          {"net", 3},    {"net1", 4},
        {"taskkill", 8}, {"reg", 3},   {"auditpol", 8},    {"logman", 6}, {"sysmon", 6},
        {"sysmon64", 8}, {"wmic", 4},  {"powershell", 10}, {"appcmd", 6}};
    struct iw_field stem;
    if (name == NULL)
        return false;
    stem = *name;
    if (iw_raw_may_end(name, IW_STR("pwsh.dll")) || iw_raw_may_end(name, IW_STR(".mui")))
        return true;
    return stem_of(name, &stem) && ends_with_one(&stem, STEMS, sizeof STEMS / sizeof STEMS[0]);
}

bool iw_switch_may_be_of_powershell(const struct iw_field *image)
{
    return iw_raw_may_end(image, IW_STR("powershell.exe")) ||
           iw_raw_may_end(image, IW_STR("pwsh.exe"));
}

/* --- the registry and services -------------------------------------------------------------- */

/* `MiniNt` anywhere. */
static bool holds_mini(const struct iw_field *target)
{
    static const char WORD[] = "minint";
    uint32_t width = target->type == IW_VALUE_UTF16 ? 2 : 1;
    for (uint32_t i = 0; i + (sizeof WORD - 1) * width <= target->n; i += width) {
        size_t k = 0;
        if ((target->p[i] | 0x20U) != 'm')
            continue;
        while (k < sizeof WORD - 1 && iw_ascii_lower((char)target->p[i + k * width]) == WORD[k])
            k++;
        if (k == sizeof WORD - 1)
            return true;
    }
    return false;
}

bool iw_switch_may_be_of_value(const struct iw_field *target)
{
    if (target == NULL)
        return false;
    if (target->type != IW_VALUE_UTF16 && target->type != IW_VALUE_UTF8)
        return target->type != IW_VALUE_NULL;
    return iw_raw_may_end(target, IW_STR("enabled")) || iw_raw_may_end(target, IW_STR("\\start")) ||
           holds_mini(target);
}

bool iw_switch_may_be_of_service(const struct iw_field *name)
{
    char first;
    if (name == NULL || name->type == IW_VALUE_NULL || name->n == 0)
        return false;
    if (name->type != IW_VALUE_UTF16 && name->type != IW_VALUE_UTF8)
        return true;
    first = iw_ascii_lower((char)name->p[0]);
    return first == 'e' || first == 'w' || first == 's'; /* EventLog, Windows Event Log, Sysmon */
}
