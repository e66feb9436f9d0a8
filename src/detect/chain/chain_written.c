/*
 * What is known of one writing of a file: who wrote it, as what, from where; whether it was one of
 * many; whether its record contradicts itself. And what was deployed when.
 *
 * A page is written by one and written over by another: each writing has its own, and only that of
 * the writing a shell is joined by is said of it.
 */
#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/deployment.h"

#define NS_PER_MINUTE (60 * IW_NS_PER_SECOND)
#define BURST_NS (10 * NS_PER_MINUTE)
/* Something was deployed so near that it may have brought the file. */
#define NEAR_NS (10 * NS_PER_MINUTE)
#define NS_PER_MS INT64_C(1000000)
/* Below that, seconds are too coarse for the order of two acts. */
#define SHORT_NS (10 * IW_NS_PER_SECOND)

void iw_chain_written_free(struct iw_chains *chains, struct iw_chain_written *written)
{
    if (written == NULL)
        return;
    iw_chain_text_free(chains, &written->logon);
    iw_chain_text_free(chains, &written->logon_event.fields_json);
    chains->n_bytes -= sizeof *written;
    iw_free(written);
}

/* --- many at once ----------------------------------------------------------------------------- */

/* A write over the network names no process: who wrote, and from where, tells writers apart. */
static struct iw_str writer_key(struct iw_chains *chains, const struct iw_chain_fact *what)
{
    if (what->process.has_pid || what->process.image.n != 0)
        return iw_arena_format(&chains->scratch, "%llu:%.*s", (unsigned long long)what->process.pid,
                               IW_STR_ARG(what->process.image));
    return iw_arena_format(&chains->scratch, "%.*s %.*s %.*s", IW_STR_ARG(what->sid),
                           IW_STR_ARG(what->user), IW_STR_ARG(what->address));
}

static void *count_bytes(struct iw_chains *chains, void *block, size_t n)
{
    if (block != NULL) {
        chains->n_bytes += n;
        chains->n_key_bytes += n;
    }
    return block;
}

static struct iw_map_entry *add_writer(struct iw_chains *chains, struct iw_str key)
{
    size_t n_bytes = key.n + sizeof(struct iw_map_entry);
    key = iw_arena_copy(&chains->keys, key);
    if (key.p == NULL)
        return NULL;
    return count_bytes(chains, iw_map_add(&chains->writers, key, NULL), n_bytes);
}

/* The run of writings this one belongs to; NULL: no more are counted. */
static enum iw_rc find_run(struct iw_chains *chains, const struct iw_chain_fact *what,
                           int64_t time_ns, struct iw_chain_run **ret)
{
    struct iw_str key = writer_key(chains, what);
    struct iw_map_entry *entry;
    struct iw_chain_run *run;
    *ret = NULL;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&chains->writers, key);
    run = entry != NULL ? entry->value.pointer : NULL;
    if (run != NULL && iw_chain_distance_ns(run->first_ns, time_ns) <= BURST_NS) {
        *ret = run;
        return IW_OK;
    }
    if (chains->n_runs >= IW_LIMIT_CHAIN_RUNS)
        return IW_OK;
    if (entry == NULL)
        entry = add_writer(chains, key);
    run = entry != NULL
              ? count_bytes(chains, iw_arena_calloc(&chains->keys, 1, sizeof *run), sizeof *run)
              : NULL;
    if (run == NULL)
        return IW_ENOMEM;
    chains->n_runs++;
    run->first_ns = time_ns;
    entry->value.pointer = run;
    *ret = run;
    return IW_OK;
}

/* One file counts once, however often it is written in a run. */
static enum iw_rc count_in_run(struct iw_chains *chains, const struct iw_chain_file *file,
                               struct iw_chain_written *written, const struct iw_chain_fact *what,
                               int64_t time_ns)
{
    struct iw_chain_run *run;
    IW_TRY(find_run(chains, what, time_ns, &run));
    written->run = run;
    for (size_t i = 0; run != NULL && i < file->n_writes; i++) {
        const struct iw_chain_written *other = file->writes[i]->written;
        if (other != NULL && other != written && other->run == run)
            return IW_OK;
    }
    if (run != NULL)
        run->n_files++;
    return IW_OK;
}

