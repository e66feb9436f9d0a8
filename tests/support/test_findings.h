/**
 * All findings of a run in memory, to look at. Header only.
 */
#ifndef IW_TESTS_SUPPORT_TEST_FINDINGS_H
#define IW_TESTS_SUPPORT_TEST_FINDINGS_H

#include "result/finding_record.h"
#include "result/findings.h"

#define TEST_FINDINGS_MOST 256

struct test_findings {
    struct iw_finding items[TEST_FINDINGS_MOST];
    size_t n;
    struct iw_arena arena;
};

/** Copies settled findings, as they are read. False when that fails or there are too many. */
static inline bool test_findings_read(const struct iw_findings *findings, struct test_findings *ret)
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    enum iw_rc rc = iw_finding_cursor_init(&cursor, findings, NULL);
    iw_arena_init(&ret->arena, 0);
    ret->n = 0;
    while (rc == IW_OK && ret->n < TEST_FINDINGS_MOST &&
           (rc = iw_finding_cursor_next(&cursor, &finding, NULL)) == IW_OK) {
        struct iw_buffer record;
        iw_buffer_init(&record);
        iw_finding_record_write(finding, &record);
        rc = iw_finding_record_read(iw_arena_copy(&ret->arena, iw_buffer_str(&record)), &ret->arena,
                                    &ret->items[ret->n++], NULL);
        iw_buffer_done(&record);
    }
    iw_finding_cursor_done(&cursor);
    return rc == IW_END && ret->n == findings->n;
}

static inline void test_findings_done(struct test_findings *findings)
{
    iw_arena_done(&findings->arena);
}

#endif
