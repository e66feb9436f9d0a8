/**
 * Programs that serve the web: one table for everything that asks. Chains, coverage and the rules
 * (as `%iiswarden.web_servers%` and two more) read it, and a test holds
 * docs/DETECTIONS.md to it: another server is one more row.
 *
 * A name is in it where a public source tells that a process of that name serves pages or a
 * console of the web and that shells were started from it; each row has its source. Constant; any
 * thread.
 */
#ifndef IW_EVENT_WEB_SERVER_H
#define IW_EVENT_WEB_SERVER_H

#include "base/str.h"

enum iw_web_server_kind {
    IW_WEB_SERVER_PROGRAM = 0, /* its image says so */
    IW_WEB_SERVER_JAVA,        /* java runs it: a word of its image's path or of its command line */
    IW_WEB_SERVER_JAVA_NAME,   /* the same, but a name that stands in many a path of classes too:
                                  no rule of single events takes it from a command line */
    IW_WEB_SERVER_JAVA_FOLDER, /* the java of its own: a part of that one's path */
    IW_WEB_SERVER_LIKELY,      /* its image says that it may be one, or start those of others: no
                                  rule of single events names it */
    IW_WEB_SERVER_DEVELOPER,   /* its image says so, and it serves one developer: no rule of single
                                  events names it */
    IW_WEB_SERVER_MANAGEMENT   /* it serves administrators, who deploy and run commands by it: what
                                  it starts is of interest, what it writes is no page of an
                                  attacker's */
};

struct iw_web_server {
    const char *name; /* lower case: the file's name; of Java the word */
    enum iw_web_server_kind kind;
    const char *below;   /* lower case: where the name alone is anybody's, the end of the folder
                            that it lies in; NULL: wherever */
    const char *product; /* for people */
};

extern const struct iw_web_server iw_web_servers[];
extern const size_t iw_n_web_servers;

/** Folders of the pages of these products, as parts of paths in lower case (`\webapps\`), beside
 * those of sites. NULL behind the last. */
extern const char *const iw_web_server_folders[];

/** What stands behind the folder in which servers other than IIS keep their pages by default: the
 * URL, but for its slashes (`shop\x.jsp` of `D:\tomcat\webapps\shop\x.jsp`, `x.jsp` in `ROOT`).
 * Empty: the path has no such folder. */
struct iw_str iw_web_server_page_of(struct iw_str path);

/** Whether it is Java that runs it. */
bool iw_web_server_is_of_java(const struct iw_web_server *server);
/** Whether the path of an image whose file name is the row's is that of the server: it lies where
 * the row says. */
bool iw_web_server_has_image(const struct iw_web_server *server, struct iw_str image);

/** What a placeholder of rules stands for. */
enum iw_web_server_list {
    IW_WEB_SERVER_LIST_NONE = 0,
    IW_WEB_SERVER_LIST_IMAGES, /* "iiswarden.web_servers": ends of paths of images, `\w3wp.exe` */
    IW_WEB_SERVER_LIST_JAVA,   /* "iiswarden.java_web_servers": words */
    IW_WEB_SERVER_LIST_FOLDERS /* "iiswarden.java_web_server_folders": parts of java's own path, and
                                  names */
};
/** The list of that name, letter case counted; IW_WEB_SERVER_LIST_NONE: there is none. */
enum iw_web_server_list iw_web_server_list_of(struct iw_str name);
/** Whether a row is in a list. */
bool iw_web_server_is_in(const struct iw_web_server *server, enum iw_web_server_list list);

#endif