/* --- as what, and from where ------------------------------------------------------------------ */

static enum iw_rc keep_logon_event(struct iw_chains *chains, struct iw_chain_written *written,
                                   const struct iw_logon *logon)
{
    struct iw_actor_event event;
    IW_TRY(iw_actor_of_logon(chains->context->logons, logon, &chains->scratch, &event));
    if (event.place.event_id == 0)
        return IW_OK;
    event.fields_json = iw_chain_text_keep(chains, event.fields_json);
    if (event.fields_json.p == NULL)
        return IW_ENOMEM;
    written->logon_event = event;
    return IW_OK;
}

/* System writes for whoever comes over the network, and no event says for whom: who was there. */
static enum iw_rc keep_network_logon(struct iw_chains *chains, struct iw_chain_written *written,
                                     int64_t time_ns)
{
    const struct iw_logons *logons = chains->context->logons;
    const struct iw_logon *logon = iw_logons_over_network(logons, time_ns, NEAR_NS);
    int64_t before_ns;
    struct iw_str text;
    if (logon == NULL)
        return IW_OK;
    written->marks |= IW_MARK(WRITTEN_OVER_NETWORK);
    before_ns = iw_chain_distance_ns(logon->begin_ns, time_ns);
    text = iw_arena_format(
        &chains->scratch,
        "perhaps for %.*s, who logged on over the network from %.*s %lld %s "
        "before",
        IW_STR_ARG(logon->user.n != 0 ? logon->user : logon->sid), IW_STR_ARG(logon->address),
        (long long)(before_ns < SHORT_NS ? before_ns / NS_PER_MS : before_ns / IW_NS_PER_SECOND),
        before_ns < SHORT_NS ? "ms" : "s");
    if (text.p == NULL)
        return IW_ENOMEM;
    written->logon = iw_chain_text_keep(chains, text);
    if (written->logon.p == NULL) {
        written->logon = IW_STR("");
        return IW_ENOMEM;
    }
    return keep_logon_event(chains, written, logon);
}

static enum iw_rc keep_logon(struct iw_chains *chains, struct iw_chain_written *written,
                             const struct iw_chain_fact *what, const struct iw_process *process)
{
    const struct iw_logons *logons = chains->context->logons;
    const struct iw_logon *logon = NULL;
    struct iw_str address = what->address, text;
    if (what->has_logon)
        logon = iw_logons_find(logons, what->logon_id);
    else if (process != NULL)
        logon = iw_host_context_logon(chains->context, process);
    if (address.n == 0 && logon != NULL)
        address = iw_logons_address(logons, logon);
    if ((logon == NULL || logon->type == 0) && address.n == 0)
        return IW_OK;
    if (logon != NULL && logon->type != 0)
        text = iw_arena_format(&chains->scratch, "logon type %u%s%.*s", logon->type,
                               address.n != 0 ? ", from " : "", IW_STR_ARG(address));
    else
        text = iw_arena_format(&chains->scratch, "from %.*s", IW_STR_ARG(address));
    if (text.p == NULL)
        return IW_ENOMEM;
    text = iw_chain_text_keep(chains, text);
    if (text.p == NULL)
        return IW_ENOMEM;
    written->logon = text;
    return keep_logon_event(chains, written, logon);
}

/* Two witnesses of one writing. */
static bool is_one_writing(const struct iw_chain_item *a, const struct iw_chain_item *b)
{
    int64_t distance_ns = iw_chain_distance_ns(a->moment.time_ns, b->moment.time_ns);
    return iw_time_known(distance_ns) && distance_ns <= IW_LINEAGE_WITNESS_NS &&
           distance_ns >= -IW_LINEAGE_WITNESS_NS;
}

const struct iw_chain_written *iw_chain_logon_of(const struct iw_chain_file *file,
                                                 const struct iw_chain_item *write)
{
    if (write->written != NULL && write->written->logon.n != 0)
        return write->written;
    for (size_t i = 0; i < file->n_writes; i++) {
        const struct iw_chain_item *other = file->writes[i];
        if (other->written != NULL && other->written->logon.n != 0 && is_one_writing(other, write))
            return other->written;
    }
    return NULL;
}

