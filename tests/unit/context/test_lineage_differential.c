/*
 * Lineage against a simple one, and against the truth, over random streams.
 *
 * The stream is what happens on an invented machine: processes start under few ids, so that ids are
 * used again soon, and end; each is told by either witness, by both or by none, a little late or at
 * the same nanosecond. The simple lineage keeps every process for ever in one list and searches it
 * from end to end. The truth judges what must never happen: a parent that was not the parent, where
 * Sysmon named it by GUID.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/lineage.h"

#define N_ROUNDS 400U
#define N_STEPS 250U
#define MOST 4096U
#define N_PIDS 10U
#define NONE SIZE_MAX

static uint64_t random_state;

static uint32_t below(uint32_t n)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)((random_state >> 33) % n);
}

static const char *const IMAGES[] = {"C:\\a.exe", "C:\\b.exe", "C:\\Windows\\w3wp.exe"};

/* --- the simple lineage --------------------------------------------------------------------------
 */

struct simple {
    struct iw_process_name name, parent_name;
    int64_t first_ns, end_ns;
    bool is_alive, is_replaced, told[2], ended[2];
    size_t parent, has_pid_since; /* counts who took an id */
};

static struct simple all[MOST];
static size_t n_all, n_taken;

static bool images_agree(struct iw_str a, struct iw_str b)
{
    return a.n == 0 || b.n == 0 || iw_str_equal_nocase(a, b);
}

static bool guids_agree(struct iw_process_guid a, struct iw_process_guid b)
{
    return !iw_process_guid_known(a) || !iw_process_guid_known(b) || iw_process_guid_equal(a, b);
}

static bool near(int64_t a, int64_t b)
{
    return llabs(a - b) <= IW_LINEAGE_WITNESS_NS;
}

static size_t simple_guid(struct iw_process_guid guid)
{
    for (size_t i = 0; iw_process_guid_known(guid) && i < n_all; i++) {
        if (iw_process_guid_equal(all[i].name.guid, guid))
            return i;
    }
    return NONE;
}

/* The process that took the id last, but for those that took it at *before* or later. */
static size_t simple_pid(const struct iw_process_name *name, size_t before)
{
    size_t best = NONE;
    for (size_t i = 0; name->has_pid && i < n_all; i++) {
        if (all[i].name.has_pid && all[i].name.pid == name->pid && all[i].has_pid_since < before &&
            (best == NONE || all[i].has_pid_since > all[best].has_pid_since))
            best = i;
    }
    return best;
}

static size_t simple_holder(const struct iw_process_name *name, int64_t now)
{
    size_t i = simple_pid(name, SIZE_MAX);
    if (i == NONE || !images_agree(all[i].name.image, name->image) ||
        !guids_agree(all[i].name.guid, name->guid) ||
        (!all[i].is_alive && !near(all[i].end_ns, now)))
        return NONE;
    return i;
}

static void simple_take(size_t i, uint64_t pid, int64_t now)
{
    struct iw_process_name name = {.has_pid = true, .pid = pid};
    size_t before = simple_pid(&name, SIZE_MAX);
    if (before != NONE && all[before].is_alive) {
        all[before].is_alive = false;
        all[before].is_replaced = true;
        all[before].end_ns = now;
    }
    all[i].name.has_pid = true;
    all[i].name.pid = pid;
    all[i].has_pid_since = ++n_taken;
}

static size_t simple_add(const struct iw_process_name *name, int64_t now)
{
    size_t i = n_all++;
    assert_true(n_all < MOST);
    memset(&all[i], 0, sizeof all[i]);
    all[i].name.image = name->image;
    all[i].name.guid = name->guid;
    all[i].first_ns = now;
    all[i].is_alive = true;
    all[i].parent = NONE;
    if (name->has_pid)
        simple_take(i, name->pid, now);
    return i;
}

static size_t simple_first_witness(const struct iw_process_start *start, int64_t now)
{
    size_t found = NONE;
    for (size_t i = simple_pid(&start->name, SIZE_MAX); i != NONE;
         i = simple_pid(&start->name, all[i].has_pid_since)) {
        const struct iw_process_name *parent = &all[i].parent_name;
        if (!near(all[i].first_ns, now))
            break;
        if ((!all[i].told[start->witness] || all[i].is_alive) &&
            images_agree(all[i].name.image, start->name.image) &&
            guids_agree(all[i].name.guid, start->name.guid) &&
            (!parent->has_pid || !start->parent.has_pid || parent->pid == start->parent.pid) &&
            images_agree(parent->image, start->parent.image))
            found = i;
    }
    return found;
}

