/**
 * What one rule says of one host, as one entry of the table: gathered finding by finding, however
 * many there are, then written.
 */
#ifndef IW_OUTPUT_FINDING_GROUP_H
#define IW_OUTPUT_FINDING_GROUP_H

#include "base/arena.h"
#include "base/map.h"
#include "output/output.h"

/** Findings of a group that are shown one by one, whatever they are about; of the rest those about
 * something that no one before was about, so many in all; what is left is counted. */
#define IW_GROUP_SHOWN 3U
#define IW_GROUP_SUBJECTS 24U
/** What findings of a group are about is told apart up to so many. */
#define IW_GROUP_SUBJECTS_KNOWN 65536U
/** Entries of a list of a finding that are shown; the rest is counted. */
#define IW_FINDING_ENTRIES_SHOWN 6U

/** A text all of a group share. */
struct iw_shared_text {
    struct iw_str text; /* the first that is not empty */
    bool differs;       /* another finding has another */
};

struct iw_finding_group {
    uint64_t n;
    struct iw_finding shown[IW_GROUP_SUBJECTS]; /* in order of time */
    size_t n_shown;
    uint64_t n_others;      /* processes, files that none of those shown is about */
    bool has_more_others;   /* past IW_GROUP_SUBJECTS_KNOWN */
    int64_t last_time_ns;   /* of the last */
    bool has_several_kinds; /* of event: one act often stands in two logs */
    struct iw_shared_text user, pool, asked_by;
    /* private */
    struct iw_arena kept, scratch;
    struct iw_map subjects; /* digests of what the findings are about */
};

void iw_finding_group_init(struct iw_finding_group *group);
void iw_finding_group_done(struct iw_finding_group *group);
/** Empties it for the next group. */
void iw_finding_group_clear(struct iw_finding_group *group);
/** Adds the next finding in order of time, as a record (result/finding_record.h). IW_OK, IW_ENOMEM,
 * IW_EIO. */
enum iw_rc iw_finding_group_add(struct iw_finding_group *group, struct iw_str record,
                                struct iw_error *err);
/** Writes the entry but for what to do next (output/finding_advice.h) and the empty line behind it;
 * *scratch* is overwritten. The group is not empty. */
void iw_finding_group_write(const struct iw_finding_group *group, const struct iw_style *style,
                            struct iw_buffer *scratch, struct iw_buffer *out);

/** A line of an entry behind its label, wrapped; nothing where the text is empty. */
void iw_finding_detail(const struct iw_style *style, struct iw_buffer *out, const char *label,
                       unsigned max_lines, struct iw_str text);
/** "and 3 more". */
void iw_finding_rest(const struct iw_style *style, struct iw_buffer *out, uint64_t n);

#endif
