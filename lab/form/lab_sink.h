/*
 * A text file of the evidence that is written line by line: knows its place below the root and the
 * number of the line it has come to.
 *
 * Created with its folders by iw_lab_sink_open(); what was there of that name is replaced. A sink
 * may also borrow a stream, which it does not close. Used by one thread.
 */
#ifndef IW_LAB_SINK_H
#define IW_LAB_SINK_H

#include "lab/form/lab_form.h"

struct iw_lab_sink {
    FILE *stream; /* NULL: not open */
    bool is_borrowed;
    uint64_t n_lines;
    char path[IW_LAB_PLACE_BYTES]; /* below the root; empty: a borrowed stream */
};

/* False with error when the file cannot be created or its path is too long. */
bool iw_lab_sink_open(struct iw_lab_sink *sink, const char *root, const char *path,
                      struct iw_lab_error *error);
void iw_lab_sink_borrow(struct iw_lab_sink *sink, FILE *stream);

/* Writes n_lines whole lines with their line ends; place (may be NULL) becomes that of the last of
 * them. False: writing failed. */
bool iw_lab_sink_put(struct iw_lab_sink *sink, const char *text, size_t size_bytes,
                     uint64_t n_lines, struct iw_lab_place *place, struct iw_lab_error *error);

/* Flushes, and closes what is not borrowed. True when it is not open. False: writing failed. */
bool iw_lab_sink_close(struct iw_lab_sink *sink, struct iw_lab_error *error);

#endif
