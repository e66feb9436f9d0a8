#include "coverage/switch_glance.h"

#include "base/bytes.h"
#include "coverage/raw_text.h"

/* --- names ---------------------------------------------------------------------------------- */

/* The stems of programs; a backslash in front of those that many others end like. */
static const struct iw_str IMAGES[] = {
    {"wevtutil", 8},    {"fltmc", 5},    {"\\sc", 3},   {"\\net", 4},
    {"\\net1", 5},      {"taskkill", 8}, {"sysmon", 6}, {"sysmon64", 8},
    {"sysmon64a", 9},   {"auditpol", 8}, {"logman", 6}, {"\\reg", 4},
    {"powershell", 10}, {"pwsh", 4},     {"\\wmic", 5}, {"appcmd", 6}};

/* Version information names the file alone. */
static const struct iw_str ORIGINALS[] = {
    {"wevtutil", 8}, {"fltmc", 5}, {"sc", 2},          {"net", 3},    {"net1", 4},
    {"taskkill", 8}, {"reg", 3},   {"auditpol", 8},    {"logman", 6}, {"sysmon", 6},
    {"sysmon64", 8}, {"wmic", 4},  {"powershell", 10}, {"appcmd", 6}};

#define N_IMAGES (sizeof IMAGES / sizeof IMAGES[0])
#define N_ORIGINALS (sizeof ORIGINALS / sizeof ORIGINALS[0])

static uint32_t bit_of(char c)
{
    return UINT32_C(1) << ((uint8_t)c & 31U);
}

static void init_ends(struct iw_glance_ends *ends, const struct iw_str *stems, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ends->last |= bit_of(stems[i].p[stems[i].n - 1]);
        ends->before |= bit_of(stems[i].p[stems[i].n - 2]);
    }
}

/* --- letters -------------------------------------------------------------------------------- */

enum { /* besides 1 to 26, a to z */
       OTHER = 0,
       BLANK = 27,
       QUOTE, /* `'`, `"` */
       HIDES, /* what takes words apart, or calls what is not there: backtick, `^`, `+`, `~`, `&` */
       JOINS, /* `-`, `/`, `.`, `\`, `_` and whatever is not ASCII, dashes among it */
       OPENS, /* `(`, `[`, `]`, `$` */
};

#define CLASSES IW_GLANCE_CLASSES

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

/* What the commands of switch_programs.c, or what they are about, cannot do without, unless
 * something takes it apart. Compared by classes. */
static const char *const WORDS[] = {
    "wevt",     "fltm",     "logman",  "wmic",    "appcmd",  "auditp", /* programs */
    "stop-s",   "stop-p",   "stop-e",  "spsv",    "spps",    "kill",
    "set-serv", "remove-s", "etwtrac", "ant0m",   "powersh", "pwsh", /* commands */
    "sysmon",   "eventl",   "event l", "winevt",  "\\serv",  "minint",
    "cmdline_", "win32_",   "dontlog", "logfile", "logtarg", /* what it is about */
    ".stop",    "isenabl",  "clearl",  "logprop",            /* members */
    "[char]",   "-join",                                     /* texts that are put together */
};

#define N_WORDS (sizeof WORDS / sizeof WORDS[0])
_Static_assert(2 * N_WORDS < IW_GLANCE_PAIRS, "each is known by two pairs");

/* Why a pair is looked at more closely. */
enum { IN_SCRIPTS = 1, IN_ARGUMENTS = 2 };

/* Roughly how many of a thousand characters are of a class, in scripts and command lines. */
static const uint8_t SHARE[IW_GLANCE_CLASSES] = {
    80, 65, 12, 28, 35, 105, 20, 16, 35, 60, 2,  7, 36,  24, 58, /* other, a to n */
    60, 25, 1,  60, 62, 80,  26, 9,  16, 4,  15, 1, 130, 20, 10, 60, 40};

