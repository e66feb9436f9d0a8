/*
 * See the header. Reading goes through the reader class as a run does: slices of 1 MiB, one reader
 * for all of them, a batch that is used again and again.
 */
#include "tests/unit/input/evtx_rig.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/utf.h"
#include "event/flatten.h"
#include "lab/evtx/lab_evtx.h"

static const struct iw_names *names(void)
{
    static struct iw_names made;
    static bool is_made;
    if (!is_made)
        assert_int_equal(iw_names_init(&made), IW_OK);
    is_made = true;
    return &made;
}

static const struct iw_route *route(void)
{
    static struct iw_route made;
    static bool is_made;
    if (!is_made) {
        iw_route_init(&made);
        iw_route_want_all(&made);
    }
    is_made = true;
    return &made;
}

/* One for the process: tests read hundreds of thousands of files. */
static struct iw_batch *the_batch(void)
{
    static struct iw_batch *batch;
    if (batch == NULL) {
        batch = calloc(1, sizeof *batch);
        assert_non_null(batch);
        assert_int_equal(iw_batch_init(batch), IW_OK);
    }
    return batch;
}

static char *json_of(const struct iw_event *event)
{
    struct iw_buffer out;
    struct iw_json json;
    struct iw_arena scratch;
    char *copy;
    iw_buffer_init(&out);
    iw_arena_init(&scratch, 0);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_event_flatten(event, &json, &scratch);
    iw_json_object_end(&json);
    assert_false(out.failed);
    assert_true(iw_utf8_valid(iw_buffer_str(&out)));
    copy = strndup(out.p, out.n);
    iw_arena_done(&scratch);
    iw_buffer_done(&out);
    return copy;
}

static void keep_event(struct rig_result *result, const struct iw_event *event,
                       const struct rig_options *options)
{
    if (result->n == result->cap) {
        result->cap = result->cap * 2 + 16;
        result->events = realloc(result->events, result->cap * sizeof *result->events);
        assert_non_null(result->events);
    }
    result->events[result->n++] = (struct rig_event){
        event->record_id, event->offset,   event->event_id,
        event->flags,     event->n_fields, options->without_json ? NULL : json_of(event)};
}

static void read_slice(struct iw_reader *reader, int fd, uint64_t size_bytes,
                       const struct iw_slice *slice, const struct rig_options *options,
                       struct rig_result *result)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_EVTX);
    const struct iw_evidence_file file = {
        .kind = IW_EVIDENCE_EVTX, .size_bytes = size_bytes, .stdin_fd = -1};
    struct iw_account account = {0};
    size_t n_before = result->n;
    enum iw_rc rc;

    assert_int_equal(class->begin(reader, fd, &file, slice, &account), IW_OK);
    if (options->between != NULL)
        options->between(options->context, fd);
    while ((rc = class->next(reader, the_batch())) == IW_OK) {
        assert_true(the_batch()->n > 0);
        for (size_t i = 0; i < the_batch()->n; i++) {
            const struct iw_event *event = &the_batch()->events[i];
            assert_true(event->offset < size_bytes);
            if (result->n > n_before)
                assert_true(event->offset > result->events[result->n - 1].offset);
            keep_event(result, event, options);
        }
    }
    assert_int_equal(rc, IW_END);
    assert_int_equal(account.n_records, result->n - n_before);
    iw_account_add(&result->account, &account);
}

/* Readers live on, as in a run: what they remember of one file must not change the next. */
static struct iw_reader *the_reader(const struct rig_options *options)
{
    static struct iw_reader *readers[4];
    struct iw_reader **reader = &readers[(options->recover ? 1 : 0) + (options->verify ? 2 : 0)];
    if (*reader == NULL)
        *reader = iw_reader_class_of(IW_EVIDENCE_EVTX)
                      ->make(&(struct iw_reader_options){.names = names(),
                                                         .route = route(),
                                                         .recover = options->recover,
                                                         .verify = options->verify});
    assert_non_null(*reader);
    return *reader;
}

