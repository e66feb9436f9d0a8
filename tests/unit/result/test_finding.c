/*
 * Findings: identity against a hash computed another way, order whatever the order of insertion,
 * numbering of equal ids, merging, and every allocation failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "result/finding.h"

static struct iw_finding *add(struct iw_findings *findings, int64_t time_ns, const char *host,
                              const char *title)
{
    struct iw_finding *finding = iw_findings_add(findings);
    assert_non_null(finding);
    finding->title = iw_str_of(title);
    finding->rule_id = IW_STR("5f3c0ac9");
    finding->host = iw_str_of(host);
    finding->first_time_ns = finding->last_time_ns = time_ns;
    finding->subject_type = IW_STR("process");
    finding->subject_name = IW_STR("C:\\Windows\\System32\\cmd.exe");
    finding->anchor = IW_STR("1|1607689681299|{guid}");
    return finding;
}

static void names(void **state)
{
    enum iw_level level = IW_LEVEL_LOW;
    (void)state;
    assert_string_equal(iw_level_name(IW_LEVEL_CRITICAL), "critical");
    assert_string_equal(iw_finding_kind_name(IW_FINDING_WEBFILE), "webfile");
    assert_true(iw_level_parse(IW_STR("HiGh"), &level));
    assert_int_equal(level, IW_LEVEL_HIGH);
    assert_false(iw_level_parse(IW_STR("hig"), &level));
    assert_false(iw_level_parse(IW_STR(""), &level));
    assert_int_equal(level, IW_LEVEL_HIGH);
}

/*
 * printf
 * 'iiswarden.finding/1\0005f3c0ac9\000web01\000processc:\\windows\\system32\\cmd.exe\0001|1607689681299|{guid}'
 * | sha256sum | cut -c1-16
 */
static void id_is_the_documented_hash(void **state)
{
    struct iw_findings findings;
    struct iw_finding *finding;
    (void)state;
    iw_findings_init(&findings);
    finding = add(&findings, 5, "WEB01", "t");
    assert_int_equal(iw_findings_settle(&findings), IW_OK);
    assert_string_equal(finding->id, "f-980d4fd63679677f");
    /* Where it was read, and the letter case of host and subject, are not part of it. */
    finding->host = IW_STR("web01");
    finding->subject_name = IW_STR("c:\\WINDOWS\\system32\\CMD.EXE");
    finding->rule_title = IW_STR("something else");
    finding->event_json = IW_STR("{\"EventRecordID\":7}");
    finding->first_time_ns = 6;
    assert_int_equal(iw_findings_settle(&findings), IW_OK);
    assert_string_equal(finding->id, "f-980d4fd63679677f");
    finding->anchor = IW_STR("1|1607689681300|{guid}");
    assert_int_equal(iw_findings_settle(&findings), IW_OK);
    assert_string_not_equal(finding->id, "f-980d4fd63679677f");
    iw_findings_done(&findings);
}

static void identity_without_a_rule_id(void **state)
{
    static const struct iw_str AN1108 = {"AN1108", 6};
    struct iw_findings findings;
    struct iw_finding *by_title, *by_analytic, *by_own_title;
    (void)state;
    iw_findings_init(&findings);
    by_title = add(&findings, 1, "H", "t");
    by_analytic = add(&findings, 2, "H", "t");
    by_own_title = add(&findings, 3, "H", "t");
    by_title->rule_id = by_analytic->rule_id = by_own_title->rule_id = IW_STR("");
    by_title->rule_title = IW_STR("Rule");
    by_analytic->analytic = (struct iw_text_list){&AN1108, 1};
    assert_int_equal(iw_findings_settle(&findings), IW_OK);
    assert_string_not_equal(by_title->id, by_analytic->id);
    assert_string_not_equal(by_title->id, by_own_title->id);
    assert_string_not_equal(by_analytic->id, by_own_title->id);
    iw_findings_done(&findings);
}

/* Six findings, some with equal ids, added in an order given by *permutation*. */
static void fill(struct iw_findings *findings, const unsigned permutation[6])
{
    static struct iw_evidence_item items[6];
    for (unsigned i = 0; i < 6; i++) {
        unsigned which = permutation[i];
        struct iw_finding *finding =
            add(findings, which < 3 ? 100 : 200 + which, which == 0 ? "A" : "B", "t");
        items[which] = (struct iw_evidence_item){.source = IW_STR("log.evtx"), .offset = which};
        finding->evidence = &items[which];
        finding->n_evidence = 1;
        if (which == 5)
            finding->anchor = IW_STR("another");
    }
}

static void describe(const struct iw_findings *findings, struct iw_buffer *out)
{
    for (size_t i = 0; i < findings->n; i++) {
        const struct iw_finding *finding = findings->items[i];
        iw_buffer_printf(out, "%lld %.*s %s @%llu\n", (long long)finding->first_time_ns,
                         IW_STR_ARG(finding->host), finding->id,
                         (unsigned long long)finding->evidence[0].offset);
    }
}

