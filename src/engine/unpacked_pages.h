/**
 * Pages that a web server unpacked out of an archive: Tomcat makes `webapps\shop\` of
 * `webapps\shop.war`, and writes each page of it itself. The archive is what came; what it holds is
 * no act of its own.
 */
#ifndef IW_ENGINE_UNPACKED_PAGES_H
#define IW_ENGINE_UNPACKED_PAGES_H

#include "context/server_events.h"
#include "result/finding.h"

struct iw_unpacked_pages {
    const struct iw_server_facts *facts; /* settled; NULL: nothing is said */
    struct iw_arena arena;               /* of one finding */
};

/** *facts* live longer; done is needed. */
void iw_unpacked_pages_init(struct iw_unpacked_pages *pages, const struct iw_server_facts *facts);
void iw_unpacked_pages_done(struct iw_unpacked_pages *pages);

/**
 * Lowers a rule's finding of medium about a file that was written into the folder of an archive,
 * within ten minutes after that and by a program that may serve the web, to low, and says which
 * archive. Other findings are left as they are.
 *
 * @param finding  its host is settled; its new texts live until the next call
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_unpacked_pages_judge(struct iw_unpacked_pages *pages, struct iw_finding *finding);

#endif
