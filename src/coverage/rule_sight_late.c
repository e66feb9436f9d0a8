#include "coverage/rule_sight_late.h"

#include "coverage/bare_processes.h"
#include "coverage/late_start.h"
#include "coverage/sample.h"

struct finding {
    const struct iw_sight_source_events *of;
    struct iw_arena *arena;
    struct iw_link_witness row;
    struct iw_witness_log log;
    struct iw_span_set added;
    bool is_cut; /* samples are not all that rules ask for: what came before them was logged */
    size_t n;
    struct iw_str why; /* of the first */
};

static bool has_bare(const struct iw_telemetry_channel *channel)
{
    for (size_t i = 0; i < channel->n_samples; i++) {
        if (channel->samples[i].kind == IW_SAMPLE_BARE_PROCESS)
            return true;
    }
    return false;
}

/* As the witness of a link, but for folders: rules ask about files anywhere. Where no link is of
 * such events, of any record of the log. */
static void make_row(struct finding *in)
{
    const struct iw_telemetry_channel *channel = in->of->channel;
    enum iw_sample_kind kind = iw_sample_kind_of(channel->channel, in->of->event_id);
    in->row = (struct iw_link_witness){.name = "", .scope = IW_GAP_OF_ALL};
    for (size_t i = 0; i < iw_n_link_witnesses && kind != IW_SAMPLE_NONE; i++) {
        const struct iw_link_witness *own = &iw_link_witnesses[i];
        if (own->sample != kind || !iw_str_equal_nocase(iw_str_of(own->channel), channel->channel))
            continue;
        in->row = *own;
        in->row.folders = IW_FOLDERS_NONE;
        break;
    }
    in->is_cut = kind == IW_SAMPLE_PROCESS
                     ? !in->of->needs_line && has_bare(channel)
                     : in->row.sample != IW_SAMPLE_NONE && in->row.sample != IW_SAMPLE_LOGON;
}

static enum iw_rc add(struct finding *in, int64_t from_ns, int64_t to_ns, struct iw_str why)
{
    if (why.p == NULL)
        return IW_ENOMEM;
    if (from_ns >= to_ns)
        return IW_OK;
    if (in->n++ == 0)
        in->why = why;
    return iw_span_set_add(&in->added, from_ns, to_ns);
}

static enum iw_rc find_in_run(struct finding *in, const struct iw_span *run)
{
    struct iw_late_spans late;
    IW_TRY(iw_late_spans_find(&in->log, run, IW_TIME_UNKNOWN, in->arena, &late));
    for (size_t i = 0; i < late.n; i++) {
        int64_t to_ns = late.items[i].to_ns;
        if (in->is_cut && iw_time_known(in->of->first_ns) && in->of->first_ns < to_ns)
            to_ns = in->of->first_ns;
        IW_TRY(add(in, late.items[i].from_ns, to_ns, late.items[i].why));
    }
    return IW_OK;
}

static enum iw_rc find_bare(struct finding *in)
{
    struct iw_bare_span *spans;
    size_t n;
    if (in->row.sample != IW_SAMPLE_PROCESS || !in->of->needs_line)
        return IW_OK;
    IW_TRY(iw_bare_processes_find(&in->of->host->log, in->of->channel, in->arena, &spans, &n));
    for (size_t i = 0; i < n; i++)
        IW_TRY(add(in, spans[i].from_ns, spans[i].to_ns,
                   iw_bare_span_words(&spans[i], in->row.name, in->arena)));
    return IW_OK;
}

enum iw_rc iw_sight_late_find(const struct iw_sight_source_events *of, struct iw_arena *arena,
                              struct iw_span_set *missing, size_t *n, struct iw_str *ret_why)
{
    struct finding in = {.of = of, .arena = arena, .added = {.arena = arena}, .why = IW_STR("")};
    struct iw_span_set window = {.arena = arena}, runs = {.arena = arena};
    make_row(&in);
    IW_TRY(iw_witness_log_find(of->host, &in.row, of->channel, arena, &in.log));
    IW_TRY(iw_span_set_add(&window, of->host->log.from_ns, of->host->log.to_ns));
    IW_TRY(find_bare(&in));
    for (size_t i = 0; i < in.added.n; i++)
        IW_TRY(iw_span_set_add(missing, in.added.items[i].from_ns, in.added.items[i].to_ns));
    iw_span_set_settle(missing);
    in.added.n = 0;
    IW_TRY(iw_span_set_without(&window, missing, &runs));
    for (size_t i = 0; i < runs.n; i++)
        IW_TRY(find_in_run(&in, &runs.items[i]));
    for (size_t i = 0; i < in.added.n; i++)
        IW_TRY(iw_span_set_add(missing, in.added.items[i].from_ns, in.added.items[i].to_ns));
    iw_span_set_settle(missing);
    if (ret_why->n == 0)
        *ret_why = in.why;
    *n += in.n;
    return IW_OK;
}
