/*
 * Events and texts as blocks of their own. Each block is counted with what it takes, so that the
 * memory of a host is known at every moment.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "detect/chain/chain_state.h"

static void count(struct iw_chains *chains, size_t n_bytes)
{
    chains->n_bytes += n_bytes;
    if (chains->n_bytes > chains->account.peak_bytes)
        chains->account.peak_bytes = chains->n_bytes;
}

struct iw_chain_moment iw_chain_moment_of(const struct iw_fact *fact)
{
    return (struct iw_chain_moment){fact->time_ns, fact->clock};
}

static struct iw_str put_text(char **at, struct iw_str text)
{
    struct iw_str copy = {*at, text.n};
    if (text.n != 0)
        memcpy(*at, text.p, text.n);
    *at += text.n;
    return copy;
}

struct iw_chain_item *iw_chain_item_new(struct iw_chains *chains, const struct iw_fact *fact,
                                        const char *role)
{
    size_t n_copies =
        fact->n_copies < IW_LIMIT_COPIES_SHOWN ? fact->n_copies : IW_LIMIT_COPIES_SHOWN;
    size_t n_bytes = sizeof(struct iw_chain_item) + (1 + n_copies) * sizeof(struct iw_fact_place) +
                     fact->channel.n + fact->payload.n;
    struct iw_chain_item *item = iw_malloc(n_bytes);
    char *at;

    if (item == NULL)
        return NULL;
    *item = (struct iw_chain_item){.role = role,
                                   .moment = iw_chain_moment_of(fact),
                                   .event_id = fact->event_id,
                                   .record_id = fact->record_id,
                                   .places = (struct iw_fact_place *)(void *)(item + 1),
                                   .n_places = 1 + n_copies,
                                   .n_copies_hidden =
                                       fact->n_copies_hidden + (fact->n_copies - n_copies),
                                   .request_begin_ns = IW_TIME_UNKNOWN,
                                   .n_bytes = n_bytes};
    memcpy(item->content, fact->content, sizeof item->content);
    item->places[0] = fact->place;
    if (n_copies != 0)
        memcpy(item->places + 1, fact->copies, n_copies * sizeof *item->places);
    at = (char *)(item->places + item->n_places);
    item->channel = put_text(&at, fact->channel);
    item->payload = put_text(&at, fact->payload);
    count(chains, n_bytes);
    return item;
}

struct iw_chain_item *iw_chain_item_of_nothing(struct iw_chains *chains,
                                               struct iw_chain_moment moment, const char *role)
{
    struct iw_chain_item *item = iw_malloc(sizeof *item);
    if (item == NULL)
        return NULL;
    *item = (struct iw_chain_item){.role = role,
                                   .moment = moment,
                                   .channel = IW_STR(""),
                                   .payload = IW_STR(""),
                                   .request_begin_ns = IW_TIME_UNKNOWN,
                                   .n_bytes = sizeof *item};
    count(chains, item->n_bytes);
    return item;
}

void iw_chain_item_free(struct iw_chains *chains, struct iw_chain_item *item)
{
    if (item == NULL)
        return;
    if (item->n_shared != 0) {
        item->n_shared--;
        return;
    }
    iw_chain_written_free(chains, item->written);
    chains->n_bytes -= item->n_bytes;
    iw_free(item);
}

struct iw_chain_item *iw_chain_item_share(struct iw_chain_item *item)
{
    if (item != NULL)
        item->n_shared++;
    return item;
}

enum iw_rc iw_chain_items_add(struct iw_chains *chains, struct iw_chain_items *items,
                              const struct iw_fact *fact, const char *role)
{
    struct iw_chain_item *item = iw_chain_item_new(chains, fact, role);
    if (item == NULL)
        return IW_ENOMEM;
    if (items->last != NULL)
        items->last->next = item;
    else
        items->first = item;
    items->last = item;
    items->n++;
    return IW_OK;
}

void iw_chain_items_hide(struct iw_chain_items *items, int64_t time_ns)
{
    items->n_hidden++;
    items->hidden_ns = time_ns;
}

void iw_chain_items_cut(struct iw_chains *chains, struct iw_chain_items *items)
{
    for (struct iw_chain_item *item = items->first->next, *next; item != NULL; item = next) {
        next = item->next;
        iw_chain_items_hide(items, item->moment.time_ns);
        iw_chain_item_free(chains, item);
    }
    items->first->next = NULL;
    items->last = items->first;
    items->n = 1;
}

void iw_chain_items_free(struct iw_chains *chains, struct iw_chain_items *items)
{
    for (struct iw_chain_item *item = items->first, *next; item != NULL; item = next) {
        next = item->next;
        iw_chain_item_free(chains, item);
    }
    *items = (struct iw_chain_items){0};
}

struct iw_str iw_chain_text_keep(struct iw_chains *chains, struct iw_str text)
{
    char *copy;
    if (text.n == 0)
        return IW_STR("");
    copy = iw_malloc(text.n);
    if (copy == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(copy, text.p, text.n);
    count(chains, text.n);
    return (struct iw_str){copy, text.n};
}

void iw_chain_text_free(struct iw_chains *chains, struct iw_str *text)
{
    if (text->n != 0) {
        chains->n_bytes -= text->n;
        iw_free((void *)(uintptr_t)text->p);
    }
    *text = IW_STR("");
}

static enum iw_rc tell_link(struct iw_chains *chains, const struct iw_chain_link *link,
                            struct iw_error *err)
{
    return chains->input.take_link(chains->input.context, link, err);
}

enum iw_rc iw_chain_tell_fact(struct iw_chains *chains, const struct iw_fact *fact,
                              struct iw_error *err)
{
    struct iw_chain_link link = {.host = chains->context->host,
                                 .channel = fact->channel,
                                 .event_id = fact->event_id,
                                 .record_id = fact->record_id,
                                 .time_ns = fact->time_ns,
                                 .level = IW_LEVEL_MEDIUM};
    if (chains->input.take_link == NULL)
        return IW_OK;
    memcpy(link.content, fact->content, sizeof link.content);
    return tell_link(chains, &link, err);
}

enum iw_rc iw_chain_tell_link(struct iw_chains *chains, const struct iw_chain_item *item,
                              enum iw_level level, struct iw_error *err)
{
    struct iw_chain_link link = {.host = chains->context->host,
                                 .channel = item->channel,
                                 .event_id = item->event_id,
                                 .record_id = item->record_id,
                                 .time_ns = item->moment.time_ns,
                                 .level = level};
    if (chains->input.take_link == NULL || item->n_places == 0)
        return IW_OK;
    memcpy(link.content, item->content, sizeof link.content);
    return tell_link(chains, &link, err);
}
