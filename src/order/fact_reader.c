/*
 * Records in the order of their keys → facts. Records of one key are copies of one event, or events
 * of several machines that share a label: all that is held is one group of these, and of a larger
 * one as much as IW_LIMIT_GROUP_BYTES.
 *
 * Of hosts, a label that several machines share is a *section*: its records are sorted once more,
 * with the machine's name before the key, and read from there.
 */
#include "order/fact_reader.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/sort_key.h"
#include "order/fact_record.h"
#include "order/host_names.h"

/* The share of the budget of a section. */
#define SECTION_SHARE 2U

/* One fact of the present group. */
struct joined {
    struct iw_fact fact;
    struct iw_fact_place *copies; /* room for IW_LIMIT_COPIES_SHOWN; NULL: none yet */
    struct iw_str *variants;      /* likewise */
    uint32_t last_source;         /* of its places: sources come in order */
    size_t before;                /* the one of the same host before it, + 1; 0: none */
};

/* A group nearly always has one fact; from so many on its hosts are found by a map. */
#define SEARCHED 8U

struct iw_order_reader {
    struct iw_fact_reader_options options;
    struct iw_host_names names;
    struct iw_order_account account;

    /* Records. */
    struct iw_sorted *sorted;
    bool is_at_end;            /* of it */
    struct iw_sorter *section; /* NULL: none is open */
    struct iw_sorted *section_sorted;
    struct iw_buffer label; /* of the last record read, as in its key */
    struct iw_buffer scratch, section_key;
    bool label_is_shared;
    bool has_pending; /* the record behind a section was read */
    struct iw_str pending_key, pending_record;

    /* The next record, behind the present group. */
    bool has_next;
    struct iw_str next_key, next_record;

    /* The present group. */
    struct iw_buffer key;
    struct iw_arena kept;
    struct joined *group;
    size_t n, cap, n_given;
    size_t n_bytes; /* kept of it */
    struct iw_map
        by_host; /* lower-case host → place of its last fact + 1; empty in a small group */
    struct iw_buffer lower; /* a host's name */

