/*
 * The links of a chain as evidence, in event time: writings that came before a shell, the file as
 * it was collected, the request, the compiling, shells and what they did. Fields are those of the
 * fact, under their canonical names.
 */
#include <stdlib.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/limits.h"
#include "detect/chain/chain_members.h"
#include "detect/chain/chain_telling.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

struct gathering {
    struct iw_telling *telling;
    struct iw_evidence_item *items;
    size_t n, cap;
};

/* --- fields ----------------------------------------------------------------------------------- */

static void guid_member(struct iw_json *json, const char *key, struct iw_process_guid guid)
{
    static const size_t PARTS[] = {4, 2, 2, 2, 6}; /* bytes between two dashes */
    const uint8_t *bytes = guid.bytes;
    char text[40];
    size_t n = 0;
    if (!iw_process_guid_known(guid))
        return;
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        text[n++] = i == 0 ? '{' : '-';
        iw_hex_write(bytes, PARTS[i], text + n);
        n += 2 * PARTS[i];
        bytes += PARTS[i];
    }
    text[n++] = '}';
    iw_json_member_text(json, key, (struct iw_str){text, n});
}

static const char *name_of_path(const struct iw_chain_fact *fact)
{
    switch (fact->kind) {
    case IW_CHAIN_FACT_LOAD:
        return "ImageLoaded";
    case IW_CHAIN_FACT_CHANGE:
        return "PhysicalPath";
    case IW_CHAIN_FACT_PROCESS:
    case IW_CHAIN_FACT_ENDED:
    case IW_CHAIN_FACT_FILE:
    case IW_CHAIN_FACT_COMPILED:
    case IW_CHAIN_FACT_NETWORK:
    case IW_CHAIN_FACT_DEPLOYMENT:
    case IW_CHAIN_FACT_POOL:
    case IW_CHAIN_FACT_CLOCK:
    case IW_CHAIN_FACT_ACCESS:
    case IW_CHAIN_FACT_KIND_COUNT:
        break;
    }
    return "TargetFilename";
}

static const char *name_of_detail(const struct iw_chain_fact *fact)
{
    switch (fact->kind) {
    case IW_CHAIN_FACT_CHANGE:
        return "Configuration";
    case IW_CHAIN_FACT_NETWORK:
        return "Destination";
    case IW_CHAIN_FACT_POOL:
        return "AppPoolID";
    case IW_CHAIN_FACT_PROCESS:
    case IW_CHAIN_FACT_ENDED:
    case IW_CHAIN_FACT_FILE:
    case IW_CHAIN_FACT_COMPILED:
    case IW_CHAIN_FACT_CLOCK:
    case IW_CHAIN_FACT_LOAD:
    case IW_CHAIN_FACT_DEPLOYMENT:
    case IW_CHAIN_FACT_ACCESS:
    case IW_CHAIN_FACT_KIND_COUNT:
        break;
    }
    return "Product";
}

static void write_fields(const struct iw_chain_fact *fact, struct iw_json *json)
{
    bool is_start = fact->kind == IW_CHAIN_FACT_PROCESS;
    iw_chain_text_member(json, "Image", fact->process.image);
    iw_chain_text_member(json, "OriginalFileName", fact->original_name);
    iw_chain_text_member(json, "CommandLine", fact->command_line);
    iw_chain_text_member(json, name_of_path(fact), fact->path);
    iw_chain_text_member(json, name_of_detail(fact), fact->detail);
    iw_chain_text_member(json, "OldValue", fact->old_value);
    iw_chain_text_member(json, "NewValue", fact->new_value);
    iw_chain_text_member(json, "ParentImage", fact->parent.image);
    iw_chain_text_member(json, "ParentCommandLine", fact->parent_command_line);
    iw_chain_text_member(json, "User", fact->user);
    iw_chain_text_member(json, "SubjectUserSid", fact->sid);
    iw_chain_text_member(json, "IntegrityLevel", fact->integrity);
    iw_chain_text_member(json, "IpAddress", fact->address);
    iw_chain_text_member(json, "Hashes", fact->hashes);
    iw_chain_text_member(json, "Rules", fact->rules);
    if (fact->process.has_pid)
        iw_chain_number_member(json, "ProcessId", fact->process.pid);
    guid_member(json, "ProcessGuid", fact->process.guid);
    if (is_start && fact->parent.has_pid)
        iw_chain_number_member(json, "ParentProcessId", fact->parent.pid);
    if (is_start)
        guid_member(json, "ParentProcessGuid", fact->parent.guid);
    if (fact->has_logon)
        iw_chain_number_member(json, "LogonId", fact->logon_id);
}

