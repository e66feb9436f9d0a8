/*
 * Rule files: whatever the text, every document is loaded or refused with a reason, and a loaded
 * rule can be asked of an event. The event has the fields that rules mostly ask for.
 */
#include "tests/fuzz/fuzz_support.h"

#include "sigma/sigma.h"

static struct iw_event sample_event(const struct iw_names *names, struct iw_name *name_room,
                                    struct iw_field *fields)
{
    static const struct {
        struct iw_str name, text;
        uint8_t place;
    } FIELDS[] = {
        {{"Channel", 7}, {"Microsoft-Windows-Sysmon/Operational", 36}, IW_PLACE_SYSTEM},
        {{"EventID", 7}, {"1", 1}, IW_PLACE_SYSTEM},
        {{"Image", 5}, {"C:\\Windows\\System32\\cmd.exe", 27}, IW_PLACE_EVENT_DATA},
        {{"CommandLine", 11}, {"cmd.exe /c whoami \xC3\xA9 *?\\", 23}, IW_PLACE_EVENT_DATA},
        {{"ParentImage", 11}, {"c:\\windows\\w3wp.exe", 19}, IW_PLACE_EVENT_DATA},
        {{"User", 4}, {"", 0}, IW_PLACE_EVENT_DATA},
        {{"Data", 4}, {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 39}, IW_PLACE_EVENT_DATA},
    };
    struct iw_event event = {.channel = FIELDS[0].text, .event_id = 1, .fields = fields};
    event.provider = IW_STR("Microsoft-Windows-Sysmon");
    event.flags = IW_EVENT_DECODED;
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        iw_names_describe(names, FIELDS[i].name, &name_room[i]);
        fields[i] = (struct iw_field){.name = &name_room[i],
                                      .p = (const uint8_t *)FIELDS[i].text.p,
                                      .n = (uint32_t)FIELDS[i].text.n,
                                      .type = IW_VALUE_UTF8,
                                      .place = FIELDS[i].place};
        event.n_fields++;
    }
    return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset = NULL;
    struct iw_sigma_scanner *scanner;
    struct iw_name name_room[8];
    struct iw_field fields[8];
    struct iw_event event;
    struct iw_route route;
    const uint32_t *rules;
    size_t n;

    FUZZ_REQUIRE(iw_names_init(&names) == IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    FUZZ_REQUIRE(compiler != NULL);
    FUZZ_REQUIRE(iw_sigma_compiler_add(compiler, "fuzz.yml", false,
                                       (struct iw_str){(const char *)data, size}) == IW_OK);
    FUZZ_REQUIRE(iw_sigma_compiler_finish(compiler, &ruleset) == IW_OK);
    FUZZ_REQUIRE(iw_sigma_ruleset_count(ruleset) <= account.n);
    iw_route_init(&route);
    FUZZ_REQUIRE(iw_sigma_ruleset_route(ruleset, &route) == IW_OK);
    scanner = iw_sigma_scanner_new(ruleset);
    FUZZ_REQUIRE(scanner != NULL);
    event = sample_event(&names, name_room, fields);
    FUZZ_REQUIRE(iw_sigma_scanner_match(scanner, &event, &rules, &n) == IW_OK);
    FUZZ_REQUIRE(n <= iw_sigma_ruleset_count(ruleset));
    for (size_t i = 0; i < n; i++)
        FUZZ_REQUIRE(rules[i] < iw_sigma_ruleset_count(ruleset));
    iw_sigma_scanner_free(scanner);
    iw_route_done(&route);
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    return 0;
}
