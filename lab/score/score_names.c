/*
 * Names compared (see score_names.h).
 *
 * What it does: folds A-Z and the Latin-1 capitals (U+00C0 to U+00DE but the multiplication sign)
 * by the bytes of UTF-8. What it ignores: letter case of other scripts: a name spelt the same still
 * matches.
 */
#include "lab/score/score_names.h"

#include <stddef.h>
#include <string.h>

/* The lower-case form of *at, where `before` is the byte in front of it (0 at the beginning). */
static unsigned char fold(unsigned char before, unsigned char at)
{
    if (at >= 'A' && at <= 'Z') {
        return (unsigned char)(at + 0x20U);
    }
    if (before == 0xC3 && at >= 0x80 && at <= 0x9E && at != 0x97) {
        return (unsigned char)(at + 0x20U);
    }
    return at;
}

static bool is_same_part(const char *left, const char *right, size_t size_bytes)
{
    unsigned char before = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        unsigned char l = (unsigned char)left[i];
        unsigned char r = (unsigned char)right[i];
        if (fold(before, l) != fold(before, r)) {
            return false;
        }
        before = l;
    }
    return true;
}

bool iw_lab_name_is_same(const char *left, const char *right)
{
    if (left == NULL || right == NULL) {
        return false;
    }
    size_t length = strlen(left);
    return length == strlen(right) && is_same_part(left, right, length);
}

/* An address such as 10.20.1.21 has no first label. */
static size_t label_length(const char *host)
{
    return host[strspn(host, "0123456789.:")] == '\0' ? strlen(host) : strcspn(host, ".");
}

bool iw_lab_host_is_same(const char *left, const char *right)
{
    if (left == NULL || right == NULL || *left == '\0' || *right == '\0') {
        return false;
    }
    size_t n_left = label_length(left);
    size_t n_right = label_length(right);
    if (left[n_left] != '\0' && right[n_right] != '\0') {
        return iw_lab_name_is_same(left, right);
    }
    return n_left == n_right && is_same_part(left, right, n_left);
}

const char *iw_lab_source_below_evidence(const char *source)
{
    static const char folder[] = "evidence/";
    if (source == NULL) {
        return NULL;
    }
    while (source[0] == '.' && source[1] == '/') {
        source += 2;
    }
    if (strncmp(source, folder, sizeof folder - 1) == 0) {
        return source + sizeof folder - 1;
    }
    const char *found = strstr(source, "/evidence/");
    return found != NULL ? found + sizeof folder : source;
}
