/*
 * What is usual on a host, learned from a span that somebody names as clean: commands of workers
 * (the habits that are counted anyway), writers of web files, administrators. What is odd is
 * refused, what may be an attacker's is learned with a doubt; both are said (docs/BASELINE.md).
 */
#include "base/limits.h"
#include "detect/chain/account_kind.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/deployment.h"
#include "detect/chain/usual_writer.h"

#define INTERACTIVE 2U
#define REMOTE_INTERACTIVE 10U
#define CACHED_INTERACTIVE 11U
/* Seen less often than that, it may be chance. */
#define TIMES_MIN 3U

static bool is_learning(const struct iw_chains *chains)
{
    return chains->input.take_learned != NULL;
}

bool iw_chains_learn_at(const struct iw_chains *chains, int64_t time_ns)
{
    const struct iw_chains_input *input = &chains->input;
    return !is_learning(chains) ||
           ((!iw_time_known(input->learn_since_ns) || time_ns >= input->learn_since_ns) &&
            (!iw_time_known(input->learn_until_ns) || time_ns <= input->learn_until_ns));
}

/* --- writers ---------------------------------------------------------------------------------- */

static enum iw_rc ask_writer(struct iw_chains *chains, struct iw_chain_written *written,
                             const struct iw_chain_usage *usage)
{
    enum iw_chain_behaviour behaviour = IW_BEHAVIOUR_NOT_KNOWN;
    IW_TRY(chains->input.ask_behaviour(chains->input.context, chains->context->host, usage,
                                       &behaviour));
    if (behaviour == IW_BEHAVIOUR_KNOWN)
        written->marks |= IW_MARK(USUAL_WRITER);
    return IW_OK;
}

static enum iw_rc count(struct iw_chains *chains, const struct iw_chain_usage *usage,
                        const char *odd, const char *doubt)
{
    struct iw_habit *habit;
    IW_TRY(iw_habits_find(&chains->usages, NULL, usage->scope, usage->image, usage->name, &habit));
    if (habit == NULL)
        return IW_OK;
    habit->kind = (uint8_t)usage->kind;
    if (odd != NULL)
        iw_habit_spoil(habit, odd);
    if (habit->doubt == NULL)
        habit->doubt = doubt;
    iw_habit_run(habit, usage->time_ns);
    return IW_OK;
}

/* Of a tool that does what it is told account and command are learned. */
static const char *doubt_of_writer(const struct iw_chain_fact *what)
{
    const struct iw_program *program = iw_program_find(what->process.image, IW_STR(""));
    if (program != NULL && iw_deployment_of_program(what->process.image) == NULL)
        return "it is a shell, an interpreter or a tool, which anybody may use";
    if (what->action == IW_CHAIN_FILE_SHARED ||
        iw_str_equal_nocase(what->process.image, IW_STR("System")))
        return "it writes for whoever comes over the network";
    return NULL;
}

enum iw_rc iw_chain_learn_writer(struct iw_chains *chains, const struct iw_chain_file *file,
                                 struct iw_chain_written *written, const struct iw_chain_fact *what,
                                 const struct iw_process *process, int64_t time_ns)
{
    bool is_by_server = written->is_by_shell || (written->marks & IW_MARK(WRITTEN_BY_SERVER)) != 0;
    struct iw_chain_usage usage;
    if (file->n_roots == 0 || what->process.image.n == 0 ||
        (!is_learning(chains) && (is_by_server || chains->input.ask_behaviour == NULL)))
        return IW_OK;
    IW_TRY(iw_usual_writer(what, process, time_ns, &chains->scratch, &usage));
    usage.scope = file->roots[0]->path;
    if (usage.name.n == 0)
        return IW_OK;
    if (!is_learning(chains))
        return ask_writer(chains, written, &usage);
    if (!iw_chains_learn_at(chains, time_ns))
        return IW_OK;
    return count(chains, &usage,
                 is_by_server ? "the web server itself, or what it started, writes there" : NULL,
                 doubt_of_writer(what));
}

/* --- administrators --------------------------------------------------------------------------- */

static bool is_interactive(uint32_t type)
{
    return type == INTERACTIVE || type == REMOTE_INTERACTIVE || type == CACHED_INTERACTIVE;
}

