/*
 * Who brought what the baseline does not have. A release brings pages, an update exchanges modules:
 * where deployment activity did all that is known of it, the difference weighs less, and what did
 * it is named. That is a reason about the act, never about the content: whatever else is said of
 * the subject keeps its level, and a few things take the reason away:
 *
 * - somebody else did a part of it, its record contradicts itself, or the file came, was deleted or
 *   was written otherwise after the deployment;
 * - pages: what runs it is not as in the baseline; the tool was run from a console or a desktop,
 *   where whoever has the account can type it; the page stands out among its neighbours; a chain of
 *   evidence is known by it;
 * - components: nobody vouches for it. A package can be made by anybody, so that only what the
 *   catalogue knows as Microsoft's, or what is signed by somebody who is proved, weighs less.
 */
#include "base/arena_text.h"
#include "base/limits.h"
#include "detect/chain/account_kind.h"
#include "detect/chain/deployment.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "iis/web/web_mark.h"

/* So long after it was written a deployment may still be at a file; so long one process acts. */
#define NEAR_NS (600 * IW_NS_PER_SECOND)

struct weighing {
    struct iw_case *named;
    const struct iw_server_fact *writes[IW_LIMIT_CASE_EVENTS]; /* the first */
    size_t n_writes;
    size_t n_acts, n_deployed;
    const struct iw_server_fact *first;  /* the first that a deployment did; NULL: none */
    struct iw_act_trail trail;           /* of it */
    const struct iw_server_fact *copied; /* the first that a tool did, for whom nobody can tell */
    struct iw_act_trail tool;            /* of it */
    bool is_by_hand;                     /* one of them was */
    bool is_contradicted;                /* one of them, by another form of its record */
    int64_t last_ns;                     /* of those that write */
};

/* --- who did one act --------------------------------------------------------------------------
 */

/* Whether an act may have made the difference. */
static bool is_of_difference(const struct iw_case *named, const struct iw_server_fact *fact)
{
    const struct iw_case_difference *difference = &named->difference;
    return difference->is_new ||
           (fact->kind == IW_FACT_FILE_WRITTEN ? difference->in_file : difference->in_entry);
}

/* Trails are kept of modules in the usual folders; of others the event names the program. Not so of
 * pages: there it matters who started it. */
static bool is_written_by_deployment(const struct iw_case *named, const struct iw_server_fact *fact,
                                     struct iw_act_trail *ret)
{
    const struct iw_deployment_program *program;
    if (iw_ask_act(named->judging, fact, ret))
        return ret->deployment != NULL;
    program = named->web_file == NULL ? iw_deployment_of_program(fact->image) : NULL;
    if (program == NULL || iw_deployment_is_tool(program))
        return false;
    ret->deployment = program->words;
    ret->who = iw_arena_format(named->judging->arena, "%.*s%s%.*s", IW_STR_ARG(fact->image),
                               fact->user.n != 0 ? " as " : "", IW_STR_ARG(fact->user));
    return ret->who.p != NULL;
}

static bool is_near(const struct iw_server_fact *a, const struct iw_server_fact *b)
{
    int64_t apart_ns;
    return !__builtin_sub_overflow(a->time_ns, b->time_ns, &apart_ns) && apart_ns <= NEAR_NS &&
           apart_ns >= -NEAR_NS;
}

static void list_writes(struct weighing *weighing)
{
    const struct iw_case *named = weighing->named;
    for (size_t i = 0; i < named->n_acts && weighing->n_writes < IW_LIMIT_CASE_EVENTS; i++) {
        if (named->acts[i]->kind == IW_FACT_FILE_WRITTEN)
            weighing->writes[weighing->n_writes++] = named->acts[i];
    }
}

/* Event 29 names its process by number alone: the same process wrote the file. Of many writings the
 * first are asked, which can only leave the act unknown. */
static bool is_changed_by_writer(const struct weighing *weighing,
                                 const struct iw_server_fact *change, struct iw_act_trail *ret)
{
    for (size_t i = 0; change->process_id != 0 && i < weighing->n_writes; i++) {
        const struct iw_server_fact *write = weighing->writes[i];
        if (write->process_id == change->process_id && is_near(change, write) &&
            is_written_by_deployment(weighing->named, write, ret))
            return true;
    }
    return false;
}

/* What the web server's own account does is no deployment, whatever program it takes: its parents
 * need not be in evidence. */
