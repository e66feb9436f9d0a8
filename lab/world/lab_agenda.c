/*
 * The world's clock (see lab_agenda.h).
 *
 * What it does: a binary heap by time and order. What it ignores: what the steps do.
 */
#include "lab/world/lab_agenda.h"

#include "lab/lab_alloc.h"

struct entry {
    uint64_t time, order;
    struct iw_lab_host *host;
    iw_lab_step step;
    void *subject;
    const struct iw_lab_act *act;
    void *owned; /* the subject, when it is the agenda's, or NULL */
};

struct iw_lab_agenda {
    struct entry *entries;
    size_t n_entries, n_room;
    uint64_t n_put;
};

struct iw_lab_agenda *iw_lab_agenda_new(void)
{
    return iw_lab_alloc_zeroed(1, sizeof(struct iw_lab_agenda));
}

void iw_lab_agenda_free(struct iw_lab_agenda *agenda)
{
    if (agenda != NULL) {
        for (size_t i = 0; i < agenda->n_entries; i++) {
            iw_lab_alloc_release(agenda->entries[i].owned);
        }
        iw_lab_alloc_release(agenda->entries);
        iw_lab_alloc_release(agenda);
    }
}

static bool is_before(const struct entry *a, const struct entry *b)
{
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static void put(struct iw_lab_host *host, uint64_t time, struct entry entry)
{
    struct iw_lab_agenda *agenda = host->world->agenda;
    if (agenda->n_entries == agenda->n_room) {
        agenda->n_room = agenda->n_room * 2 + 64;
        agenda->entries =
            iw_lab_alloc_resize(agenda->entries, agenda->n_room, sizeof *agenda->entries);
    }
    entry.time = time < host->now ? host->now : time;
    entry.order = agenda->n_put++;
    entry.host = host;
    size_t i = agenda->n_entries++;
    while (i > 0 && is_before(&entry, &agenda->entries[(i - 1) / 2])) {
        agenda->entries[i] = agenda->entries[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    agenda->entries[i] = entry;
}

void iw_lab_agenda_put(struct iw_lab_host *host, uint64_t time, iw_lab_step step, void *subject,
                       const struct iw_lab_act *act)
{
    put(host, time, (struct entry){.step = step, .subject = subject, .act = act});
}

void iw_lab_agenda_put_owned(struct iw_lab_host *host, uint64_t time, iw_lab_step step,
                             void *subject, const struct iw_lab_act *act)
{
    put(host, time, (struct entry){.step = step, .subject = subject, .act = act, .owned = subject});
}

static struct entry take_first(struct iw_lab_agenda *agenda)
{
    struct entry first = agenda->entries[0];
    struct entry last = agenda->entries[--agenda->n_entries];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < agenda->n_entries &&
            is_before(&agenda->entries[child + 1], &agenda->entries[child])) {
            child++;
        }
        if (child >= agenda->n_entries || !is_before(&agenda->entries[child], &last)) {
            break;
        }
        agenda->entries[i] = agenda->entries[child];
        i = child;
    }
    agenda->entries[i] = last;
    return first;
}

bool iw_lab_world_run(struct iw_lab_world *world)
{
    while (!world->is_failed && world->agenda->n_entries > 0 &&
           world->agenda->entries[0].time <= world->scenario->to) {
        struct entry entry = take_first(world->agenda);
        if (entry.host->now < entry.time) {
            entry.host->now = entry.time;
        }
        world->act = entry.act;
        world->cause = NULL;
        world->at = entry.act == NULL ? NULL : entry.act->details;
        entry.step(entry.host, entry.subject);
        iw_lab_alloc_release(entry.owned);
    }
    world->act = NULL;
    world->at = NULL;
    return !world->is_failed;
}
