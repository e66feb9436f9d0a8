/*
 * Logons by id: what each event adds, ids used again, both tokens of one logon, what is known of a
 * logon whose start lies before the log, and the limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "context/logons.h"
#include "tests/unit/context/context_rig.h"

#define S IW_NS_PER_SECOND
#define ANA IW_STR("CORP\\ana")
#define BOB IW_STR("CORP\\bob")

static enum iw_rc begin(struct iw_logons *logons, int64_t time_ns, struct iw_logon_begin logon)
{
    const struct iw_context_fact fact = {.kind = IW_CONTEXT_LOGON, .u.logon = logon};
    return iw_logons_tell(logons, time_ns, &fact);
}

static void end(struct iw_logons *logons, int64_t time_ns, uint64_t id)
{
    const struct iw_context_fact fact = {.kind = IW_CONTEXT_LOGOFF, .u.logoff = {id}};
    assert_int_equal(iw_logons_tell(logons, time_ns, &fact), IW_OK);
}

static void privileges(struct iw_logons *logons, int64_t time_ns, uint64_t id, struct iw_str user)
{
    const struct iw_context_fact fact = {.kind = IW_CONTEXT_PRIVILEGES,
                                         .u.privileges = {id, user, IW_STR("")}};
    assert_int_equal(iw_logons_tell(logons, time_ns, &fact), IW_OK);
}

static void use(struct iw_logons *logons, int64_t time_ns, uint64_t id, struct iw_str account)
{
    const struct iw_context_fact fact = {
        .kind = IW_CONTEXT_CREDENTIALS,
        .u.credentials = {.logon_id = id, .account = account, .server = IW_STR("SQL01")}};
    assert_int_equal(iw_logons_tell(logons, time_ns, &fact), IW_OK);
}

static void boot(struct iw_logons *logons, int64_t time_ns, bool is_exact)
{
    const struct iw_context_fact fact = {.kind = IW_CONTEXT_BOOT, .u.boot = {is_exact}};
    assert_int_equal(iw_logons_tell(logons, time_ns, &fact), IW_OK);
}

static void both_tokens(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    const struct iw_logon *full, *limited;
    (void)state;
    assert_int_equal(begin(logons, 10 * S,
                           (struct iw_logon_begin){.logon_id = 0x500,
                                                   .linked_id = 0x4f0,
                                                   .type = 10,
                                                   .elevated = IW_SAID_YES,
                                                   .user = ANA,
                                                   .address = IW_STR("10.0.0.5")}),
                     IW_OK);
    assert_int_equal(begin(logons, 10 * S,
                           (struct iw_logon_begin){.logon_id = 0x4f0,
                                                   .linked_id = 0x500,
                                                   .type = 10,
                                                   .elevated = IW_SAID_NO,
                                                   .user = ANA}),
                     IW_OK);
    privileges(logons, 10 * S, 0x500, ANA);
    full = iw_logons_find(logons, 0x500);
    limited = iw_logons_find(logons, 0x4f0);
    assert_int_equal(full->elevated, IW_SAID_YES);
    assert_int_equal(limited->elevated, IW_SAID_NO);
    assert_ptr_equal(iw_logons_linked(logons, full), limited);
    assert_ptr_equal(iw_logons_linked(logons, limited), full);
    text_is(iw_logons_address(logons, limited), "10.0.0.5");
    assert_int_equal(iw_logons_account(logons).n_logons, 2);
    iw_logons_free(logons);
}

/* Logged off, it is still what its processes run under; an id that is used again is another. */
/* Who came over the network last, from another machine, in a span. */
static void over_the_network(void **state)
{
    static const struct {
        uint32_t type;
        const char *address;
    } NONE[] = {{2, "10.0.0.9"}, {10, "10.0.0.9"}, {3, ""}, {3, "-"}, {3, "127.0.0.1"}, {3, "::1"}};
    struct iw_logons *logons = iw_logons_new();
    (void)state;
    assert_null(iw_logons_over_network(logons, 100 * S, 50 * S));
    for (uint64_t i = 0; i < 2; i++)
        assert_int_equal(begin(logons, (int64_t)(10 + i * 10) * S,
                               (struct iw_logon_begin){.logon_id = 0x500 + i,
                                                       .type = 3,
                                                       .user = i == 0 ? ANA : BOB,
                                                       .address = IW_STR("10.0.0.5")}),
                         IW_OK);
    for (uint64_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_int_equal(begin(logons, 30 * S,
                               (struct iw_logon_begin){.logon_id = 0x600 + i,
                                                       .type = NONE[i].type,
                                                       .user = ANA,
                                                       .address = iw_str_of(NONE[i].address)}),
                         IW_OK);
    text_is(iw_logons_over_network(logons, 40 * S, 20 * S)->user, "CORP\\bob");
    assert_null(iw_logons_over_network(logons, 40 * S + 1, 20 * S));
    /* One that begins later is not before that moment. */
    text_is(iw_logons_over_network(logons, 20 * S - 1, 20 * S)->user, "CORP\\ana");
    /* It may have logged off: a file is written late. */
    end(logons, 35 * S, 0x501);
    text_is(iw_logons_over_network(logons, 40 * S, 20 * S)->user, "CORP\\bob");
    iw_logons_free(logons);
}

/* Of many that are no such logon only the latest are looked at. */
static void many_before_it(void **state)
{
    (void)state;
    for (uint64_t more = 0; more < 2; more++) {
        struct iw_logons *logons = iw_logons_new();
        assert_int_equal(
            begin(logons, 10 * S,
                  (struct iw_logon_begin){
                      .logon_id = 0x500, .type = 3, .user = BOB, .address = IW_STR("10.0.0.5")}),
            IW_OK);
        for (uint64_t i = 0; i + 1 < IW_LIMIT_LOGONS_NEAR + more; i++)
            assert_int_equal(
                begin(logons, 11 * S, (struct iw_logon_begin){.logon_id = 0x1000 + i, .type = 5}),
                IW_OK);
        assert_int_equal(iw_logons_over_network(logons, 12 * S, 10 * S) != NULL, more == 0);
        iw_logons_free(logons);
    }
}

static void ends_and_reuse(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    struct iw_logon_begin ana = {.logon_id = 0x500, .type = 3, .user = ANA};
    struct iw_logon_begin bob = {.logon_id = 0x500, .type = 2, .user = BOB};
    (void)state;
    assert_int_equal(begin(logons, 10 * S, ana), IW_OK);
    end(logons, 20 * S, 0x500);
    assert_true(iw_logons_find(logons, 0x500)->end_ns == 20 * S);
    text_is(iw_logons_find(logons, 0x500)->user, "CORP\\ana");
    assert_int_equal(begin(logons, 30 * S, bob), IW_OK);
    text_is(iw_logons_find(logons, 0x500)->user, "CORP\\bob");
    assert_int_equal(iw_logons_find(logons, 0x500)->type, 2);
    assert_false(iw_time_known(iw_logons_find(logons, 0x500)->end_ns));
    assert_int_equal(iw_logons_account(logons).n_reused, 0);
    assert_int_equal(begin(logons, 90 * S, ana), IW_OK); /* nothing says that bob's ended */
    text_is(iw_logons_find(logons, 0x500)->user, "CORP\\ana");
    assert_int_equal(iw_logons_account(logons).n_reused, 1);
    assert_int_equal(begin(logons, 91 * S, ana), IW_OK); /* the same, told twice */
    assert_int_equal(iw_logons_account(logons).n_logons, 3);
    iw_logons_free(logons);
}

static void boots(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    struct iw_logon_begin ana = {.logon_id = 0x500, .type = 3, .user = ANA};
    struct iw_logon_begin bob = {.logon_id = 0x600, .type = 5, .user = BOB};
    (void)state;
    assert_int_equal(begin(logons, 10 * S, ana), IW_OK);
    assert_int_equal(begin(logons, 990 * S, bob), IW_OK);
    boot(logons, 1000 * S, false); /* services of this start logged on just before it was told */
    assert_null(iw_logons_find(logons, 0x500));
    assert_non_null(iw_logons_find(logons, 0x600));
    boot(logons, 2000 * S, true);
    assert_null(iw_logons_find(logons, 0x600));
    text_is(iw_logons_find(logons, 0x3e7)->user, "NT AUTHORITY\\SYSTEM");
    assert_false(iw_logons_find(logons, 0x3e7)->is_seen);
    assert_true(iw_logons_find(logons, 0x3e7)->is_of_windows);
    text_is(iw_logons_find(logons, 0x3e4)->sid, "S-1-5-20");
    iw_logons_free(logons);
}

/* Whatever is told, the work is in proportion to it: ids that differ in high bits only, the oldest
 * forgotten again and again; boots while everybody's logon is of the same moment. */
static void work_is_linear(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    (void)state;
    for (uint64_t i = 1; i <= 2 * IW_LIMIT_LOGONS; i++)
        assert_int_equal(
            begin(logons, 10 * S, (struct iw_logon_begin){.logon_id = i << 40, .type = 3}), IW_OK);
    assert_int_equal(iw_logons_account(logons).n_forgotten, IW_LIMIT_LOGONS);
    assert_in_range(iw_logons_account(logons).n_steps, 0, 64 * IW_LIMIT_LOGONS);
    for (uint64_t i = 1; i <= IW_LIMIT_LOGONS; i++)
        boot(logons, 10 * S, false);
    assert_int_equal(iw_logons_account(logons).n_kept, IW_LIMIT_LOGONS);
    assert_in_range(iw_logons_account(logons).n_steps, 0, 64 * IW_LIMIT_LOGONS);
    boot(logons, 11 * S, true);
    assert_int_equal(iw_logons_account(logons).n_kept, 0);
    iw_logons_free(logons);
}

/* What later events say of a logon that began before the log; nothing is made up beside it. */
static void before_the_log(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    const struct iw_logon *logon;
    (void)state;
    privileges(logons, 5 * S, 0x700, ANA);
    logon = iw_logons_find(logons, 0x700);
    assert_false(logon->is_seen);
    assert_int_equal(logon->type, 0);
    assert_int_equal(logon->elevated, IW_SAID_YES);
    text_is(logon->user, "CORP\\ana");
    for (int64_t i = 0; i < 10; i++)
        use(logons, (10 + i) * S, 0x700, i % 2 == 0 ? BOB : IW_STR("CORP\\svc"));
    logon = iw_logons_find(logons, 0x700);
    assert_int_equal(logon->n_credentials, IW_LIMIT_LOGON_CREDENTIALS);
    assert_int_equal(logon->n_credentials_hidden, 2);
    assert_true(logon->credentials[0].time_ns == 12 * S);
    text_is(logon->credentials[7].account, "CORP\\svc");
    privileges(logons, 50 * S, 0x700, BOB); /* another logon by now */
    assert_int_equal(iw_logons_find(logons, 0x700)->n_credentials, 0);
    assert_int_equal(iw_logons_account(logons).n_inferred, 2);
    iw_logons_free(logons);
}

/* At the limit all are there; one past it the one that ended first is not. */
static void limit(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    struct iw_logon_begin logon = {.type = 3, .user = ANA};
    (void)state;
    for (uint64_t i = 0; i < IW_LIMIT_LOGONS; i++) {
        logon.logon_id = 0x10000 + i;
        assert_int_equal(begin(logons, S, logon), IW_OK);
    }
    end(logons, 2 * S, 0x10005);
    assert_int_equal(iw_logons_account(logons).n_forgotten, 0);
    assert_non_null(iw_logons_find(logons, 0x10000));
    logon.logon_id = 1;
    assert_int_equal(begin(logons, 3 * S, logon), IW_OK);
    assert_int_equal(iw_logons_account(logons).n_forgotten, 1);
    assert_null(iw_logons_find(logons, 0x10005));
    logon.logon_id = 2;
    assert_int_equal(begin(logons, 3 * S, logon), IW_OK);
    assert_null(iw_logons_find(logons, 0x10000));
    assert_int_equal(iw_logons_account(logons).n_kept, IW_LIMIT_LOGONS);
    iw_logons_clear(logons);
    assert_null(iw_logons_find(logons, 1));
    iw_logons_free(logons);
}

static void no_memory(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 12; n++) {
        struct iw_logons *logons = iw_logons_new();
        enum iw_rc rc;
        iw_alloc_fail_at(n);
        rc = begin(logons, S,
                   (struct iw_logon_begin){.logon_id = 9,
                                           .user = ANA,
                                           .sid = IW_STR("S-1-5-21-1"),
                                           .address = IW_STR("10.0.0.1")});
        iw_alloc_fail_at(0);
        assert_int_equal(rc, n <= 4 ? IW_ENOMEM : IW_OK);
        iw_logons_free(logons);
    }
}

