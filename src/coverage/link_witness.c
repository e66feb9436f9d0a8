/*
 * The time of a witness' log that is without gap is cut at its breaks into runs; a run is proved
 * where a sample lies in it, or settings say that such events are logged, and by neither where
 * settings say that they are not: what a sample shows of one folder or moment, a setting may take
 * away for others.
 */
#include "coverage/link_witness.h"

#include <inttypes.h>

#include "base/arena_text.h"
#include "coverage/bare_processes.h"
#include "coverage/empty_log.h"
#include "coverage/folder_audit.h"
#include "coverage/late_start.h"
#include "coverage/link_canaries.h"
#include "coverage/link_gone.h"
#include "coverage/link_pages.h"
#include "coverage/link_root.h"
#include "coverage/link_settings.h"
#include "iis/config/server_path.h"

/* Settings change so often within a run, at most; behind that nothing is said of it. */
#define MOST_ANSWERS 64U

struct finding_state {
    const struct iw_link_host *host;
    struct iw_arena *arena;
    struct iw_witness_result *one;
    struct iw_witness_log log; /* found when it is known to be in evidence */
    struct iw_link_canaries canaries;
    size_t n_runs; /* that were judged */
    struct iw_link_asking settings;
    struct iw_str since;     /* the last break, in words; empty: none, or a sample came after it */
    struct iw_str no_sample; /* what is said of a run without one since then; p NULL: nothing yet */
    struct iw_str doubt;     /* why samples of the run show nothing; empty: they do */
    struct iw_str unseen;    /* a page that contradicts what is judged; empty: none does */
    struct iw_folder_audits audits; /* of the folders that are asked about; made when asked */
    bool has_audits;
};

static enum iw_rc add_hole(struct finding_state *in, int64_t from_ns, int64_t to_ns,
                           enum iw_lack lack, struct iw_proof_mend *mends, struct iw_str why)
{
    struct iw_witness_result *one = in->one;
    struct iw_link_want want = {one->row, lack, mends};
    if (why.p == NULL)
        return IW_ENOMEM;
    if (from_ns >= to_ns)
        return IW_OK;
    if (one->n_holes == one->holes_cap) {
        size_t cap = one->holes_cap != 0 ? 2 * one->holes_cap : 8;
        struct iw_link_hole *holes = iw_arena_alloc(in->arena, cap * sizeof *holes);
        if (holes == NULL)
            return IW_ENOMEM;
        for (size_t i = 0; i < one->n_holes; i++)
            holes[i] = one->holes[i];
        one->holes = holes;
        one->holes_cap = cap;
    }
    one->holes[one->n_holes++] = (struct iw_link_hole){from_ns, to_ns, why, want};
    return IW_OK;
}

/* --- runs ----------------------------------------------------------------------------------- */

static void set_since(struct finding_state *in, struct iw_str since)
{
    in->since = since;
    in->no_sample = (struct iw_str){NULL, 0};
}

/* Made once: runs may be as many as there are gaps, and that of each web root. */
static struct iw_str no_sample_words(struct finding_state *in)
{
    static const char *const LACKS[IW_SAMPLE_KIND_COUNT] = {
        [IW_SAMPLE_NONE] = "",
        [IW_SAMPLE_PROCESS] = " with command line and parent",
        [IW_SAMPLE_LOAD] = " of a worker",
        [IW_SAMPLE_CONNECTION] = " of a worker",
        [IW_SAMPLE_LOGON] = "",
    };
    static const char *const FOLDERS[] = {[IW_FOLDERS_NONE] = "",
                                          [IW_FOLDERS_ROOTS] = " under a web root",
                                          [IW_FOLDERS_CONFIG] = " in inetsrv\\config",
                                          [IW_FOLDERS_COMPILED] = " of compiled pages"};
    const struct iw_link_witness *row = in->one->row;
    if (in->doubt.n != 0)
        return in->doubt;
    if (in->no_sample.p == NULL)
        in->no_sample = iw_arena_format(in->arena, "no %s%s%s%.*s", row->name,
                                        row->sample == IW_SAMPLE_FILE ? FOLDERS[row->folders]
                                                                      : LACKS[row->sample],
                                        in->since.n != 0 ? " since " : "", IW_STR_ARG(in->since));
    return in->no_sample;
}