/* --- records that contradict themselves ------------------------------------------------------- */

static bool differ(struct iw_str a, struct iw_str b)
{
    return a.n != 0 && b.n != 0 && !iw_str_equal_nocase(a, b);
}

static bool is_same_record(const struct iw_chain_item *a, const struct iw_chain_item *b)
{
    return a->record_id == b->record_id && a->event_id == b->event_id &&
           a->moment.time_ns == b->moment.time_ns && iw_str_equal_nocase(a->channel, b->channel);
}

/* Two forms of one record that name two writers: one of them was made, which is not known. */
static void note_contradictions(const struct iw_chain_file *file, struct iw_chain_item *item,
                                const struct iw_chain_fact *what)
{
    for (size_t i = 0; i < file->n_writes; i++) {
        struct iw_chain_item *other = file->writes[i];
        struct iw_chain_fact fact;
        if (other == item || other->written == NULL || !is_same_record(other, item) ||
            !iw_chain_fact_parse(other->payload, &fact) ||
            (!differ(fact.process.image, what->process.image) && !differ(fact.user, what->user) &&
             !(fact.process.has_pid && what->process.has_pid &&
               fact.process.pid != what->process.pid)))
            continue;
        other->written->is_contradicted = item->written->is_contradicted = true;
    }
}

/* --- one writing ------------------------------------------------------------------------------ */

enum iw_rc iw_chain_describe_write(struct iw_chains *chains, const struct iw_chain_file *file,
                                   struct iw_chain_item *item, const struct iw_chain_fact *what,
                                   const struct iw_process *process, bool is_by_shell)
{
    struct iw_str image = what->process.image;
    struct iw_str command_line = process != NULL ? process->command_line : IW_STR("");
    struct iw_deployment deployment = iw_deployment_above(process, image, chains->settings, NULL);
    struct iw_chain_written *written = iw_calloc(1, sizeof *written);
    if (written == NULL)
        return IW_ENOMEM;
    chains->n_bytes += sizeof *written;
    item->written = written;
    written->logon = written->logon_event.fields_json = IW_STR("");
    written->is_by_shell = is_by_shell;
    written->is_of_share = what->action == IW_CHAIN_FILE_SHARED;
    written->deployment = deployment.words;
    written->is_by_system = !written->is_of_share && iw_str_equal_nocase(image, IW_STR("System"));
    if (written->is_of_share)
        written->marks |= IW_MARK(WRITTEN_OVER_NETWORK);
    else if (iw_program_serves(image, command_line, chains->settings))
        written->marks |= IW_MARK(WRITTEN_BY_SERVER);
    else if (written->deployment != NULL)
        written->marks |= deployment.proof == IW_DEPLOYMENT_KNOWN ? IW_MARK(DEPLOYMENT_WRITER)
                                                                  : IW_MARK(DEPLOYMENT_LIKE);
    note_contradictions(file, item, what);
    IW_TRY(count_in_run(chains, file, written, what, item->moment.time_ns));
    return written->is_by_system ? keep_network_logon(chains, written, item->moment.time_ns)
                                 : keep_logon(chains, written, what, process);
}

/* System writes for everybody who comes over the network, and for drivers: the audit of the share
 * tells them apart, where it is a second witness of the same writing. */
static const struct iw_chain_written *share_of(const struct iw_chain_file *file,
                                               const struct iw_chain_item *write)
{
    if (write->written->is_of_share)
        return write->written;
    for (size_t i = 0; write->written->is_by_system && i < file->n_writes; i++) {
        const struct iw_chain_item *other = file->writes[i];
        if (other->written != NULL && other->written->is_of_share && is_one_writing(other, write))
            return other->written;
    }
    return NULL;
}