struct rig_result rig_read_fd(int fd, uint64_t size_bytes, const struct rig_options *options)
{
    static const struct rig_options PLAIN;
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_EVTX);
    struct rig_result result = {0};
    struct iw_reader *reader;
    uint64_t slice_bytes = class->slice_bytes;
    if (options == NULL)
        options = &PLAIN;
    if (options->slice_bytes != 0)
        slice_bytes = options->slice_bytes;
    if (options->claimed_bytes != 0)
        size_bytes = options->claimed_bytes;
    reader = the_reader(options);
    for (uint64_t at = 0, n; at < size_bytes; at += n) {
        n = slice_bytes + (at == 0 ? class->lead_bytes : 0);
        if (n > size_bytes - at)
            n = size_bytes - at;
        read_slice(reader, fd, size_bytes, &(struct iw_slice){0, at, n, at + n == size_bytes},
                   options, &result);
    }
    return result;
}

int rig_memory_file(const uint8_t *bytes, size_t n)
{
    int fd = memfd_create("evtx", MFD_CLOEXEC);
    assert_true(fd >= 0);
    for (size_t done = 0; done < n;) {
        ssize_t put = write(fd, bytes + done, n - done);
        assert_true(put > 0);
        done += (size_t)put;
    }
    return fd;
}

struct rig_result rig_read(const uint8_t *bytes, size_t n, const struct rig_options *options)
{
    int fd = rig_memory_file(bytes, n);
    struct rig_result result = rig_read_fd(fd, n, options);
    (void)close(fd);
    return result;
}

void rig_result_done(struct rig_result *result)
{
    for (size_t i = 0; i < result->n; i++)
        free(result->events[i].json);
    free(result->events);
    memset(result, 0, sizeof *result);
}

uint64_t rig_count(const struct rig_result *result, enum iw_damage kind)
{
    return result->account.damage[kind].count;
}

uint64_t rig_losses(const struct rig_result *result)
{
    uint64_t n = 0;
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++)
        n += iw_damage_row((enum iw_damage)kind)->is_loss ? result->account.damage[kind].count : 0;
    assert_int_equal(n != 0, iw_account_has_loss(&result->account));
    return n;
}

void rig_assert_only(const struct rig_result *result, ...)
{
    bool is_expected[IW_DAMAGE_COUNT] = {false};
    va_list kinds;
    va_start(kinds, result);
    for (int kind; (kind = va_arg(kinds, int)) < (int)IW_DAMAGE_COUNT;)
        is_expected[kind] = true;
    va_end(kinds);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if ((result->account.damage[kind].count != 0) != is_expected[kind])
            fail_msg("%s: counted %llu times, expected %s",
                     iw_damage_row((enum iw_damage)kind)->name,
                     (unsigned long long)result->account.damage[kind].count,
                     is_expected[kind] ? "some" : "none");
    }
}

bool rig_has(const struct rig_event *event, const char *text)
{
    return strstr(event->json, text) != NULL;
}

/* --- files of the lab
 * ---------------------------------------------------------------------------------------------
 */

static void list_records(struct rig_file *file)
{
    file->n_chunks = (file->n - EVTX_FILE_HEADER_BYTES) / EVTX_CHUNK_BYTES;
    for (size_t i = 0; i < file->n_chunks; i++) {
        size_t chunk = EVTX_FILE_HEADER_BYTES + i * EVTX_CHUNK_BYTES,
               at = chunk + EVTX_CHUNK_HEADER_BYTES,
               end = chunk + iw_load_u32(file->bytes + chunk + EVTX_CHUNK_FREE_AT);
        while (at < end) {
            assert_true(file->n_records < 512);
            file->records[file->n_records].offset = at;
            file->records[file->n_records++].size_bytes = iw_load_u32(file->bytes + at + 4);
            at += iw_load_u32(file->bytes + at + 4);
        }
    }
}

static struct rig_file read_back(const char *path)
{
    struct rig_file file = {0};
    FILE *stream = fopen(path, "rb");
    long n;
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    n = ftell(stream);
    assert_true(n > 0);
    rewind(stream);
    file.n = (size_t)n;
    file.bytes = malloc(file.n);
    assert_non_null(file.bytes);
    assert_int_equal(fread(file.bytes, 1, file.n, stream), file.n);
    (void)fclose(stream);
    list_records(&file);
    return file;
}

