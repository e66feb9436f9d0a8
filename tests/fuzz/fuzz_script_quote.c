/*
 * Quoting: what any bytes become is read back as what went in, but for what the form cannot hold,
 * and nothing of it stands outside of the quotes.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/json.h"
#include "base/script_quote.h"
#include "base/utf.h"

static bool is_single_quote(uint32_t c)
{
    return c == '\'' || (c >= 0x2018 && c <= 0x201B);
}

/* As PowerShell reads it: a quote of any kind ends the string, two of them are one. */
static void check_powershell(struct iw_str text, struct iw_buffer *out)
{
    struct iw_str quoted;
    size_t at = 1, in = 0;
    iw_buffer_clear(out);
    iw_quote_powershell(out, text);
    quoted = iw_buffer_str(out);
    FUZZ_REQUIRE(quoted.n >= 2 && quoted.p[0] == '\'' && quoted.p[quoted.n - 1] == '\'');
    while (at < quoted.n - 1) {
        uint32_t c = iw_utf8_next(quoted, &at), expected;
        FUZZ_REQUIRE(in < text.n);
        expected = iw_utf8_next(text, &in);
        if (iw_code_point_is_unsafe(expected))
            expected = 0xFFFD;
        FUZZ_REQUIRE(c == expected);
        if (is_single_quote(c))
            FUZZ_REQUIRE(at < quoted.n - 1 && iw_utf8_next(quoted, &at) == c);
    }
    FUZZ_REQUIRE(in == text.n);
}

static void check_xml(struct iw_str text, struct iw_buffer *out)
{
    iw_buffer_clear(out);
    iw_quote_xml(out, text);
    for (size_t i = 0; i < out->n; i++) {
        unsigned char c = (unsigned char)out->p[i];
        FUZZ_REQUIRE(c >= 0x20 && c < 0x7F && strchr("<>\"'", c) == NULL);
    }
}

/* One line, and no quote inside but behind a backslash. */
static void check_yaml(struct iw_str text, struct iw_buffer *out)
{
    iw_buffer_clear(out);
    iw_quote_yaml(out, text);
    FUZZ_REQUIRE(out->n >= 2 && out->p[0] == '"' && out->p[out->n - 1] == '"');
    FUZZ_REQUIRE(iw_utf8_valid(iw_buffer_str(out)));
    for (size_t i = 1; i + 1 < out->n; i++) {
        FUZZ_REQUIRE((unsigned char)out->p[i] >= 0x20 && out->p[i] != '"');
        if (out->p[i] == '\\')
            i++;
    }
}

static void check_markdown(struct iw_str text, struct iw_buffer *out)
{
    iw_buffer_clear(out);
    iw_quote_markdown(out, text);
    FUZZ_REQUIRE(iw_utf8_valid(iw_buffer_str(out)));
    for (size_t i = 0; i < out->n; i++)
        FUZZ_REQUIRE((unsigned char)out->p[i] >= 0x20 && out->p[i] != '<');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_str text = {size != 0 ? (const char *)data : "", size};
    struct iw_buffer out;
    iw_buffer_init(&out);
    check_powershell(text, &out);
    check_xml(text, &out);
    check_yaml(text, &out);
    check_markdown(text, &out);
    (void)iw_path_can_be_pasted(text);
    iw_buffer_done(&out);
    return 0;
}
