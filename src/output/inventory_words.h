/**
 * An inventory in words: what the names and numbers of result/inventory.h mean to the person who
 * reads the table, and what makes an entry worth a line of its own.
 */
#ifndef IW_OUTPUT_INVENTORY_WORDS_H
#define IW_OUTPUT_INVENTORY_WORDS_H

#include "base/buffer.h"
#include "result/inventory.h"

/** "native module", "native modules", ... of a kind of component; a kind without words is its own.
 * Never NULL. */
const char *iw_inventory_kind_words(const char *kind, bool is_plural);

/** What the state of a component means ("IIS does not read it where it stands"); NULL where it just
 * stands there. */
const char *iw_inventory_state_words(const char *state);

/** Why a file was not read; NULL where it was, or where there is none. */
const char *iw_inventory_file_words(enum iw_item_file_state state);

/** Appends who signed the file and how far that is proved, as it is: not printable yet. Nothing
 * where signatures were not looked at. */
void iw_inventory_signature_add(const struct iw_item_file *file, struct iw_buffer *out);

/** "native module", ... for a role of a file; the role itself where there are no words. */
struct iw_str iw_inventory_role_words(struct iw_str role);

/** "as in the baseline", ...; never NULL. */
const char *iw_inventory_approval_words(enum iw_approval approval);

/** Somebody, or the catalogue, vouches for it. */
bool iw_inventory_is_approved(enum iw_approval approval);

/** Whether a reader must see it whoever vouches for it: refused by a baseline, or something about
 * it is not as usual. */
bool iw_inventory_component_is_odd(const struct iw_inventory_component *component);
/** The same. A web file that nobody was asked about counts only with a mark: a server has
 * thousands.
 */
bool iw_inventory_web_file_is_odd(const struct iw_inventory_web_file *web_file);

#endif
