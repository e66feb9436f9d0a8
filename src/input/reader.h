/**
 * Readers: bytes of one format become events. One row in reader.c and one folder per format.
 *
 * A file is read in slices that do not depend on each other (EVTX: a run of chunks), so that
 * threads share one file. A reader object belongs to one thread and is used for many slices; what
 * it caches between them never changes what it delivers. Damage is written to the account and never
 * ends a slice early.
 */
#ifndef IW_INPUT_READER_H
#define IW_INPUT_READER_H

#include "event/builder.h"
#include "event/route.h"
#include "evidence/evidence.h"

struct iw_reader_options {
    const struct iw_names *names; /* frozen */
    const struct iw_route *route; /* immutable; decides what is decoded */
    bool recover; /* also stale records and chunks carved out of damage, marked so */
    bool verify;  /* check checksums */
};

/** One independent part of a file. */
struct iw_slice {
    size_t file;     /* index into iw_evidence.files */
    uint64_t offset; /* bytes [offset, offset + n_bytes) of the file belong to it */
    uint64_t n_bytes;
    bool is_last; /* of its file */
};

struct iw_reader;

struct iw_reader_class {
    const char *name; /* as in the ledger: "evtx" */
    enum iw_evidence_kind kind;
    /** How many bytes a slice should have; slices of a file are cut at multiples of it plus
     * *lead_bytes. */
    uint64_t slice_bytes;
    uint64_t lead_bytes; /* the first slice is this much longer (a file header) */
    struct iw_reader *(*make)(const struct iw_reader_options *options);
    void (*free)(struct iw_reader *reader);
    /**
     * Begins a slice. *fd stays the caller's and open until the slice is done. IW_OK or IW_ENOMEM.
     */
    enum iw_rc (*begin)(struct iw_reader *reader, int fd, const struct iw_evidence_file *file,
                        const struct iw_slice *slice, struct iw_account *account);
    /** Fills *batch*. IW_OK: events delivered; IW_END: slice done; IW_ENOMEM. */
    enum iw_rc (*next)(struct iw_reader *reader, struct iw_batch *batch);
};

/** The class that reads *kind*, or NULL. */
const struct iw_reader_class *iw_reader_class_of(enum iw_evidence_kind kind);

/**
 * Records of one format inside another (JSON that carries XML): decoded from a span in memory.
 * One decoder per reader, one thread.
 */
struct iw_span_class {
    enum iw_evidence_kind kind;
    struct iw_span_decoder *(*make)(const struct iw_reader_options *options);
    void (*free)(struct iw_span_decoder *decoder);
    /**
     * Reads one record. The builder has begun an event; the decoder sets its head and, where it is
     * wanted, adds its fields. What the event points to is borrowed from *span* or copied into the
     * batch. The caller ends the event after IW_OK (also counting it, and one that is cut) and
     * cancels it otherwise. Repairs are counted in *account* at *offset* by the decoder.
     *
     * @param span   valid as long as the batch; padded as the view of a text window is
     * @param depth  formats around this one already; at IW_LIMIT_NESTED_FORMATS: IW_ELIMIT
     * @return IW_OK; IW_EFORMAT (unreadable); IW_END (whole, but no event of a known form);
     *         IW_ELIMIT; IW_ENOMEM
     */
    enum iw_rc (*decode)(struct iw_span_decoder *decoder, struct iw_str span, unsigned depth,
                         struct iw_event_builder *builder, struct iw_account *account,
                         uint64_t offset);
};

/** The class that decodes spans of *kind*, or NULL. */
const struct iw_span_class *iw_span_class_of(enum iw_evidence_kind kind);

/** The slice of a file that begins at *offset* (below its size). */
static inline struct iw_slice iw_reader_slice(const struct iw_reader_class *class,
                                              const struct iw_evidence_file *file, size_t index,
                                              uint64_t offset)
{
    uint64_t n_bytes = class->slice_bytes + (offset == 0 ? class->lead_bytes : 0);
    if (n_bytes > file->size_bytes - offset)
        n_bytes = file->size_bytes - offset;
    return (struct iw_slice){index, offset, n_bytes, offset + n_bytes == file->size_bytes};
}

#endif
