/*
 * A rule hit as a finding. One table says, by kind of event, what the finding is about (its
 * subject) and which fields are worth a place in the evidence; an event of no known kind is about
 * its log source and shows its payload.
 *
 * Identity: anchor = channel, event id, time to the millisecond, and ProcessGuid or process id;
 * never a file, offset or record id, so that the same act has the same id in every copy and run.
 */
#include "engine/rule_finding.h"

#include "base/json.h"
#include "context/worker_process.h"
#include "event/flatten.h"
#include "event/logsource.h"
#include "event/taxonomy.h"

#define NS_PER_MS 1000000

/* What a finding about one kind of event shows. */
struct event_view {
    const char *category; /* of event/logsource; NULL: by channel and id below */
    const char *channel;
    uint32_t event_id;
    const char *subject_type;
    uint32_t subject;    /* canonical field */
    uint32_t detail;     /* canonical field for the table */
    uint32_t fields[12]; /* canonical fields of the evidence item; ends with 0 */
};

static const struct event_view VIEWS[] = {
    {"process_creation",
     NULL,
     0,
     "process",
     IW_FIELD_IMAGE,
     IW_FIELD_COMMAND_LINE,
     {IW_FIELD_IMAGE, IW_FIELD_COMMAND_LINE, IW_FIELD_USER, IW_FIELD_PROCESS_ID,
      IW_FIELD_PROCESS_GUID, IW_FIELD_CURRENT_DIRECTORY, IW_FIELD_PARENT_IMAGE,
      IW_FIELD_PARENT_COMMAND_LINE, IW_FIELD_PARENT_PROCESS_ID, IW_FIELD_INTEGRITY_LEVEL,
      IW_FIELD_HASHES}},
    {"file_event",
     NULL,
     0,
     "file",
     IW_FIELD_TARGET_FILENAME,
     IW_FIELD_TARGET_FILENAME,
     {IW_FIELD_TARGET_FILENAME, IW_FIELD_IMAGE, IW_FIELD_USER, IW_FIELD_PROCESS_ID,
      IW_FIELD_PROCESS_GUID}},
    {"create_stream_hash",
     NULL,
     0,
     "file",
     IW_FIELD_TARGET_FILENAME,
     IW_FIELD_TARGET_FILENAME,
     {IW_FIELD_TARGET_FILENAME, IW_FIELD_IMAGE, IW_FIELD_USER, IW_FIELD_PROCESS_ID,
      IW_FIELD_PROCESS_GUID}},
    {"file_executable_detected",
     NULL,
     0,
     "file",
     IW_FIELD_TARGET_FILENAME,
     IW_FIELD_TARGET_FILENAME,
     {IW_FIELD_TARGET_FILENAME, IW_FIELD_IMAGE, IW_FIELD_USER, IW_FIELD_PROCESS_ID,
      IW_FIELD_PROCESS_GUID, IW_FIELD_HASHES}},
    {"image_load",
     NULL,
     0,
     "component",
     IW_FIELD_IMAGE_LOADED,
     IW_FIELD_IMAGE_LOADED,
     {IW_FIELD_IMAGE_LOADED, IW_FIELD_IMAGE, IW_FIELD_USER, IW_FIELD_PROCESS_ID,
      IW_FIELD_PROCESS_GUID, IW_FIELD_SIGNED, IW_FIELD_SIGNATURE, IW_FIELD_SIGNATURE_STATUS,
      IW_FIELD_HASHES}},
    {"registry_event",
     NULL,
     0,
     "file",
     IW_FIELD_TARGET_OBJECT,
     IW_FIELD_TARGET_OBJECT,
     {IW_FIELD_TARGET_OBJECT, IW_FIELD_DETAILS, IW_FIELD_IMAGE, IW_FIELD_USER, IW_FIELD_PROCESS_ID,
      IW_FIELD_PROCESS_GUID}},
    {"process_access",
     NULL,
     0,
     "process",
     IW_FIELD_TARGET_IMAGE,
     IW_FIELD_TARGET_IMAGE,
     {IW_FIELD_SOURCE_IMAGE, IW_FIELD_TARGET_IMAGE, IW_FIELD_GRANTED_ACCESS}},
    {NULL,
     "Microsoft-IIS-Configuration/Operational",
     29,
     "component",
     IW_FIELD_CONFIGURATION,
     IW_FIELD_CONFIGURATION,
     {IW_FIELD_CONFIGURATION, IW_FIELD_CONFIG_PATH, IW_FIELD_PHYSICAL_PATH, IW_FIELD_OLD_VALUE,
      IW_FIELD_NEW_VALUE, IW_FIELD_SECURITY_USER_ID, IW_FIELD_EXECUTION_PROCESS_ID}},
    {NULL,
     "Security",
     4663,
     "file",
     IW_FIELD_OBJECT_NAME,
     IW_FIELD_OBJECT_NAME,
     {IW_FIELD_OBJECT_NAME, IW_FIELD_PROCESS_NAME, IW_FIELD_ACCESS_MASK, IW_FIELD_SUBJECT_USER_NAME,
      IW_FIELD_SUBJECT_DOMAIN_NAME, IW_FIELD_PROCESS_ID}},
};

