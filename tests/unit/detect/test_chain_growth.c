/*
 * Chains while evidence grows and shrinks: what is missing never adds points, more evidence never
 * lowers a level but by a mark that says so, and a chain keeps its id while its file is told.
 *
 * No expectation is made for one scenario alone: each is played with every event left out in turn,
 * every event twice, and with its events coming one after the other in many orders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define EVENTS_AT_MOST 16U
#define ORDERS 20U
#define HOUR_MS 3600000

struct story {
    const char *name;
    const char *events[EVENTS_AT_MOST]; /* in event time */
    struct chain_request request;       /* one more piece of evidence; no path: none */
    struct chain_collected collected;   /* likewise */
};

static const struct story STORIES[] = {
    {.name = "file, request, compiling, shell, child",
     .events = {WORKER, "1995L write 99 " A "\n", "2000 write 99 " A "\n",
                "2600 compiled 10 a.aspx.cdcab7d2.compiled\n", SHELL(3000),
                "3001L start 20 10 cmd.exe cmd /c ver\n", "3100 start 21 20 whoami.exe\n",
                "3200 connect 20 198.51.100.9\n", "9000 start 30 10 powershell.exe\n",
                "9100 delete 99 " A "\n"},
     .request = {A, 2500, 1, 0}},
    {.name = "two files, the earlier one asked for",
     .events = {WORKER, "2000 write 99 " A "\n", "2800 write 99 " B "\n", SHELL(3000),
                "3100 start 21 20 net.exe net user\n"},
     .request = {A, 2500, 1, 0}},
    {.name = "the shell wrote the page",
     .events = {WORKER, SHELL(3000), "3100 start 21 20 powershell.exe\n", "3500 write 21 " A "\n",
                "9000 start 30 10 cmd.exe\n"},
     .request = {A, 4900, 1, 0}},
    {.name = "a page that was collected, and an upload of another",
     .events = {WORKER, "2000 write 99 " A "\n", "2900 write 99 " B "\n", SHELL(3000),
                "3100 start 21 20 whoami.exe\n"},
     .request = {A, 2700, 1, 0},
     .collected = {A, 2700, HOUR_MS, 0, false}},
    {.name = "a page of another pool, and a deployment",
     .events = {WORKER, "1900 msi Contoso\n", "2000 write 99 " P "\n", "2100 write 99 " A "\n",
                SHELL(3000)}},
    {.name = "one-sided: the Security log alone",
     .events = {"1000L start 10 1 inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n",
                "2000L write 99 " A "\n", "3000L start 20 10 cmd.exe cmd /c ver\n",
                "3100L start 21 20 whoami.exe\n"},
     .request = {A, 2500, 1, 0}},
};
#define N_STORIES (sizeof STORIES / sizeof STORIES[0])

/** What is at hand of a story. */
struct hand {
    bool has[EVENTS_AT_MOST + 2];
    bool is_doubled[EVENTS_AT_MOST];
};

static size_t count_events(const struct story *story)
{
    size_t n = 0;
    while (n < EVENTS_AT_MOST && story->events[n] != NULL)
        n++;
    return n;
}

/* Events, then the request, then the collected file. */
static size_t count_pieces(const struct story *story)
{
    return count_events(story) + 2;
}

static void play(struct chain_rig *rig, const struct story *story, const struct hand *hand)
{
    size_t n = count_events(story);
    rig_init(rig);
    if (hand->has[n] && story->request.path != NULL) {
        rig->requests = &story->request;
        rig->n_requests = 1;
    }
    /* It is asked for by its log, so there is none without that. */
    if (hand->has[n + 1] && rig->n_requests != 0 && story->collected.path != NULL)
        rig_add_collected(rig, &story->collected);
    rig_begin(rig);
    for (size_t i = 0; i < n; i++) {
        if (hand->has[i])
            rig_script(rig, story->events[i]);
        if (hand->has[i] && hand->is_doubled[i])
            rig_script(rig, story->events[i]);
    }
    rig_end(rig);
}

/* The level is lowered by something that is said: "-10 deployment-writer: ...". */
static bool says_what_lowers(const struct iw_finding *finding)
{
    for (size_t i = 0; i < finding->why.n; i++) {
        if (finding->why.items[i].n != 0 && finding->why.items[i].p[0] == '-')
            return true;
    }
    return false;
}

static const struct iw_finding *highest(const struct chain_rig *rig)
{
    const struct iw_finding *best = NULL;
    for (size_t i = 0; i < rig->n_findings; i++) {
        if (best == NULL || rig->findings[i].score > best->score)
            best = &rig->findings[i];
    }
    return best;
}

