/*
 * What recurs. Days are those of UTC; a ring of times and one of days are enough to say how often
 * something ran before a moment of the last weeks.
 */
#include "detect/chain/habit.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/timestamp.h"
#include "detect/chain/chain_order.h"

#define NS_PER_DAY (86400 * IW_NS_PER_SECOND)
/* A pause that is so many times the mean one ends a habit. */
#define PAUSES 3

const char IW_HABIT_AFTER_FILE[] = "a file among web files came before its first run";

void iw_habits_init(struct iw_habits *habits)
{
    memset(habits, 0, sizeof *habits);
    iw_map_init(&habits->by_key);
    iw_arena_init(&habits->arena, 0);
}

void iw_habits_done(struct iw_habits *habits)
{
    iw_map_done(&habits->by_key);
    iw_arena_done(&habits->arena);
}

void iw_habits_clear(struct iw_habits *habits)
{
    iw_map_done(&habits->by_key);
    iw_map_init(&habits->by_key);
    iw_arena_reset(&habits->arena);
    habits->n_not_kept = 0;
}

static int64_t day_of(int64_t time_ns)
{
    int64_t day = time_ns / NS_PER_DAY;
    return time_ns % NS_PER_DAY < 0 ? day - 1 : day;
}

/* --- keys ------------------------------------------------------------------------------------- */

static void add_part(struct iw_buffer *text, struct iw_str part)
{
    iw_buffer_printf(text, "%zu:", part.n);
    iw_buffer_add(text, part);
}

/* Somebody may write commands whose short hashes collide: it is a long one. Letter case of pools
 * and programs makes no difference to Windows. */
static bool make_key(const struct iw_habit *above, struct iw_str pool, struct iw_str image,
                     struct iw_str shape, uint8_t ret[32])
{
    struct iw_arena scratch;
    struct iw_buffer text;
    struct iw_str folded[2];
    bool is_made;
    iw_arena_init(&scratch, 0);
    iw_buffer_init(&text);
    folded[0] = pool.n != 0 ? iw_fold_text(pool, &scratch) : IW_STR("");
    folded[1] = image.n != 0 ? iw_fold_text(image, &scratch) : IW_STR("");
    add_part(&text, folded[0]);
    add_part(&text, folded[1]);
    add_part(&text, shape);
    if (above != NULL)
        iw_buffer_add(&text, (struct iw_str){(const char *)above->key, sizeof above->key});
    is_made = folded[0].p != NULL && folded[1].p != NULL && !text.failed &&
              iw_sha256(iw_buffer_str(&text), ret);
    iw_buffer_done(&text);
    iw_arena_done(&scratch);
    return is_made;
}