static size_t pair_of(size_t a, size_t b)
{
    return a * CLASSES + b;
}

/* Of the pairs of a word that begin at every other of its characters, from *begin* on, the rarest:
 * of any word that stands in a text one such pair lies at an even place of the text. */
static size_t rarest_pair(const char *word, size_t begin)
{
    unsigned least = UINT32_MAX;
    size_t found = begin;
    for (size_t at = begin; word[at + 1] != '\0'; at += 2) {
        unsigned share =
            (unsigned)SHARE[class_of((uint8_t)word[at])] * SHARE[class_of((uint8_t)word[at + 1])];
        if (share < least) {
            least = share;
            found = at;
        }
        if (word[at + 2] == '\0')
            break;
    }
    return found;
}

static void add_word(struct iw_switch_glance *glance, uint8_t *reasons, size_t word, size_t at)
{
    struct iw_glance_word *added = &glance->words[++glance->n_words];
    size_t pair =
        pair_of(class_of((uint8_t)WORDS[word][at]), class_of((uint8_t)WORDS[word][at + 1]));
    *added = (struct iw_glance_word){(uint8_t)word, (uint8_t)at, glance->first_of[pair]};
    glance->first_of[pair] = (uint8_t)glance->n_words;
    reasons[pair] |= IN_SCRIPTS | IN_ARGUMENTS;
}

void iw_switch_glance_init(struct iw_switch_glance *glance)
{
    uint8_t reasons[IW_GLANCE_CLASSES * IW_GLANCE_CLASSES] = {0};
    uint16_t lines[128]; /* where the pairs of a first character stand among them */
    memset(glance, 0, sizeof *glance);
    for (unsigned c = 0; c < 256; c++)
        glance->class_of[c] = class_of(c);
    for (unsigned c = 0; c < 128; c++)
        lines[c] = (uint16_t)pair_of(glance->class_of[c], 0);
    for (size_t i = 0; i < N_WORDS; i++) {
        add_word(glance, reasons, i, rarest_pair(WORDS[i], 0));
        add_word(glance, reasons, i, rarest_pair(WORDS[i], 1));
    }
    for (size_t a = 0; a < CLASSES; a++) {
        reasons[pair_of(a, HIDES)] |= IN_SCRIPTS | IN_ARGUMENTS;
        reasons[pair_of(HIDES, a)] |= IN_SCRIPTS | IN_ARGUMENTS;
    }
    reasons[pair_of(BLANK, JOINS)] |= IN_ARGUMENTS; /* -e, /e */
    reasons[pair_of(QUOTE, JOINS)] |= IN_ARGUMENTS;
    reasons[pair_of(JOINS, class_of('e'))] |= IN_ARGUMENTS;
    for (size_t second = 0; second < 128; second++) {
        const uint8_t *of_second = reasons + glance->class_of[second];
        for (size_t first = 0; first < 128; first++)
            glance->pairs[second << 7 | first] = of_second[lines[first]];
    }
    init_ends(&glance->of_images, IMAGES, N_IMAGES);
    init_ends(&glance->of_originals, ORIGINALS, N_ORIGINALS);
}

struct raw_text {
    const uint8_t *p;
    size_t n; /* characters */
    size_t width;
    const struct iw_switch_glance *glance;
    bool is_arguments;
};

/* The class of a character of a UTF-16 or UTF-8 text. Before the text and behind it: none. */
static uint8_t class_at(const struct raw_text *text, size_t at)
{
    const uint8_t *c;
    if (at >= text->n)
        return OTHER;
    c = text->p + at * text->width;
    return text->width == 1 || c[1] == 0 ? text->glance->class_of[c[0]] : JOINS;
}

static bool is_letter(uint8_t class)
{
    return class >= 1 && class <= 26;
}

