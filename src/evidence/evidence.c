/*
 * From what the walk found to the ledger: each file once, recognised by its content, its place on
 * the Windows machine noted; everything else as the line the walk wrote. The walk is in order of
 * path, so the lowest path of a file is the one that is read.
 */
#include "evidence/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/timestamp.h"
#include "evidence/sniff.h"
#include "evidence/walk.h"
#include "evidence/windows_path.h"

struct taking {
    const struct iw_evidence_options *options;
    struct iw_stream *input; /* or NULL */
    struct iw_ledger *ledger;
    struct iw_evidence *evidence;
    struct iw_map by_identity; /* → index in the ledger */
    struct iw_windows_trees trees;
    struct iw_arena scratch; /* of one entry */
};

/* Opens a file so that nothing can hang and no link is followed but one that was given. Returns -1
 * and a reason in *err. */
static int open_regular(const char *path, bool is_link, uint64_t *ret_size_bytes,
                        struct iw_error *err)
{
    struct stat status;
    int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (is_link ? 0 : O_NOFOLLOW);
    int fd = open(path, flags);

    if (fd < 0) {
        (void)iw_error_set(err, IW_EIO, "cannot be opened: %s", strerror(errno));
    } else if (fstat(fd, &status) != 0) {
        (void)iw_error_set(err, IW_EIO, "cannot be examined: %s", strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        (void)iw_error_set(err, IW_EIO, "no longer a regular file");
    } else {
        *ret_size_bytes = status.st_size > 0 ? (uint64_t)status.st_size : 0;
        return fd;
    }
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static bool is_stdin(struct iw_str path)
{
    return iw_str_equal(path, IW_STR("-"));
}

/* What came of standard input, under another descriptor. */
static int open_stdin(int stdin_fd, uint64_t *ret_size_bytes, struct iw_error *err)
{
    struct stat status;
    int fd = stdin_fd >= 0 ? fcntl(stdin_fd, F_DUPFD_CLOEXEC, 3) : -1;
    if (fd < 0 || fstat(fd, &status) != 0) {
        (void)iw_error_set(err, IW_EIO, "standard input could not be kept for reading");
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    *ret_size_bytes = status.st_size > 0 ? (uint64_t)status.st_size : 0;
    return fd;
}

static void sniff(const struct taking *taking, const struct iw_found *found,
                  uint64_t *ret_size_bytes, struct iw_sniffed *ret)
{
    struct iw_error why;
    int fd;
    if (is_stdin(found->path))
        fd = open_stdin(taking->input != NULL ? taking->input->fd : -1, ret_size_bytes, &why);
    else
        fd = open_regular(found->path.p, found->is_link, ret_size_bytes, &why);
    if (fd < 0) {
        memset(ret, 0, sizeof *ret);
        ret->kind_name = "unknown";
        ret->state = IW_SOURCE_LOST;
        (void)snprintf(ret->reason, sizeof ret->reason, "%.*s", (int)sizeof ret->reason - 1,
                       why.message);
        return;
    }
    iw_sniff(fd, found->path, *ret_size_bytes, ret);
    (void)close(fd);
    if (is_stdin(found->path) && *ret_size_bytes == 0) {
        ret->state = IW_SOURCE_LOST; /* a pipe that broke must not look like clean evidence */
        (void)snprintf(ret->reason, sizeof ret->reason, "nothing came on standard input");
    }
}

/* More than what came may yet come, and it can be read as it comes. */
static bool is_streamed(const struct taking *taking, const struct iw_found *found,
                        const struct iw_sniffed *sniffed)
{
    return is_stdin(found->path) && taking->input != NULL && !iw_stream_has_ended(taking->input) &&
           sniffed->state == IW_SOURCE_PENDING && sniffed->kind == IW_EVIDENCE_JSON_LINES &&
           iw_stream_has_lines(taking->input);
}

/* Of standard input the beginning tells whether it is read as it comes; else all of it is taken
 * first. */
static enum iw_rc recognise(const struct taking *taking, const struct iw_found *found,
                            uint64_t *ret_size_bytes, struct iw_sniffed *ret, struct iw_error *err)
{
    sniff(taking, found, ret_size_bytes, ret);
    if (!is_stdin(found->path) || taking->input == NULL || iw_stream_has_ended(taking->input) ||
        is_streamed(taking, found, ret))
        return IW_OK;
    IW_TRY(iw_stream_take_all(taking->input, err));
    sniff(taking, found, ret_size_bytes, ret);
    return IW_OK;
}

static int64_t modified_ns(const struct iw_found *found)
{
    int64_t ns;
    if (is_stdin(found->path) ||
        __builtin_mul_overflow(found->identity.modified_s, 1000000000, &ns) ||
        __builtin_add_overflow(ns, found->identity.modified_ns, &ns))
        return IW_TIME_UNKNOWN;
    return ns;
}

static enum iw_rc add_recognised(struct taking *taking, const struct iw_found *found,
                                 const struct iw_sniffed *sniffed, const struct iw_source *source)
{
    struct iw_evidence *evidence = taking->evidence;
    struct iw_evidence_file file;
    size_t index = iw_ledger_add(taking->ledger, source);
    if (index == SIZE_MAX)
        return IW_ENOMEM;
    file = (struct iw_evidence_file){
        .kind = sniffed->kind,
        .ledger_index = index,
        .path = taking->ledger->sources[index].path,
        .size_bytes = source->size_bytes,
        .modified_ns = modified_ns(found),
        .stdin_fd = is_stdin(found->path) && taking->input != NULL ? taking->input->fd : -1,
        .stream = is_streamed(taking, found, sniffed) ? taking->input : NULL,
        .is_link = found->is_link,
    };
    if (!iw_array_reserve(&evidence->all, &evidence->cap_all, evidence->n_all + 1, sizeof file))
        return IW_ENOMEM;
    evidence->all[evidence->n_all++] = file;
    if (sniffed->state != IW_SOURCE_PENDING)
        return IW_OK;
    if (!iw_array_reserve(&evidence->files, &evidence->cap, evidence->n + 1, sizeof file))
        return IW_ENOMEM;
    evidence->files[evidence->n++] = file;
    evidence->is_open_ended |= file.stream != NULL;
    if (__builtin_add_overflow(evidence->total_bytes, source->size_bytes, &evidence->total_bytes))
        evidence->total_bytes = UINT64_MAX;
    return IW_OK;
}

static enum iw_rc take_file(struct taking *taking, const struct iw_found *found,
                            struct iw_error *err)
{
    struct iw_source source = {.path = found->path};
    struct iw_windows_path windows;
    struct iw_sniffed sniffed;

    if (!iw_windows_path_read(found->path, &taking->scratch, &windows) ||
        (windows.windows_path.n == 0 &&
         !iw_windows_trees_read(&taking->trees, found->path, &taking->scratch, &windows)))
        return IW_ENOMEM;
    IW_TRY(recognise(taking, found, &source.size_bytes, &sniffed, err));
    source.kind = iw_str_of(sniffed.kind_name);
    source.state = sniffed.state;
    source.reason = iw_str_of(sniffed.reason);
    source.windows_path = windows.windows_path;
    source.host_hint =
        taking->options->host != NULL ? iw_str_of(taking->options->host) : windows.host_hint;
    return add_recognised(taking, found, &sniffed, &source);
}

static enum iw_rc take_duplicate(struct taking *taking, const struct iw_found *found,
                                 size_t first_index)
{
    struct iw_source source = {
        .path = found->path,
        .kind = taking->ledger->sources[first_index].kind,
        .size_bytes = found->identity.size_bytes,
        .state = IW_SOURCE_DUPLICATE,
    };
    struct iw_buffer reason;
    size_t index;
    iw_buffer_init(&reason);
    iw_buffer_add(&reason, IW_STR("the same file as "));
    iw_buffer_add(&reason, taking->ledger->sources[first_index].path);
    source.reason = iw_buffer_str(&reason);
    index = reason.failed ? SIZE_MAX : iw_ledger_add(taking->ledger, &source);
    iw_buffer_done(&reason);
    return index != SIZE_MAX ? IW_OK : IW_ENOMEM;
}

static enum iw_rc take_line(struct taking *taking, const struct iw_found *found)
{
    struct iw_source source = {
        .path = found->path,
        .kind = iw_str_of(found->kind_name),
        .state = found->state,
        .reason = found->reason,
    };
    return iw_ledger_add(taking->ledger, &source) != SIZE_MAX ? IW_OK : IW_ENOMEM;
}

static enum iw_rc take(struct taking *taking, const struct iw_found *found, struct iw_error *err)
{
    struct iw_str key = {(const char *)&found->identity, sizeof found->identity};
    struct iw_map_entry *entry;
    bool is_new = true;

    if (!found->is_file)
        return take_line(taking, found);
    if (!is_stdin(found->path)) {
        entry = iw_map_add(&taking->by_identity, key, &is_new);
        if (entry == NULL)
            return IW_ENOMEM;
        if (!is_new)
            return take_duplicate(taking, found, (size_t)entry->value.number);
        entry->value.number = taking->ledger->n;
    }
    return take_file(taking, found, err);
}

/* What some paths tell of their tree, all are read by: before any is. */
static bool learn_trees(struct taking *taking, const struct iw_found_list *found)
{
    struct iw_windows_path windows;
    for (size_t i = 0; i < found->n; i++) {
        iw_arena_reset(&taking->scratch);
        if (found->items[i].is_file &&
            (!iw_windows_path_read(found->items[i].path, &taking->scratch, &windows) ||
             !iw_windows_trees_learn(&taking->trees, &windows)))
            return false;
    }
    return true;
}

static enum iw_rc take_all(struct taking *taking, const struct iw_found_list *found,
                           struct iw_error *err)
{
    enum iw_rc rc;
    if (!learn_trees(taking, found))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t i = 0; i < found->n; i++) {
        if (taking->options->cancelled != NULL && atomic_load(taking->options->cancelled))
            return iw_error_set(err, IW_ECANCELLED, "interrupted");
        iw_arena_reset(&taking->scratch);
        rc = take(taking, &found->items[i], err);
        if (rc != IW_OK)
            return rc == IW_ENOMEM ? iw_error_set(err, rc, "no memory") : rc;
    }
    return IW_OK;
}

enum iw_rc iw_evidence_walk(const struct iw_evidence_options *options, struct iw_stream *input,
                            struct iw_ledger *ledger, struct iw_evidence *ret, struct iw_error *err)
{
    static const struct iw_walk_limits LIMITS = {
        .n_entries = IW_LIMIT_WALK_ENTRIES,
        .depth = IW_LIMIT_WALK_DEPTH,
        .path_bytes = IW_LIMIT_PATH_BYTES,
    };
    struct taking taking = {.options = options, .input = input, .ledger = ledger, .evidence = ret};
    struct iw_found_list found;
    enum iw_rc rc;

    memset(ret, 0, sizeof *ret);
    iw_map_init(&taking.by_identity);
    iw_windows_trees_init(&taking.trees);
    iw_arena_init(&taking.scratch, 0);
    rc = iw_walk(options, &LIMITS, &found, err);
    if (rc == IW_OK)
        rc = take_all(&taking, &found, err);
    iw_found_list_done(&found);
    iw_arena_done(&taking.scratch);
    iw_windows_trees_done(&taking.trees);
    iw_map_done(&taking.by_identity);
    return rc;
}

void iw_evidence_done(struct iw_evidence *evidence)
{
    iw_free(evidence->files);
    iw_free(evidence->all);
    memset(evidence, 0, sizeof *evidence);
}

enum iw_rc iw_evidence_open(const struct iw_evidence_file *file, const struct iw_ledger *ledger,
                            int *ret_fd, struct iw_error *err)
{
    const struct iw_source *source = &ledger->sources[file->ledger_index];
    uint64_t size_bytes = 0;
    int fd = file->stdin_fd >= 0 ? open_stdin(file->stdin_fd, &size_bytes, err)
                                 : open_regular(source->path.p, file->is_link, &size_bytes, err);
    *ret_fd = fd;
    if (fd >= 0)
        return IW_OK;
    iw_error_place(err, source->path.p, 0, 0);
    return IW_EIO;
}
