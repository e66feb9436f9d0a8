/*
 * Gathering: of each change and each module that is written, who did it as the host's context knows
 * it at that moment; of pools that fail and children of workers, that they were.
 */
#include "detect/chain/component_trails.h"

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "base/utf.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/component_trail_state.h"
#include "detect/chain/deployment.h"
#include "detect/chain/program_kind.h"
#include "detect/chain/web_file_path.h"

#define NEAR_NS (600 * IW_NS_PER_SECOND)
/* Ancestors named in a line. */
#define SHOWN_ANCESTORS 3U
#define COMMAND_BYTES 160

struct iw_component_trails *iw_component_trails_new(const struct iw_chain_settings *settings,
                                                    const struct iw_ledger *ledger)
{
    struct iw_component_trails *trails = iw_calloc(1, sizeof *trails);
    if (trails == NULL)
        return NULL;
    iw_chain_settings_init(&trails->defaults);
    trails->settings = settings != NULL ? settings : &trails->defaults;
    trails->ledger = ledger;
    iw_arena_init(&trails->arena, 0);
    iw_arena_init(&trails->names, 0);
    iw_arena_init(&trails->scratch, 0);
    iw_buffer_init(&trails->usual.key);
    iw_map_init(&trails->by_event);
    iw_map_init(&trails->by_page);
    iw_map_init(&trails->destinations);
    iw_buffer_init(&trails->deployment.channel);
    iw_buffer_init(&trails->deployment.payload);
    return trails;
}

void iw_component_trails_ask(struct iw_component_trails *trails, iw_chain_ask_behaviour *ask,
                             void *context)
{
    trails->ask_behaviour = ask;
    trails->ask_context = context;
}

void iw_component_trails_free(struct iw_component_trails *trails)
{
    if (trails == NULL)
        return;
    iw_free(trails->acts.items);
    iw_free(trails->pages.items);
    iw_free(trails->after.items);
    iw_free(trails->commands.items);
    iw_free(trails->deployments.items);
    iw_free(trails->spans);
    iw_free(trails->written);
    iw_free(trails->clusters);
    iw_buffer_done(&trails->deployment.channel);
    iw_buffer_done(&trails->deployment.payload);
    iw_map_done(&trails->by_event);
    iw_map_done(&trails->by_page);
    iw_map_done(&trails->destinations);
    iw_arena_done(&trails->names);
    iw_arena_done(&trails->scratch);
    iw_buffer_done(&trails->usual.key);
    iw_arena_done(&trails->arena);
    iw_chain_settings_done(&trails->defaults);
    iw_free(trails);
}

void iw_component_trails_begin(struct iw_component_trails *trails,
                               const struct iw_host_context *context)
{
    trails->context = context;
    trails->first_act = trails->acts.n;
    trails->first_written = trails->n_written;
    trails->deployment.words = NULL;
    memset(&trails->actor, 0, sizeof trails->actor);
    memset(&trails->page, 0, sizeof trails->page);
    iw_buffer_clear(&trails->usual.key);
    iw_map_done(&trails->destinations);
    iw_map_init(&trails->destinations);
    iw_arena_reset(&trails->names);
}

enum iw_rc iw_component_trails_end(struct iw_component_trails *trails)
{
    struct iw_trail_span span = {.begin = trails->first_act,
                                 .end = trails->acts.n,
                                 .begin_written = trails->first_written,
                                 .end_written = trails->n_written};
    trails->context = NULL;
    if (span.begin == span.end)
        return IW_OK;
    span.host = trails->acts.items[span.begin].host;
    if (!iw_array_reserve(&trails->spans, &trails->spans_cap, trails->n_spans + 1,
                          sizeof *trails->spans))
        return IW_ENOMEM;
    trails->spans[trails->n_spans++] = span;
    return iw_trail_match(trails, &span);
}

