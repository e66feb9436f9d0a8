#include "context/file_requests.h"

#include "base/path_name.h"
#include "base/sort_key.h"
#include "base/fold.h"
#include "context/request_table.h"
#include "event/web_log.h"
#include "event/web_server.h"

/* Roots of one folder that are asked for one file: sites that share it. */
#define ROOTS_AT_MOST 16U
#define NS_PER_HOUR (INT64_C(3600) * IW_NS_PER_SECOND)

struct asking {
    struct iw_url_requests *requests;
    struct iw_str host;
    int64_t time_ns;
    struct iw_arena *arena;
    struct iw_error *err;
    struct iw_file_requests *ret;
    struct iw_str keys[ROOTS_AT_MOST]; /* of the URLs */
    struct iw_arena scratch;           /* of one row */
    struct iw_request_row all;         /* of all URLs */
    bool names_no_site;                /* some requests are of logs that name no site */
    bool is_of_other_server;           /* no site of IIS reaches the file: the URL is another's */
    struct iw_request_moment hidden;   /* the last of the moment's hour, where no other is known */
    bool has_hidden;
    const int64_t
        *running_ns; /* moments of which is asked what ran then; NULL: that is not asked */
    size_t n_running;
    struct iw_running_request *running;
};

static enum iw_rc no_memory(struct asking *asking)
{
    return iw_error_set(asking->err, IW_ENOMEM, "no memory");
}

/* --- URLs ----------------------------------------------------------------------------------- */

static uint64_t site_id_of(const struct iw_inventory_server *server, struct iw_str site)
{
    for (size_t i = 0; server != NULL && i < server->n_sites; i++) {
        if (iw_str_equal_nocase(server->sites[i].name, site))
            return server->sites[i].id;
    }
    return 0;
}

/* The URL that another server gives the file, by its folder. */
static enum iw_rc add_other_url(struct asking *asking, struct iw_str path, struct iw_file_url *urls)
{
    struct iw_str page = iw_web_server_page_of(path);
    char *text = iw_arena_alloc(asking->arena, page.n + 1);
    if (text == NULL)
        return no_memory(asking);
    if (page.n == 0)
        return IW_OK;
    text[0] = '/';
    for (size_t i = 0; i < page.n; i++)
        text[i + 1] = page.p[i] == '\\' ? '/' : page.p[i];
    asking->is_of_other_server = true;
    urls[asking->ret->n_urls++] =
        (struct iw_file_url){.site = IW_STR(""), .url = {text, page.n + 1}};
    return IW_OK;
}

static enum iw_rc find_urls(struct asking *asking, const struct iw_web_places *places,
                            struct iw_str path)
{
    struct iw_web_state state = iw_web_places_at(places, asking->host, asking->time_ns);
    const struct iw_inventory_server *server = iw_web_places_server(places, asking->host);
    struct iw_file_url *urls;
    size_t roots[ROOTS_AT_MOST], n;
    bool no_room = false;

    n = iw_web_roots_of_file(&state, path, asking->arena, roots, ROOTS_AT_MOST, &no_room);
    urls = iw_arena_calloc(asking->arena, ROOTS_AT_MOST, sizeof *urls);
    if (no_room || urls == NULL)
        return no_memory(asking);
    asking->ret->urls = urls;
    asking->ret->is_partial = state.is_partial || n == ROOTS_AT_MOST;
    for (size_t i = 0; i < n; i++) {
        const struct iw_inventory_root *root = &state.roots[roots[i]];
        struct iw_str url = iw_web_url_of_file(&state, roots[i], path, asking->arena);
        if (url.p == NULL)
            return no_memory(asking);
        /* A root that the configuration lacks, though it is known whole, is not of IIS. */
        asking->is_of_other_server |=
            state.knowledge == IW_WEB_CONFIGURED && !state.is_partial && root->is_assumed;
        if (url.n != 0)
            urls[asking->ret->n_urls++] = (struct iw_file_url){
                .site = root->site,
                .site_id = site_id_of(server, root->site),
                .url = url,
                .is_proved = state.knowledge == IW_WEB_CONFIGURED && !root->is_assumed};
    }
    return n == 0 ? add_other_url(asking, path, urls) : IW_OK;
}

/* --- logs ----------------------------------------------------------------------------------- */

/* Whether a log, or a request, of that site may be of one of the URLs. */
static bool is_of_site(const struct iw_file_requests *ret, uint64_t site_id)
{
    for (size_t i = 0; i < ret->n_urls; i++) {
        if (site_id == 0 || ret->urls[i].site_id == 0 || ret->urls[i].site_id == site_id)
            return true;
    }
    return false;
}

