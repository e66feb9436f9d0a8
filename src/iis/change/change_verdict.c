/*
 * Comparing one record with one act, aspect by aspect. Deliberately not done: short names
 * (PROGRA~1) and junctions, which need the disk; names of two accounts that are one.
 */
#include "iis/change/change_verdict.h"

#include "base/fold.h"
#include "iis/config/server_path.h"

/* --- the act -------------------------------------------------------------------------------- */

#define DEVICE "\\device\\"

/* What follows `\device\harddiskvolume3`; n 0: it is no such path. */
static struct iw_str behind_volume(struct iw_str key)
{
    size_t at = sizeof DEVICE - 1;

    if (!iw_str_begins_nocase(key, IW_STR(DEVICE)))
        return (struct iw_str){NULL, 0};
    while (at < key.n && key.p[at] != '\\')
        at++;
    return (struct iw_str){key.p + at, key.n - at};
}

static bool read_path(struct change_case *ask, struct iw_arena *arena)
{
    const struct iw_str written = ask->act->path;
    struct iw_server_path path;
    const char *percent;

    if (written.n == 0)
        return true;
    if (iw_str_begins_nocase(written, IW_STR(DEVICE))) {
        ask->path = iw_fold_text(written, arena);
        ask->is_device_path = true;
        ask->path_end = ask->path.p != NULL ? behind_volume(ask->path) : ask->path;
        return ask->path.p != NULL;
    }
    if (!iw_server_path_read(written, false, arena, &path))
        return false;
    ask->path = path.key;
    if (path.is_resolved)
        return true;
    percent = memrchr(path.key.p, '%', path.key.n);
    if (percent != NULL)
        ask->path_end =
            (struct iw_str){percent + 1, path.key.n - (size_t)(percent + 1 - path.key.p)};
    return true;
}

static bool fold_into(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    if (text.n == 0)
        return true;
    *ret = iw_fold_text(text, arena);
    return ret->p != NULL;
}

bool change_case_init(const struct iw_act *act, struct iw_arena *arena, struct change_case *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->act = act;
    return iw_host_names_read(act->host, act->computer, arena, &ret->host) &&
           iw_account_name_read(act->actor, arena, &ret->actor) &&
           iw_account_name_set_sid(&ret->actor, act->actor_sid, arena) &&
           fold_into(act->component_kind, arena, &ret->component_kind) &&
           fold_into(act->component_name, arena, &ret->component_name) &&
           fold_into(act->publisher, arena, &ret->publisher) && read_path(ret, arena);
}

/* --- aspects -------------------------------------------------------------------------------- */

static enum iw_holds holds(bool yes)
{
    return yes ? IW_HOLDS_YES : IW_HOLDS_NO;
}

static enum iw_holds ask_host(const struct change_record *record, const struct change_case *ask)
{
    enum iw_holds best = IW_HOLDS_NO;

    for (size_t i = 0; i < record->n_hosts && best != IW_HOLDS_YES; i++) {
        const enum iw_holds one = iw_host_glob_means(&record->hosts[i], &ask->host);
        if (one != IW_HOLDS_NO)
            best = one;
    }
    return best;
}

static enum iw_holds ask_component(const struct change_record *record,
                                   const struct change_case *ask)
{
    if (!iw_str_equal(record->component_name, ask->component_name))
        return IW_HOLDS_NO;
    if (record->component_kind.n == 0)
        return IW_HOLDS_YES;
    if (ask->component_kind.n == 0)
        return IW_HOLDS_UNKNOWN;
    return holds(iw_str_equal(record->component_kind, ask->component_kind));
}

/* A path of which a volume stands for the drive: could it be below the drive of the glob? */
static enum iw_holds ask_device_path(const struct iw_glob *glob, const struct change_case *ask)
{
    struct iw_glob behind = *glob;

    if (iw_glob_matches(glob, ask->path))
        return IW_HOLDS_YES;
    if (ask->path_end.n == 0)
        return IW_HOLDS_NO;
    if (glob->n_literal >= 2 && glob->tokens[0] < 0x80 && glob->tokens[1] == ':') {
        behind.text = (struct iw_str){glob->text.p + 2, glob->text.n - 2};
        behind.literal_bytes -= 2;
        behind.tokens += 2;
        behind.n -= 2;
        behind.n_literal -= 2;
        return iw_glob_matches(&behind, ask->path_end) ? IW_HOLDS_UNKNOWN : IW_HOLDS_NO;
    }
    return iw_glob_could_end(glob, ask->path_end) ? IW_HOLDS_UNKNOWN : IW_HOLDS_NO;
}