static struct iw_str settings_words(const struct finding_state *in,
                                    const struct iw_proof_answer *answer, bool is_sampled)
{
    static const char *const STATES[] = {[IW_PROOF_SILENT] = "",
                                         [IW_PROOF_LOGGED] = "logged",
                                         [IW_PROOF_PARTLY] = "logged only in part",
                                         [IW_PROOF_NOT_LOGGED] = "not logged"};
    return iw_arena_format(
        in->arena, "%s is %s by %.*s: %.*s%s%s", in->one->row->name, STATES[answer->state],
        IW_STR_ARG(answer->source), IW_STR_ARG(answer->why),
        answer->is_contradicted ? "; another statement says otherwise" : "",
        is_sampled && answer->state == IW_PROOF_NOT_LOGGED ? " (although such events were seen)"
                                                           : "");
}

/* What settings say is not enough; and what would be. */
static struct iw_str open_words(struct finding_state *in, const struct iw_proof_answer *answer)
{
    struct iw_str said = settings_words(in, answer, false), lacks = no_sample_words(in);
    if (said.p == NULL || lacks.p == NULL)
        return said.p == NULL ? said : lacks;
    if (in->doubt.n != 0)
        return iw_arena_format(in->arena, "%.*s; %.*s", IW_STR_ARG(said), IW_STR_ARG(lacks));
    return iw_arena_format(in->arena, "%.*s; %.*s was seen: one would prove it", IW_STR_ARG(said),
                           IW_STR_ARG(lacks));
}

static struct iw_str stated_words(const struct finding_state *in,
                                  const struct iw_proof_answer *answer)
{
    if (!answer->is_unconfirmed)
        return IW_STR("stated by the operator, not proved");
    return iw_arena_format(in->arena,
                           "%.*s: %.*s; that this file was loaded is not shown (no event 16, no "
                           "ConfigHash in the registry)",
                           IW_STR_ARG(answer->source), IW_STR_ARG(answer->why));
}

/* Whether what a page came by may be what a configuration of Sysmon cannot show; the audit of a
 * folder tells of every way. */
static bool is_in_force(const struct finding_state *in, const struct iw_proof_answer *answer)
{
    return in->one->row->sense == IW_SENSE_SYSMON_FILE && !answer->is_stated &&
           !answer->is_unconfirmed;
}

/* A piece of a run of which settings say one thing. */
static enum iw_rc judge_piece(struct finding_state *in, const struct iw_span *piece,
                              const struct iw_proof_answer *answer, bool is_sampled)
{
    struct iw_witness_result *one = in->one;
    bool is_enough = answer->state == IW_PROOF_LOGGED && !answer->is_contradicted;
    bool is_said = answer->state != IW_PROOF_SILENT;
    /* Not logged and yet seen is a contradiction, and the worse counts. Logged in part and seen is
     * none: the sample shows that this part is logged; but not where the rest is what an attack
     * does first. */
    if (answer->state == IW_PROOF_NOT_LOGGED)
        return add_hole(in, piece->from_ns, piece->to_ns, answer->lack, answer->mends,
                        settings_words(in, answer, is_sampled));
    one->is_switched_off = false;
    if (answer->loses_first)
        return add_hole(in, piece->from_ns, piece->to_ns, answer->lack, answer->mends,
                        settings_words(in, answer, is_sampled));
    if (is_said && !is_enough && !is_sampled)
        return add_hole(in, piece->from_ns, piece->to_ns, answer->lack, answer->mends,
                        open_words(in, answer));
    if (in->unseen.n != 0 && !(is_enough && is_in_force(in, answer)))
        return add_hole(in, piece->from_ns, piece->to_ns, IW_LACK_PROOF, NULL, in->unseen);
    if (is_said && !is_enough && one->less_why.n == 0)
        one->less_why = settings_words(in, answer, false);
    if (is_enough && !answer->is_stated && !answer->is_unconfirmed) {
        if (!is_sampled && one->configured_why.n == 0)
            one->configured_why = iw_arena_format(
                in->arena, "%.*s: %.*s", IW_STR_ARG(answer->source), IW_STR_ARG(answer->why));
        return iw_span_set_add(&one->proved, piece->from_ns, piece->to_ns);
    }
    if (is_sampled)
        return iw_span_set_add(&one->proved, piece->from_ns, piece->to_ns);
    if (is_enough && one->stated_why.n == 0)
        one->stated_why = stated_words(in, answer);
    if (is_enough)
        return one->stated_why.p != NULL
                   ? iw_span_set_add(&one->stated, piece->from_ns, piece->to_ns)
                   : IW_ENOMEM;
    return add_hole(in, piece->from_ns, piece->to_ns,
                    in->since.n != 0 && in->doubt.n == 0 ? IW_LACK_FILTER : IW_LACK_PROOF, NULL,
                    no_sample_words(in));
}

