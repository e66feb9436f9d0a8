/**
 * Who may change what a web root serves, or what runs there, without being an administrator of the
 * server: one line of words for each way, by a stable name.
 *
 *   directory-browse    visitors see what lies there (what was uploaded is found)
 *   filtering-weakened  request filtering lets through what an installed server refuses
 *   ftp                 the site takes FTP: who may write, as far as rules tell
 *   handler-write       accessPolicy lets handlers write or see sources
 *   pool-identity       the worker's account, where it is one of the built-in services
 *   root-account        the folder is opened with an account of its own
 *   sub-config          folders below may have a web.config, too
 *   unc-root            the folder is a share
 *   unlocked            sections of IIS that add code and that a web.config may add to
 *   unlocked-net        the same of .NET
 *   webdav              WebDAV is on, and who may write
 *   unknown             "unknown: NAME: why": never to be read as "it is not so"
 *
 * Who may write by the file system is not asked here. Sources: Microsoft's reference of the
 * sections named, and the lock matrix of configSections (section_locks.h).
 */
#ifndef IW_IIS_WRITE_PATHWAYS_H
#define IW_IIS_WRITE_PATHWAYS_H

#include "iis/config/config_server.h"
#include "result/finding.h"

struct iw_write_pathways {
    struct iw_text_list *roots; /* of every virtual directory, in the order of sites, their
                                   applications and their directories; each sorted by bytes */
    size_t n_roots;
};

/** All roots of a server. Texts lie in *arena* or belong to the configuration. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_write_pathways_read(const struct iw_server *server, struct iw_arena *arena,
                                  struct iw_write_pathways *ret);
/**
 * Who may manage sites from afar, as administration.config says: "delegation: CORP\\joe manages
 * /Default Web Site". Sorted. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_delegations_read(const struct iw_config *config, struct iw_arena *arena,
                               struct iw_text_list *ret);

#endif
