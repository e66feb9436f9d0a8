/*
 * A folder summed up, and what that says of one of its files.
 */
#include "iis/web/web_neighbours.h"

#include <stdlib.h>

#include "base/path_name.h"
#include "base/timestamp.h"

static bool is_in(struct iw_str text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(names[i])))
            return true;
    }
    return false;
}

/* What follows the last dot; empty: there is none. */
static struct iw_str ending_of(struct iw_str name)
{
    for (size_t i = name.n; i > 0; i--) {
        if (name.p[i - 1] == '.')
            return (struct iw_str){name.p + i, name.n - i};
    }
    return IW_STR("");
}

static bool is_static_ending(struct iw_str ending)
{
    static const char *const ENDINGS[] = {
        "htm",  "html", "css", "js",   "png",   "gif", "jpg", "jpeg", "svg",  "ico", "bmp",
        "webp", "txt",  "pdf", "woff", "woff2", "ttf", "eot", "map",  "json", "doc", "docx",
        "xls",  "xlsx", "zip", "mp3",  "mp4",   "csv", "ppt", "pptx", "rtf",  "tif", "tiff",
    };
    return is_in(ending, ENDINGS, sizeof ENDINGS / sizeof ENDINGS[0]);
}

/* --- the folder's name ---------------------------------------------------------------------- */

static bool is_upload_name(struct iw_str name)
{
    static const char *const NAMES[] = {
        "upload",    "uploads",  "uploaded",      "uploadfiles", "uploadedfiles", "userfiles",
        "userfile",  "images",   "image",         "img",         "imgs",          "pics",
        "pictures",  "photos",   "media",         "static",      "assets",        "css",
        "js",        "fonts",    "icons",         "avatars",     "thumbs",        "thumbnails",
        "temp",      "tmp",      "cache",         "attachments", "attachment",    "downloads",
        "documents", "app_data", "aspnet_client", "system_web",
    };
    return is_in(name, NAMES, sizeof NAMES / sizeof NAMES[0]);
}

static bool is_number(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    }
    return true;
}

bool iw_web_is_upload_folder(struct iw_str path)
{
    unsigned n_names = 0;
    while (path.n != 0 && n_names < 2) {
        struct iw_str name = iw_path_name(path);
        path = iw_path_folder(path);
        if (is_number(name))
            continue; /* also an empty one */
        if (is_upload_name(name))
            return true;
        n_names++;
    }
    return false;
}

/* --- a file's name -------------------------------------------------------------------------- */

bool iw_web_is_double_ending(struct iw_str name)
{
    const struct iw_web_ending *runs = iw_web_ending_of(name);
    size_t n = name.n;
    if (name.n == 0)
        return false;
    if (memchr(name.p, ':', name.n) != NULL)
        return true; /* a stream of a file */
    while (n > 0 && (name.p[n - 1] == '.' || name.p[n - 1] == ' '))
        n--;
    if (n != name.n)
        return iw_web_ending_of((struct iw_str){name.p, n}) != NULL;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == ';' && iw_web_ending_of((struct iw_str){name.p, i}) != NULL)
            return true;
    }
    return runs != NULL &&
           is_static_ending(ending_of((struct iw_str){name.p, name.n - runs->ending.n}));
}

/* What the letters and digits of a name are. */
struct letters {
    size_t n, n_letters, n_digits, n_vowels, n_changes, n_hex;
    size_t n_kinds; /* different ones */
    bool is_plain;  /* nothing but letters, digits and hyphens */
};

static struct letters count_letters(struct iw_str stem)
{
    struct letters count = {.is_plain = true};
    bool seen[256] = {false};
    int before = 0;
    for (size_t i = 0; i < stem.n; i++) {
        char c = iw_ascii_lower(stem.p[i]);
        bool is_digit = c >= '0' && c <= '9', is_letter = c >= 'a' && c <= 'z';
        int kind = is_digit ? 1 : 2;
        if (c == '-' || c == '{' || c == '}')
            continue;
        count.is_plain &= is_digit || is_letter;
        count.n++;
        count.n_digits += is_digit;
        count.n_letters += is_letter;
        count.n_vowels += c != '\0' && strchr("aeiouy", c) != NULL;
        count.n_hex += is_digit || (c >= 'a' && c <= 'f');
        count.n_changes += before != 0 && before != kind;
        count.n_kinds += !seen[(uint8_t)c];
        seen[(uint8_t)c] = true;
        before = kind;
    }
    return count;
}

