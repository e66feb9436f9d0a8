/**
 * Programs as chains know them: which serve the web, and which run commands.
 *
 * By file name, or by the name a program was built under (Sysmon's OriginalFileName), so that a
 * renamed copy is known too. Pure tables; any thread.
 */
#ifndef IW_DETECT_PROGRAM_KIND_H
#define IW_DETECT_PROGRAM_KIND_H

#include "base/str.h"
#include "detect/chain/chain_settings.h"

enum iw_program_kind {
    IW_PROGRAM_OTHER = 0,
    IW_PROGRAM_SHELL,       /* runs commands: cmd, PowerShell, bash */
    IW_PROGRAM_INTERPRETER, /* runs scripts: wscript, python, mshta */
    IW_PROGRAM_DISCOVERY,   /* tells of the machine and its network: whoami, net, ipconfig */
    IW_PROGRAM_TOOL,        /* loads, changes, starts by means of Windows itself: certutil, reg */
    IW_PROGRAM_OTHER_TOOL,  /* does the same, and has to be installed: sqlcmd, ssh, psexec */
    IW_PROGRAM_ARCHIVER,    /* packs files: 7z, rar */
    IW_PROGRAM_CREDENTIAL,  /* reads secrets: procdump, ntdsutil */
    IW_PROGRAM_COMPILER,    /* csc, vbc: ASP.NET runs them, and so may others */
    IW_PROGRAM_BROUGHT,     /* one of which only its place or name is known, */
    IW_PROGRAM_WRITTEN,     /* or that the web server wrote it, */
    IW_PROGRAM_BY_WMI,      /* or that WMI started it as the account of a pool, */
    IW_PROGRAM_DISGUISED,   /* or that its arguments are those of a shell or interpreter */
    IW_PROGRAM_KIND_COUNT
};

/** In the order of how sure it is. */
enum iw_program_serving {
    IW_SERVES_NOTHING = 0,
    /* By nothing but a name in the path of java's classes: an application that has its server built
     * in, or a job that uses the libraries of one. Or by a program that may as well be what starts
     * servers. */
    IW_SERVES_LIKELY,
    IW_SERVES_WEB,
};

struct iw_program {
    const char *name; /* lower case, without its ending */
    enum iw_program_kind kind;
    const char *technique; /* of ATT&CK, of running it; NULL: none is claimed by that alone */
};

/** The program with that image, or built under that name (may be empty); NULL: none of them. */
const struct iw_program *iw_program_find(struct iw_str image, struct iw_str original_name);
/** A program that lies where no program of Windows or of an application does (temporary and public
 * folders, page folders of products), or that is not called like a program; NULL: none. What the
 * rule web_server_starts_program_from_odd_place names; a test compares them. */
const struct iw_program *iw_program_of_odd_place(struct iw_str image);
/** A program of which only that is known that a web server wrote it. */
const struct iw_program *iw_program_written_then_run(void);
/** Whether a file of that name, or a stream of it, is one that is run: `.exe`, `.com`, `.scr`,
 * `.pif`. */
bool iw_program_has_ending(struct iw_str path);
/** Whether a file of that name is one that a web server runs or loads once it has written it: a
 * program as above, or a library that is none of ASP.NET's own. */
bool iw_program_may_be_brought(struct iw_str path);
/** "a shell", "an interpreter"; never NULL. */
const char *iw_program_kind_words(enum iw_program_kind kind);

/** Whether an image is, by itself, one that may serve the web (event/web_server.h); `java` and
 * `php` only do where their command line says so. *settings* may be NULL. */
bool iw_program_may_serve(struct iw_str image, const struct iw_chain_settings *settings);
/** What a process serves: by its image, and where that is not enough, by its command line. */
enum iw_program_serving iw_program_serving(struct iw_str image, struct iw_str command_line,
                                           const struct iw_chain_settings *settings);
/** Whether it serves the web, for certain or likely. */
bool iw_program_serves(struct iw_str image, struct iw_str command_line,
                       const struct iw_chain_settings *settings);
/** Whether a command starts or stops a server of WebLogic as its Node Manager does, and nothing
 * else: cmd.exe that is given startWebLogic.cmd or its like. */
bool iw_program_launches_server(struct iw_str command_line);
/** Whether it is a server that administrators deploy and run commands by: what it starts may be of
 * interest, but it is none of the servers above. */
bool iw_program_manages(struct iw_str image);
/** Whether it is a server of one developer's machine. */
bool iw_program_serves_developer(struct iw_str image);
/** An application that a web server runs as a process of its own (FastCGI, HttpPlatform): what
 * looks like an interpreter is the site itself. That is Python, given one of the usual servers as
 * its module (`-m waitress`) or script (`D:\site\wfastcgi.py`); .NET, given a library
 * (`dotnet Shop.dll`); Node.js, given a script; and nothing that lies where users or pools may
 * write or on another machine: the word elsewhere in a command line says nothing. */
bool iw_program_is_hosted_application(const struct iw_program *program, struct iw_str command_line);
/** The host of a console as Windows starts it; not one that is told to start something. */
bool iw_program_is_console_host(const struct iw_program *program, struct iw_str command_line);
/** ASP.NET compiling a page: a compiler of the .NET Framework's own folder, or of a `roslyn`
 * folder, with a response file in ASP.NET's folder. Event 4688 may lack the command line (empty
 * here): then the compiler must be the Framework's. *program* may be NULL. */
bool iw_program_compiles_page(const struct iw_program *program, struct iw_str image,
                              struct iw_str command_line);
/** A program of which only that is known that WMI started it. */
const struct iw_program *iw_program_started_by_wmi(void);
/** WMI's own processes that start what a method or a subscription says. */
bool iw_program_is_wmi(struct iw_str image);
/** Processes that start others on behalf of somebody else: WMI, COM, tasks, services. */
bool iw_program_is_broker(struct iw_str image);
/** What a worker starts in ordinary work: reports of crashes, windows of consoles. By its full
 * path, and not where it was built under another name (empty, `-`: not told): a copy of cmd.exe is
 * none, whatever it is called. */
bool iw_program_is_housekeeping(struct iw_str image, struct iw_str original_name);

#endif