enum iw_rc iw_chain_learn_administrator(struct iw_chains *chains, const struct iw_chain_fact *what,
                                        int64_t time_ns)
{
    const struct iw_str names[] = {what->user, what->sid};
    const struct iw_logon *logon;
    if (!is_learning(chains) || !iw_chains_learn_at(chains, time_ns) ||
        strcmp(iw_account_kind(what->user, what->sid), IW_ACCOUNT_USER) != 0)
        return IW_OK;
    logon = what->has_logon ? iw_logons_find(chains->context->logons, what->logon_id) : NULL;
    if (what->kind != IW_CHAIN_FACT_CHANGE && (logon == NULL || !is_interactive(logon->type)))
        return IW_OK;
    for (size_t i = 0; i < 2; i++) {
        const struct iw_chain_usage usage = {.kind = IW_CHAIN_USAGE_ADMINISTRATOR,
                                             .scope = IW_STR(""),
                                             .name = names[i],
                                             .image = IW_STR(""),
                                             .time_ns = time_ns};
        if (names[i].n != 0)
            IW_TRY(count(chains, &usage, NULL, NULL));
    }
    return IW_OK;
}

/* --- giving it out ---------------------------------------------------------------------------- */

/* What a span that holds an attacker would teach, so far as times can tell. */
static const char *doubt_of(const struct iw_chains *chains, const struct iw_habit *habit)
{
    const struct iw_chain_span *span =
        chains->telemetry != NULL ? &chains->telemetry->of[IW_CHAIN_SOURCE_COMMAND_LINES] : NULL;
    int64_t begin_ns = chains->input.learn_since_ns, before_ns;
    if (habit->is_after_odd)
        return "a file among web files came before its first run";
    if (habit->n < TIMES_MIN)
        return "it ran fewer than three times";
    if (span != NULL && span->is_seen && (!iw_time_known(begin_ns) || span->first_ns > begin_ns))
        begin_ns = span->first_ns;
    before_ns = iw_chain_distance_ns(begin_ns, habit->first_ns);
    if (iw_time_known(before_ns) && before_ns > habit->longest_ns)
        return "it began inside the span, which is longer before its first run than any pause of "
               "it";
    return NULL;
}

/* What was started by something that is refused is refused with it: of an attacker's commands the
 * dull ones are as much the attacker's. */
static const char *refusal_of(const struct iw_habit *habit)
{
    if (habit->odd != NULL)
        return habit->odd;
    for (const struct iw_habit *above = habit->above; above != NULL; above = above->above) {
        if (above->odd != NULL)
            return "what started it is refused";
    }
    return NULL;
}

static enum iw_rc tell(struct iw_chains *chains, const struct iw_habit *habit,
                       enum iw_chain_usage_kind kind, const char *doubt, struct iw_error *err)
{
    const struct iw_chain_learned learned = {
        .usage = {kind, habit->pool, habit->shape, habit->image, habit->first_ns},
        .n = habit->n,
        .n_days = habit->n_days,
        .refused = refusal_of(habit),
        .doubt = doubt};
    return chains->input.take_learned(chains->input.context, chains->context->host, &learned, err);
}

static bool is_told(struct iw_chains *chains, const struct iw_habit *habit)
{
    if (habit->n != 0 && habit->shape.n == 0) /* its text was too long to be kept */
        chains->account.n_habits_not_kept++;
    return habit->n != 0 && habit->shape.n != 0;
}

static enum iw_rc tell_commands(struct iw_chains *chains, struct iw_error *err)
{
    const struct iw_map *map = &chains->habits.by_key;
    for (size_t i = 0; i < map->n; i++) {
        struct iw_habit *habit = map->entries[i].value.pointer;
        if (!is_told(chains, habit))
            continue;
        if (!habit->is_below)
            IW_TRY(iw_chain_habit_ask_callers(chains, habit));
        IW_TRY(tell(chains, habit, habit->is_below ? IW_CHAIN_USAGE_BELOW : IW_CHAIN_USAGE_CHILD,
                    doubt_of(chains, habit), err));
    }
    return IW_OK;
}

enum iw_rc iw_chains_tell_learned(struct iw_chains *chains, struct iw_error *err)
{
    const struct iw_map *map = &chains->usages.by_key;
    if (!is_learning(chains))
        return IW_OK;
    IW_TRY(tell_commands(chains, err));
    for (size_t i = 0; i < map->n; i++) {
        const struct iw_habit *habit = map->entries[i].value.pointer;
        if (is_told(chains, habit))
            IW_TRY(tell(chains, habit, (enum iw_chain_usage_kind)habit->kind, habit->doubt, err));
    }
    return IW_OK;
}
