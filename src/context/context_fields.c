/*
 * Context fields. Each function fills an answer that says "unknown" to begin with.
 */
#include "context/context_fields.h"

#include <stdio.h>

#include "base/path_name.h"
#include "iis/web/web_defaults.h"

void iw_context_asking_init(struct iw_context_asking *asking, const struct iw_host_context *context)
{
    memset(asking, 0, sizeof *asking);
    asking->context = context;
    iw_arena_init(&asking->arena, 0);
}

void iw_context_asking_done(struct iw_context_asking *asking)
{
    iw_arena_done(&asking->arena);
}

static bool names_process(const struct iw_process_name *name)
{
    return name->has_pid || iw_process_guid_known(name->guid);
}

static const struct iw_logon *logon_of(const struct iw_context_asking *asking)
{
    const struct iw_context_subject *subject = &asking->subject;
    /* Two witnesses know more of a process than one event about it. */
    if (asking->process != NULL && asking->process->has_logon)
        return iw_logons_find(asking->context->logons, asking->process->logon_id);
    return subject->has_logon ? iw_logons_find(asking->context->logons, subject->logon_id) : NULL;
}

enum iw_rc iw_context_asking_begin(struct iw_context_asking *asking,
                                   const struct iw_context_subject *subject, int64_t time_ns)
{
    const struct iw_host_context *context = asking->context;

    iw_arena_reset(&asking->arena);
    asking->subject = *subject;
    asking->time_ns = time_ns;
    asking->state = (struct iw_web_state){.knowledge = IW_WEB_UNKNOWN, .is_partial = true};
    if (context->places != NULL)
        asking->state = iw_web_places_at(context->places, context->host, time_ns);
    memset(&asking->request, 0, sizeof asking->request);
    if (subject->is_request && context->places != NULL)
        IW_TRY(iw_request_root_find(&asking->state,
                                    iw_web_places_server(context->places, context->host),
                                    &subject->request, time_ns, &asking->arena, &asking->request));
    asking->process = names_process(&subject->process)
                          ? iw_lineage_find(context->lineage, &subject->process, time_ns)
                          : NULL;
    asking->worker = NULL;
    asking->knows_all_ancestors = false;
    asking->pool = (struct iw_worker_pool){IW_STR(""), NULL};
    asking->logon = logon_of(asking);
    if (asking->process != NULL)
        asking->worker = iw_process_worker(asking->process, &asking->knows_all_ancestors);
    if (asking->worker == NULL)
        return IW_OK;
    return iw_host_context_pool(context, asking->worker, &asking->state, &asking->arena,
                                &asking->pool);
}

/* --- answers -------------------------------------------------------------------------------------
 */

/* Adds a value that is not there yet. */
static void add(struct iw_context_answer *answer, struct iw_str value)
{
    for (size_t i = 0; i < answer->n; i++) {
        if (iw_str_equal(answer->values[i], value))
            return;
    }
    if (answer->n == IW_CONTEXT_ANSWER_VALUES)
        answer->is_partial = true;
    else
        answer->values[answer->n++] = value;
}

/* Known, with one value, or with none where it is empty. */
static void tell(struct iw_context_answer *answer, struct iw_str value)
{
    answer->is_known = true;
    if (value.n != 0)
        add(answer, value);
}

/* Whether nothing of a worker's can be said: *answer* is then what it has to be. */
static bool has_no_pool(const struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    if (asking->pool.pool.n != 0)
        return false;
    /* A process of which all ancestors are known, or none at all: no worker has to do with it. */
    answer->is_known = asking->worker == NULL &&
                       (!names_process(&asking->subject.process) || asking->knows_all_ancestors);
    return true;
}

/* Of a request: what is known of where it went. */
static void tell_request(const struct iw_context_asking *asking, struct iw_context_answer *answer,
                         struct iw_str value)
{
    answer->is_assumed = asking->request.is_assumed;
    if (value.n != 0)
        tell(answer, value);
}

