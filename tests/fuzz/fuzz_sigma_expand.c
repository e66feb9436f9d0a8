/*
 * Placeholders: the input is a file of --placeholders and, behind the first NUL, a value of a rule
 * that asks for them. Whatever they hold, the file is read or refused with a place, and the rule is
 * loaded or refused with a reason; a loaded one can be asked.
 */
#include "tests/fuzz/fuzz_support.h"

#include "sigma/sigma.h"

static void add_quoted(struct iw_buffer *yaml, struct iw_str value)
{
    iw_buffer_add_char(yaml, '\'');
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '\'')
            iw_buffer_add_char(yaml, '\'');
        iw_buffer_add_char(yaml, (unsigned char)c < 0x20 || (unsigned char)c >= 0x7F ? ' ' : c);
    }
    iw_buffer_add_char(yaml, '\'');
}

static void ask(const struct iw_sigma_options *options, struct iw_str yaml)
{
    struct iw_event event = {.channel = IW_STR("Application"), .event_id = 1};
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset = NULL;
    struct iw_sigma_scanner *scanner;
    const uint32_t *rules;
    size_t n;

    FUZZ_REQUIRE(iw_names_init(&names) == IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    FUZZ_REQUIRE(compiler != NULL);
    iw_sigma_compiler_set_options(compiler, options);
    FUZZ_REQUIRE(iw_sigma_compiler_add(compiler, "fuzz.yml", false, yaml) == IW_OK);
    FUZZ_REQUIRE(iw_sigma_compiler_finish(compiler, &ruleset) == IW_OK);
    FUZZ_REQUIRE(account.n == 1);
    FUZZ_REQUIRE((account.entries[0].state == IW_RULE_LOADED) ==
                 (account.entries[0].reason.n == 0));
    scanner = iw_sigma_scanner_new(ruleset);
    FUZZ_REQUIRE(scanner != NULL);
    FUZZ_REQUIRE(iw_sigma_scanner_match(scanner, &event, &rules, &n) == IW_OK);
    iw_sigma_scanner_free(scanner);
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size != 0 ? memchr(data, 0, size) : NULL;
    struct iw_str file = {(const char *)data, end != NULL ? (size_t)(end - data) : size};
    struct iw_str value = {"", 0};
    struct iw_sigma_placeholders *placeholders = NULL;
    struct iw_sigma_options options = {0};
    struct iw_error err = {0};
    struct iw_buffer yaml;
    enum iw_rc rc;

    if (size > 20000)
        return 0;
    if (end != NULL)
        value = (struct iw_str){(const char *)end + 1, size - file.n - 1};
    rc = iw_sigma_placeholders_parse(file, &placeholders, &err);
    FUZZ_REQUIRE((rc == IW_OK) == (placeholders != NULL));
    FUZZ_REQUIRE(rc == IW_OK || (rc == IW_EUSAGE && err.line != 0));
    options.placeholders = placeholders;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("title: t\nlogsource: {product: windows}\n"
                                "detection:\n  condition: a\n  a:\n    F|contains|expand: "));
    add_quoted(&yaml, value);
    iw_buffer_add_char(&yaml, '\n');
    ask(&options, iw_buffer_str(&yaml));
    iw_sigma_placeholders_free(placeholders);
    iw_buffer_done(&yaml);
    return 0;
}