static const struct event_view *view_of(const struct iw_event *event)
{
    for (size_t i = 0; i < sizeof VIEWS / sizeof VIEWS[0]; i++) {
        const struct event_view *view = &VIEWS[i];
        size_t n = 0;
        const struct iw_log_row *rows;
        if (view->category == NULL) {
            if (event->event_id == view->event_id &&
                iw_str_equal_nocase(event->channel, iw_str_of(view->channel)))
                return view;
            continue;
        }
        rows = iw_log_source_find(IW_LOG_CATEGORY, iw_str_of(view->category), &n);
        if (rows != NULL && iw_log_source_has(rows, n, event->channel, event->event_id))
            return view;
    }
    return NULL;
}

/* --- pieces
 * -------------------------------------------------------------------------------------------------------
 */

struct builder {
    const struct iw_sigma_rule *rule;
    const struct iw_event *event;
    const struct event_view *view; /* may be NULL */
    struct iw_finding *finding;
    struct iw_arena *arena;   /* of the finding */
    struct iw_arena *scratch; /* of what is only looked at */
    struct iw_buffer text;
    bool no_memory;
};

static struct iw_str kept(struct builder *b, struct iw_str text)
{
    struct iw_str copy = iw_arena_copy(b->arena, text);
    if (copy.p == NULL)
        b->no_memory = true;
    return copy;
}

static struct iw_str kept_buffer(struct builder *b)
{
    if (b->text.failed)
        b->no_memory = true;
    return kept(b, iw_buffer_str(&b->text));
}

/* Not iw_taxonomy_text: a field that could not be made for want of memory must not look absent. */
static struct iw_str field_text(struct builder *b, uint32_t canonical)
{
    const struct iw_taxonomy_row *row = iw_taxonomy_row_of(b->event, canonical);
    const struct iw_field *field;
    struct iw_str text = {"", 0};
    if (row != NULL) {
        if (iw_taxonomy_value(row, b->event, b->scratch, &text) == IW_ENOMEM)
            text.p = NULL;
    } else if ((field = iw_event_find(b->event, canonical)) != NULL) {
        text = iw_value_text(iw_field_value(field), b->scratch);
    }
    if (text.p != NULL)
        return text;
    b->no_memory = true;
    return IW_STR("");
}

/* The worker process this event tells of, as the parent or the process itself; its pool, or an
 * empty string. */
static struct iw_str pool_of(struct builder *b)
{
    if (iw_is_worker_image(field_text(b, IW_FIELD_PARENT_IMAGE)))
        return iw_worker_pool(field_text(b, IW_FIELD_PARENT_COMMAND_LINE));
    if (iw_is_worker_image(field_text(b, IW_FIELD_IMAGE)))
        return iw_worker_pool(field_text(b, IW_FIELD_COMMAND_LINE));
    return (struct iw_str){"", 0};
}

