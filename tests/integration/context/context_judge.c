/*
 * Context against the truth of the lab: reads DIR/evidence as a run does, tells the facts of each
 * host in event time, and asks at every moment at which a process started
 * (DIR/truth-lineage.ndjson) who its parent is, under which logon it runs, which worker it descends
 * from and which pool that serves.
 *
 *     context_judge DIR      prints one line of counts; exit status 1 where an answer is wrong, or
 *                            unknown though the evidence tells it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json_read.h"
#include "base/path_name.h"
#include "context/context_fields.h"
#include "engine/begin.h"
#include "engine/pipeline.h"

/* A fact may be told this long after what it tells of. */
#define LATE_NS (IW_NS_PER_SECOND / 2)

struct told {
    struct iw_str host, bytes, channel;
    int64_t time_ns;
    uint64_t record_id;
};

struct reading {
    struct iw_arena arena, scratch;
    struct iw_buffer bytes;
    struct told *facts;
    size_t n, cap;
    struct iw_sid_names *names;
};

struct truth {
    struct iw_str host, image, parent_image, user, sid, logon_type, address, pool;
    struct iw_process_guid guid, parent_guid, worker_guid;
    uint64_t pid, parent_pid, logon_id;
    bool has_worker, is_elevated;
    int64_t time_ns;
};

/* Of one question: how often it was answered, and how. */
struct count {
    unsigned right, unknown, wrong, missed; /* missed: unknown though an event tells it */
};

static struct {
    unsigned n_processes, n_told;
    struct count parent, worker, pool, logon, user;
} counts;

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "context_judge: %s\n", what);
    exit(2);
}

/* --- reading the evidence --------------------------------------------------------------------- */

static void *thread_begin(void *context)
{
    return context; /* one thread */
}

static enum iw_rc thread_end(void *state, bool keep)
{
    (void)state;
    (void)keep;
    return IW_OK;
}

static enum iw_rc keep(struct reading *reading, const struct iw_event *event,
                       const struct iw_context_fact *fact)
{
    struct told *told;
    if (!iw_array_reserve(&reading->facts, &reading->cap, reading->n + 1, sizeof *reading->facts))
        return IW_ENOMEM;
    iw_buffer_clear(&reading->bytes);
    iw_context_fact_write(fact, &reading->bytes);
    told = &reading->facts[reading->n++];
    *told = (struct told){.host = iw_arena_copy(&reading->arena, iw_host_label(event->computer)),
                          .bytes = iw_arena_copy(&reading->arena, iw_buffer_str(&reading->bytes)),
                          .channel = iw_arena_copy(&reading->arena, event->channel),
                          .time_ns = event->time_ns,
                          .record_id = event->record_id};
    return told->bytes.p != NULL && told->host.p != NULL && told->channel.p != NULL ? IW_OK
                                                                                    : IW_ENOMEM;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct reading *reading = state;
    for (size_t i = 0; i < batch->n; i++) {
        struct iw_context_fact fact;
        enum iw_rc rc;
        iw_arena_reset(&reading->scratch);
        IW_TRY(iw_sid_names_add(reading->names, &batch->events[i]));
        rc = iw_context_fact_read(&batch->events[i], &reading->scratch, &fact);
        if (rc == IW_OK)
            rc = keep(reading, &batch->events[i], &fact);
        if (rc != IW_OK && rc != IW_END)
            return rc;
    }
    return IW_OK;
}

