#include "coverage/coverage_reach.h"

#include "base/alloc.h"
#include "coverage/link_root.h"
#include "coverage/link_witness.h"
#include "iis/config/server_path.h"

struct iw_coverage_reach {
    struct iw_coverage_input input;
    struct iw_arena arena; /* of one host */
    struct iw_str name;
    bool is_gathered;
    struct iw_link_host host;
    struct iw_witness_result log; /* the witness that was asked about last; row NULL: none was */
};

struct iw_coverage_reach *iw_coverage_reach_new(const struct iw_coverage_input *input)
{
    struct iw_coverage_reach *reach = iw_calloc(1, sizeof *reach);
    if (reach == NULL)
        return NULL;
    reach->input = *input;
    iw_arena_init(&reach->arena, 0);
    return reach;
}

void iw_coverage_reach_free(struct iw_coverage_reach *reach)
{
    if (reach == NULL)
        return;
    iw_arena_done(&reach->arena);
    iw_free(reach);
}

void iw_coverage_reach_begin(struct iw_coverage_reach *reach, struct iw_str host)
{
    iw_arena_reset(&reach->arena);
    reach->is_gathered = false;
    reach->log.row = NULL;
    reach->name = host;
}

static enum iw_rc gather(struct iw_coverage_reach *reach)
{
    if (!reach->is_gathered)
        IW_TRY(iw_coverage_host_gather(&reach->input, reach->name, &reach->arena, &reach->host));
    reach->is_gathered = true;
    return IW_OK;
}

static enum iw_rc find(struct iw_coverage_reach *reach, enum iw_link link,
                       struct iw_link_result *ret)
{
    IW_TRY(gather(reach));
    return iw_link_state_find(&reach->host, link, &reach->arena, ret);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Takes what of the span lies in a hole, if it is the last so far. */
static void take(struct iw_link_reach *ret, int64_t from_ns, int64_t to_ns,
                 const struct iw_link_hole *hole)
{
    from_ns = later(from_ns, hole->from_ns);
    to_ns = earlier(to_ns, hole->to_ns);
    if (from_ns >= to_ns || (!ret->is_seen && to_ns <= ret->to_ns))
        return;
    ret->is_seen = false;
    ret->from_ns = from_ns;
    ret->to_ns = to_ns;
    ret->why = hole->why;
}

/* As far as it is about the web root that a file lies in. */
static enum iw_rc narrow(struct iw_coverage_reach *reach, struct iw_str file,
                         struct iw_link_result *result)
{
    const struct iw_link_root *root;
    struct iw_server_path path;
    if (file.n == 0 || result->n_of_roots == 0)
        return IW_OK;
    if (!iw_server_path_of_file(file, &reach->arena, &path))
        return IW_ENOMEM;
    root = iw_link_root_of(&reach->host, path.key);
    for (size_t i = 0; root != NULL && i < result->n_of_roots; i++) {
        if (result->of_roots[i].root == root) {
            *result = result->of_roots[i].result;
            return IW_OK;
        }
    }
    return IW_OK;
}

enum iw_rc iw_coverage_reach_ask(struct iw_coverage_reach *reach, enum iw_link link,
                                 struct iw_str file, int64_t from_ns, int64_t until_ns,
                                 struct iw_link_reach *ret)
{
    struct iw_link_result result;
    int64_t to_ns = until_ns < INT64_MAX ? until_ns + 1 : until_ns;
    *ret = (struct iw_link_reach){.is_seen = true, .why = IW_STR(""), .begins_ns = IW_TIME_UNKNOWN};
    IW_TRY(find(reach, link, &result));
    IW_TRY(narrow(reach, file, &result));
    if (reach->host.log.from_ns >= reach->host.log.to_ns) {
        ret->is_seen = false;
        ret->from_ns = from_ns;
        ret->to_ns = to_ns;
        ret->why = result.link.why;
        return IW_OK;
    }
    for (size_t i = 0; i < result.n_holes; i++)
        take(ret, from_ns, to_ns, &result.holes[i]);
    if (from_ns < reach->host.log.from_ns)
        ret->begins_ns = reach->host.log.from_ns;
    return IW_OK;
}

static const struct iw_link_witness *witness_of(enum iw_link link, struct iw_str channel)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (iw_link_witnesses[i].link == link &&
            iw_str_equal_nocase(iw_str_of(iw_link_witnesses[i].channel), channel))
            return &iw_link_witnesses[i];
    }
    return NULL;
}

/* A witness is judged once a host: whoever asks about one log asks about it again. */
static enum iw_rc judge_log(struct iw_coverage_reach *reach, const struct iw_link_witness *row)
{
    if (reach->log.row == row)
        return IW_OK;
    IW_TRY(gather(reach));
    reach->log = (struct iw_witness_result){.row = row};
    reach->log.proved.arena = reach->log.stated.arena = &reach->arena;
    return iw_witness_judge(&reach->host, &reach->arena, &reach->log);
}

enum iw_rc iw_coverage_reach_ask_log(struct iw_coverage_reach *reach, enum iw_link link,
                                     struct iw_str channel, int64_t time_ns, bool *ret_is_written,
                                     struct iw_str *ret_why)
{
    const struct iw_link_witness *row = witness_of(link, channel);
    const struct iw_witness_result *log = &reach->log;
    *ret_is_written = false;
    *ret_why = IW_STR("no event of it stands near in evidence");
    if (row == NULL)
        return IW_OK;
    IW_TRY(judge_log(reach, row));
    *ret_is_written =
        iw_span_set_has(&log->proved, time_ns) || iw_span_set_has(&log->stated, time_ns);
    for (size_t i = 0; i < log->n_holes; i++) {
        if (log->holes[i].from_ns <= time_ns && time_ns < log->holes[i].to_ns)
            *ret_why = log->holes[i].why;
    }
    return IW_OK;
}
