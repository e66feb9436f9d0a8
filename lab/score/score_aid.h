/*
 * What a user gives the detector beside the evidence: a baseline, change records, the estate, the
 * roots of signers. A detector that does not know an aid has not answered the runs with it.
 */
#ifndef IW_LAB_SCORE_AID_H
#define IW_LAB_SCORE_AID_H

#include <stdbool.h>
#include <stddef.h>

enum iw_lab_aid {
    IW_LAB_AID_BASELINE = 1,
    IW_LAB_AID_CHANGES = 2,
    IW_LAB_AID_ESTATE = 4,
    IW_LAB_AID_TRUST = 8,
    IW_LAB_AID_BEHAVIOUR = 16
};

struct iw_lab_aid_row {
    const char *word; /* in manifests */
    enum iw_lab_aid aid;
    const char *option;
    const char *file;   /* in the folder of the run */
    const char *source; /* what generate makes for it, a file or folder there */
};

/* Number i of the aids; NULL behind the last. */
const struct iw_lab_aid_row *iw_lab_aid_at(size_t i);

/* By its word; false: there is no such aid, or word is NULL. */
bool iw_lab_aid_read(const char *word, unsigned *aid);

/* Do these conditions hold with the aids given: all of `with`, none of `without`? */
static inline bool iw_lab_aids_fit(unsigned with, unsigned without, unsigned aids)
{
    return (with & ~aids) == 0 && (without & aids) == 0;
}

#endif