static void tell_at(struct iw_logons *logons, int64_t time_ns, uint64_t record_id,
                    struct iw_str user)
{
    const struct iw_context_fact fact = {
        .kind = IW_CONTEXT_LOGON,
        .place = {.event_id = 4624, .record_id = record_id, .time_ns = time_ns},
        .u.logon = {.logon_id = 0x500, .type = 3, .user = user}};
    assert_int_equal(iw_logons_tell(logons, time_ns, &fact), IW_OK);
}

/* The event of its start: the first of a doubled one, that of the present owner of an id, none
 * where only later events tell of it. */
static void where_the_start_was_read(void **state)
{
    struct iw_logons *logons = iw_logons_new();
    const struct iw_logon *logon;
    (void)state;
    privileges(logons, 5 * S, 0x500, ANA);
    assert_int_equal(iw_logons_find(logons, 0x500)->place.event_id, 0);
    tell_at(logons, 10 * S, 71, ANA);
    tell_at(logons, 11 * S, 72, ANA); /* told again */
    logon = iw_logons_find(logons, 0x500);
    assert_int_equal(logon->place.event_id, 4624);
    assert_int_equal(logon->place.record_id, 71);
    assert_int_equal(logon->place.time_ns, 10 * S);
    assert_true(iw_str_equal(iw_event_place_channel(&logon->place), IW_STR("Security")));
    end(logons, 20 * S, 0x500);
    tell_at(logons, 30 * S, 90, BOB);
    assert_int_equal(iw_logons_find(logons, 0x500)->place.record_id, 90);
    privileges(logons, 40 * S, 0x500, ANA); /* somebody else's by now, whose start nobody saw */
    assert_int_equal(iw_logons_find(logons, 0x500)->place.event_id, 0);
    assert_int_equal(iw_logons_find(logons, 0x3e7)->place.event_id, 0);
    iw_logons_free(logons);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_tokens),      cmocka_unit_test(where_the_start_was_read),
        cmocka_unit_test(over_the_network), cmocka_unit_test(many_before_it),
        cmocka_unit_test(ends_and_reuse),   cmocka_unit_test(boots),
        cmocka_unit_test(before_the_log),   cmocka_unit_test(limit),
        cmocka_unit_test(work_is_linear),   cmocka_unit_test(no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
