/*
 * A whole file of JSON through the reader classes; every event written as JSON.
 *
 * Input: a byte of options (1: as a whole, else by line), then the file. By line it is read in
 * slices of the size a run uses and again in slices of 64 bytes: both must come to the same.
 */
#include "tests/fuzz/fuzz_support.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/utf.h"
#include "input/reader.h"

struct outcome {
    struct iw_account account;
    uint64_t hash; /* of what was delivered */
};

static void take_batch(struct outcome *outcome)
{
    for (size_t i = 0; i < fuzz_batch()->n; i++) {
        const struct iw_event *event = &fuzz_batch()->events[i];
        uint64_t head[] = {event->offset,   event->event_id,          event->record_id,
                           event->n_fields, (uint64_t)event->time_ns, event->flags};
        fuzz_require_event(event);
        outcome->hash = iw_hash_bytes(head, sizeof head, outcome->hash);
        for (uint32_t k = 0; k < event->n_fields; k++) {
            const struct iw_field *field = &event->fields[k];
            FUZZ_REQUIRE(field->type == IW_VALUE_NULL ||
                         iw_utf8_valid((struct iw_str){(const char *)field->p, field->n}));
            outcome->hash = iw_hash_bytes(field->p, field->n, outcome->hash);
        }
    }
}

static struct outcome read_file(struct iw_reader *reader, const struct iw_reader_class *class,
                                int fd, uint64_t size_bytes, uint64_t slice_bytes)
{
    const struct iw_evidence_file file = {
        .kind = class->kind, .size_bytes = size_bytes, .stdin_fd = -1};
    struct outcome outcome = {.hash = 0};
    for (uint64_t at = 0; at < size_bytes;) {
        struct iw_account account = {0};
        struct iw_slice slice = {.offset = at, .n_bytes = slice_bytes};
        uint64_t n_events = 0;
        if (slice.n_bytes > size_bytes - at)
            slice.n_bytes = size_bytes - at;
        slice.is_last = at + slice.n_bytes == size_bytes;
        FUZZ_REQUIRE(class->begin(reader, fd, &file, &slice, &account) == IW_OK);
        while (class->next(reader, fuzz_batch()) == IW_OK) {
            n_events += fuzz_batch()->n;
            take_batch(&outcome);
        }
        FUZZ_REQUIRE(n_events == account.n_records);
        fuzz_require_account(&account);
        iw_account_add(&outcome.account, &account);
        at += slice.n_bytes;
    }
    FUZZ_REQUIRE(outcome.account.read_bytes == size_bytes);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct iw_reader *readers[2];
    struct fuzz_input input = {data, size};
    bool is_whole = (fuzz_take_u8(&input) & 1) != 0;
    const struct iw_reader_class *class =
        iw_reader_class_of(is_whole ? IW_EVIDENCE_JSON : IW_EVIDENCE_JSON_LINES);
    struct iw_reader **reader = &readers[is_whole];
    struct outcome large, small;
    int fd;

    if (input.n == 0)
        return 0;
    if (*reader == NULL)
        *reader =
            class->make(&(struct iw_reader_options){.names = fuzz_names(), .route = fuzz_route()});
    fd = memfd_create("json", MFD_CLOEXEC);
    FUZZ_REQUIRE(*reader != NULL && fd >= 0);
    FUZZ_REQUIRE(write(fd, input.p, input.n) == (ssize_t)input.n);
    large = read_file(*reader, class, fd, input.n, input.n);
    if (!is_whole) {
        small = read_file(*reader, class, fd, input.n, 64);
        FUZZ_REQUIRE(small.hash == large.hash);
        FUZZ_REQUIRE(small.account.n_records == large.account.n_records);
        FUZZ_REQUIRE(small.account.lost_bytes == large.account.lost_bytes);
        for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
            /* Text of UTF-16 is repaired as it comes into view, which slices share. */
            if (kind != IW_DAMAGE_TEXT_REPAIRED &&
                small.account.damage[kind].count != large.account.damage[kind].count)
                fuzz_fail(__FILE__, __LINE__, iw_damage_row((enum iw_damage)kind)->name);
        }
    }
    (void)close(fd);
    return 0;
}