static void set_subject(struct builder *b)
{
    struct iw_finding *f = b->finding;
    struct iw_str name = b->view != NULL ? field_text(b, b->view->subject) : (struct iw_str){"", 0};
    if (name.n != 0) {
        f->subject_type = iw_str_of(b->view->subject_type);
        f->subject_name = kept(b, name);
        f->detail = kept(b, field_text(b, b->view->detail));
        return;
    }
    iw_buffer_clear(&b->text);
    iw_buffer_add(&b->text, b->event->channel);
    iw_buffer_add_char(&b->text, '/');
    iw_buffer_add_u64(&b->text, b->event->event_id);
    f->subject_type = IW_STR("logsource");
    f->subject_name = kept_buffer(b);
}

/* The names of IIS-Configuration 29: which setting, and what it became. */
static void set_configuration_detail(struct builder *b)
{
    struct iw_str value = field_text(b, IW_FIELD_NEW_VALUE);
    if (b->view == NULL || b->view->subject != IW_FIELD_CONFIGURATION || value.n == 0)
        return;
    iw_buffer_clear(&b->text);
    iw_buffer_add(&b->text, b->finding->subject_name);
    iw_buffer_add(&b->text, IW_STR(" = "));
    iw_buffer_add(&b->text, value);
    b->finding->detail = kept_buffer(b);
}

static void set_anchor(struct builder *b)
{
    struct iw_str process = field_text(b, IW_FIELD_PROCESS_GUID);
    int64_t time_ms = iw_time_known(b->event->time_ns) ? b->event->time_ns / NS_PER_MS : 0;
    if (process.n == 0)
        process = field_text(b, IW_FIELD_PROCESS_ID);
    if (process.n == 0)
        process = field_text(b, IW_FIELD_EXECUTION_PROCESS_ID);
    iw_buffer_clear(&b->text);
    for (size_t i = 0; i < b->event->channel.n; i++)
        iw_buffer_add_char(&b->text, iw_ascii_lower(b->event->channel.p[i]));
    iw_buffer_printf(&b->text, "/%u@%lld:", b->event->event_id, (long long)time_ms);
    for (size_t i = 0; i < process.n; i++)
        iw_buffer_add_char(&b->text, iw_ascii_lower(process.p[i]));
    b->finding->anchor = kept_buffer(b);
}

static void set_why(struct builder *b)
{
    struct iw_str *items = iw_arena_alloc(b->arena, 2 * sizeof *items);
    size_t n = 0;
    if (items == NULL) {
        b->no_memory = true;
        return;
    }
    if (b->rule->description.n != 0)
        items[n++] = b->rule->description;
    if (b->finding->pool.n != 0) {
        iw_buffer_clear(&b->text);
        iw_buffer_add(&b->text, IW_STR("the worker serves application pool "));
        iw_buffer_add(&b->text, b->finding->pool);
        items[n++] = kept_buffer(b);
    }
    b->finding->why = (struct iw_text_list){items, n};
}

/* The fields of the evidence item: those of the view by their canonical names, else the whole
 * payload. */
static struct iw_str evidence_fields(struct builder *b)
{
    struct iw_json json;
    iw_buffer_clear(&b->text);
    iw_json_init(&json, &b->text);
    iw_json_object(&json);
    for (size_t i = 0; b->view != NULL && i < sizeof b->view->fields / sizeof b->view->fields[0] &&
                       b->view->fields[i] != 0;
         i++) {
        struct iw_str value = field_text(b, b->view->fields[i]);
        if (value.n == 0)
            continue;
        iw_json_key(&json, iw_field_canonical_text(b->view->fields[i]));
        iw_json_text(&json, value);
    }
    /* What context adds stands under its own name, so that nobody takes it for a field of the
     * record. */
    if (b->finding->pool.n != 0)
        iw_json_member_text(&json, "Web.AppPool", b->finding->pool);
    if (b->view == NULL)
        iw_event_flatten_payload(b->event, &json, b->scratch);
    iw_json_object_end(&json);
    return kept_buffer(b);
}

