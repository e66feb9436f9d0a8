/**
 * What a change of an object's audit list takes away or begins (Security 4907).
 *
 * An entry that is no longer there takes away what it audited, also where another has come in its
 * place, unless its rights (writing, appending, deleting, changes of attributes, rights and owner)
 * are audited of everybody as far as they were by it. Fewer entries than before always take
 * something away.
 */
#ifndef IW_COVERAGE_SWITCH_AUDIT_LIST_H
#define IW_COVERAGE_SWITCH_AUDIT_LIST_H

#include "base/arena.h"
#include "base/error.h"

enum iw_audit_list_change {
    IW_AUDIT_LIST_SAME = 0, /* nothing that was audited is lost */
    IW_AUDIT_LIST_LESS,
    /* Less of that by which pages are placed, and writes of some are audited still: these show
     * nothing of what is lost. */
    IW_AUDIT_LIST_NARROWED,
    IW_AUDIT_LIST_BEGUN, /* there was none */
    IW_AUDIT_LIST_WHOLE  /* all of that by everybody is audited in all folders below, and was not */
};

/** Of two security descriptors; empty: none is told. IW_OK or IW_ENOMEM. */
enum iw_rc iw_audit_list_compare(struct iw_str before, struct iw_str after,
                                 struct iw_arena *scratch, enum iw_audit_list_change *ret);

#endif