struct rig_file rig_file_make(size_t n_records, size_t per_chunk, uint64_t first_id)
{
    static const struct iw_lab_field FIELDS[] = {
        {.name = "Number", .type = IW_LAB_TYPE_STRING},
        {.name = "Size", .type = IW_LAB_TYPE_U32},
    };
    const struct iw_lab_schema schemas[3] = {
        {.provider = "Microsoft-Windows-Sysmon",
         .channel = "Microsoft-Windows-Sysmon/Operational",
         .computer = "WEB01",
         .event_id = 11,
         .qualifiers = -1,
         .version = 2,
         .level = 4,
         .keywords = 1,
         .payload = IW_LAB_PAYLOAD_EVENT_DATA,
         .fields = FIELDS,
         .n_fields = 2},
        {.provider = "Lab",
         .channel = "Application",
         .computer = "WEB01",
         .event_id = 4624,
         .qualifiers = -1,
         .level = 4,
         .keywords = 1,
         .payload = IW_LAB_PAYLOAD_USER_DATA,
         .payload_root = "Root",
         .fields = (const struct iw_lab_field[]){{.element = "Number", .type = IW_LAB_TYPE_STRING},
                                                 {.element = "Size", .type = IW_LAB_TYPE_U32}},
         .n_fields = 2,
         .literal_channel = true},
        {.provider = "Lab",
         .channel = "System",
         .computer = "WEB01",
         .event_id = 7036,
         .qualifiers = -1,
         .level = 4,
         .keywords = 1,
         .payload = IW_LAB_PAYLOAD_EVENT_DATA,
         .fields = FIELDS,
         .n_fields = 2,
         .template_less = true},
    };
    const struct iw_lab_evtx_options options = {.chunk_records = (uint32_t)per_chunk,
                                                .first_record_id = first_id};
    struct iw_lab_error error;
    const char *parent = getenv("TMPDIR");
    char path[512];
    int n = snprintf(path, sizeof path, "%s/evtx_rig_XXXXXX", parent != NULL ? parent : P_tmpdir);
    int fd = n > 0 && n < (int)sizeof path ? mkstemp(path) : -1;
    struct iw_lab_evtx *writer = iw_lab_evtx_new(path, &options, &error);
    struct rig_file file;

    assert_true(fd >= 0);
    assert_non_null(writer);
    for (size_t i = 0; i < n_records; i++) {
        char text[64];
        struct iw_lab_value values[2];
        (void)snprintf(text, sizeof text, "value of record %llu",
                       (unsigned long long)(first_id + i));
        values[0] = iw_lab_value_text(text);
        values[1] = iw_lab_value_number(IW_LAB_TYPE_U32, i);
        assert_true(iw_lab_evtx_add(writer, iw_lab_evtx_define(writer, &schemas[i % 3]),
                                    &(struct iw_lab_event){.filetime = 133000000000000000U + i,
                                                           .process_id = 4,
                                                           .thread_id = 8,
                                                           .values = values,
                                                           .n_values = 2},
                                    &error));
    }
    assert_true(iw_lab_evtx_close(writer, &error));
    file = read_back(path);
    (void)close(fd);
    (void)unlink(path);
    assert_int_equal(file.n_records, n_records);
    return file;
}

void rig_file_done(struct rig_file *file)
{
    free(file->bytes);
    memset(file, 0, sizeof *file);
}

void rig_file_seal(struct rig_file *file)
{
    for (size_t at = EVTX_FILE_HEADER_BYTES; at + EVTX_CHUNK_BYTES <= file->n;
         at += EVTX_CHUNK_BYTES)
        iw_lab_chunk_checksum(file->bytes + at);
    iw_lab_store_u32(file->bytes + EVTX_FILE_CRC_AT,
                     (uint32_t)crc32(0, file->bytes, EVTX_FILE_FLAGS_AT));
}

/* --- chunks by hand
 * -----------------------------------------------------------------------------------------------
 */

