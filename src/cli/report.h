/**
 * Output of the commands that read no evidence: opened, written once, closed; errors said.
 */
#ifndef IW_CLI_REPORT_H
#define IW_CLI_REPORT_H

#include "cli/cli.h"
#include "cli/outlet.h"
#include "output/output.h"

struct iw_report {
    struct iw_outlet outlet;
    struct iw_style style;
    enum iw_format format; /* never AUTO */
};

/**
 * Opens the output; refuses one that is among *inputs* or their folders. iw_report_finish() must
 * follow. IW_OK, IW_EUSAGE, IW_EIO.
 */
enum iw_rc iw_report_begin(struct iw_report *report, const struct iw_arguments *arguments,
                           const struct iw_word_list *inputs, struct iw_error *err);
/** Writes *text*. IW_ENOMEM when it could not be made whole; IW_EIO. */
enum iw_rc iw_report_write(struct iw_report *report, const struct iw_buffer *text,
                           struct iw_error *err);
/** Closes; says what failed; an exit status: *status* when all went well. */
int iw_report_finish(struct iw_report *report, enum iw_rc rc, const struct iw_error *err,
                     int status);

/** The rules that --rules and --only-rules choose. IW_OK, or IW_EUSAGE when both are given or a
 * path cannot be read. */
struct iw_rule_choice;
enum iw_rc iw_report_choose_rules(const struct iw_arguments *arguments, struct iw_rule_choice *ret,
                                  struct iw_error *err);

#endif
