/*
 * What a finding shows of one event. One table says, by kind of event, what the finding is about
 * (its subject) and which fields are worth a place in the evidence; an event of no known kind is
 * about its log source and shows its payload.
 */
#include "engine/event_finding.h"

#include "base/json.h"
#include "context/worker_process.h"
#include "event/flatten.h"
#include "event/logsource.h"
#include "event/taxonomy.h"
#include "event/channel.h"

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
     IW_CHANNEL_IIS_CONFIGURATION,
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

/* Which process did it, for the anchor. */
static void set_process(struct builder *b)
{
    struct iw_str process = field_text(b, IW_FIELD_PROCESS_GUID);
    if (process.n == 0)
        process = field_text(b, IW_FIELD_PROCESS_ID);
    if (process.n == 0)
        process = field_text(b, IW_FIELD_EXECUTION_PROCESS_ID);
    iw_buffer_clear(&b->text);
    for (size_t i = 0; i < process.n; i++)
        iw_buffer_add_char(&b->text, iw_ascii_lower(process.p[i]));
    b->finding->anchor = kept_buffer(b);
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

static void set_evidence(struct builder *b)
{
    struct iw_evidence_item *item = iw_arena_calloc(b->arena, 1, sizeof *item);
    if (item == NULL) {
        b->no_memory = true;
        return;
    }
    item->role = IW_STR("match");
    item->time_ns = IW_TIME_UNKNOWN;
    item->channel = kept(b, b->event->channel);
    item->event_id = b->event->event_id;
    item->record_id = b->event->record_id;
    item->source = IW_STR("");
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

enum iw_rc iw_event_finding_make(const struct iw_event *event, struct iw_arena *arena,
                                 struct iw_arena *scratch, struct iw_finding *ret)
{
    struct builder b = {
        .event = event, .view = view_of(event), .finding = ret, .arena = arena, .scratch = scratch};

    memset(ret, 0, sizeof *ret);
    ret->is_local_time = (event->flags & IW_EVENT_TIME_LOCAL) != 0;
    iw_buffer_init(&b.text);
    ret->user = kept(&b, field_text(&b, IW_FIELD_USER));
    ret->pool = kept(&b, pool_of(&b));
    set_subject(&b);
    set_configuration_detail(&b);
    set_process(&b);
    set_evidence(&b);
    set_event(&b);
    iw_buffer_done(&b.text);
    return b.no_memory ? IW_ENOMEM : IW_OK;
}
