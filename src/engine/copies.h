/**
 * Copies of one event joined (the same record from two copies is one event with two sources): hits
 * in, findings with all their sources out.
 */
#ifndef IW_ENGINE_COPIES_H
#define IW_ENGINE_COPIES_H

#include "base/arena.h"
#include "engine/hits.h"
#include "event/host.h"

/** Takes a joined finding, host settled; it may be changed, and is gone after the call. */
typedef enum iw_rc iw_take_finding(void *context, struct iw_finding *finding, struct iw_error *err);

struct iw_copies {
    uint64_t n_copies;    /* hits that were copies of another */
    uint64_t n_conflicts; /* same host, channel, record id and time as another, other content */
    /* private */
    const struct iw_hosts *hosts;
    iw_take_finding *take;
    void *context;
    struct iw_arena kept;    /* of what is open */
    struct iw_arena scratch; /* of the present hit */
    struct iw_joined *open;  /* findings of the present content, one a host */
    size_t n_open, open_cap;
    struct iw_str *seen; /* hosts the present record was met of */
    size_t n_seen, seen_cap;
};

/** *hosts* is settled and lives longer. */
void iw_copies_init(struct iw_copies *copies, const struct iw_hosts *hosts, iw_take_finding *take,
                    void *context);
void iw_copies_done(struct iw_copies *copies);
/** The next hit, in the order of iw_hit_reader_next. IW_OK, IW_ENOMEM, IW_EIO, and what *take*
 * returns. */
enum iw_rc iw_copies_add(struct iw_copies *copies, const struct iw_hit *hit, struct iw_error *err);
/** What is still open is given out. Codes as iw_copies_add. */
enum iw_rc iw_copies_end(struct iw_copies *copies, struct iw_error *err);

#endif