static size_t simple_parent(const struct iw_process_start *start, size_t child, int64_t now)
{
    size_t i = simple_guid(start->parent.guid);
    struct iw_process_name name = start->parent;
    if (i != NONE)
        return i;
    i = simple_holder(&name, now);
    if (i != NONE && i != child) {
        if (!iw_process_guid_known(all[i].name.guid))
            all[i].name.guid = name.guid;
        return i;
    }
    if (!iw_process_guid_known(name.guid) && name.image.n == 0)
        return NONE;
    if (name.has_pid && all[child].name.has_pid && name.pid == all[child].name.pid)
        name.has_pid = false;
    return simple_add(&name, now);
}

static bool simple_descends(size_t i, size_t from)
{
    for (; i != NONE; i = all[i].parent) {
        if (i == from)
            return true;
    }
    return false;
}

static void simple_start(const struct iw_process_start *start, int64_t now)
{
    size_t i = simple_guid(start->name.guid), parent;
    if (i == NONE)
        i = simple_first_witness(start, now);
    if (i == NONE)
        i = simple_add(&start->name, now);
    if (!iw_process_guid_known(all[i].name.guid))
        all[i].name.guid = start->name.guid;
    if (!all[i].name.has_pid && start->name.has_pid)
        simple_take(i, start->name.pid, now);
    all[i].told[start->witness] = true;
    if (all[i].name.image.n == 0)
        all[i].name.image = start->name.image;
    if (!all[i].parent_name.has_pid) {
        all[i].parent_name.has_pid = start->parent.has_pid;
        all[i].parent_name.pid = start->parent.pid;
    }
    if (all[i].parent_name.image.n == 0)
        all[i].parent_name.image = start->parent.image;
    if (all[i].parent != NONE && !iw_process_guid_known(start->parent.guid))
        return;
    parent = simple_parent(start, i, now);
    if (parent != NONE && !simple_descends(parent, i))
        all[i].parent = parent;
}

static void simple_end(const struct iw_process_end *end, int64_t now)
{
    size_t i = simple_guid(end->name.guid);
    if (i == NONE) {
        for (size_t at = simple_pid(&end->name, SIZE_MAX); at != NONE;
             at = simple_pid(&end->name, all[at].has_pid_since)) {
            if (!all[at].is_alive && !near(all[at].end_ns, now))
                break; /* whoever had the id before it ended before it */
            if (images_agree(all[at].name.image, end->name.image) &&
                guids_agree(all[at].name.guid, end->name.guid) && !all[at].ended[end->witness])
                i = at;
        }
    }
    if (i == NONE)
        return;
    all[i].ended[end->witness] = true;
    if (!iw_process_guid_known(all[i].name.guid))
        all[i].name.guid = end->name.guid;
    if (all[i].is_alive || all[i].is_replaced) {
        all[i].is_alive = all[i].is_replaced = false;
        all[i].end_ns = now;
    }
}

/* --- what happens --------------------------------------------------------------------------------
 */

struct real {
    uint64_t pid;
    struct iw_process_guid guid;
    struct iw_str image;
    size_t parent; /* NONE: from before the log */
    bool is_alive;
};

static struct real world[MOST];
static size_t n_world;

struct told {
    int64_t time_ns;
    struct iw_context_fact fact;
};

static struct told stream[4 * N_STEPS];
static size_t n_stream;

static void put(int64_t time_ns, const struct iw_context_fact *fact)
{
    static const int64_t LATE[] = {0, 0, 1, IW_NS_PER_SECOND, 3 * IW_NS_PER_SECOND};
    if (below(5) == 0)
        return; /* lost */
    stream[n_stream].time_ns = time_ns;
    if (below(6) == 0)
        stream[n_stream].time_ns += LATE[below(5)];
    stream[n_stream++].fact = *fact;
}

static struct iw_process_name name_of(const struct real *real, enum iw_witness witness)
{
    struct iw_process_name name = {.has_pid = true, .pid = real->pid, .image = real->image};
    if (witness == IW_WITNESS_SYSMON)
        name.guid = real->guid;
    return name;
}

static void happen_start(int64_t now)
{
    size_t parent = NONE, i = n_world++;
    uint64_t pid = 4 * (1 + below(N_PIDS));
    for (size_t k = 0; k < i; k++) {
        if (world[k].is_alive && world[k].pid == pid) {
            n_world--; /* taken */
            return;
        }
    }
    for (int tries = 0; i != 0 && tries < 8 && parent == NONE; tries++) {
        size_t at = below((uint32_t)i);
        parent = world[at].is_alive ? at : NONE;
    }
    world[i] = (struct real){
        .pid = pid, .image = iw_str_of(IMAGES[below(3)]), .parent = parent, .is_alive = true};
    world[i].guid.bytes[0] = 1;
    world[i].guid.bytes[1] = (uint8_t)(i >> 8);
    world[i].guid.bytes[2] = (uint8_t)i;
    for (int witness = 0; witness < IW_WITNESS_COUNT; witness++) {
        struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_START};
        fact.u.start.witness = (enum iw_witness)witness;
        fact.u.start.name = name_of(&world[i], (enum iw_witness)witness);
        if (parent != NONE)
            fact.u.start.parent = name_of(&world[parent], (enum iw_witness)witness);
        if (witness == IW_WITNESS_SECURITY && below(3) == 0)
            fact.u.start.parent.image = IW_STR(""); /* version 1 */
        put(now, &fact);
    }
}