static enum iw_request_log log_state(const struct iw_file_requests *ret, int64_t time_ns)
{
    if (!iw_time_known(ret->log_first_ns))
        return IW_REQUEST_LOG_NONE;
    if (!iw_time_known(time_ns))
        return IW_REQUEST_LOG_COVERS;
    /* A time of a log is the second in which the request ended. */
    if (ret->log_last_ns + IW_NS_PER_SECOND <= time_ns)
        return IW_REQUEST_LOG_EARLIER;
    return ret->log_first_ns > time_ns ? IW_REQUEST_LOG_LATER : IW_REQUEST_LOG_COVERS;
}

static enum iw_rc find_logs(struct asking *asking)
{
    struct iw_file_requests *ret = asking->ret;
    const struct iw_map *logs = &asking->requests->logs.by_key;
    uint64_t *days =
        iw_arena_calloc(&asking->scratch, IW_LIMIT_REQUEST_LOG_DAYS / 64, sizeof *days);
    int64_t from_ns;

    if (days == NULL)
        return no_memory(asking);
    ret->log_first_ns = ret->log_last_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < logs->n; i++) {
        const struct iw_request_log_span *span = logs->entries[i].value.pointer;
        if (!iw_str_equal_nocase(span->host, asking->host) || !is_of_site(ret, span->site_id))
            continue;
        iw_time_widen(&ret->log_first_ns, &ret->log_last_ns, span->first_ns);
        iw_time_widen(&ret->log_first_ns, &ret->log_last_ns, span->last_ns);
        for (size_t k = 0; k < IW_LIMIT_REQUEST_LOG_DAYS / 64; k++)
            days[k] |= span->days[k];
    }
    ret->log = log_state(ret, asking->time_ns);
    if (ret->log == IW_REQUEST_LOG_NONE)
        return IW_OK;
    from_ns = iw_time_known(asking->time_ns) && asking->time_ns > ret->log_first_ns
                  ? asking->time_ns
                  : ret->log_first_ns;
    ret->n_silent_days = iw_request_days_silent(days, from_ns, ret->log_last_ns);
    return IW_OK;
}

/* --- before and after ----------------------------------------------------------------------- */

/* May have ended at the moment or later. */
static bool is_after(int64_t end_ns, int64_t time_ns)
{
    return end_ns + IW_NS_PER_SECOND > time_ns;
}

static bool is_earlier(const struct iw_request_moment *a, const struct iw_request_moment *b)
{
    const struct iw_request_place left = {a->end_ns, a->source, a->offset};
    const struct iw_request_place right = {b->end_ns, b->source, b->offset};
    return iw_request_place_compare(&left, &right) < 0;
}

/* A request that is kept longer than the row it stands in. */
static bool keep_moment(const struct iw_request_moment *moment, struct iw_arena *arena,
                        struct iw_request_moment *ret)
{
    struct iw_str *texts[] = {&ret->method, &ret->stem,      &ret->address,
                              &ret->agent,  &ret->forwarded, &ret->fields_json};
    *ret = *moment;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = iw_arena_copy(arena, *texts[i]);
        if (texts[i]->p == NULL)
            return false;
    }
    return true;
}

static enum iw_rc note_next(struct asking *asking, const struct iw_request_moment *moment)
{
    struct iw_file_requests *ret = asking->ret;
    if (ret->has_next && !is_earlier(moment, &ret->next))
        return IW_OK;
    ret->has_next = true;
    return keep_moment(moment, asking->arena, &ret->next) ? IW_OK : no_memory(asking);
}

/* Requests after the moment of which only the last is known. */
static void note_hidden(struct asking *asking, const struct iw_request_row *row)
{
    const struct iw_request_moment last = {.end_ns = row->last.end_ns,
                                           .start_ns = row->last.end_ns,
                                           .is_local = row->moments[0].is_local,
                                           .source = row->last.source,
                                           .offset = row->last.offset,
                                           .line = row->last_line,
                                           .method = IW_STR(""),
                                           .stem = IW_STR(""),
                                           .address = IW_STR(""),
                                           .agent = IW_STR(""),
                                           .forwarded = IW_STR(""),
                                           .fields_json = IW_STR("{}")};
    if (!asking->has_hidden || is_earlier(&last, &asking->hidden))
        asking->hidden = last;
    asking->has_hidden = true;
}

/* One hour of one URL. What is kept whole are its first requests, so all that are before the
 * moment, or some of them. */
