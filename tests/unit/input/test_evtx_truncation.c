/*
 * A file cut at every byte that holds something (evtx.md A2, T3, T21). Expected, from the layout of
 * the file alone: every record that lies whole before the cut is delivered as in the whole file; of
 * the record that the cut goes through at most a marked part; nothing else; and whenever a record
 * is missing or partial, a loss is counted.
 */
#include "tests/unit/input/evtx_rig.h"

#include <unistd.h>

#define EVTX_HEADER_BYTES 4096U

static void check_cut(const struct rig_file *file, const struct rig_result *whole, int fd, size_t n)
{
    struct rig_result result;
    size_t n_whole = 0, n_begun = 0;

    assert_int_equal(ftruncate(fd, (off_t)n), 0);
    result = rig_read_fd(fd, n, &(struct rig_options){.without_json = true});
    for (size_t i = 0; i < file->n_records; i++) {
        n_whole += file->records[i].offset + file->records[i].size_bytes <= n;
        n_begun += file->records[i].offset < n;
    }
    if (result.n < n_whole || result.n > n_begun)
        fail_msg("cut at %zu: %zu events, %zu records whole, %zu begun", n, result.n, n_whole,
                 n_begun);
    for (size_t i = 0; i < result.n; i++) {
        const struct rig_event *event = &result.events[i];
        assert_int_equal(event->offset, file->records[i].offset);
        if (i < n_whole) {
            assert_int_equal(event->record_id, whole->events[i].record_id);
            assert_int_equal(event->event_id, whole->events[i].event_id);
            assert_int_equal(event->n_fields, whole->events[i].n_fields);
            assert_int_equal(event->flags, whole->events[i].flags);
        } else if (event->n_fields < whole->events[i].n_fields) {
            assert_true((event->flags & IW_EVENT_CUT) != 0);
        }
    }
    if ((n_whole < file->n_records) != (rig_losses(&result) != 0))
        fail_msg("cut at %zu: %zu of %zu records whole, %llu losses counted", n, n_whole,
                 file->n_records, (unsigned long long)rig_losses(&result));
    assert_int_equal(result.account.read_bytes, n);
    rig_result_done(&result);
}

/* Bytes around a record, and before it the header of its chunk. */
#define NEAR_BYTES 600U

/* Behind its last record a chunk is zeros up to its end: there one byte in 97 is enough, and both
 * sides of every 512th. */
static bool lies_in_slack(const struct rig_file *file, size_t n)
{
    if (n <= EVTX_HEADER_BYTES || n % 97 == 0 || n % 512 <= 1 || n + NEAR_BYTES >= file->n)
        return false;
    for (size_t i = 0; i < file->n_records; i++) {
        size_t begin = file->records[i].offset, end = begin + file->records[i].size_bytes;
        if (n + NEAR_BYTES >= begin && n <= end + NEAR_BYTES)
            return false;
    }
    return true;
}

static void test_every_byte(void **state)
{
    struct rig_file file = rig_file_make(6, 3, 1);
    struct rig_result whole = rig_read(file.bytes, file.n, NULL);
    int fd = rig_memory_file(file.bytes, file.n);
    (void)state;
    assert_int_equal(whole.n, 6);
    rig_assert_only(&whole, IW_DAMAGE_COUNT);
    for (size_t n = file.n; n > 0; n--) {
        if (!lies_in_slack(&file, n))
            check_cut(&file, &whole, fd, n);
    }
    (void)close(fd);
    rig_result_done(&whole);
    rig_file_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