struct rig_maker *rig_maker_new(void)
{
    struct rig_maker *maker = calloc(1, sizeof *maker);
    assert_non_null(maker);
    iw_lab_chunk_init(&maker->chunk);
    maker->next_id = 1;
    return maker;
}

void rig_maker_free(struct rig_maker *maker)
{
    iw_lab_chunk_done(&maker->chunk);
    free(maker);
}

void rig_begin_record(struct rig_maker *maker)
{
    static const uint8_t FRAGMENT[] = {0x0F, 1, 1, 0};
    iw_lab_chunk_begin_record(&maker->chunk, maker->next_id, 133000000000000000U);
    iw_lab_chunk_put(&maker->chunk, FRAGMENT, sizeof FRAGMENT);
}

void rig_end_record(struct rig_maker *maker)
{
    iw_lab_chunk_put_u8(&maker->chunk, 0);
    assert_true(iw_lab_chunk_end_record(&maker->chunk, maker->next_id));
    maker->next_id++;
}

uint32_t rig_put_name(struct rig_maker *maker, const char *name)
{
    uint32_t offset = maker->chunk.cursor + 4, hash = 0;
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        hash = hash * 65599U + (uint8_t)name[i];
    iw_lab_chunk_put_u32(&maker->chunk, offset);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    iw_lab_chunk_put_u16(&maker->chunk, (uint16_t)hash);
    iw_lab_chunk_put_u16(&maker->chunk, (uint16_t)n);
    for (size_t i = 0; i <= n; i++)
        iw_lab_chunk_put_u16(&maker->chunk, (uint8_t)name[i]);
    return offset;
}

void rig_put_name_at(struct rig_maker *maker, uint32_t offset)
{
    iw_lab_chunk_put_u32(&maker->chunk, offset);
}

uint32_t rig_open(struct rig_maker *maker, const char *name, bool has_dependency)
{
    uint32_t offset;
    iw_lab_chunk_put_u8(&maker->chunk, 0x01);
    if (has_dependency)
        iw_lab_chunk_put_u16(&maker->chunk, 0xFFFF);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    offset = rig_put_name(maker, name);
    iw_lab_chunk_put_u8(&maker->chunk, 0x02);
    return offset;
}

void rig_text(struct rig_maker *maker, const char *text)
{
    size_t n = strlen(text);
    iw_lab_chunk_put_u8(&maker->chunk, 0x05);
    iw_lab_chunk_put_u8(&maker->chunk, 0x01);
    iw_lab_chunk_put_u16(&maker->chunk, (uint16_t)n);
    for (size_t i = 0; i < n; i++)
        iw_lab_chunk_put_u16(&maker->chunk, (uint8_t)text[i]);
}

void rig_close(struct rig_maker *maker)
{
    iw_lab_chunk_put_u8(&maker->chunk, 0x04);
}

void rig_slot(struct rig_maker *maker, uint16_t slot, uint8_t type, bool optional)
{
    iw_lab_chunk_put_u8(&maker->chunk, optional ? 0x0E : 0x0D);
    iw_lab_chunk_put_u16(&maker->chunk, slot);
    iw_lab_chunk_put_u8(&maker->chunk, type);
}

static void put_guid(struct rig_maker *maker, uint8_t guid_byte, size_t n)
{
    for (size_t i = 0; i < n; i++)
        iw_lab_chunk_put_u8(&maker->chunk, guid_byte);
}

void rig_instance(struct rig_maker *maker, uint8_t guid_byte, uint32_t definition)
{
    iw_lab_chunk_put_u8(&maker->chunk, 0x0C);
    iw_lab_chunk_put_u8(&maker->chunk, 0x01);
    put_guid(maker, guid_byte, 4);
    iw_lab_chunk_put_u32(&maker->chunk, definition);
}

uint32_t rig_begin_definition(struct rig_maker *maker, uint8_t guid_byte)
{
    static const uint8_t FRAGMENT[] = {0x0F, 1, 1, 0};
    uint32_t definition = maker->chunk.cursor + 10;
    rig_instance(maker, guid_byte, definition);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    put_guid(maker, guid_byte, 16);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    iw_lab_chunk_put(&maker->chunk, FRAGMENT, sizeof FRAGMENT);
    return definition;
}