static bool is_of_pool(const struct iw_server_fact *fact)
{
    bool is_sid = iw_str_begins_nocase(fact->user, IW_STR("S-1-"));
    const char *kind =
        iw_account_kind(is_sid ? IW_STR("") : fact->user, is_sid ? fact->user : IW_STR(""));
    return strcmp(kind, "pool") == 0;
}

static bool is_deployed(const struct weighing *weighing, const struct iw_server_fact *fact,
                        struct iw_act_trail *ret)
{
    const struct iw_case *named = weighing->named;
    if (is_of_pool(fact))
        return false;
    if (fact->kind == IW_FACT_FILE_WRITTEN)
        return is_written_by_deployment(named, fact, ret);
    if (iw_ask_act(named->judging, fact, ret) && ret->is_named)
        return ret->deployment != NULL;
    return is_changed_by_writer(weighing, fact, ret);
}

static void take_copying(struct weighing *weighing, const struct iw_server_fact *fact,
                         const struct iw_act_trail *trail)
{
    if (trail->tool == NULL ||
        (weighing->copied != NULL && weighing->copied->time_ns <= fact->time_ns))
        return;
    weighing->copied = fact;
    weighing->tool = *trail;
}

static void take_acts(struct weighing *weighing)
{
    const struct iw_case *named = weighing->named;
    list_writes(weighing);
    for (size_t i = 0; i < named->n_acts; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        struct iw_act_trail trail = {.who = IW_STR("")};
        if (!is_of_difference(named, fact))
            continue;
        weighing->n_acts++;
        if (fact->kind == IW_FACT_FILE_WRITTEN && fact->last_ns > weighing->last_ns)
            weighing->last_ns = fact->last_ns;
        if (!is_deployed(weighing, fact, &trail)) {
            take_copying(weighing, fact, &trail);
            continue;
        }
        weighing->n_deployed++;
        weighing->is_by_hand |= trail.is_by_hand;
        if (weighing->first == NULL || fact->time_ns < weighing->first->time_ns) {
            weighing->first = fact;
            weighing->trail = trail;
        }
    }
}

/* --- what speaks against it -------------------------------------------------------------------
 */

static bool differ(struct iw_str a, struct iw_str b)
{
    return a.n != 0 && b.n != 0 && !iw_str_equal_nocase(a, b);
}

static bool are_two_writers(const struct iw_server_fact *a, const struct iw_server_fact *b)
{
    return differ(a->image, b->image) || differ(a->user, b->user) ||
           (a->process_id != 0 && b->process_id != 0 && a->process_id != b->process_id);
}

/* Two forms of one record that name two writers: one of them was made. IW_OK or IW_ENOMEM. */
static enum iw_rc find_contradiction(const struct iw_case *named, bool *ret)
{
    struct iw_map records;
    enum iw_rc rc = IW_OK;
    *ret = false;
    iw_map_init(&records);
    for (size_t i = 0; rc == IW_OK && !*ret && named->n_acts > 1 && i < named->n_acts; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        struct iw_map_entry *entry;
        struct iw_str key;
        bool is_new;
        if (fact->kind != IW_FACT_FILE_WRITTEN)
            continue;
        key = iw_arena_format(named->judging->arena, "%.*s|%u|%llu|%lld", IW_STR_ARG(fact->channel),
                              fact->event_id, (unsigned long long)fact->record_id,
                              (long long)fact->time_ns);
        entry = key.p != NULL ? iw_map_add(&records, key, &is_new) : NULL;
        if (entry == NULL)
            rc = IW_ENOMEM;
        else if (is_new)
            entry->value.number = i;
        else
            *ret = are_two_writers(fact, named->acts[entry->value.number]);
    }
    iw_map_done(&records);
    return rc;
}

static const struct iw_item_file *file_at(const struct iw_case *named, struct iw_str path)
{
    if (named->web_file != NULL)
        return named->web_file->file.state == IW_ITEM_FILE_READ ? &named->web_file->file : NULL;
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        for (size_t k = 0; k < row->n_files; k++) {
            if (row->files[k].state == IW_ITEM_FILE_READ &&
                iw_str_equal_nocase(row->files[k].path, path))
                return &row->files[k];
        }
    }
    return NULL;
}

static bool has_other_content(const struct iw_case *named, const struct iw_server_fact *write)
{
    const struct iw_item_file *file = file_at(named, write->path);
    return file != NULL && memcmp(file->sha256, write->sha256, sizeof write->sha256) != 0;
}

/* The last content that an event tells of a path is not that of the file. Acts of a path lie
 * together. */