static enum iw_rc tell_canary(struct finding_state *in, int64_t seen_ns)
{
    struct iw_str when;
    if (in->one->canary_why.n != 0)
        return IW_OK;
    when = iw_log_time(seen_ns, in->arena);
    if (when.p == NULL)
        return IW_ENOMEM;
    in->one->canary_why = iw_arena_format(in->arena, "a canary was seen at %.*s", IW_STR_ARG(when));
    return in->one->canary_why.p != NULL ? IW_OK : IW_ENOMEM;
}

/* Where settings say what leaves it out, that is what closes it. */
static enum iw_rc add_missed(struct finding_state *in, const struct iw_span *run,
                             struct iw_str missed)
{
    struct iw_proof_answer answer;
    IW_TRY(iw_link_ask(&in->settings, run->from_ns, &answer));
    if (answer.state == IW_PROOF_NOT_LOGGED || answer.state == IW_PROOF_PARTLY)
        return add_hole(in, run->from_ns, run->to_ns, answer.lack, answer.mends, missed);
    return add_hole(in, run->from_ns, run->to_ns, IW_LACK_MISSED, NULL, missed);
}

/* A part of a run that did not begin late, cut where settings say another thing. */
static enum iw_rc judge_part(struct finding_state *in, const struct iw_span *part, bool is_sampled)
{
    struct iw_span piece = {part->from_ns, part->from_ns};
    for (unsigned i = 0; piece.from_ns < part->to_ns; i++) {
        struct iw_proof_answer answer;
        IW_TRY(iw_link_ask(&in->settings, piece.from_ns, &answer));
        piece.to_ns = part->to_ns;
        if (i >= MOST_ANSWERS)
            answer = (struct iw_proof_answer){.state = IW_PROOF_SILENT};
        else if (iw_time_known(answer.to_ns) && answer.to_ns > piece.from_ns &&
                 answer.to_ns < part->to_ns)
            piece.to_ns = answer.to_ns;
        IW_TRY(judge_piece(in, &piece, &answer, is_sampled));
        piece.from_ns = piece.to_ns;
    }
    return IW_OK;
}

/* What of the run its samples and settings show nothing of, because it was switched on later. */
static enum iw_rc take_late(struct finding_state *in, const struct iw_span *run, int64_t seen_ns,
                            struct iw_span_set *ret)
{
    struct iw_span_set all = {.arena = in->arena}, taken = {.arena = in->arena};
    struct iw_late_spans late;
    IW_TRY(iw_late_spans_find(&in->log, run, seen_ns, in->arena, &late));
    if (late.n == 0) /* as nearly always: runs may be many */
        return iw_span_set_add(ret, run->from_ns, run->to_ns);
    for (size_t i = 0; i < late.n; i++) {
        const struct iw_log_gap *gap = &late.items[i];
        IW_TRY(add_hole(in, gap->from_ns, gap->to_ns, gap->lack, NULL, gap->why));
        IW_TRY(iw_span_set_add(&taken, gap->from_ns, gap->to_ns));
        in->one->is_switched_off = false;
    }
    IW_TRY(iw_span_set_add(&all, run->from_ns, run->to_ns));
    iw_span_set_settle(&taken);
    return iw_span_set_without(&all, &taken, ret);
}

