/*
 * The small readers of text: times, `--where`, wildcards, a worker's pool, host names, escapes for
 * terminals. The first byte says which; a zero byte parts two texts.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/timestamp.h"
#include "base/utf.h"
#include "context/worker_process.h"
#include "engine/where.h"
#include "event/host.h"

static void try_time(struct iw_str text)
{
    char shown[IW_TIME_TEXT_BYTES];
    int64_t time_ns, again;
    if (!iw_time_parse(text, &time_ns))
        return;
    FUZZ_REQUIRE(iw_time_known(time_ns));
    iw_time_format(time_ns, shown);
    FUZZ_REQUIRE(iw_time_parse((struct iw_str){shown, sizeof shown}, &again));
    FUZZ_REQUIRE(llabs(again - time_ns) < 100);
}

/* What the wildcard means, by the definition: dynamic programming over both texts. */
static bool matches_by_definition(struct iw_str pattern, struct iw_str text)
{
    bool row[257] = {true};
    if (text.n > 256)
        return false;
    for (size_t i = 0; i < pattern.n; i++) {
        bool diagonal = row[0];
        bool is_star = pattern.p[i] == '*';
        row[0] = row[0] && is_star;
        for (size_t k = 1; k <= text.n; k++) {
            bool here = row[k];
            row[k] =
                is_star ? row[k - 1] || here
                        : diagonal && iw_ascii_lower(pattern.p[i]) == iw_ascii_lower(text.p[k - 1]);
            diagonal = here;
        }
    }
    return row[text.n];
}

static void try_where(struct iw_str pattern, struct iw_str text)
{
    struct iw_names names;
    struct iw_where where;
    char *term = calloc(1, pattern.n + 1);
    const char *const terms[] = {term};
    FUZZ_REQUIRE(term != NULL);
    if (pattern.n != 0)
        memcpy(term, pattern.p, pattern.n);
    FUZZ_REQUIRE(iw_names_init(&names) == IW_OK);
    (void)iw_where_init(&where, terms, 1, &names, NULL);
    iw_where_done(&where);
    iw_names_done(&names);
    free(term);
    if (text.n <= 256 && pattern.n <= 4096)
        FUZZ_REQUIRE(iw_text_matches(pattern, text) == matches_by_definition(pattern, text));
    else
        (void)iw_text_matches(pattern, text);
}

static void try_worker(struct iw_str text)
{
    struct iw_str pool = iw_worker_pool(text);
    (void)iw_is_worker_image(text);
    FUZZ_REQUIRE(pool.n == 0 || (pool.p >= text.p && pool.n <= text.n &&
                                 (size_t)(pool.p - text.p) <= text.n - pool.n));
}

static void try_hosts(struct iw_str one, struct iw_str other)
{
    struct iw_hosts hosts;
    iw_hosts_init(&hosts);
    FUZZ_REQUIRE(iw_hosts_add(&hosts, one) == IW_OK && iw_hosts_add(&hosts, other) == IW_OK);
    FUZZ_REQUIRE(iw_hosts_settle(&hosts) == IW_OK);
    (void)iw_hosts_find(&hosts, one);
    FUZZ_REQUIRE(iw_host_label(one).n <= one.n);
    iw_hosts_done(&hosts);
}

static void try_escapes(struct iw_str text)
{
    struct iw_buffer out;
    struct iw_json json;
    iw_buffer_init(&out);
    iw_json_init(&json, &out);
    iw_json_text(&json, text);
    fuzz_require_json(iw_buffer_str(&out));
    for (size_t at = 0; at < out.n;)
        FUZZ_REQUIRE(!iw_code_point_is_unsafe(iw_utf8_next(iw_buffer_str(&out), &at)));
    iw_buffer_clear(&out);
    iw_printable_add(&out, text);
    FUZZ_REQUIRE(iw_utf8_valid(iw_buffer_str(&out)));
    for (size_t at = 0; at < out.n;) {
        uint32_t c = iw_utf8_next(iw_buffer_str(&out), &at);
        FUZZ_REQUIRE(!iw_code_point_is_unsafe(c) && c != '\t' && c != '\n');
    }
    iw_buffer_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    unsigned which = fuzz_take_u8(&input);
    struct iw_str one = {(const char *)input.p, input.n}, other = {"", 0};
    const char *zero = input.n != 0 ? memchr(input.p, 0, input.n) : NULL;
    if (input.n == 0)
        one.p = "";
    if (zero != NULL) {
        one.n = (size_t)(zero - one.p);
        other = (struct iw_str){zero + 1, input.n - one.n - 1};
    }
    switch (which & 7U) {
    case 0:
        try_time(one);
        break;
    case 1:
        try_where(one, other);
        break;
    case 2:
        try_worker(one);
        break;
    case 3:
        try_hosts(one, other);
        break;
    default:
        try_escapes((struct iw_str){(const char *)input.p, input.n});
        break;
    }
    return 0;
}