/* Which finding is about a file; NULL: none. */
static const struct iw_finding *about(const struct chain_rig *rig, const char *path)
{
    for (size_t i = 0; path != NULL && i < rig->n_findings; i++) {
        if (iw_str_equal_nocase(rig->findings[i].subject_name, iw_str_of(path)))
            return &rig->findings[i];
    }
    return NULL;
}

/* Every item of evidence is of an event at hand, of the request or of the collected file. */
static void nothing_is_invented(const struct chain_rig *rig, const struct story *story,
                                const struct hand *hand)
{
    size_t n = count_events(story);
    for (size_t i = 0; i < rig->n_findings; i++) {
        for (size_t k = 0; k < rig->findings[i].n_evidence; k++) {
            struct iw_str role = rig->findings[i].evidence[k].role;
            if (iw_str_equal(role, IW_STR("request")))
                assert_true(hand->has[n]);
            if (iw_str_equal(role, IW_STR("file")))
                assert_true(hand->has[n] && hand->has[n + 1]);
        }
    }
}

static void every_event_left_out(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_STORIES; s++) {
        const struct story *story = &STORIES[s];
        size_t n = count_pieces(story);
        struct hand all = {0};
        struct chain_rig whole;
        memset(all.has, true, sizeof all.has);
        play(&whole, story, &all);
        assert_true(whole.n_findings != 0);
        for (size_t i = 0; i < n; i++) {
            struct hand hand = all;
            struct chain_rig rig;
            const struct iw_finding *best, *of_whole = highest(&whole);
            hand.has[i] = false;
            play(&rig, story, &hand);
            best = highest(&rig);
            if (best != NULL && best->score > of_whole->score && !says_what_lowers(of_whole))
                fail_msg("%s: without piece %zu the score rises from %u to %u", story->name, i,
                         of_whole->score, best->score);
            nothing_is_invented(&rig, story, &hand);
            rig_done(&rig);
        }
        rig_done(&whole);
    }
}

/* Each event twice: two records that say the same are two events of one thing, and no more of it.
 */
static void every_event_twice(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_STORIES; s++) {
        const struct story *story = &STORIES[s];
        struct hand all = {0};
        struct chain_rig whole;
        memset(all.has, true, sizeof all.has);
        play(&whole, story, &all);
        for (size_t i = 0; i < count_events(story); i++) {
            struct hand hand = all;
            struct chain_rig rig;
            hand.is_doubled[i] = true;
            play(&rig, story, &hand);
            if (rig.n_findings != whole.n_findings)
                fail_msg("%s: piece %zu twice makes %zu findings of %zu", story->name, i,
                         rig.n_findings, whole.n_findings);
            for (size_t k = 0; k < rig.n_findings; k++) {
                assert_string_equal(rig.findings[k].id, whole.findings[k].id);
                assert_int_equal(rig.findings[k].score, whole.findings[k].score);
            }
            rig_done(&rig);
        }
        rig_done(&whole);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void shuffle(size_t *order, size_t n, uint64_t *random)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t k = next_random(random) % i, kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
}

/* One piece more: what was found of the file asked for stays under its id, and the highest level
 * stays, or a mark says what lowers it. */
static void grow(const struct story *story, const size_t *order, size_t n)
{
    struct hand hand = {0};
    enum iw_level level = IW_LEVEL_INFORMATIONAL;
    char id[IW_FINDING_ID_BYTES] = "";
    for (size_t i = 0; i < n; i++) {
        const struct iw_finding *best, *of_file;
        struct chain_rig rig;
        hand.has[order[i]] = true;
        play(&rig, story, &hand);
        best = highest(&rig);
        of_file = about(&rig, story->request.path);
        nothing_is_invented(&rig, story, &hand);
        if (best == NULL && level != IW_LEVEL_INFORMATIONAL)
            fail_msg("%s: piece %zu takes the finding away", story->name, order[i]);
        if (best != NULL && best->level < level && !says_what_lowers(best))
            fail_msg("%s: piece %zu lowers the level, and nothing says why", story->name, order[i]);
        if (of_file != NULL && id[0] != '\0')
            assert_string_equal(of_file->id, id);
        if (of_file != NULL)
            memcpy(id, of_file->id, sizeof id);
        level = best != NULL ? best->level : level;
        rig_done(&rig);
    }
}

static void evidence_comes_in_any_order(void **state)
{
    uint64_t random = 88172645463325252ULL;
    (void)state;
    for (size_t s = 0; s < N_STORIES; s++) {
        size_t order[EVENTS_AT_MOST + 2], n = count_pieces(&STORIES[s]);
        for (size_t i = 0; i < ORDERS; i++) {
            shuffle(order, n, &random);
            grow(&STORIES[s], order, n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_left_out),
        cmocka_unit_test(every_event_twice),
        cmocka_unit_test(evidence_comes_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
