/*
 * Building lists of binary XML operations (see lab_xml.h).
 *
 * What it does: keeps names and texts as UTF-16, sets the "more follows" bits while building,
 * hashes the structure. Format: [MS-EVEN6] 2.2.12 grammar; the hash of names is in lab_text.h. What
 * it ignores: processing instructions and character references; no template of Windows has them.
 */
#include "lab/evtx/lab_xml.h"

#include "lab/lab_alloc.h"
#include "lab/evtx/lab_text.h"
#include "lab/evtx/lab_xml_ops.h"

#include <assert.h>

#define NAME_MAX_BYTES 255U
#define TEXT_MAX_BYTES 32000U

uint32_t iw_lab_names_find(struct iw_lab_names *names, const char *utf8)
{
    uint16_t units[NAME_MAX_BYTES];
    size_t size_bytes = strnlen(utf8, NAME_MAX_BYTES);
    size_t n_units = iw_lab_text_to_utf16(utf8, size_bytes, units);
    uint16_t hash = (uint16_t)iw_lab_text_hash(units, n_units);
    for (size_t i = 0; i < names->n_items; i++) {
        const struct iw_lab_name *known = &names->items[i];
        if (known->hash == hash && known->n_units == n_units &&
            memcmp(known->units, units, 2 * n_units) == 0) {
            return (uint32_t)i;
        }
    }
    if (names->n_items == names->n_room) {
        names->n_room = names->n_room * 2 + 64;
        names->items = iw_lab_alloc_resize(names->items, names->n_room, sizeof *names->items);
    }
    struct iw_lab_name *name = &names->items[names->n_items];
    name->units = iw_lab_alloc_zeroed(n_units, 2);
    memcpy(name->units, units, 2 * n_units);
    name->n_units = (uint16_t)n_units;
    name->hash = hash;
    return (uint32_t)names->n_items++;
}

void iw_lab_names_done(struct iw_lab_names *names)
{
    for (size_t i = 0; i < names->n_items; i++) {
        iw_lab_alloc_release(names->items[i].units);
    }
    iw_lab_alloc_release(names->items);
    memset(names, 0, sizeof *names);
}

void iw_lab_xml_init(struct iw_lab_xml *xml, struct iw_lab_names *names)
{
    memset(xml, 0, sizeof *xml);
    xml->names = names;
}

void iw_lab_xml_done(struct iw_lab_xml *xml)
{
    iw_lab_alloc_release(xml->ops);
    iw_lab_alloc_release(xml->units);
    memset(xml, 0, sizeof *xml);
}

void iw_lab_xml_clear(struct iw_lab_xml *xml)
{
    xml->n_ops = 0;
    xml->n_units = 0;
    xml->depth = 0;
    xml->in_start_tag = false;
}

static struct iw_lab_xml_op *add_op(struct iw_lab_xml *xml, enum iw_lab_xml_kind kind)
{
    if (xml->n_ops == xml->n_ops_room) {
        xml->n_ops_room = xml->n_ops_room * 2 + 64;
        xml->ops = iw_lab_alloc_resize(xml->ops, xml->n_ops_room, sizeof *xml->ops);
    }
    struct iw_lab_xml_op *op = &xml->ops[xml->n_ops++];
    memset(op, 0, sizeof *op);
    op->kind = kind;
    return op;
}

void iw_lab_xml_begin_content(struct iw_lab_xml *xml)
{
    if (xml->in_start_tag) {
        add_op(xml, IW_LAB_XML_START_END);
        xml->in_start_tag = false;
    }
}

void iw_lab_xml_open(struct iw_lab_xml *xml, const char *name, uint32_t dependency)
{
    assert(xml->depth < IW_LAB_XML_MAX_DEPTH);
    iw_lab_xml_begin_content(xml);
    struct iw_lab_xml_op *op = add_op(xml, IW_LAB_XML_OPEN);
    op->name = iw_lab_names_find(xml->names, name);
    op->slot = (uint16_t)dependency;
    xml->open_starts[xml->depth] = xml->n_ops - 1;
    xml->open_ops[xml->depth] = 0;
    xml->depth++;
    xml->in_start_tag = true;
}

void iw_lab_xml_attribute(struct iw_lab_xml *xml, const char *name)
{
    assert(xml->in_start_tag && xml->depth > 0);
    size_t level = xml->depth - 1;
    struct iw_lab_xml_op *op = add_op(xml, IW_LAB_XML_ATTRIBUTE);
    op->name = iw_lab_names_find(xml->names, name);
    xml->ops[xml->open_starts[level]].more = true;
    if (xml->open_ops[level] > 0) {
        xml->ops[xml->open_ops[level] - 1].more = true;
    }
    xml->open_ops[level] = xml->n_ops;
}

