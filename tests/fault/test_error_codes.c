/*
 * Every error code is produced by some function, and says so in words where it has an iw_error. The
 * table must name every code: a new one without a row fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "engine/where.h"
#include "evidence/evidence.h"
#include "base/yaml_node.h"

static enum iw_rc read_yaml(const char *text, struct iw_error *err)
{
    struct iw_arena arena;
    struct iw_yaml_stream *stream;
    const struct iw_yaml_node *root;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    stream = iw_yaml_stream_new(iw_str_of(text), &arena);
    assert_non_null(stream);
    rc = iw_yaml_stream_next(stream, &root, err);
    iw_yaml_stream_free(stream);
    iw_arena_done(&arena);
    return rc;
}

static enum iw_rc make_ok(struct iw_error *err)
{
    return read_yaml("a: b\n", err);
}

static enum iw_rc make_end(struct iw_error *err)
{
    return read_yaml("", err);
}

static enum iw_rc make_eformat(struct iw_error *err)
{
    return read_yaml("a: [b\n", err);
}

static enum iw_rc make_erule(struct iw_error *err)
{
    return read_yaml("a: b\na: c\n", err);
}

static enum iw_rc make_elimit(struct iw_error *err)
{
    char text[IW_LIMIT_YAML_DEPTH * 2 + 16];
    memset(text, '[', IW_LIMIT_YAML_DEPTH + 1);
    memset(text + IW_LIMIT_YAML_DEPTH + 1, ']', IW_LIMIT_YAML_DEPTH + 1);
    text[2 * (IW_LIMIT_YAML_DEPTH + 1)] = '\0';
    return read_yaml(text, err);
}

static enum iw_rc read_where(const char *term, struct iw_error *err)
{
    struct iw_names names;
    struct iw_where where;
    enum iw_rc rc;
    assert_int_equal(iw_names_init(&names), IW_OK);
    rc = iw_where_init(&where, &term, 1, &names, err);
    iw_where_done(&where);
    iw_names_done(&names);
    return rc;
}

static enum iw_rc make_eusage(struct iw_error *err)
{
    return read_where("Channel", err);
}

static enum iw_rc make_enomem(struct iw_error *err)
{
    struct iw_names names;
    const char *term = "Channel=x";
    struct iw_where where;
    enum iw_rc rc;
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_alloc_fail_at(1);
    rc = iw_where_init(&where, &term, 1, &names, err);
    iw_alloc_fail_at(0);
    iw_where_done(&where);
    iw_names_done(&names);
#ifndef IW_FAULT_INJECTION
    rc = iw_error_set(err, IW_ENOMEM, "not tried: built without fault points");
#endif
    return rc;
}

static enum iw_rc make_eio(struct iw_error *err)
{
    const struct iw_evidence_file file = {.kind = IW_EVIDENCE_EVTX, .stdin_fd = -1};
    struct iw_ledger ledger;
    enum iw_rc rc;
    int fd = -1;
    iw_ledger_init(&ledger);
    assert_int_equal(iw_ledger_add(&ledger, &(struct iw_source){.path = IW_STR("/nonexistent/x")}),
                     0);
    rc = iw_evidence_open(&file, &ledger, &fd, err);
    iw_ledger_done(&ledger);
    return rc;
}

static enum iw_rc make_ecancelled(struct iw_error *err)
{
    static const _Atomic bool cancelled = true;
    const char *const paths[] = {"/"};
    const struct iw_evidence_options options = {
        .paths = paths, .n_paths = 1, .cancelled = &cancelled};
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    enum iw_rc rc;
    iw_ledger_init(&ledger);
    rc = iw_evidence_walk(&options, NULL, &ledger, &evidence, err);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
    return rc;
}

static void test_every_code(void **state)
{
    static enum iw_rc (*const MAKERS[IW_RC_COUNT])(struct iw_error * err) = {
        [IW_OK] = make_ok,       [IW_END] = make_end,         [IW_ENOMEM] = make_enomem,
        [IW_EIO] = make_eio,     [IW_EFORMAT] = make_eformat, [IW_ELIMIT] = make_elimit,
        [IW_ERULE] = make_erule, [IW_EUSAGE] = make_eusage,   [IW_ECANCELLED] = make_ecancelled,
    };
    (void)state;
    for (unsigned rc = 0; rc < IW_RC_COUNT; rc++) {
        struct iw_error err = {.rc = IW_OK};
        if (MAKERS[rc] == NULL)
            fail_msg("nothing here produces %s", iw_rc_name((enum iw_rc)rc));
        assert_int_equal(MAKERS[rc](&err), rc);
        if (rc != IW_OK && rc != IW_END) {
            assert_int_equal(err.rc, rc);
            assert_true(strlen(err.message) > 3);
            assert_null(strchr(err.message, '\n'));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