    /* Of the present record (channel, id, time): which hosts and kinds it was met of. */
    struct iw_arena seen_arena;
    struct iw_map seen;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

enum iw_rc iw_fact_reader_new(const struct iw_fact_reader_options *options,
                              struct iw_order_reader **ret, struct iw_error *err)
{
    struct iw_order_reader *reader = iw_calloc(1, sizeof *reader);
    enum iw_rc rc;
    *ret = NULL;
    if (reader == NULL)
        return no_memory(err);
    reader->options = *options;
    iw_arena_init(&reader->kept, 0);
    iw_arena_init(&reader->seen_arena, 0);
    iw_map_init(&reader->seen);
    iw_map_init(&reader->by_host);
    iw_buffer_init(&reader->lower);
    iw_buffer_init(&reader->key);
    iw_buffer_init(&reader->label);
    iw_buffer_init(&reader->scratch);
    iw_buffer_init(&reader->section_key);
    rc = iw_host_names_init(&reader->names, options->hosts) == IW_OK
             ? iw_sorter_open(options->sorter, options->is_last, &reader->sorted, err)
             : no_memory(err);
    if (rc != IW_OK) {
        iw_order_close(reader);
        return rc;
    }
    *ret = reader;
    return IW_OK;
}

static void close_section(struct iw_order_reader *reader)
{
    iw_sorted_close(reader->section_sorted);
    iw_sorter_free(reader->section);
    reader->section_sorted = NULL;
    reader->section = NULL;
}

void iw_order_close(struct iw_order_reader *reader)
{
    if (reader == NULL)
        return;
    close_section(reader);
    iw_sorted_close(reader->sorted);
    iw_host_names_done(&reader->names);
    iw_buffer_done(&reader->key);
    iw_buffer_done(&reader->label);
    iw_buffer_done(&reader->scratch);
    iw_buffer_done(&reader->section_key);
    iw_arena_done(&reader->kept);
    iw_arena_done(&reader->seen_arena);
    iw_map_done(&reader->seen);
    iw_map_done(&reader->by_host);
    iw_buffer_done(&reader->lower);
    iw_free(reader->group);
    iw_free(reader);
}

struct iw_order_account iw_order_account(const struct iw_order_reader *reader)
{
    return reader->account;
}

/* --- records ------------------------------------------------------------------------------ */

/* The label a key of IW_ORDER_OF_HOSTS begins with, as it stands there. */
static struct iw_str label_of(struct iw_str key)
{
    return (struct iw_str){key.p, iw_fact_record_label_bytes(key)};
}

/* Keeps the label of a record and asks whether several machines have it. */
static enum iw_rc meet_label(struct iw_order_reader *reader, struct iw_str key,
                             struct iw_str record, struct iw_error *err)
{
    struct iw_str label = label_of(key), computer_label;
    struct iw_fact fact;
    if (reader->label.n != 0 && iw_str_equal(iw_buffer_str(&reader->label), label))
        return IW_OK;
    iw_buffer_clear(&reader->label);
    iw_buffer_add(&reader->label, label);
    IW_TRY(iw_fact_record_read(IW_ORDER_OF_HOSTS, key, record, &fact, err));
    computer_label = iw_host_label(fact.computer);
    iw_buffer_clear(&reader->scratch);
    for (size_t i = 0; i < computer_label.n; i++)
        iw_buffer_add_char(&reader->scratch, iw_ascii_lower(computer_label.p[i]));
    if (reader->label.failed || reader->scratch.failed)
        return no_memory(err);
    reader->label_is_shared = iw_host_names_shares(&reader->names, iw_buffer_str(&reader->scratch));
    return IW_OK;
}

/* The next record as it was sorted in pass 1. IW_OK, IW_END, IW_ENOMEM, IW_EIO. */
static enum iw_rc next_sorted(struct iw_order_reader *reader, struct iw_str *ret_key,
                              struct iw_str *ret_record, struct iw_error *err)
{
    enum iw_rc rc =
        reader->is_at_end ? IW_END : iw_sorted_next(reader->sorted, ret_key, ret_record, err);
    reader->is_at_end |= rc == IW_END;
    return rc;
}

static enum iw_rc add_to_section(struct iw_order_reader *reader, struct iw_sorter_feed *feed,
                                 struct iw_str key, struct iw_str record, struct iw_error *err)
{
    struct iw_fact fact;
    struct iw_str host;
    IW_TRY(iw_fact_record_read(IW_ORDER_OF_HOSTS, key, record, &fact, err));
    host = iw_host_names_of(&reader->names, fact.computer);
    iw_buffer_clear(&reader->scratch);
    for (size_t i = 0; i < host.n; i++)
        iw_buffer_add_char(&reader->scratch, iw_ascii_lower(host.p[i]));
    iw_buffer_clear(&reader->section_key);
    iw_sort_key_text(&reader->section_key, iw_buffer_str(&reader->scratch));
    iw_buffer_add(&reader->section_key, key);
    if (reader->section_key.failed || reader->scratch.failed)
        return no_memory(err);
    return iw_sorter_add(feed, iw_buffer_str(&reader->section_key), record, err);
}

/* All records of the present label, from *key* on, by machine. The one behind is pending. */
static enum iw_rc open_section(struct iw_order_reader *reader, struct iw_str key,
                               struct iw_str record, struct iw_error *err)
{
    struct iw_sorter_feed *feed = NULL;
    enum iw_rc rc = IW_OK;
    reader->section =
        iw_sorter_new(reader->options.spill, reader->options.budget_bytes / SECTION_SHARE);
    if (reader->section != NULL)
        feed = iw_sorter_feed_new(reader->section);
    if (feed == NULL)
        return no_memory(err);
    for (; rc == IW_OK && iw_str_equal(iw_buffer_str(&reader->label), label_of(key));
         rc = next_sorted(reader, &key, &record, err))
        IW_TRY(add_to_section(reader, feed, key, record, err));
    if (rc != IW_OK && rc != IW_END)
        return rc;
    reader->has_pending = rc == IW_OK;
    reader->pending_key = key;
    reader->pending_record = record;
    if (iw_sorter_finish(reader->section) != IW_OK)
        return no_memory(err);
    return iw_sorter_open(reader->section, true, &reader->section_sorted, err);
}

static enum iw_rc next_of_section(struct iw_order_reader *reader, struct iw_str *ret_key,
                                  struct iw_str *ret_record, struct iw_error *err)
{
    enum iw_rc rc = iw_sorted_next(reader->section_sorted, ret_key, ret_record, err);
    if (rc == IW_END)
        close_section(reader);
    if (rc == IW_OK)
        (void)iw_sort_key_pass_text(ret_key); /* the machine's name; a broken key stays broken */
    return rc;
}

/* The next record in the order of this reading. IW_OK, IW_END, IW_ENOMEM, IW_EIO. */
static enum iw_rc next_record(struct iw_order_reader *reader, struct iw_str *ret_key,
                              struct iw_str *ret_record, struct iw_error *err)
{
    enum iw_rc rc;
    if (reader->section_sorted != NULL &&
        (rc = next_of_section(reader, ret_key, ret_record, err)) != IW_END)
        return rc;
    if (reader->has_pending) {
        reader->has_pending = false;
        *ret_key = reader->pending_key;
        *ret_record = reader->pending_record;
    } else {
        IW_TRY(next_sorted(reader, ret_key, ret_record, err));
    }
    if (reader->options.reading == IW_ORDER_OVERALL)
        return IW_OK;
    IW_TRY(meet_label(reader, *ret_key, *ret_record, err));
    if (!reader->label_is_shared)
        return IW_OK;
    IW_TRY(open_section(reader, *ret_key, *ret_record, err));
    return next_of_section(reader, ret_key, ret_record, err); /* there is one at least */
}

/* --- one group ---------------------------------------------------------------------------- */

static enum iw_rc write_lower(struct iw_order_reader *reader, struct iw_str host)
{
    iw_buffer_clear(&reader->lower);
    for (size_t i = 0; i < host.n; i++)
        iw_buffer_add_char(&reader->lower, iw_ascii_lower(host.p[i]));
    return reader->lower.failed ? IW_ENOMEM : IW_OK;
}

/* The last fact of a host in the group: its place + 1; 0: none. */
static enum iw_rc last_of_host(struct iw_order_reader *reader, struct iw_str host, size_t *ret)
{
    const struct iw_map_entry *entry;
    *ret = 0;
    if (reader->n <= SEARCHED) {
        for (size_t i = reader->n; i-- > 0 && *ret == 0; reader->account.n_searched++) {
            if (iw_str_equal_nocase(reader->group[i].fact.host, host))
                *ret = i + 1;
        }
        return IW_OK;
    }
    IW_TRY(write_lower(reader, host));
    entry = iw_map_find(&reader->by_host, iw_buffer_str(&reader->lower));
    *ret = entry != NULL ? entry->value.number : 0;
    return IW_OK;
}

static enum iw_rc map_host(struct iw_order_reader *reader, size_t place)
{
    struct iw_map_entry *entry;
    struct iw_str key;
    IW_TRY(write_lower(reader, reader->group[place].fact.host));
    key = iw_buffer_str(&reader->lower);
    entry = iw_map_find(&reader->by_host, key);
    if (entry == NULL) {
        if (!iw_arena_keep(&reader->kept, &key))
            return IW_ENOMEM;
        entry = iw_map_add(&reader->by_host, key, NULL);
    }
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.number = place + 1;
    return IW_OK;
}

/* The group has one fact more. */
static enum iw_rc map_hosts(struct iw_order_reader *reader)
{
    if (reader->n <= SEARCHED)
        return IW_OK;
    for (size_t i = reader->by_host.n == 0 ? 0 : reader->n - 1; i < reader->n; i++)
        IW_TRY(map_host(reader, i));
    return IW_OK;
}

/* What a record is a copy of, or NULL; *last* is the place of the last fact of its host, + 1. That
 * one it is: where copies had too many forms, another was begun. Equal lines of one log are events
 * of their own: the first of another log is a copy of the first, the second of the second. */
static struct joined *find(struct iw_order_reader *reader, size_t last,
                           const struct iw_fact_place *place)
{
    struct joined *found = NULL;
    if (last != 0 && place->line == 0)
        return &reader->group[last - 1];
    for (size_t n = 1; last != 0 && n <= IW_LIMIT_EQUAL_LINES; n++) {
        struct joined *joined = &reader->group[last - 1];
        if (joined->last_source != place->source || (found == NULL && n == IW_LIMIT_EQUAL_LINES))
            found = joined;
        last = joined->before;
        reader->account.n_searched++;
    }
    return found;
}

static bool has_payload(const struct joined *joined, struct iw_str payload)
{
    if (iw_str_equal(joined->fact.payload, payload))
        return true;
    for (size_t i = 0; i < joined->fact.n_variants; i++) {
        if (iw_str_equal(joined->variants[i], payload))
            return true;
    }
    return false;
}

static bool can_take(const struct joined *joined, struct iw_str payload)
{
    return joined->fact.n_variants < IW_LIMIT_COPIES_SHOWN || has_payload(joined, payload);
}

static enum iw_rc keep_variant(struct iw_order_reader *reader, struct joined *joined,
                               struct iw_str payload)
{
    if (has_payload(joined, payload))
        return IW_OK;
    if (joined->variants == NULL)
        joined->variants =
            iw_arena_calloc(&reader->kept, IW_LIMIT_COPIES_SHOWN, sizeof *joined->variants);
    if (joined->variants == NULL || !iw_arena_keep(&reader->kept, &payload))
        return IW_ENOMEM;
    reader->n_bytes += payload.n;
    joined->variants[joined->fact.n_variants++] = payload;
    return IW_OK;
}

static enum iw_rc add_copy(struct iw_order_reader *reader, struct joined *joined,
                           const struct iw_fact *fact)
{
    reader->account.n_copies++;
    joined->last_source = fact->place.source;
    if (joined->copies == NULL) {
        joined->copies =
            iw_arena_calloc(&reader->kept, IW_LIMIT_COPIES_SHOWN, sizeof *joined->copies);
        reader->n_bytes += IW_LIMIT_COPIES_SHOWN * sizeof *joined->copies;
    }
    if (joined->copies == NULL)
        return IW_ENOMEM;
    if (joined->fact.n_copies == IW_LIMIT_COPIES_SHOWN)
        joined->fact.n_copies_hidden++;
    else
        joined->copies[joined->fact.n_copies++] = fact->place;
    return keep_variant(reader, joined, fact->payload);
}

static enum iw_rc add_fact(struct iw_order_reader *reader, const struct iw_fact *fact,
                           struct iw_str host, size_t last)
{
    struct joined *joined;
    if (!iw_array_reserve(&reader->group, &reader->cap, reader->n + 1, sizeof *reader->group))
        return IW_ENOMEM;
    joined = &reader->group[reader->n];
    *joined = (struct joined){.fact = *fact, .last_source = fact->place.source, .before = last};
    if (!iw_arena_keep(&reader->kept, &joined->fact.channel) ||
        !iw_arena_keep(&reader->kept, &joined->fact.computer) ||
        !iw_arena_keep(&reader->kept, &joined->fact.payload))
        return IW_ENOMEM;
    /* Of a name that was never told the host is a part of the name, which was copied. */
    joined->fact.host = iw_host_names_of(&reader->names, joined->fact.computer);
    reader->n++;
    reader->n_bytes += sizeof *joined + fact->channel.n + fact->computer.n + fact->payload.n +
                       host.n + sizeof(struct iw_map_entry);
    return map_hosts(reader);
}

/* Without a record id the time must be known, or two events that happen to look alike would be
 * taken for one. */
static bool can_have_copies(const struct iw_fact *fact)
{
    return fact->record_id != 0 || iw_time_known(fact->time_ns);
}

/* A record of the present group: a copy, or an event of its own. */
static enum iw_rc take_record(struct iw_order_reader *reader, struct iw_str key,
                              struct iw_str record, struct iw_error *err)
{
    struct iw_fact fact;
    struct joined *joined = NULL;
    struct iw_str host;
    size_t last = 0;
    enum iw_rc rc = IW_OK;
    IW_TRY(iw_fact_record_read(reader->options.reading, key, record, &fact, err));
    host = iw_host_names_of(&reader->names, fact.computer);
    if (can_have_copies(&fact)) {
        rc = last_of_host(reader, host, &last);
        joined = find(reader, last, &fact.place);
    }
    if (rc == IW_OK)
        rc = joined != NULL && can_take(joined, fact.payload) ? add_copy(reader, joined, &fact)
                                                              : add_fact(reader, &fact, host, last);
    return rc == IW_OK ? IW_OK : no_memory(err);
}

/* --- records that contradict one another -------------------------------------------------- */

static enum iw_rc see(struct iw_order_reader *reader, struct iw_fact *fact)
{
    bool is_new = false;
    char *p = iw_arena_alloc(&reader->seen_arena, fact->host.n + sizeof fact->kind);
    if (p == NULL)
        return IW_ENOMEM;
    memcpy(p, &fact->kind, sizeof fact->kind);
    for (size_t i = 0; i < fact->host.n; i++)
        p[sizeof fact->kind + i] = iw_ascii_lower(fact->host.p[i]);
    if (iw_map_add(&reader->seen, (struct iw_str){p, fact->host.n + sizeof fact->kind}, &is_new) ==
        NULL)
        return IW_ENOMEM;
    fact->is_conflict = !is_new;
    return IW_OK;
}

/* Counts facts of the group whose record was met with another content. Most records are met once,
 * and nothing is kept for these. */
static enum iw_rc count_conflicts(struct iw_order_reader *reader)
{
    bool is_met_again =
        reader->has_next && reader->group[0].fact.record_id != 0 &&
        iw_str_equal(iw_fact_record_part(reader->options.reading, iw_buffer_str(&reader->key)),
                     iw_fact_record_part(reader->options.reading, reader->next_key));
    if (!is_met_again && reader->seen.n == 0)
        return IW_OK;
    for (size_t i = 0; i < reader->n; i++)
        IW_TRY(see(reader, &reader->group[i].fact));
    if (is_met_again)
        return IW_OK;
    iw_map_done(&reader->seen);
    iw_map_init(&reader->seen);
    iw_arena_reset(&reader->seen_arena);
    return IW_OK;
}

/* --- giving out --------------------------------------------------------------------------- */

static enum iw_rc step(struct iw_order_reader *reader, struct iw_error *err)
{
    enum iw_rc rc = next_record(reader, &reader->next_key, &reader->next_record, err);
    reader->has_next = rc == IW_OK;
    return rc == IW_END ? IW_OK : rc;
}

static void clear_group(struct iw_order_reader *reader)
{
    iw_arena_reset(&reader->kept);
    reader->n = reader->n_given = reader->n_bytes = 0;
    if (reader->by_host.n == 0)
        return;
    iw_map_done(&reader->by_host);
    iw_map_init(&reader->by_host);
}

/* Whether the next record is one of the group. */
static bool goes_on(const struct iw_order_reader *reader)
{
    return reader->has_next && can_have_copies(&reader->group[0].fact) &&
           iw_str_equal(iw_buffer_str(&reader->key), reader->next_key);
}

static enum iw_rc next_group(struct iw_order_reader *reader, struct iw_error *err)
{
    clear_group(reader);
    if (!reader->has_next)
        IW_TRY(step(reader, err));
    if (!reader->has_next)
        return IW_END;
    iw_buffer_clear(&reader->key);
    iw_buffer_add(&reader->key, reader->next_key);
    if (reader->key.failed)
        return no_memory(err);
    do {
        IW_TRY(take_record(reader, reader->next_key, reader->next_record, err));
        IW_TRY(step(reader, err));
    } while (goes_on(reader) && reader->n_bytes < IW_LIMIT_GROUP_BYTES);
    reader->account.n_cut += goes_on(reader);
    return count_conflicts(reader) == IW_OK ? IW_OK : no_memory(err);
}

enum iw_rc iw_order_next(struct iw_order_reader *reader, struct iw_fact *ret, struct iw_error *err)
{
    struct joined *joined;
    if (reader->n_given == reader->n)
        IW_TRY(next_group(reader, err));
    joined = &reader->group[reader->n_given++];
    *ret = joined->fact;
    ret->copies = joined->copies;
    ret->variants = joined->variants;
    reader->account.n_facts++;
    reader->account.n_conflicts += ret->is_conflict;
    reader->account.n_untimed += !iw_time_known(ret->time_ns);
    return IW_OK;
}
