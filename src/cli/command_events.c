/*
 * `events`: any input as normalised NDJSON, or the profile of what the logs hold.
 */
#include "cli/options_common.h"
#include "cli/session.h"
#include "output/output.h"

#define WRITE_BYTES ((size_t)256 * 1024)

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Events"},
    {.kind = IW_OPTION_CONDITION,
     .letter = 'w',
     .name = "where",
     .argument = "FIELD=TEXT",
     .help = "only events whose FIELD is TEXT; letter case is ignored, * is any text; repeated: "
             "all must hold",
     .member = IW_MEMBER(where)},
    {.kind = IW_OPTION_COMMAS,
     .name = "fields",
     .argument = "NAME,NAME...",
     .help = "show only these fields",
     .member = IW_MEMBER(fields)},
    {.kind = IW_OPTION_FLAG,
     .letter = 'p',
     .name = "profile",
     .help = "show no events but what each host logged: channels, event ids, how often each field "
             "is filled, gaps of record ids",
     .member = IW_MEMBER(profile)},
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT("form of the output: events are NDJSON; --profile is a table on a "
                      "terminal, else NDJSON"),
    IW_OPTIONS_RUN,
};

/* Events are small and many: written together. */
struct sink {
    struct iw_session *session;
    struct iw_buffer pending;
    bool is_reading;
};

static enum iw_rc flush(struct sink *sink, struct iw_error *err)
{
    enum iw_rc rc = iw_outlet_write(&sink->session->data, iw_buffer_str(&sink->pending), err);
    iw_buffer_clear(&sink->pending);
    /* Reading ends where the reader of the pipe did: what is told of the run is partial. */
    if (rc != IW_OK && sink->session->data.is_pipe_broken && sink->is_reading)
        sink->session->run.interrupted = true;
    return rc;
}

static enum iw_rc write_event(void *context, struct iw_str ndjson, struct iw_error *err)
{
    struct sink *sink = context;
    iw_buffer_add(&sink->pending, ndjson);
    if (ndjson.n == 0 || ndjson.p[ndjson.n - 1] != '\n')
        iw_buffer_add_char(&sink->pending, '\n');
    if (sink->pending.failed)
        return iw_error_set(err, IW_ENOMEM, "no memory to write events");
    return sink->pending.n >= WRITE_BYTES ? flush(sink, err) : IW_OK;
}

/* Refuses what our own output calls a value beside `fields`: asked of the record it would be a
 * field that no event has, and the answer silence. Spelled exactly so: the record may well have a
 * `Time`.
 */
static enum iw_rc check_name(const char *option, struct iw_str name, struct iw_error *err)
{
    static const struct {
        const char *ours, *record;
    } KEYS[] = {
        {"record_id", "EventRecordID"},
        {"event_id", "EventID"},
        {"provider", "Provider_Name"},
        {"host", "Computer"},
        {"time", "TimeCreated_SystemTime"},
        {"source", NULL},
        {"offset", NULL},
        {"recovered", NULL},
        {"cut", NULL},
    };
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        if (!iw_str_equal(name, iw_str_of(KEYS[i].ours)))
            continue;
        return iw_error_set(err, IW_EUSAGE, "%s %s: not a field of the record%s%s", option,
                            KEYS[i].ours, KEYS[i].record != NULL ? "; use " : "",
                            KEYS[i].record != NULL ? KEYS[i].record : "");
    }
    return IW_OK;
}

static enum iw_rc check_names(const struct iw_arguments *arguments, struct iw_error *err)
{
    for (size_t i = 0; i < arguments->where.n; i++) {
        const char *text = arguments->where.items[i];
        IW_TRY(check_name("--where", (struct iw_str){text, strcspn(text, "=")}, err));
    }
    for (size_t i = 0; i < arguments->fields.n; i++)
        IW_TRY(check_name("--fields", iw_str_of(arguments->fields.items[i]), err));
    return IW_OK;
}

static enum iw_rc check(const struct iw_arguments *arguments, struct iw_error *err)
{
    if (!arguments->profile && arguments->format == IW_FORMAT_TABLE)
        return iw_error_set(err, IW_EUSAGE,
                            "--format table: events are shown as NDJSON only; the table is for "
                            "--profile");
    if (arguments->profile && arguments->fields.n != 0)
        return iw_error_set(err, IW_EUSAGE,
                            "--fields chooses what is shown of events; --profile "
                            "shows none");
    if (arguments->profile && arguments->where.n != 0)
        return iw_error_set(err, IW_EUSAGE,
                            "--where chooses which events are shown; --profile is of all of them");
    return check_names(arguments, err);
}

static enum iw_rc read_events(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    struct iw_events_options options = {
        .where = (const char *const *)arguments->where.items,
        .n_where = arguments->where.n,
        .fields = (const char *const *)arguments->fields.items,
        .n_fields = arguments->fields.n,
        .profile_only = arguments->profile,
    };
    struct iw_engine_options engine = iw_session_engine_options(session);
    struct sink context = {.session = session, .is_reading = true};
    struct iw_event_sink sink = {.write = write_event, .context = &context};
    enum iw_rc rc;

    iw_buffer_init(&context.pending);
    rc = iw_engine_events(&engine, &options, &sink, &session->run, err);
    context.is_reading = false;
    rc = iw_session_end_reading(session, rc);
    if (rc == IW_OK)
        rc = flush(&context, err);
    iw_buffer_done(&context.pending);
    return rc;
}

static enum iw_rc write_profile(struct iw_session *session, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    if (!session->arguments->profile)
        return IW_OK;
    iw_buffer_init(&text);
    if (session->format == IW_FORMAT_TABLE)
        iw_output_profile_table(&session->run, &session->style, &text);
    else
        iw_output_profile_ndjson(&session->run, &text);
    rc = iw_session_write(session, &text, "profile", err);
    iw_buffer_done(&text);
    return rc;
}

static int run_events(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = check(arguments, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin(&session, arguments, &err);
    if (rc == IW_OK)
        rc = read_events(&session, &err);
    if (rc == IW_OK)
        rc = write_profile(&session, &err);
    return iw_session_finish(&session, rc, &err,
                             iw_ledger_has_loss(&session.run.ledger) ? IW_EXIT_LOSS
                                                                     : IW_EXIT_NOTHING);
}

const struct iw_command iw_command_events = {
    .name = "events",
    .operands = "EVIDENCE...",
    .summary = "show the events of evidence as NDJSON, or what the logs hold",
    .description =
        "Writes every event found in EVIDENCE (files, folders, - for standard input) as\n"
        "one line of JSON, in the order of the evidence. With --profile it shows what\n"
        "the logs hold instead.",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_events,
};
