/**
 * What to do next, below a finding of the table. Many findings ask for the same: a line is written
 * once, and where it is to be said again its first words refer to it.
 */
#ifndef IW_OUTPUT_FINDING_ADVICE_H
#define IW_OUTPUT_FINDING_ADVICE_H

#include "base/map.h"
#include "output/finding_group.h"

/** What was said so far of a host, in the order of the table. */
struct iw_finding_advice {
    struct iw_map said;
    struct iw_arena arena;
};

void iw_finding_advice_init(struct iw_finding_advice *advice);
void iw_finding_advice_done(struct iw_finding_advice *advice);

/** Another host: its processes and files are others, though the words be the same. */
void iw_finding_advice_forget(struct iw_finding_advice *advice);

/** Appends the first lines of a list as bytes, and how many there are: the order of the table is
 * known later. */
void iw_finding_advice_pack(const struct iw_text_list *triage, struct iw_buffer *out);
/** Writes such bytes; *scratch* is overwritten. Past IW_LIMIT_ADVICE_KEPT lines others are not
 * remembered, and may be said again. IW_OK; IW_ENOMEM; IW_EIO: they are something else. */
enum iw_rc iw_finding_advice_write(struct iw_finding_advice *advice, struct iw_str bytes,
                                   const struct iw_style *style, struct iw_buffer *scratch,
                                   struct iw_buffer *out);

#endif