void rig_end_definition(struct rig_maker *maker, uint32_t definition)
{
    iw_lab_chunk_put_u8(&maker->chunk, 0);
    iw_lab_chunk_patch_u32(&maker->chunk, definition + 20,
                           maker->chunk.cursor - definition - EVTX_DEFINITION_HEADER_BYTES);
}

static void put_literal_element(struct rig_maker *maker, const char *name, const char *text)
{
    (void)rig_open(maker, name, true);
    rig_text(maker, text);
    rig_close(maker);
}

uint32_t rig_begin_root(struct rig_maker *maker, uint8_t guid_byte)
{
    uint32_t definition = rig_begin_definition(maker, guid_byte);
    (void)rig_open(maker, "Event", true);
    (void)rig_open(maker, "System", true);
    (void)rig_open(maker, "EventID", true);
    rig_slot(maker, 0, 0x06, false);
    rig_close(maker);
    put_literal_element(maker, "Channel", "Lab");
    put_literal_element(maker, "Computer", "HOST");
    rig_close(maker);
    (void)rig_open(maker, "EventData", true);
    return definition;
}

void rig_end_root(struct rig_maker *maker, uint32_t definition)
{
    rig_close(maker);
    rig_close(maker);
    rig_end_definition(maker, definition);
}

void rig_data_slot(struct rig_maker *maker, const char *name, uint16_t slot, uint8_t type)
{
    uint32_t size_at;
    iw_lab_chunk_put_u8(&maker->chunk, 0x41);
    iw_lab_chunk_put_u16(&maker->chunk, 0xFFFF);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    (void)rig_put_name(maker, "Data");
    size_at = maker->chunk.cursor;
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    iw_lab_chunk_put_u8(&maker->chunk, 0x06);
    (void)rig_put_name(maker, "Name");
    rig_text(maker, name);
    iw_lab_chunk_patch_u32(&maker->chunk, size_at, maker->chunk.cursor - size_at - 4);
    iw_lab_chunk_put_u8(&maker->chunk, 0x02);
    rig_slot(maker, slot, type, false);
    rig_close(maker);
}

void rig_values(struct rig_maker *maker, const struct rig_value *values, uint32_t n)
{
    iw_lab_chunk_put_u32(&maker->chunk, n);
    for (uint32_t i = 0; i < n; i++) {
        iw_lab_chunk_put_u16(&maker->chunk, values[i].size_bytes);
        iw_lab_chunk_put_u8(&maker->chunk, values[i].type);
        iw_lab_chunk_put_u8(&maker->chunk, 0);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (values[i].bytes != NULL) {
            iw_lab_chunk_put(&maker->chunk, values[i].bytes, values[i].size_bytes);
        } else {
            for (uint32_t k = 0; k < values[i].size_bytes; k++)
                iw_lab_chunk_put_u8(&maker->chunk, 0);
        }
    }
}

struct rig_file rig_file_of(struct rig_maker *const *makers, size_t n)
{
    struct rig_file file = {0};
    file.n = EVTX_FILE_HEADER_BYTES + n * EVTX_CHUNK_BYTES;
    file.bytes = calloc(1, file.n);
    assert_non_null(file.bytes);
    memcpy(file.bytes, "ElfFile", 8);
    iw_lab_store_u64(file.bytes + 16, n - 1);
    iw_lab_store_u32(file.bytes + 32, 128);
    iw_lab_store_u16(file.bytes + 36, 1);
    iw_lab_store_u16(file.bytes + 38, 3);
    iw_lab_store_u16(file.bytes + 40, EVTX_FILE_HEADER_BYTES);
    iw_lab_store_u32(file.bytes + EVTX_FILE_CHUNK_COUNT_AT, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        iw_lab_chunk_seal(&makers[i]->chunk, false);
        memcpy(file.bytes + EVTX_FILE_HEADER_BYTES + i * EVTX_CHUNK_BYTES, makers[i]->chunk.bytes,
               EVTX_CHUNK_BYTES);
    }
    list_records(&file);
    rig_file_seal(&file);
    return file;
}
