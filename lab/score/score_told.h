/*
 * What a must asks of a finding beside the acts it is about: links of a chain, texts, what it was
 * blind for, techniques; and which links a verdict calls blind. Pure. The rules are spelt out in
 * lab/score/README.md.
 */
#ifndef IW_LAB_SCORE_TOLD_H
#define IW_LAB_SCORE_TOLD_H

#include "lab/score/score_findings.h"
#include "lab/score/score_truth.h"

/* Something that a finding lacks, as it is said in the report; NULL behind the last. i counts from
 * 0. The text belongs to the must, or lives for ever. */
struct iw_lab_lack {
    const char *what; /* "tells", "link", "blind", "technique", … */
    const char *text;
};

/* The first thing of number i or later that the finding lacks. False: there is none; *i is
 * undefined then, else the number behind it. */
bool iw_lab_told_lack(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                      const struct iw_lab_finding *finding, size_t *i, struct iw_lab_lack *lack);

/* Nothing is lacking. */
bool iw_lab_told_is_whole(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                          const struct iw_lab_finding *finding);

/* Does the answer say of each of these that no event can show it? */
bool iw_lab_told_is_beyond(const struct iw_lab_words *beyond, const struct iw_lab_answer *answer);

/* Are the required links of the analytic that the answer leaves open those of blind, and no
 * others? */
bool iw_lab_told_links_are(const char *analytic, const struct iw_lab_words *blind,
                           const struct iw_lab_answer *answer);

#endif
