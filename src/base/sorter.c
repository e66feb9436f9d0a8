/*
 * External sorting: feeds hold records in arenas, sort them by reference when their share of the
 * budget is used up and write them out as a run; reading merges runs and what the feeds still hold.
 *
 * When there are more runs than the budget has read buffers for, the smallest are merged first. If
 * that finds no room on the disk, all are read at once: more memory than asked for is better than
 * nothing read.
 */
#include "base/sorter.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/sort_merge.h"

#define SMALLEST_BUFFER_BYTES ((size_t)16 * 1024)
#define LARGEST_BUFFER_BYTES ((size_t)1024 * 1024)
/* Small budgets (tests) have small buffers, but enough of them for a merge. */
#define BUFFERS_AT_LEAST 4U

struct iw_sorter_feed {
    struct iw_sorter *sorter;
    struct iw_sorter_feed *next;
    struct iw_arena arena;
    struct iw_sort_entry *entries;
    size_t n, cap;
    size_t held_bytes;
    uint64_t run_bytes; /* of what is held, in the file's form */
    struct iw_sort_region *regions;
    size_t n_regions, regions_cap;
    struct iw_error failure; /* the file could not be written */
};

struct iw_sorter {
    struct iw_spill *spill;
    size_t budget_bytes;
    struct iw_sorter_feed *feeds;
    size_t n_feeds;
    struct iw_sort_region *regions; /* of all feeds, once finished */
    size_t n_regions, regions_cap;
};

struct iw_sorter *iw_sorter_new(struct iw_spill *spill, size_t budget_bytes)
{
    struct iw_sorter *sorter = iw_calloc(1, sizeof *sorter);
    if (sorter == NULL)
        return NULL;
    sorter->spill = spill;
    sorter->budget_bytes = budget_bytes;
    return sorter;
}

static void release_all(const struct iw_spill *spill, const struct iw_sort_region *regions,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        iw_spill_release(spill, regions[i].offset, regions[i].n_bytes);
}

static void feed_free(struct iw_sorter_feed *feed)
{
    release_all(feed->sorter->spill, feed->regions, feed->n_regions);
    iw_free(feed->regions);
    iw_free(feed->entries);
    iw_arena_done(&feed->arena);
    iw_free(feed);
}

void iw_sorter_free(struct iw_sorter *sorter)
{
    if (sorter == NULL)
        return;
    for (struct iw_sorter_feed *feed = sorter->feeds, *next; feed != NULL; feed = next) {
        next = feed->next;
        feed_free(feed);
    }
    release_all(sorter->spill, sorter->regions, sorter->n_regions);
    iw_free(sorter->regions);
    iw_free(sorter);
}

struct iw_sorter_feed *iw_sorter_feed_new(struct iw_sorter *sorter)
{
    struct iw_sorter_feed *feed = iw_calloc(1, sizeof *feed);
    if (feed == NULL)
        return NULL;
    iw_arena_init(&feed->arena, 0);
    feed->sorter = sorter;
    feed->next = sorter->feeds;
    sorter->feeds = feed;
    sorter->n_feeds++;
    return feed;
}

/* --- adding ------------------------------------------------------------------------------ */

static void sort_held(struct iw_sorter_feed *feed)
{
    if (feed->n > 1)
        qsort(feed->entries, feed->n, sizeof *feed->entries, iw_sort_compare_entries);
}

static enum iw_rc write_held(const struct iw_sorter_feed *feed, uint64_t offset,
                             struct iw_error *err)
{
    struct iw_sort_writer writer;
    enum iw_rc rc = IW_OK;
    iw_sort_writer_init(&writer, feed->sorter->spill, offset);
    for (size_t i = 0; i < feed->n && rc == IW_OK; i++) {
        const uint8_t *record = feed->entries[i].record;
        struct iw_sort_header header = iw_sort_header_of(record);
        const char *key = (const char *)record + sizeof header;
        rc = iw_sort_writer_add(&writer, (struct iw_str){key, header.key_n},
                                (struct iw_str){key + header.key_n, header.payload_n}, err);
    }
    if (rc == IW_OK)
        rc = iw_sort_writer_flush(&writer, err);
    iw_sort_writer_done(&writer);
    return rc;
}

static void forget_held(struct iw_sorter_feed *feed)
{
    /* A huge record leaves a huge block, which would be kept for nothing. */
    if (feed->arena.held_bytes > 2 * feed->held_bytes + LARGEST_BUFFER_BYTES)
        iw_arena_done(&feed->arena);
    else
        iw_arena_reset(&feed->arena);
    feed->n = 0;
    feed->held_bytes = 0;
    feed->run_bytes = 0;
}

/* What is held becomes a run of the file. */
static enum iw_rc spill_held(struct iw_sorter_feed *feed, struct iw_error *err)
{
    struct iw_sort_region region = {0, feed->run_bytes};
    enum iw_rc rc;
    if (!iw_array_reserve(&feed->regions, &feed->regions_cap, feed->n_regions + 1,
                          sizeof *feed->regions))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    sort_held(feed);
    region.offset = iw_spill_reserve(feed->sorter->spill, region.n_bytes);
    rc = write_held(feed, region.offset, err);
    if (rc != IW_OK) {
        iw_spill_release(feed->sorter->spill, region.offset, region.n_bytes);
        return rc;
    }
    feed->regions[feed->n_regions++] = region;
    forget_held(feed);
    return IW_OK;
}

