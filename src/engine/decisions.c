/*
 * Decisions are facts of an order of their own, under the times that matches have when they are
 * read. Held while reading are those of one event's key: of several hosts, and several of one host
 * where forms of a record were too many to be joined.
 */
#include "engine/decisions.h"

#include "base/alloc.h"
#include "base/packed.h"

struct iw_decisions {
    struct iw_order *order;
    struct iw_order_feed feed;
    struct iw_buffer payload;
    bool has_links;
};

/* One decision of the present key. */
struct held {
    struct iw_str host;
    struct iw_decided_rule *decided;
    size_t n;
    uint32_t link; /* 0: none; else the level of its chain + 1 */
};

struct iw_decision_reader {
    struct iw_order_reader *reader;
    bool has_links;
    bool has_next; /* *next* was read and is behind the present key */
    bool is_at_end;
    struct iw_fact next;
    struct iw_buffer key, next_key, asked_key;
    struct iw_arena arena; /* of what is held */
    struct held *held;
    size_t n, cap;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- adding ------------------------------------------------------------------------------- */

void iw_decisions_free(struct iw_decisions *decisions)
{
    if (decisions == NULL)
        return;
    iw_order_feed_done(&decisions->feed);
    iw_order_free(decisions->order);
    iw_buffer_done(&decisions->payload);
    iw_free(decisions);
}

struct iw_decisions *iw_decisions_new(struct iw_spill *spill, size_t budget_bytes)
{
    struct iw_decisions *decisions = iw_calloc(1, sizeof *decisions);
    if (decisions == NULL)
        return NULL;
    iw_buffer_init(&decisions->payload);
    decisions->order = iw_order_new(spill, budget_bytes);
    if (decisions->order != NULL && iw_order_feed_init(&decisions->feed, decisions->order) == IW_OK)
        return decisions;
    iw_decisions_free(decisions);
    return NULL;
}

static void write_decided(struct iw_buffer *out, const struct iw_decided_rule *decided)
{
    iw_pack_number(out, decided->rule);
    iw_pack_number(out, decided->why.n);
    for (size_t i = 0; i < decided->why.n; i++)
        iw_pack_text(out, decided->why.items[i]);
}

static enum iw_rc add(struct iw_decisions *decisions, const struct iw_fact *fact, uint32_t link,
                      const struct iw_decided_rule *decided, size_t n, struct iw_error *err)
{
    struct iw_fact decision = *fact;
    iw_buffer_clear(&decisions->payload);
    iw_pack_number(&decisions->payload, link);
    iw_pack_number(&decisions->payload, n);
    for (size_t i = 0; i < n; i++)
        write_decided(&decisions->payload, &decided[i]);
    if (decisions->payload.failed)
        return no_memory(err);
    decision.payload = iw_buffer_str(&decisions->payload);
    return iw_order_add(&decisions->feed, IW_ORDER_OVERALL, &decision, err);
}

enum iw_rc iw_decisions_add(struct iw_decisions *decisions, const struct iw_fact *fact,
                            const struct iw_decided_rule *decided, size_t n, struct iw_error *err)
{
    return add(decisions, fact, 0, decided, n, err);
}

enum iw_rc iw_decisions_add_link(struct iw_decisions *decisions, const struct iw_fact *fact,
                                 enum iw_level level, struct iw_error *err)
{
    decisions->has_links = true;
    return add(decisions, fact, (uint32_t)level + 1, NULL, 0, err);
}

enum iw_rc iw_decisions_settle(struct iw_decisions *decisions, const struct iw_hosts *hosts,
                               struct iw_error *err)
{
    return iw_order_settle(decisions->order, hosts, NULL, err);
}

/* --- reading ------------------------------------------------------------------------------ */

enum iw_rc iw_decisions_open(const struct iw_decisions *decisions, struct iw_decision_reader **ret,
                             struct iw_error *err)
{
    struct iw_decision_reader *reader = iw_calloc(1, sizeof *reader);
    enum iw_rc rc;
    *ret = NULL;
    if (reader == NULL)
        return no_memory(err);
    iw_buffer_init(&reader->key);
    iw_buffer_init(&reader->next_key);
    iw_buffer_init(&reader->asked_key);
    iw_arena_init(&reader->arena, 0);
    reader->has_links = decisions->has_links;
    rc = iw_order_open(decisions->order, IW_ORDER_OVERALL, false, &reader->reader, err);
    if (rc != IW_OK) {
        iw_decisions_close(reader);
        return rc;
    }
    *ret = reader;
    return IW_OK;
}

void iw_decisions_close(struct iw_decision_reader *reader)
{
    if (reader == NULL)
        return;
    iw_order_close(reader->reader);
    iw_buffer_done(&reader->key);
    iw_buffer_done(&reader->next_key);
    iw_buffer_done(&reader->asked_key);
    iw_arena_done(&reader->arena);
    iw_free(reader->held);
    iw_free(reader);
}

static enum iw_rc read_next(struct iw_decision_reader *reader, struct iw_error *err)
{
    enum iw_rc rc = reader->is_at_end ? IW_END : iw_order_next(reader->reader, &reader->next, err);
    reader->has_next = rc == IW_OK;
    reader->is_at_end = rc == IW_END;
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    iw_buffer_clear(&reader->next_key);
    iw_order_event_key(&reader->next, &reader->next_key);
    return reader->next_key.failed ? no_memory(err) : IW_OK;
}

static enum iw_rc read_decided(struct iw_unpacking *in, struct iw_arena *arena,
                               struct iw_decided_rule *ret)
{
    struct iw_str *lines;
    ret->rule = (uint32_t)iw_unpack_below(in, UINT32_MAX);
    ret->why.n = iw_unpack_count(in);
    lines = iw_arena_alloc(arena, (ret->why.n + 1) * sizeof *lines);
    if (lines == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->why.n; i++) {
        lines[i] = iw_unpack_text(in);
        if (!iw_arena_keep(arena, &lines[i]))
            return IW_ENOMEM;
    }
    ret->why.items = lines;
    return IW_OK;
}

static enum iw_rc hold_payload(struct iw_decision_reader *reader, struct iw_str payload,
                               struct iw_error *err)
{
    struct iw_unpacking in = {payload, false};
    struct held held = {.host = reader->next.host,
                        .link = (uint32_t)iw_unpack_below(&in, IW_LEVEL_COUNT + 1)};
    held.n = iw_unpack_count(&in);
    held.decided = iw_arena_alloc(&reader->arena, (held.n + 1) * sizeof *held.decided);
    if (held.decided == NULL || !iw_arena_keep(&reader->arena, &held.host) ||
        !iw_array_reserve(&reader->held, &reader->cap, reader->n + 1, sizeof *reader->held))
        return no_memory(err);
    for (size_t i = 0; i < held.n; i++) {
        if (read_decided(&in, &reader->arena, &held.decided[i]) != IW_OK)
            return no_memory(err);
    }
    if (in.is_broken)
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    reader->held[reader->n++] = held;
    return IW_OK;
}

static enum iw_rc hold(struct iw_decision_reader *reader, struct iw_error *err)
{
    IW_TRY(hold_payload(reader, reader->next.payload, err));
    for (size_t i = 0; i < reader->next.n_variants; i++)
        IW_TRY(hold_payload(reader, reader->next.variants[i], err));
    return IW_OK;
}

/* Holds the decisions of the event that is asked for. */
static enum iw_rc go_to(struct iw_decision_reader *reader, struct iw_str key, struct iw_error *err)
{
    int order;
    if (iw_str_equal(iw_buffer_str(&reader->key), key))
        return IW_OK;
    iw_arena_reset(&reader->arena);
    reader->n = 0;
    iw_buffer_clear(&reader->key);
    iw_buffer_add(&reader->key, key);
    if (reader->key.failed)
        return no_memory(err);
    for (;;) {
        if (!reader->has_next)
            IW_TRY(read_next(reader, err));
        order = reader->has_next ? iw_str_compare(iw_buffer_str(&reader->next_key), key) : 1;
        if (order > 0)
            return IW_OK;
        if (order == 0)
            IW_TRY(hold(reader, err));
        reader->has_next = false;
    }
}

/* What is held for *rule* on *host*, or NULL. */
static const struct iw_decided_rule *find(const struct iw_decision_reader *reader,
                                          struct iw_str host, uint32_t rule)
{
    for (size_t i = 0; i < reader->n; i++) {
        const struct held *held = &reader->held[i];
        if (!iw_str_equal_nocase(held->host, host))
            continue;
        for (size_t k = 0; k < held->n; k++) {
            if (held->decided[k].rule == rule)
                return &held->decided[k];
        }
    }
    return NULL;
}

/* 0: none; else the highest level of its chains + 1. */
static uint32_t link_of(const struct iw_decision_reader *reader, struct iw_str host)
{
    uint32_t highest = 0;
    for (size_t i = 0; i < reader->n; i++) {
        if (reader->held[i].link > highest && iw_str_equal_nocase(reader->held[i].host, host))
            highest = reader->held[i].link;
    }
    return highest;
}

static enum iw_rc add_found(const struct iw_decision_reader *reader, const struct iw_fact *fact,
                            struct iw_arena *arena, struct iw_match *match)
{
    struct iw_decided_rule *found = iw_arena_alloc(arena, match->n_perhaps * sizeof *found);
    size_t n = 0;
    if (found == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < match->n_perhaps; i++) {
        const struct iw_decided_rule *decided = find(reader, fact->host, match->perhaps[i].rule);
        if (decided != NULL)
            found[n++] = *decided;
    }
    return n != 0 ? iw_match_add_decided(match, found, n, arena) : IW_OK;
}

enum iw_rc iw_decisions_apply(struct iw_decision_reader *reader, const struct iw_fact *fact,
                              struct iw_arena *arena, struct iw_match *match, struct iw_error *err)
{
    uint32_t link;
    if (match->n_perhaps == 0 && !reader->has_links)
        return IW_OK;
    iw_buffer_clear(&reader->asked_key);
    iw_order_event_key(fact, &reader->asked_key);
    if (reader->asked_key.failed)
        return no_memory(err);
    IW_TRY(go_to(reader, iw_buffer_str(&reader->asked_key), err));
    link = link_of(reader, fact->host);
    match->is_link = link != 0;
    match->link_level = link != 0 ? (enum iw_level)(link - 1) : IW_LEVEL_INFORMATIONAL;
    if (match->n_perhaps == 0)
        return IW_OK;
    return add_found(reader, fact, arena, match) == IW_OK ? IW_OK : no_memory(err);
}

static enum iw_rc read_form(struct iw_decision_reader *reader, const struct iw_fact *fact,
                            struct iw_str payload, struct iw_arena *arena, struct iw_match *ret,
                            struct iw_error *err)
{
    IW_TRY(iw_match_read(payload, arena, ret, err));
    return reader != NULL ? iw_decisions_apply(reader, fact, arena, ret, err) : IW_OK;
}

enum iw_rc iw_decisions_read_form(struct iw_decision_reader *reader, const struct iw_fact *fact,
                                  struct iw_arena *arena, struct iw_match *ret,
                                  struct iw_error *err)
{
    return read_form(reader, fact, fact->payload, arena, ret, err);
}

enum iw_rc iw_decisions_read_variant(struct iw_decision_reader *reader, const struct iw_fact *fact,
                                     size_t index, const struct iw_match *known,
                                     struct iw_arena *arena, struct iw_match *ret,
                                     struct iw_error *err)
{
    uint32_t *rules;
    IW_TRY(read_form(reader, fact, fact->variants[index], arena, ret, err));
    rules = iw_arena_alloc(arena, (ret->n_rules + 1) * sizeof *rules);
    if (rules == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    iw_match_keep_new_rules(known, ret, rules);
    return IW_OK;
}
