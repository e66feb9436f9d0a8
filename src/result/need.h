/**
 * What evidence is needed of a server, as plain records: `collect-list` shows them, and writes what
 * other tools collect by.
 */
#ifndef IW_RESULT_NEED_H
#define IW_RESULT_NEED_H

#include "result/finding.h"

enum iw_need_form {
    IW_NEED_FILES = 0, /* files of the server, copied as they are */
    IW_NEED_COMMAND,   /* what a command prints, kept in a file */
    IW_NEED_ASKED,     /* nothing of the server: somebody has to be asked for it */
    IW_NEED_FORM_COUNT
};

/** What somebody who cannot bring everything brings first. */
enum iw_need_weight {
    IW_NEED_TELLS = 0,    /* more to see, more to answer */
    IW_NEED_DECIDES,      /* can prove a required link: a blind verdict may change */
    IW_NEED_IF_INSTALLED, /* of a product or a role that not every server has */
    IW_NEED_WEIGHT_COUNT
};

/** One thing to bring. Texts are UTF-8 and empty where they do not apply. */
struct iw_need {
    enum iw_need_form form;
    enum iw_need_weight weight;
    struct iw_str name;     /* "Event log Security" */
    struct iw_str what_for; /* which link, analytic or question of the inventory needs it */
    struct iw_str kind;     /* how the ledger calls it: "evtx", "config", ... */
    /* FILES */
    struct iw_str folder; /* with the variables of Windows: `%SystemRoot%\System32`; no separator at
                             its end */
    struct iw_str mask;   /* of names in it: `*` and `?`; never empty */
    bool is_recursive;
    bool is_root;      /* the folder is a web root */
    bool is_literal;   /* the folder comes from evidence or the user: no variables in it */
    struct iw_str key; /* of a hive, which Windows keeps open: `HKLM\SYSTEM` */
    /* COMMAND */
    struct iw_str command; /* a pipeline of PowerShell; uses $roots where needs_roots */
    struct iw_str file;    /* name for what it prints */
    bool needs_roots;
    /* Of evidence that was looked at: hosts that lack it. Empty: none was looked at. */
    struct iw_text_list hosts;
};

struct iw_needs {
    struct iw_arena arena;
    struct iw_need *items; /* in the order of the table: what decides most comes first */
    size_t n;
    struct iw_text_list roots; /* web roots, those of the table first; can be pasted */
    struct iw_text_list notes; /* what could not be put into the list, and why */
    struct iw_text_list hosts; /* of the evidence that was looked at; without it empty */
    bool is_narrowed;          /* only what the evidence given lacks */
};

void iw_needs_init(struct iw_needs *needs);
void iw_needs_done(struct iw_needs *needs);
/** "tells", "decides", "if-installed"; never NULL. */
const char *iw_need_weight_name(enum iw_need_weight weight);
/** "files", "command", "asked"; never NULL. */
const char *iw_need_form_name(enum iw_need_form form);

#endif
