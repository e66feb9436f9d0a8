/*
 * Names near to Microsoft's.
 *
 * How near is near: inbox files have names of 3 to 8 letters, where two edits may lead from any
 * word to any other, so files of 5 and 6 letters count at one edit, longer ones at two; names of
 * components at one, from 10 letters on at two. Below 5 letters nothing is near. Besides edits: a
 * file named like a module (HttpCache.dll), a name that only adds something to Microsoft's, and the
 * stems Microsoft abbreviates its own files with (cachport beside cachuri, cachfile, cachhttp).
 * Sources: file names of known malicious modules (ESET 2021, GhostRedirector), Atomic Red Team.
 *
 * Not found this way, because nothing but the letters iis or a word is common: iis7_64, sortkey,
 * miniscreen.
 */
#include "iis/known/look_alike_near.h"

#include "iis/known/known_table.h"

enum {
    NEAR_LETTERS = 5,      /* shorter names are near to nothing */
    FILE_TWO_LETTERS = 7,  /* from here on a file's name may differ by two edits */
    NAME_TWO_LETTERS = 10, /* and a component's */
    LONG_LETTERS = 8,      /* a name that is Microsoft's alone, not a word */
};

/* --- distance ---------------------------------------------------------------------------- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned iw_look_alike_distance(const uint32_t *left, size_t n_left, const uint32_t *right,
                                size_t n_right, unsigned limit)
{
    unsigned rows[3][IW_LIMIT_LOOK_ALIKE_LETTERS + 1];
    size_t difference = n_left > n_right ? n_left - n_right : n_right - n_left;

    if (difference > limit)
        return limit + 1;
    for (size_t k = 0; k <= n_right; k++)
        rows[0][k] = (unsigned)k;
    for (size_t i = 1; i <= n_left; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
        unsigned best = row[0] = (unsigned)i;
        for (size_t k = 1; k <= n_right; k++) {
            row[k] = least(above[k - 1] + (left[i - 1] != right[k - 1]),
                           least(above[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && left[i - 1] == right[k - 2] && left[i - 2] == right[k - 1])
                row[k] = least(row[k], two_above[k - 2] + 1);
            best = least(best, row[k]);
        }
        if (best > limit)
            return limit + 1;
    }
    return least(rows[n_left % 3][n_right], limit + 1);
}

/* --- Microsoft's names ------------------------------------------------------------------- */

struct letters {
    uint32_t items[IW_LIMIT_LOOK_ALIKE_LETTERS];
    size_t n;
};

/* Microsoft's names are ASCII and short. */
static struct letters letters_of(struct iw_str text)
{
    struct letters letters = {.n = text.n};

    for (size_t i = 0; i < text.n; i++)
        letters.items[i] = (unsigned char)iw_ascii_lower(text.p[i]);
    return letters;
}

static struct iw_str without_suffix(struct iw_str text, struct iw_str suffix)
{
    if (text.n > suffix.n && iw_str_ends_nocase(text, suffix))
        text.n -= suffix.n;
    return text;
}

static struct iw_str file_of(const char *image)
{
    const char *slash = strrchr(image, '\\');

    return iw_str_of(slash != NULL ? slash + 1 : image);
}

static struct iw_str stem_of(struct iw_str file)
{
    return without_suffix(without_suffix(file, IW_STR(".dll")), IW_STR(".exe"));
}

static bool is_named_kind(enum iw_component_kind kind)
{
    return kind == IW_COMPONENT_GLOBAL_MODULE || kind == IW_COMPONENT_MANAGED_MODULE ||
           kind == IW_COMPONENT_HANDLER || kind == IW_COMPONENT_ISAPI_FILTER;
}

/* --- comparing --------------------------------------------------------------------------- */

struct comparison {
    enum iw_look_alike_of of;
    struct letters written, looks; /* of a file: without .dll or .exe */
    bool is_inbox;
    struct iw_str same;    /* the name it looks exactly like */
    struct iw_str nearest; /* the first of those with the fewest edits */
    unsigned edits;
    struct iw_str added_to;               /* a name that it begins with */
    const struct iw_known_row *of_module; /* a file named like this module */
};

