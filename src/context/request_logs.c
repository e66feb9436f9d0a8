#include "context/request_logs.h"

#define NS_PER_DAY (INT64_C(86400) * IW_NS_PER_SECOND)
#define FIRST_DAY INT64_C(7305) /* 1990-01-01, in days since 1970 */
#define KEY_BYTES sizeof(uint64_t)

void iw_request_logs_init(struct iw_request_logs *logs)
{
    memset(logs, 0, sizeof *logs);
    iw_arena_init(&logs->arena, 0);
    iw_buffer_init(&logs->key);
    iw_map_init(&logs->by_key);
}

void iw_request_logs_done(struct iw_request_logs *logs)
{
    iw_map_done(&logs->by_key);
    iw_buffer_done(&logs->key);
    iw_arena_done(&logs->arena);
}

/* The day's bit; SIZE_MAX: before 1990, or past what there is room for. */
static size_t day_of(int64_t time_ns)
{
    int64_t day = time_ns / NS_PER_DAY - FIRST_DAY;
    return time_ns < 0 || day < 0 || day >= (int64_t)IW_LIMIT_REQUEST_LOG_DAYS ? SIZE_MAX
                                                                               : (size_t)day;
}

static enum iw_rc make_span(struct iw_request_logs *logs, struct iw_str key,
                            struct iw_request_log_span **ret)
{
    struct iw_request_log_span *span = iw_arena_calloc(&logs->arena, 1, sizeof *span);
    struct iw_map_entry *entry;
    key = iw_arena_copy(&logs->arena, key);
    if (span == NULL || key.p == NULL)
        return IW_ENOMEM;
    span->first_ns = span->last_ns = IW_TIME_UNKNOWN;
    memcpy(&span->site_id, key.p, KEY_BYTES);
    span->computer = (struct iw_str){key.p + KEY_BYTES, key.n - KEY_BYTES};
    entry = iw_map_add(&logs->by_key, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = span;
    *ret = span;
    return IW_OK;
}

/* *ret NULL: one more than there is room for. */
static enum iw_rc span_of(struct iw_request_logs *logs, struct iw_str computer, uint64_t site_id,
                          struct iw_request_log_span **ret)
{
    const struct iw_map_entry *entry;

    *ret = logs->last;
    if (*ret != NULL && (*ret)->site_id == site_id && iw_str_equal((*ret)->computer, computer))
        return IW_OK;
    iw_buffer_clear(&logs->key);
    iw_buffer_add(&logs->key, (struct iw_str){(const char *)&site_id, KEY_BYTES});
    iw_buffer_add(&logs->key, computer);
    if (logs->key.failed)
        return IW_ENOMEM;
    entry = iw_map_find(&logs->by_key, iw_buffer_str(&logs->key));
    *ret = entry != NULL ? entry->value.pointer : NULL;
    if (entry == NULL && logs->by_key.n < IW_LIMIT_REQUEST_LOGS)
        IW_TRY(make_span(logs, iw_buffer_str(&logs->key), ret));
    if (*ret != NULL)
        logs->last = *ret;
    return IW_OK;
}

enum iw_rc iw_request_logs_add(struct iw_request_logs *logs, struct iw_str computer,
                               uint64_t site_id, int64_t time_ns)
{
    struct iw_request_log_span *span;
    size_t day;
    IW_TRY(span_of(logs, computer, site_id, &span));
    if (span == NULL) {
        logs->n_hidden++;
        return IW_OK;
    }
    span->n++;
    if (!iw_time_known(time_ns))
        return IW_OK;
    iw_time_widen(&span->first_ns, &span->last_ns, time_ns);
    day = day_of(time_ns);
    if (day != SIZE_MAX)
        span->days[day / 64] |= UINT64_C(1) << (day % 64);
    return IW_OK;
}

enum iw_rc iw_request_logs_merge(struct iw_request_logs *into, const struct iw_request_logs *from)
{
    into->n_hidden += from->n_hidden;
    for (size_t i = 0; i < from->by_key.n; i++) {
        const struct iw_request_log_span *span = from->by_key.entries[i].value.pointer;
        struct iw_request_log_span *own;
        IW_TRY(span_of(into, span->computer, span->site_id, &own));
        if (own == NULL) {
            into->n_hidden += span->n;
            continue;
        }
        own->n += span->n;
        iw_time_widen(&own->first_ns, &own->last_ns, span->first_ns);
        iw_time_widen(&own->first_ns, &own->last_ns, span->last_ns);
        for (size_t k = 0; k < sizeof own->days / sizeof own->days[0]; k++)
            own->days[k] |= span->days[k];
    }
    return IW_OK;
}

uint64_t iw_request_days_silent(const uint64_t *days, int64_t from_ns, int64_t last_ns)
{
    size_t from = day_of(from_ns), last = day_of(last_ns);
    uint64_t n = 0;
    if (from == SIZE_MAX || last == SIZE_MAX)
        return 0;
    for (size_t day = from + 1; day < last; day++)
        n += (days[day / 64] >> (day % 64) & 1) == 0;
    return n;
}
