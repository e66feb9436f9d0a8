/*
 * A whole log of requests through the reader class; every event written as JSON.
 *
 * Input: a byte that chooses the file's path, then the file. It is read in one slice, in slices of
 * 64 bytes by one reader, and by two readers that take every other slice: all must come to the
 * same.
 */
#include "tests/fuzz/fuzz_support.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/utf.h"
#include "input/reader.h"

#define N_READERS 2

struct outcome {
    struct iw_account account;
    uint64_t hash; /* of what was delivered */
};

static void take_batch(struct outcome *outcome)
{
    for (size_t i = 0; i < fuzz_batch()->n; i++) {
        const struct iw_event *event = &fuzz_batch()->events[i];
        uint64_t head[] = {event->offset, event->line, event->n_fields, (uint64_t)event->time_ns,
                           event->flags};
        fuzz_require_event(event);
        FUZZ_REQUIRE(event->line != 0);
        outcome->hash = iw_hash_bytes(head, sizeof head, outcome->hash);
        outcome->hash = iw_hash_bytes(event->computer.p, event->computer.n, outcome->hash);
        for (uint32_t k = 0; k < event->n_fields; k++) {
            const struct iw_field *field = &event->fields[k];
            FUZZ_REQUIRE(iw_utf8_valid((struct iw_str){(const char *)field->p, field->n}));
            outcome->hash = iw_hash_bytes(field->p, field->n, outcome->hash);
        }
    }
}

static struct outcome read_file(struct iw_reader **readers, size_t n_readers, int fd,
                                const struct iw_evidence_file *file, uint64_t slice_bytes)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_WEB_LOG);
    struct outcome outcome = {.hash = 0};
    size_t n_slices = 0;
    for (uint64_t at = 0; at < file->size_bytes; n_slices++) {
        struct iw_reader *reader = readers[n_slices % n_readers];
        struct iw_account account = {0};
        struct iw_slice slice = {.offset = at, .n_bytes = slice_bytes};
        uint64_t n_events = 0;
        if (slice.n_bytes > file->size_bytes - at)
            slice.n_bytes = file->size_bytes - at;
        slice.is_last = at + slice.n_bytes == file->size_bytes;
        FUZZ_REQUIRE(class->begin(reader, fd, file, &slice, &account) == IW_OK);
        while (class->next(reader, fuzz_batch()) == IW_OK) {
            n_events += fuzz_batch()->n;
            take_batch(&outcome);
        }
        FUZZ_REQUIRE(n_events == account.n_records);
        fuzz_require_account(&account);
        iw_account_add(&outcome.account, &account);
        at += slice.n_bytes;
    }
    FUZZ_REQUIRE(outcome.account.read_bytes == file->size_bytes);
    return outcome;
}

static void require_same(const struct outcome *one, const struct outcome *other)
{
    FUZZ_REQUIRE(one->hash == other->hash);
    FUZZ_REQUIRE(one->account.n_records == other->account.n_records);
    FUZZ_REQUIRE(one->account.lost_bytes == other->account.lost_bytes);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if (one->account.damage[kind].count != other->account.damage[kind].count)
            fuzz_fail(__FILE__, __LINE__, iw_damage_row((enum iw_damage)kind)->name);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const PATHS[] = {"WEB01/C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log",
                                        "W3SVC2\\ex260105.log", "HTTPERR/httperr1.log",
                                        "WMSvc/W3SVC1/u_extend1.log", ""};
    /* New for each input: nothing may be left over from another. */
    struct iw_reader *readers[N_READERS + 1];
    struct fuzz_input input = {data, size};
    const char *path = PATHS[fuzz_take_u8(&input) % (sizeof PATHS / sizeof PATHS[0])];
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_WEB_LOG);
    struct iw_evidence_file file = {
        .kind = class->kind, .path = iw_str_of(path), .size_bytes = input.n, .stdin_fd = -1};
    struct outcome whole, sliced, shared;
    int fd;

    if (input.n == 0)
        return 0;
    fd = memfd_create("log", MFD_CLOEXEC);
    FUZZ_REQUIRE(fd >= 0 && write(fd, input.p, input.n) == (ssize_t)input.n);
    for (size_t i = 0; i <= N_READERS; i++) {
        readers[i] =
            class->make(&(struct iw_reader_options){.names = fuzz_names(), .route = fuzz_route()});
        FUZZ_REQUIRE(readers[i] != NULL);
    }
    whole = read_file(&readers[N_READERS], 1, fd, &file, input.n);
    sliced = read_file(&readers[N_READERS], 1, fd, &file, 64);
    shared = read_file(readers, N_READERS, fd, &file, 64);
    require_same(&whole, &sliced);
    require_same(&whole, &shared);
    for (size_t i = 0; i <= N_READERS; i++)
        class->free(readers[i]);
    (void)close(fd);
    return 0;
}