struct iw_str iw_chain_fact_json(struct iw_str payload, struct iw_arena *arena)
{
    struct iw_chain_fact fact;
    struct iw_buffer text;
    struct iw_json json;
    struct iw_str kept = {NULL, 0};
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_json_object(&json);
    if (iw_chain_fact_parse(payload, &fact))
        write_fields(&fact, &json);
    iw_json_object_end(&json);
    if (!text.failed)
        kept = iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}

/* --- items ------------------------------------------------------------------------------------ */

static struct iw_evidence_item *next_item(struct gathering *gathering)
{
    if (gathering->n == gathering->cap) {
        size_t cap = gathering->cap != 0 ? 2 * gathering->cap : 32;
        struct iw_evidence_item *items =
            iw_arena_calloc(gathering->telling->arena, cap, sizeof *items);
        if (items == NULL)
            return NULL;
        if (gathering->n != 0)
            memcpy(items, gathering->items, gathering->n * sizeof *items);
        gathering->items = items;
        gathering->cap = cap;
    }
    return &gathering->items[gathering->n++];
}

/* The event, and its copies behind it. */
static enum iw_rc add_beside(void *context, const struct iw_chain_item *item)
{
    struct gathering *gathering = context;
    struct iw_telling *telling = gathering->telling;
    struct iw_str fields = iw_chain_fact_json(item->payload, telling->arena);
    if (fields.p == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < item->n_places; i++) {
        struct iw_evidence_item *next = next_item(gathering);
        if (next == NULL)
            return IW_ENOMEM;
        *next = (struct iw_evidence_item){
            .role = i == 0 ? iw_str_of(item->role) : IW_STR("copy"),
            .time_ns = item->moment.time_ns,
            .channel = item->channel,
            .event_id = item->event_id,
            .record_id = item->record_id,
            .source =
                iw_ledger_path(gathering->telling->chains->input.ledger, item->places[i].source),
            .offset = item->places[i].offset,
            .line = item->places[i].line,
            .fields_json = fields};
    }
    telling->finding->n_copies_hidden += (size_t)item->n_copies_hidden;
    return IW_OK;
}

/* The same of what is an act of the chain, whose time is theirs. */
static enum iw_rc add(void *context, const struct iw_chain_item *item)
{
    struct iw_telling *telling = ((struct gathering *)context)->telling;
    iw_time_widen(&telling->first_ns, &telling->last_ns, item->moment.time_ns);
    return add_beside(context, item);
}

/* Writings of other files that fit: no links, and no acts of the chain. */
static enum iw_rc add_others(struct gathering *gathering)
{
    const struct iw_telling *telling = gathering->telling;
    for (size_t i = 0; i < telling->n_others; i++) {
        struct iw_chain_item other = *telling->others[i].write;
        other.role = "candidate";
        IW_TRY(add_beside(gathering, &other));
    }
    return IW_OK;
}

bool iw_chain_is_link(const struct iw_telling *telling, const struct iw_chain_item *write)
{
    if (write->is_link)
        return true;
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        if (iw_chain_write_explains(telling->chains, write, SHELL_OF(link)))
            return true;
    }
    return false;
}

/* How whoever wrote the file had logged on, which may lie long before it: the time of the chain is
 * that of its acts. The logon of the web server itself says nothing of anybody. */
static enum iw_rc add_logon(struct gathering *gathering, const struct iw_chain_file *file)
{
    const struct iw_telling *telling = gathering->telling;
    const struct iw_chain_written *known = iw_chain_logon_of(file, telling->write_item);
    struct iw_evidence_item *next;
    struct iw_str fields;
    if (known == NULL || known->logon_event.place.event_id == 0 ||
        (telling->best->join.marks & IW_MARK(WRITTEN_BY_SERVER)) != 0)
        return IW_OK;
    fields = iw_arena_copy(telling->arena, known->logon_event.fields_json);
    next = fields.p != NULL ? next_item(gathering) : NULL;
    if (next == NULL)
        return IW_ENOMEM;
    *next = iw_actor_item(&known->logon_event, "logon", telling->chains->input.ledger);
    next->fields_json = fields;
    return IW_OK;
}

/* What is done with each event that is a link. *context* is the visitor's. */
typedef enum iw_rc visit_item(void *context, const struct iw_chain_item *item);

