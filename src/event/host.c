/*
 * Host identity. All names of a run are known before it is decided, so the result does not depend
 * on the order of the evidence.
 */
#include "event/host.h"

#include "base/arena_text.h"

void iw_hosts_init(struct iw_hosts *hosts)
{
    iw_arena_init(&hosts->arena, 0);
    iw_map_init(&hosts->by_computer);
}

void iw_hosts_done(struct iw_hosts *hosts)
{
    iw_map_done(&hosts->by_computer);
    iw_arena_done(&hosts->arena);
}

enum iw_rc iw_hosts_add(struct iw_hosts *hosts, struct iw_str computer)
{
    struct iw_str copy;
    if (iw_map_find(&hosts->by_computer, computer) != NULL)
        return IW_OK;
    copy = iw_arena_copy(&hosts->arena, computer);
    return copy.p != NULL && iw_map_add(&hosts->by_computer, copy, NULL) != NULL ? IW_OK
                                                                                 : IW_ENOMEM;
}

/* What is known of one label while settling. */
struct label_state {
    struct iw_str domain; /* lower case; of the first full name met */
    bool has_two_domains;
    struct iw_str spelling; /* shown: first in byte order */
};

static struct label_state *state_of(struct iw_hosts *hosts, struct iw_map *labels,
                                    struct iw_str key)
{
    struct iw_str lower = iw_arena_lower(&hosts->arena, key);
    struct iw_map_entry *entry;
    if (lower.p == NULL)
        return NULL;
    entry = iw_map_add(labels, lower, NULL);
    if (entry != NULL && entry->value.pointer == NULL)
        entry->value.pointer = iw_arena_calloc(&hosts->arena, 1, sizeof(struct label_state));
    return entry != NULL ? entry->value.pointer : NULL;
}

static void note_spelling(struct label_state *state, struct iw_str spelling)
{
    if (state->spelling.p == NULL || iw_str_compare(spelling, state->spelling) < 0)
        state->spelling = spelling;
}

static enum iw_rc learn(struct iw_hosts *hosts, struct iw_map *labels, struct iw_str computer)
{
    struct iw_str label = iw_host_label(computer);
    struct label_state *state = state_of(hosts, labels, label);
    struct iw_str domain;
    computer = iw_host_without_root(computer);
    if (state == NULL)
        return IW_ENOMEM;
    note_spelling(state, label);
    if (label.n == computer.n)
        return IW_OK;
    domain = iw_arena_lower(&hosts->arena,
                            (struct iw_str){computer.p + label.n + 1, computer.n - label.n - 1});
    if (domain.p == NULL)
        return IW_ENOMEM;
    if (state->domain.p == NULL)
        state->domain = domain;
    else if (!iw_str_equal(state->domain, domain))
        state->has_two_domains = true;
    return IW_OK;
}

/* The host a name belongs to. Names of one ambiguous label that differ only in case are one host:
 * *whole* settles their spelling. */
static enum iw_rc decide(struct iw_hosts *hosts, struct iw_map *labels, struct iw_map *whole,
                         struct iw_map_entry *entry)
{
    struct label_state *state = state_of(hosts, labels, iw_host_label(entry->key));
    struct iw_str *host = iw_arena_alloc(&hosts->arena, sizeof *host);
    if (state != NULL && state->has_two_domains)
        state = state_of(hosts, whole, iw_host_without_root(entry->key));
    if (state == NULL || host == NULL)
        return IW_ENOMEM;
    *host = state->spelling;
    entry->value.pointer = host;
    return IW_OK;
}

enum iw_rc iw_hosts_settle(struct iw_hosts *hosts)
{
    struct iw_map labels, whole;
    enum iw_rc rc = IW_OK;

    iw_map_init(&labels);
    iw_map_init(&whole);
    for (size_t i = 0; i < hosts->by_computer.n && rc == IW_OK; i++) {
        struct iw_str computer = iw_host_without_root(hosts->by_computer.entries[i].key);
        struct label_state *state = state_of(hosts, &whole, computer);
        if (state != NULL)
            note_spelling(state, computer);
        rc = state != NULL ? learn(hosts, &labels, computer) : IW_ENOMEM;
    }
    for (size_t i = 0; i < hosts->by_computer.n && rc == IW_OK; i++)
        rc = decide(hosts, &labels, &whole, &hosts->by_computer.entries[i]);
    iw_map_done(&labels);
    iw_map_done(&whole);
    return rc;
}

struct iw_str iw_hosts_find(const struct iw_hosts *hosts, struct iw_str computer)
{
    const struct iw_map_entry *entry = iw_map_find(&hosts->by_computer, computer);
    const struct iw_str *host = entry != NULL ? entry->value.pointer : NULL;
    return host != NULL ? *host : (struct iw_str){"", 0};
}