static enum iw_holds ask_path(const struct iw_glob *glob, const struct change_case *ask)
{
    if (ask->is_device_path)
        return ask_device_path(glob, ask);
    if (ask->path_end.n != 0)
        return iw_glob_could_end(glob, ask->path_end) ? IW_HOLDS_UNKNOWN : IW_HOLDS_NO;
    return holds(iw_glob_matches(glob, ask->path));
}

static enum iw_holds ask_paths(const struct change_record *record, const struct change_case *ask)
{
    enum iw_holds best = IW_HOLDS_NO;

    for (size_t i = 0; i < record->n_paths && best != IW_HOLDS_YES; i++) {
        const enum iw_holds one = ask_path(&record->paths[i], ask);
        if (one != IW_HOLDS_NO)
            best = one;
    }
    return best;
}

/* Component and path: those that both have must agree, and one must be there. A path that is given
 * and that an act on a component does not say cannot be checked. */
static enum iw_holds ask_subject(const struct change_record *record, const struct change_case *ask)
{
    enum iw_holds component = IW_HOLDS_YES, path = IW_HOLDS_YES;
    const bool both_component = record->component_name.n != 0 && ask->component_name.n != 0;
    const bool both_path = record->n_paths != 0 && ask->path.n != 0;

    if (!both_component && !both_path)
        return IW_HOLDS_NO;
    if (both_component)
        component = ask_component(record, ask);
    if (both_path && component != IW_HOLDS_NO)
        path = ask_paths(record, ask);
    else if (record->n_paths != 0 && ask->path.n == 0)
        path = IW_HOLDS_UNKNOWN;
    if (component == IW_HOLDS_NO || path == IW_HOLDS_NO)
        return IW_HOLDS_NO;
    return component == IW_HOLDS_UNKNOWN || path == IW_HOLDS_UNKNOWN ? IW_HOLDS_UNKNOWN
                                                                     : IW_HOLDS_YES;
}

static enum iw_holds ask_window(const struct change_record *record, const struct iw_act *act)
{
    const bool knows_first = iw_time_known(act->first_ns), knows_last = iw_time_known(act->last_ns);

    if ((knows_first && act->first_ns > record->to_ns) ||
        (knows_last && act->last_ns < record->from_ns))
        return IW_HOLDS_NO;
    return knows_first && knows_last && act->first_ns >= record->from_ns &&
                   act->last_ns <= record->to_ns
               ? IW_HOLDS_YES
               : IW_HOLDS_UNKNOWN;
}

static enum iw_holds ask_expires(const struct change_record *record, const struct iw_act *act)
{
    if (!iw_time_known(record->expires_ns))
        return IW_HOLDS_YES;
    if ((iw_time_known(act->first_ns) && act->first_ns > record->expires_ns) ||
        act->still_ns > record->expires_ns)
        return IW_HOLDS_NO;
    return iw_time_known(act->last_ns) && act->last_ns <= record->expires_ns ? IW_HOLDS_YES
                                                                             : IW_HOLDS_UNKNOWN;
}

static enum iw_holds ask_actor(const struct change_record *record, const struct change_case *ask)
{
    return record->n_actors == 0
               ? IW_HOLDS_YES
               : iw_account_name_is_listed(record->actors, record->n_actors, &ask->actor);
}

static enum iw_holds ask_action(const struct change_record *record, const struct iw_act *act)
{
    if (record->actions == 0)
        return IW_HOLDS_YES;
    if (act->action == IW_ACT_UNKNOWN)
        return IW_HOLDS_UNKNOWN;
    return holds((record->actions & act->action) != 0);
}

static enum iw_holds ask_hash(const struct change_record *record, const struct iw_act *act)
{
    if (record->n_sha256 == 0)
        return IW_HOLDS_YES;
    if (!act->has_sha256)
        return IW_HOLDS_UNKNOWN;
    for (size_t i = 0; i < record->n_sha256; i++)
        if (memcmp(record->sha256[i], act->sha256, sizeof act->sha256) == 0)
            return IW_HOLDS_YES;
    return IW_HOLDS_NO;
}

