/*
 * What change records say of a case. Every act that the evidence tells of the subject is asked by
 * itself: each change that names an entry, each write of a file, the first and the last time of
 * events that say the same. The worst answer counts, for one act that was approved approves no
 * other one, by another account or at another time. A record names one entry; where several entries
 * are one subject (handlers of one program), each has to be answered for.
 *
 * From bad to good: unexplained (nobody planned it), expired (approved no longer), partly
 * (something speaks against it), unverified, explained.
 */
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "detect/act_parts.h"
#include "detect/history_line.h"
#include "detect/judgment.h"
#include "detect/component_kinds.h"
#include "detect/named_changes.h"
#include "result/change_level.h"

/* What a record may name: an entry by kind and name, or the file of a case without entries. */
struct candidate {
    struct iw_str kind, name;
    const struct iw_inventory_component *row; /* NULL: none */
    const struct iw_change_places *changes;   /* that name it; NULL: none */
    enum iw_act_action action;                /* of the entry as a whole */
    bool is_own;   /* false: goes with another entry of the case, as a permission does */
    bool leads;    /* the first of its name, and one of that name is own */
    size_t leader; /* place of the first of its name */
    size_t next;   /* place of the next of its name + 1; 0: none */
};

struct asking {
    struct iw_case *named;
    const struct iw_item_file *file; /* that stands for the case, or NULL */
    struct candidate *candidates;
    size_t n_candidates, n_own;
    int64_t still_ns;
    struct iw_change worst;
    const struct candidate *worst_of;
    const struct iw_server_fact *worst_fact; /* NULL: the state as it is */
    int64_t worst_ns;
    size_t n_acts, n_explained;
};

/* --- answers ---------------------------------------------------------------------------------- */

static int badness(enum iw_change_status status)
{
    static const enum iw_change_status ORDER[] = {IW_CHANGE_NOT_CHECKED, IW_CHANGE_EXPLAINED,
                                                  IW_CHANGE_UNVERIFIED,  IW_CHANGE_PARTLY,
                                                  IW_CHANGE_EXPIRED,     IW_CHANGE_UNEXPLAINED};
    int at = 0;
    while (ORDER[at] != status)
        at++;
    return at;
}

static bool is_worse(const struct iw_change *a, const struct iw_change *b)
{
    return badness(a->status) > badness(b->status) ||
           (a->status == b->status && a->keeps_level && !b->keeps_level);
}

/* --- one act ---------------------------------------------------------------------------------- */

static const struct iw_item_file *file_at(const struct iw_inventory_component *row,
                                          struct iw_str path)
{
    for (size_t i = 0; row != NULL && i < row->n_files; i++) {
        const struct iw_item_file *file = &row->files[i];
        if (file->state == IW_ITEM_FILE_READ && iw_str_equal_nocase(file->path, path))
            return file;
    }
    return NULL;
}

static struct iw_str image_of(const struct asking *asking, const struct candidate *candidate)
{
    const struct iw_inventory_component *row = candidate->row;
    if (row == NULL)
        return asking->named->image;
    return row->image_path.n != 0 ? row->image_path : row->type;
}

/* The subject as it is, without when and by whom. */
static struct iw_act subject_act(const struct asking *asking, const struct candidate *candidate)
{
    const struct iw_case *named = asking->named;
    const struct iw_item_file *file =
        candidate->row != NULL ? iw_component_file(candidate->row) : NULL;
    struct iw_act act = {.host = named->judging->server->host,
                         .first_ns = IW_TIME_UNKNOWN,
                         .last_ns = IW_TIME_UNKNOWN,
                         .still_ns = asking->still_ns,
                         .action = candidate->action,
                         .component_kind = candidate->kind,
                         .component_name = candidate->name};
    if (file == NULL)
        file = asking->file;
    act.path = file != NULL && named->n != 0 ? file->path : image_of(asking, candidate);
    if (file != NULL)
        iw_act_set_content(&act, file);
    return act;
}

static void set_actor(struct iw_act *act, struct iw_str user)
{
    bool is_sid = iw_str_begins_nocase(user, IW_STR("S-1-"));
    act->actor = is_sid ? IW_STR("") : user;
    act->actor_sid = is_sid ? user : IW_STR("");
}

static enum iw_act_action action_of(const struct iw_server_fact *change)
{
    return iw_act_action_of_values(change->old_value, change->new_value);
}

/* What a judgment knows of the entry, else whether one of its changes added it: a write of its file
 * is a part of that. */
static enum iw_act_action action_of_entry(const struct iw_case *named,
                                          const struct iw_change_places *changes)
{
    const struct iw_fact_span *span = &named->judging->facts[IW_FACT_CONFIG_CHANGE];
    for (size_t i = 0; named->action == IW_ACT_UNKNOWN && changes != NULL && i < changes->n; i++) {
        if (action_of(&span->items[changes->items[i]]) == IW_ACT_ADD)
            return IW_ACT_ADD;
    }
    return named->action;
}

