/*
 * Writing binary XML operations into a chunk (see lab_xml.h).
 *
 * What it does: tokens, size fields filled in afterwards, names inline at first use in the chunk
 * and by offset after that. Format: [MS-EVEN6] 2.2.12 and libevtx "Binary XML": a size field counts
 * the bytes behind it; an element's includes its end token, an attribute list's does not include
 * the token that closes the start tag; a name is inline exactly when its offset is the place right
 * behind the offset field. What it ignores: nothing it is given; what does not fit the chunk sets
 * the chunk's overflow flag.
 */
#include "lab/evtx/lab_xml.h"
#include "lab/evtx/lab_xml_ops.h"

#define TOKEN_MORE 0x40U
#define STRING_BUCKETS_OFFSET 128U
#define N_STRING_BUCKETS 64U
#define NAME_FRAME_BYTES 10U

struct open_element {
    uint32_t size_offset;
    uint32_t attributes_offset; /* 0 when the element has none */
};

static void emit_name(struct iw_lab_chunk *chunk, const struct iw_lab_xml *xml, uint32_t index)
{
    uint32_t known = chunk->name_offsets[index];
    if (known != 0) {
        iw_lab_chunk_put_u32(chunk, known);
        return;
    }
    const struct iw_lab_name *name = &xml->names->items[index];
    uint32_t offset = chunk->cursor + 4;
    iw_lab_chunk_put_u32(chunk, offset);
    uint8_t *at = iw_lab_chunk_take(chunk, NAME_FRAME_BYTES + 2U * name->n_units);
    if (at == NULL) {
        return;
    }
    uint32_t bucket = STRING_BUCKETS_OFFSET + 4U * (name->hash % N_STRING_BUCKETS);
    iw_lab_store_u32(at, iw_lab_chunk_link(chunk, bucket, offset));
    iw_lab_store_u16(at + 4, name->hash);
    iw_lab_store_u16(at + 6, name->n_units);
    memcpy(at + 8, name->units, (size_t)2 * name->n_units);
    iw_lab_store_u16(at + 8 + (size_t)2 * name->n_units, 0);
    chunk->name_offsets[index] = offset;
}

static void emit_text(struct iw_lab_chunk *chunk, const struct iw_lab_xml *xml,
                      const struct iw_lab_xml_op *op)
{
    iw_lab_chunk_put_u16(chunk, op->n_units);
    if (op->n_units > 0) {
        iw_lab_chunk_put(chunk, xml->units + op->first_unit, (size_t)2 * op->n_units);
    }
}

static void patch_size(struct iw_lab_chunk *chunk, uint32_t offset)
{
    if (offset != 0) {
        iw_lab_chunk_patch_u32(chunk, offset, chunk->cursor - offset - 4);
    }
}

static void open_element(const struct iw_lab_xml *xml, struct iw_lab_chunk *chunk,
                         const struct iw_lab_xml_op *op, struct open_element *element,
                         bool with_dependencies)
{
    iw_lab_chunk_put_u8(chunk, op->more ? 0x01 | TOKEN_MORE : 0x01);
    if (with_dependencies) {
        iw_lab_chunk_put_u16(chunk, op->slot);
    }
    element->size_offset = chunk->cursor;
    iw_lab_chunk_put_u32(chunk, 0);
    emit_name(chunk, xml, op->name);
    element->attributes_offset = op->more ? chunk->cursor : 0;
    if (op->more) {
        iw_lab_chunk_put_u32(chunk, 0);
    }
}

void iw_lab_xml_emit(const struct iw_lab_xml *xml, struct iw_lab_chunk *chunk,
                     bool with_dependencies)
{
    static const uint8_t fragment_header[] = {0x0F, 1, 1, 0};
    struct open_element open[IW_LAB_XML_MAX_DEPTH] = {{0, 0}};
    size_t depth = 0;
    iw_lab_chunk_put(chunk, fragment_header, sizeof fragment_header);
    for (size_t i = 0; i < xml->n_ops && !chunk->overflow; i++) {
        const struct iw_lab_xml_op *op = &xml->ops[i];
        uint8_t more = op->more ? TOKEN_MORE : 0;
        switch (op->kind) {
        case IW_LAB_XML_OPEN:
            open_element(xml, chunk, op, &open[depth++], with_dependencies);
            break;
        case IW_LAB_XML_ATTRIBUTE:
            iw_lab_chunk_put_u8(chunk, 0x06 | more);
            emit_name(chunk, xml, op->name);
            break;
        case IW_LAB_XML_START_END:
            patch_size(chunk, open[depth - 1].attributes_offset);
            iw_lab_chunk_put_u8(chunk, 0x02);
            break;
        case IW_LAB_XML_EMPTY_END:
            patch_size(chunk, open[depth - 1].attributes_offset);
            iw_lab_chunk_put_u8(chunk, 0x03);
            patch_size(chunk, open[--depth].size_offset);
            break;
        case IW_LAB_XML_CLOSE:
            iw_lab_chunk_put_u8(chunk, 0x04);
            patch_size(chunk, open[--depth].size_offset);
            break;
        case IW_LAB_XML_TEXT:
            iw_lab_chunk_put_u8(chunk, 0x05 | more);
            iw_lab_chunk_put_u8(chunk, 0x01);
            emit_text(chunk, xml, op);
            break;
        case IW_LAB_XML_CDATA:
            iw_lab_chunk_put_u8(chunk, 0x07 | more);
            emit_text(chunk, xml, op);
            break;
        case IW_LAB_XML_ENTITY:
            iw_lab_chunk_put_u8(chunk, 0x09 | more);
            emit_name(chunk, xml, op->name);
            break;
        case IW_LAB_XML_SLOT:
            iw_lab_chunk_put_u8(chunk, op->optional ? 0x0E : 0x0D);
            iw_lab_chunk_put_u16(chunk, op->slot);
            iw_lab_chunk_put_u8(chunk, op->type);
            break;
        }
    }
    iw_lab_chunk_put_u8(chunk, 0x00);
}
