/*
 * A piece of binary XML as a list of operations, built once and written into many chunks.
 *
 * Used for template definitions (with slots) and for whole records that have no template. Elements
 * are opened and closed like in XML text; attributes come first, then begin_content, then text,
 * slots and child elements:
 *
 *     iw_lab_xml_open(x, "Data", IW_LAB_NO_DEPENDENCY);
 *     iw_lab_xml_attribute(x, "Name");  iw_lab_xml_text(x, "Image", 5);
 *     iw_lab_xml_begin_content(x);      iw_lab_xml_slot(x, 4, IW_LAB_TYPE_STRING, false);
 *     iw_lab_xml_close(x);
 *
 * Closing an element without begin_content writes an empty element tag.
 */
#ifndef IW_LAB_XML_H
#define IW_LAB_XML_H

#include "lab/evtx/lab_chunk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IW_LAB_NO_DEPENDENCY 0xFFFFU
#define IW_LAB_XML_MAX_DEPTH 32U

/* All element, attribute and entity names of one file, as UTF-16 with their hash. */
struct iw_lab_name {
    uint16_t *units;
    uint16_t n_units;
    uint16_t hash;
};

struct iw_lab_names {
    struct iw_lab_name *items;
    size_t n_items;
    size_t n_room;
};

/* Index of the name, entered when new. Names are at most 255 bytes of UTF-8; longer ones are cut.
 */
uint32_t iw_lab_names_find(struct iw_lab_names *names, const char *utf8);
void iw_lab_names_done(struct iw_lab_names *names);

struct iw_lab_xml_op;

struct iw_lab_xml {
    struct iw_lab_names *names; /* borrowed; outlives this */
    struct iw_lab_xml_op *ops;
    size_t n_ops;
    size_t n_ops_room;
    uint16_t *units; /* texts of all operations */
    size_t n_units;
    size_t n_units_room;
    size_t open_ops[IW_LAB_XML_MAX_DEPTH]; /* index + 1 of each open element's last attribute, 0
                                              when none */
    size_t open_starts[IW_LAB_XML_MAX_DEPTH];
    bool in_start_tag;
    size_t depth;
};

void iw_lab_xml_init(struct iw_lab_xml *xml, struct iw_lab_names *names);
void iw_lab_xml_done(struct iw_lab_xml *xml);
void iw_lab_xml_clear(struct iw_lab_xml *xml);

/* dependency: slot whose NULL omits the whole element, or IW_LAB_NO_DEPENDENCY. */
void iw_lab_xml_open(struct iw_lab_xml *xml, const char *name, uint32_t dependency);
void iw_lab_xml_attribute(struct iw_lab_xml *xml, const char *name);
void iw_lab_xml_begin_content(struct iw_lab_xml *xml);
void iw_lab_xml_close(struct iw_lab_xml *xml);

void iw_lab_xml_text(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes);
void iw_lab_xml_entity(struct iw_lab_xml *xml, const char *name);
void iw_lab_xml_cdata(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes);
void iw_lab_xml_slot(struct iw_lab_xml *xml, uint32_t slot, uint8_t type, bool optional);

/* Text with `&`, `<`, `>` and `"` written as entity references between pieces of text, as exported
 * records have it. */
void iw_lab_xml_escaped(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes);

/* Two 64-bit hashes over everything the operations say: the structural identity, used as template
 * GUID. */
void iw_lab_xml_identity(const struct iw_lab_xml *xml, uint8_t guid[16]);

/* Writes fragment header, elements and EOF token. with_dependencies: true inside template
 * definitions only. */
void iw_lab_xml_emit(const struct iw_lab_xml *xml, struct iw_lab_chunk *chunk,
                     bool with_dependencies);

#endif