struct iw_str iw_trail_key(struct iw_str host, struct iw_str channel, uint64_t record_id,
                           int64_t time_ns, struct iw_arena *arena)
{
    struct iw_str key = iw_arena_format(arena, "%.*s|%.*s|%c%lld", IW_STR_ARG(host),
                                        IW_STR_ARG(channel), record_id != 0 ? 'r' : 't',
                                        record_id != 0 ? (long long)record_id : (long long)time_ns);
    return key.p != NULL ? iw_arena_lower(arena, key) : key;
}

/* --- keeping ---------------------------------------------------------------------------------- */

static bool has_room(const struct iw_component_trails *trails)
{
    size_t n = trails->acts.n + trails->after.n + trails->commands.n + trails->deployments.n;
    return n < IW_LIMIT_TRAILS && trails->arena.held_bytes < IW_LIMIT_TRAIL_BYTES;
}

struct iw_trail *iw_trail_keep(struct iw_component_trails *trails, struct iw_trail_list *list,
                               const struct iw_fact *fact, const char *role)
{
    struct iw_arena *arena = &trails->arena;
    struct iw_trail *trail;
    if (!iw_array_reserve(&list->items, &list->cap, list->n + 1, sizeof *list->items))
        return NULL;
    trail = &list->items[list->n];
    *trail = (struct iw_trail){.host = iw_arena_copy(arena, trails->context->host),
                               .role = role,
                               .time_ns = fact->time_ns,
                               .clock = (uint8_t)fact->clock,
                               .channel = iw_arena_copy(arena, fact->channel),
                               .event_id = fact->event_id,
                               .record_id = fact->record_id,
                               .place = fact->place,
                               .payload = iw_arena_copy(arena, fact->payload),
                               .who = IW_STR("")};
    if (trail->host.p == NULL || trail->channel.p == NULL || trail->payload.p == NULL)
        return NULL;
    list->n++;
    return trail;
}

/* --- who -------------------------------------------------------------------------------------- */

static void add_command(struct iw_str command, struct iw_buffer *text)
{
    if (command.n == 0)
        return;
    iw_buffer_add(text, IW_STR(" ("));
    iw_buffer_add(text, iw_utf8_cut(command, COMMAND_BYTES));
    iw_buffer_add(text, command.n > COMMAND_BYTES ? IW_STR("...)") : IW_STR(")"));
}

/* What a service runs is known by its command alone: anybody's service is cmd.exe. */
static bool is_of_service(const struct iw_process *const *above, size_t n, size_t i)
{
    return i + 1 < n &&
           iw_str_equal_nocase(iw_path_name(above[i + 1]->name.image), IW_STR("services.exe"));
}

static enum iw_rc add_ancestors(const struct iw_process *process, struct iw_buffer *text)
{
    const struct iw_process *above[SHOWN_ANCESTORS];
    size_t n = iw_process_ancestors(process, above, SHOWN_ANCESTORS, NULL);
    for (size_t i = 0; i < n; i++) {
        struct iw_str image = iw_path_name(above[i]->name.image);
        iw_buffer_add(text, i == 0 ? IW_STR(", started by ") : IW_STR(", by "));
        iw_buffer_add(text, image.n != 0 ? image : IW_STR("a process that is not told"));
        if (is_of_service(above, n, i))
            add_command(above[i]->command_line, text);
    }
    return text->failed ? IW_ENOMEM : IW_OK;
}

static void add_process(const struct iw_process *process, const struct iw_chain_fact *what,
                        struct iw_buffer *text)
{
    struct iw_str image = process != NULL ? process->name.image : what->process.image;
    struct iw_str command = process != NULL ? process->command_line : IW_STR("");
    if (iw_path_name(image).n != 0)
        iw_buffer_add(text, iw_path_name(image));
    else if (what->action == IW_CHAIN_FILE_SHARED)
        iw_buffer_add(text, IW_STR("somebody over the network (SMB)"));
    else if (what->process.has_pid)
        iw_buffer_printf(text, "process %llu, whose start is not in evidence",
                         (unsigned long long)what->process.pid);
    else
        iw_buffer_add(text, IW_STR("a process that is not told"));
    add_command(command, text);
}