static void order_does_not_depend_on_insertion(void **state)
{
    unsigned permutation[6] = {0, 1, 2, 3, 4, 5};
    struct iw_buffer first, now;
    (void)state;
    iw_buffer_init(&first);
    iw_buffer_init(&now);
    /* All 720 permutations, by Heap's method. */
    unsigned counters[6] = {0}, i = 0;
    size_t n_tried = 0;
    for (;;) {
        struct iw_findings findings;
        iw_findings_init(&findings);
        fill(&findings, permutation);
        assert_int_equal(iw_findings_settle(&findings), IW_OK);
        iw_buffer_clear(&now);
        describe(&findings, &now);
        if (n_tried++ == 0)
            iw_buffer_add(&first, iw_buffer_str(&now));
        assert_int_equal(now.n, first.n);
        assert_memory_equal(now.p, first.p, first.n);
        iw_findings_done(&findings);
        while (i < 6 && counters[i] >= i)
            counters[i++] = 0;
        if (i == 6)
            break;
        unsigned other = i % 2 == 0 ? 0 : counters[i];
        unsigned kept = permutation[other];
        permutation[other] = permutation[i];
        permutation[i] = kept;
        counters[i]++;
        i = 0;
    }
    assert_int_equal(n_tried, 720);
    iw_buffer_done(&first);
    iw_buffer_done(&now);
}

static void equal_ids_are_numbered_by_content(void **state)
{
    static const unsigned BACKWARDS[6] = {5, 4, 3, 2, 1, 0};
    struct iw_findings findings;
    char base[19];
    (void)state;
    iw_findings_init(&findings);
    fill(&findings, BACKWARDS);
    assert_int_equal(iw_findings_settle(&findings), IW_OK);
    for (unsigned pass = 0; pass < 2; pass++) { /* settling again changes nothing */
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(findings.items[i]->evidence[0].offset, i);
        memcpy(base, findings.items[1]->id, 18);
        base[18] = '\0';
        assert_string_equal(findings.items[1]->id, base);
        assert_memory_equal(findings.items[2]->id, base, 18);
        assert_string_equal(findings.items[2]->id + 18, "-2");
        assert_string_equal(findings.items[3]->id + 18, "-3");
        assert_string_equal(findings.items[4]->id + 18, "-4");
        assert_string_equal(findings.items[0]->id + 18, "");
        assert_string_equal(findings.items[5]->id + 18, "");
        assert_int_equal(iw_findings_settle(&findings), IW_OK);
    }
    iw_findings_done(&findings);
}

static void merging_moves_texts(void **state)
{
    struct iw_findings all, part;
    (void)state;
    iw_findings_init(&all);
    for (unsigned i = 0; i < 20; i++) {
        struct iw_finding *finding;
        iw_findings_init(&part);
        finding = add(&part, (int64_t)(20 - i), "H", "t");
        finding->detail = iw_arena_copy(&part.arena, IW_STR("kept"));
        assert_int_equal(iw_findings_merge(&all, &part), IW_OK);
        assert_int_equal(part.n, 0);
        /* The emptied collection works on. */
        finding = add(&part, 1000, "H", "t");
        finding->detail = iw_arena_copy(&part.arena, IW_STR("late"));
        assert_int_equal(iw_findings_merge(&all, &part), IW_OK);
        iw_findings_done(&part);
        assert_non_null(iw_arena_copy(&all.arena, IW_STR("must not overwrite")).p);
    }
    assert_int_equal(all.n, 40);
    assert_int_equal(iw_findings_settle(&all), IW_OK);
    for (size_t i = 0; i < 40; i++)
        assert_true(iw_str_equal(all.items[i]->detail, i < 20 ? IW_STR("kept") : IW_STR("late")));
    iw_findings_init(&part);
    assert_int_equal(iw_findings_merge(&all, &part), IW_OK); /* nothing into something */
    assert_int_equal(iw_findings_merge(&part, &all), IW_OK); /* something into nothing */
    assert_int_equal(part.n, 40);
    assert_int_equal(all.n, 0);
    iw_findings_done(&part);
    iw_findings_done(&all);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        struct iw_findings all, part;
        iw_findings_init(&all);
        iw_findings_init(&part);
        iw_alloc_fail_at(n);
        done = iw_findings_add(&part) != NULL && iw_findings_merge(&all, &part) == IW_OK &&
               iw_findings_settle(&all) == IW_OK;
        iw_alloc_fail_at(0);
        assert_true(done || n < 10);
        assert_true(!done || n > 4); /* list, arena, list, scratch: each was refused once */
        assert_true(all.n + part.n <= 1);
        iw_findings_done(&part);
        iw_findings_done(&all);
    }
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(id_is_the_documented_hash),
        cmocka_unit_test(identity_without_a_rule_id),
        cmocka_unit_test(order_does_not_depend_on_insertion),
        cmocka_unit_test(equal_ids_are_numbered_by_content),
        cmocka_unit_test(merging_moves_texts),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