static bool same(const struct letters *left, const struct letters *right)
{
    return left->n == right->n &&
           memcmp(left->items, right->items, left->n * sizeof left->items[0]) == 0;
}

static unsigned edits_allowed(enum iw_look_alike_of of, size_t n)
{
    size_t two = of == IW_LOOK_ALIKE_FILE ? FILE_TWO_LETTERS : NAME_TWO_LETTERS;

    return n < NEAR_LETTERS ? 0 : n < two ? 1 : 2;
}

/* Is it this name, or does it look exactly like it? *shown* is what the note says. */
static bool compare_exactly(struct comparison *comparison, const struct letters *inbox,
                            struct iw_str shown)
{
    comparison->is_inbox |= same(&comparison->written, inbox);
    if (!same(&comparison->looks, inbox))
        return false;
    comparison->same = shown;
    return true;
}

static bool begins_with(const struct letters *text, const struct letters *prefix)
{
    return prefix->n < text->n &&
           memcmp(prefix->items, text->items, prefix->n * sizeof prefix->items[0]) == 0;
}

static void compare(struct comparison *comparison, struct iw_str plain, struct iw_str shown)
{
    struct letters inbox = letters_of(plain), *looks = &comparison->looks;
    unsigned allowed = edits_allowed(comparison->of, inbox.n < looks->n ? inbox.n : looks->n);
    unsigned edits;

    if (compare_exactly(comparison, &inbox, shown))
        return;
    edits = iw_look_alike_distance(looks->items, looks->n, inbox.items, inbox.n, allowed);
    if (edits != 0 && edits <= allowed && edits < comparison->edits) {
        comparison->edits = edits;
        comparison->nearest = shown;
    }
    if (comparison->of == IW_LOOK_ALIKE_COMPONENT && inbox.n >= LONG_LETTERS &&
        inbox.n > comparison->added_to.n && begins_with(looks, &inbox))
        comparison->added_to = shown;
}

/* A file named like a module, or like it without "Module". */
static void compare_with_module(struct comparison *comparison, const struct iw_known_row *row)
{
    struct iw_str name = iw_str_of(row->name);
    struct letters whole = letters_of(name),
                   bare = letters_of(without_suffix(name, IW_STR("Module")));
    bool is_near = whole.n >= NAME_TWO_LETTERS &&
                   iw_look_alike_distance(comparison->looks.items, comparison->looks.n, whole.items,
                                          whole.n, 2) <= 2;

    if (same(&comparison->looks, &whole) || is_near ||
        (bare.n >= LONG_LETTERS && same(&comparison->looks, &bare)))
        comparison->of_module = comparison->of_module != NULL ? comparison->of_module : row;
}

static void compare_with_all(struct comparison *comparison)
{
    const struct iw_known_row *row;
    size_t n = 0;
    const char *const *others = iw_known_other_files(&n);

    for (size_t i = 0; (row = iw_known_row_at(i)) != NULL; i++) {
        if (comparison->of == IW_LOOK_ALIKE_COMPONENT && is_named_kind(row->kind))
            compare(comparison, iw_str_of(row->name), iw_str_of(row->name));
        if (comparison->of == IW_LOOK_ALIKE_FILE && row->image != NULL)
            compare(comparison, stem_of(file_of(row->image)), file_of(row->image));
        if (comparison->of == IW_LOOK_ALIKE_FILE && row->kind == IW_COMPONENT_GLOBAL_MODULE)
            compare_with_module(comparison, row);
    }
    for (size_t i = 0; comparison->of == IW_LOOK_ALIKE_FILE && i < n; i++) {
        struct letters other = letters_of(iw_str_of(others[i]));
        (void)compare_exactly(comparison, &other, iw_str_of(others[i]));
    }
}

/* --- the note ---------------------------------------------------------------------------- */