static struct iw_str unseen_words(const struct finding_state *in, const struct iw_link_page *page)
{
    struct iw_str when = iw_log_time(page->written_ns, in->arena);
    if (when.p == NULL)
        return when;
    return iw_arena_format(in->arena,
                           "%.*s was written at %.*s, as its collected file says, and no %s under "
                           "a web root came then or later",
                           IW_STR_ARG(page->file->file.path), IW_STR_ARG(when), in->one->row->name);
}

/* What lies behind the last event before such a page nothing shows any more but what is in force.
 */
static enum iw_rc judge_with_pages(struct finding_state *in, const struct iw_span *run,
                                   const struct iw_span *part, int64_t seen_ns, bool is_sampled)
{
    struct iw_span before = *part, behind = *part;
    int64_t from_ns;
    const struct iw_link_page *page = iw_link_page_unseen(&in->log, run, seen_ns, &from_ns);
    if (page == NULL || from_ns >= part->to_ns)
        return judge_part(in, part, is_sampled);
    before.to_ns = behind.from_ns = from_ns > part->from_ns ? from_ns : part->from_ns;
    IW_TRY(judge_part(in, &before, is_sampled));
    in->unseen = unseen_words(in, page);
    if (in->unseen.p == NULL)
        return IW_ENOMEM;
    IW_TRY(judge_part(in, &behind, is_sampled));
    in->unseen = IW_STR("");
    return IW_OK;
}

