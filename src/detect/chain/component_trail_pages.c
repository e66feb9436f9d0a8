/*
 * Who wrote pages, and who did any act that the reconciler asks about. What the event itself says
 * of a page the reconciler has: here stands only who did it.
 */
#include "base/limits.h"
#include "detect/chain/component_trail_state.h"

static bool has_room_for_page(const struct iw_component_trails *trails)
{
    return trails->pages.n < IW_LIMIT_TRAIL_PAGES &&
           trails->arena.held_bytes < IW_LIMIT_TRAIL_PAGE_BYTES;
}

/* A release writes pages by the hundred, all by one process: it is put into words once. */
static enum iw_rc tell_writer(struct iw_component_trails *trails, const struct iw_process *process,
                              const struct iw_chain_fact *what, int64_t time_ns, struct iw_str *ret)
{
    bool is_same = process != NULL && trails->page.who.n != 0 &&
                   trails->page.process_number == process->number &&
                   iw_str_equal(trails->page.user, what->user);
    if (!is_same) {
        IW_TRY(iw_trail_tell_who(trails, process, what, time_ns, &trails->page.who));
        trails->page.process_number = process != NULL ? process->number : 0;
        trails->page.user = iw_arena_copy(&trails->arena, what->user);
        if (trails->page.user.p == NULL)
            return IW_ENOMEM;
    }
    *ret = trails->page.who;
    return IW_OK;
}

enum iw_rc iw_trail_see_page(struct iw_component_trails *trails, const struct iw_fact *fact,
                             const struct iw_chain_fact *what)
{
    const struct iw_process *process =
        iw_lineage_find(trails->context->lineage, &what->process, fact->time_ns);
    struct iw_fact bare = *fact;
    struct iw_trail *trail;
    if (!has_room_for_page(trails)) {
        trails->n_pages_hidden++;
        return IW_OK;
    }
    bare.payload = IW_STR("");
    trail = iw_trail_keep(trails, &trails->pages, &bare, "file_created");
    if (trail == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_trail_tell_act(trails, process, what, trail));
    IW_TRY(iw_trail_ask_usual(trails, process, what, trail));
    IW_TRY(tell_writer(trails, process, what, fact->time_ns, &trail->who));
    /* Records without a number are not known from one another: who wrote the page is not told. */
    return trail->record_id != 0 ? iw_trail_index(trails, &trails->by_page, trail, trails->pages.n)
                                 : IW_OK;
}

/* --- asking ----------------------------------------------------------------------------------- */

static const struct iw_trail *find_in(const struct iw_map *map, const struct iw_trail_list *list,
                                      struct iw_str key)
{
    const struct iw_map_entry *entry = iw_map_find(map, key);
    return entry != NULL ? &list->items[entry->value.number - 1] : NULL;
}

bool iw_component_trails_act(const struct iw_component_trails *trails, struct iw_str host,
                             struct iw_str channel, uint64_t record_id, int64_t time_ns,
                             struct iw_arena *scratch, struct iw_act_trail *ret)
{
    struct iw_str key = iw_trail_key(host, channel, record_id, time_ns, scratch);
    const struct iw_trail *trail =
        key.p != NULL ? find_in(&trails->by_event, &trails->acts, key) : NULL;
    if (trail == NULL && key.p != NULL)
        trail = find_in(&trails->by_page, &trails->pages, key);
    if (trail == NULL)
        return false;
    *ret = (struct iw_act_trail){.who = trail->who,
                                 .deployment = trail->deployment.words,
                                 .tool = trail->tool,
                                 .is_named = trail->is_named,
                                 .is_by_server = trail->is_by_server,
                                 .is_by_hand = trail->is_by_hand,
                                 .process = trail->process,
                                 .logon = trail->logon};
    return true;
}