/* A write is of its file, and its content is what the event says, if it does. */
static void set_write(const struct asking *asking, const struct candidate *candidate,
                      const struct iw_server_fact *fact, struct iw_act *act)
{
    const struct iw_item_file *file = file_at(candidate->row, fact->path);
    if (file == NULL && asking->file != NULL && iw_str_equal_nocase(asking->file->path, fact->path))
        file = asking->file;
    act->path = fact->path;
    act->has_sha256 = act->is_signature_known = false;
    act->publisher = IW_STR("");
    if (file != NULL &&
        (!fact->has_sha256 || memcmp(file->sha256, fact->sha256, sizeof fact->sha256) == 0)) {
        iw_act_set_content(act, file);
    } else if (fact->has_sha256) {
        act->has_sha256 = true;
        memcpy(act->sha256, fact->sha256, sizeof act->sha256);
    }
}

static enum iw_rc ask(struct asking *asking, const struct iw_act *act, struct iw_change *ret)
{
    const struct iw_judging *judging = asking->named->judging;
    const struct iw_reconcile_input *input = judging->input;
    struct iw_act named = *act;
    iw_act_name_actor(&named, input->names, judging->server->host);
    return input->judge_change(input->changes, &named, judging->arena, ret);
}

static void count(struct asking *asking, const struct iw_change *change, const struct candidate *of,
                  const struct iw_server_fact *fact, int64_t time_ns)
{
    asking->n_explained += change->status == IW_CHANGE_EXPLAINED;
    if (asking->n_acts++ != 0 && !is_worse(change, &asking->worst))
        return;
    asking->worst = *change;
    asking->worst_of = of;
    asking->worst_fact = fact;
    asking->worst_ns = time_ns;
}

/* --- acts that events tell ---------------------------------------------------------------------
 */

#define ALL SIZE_MAX

/* The one to ask behind *at*: of all, or of those of one name. */
static size_t candidate_behind(const struct asking *asking, size_t at, bool is_all)
{
    if (is_all)
        return at + 1 < asking->n_candidates ? at + 1 : SIZE_MAX;
    return asking->candidates[at].next != 0 ? asking->candidates[at].next - 1 : SIZE_MAX;
}

/* The best answer of those a fact may be about: the candidate *first* and others of its name, or
 * ALL. Of many only the first are asked, which can only make the answer worse. */
static enum iw_rc ask_span(struct asking *asking, const struct iw_server_fact *fact, size_t first,
                           int64_t first_ns, int64_t last_ns)
{
    struct iw_change best = {.status = IW_CHANGE_NOT_CHECKED};
    const struct candidate *best_of = NULL;
    bool is_all = first == ALL;
    size_t n = 0;
    for (size_t i = is_all ? 0 : first; i != SIZE_MAX && n < IW_LIMIT_CASE_ENTRIES;
         i = candidate_behind(asking, i, is_all)) {
        const struct candidate *candidate = &asking->candidates[i];
        struct iw_act act = subject_act(asking, candidate);
        struct iw_change change;
        act.computer = fact->computer;
        act.first_ns = first_ns;
        act.last_ns = last_ns;
        set_actor(&act, fact->user);
        if (fact->kind == IW_FACT_FILE_WRITTEN)
            set_write(asking, candidate, fact, &act);
        else if (fact->kind == IW_FACT_CONFIG_CHANGE)
            act.action = action_of(fact);
        IW_TRY(ask(asking, &act, &change));
        if (n++ == 0 || is_worse(&best, &change)) {
            best = change;
            best_of = candidate;
        }
        if (best.status == IW_CHANGE_EXPLAINED)
            break;
    }
    count(asking, &best, best_of, fact, last_ns);
    return IW_OK;
}

/* Events that say the same are one fact: of these the first, the last, and those between. */
static enum iw_rc ask_fact(struct asking *asking, const struct iw_server_fact *fact, size_t first)
{
    IW_TRY(ask_span(asking, fact, first, fact->time_ns, fact->time_ns));
    if (fact->last_ns == fact->time_ns)
        return IW_OK;
    IW_TRY(ask_span(asking, fact, first, fact->last_ns, fact->last_ns));
    return fact->n > 2 ? ask_span(asking, fact, first, fact->time_ns, fact->last_ns) : IW_OK;
}

static int compare_pointers(const void *left, const void *right)
{
    const struct iw_server_fact *a = *(const struct iw_server_fact *const *)left;
    const struct iw_server_fact *b = *(const struct iw_server_fact *const *)right;
    return a < b ? -1 : a > b;
}