static enum iw_rc weigh(struct asking *asking, const struct iw_request_row *row)
{
    struct iw_file_requests *ret = asking->ret;
    uint64_t n = row->counts[IW_COUNT_ALL] - row->counts[IW_COUNT_TIMELESS];
    uint32_t n_first_before = 0;

    if (row->n_moments == 0)
        return IW_OK;
    while (n_first_before < row->n_moments &&
           !is_after(row->moments[n_first_before].end_ns, asking->time_ns))
        n_first_before++;
    ret->n_before += n_first_before;
    if (n_first_before < row->n_moments) {
        ret->n_after += n - n_first_before;
        return note_next(asking, &row->moments[n_first_before]);
    }
    if (!is_after(row->last.end_ns, asking->time_ns)) {
        ret->n_before += n - n_first_before;
        return IW_OK;
    }
    ret->n_after++;
    ret->n_before_or_after += n - n_first_before - 1;
    note_hidden(asking, row);
    return IW_OK;
}

static void settle_next(struct asking *asking)
{
    struct iw_file_requests *ret = asking->ret;
    ret->is_next_exact = !asking->has_hidden;
    if (!ret->has_next && asking->has_hidden) {
        ret->has_next = true;
        ret->next = asking->hidden;
    }
    ret->is_next_exact &= ret->has_next;
    ret->is_next_certain =
        ret->has_next && ret->next.end_ns >= asking->time_ns && !ret->next.is_local;
}

/* --- what ran at a moment ------------------------------------------------------------------- */

/* Its log has the second in which it ended: it may have run through all of that. */
static bool ran_at(const struct iw_request_moment *moment, int64_t time_ns)
{
    return moment->start_ns <= time_ns && time_ns - IW_NS_PER_SECOND < moment->end_ns;
}

static bool ended_shortly_before(const struct iw_request_moment *moment, int64_t time_ns)
{
    return moment->end_ns <= time_ns && time_ns - moment->end_ns <= IW_REQUEST_BEFORE_NS;
}

/* The one that began last; of two that began at once, the one that sent something, then the first
 * of the log. */
static bool is_nearer(const struct iw_request_moment *a, const struct iw_request_moment *b)
{
    bool a_sends = iw_str_equal_nocase(a->method, IW_STR("POST"));
    bool b_sends = iw_str_equal_nocase(b->method, IW_STR("POST"));
    if (a->start_ns != b->start_ns)
        return a->start_ns > b->start_ns;
    return a_sends != b_sends ? a_sends : is_earlier(a, b);
}

static enum iw_rc note_running(struct asking *asking, const struct iw_request_moment *moment,
                               int64_t time_ns, struct iw_running_request *ret)
{
    bool is_running = ran_at(moment, time_ns);
    if (!is_running && (ret->is_running || !ended_shortly_before(moment, time_ns)))
        return IW_OK;
    ret->n_at_once += is_running;
    if (ret->is_found && ret->is_running == is_running && !is_nearer(moment, &ret->moment))
        return IW_OK;
    ret->is_found = true;
    ret->is_running = is_running;
    return keep_moment(moment, asking->arena, &ret->moment) ? IW_OK : no_memory(asking);
}

/* One hour against all moments: those of its requests that are kept whole, and the seconds of all.
 */
static enum iw_rc see_running(struct asking *asking, const struct iw_request_row *row)
{
    for (size_t k = 0; k < asking->n_running; k++) {
        struct iw_running_request *ret = &asking->running[k];
        int64_t time_ns = asking->running_ns[k];
        bool is_any = false;
        for (uint32_t i = 0; i < row->n_moments; i++) {
            if (row->moments[i].is_local)
                continue;
            is_any |= ran_at(&row->moments[i], time_ns);
            IW_TRY(note_running(asking, &row->moments[i], time_ns, ret));
        }
        ret->is_hidden |= !is_any && row->counts[IW_COUNT_ALL] > row->n_moments &&
                          row->n_moments != 0 && !row->moments[0].is_local &&
                          iw_request_seconds_near(&row->seconds, time_ns, 0);
    }
    return IW_OK;
}

/* --- rows ----------------------------------------------------------------------------------- */

/* Whether a URL of that key is one of that site, or may be. */
static bool is_asked(const struct asking *asking, struct iw_str key, uint64_t site_id)
{
    for (size_t i = 0; i < asking->ret->n_urls; i++) {
        uint64_t own = asking->ret->urls[i].site_id;
        if (iw_str_equal(asking->keys[i], key) && (site_id == 0 || own == 0 || own == site_id))
            return true;
    }
    return false;
}