static enum iw_rc each_of_file(struct iw_telling *telling, visit_item *visit, void *context)
{
    const struct iw_chain_file *file = telling->chain->file;
    for (size_t i = 0; i < file->n_writes; i++) {
        if (file->writes[i]->n_places != 0 && iw_chain_is_link(telling, file->writes[i]))
            IW_TRY(visit(context, file->writes[i]));
    }
    if (telling->best->join.renamed != NULL) {
        IW_TRY(visit(context, telling->best->join.renamed));
        IW_TRY(visit(context, telling->best->join.renamed_to));
    }
    if (iw_chain_is_of_writing(file, file->times))
        IW_TRY(visit(context, file->times));
    if (iw_chain_is_of_writing(file, file->deleted))
        IW_TRY(visit(context, file->deleted));
    if (telling->best->join.compiled != NULL && !telling->is_compiled_by_any)
        IW_TRY(visit(context, telling->best->join.compiled));
    return IW_OK;
}

/* Whether what a shell's program or library was written by is not shown already: as a writing of
 * the file, or of the shell before. */
static bool is_new_writing(const struct iw_telling *telling, const struct iw_chain_item *brought,
                           const struct iw_chain_item *before)
{
    const struct iw_chain_file *file = telling->chain->file;
    if (brought == NULL || brought == before)
        return false;
    for (size_t i = 0; file != NULL && i < file->n_writes; i++) {
        if (file->writes[i]->n_places != 0 &&
            memcmp(file->writes[i]->content, brought->content, sizeof brought->content) == 0)
            return false;
    }
    return true;
}

/* What workers compiled before shells that no file explains, each once. */
static enum iw_rc each_compiled_before(struct iw_telling *telling, visit_item *visit, void *context)
{
    const struct iw_chain_item *last = NULL;
    if ((telling->marks & IW_MARK(COMPILED_BEFORE)) == 0)
        return IW_OK;
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_join *join = &SHELL_OF(link)->join;
        if ((join->marks & IW_MARK(COMPILED_BEFORE)) == 0 || join->compiled == last)
            continue;
        last = join->compiled;
        IW_TRY(visit(context, last));
    }
    return IW_OK;
}

/* The page that makes what recurs no habit, and the run behind it, where no link shows them. */
static enum iw_rc each_of_doubt(struct iw_telling *telling, visit_item *visit, void *context)
{
    const struct iw_habit_page *page = iw_chain_page_of_none(telling);
    if (page == NULL)
        return IW_OK;
    if (page->write != NULL && page->write->n_places != 0)
        IW_TRY(visit(context, page->write));
    return page->run != NULL ? visit(context, page->run) : IW_OK;
}

/* What the web server wrote and the shell, or its worker, ran. */
static enum iw_rc each_brought(const struct iw_telling *telling, struct iw_link *link,
                               visit_item *visit, void *context)
{
    const struct iw_chain_shell *shell = SHELL_OF(link);
    const struct iw_chain_shell *before = link->prev != NULL ? SHELL_OF(link->prev) : NULL;
    if (is_new_writing(telling, shell->brought, before != NULL ? before->brought : NULL))
        IW_TRY(visit(context, shell->brought));
    if (shell->loaded == NULL || (before != NULL && before->loaded == shell->loaded))
        return IW_OK;
    if (is_new_writing(telling, shell->loaded_written,
                       before != NULL ? before->loaded_written : NULL))
        IW_TRY(visit(context, shell->loaded_written));
    return visit(context, shell->loaded);
}

static enum iw_rc each_link(struct iw_telling *telling, visit_item *visit, void *context)
{
    IW_TRY(telling->chain->file != NULL ? each_of_file(telling, visit, context)
                                        : each_of_doubt(telling, visit, context));
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        IW_TRY(each_brought(telling, link, visit, context));
        for (const struct iw_chain_item *item = SHELL_OF(link)->items.first; item != NULL;
             item = item->next)
            IW_TRY(visit(context, item));
    }
    return IW_OK;
}

