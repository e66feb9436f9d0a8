/*
 * The table of aids (see score_aid.h).
 */
#include "lab/score/score_aid.h"

#include <string.h>

static const struct iw_lab_aid_row rows[] = {
    {"baseline", IW_LAB_AID_BASELINE, "--baseline", "baseline.json", "before"},
    {"changes", IW_LAB_AID_CHANGES, "--changes", "changes.yml", "changes.yml"},
    {"estate", IW_LAB_AID_ESTATE, "--estate", "estate.yml", "estate.yml"},
    {"trust", IW_LAB_AID_TRUST, "--trust", "trust.pem", "trust.pem"},
    {"behaviour", IW_LAB_AID_BEHAVIOUR, "--baseline", "behaviour.json", "behaviour.txt"},
};

const struct iw_lab_aid_row *iw_lab_aid_at(size_t i)
{
    return i < sizeof rows / sizeof rows[0] ? &rows[i] : NULL;
}

bool iw_lab_aid_read(const char *word, unsigned *aid)
{
    for (size_t i = 0; word != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].word, word) == 0) {
            *aid = rows[i].aid;
            return true;
        }
    }
    return false;
}
