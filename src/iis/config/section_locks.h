/**
 * Which sections that make a server load or run code a web.config of a place may add to: whoever
 * can write that file, without administrator rights, can then add code there.
 *
 * Judged as IIS judges (config_judge.h, config_lock.h). Results are plain values; any thread may
 * ask of a settled configuration. Source: configSections and schema of IIS 10; Microsoft's "How to
 * Use Locking in IIS Configuration".
 */
#ifndef IW_IIS_SECTION_LOCKS_H
#define IW_IIS_SECTION_LOCKS_H

#include "iis/config/config_effective.h"

enum iw_section_answer {
    IW_SECTION_UNKNOWN, /* applicationHost.config is not in evidence whole, or not what is in force
                         */
    IW_SECTION_DENIED,  /* locked, may not stand there, or is not installed */
    IW_SECTION_ALLOWED
};

struct iw_code_section {
    const char *path;
    const char *element;   /* what adds code: a child element, or */
    const char *attribute; /* an attribute; the other is NULL */
    bool is_net;           /* of .NET: only read where managed code runs */
};

/** The rows, by path, those of IIS first; *ret_n: their number. Static. */
const struct iw_code_section *iw_code_sections(size_t *ret_n);
/** May a web.config of *place* add to it? */
enum iw_section_answer iw_section_answer_at(const struct iw_config *config,
                                            const struct iw_code_section *row,
                                            const struct iw_config_place *place);

#endif
