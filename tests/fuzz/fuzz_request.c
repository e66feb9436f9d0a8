/*
 * URLs of request logs and rows of requests: any bytes are a URL, whose key is well formed, its own
 * key, and not missed by the quick look; whatever bytes come back from the temporary file, they are
 * a row that is written back as it was read, or none.
 */
#include "tests/fuzz/fuzz_support.h"

#include "context/request_row.h"
#include "context/url_key.h"

static struct iw_url_key key_of(const struct iw_url_endings *endings, struct iw_str url,
                                struct iw_arena *arena)
{
    struct iw_url_key key;
    FUZZ_REQUIRE(iw_url_key(endings, url, arena, &key) == IW_OK);
    FUZZ_REQUIRE(key.text.n != 0 && key.text.p[0] == '/');
    FUZZ_REQUIRE(!key.runs || iw_url_may_run(url));
    return key;
}

static void try_url(struct iw_str url, struct iw_arena *arena)
{
    struct iw_url_endings endings;
    struct iw_url_key key;
    FUZZ_REQUIRE(iw_url_endings_init(&endings) == IW_OK);
    key = key_of(&endings, url, arena);
    FUZZ_REQUIRE(iw_url_short_name(url, arena).p != NULL);
    if (memchr(key.text.p, '%', key.text.n) == NULL) {
        struct iw_url_key again = key_of(&endings, key.text, arena);
        FUZZ_REQUIRE(iw_str_equal(key.text, again.text) && key.runs == again.runs);
    }
    iw_url_endings_done(&endings);
}

static void try_row(struct iw_str bytes, struct iw_arena *arena)
{
    struct iw_unpacking in = {bytes, false};
    struct iw_request_row row, again, whole = {0};
    struct iw_buffer first, second;
    if (iw_request_row_unpack(&in, arena, &row) != IW_OK)
        return;
    iw_buffer_init(&first);
    iw_buffer_init(&second);
    iw_request_row_pack(&row, &first);
    in = (struct iw_unpacking){iw_buffer_str(&first), false};
    FUZZ_REQUIRE(iw_request_row_unpack(&in, arena, &again) == IW_OK && iw_unpack_is_whole(&in));
    iw_request_row_pack(&again, &second);
    FUZZ_REQUIRE(iw_str_equal(iw_buffer_str(&first), iw_buffer_str(&second)));
    FUZZ_REQUIRE(iw_request_row_unite(&whole, &row, arena) == IW_OK);
    FUZZ_REQUIRE(iw_request_row_unite(&whole, &again, arena) == IW_OK);
    FUZZ_REQUIRE(whole.n_moments <= IW_LIMIT_HOUR_MOMENTS);
    FUZZ_REQUIRE(whole.addresses.n <= IW_LIMIT_URL_VALUES + 1);
    iw_buffer_done(&first);
    iw_buffer_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_str bytes = {(const char *)data, size};
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    try_url(bytes, &arena);
    try_row(bytes, &arena);
    iw_arena_done(&arena);
    return 0;
}