/* One row of the host: it is counted, and weighed against the moment. */
static enum iw_rc take_row(struct asking *asking, struct iw_str payload)
{
    struct iw_unpacking in = {payload, false};
    struct iw_request_row row;
    enum iw_rc rc;
    (void)iw_unpack_text(&in); /* host */
    rc = iw_request_row_unpack(&in, &asking->scratch, &row);
    if (rc == IW_OK && iw_time_known(asking->time_ns))
        rc = weigh(asking, &row);
    if (rc == IW_OK)
        rc = see_running(asking, &row);
    if (rc == IW_OK && iw_request_row_would_borrow(&asking->all, &row)) {
        struct iw_str kept = iw_arena_copy(asking->arena, payload);
        in = (struct iw_unpacking){kept, false};
        (void)iw_unpack_text(&in);
        rc = kept.p != NULL ? iw_request_row_unpack(&in, &asking->scratch, &row) : IW_ENOMEM;
    }
    if (rc == IW_OK)
        rc = iw_request_row_unite(&asking->all, &row, asking->arena);
    return iw_request_row_told(rc, asking->err);
}

/* Rows of a key: taken, or only counted. */
struct rows_of_key {
    struct asking *asking;
    struct iw_str key;
    bool is_short_name;
};

static enum iw_rc each_row(void *context, struct iw_str prefix)
{
    const struct rows_of_key *rows = context;
    struct asking *asking = rows->asking;
    struct iw_request_cursor cursor;
    struct iw_str found, payload;
    enum iw_rc rc;
    iw_request_store_seek(&asking->requests->store, prefix, &cursor);
    while ((rc = iw_request_store_next(&cursor, &found, &payload, asking->err)) == IW_OK) {
        uint64_t site_id = iw_sort_key_read_u64(found.p + prefix.n);
        struct iw_unpacking in = {payload, false};
        iw_arena_reset(&asking->scratch);
        if (!iw_str_equal_nocase(iw_unpack_text(&in), asking->host))
            continue;
        if (rows->is_short_name) {
            if (is_of_site(asking->ret, site_id))
                asking->ret->n_short_name += iw_unpack_number(&in);
            continue;
        }
        if (!is_asked(asking, rows->key, site_id))
            continue;
        asking->names_no_site |= site_id == 0;
        IW_TRY(take_row(asking, payload));
    }
    return rc == IW_END ? IW_OK : rc;
}

static enum iw_rc each_label(struct asking *asking, struct iw_str key, bool is_short_name)
{
    struct rows_of_key rows = {asking, key, is_short_name};
    return iw_requests_each_label(asking->requests, asking->host, &key, asking->arena, each_row,
                                  &rows, asking->err);
}

static enum iw_rc key_of(struct asking *asking, struct iw_str url, struct iw_str *ret)
{
    struct iw_url_key key;
    if (iw_url_key(&asking->requests->endings, url, asking->arena, &key) != IW_OK)
        return no_memory(asking);
    *ret = key.text;
    return IW_OK;
}

/* "/shop/shell.aspx" → "/shop/SHELL~1.ASP", if it has such a name. */
static enum iw_rc ask_short_name(struct asking *asking, struct iw_str url)
{
    struct iw_str name = iw_path_name(url), folder = {url.p, url.n - name.n};
    struct iw_str other = iw_url_short_name(name, asking->arena), key = IW_STR("");
    char *text;
    if (other.p == NULL)
        return no_memory(asking);
    if (other.n == 0)
        return IW_OK;
    text = iw_arena_alloc(asking->arena, folder.n + other.n);
    if (text == NULL)
        return no_memory(asking);
    memcpy(text, folder.p, folder.n);
    memcpy(text + folder.n, other.p, other.n);
    IW_TRY(key_of(asking, (struct iw_str){text, folder.n + other.n}, &key));
    return each_label(asking, key, true);
}

static enum iw_rc ask_urls(struct asking *asking)
{
    struct iw_file_requests *ret = asking->ret;
    for (size_t i = 0; i < ret->n_urls; i++)
        IW_TRY(key_of(asking, ret->urls[i].url, &asking->keys[i]));
    for (size_t i = 0; i < ret->n_urls; i++) {
        bool is_known = false;
        for (size_t k = 0; k < i; k++)
            is_known |= iw_str_equal(asking->keys[k], asking->keys[i]);
        if (is_known)
            continue;
        IW_TRY(each_label(asking, asking->keys[i], false));
        IW_TRY(ask_short_name(asking, ret->urls[i].url));
    }
    return IW_OK;
}

