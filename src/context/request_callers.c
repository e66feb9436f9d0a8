/*
 * All rows of a host in the order of their URLs: those of one URL come together, so that one URL's
 * addresses, requests and times are all that is held.
 */
#include "context/request_callers.h"

#include "base/fold.h"
#include "base/sort_key.h"
#include "context/request_row.h"
#include "context/request_table.h"

#define NEAR_NS (2 * IW_NS_PER_SECOND)
#define FEW_ADDRESSES 2U
/* What is asked for all the time is near by chance: once in so many times is seldom enough. More
 * addresses than these few have habits of their own, and come at the same hours. */
#define CHANCES_OF_FEW 20
#define CHANCES_OF_MANY 100

struct looking {
    struct iw_url_requests *requests;
    struct iw_str host;
    const int64_t *times_ns;
    size_t n_times;
    int64_t first_ns, last_ns;          /* of the times */
    uint64_t n_often_few, n_often_many; /* requests in that time that make nearness chance */
    struct iw_arena *arena;
    struct iw_arena scratch; /* of one row */
    struct iw_buffer url;    /* whose rows are read: as in keys */
    struct iw_str stem;      /* as the log writes it; in *arena*; empty: none near yet */
    uint64_t met;            /* times, as bits */
    uint64_t n;              /* requests */
    uint64_t addresses[FEW_ADDRESSES];
    size_t n_addresses;
    bool has_many;
    struct iw_str *ret;
    struct iw_error *err;
};

static enum iw_rc no_memory(struct looking *looking)
{
    return iw_error_set(looking->err, IW_ENOMEM, "no memory");
}

static void finish_url(struct looking *looking)
{
    size_t n_met = (size_t)__builtin_popcountll(looking->met);
    uint64_t n_often = looking->has_many ? looking->n_often_many : looking->n_often_few;
    if (n_met != 0 && 2 * n_met >= looking->n_times && looking->n <= n_often &&
        looking->ret->n == 0)
        *looking->ret = looking->stem;
    looking->stem = IW_STR("");
    looking->met = looking->n = 0;
    looking->n_addresses = 0;
    looking->has_many = false;
}

static void add_address(struct looking *looking, uint64_t hash)
{
    for (size_t i = 0; i < looking->n_addresses; i++) {
        if (looking->addresses[i] == hash)
            return;
    }
    if (looking->n_addresses == FEW_ADDRESSES)
        looking->has_many = true;
    else
        looking->addresses[looking->n_addresses++] = hash;
}

static bool is_at(const struct iw_request_moment *moment, int64_t time_ns)
{
    int64_t from_ns, until_ns;
    return !__builtin_sub_overflow(moment->start_ns, NEAR_NS, &from_ns) &&
           !__builtin_add_overflow(moment->end_ns, NEAR_NS, &until_ns) && from_ns <= time_ns &&
           time_ns <= until_ns;
}

static enum iw_rc take_moment(struct looking *looking, const struct iw_request_moment *moment)
{
    for (size_t i = 0; i < looking->n_times; i++) {
        if (is_at(moment, looking->times_ns[i]))
            looking->met |= (uint64_t)1 << i;
    }
    if (looking->met == 0 || looking->stem.n != 0)
        return IW_OK;
    looking->stem = iw_arena_copy(looking->arena, moment->stem);
    return looking->stem.p != NULL ? IW_OK : no_memory(looking);
}

/* Of requests that are not kept whole the seconds are. */
static void take_seconds(struct looking *looking, const struct iw_request_row *row)
{
    if (row->counts[IW_COUNT_ALL] <= row->n_moments)
        return;
    for (size_t i = 0; i < looking->n_times; i++) {
        if (iw_request_seconds_near(&row->seconds, looking->times_ns[i], NEAR_NS))
            looking->met |= (uint64_t)1 << i;
    }
}

/* From the first of the times to the last, and as near as a request may be to them. */
static bool is_in_span(const struct looking *looking, int64_t from_ns, int64_t until_ns)
{
    int64_t first_ns, last_ns;
    return (__builtin_sub_overflow(looking->first_ns, NEAR_NS, &first_ns) ||
            until_ns >= first_ns) &&
           (__builtin_add_overflow(looking->last_ns, NEAR_NS, &last_ns) || from_ns <= last_ns);
}

/* What was asked before the first of the times, or after the last, is not beside them: a page may
 * have had another life then. Where the requests of an hour are not kept one by one all count. */
