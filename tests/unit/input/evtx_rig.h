/**
 * Reading bytes as an EVTX file through the reader class, and making such bytes: whole files by the
 * lab's writer, odd chunks by hand.
 */
#ifndef IW_TESTS_UNIT_INPUT_EVTX_RIG_H
#define IW_TESTS_UNIT_INPUT_EVTX_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input/evtx/evtx_format.h"
#include "input/reader.h"
#include "lab/evtx/lab_chunk.h"

/* --- reading
 * ------------------------------------------------------------------------------------------------------
 */

struct rig_event {
    uint64_t record_id, offset;
    uint32_t event_id, flags, n_fields;
    char *json; /* the flat object */
};

struct rig_result {
    struct rig_event *events;
    size_t n, cap;
    struct iw_account account;
};

struct rig_options {
    bool recover, verify;
    uint64_t claimed_bytes; /* size seen by the walk; 0: the real one */
    uint64_t slice_bytes;   /* 0: as a run cuts them */
    bool without_json;      /* leaves rig_event.json NULL */
    /* Called between begin and the first next of every slice. */
    void (*between)(void *context, int fd);
    void *context;
};

/** Reads *fd*. Every event is checked as the reader promises: in order, inside the file, valid. */
struct rig_result rig_read_fd(int fd, uint64_t size_bytes, const struct rig_options *options);
struct rig_result rig_read(const uint8_t *bytes, size_t n, const struct rig_options *options);
void rig_result_done(struct rig_result *result);
/** A memory file with these bytes. */
int rig_memory_file(const uint8_t *bytes, size_t n);

/** Count of one kind of damage. */
uint64_t rig_count(const struct rig_result *result, enum iw_damage kind);
/** All counts of kinds that are a loss. */
uint64_t rig_losses(const struct rig_result *result);
/** Requires that no kind but those listed was counted; ends with IW_DAMAGE_COUNT. */
void rig_assert_only(const struct rig_result *result, ...);
/** Whether the event's JSON has this piece of text. */
bool rig_has(const struct rig_event *event, const char *text);

/* --- files of the lab
 * ---------------------------------------------------------------------------------------------
 */

struct rig_file {
    uint8_t *bytes;
    size_t n;
    size_t n_chunks;
    size_t n_records;
    struct {
        size_t offset, size_bytes; /* in the file */
    } records[512];
};

/** *n_records* records, *per_chunk* in a chunk, record ids from *first_id* on. Field `Number` of
 * each is "value of record <id>". Three kinds of event take turns: Sysmon, Security with types,
 * template-less. */
struct rig_file rig_file_make(size_t n_records, size_t per_chunk, uint64_t first_id);
void rig_file_done(struct rig_file *file);
/** Makes both checksums of all chunks and of the file header right again. */
void rig_file_seal(struct rig_file *file);

/* --- chunks by hand
 * -----------------------------------------------------------------------------------------------
 */

/** A chunk being filled with the lab's own pieces (lab_chunk.h). */
struct rig_maker {
    struct iw_lab_chunk chunk;
    uint64_t next_id;
    uint32_t names[8]; /* offsets of the names of rig_maker_name */
};

struct rig_maker *rig_maker_new(void);
void rig_maker_free(struct rig_maker *maker);

void rig_begin_record(struct rig_maker *maker);
void rig_end_record(struct rig_maker *maker);

/** A name reference with the name inline; returns the chunk offset of the Name. */
uint32_t rig_put_name(struct rig_maker *maker, const char *name);
/** A name reference to an earlier one. */
void rig_put_name_at(struct rig_maker *maker, uint32_t offset);
/** OpenStart without attributes, inline name, CloseStart. *has_dependency: as in a definition. */
uint32_t rig_open(struct rig_maker *maker, const char *name, bool has_dependency);
void rig_text(struct rig_maker *maker, const char *text);
void rig_close(struct rig_maker *maker);
void rig_slot(struct rig_maker *maker, uint16_t slot, uint8_t type, bool optional);

/** Instance head with an inline definition up to its body; returns the offset of the definition. */
uint32_t rig_begin_definition(struct rig_maker *maker, uint8_t guid_byte);
/** Ends the body: EOF token, size filled in. */
void rig_end_definition(struct rig_maker *maker, uint32_t definition);
/** Instance head that refers to a definition. */
void rig_instance(struct rig_maker *maker, uint8_t guid_byte, uint32_t definition);
/** The root template: <Event><System><EventID>slot 0</EventID><Channel>Lab</Channel><Computer>HOST
 * </Computer></System><EventData>…  then whatever is put before rig_end_root: EventData is open. */
uint32_t rig_begin_root(struct rig_maker *maker, uint8_t guid_byte);
void rig_end_root(struct rig_maker *maker, uint32_t definition);
/** <Data Name="name"> slot </Data> inside a definition. */
void rig_data_slot(struct rig_maker *maker, const char *name, uint16_t slot, uint8_t type);

struct rig_value {
    uint8_t type;
    uint16_t size_bytes;
    const void *bytes; /* NULL: zeros */
};
void rig_values(struct rig_maker *maker, const struct rig_value *values, uint32_t n);
#define RIG_EVENT_ID(number) ((struct rig_value){0x06, 2, &(const uint16_t){number}})

/** A file of these chunks with a sound header. */
struct rig_file rig_file_of(struct rig_maker *const *makers, size_t n);

#endif
