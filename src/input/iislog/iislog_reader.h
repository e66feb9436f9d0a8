/**
 * The reader of logs of requests: W3C extended, HTTPERR, IIS and NCSA format (see README.md).
 */
#ifndef IW_INPUT_IISLOG_IISLOG_READER_H
#define IW_INPUT_IISLOG_IISLOG_READER_H

#include "input/reader.h"

extern const struct iw_reader_class iw_iislog_reader_class;

#endif
