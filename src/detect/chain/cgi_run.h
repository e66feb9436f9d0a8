/**
 * Runs of pages by CGI and FastCGI: IIS starts the interpreter that its own configuration names,
 * for every request anew with the page as its argument (CGI), or once for many (FastCGI). That is
 * how such a page runs, and no shell of itself; what the page starts is another matter.
 *
 * An interpreter alone: a command shell that a handler names runs what a request tells it. Pure;
 * any thread.
 */
#ifndef IW_DETECT_CGI_RUN_H
#define IW_DETECT_CGI_RUN_H

#include "base/arena.h"
#include "context/web_places.h"
#include "detect/chain/program_kind.h"

struct iw_cgi_run {
    bool is;            /* it is one */
    struct iw_str page; /* that it runs, as the command line names it; empty: it does not */
};

/**
 * Whether a worker started such a run. Where its command line is not known (empty) it is taken for
 * one, if the image is the configuration's.
 *
 * @param server  of the host, by its live configuration; NULL: none is known
 * @param state  its roots then: a page that lies in none makes no run
 * @return IW_OK; IW_ENOMEM. Texts borrow from *command_line*
 */
enum iw_rc iw_cgi_run_read(const struct iw_inventory_server *server,
                           const struct iw_web_state *state, const struct iw_program *program,
                           struct iw_str image, struct iw_str command_line,
                           struct iw_arena *scratch, struct iw_cgi_run *ret);

#endif