static enum iw_holds ask_publisher(const struct change_record *record,
                                   const struct change_case *ask)
{
    if (record->publisher.n == 0)
        return IW_HOLDS_YES;
    if (!ask->act->is_signature_known)
        return IW_HOLDS_UNKNOWN;
    return holds(iw_str_equal(record->publisher_key, ask->publisher));
}

/* --- together ------------------------------------------------------------------------------- */

static enum iw_change_status status_of(const struct change_verdict *verdict)
{
    if (verdict->holds[ASPECT_EXPIRES] == IW_HOLDS_NO)
        return IW_CHANGE_EXPIRED;
    if (verdict->n_failed != 0)
        return IW_CHANGE_PARTLY;
    return verdict->n_unknown != 0 ? IW_CHANGE_UNVERIFIED : IW_CHANGE_EXPLAINED;
}

void change_verdict_find(const struct change_record *record, const struct change_case *ask,
                         struct change_verdict *ret)
{
    struct change_verdict verdict = {.record = record, .status = IW_CHANGE_NOT_CHECKED};

    verdict.holds[ASPECT_HOST] = ask_host(record, ask);
    verdict.is_of_host = verdict.holds[ASPECT_HOST] != IW_HOLDS_NO;
    *ret = verdict;
    if (!verdict.is_of_host)
        return;
    verdict.holds[ASPECT_SUBJECT] = ask_subject(record, ask);
    if (verdict.holds[ASPECT_SUBJECT] == IW_HOLDS_NO)
        return;
    verdict.holds[ASPECT_WINDOW] = ask_window(record, ask->act);
    verdict.holds[ASPECT_ACTOR] = ask_actor(record, ask);
    verdict.holds[ASPECT_ACTION] = ask_action(record, ask->act);
    verdict.holds[ASPECT_HASH] = ask_hash(record, ask->act);
    verdict.holds[ASPECT_PUBLISHER] = ask_publisher(record, ask);
    verdict.holds[ASPECT_EXPIRES] = ask_expires(record, ask->act);
    for (unsigned aspect = 0; aspect < ASPECT_COUNT; aspect++) {
        verdict.n_failed += verdict.holds[aspect] == IW_HOLDS_NO;
        verdict.n_unknown += verdict.holds[aspect] == IW_HOLDS_UNKNOWN;
    }
    verdict.status = status_of(&verdict);
    *ret = verdict;
}

static int rank(enum iw_change_status status)
{
    switch (status) {
    case IW_CHANGE_EXPLAINED:
        return 4;
    case IW_CHANGE_UNVERIFIED:
        return 3;
    case IW_CHANGE_PARTLY:
        return 2;
    case IW_CHANGE_EXPIRED:
        return 1;
    case IW_CHANGE_NOT_CHECKED:
    case IW_CHANGE_UNEXPLAINED:
    case IW_CHANGE_STATUS_COUNT:
        break;
    }
    return 0;
}

bool change_verdict_is_dated(const struct change_verdict *verdict)
{
    return verdict->holds[ASPECT_WINDOW] == IW_HOLDS_YES ||
           (verdict->record->n_sha256 != 0 && verdict->holds[ASPECT_HASH] == IW_HOLDS_YES) ||
           (verdict->record->publisher.n != 0 && verdict->holds[ASPECT_PUBLISHER] == IW_HOLDS_YES);
}

bool change_verdict_is_better(const struct change_verdict *a, const struct change_verdict *b)
{
    const struct change_record *x = a->record, *y = b->record;
    int order;

    if (rank(a->status) != rank(b->status))
        return rank(a->status) > rank(b->status);
    if (a->n_failed != b->n_failed)
        return a->n_failed < b->n_failed;
    if (a->n_unknown != b->n_unknown)
        return a->n_unknown < b->n_unknown;
    order = iw_str_compare(x->id, y->id);
    if (order == 0)
        order = iw_str_compare(x->file, y->file);
    if (order != 0)
        return order < 0;
    return x->line != y->line ? x->line < y->line : x->column < y->column;
}