void iw_chain_join_write(const struct iw_chains *chains, const struct iw_chain_file *file,
                         const struct iw_chain_item *write, const struct iw_chain_shell *shell,
                         struct iw_chain_join *join)
{
    const struct iw_chain_run *run;
    const struct iw_chain_written *written = write->written, *share = NULL;
    join->write = write->moment;
    if (written != NULL) {
        share = share_of(file, write);
        join->marks |= written->marks;
        if (share != NULL)
            join->marks |= share->marks & IW_MARK(WRITTEN_OVER_NETWORK);
        join->is_by_share = share != NULL;
        join->is_contradicted = written->is_contradicted;
        if (written->is_by_shell)
            return;
    }
    join->deployment =
        iw_chains_deployed_near(chains, write->moment.time_ns, shell->moment.time_ns);
    if (join->deployment != NULL)
        join->marks |= IW_MARK(DEPLOYMENT_NEAR);
    if (written == NULL)
        return;
    if (written->is_contradicted) {
        join->marks &=
            ~(IW_MARK(DEPLOYMENT_WRITER) | IW_MARK(DEPLOYMENT_LIKE) | IW_MARK(USUAL_WRITER));
        return;
    }
    run = share != NULL ? share->run : written->run;
    join->n_burst = run != NULL ? run->n_files : 0;
    if (join->n_burst >= IW_CHAIN_BURST_FILES)
        join->marks |= IW_MARK(BURST);
}

const struct iw_chain_item *iw_chain_joined_write(const struct iw_chain_file *file,
                                                  const struct iw_chain_shell *shell)
{
    const struct iw_chain_moment *moment = &shell->join.write;
    const struct iw_chain_item *found = file->writes[0];
    for (size_t i = 0; i < file->n_writes; i++) {
        const struct iw_chain_item *write = file->writes[i];
        if (write->moment.time_ns == moment->time_ns && write->moment.clock == moment->clock &&
            (write->is_link || !found->is_link))
            found = write;
    }
    return found;
}

/* --- deployments ------------------------------------------------------------------------------ */

/* Spans in which the same was deployed again within NEAR_NS: whatever lies in one is near. */
void iw_chains_note_deployment(struct iw_chains *chains, int64_t time_ns, const char *words)
{
    struct iw_chain_deployed *all = chains->deployed;
    for (size_t i = 0; i < IW_CHAIN_DEPLOYED && i < chains->n_deployed; i++) {
        if (strcmp(all[i].words, words) == 0 &&
            iw_chain_distance_ns(all[i].last_ns, time_ns) <= NEAR_NS) {
            all[i].last_ns = time_ns;
            return;
        }
    }
    all[chains->n_deployed++ % IW_CHAIN_DEPLOYED] =
        (struct iw_chain_deployed){.words = words, .first_ns = time_ns, .last_ns = time_ns};
}

/* How far a moment lies outside of a span, of which what came after *until_ns* does not count. */
static int64_t distance_of(const struct iw_chain_deployed *one, int64_t time_ns, int64_t until_ns)
{
    int64_t last_ns = one->last_ns < until_ns ? one->last_ns : until_ns;
    if (one->first_ns > until_ns)
        return INT64_MAX;
    if (time_ns < one->first_ns)
        return iw_chain_distance_ns(time_ns, one->first_ns);
    return time_ns > last_ns ? iw_chain_distance_ns(last_ns, time_ns) : 0;
}

const char *iw_chains_deployed_near(const struct iw_chains *chains, int64_t time_ns,
                                    int64_t until_ns)
{
    const char *words = NULL;
    int64_t nearest_ns = NEAR_NS;
    for (size_t i = 0; i < IW_CHAIN_DEPLOYED && i < chains->n_deployed; i++) {
        const struct iw_chain_deployed *one = &chains->deployed[i];
        int64_t distance_ns = distance_of(one, time_ns, until_ns);
        if (distance_ns > nearest_ns ||
            (words != NULL && distance_ns == nearest_ns && strcmp(words, one->words) <= 0))
            continue;
        nearest_ns = distance_ns;
        words = one->words;
    }
    return words;
}

bool iw_chains_is_deployed_near(const struct iw_chains *chains, int64_t time_ns)
{
    return iw_chains_deployed_near(chains, time_ns, INT64_MAX) != NULL;
}
