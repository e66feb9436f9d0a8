/*
 * What is shown of a chain that did more than is shown.
 *
 * The first shells and acts are shown, whatever they are. Past that, an act is shown if nothing
 * like it is yet; and past that, if it is worth it: a file written, the configuration changed,
 * secrets read, SYSTEM reached. What only repeats a shown act is counted, and a rule's finding
 * about it is none beside the chain. What finds no room is counted too, but the rule's finding
 * about it stays: nothing vanishes.
 */
#include "base/hash.h"
#include "base/limits.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/command_shape.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
#define WORTH (IW_MARK(CREDENTIALS) | IW_MARK(SYSTEM) | IW_MARK(COMMAND_SHAPE))

static uint64_t add_text(struct iw_str text, uint64_t seed)
{
    return iw_hash_bytes(text.p, text.n, seed + text.n);
}

static enum iw_rc likeness_of(struct iw_chains *chains, const char *role, struct iw_str payload,
                              uint64_t *ret)
{
    struct iw_chain_fact fact;
    struct iw_str shape;
    *ret = 1;
    if (!iw_chain_fact_parse(payload, &fact))
        return IW_OK;
    shape = iw_command_shape(fact.command_line, &chains->scratch);
    if (shape.p == NULL)
        return IW_ENOMEM;
    const struct iw_str TEXTS[] = {fact.process.image, shape,          fact.path, fact.detail,
                                   fact.user,          fact.new_value, fact.rules};
    uint64_t hash = add_text(iw_str_of(role), fact.kind);
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        hash = add_text(TEXTS[i], hash);
    *ret = hash != 0 ? hash : 1;
    return IW_OK;
}

static enum iw_rc likeness_of_item(struct iw_chains *chains, struct iw_chain_item *item)
{
    return item->likeness == 0 ? likeness_of(chains, item->role, item->payload, &item->likeness)
                               : IW_OK;
}

void iw_chain_like_of_run(struct iw_chain_item *start)
{
    struct iw_chain_fact fact;
    uint64_t hash;
    if (!iw_chain_fact_parse(start->payload, &fact))
        return;
    hash = add_text(fact.rules, add_text(fact.process.image, fact.kind));
    start->likeness = hash != 0 ? hash : 1;
}

static enum iw_rc is_among(struct iw_chains *chains, const struct iw_chain_items *items,
                           uint64_t likeness, bool *ret)
{
    *ret = false;
    for (struct iw_chain_item *item = items->first; item != NULL && !*ret; item = item->next) {
        IW_TRY(likeness_of_item(chains, item));
        *ret = item->likeness == likeness;
    }
    return IW_OK;
}

/* Whether a shell of the chain that is shown, and began like this one, did the same. */
static enum iw_rc is_shown_of_like(struct iw_chains *chains, const struct iw_chain *chain,
                                   const struct iw_chain_shell *shell, uint64_t likeness, bool *ret)
{
    struct iw_chain_item *start = shell->items.first;
    *ret = false;
    IW_TRY(likeness_of_item(chains, start));
    for (struct iw_link *link = chain->shells.first; link != NULL && !*ret; link = link->next) {
        const struct iw_chain_shell *other = SHELL_OF(link);
        IW_TRY(likeness_of_item(chains, other->items.first));
        if (other->items.first->likeness == start->likeness)
            IW_TRY(is_among(chains, &other->items, likeness, ret));
    }
    return IW_OK;
}

static bool is_worth(const char *role, iw_chain_marks marks)
{
    return (marks & WORTH) != 0 || strcmp(role, "file_written") == 0 ||
           strcmp(role, "configuration_changed") == 0;
}

bool iw_chain_has_room(const struct iw_chain *chain, bool is_worth)
{
    return chain->n_shown < (is_worth ? IW_LIMIT_CHAIN_SHELLS_WORTH : IW_LIMIT_CHAIN_SHELLS_UNLIKE);
}

/* Its worker had just compiled a page: the first request for that may be what it came of, whatever
 * ran like it before. */
static bool is_behind_compiling(const struct iw_chain_shell *shell)
{
    return (shell->join.marks & IW_MARK(COMPILED_BEFORE)) != 0 &&
           iw_chain_distance_ns(shell->join.compiled->moment.time_ns, shell->moment.time_ns) <=
               IW_CHAIN_COMPILED_NEAR_NS;
}

