/**
 * Data inside of a page: runs of base64, compressed or encrypted blocks. Inside of this folder
 * only.
 */
#ifndef IW_IIS_WEB_WEB_BULK_H
#define IW_IIS_WEB_WEB_BULK_H

#include "base/str.h"

/** Characters of one run of base64 that are long: past any key, hash or token of a page. */
#define IW_WEB_LONG_BASE64 1024U
/** Bytes over which entropy is taken. */
#define IW_WEB_ENTROPY_BLOCK 4096U
/** Bits a byte from which a block is compressed or encrypted: random blocks of 4 KiB have 7.95,
 * text in any language and encoding stays below 7.3. */
#define IW_WEB_ENTROPY_BITS 7.5

/** Position of the first long run of base64 that is no `data:` URL, or SIZE_MAX. */
size_t iw_web_long_base64(struct iw_str text);

/** Position of the first block (of IW_WEB_ENTROPY_BLOCK, whole ones only) of high entropy, or
 * SIZE_MAX. */
size_t iw_web_high_entropy(struct iw_str bytes);

#endif