/* The logon behind an act; NULL: not known. */
static const struct iw_logon *logon_of(const struct iw_component_trails *trails,
                                       const struct iw_process *process,
                                       const struct iw_chain_fact *what)
{
    const struct iw_host_context *context = trails->context;
    const struct iw_logon *logon = process != NULL ? iw_host_context_logon(context, process) : NULL;
    if (logon == NULL && what->has_logon)
        logon = iw_logons_find(context->logons, what->logon_id);
    return logon;
}

static void add_account(const struct iw_component_trails *trails, const struct iw_process *process,
                        const struct iw_chain_fact *what, struct iw_buffer *text)
{
    const struct iw_host_context *context = trails->context;
    const struct iw_logon *logon = logon_of(trails, process, what);
    struct iw_str user = what->user, address = what->address;
    if (user.n == 0 && process != NULL)
        user = process->user;
    if (user.n == 0 && logon != NULL)
        user = logon->user;
    if (user.n == 0)
        user = what->sid;
    if (user.n != 0) {
        iw_buffer_add(text, IW_STR(" as "));
        iw_buffer_add(text, user);
    }
    if (logon != NULL && logon->type != 0)
        iw_buffer_printf(text, ", logon type %u", logon->type);
    if (address.n == 0 && logon != NULL)
        address = iw_logons_address(context->logons, logon);
    if (address.n != 0) {
        iw_buffer_add(text, IW_STR(" from "));
        iw_buffer_add(text, address);
    }
}

/* System writes for whoever comes over the network, and for drivers: who was there. Where the audit
 * of the share tells it, that is an act of its own. */
static void add_visitor(const struct iw_component_trails *trails, const struct iw_chain_fact *what,
                        int64_t time_ns, struct iw_buffer *text)
{
    const struct iw_logon *logon;
    if (what->kind != IW_CHAIN_FACT_FILE ||
        !iw_str_equal_nocase(iw_path_name(what->process.image), IW_STR("System")))
        return;
    logon = iw_logons_over_network(trails->context->logons, time_ns, NEAR_NS);
    if (logon == NULL)
        return;
    iw_buffer_add(text, IW_STR(", perhaps for "));
    iw_buffer_add(text, logon->user.n != 0 ? logon->user : logon->sid);
    iw_buffer_add(text, IW_STR(", who had logged on over the network from "));
    iw_buffer_add(text, logon->address);
}

