/*
 * Lineage by hand: each case is a stream of facts and what must be known at its end, written from
 * what the header promises.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "context/lineage.h"

#define S IW_NS_PER_SECOND
#define W3WP IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe")
#define CMD IW_STR("C:\\Windows\\System32\\cmd.exe")
#define NET IW_STR("C:\\Windows\\System32\\net.exe")
#define SVCHOST IW_STR("C:\\Windows\\System32\\svchost.exe")
#define SERVICES IW_STR("C:\\Windows\\System32\\services.exe")

static struct iw_process_guid guid_of(uint8_t number)
{
    struct iw_process_guid guid = {{0}};
    guid.bytes[0] = 0xA2;
    guid.bytes[15] = number;
    return guid;
}

/* Sysmon's name of a process has a GUID; one that Security gives has none (number 0). */
static struct iw_process_name name(uint8_t number, uint64_t pid, struct iw_str image)
{
    struct iw_process_name result = {.has_pid = pid != 0, .pid = pid, .image = image};
    if (number != 0)
        result.guid = guid_of(number);
    return result;
}

static enum iw_rc tell_start(struct iw_lineage *lineage, int64_t time_ns,
                             struct iw_process_name child, struct iw_process_name parent)
{
    struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_START};
    fact.u.start.witness =
        iw_process_guid_known(child.guid) ? IW_WITNESS_SYSMON : IW_WITNESS_SECURITY;
    fact.u.start.name = child;
    fact.u.start.parent = parent;
    return iw_lineage_tell(lineage, time_ns, &fact);
}

static void start(struct iw_lineage *lineage, int64_t time_ns, struct iw_process_name child,
                  struct iw_process_name parent)
{
    assert_int_equal(tell_start(lineage, time_ns, child, parent), IW_OK);
}

static void end(struct iw_lineage *lineage, int64_t time_ns, struct iw_process_name process)
{
    struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_END};
    fact.u.end.witness =
        iw_process_guid_known(process.guid) ? IW_WITNESS_SYSMON : IW_WITNESS_SECURITY;
    fact.u.end.name = process;
    assert_int_equal(iw_lineage_tell(lineage, time_ns, &fact), IW_OK);
}

static void boot(struct iw_lineage *lineage, int64_t time_ns, bool is_exact)
{
    struct iw_context_fact fact = {.kind = IW_CONTEXT_BOOT, .u.boot = {is_exact}};
    assert_int_equal(iw_lineage_tell(lineage, time_ns, &fact), IW_OK);
}

static const struct iw_process *find(const struct iw_lineage *lineage, int64_t time_ns,
                                     struct iw_process_name process)
{
    return iw_lineage_find(lineage, &process, time_ns);
}

static void parent_is(const struct iw_process *process, struct iw_str image)
{
    assert_non_null(process);
    if (image.n == 0) {
        assert_null(process->parent);
        return;
    }
    assert_non_null(process->parent);
    assert_true(iw_str_equal(process->parent->name.image, image));
}

/* Worker → shell → net.exe by GUID; the worker's own start is not in evidence. */
static void by_guid(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    const struct iw_process *net;
    bool is_complete;
    (void)state;
    start(lineage, 10 * S, name(2, 400, CMD), name(1, 200, W3WP));
    start(lineage, 11 * S, name(3, 404, NET), name(2, 400, CMD));
    end(lineage, 12 * S, name(2, 400, CMD));
    net = find(lineage, 13 * S, name(3, 404, NET));
    parent_is(net, CMD); /* that ended meanwhile */
    parent_is(net->parent, W3WP);
    parent_is(net->parent->parent, IW_STR(""));
    assert_int_equal(net->parent->fate, IW_PROCESS_ENDED);
    assert_ptr_equal(iw_process_worker(net, &is_complete), net->parent->parent);
    assert_ptr_equal(iw_process_ancestor(net, IW_STR("CMD.EXE"), &is_complete), net->parent);
    assert_null(iw_process_ancestor(net, IW_STR("powershell.exe"), &is_complete));
    assert_false(is_complete); /* who started the worker is not known */
    assert_ptr_equal(iw_process_worker(net->parent->parent, NULL), net->parent->parent);
    assert_int_equal(iw_lineage_account(lineage).n_only_named, 1);
    iw_lineage_free(lineage);
}