/* --- the answer ----------------------------------------------------------------------------- */

static void tell_values(const struct iw_request_value_set *set, struct iw_request_values *ret)
{
    ret->n = set->n;
    ret->n_items = set->n_shown;
    for (uint32_t i = 0; i < set->n_shown; i++)
        ret->items[i] = set->shown[i].text;
}

static void tell_use(const struct iw_request_row *row, struct iw_request_use *ret)
{
    ret->n = row->counts[IW_COUNT_ALL];
    ret->n_posts = row->counts[IW_COUNT_POSTS];
    ret->n_answered = row->counts[IW_COUNT_ANSWERED];
    ret->n_timeless = row->counts[IW_COUNT_TIMELESS];
    for (size_t i = 0; i < sizeof ret->by_status / sizeof ret->by_status[0]; i++)
        ret->by_status[i] = row->counts[IW_COUNT_STATUS + i];
    ret->methods = row->methods;
    tell_values(&row->addresses, &ret->addresses);
    tell_values(&row->agents, &ret->agents);
    tell_values(&row->forwarded, &ret->forwarded);
    ret->has_moments = row->n_moments != 0;
    if (!ret->has_moments)
        return;
    ret->first = row->moments[0];
    ret->last_ns = row->last.end_ns;
}

static bool all_proved(const struct asking *asking)
{
    const struct iw_file_requests *ret = asking->ret;
    bool proved = ret->n_urls != 0 && ret->is_site_named;
    for (size_t i = 0; i < ret->n_urls; i++)
        proved &= ret->urls[i].is_proved && ret->urls[i].site_id != 0;
    return proved;
}

/* That IIS was not asked for a page of another server says nothing, nor that it had none. */
static void forget_other_server(struct iw_file_requests *ret)
{
    const struct iw_file_requests NONE = {
        .is_partial = true, .log_first_ns = IW_TIME_UNKNOWN, .log_last_ns = IW_TIME_UNKNOWN};
    *ret = NONE;
}

/* Reads what there is of the file. */
static enum iw_rc ask(struct asking *asking, const struct iw_web_places *places, struct iw_str path)
{
    enum iw_rc rc;
    memset(asking->ret, 0, sizeof *asking->ret);
    iw_arena_init(&asking->scratch, 0);
    rc = find_urls(asking, places, path);
    if (rc == IW_OK)
        rc = find_logs(asking);
    if (rc == IW_OK)
        rc = ask_urls(asking);
    iw_arena_done(&asking->scratch);
    return rc;
}

enum iw_rc iw_file_requests_running(struct iw_url_requests *requests,
                                    const struct iw_web_places *places, struct iw_str host,
                                    struct iw_str path, int64_t made_ns, const int64_t *times_ns,
                                    size_t n, struct iw_arena *arena,
                                    struct iw_running_request *ret, struct iw_error *err)
{
    struct iw_file_requests whole;
    struct asking asking = {.requests = requests,
                            .host = host,
                            .time_ns = made_ns,
                            .arena = arena,
                            .err = err,
                            .ret = &whole,
                            .running_ns = times_ns,
                            .n_running = n,
                            .running = ret};
    memset(ret, 0, n * sizeof *ret);
    return ask(&asking, places, path);
}

enum iw_rc iw_file_requests_find(struct iw_url_requests *requests,
                                 const struct iw_web_places *places, struct iw_str host,
                                 struct iw_str path, int64_t time_ns, struct iw_arena *arena,
                                 struct iw_file_requests *ret, struct iw_error *err)
{
    struct asking asking = {.requests = requests,
                            .host = host,
                            .time_ns = time_ns,
                            .arena = arena,
                            .err = err,
                            .ret = ret};
    IW_TRY(ask(&asking, places, path));
    settle_next(&asking);
    tell_use(&asking.all, &ret->use);
    ret->is_site_named = !asking.names_no_site;
    ret->is_proved = all_proved(&asking);
    if (asking.is_of_other_server && ret->use.n_answered == 0)
        forget_other_server(ret);
    return IW_OK;
}

struct iw_evidence_item iw_request_evidence(const struct iw_request_moment *moment,
                                            struct iw_str source)
{
    return (struct iw_evidence_item){.role = IW_STR("request"),
                                     .time_ns = moment->end_ns,
                                     .channel = IW_STR(IW_CHANNEL_W3SVC),
                                     .source = source,
                                     .offset = moment->offset,
                                     .line = moment->line,
                                     .fields_json = moment->fields_json};
}
