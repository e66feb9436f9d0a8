/*
 * The EVTX writer (see lab_evtx.h).
 *
 * What it does: keeps schemas and templates, writes records into one chunk at a time, flushes full
 * chunks, writes the file header last, when the number of chunks and the next record id are known.
 * Format: libevtx "Windows XML Event Log (EVTX)" (file header, event record), [MS-EVEN6] 2.2.12
 * (template instance): a definition is inline exactly when its offset is the place right behind the
 * offset field. What it ignores: logs that wrap; chunks are written once, in order.
 */
#include "lab/evtx/lab_evtx.h"

#include "lab/lab_alloc.h"
#include "lab/evtx/lab_crc32.h"
#include "lab/evtx/lab_schema.h"
#include "lab/evtx/lab_text.h"
#include "lab/evtx/lab_xml.h"

#include <errno.h>
#include <stdio.h>

#define TEMPLATE_BUCKETS_OFFSET 384U
#define N_TEMPLATE_BUCKETS 32U
#define TEMPLATE_FRAME_BYTES 24U

struct template
{
    struct iw_lab_xml xml;
    uint8_t guid[16];
};

struct shape {
    struct iw_lab_schema schema;
    size_t root;
    size_t payload;
    uint8_t provider_guid[16];
    struct iw_lab_value slots[IW_LAB_MAX_SLOTS];
    size_t n_slots;
};

struct iw_lab_evtx {
    FILE *stream;
    struct iw_lab_evtx_options options;
    struct iw_lab_names names;
    struct template *templates;
    size_t n_templates;
    struct shape *shapes;
    size_t n_shapes;
    struct iw_lab_xml text; /* scratch of records without template */
    uint64_t n_chunks;
    uint64_t n_records;
    uint64_t last_id;
    bool write_failed;
    struct iw_lab_chunk chunk;
};

struct iw_lab_evtx *iw_lab_evtx_new(const char *path, const struct iw_lab_evtx_options *options,
                                    struct iw_lab_error *error)
{
    static const uint8_t header[IW_LAB_FILE_HEADER_BYTES];
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        iw_lab_error_set(error, "%s: cannot create: %s", path, strerror(errno));
        return NULL;
    }
    struct iw_lab_evtx *file = iw_lab_alloc_zeroed(1, sizeof *file);
    file->stream = stream;
    if (options != NULL) {
        file->options = *options;
    }
    file->last_id = file->options.first_record_id > 0 ? file->options.first_record_id - 1 : 0;
    iw_lab_chunk_init(&file->chunk);
    iw_lab_xml_init(&file->text, &file->names);
    file->write_failed = fwrite(header, sizeof header, 1, stream) != 1;
    return file;
}

static size_t find_template(struct iw_lab_evtx *file, struct iw_lab_xml *xml)
{
    uint8_t guid[16];
    iw_lab_xml_identity(xml, guid);
    for (size_t i = 0; i < file->n_templates; i++) {
        if (memcmp(file->templates[i].guid, guid, sizeof guid) == 0) {
            iw_lab_xml_done(xml);
            return i;
        }
    }
    file->templates =
        iw_lab_alloc_resize(file->templates, file->n_templates + 1, sizeof *file->templates);
    struct template *added = &file->templates[file->n_templates];
    added->xml = *xml;
    memcpy(added->guid, guid, sizeof guid);
    return file->n_templates++;
}

