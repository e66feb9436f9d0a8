/**
 * The parts of the table of an inventory: inventory_table.c's own.
 *
 * A block has a heading at column 2 and entries at column 4; the rows of an entry have a label at
 * column 6 and their text at column 15, so that a SHA-256 just fits a terminal of 80.
 */
#ifndef IW_OUTPUT_INVENTORY_LINES_H
#define IW_OUTPUT_INVENTORY_LINES_H

#include "output/display.h"

#define IW_INVENTORY_HEADING_INDENT 2U
#define IW_INVENTORY_ENTRY_INDENT 4U
#define IW_INVENTORY_ROW_INDENT 6U
#define IW_INVENTORY_TEXT_INDENT 15U

struct iw_inventory_writer {
    const struct iw_style *style;
    struct iw_buffer *out;
    struct iw_buffer scratch; /* the line that is put together; not printable yet */
    bool show_all;
};

/** An empty line, then the heading; its line is not ended. */
void iw_inventory_heading(struct iw_inventory_writer *writer, const char *text);

/** What was put together in scratch, as a line of its own at the column of entries that goes on at
 * the column of rows; clears it. */
void iw_inventory_entry(struct iw_inventory_writer *writer, unsigned max_lines);
/** The same in a tone. */
void iw_inventory_toned_entry(struct iw_inventory_writer *writer, enum iw_tone tone,
                              unsigned max_lines);

/** Label and text, over at most *max_lines* lines. Nothing where the text is empty. A label "" goes
 * on with the row above. */
void iw_inventory_row(struct iw_inventory_writer *writer, const char *label, struct iw_str text,
                      unsigned max_lines);
/** The same in the tone of a warning. */
void iw_inventory_warning_row(struct iw_inventory_writer *writer, const char *label,
                              struct iw_str text);
/** What was put together in scratch; clears it. */
void iw_inventory_scratch_row(struct iw_inventory_writer *writer, const char *label,
                              unsigned max_lines);
/** A row for each text of the list; the label stands at the first. */
void iw_inventory_list_rows(struct iw_inventory_writer *writer, const char *label,
                            struct iw_text_list list);

/** Appends the texts of a list to scratch, with commas between. */
void iw_inventory_add_joined(struct iw_buffer *scratch, struct iw_text_list list);

/** Rows about a file: where it is (*with_path*) or why it is not there, its copy in the evidence,
 * size, hash, who signed it, what it says of itself. */
void iw_inventory_file_rows(struct iw_inventory_writer *writer, const struct iw_item_file *file,
                            bool with_path);
/** Rows about approval and first sight. */
void iw_inventory_approval_rows(struct iw_inventory_writer *writer, enum iw_approval approval,
                                struct iw_str why, const struct iw_first_seen *seen);

/** Sites, pools, pathways. */
void iw_inventory_write_sites(struct iw_inventory_writer *writer,
                              const struct iw_inventory_server *server);
/** Components that are told whole, and those told in a line because nothing vouches for them and
 * nothing is odd about them. */
struct iw_inventory_counts {
    uint64_t n_shown, n_unknown;
};

/** Components and web files; both add to the counts. */
void iw_inventory_write_components(struct iw_inventory_writer *writer,
                                   const struct iw_inventory_server *server,
                                   struct iw_inventory_counts *counts);
void iw_inventory_write_web_files(struct iw_inventory_writer *writer,
                                  const struct iw_inventory_server *server, uint64_t *n_odd);

#endif
