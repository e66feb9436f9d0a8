/*
 * k-way merge over a binary heap of readers, the lowest head on top. A comparison may have to read
 * payloads back and so may fail: the first failure is kept and ends the reading.
 */
#include "base/sort_merge.h"

#include "base/alloc.h"

struct iw_sorted {
    struct iw_sort_reader *readers;
    size_t n_readers;
    struct iw_sort_reader **heap;
    size_t n;           /* readers that are not at their end */
    bool has_delivered; /* the head of heap[0] was given out: step before the next */
    struct iw_buffer large;
    enum iw_rc rc;
    struct iw_error error;
};

static bool is_before(struct iw_sorted *sorted, const struct iw_sort_reader *a,
                      const struct iw_sort_reader *b)
{
    int order = 0;
    if (sorted->rc == IW_OK)
        sorted->rc = iw_sort_reader_compare(a, b, &order, &sorted->error);
    return order < 0;
}

static void sift_down(struct iw_sorted *sorted, size_t at)
{
    for (;;) {
        size_t lowest = at, child = 2 * at + 1;
        struct iw_sort_reader *moved;
        for (size_t k = child; k < child + 2 && k < sorted->n; k++) {
            if (is_before(sorted, sorted->heap[k], sorted->heap[lowest]))
                lowest = k;
        }
        if (lowest == at)
            return;
        moved = sorted->heap[at];
        sorted->heap[at] = sorted->heap[lowest];
        sorted->heap[lowest] = moved;
        at = lowest;
    }
}

static void add_to_heap(struct iw_sorted *sorted, struct iw_sort_reader *reader)
{
    if (!reader->is_at_end)
        sorted->heap[sorted->n++] = reader;
}

static enum iw_rc open_readers(struct iw_sorted *sorted,
                               const struct iw_sort_merge_options *options, struct iw_error *err)
{
    for (size_t i = 0; i < options->n_regions; i++) {
        struct iw_sort_reader *reader = &sorted->readers[sorted->n_readers++];
        IW_TRY(iw_sort_reader_init_file(reader, options->spill, options->regions[i],
                                        options->buffer_bytes, options->releases, err));
        add_to_heap(sorted, reader);
    }
    for (size_t i = 0; i < options->n_held; i++) {
        struct iw_sort_reader *reader = &sorted->readers[sorted->n_readers++];
        iw_sort_reader_init_memory(reader, options->held[i].entries, options->held[i].n);
        add_to_heap(sorted, reader);
    }
    for (size_t i = sorted->n / 2; i-- > 0;)
        sift_down(sorted, i);
    if (sorted->rc != IW_OK && err != NULL)
        *err = sorted->error;
    return sorted->rc;
}

enum iw_rc iw_sort_merge_open(const struct iw_sort_merge_options *options, struct iw_sorted **ret,
                              struct iw_error *err)
{
    size_t n = options->n_regions + options->n_held;
    struct iw_sorted *sorted = iw_calloc(1, sizeof *sorted);
    enum iw_rc rc;
    *ret = NULL;
    if (sorted == NULL) {
        (void)iw_error_set(err, IW_ENOMEM, "no memory");
        return IW_ENOMEM;
    }
    iw_buffer_init(&sorted->large);
    sorted->readers = iw_calloc(n, sizeof *sorted->readers);
    sorted->heap = iw_calloc(n, sizeof *sorted->heap);
    if (sorted->readers != NULL && sorted->heap != NULL)
        rc = open_readers(sorted, options, err);
    else
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        *ret = sorted;
    else
        iw_sorted_close(sorted);
    return rc;
}

/* Past the record that was given out. */
static enum iw_rc step(struct iw_sorted *sorted)
{
    sorted->has_delivered = false;
    IW_TRY(iw_sort_reader_step(sorted->heap[0], &sorted->error));
    if (sorted->heap[0]->is_at_end)
        sorted->heap[0] = sorted->heap[--sorted->n];
    if (sorted->n != 0)
        sift_down(sorted, 0);
    return sorted->rc;
}

enum iw_rc iw_sorted_next(struct iw_sorted *sorted, struct iw_str *ret_key,
                          struct iw_str *ret_payload, struct iw_error *err)
{
    if (sorted->rc == IW_OK && sorted->has_delivered)
        sorted->rc = step(sorted);
    if (sorted->rc == IW_OK && sorted->n == 0)
        return IW_END;
    if (sorted->rc == IW_OK)
        sorted->rc =
            iw_sort_reader_payload(sorted->heap[0], &sorted->large, ret_payload, &sorted->error);
    if (sorted->rc != IW_OK) {
        if (err != NULL)
            *err = sorted->error;
        return sorted->rc;
    }
    *ret_key = iw_sort_reader_key(sorted->heap[0]);
    sorted->has_delivered = true;
    return IW_OK;
}

void iw_sorted_close(struct iw_sorted *sorted)
{
    if (sorted == NULL)
        return;
    for (size_t i = 0; i < sorted->n_readers; i++)
        iw_sort_reader_done(&sorted->readers[i]);
    iw_buffer_done(&sorted->large);
    iw_free(sorted->readers);
    iw_free(sorted->heap);
    iw_free(sorted);
}

/* All of *sorted* to where *writer* stands. */
static enum iw_rc copy_all(struct iw_sorted *sorted, struct iw_sort_writer *writer,
                           struct iw_error *err)
{
    struct iw_str key, payload;
    enum iw_rc rc;
    while ((rc = iw_sorted_next(sorted, &key, &payload, err)) == IW_OK)
        IW_TRY(iw_sort_writer_add(writer, key, payload, err));
    return rc == IW_END ? iw_sort_writer_flush(writer, err) : rc;
}

enum iw_rc iw_sort_merge_regions(struct iw_spill *spill, const struct iw_sort_region *regions,
                                 size_t n, size_t buffer_bytes, struct iw_sort_region *ret,
                                 struct iw_error *err)
{
    struct iw_sort_merge_options options = {
        .spill = spill, .regions = regions, .n_regions = n, .buffer_bytes = buffer_bytes};
    struct iw_sort_writer writer;
    struct iw_sorted *sorted;
    enum iw_rc rc;

    IW_TRY(iw_sort_merge_open(&options, &sorted, err));
    ret->n_bytes = 0;
    for (size_t i = 0; i < n; i++)
        ret->n_bytes += regions[i].n_bytes;
    ret->offset = iw_spill_reserve(spill, ret->n_bytes);
    iw_sort_writer_init(&writer, spill, ret->offset);
    rc = copy_all(sorted, &writer, err);
    iw_sort_writer_done(&writer);
    iw_sorted_close(sorted);
    if (rc != IW_OK)
        iw_spill_release(spill, ret->offset, ret->n_bytes);
    for (size_t i = 0; i < n && rc == IW_OK; i++)
        iw_spill_release(spill, regions[i].offset, regions[i].n_bytes);
    return rc;
}
