/**
 * Of a text of PowerShell what it runs: remarks say nothing, a block whose condition never holds
 * does nothing, nor does a function that is defined and that nothing in the whole text may call.
 * Inside of this room only.
 *
 * Wherever it is not plain what a character means, all from there on stays as it is.
 */
#ifndef IW_COVERAGE_SWITCH_CODE_H
#define IW_COVERAGE_SWITCH_CODE_H

#include "base/arena.h"
#include "base/error.h"

/** Functions of one text whose calls are looked for; more are taken for called. */
#define IW_SWITCH_FUNCTIONS 64U

/** The text with `'` and `"` in place of the typographic quotes that PowerShell takes for them; it
 * lies in *scratch*, or is *text* itself. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_with_plain_quotes(struct iw_str text, struct iw_arena *scratch,
                                       struct iw_str *ret);
/** The text with blanks in place of its remarks; it lies in *scratch*, or is *text* itself. IW_OK
 * or IW_ENOMEM. */
enum iw_rc iw_switch_without_remarks(struct iw_str text, struct iw_arena *scratch,
                                     struct iw_str *ret);
/** The text with blanks in place of blocks whose condition never holds (`if ($false) { … }`).
 * Likewise. */
enum iw_rc iw_switch_without_never(struct iw_str text, struct iw_arena *scratch,
                                   struct iw_str *ret);
/** Functions that a text defines and does not call. */
struct iw_switch_uncalled {
    struct iw_str names[IW_SWITCH_FUNCTIONS], bodies[IW_SWITCH_FUNCTIONS]; /* in the text */
    size_t n;
};

/** The text with blanks in place of the bodies of functions that it does not call, which are told.
 * Likewise. */
enum iw_rc iw_switch_without_uncalled(struct iw_str text, struct iw_arena *scratch,
                                      struct iw_str *ret, struct iw_switch_uncalled *ret_uncalled);

#endif
