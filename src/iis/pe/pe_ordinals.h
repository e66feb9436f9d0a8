/**
 * The names of what ws2_32.dll, wsock32.dll and oleaut32.dll export by ordinal: an imphash is made
 * with them.
 */
#ifndef IW_IIS_PE_PE_ORDINALS_H
#define IW_IIS_PE_PE_ORDINALS_H

#include "base/str.h"

/** Empty when it is another library (letter case ignored) or an ordinal without a known name.
 * Static text. */
struct iw_str iw_pe_ordinal_name(struct iw_str library, uint16_t ordinal);

#endif