static enum iw_rc doubt_pages(struct finding_state *in, const struct iw_server_fact *gone)
{
    struct iw_str when = iw_log_time(gone->time_ns, in->arena);
    if (when.p == NULL)
        return IW_ENOMEM;
    in->doubt = iw_arena_format(in->arena,
                                "the web server deleted %.*s at %.*s, no event tells how it came, "
                                "and no %s is of a page there: other files that it told of show "
                                "nothing of pages",
                                IW_STR_ARG(gone->path), IW_STR_ARG(when), in->one->row->name);
    return in->doubt.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc doubt_starts(struct finding_state *in, const struct iw_untold_process *untold)
{
    struct iw_str when = iw_log_time(untold->start_ns, in->arena);
    if (when.p == NULL)
        return IW_ENOMEM;
    in->doubt = iw_arena_format(in->arena,
                                "%.*s started at %.*s as the account of a pool, as its end says "
                                "(Sysmon 5), and no %s tells of it: starts of others show nothing "
                                "of all",
                                IW_STR_ARG(untold->image), IW_STR_ARG(when), in->one->row->name);
    return in->doubt.p != NULL ? IW_OK : IW_ENOMEM;
}

/* Whether an event shows that samples of the run are a choice, which leaves out what is asked. */
static enum iw_rc doubt_samples(struct finding_state *in, const struct iw_span *run, bool *ret)
{
    const struct iw_server_fact *gone = iw_link_gone_untold(&in->log, run);
    const struct iw_untold_process *untold = iw_witness_untold_start(&in->log, run);
    *ret = gone != NULL || untold != NULL;
    if (gone != NULL)
        return doubt_pages(in, gone);
    return untold != NULL ? doubt_starts(in, untold) : IW_OK;
}

static enum iw_rc judge_run(struct finding_state *in, const struct iw_span *run)
{
    bool is_sampled = iw_witness_has_sample(&in->log, run, &in->one->sampled_in);
    struct iw_str missed = iw_link_canary_missed(&in->canaries, run);
    struct iw_span_set parts = {.arena = in->arena};
    int64_t seen_ns;
    bool is_doubtful = false;
    in->doubt = IW_STR("");
    IW_TRY(iw_link_canary_seen(&in->canaries, run, &seen_ns));
    in->n_runs++;
    if (missed.n != 0) /* whatever settings and samples say */
        in->one->is_switched_off = false;
    if (missed.p == NULL || missed.n != 0)
        return add_missed(in, run, missed);
    if (!is_sampled && iw_time_known(seen_ns))
        IW_TRY(tell_canary(in, seen_ns));
    if (is_sampled && !iw_time_known(seen_ns))
        IW_TRY(doubt_samples(in, run, &is_doubtful));
    is_sampled = (is_sampled && !is_doubtful) || iw_time_known(seen_ns);
    IW_TRY(take_late(in, run, seen_ns, &parts));
    for (size_t i = 0; i < parts.n; i++)
        IW_TRY(judge_with_pages(in, run, &parts.items[i], seen_ns, is_sampled));
    if (is_sampled)
        set_since(in, IW_STR(""));
    return IW_OK;
}

static bool takes_away(const struct iw_log_gap *gap, const struct iw_link_witness *row)
{
    return gap->scope == IW_GAP_OF_ALL || gap->scope == row->scope;
}

/* Of an audit list: till samples show each of the folders that are asked about to be audited, as
 * far as it was taken from them. */
static enum iw_rc end_of_list(struct finding_state *in, const struct iw_log_gap *gap, int64_t *ret)
{
    const struct iw_link_host *host = in->host;
    enum iw_link_folders folders = in->one->row->folders;
    bool is_of_roots = folders == IW_FOLDERS_ROOTS, is_part;
    const struct iw_str *asked;
    int64_t again_ns;
    *ret = gap->to_ns;
    if (gap->folder.n == 0 || folders == IW_FOLDERS_NONE || (is_of_roots && host->asked == NULL))
        return IW_OK;
    asked = is_of_roots ? &host->asked->key : &iw_link_folder(folders)->key;
    /* Roots may be many, and so may lists. */
    if (!iw_server_path_covers(gap->folder, *asked) && !iw_server_path_covers(*asked, gap->folder))
        return IW_OK;
    if (!in->has_audits) {
        in->has_audits = true;
        IW_TRY(iw_folder_audits_init(&in->audits, in->one->channel, asked, 1, in->arena));
    }
    IW_TRY(iw_folder_audits_again(&in->audits, gap->folder, gap->off_ns, &is_part, &again_ns));
    if (!is_part)
        return IW_OK;
    again_ns = again_ns < gap->on_ns && !gap->is_narrowed ? again_ns : gap->on_ns;
    *ret = again_ns < host->log.to_ns ? again_ns : host->log.to_ns;
    return IW_OK;
}

/* Where what the log tells again may leave out what is asked about, a sample must show that it does
 * not, unless settings say so. */
static enum iw_rc end_of_gap(struct finding_state *in, const struct iw_log_gap *gap, int64_t *ret)
{
    struct iw_span rest = {gap->to_ns, in->host->log.to_ns};
    struct iw_proof_answer answer;
    int64_t sample_ns, canary_ns;
    IW_TRY(end_of_list(in, gap, ret));
    if (!gap->lasts_till_proof && !gap->lasts_till_sample)
        return IW_OK;
    IW_TRY(iw_link_ask(&in->settings, gap->from_ns, &answer));
    if (answer.state == IW_PROOF_LOGGED && !answer.is_contradicted && !gap->lasts_till_sample)
        return IW_OK;
    sample_ns = iw_witness_next_sample(&in->log, gap->to_ns);
    rest.to_ns = sample_ns < rest.to_ns ? sample_ns : rest.to_ns;
    IW_TRY(iw_link_canary_seen(&in->canaries, &rest, &canary_ns));
    *ret = iw_time_known(canary_ns) ? canary_ns : rest.to_ns;
    return IW_OK;
}

/* Spans in which processes started, and none with command line and parent. Where none ever had
 * them, only settings could show the link. */
static enum iw_rc take_bare(struct finding_state *in, struct iw_span_set *taken)
{
    const struct iw_log_host *log = &in->host->log;
    const struct iw_link_witness *row = in->one->row;
    struct iw_bare_span *spans;
    size_t n;
    if (row->sample != IW_SAMPLE_PROCESS)
        return IW_OK;
    if (in->one->n_samples == 0) {
        struct iw_proof_answer answer;
        IW_TRY(iw_link_ask(&in->settings, log->from_ns, &answer));
        if (answer.state != IW_PROOF_LOGGED)
            return IW_OK;
    }
    IW_TRY(iw_bare_processes_find(log, in->one->channel, in->arena, &spans, &n));
    for (size_t i = 0; i < n; i++) {
        IW_TRY(iw_span_set_add(taken, spans[i].from_ns, spans[i].to_ns));
        IW_TRY(add_hole(in, spans[i].from_ns, spans[i].to_ns,
                        row->sense == IW_SENSE_AUDIT_COMMAND_LINE ? IW_LACK_COMMAND_LINE
                                                                  : IW_LACK_PROOF,
                        NULL, iw_bare_span_words(&spans[i], row->name, in->arena)));
    }
    return IW_OK;
}

/* The window without gaps, cut at the breaks. */
static enum iw_rc judge_runs(struct finding_state *in, const struct iw_log_gaps *gaps)
{
    const struct iw_log_host *log = &in->host->log;
    struct iw_span_set window = {.arena = in->arena}, taken = {.arena = in->arena},
                       runs = {.arena = in->arena};
    size_t k = 0;
    IW_TRY(iw_span_set_add(&window, log->from_ns, log->to_ns));
    for (size_t i = 0; i < gaps->n; i++) {
        const struct iw_log_gap *gap = &gaps->items[i];
        int64_t to_ns;
        if (!takes_away(gap, in->one->row))
            continue;
        IW_TRY(end_of_gap(in, gap, &to_ns));
        IW_TRY(iw_span_set_add(&taken, gap->from_ns, to_ns));
        IW_TRY(add_hole(in, gap->from_ns, to_ns, gap->lack, NULL, gap->why));
    }
    IW_TRY(take_bare(in, &taken));
    iw_span_set_settle(&taken);
    IW_TRY(iw_span_set_without(&window, &taken, &runs));
    for (size_t i = 0; i < runs.n; i++) {
        struct iw_span run = runs.items[i];
        for (; k < gaps->n_breaks && gaps->breaks[k].time_ns < runs.items[i].to_ns; k++) {
            if (gaps->breaks[k].time_ns > run.from_ns) {
                run.to_ns = gaps->breaks[k].time_ns;
                IW_TRY(judge_run(in, &run));
                run.from_ns = run.to_ns;
            }
            set_since(in, gaps->breaks[k].why);
        }
        run.to_ns = runs.items[i].to_ns;
        IW_TRY(judge_run(in, &run));
    }
    return IW_OK;
}

/* --- witnesses ------------------------------------------------------------------------------ */

/* Of a host without a root that is known a canary alone shows the link. */
static enum iw_rc lacks_roots(struct finding_state *in, bool *ret)
{
    const struct iw_span ever = {in->host->log.from_ns, in->host->log.to_ns};
    int64_t seen_ns;
    *ret = false;
    if (in->one->row->folders != IW_FOLDERS_ROOTS || in->host->n_roots != 0 ||
        in->host->asked != NULL)
        return IW_OK;
    IW_TRY(iw_link_canary_seen(&in->canaries, &ever, &seen_ns));
    *ret = !iw_time_known(seen_ns);
    return IW_OK;
}

/* Columns without which a request says too little. NULL: all are there. */
static const char *missing_column(const struct iw_link_host *host, struct iw_str channel)
{
    static const char *const COLUMNS[] = {"cs-uri-stem", "cs-method", "c-ip", "sc-status"};
    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++) {
        bool is_filled = false;
        for (size_t k = 0; k < host->n_rows; k++) {
            for (size_t f = 0; iw_str_equal(host->rows[k].channel, channel) &&
                               f < host->rows[k].n_fields && !is_filled;
                 f++)
                is_filled =
                    host->rows[k].fields[f].n_filled != 0 &&
                    iw_str_equal_nocase(host->rows[k].fields[f].name, iw_str_of(COLUMNS[i]));
        }
        if (!is_filled)
            return COLUMNS[i];
    }
    return NULL;
}