bool iw_web_is_random_name(struct iw_str name)
{
    const char *dot = name.n != 0 ? memchr(name.p, '.', name.n) : NULL;
    struct iw_str stem = {name.p, dot != NULL ? (size_t)(dot - name.p) : name.n};
    struct letters count = count_letters(stem);
    if (!count.is_plain || count.n < 8 || count.n_letters == 0)
        return false;
    if (count.n_hex == count.n)
        return count.n_changes >= 2;
    if (count.n_digits != 0)
        return count.n_changes >= 3 && count.n_vowels * 4 <= count.n_letters && count.n_kinds >= 6;
    return count.n_vowels == 0 && count.n_kinds >= 6;
}

/* --- the folder ----------------------------------------------------------------------------- */

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static enum iw_web_language language_of(struct iw_str name)
{
    const struct iw_web_ending *ending = iw_web_ending_of(name);
    return ending != NULL ? ending->language : IW_WEB_LANGUAGE_NONE;
}

enum iw_rc iw_web_folder_read(struct iw_str path, const struct iw_web_neighbour *files, size_t n,
                              struct iw_arena *scratch, struct iw_web_folder *ret)
{
    int64_t *times = iw_arena_calloc(scratch, n + 1, sizeof *times);
    *ret = (struct iw_web_folder){.is_for_uploads = iw_web_is_upload_folder(path)};
    if (times == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (iw_time_known(files[i].modified_ns))
            times[ret->n_times++] = files[i].modified_ns;
        if (files[i].executes) {
            ret->n_scripts++;
            ret->n_by_language[language_of(files[i].name)]++;
        } else {
            ret->n_static += is_static_ending(ending_of(files[i].name));
        }
    }
    qsort(times, ret->n_times, sizeof *times, compare_times);
    if (ret->n_times != 0)
        ret->settled_ns = times[(ret->n_times - 1) * 3 / 4];
    return IW_OK;
}

/* The files of its own language count with it; another language must be the folder's. */
static bool is_alone(const struct iw_web_folder *folder, enum iw_web_language language)
{
    if (language == IW_WEB_LANGUAGE_NONE || folder->n_by_language[language] != 1)
        return false;
    for (unsigned i = IW_WEB_LANGUAGE_NONE + 1; i < IW_WEB_LANGUAGE_COUNT; i++) {
        if (i != language && folder->n_by_language[i] >= IW_WEB_FEW_SCRIPTS)
            return true;
    }
    return false;
}

static bool is_far_younger(const struct iw_web_folder *folder, int64_t modified_ns)
{
    int64_t since;
    return iw_time_known(modified_ns) && folder->n_times > IW_WEB_FEW_TIMES &&
           !__builtin_sub_overflow(modified_ns, folder->settled_ns, &since) &&
           since >= IW_WEB_YOUNGER_NS;
}

void iw_web_neighbour_marks(const struct iw_web_folder *folder, const struct iw_web_neighbour *file,
                            struct iw_web_mark_set *set)
{
    if (folder->n_scripts == 1 && folder->n_static >= IW_WEB_FEW_STATIC)
        iw_web_mark_add(set, IW_WEB_MARK_ONLY_SCRIPT, 0);
    if (folder->is_for_uploads)
        iw_web_mark_add(set, IW_WEB_MARK_UPLOAD_FOLDER, 0);
    if (iw_web_is_double_ending(file->name))
        iw_web_mark_add(set, IW_WEB_MARK_DOUBLE_ENDING, 0);
    if (is_far_younger(folder, file->modified_ns))
        iw_web_mark_add(set, IW_WEB_MARK_YOUNG, 0);
    if (is_alone(folder, language_of(file->name)))
        iw_web_mark_add(set, IW_WEB_MARK_ALONE_IN_LANGUAGE, 0);
    if (iw_web_is_random_name(file->name))
        iw_web_mark_add(set, IW_WEB_MARK_RANDOM_NAME, 0);
}