static enum iw_rc hold(struct iw_sorter_feed *feed, struct iw_str key, struct iw_str payload,
                       struct iw_error *err)
{
    struct iw_sort_header header = {(uint32_t)key.n, (uint32_t)payload.n};
    size_t n_bytes = sizeof header + key.n + payload.n;
    uint8_t *record = NULL;
    if (iw_array_reserve(&feed->entries, &feed->cap, feed->n + 1, sizeof *feed->entries))
        record = iw_arena_alloc(&feed->arena, n_bytes);
    if (record == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    memcpy(record, &header, sizeof header);
    if (key.n != 0)
        memcpy(record + sizeof header, key.p, key.n);
    if (payload.n != 0)
        memcpy(record + sizeof header + key.n, payload.p, payload.n);
    feed->entries[feed->n++] = (struct iw_sort_entry){iw_sort_prefix(key), record};
    feed->held_bytes += n_bytes + sizeof *feed->entries;
    feed->run_bytes += n_bytes;
    return IW_OK;
}

enum iw_rc iw_sorter_add(struct iw_sorter_feed *feed, struct iw_str key, struct iw_str payload,
                         struct iw_error *err)
{
    if (feed->failure.rc != IW_OK) {
        if (err != NULL)
            *err = feed->failure;
        return feed->failure.rc;
    }
    if (key.n > UINT32_MAX || payload.n > UINT32_MAX)
        return iw_error_set(err, IW_ELIMIT, "a result larger than 4 GiB");
    IW_TRY(hold(feed, key, payload, err));
    /* A failure is told with the next record: this one is held. */
    if (feed->held_bytes > feed->sorter->budget_bytes / feed->sorter->n_feeds)
        (void)spill_held(feed, &feed->failure);
    return IW_OK;
}

/* --- reading ----------------------------------------------------------------------------- */

static int compare_regions(const void *left, const void *right)
{
    const struct iw_sort_region *a = left, *b = right;
    if (a->n_bytes != b->n_bytes)
        return a->n_bytes < b->n_bytes ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static enum iw_rc gather_regions(struct iw_sorter *sorter)
{
    for (struct iw_sorter_feed *feed = sorter->feeds; feed != NULL; feed = feed->next) {
        if (!iw_array_reserve(&sorter->regions, &sorter->regions_cap,
                              sorter->n_regions + feed->n_regions, sizeof *sorter->regions))
            return IW_ENOMEM;
        if (feed->n_regions != 0)
            memcpy(sorter->regions + sorter->n_regions, feed->regions,
                   feed->n_regions * sizeof *feed->regions);
        sorter->n_regions += feed->n_regions;
        feed->n_regions = 0;
        sort_held(feed);
    }
    return IW_OK;
}

static size_t most_buffers(const struct iw_sorter *sorter)
{
    size_t n = sorter->budget_bytes / SMALLEST_BUFFER_BYTES;
    return n > BUFFERS_AT_LEAST ? n : BUFFERS_AT_LEAST;
}

static size_t buffer_bytes(const struct iw_sorter *sorter, size_t n_regions)
{
    size_t n = sorter->budget_bytes / (n_regions != 0 ? n_regions : 1);
    return n < LARGEST_BUFFER_BYTES ? n : LARGEST_BUFFER_BYTES;
}

/* Merges the smallest regions, as few as will do, until the rest have buffers. */
static void merge_surplus(struct iw_sorter *sorter)
{
    size_t most = most_buffers(sorter);
    while (sorter->n_regions > most) {
        size_t n = sorter->n_regions - most + 1;
        struct iw_sort_region merged;
        if (n > most)
            n = most;
        qsort(sorter->regions, sorter->n_regions, sizeof *sorter->regions, compare_regions);
        if (iw_sort_merge_regions(sorter->spill, sorter->regions, n, buffer_bytes(sorter, n),
                                  &merged, NULL) != IW_OK)
            return; /* all are read at once then */
        sorter->regions[0] = merged;
        sorter->n_regions -= n - 1;
        memmove(sorter->regions + 1, sorter->regions + n,
                (sorter->n_regions - 1) * sizeof *sorter->regions);
    }
}

enum iw_rc iw_sorter_finish(struct iw_sorter *sorter)
{
    IW_TRY(gather_regions(sorter));
    merge_surplus(sorter);
    return IW_OK;
}

enum iw_rc iw_sorter_open(struct iw_sorter *sorter, bool is_last, struct iw_sorted **ret,
                          struct iw_error *err)
{
    struct iw_sort_merge_options options = {.spill = sorter->spill,
                                            .regions = sorter->regions,
                                            .n_regions = sorter->n_regions,
                                            .buffer_bytes = buffer_bytes(sorter, sorter->n_regions),
                                            .releases = is_last};
    struct iw_sort_held *held = iw_calloc(sorter->n_feeds + 1, sizeof *held);
    enum iw_rc rc;
    *ret = NULL;
    if (held == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (const struct iw_sorter_feed *feed = sorter->feeds; feed != NULL; feed = feed->next) {
        if (feed->n != 0)
            held[options.n_held++] = (struct iw_sort_held){feed->entries, feed->n};
    }
    options.held = held;
    rc = iw_sort_merge_open(&options, ret, err);
    iw_free(held);
    return rc;
}