static uint64_t count_in_span(const struct looking *looking, const struct iw_request_row *row)
{
    uint64_t n = 0;
    if (row->n_moments == 0 || !is_in_span(looking, row->moments[0].start_ns, row->last.end_ns))
        return row->n_moments == 0 ? row->counts[IW_COUNT_ALL] : 0;
    if (row->counts[IW_COUNT_ALL] > row->n_moments)
        return row->counts[IW_COUNT_ALL];
    for (uint32_t i = 0; i < row->n_moments; i++)
        n += is_in_span(looking, row->moments[i].start_ns, row->moments[i].end_ns);
    return n;
}

static enum iw_rc take_row(struct looking *looking, struct iw_str payload)
{
    struct iw_unpacking in = {payload, false};
    struct iw_request_row row;
    uint64_t n;
    if (!iw_str_equal_nocase(iw_unpack_text(&in), looking->host))
        return IW_OK;
    iw_arena_reset(&looking->scratch);
    IW_TRY(iw_request_row_told(iw_request_row_unpack(&in, &looking->scratch, &row), looking->err));
    n = count_in_span(looking, &row);
    if (n == 0)
        return IW_OK;
    looking->n += n;
    looking->has_many |= row.addresses.n > FEW_ADDRESSES;
    for (uint32_t i = 0; i < row.addresses.n && !looking->has_many; i++)
        add_address(looking, row.addresses.hashes[i]);
    take_seconds(looking, &row);
    for (uint32_t i = 0; i < row.n_moments; i++)
        IW_TRY(take_moment(looking, &row.moments[i]));
    return IW_OK;
}

/* Keys are name, URL, site, hour: *prefix* is the name. */
static enum iw_rc each_row(void *context, struct iw_str prefix)
{
    struct looking *looking = context;
    struct iw_request_cursor cursor;
    struct iw_str found, payload;
    enum iw_rc rc;
    iw_request_store_seek(&looking->requests->store, prefix, &cursor);
    while ((rc = iw_request_store_next(&cursor, &found, &payload, looking->err)) == IW_OK) {
        struct iw_str rest = {found.p + prefix.n, found.n - prefix.n};
        struct iw_str url = {rest.p, 0};
        if (!iw_sort_key_pass_text(&rest) || rest.n < sizeof(uint64_t))
            continue;
        url.n = (size_t)(rest.p - url.p) + sizeof(uint64_t); /* and its site */
        if (!iw_str_equal(url, iw_buffer_str(&looking->url))) {
            finish_url(looking);
            iw_buffer_clear(&looking->url);
            iw_buffer_add(&looking->url, url);
            if (looking->url.failed)
                return no_memory(looking);
        }
        IW_TRY(take_row(looking, payload));
    }
    finish_url(looking);
    iw_buffer_clear(&looking->url);
    return rc == IW_END ? IW_OK : rc;
}

/* As many requests as cover one time in *chances*, from the first of the times to the last. */
static uint64_t often(const struct looking *looking, size_t n_times, int chances)
{
    int64_t span_ns;
    if (n_times == 0 || __builtin_sub_overflow(looking->last_ns, looking->first_ns, &span_ns))
        return UINT64_MAX;
    return n_times + (uint64_t)(span_ns / chances / (2 * NEAR_NS));
}

enum iw_rc iw_request_callers_find(struct iw_url_requests *requests, struct iw_str host,
                                   const int64_t *times_ns, size_t n_times, struct iw_arena *arena,
                                   struct iw_str *ret_url, struct iw_error *err)
{
    struct looking looking = {.requests = requests,
                              .host = host,
                              .times_ns = times_ns,
                              .n_times = n_times < IW_CALLER_TIMES ? n_times : IW_CALLER_TIMES,
                              .first_ns = INT64_MAX,
                              .last_ns = INT64_MIN,
                              .arena = arena,
                              .stem = IW_STR(""),
                              .ret = ret_url,
                              .err = err};
    enum iw_rc rc;
    *ret_url = IW_STR("");
    for (size_t i = 0; i < n_times; i++) {
        looking.first_ns = times_ns[i] < looking.first_ns ? times_ns[i] : looking.first_ns;
        looking.last_ns = times_ns[i] > looking.last_ns ? times_ns[i] : looking.last_ns;
    }
    looking.n_often_few = often(&looking, n_times, CHANCES_OF_FEW);
    looking.n_often_many = often(&looking, n_times, CHANCES_OF_MANY);
    iw_arena_init(&looking.scratch, 0);
    iw_buffer_init(&looking.url);
    rc = iw_requests_each_label(requests, host, NULL, arena, each_row, &looking, err);
    iw_buffer_done(&looking.url);
    iw_arena_done(&looking.scratch);
    return rc;
}
