/**
 * A document that was read. Inside iis/baseline/ only.
 */
#ifndef IW_IIS_BASELINE_INSIDE_H
#define IW_IIS_BASELINE_INSIDE_H

#include "iis/baseline/baseline.h"
#include "iis/baseline/baseline_record.h"

#define IW_BASELINE_SCHEMA "iiswarden.baseline/1"

struct iw_baseline_server {
    struct iw_str host;
    bool is_authoritative;
    size_t first, n; /* its records; of a farm all are the first server's */
};

struct iw_baseline_approval {
    char id[IW_DIFFERENCE_ID_BYTES];
    uint8_t digest[32]; /* of what is approved, without its files where it has any
                          known ones as well */
    struct iw_str why;  /* "by WHO, TICKET: REASON" */
    int64_t expires_ns;
};

struct iw_baseline {
    bool is_farm;
    bool has_behaviour; /* it was learned, from that span; IW_TIME_UNKNOWN: open */
    int64_t since_ns, until_ns;
    struct iw_baseline_server *servers; /* by host */
    size_t n_servers;
    struct iw_baseline_record *records; /* by host, then as iw_baseline_record_compare() */
    size_t n_records;
    struct iw_baseline_approval *approvals; /* by digest, then the one that lasts longest first */
    size_t n_approvals;                     /* two for a line where files are known */
    size_t n_approval_lines;
};

/** Takes the next line off *rest*, without its end; false at the end. */
bool iw_baseline_line(struct iw_str *rest, struct iw_str *ret);

/** "d-" and the first 8 bytes. */
void iw_baseline_id(const uint8_t digest[32], char ret[IW_DIFFERENCE_ID_BYTES]);

/** The approval of that content, or NULL. */
const struct iw_baseline_approval *iw_baseline_find_approval(const struct iw_baseline *baseline,
                                                             const uint8_t digest[32]);

/** A line of text in *arena*; p NULL: no memory. */
struct iw_str iw_baseline_text(struct iw_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** What a difference or an approval says of a change, read from JSON: `was`, `now`, and whether
 * they fit. IW_OK; IW_EFORMAT, IW_ELIMIT; IW_ENOMEM. */
struct iw_baseline_sides {
    enum iw_baseline_change change;
    struct iw_baseline_record records[2];
    const struct iw_baseline_record *was, *now; /* NULL or into records */
};
enum iw_rc iw_baseline_sides_read(const struct iw_json_node *object,
                                  const struct iw_json_node *change, struct iw_arena *arena,
                                  struct iw_baseline_sides *ret, struct iw_error *err);

/** A growing list of notes. */
struct iw_baseline_notes {
    struct iw_arena *arena;
    struct iw_str *items;
    size_t n, cap;
    bool failed;
};
/** Adds a line (copied). */
void iw_baseline_note(struct iw_baseline_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Moves them into the arena; ends the list. False: no memory. */
bool iw_baseline_notes_end(struct iw_baseline_notes *notes, struct iw_text_list *ret);

#endif