static const struct iw_telemetry_channel *channel_of(const struct iw_link_host *host,
                                                     const char *name)
{
    for (size_t i = 0; i < host->log.n_channels; i++) {
        if (iw_str_equal_nocase(host->log.channels[i].channel, iw_str_of(name)))
            return &host->log.channels[i];
    }
    return NULL;
}

static struct iw_str absent_words(const struct finding_state *in,
                                  const struct iw_proof_answer *answer,
                                  const struct iw_source *empty)
{
    const char *name = in->one->row->name;
    const char *log = strncmp(name, "log of ", 7) == 0 ? "" : "log of ";
    bool is_on = answer->state == IW_PROOF_LOGGED;
    if (empty != NULL && is_on)
        return iw_arena_format(in->arena,
                               "the %s%s is in evidence and empty (%.*s); that it is on by %.*s "
                               "shows neither since when, nor that nobody emptied it",
                               log, name, IW_STR_ARG(empty->path), IW_STR_ARG(answer->source));
    if (empty != NULL)
        return iw_arena_format(in->arena, "the %s%s is in evidence and empty (%.*s)", log, name,
                               IW_STR_ARG(empty->path));
    if (is_on && answer->source.n != 0)
        return iw_arena_format(in->arena, "no %s%s in evidence, though it is on by %.*s", log, name,
                               IW_STR_ARG(answer->source));
    return iw_arena_format(in->arena, "no %s%s", log, name);
}