/* Where the chain ends at what Windows starts itself, all of it is known. */
static void complete_chain(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    bool is_complete = false;
    (void)state;
    start(lineage, 10 * S, name(2, 400, SVCHOST), name(1, 100, SERVICES));
    start(lineage, 11 * S, name(3, 404, CMD), name(2, 400, SVCHOST));
    assert_null(iw_process_worker(find(lineage, 12 * S, name(3, 404, CMD)), &is_complete));
    assert_true(is_complete);
    /* A program of that name whose start was seen is anybody's. */
    start(lineage, 20 * S, name(5, 500, SERVICES), name(0, 0, IW_STR("")));
    start(lineage, 21 * S, name(6, 504, CMD), name(5, 500, SERVICES));
    assert_null(iw_process_worker(find(lineage, 22 * S, name(6, 504, CMD)), &is_complete));
    assert_false(is_complete);
    iw_lineage_free(lineage);
}

/* 4688 alone, without ends: an id is its last owner's. */
static void security_only(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    const struct iw_process *first;
    uint64_t number;
    (void)state;
    start(lineage, 10 * S, name(0, 0x10d8, CMD), name(0, 0x7e4, W3WP));
    start(lineage, 11 * S, name(0, 0x10e0, NET), name(0, 0x10d8, CMD));
    first = find(lineage, 12 * S, name(0, 0x10e0, NET));
    parent_is(first, CMD);
    parent_is(first->parent, W3WP);
    number = first->parent->number;
    start(lineage, 20 * S, name(0, 0x10d8, SVCHOST), name(0, 0x2c4, SERVICES)); /* cmd's id */
    start(lineage, 21 * S, name(0, 0x10f0, NET), name(0, 0x10d8, IW_STR("")));
    parent_is(find(lineage, 22 * S, name(0, 0x10f0, NET)), SVCHOST);
    first = find(lineage, 22 * S, name(0, 0x10e0, NET));
    parent_is(first, CMD); /* still the one it was then */
    assert_int_equal(first->parent->number, number);
    assert_int_equal(first->parent->fate, IW_PROCESS_REPLACED);
    iw_lineage_free(lineage);
}

/* Whoever has the id is not the parent where its image is another: it ended unseen. */
static void unseen_parent(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    (void)state;
    start(lineage, 10 * S, name(0, 0x100, CMD), name(0, 0x4, IW_STR("System")));
    start(lineage, 20 * S, name(0, 0x200, NET), name(0, 0x100, W3WP));
    parent_is(find(lineage, 21 * S, name(0, 0x200, NET)), W3WP);
    assert_int_equal(find(lineage, 21 * S, name(0, 0x100, W3WP))->witnesses[IW_WITNESS_SECURITY],
                     false);
    assert_null(find(lineage, 21 * S, name(0, 0x100, CMD)));
    /* Version 1 names no image: a parent that is not known is not made up. */
    start(lineage, 22 * S, name(0, 0x300, NET), name(0, 0x900, IW_STR("")));
    parent_is(find(lineage, 23 * S, name(0, 0x300, NET)), IW_STR(""));
    assert_int_equal(iw_lineage_account(lineage).n_orphans, 1);
    iw_lineage_free(lineage);
}

/* A parent that ended is nobody's by its id, unless it ended a moment ago; by its GUID it is. */
static void ended_parent(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    (void)state;
    start(lineage, 10 * S, name(0, 0x100, CMD), name(0, 0x4, IW_STR("System")));
    end(lineage, 20 * S, name(0, 0x100, CMD));
    start(lineage, 22 * S, name(0, 0x200, NET), name(0, 0x100, IW_STR("")));
    parent_is(find(lineage, 22 * S, name(0, 0x200, NET)), CMD);
    start(lineage, 22 * S + 1, name(0, 0x300, NET), name(0, 0x100, IW_STR("")));
    parent_is(find(lineage, 23 * S, name(0, 0x300, NET)), IW_STR(""));
    start(lineage, 30 * S, name(7, 400, CMD), name(6, 200, W3WP));
    end(lineage, 31 * S, name(7, 400, CMD));
    start(lineage, 90 * S, name(8, 404, NET), name(7, 400, CMD));
    parent_is(find(lineage, 91 * S, name(8, 404, NET)), CMD);
    iw_lineage_free(lineage);
}

