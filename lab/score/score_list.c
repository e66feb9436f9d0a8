/*
 * Lists that grow (see score_list.h).
 *
 * What it does: doubles the room whenever the number of items reaches a power of two from 8 on.
 * What it ignores: taking items out; nothing of the score does.
 */
#include "lab/score/score_list.h"

#include "lab/lab_alloc.h"

#include <string.h>

#define FIRST_ROOM 8U

void *iw_lab_list_room(void *items, size_t n, size_t item_bytes)
{
    if (n == 0) {
        return iw_lab_alloc_resize(items, FIRST_ROOM, item_bytes);
    }
    if (n >= FIRST_ROOM && (n & (n - 1)) == 0) {
        return iw_lab_alloc_resize(items, 2 * n, item_bytes);
    }
    return items;
}

void iw_lab_words_add(struct iw_lab_words *words, const char *word)
{
    words->items = iw_lab_list_room(words->items, words->n, sizeof *words->items);
    words->items[words->n++] = word;
}

bool iw_lab_words_has(const struct iw_lab_words *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++) {
        if (strcmp(words->items[i], word) == 0) {
            return true;
        }
    }
    return false;
}

void iw_lab_words_done(struct iw_lab_words *words)
{
    iw_lab_alloc_release(words->items);
    *words = (struct iw_lab_words){0};
}

void iw_lab_places_add(struct iw_lab_places *places, size_t place)
{
    places->items = iw_lab_list_room(places->items, places->n, sizeof *places->items);
    places->items[places->n++] = place;
}

bool iw_lab_places_has(const struct iw_lab_places *places, size_t place)
{
    for (size_t i = 0; i < places->n; i++) {
        if (places->items[i] == place) {
            return true;
        }
    }
    return false;
}

void iw_lab_places_done(struct iw_lab_places *places)
{
    iw_lab_alloc_release(places->items);
    *places = (struct iw_lab_places){0};
}