/* Asks every change that names an own candidate; these facts are told in order. */
static enum iw_rc ask_named(struct asking *asking, const struct iw_server_fact ***ret_asked,
                            size_t *ret_n)
{
    const struct iw_fact_span *span = &asking->named->judging->facts[IW_FACT_CONFIG_CHANGE];
    size_t n = 0;
    for (size_t i = 0; i < asking->n_candidates; i++)
        n += asking->candidates[i].leads && asking->candidates[i].changes != NULL
                 ? asking->candidates[i].changes->n
                 : 0;
    *ret_asked = iw_arena_calloc(asking->named->judging->arena, n + 1, sizeof **ret_asked);
    *ret_n = 0;
    if (*ret_asked == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < asking->n_candidates; i++) {
        const struct candidate *candidate = &asking->candidates[i];
        if (!candidate->leads || candidate->changes == NULL)
            continue;
        for (size_t k = 0; k < candidate->changes->n; k++) {
            const struct iw_server_fact *fact = &span->items[candidate->changes->items[k]];
            (*ret_asked)[(*ret_n)++] = fact;
            IW_TRY(ask_fact(asking, fact, i));
        }
    }
    if (*ret_n != 0)
        qsort(*ret_asked, *ret_n, sizeof **ret_asked, compare_pointers);
    return IW_OK;
}

/* What the others have in common, for entries that no change names: span and account. */
struct common {
    size_t n;
    int64_t first_ns, last_ns;
    struct iw_str user;
};

/* Writes, and changes that name no own candidate: of the subject as a whole. */
static enum iw_rc ask_others(struct asking *asking, const struct iw_server_fact **asked,
                             size_t n_asked, struct common *ret)
{
    const struct iw_case *named = asking->named;
    *ret = (struct common){.first_ns = IW_TIME_UNKNOWN, .last_ns = IW_TIME_UNKNOWN};
    for (size_t i = 0; i < named->n_acts; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        if (n_asked != 0 && bsearch(&fact, asked, n_asked, sizeof *asked, compare_pointers) != NULL)
            continue;
        IW_TRY(ask_fact(asking, fact, ALL));
        iw_time_widen(&ret->first_ns, &ret->last_ns, fact->time_ns);
        iw_time_widen(&ret->first_ns, &ret->last_ns, fact->last_ns);
        if (ret->n++ == 0)
            ret->user = fact->user;
        else if (!iw_str_equal_nocase(ret->user, fact->user))
            ret->user = IW_STR("");
    }
    return IW_OK;
}

/* --- entries that no event names ---------------------------------------------------------------
 */

/* Where the state before is known too, it came then; else at that moment or before. */
static void set_time_of_coming(const struct asking *asking, const struct candidate *candidate,
                               struct iw_act *act)
{
    const struct iw_inventory_web_file *web_file = asking->named->web_file;
    const struct iw_inventory_component *row = candidate->row;
    const struct iw_first_seen *seen = web_file != NULL ? &web_file->first_seen
                                       : row != NULL    ? &row->first_seen
                                                        : NULL;
    if (seen == NULL || seen->by.n == 0)
        return;
    act->last_ns = seen->time_ns;
    if (row != NULL)
        act->first_ns = iw_history_time_of_coming(asking->named->judging->server, row);
}

static enum iw_rc ask_silent(struct asking *asking, const struct common *common)
{
    for (size_t i = 0; i < asking->n_candidates; i++) {
        const struct candidate *candidate = &asking->candidates[i];
        struct iw_act act = subject_act(asking, candidate);
        struct iw_change change;
        if (!candidate->is_own || candidate->changes != NULL)
            continue;
        if (common->n == 0) {
            set_time_of_coming(asking, candidate, &act);
        } else if (asking->n_own == 1) {
            continue; /* was asked with each of them */
        } else {
            act.first_ns = common->first_ns;
            act.last_ns = common->last_ns;
            set_actor(&act, common->user);
        }
        IW_TRY(ask(asking, &act, &change));
        count(asking, &change, candidate, NULL, IW_TIME_UNKNOWN);
    }
    return IW_OK;
}

/* --- candidates --------------------------------------------------------------------------------
 */

/* Entries that belong to another one: who plans a module or handler names that alone. */
static bool goes_along(const struct iw_inventory_component *row)
{
    static const char *const KINDS[] = {"nativeModule", "isapiCgiRestriction", "fastCgi"};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(row->kind, KINDS[i]) == 0)
            return true;
    }
    return row->name.n == 0 || !iw_component_is_registered(row);
}

/* What is met: kind and name together, and of each name its last candidate. */
struct met {
    struct iw_map both, names;
};