/* A log that is not in evidence: settings may say that it was written, and where is it then? One
 * that is empty shows nothing: nothing happened, or it was off, or somebody emptied it. */
static enum iw_rc judge_absent(struct finding_state *in)
{
    const struct iw_log_host *log = &in->host->log;
    const struct iw_source *empty = iw_empty_log_find(in->host, in->one->row);
    struct iw_proof_answer answer;
    enum iw_lack lack;
    IW_TRY(iw_link_ask(&in->settings, log->from_ns, &answer));
    if (answer.state == IW_PROOF_NOT_LOGGED)
        return add_hole(in, log->from_ns, log->to_ns, answer.lack, answer.mends,
                        settings_words(in, &answer, false));
    in->one->is_empty = empty != NULL;
    if (answer.state == IW_PROOF_LOGGED)
        lack = empty != NULL ? IW_LACK_EMPTY : IW_LACK_COPY;
    else
        lack = empty != NULL ? IW_LACK_PROOF : IW_LACK_SOURCE;
    return add_hole(in, log->from_ns, log->to_ns, lack, answer.mends,
                    absent_words(in, &answer, empty));
}

/* A log shows several links. */
static enum iw_rc find_gaps(const struct finding_state *in, struct iw_log_gaps *ret)
{
    struct iw_link_found *found = in->host->found;
    size_t at = (size_t)(in->one->channel - in->host->log.channels);
    if (found == NULL)
        return iw_log_gaps_find(&in->host->log, in->one->channel, in->arena, ret);
    if (!found->has_gaps[at])
        IW_TRY(iw_log_gaps_find(&in->host->log, in->one->channel, in->arena, &found->gaps[at]));
    found->has_gaps[at] = true;
    *ret = found->gaps[at];
    return IW_OK;
}

