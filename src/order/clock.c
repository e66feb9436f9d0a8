/*
 * Witnesses are kept by export, host and week: enough to tell where an export changes its opinion,
 * and no more than the weeks there are. A witness belongs to its week by UTC, whatever its header
 * says, so that the order in which records are read does not matter.
 */
#include "order/clock.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/packed.h"
#include "order/clock_pieces.h"
#include "order/export.h"
#include "order/host_names.h"

#define WEEK_NS (INT64_C(7) * 24 * 3600 * IW_NS_PER_SECOND)

/* Witnesses of one opinion in one week. */
struct week {
    uint32_t export;
    uint8_t dialect;
    struct iw_str computer;
    struct iw_clock_piece piece;
    struct iw_str host; /* once settled */
};

/* One host in one export. */
struct host_clock {
    const struct week *week; /* one of its weeks: whose clock it is */
    const struct iw_clock_piece *pieces;
    size_t n;
    bool is_contradicted;
};

struct iw_clocks {
    const struct iw_exports *exports;
    struct iw_exports *own_exports; /* NULL: another's */
    struct iw_arena arena;
    struct iw_buffer key;
    struct iw_map by_key; /* → struct week * */
    uint64_t n_hidden;    /* witnesses past the limit */
    /* Once settled. */
    struct iw_host_names names;
    struct host_clock *clocks;
    size_t n_clocks;
    struct iw_map by_clock; /* export, dialect, host → struct host_clock * */
    bool corrects;
};

static struct iw_clocks *new_empty(void)
{
    struct iw_clocks *clocks = iw_calloc(1, sizeof *clocks);
    if (clocks == NULL)
        return NULL;
    iw_arena_init(&clocks->arena, 0);
    iw_buffer_init(&clocks->key);
    iw_map_init(&clocks->by_key);
    iw_map_init(&clocks->by_clock);
    return clocks;
}

struct iw_clocks *iw_clocks_new(const struct iw_ledger *ledger)
{
    struct iw_clocks *clocks = new_empty();
    if (clocks == NULL)
        return NULL;
    clocks->exports = clocks->own_exports = iw_exports_new(ledger);
    if (clocks->exports != NULL)
        return clocks;
    iw_clocks_free(clocks);
    return NULL;
}

struct iw_clocks *iw_clocks_new_beside(const struct iw_clocks *clocks)
{
    struct iw_clocks *beside = new_empty();
    if (beside != NULL)
        beside->exports = clocks->exports;
    return beside;
}

void iw_clocks_free(struct iw_clocks *clocks)
{
    if (clocks == NULL)
        return;
    iw_exports_free(clocks->own_exports);
    iw_buffer_done(&clocks->key);
    iw_map_done(&clocks->by_key);
    iw_map_done(&clocks->by_clock);
    iw_host_names_done(&clocks->names);
    iw_arena_done(&clocks->arena);
    iw_free(clocks);
}

/* --- witnesses ---------------------------------------------------------------------------- */

static int64_t week_of(int64_t time_ns)
{
    return time_ns / WEEK_NS - (time_ns % WEEK_NS < 0);
}

static void add_lower(struct iw_buffer *out, struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++)
        iw_buffer_add_char(out, iw_ascii_lower(text.p[i]));
}

static void make_key(struct iw_buffer *key, const struct week *week)
{
    iw_buffer_clear(key);
    iw_pack_number(key, week->export);
    iw_pack_number(key, week->dialect);
    iw_pack_number(key, (uint64_t)week_of(week->piece.first_ns));
    iw_pack_number(key, (uint64_t)(int64_t)week->piece.quarters);
    iw_buffer_add(key, week->computer);
}

static void widen(struct iw_clock_piece *into, const struct iw_clock_piece *piece)
{
    iw_time_widen(&into->first_ns, &into->last_ns, piece->first_ns);
    iw_time_widen(&into->first_ns, &into->last_ns, piece->last_ns);
    into->n += piece->n;
}

