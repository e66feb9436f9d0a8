/**
 * Names that look like those of Microsoft's components, and names that are not what they look like.
 *
 * What is found are facts for a person to judge. A name that is Microsoft's (letter case aside)
 * never looks like another one of Microsoft's. Pure; any thread.
 */
#ifndef IW_IIS_KNOWN_LOOK_ALIKE_H
#define IW_IIS_KNOWN_LOOK_ALIKE_H

#include "iis/notes.h"

enum iw_look_alike_of {
    IW_LOOK_ALIKE_FILE,     /* a file's name, without its folder */
    IW_LOOK_ALIKE_COMPONENT /* a module's, handler's, filter's name */
};

/**
 * Notes about *name*: near to one of Microsoft's; letters of several scripts; characters that are
 * not seen; spaces and dots at its ends; two endings.
 *
 * @param name  any bytes
 * @param ret   notes in *arena*, in a fixed order, letters named as U+0430
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_look_alike_notes(enum iw_look_alike_of of, struct iw_str name, struct iw_arena *arena,
                               struct iw_text_list *ret);

/** Adds the notes about single characters only, "name ...". */
void iw_look_alike_characters(struct iw_str name, struct iw_notes *notes);

/**
 * The ending before the last one, without its dot, where both are endings of files and the last one
 * executes: "jpg" of "x.jpg.aspx", "x.jpg;.aspx". Empty: there is none.
 */
struct iw_str iw_look_alike_ending(struct iw_str name);

/** Edits (insert, remove, change, swap neighbours) between two texts of code points, at most
 * *limit* + 1: bounded Damerau-Levenshtein distance (optimal string alignment). Both at most
 * IW_LIMIT_LOOK_ALIKE_LETTERS long. */
unsigned iw_look_alike_distance(const uint32_t *left, size_t n_left, const uint32_t *right,
                                size_t n_right, unsigned limit);

#endif