static bool is_other_content(const struct iw_case *named)
{
    const struct iw_server_fact *last = NULL; /* of the present path */
    for (size_t i = 0; i < named->n_acts; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        if (fact->kind != IW_FACT_FILE_WRITTEN || !fact->has_sha256)
            continue;
        if (last != NULL && !iw_str_equal_nocase(last->path, fact->path)) {
            if (has_other_content(named, last))
                return true;
            last = NULL;
        }
        if (last == NULL || fact->last_ns >= last->last_ns)
            last = fact;
    }
    return last != NULL && has_other_content(named, last);
}

static bool is_deleted_after(const struct weighing *weighing)
{
    const struct iw_case *named = weighing->named;
    struct iw_fact_span gone = iw_facts_at(named->judging, IW_FACT_FILE_DELETED, named->image);
    for (size_t i = 0; i < gone.n; i++) {
        if (gone.items[i].last_ns > weighing->last_ns)
            return true;
    }
    return false;
}

static bool is_modified_after(const struct weighing *weighing)
{
    const struct iw_inventory_web_file *web_file = weighing->named->web_file;
    int64_t after_ns;
    return web_file->keeps_time && iw_time_known(web_file->file.modified_ns) &&
           (__builtin_sub_overflow(web_file->file.modified_ns, weighing->last_ns, &after_ns) ||
            after_ns > NEAR_NS);
}

bool iw_web_file_stands_out(const struct iw_inventory_web_file *web_file)
{
    for (size_t i = 0; i < web_file->marks.n; i++) {
        struct iw_str mark = web_file->marks.items[i];
        if (iw_web_mark_weight(mark) != IW_WEB_MARK_NOTE &&
            !iw_str_begins_nocase(mark, iw_str_of(iw_web_mark_name(IW_WEB_MARK_YOUNG))))
            return true;
    }
    return false;
}

bool iw_web_file_is_in_chain(const struct iw_case *named)
{
    const struct iw_reconcile_input *input = named->judging->input;
    return input->is_web_file_in_chain != NULL &&
           input->is_web_file_in_chain(input->told, named->judging->server->host, named->web_file,
                                       IW_LEVEL_INFORMATIONAL, named->judging->arena);
}

static const char *objection_of_page(const struct weighing *weighing)
{
    const struct iw_case *named = weighing->named;
    if (iw_web_file_is_in_chain(named))
        return "a chain of evidence is known by it";
    if (iw_web_file_stands_out(named->web_file))
        return "it stands out by what it holds, where it lies or how it is called";
    if (iw_case_is_newly_handled(named))
        return "what makes it a page is not as in the baseline: the file may have been none before";
    if (weighing->is_by_hand)
        return "it was run from a console or a desktop, where whoever has the account can type it";
    if (is_deleted_after(weighing))
        return "the file was deleted after that, and is there again";
    if (is_modified_after(weighing))
        return "the file was written later than that, as its own time says";
    return NULL;
}

/* Sysmon 7 knows signatures of catalogues as well: there none is one that is missing. */
static bool is_loaded_unsigned(const struct iw_case *named)
{
    for (size_t i = 0; i < named->n && i < IW_LIMIT_CASE_ENTRIES; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        struct iw_fact_span loads =
            iw_facts_at(named->judging, IW_FACT_MODULE_LOAD, row->image_path);
        for (size_t k = 0; k < loads.n; k++) {
            const struct iw_server_fact *load = &loads.items[k];
            if (iw_str_equal_nocase(load->is_signed, IW_STR("false")) ||
                (load->signature_status.n != 0 &&
                 !iw_str_equal_nocase(load->signature_status, IW_STR("Valid"))))
                return true;
        }
    }
    return false;
}

/* Where the log of changes was written it has to tell who registered it. */
static bool has_silent_entry(const struct iw_case *named)
{
    const struct iw_inventory_component *row = iw_case_component(named, 0);
    bool is_due = named->difference.in_entry ||
                  (named->difference.is_new && row != NULL && iw_component_is_registered(row) &&
                   named->judging->facts[IW_FACT_CONFIG_LOGGING].n != 0);
    return is_due && !named->has_facts[IW_FACT_CONFIG_CHANGE];
}

/* Entries without a file of their own (of `modules`) are known by the one they name. */
static const char *objection_of_component(const struct iw_case *named)
{
    if (has_silent_entry(named))
        return "nothing tells who changed its entry in the configuration";
    if (named->difference.in_file && !named->has_facts[IW_FACT_FILE_WRITTEN])
        return "nothing tells who wrote its file";
    if (is_loaded_unsigned(named))
        return "a worker that loaded it found no valid signature";
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        if (row->known != IW_ITEM_KNOWN_AS_IT_IS && !iw_file_is_proved(iw_component_file(row)))
            return "a package can be made by anybody, and nobody vouches for what it brought";
    }
    return NULL;
}

