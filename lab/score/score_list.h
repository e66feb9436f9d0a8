/*
 * Lists that grow at their end, and lists of borrowed words, as the score's parts keep them.
 */
#ifndef IW_LAB_SCORE_LIST_H
#define IW_LAB_SCORE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Words somebody else owns; `items` itself is the list's, see iw_lab_words_done(). */
struct iw_lab_words {
    const char **items;
    size_t n;
};

/* Places in another list. */
struct iw_lab_places {
    size_t *items;
    size_t n;
};

/* A block with room for one more than n items of a list that has only ever grown through this call;
 * items is NULL for an empty list. Never NULL; the caller owns it (iw_lab_alloc_release()). */
void *iw_lab_list_room(void *items, size_t n, size_t item_bytes);

/* Appends a word, which must outlive the list. */
void iw_lab_words_add(struct iw_lab_words *words, const char *word);

/* Whether the list holds the same letters. */
bool iw_lab_words_has(const struct iw_lab_words *words, const char *word);

/* Releases the list, not the words. */
void iw_lab_words_done(struct iw_lab_words *words);

void iw_lab_places_add(struct iw_lab_places *places, size_t place);
bool iw_lab_places_has(const struct iw_lab_places *places, size_t place);
void iw_lab_places_done(struct iw_lab_places *places);

#endif