enum iw_rc iw_chain_repeats(struct iw_chains *chains, const struct iw_chain *chain,
                            struct iw_chain_shell *shell, bool *ret, bool *ret_worth)
{
    *ret = !is_behind_compiling(shell);
    *ret_worth = (shell->marks & WORTH) != 0;
    for (struct iw_chain_item *item = shell->items.first; item != NULL; item = item->next) {
        bool is_like;
        IW_TRY(likeness_of_item(chains, item));
        IW_TRY(is_shown_of_like(chains, chain, shell, item->likeness, &is_like));
        *ret &= is_like;
        *ret_worth |= is_worth(item->role, 0);
    }
    return IW_OK;
}

enum iw_rc iw_chain_tell_repeats(struct iw_chains *chains, const struct iw_chain *chain,
                                 const struct iw_chain_shell *shell, struct iw_error *err)
{
    for (struct iw_chain_item *item = shell->items.first; item != NULL; item = item->next) {
        bool is_like;
        IW_TRY(likeness_of_item(chains, item));
        IW_TRY(is_shown_of_like(chains, chain, shell, item->likeness, &is_like));
        if (is_like)
            IW_TRY(iw_chain_tell_link(chains, item, IW_LEVEL_MEDIUM, err));
    }
    return IW_OK;
}

/* --- acts ------------------------------------------------------------------------------------- */

static enum iw_rc hide_act(struct iw_chains *chains, struct iw_chain_shell *shell,
                           const struct iw_fact *fact, bool is_like, struct iw_error *err)
{
    iw_chain_items_hide(&shell->items, fact->time_ns);
    return is_like ? iw_chain_tell_fact(chains, fact, err) : IW_OK;
}

/* One of a shell that is shown, or of which nothing is decided yet. */
static enum iw_rc add_shown(struct iw_chains *chains, struct iw_chain_shell *shell,
                            const struct iw_fact *fact, const char *role, bool is_worthy,
                            struct iw_error *err)
{
    size_t limit =
        is_worthy ? IW_LIMIT_CHAIN_SHELL_EVENTS_WORTH : IW_LIMIT_CHAIN_SHELL_EVENTS_UNLIKE;
    uint64_t likeness;
    bool is_like;
    if (shell->items.n < IW_LIMIT_CHAIN_SHELL_EVENTS)
        return iw_chain_items_add(chains, &shell->items, fact, role);
    IW_TRY(likeness_of(chains, role, fact->payload, &likeness));
    IW_TRY(is_among(chains, &shell->items, likeness, &is_like));
    if (!is_like && shell->items.n < limit)
        return iw_chain_items_add(chains, &shell->items, fact, role);
    return hide_act(chains, shell, fact, is_like, err);
}

static enum iw_rc add_hidden(struct iw_chains *chains, struct iw_chain_shell *shell,
                             const struct iw_fact *fact, const char *role, iw_chain_marks marks,
                             struct iw_error *err)
{
    struct iw_chain *chain = shell->chain;
    uint64_t likeness;
    bool is_like;
    IW_TRY(likeness_of(chains, role, fact->payload, &likeness));
    IW_TRY(is_shown_of_like(chains, chain, shell, likeness, &is_like));
    if (!is_like && iw_chain_has_room(chain, is_worth(role, marks))) {
        iw_chain_show(chains, shell);
        return add_shown(chains, shell, fact, role, is_worth(role, marks), err);
    }
    chain->hidden_marks |= marks;
    iw_chain_reach_hidden_time(chain, fact->time_ns);
    return hide_act(chains, shell, fact, is_like, err);
}

enum iw_rc iw_chain_shell_add(struct iw_chains *chains, struct iw_chain_shell *shell,
                              const struct iw_fact *fact, const char *role, iw_chain_marks marks,
                              struct iw_error *err)
{
    shell->marks |= marks;
    IW_TRY(iw_chain_habit_see_marks(chains, shell, marks));
    if (shell->chain != NULL)
        iw_chain_touch(chains, shell->chain, fact->time_ns);
    if (shell->chain != NULL && !shell->is_shown)
        return add_hidden(chains, shell, fact, role, marks, err);
    return add_shown(chains, shell, fact, role, is_worth(role, marks), err);
}
