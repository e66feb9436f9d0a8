/**
 * What the path of a file says to a chain: which file it is, whatever spelling an event used, what
 * it may do for a web server, and whether its folder is one that web servers use by default.
 *
 * Pure; any thread. Texts lie in the arena that is given, or borrow from the path.
 */
#ifndef IW_DETECT_WEB_FILE_PATH_H
#define IW_DETECT_WEB_FILE_PATH_H

#include "base/arena.h"
#include "detect/chain/chain_settings.h"

enum iw_web_file_class {
    IW_WEB_FILE_OTHER = 0,
    IW_WEB_FILE_PROGRAM,  /* a program or batch among web files */
    IW_WEB_FILE_SUPPORT,  /* runs with others: a library of bin, web.config, a control */
    IW_WEB_FILE_SCRIPT,   /* runs when it is asked for */
    IW_WEB_FILE_COMPILED, /* written by ASP.NET when it compiles a page */
    IW_WEB_FILE_CLASS_COUNT
};

/** By its name and folder alone, without memory: for every file event of a run. */
enum iw_web_file_class iw_web_file_class_of(struct iw_str path,
                                            const struct iw_chain_settings *settings);
/** Whether nobody ever asks for a file of that name by its own URL: what is compiled into others
 * (.ascx, .master), views that Razor runs, libraries, configurations. What a handler of *settings*
 * runs is asked for. */
bool iw_web_file_is_never_asked_for(struct iw_str path, const struct iw_chain_settings *settings);
/** Whether the folder is one of Windows or ASP.NET in which nobody keeps pages. */
bool iw_web_path_holds_no_pages(struct iw_str path);
/** Whether the folder is one of those that web servers and web products use by default, or one of
 * WebRootPath. *settings* may be NULL. */
bool iw_web_folder_is_usual(struct iw_str path, const struct iw_chain_settings *settings);

struct iw_web_file_path {
    struct iw_str path; /* normal form, without a stream */
    struct iw_str key;  /* folded; equal keys are one file */
    struct iw_str odd;  /* what about its name is made to be overlooked; empty: nothing. Static */
    bool is_short;      /* a part is a short name (`WEBSER~1`): the folder is not known for sure */
};

/**
 * Reads the path of a file as an event writes it: `\\?\`, `\??\`, the machine's own shares
 * (`\\localhost\C$\`, `\\?\UNC\WEB01\C$\`, `ADMIN$`), `/`, `..`, a stream (`a.txt:b.asp`,
 * `::$DATA`), dots and spaces at its end. A volume's path stays (`\\?\Volume{...}\`,
 * `\Device\...`).
 *
 * @param host  whose event it is, by name or label; empty: not known
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_web_file_path_read(struct iw_str written, struct iw_str host, struct iw_arena *arena,
                                 struct iw_web_file_path *ret);

/** The page that a file of ASP.NET's compiling names: `shell.aspx` of
 * `shell.aspx.cdcab7d2.compiled`; empty: it names none (`App_Web_x1.dll`). Borrowed. */
struct iw_str iw_web_compiled_page(struct iw_str path);
/** Whose pages are compiled there, of a path or command line that names ASP.NET's folder: `shop` of
 * `...\Temporary ASP.NET Files\shop\1a2b\3c4d\x.cmdline`, `root` of the application at the root of
 * a site; empty: it names none. Borrowed. */
struct iw_str iw_web_compiled_application(struct iw_str text);
/** What `App_Web_shell.aspx.cdcab7d2.x1.dll` and `.compiled` have in common: a page may have been
 * compiled. Whether a path is below ASP.NET's folder for that. */
bool iw_web_path_is_compile_folder(struct iw_str path);

#endif