/* Whether what hides words at a place may take one apart or call one. */
static bool hides_at(const struct raw_text *text, size_t at)
{
    uint8_t before = class_at(text, at - 1), next = class_at(text, at + 1);
    if (at + 1 >= text->n)
        return false;
    return (is_letter(before) && is_letter(next)) || /* S`top, w^evt */
           next == OPENS || next == QUOTE ||         /* &(, 'a'+$b, &', $a+'b' */
           before == QUOTE || before == OTHER ||     /* 'a'+, %x:~ */
           (next == BLANK && (class_at(text, at + 2) == QUOTE ||
                              class_at(text, at + 2) == OPENS)); /* & 'a', $a + 'b', & (a) */
}

/* Whether PowerShell's option for an encoded text may stand here. */
static bool encodes_at(const struct raw_text *text, size_t dash)
{
    uint8_t before = class_at(text, dash - 1);
    return class_at(text, dash) == JOINS && class_at(text, dash + 1) == class_of('e') &&
           (before == BLANK || before == QUOTE);
}

static bool stands_at(const struct raw_text *text, const char *word, size_t begin)
{
    size_t k = 0;
    while (word[k] != '\0' && begin + k < text->n &&
           class_at(text, begin + k) == text->glance->class_of[(uint8_t)word[k]])
        k++;
    return word[k] == '\0';
}

/* Whether the pair at a place is of anything that is heard. */
static bool is_heard_at(const struct raw_text *text, size_t at)
{
    const struct iw_switch_glance *glance = text->glance;
    uint8_t a = class_at(text, at), b = class_at(text, at + 1);
    if ((a == HIDES && hides_at(text, at)) || (b == HIDES && hides_at(text, at + 1)))
        return true;
    if (text->is_arguments && (encodes_at(text, at) || encodes_at(text, at + 1)))
        return true;
    for (size_t i = glance->first_of[pair_of(a, b)]; i != 0; i = glance->words[i].next) {
        const struct iw_glance_word *one = &glance->words[i];
        if (at >= one->at && stands_at(text, WORDS[one->word], at - one->at))
            return true;
    }
    return false;
}

/* From an even place on the first that is to be looked at more closely, or one behind which less
 * than four characters are. Every four that are not ASCII alone are looked at. */
static size_t next_wide(const struct raw_text *text, size_t at, uint8_t reason)
{
    const uint8_t *const pairs = text->glance->pairs;
    for (; at + 4 <= text->n; at += 4) {
        uint64_t four = iw_load_u64(text->p + 2 * at);
        if ((four & UINT64_C(0xFF80FF80FF80FF80)) != 0 ||
            ((pairs[(four | four >> 9) & 0x3FFF] | pairs[(four >> 32 | four >> 41) & 0x3FFF]) &
             reason) != 0)
            break;
    }
    return at;
}

static size_t next_narrow(const struct raw_text *text, size_t at, uint8_t reason)
{
    const uint8_t *const pairs = text->glance->pairs;
    for (; at + 4 <= text->n; at += 4) {
        uint32_t four = iw_load_u32(text->p + at);
        if ((four & 0x80808080U) != 0 || ((pairs[(four & 0x7F) | (four >> 1 & 0x3F80)] |
                                           pairs[(four >> 16 & 0x7F) | (four >> 17 & 0x3F80)]) &
                                          reason) != 0)
            break;
    }
    return at;
}