/* What stays the same in the System slots of all events of the shape. */
static void fill_slots(struct shape *shape)
{
    const struct iw_lab_schema *schema = &shape->schema;
    bool literal = schema->literal_channel;
    struct iw_lab_value *slots = shape->slots;
    for (size_t i = 0; i < IW_LAB_MAX_SLOTS; i++) {
        slots[i] = iw_lab_value_null();
    }
    slots[IW_LAB_SLOT_LEVEL] = iw_lab_value_number(IW_LAB_TYPE_U8, schema->level);
    slots[IW_LAB_SLOT_OPCODE] = iw_lab_value_number(IW_LAB_TYPE_U8, schema->opcode);
    slots[IW_LAB_SLOT_TASK] = iw_lab_value_number(IW_LAB_TYPE_U16, schema->task);
    slots[IW_LAB_SLOT_EVENT_ID] = iw_lab_value_number(IW_LAB_TYPE_U16, schema->event_id);
    if (schema->qualifiers >= 0) {
        slots[IW_LAB_SLOT_QUALIFIERS] =
            iw_lab_value_number(IW_LAB_TYPE_U16, (uint64_t)schema->qualifiers);
    }
    slots[IW_LAB_SLOT_KEYWORDS] = iw_lab_value_number(IW_LAB_TYPE_HEX64, schema->keywords);
    slots[IW_LAB_SLOT_VERSION] = iw_lab_value_number(IW_LAB_TYPE_U8, schema->version);
    if (!literal) {
        slots[IW_LAB_SLOT_PROVIDER] = iw_lab_value_text(schema->provider);
        slots[IW_LAB_SLOT_CHANNEL] = iw_lab_value_text(schema->channel);
        if (schema->provider_guid != NULL &&
            iw_lab_text_parse_guid(schema->provider_guid, shape->provider_guid)) {
            slots[IW_LAB_SLOT_PROVIDER_GUID] =
                (struct iw_lab_value){.type = IW_LAB_TYPE_GUID, .size_bytes = 16};
        }
    }
    size_t payload = literal ? IW_LAB_LITERAL_SLOT_PAYLOAD : IW_LAB_SLOT_PAYLOAD;
    shape->n_slots = payload + 1;
    slots[payload].type = IW_LAB_TYPE_BINXML;
}

size_t iw_lab_evtx_define(struct iw_lab_evtx *file, const struct iw_lab_schema *schema)
{
    for (size_t i = 0; i < file->n_shapes; i++) {
        if (iw_lab_schema_equal(&file->shapes[i].schema, schema)) {
            return i;
        }
    }
    file->shapes = iw_lab_alloc_resize(file->shapes, file->n_shapes + 1, sizeof *file->shapes);
    struct shape *shape = &file->shapes[file->n_shapes];
    memset(shape, 0, sizeof *shape);
    iw_lab_schema_copy(&shape->schema, schema);
    if (!schema->template_less) {
        struct iw_lab_xml xml;
        iw_lab_xml_init(&xml, &file->names);
        iw_lab_schema_build_root(&shape->schema, &xml);
        shape->root = find_template(file, &xml);
        if (schema->payload != IW_LAB_PAYLOAD_NONE) {
            iw_lab_xml_init(&xml, &file->names);
            iw_lab_schema_build_payload(&shape->schema, &xml);
            shape->payload = find_template(file, &xml);
        }
        fill_slots(shape);
    }
    iw_lab_chunk_reserve(&file->chunk, file->names.n_items, file->n_templates);
    return file->n_shapes++;
}

/* Token, id and offset of a template instance, and the definition when this chunk has not got it
 * yet. */
static void emit_instance(struct iw_lab_evtx *file, size_t index)
{
    struct iw_lab_chunk *chunk = &file->chunk;
    const struct template *template = &file->templates[index];
    iw_lab_chunk_put_u8(chunk, 0x0C);
    iw_lab_chunk_put_u8(chunk, 1);
    iw_lab_chunk_put(chunk, template->guid, 4);
    uint32_t offset = chunk->template_offsets[index];
    if (offset != 0) {
        iw_lab_chunk_put_u32(chunk, offset);
        return;
    }
    offset = chunk->cursor + 4;
    iw_lab_chunk_put_u32(chunk, offset);
    uint8_t *at = iw_lab_chunk_take(chunk, TEMPLATE_FRAME_BYTES);
    if (at == NULL) {
        return;
    }
    uint16_t units[8];
    memcpy(units, template->guid, sizeof units);
    uint32_t bucket =
        TEMPLATE_BUCKETS_OFFSET + 4U * (iw_lab_text_hash(units, 8) % N_TEMPLATE_BUCKETS);
    iw_lab_store_u32(at, iw_lab_chunk_link(chunk, bucket, offset));
    memcpy(at + 4, template->guid, 16);
    iw_lab_xml_emit(&template->xml, chunk, true);
    iw_lab_chunk_patch_u32(chunk, offset + 20, chunk->cursor - offset - TEMPLATE_FRAME_BYTES);
    chunk->template_offsets[index] = offset;
}

/* Descriptor of one value; the size is filled in once the value stands. */
static void patch_descriptor(struct iw_lab_chunk *chunk, uint32_t descriptor, uint32_t size,
                             uint8_t type)
{
    if (!chunk->overflow) {
        iw_lab_store_u16(chunk->bytes + descriptor, (uint16_t)size);
        chunk->bytes[descriptor + 2] = type;
    }
}

