/*
 * A whole file through the reader class: every slice, every event written as JSON.
 *
 * Input, so that a mutation need not carry 64 KiB of padding: a byte of options (1 recover,
 * 2 verify, 4 no file header, 8 the file shrinks behind the size that was seen), 128 bytes of file
 * header, then blocks of u16 length and so many bytes, each padded with zeros to 64 KiB; a length
 * of 0 ends the blocks and the rest stands at the end as it is. The file is read in slices of one
 * block and again in slices of the size a run uses: both must come to the same account.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input/evtx/evtx_format.h"
#include "input/reader.h"

#define MOST_BLOCKS 24U

enum { RECOVER = 1, VERIFY = 2, NO_HEADER = 4, SHRINKS = 8 };

static size_t make_file(struct fuzz_input *input, unsigned options, uint8_t *out, size_t room)
{
    size_t at = 0, n;
    const uint8_t *p;
    memset(out, 0, room);
    if ((options & NO_HEADER) == 0) {
        p = fuzz_take(input, 128, &n);
        if (n != 0)
            memcpy(out, p, n);
        at = EVTX_FILE_HEADER_BYTES;
    }
    for (unsigned i = 0; i < MOST_BLOCKS && input->n != 0; i++) {
        uint16_t wanted = fuzz_take_u16(input);
        if (wanted == 0)
            break;
        p = fuzz_take(input, wanted, &n);
        memcpy(out + at, p, n);
        at += EVTX_CHUNK_BYTES;
    }
    p = fuzz_take(input, input->n < room - at ? input->n : room - at, &n);
    if (n != 0)
        memcpy(out + at, p, n);
    return at + n;
}

static struct iw_account read_file(struct iw_reader *reader, int fd, uint64_t size_bytes,
                                   uint64_t slice_bytes)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_EVTX);
    const struct iw_evidence_file file = {
        .kind = IW_EVIDENCE_EVTX, .size_bytes = size_bytes, .stdin_fd = -1};
    struct iw_account sum = {0};
    for (uint64_t at = 0, n; at < size_bytes; at += n) {
        struct iw_account account = {0};
        struct iw_slice slice = {.offset = at};
        uint64_t n_events = 0;
        n = slice_bytes + (at == 0 ? class->lead_bytes : 0);
        if (n > size_bytes - at)
            n = size_bytes - at;
        slice.n_bytes = n;
        slice.is_last = at + n == size_bytes;
        FUZZ_REQUIRE(class->begin(reader, fd, &file, &slice, &account) == IW_OK);
        while (class->next(reader, fuzz_batch()) == IW_OK) {
            n_events += fuzz_batch()->n;
            for (size_t i = 0; i < fuzz_batch()->n; i++)
                fuzz_require_event(&fuzz_batch()->events[i]);
        }
        FUZZ_REQUIRE(n_events == account.n_records);
        fuzz_require_account(&account);
        iw_account_add(&sum, &account);
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *bytes;
    static const size_t ROOM = EVTX_FILE_HEADER_BYTES + (MOST_BLOCKS + 1) * EVTX_CHUNK_BYTES;
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_EVTX);
    struct fuzz_input input = {data, size};
    unsigned options = fuzz_take_u8(&input);
    struct iw_reader *reader;
    struct iw_account small, large;
    size_t n;
    int fd = memfd_create("evtx", MFD_CLOEXEC);

    if (bytes == NULL)
        bytes = malloc(ROOM);
    FUZZ_REQUIRE(bytes != NULL && fd >= 0);
    n = make_file(&input, options, bytes, ROOM);
    FUZZ_REQUIRE(write(fd, bytes, n) == (ssize_t)n);
    if ((options & SHRINKS) != 0)
        n += EVTX_CHUNK_BYTES / 2;
    reader = class->make(&(struct iw_reader_options){.names = fuzz_names(),
                                                     .route = fuzz_route(),
                                                     .recover = (options & RECOVER) != 0,
                                                     .verify = (options & VERIFY) != 0});
    FUZZ_REQUIRE(reader != NULL);
    large = read_file(reader, fd, n, class->slice_bytes);
    small = read_file(reader, fd, n, EVTX_CHUNK_BYTES);
    if ((options & SHRINKS) == 0) {
        for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
            if (small.damage[kind].count != large.damage[kind].count ||
                small.damage[kind].first_offset != large.damage[kind].first_offset)
                fuzz_fail(__FILE__, __LINE__, iw_damage_row((enum iw_damage)kind)->name);
        }
        FUZZ_REQUIRE(small.n_records == large.n_records);
        FUZZ_REQUIRE(small.lost_bytes == large.lost_bytes);
        FUZZ_REQUIRE(small.n_chunks == large.n_chunks);
        FUZZ_REQUIRE(large.read_bytes == n);
    }
    class->free(reader);
    (void)close(fd);
    return 0;
}
