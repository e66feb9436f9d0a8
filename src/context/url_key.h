/**
 * What a URL of a log names, in one spelling: requests for one file get one key, however they were
 * written, and so does the URL that a configuration gives the file.
 *
 * HTTP.sys writes the stem decoded, IIS maps it as Windows maps names, and other servers' logs keep
 * what was sent. So, in this order:
 *
 *  - `%41` and `%u0041` are decoded, once: HTTP.sys takes both unless its registry says otherwise
 *    (PercentUAllowed), and request filtering refuses what is escaped twice unless it is told not
 * to (allowDoubleEscaping): a second round would name files that were never asked for; `\` is `/`;
 *  - the tickets of ASP.NET's cookieless sessions go, as its filter takes them out wherever they
 *    stand: `/(S(abc))`, `/(X(1)F(abc))`;
 *  - a blank and `+` are one character, because logs write one as the other;
 *  - empty parts and `.` go, `..` takes the part before it, never more than there is;
 *  - of a part, `:` and what follows is a stream of the file (`x.aspx::$DATA`); dots and blanks at
 *    its end are not of the name;
 *  - a part that ends like a program ends the key: what follows is given to it (PATH_INFO,
 * `/x.aspx/a`) as what stands behind `;` is (`x.jsp;jsessionid=1`);
 *  - letter case is folded.
 *
 * A folder whose name ends like a program, or a file with `;` in its name, shares its key with what
 * lies behind it. A short name (`SHELL~1.ASP`) stays what it is: which file it stands for is not
 * told by any log.
 */
#ifndef IW_CONTEXT_URL_KEY_H
#define IW_CONTEXT_URL_KEY_H

#include "base/arena.h"
#include "base/map.h"
#include "result/inventory.h"

/** Endings that execute: the usual ones, those handlers name, and library and program files, which
 * ISAPI and CGI run. Filled before events flow, then read by any thread. */
struct iw_url_endings {
    struct iw_arena arena;
    struct iw_map by_text; /* ".aspx", lower case */
};

/** IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_url_endings_init(struct iw_url_endings *endings);
void iw_url_endings_done(struct iw_url_endings *endings);
/** Adds what the handlers of all servers name: `*.xyz`. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_endings_know(struct iw_url_endings *endings,
                               const struct iw_inventory *inventory);

struct iw_url_key {
    struct iw_str text; /* "/shop/x.aspx", folded; "/" of the root */
    bool runs;          /* its last part ends like a program */
};

/** Whether a URL can have a key that runs: a quick look, which errs on the side of yes. */
bool iw_url_may_run(struct iw_str url);
/** The key of a URL path, without its query. Text lies in *arena* or borrows from *url*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_url_key(const struct iw_url_endings *endings, struct iw_str url,
                      struct iw_arena *arena, struct iw_url_key *ret);

/** The URL without the tickets of cookieless sessions; borrowed where it has none. p NULL: no
 * memory.
 */
struct iw_str iw_url_without_tickets(struct iw_str url, struct iw_arena *arena);

/** The short name NTFS gives a file first (`SHELL~1.ASP` for `shell.aspx`); empty: its own name is
 * one. p NULL: no memory. */
struct iw_str iw_url_short_name(struct iw_str name, struct iw_arena *arena);

#endif