static uint32_t emit_descriptors(struct iw_lab_chunk *chunk, size_t n_values)
{
    iw_lab_chunk_put_u32(chunk, (uint32_t)n_values);
    uint32_t first = chunk->cursor;
    uint8_t *at = iw_lab_chunk_take(chunk, 4 * n_values);
    if (at != NULL) {
        memset(at, 0, 4 * n_values);
    }
    return first;
}

static void emit_value(struct iw_lab_chunk *chunk, uint32_t descriptor,
                       const struct iw_lab_value *value)
{
    uint32_t start = chunk->cursor;
    iw_lab_value_emit(chunk, value);
    patch_descriptor(chunk, descriptor, chunk->cursor - start, value->type);
}

static void emit_payload(struct iw_lab_evtx *file, const struct shape *shape,
                         const struct iw_lab_event *event)
{
    static const uint8_t fragment_header[] = {0x0F, 1, 1, 0};
    struct iw_lab_chunk *chunk = &file->chunk;
    size_t n_slots = 0;
    for (size_t i = 0; i < shape->schema.n_fields; i++) {
        n_slots += shape->schema.fields[i].form == IW_LAB_FIELD_SLOT ? 1 : 0;
    }
    iw_lab_chunk_put(chunk, fragment_header, sizeof fragment_header);
    emit_instance(file, shape->payload);
    uint32_t descriptor = emit_descriptors(chunk, n_slots);
    for (size_t i = 0; i < shape->schema.n_fields; i++) {
        if (shape->schema.fields[i].form == IW_LAB_FIELD_SLOT) {
            emit_value(chunk, descriptor, &event->values[i]);
            descriptor += 4;
        }
    }
    iw_lab_chunk_put_u8(chunk, 0x00);
}

static void emit_template_record(struct iw_lab_evtx *file, struct shape *shape,
                                 const struct iw_lab_event *event, uint64_t record_id)
{
    static const uint8_t fragment_header[] = {0x0F, 1, 1, 0};
    struct iw_lab_chunk *chunk = &file->chunk;
    struct iw_lab_value *slots = shape->slots;
    slots[IW_LAB_SLOT_TIME] = iw_lab_value_number(IW_LAB_TYPE_FILETIME, event->filetime);
    slots[IW_LAB_SLOT_PROCESS_ID] = iw_lab_value_number(IW_LAB_TYPE_U32, event->process_id);
    slots[IW_LAB_SLOT_THREAD_ID] = iw_lab_value_number(IW_LAB_TYPE_U32, event->thread_id);
    slots[IW_LAB_SLOT_RECORD_ID] = iw_lab_value_number(IW_LAB_TYPE_U64, record_id);
    slots[IW_LAB_SLOT_USER_ID] =
        event->user_sid == NULL
            ? iw_lab_value_null()
            : iw_lab_value_bytes(IW_LAB_TYPE_SID, event->user_sid, event->user_sid_bytes);
    slots[IW_LAB_SLOT_ACTIVITY_ID] =
        event->activity_id == NULL ? iw_lab_value_null()
                                   : iw_lab_value_bytes(IW_LAB_TYPE_GUID, event->activity_id, 16);
    if (slots[IW_LAB_SLOT_PROVIDER_GUID].type == IW_LAB_TYPE_GUID) {
        slots[IW_LAB_SLOT_PROVIDER_GUID].data = shape->provider_guid;
    }
    iw_lab_chunk_put(chunk, fragment_header, sizeof fragment_header);
    emit_instance(file, shape->root);
    uint32_t descriptor = emit_descriptors(chunk, shape->n_slots);
    size_t last = shape->n_slots - 1;
    for (size_t i = 0; i < last; i++) {
        emit_value(chunk, descriptor + 4 * (uint32_t)i, &slots[i]);
    }
    if (shape->schema.payload != IW_LAB_PAYLOAD_NONE) {
        uint32_t start = chunk->cursor;
        emit_payload(file, shape, event);
        patch_descriptor(chunk, descriptor + 4 * (uint32_t)last, chunk->cursor - start,
                         IW_LAB_TYPE_BINXML);
    }
    iw_lab_chunk_put_u8(chunk, 0x00);
}

static bool write_record(struct iw_lab_evtx *file, struct shape *shape,
                         const struct iw_lab_event *event, uint64_t record_id)
{
    iw_lab_chunk_begin_record(&file->chunk, record_id, event->filetime);
    if (shape->schema.template_less) {
        iw_lab_xml_emit(&file->text, &file->chunk, false);
    } else {
        emit_template_record(file, shape, event, record_id);
    }
    return iw_lab_chunk_end_record(&file->chunk, record_id);
}