static int compare_told(const void *left, const void *right)
{
    const struct told *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    if (order == 0)
        order = (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
    if (order == 0)
        order = iw_str_compare(a->channel, b->channel);
    if (order == 0)
        order = (a->record_id > b->record_id) - (a->record_id < b->record_id);
    return order != 0 ? order : iw_str_compare(a->bytes, b->bytes);
}

static void read_events(const struct iw_engine_options *options, struct reading *reading,
                        struct iw_hosts *hosts)
{
    struct iw_consumer consumer = {reading, thread_begin, take_batch, NULL, thread_end};
    struct iw_names names;
    struct iw_route route;
    struct iw_run run;
    struct iw_pass0 pass0;
    struct iw_error err = {.rc = IW_OK};

    iw_run_init(&run);
    iw_route_init(&route);
    if (iw_names_init(&names) != IW_OK || iw_context_fact_route(&route) != IW_OK ||
        iw_sid_names_route(&route) != IW_OK || iw_pass0_run(options, &run, &pass0, &err) != IW_OK)
        fail(err.message);
    {
        struct iw_pipeline pipeline = {options, &names, &route, &pass0.evidence, &run};
        if (iw_pipeline_run(&pipeline, &consumer, &err) != IW_OK)
            fail(err.message);
    }
    if (iw_sid_names_hosts(reading->names, hosts) != IW_OK || iw_hosts_settle(hosts) != IW_OK ||
        iw_sid_names_settle(reading->names, hosts) != IW_OK)
        fail("no memory");
    iw_pass0_done(&pass0);
    iw_route_done(&route);
    iw_names_done(&names);
    iw_run_done(&run);
    if (reading->n != 0)
        qsort(reading->facts, reading->n, sizeof *reading->facts, compare_told);
}

/* --- reading the truth ------------------------------------------------------------------------ */

static struct iw_str text_of(const struct iw_json_node *object, const char *name)
{
    const struct iw_json_node *node = iw_json_find(object, iw_str_of(name));
    return node != NULL && node->kind == IW_JSON_TEXT ? node->text : IW_STR("");
}

static uint64_t number_of(const struct iw_json_node *object, const char *name)
{
    const struct iw_json_node *node = iw_json_find(object, iw_str_of(name));
    uint64_t number = 0;
    return node != NULL && iw_str_to_u64(node->text, &number) ? number : 0;
}

static struct truth read_truth(struct iw_str line, struct iw_arena *arena)
{
    const struct iw_json_node *object, *elevated;
    struct truth truth;
    struct iw_str id;
    struct iw_value value;
    if (iw_json_read(line, arena, &object, NULL) != IW_OK)
        fail("a line of the truth is no JSON");
    elevated = iw_json_find(object, IW_STR("elevated"));
    truth = (struct truth){.host = text_of(object, "host"),
                           .image = text_of(object, "image"),
                           .parent_image = text_of(object, "parent_image"),
                           .user = text_of(object, "user"),
                           .sid = text_of(object, "sid"),
                           .logon_type = text_of(object, "logon_type"),
                           .address = text_of(object, "address"),
                           .pool = text_of(object, "pool"),
                           .pid = number_of(object, "pid"),
                           .parent_pid = number_of(object, "parent_pid"),
                           .is_elevated = elevated != NULL && elevated->kind == IW_JSON_TRUE};
    truth.guid = iw_process_guid_read(text_of(object, "guid"));
    truth.parent_guid = iw_process_guid_read(text_of(object, "parent_guid"));
    truth.worker_guid = iw_process_guid_read(text_of(object, "worker_guid"));
    truth.has_worker = iw_process_guid_known(truth.worker_guid);
    id = text_of(object, "logon_id");
    value = (struct iw_value){(const uint8_t *)id.p, (uint32_t)id.n, IW_VALUE_UTF8};
    if (!iw_value_u64(value, &truth.logon_id) ||
        !iw_time_parse(text_of(object, "time"), &truth.time_ns))
        fail("a line of the truth lacks its logon or time");
    return truth;
}

static int compare_truths(const void *left, const void *right)
{
    const struct truth *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    return order != 0 ? order : (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

/* --- judging ------------------------------------------------------------------------------------
 */

static void complain(const struct truth *truth, const char *what, struct iw_str got)
{
    char time[IW_TIME_TEXT_BYTES];
    iw_time_format(truth->time_ns, time);
    (void)fprintf(stderr, "%.*s %.*s %.*s (%llu): %s: '%.*s'\n", (int)sizeof time, time,
                  IW_STR_ARG(truth->host), IW_STR_ARG(truth->image), (unsigned long long)truth->pid,
                  what, IW_STR_ARG(got));
}

static void note(struct count *count, const struct truth *truth, const char *what, bool is_known,
                 bool is_right, bool is_told, struct iw_str got)
{
    count->right += is_known && is_right;
    count->unknown += !is_known;
    count->wrong += is_known && !is_right;
    count->missed += !is_known && is_told;
    if ((is_known && !is_right) || (!is_known && is_told))
        complain(truth, what, got);
}

/* By GUID where it has one: an id alone cannot be told from the one before. */
static bool is_process(const struct iw_process *process, struct iw_process_guid guid, uint64_t pid,
                       struct iw_str image)
{
    if (iw_process_guid_known(process->name.guid))
        return iw_process_guid_equal(process->name.guid, guid);
    return (!process->name.has_pid || process->name.pid == pid) &&
           iw_str_equal_nocase(process->name.image, image);
}

static void judge_worker(struct iw_context_asking *asking, const struct truth *truth)
{
    const struct iw_process *worker = asking->worker;
    bool is_self = worker == asking->process;
    /* The lab's account of a pool is its identity; that of SYSTEM is everybody's. */
    bool tells_pool = iw_str_begins_nocase(truth->user, IW_STR("IIS APPPOOL\\"));
    bool is_sysmon = asking->process->witnesses[IW_WITNESS_SYSMON];

    note(&counts.worker, truth, "worker", worker != NULL,
         truth->has_worker && worker != NULL &&
             (!iw_process_guid_known(worker->name.guid) ||
              iw_process_guid_equal(worker->name.guid, truth->worker_guid)),
         truth->has_worker, worker != NULL ? worker->name.image : IW_STR("none"));
    if (worker == NULL || !truth->has_worker)
        return;
    note(&counts.pool, truth, "pool", asking->pool.pool.n != 0,
         iw_str_equal(asking->pool.pool, truth->pool), tells_pool && (is_self || is_sysmon),
         asking->pool.pool);
}

static void judge_logon(struct iw_context_asking *asking, const struct truth *truth)
{
    const struct iw_logon *logon = asking->logon;
    struct iw_context_answer answer;
    char type[12] = "";
    bool is_right;

    if (logon != NULL && logon->is_seen) {
        (void)snprintf(type, sizeof type, "%u", (unsigned)logon->type);
        is_right =
            logon->id == truth->logon_id && iw_str_equal(iw_str_of(type), truth->logon_type) &&
            iw_str_equal(logon->address,
                         iw_str_equal(truth->address, IW_STR("-")) ? IW_STR("") : truth->address) &&
            (logon->elevated == IW_SAID_YES) == truth->is_elevated;
        note(&counts.logon, truth, "logon", true, is_right, true, logon->user);
    } else {
        const struct iw_logon *real = iw_logons_find(asking->context->logons, truth->logon_id);
        note(&counts.logon, truth, "logon", false, false, real != NULL && real->is_seen,
             IW_STR(""));
    }
    if (iw_context_field_ask(asking, IW_STR("Logon.User"), &answer) != IW_OK)
        fail("no memory");
    /* Security names SYSTEM by the computer's account. */
    is_right = answer.n == 1 && (iw_str_equal_nocase(answer.values[0], truth->user) ||
                                 iw_str_equal(truth->sid, IW_STR("S-1-5-18")));
    note(&counts.user, truth, "user", answer.is_known, is_right, true,
         answer.n != 0 ? answer.values[0] : IW_STR("none"));
}

static void judge(struct iw_context_asking *asking, const struct truth *truth)
{
    struct iw_context_subject subject = {.process = {true, truth->pid, truth->guid, truth->image}};
    const struct iw_process *process, *parent;

    counts.n_processes++;
    if (iw_context_asking_begin(asking, &subject, truth->time_ns + LATE_NS) != IW_OK)
        fail("no memory");
    process = asking->process;
    /* One of whose start no event tells, or an earlier one of that id and image. */
    if (process == NULL || llabs(process->first_ns - truth->time_ns) > 2 * IW_NS_PER_SECOND ||
        (!process->witnesses[IW_WITNESS_SYSMON] && !process->witnesses[IW_WITNESS_SECURITY]))
        return;
    counts.n_told++;
    parent = process->parent;
    note(&counts.parent, truth, "parent", parent != NULL,
         parent != NULL &&
             is_process(parent, truth->parent_guid, truth->parent_pid, truth->parent_image),
         true, parent != NULL ? parent->name.image : IW_STR("none"));
    judge_worker(asking, truth);
    judge_logon(asking, truth);
}

static void judge_all(const struct reading *reading, struct iw_host_context *context,
                      const struct truth *truths, size_t n)
{
    struct iw_context_asking asking;
    size_t at = 0;
    iw_context_asking_init(&asking, context);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !iw_str_equal(truths[i].host, truths[i - 1].host)) {
            iw_host_context_begin(context, truths[i].host);
            for (at = 0;
                 at < reading->n && !iw_str_equal_nocase(reading->facts[at].host, truths[i].host);)
                at++;
        }
        for (; at < reading->n && iw_str_equal_nocase(reading->facts[at].host, truths[i].host) &&
               reading->facts[at].time_ns <= truths[i].time_ns + LATE_NS;
             at++) {
            if (iw_host_context_tell(context, reading->facts[at].time_ns, NULL,
                                     reading->facts[at].bytes) != IW_OK)
                fail("no memory");
        }
        judge(&asking, &truths[i]);
    }
    iw_context_asking_done(&asking);
}

/* --- all ----------------------------------------------------------------------------------------
 */

static struct truth *read_truths(const char *path, struct iw_arena *arena, size_t *ret_n)
{
    FILE *file = fopen(path, "rb");
    struct truth *truths = NULL;
    char *line = NULL;
    size_t line_cap = 0, cap = 0;
    ssize_t length;
    *ret_n = 0;
    if (file == NULL)
        fail("no truth-lineage.ndjson");
    while ((length = getline(&line, &line_cap, file)) > 0) {
        struct iw_str kept = iw_arena_copy(arena, (struct iw_str){line, (size_t)length});
        if (kept.p == NULL || !iw_array_reserve(&truths, &cap, *ret_n + 1, sizeof *truths))
            fail("no memory");
        truths[(*ret_n)++] = read_truth(kept, arena);
    }
    free(line);
    (void)fclose(file);
    if (*ret_n != 0)
        qsort(truths, *ret_n, sizeof *truths, compare_truths);
    return truths;
}

static bool print(const char *what, const struct count *count)
{
    (void)printf("  %s %u right, %u unknown, %u wrong, %u missed;", what, count->right,
                 count->unknown, count->wrong, count->missed);
    return count->wrong == 0 && count->missed == 0;
}

int main(int argc, char **argv)
{
    static char evidence[4096], path[4096];
    const char *paths[] = {evidence};
    struct iw_engine_options options = {.paths = paths, .n_paths = 1, .n_jobs = 1};
    const struct iw_server_options servers = {0};
    struct reading reading = {.n = 0};
    struct iw_host_context context;
    struct iw_web_places *places;
    struct iw_hosts hosts;
    struct iw_run run;
    struct truth *truths;
    size_t n;
    bool ok = true;

    if (argc != 2 || strlen(argv[1]) > 4000)
        fail("usage: context_judge DIR");
    (void)snprintf(evidence, sizeof evidence, "%s/evidence", argv[1]);
    (void)snprintf(path, sizeof path, "%s/truth-lineage.ndjson", argv[1]);
    iw_arena_init(&reading.arena, 0);
    iw_arena_init(&reading.scratch, 0);
    iw_buffer_init(&reading.bytes);
    reading.names = iw_sid_names_new();
    iw_hosts_init(&hosts);
    iw_run_init(&run);
    if (reading.names == NULL || iw_engine_inventory(&options, &servers, &run, NULL) != IW_OK)
        fail("the inventory cannot be read");
    read_events(&options, &reading, &hosts);
    truths = read_truths(path, &reading.arena, &n);
    places = iw_web_places_new(&run.inventory);
    if (places == NULL || iw_host_context_init(&context, reading.names, places) != IW_OK)
        fail("no memory");
    judge_all(&reading, &context, truths, n);
    (void)printf("%u processes, %u told:", counts.n_processes, counts.n_told);
    ok &= print("parent", &counts.parent);
    ok &= print("worker", &counts.worker);
    ok &= print("pool", &counts.pool);
    ok &= print("logon", &counts.logon);
    ok &= print("user", &counts.user);
    (void)printf("\n");
    iw_host_context_done(&context);
    iw_web_places_free(places);
    iw_sid_names_free(reading.names);
    iw_hosts_done(&hosts);
    iw_run_done(&run);
    iw_buffer_done(&reading.bytes);
    iw_arena_done(&reading.scratch);
    iw_arena_done(&reading.arena);
    iw_free(reading.facts);
    iw_free(truths);
    return ok ? 0 : 1;
}
