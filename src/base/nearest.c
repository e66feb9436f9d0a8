/*
 * The word that was probably meant: edit distance, bounded to short words.
 */
#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

/* Longer words than this are not mistyped ones of ours. */
#define MAX_WORD 31U

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edits (insert, remove, replace one letter) between two words of at most MAX_WORD. */
static size_t edits(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t row[MAX_WORD + 1];
    for (size_t j = 0; j <= n_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[n_b];
}

const char *iw_nearest_word(const char *typed, const char *const *words, size_t n)
{
    size_t n_typed = strlen(typed), best = SIZE_MAX;
    const char *nearest = NULL;
    if (n_typed == 0 || n_typed > MAX_WORD)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t n_word = words[i] != NULL ? strlen(words[i]) : MAX_WORD + 1, distance;
        if (n_word > MAX_WORD)
            continue;
        distance = edits(typed, n_typed, words[i], n_word);
        if (n_typed >= 3 && strncmp(typed, words[i], n_typed) == 0)
            distance = 1; /* an abbreviation */
        if (distance > 1 && typed[0] != words[i][0])
            continue; /* the first letter is seldom the wrong one */
        if (distance < best && distance <= 1 + n_typed / 4 && distance < n_word) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