static enum iw_rc link_name(struct asking *asking, struct met *met, size_t index)
{
    struct candidate *candidate = &asking->candidates[index];
    struct iw_str key = iw_arena_lower(asking->named->judging->arena, candidate->name);
    struct iw_map_entry *entry = key.p != NULL ? iw_map_add(&met->names, key, NULL) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    candidate->leader = index;
    if (entry->value.number != 0) {
        asking->candidates[entry->value.number - 1].next = index + 1;
        candidate->leader = asking->candidates[entry->value.number - 1].leader;
    }
    asking->candidates[candidate->leader].leads |= candidate->is_own;
    entry->value.number = index + 1;
    return IW_OK;
}

static enum iw_rc add_candidate(struct asking *asking, struct met *met,
                                const struct iw_inventory_component *row)
{
    struct iw_case *named = asking->named;
    struct candidate *made = &asking->candidates[asking->n_candidates];
    struct iw_str key;
    bool is_new;
    *made = (struct candidate){.kind = iw_str_of(row->kind),
                               .name = row->name.n != 0 ? row->name : named->name,
                               .row = row,
                               .is_own = !goes_along(row)};
    key = iw_arena_format(named->judging->arena, "%s %.*s", row->kind, IW_STR_ARG(made->name));
    if (key.p == NULL || iw_map_add(&met->both, key, &is_new) == NULL)
        return IW_ENOMEM;
    if (!is_new)
        return IW_OK;
    asking->n_own += made->is_own;
    IW_TRY(iw_changes_of_name(named->judging, made->name, &made->changes));
    made->action = action_of_entry(named, made->changes);
    return link_name(asking, met, asking->n_candidates++);
}

static enum iw_rc find_candidates(struct asking *asking)
{
    struct iw_case *named = asking->named;
    struct met met;
    enum iw_rc rc = IW_OK;
    asking->candidates =
        iw_arena_calloc(named->judging->arena, named->n + 1, sizeof *asking->candidates);
    if (asking->candidates == NULL)
        return IW_ENOMEM;
    iw_map_init(&met.both);
    iw_map_init(&met.names);
    for (size_t i = 0; rc == IW_OK && i < named->n; i++)
        rc = add_candidate(asking, &met, iw_case_component(named, i));
    iw_map_done(&met.names);
    iw_map_done(&met.both);
    if (asking->n_candidates == 0) {
        asking->candidates[0].kind = iw_str_of(named->web_file != NULL ? "" : named->kind);
        asking->candidates[0].name = named->web_file != NULL ? IW_STR("") : named->name;
        asking->candidates[0].action = named->action;
        asking->n_candidates = 1;
    }
    if (asking->n_own == 0) {
        asking->candidates[0].is_own = asking->candidates[0].leads = true;
        asking->n_own = 1;
    }
    return rc;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Which act the answer is about, where there are several: entry, time, account. */
static enum iw_rc explain(struct asking *asking)
{
    const struct candidate *of = asking->n_own > 1 ? asking->worst_of : NULL;
    struct iw_str who = asking->worst_fact != NULL ? asking->worst_fact->user : IW_STR("");
    struct iw_buffer text;
    if (asking->n_acts < 2 || asking->n_explained == asking->n_acts ||
        asking->worst.status == IW_CHANGE_NOT_CHECKED)
        return IW_OK;
    iw_buffer_init(&text);
    iw_buffer_add(&text, asking->worst.why);
    iw_buffer_printf(&text, "; of %zu acts %zu explained, this is the worst", asking->n_acts,
                     asking->n_explained);
    if (of != NULL)
        iw_buffer_printf(&text, ": %.*s %.*s", IW_STR_ARG(of->kind), IW_STR_ARG(of->name));
    if (iw_time_known(asking->worst_ns)) {
        char when[IW_TIME_TEXT_BYTES];
        iw_buffer_printf(&text, "%s%s", of != NULL ? " at " : ": ",
                         iw_time_words(asking->worst_ns, false, when));
    }
    if (who.n != 0)
        iw_buffer_printf(&text, " by %.*s", IW_STR_ARG(who));
    asking->worst.why = text.failed
                            ? (struct iw_str){NULL, 0}
                            : iw_arena_copy(asking->named->judging->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return asking->worst.why.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_case_change(struct iw_case *named, const struct iw_item_file *file,
                          struct iw_change *ret)
{
    const struct iw_reconcile_input *input = named->judging->input;
    struct asking asking = {.named = named, .file = file, .still_ns = named->still_ns};
    const struct iw_server_fact **asked;
    struct common common;
    size_t n_asked;
    *ret = (struct iw_change){.status = IW_CHANGE_NOT_CHECKED};
    if (input->judge_change == NULL || input->changes == NULL)
        return IW_OK;
    IW_TRY(find_candidates(&asking));
    IW_TRY(ask_named(&asking, &asked, &n_asked));
    IW_TRY(ask_others(&asking, asked, n_asked, &common));
    IW_TRY(ask_silent(&asking, &common));
    IW_TRY(explain(&asking));
    *ret = asking.worst;
    return IW_OK;
}