static enum iw_rc find(struct iw_habits *habits, const uint8_t key[32], struct iw_habit **ret)
{
    struct iw_str text = {(const char *)key, IW_HABIT_KEY_BYTES};
    struct iw_map_entry *entry = iw_map_find(&habits->by_key, text);
    struct iw_habit *habit;
    *ret = entry != NULL ? entry->value.pointer : NULL;
    if (entry != NULL)
        return IW_OK;
    if (habits->by_key.n >= IW_LIMIT_CHAIN_HABITS) {
        habits->n_not_kept++;
        return IW_OK;
    }
    habit = iw_arena_calloc(&habits->arena, 1, sizeof *habit);
    if (habit == NULL)
        return IW_ENOMEM;
    memcpy(habit->key, key, sizeof habit->key);
    text.p = (const char *)habit->key;
    entry = iw_map_add(&habits->by_key, text, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = *ret = habit;
    return IW_OK;
}

/* --- runs ------------------------------------------------------------------------------------- */

void iw_habit_run(struct iw_habit *habit, int64_t time_ns)
{
    int64_t day = day_of(time_ns);
    struct iw_habit_day *latest =
        habit->n_days != 0 ? &habit->days[(habit->n_days - 1) % IW_LIMIT_HABIT_DAYS] : NULL;
    if (habit->n == 0)
        habit->first_ns = time_ns;
    else if (iw_chain_distance_ns(habit->last_ns, time_ns) > habit->longest_ns)
        habit->longest_ns = iw_chain_distance_ns(habit->last_ns, time_ns);
    habit->last_ns = time_ns;
    habit->times[habit->n++ % IW_LIMIT_HABIT_TIMES] = time_ns;
    if (latest == NULL || latest->day != day)
        latest = &habit->days[habit->n_days++ % IW_LIMIT_HABIT_DAYS];
    *latest = (struct iw_habit_day){day, habit->n};
}

static bool keep_texts(struct iw_habits *habits, struct iw_habit *habit, struct iw_str pool,
                       struct iw_str image, struct iw_str shape)
{
    habit->pool = pool;
    habit->image = image;
    habit->shape = shape;
    return iw_arena_keep(&habits->arena, &habit->pool) &&
           iw_arena_keep(&habits->arena, &habit->image) &&
           iw_arena_keep(&habits->arena, &habit->shape);
}

enum iw_rc iw_habits_find(struct iw_habits *habits, const struct iw_habit *above,
                          struct iw_str pool, struct iw_str image, struct iw_str shape,
                          struct iw_habit **ret)
{
    uint8_t key[32];
    *ret = NULL;
    if (shape.n == 0)
        return IW_OK; /* whether two are alike is not known */
    if (!make_key(above, pool, image, shape, key))
        return IW_ENOMEM;
    IW_TRY(find(habits, key, ret));
    if (*ret == NULL || (*ret)->n != 0)
        return IW_OK;
    (*ret)->is_below = above != NULL;
    (*ret)->above = above;
    if (habits->keeps_texts && shape.n <= IW_LIMIT_BEHAVIOUR_TEXT_BYTES &&
        image.n <= IW_LIMIT_BEHAVIOUR_TEXT_BYTES && pool.n <= IW_LIMIT_BEHAVIOUR_TEXT_BYTES &&
        !keep_texts(habits, *ret, pool, image, shape))
        return IW_ENOMEM;
    return IW_OK;
}

void iw_habit_spoil(struct iw_habit *habit, const char *why)
{
    if (habit != NULL && habit->odd == NULL)
        habit->odd = why;
}

/* --- pages ------------------------------------------------------------------------------------ */

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The habit without its runs from a moment on, of which the ring of times holds all. */
static void cut(struct iw_habit *habit, int64_t time_ns)
{
    size_t n_kept = habit->n < IW_LIMIT_HABIT_TIMES ? (size_t)habit->n : IW_LIMIT_HABIT_TIMES;
    size_t n_before = 0;
    qsort(habit->times, n_kept, sizeof habit->times[0], compare_times);
    while (n_before < n_kept && habit->times[n_before] < time_ns)
        n_before++;
    habit->n -= n_kept - n_before;
    habit->is_cut = true;
    habit->cut_ns = time_ns;
    habit->n_cut_times = n_before;
    if (n_before == 0)
        habit->n = habit->n_days = 0; /* how it was so long ago is not known */
    else
        habit->last_ns = habit->times[n_before - 1];
    while (habit->n_days != 0 &&
           habit->days[(habit->n_days - 1) % IW_LIMIT_HABIT_DAYS].day > day_of(habit->last_ns))
        habit->n_days--;
}

enum iw_rc iw_habit_name_page(struct iw_habits *habits, struct iw_habit *habit,
                              const struct iw_habit_page *page)
{
    struct iw_habit_page *kept;
    if (habit->page != NULL || habit->odd != NULL)
        return IW_OK;
    kept = iw_arena_calloc(&habits->arena, 1, sizeof *kept);
    if (kept == NULL)
        return IW_ENOMEM;
    *kept = *page;
    if (!iw_arena_keep(&habits->arena, &kept->path))
        return IW_ENOMEM;
    habit->page = kept;
    return IW_OK;
}

enum iw_rc iw_habit_spoil_by_page(struct iw_habits *habits, struct iw_habit *habit, const char *why,
                                  const struct iw_habit_page *page,
                                  const struct iw_chain_span *span)
{
    struct iw_habit *before;
    if (habit->odd != NULL || habit->page != NULL) {
        iw_habit_spoil(habit, why);
        return IW_OK;
    }
    IW_TRY(iw_habit_name_page(habits, habit, page));
    before = iw_arena_calloc(&habits->arena, 1, sizeof *before);
    if (before == NULL)
        return IW_ENOMEM;
    *before = *habit;
    before->page = NULL;
    cut(before, page->written_ns);
    habit->odd = habit->page->why = why;
    habit->page->is_of_runs = true;
    if (iw_habit_is_none(before, span) == NULL)
        habit->page->before = before;
    return IW_OK;
}

enum iw_rc iw_habit_spoil_by_run(struct iw_habits *habits, struct iw_habit *habit, const char *why,
                                 int64_t run_ns)
{
    const struct iw_habit_page page = {
        .why = why, .path = IW_STR(""), .written_ns = run_ns, .run_ns = run_ns, .is_of_runs = true};
    struct iw_habit *before;
    if (habit == NULL || habit->odd != NULL || habit->page != NULL) {
        iw_habit_spoil(habit, why);
        return IW_OK;
    }
    before = iw_arena_calloc(&habits->arena, 1, sizeof *before);
    if (before == NULL)
        return IW_ENOMEM;
    *before = *habit;
    cut(before, run_ns);
    if (iw_habit_recurs(before)) {
        IW_TRY(iw_habit_name_page(habits, habit, &page));
        habit->page->before = before;
    }
    habit->odd = why;
    return IW_OK;
}

enum iw_rc iw_habit_end(struct iw_habits *habits, struct iw_habit *habit)
{
    struct iw_habit_page *page = habit->page;
    if (page == NULL || !page->is_of_runs || page->before != NULL)
        return IW_OK;
    page->before = iw_arena_calloc(&habits->arena, 1, sizeof *page->before);
    if (page->before == NULL)
        return IW_ENOMEM;
    *page->before = *habit;
    page->before->odd = NULL;
    page->before->page = NULL;
    return IW_OK;
}

const struct iw_habit *iw_habit_at(const struct iw_habit *habit, int64_t time_ns)
{
    const struct iw_habit_page *page = habit->page;
    return page != NULL && page->before != NULL && time_ns < page->written_ns ? page->before
                                                                              : habit;
}

bool iw_habit_is_doubtful_at(const struct iw_habit *habit, int64_t time_ns)
{
    const struct iw_habit_page *page = habit->page;
    return page != NULL && page->is_of_runs && time_ns >= page->written_ns;
}

bool iw_habit_is_behind_run(const struct iw_habit *habit, int64_t time_ns)
{
    return iw_habit_is_doubtful_at(habit, time_ns) && habit->page->path.n == 0;
}

/* --- judging ---------------------------------------------------------------------------------- */

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Days before that of a moment, as far as they are kept; *ret_first: the first of all. */
static uint64_t days_before(const struct iw_habit *habit, int64_t time_ns, uint64_t *ret_runs)
{
    uint64_t kept = smaller(habit->n_days, IW_LIMIT_HABIT_DAYS);
    *ret_runs = 0;
    for (uint64_t i = 0; i < kept; i++) {
        uint64_t at = habit->n_days - 1 - i;
        const struct iw_habit_day *day = &habit->days[at % IW_LIMIT_HABIT_DAYS];
        if (day->day >= day_of(time_ns))
            continue;
        *ret_runs = day->n_until;
        return at + 1;
    }
    return 0;
}

/* Exact where the ring of times reaches back so far; else the days before are counted alone. */
uint64_t iw_habit_runs_before(const struct iw_habit *habit, int64_t time_ns)
{
    uint64_t kept = smaller(habit->n, IW_LIMIT_HABIT_TIMES), runs;
    for (uint64_t i = 0; i < kept; i++) {
        uint64_t at = habit->n - 1 - i;
        if (habit->times[at % IW_LIMIT_HABIT_TIMES] < time_ns)
            return at + 1;
    }
    if (kept == habit->n)
        return 0;
    (void)days_before(habit, time_ns, &runs);
    return runs;
}

static int64_t mean_pause_ns(const struct iw_habit *habit)
{
    int64_t whole_ns = iw_chain_distance_ns(habit->first_ns, habit->last_ns);
    return habit->n > 1 && iw_time_known(whole_ns) ? whole_ns / (int64_t)(habit->n - 1) : 0;
}

/* The next run would have been due not long after that moment. */
static bool was_alive(const struct iw_habit *habit, int64_t time_ns)
{
    uint64_t kept = smaller(habit->n, IW_LIMIT_HABIT_TIMES);
    for (uint64_t i = 0; i < kept; i++) {
        int64_t run_ns = habit->times[(habit->n - 1 - i) % IW_LIMIT_HABIT_TIMES];
        if (run_ns < time_ns)
            return iw_chain_distance_ns(run_ns, time_ns) / PAUSES <= mean_pause_ns(habit);
    }
    return true; /* it ran so often since that it was */
}

bool iw_habit_was_before(const struct iw_habit *habit, int64_t time_ns)
{
    uint64_t runs, days = days_before(habit, time_ns, &runs);
    bool is_week = days >= IW_HABIT_DAYS_MIN && runs >= IW_HABIT_DAYS_MIN &&
                   day_of(time_ns) - day_of(habit->first_ns) >= IW_HABIT_SPAN_DAYS;
    bool is_many = days >= IW_HABIT_DAYS_OF_MANY && runs >= IW_HABIT_TIMES_MANY;
    return habit->odd == NULL && !habit->is_after_file && (is_week || is_many) &&
           was_alive(habit, time_ns);
}

bool iw_habit_recurs(const struct iw_habit *habit)
{
    bool is_many = habit->n_days >= IW_HABIT_DAYS_OF_MANY && habit->n >= IW_HABIT_TIMES_MANY;
    return habit->odd == NULL && !habit->is_after_odd &&
           (habit->n_days >= IW_HABIT_DAYS_MIN || is_many);
}

const char *iw_habit_is_none(const struct iw_habit *habit, const struct iw_chain_span *span)
{
    int64_t mean_ns = mean_pause_ns(habit), end_ns;
    if (habit->odd != NULL)
        return habit->odd;
    if (habit->is_after_odd)
        return IW_HABIT_AFTER_FILE;
    if (habit->n_days < IW_HABIT_DAYS_MIN)
        return "it ran on fewer than five days (UTC)";
    if (day_of(habit->last_ns) - day_of(habit->first_ns) + 1 < IW_HABIT_SPAN_DAYS)
        return "its first and its last day (UTC) lie within less than a week";
    if (habit->longest_ns / PAUSES > mean_ns)
        return "it came at irregular times";
    if (span == NULL || !span->is_seen)
        return "when the logs of commands begin is not known";
    if (iw_chain_distance_ns(span->first_ns, habit->first_ns) > habit->longest_ns)
        return "the logs of commands begin well before its first run: it is new";
    end_ns = habit->is_cut && habit->cut_ns < span->last_ns ? habit->cut_ns : span->last_ns;
    if (iw_chain_distance_ns(habit->last_ns, end_ns) / PAUSES > mean_ns)
        return "it ended well before the logs of commands do";
    return NULL;
}
