/*
 * A whole file of event XML through the reader class, as it stands: every event written as JSON,
 * and read a second time where nobody wants anything, which must find the same records.
 */
#include "tests/fuzz/fuzz_support.h"

#include <sys/mman.h>
#include <unistd.h>

#include "input/reader.h"

static struct iw_account read_file(const struct iw_route *route, int fd, uint64_t size_bytes)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_XML);
    const struct iw_evidence_file file = {
        .kind = IW_EVIDENCE_XML, .size_bytes = size_bytes, .stdin_fd = -1};
    struct iw_slice slice = iw_reader_slice(class, &file, 0, 0);
    struct iw_account account = {0};
    struct iw_reader *reader =
        class->make(&(struct iw_reader_options){.names = fuzz_names(), .route = route});
    uint64_t n_events = 0;

    FUZZ_REQUIRE(reader != NULL);
    FUZZ_REQUIRE(class->begin(reader, fd, &file, &slice, &account) == IW_OK);
    while (class->next(reader, fuzz_batch()) == IW_OK) {
        FUZZ_REQUIRE(fuzz_batch()->n != 0);
        n_events += fuzz_batch()->n;
        for (size_t i = 0; i < fuzz_batch()->n; i++)
            fuzz_require_event(&fuzz_batch()->events[i]);
    }
    FUZZ_REQUIRE(n_events == account.n_records);
    FUZZ_REQUIRE(account.read_bytes == size_bytes);
    FUZZ_REQUIRE(account.lost_bytes <= size_bytes);
    fuzz_require_account(&account);
    class->free(reader);
    return account;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_route nothing;
    struct iw_account all, none;
    int fd = memfd_create("xml", MFD_CLOEXEC);

    FUZZ_REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    all = read_file(fuzz_route(), fd, size);
    iw_route_init(&nothing);
    none = read_file(&nothing, fd, size);
    iw_route_done(&nothing);
    FUZZ_REQUIRE(all.n_decoded == all.n_records);
    FUZZ_REQUIRE(none.n_records == all.n_records);
    FUZZ_REQUIRE(none.damage[IW_DAMAGE_RECORD_HEADER].count ==
                 all.damage[IW_DAMAGE_RECORD_HEADER].count);
    (void)close(fd);
    return 0;
}
