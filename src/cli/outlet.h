/**
 * Where output goes: standard output or a file that is opened before the process is confined and
 * written afterwards. Never a file that is evidence.
 */
#ifndef IW_CLI_OUTLET_H
#define IW_CLI_OUTLET_H

#include "cli/option.h"

struct iw_outlet {
    int fd;           /* -1 = not open */
    const char *name; /* as the user said it; borrowed */
    bool is_stdout;
    bool is_new;         /* the file was not there before */
    bool is_pipe_broken; /* the reader went away */
};

void iw_outlet_init(struct iw_outlet *outlet);
/** IW_EUSAGE when *path* (NULL: none) is, or would be, a file below a folder of *evidence*. Nothing
 * is created. */
enum iw_rc iw_outlet_check_place(const char *path, const struct iw_word_list *evidence,
                                 struct iw_error *err);
/** Opens *path* for writing without emptying it; NULL or `-` is standard output. IW_OK or IW_EIO.
 */
enum iw_rc iw_outlet_open(struct iw_outlet *outlet, const char *path, struct iw_error *err);
/** IW_EUSAGE when the outlet is one of *inputs*, by whatever name, or holds an event log. */
enum iw_rc iw_outlet_refuse_inputs(const struct iw_outlet *outlet,
                                   const struct iw_word_list *inputs, struct iw_error *err);
/** Whether both are the same regular file, or both standard output. */
bool iw_outlet_is_same(const struct iw_outlet *a, const struct iw_outlet *b);
/** Empties a regular file. IW_OK or IW_EIO. */
enum iw_rc iw_outlet_empty(const struct iw_outlet *outlet, struct iw_error *err);
/** Writes all of *text*. IW_OK, or IW_EIO (no space, the reader went away, ...). */
enum iw_rc iw_outlet_write(struct iw_outlet *outlet, struct iw_str text, struct iw_error *err);
/**
 * Puts *text* in the place of what a regular file holds (elsewhere: writes it): room is made first,
 * so that a full disk leaves the file as it was; what was there is overwritten only then. Nothing
 * is renamed, because a confined process may not. IW_OK; IW_EIO: as it was, unless the disk itself
 * failed while it was written.
 */
enum iw_rc iw_outlet_replace(struct iw_outlet *outlet, struct iw_str text, struct iw_error *err);
/** Removes a file that opening has created: the run it was for was refused. */
void iw_outlet_discard(const struct iw_outlet *outlet);
/** Closes a file; standard output stays open. IW_OK, or IW_EIO when what was written is not kept.
 */
enum iw_rc iw_outlet_close(struct iw_outlet *outlet, struct iw_error *err);

#endif