/* Nothing of the host is of that time: no log was seen to go on, whatever it would have told. */
static enum iw_rc judge_beside_events(struct finding_state *in)
{
    const struct iw_log_host *log = &in->host->log;
    struct iw_str from = iw_log_time(log->from_ns, in->arena),
                  to = iw_log_time(log->to_ns - 1, in->arena);
    if (from.p == NULL || to.p == NULL)
        return IW_ENOMEM;
    return add_hole(in, log->from_ns, log->to_ns, IW_LACK_COPY, NULL,
                    iw_arena_format(in->arena,
                                    "no event of this host is of the time from %.*s to %.*s",
                                    IW_STR_ARG(from), IW_STR_ARG(to)));
}

/* Of what others write to a share, and to a folder that nobody knows, neither samples nor files of
 * settings tell; the operator may. */
static enum iw_rc judge_far(struct finding_state *in)
{
    const struct iw_log_host *log = &in->host->log;
    struct iw_proof_answer answer;
    IW_TRY(iw_link_ask(&in->settings, log->from_ns, &answer));
    if (in->one->channel != NULL && answer.state == IW_PROOF_LOGGED && answer.is_stated &&
        !answer.is_contradicted) {
        in->one->stated_why = stated_words(in, &answer);
        return in->one->stated_why.p != NULL
                   ? iw_span_set_add(&in->one->stated, log->from_ns, log->to_ns)
                   : IW_ENOMEM;
    }
    return add_hole(in, log->from_ns, log->to_ns, IW_LACK_FAR, NULL,
                    iw_link_root_far_words(in->host->asked));
}

static enum iw_rc judge_all(struct finding_state *in)
{
    struct iw_witness_result *one = in->one;
    const char *column;
    struct iw_log_gaps gaps;
    bool is_rootless;
    one->channel = channel_of(in->host, one->row->channel);
    if (in->host->is_beside_events)
        return judge_beside_events(in);
    if (in->host->asked != NULL && in->host->asked->is_far)
        return judge_far(in);
    if (one->channel == NULL)
        return judge_absent(in);
    IW_TRY(iw_witness_log_find(in->host, one->row, one->channel, in->arena, &in->log));
    one->n_samples = iw_witness_count_samples(&in->log);
    IW_TRY(iw_link_canaries_find(&in->canaries));
    IW_TRY(lacks_roots(in, &is_rootless));
    if (is_rootless)
        return add_hole(in, in->host->log.from_ns, in->host->log.to_ns, IW_LACK_FILE, NULL,
                        IW_STR("neither a configuration nor a log of IIS is in evidence "
                               "of this host: which folders it serves is not known"));
    column = one->row->sense == IW_SENSE_REQUEST_LOG
                 ? missing_column(in->host, one->channel->channel)
                 : NULL;
    if (column != NULL)
        return add_hole(in, in->host->log.from_ns, in->host->log.to_ns, IW_LACK_COLUMNS, NULL,
                        iw_arena_format(in->arena, "the log of requests has no %s", column));
    one->is_switched_off = true;
    IW_TRY(find_gaps(in, &gaps));
    IW_TRY(judge_runs(in, &gaps));
    if (in->n_runs == 0) /* all of it is a gap: nothing was asked */
        one->is_switched_off = false;
    iw_span_set_settle(&one->proved);
    iw_span_set_settle(&one->stated);
    return IW_OK;
}

enum iw_rc iw_witness_judge(const struct iw_link_host *host, struct iw_arena *arena,
                            struct iw_witness_result *ret)
{
    struct finding_state in = {
        .host = host,
        .arena = arena,
        .one = ret,
        .canaries = {.host = host, .row = ret->row, .arena = arena},
        .settings = {.host = host, .row = ret->row, .arena = arena},
        .since = IW_STR(""),
        .doubt = IW_STR(""),
        .unseen = IW_STR(""),
    };
    enum iw_rc rc = judge_all(&in);
    iw_folder_audits_done(&in.audits);
    return rc;
}
