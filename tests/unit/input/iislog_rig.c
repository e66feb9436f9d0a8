/*
 * The rig of the tests of logs of requests (see the header).
 */
#include "tests/unit/input/iislog_rig.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/utf.h"

#define N_READERS 2

static const struct iw_names *rig_names(void)
{
    static struct iw_names names;
    static bool is_made;
    if (!is_made)
        assert_int_equal(iw_names_init(&names), IW_OK);
    is_made = true;
    return &names;
}

static void print_text(FILE *out, struct iw_str text)
{
    assert_true(iw_utf8_valid(text));
    for (size_t i = 0; i < text.n; i++)
        (void)fputc(text.p[i] != '\0' ? text.p[i] : '0', out);
}

static void print_event(FILE *out, const struct iw_event *event)
{
    char time[IW_TIME_TEXT_BYTES];
    iw_time_format(event->time_ns, time);
    (void)fprintf(out, "%llu@%llu ", (unsigned long long)event->line,
                  (unsigned long long)event->offset);
    if (iw_time_known(event->time_ns))
        (void)fprintf(out, "%.*s ", 19, time);
    else
        (void)fputs("- ", out);
    print_text(out, event->channel);
    (void)fputc('|', out);
    print_text(out, event->provider);
    (void)fputc('|', out);
    print_text(out, event->computer);
    (void)fputc(' ', out);
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        print_text(out, field->name->text);
        (void)fputc('=', out);
        print_text(out, (struct iw_str){(const char *)field->p, field->n});
        (void)fputc(';', out);
    }
    if ((event->flags & IW_EVENT_CUT) != 0)
        (void)fputs(" CUT", out);
    if ((event->flags & IW_EVENT_TIME_LOCAL) != 0)
        (void)fputs(" LOCAL", out);
    (void)fputc('\n', out);
}

static void read_slice(struct iislog_rig *rig, FILE *out, struct iw_reader *reader, int fd,
                       const struct iw_evidence_file *file, const struct iw_slice *slice,
                       struct iw_batch *batch)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_WEB_LOG);
    struct iw_account account = {0};
    enum iw_rc rc;
    assert_int_equal(class->begin(reader, fd, file, slice, &account), IW_OK);
    while ((rc = class->next(reader, batch)) == IW_OK) {
        for (size_t i = 0; i < batch->n; i++)
            print_event(out, &batch->events[i]);
        rig->n += batch->n;
    }
    assert_int_equal(rc, IW_END);
    iw_account_add(&rig->account, &account);
}

struct iislog_rig iislog_rig_read(const char *path, const void *bytes, size_t n,
                                  uint64_t slice_bytes, int order, const struct iw_route *route)
{
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_WEB_LOG);
    struct iw_route all;
    struct iw_reader_options options = {rig_names(), route != NULL ? route : &all, false, false};
    struct iw_evidence_file file = {
        .kind = IW_EVIDENCE_WEB_LOG, .path = iw_str_of(path), .size_bytes = n, .stdin_fd = -1};
    struct iw_reader *readers[N_READERS];
    struct iislog_rig rig = {0};
    struct iw_batch batch;
    size_t text_n, n_slices = 0;
    FILE *out = open_memstream(&rig.text, &text_n);
    int fd = memfd_create("log", MFD_CLOEXEC);

    iw_route_init(&all);
    iw_route_want_all(&all);
    assert_true(fd >= 0 && out != NULL);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    assert_int_equal(iw_batch_init(&batch), IW_OK);
    for (size_t i = 0; i < N_READERS; i++) {
        readers[i] = class->make(&options);
        assert_non_null(readers[i]);
    }
    if (slice_bytes == 0)
        slice_bytes = class->slice_bytes;
    for (uint64_t at = 0; at < n; at += slice_bytes, n_slices++) {
        uint64_t left = n - at, bytes_here = left < slice_bytes ? left : slice_bytes;
        struct iw_slice slice = {0, at, bytes_here, bytes_here == left};
        read_slice(&rig, out, readers[order != 0 ? n_slices % N_READERS : 0], fd, &file, &slice,
                   &batch);
    }
    assert_int_equal(fclose(out), 0);
    assert_int_equal(rig.account.n_records, rig.n);
    assert_int_equal(rig.account.read_bytes, n);
    for (size_t i = 0; i < N_READERS; i++)
        class->free(readers[i]);
    iw_batch_done(&batch);
    (void)close(fd);
    return rig;
}

void iislog_rig_done(struct iislog_rig *rig)
{
    free(rig->text);
    memset(rig, 0, sizeof *rig);
}

static void assert_same(const struct iislog_rig *one, struct iislog_rig other)
{
    assert_string_equal(one->text, other.text);
    assert_int_equal(one->account.lost_bytes, other.account.lost_bytes);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        assert_int_equal(one->account.damage[kind].count, other.account.damage[kind].count);
        assert_int_equal(one->account.damage[kind].first_offset,
                         other.account.damage[kind].first_offset);
    }
    iislog_rig_done(&other);
}

struct iislog_rig iislog_rig_bytes(const char *path, const void *bytes, size_t n)
{
    static const uint64_t SLICES[] = {4, 64, 256, 4096};
    struct iislog_rig rig = iislog_rig_read(path, bytes, n, 0, 0, NULL);
    for (size_t i = 0; i < sizeof SLICES / sizeof SLICES[0]; i++) {
        if (n / SLICES[i] > 5000)
            continue;
        for (int order = 0; order < 2; order++)
            assert_same(&rig, iislog_rig_read(path, bytes, n, SLICES[i], order, NULL));
    }
    return rig;
}

struct iislog_rig iislog_rig_text(const char *text)
{
    return iislog_rig_bytes(IISLOG_RIG_PATH, text, strlen(text));
}

void iislog_rig_is(const struct iislog_rig *rig, const char *text)
{
    assert_string_equal(rig->text, text);
}

uint64_t iislog_rig_count(const struct iislog_rig *rig, enum iw_damage kind)
{
    return rig->account.damage[kind].count;
}

void iislog_rig_only(const struct iislog_rig *rig, ...)
{
    bool allowed[IW_DAMAGE_COUNT] = {false};
    va_list kinds;
    va_start(kinds, rig);
    for (int kind = va_arg(kinds, int); kind != IW_DAMAGE_COUNT; kind = va_arg(kinds, int))
        allowed[kind] = true;
    va_end(kinds);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if ((rig->account.damage[kind].count != 0) != allowed[kind])
            fail_msg("%s: counted %llu", iw_damage_row((enum iw_damage)kind)->name,
                     (unsigned long long)rig->account.damage[kind].count);
    }
}
