/*
 * What the characters of a name tell, and its two endings. A name is compared with Microsoft's in
 * look_alike_near.c.
 */
#include "iis/known/look_alike.h"

#include <stdio.h>

#include "base/fold.h"
#include "base/utf.h"
#include "iis/known/confusable.h"
#include "iis/known/look_alike_near.h"

/* --- characters -------------------------------------------------------------------------- */

/* Code points of one kind in a name. */
struct listed {
    uint32_t items[IW_LIMIT_LOOK_ALIKE_LISTED];
    size_t n; /* may be larger than what items hold */
};

static void list(struct listed *listed, uint32_t code_point)
{
    if (listed->n < IW_LIMIT_LOOK_ALIKE_LISTED)
        listed->items[listed->n] = code_point;
    listed->n++;
}

static void note_listed(struct iw_notes *notes, const char *what, const struct listed *listed)
{
    char text[IW_LIMIT_LOOK_ALIKE_LISTED * 16 + 64];
    size_t at = 0;

    if (listed->n == 0)
        return;
    for (size_t i = 0; i < listed->n && i < IW_LIMIT_LOOK_ALIKE_LISTED; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%sU+%04X", i == 0 ? "" : ", ",
                               listed->items[i]);
    if (listed->n > IW_LIMIT_LOOK_ALIKE_LISTED)
        (void)snprintf(text + at, sizeof text - at, " and %zu more",
                       listed->n - IW_LIMIT_LOOK_ALIKE_LISTED);
    iw_notes_add(notes, "name %s: %s", what, text);
}

struct characters {
    struct listed greek, cyrillic, armenian, full_width, styled, unseen, direction, spaces, control;
    size_t n_latin;
};

static void sort_in(struct characters *in, uint32_t code_point)
{
    enum iw_script script = iw_script_of(code_point);

    in->n_latin += script == IW_SCRIPT_LATIN;
    if (script == IW_SCRIPT_GREEK)
        list(&in->greek, code_point);
    else if (script == IW_SCRIPT_CYRILLIC)
        list(&in->cyrillic, code_point);
    else if (script == IW_SCRIPT_ARMENIAN)
        list(&in->armenian, code_point);
    else if (script == IW_SCRIPT_FULL_WIDTH)
        list(&in->full_width, code_point);
    else if (script == IW_SCRIPT_STYLED)
        list(&in->styled, code_point);
    else if (iw_is_direction_control(code_point))
        list(&in->direction, code_point);
    else if (iw_is_unseen(code_point))
        list(&in->unseen, code_point);
    else if (iw_is_odd_space(code_point))
        list(&in->spaces, code_point);
    else if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0))
        list(&in->control, code_point);
}

static void note_ends(struct iw_str name, struct iw_notes *notes)
{
    if (name.n == 0)
        return;
    if (name.p[0] == ' ')
        iw_notes_add(notes, "name begins with a space");
    if (name.p[name.n - 1] == ' ')
        iw_notes_add(notes, "name ends with a space");
    if (name.p[name.n - 1] == '.')
        iw_notes_add(notes, "name ends with a dot");
}

void iw_look_alike_characters(struct iw_str name, struct iw_notes *notes)
{
    struct characters in = {.n_latin = 0};

    for (size_t at = 0; at < name.n;)
        sort_in(&in, iw_utf8_next(name, &at));
    if (!iw_utf8_valid(name))
        iw_notes_add(notes, "name is no valid text");
    if (in.n_latin != 0) {
        note_listed(notes, "mixes Latin and Greek letters", &in.greek);
        note_listed(notes, "mixes Latin and Cyrillic letters", &in.cyrillic);
        note_listed(notes, "mixes Latin and Armenian letters", &in.armenian);
    }
    note_listed(notes, "holds full-width characters", &in.full_width);
    note_listed(notes, "holds mathematical letters", &in.styled);
    note_listed(notes, "holds characters that are not seen", &in.unseen);
    note_listed(notes, "holds characters that turn the direction of writing", &in.direction);
    note_listed(notes, "holds spaces that are not the usual one", &in.spaces);
    note_listed(notes, "holds control characters", &in.control);
    note_ends(name, notes);
}