void iw_lab_xml_close(struct iw_lab_xml *xml)
{
    assert(xml->depth > 0);
    add_op(xml, xml->in_start_tag ? IW_LAB_XML_EMPTY_END : IW_LAB_XML_CLOSE);
    xml->in_start_tag = false;
    xml->depth--;
}

static bool is_piece(enum iw_lab_xml_kind kind)
{
    return kind == IW_LAB_XML_TEXT || kind == IW_LAB_XML_ENTITY || kind == IW_LAB_XML_CDATA;
}

static struct iw_lab_xml_op *add_piece(struct iw_lab_xml *xml, enum iw_lab_xml_kind kind)
{
    if (xml->n_ops > 0 && is_piece(xml->ops[xml->n_ops - 1].kind)) {
        xml->ops[xml->n_ops - 1].more = true;
    }
    return add_op(xml, kind);
}

static void add_units(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes)
{
    if (size_bytes > TEXT_MAX_BYTES) {
        size_bytes = TEXT_MAX_BYTES; /* would not fit a chunk as UTF-16 */
    }
    if (xml->n_units + size_bytes > xml->n_units_room) {
        xml->n_units_room = (xml->n_units + size_bytes) * 2 + 256;
        xml->units = iw_lab_alloc_resize(xml->units, xml->n_units_room, sizeof *xml->units);
        memset(xml->units + xml->n_units, 0,
               (xml->n_units_room - xml->n_units) * sizeof *xml->units);
    }
    struct iw_lab_xml_op *op = &xml->ops[xml->n_ops - 1];
    op->first_unit = xml->n_units;
    op->n_units = (uint16_t)iw_lab_text_to_utf16(utf8, size_bytes, xml->units + xml->n_units);
    xml->n_units += op->n_units;
}

void iw_lab_xml_text(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes)
{
    add_piece(xml, IW_LAB_XML_TEXT);
    add_units(xml, utf8, size_bytes);
}

void iw_lab_xml_cdata(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes)
{
    add_piece(xml, IW_LAB_XML_CDATA);
    add_units(xml, utf8, size_bytes);
}

void iw_lab_xml_entity(struct iw_lab_xml *xml, const char *name)
{
    struct iw_lab_xml_op *op = add_piece(xml, IW_LAB_XML_ENTITY);
    op->name = iw_lab_names_find(xml->names, name);
}

void iw_lab_xml_slot(struct iw_lab_xml *xml, uint32_t slot, uint8_t type, bool optional)
{
    struct iw_lab_xml_op *op = add_op(xml, IW_LAB_XML_SLOT);
    op->slot = (uint16_t)slot;
    op->type = type;
    op->optional = optional;
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "amp";
    case '<':
        return "lt";
    case '>':
        return "gt";
    case '"':
        return "quot";
    default:
        return NULL;
    }
}

void iw_lab_xml_escaped(struct iw_lab_xml *xml, const char *utf8, size_t size_bytes)
{
    size_t from = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        const char *entity = entity_of(utf8[i]);
        if (entity != NULL) {
            if (i > from) {
                iw_lab_xml_text(xml, utf8 + from, i - from);
            }
            iw_lab_xml_entity(xml, entity);
            from = i + 1;
        }
    }
    if (from < size_bytes) {
        iw_lab_xml_text(xml, utf8 + from, size_bytes - from);
    }
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size_bytes)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size_bytes; i++) {
        hash = (hash ^ at[i]) * 0x100000001B3ULL;
    }
    return hash;
}

void iw_lab_xml_identity(const struct iw_lab_xml *xml, uint8_t guid[16])
{
    uint64_t halves[2] = {0xCBF29CE484222325ULL, 0x9AE16A3B2F90404FULL};
    for (size_t i = 0; i < xml->n_ops; i++) {
        const struct iw_lab_xml_op *op = &xml->ops[i];
        uint8_t shape[5] = {(uint8_t)op->kind, op->type, (uint8_t)(op->slot & 0xFFU),
                            (uint8_t)(op->slot >> 8), op->optional ? 1 : 0};
        const struct iw_lab_name *name = &xml->names->items[op->name];
        for (size_t h = 0; h < 2; h++) {
            halves[h] = hash_bytes(halves[h], shape, sizeof shape);
            if (op->kind == IW_LAB_XML_OPEN || op->kind == IW_LAB_XML_ATTRIBUTE ||
                op->kind == IW_LAB_XML_ENTITY) {
                halves[h] = hash_bytes(halves[h], name->units, (size_t)2 * name->n_units);
            }
            if (op->n_units > 0) {
                halves[h] =
                    hash_bytes(halves[h], xml->units + op->first_unit, (size_t)2 * op->n_units);
            }
        }
    }
    memcpy(guid, halves, 16);
}
