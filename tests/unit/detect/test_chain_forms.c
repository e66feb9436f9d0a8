/*
 * Forms of one event are one; what only looks like a copy is an event of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "detect/chain/chain_forms.h"

#define MOST_SEEN 4U

struct seen {
    size_t n;
    struct iw_fact facts[MOST_SEEN];
};

static enum iw_rc see(void *context, const struct iw_fact *fact, struct iw_error *err)
{
    struct seen *seen = context;
    (void)err;
    assert_true(seen->n < MOST_SEEN);
    seen->facts[seen->n++] = *fact;
    return IW_OK;
}

/* A start of a process; *record*: each byte of the digest; 0: it is not told. */
static struct iw_str write(struct iw_buffer *bytes, enum iw_chain_fact_kind kind,
                           const char *command_line, const char *rules, uint8_t record)
{
    struct iw_chain_fact fact = {.kind = kind,
                                 .process = {.has_pid = true, .pid = 7},
                                 .command_line = iw_str_of(command_line),
                                 .rules = iw_str_of(rules),
                                 .has_record = record != 0};
    memset(fact.record, record, sizeof fact.record);
    iw_buffer_init(bytes);
    iw_chain_fact_write(&fact, bytes);
    assert_false(bytes->failed);
    return iw_buffer_str(bytes);
}

static void what_a_fact_says(void **state)
{
    struct iw_buffer bytes[3];
    struct iw_chain_fact back;
    struct iw_str plain = write(&bytes[0], IW_CHAIN_FACT_PROCESS, "cmd", "", 0);
    struct iw_str named = write(&bytes[1], IW_CHAIN_FACT_PROCESS, "cmd", "A rule", 5);
    struct iw_str other = write(&bytes[2], IW_CHAIN_FACT_PROCESS, "cme", "", 0);
    (void)state;
    assert_true(iw_str_equal(iw_chain_fact_said(plain), iw_chain_fact_said(named)));
    assert_false(iw_str_equal(iw_chain_fact_said(plain), iw_chain_fact_said(other)));
    assert_int_equal(iw_chain_fact_kind_of(named), IW_CHAIN_FACT_PROCESS);
    assert_int_equal(iw_chain_fact_kind_of(IW_STR("")), 0);
    assert_int_equal(iw_chain_fact_record(plain).n, 0);
    assert_int_equal(iw_chain_fact_record(named).n, IW_FACT_CONTENT_BYTES);
    assert_true(iw_chain_fact_parse(named, &back));
    assert_true(back.has_record);
    assert_int_equal(back.record[IW_FACT_CONTENT_BYTES - 1], 5);
    assert_true(iw_str_equal(back.rules, IW_STR("A rule")));
    assert_true(iw_chain_fact_parse(plain, &back));
    assert_false(back.has_record);
    for (size_t n = 0; n < named.n; n++)
        assert_false(iw_chain_fact_parse((struct iw_str){named.p, n}, &back));
    for (size_t i = 0; i < 3; i++)
        iw_buffer_done(&bytes[i]);
}

/* Rules matched one form of the record only: the match is about this event all the same. */
static void forms_of_one_event(void **state)
{
    struct iw_buffer bytes[2];
    const struct iw_fact_place place = {1, 2, 0};
    struct iw_str variant = write(&bytes[1], IW_CHAIN_FACT_PROCESS, "cmd", "A rule", 5);
    struct iw_fact fact = {.payload = write(&bytes[0], IW_CHAIN_FACT_PROCESS, "cmd", "", 0),
                           .copies = &place,
                           .n_copies = 1,
                           .variants = &variant,
                           .n_variants = 1};
    struct seen seen = {.n = 0};
    (void)state;
    assert_int_equal(iw_chain_forms_see(&fact, see, &seen, NULL), IW_OK);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.facts[0].n_copies, 1);
    assert_int_equal(seen.facts[0].content[0], 5);
    assert_true(iw_str_equal(seen.facts[0].payload, fact.payload));
    iw_buffer_done(&bytes[0]);
    iw_buffer_done(&bytes[1]);
}

/* One hash, other words. */
static void what_looks_like_a_copy(void **state)
{
    struct iw_buffer bytes[4];
    struct iw_str variants[] = {write(&bytes[1], IW_CHAIN_FACT_PROCESS, "cme", "", 0),
                                write(&bytes[2], IW_CHAIN_FACT_PROCESS, "cmd", "", 0),
                                write(&bytes[3], IW_CHAIN_FACT_PROCESS, "cme", "A rule", 9)};
    const struct iw_fact_place place = {1, 2, 0};
    struct iw_fact fact = {.payload = write(&bytes[0], IW_CHAIN_FACT_PROCESS, "cmd", "B", 5),
                           .copies = &place,
                           .n_copies = 1,
                           .n_copies_hidden = 3,
                           .variants = variants,
                           .n_variants = 3};
    struct seen seen = {.n = 0};
    (void)state;
    assert_int_equal(iw_chain_forms_see(&fact, see, &seen, NULL), IW_OK);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.facts[0].content[0], 5);
    assert_true(iw_str_equal(seen.facts[1].payload, variants[0]));
    assert_int_equal(seen.facts[1].content[0], 9);
    assert_int_equal(seen.facts[1].n_copies + seen.facts[1].n_copies_hidden, 0);
    assert_int_equal(seen.facts[1].n_variants, 0);
    for (size_t i = 0; i < 4; i++)
        iw_buffer_done(&bytes[i]);
}

static void who_says_all(void **state)
{
    (void)state;
    assert_true(iw_chain_fact_says_all(IW_CHAIN_FACT_FILE));
    assert_true(iw_chain_fact_says_all(IW_CHAIN_FACT_LOAD));
    assert_false(iw_chain_fact_says_all(IW_CHAIN_FACT_CHANGE)); /* who did it stands in System */
    assert_true(iw_chain_fact_says_all(IW_CHAIN_FACT_DEPLOYMENT));
}

/* Known by what the record says: other forms of it are no events of their own. */
static void other_facts_stay_as_they_are(void **state)
{
    struct iw_buffer bytes[2];
    struct iw_str variant = write(&bytes[1], IW_CHAIN_FACT_CHANGE, "y", "", 0);
    struct iw_fact fact = {.payload = write(&bytes[0], IW_CHAIN_FACT_CHANGE, "x", "", 0),
                           .content = {3},
                           .variants = &variant,
                           .n_variants = 1};
    struct seen seen = {.n = 0};
    (void)state;
    assert_int_equal(iw_chain_forms_see(&fact, see, &seen, NULL), IW_OK);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.facts[0].n_variants, 1);
    assert_int_equal(seen.facts[0].content[0], 3);
    iw_buffer_done(&bytes[0]);
    iw_buffer_done(&bytes[1]);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(what_a_fact_says),
        cmocka_unit_test(forms_of_one_event),
        cmocka_unit_test(what_looks_like_a_copy),
        cmocka_unit_test(who_says_all),
        cmocka_unit_test(other_facts_stay_as_they_are),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
