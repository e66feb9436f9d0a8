/**
 * Inside of chains: which web server stands above a process that started. What is borrowed lives as
 * long as the lineage and the fact. One thread.
 */
#ifndef IW_DETECT_CHAIN_ABOVE_H
#define IW_DETECT_CHAIN_ABOVE_H

#include "detect/chain/chain_state.h"

/** Who stands above a process that started. */
struct iw_chain_above {
    const struct iw_process *process;  /* itself; NULL: not known to the lineage */
    const struct iw_process *server;   /* NULL: none, or known by its name alone */
    struct iw_str image, command_line; /* of the server; empty: none */
    struct iw_process_name name;       /* of the server */
    bool is_likely;                    /* the server is one by the path of its classes alone */
    bool is_complete;                  /* all ancestors are known */
    enum iw_web_identity identity;     /* where there is none: whose account it runs as */
    struct iw_str pool;                /* of that account; empty: not known */
    struct iw_chain_item *brought;     /* the web server's writing of what started; NULL: none */
    bool is_cgi_run;                   /* what started is how a page runs by CGI or FastCGI */
    struct iw_str page;                /* that one, or the one whose run started it; empty: none is
                                          known */
};

/** Of a process; of the direct parent of what started also where only the event has it. */
struct iw_str iw_chain_command_line_of(const struct iw_process *process, bool is_parent,
                                       const struct iw_chain_fact *what);
/** Fills in the web server; *above* has the process. */
void iw_chain_above_find_server(const struct iw_chains *chains, const struct iw_chain_fact *what,
                                struct iw_chain_above *above);
/** Fills in a management service where there is no web server. */
void iw_chain_above_find_management(const struct iw_chain_fact *what, struct iw_chain_above *above);
/** The pool of the server, or of the account that works for one; empty: not known. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chain_above_pool(struct iw_chains *chains, const struct iw_chain_above *above,
                               const struct iw_chain_fact *what, int64_t time_ns,
                               struct iw_str *ret);
/** What the server says of what it started. */
iw_chain_marks iw_chain_above_marks(const struct iw_chain_above *above);
/** Whether the server itself started it, and not an application that it hosts. */
bool iw_chain_above_started_it(const struct iw_chains *chains, const struct iw_chain_above *above,
                               const struct iw_chain_fact *what);

#endif
