/**
 * The links of each analytic, and which events show them: tables.
 *
 * One more link: a line of IW_LINKS, a row of iw_link_witnesses for each source of events it can be
 * seen in, and its place in iw_analytics. What to do where it is not seen follows from its
 * witnesses (fixes.h).
 */
#ifndef IW_COVERAGE_COVERAGE_LINKS_H
#define IW_COVERAGE_COVERAGE_LINKS_H

#include "coverage/log_gaps.h"
#include "coverage/proofs.h"
#include "result/coverage.h"

/** All links: enumerator and name. The configuration is read from files: no event shows it. */
#define IW_LINKS(LINK)                                                                             \
    LINK(FILE_CREATED, "file_created")                                                             \
    LINK(PROCESS_CREATED, "process_created")                                                       \
    LINK(CONFIGURATION, "configuration")                                                           \
    LINK(REGISTRATION, "registration")                                                             \
    LINK(MODULE_LOAD, "module_load")                                                               \
    LINK(REQUEST, "request")                                                                       \
    LINK(COMPILED, "compiled")                                                                     \
    LINK(LOGON, "logon")                                                                           \
    LINK(NETWORK, "network")

#define IW_LINK_ENUMERATOR(link, name) IW_LINK_##link,
enum iw_link { IW_LINKS(IW_LINK_ENUMERATOR) IW_LINK_COUNT };
#undef IW_LINK_ENUMERATOR

/** Of which folders a file is a sample. */
enum iw_link_folders {
    IW_FOLDERS_NONE = 0, /* it is about no file */
    IW_FOLDERS_ROOTS,    /* the web roots of the host */
    IW_FOLDERS_CONFIG,   /* inetsrv\config */
    IW_FOLDERS_COMPILED, /* where compiled pages lie */
    IW_FOLDERS_COUNT
};

/** A folder that is the same on every server. Texts are empty where *folders* are no such one. */
struct iw_link_folder {
    struct iw_str key;   /* folded: a file below it is a sample */
    struct iw_str asked; /* the part of it that settings are asked about, and audit entries go on */
};

/** Never NULL. */
const struct iw_link_folder *iw_link_folder(enum iw_link_folders folders);

/** A source of events a link can be seen in. */
struct iw_link_witness {
    enum iw_link link;
    const char *name; /* "Sysmon 11" */
    const char *channel;
    enum iw_sample_kind sample; /* NONE: any record of the channel is one */
    enum iw_link_folders folders;
    enum iw_sense sense;     /* what settings are asked */
    enum iw_gap_scope scope; /* beside gaps of the whole log */
};

extern const struct iw_link_witness iw_link_witnesses[];
extern const size_t iw_n_link_witnesses;

/** "file_created". */
const char *iw_link_name(enum iw_link link);

struct iw_link_of_analytic {
    enum iw_link link;
    bool is_required;
};

struct iw_analytic_row {
    enum iw_analytic analytic;
    const struct iw_link_of_analytic *links; /* required ones first */
    size_t n_links;
    const struct iw_str *beyond; /* what no event shows */
    size_t n_beyond;
};

extern const struct iw_analytic_row iw_analytics[IW_ANALYTIC_COUNT];

#endif
