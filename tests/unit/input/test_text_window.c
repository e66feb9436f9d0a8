/*
 * The window over text files: all encodings, slices at every offset, the limit, a file that
 * shrinks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input/text/text_window.h"

static int memory_file(const void *bytes, size_t n)
{
    int fd = memfd_create("text", MFD_CLOEXEC);
    assert_true(fd >= 0);
    for (size_t at = 0; at < n;) {
        ssize_t wrote = write(fd, (const char *)bytes + at, n - at);
        assert_true(wrote > 0);
        at += (size_t)wrote;
    }
    return fd;
}

struct rig {
    struct iw_text_window window;
    struct iw_account account;
    int fd;
};

static void begin(struct rig *rig, const void *bytes, size_t n, uint64_t offset, uint64_t n_slice)
{
    struct iw_evidence_file file = {.size_bytes = n};
    struct iw_slice slice = {0, offset, n_slice, offset + n_slice == n};
    memset(&rig->account, 0, sizeof rig->account);
    rig->fd = memory_file(bytes, n);
    iw_text_window_init(&rig->window);
    assert_int_equal(iw_text_window_begin(&rig->window, rig->fd, &file, &slice, &rig->account),
                     IW_OK);
    assert_int_equal(rig->window.n, 0);
}

static void read_all(struct rig *rig)
{
    enum iw_rc rc;
    do {
        rc = iw_text_window_more(&rig->window);
    } while (rc == IW_OK);
    assert_int_equal(rc, IW_END);
    assert_true(rig->window.at_end);
    for (size_t i = 0; i < IW_TEXT_PADDING; i++)
        assert_int_equal(rig->window.p[rig->window.n + i], 0);
}

static void end(struct rig *rig)
{
    iw_text_window_done(&rig->window);
    (void)close(rig->fd);
}

/* a, ä, €, 😀 and a line end. */
#define TEXT "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\nb"
static const uint16_t UNITS[] = {'a', 0xE4, 0x20AC, 0xD83D, 0xDE00, '\n', 'b'};
#define N_UNITS (sizeof UNITS / sizeof UNITS[0])
/* Units before each byte of TEXT that begins a character. */
static const struct {
    size_t at, units;
} PLACES[] = {{0, 0}, {1, 1}, {3, 2}, {6, 3}, {10, 5}, {11, 6}, {12, 7}};

static size_t put_units(uint8_t *out, bool big, bool mark)
{
    size_t n = 0;
    if (mark) {
        out[n++] = big ? 0xFE : 0xFF;
        out[n++] = big ? 0xFF : 0xFE;
    }
    for (size_t i = 0; i < N_UNITS; i++) {
        out[n++] = (uint8_t)(big ? UNITS[i] >> 8 : UNITS[i]);
        out[n++] = (uint8_t)(big ? UNITS[i] : UNITS[i] >> 8);
    }
    return n;
}

static void every_encoding(void **state)
{
    static const char *const MARKS[] = {"", "\xEF\xBB\xBF"};
    struct rig rig;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char bytes[64];
        size_t n = (size_t)snprintf(bytes, sizeof bytes, "%s%s", MARKS[i], TEXT);
        begin(&rig, bytes, n, 0, n);
        read_all(&rig);
        assert_int_equal(rig.window.n, sizeof TEXT - 1);
        assert_memory_equal(rig.window.p, TEXT, sizeof TEXT - 1);
        assert_int_equal(rig.window.offset, strlen(MARKS[i]));
        assert_int_equal(rig.account.read_bytes, n);
        end(&rig);
    }
    /* Without a mark the first two units must be ASCII: here the second is not, so mark only. */
    for (int big = 0; big < 2; big++) {
        uint8_t bytes[64];
        size_t n = put_units(bytes, big != 0, true);
        begin(&rig, bytes, n, 0, n);
        read_all(&rig);
        assert_int_equal(rig.window.encoding, big != 0 ? IW_TEXT_UTF16BE : IW_TEXT_UTF16LE);
        assert_int_equal(rig.window.n, sizeof TEXT - 1);
        assert_memory_equal(rig.window.p, TEXT, sizeof TEXT - 1);
        assert_int_equal(rig.account.read_bytes, n);
        for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++)
            assert_int_equal(iw_text_window_offset(&rig.window, PLACES[i].at),
                             2 + 2 * PLACES[i].units);
        iw_text_window_drop(&rig.window, 6);
        assert_int_equal(rig.window.offset, 2 + 2 * 3);
        assert_memory_equal(rig.window.p, &TEXT[6], sizeof TEXT - 1 - 6);
        end(&rig);
    }
}

