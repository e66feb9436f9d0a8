/*
 * Conditions: the input is the condition of a rule with a few selections; quotes and line ends are
 * taken out so that the YAML around it stays whole.
 */
#include "tests/fuzz/fuzz_support.h"

#include "sigma/sigma.h"

static const char BEFORE[] = "title: t\n"
                             "id: 47eaa099-2cb6-416d-86dc-283cf0480ff9\n"
                             "logsource: {product: windows, category: process_creation}\n"
                             "detection:\n"
                             "  a: {Image: x}\n"
                             "  b1: {User: y}\n"
                             "  b2: {User|contains: z}\n"
                             "  c:\n    - one\n    - two\n"
                             "  _d: {Image: w}\n"
                             "  condition: '";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset = NULL;
    struct iw_sigma_scanner *scanner;
    struct iw_event event = {.channel = IW_STR("Security"), .event_id = 4688};
    struct iw_buffer yaml;
    const uint32_t *rules;
    size_t n;

    if (size > 20000)
        return 0;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, iw_str_of(BEFORE));
    for (size_t i = 0; i < size; i++)
        iw_buffer_add_char(
            &yaml, data[i] == '\'' || data[i] < 0x20 || data[i] >= 0x7F ? ' ' : (char)data[i]);
    iw_buffer_add(&yaml, IW_STR("'\n"));
    FUZZ_REQUIRE(iw_names_init(&names) == IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    FUZZ_REQUIRE(compiler != NULL);
    FUZZ_REQUIRE(iw_sigma_compiler_add(compiler, "fuzz.yml", false, iw_buffer_str(&yaml)) == IW_OK);
    FUZZ_REQUIRE(account.n == 1);
    FUZZ_REQUIRE(iw_sigma_compiler_finish(compiler, &ruleset) == IW_OK);
    scanner = iw_sigma_scanner_new(ruleset);
    FUZZ_REQUIRE(scanner != NULL);
    FUZZ_REQUIRE(iw_sigma_scanner_match(scanner, &event, &rules, &n) == IW_OK);
    iw_sigma_scanner_free(scanner);
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    iw_buffer_done(&yaml);
    return 0;
}
