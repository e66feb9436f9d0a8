/**
 * Web files as they were collected that may be pages nobody saw come: their content does what a
 * request tells it, nobody approved them, and the logs of requests show that nobody asked for them
 * before a certain moment. Chains of evidence ask for them (detect/chain/chains.h).
 */
#ifndef IW_ENGINE_COLLECTED_PAGES_H
#define IW_ENGINE_COLLECTED_PAGES_H

#include "context/file_requests.h"
#include "detect/chain/chains.h"

/**
 * Those of *host*, in the order of their first requests, then of their paths. Each costs two
 * look-ups in the requests: to be asked for once a host.
 *
 * @param requests  settled
 * @param ret       in *arena*; borrows from *inventory*
 * @return IW_OK; IW_ENOMEM; IW_EIO: the temporary file cannot be read
 */
enum iw_rc iw_collected_pages_find(const struct iw_inventory *inventory,
                                   struct iw_url_requests *requests,
                                   const struct iw_web_places *places, struct iw_str host,
                                   struct iw_arena *arena, struct iw_chain_collected_list *ret,
                                   struct iw_error *err);

/** A log that begins at least so long before a moment says that nobody asked before. */
#define IW_PAGE_SILENCE_NS (3600 * IW_NS_PER_SECOND)
/** The answer to who asks for a page that is not there. */
#define IW_STATUS_NOT_FOUND 404U
/** As many addresses ask for a page that hardly anybody knows. */
#define IW_PAGE_ADDRESSES 2U

#endif