static void wide_text_without_a_mark(void **state)
{
    static const uint8_t LITTLE[] = {'{', 0, '"', 0, 'x', 0}, BIG[] = {0, '{', 0, '"', 0, 'x'};
    struct rig rig;
    (void)state;
    begin(&rig, LITTLE, 6, 0, 6);
    read_all(&rig);
    assert_int_equal(rig.window.n, 3);
    assert_memory_equal(rig.window.p, "{\"x", 3);
    end(&rig);
    begin(&rig, BIG, 6, 0, 6);
    read_all(&rig);
    assert_memory_equal(rig.window.p, "{\"x", 3);
    end(&rig);
}

static void unpaired_surrogates(void **state)
{
    static const uint8_t BYTES[] = {0xFF, 0xFE, 'a',  0,   0x3D, 0xD8, 'b',
                                    0,    0x00, 0xDE, 'c', 0,    'x'};
    struct rig rig;
    (void)state;
    begin(&rig, BYTES, sizeof BYTES, 0, sizeof BYTES); /* an odd byte at the end is no unit */
    read_all(&rig);
    assert_int_equal(rig.window.n, 9);
    assert_memory_equal(rig.window.p,
                        "a\xEF\xBF\xBD"
                        "b\xEF\xBF\xBD"
                        "c",
                        9);
    assert_int_equal(rig.window.n_bad_units, 2);
    assert_int_equal(iw_text_window_offset(&rig.window, 5), 2 + 2 * 3);
    end(&rig);
}

/* Slices of every offset and size: the view begins one character before, and all bytes of the file
 * are counted once. */
static void slices(void **state)
{
    (void)state;
    for (int form = 0; form < 3; form++) {
        uint8_t bytes[64];
        size_t step = form == 0 ? 1 : 2;
        size_t n = form == 0 ? (size_t)snprintf((char *)bytes, sizeof bytes, "%s", TEXT)
                             : put_units(bytes, form == 2, true);
        for (uint64_t size = step; size <= n; size += step) {
            uint64_t sum = 0;
            for (uint64_t at = 0; at < n; at += size) {
                struct rig rig;
                uint64_t length = size < n - at ? size : n - at;
                begin(&rig, bytes, n, at, length);
                read_all(&rig);
                assert_int_equal(rig.window.own_end, at + length);
                if (at != 0)
                    assert_int_equal(rig.window.offset, at - step);
                sum += rig.account.read_bytes;
                end(&rig);
            }
            assert_int_equal(sum, n);
        }
    }
}

/* Bytes come in order, whatever is dropped in between, over many refills. */
static void long_text(void **state)
{
    const size_t n = 5 * 1024 * 1024 + 17;
    uint8_t *bytes = malloc(n);
    struct rig rig;
    size_t seen = 0;
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)('a' + i % 23);
    begin(&rig, bytes, n, 0, n);
    while (iw_text_window_more(&rig.window) == IW_OK) {
        size_t take = rig.window.n - rig.window.n / 3;
        assert_memory_equal(rig.window.p, bytes + seen, rig.window.n);
        assert_int_equal(rig.window.offset, seen);
        iw_text_window_drop(&rig.window, take);
        seen += take;
    }
    assert_int_equal(seen + rig.window.n, n);
    end(&rig);
    free(bytes);
}

static void the_limit(void **state)
{
    const size_t n = IW_LIMIT_TEXT_RECORD_BYTES + 1024 * 1024;
    uint8_t *bytes = malloc(n);
    struct rig rig;
    enum iw_rc rc;
    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'x', n);
    begin(&rig, bytes, n, 0, n);
    do {
        size_t before = rig.window.n;
        rc = iw_text_window_more(&rig.window);
        assert_int_equal(rc == IW_ELIMIT, before > IW_LIMIT_TEXT_RECORD_BYTES);
    } while (rc == IW_OK);
    iw_text_window_drop(&rig.window, rig.window.n - IW_LIMIT_TEXT_RECORD_BYTES);
    assert_int_equal(iw_text_window_more(&rig.window), IW_OK);
    end(&rig);
    free(bytes);
}

static void a_file_that_shrinks(void **state)
{
    struct rig rig;
    char bytes[1000];
    (void)state;
    memset(bytes, 'x', sizeof bytes);
    begin(&rig, bytes, sizeof bytes, 0, 600);
    assert_int_equal(ftruncate(rig.fd, 400), 0);
    read_all(&rig);
    assert_int_equal(rig.window.n, 400);
    assert_int_equal(rig.account.damage[IW_DAMAGE_SHRANK].count, 1);
    assert_int_equal(rig.account.damage[IW_DAMAGE_SHRANK].first_offset, 400);
    assert_int_equal(rig.account.lost_bytes, 200);
    assert_int_equal(rig.account.read_bytes, 400);
    end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding),      cmocka_unit_test(wide_text_without_a_mark),
        cmocka_unit_test(unpaired_surrogates), cmocka_unit_test(slices),
        cmocka_unit_test(long_text),           cmocka_unit_test(the_limit),
        cmocka_unit_test(a_file_that_shrinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