static void happen_end(int64_t now)
{
    size_t i = n_world != 0 ? below((uint32_t)n_world) : NONE;
    if (i == NONE || !world[i].is_alive)
        return;
    world[i].is_alive = false;
    for (int witness = 0; witness < IW_WITNESS_COUNT; witness++) {
        struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_END};
        fact.u.end.witness = (enum iw_witness)witness;
        fact.u.end.name = name_of(&world[i], (enum iw_witness)witness);
        put(now, &fact);
    }
}

static int compare_told(const void *left, const void *right)
{
    const struct told *a = left, *b = right;
    return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

/* --- comparing -----------------------------------------------------------------------------------
 */

static void compare(const struct iw_lineage *lineage, const struct iw_process_name *name,
                    int64_t now, unsigned round)
{
    const struct iw_process *process = iw_lineage_find(lineage, name, now);
    size_t i = simple_guid(name->guid);
    if (i == NONE)
        i = simple_holder(name, now);
    for (int depth = 0;; depth++) {
        if ((process == NULL) != (i == NONE))
            fail_msg("round %u: one knows it, at depth %d", round, depth);
        if (process == NULL)
            return;
        if (!iw_process_guid_equal(process->name.guid, all[i].name.guid) ||
            process->name.pid != all[i].name.pid ||
            !iw_str_equal(process->name.image, all[i].name.image) ||
            process->first_ns != all[i].first_ns ||
            (process->fate == IW_PROCESS_ALIVE) != all[i].is_alive)
            fail_msg("round %u: another process at depth %d", round, depth);
        process = process->parent;
        i = all[i].parent;
    }
}

/* Where Sysmon told of the start, the parent is the real one or not known. */
static size_t judge(const struct iw_lineage *lineage, int64_t now)
{
    size_t n = 0;
    for (size_t i = 0; i < n_world; i++) {
        struct iw_process_name name = name_of(&world[i], IW_WITNESS_SYSMON);
        const struct iw_process *process = iw_lineage_find(lineage, &name, now);
        if (process == NULL || !iw_process_guid_equal(process->name.guid, name.guid) ||
            !process->witnesses[IW_WITNESS_SYSMON] || process->parent == NULL ||
            world[i].parent == NONE)
            continue;
        assert_true(iw_process_guid_equal(process->parent->name.guid, world[world[i].parent].guid));
        n++;
    }
    return n;
}

static void play(unsigned round)
{
    int64_t now = IW_NS_PER_SECOND;
    n_world = n_stream = n_all = n_taken = 0;
    for (unsigned step = 0; step < N_STEPS; step++) {
        if (below(3) != 0)
            now += below(2) != 0 ? below(1000000000) : below(5) * IW_NS_PER_SECOND;
        if (below(5) < 3)
            happen_start(now);
        else
            happen_end(now);
    }
    /* Ties stay in whatever order they fall into: both lineages see the same. */
    qsort(stream, n_stream, sizeof *stream, compare_told);
    (void)round;
}

static void both_know_the_same(void **state)
{
    size_t n_compared = 0, n_parents = 0;
    (void)state;
    for (unsigned round = 0; round < N_ROUNDS; round++) {
        struct iw_lineage *lineage = iw_lineage_new();
        assert_non_null(lineage);
        random_state = round * 0x9E3779B97F4A7C15ULL + 3;
        play(round);
        for (size_t i = 0; i < n_stream; i++) {
            const struct told *told = &stream[i];
            assert_int_equal(iw_lineage_tell(lineage, told->time_ns, &told->fact), IW_OK);
            if (told->fact.kind == IW_CONTEXT_PROCESS_START)
                simple_start(&told->fact.u.start, told->time_ns);
            else
                simple_end(&told->fact.u.end, told->time_ns);
            for (size_t k = 0; k < 4 && n_world != 0; k++) {
                struct iw_process_name name =
                    name_of(&world[below((uint32_t)n_world)], (enum iw_witness)below(2));
                if (below(4) == 0)
                    name.image = IW_STR("");
                compare(lineage, &name, told->time_ns, round);
                n_compared++;
            }
        }
        n_parents += judge(lineage, stream[n_stream - 1].time_ns);
        assert_int_equal(iw_lineage_account(lineage).n_processes, n_all);
        iw_lineage_free(lineage);
    }
    (void)fprintf(stderr, "%zu questions, %zu parents\n", n_compared, n_parents);
    assert_true(n_compared > 100000 && n_parents > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_know_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
