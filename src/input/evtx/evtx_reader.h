/**
 * The EVTX reader: the row of input/reader.c for Windows event logs, formats 3.1 and 3.2.
 */
#ifndef IW_INPUT_EVTX_READER_H
#define IW_INPUT_EVTX_READER_H

#include "input/reader.h"

extern const struct iw_reader_class iw_evtx_reader_class;

#endif