enum iw_rc iw_trail_tell_who(struct iw_component_trails *trails, const struct iw_process *process,
                             const struct iw_chain_fact *what, int64_t time_ns, struct iw_str *ret)
{
    struct iw_buffer text;
    enum iw_rc rc = IW_OK;
    iw_buffer_init(&text);
    add_process(process, what, &text);
    add_account(trails, process, what, &text);
    add_visitor(trails, what, time_ns, &text);
    if (process != NULL)
        rc = add_ancestors(process, &text);
    *ret = text.failed ? (struct iw_str){NULL, 0}
                       : iw_arena_copy(&trails->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return rc == IW_OK && ret->p != NULL ? IW_OK : IW_ENOMEM;
}

/* The events of an actor are kept once for all acts in a row. */
static enum iw_rc keep_event(struct iw_component_trails *trails, const struct iw_actor_event *event,
                             const struct iw_actor_event **ret)
{
    struct iw_actor_event *kept;
    *ret = NULL;
    if (event->place.event_id == 0)
        return IW_OK;
    kept = iw_arena_calloc(&trails->arena, 1, sizeof *kept);
    if (kept == NULL)
        return IW_ENOMEM;
    *kept = *event;
    *ret = kept;
    return IW_OK;
}

static enum iw_rc set_actor(struct iw_component_trails *trails, const struct iw_process *process,
                            const struct iw_logon *logon, struct iw_trail *trail)
{
    struct iw_actor_event event;
    if (process != NULL &&
        (process->number != trails->actor.process_number || trails->actor.process == NULL)) {
        IW_TRY(iw_actor_of_process(process, &trails->arena, &event));
        IW_TRY(keep_event(trails, &event, &trails->actor.process));
        trails->actor.process_number = process->number;
    }
    if (logon != NULL &&
        (logon->id != trails->actor.logon_id || logon->begin_ns != trails->actor.logon_begin_ns)) {
        IW_TRY(iw_actor_of_logon(trails->context->logons, logon, &trails->arena, &event));
        IW_TRY(keep_event(trails, &event, &trails->actor.logon));
        trails->actor.logon_id = logon->id;
        trails->actor.logon_begin_ns = logon->begin_ns;
    }
    trail->process = process != NULL ? trails->actor.process : NULL;
    trail->logon = logon != NULL ? trails->actor.logon : NULL;
    return IW_OK;
}

/* Logons of somebody who sits at it; with other credentials (9) a session goes on. */
static bool is_interactive(const struct iw_logon *logon)
{
    return logon != NULL &&
           (logon->type == 2 || logon->type == 7 || (logon->type >= 9 && logon->type <= 13));
}

static bool is_by_hand(const struct iw_process *process, const struct iw_logon *logon)
{
    return is_interactive(logon) ||
           (process != NULL && iw_process_ancestor(process, IW_STR("explorer.exe"), NULL) != NULL);
}

/* --- acts ------------------------------------------------------------------------------------- */

/* The latest deployment is kept once an act is near it. */
static enum iw_rc keep_deployment(struct iw_component_trails *trails)
{
    struct iw_fact fact = {.time_ns = trails->deployment.time_ns,
                           .channel = iw_buffer_str(&trails->deployment.channel),
                           .event_id = trails->deployment.event_id,
                           .record_id = trails->deployment.record_id,
                           .place = trails->deployment.place,
                           .payload = iw_buffer_str(&trails->deployment.payload)};
    if (trails->deployment.kept != 0)
        return IW_OK;
    if (!has_room(trails)) {
        trails->n_hidden++;
        return IW_OK;
    }
    if (iw_trail_keep(trails, &trails->deployments, &fact, "deployment") == NULL)
        return IW_ENOMEM;
    trails->deployment.kept = trails->deployments.n;
    return IW_OK;
}

enum iw_rc iw_trail_tell_act(struct iw_component_trails *trails, const struct iw_process *process,
                             const struct iw_chain_fact *what, struct iw_trail *trail)
{
    struct iw_str image = process != NULL ? process->name.image : what->process.image;
    const struct iw_logon *logon = logon_of(trails, process, what);
    trail->is_named = image.n != 0;
    IW_TRY(set_actor(trails, process, logon, trail));
    trail->deployment = iw_deployment_above(process, image, trails->settings, &trail->is_by_server);
    trail->is_by_hand = is_by_hand(process, logon);
    return IW_OK;
}

enum iw_rc iw_trail_index(struct iw_component_trails *trails, struct iw_map *map,
                          const struct iw_trail *trail, size_t place)
{
    struct iw_str key =
        iw_trail_key(trail->host, trail->channel, trail->record_id, trail->time_ns, &trails->arena);
    struct iw_map_entry *entry = key.p != NULL ? iw_map_add(map, key, NULL) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.number = place;
    return IW_OK;
}

/* Into a list of acts: who did it, and what was deployed then. */
static enum iw_rc see_act(struct iw_component_trails *trails, struct iw_trail_list *list,
                          const struct iw_fact *fact, const struct iw_chain_fact *what,
                          const char *role)
{
    const struct iw_process *process =
        iw_lineage_find(trails->context->lineage, &what->process, fact->time_ns);
    struct iw_trail *trail;
    if (!has_room(trails)) {
        trails->n_hidden++;
        return IW_OK;
    }
    trail = iw_trail_keep(trails, list, fact, role);
    if (trail == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_trail_tell_act(trails, process, what, trail));
    if (trails->deployment.words != NULL &&
        iw_chain_distance_ns(trails->deployment.time_ns, fact->time_ns) <= NEAR_NS) {
        IW_TRY(keep_deployment(trails));
        trail->near_by = trails->deployment.words;
        trail->near_at = trails->deployment.kept;
    }
    IW_TRY(iw_trail_tell_who(trails, process, what, fact->time_ns, &trail->who));
    if (list != &trails->acts)
        return IW_OK;
    return iw_trail_index(trails, &trails->by_event, trail, trails->acts.n);
}

static enum iw_rc note_deployment(struct iw_component_trails *trails, const struct iw_fact *fact,
                                  const char *words)
{
    int64_t time_ns = fact->time_ns;
    trails->deployment.words = words;
    trails->deployment.time_ns = time_ns;
    trails->deployment.event_id = fact->event_id;
    trails->deployment.record_id = fact->record_id;
    trails->deployment.place = fact->place;
    trails->deployment.kept = 0;
    iw_buffer_clear(&trails->deployment.channel);
    iw_buffer_add(&trails->deployment.channel, fact->channel);
    iw_buffer_clear(&trails->deployment.payload);
    iw_buffer_add(&trails->deployment.payload, fact->payload);
    if (trails->deployment.channel.failed || trails->deployment.payload.failed)
        return IW_ENOMEM;
    for (size_t i = trails->acts.n; i > trails->first_act; i--) {
        struct iw_trail *trail = &trails->acts.items[i - 1];
        if (iw_chain_distance_ns(trail->time_ns, time_ns) > NEAR_NS)
            break;
        IW_TRY(keep_deployment(trails));
        trail->near_by = words;
        trail->near_at = trails->deployment.kept;
    }
    return IW_OK;
}

static bool is_module(struct iw_str path, const struct iw_chain_settings *settings)
{
    return iw_str_ends_nocase(path, IW_STR(".dll")) &&
           iw_web_file_class_of(path, settings) == IW_WEB_FILE_SUPPORT;
}

/* --- what came after --------------------------------------------------------------------------
 */

static enum iw_rc see_after(struct iw_component_trails *trails, const struct iw_fact *fact,
                            const char *role)
{
    if (!has_room(trails)) {
        trails->n_hidden++;
        return IW_OK;
    }
    return iw_trail_keep(trails, &trails->after, fact, role) != NULL ? IW_OK : IW_ENOMEM;
}

/* What a web server speaks to that it did not speak to before anything was changed; once after each
 * act. Names of destinations are counted like events; past the limit none is news. */
static enum iw_rc see_network(struct iw_component_trails *trails, const struct iw_fact *fact,
                              const struct iw_chain_fact *what)
{
    size_t n_acts = trails->acts.n - trails->first_act;
    struct iw_map_entry *entry = iw_map_find(&trails->destinations, what->detail);
    bool is_new = entry == NULL;
    if (what->detail.n == 0 || !iw_program_may_serve(what->process.image, trails->settings))
        return IW_OK;
    if (is_new) {
        struct iw_str name;
        if (trails->destinations.n >= IW_LIMIT_TRAIL_DESTINATIONS) {
            trails->n_hidden++;
            return IW_OK;
        }
        name = iw_arena_copy(&trails->names, what->detail);
        entry = name.p != NULL ? iw_map_add(&trails->destinations, name, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        entry->value.number = n_acts;
    }
    /* 0: it was spoken to before the first act. */
    if (n_acts == 0 || entry->value.number == 0 || (!is_new && entry->value.number == n_acts))
        return IW_OK;
    entry->value.number = n_acts;
    return see_after(trails, fact, "network");
}

/* A command that names a DLL and changes web servers: where the change itself is told nowhere (the
 * log was off, or cleared), it is the act. */
static bool is_registration_command(const struct iw_chain_fact *what)
{
    return (iw_str_equal_nocase(iw_path_name(what->process.image), IW_STR("appcmd.exe")) ||
            iw_str_equal_nocase(what->original_name, IW_STR("appcmd.exe"))) &&
           iw_str_holds_nocase(what->command_line, IW_STR(".dll"));
}

/* A tool that nobody but whoever typed it stands above is none. */
static enum iw_rc see_deployment(struct iw_component_trails *trails, const struct iw_fact *fact,
                                 const struct iw_chain_fact *what)
{
    const struct iw_process *process =
        iw_lineage_find(trails->context->lineage, &what->process, fact->time_ns);
    struct iw_deployment deployment =
        iw_deployment_above(process, what->process.image, trails->settings, NULL);
    return deployment.words != NULL ? note_deployment(trails, fact, deployment.words) : IW_OK;
}

/* A shell that a web server started, itself or through others. */
static enum iw_rc see_process(struct iw_component_trails *trails, const struct iw_fact *fact,
                              const struct iw_chain_fact *what)
{
    const struct iw_program *program = iw_program_find(what->process.image, what->original_name);
    const struct iw_process *process;
    bool is_by_server = false;
    if (iw_deployment_of_program(what->process.image) != NULL)
        IW_TRY(see_deployment(trails, fact, what));
    if (is_registration_command(what))
        IW_TRY(see_act(trails, &trails->commands, fact, what, "process_created"));
    if (program == NULL || program->kind == IW_PROGRAM_COMPILER ||
        iw_program_is_hosted_application(program, what->command_line) ||
        iw_program_is_console_host(program, what->command_line))
        return IW_OK;
    process = iw_lineage_find(trails->context->lineage, &what->process, fact->time_ns);
    (void)iw_deployment_above(process, what->process.image, trails->settings, &is_by_server);
    if (!is_by_server &&
        !iw_program_serves(what->parent.image, what->parent_command_line, trails->settings))
        return IW_OK;
    return see_after(trails, fact, "child_created");
}

enum iw_rc iw_component_trails_see(struct iw_component_trails *trails, const struct iw_fact *fact,
                                   const struct iw_chain_fact *what)
{
    if (what == NULL || !iw_time_known(fact->time_ns))
        return IW_OK; /* counted by chains, who see the same facts */
    switch (what->kind) {
    case IW_CHAIN_FACT_CHANGE:
        return see_act(trails, &trails->acts, fact, what, "registration");
    case IW_CHAIN_FACT_FILE:
        if (what->action == IW_CHAIN_FILE_DELETED)
            return IW_OK;
        IW_TRY(iw_trail_see_written(trails, fact, what));
        return is_module(what->path, trails->settings)
                   ? see_act(trails, &trails->acts, fact, what, "file_created")
                   : iw_trail_see_page(trails, fact, what);
    case IW_CHAIN_FACT_PROCESS:
        return see_process(trails, fact, what);
    case IW_CHAIN_FACT_DEPLOYMENT: {
        const char *words = iw_deployment_of_record(fact->channel, fact->event_id);
        return words != NULL ? note_deployment(trails, fact, words) : IW_OK;
    }
    case IW_CHAIN_FACT_POOL:
        return see_after(trails, fact, "pool_event");
    case IW_CHAIN_FACT_NETWORK:
        return see_network(trails, fact, what);
    case IW_CHAIN_FACT_COMPILED:
    case IW_CHAIN_FACT_LOAD: /* the finding has loads of its own */
    case IW_CHAIN_FACT_CLOCK:
    case IW_CHAIN_FACT_ENDED:
    case IW_CHAIN_FACT_ACCESS:
    case IW_CHAIN_FACT_KIND_COUNT:
        break;
    }
    return IW_OK;
}

struct iw_component_trails_account
iw_component_trails_account(const struct iw_component_trails *trails)
{
    return (struct iw_component_trails_account){
        trails->acts.n + trails->commands.n, trails->after.n,
        trails->n_hidden + trails->n_pages_hidden + trails->n_written_hidden};
}