static enum iw_rc add_week(struct iw_clocks *clocks, const struct week *week)
{
    struct iw_map_entry *entry;
    struct week *kept;
    struct iw_str key;
    make_key(&clocks->key, week);
    if (clocks->key.failed)
        return IW_ENOMEM;
    entry = iw_map_find(&clocks->by_key, iw_buffer_str(&clocks->key));
    if (entry != NULL) {
        widen(&((struct week *)entry->value.pointer)->piece, &week->piece);
        return IW_OK;
    }
    if (clocks->by_key.n == IW_LIMIT_CLOCK_WEEKS) {
        clocks->n_hidden += week->piece.n;
        return IW_OK;
    }
    key = iw_arena_copy(&clocks->arena, iw_buffer_str(&clocks->key));
    kept = iw_arena_alloc(&clocks->arena, sizeof *kept);
    if (key.p == NULL || kept == NULL)
        return IW_ENOMEM;
    *kept = *week;
    kept->computer = (struct iw_str){key.p + key.n - week->computer.n, week->computer.n};
    entry = iw_map_add(&clocks->by_key, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = kept;
    return IW_OK;
}

enum iw_rc iw_clocks_add(struct iw_clocks *clocks, const struct iw_event *event)
{
    struct week week = {.dialect = event->dialect, .computer = event->computer};
    const struct iw_field *field;
    int64_t utc_ns;
    if (event->dialect == 0 || (event->flags & IW_EVENT_DECODED) == 0 ||
        !iw_channel_is_sysmon(event->channel) ||
        (field = iw_event_find(event, IW_FIELD_UTC_TIME)) == NULL ||
        !iw_value_time(iw_field_value(field), &utc_ns) ||
        !iw_clock_quarters(event->created_ns, utc_ns, &week.piece.quarters))
        return IW_OK;
    week.export = iw_exports_of(clocks->exports, event->source);
    week.piece.first_ns = week.piece.last_ns = utc_ns;
    week.piece.n = 1;
    return add_week(clocks, &week);
}

enum iw_rc iw_clocks_merge(struct iw_clocks *into, const struct iw_clocks *from)
{
    for (size_t i = 0; i < from->by_key.n; i++)
        IW_TRY(add_week(into, from->by_key.entries[i].value.pointer));
    into->n_hidden += from->n_hidden;
    return IW_OK;
}

/* --- decisions ---------------------------------------------------------------------------- */

static int compare_clocks(const struct week *a, const struct week *b)
{
    if (a->export != b->export)
        return a->export < b->export ? -1 : 1;
    if (a->dialect != b->dialect)
        return a->dialect < b->dialect ? -1 : 1;
    return iw_str_compare(a->host, b->host);
}

static int compare_weeks(const void *left, const void *right)
{
    const struct week *a = *(const struct week *const *)left;
    const struct week *b = *(const struct week *const *)right;
    int order = compare_clocks(a, b);
    if (order != 0)
        return order;
    if (a->piece.first_ns != b->piece.first_ns)
        return a->piece.first_ns < b->piece.first_ns ? -1 : 1;
    if (a->piece.last_ns != b->piece.last_ns)
        return a->piece.last_ns < b->piece.last_ns ? -1 : 1;
    return (a->piece.quarters > b->piece.quarters) - (a->piece.quarters < b->piece.quarters);
}

static void make_clock_key(struct iw_buffer *key, uint32_t export, uint8_t dialect,
                           struct iw_str host)
{
    iw_buffer_clear(key);
    iw_pack_number(key, export);
    iw_pack_number(key, dialect);
    add_lower(key, host);
}

/* The clock of weeks[0 .. n), which are all of one. */
static enum iw_rc decide(struct iw_clocks *clocks, struct week *const *weeks, size_t n)
{
    struct host_clock *clock = &clocks->clocks[clocks->n_clocks];
    struct iw_clock_piece *pieces = iw_arena_alloc(&clocks->arena, n * sizeof *pieces);
    struct iw_map_entry *entry;
    struct iw_str key;
    make_clock_key(&clocks->key, weeks[0]->export, weeks[0]->dialect, weeks[0]->host);
    key = iw_arena_copy(&clocks->arena, iw_buffer_str(&clocks->key));
    if (pieces == NULL || clocks->key.failed || key.p == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        pieces[i] = weeks[i]->piece;
    *clock = (struct host_clock){weeks[0], pieces, iw_clock_pieces_join(pieces, n), false};
    clock->is_contradicted = iw_clock_pieces_contradict(pieces, clock->n);
    entry = iw_map_add(&clocks->by_clock, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = clock;
    clocks->n_clocks++;
    for (size_t i = 0; i < clock->n && !clock->is_contradicted; i++)
        clocks->corrects |= pieces[i].quarters != 0;
    return IW_OK;
}

enum iw_rc iw_clocks_settle(struct iw_clocks *clocks, const struct iw_hosts *hosts)
{
    size_t n = clocks->by_key.n, next;
    struct week **weeks = iw_arena_alloc(&clocks->arena, (n + 1) * sizeof(struct week *));
    clocks->clocks = iw_arena_calloc(&clocks->arena, n + 1, sizeof *clocks->clocks);
    if (weeks == NULL || clocks->clocks == NULL ||
        iw_host_names_init(&clocks->names, hosts) != IW_OK)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        weeks[i] = clocks->by_key.entries[i].value.pointer;
        weeks[i]->host = iw_host_names_of(&clocks->names, weeks[i]->computer);
    }
    if (n > 1)
        qsort(weeks, n, sizeof *weeks, compare_weeks);
    for (size_t i = 0; i < n; i = next) {
        for (next = i + 1; next < n && compare_clocks(weeks[i], weeks[next]) == 0; next++) {
        }
        IW_TRY(decide(clocks, weeks + i, next - i));
    }
    return IW_OK;
}

bool iw_clocks_corrects(const struct iw_clocks *clocks)
{
    return clocks->corrects;
}

int64_t iw_clocks_correct(struct iw_clocks *clocks, uint32_t source, uint8_t dialect,
                          struct iw_str computer, int64_t time_ns)
{
    const struct iw_map_entry *entry;
    const struct host_clock *clock;
    if (!clocks->corrects || dialect == 0)
        return time_ns;
    make_clock_key(&clocks->key, iw_exports_of(clocks->exports, source), dialect,
                   iw_host_names_of(&clocks->names, computer));
    entry = iw_map_find(&clocks->by_clock, iw_buffer_str(&clocks->key));
    clock = entry != NULL ? entry->value.pointer : NULL;
    if (clock == NULL || clock->is_contradicted)
        return time_ns;
    return iw_clock_pieces_correct(clock->pieces, clock->n, time_ns);
}

static bool is_off(const struct host_clock *clock)
{
    bool is_any = false;
    for (size_t i = 0; i < clock->n; i++)
        is_any |= clock->pieces[i].quarters != 0;
    return is_any;
}

size_t iw_clocks_common(const struct iw_clocks *clocks, const uint32_t *sources, size_t n,
                        struct iw_str host)
{
    size_t common = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        uint32_t export = iw_exports_of(clocks->exports, sources[i]);
        size_t own = SIZE_MAX;
        for (size_t k = 0; k < clocks->n_clocks; k++) {
            const struct week *week = clocks->clocks[k].week;
            if (week->export != export || !iw_str_equal_nocase(week->host, host))
                continue;
            if (own != SIZE_MAX)
                return SIZE_MAX;
            own = k;
        }
        if (own == SIZE_MAX || (i != 0 && own != common))
            return SIZE_MAX;
        common = own;
    }
    return common;
}

bool iw_clocks_is_off(const struct iw_clocks *clocks, size_t clock)
{
    return clock < clocks->n_clocks && !clocks->clocks[clock].is_contradicted &&
           is_off(&clocks->clocks[clock]);
}

int64_t iw_clocks_correct_by(const struct iw_clocks *clocks, size_t clock, int64_t time_ns)
{
    return iw_clock_pieces_correct(clocks->clocks[clock].pieces, clocks->clocks[clock].n, time_ns);
}

/* --- telling ------------------------------------------------------------------------------ */

/* "5:30 h ahead of UTC" */
static void add_offset(struct iw_buffer *out, int32_t quarters)
{
    int32_t minutes = (quarters < 0 ? -quarters : quarters) * 15;
    if (quarters == 0)
        iw_buffer_add(out, IW_STR("right"));
    else
        iw_buffer_printf(out, "%d:%02d h %s UTC", minutes / 60, minutes % 60,
                         quarters < 0 ? "behind" : "ahead of");
}

static enum iw_rc tell(const struct iw_clocks *clocks, const struct host_clock *clock,
                       struct iw_buffer *out, struct iw_run *run)
{
    struct iw_str folder = iw_exports_folder(clocks->exports, clock->week->export);
    char first[IW_TIME_TEXT_BYTES];
    iw_buffer_clear(out);
    iw_buffer_add(out, clock->week->host);
    iw_buffer_add(out, IW_STR(": times of its JSON export in "));
    iw_buffer_add(out, folder.n != 0 ? folder : IW_STR("."));
    iw_buffer_add(out, IW_STR(" are a local clock written as UTC ("));
    for (size_t i = 0; i < clock->n; i++) {
        iw_buffer_printf(out, "%sfrom %s on ", i != 0 ? "; " : "",
                         iw_time_words(clock->pieces[i].first_ns, false, first));
        add_offset(out, clock->pieces[i].quarters);
        iw_buffer_printf(out, " by %llu Sysmon events", (unsigned long long)clock->pieces[i].n);
    }
    iw_buffer_add(out, clock->is_contradicted
                           ? IW_STR("), but they contradict one another: nothing was corrected")
                           : IW_STR("): corrected"));
    if (out->failed)
        return IW_ENOMEM;
    return iw_run_note(run, "%.*s", (int)out->n, out->p);
}

enum iw_rc iw_clocks_tell(const struct iw_clocks *clocks, struct iw_run *run)
{
    struct iw_buffer text;
    size_t n_told = 0, n_more = 0;
    enum iw_rc rc = IW_OK;
    iw_buffer_init(&text);
    for (size_t i = 0; i < clocks->n_clocks && rc == IW_OK; i++) {
        if (!is_off(&clocks->clocks[i]))
            continue;
        if (n_told == IW_LIMIT_CLOCK_NOTES) {
            n_more++;
            continue;
        }
        n_told++;
        rc = tell(clocks, &clocks->clocks[i], &text, run);
    }
    iw_buffer_done(&text);
    if (rc == IW_OK && n_more != 0)
        rc = iw_run_note(run, "%zu more clocks of JSON exports were local", n_more);
    if (rc == IW_OK && clocks->n_hidden != 0)
        rc = iw_run_note(run,
                         "%llu Sysmon events were not asked whether the clock of their export is "
                         "right: there are too many hosts and weeks",
                         (unsigned long long)clocks->n_hidden);
    return rc;
}