/* Roots the event is about: those its file lies in, else those of its pool. */
static enum iw_rc each_root(struct iw_context_asking *asking, struct iw_context_answer *answer,
                            struct iw_str (*part)(const struct iw_inventory_root *root))
{
    const struct iw_web_state *state = &asking->state;
    size_t roots[IW_CONTEXT_ANSWER_VALUES], n = 0;
    bool no_memory = false;

    if (asking->subject.file.n != 0)
        n = iw_web_roots_of_file(state, asking->subject.file, &asking->arena, roots,
                                 IW_CONTEXT_ANSWER_VALUES, &no_memory);
    if (no_memory)
        return IW_ENOMEM;
    answer->is_assumed = state->knowledge != IW_WEB_CONFIGURED;
    for (size_t i = 0; i < n; i++)
        tell(answer, part(&state->roots[roots[i]]));
    if (n != 0 || has_no_pool(asking, answer))
        return IW_OK;
    for (size_t i = 0; i < state->n_roots; i++) {
        if (iw_web_root_has_pool(&state->roots[i], asking->pool.pool))
            tell(answer, part(&state->roots[i]));
    }
    /* A pool that is in no configuration serves what is not known. */
    answer->is_known |= !state->is_partial;
    answer->is_partial |= state->is_partial;
    return IW_OK;
}

static struct iw_str site_of(const struct iw_inventory_root *root)
{
    return root->site;
}

static struct iw_str path_of(const struct iw_inventory_root *root)
{
    return root->path;
}

static struct iw_str pool_of(const struct iw_inventory_root *root)
{
    return root->pool;
}

/* The root a request went to. */
static struct iw_str part_of_request(const struct iw_context_asking *asking,
                                     struct iw_str (*part)(const struct iw_inventory_root *root))
{
    return asking->request.root != NULL ? part(asking->request.root) : IW_STR("");
}

static enum iw_rc answer_site(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    if (asking->subject.is_request) {
        tell_request(asking, answer, asking->request.site);
        return IW_OK;
    }
    return each_root(asking, answer, site_of);
}

static enum iw_rc answer_root(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    if (asking->subject.is_request) {
        tell_request(asking, answer, part_of_request(asking, path_of));
        return IW_OK;
    }
    return each_root(asking, answer, path_of);
}

static enum iw_rc answer_pool(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    if (asking->subject.is_request)
        tell_request(asking, answer, part_of_request(asking, pool_of));
    else if (!has_no_pool(asking, answer))
        tell(answer, asking->pool.pool);
    return IW_OK;
}

static enum iw_rc answer_url(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    const struct iw_web_state *state = &asking->state;
    size_t roots[IW_CONTEXT_ANSWER_VALUES], n;
    bool no_memory = false;

    if (asking->subject.is_request) { /* the log says it */
        tell(answer, asking->subject.request.url);
        return IW_OK;
    }
    answer->is_assumed = state->knowledge != IW_WEB_CONFIGURED;
    answer->is_known = asking->subject.file.n == 0 || !state->is_partial;
    if (asking->subject.file.n == 0)
        return IW_OK;
    n = iw_web_roots_of_file(state, asking->subject.file, &asking->arena, roots,
                             IW_CONTEXT_ANSWER_VALUES, &no_memory);
    for (size_t i = 0; i < n && !no_memory; i++) {
        struct iw_str url =
            iw_web_url_of_file(state, roots[i], asking->subject.file, &asking->arena);
        no_memory |= url.p == NULL;
        if (url.n != 0)
            tell(answer, url);
    }
    return no_memory ? IW_ENOMEM : IW_OK;
}

/* Whether the file is one that was collected and executes. */
static bool is_web_file(const struct iw_context_asking *asking, struct iw_str file,
                        bool *ret_is_certain)
{
    const struct iw_host_context *context = asking->context;
    const struct iw_inventory_server *server =
        context->places != NULL ? iw_web_places_server(context->places, context->host) : NULL;
    for (size_t i = 0; server != NULL && file.n != 0 && i < server->n_web_files; i++) {
        if (!iw_str_equal_nocase(server->web_files[i].file.path, file))
            continue;
        *ret_is_certain = server->web_files[i].is_certain;
        return true;
    }
    return false;
}