static const char *objection_of(const struct weighing *weighing)
{
    const struct iw_case *named = weighing->named;
    if (weighing->n_deployed < weighing->n_acts)
        return "others did a part of it, or it is not known who did";
    if (weighing->is_contradicted)
        return "its record contradicts itself: two forms of it name two writers";
    if (is_other_content(named))
        return "what was written is not what the file holds now";
    return named->web_file != NULL ? objection_of_page(weighing) : objection_of_component(named);
}

/* --- the level --------------------------------------------------------------------------------
 */

/* What else was said keeps its level; of two that say the same the difference gives the title. */
static void set_level(struct iw_case *named)
{
    named->level = IW_LEVEL_LOW;
    named->title = named->difference.title;
    if (!named->is_said_else || named->level_else <= IW_LEVEL_LOW)
        return;
    named->level = named->level_else;
    named->title = named->title_else;
}

/* "first at TIME (LOG, event N, record N)". p NULL: no memory. */
static struct iw_str first_act(const struct iw_case *named, const struct iw_server_fact *fact)
{
    char when[IW_TIME_TEXT_BYTES];
    return iw_arena_format(named->judging->arena, "first at %s (%.*s, event %u, record %llu)",
                           iw_time_words(fact->time_ns, false, when), IW_STR_ARG(fact->channel),
                           fact->event_id, (unsigned long long)fact->record_id);
}

/* The line is a remark, and kept for a batch. p NULL: no memory. */
static enum iw_rc keep_line(struct iw_case *named, struct iw_str line)
{
    named->deployment.line = line;
    return line.p != NULL ? iw_case_remark(named, "%.*s", IW_STR_ARG(line)) : IW_ENOMEM;
}

static enum iw_rc say(struct weighing *weighing)
{
    struct iw_case *named = weighing->named;
    const struct iw_case_deployment *deployment = &named->deployment;
    struct iw_str first = first_act(named, weighing->first);
    if (first.p == NULL)
        return IW_ENOMEM;
    return keep_line(
        named,
        iw_arena_format(named->judging->arena, "deployment: %s, %.*s, %.*s%s%s", deployment->words,
                        IW_STR_ARG(weighing->trail.who), IW_STR_ARG(first),
                        deployment->is_weighed
                            ? "; nobody else is known to have brought it: lowered to low"
                        : deployment->objection != NULL ? "; that lowers nothing: "
                                                        : "",
                        deployment->objection != NULL ? deployment->objection : ""));
}

/* What would vouch for it is named: else whoever copies so each night reads of it each time. */
static enum iw_rc say_copied(struct weighing *weighing)
{
    struct iw_case *named = weighing->named;
    struct iw_str first = first_act(named, weighing->copied);
    if (first.p == NULL)
        return IW_ENOMEM;
    return keep_line(named, iw_arena_format(named->judging->arena,
                                            "copied by %s: %.*s, %.*s; whoever has an account can "
                                            "do that, so it lowers nothing: a change record would, "
                                            "or the baseline of behaviour with "
                                            "this account and command",
                                            weighing->tool.tool, IW_STR_ARG(weighing->tool.who),
                                            IW_STR_ARG(first)));
}

static enum iw_rc say_blind(struct iw_case *named)
{
    if (!named->deployment.is_weighed || named->web_file == NULL || named->web_file->keeps_time)
        return IW_OK;
    return iw_case_line(named, &named->blind,
                        "the collection kept no times of files: whether it was written again "
                        "after the deployment, without an event, is not known");
}

enum iw_rc iw_case_weigh(struct iw_case *named)
{
    struct weighing weighing = {.named = named, .last_ns = IW_TIME_UNKNOWN};
    if (!named->difference.is_said)
        return IW_OK;
    take_acts(&weighing);
    if (weighing.first == NULL)
        return weighing.copied != NULL ? say_copied(&weighing) : IW_OK;
    IW_TRY(find_contradiction(named, &weighing.is_contradicted));
    named->deployment.words = weighing.trail.deployment;
    named->deployment.first_ns = weighing.first->time_ns;
    if (named->difference.level > IW_LEVEL_LOW) { /* else there is nothing to lower */
        named->deployment.objection = objection_of(&weighing);
        named->deployment.is_weighed = named->deployment.objection == NULL;
    }
    if (named->deployment.is_weighed)
        set_level(named);
    IW_TRY(say_blind(named));
    return say(&weighing);
}