static bool holds(const struct iw_switch_glance *glance, const struct iw_field *field,
                  bool is_arguments)
{
    struct raw_text text;
    uint8_t reason = is_arguments ? IN_ARGUMENTS : IN_SCRIPTS;
    if (field == NULL || field->type == IW_VALUE_NULL)
        return false;
    if (field->type != IW_VALUE_UTF16 && field->type != IW_VALUE_UTF8)
        return true;
    text = (struct raw_text){field->p, field->n, 1, glance, is_arguments};
    if (field->type == IW_VALUE_UTF16) {
        text.n /= 2;
        text.width = 2;
    }
    for (size_t at = 0; at + 1 < text.n; at += 4) {
        at = text.width == 2 ? next_wide(&text, at, reason) : next_narrow(&text, at, reason);
        if (is_heard_at(&text, at) || is_heard_at(&text, at + 2))
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

/* --- processes ------------------------------------------------------------------------------- */

/* Nearly every process is told by the last two letters of its stem to be none of them. */
static bool ends_with_one(const struct iw_glance_ends *ends, const struct iw_field *name,
                          const struct iw_str *stems, size_t n)
{
    uint32_t width = name->type == IW_VALUE_UTF16 ? 2 : 1;
    if (name->type != IW_VALUE_UTF16 && name->type != IW_VALUE_UTF8)
        return true;
    if (name->n < 2 * width || (bit_of((char)name->p[name->n - width]) & ends->last) == 0 ||
        (bit_of((char)name->p[name->n - 2 * width]) & ends->before) == 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (iw_raw_may_end(name, stems[i]))
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

static bool may_be_of_image(const struct iw_switch_glance *glance, const struct iw_field *image)
{
    struct iw_field stem;
    return stem_of(image, &stem) && ends_with_one(&glance->of_images, &stem, IMAGES, N_IMAGES);
}

/* `.mui` where it lies in a file of a language. */
static bool may_be_of_original(const struct iw_switch_glance *glance, const struct iw_field *name)
{
    struct iw_field stem;
    if (name == NULL)
        return false;
    return iw_raw_may_end(name, IW_STR("pwsh.dll")) || iw_raw_may_end(name, IW_STR(".mui")) ||
           (stem_of(name, &stem) &&
            ends_with_one(&glance->of_originals, &stem, ORIGINALS, N_ORIGINALS));
}

/* Whether it surely is PowerShell by its image, or by its original name: whatever only ends like
 * these may be another program under that name. */
static bool is_powershell(const struct iw_field *image)
{
    return iw_raw_ends(image, IW_STR("\\powershell.exe")) ||
           iw_raw_ends(image, IW_STR("\\pwsh.exe"));
}

static bool is_powershell_originally(const struct iw_field *name)
{
    static const struct iw_str NAMES[] = {
        {"powershell.exe", 14}, {"powershell.exe.mui", 18}, {"pwsh.dll", 8}};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_raw_is(name, NAMES[i]))
            return true;
    }
    return false;
}

bool iw_switch_may_be_of_process(const struct iw_switch_glance *glance,
                                 const struct iw_event *event)
{
    const struct iw_field *image, *original = NULL;
    bool is_sysmon = event->event_id == 1, is_of_image, is_of_text;
    image = iw_event_find(event, is_sysmon ? IW_FIELD_IMAGE : IW_FIELD_NEW_PROCESS_NAME);
    is_of_image = may_be_of_image(glance, image);
    is_of_text = is_of_image && is_powershell(image);
    if (is_sysmon && (!is_of_image || is_of_text))
        original = iw_event_find(event, IW_FIELD_ORIGINAL_FILE_NAME);
    if (may_be_of_original(glance, original))
        is_of_text = is_powershell_originally(original);
    else if (!is_of_image)
        return false;
    return !is_of_text ||
           iw_switch_may_be_in_arguments(glance, iw_event_find(event, IW_FIELD_COMMAND_LINE));
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
           iw_raw_may_end(target, IW_STR("\\rules")) || holds_mini(target);
}

bool iw_switch_may_be_of_service(const struct iw_field *name)
{
    static const struct iw_str NAMES[] = {{"eventlog", 8},  {"windows event log", 17},
                                          {"sysmon", 6},    {"sysmon64", 8},
                                          {"sysmondrv", 9}, {"sysmon64a", 9}};
    if (name == NULL || name->type == IW_VALUE_NULL)
        return false;
    if (name->type != IW_VALUE_UTF16 && name->type != IW_VALUE_UTF8)
        return true;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_raw_is(name, NAMES[i]))
            return true;
    }
    return false;
}