/* Files that were collected are known to execute or not; of others the usual endings are. */
static enum iw_rc answer_executable(struct iw_context_asking *asking,
                                    struct iw_context_answer *answer)
{
    bool is_request = asking->subject.is_request, is_certain = false, no_memory = false;
    struct iw_str file = is_request ? asking->request.file : asking->subject.file;
    const struct iw_web_ending *ending =
        iw_web_ending_of(iw_path_name(is_request ? asking->request.named : file));
    size_t root;

    answer->is_assumed = true;
    if (is_web_file(asking, file, &is_certain)) {
        tell(answer, IW_STR("true"));
        answer->is_assumed = !is_certain || (is_request && asking->request.is_assumed);
        return IW_OK;
    }
    if (!is_request && (file.n == 0 || (iw_web_roots_of_file(&asking->state, file, &asking->arena,
                                                             &root, 1, &no_memory) == 0 &&
                                        !asking->state.is_partial)))
        answer->is_known = !no_memory; /* no file of the web: the field is absent */
    else if (ending != NULL && !ending->is_indirect)
        tell(answer, IW_STR("true"));
    return no_memory ? IW_ENOMEM : IW_OK;
}

static enum iw_rc answer_ancestors(struct iw_context_asking *asking,
                                   struct iw_context_answer *answer)
{
    const struct iw_process *ancestors[IW_CONTEXT_ANSWER_VALUES];
    bool is_complete = false;
    size_t n;

    answer->is_known = !names_process(&asking->subject.process);
    if (asking->process == NULL)
        return IW_OK;
    n = iw_process_ancestors(asking->process, ancestors, IW_CONTEXT_ANSWER_VALUES, &is_complete);
    answer->is_known = n != 0 || is_complete;
    answer->is_partial = !is_complete;
    for (size_t i = 0; i < n; i++) {
        if (ancestors[i]->name.image.n != 0)
            add(answer, ancestors[i]->name.image);
    }
    return IW_OK;
}

/* Of what is not known nothing follows here: the list is that of the evidence, and never open. */
static enum iw_rc answer_seen_ancestors(struct iw_context_asking *asking,
                                        struct iw_context_answer *answer)
{
    enum iw_rc rc = answer_ancestors(asking, answer);
    answer->is_known = true;
    answer->is_partial = false;
    return rc;
}

/* --- logons --------------------------------------------------------------------------------------
 */

/* Of an event that has to do with no logon, these fields are absent. */
static bool has_no_logon(const struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    const struct iw_context_subject *subject = &asking->subject;
    answer->is_known = !subject->has_logon && !names_process(&subject->process) &&
                       subject->user.n == 0 && subject->sid.n == 0;
    return asking->logon == NULL;
}

static enum iw_rc answer_type(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    char text[12];
    struct iw_str kept;
    int n;

    if (has_no_logon(asking, answer))
        return IW_OK;
    if (asking->logon->is_of_windows) { /* at boot, and as a service */
        tell(answer, IW_STR("0"));
        add(answer, IW_STR("5"));
    }
    if (!asking->logon->is_seen)
        return IW_OK;
    n = snprintf(text, sizeof text, "%u", (unsigned)asking->logon->type);
    kept = iw_arena_copy(&asking->arena, (struct iw_str){text, (size_t)n});
    if (kept.p == NULL)
        return IW_ENOMEM;
    tell(answer, kept);
    return IW_OK;
}

static enum iw_rc answer_user(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    const struct iw_host_context *context = asking->context;
    struct iw_str user = IW_STR(""), sid = asking->subject.sid;

    if (!has_no_logon(asking, answer)) {
        user = asking->logon->user;
        sid = asking->logon->sid.n != 0 ? asking->logon->sid : sid;
    }
    if (user.n == 0 && asking->process != NULL)
        user = asking->process->user;
    if (user.n == 0)
        user = asking->subject.user;
    if (user.n == 0 && sid.n != 0)
        user = context->names != NULL
                   ? iw_sid_names_find(context->names, context->host, sid, asking->time_ns)
                   : iw_sid_well_known(sid);
    if (user.n != 0)
        tell(answer, user);
    return IW_OK;
}

