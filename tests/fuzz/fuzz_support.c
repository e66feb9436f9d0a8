/*
 * Support of the fuzz targets (see the header). The JSON check is written here, apart from the
 * writer it judges: RFC 8259 grammar, nothing of it left out but the range of numbers.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf.h"
#include "event/flatten.h"

_Noreturn void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

const struct iw_names *fuzz_names(void)
{
    static struct iw_names names;
    static bool is_made;
    if (!is_made && iw_names_init(&names) != IW_OK)
        abort();
    is_made = true;
    return &names;
}

const struct iw_route *fuzz_route(void)
{
    static struct iw_route route;
    static bool is_made;
    if (!is_made) {
        iw_route_init(&route);
        iw_route_want_all(&route);
    }
    is_made = true;
    return &route;
}

struct iw_batch *fuzz_batch(void)
{
    static struct iw_batch batch;
    static bool is_made;
    if (!is_made && iw_batch_init(&batch) != IW_OK)
        abort();
    is_made = true;
    return &batch;
}

/* --- JSON
 * ---------------------------------------------------------------------------------------------------------
 */

static bool take(struct iw_str text, size_t *at, char c)
{
    if (*at >= text.n || text.p[*at] != c)
        return false;
    (*at)++;
    return true;
}

static bool take_string(struct iw_str text, size_t *at)
{
    if (!take(text, at, '"'))
        return false;
    while (*at < text.n) {
        unsigned char c = (unsigned char)text.p[(*at)++];
        if (c == '"')
            return true;
        if (c < 0x20)
            return false;
        if (c != '\\')
            continue;
        if (*at >= text.n)
            return false;
        c = (unsigned char)text.p[(*at)++];
        if (c == 'u') {
            for (int i = 0; i < 4; i++, (*at)++) {
                if (*at >= text.n || strchr("0123456789abcdefABCDEF", text.p[*at]) == NULL ||
                    text.p[*at] == '\0')
                    return false;
            }
        } else if (c == 0 || strchr("\"\\/bfnrt", c) == NULL) {
            return false;
        }
    }
    return false;
}

static bool take_plain(struct iw_str text, size_t *at)
{
    static const char *const WORDS[] = {"true", "false", "null"};
    size_t begin = *at;
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(WORDS[i]);
        if (text.n - *at >= n && memcmp(text.p + *at, WORDS[i], n) == 0) {
            *at += n;
            return true;
        }
    }
    (void)take(text, at, '-');
    while (*at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9')
        (*at)++;
    return *at > begin && text.p[*at - 1] != '-';
}

/* One value; the flat form nests objects and arrays three deep at most. */
static bool take_value(struct iw_str text, size_t *at, int depth)
{
    char close;
    if (*at >= text.n || depth == 0)
        return false;
    if (text.p[*at] == '"')
        return take_string(text, at);
    if (text.p[*at] != '{' && text.p[*at] != '[')
        return take_plain(text, at);
    close = text.p[(*at)++] == '{' ? '}' : ']';
    if (take(text, at, close))
        return true;
    do {
        if (close == '}' && (!take_string(text, at) || !take(text, at, ':')))
            return false;
        if (!take_value(text, at, depth - 1))
            return false;
    } while (take(text, at, ','));
    return take(text, at, close);
}

void fuzz_require_json(struct iw_str text)
{
    size_t at = 0;
    FUZZ_REQUIRE(iw_utf8_valid(text));
    FUZZ_REQUIRE(take_value(text, &at, 8));
    FUZZ_REQUIRE(at == text.n);
}

void fuzz_require_event(const struct iw_event *event)
{
    struct iw_buffer out;
    struct iw_json json;
    struct iw_arena scratch;

    FUZZ_REQUIRE(iw_utf8_valid(event->channel));
    FUZZ_REQUIRE(iw_utf8_valid(event->provider));
    FUZZ_REQUIRE(iw_utf8_valid(event->computer));
    FUZZ_REQUIRE(event->n_fields <= IW_LIMIT_EVENT_FIELDS);
    iw_buffer_init(&out);
    iw_arena_init(&scratch, 0);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_event_flatten(event, &json, &scratch);
    iw_json_object_end(&json);
    FUZZ_REQUIRE(!out.failed);
    fuzz_require_json(iw_buffer_str(&out));
    iw_arena_done(&scratch);
    iw_buffer_done(&out);
}

void fuzz_require_account(const struct iw_account *account)
{
    FUZZ_REQUIRE(account->n_decoded <= account->n_records);
    FUZZ_REQUIRE(account->damage[IW_DAMAGE_RECOVERED].count <= account->n_records);
}

/* --- input
 * --------------------------------------------------------------------------------------------------------
 */

const uint8_t *fuzz_take(struct fuzz_input *input, size_t wanted, size_t *ret_n)
{
    const uint8_t *p = input->p;
    *ret_n = wanted < input->n ? wanted : input->n;
    if (*ret_n != 0)
        input->p += *ret_n;
    input->n -= *ret_n;
    return p;
}

uint8_t fuzz_take_u8(struct fuzz_input *input)
{
    size_t n;
    const uint8_t *p = fuzz_take(input, 1, &n);
    return n == 1 ? p[0] : 0;
}

uint16_t fuzz_take_u16(struct fuzz_input *input)
{
    unsigned low = fuzz_take_u8(input);
    return (uint16_t)(low | (unsigned)fuzz_take_u8(input) << 8);
}
