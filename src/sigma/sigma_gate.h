/**
 * The gate of a rule: a condition that is cheap to test and must hold wherever the rule is true or
 * unknown. A rule whose gate does not hold is definitely false and is never walked.
 *
 * A gate is a set of atoms of which one must be found in the event. Atoms compare folded text
 * (base/fold.h), also for rules that heed letter case: what is equal stays equal when folded.
 */
#ifndef IW_SIGMA_SIGMA_GATE_H
#define IW_SIGMA_SIGMA_GATE_H

#include "sigma/sigma_frequency.h"
#include "sigma/sigma_plan.h"

enum iw_atom_kind {
    IW_ATOM_PRESENT = 0, /* the field is there */
    IW_ATOM_EXACT,       /* its whole text */
    IW_ATOM_BASENAME,    /* what stands behind its last backslash */
    IW_ATOM_EQUALS,      /* IW_ATOM_EQUALS_BYTES that follow a `=` in it: hashes */
    IW_ATOM_LITERAL,     /* a part of it */
    IW_ATOM_KIND_COUNT
};

#define IW_ATOM_EQUALS_BYTES 16U

struct iw_atom {
    enum iw_atom_kind kind;
    bool by_taxonomy;
    bool at_start, at_end; /* LITERAL: only there */
    uint32_t field;        /* IW_NAME_UNASKED: any field */
    struct iw_str text;    /* folded; empty for PRESENT */
};

/** One of *atoms* must be found; and, where there are *more*, one of these as well. */
struct iw_gate {
    bool always; /* nothing is known that must hold: the rule is always walked */
    const struct iw_atom *atoms;
    size_t n;
    const struct iw_atom *more; /* NULL: nothing more is asked for */
    size_t n_more;
};

/** Finds the gate of a rule that lets the fewest events through, as far as that can be guessed. Of
 * the gates with more than IW_LIMIT_GATE_ATOMS atoms none is taken. Everything lives in *arena*.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_gate_find(const struct iw_rule_plan *plan, const struct iw_frequencies *frequencies,
                        struct iw_arena *arena, struct iw_gate *ret);

/** How often (0 to 1) an item is guessed to hold. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gate_item_frequency(const struct iw_item *item, bool by_taxonomy,
                                  const struct iw_frequencies *frequencies, struct iw_arena *arena,
                                  double *ret);

/** The guess behind it, exposed for tests: how often (0 to 1) an atom holds on ordinary events. */
double iw_atom_frequency(const struct iw_frequencies *frequencies, const struct iw_atom *atom);

#endif