static enum iw_rc answer_address(struct iw_context_asking *asking, struct iw_context_answer *answer)
{
    if (!has_no_logon(asking, answer) && asking->logon->is_of_windows)
        answer->is_known = true;
    else if (asking->logon != NULL && asking->logon->is_seen)
        tell(answer, iw_logons_address(asking->context->logons, asking->logon));
    return IW_OK;
}

static enum iw_rc answer_elevated(struct iw_context_asking *asking,
                                  struct iw_context_answer *answer)
{
    if (!has_no_logon(asking, answer) && asking->logon->elevated != IW_SAID_NOTHING)
        tell(answer, asking->logon->elevated == IW_SAID_YES ? IW_STR("true") : IW_STR("false"));
    return IW_OK;
}

/* --- components ----------------------------------------------------------------------------------
 */

static bool has_image(const struct iw_inventory_component *component, struct iw_str file)
{
    if (iw_str_equal_nocase(component->image_path, file))
        return true;
    for (size_t i = 0; i < component->n_files; i++) {
        if (iw_str_equal_nocase(component->files[i].path, file))
            return true;
    }
    return false;
}

/* What is registered with the event's file as its image, now: the inventory is of one time. */
static enum iw_rc each_component(struct iw_context_asking *asking, struct iw_context_answer *answer,
                                 struct iw_str (*part)(const struct iw_inventory_component *))
{
    const struct iw_host_context *context = asking->context;
    const struct iw_inventory_server *server =
        context->places != NULL ? iw_web_places_server(context->places, context->host) : NULL;

    answer->is_assumed = true;
    if (asking->subject.file.n == 0 || (server != NULL && server->is_authoritative))
        answer->is_known = true;
    for (size_t i = 0; server != NULL && asking->subject.file.n != 0 && i < server->n_components;
         i++) {
        if (has_image(&server->components[i], asking->subject.file))
            tell(answer, part(&server->components[i]));
    }
    return IW_OK;
}

static struct iw_str kind_of(const struct iw_inventory_component *component)
{
    return iw_str_of(component->kind);
}

static struct iw_str name_of(const struct iw_inventory_component *component)
{
    return component->name;
}

static struct iw_str status_of(const struct iw_inventory_component *component)
{
    return iw_str_of(iw_approval_name(component->approval));
}

static enum iw_rc answer_component_kind(struct iw_context_asking *asking,
                                        struct iw_context_answer *answer)
{
    return each_component(asking, answer, kind_of);
}

static enum iw_rc answer_component_name(struct iw_context_asking *asking,
                                        struct iw_context_answer *answer)
{
    return each_component(asking, answer, name_of);
}

static enum iw_rc answer_component_status(struct iw_context_asking *asking,
                                          struct iw_context_answer *answer)
{
    return each_component(asking, answer, status_of);
}

/* --- the table -----------------------------------------------------------------------------------
 */

static const struct {
    const char *field;
    enum iw_rc (*answer)(struct iw_context_asking *asking, struct iw_context_answer *answer);
} FIELDS[] = {
    {"Web.Site", answer_site},
    {"Web.AppPool", answer_pool},
    {"Web.Root", answer_root},
    {"Web.Url", answer_url},
    {"Web.Executable", answer_executable},
    {"Component.Kind", answer_component_kind},
    {"Component.Name", answer_component_name},
    {"Component.Status", answer_component_status},
    {"Ancestor.Image", answer_ancestors},
    {"Ancestor.Seen", answer_seen_ancestors},
    {"Logon.Type", answer_type},
    {"Logon.User", answer_user},
    {"Logon.IpAddress", answer_address},
    {"Logon.Elevated", answer_elevated},
};

bool iw_context_field_is_here(struct iw_str field)
{
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        if (iw_str_equal_nocase(field, iw_str_of(FIELDS[i].field)))
            return true;
    }
    return false;
}

enum iw_rc iw_context_field_ask(void *asking, struct iw_str field, struct iw_context_answer *ret)
{
    ret->is_known = ret->is_partial = ret->is_assumed = false;
    ret->n = 0;
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        if (iw_str_equal_nocase(field, iw_str_of(FIELDS[i].field)))
            return FIELDS[i].answer(asking, ret);
    }
    return IW_OK;
}
