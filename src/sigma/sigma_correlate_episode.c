/*
 * Reports in one block: the keys, the evidence, then the bytes of all texts.
 */
#include "sigma/sigma_correlate_episode.h"

static struct iw_str put(char **at, struct iw_str text)
{
    struct iw_str copy = {*at, text.n};
    if (text.n != 0)
        memcpy(*at, text.p, text.n);
    *at += text.n;
    return copy;
}

static struct iw_correlate_evidence evidence_of(const struct iw_correlate_plan *plan,
                                                const struct iw_correlate_entry *entry)
{
    const struct iw_correlate_step *step = &plan->steps[entry->step];
    return (struct iw_correlate_evidence){entry->ordinal, entry->time_ns, step->rule,
                                          step->is_correlation};
}

static void fill(const struct iw_correlate_plan *plan, const struct iw_correlate_beginning *begin,
                 struct iw_correlate_episode *episode)
{
    struct iw_correlate_report *report = &episode->report;
    struct iw_correlate_key *key = (struct iw_correlate_key *)(episode + 1);
    struct iw_correlate_evidence *evidence = (struct iw_correlate_evidence *)(key + plan->n_group);
    char *text = (char *)(evidence + begin->chosen->n);

    report->correlation = begin->correlation;
    report->key = key;
    report->n_key = plan->n_group;
    for (size_t i = 0; i < plan->n_group; i++) {
        key[i].name = plan->correlation->group_by[i].name;
        key[i].text = put(&text, begin->tuple->texts[i].text);
    }
    report->host = put(&text, begin->match->host);
    report->is_local_time = begin->match->is_local_time;
    report->completing = begin->entry->ordinal;
    report->completing_ns = report->last_ns = begin->entry->time_ns;
    report->first_ns = begin->chosen->first_ns;
    report->is_count = begin->outcome->is_count;
    report->number = begin->outcome->number.real;
    report->count = begin->outcome->is_count ? begin->outcome->number.magnitude : 0;
    report->n_held = 1;
    report->evidence = evidence;
    report->n_evidence = begin->chosen->n;
    report->n_evidence_all = report->n_events = begin->chosen->n_all;
    for (size_t i = 0; i < begin->chosen->n; i++)
        evidence[i] = evidence_of(plan, &begin->chosen->entries[i]);
}

struct iw_correlate_episode *iw_correlate_episode_new(struct iw_correlate_setting *setting,
                                                      const struct iw_correlate_beginning *begin)
{
    const struct iw_correlate_plan *plan = setting->plan;
    struct iw_correlate_episode *episode;
    size_t size = sizeof *episode + plan->n_group * sizeof(struct iw_correlate_key) +
                  begin->chosen->n * sizeof(struct iw_correlate_evidence) + begin->match->host.n;

    for (size_t i = 0; i < plan->n_group; i++)
        size += begin->tuple->texts[i].text.n;
    episode = iw_correlate_take(&setting->heap, size);
    if (episode == NULL)
        return NULL;
    episode->size_bytes = size;
    fill(plan, begin, episode);
    return episode;
}

void iw_correlate_episode_free(struct iw_correlate_setting *setting,
                               struct iw_correlate_episode *episode)
{
    if (episode != NULL)
        iw_correlate_give(&setting->heap, episode, episode->size_bytes);
}

void iw_correlate_episode_go_on(struct iw_correlate_episode *episode,
                                const struct iw_correlate_entry *entry)
{
    episode->report.last_ns = entry->time_ns;
    episode->report.n_events++;
    episode->report.n_held++;
}