/* Both witnesses of one process, in either order, are one process; of two they are two. */
static void two_witnesses(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct iw_lineage *lineage = iw_lineage_new();
        const struct iw_process *process;
        for (int i = 0; i < 2; i++) {
            if (i == order)
                start(lineage, 10 * S + i, name(2, 400, CMD), name(1, 200, W3WP));
            else
                start(lineage, 10 * S + i, name(0, 400, CMD), name(0, 200, W3WP));
        }
        process = find(lineage, 11 * S, name(2, 400, CMD));
        assert_ptr_equal(process, find(lineage, 11 * S, name(0, 400, CMD)));
        assert_true(process->witnesses[0] && process->witnesses[1]);
        parent_is(process, W3WP);
        assert_int_equal(iw_lineage_account(lineage).n_processes, 2);
        assert_int_equal(iw_lineage_account(lineage).n_joined, 1);
        end(lineage, 12 * S, name(2, 400, CMD));
        end(lineage, 12 * S + 5, name(0, 400, CMD));
        assert_int_equal(iw_lineage_account(lineage).n_unmatched_ends, 0);
        iw_lineage_free(lineage);
    }
}

/* The last tolerated nanosecond and the first that is not; another image; the same witness. */
static void not_one_process(void **state)
{
    static const struct {
        int64_t later_ns;
        bool is_other_image, is_other_parent, is_same_witness;
        uint64_t n;
    } CASES[] = {{IW_LINEAGE_WITNESS_NS, false, false, false, 1},
                 {IW_LINEAGE_WITNESS_NS + 1, false, false, false, 2},
                 {1, true, false, false, 2},
                 {1, false, true, false, 2},
                 {1, false, false, true, 1}, /* the event is doubled */
                 {IW_LINEAGE_WITNESS_NS + 1, false, false, true, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_lineage *lineage = iw_lineage_new();
        uint8_t number = CASES[i].is_same_witness ? 0 : 2;
        start(lineage, 10 * S, name(0, 400, CMD), name(0, 200, IW_STR("")));
        start(lineage, 10 * S + CASES[i].later_ns,
              name(number, 400, CASES[i].is_other_image ? NET : CMD),
              name(0, CASES[i].is_other_parent ? 204 : 200, IW_STR("")));
        assert_int_equal(iw_lineage_account(lineage).n_processes, CASES[i].n);
        iw_lineage_free(lineage);
    }
}

/* A short-lived process and the next of the same id and image, told late by the second witness. */
static void quick_reuse(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    const struct iw_process *second;
    (void)state;
    start(lineage, 10 * S, name(2, 400, CMD), name(1, 200, W3WP));
    end(lineage, 10 * S + 10, name(2, 400, CMD));
    start(lineage, 10 * S + 20, name(3, 400, CMD), name(1, 200, W3WP));
    start(lineage, 10 * S + 30, name(0, 400, CMD), name(0, 200, W3WP)); /* of the first */
    end(lineage, 10 * S + 40, name(0, 400, CMD));
    start(lineage, 10 * S + 50, name(0, 400, CMD), name(0, 200, W3WP)); /* of the second */
    second = find(lineage, 10 * S + 60, name(0, 400, CMD));
    assert_true(iw_process_guid_equal(second->name.guid, guid_of(3)));
    assert_int_equal(second->fate, IW_PROCESS_ALIVE);
    assert_int_equal(iw_lineage_account(lineage).n_joined, 2);
    assert_int_equal(iw_lineage_account(lineage).n_processes, 3);
    iw_lineage_free(lineage);
}

/* What ran before a boot is nobody's parent after it. */
static void boots(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    (void)state;
    start(lineage, 10 * S, name(0, 0x100, CMD), name(0, 0x4, IW_STR("System")));
    boot(lineage, 1000 * S, true);
    assert_null(find(lineage, 1010 * S, name(0, 0x100, CMD)));
    start(lineage, 1010 * S, name(0, 0x200, NET), name(0, 0x100, IW_STR("")));
    parent_is(find(lineage, 1011 * S, name(0, 0x200, NET)), IW_STR(""));
    boot(lineage, 1012 * S, false); /* told by a service of the same start */
    assert_non_null(find(lineage, 1013 * S, name(0, 0x200, NET)));
    iw_lineage_free(lineage);
}

/* Nobody is his own ancestor, whatever a log says. */
static void contradictions(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    (void)state;
    start(lineage, 10 * S, name(1, 100, CMD), name(2, 200, NET));
    start(lineage, 11 * S, name(2, 200, NET), name(1, 100, CMD));
    parent_is(find(lineage, 12 * S, name(2, 200, NET)), IW_STR(""));
    start(lineage, 13 * S, name(3, 300, NET), name(3, 300, NET));
    parent_is(find(lineage, 14 * S, name(3, 300, NET)), IW_STR(""));
    assert_int_equal(iw_lineage_account(lineage).n_contradictions, 2);
    start(lineage, 15 * S, name(0, 400, NET), name(0, 400, CMD)); /* the child has its id by now */
    parent_is(find(lineage, 16 * S, name(0, 400, NET)), CMD);
    iw_lineage_free(lineage);
}

/* Two processes of one id on two hosts never meet. */
static void other_host(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    (void)state;
    start(lineage, 10 * S, name(2, 400, CMD), name(1, 200, W3WP));
    iw_lineage_clear(lineage);
    assert_null(find(lineage, 10 * S, name(2, 400, CMD)));
    start(lineage, 10 * S, name(0, 404, NET), name(0, 400, IW_STR("")));
    parent_is(find(lineage, 10 * S, name(0, 404, NET)), IW_STR(""));
    assert_int_equal(iw_lineage_account(lineage).n_processes, 3);
    iw_lineage_free(lineage);
}

/* At the limit nobody is forgotten, one past it the one that ended first; a forgotten parent is
 * unknown, and a living parent of living children goes last. */
static void limit(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    (void)state;
    start(lineage, S, name(1, 4, CMD), name(0, 0, IW_STR("")));
    start(lineage, S, name(2, 8, NET), name(1, 4, CMD));
    for (uint64_t i = 2; i < IW_LIMIT_LINEAGE_PROCESSES; i++)
        start(lineage, 10 * S, name(0, 4 * (i + 1), NET), name(0, 0, IW_STR("")));
    assert_int_equal(iw_lineage_account(lineage).n_forgotten, 0);
    assert_int_equal(iw_lineage_account(lineage).n_kept, IW_LIMIT_LINEAGE_PROCESSES);
    end(lineage, 20 * S, name(0, 400, NET));
    start(lineage, 30 * S, name(0, 4000000, NET), name(0, 0, IW_STR("")));
    assert_int_equal(iw_lineage_account(lineage).n_forgotten, 1);
    assert_null(find(lineage, 20 * S, name(0, 400, NET)));
    parent_is(find(lineage, 30 * S, name(2, 8, NET)), CMD);
    start(lineage, 40 * S, name(0, 4000004, NET), name(0, 0, IW_STR("")));
    assert_null(find(lineage, 40 * S, name(1, 4, CMD))); /* the oldest of the living */
    parent_is(find(lineage, 40 * S, name(2, 8, NET)), IW_STR(""));
    iw_lineage_free(lineage);
}

/* --- what hostile evidence may cost ------------------------------------------------------------
 */

static struct iw_process_name many(uint64_t number, uint64_t pid)
{
    struct iw_process_name result = {.has_pid = pid != 0, .pid = pid, .image = NET};
    result.guid = guid_of(0);
    for (size_t i = 0; i < sizeof number; i++)
        result.guid.bytes[1 + i] = (uint8_t)(number >> (8 * i));
    result.guid.bytes[9] = 1;
    return result;
}

static struct iw_process_name without_guid(uint64_t pid)
{
    return name(0, pid, NET);
}

#define N_HOSTILE 10000U

static void starts_of_one_moment(struct iw_lineage *lineage)
{
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        start(lineage, S, many(i, 700), name(0, 4, IW_STR("System")));
    assert_true(iw_lineage_account(lineage).n_not_compared != 0);
}

static void ends_of_one_moment(struct iw_lineage *lineage)
{
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        start(lineage, S, many(i, 700), name(0, 4, IW_STR("System")));
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        end(lineage, S, without_guid(700));
}

/* No hostile evidence: an id that is used again and again, and ends that Security tells of. */
static void id_used_again(struct iw_lineage *lineage)
{
    int64_t time_ns = S;
    for (uint64_t i = 1; i <= N_HOSTILE; i++, time_ns += 3 * S)
        start(lineage, time_ns, many(i, 700), name(0, 4, IW_STR("System")));
    for (uint64_t i = 1; i <= N_HOSTILE; i++, time_ns += 3 * S)
        end(lineage, time_ns, without_guid(700));
    assert_int_equal(iw_lineage_account(lineage).n_not_compared, 0);
    assert_int_equal(iw_lineage_account(lineage).n_unmatched_ends, N_HOSTILE - 1);
}

static void each_starts_the_next(struct iw_lineage *lineage)
{
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        start(lineage, S + (int64_t)i, many(i + 1, 4 * (i + 1)), many(i, 4 * i));
    assert_int_equal(iw_lineage_account(lineage).n_not_followed, 0);
    assert_non_null(find(lineage, 2 * S, many(N_HOSTILE, 0))->parent);
}

/* Parents that were named before, each at last told to have the deepest process as its own. */
static void parents_below_a_deep_chain(struct iw_lineage *lineage)
{
    each_starts_the_next(lineage);
    for (uint64_t i = 1; i <= N_HOSTILE; i++) {
        struct iw_process_name parent = many(2 * N_HOSTILE + i, 0);
        start(lineage, 3 * S, many(4 * N_HOSTILE + i, 0), parent);
        start(lineage, 3 * S, parent, many(N_HOSTILE, 0));
    }
    assert_int_equal(iw_lineage_account(lineage).n_not_followed, N_HOSTILE);
}

static void boots_again_and_again(struct iw_lineage *lineage)
{
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        start(lineage, S + (int64_t)i, many(i, 4 * i), many(i - 1, 4 * i - 4));
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        boot(lineage, 1000 * S, true);
    assert_int_equal(find(lineage, 1000 * S, many(7, 0))->fate, IW_PROCESS_BOOTED);
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        start(lineage, 1001 * S, many(N_HOSTILE + i, 0), many(0, 0));
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        boot(lineage, 1001 * S, false);
    assert_int_equal(find(lineage, 1001 * S, many(N_HOSTILE + 7, 0))->fate, IW_PROCESS_ALIVE);
}

/* Ids of one slot, if slots went by the lowest bits; and those that are forgotten, oldest first. */
static void ids_of_one_slot(struct iw_lineage *lineage)
{
    for (uint64_t i = 1; i <= N_HOSTILE; i++)
        start(lineage, S, many(i, i << 32), name(0, 4, IW_STR("System")));
}

static void one_id_is_forgotten(struct iw_lineage *lineage)
{
    for (uint64_t i = 1; i <= IW_LIMIT_LINEAGE_PROCESSES + N_HOSTILE; i++)
        start(lineage, (int64_t)i * 3 * S, many(i, 700), name(0, 0, IW_STR("")));
    assert_int_equal(iw_lineage_account(lineage).n_forgotten, N_HOSTILE);
}

/* Whatever is told, the work is in proportion to it. */
static void work_is_linear(void **state)
{
    static void (*const STREAMS[])(struct iw_lineage * lineage) = {
        starts_of_one_moment,       ends_of_one_moment,    id_used_again,   each_starts_the_next,
        parents_below_a_deep_chain, boots_again_and_again, ids_of_one_slot, one_id_is_forgotten};
    (void)state;
    for (size_t i = 0; i < sizeof STREAMS / sizeof STREAMS[0]; i++) {
        struct iw_lineage *lineage = iw_lineage_new();
        STREAMS[i](lineage);
        assert_in_range(iw_lineage_account(lineage).n_steps, 0,
                        4 * N_HOSTILE * (IW_LIMIT_LINEAGE_SAME_ID + IW_LIMIT_LINEAGE_DEPTH));
        iw_lineage_free(lineage);
    }
}

/* The other witness of the first of so many starts of one id is found; of one more it is not. */
static void many_starts_of_one_id(void **state)
{
    (void)state;
    for (uint64_t more = 0; more < 2; more++) {
        struct iw_lineage *lineage = iw_lineage_new();
        struct iw_process_name shell = name(2, 700, CMD), again = name(0, 700, CMD);
        start(lineage, S, shell, name(1, 200, W3WP));
        for (uint64_t i = 1; i < IW_LIMIT_LINEAGE_SAME_ID + more; i++)
            start(lineage, S, many(i, 700), name(1, 200, W3WP));
        start(lineage, S, again, name(0, 200, W3WP));
        assert_int_equal(iw_lineage_account(lineage).n_joined, 1 - more);
        assert_int_equal(iw_lineage_account(lineage).n_not_compared, more);
        iw_lineage_free(lineage);
    }
}

/* A child whose parent has as many ancestors as are followed gets it; one more, and it is not known
 * whether that is a contradiction. */
static void many_ancestors(void **state)
{
    (void)state;
    for (uint64_t more = 0; more < 2; more++) {
        struct iw_lineage *lineage = iw_lineage_new();
        struct iw_process_name parent = many(1000, 0), deepest = many(1, 0);
        uint64_t n = IW_LIMIT_LINEAGE_DEPTH + more; /* ancestors of the deepest */
        for (uint64_t i = 1; i <= n; i++)
            start(lineage, S, many(n - i + 1, 0), many(n - i + 2, 0));
        start(lineage, S, many(2000, 0), parent);
        start(lineage, S, parent, deepest);
        assert_true((find(lineage, S, parent)->parent != NULL) == (more == 0));
        assert_int_equal(iw_lineage_account(lineage).n_not_followed, more);
        iw_lineage_free(lineage);
    }
}

/* Texts are bounded as well: every process carries as much as a fact can. */
static void bytes_limit(void **state)
{
    static char text[IW_LIMIT_CONTEXT_TEXT_BYTES];
    struct iw_lineage *lineage = iw_lineage_new();
    size_t n = IW_LIMIT_LINEAGE_BYTES / sizeof text + 2;
    (void)state;
    memset(text, 'x', sizeof text);
    for (uint64_t i = 1; i <= n; i++)
        start(lineage, S, name(0, 4 * i, (struct iw_str){text, sizeof text}),
              name(0, 0, IW_STR("")));
    assert_int_equal(iw_lineage_account(lineage).n_forgotten, 2);
    iw_lineage_free(lineage);
}

/* The first event of its start, whoever wrote it; none of a process that was only named. */
static void where_the_start_was_read(void **state)
{
    struct iw_lineage *lineage = iw_lineage_new();
    struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_START};
    const struct iw_process_name child = name(2, 400, CMD), parent = name(1, 200, W3WP);
    const struct iw_process *process;
    (void)state;
    fact.u.start =
        (struct iw_process_start){.witness = IW_WITNESS_SYSMON, .name = child, .parent = parent};
    fact.place = (struct iw_event_place){.event_id = 1, .record_id = 7, .time_ns = S};
    assert_int_equal(iw_lineage_tell(lineage, S, &fact), IW_OK);
    fact.u.start.witness = IW_WITNESS_SECURITY;
    fact.place = (struct iw_event_place){.event_id = 4688, .record_id = 9, .time_ns = S + 1};
    assert_int_equal(iw_lineage_tell(lineage, S + 1, &fact), IW_OK);
    process = iw_lineage_find(lineage, &child, S + 1);
    assert_int_equal(process->place.event_id, 1);
    assert_int_equal(process->place.record_id, 7);
    assert_true(iw_str_equal(iw_event_place_channel(&process->place),
                             IW_STR("Microsoft-Windows-Sysmon/Operational")));
    process = iw_lineage_find(lineage, &parent, S + 1);
    assert_non_null(process);
    assert_int_equal(process->place.event_id, 0);
    iw_lineage_free(lineage);
}

static void no_memory(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    for (uint64_t n = 1; rc != IW_OK && n < 100; n++) {
        struct iw_lineage *lineage = iw_lineage_new();
        assert_non_null(lineage);
        iw_alloc_fail_at(n);
        rc = tell_start(lineage, S, name(2, 400, CMD), name(1, 200, W3WP));
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        start(lineage, 2 * S, name(3, 404, NET), name(2, 400, CMD)); /* it can go on */
        iw_lineage_free(lineage);
    }
    assert_int_equal(rc, IW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_guid),        cmocka_unit_test(where_the_start_was_read),
        cmocka_unit_test(complete_chain), cmocka_unit_test(security_only),
        cmocka_unit_test(unseen_parent),  cmocka_unit_test(ended_parent),
        cmocka_unit_test(two_witnesses),  cmocka_unit_test(not_one_process),
        cmocka_unit_test(quick_reuse),    cmocka_unit_test(boots),
        cmocka_unit_test(contradictions), cmocka_unit_test(other_host),
        cmocka_unit_test(limit),          cmocka_unit_test(bytes_limit),
        cmocka_unit_test(work_is_linear), cmocka_unit_test(many_starts_of_one_id),
        cmocka_unit_test(many_ancestors), cmocka_unit_test(no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