/* --- endings ----------------------------------------------------------------------------- */

static bool is_among(struct iw_str text, const char *const *names)
{
    for (; *names != NULL; names++)
        if (iw_str_equal_nocase(text, iw_str_of(*names)))
            return true;
    return false;
}

/* Takes the last ending off. Empty: there is none. */
static struct iw_str take_ending(struct iw_str *name)
{
    for (size_t i = name->n; i-- != 0;)
        if (name->p[i] == '.') {
            struct iw_str ending = {name->p + i + 1, name->n - i - 1};
            name->n = i;
            return ending;
        }
    return (struct iw_str){"", 0};
}

/* `System.Xml.dll`, `Contoso.Config.dll`: parts of an assembly's name are no endings, so fewer
 * count before .dll and .exe. */
static const char *const PAGES[] = {"aspx",  "ashx", "asmx",   "asp",    "asa",  "cer",
                                    "cdx",   "svc",  "axd",    "rem",    "soap", "php",
                                    "phtml", "phar", "jsp",    "jspx",   "cfm",  "shtml",
                                    "shtm",  "stm",  "cshtml", "vbhtml", NULL};
static const char *const BINARIES[] = {"dll", "exe", NULL};
static const char *const CONTENT[] = {"jpg",  "jpeg", "png", "gif", "bmp",  "ico", "svg",
                                      "webp", "txt",  "pdf", "doc", "docx", "xls", "xlsx",
                                      "zip",  "rar",  "csv", "mp3", "mp4",  NULL};
static const char *const TEXTS[] = {"config", "css", "js",  "htm", "html", "xml",
                                    "json",   "log", "bak", "old", NULL};

struct iw_str iw_look_alike_ending(struct iw_str name)
{
    struct iw_str none = {"", 0}, last = take_ending(&name), inner;
    bool is_page = is_among(last, PAGES), is_binary = is_among(last, BINARIES);

    if (!is_page && !is_binary)
        return none;
    while (name.n != 0 &&
           (name.p[name.n - 1] == ';' || name.p[name.n - 1] == ' ' || name.p[name.n - 1] == '.'))
        name.n--;
    inner = take_ending(&name);
    if (name.n == 0)
        return none;
    return is_among(inner, CONTENT) || (is_page && is_among(inner, TEXTS)) ? inner : none;
}

/* --- a name ------------------------------------------------------------------------------ */

static bool is_end_blank(uint32_t code_point)
{
    return code_point == ' ' || code_point == '.';
}

/* False: it is longer than what is compared. */
static bool read_name(struct iw_str text, struct iw_look_alike_name *name)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t code_point = iw_utf8_next(text, &at);
        if (name->n_written == IW_LIMIT_LOOK_ALIKE_LETTERS)
            return false;
        name->written[name->n_written++] = iw_fold_code_point(code_point);
        if (!iw_is_unseen(code_point) && !iw_is_direction_control(code_point) &&
            !(name->n_looks == 0 && iw_confusable_latin(code_point) == ' '))
            name->looks[name->n_looks++] = iw_fold_code_point(iw_confusable_latin(code_point));
    }
    while (name->n_looks != 0 && is_end_blank(name->looks[name->n_looks - 1]))
        name->n_looks--;
    return true;
}

enum iw_rc iw_look_alike_notes(enum iw_look_alike_of of, struct iw_str name, struct iw_arena *arena,
                               struct iw_text_list *ret)
{
    struct iw_look_alike_name letters = {.n_written = 0};
    struct iw_str ending = of == IW_LOOK_ALIKE_FILE ? iw_look_alike_ending(name) : IW_STR("");
    struct iw_notes notes;

    iw_notes_init(&notes, arena);
    if (read_name(name, &letters))
        iw_look_alike_near(of, &letters, &notes);
    else
        iw_notes_add(&notes, "name has more than %u letters and was not compared with Microsoft's",
                     IW_LIMIT_LOOK_ALIKE_LETTERS);
    iw_look_alike_characters(name, &notes);
    if (ending.n != 0)
        iw_notes_add(&notes, "name has an ending before its ending: .%.*s", IW_STR_ARG(ending));
    return iw_notes_take(&notes, ret);
}
