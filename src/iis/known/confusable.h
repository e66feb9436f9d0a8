/**
 * Characters that a person takes for another one: letters of other scripts that look like Latin
 * ones, what is not seen at all, what turns the direction of writing.
 *
 * A compact table of its own for names in Latin letters, after Unicode Technical Standard 39
 * (confusables) and the Unicode character database (default ignorable, bidi control, white space);
 * it is no complete list. Pure.
 */
#ifndef IW_IIS_KNOWN_CONFUSABLE_H
#define IW_IIS_KNOWN_CONFUSABLE_H

#include <stdbool.h>
#include <stdint.h>

enum iw_script {
    IW_SCRIPT_NONE = 0, /* digits, signs, spaces */
    IW_SCRIPT_LATIN,
    IW_SCRIPT_GREEK,
    IW_SCRIPT_CYRILLIC,
    IW_SCRIPT_ARMENIAN,
    IW_SCRIPT_FULL_WIDTH, /* ASCII in the width of ideographs */
    IW_SCRIPT_STYLED,     /* mathematical letters and digits */
    IW_SCRIPT_OTHER
};

/** The ASCII character it looks like, else itself. */
uint32_t iw_confusable_latin(uint32_t code_point);
enum iw_script iw_script_of(uint32_t code_point);
/** Zero-width and other characters without a shape; those of direction are not among them. */
bool iw_is_unseen(uint32_t code_point);
bool iw_is_direction_control(uint32_t code_point);
/** A space that is not U+0020. */
bool iw_is_odd_space(uint32_t code_point);

#endif
