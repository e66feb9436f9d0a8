/*
 * The table of readers: one row per format.
 */
#include "input/reader.h"

#include "input/evtx/evtx_reader.h"
#include "input/iislog/iislog_reader.h"
#include "input/json/json_reader.h"
#include "input/xml/xml_event.h"
#include "input/xml/xml_reader.h"

static const struct iw_reader_class *const READERS[] = {
    &iw_evtx_reader_class, &iw_json_lines_reader_class, &iw_json_reader_class,
    &iw_xml_reader_class,  &iw_iislog_reader_class,
};

/* Formats that may stand inside another; ends with NULL. */
static const struct iw_span_class *const SPANS[] = {
    &iw_xml_span_class,
    NULL,
};

const struct iw_span_class *iw_span_class_of(enum iw_evidence_kind kind)
{
    for (size_t i = 0; SPANS[i] != NULL; i++) {
        if (SPANS[i]->kind == kind)
            return SPANS[i];
    }
    return NULL;
}

const struct iw_reader_class *iw_reader_class_of(enum iw_evidence_kind kind)
{
    for (size_t i = 0; i < sizeof READERS / sizeof READERS[0]; i++) {
        if (READERS[i]->kind == kind)
            return READERS[i];
    }
    return NULL;
}