/* The file as it was collected, where its content has something to say. */
static enum iw_rc add_web_file(struct gathering *gathering)
{
    struct iw_telling *telling = gathering->telling;
    const struct iw_inventory_web_file *web_file = telling->web_file;
    struct iw_evidence_item *next;
    struct iw_buffer text;
    struct iw_json json;
    struct iw_str kept = {NULL, 0};
    char hex[2 * sizeof web_file->file.sha256];
    if (web_file == NULL || web_file->file.state != IW_ITEM_FILE_READ)
        return IW_OK;
    iw_hex_write(web_file->file.sha256, sizeof web_file->file.sha256, hex);
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_json_object(&json);
    iw_chain_text_member(&json, "path", web_file->file.path);
    iw_json_member_text(&json, "sha256", (struct iw_str){hex, sizeof hex});
    iw_json_member_u64(&json, "size", web_file->file.size_bytes);
    iw_json_object_end(&json);
    if (!text.failed)
        kept = iw_arena_copy(telling->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    next = kept.p != NULL ? next_item(gathering) : NULL;
    if (next == NULL)
        return IW_ENOMEM;
    *next = (struct iw_evidence_item){.role = IW_STR("file"),
                                      .time_ns = web_file->file.modified_ns,
                                      .source = web_file->file.source,
                                      .fields_json = kept};
    return IW_OK;
}

static enum iw_rc add_request(struct gathering *gathering)
{
    struct iw_telling *telling = gathering->telling;
    struct iw_evidence_item *next;
    if ((telling->marks & IW_MARKS_REQUEST) == 0 || !telling->request.has_item)
        return IW_OK;
    next = next_item(gathering);
    if (next == NULL)
        return IW_ENOMEM;
    *next = telling->request.item;
    next->role = IW_STR("request");
    iw_time_widen(&telling->first_ns, &telling->last_ns, next->time_ns);
    return IW_OK;
}

/* The requests that ran as shells were started, each once; the page's first may be among them. */
static enum iw_rc add_running(struct gathering *gathering)
{
    struct iw_telling *telling = gathering->telling;
    for (size_t i = 0; i < telling->n_running; i++) {
        const struct iw_chain_running *running = &telling->running[i];
        struct iw_evidence_item *next;
        if (!running->request.is_found || running->is_shown_before)
            continue;
        next = next_item(gathering);
        if (next == NULL)
            return IW_ENOMEM;
        *next = running->item;
        next->role =
            running->request.is_running ? IW_STR("request_running") : IW_STR("request_before");
        iw_time_widen(&telling->first_ns, &telling->last_ns, next->time_ns);
    }
    return IW_OK;
}

static int compare_times(const void *left, const void *right)
{
    const struct iw_evidence_item *a = left, *b = right;
    int order;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    order = iw_str_compare(a->channel, b->channel);
    if (order == 0 && a->record_id != b->record_id)
        order = a->record_id < b->record_id ? -1 : 1;
    /* A copy stands behind its event: roles of events are not "copy". */
    if (order == 0)
        order =
            (int)iw_str_equal(a->role, IW_STR("copy")) - (int)iw_str_equal(b->role, IW_STR("copy"));
    if (order == 0)
        order = iw_str_compare(a->fields_json, b->fields_json);
    if (order == 0)
        order = iw_str_compare(a->source, b->source);
    if (order == 0 && a->offset != b->offset)
        order = a->offset < b->offset ? -1 : 1;
    return order;
}

enum iw_rc iw_chain_evidence(struct iw_telling *telling)
{
    struct gathering gathering = {.telling = telling};
    IW_TRY(each_link(telling, add, &gathering));
    IW_TRY(each_compiled_before(telling, add_beside, &gathering));
    if (telling->chain->file != NULL)
        IW_TRY(add_logon(&gathering, telling->chain->file));
    IW_TRY(add_others(&gathering));
    IW_TRY(add_web_file(&gathering));
    IW_TRY(add_request(&gathering));
    IW_TRY(add_running(&gathering));
    if (gathering.n != 0)
        qsort(gathering.items, gathering.n, sizeof *gathering.items, compare_times);
    telling->finding->evidence = gathering.items;
    telling->finding->n_evidence = gathering.n;
    return IW_OK;
}

/* --- levels -----------------------------------------------------------------------------------
 */

struct levelling {
    struct iw_telling *telling;
    enum iw_level level;
    struct iw_error *err;
};

static enum iw_rc tell_level(void *context, const struct iw_chain_item *item)
{
    struct levelling *levelling = context;
    return iw_chain_tell_link(levelling->telling->chains, item, levelling->level, levelling->err);
}

enum iw_rc iw_chain_tell_level(struct iw_telling *telling, struct iw_error *err)
{
    struct levelling levelling = {telling, IW_LEVEL_MEDIUM, err};
    IW_TRY(each_link(telling, tell_level, &levelling));
    IW_TRY(each_compiled_before(telling, tell_level, &levelling));
    for (size_t i = 0; i < telling->n_others; i++)
        IW_TRY(tell_level(&levelling, telling->others[i].write));
    levelling.level = telling->finding->level;
    return levelling.level > IW_LEVEL_MEDIUM ? each_link(telling, tell_level, &levelling) : IW_OK;
}