/* Of the module whose file that is; "" where there is none. */
static const char *module_of(struct iw_str file)
{
    const struct iw_known_row *row;

    for (size_t i = 0; (row = iw_known_row_at(i)) != NULL; i++)
        if (row->kind == IW_COMPONENT_GLOBAL_MODULE && iw_str_equal(file_of(row->image), file))
            return row->name;
    return "";
}

static void note_file(struct iw_notes *notes, const char *how, struct iw_str file)
{
    const char *module = module_of(file);

    iw_notes_add(notes, "name %s %.*s (Microsoft's%s%s)", how, IW_STR_ARG(file),
                 *module != 0 ? " " : "", module);
}

/* A stem that only Microsoft's own abbreviations begin with, and lengths of those. */
static const char *stem_in(const struct letters *name)
{
    static const struct {
        const char *stem, *files;
        size_t least, most;
    } STEMS[] = {{"auth", "authanon.dll, authbas.dll, authmd5.dll", 7, 8},
                 {"cach", "cachuri.dll, cachfile.dll, cachhttp.dll", 7, 8},
                 {"url", "urlauthz.dll", 8, 8}};

    for (size_t i = 0; i < sizeof STEMS / sizeof STEMS[0]; i++) {
        struct letters stem = letters_of(iw_str_of(STEMS[i].stem));
        if (name->n >= STEMS[i].least && name->n <= STEMS[i].most &&
            memcmp(name->items, stem.items, stem.n * sizeof stem.items[0]) == 0)
            return STEMS[i].files;
    }
    return NULL;
}

static void note_near_file(const struct comparison *comparison, struct iw_notes *notes)
{
    const char *files = stem_in(&comparison->looks);

    if (comparison->same.n != 0)
        note_file(notes, "is written with other characters than", comparison->same);
    else if (comparison->nearest.n != 0)
        note_file(notes, "looks like", comparison->nearest);
    else if (comparison->of_module != NULL)
        iw_notes_add(notes, "name looks like that of Microsoft's module %s, whose file is %.*s",
                     comparison->of_module->name,
                     IW_STR_ARG(file_of(comparison->of_module->image)));
    else if (files != NULL)
        iw_notes_add(notes, "name begins like Microsoft's %s", files);
}

static void note_near_name(const struct comparison *comparison, struct iw_notes *notes)
{
    if (comparison->same.n != 0)
        iw_notes_add(notes, "name is written with other characters than Microsoft's %.*s",
                     IW_STR_ARG(comparison->same));
    else if (comparison->nearest.n != 0)
        iw_notes_add(notes, "name looks like Microsoft's %.*s", IW_STR_ARG(comparison->nearest));
    else if (comparison->added_to.n != 0)
        iw_notes_add(notes, "name is Microsoft's %.*s with something added",
                     IW_STR_ARG(comparison->added_to));
}

static struct letters letters_without_ending(const uint32_t *items, size_t n, bool is_file)
{
    struct letters letters = {.n = n}, dll = letters_of(IW_STR(".dll")),
                   exe = letters_of(IW_STR(".exe"));
    const uint32_t *ending = n > dll.n ? items + n - dll.n : NULL;

    memcpy(letters.items, items, n * sizeof items[0]);
    if (is_file && ending != NULL &&
        (memcmp(ending, dll.items, dll.n * sizeof items[0]) == 0 ||
         memcmp(ending, exe.items, exe.n * sizeof items[0]) == 0))
        letters.n -= dll.n;
    return letters;
}

void iw_look_alike_near(enum iw_look_alike_of of, const struct iw_look_alike_name *name,
                        struct iw_notes *notes)
{
    bool is_file = of == IW_LOOK_ALIKE_FILE;
    struct comparison comparison = {
        .of = of,
        .written = letters_without_ending(name->written, name->n_written, is_file),
        .looks = letters_without_ending(name->looks, name->n_looks, is_file),
        .edits = 3,
    };

    compare_with_all(&comparison);
    if (comparison.is_inbox)
        return;
    if (is_file)
        note_near_file(&comparison, notes);
    else
        note_near_name(&comparison, notes);
}