static void flush_chunk(struct iw_lab_evtx *file)
{
    if (file->chunk.n_records > 0) {
        iw_lab_chunk_seal(&file->chunk, file->options.no_crc);
        if (fwrite(file->chunk.bytes, IW_LAB_CHUNK_BYTES, 1, file->stream) != 1) {
            file->write_failed = true;
        }
        file->n_chunks++;
    }
    iw_lab_chunk_reset(&file->chunk, file->n_records + 1);
}

bool iw_lab_evtx_add(struct iw_lab_evtx *file, size_t schema_index,
                     const struct iw_lab_event *event, struct iw_lab_error *error)
{
    struct shape *shape = &file->shapes[schema_index];
    uint64_t record_id = event->record_id != 0 ? event->record_id : file->last_id + 1;
    if (event->n_values != shape->schema.n_fields) {
        return iw_lab_error_set(error, "event %u: %zu values for %zu fields",
                                shape->schema.event_id, event->n_values, shape->schema.n_fields);
    }
    if (shape->schema.template_less) {
        iw_lab_xml_clear(&file->text);
        if (!iw_lab_schema_build_text(&shape->schema, event, record_id, &file->text, error)) {
            return false;
        }
        iw_lab_chunk_reserve(&file->chunk, file->names.n_items, file->n_templates);
    }
    if (file->options.chunk_records > 0 && file->chunk.n_records >= file->options.chunk_records) {
        flush_chunk(file);
    }
    if (!write_record(file, shape, event, record_id)) {
        flush_chunk(file);
        if (!write_record(file, shape, event, record_id)) {
            iw_lab_chunk_reset(&file->chunk, file->n_records + 1);
            return iw_lab_error_set(error, "event %u: larger than a chunk", shape->schema.event_id);
        }
    }
    file->last_id = record_id;
    file->n_records++;
    return !file->write_failed || iw_lab_error_set(error, "writing failed: %s", strerror(errno));
}

uint64_t iw_lab_evtx_n_chunks(const struct iw_lab_evtx *file)
{
    return file->n_chunks;
}

uint64_t iw_lab_evtx_n_records(const struct iw_lab_evtx *file)
{
    return file->n_records;
}

static void write_header(struct iw_lab_evtx *file)
{
    uint8_t header[128] = {0};
    memcpy(header, "ElfFile", 8);
    iw_lab_store_u64(header + 16, file->n_chunks > 0 ? file->n_chunks - 1 : 0);
    iw_lab_store_u64(header + 24, file->last_id + 1);
    iw_lab_store_u32(header + 32, sizeof header);
    iw_lab_store_u16(header + 36, file->options.minor_version == 2 ? 2 : 1);
    iw_lab_store_u16(header + 38, 3);
    iw_lab_store_u16(header + 40, IW_LAB_FILE_HEADER_BYTES);
    iw_lab_store_u32(header + 42, (uint32_t)file->n_chunks); /* 32 bits where a log outgrows 16 */
    iw_lab_store_u32(header + 120, file->options.no_crc ? 4 : 0);
    if (!file->options.no_crc) {
        iw_lab_store_u32(header + 124, iw_lab_crc32(0, header, 120));
    }
    if (fseek(file->stream, 0, SEEK_SET) != 0 ||
        fwrite(header, sizeof header, 1, file->stream) != 1) {
        file->write_failed = true;
    }
}

bool iw_lab_evtx_close(struct iw_lab_evtx *file, struct iw_lab_error *error)
{
    if (file == NULL) {
        return true;
    }
    flush_chunk(file);
    write_header(file);
    bool failed = (fclose(file->stream) != 0) | file->write_failed;
    if (failed) {
        iw_lab_error_set(error, "writing failed: %s", strerror(errno));
    }
    for (size_t i = 0; i < file->n_templates; i++) {
        iw_lab_xml_done(&file->templates[i].xml);
    }
    for (size_t i = 0; i < file->n_shapes; i++) {
        iw_lab_schema_release(&file->shapes[i].schema);
    }
    iw_lab_alloc_release(file->templates);
    iw_lab_alloc_release(file->shapes);
    iw_lab_xml_done(&file->text);
    iw_lab_names_done(&file->names);
    iw_lab_chunk_done(&file->chunk);
    iw_lab_alloc_release(file);
    return !failed;
}