static void set_evidence(struct builder *b, struct iw_str source_path)
{
    struct iw_evidence_item *item = iw_arena_calloc(b->arena, 1, sizeof *item);
    if (item == NULL) {
        b->no_memory = true;
        return;
    }
    item->role = IW_STR("match");
    item->time_ns = b->event->time_ns;
    item->channel = kept(b, b->event->channel);
    item->event_id = b->event->event_id;
    item->record_id = b->event->record_id;
    item->source = source_path;
    item->offset = b->event->offset;
    item->fields_json = evidence_fields(b);
    b->finding->evidence = item;
    b->finding->n_evidence = 1;
}

static void set_event(struct builder *b)
{
    struct iw_json json;
    iw_buffer_clear(&b->text);
    iw_json_init(&json, &b->text);
    iw_json_object(&json);
    iw_event_flatten(b->event, &json, b->scratch);
    iw_json_object_end(&json);
    b->finding->event_json = kept_buffer(b);
}

static void set_from_rule(struct builder *b)
{
    struct iw_finding *f = b->finding;
    f->kind = b->rule->kind;
    f->rule_account = b->rule->account_index;
    f->level = b->rule->level;
    f->score = iw_level_score(b->rule->level);
    f->title = f->rule_title = b->rule->title;
    f->rule_id = b->rule->id;
    f->analytic = b->rule->analytic;
    f->attack = b->rule->attack;
    f->triage = b->rule->triage;
    /* One event is never a whole sequence: a hit for an analytic says so. */
    f->is_partial = b->rule->analytic.n != 0;
}

/* --- rules
 * --------------------------------------------------------------------------------------------------------
 */

/* A text of several lines as one: descriptions are YAML blocks. p NULL: no memory. */
static struct iw_str one_line(struct iw_str text, struct iw_arena *arena)
{
    char *p = iw_arena_alloc(arena, text.n + 1);
    size_t n = 0;
    bool in_space = false;
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!is_space && in_space && n != 0)
            p[n++] = ' ';
        if (!is_space)
            p[n++] = c;
        in_space = is_space;
    }
    return (struct iw_str){p, n};
}

static bool keep_list(struct iw_text_list *list, struct iw_arena *arena)
{
    struct iw_str *items = iw_arena_alloc(arena, (list->n + 1) * sizeof *items);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < list->n; i++) {
        items[i] = iw_arena_copy(arena, list->items[i]);
        if (items[i].p == NULL)
            return false;
    }
    list->items = items;
    return true;
}

enum iw_rc iw_rule_finding_keep_rule(const struct iw_sigma_rule *rule, struct iw_arena *arena,
                                     struct iw_sigma_rule *ret)
{
    *ret = *rule;
    ret->id = iw_arena_copy(arena, rule->id);
    ret->title = iw_arena_copy(arena, rule->title);
    ret->name = ret->status = IW_STR(""); /* no finding shows them */
    ret->description = one_line(rule->description, arena);
    ret->falsepositives = (struct iw_text_list){NULL, 0};
    if (ret->id.p == NULL || ret->title.p == NULL || ret->description.p == NULL ||
        !keep_list(&ret->attack, arena) || !keep_list(&ret->analytic, arena) ||
        !keep_list(&ret->triage, arena))
        return IW_ENOMEM;
    return IW_OK;
}

enum iw_rc iw_rule_finding_make(const struct iw_sigma_rule *rule, const struct iw_event *event,
                                struct iw_str source_path, struct iw_arena *arena,
                                struct iw_arena *scratch, struct iw_finding *ret)
{
    struct builder b = {.rule = rule,
                        .event = event,
                        .view = view_of(event),
                        .finding = ret,
                        .arena = arena,
                        .scratch = scratch};

    memset(ret, 0, sizeof *ret);
    iw_buffer_init(&b.text);
    set_from_rule(&b);
    ret->computer = kept(&b, event->computer);
    ret->first_time_ns = ret->last_time_ns = event->time_ns;
    ret->user = kept(&b, field_text(&b, IW_FIELD_USER));
    ret->pool = kept(&b, pool_of(&b));
    set_subject(&b);
    set_configuration_detail(&b);
    set_anchor(&b);
    set_why(&b);
    set_evidence(&b, source_path);
    set_event(&b);
    iw_buffer_done(&b.text);
    return b.no_memory ? IW_ENOMEM : IW_OK;
}
