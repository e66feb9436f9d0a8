/*
 * The fast matcher against the plain walk, on rules and events put together at random from few
 * pieces, so that they meet often: modifiers, wildcards, null, absent and repeated fields, letters
 * beyond ASCII, keywords, nested conditions, two log sources that share rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "sigma/sigma.h"
#include "tests/support/flat_event.h"

#define N_ROUNDS 60U
#define N_RULES 60U
#define N_EVENTS 120U

static uint64_t random_state;

static uint32_t below(uint32_t n)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)((random_state >> 33) % n);
}

static const char *const PIECES[] = {
    "cmd",  ".exe", "\\\\", "powershell", " -enc ", "a",    "=",     "x64",
    "net",  "C:",   "é",    "ж",          "К",      "😀",    "SHA1=", "0123456789ABCDEF0123",
    "w3wp", "-",    "/",    "user",       "1",      "4624", "ſ",     "İ",
    " ",    "ss",
};
static const char *const FIELDS[] = {"Image", "CommandLine",      "ParentImage", "Hashes",
                                     "User",  "OriginalFileName", "Other",       "LogonId"};
#define PICK(list) (list)[below((uint32_t)(sizeof(list) / sizeof *(list)))]

static void put_text(struct iw_buffer *out, bool with_wildcards)
{
    for (uint32_t n = 1 + below(4); n != 0; n--) {
        iw_buffer_add(out, iw_str_of(PICK(PIECES)));
        if (with_wildcards && below(7) == 0)
            iw_buffer_add(out, below(4) != 0 ? IW_STR("*") : IW_STR("?"));
        if (with_wildcards && below(20) == 0)
            iw_buffer_add(out, IW_STR("\\\\*"));
    }
}

static void put_value(struct iw_buffer *out, bool with_wildcards)
{
    if (below(25) == 0) {
        iw_buffer_add(out, below(2) != 0 ? IW_STR("''") : IW_STR("null"));
        return;
    }
    iw_buffer_add_char(out, '"');
    if (with_wildcards && below(8) == 0)
        iw_buffer_add_char(out, '*');
    put_text(out, with_wildcards);
    iw_buffer_add_char(out, '"');
}

static void put_values(struct iw_buffer *out, uint32_t most)
{
    iw_buffer_add_char(out, '[');
    for (uint32_t n = 2 + below(most); n != 0; n--) {
        iw_buffer_add_char(out, '"');
        put_text(out, true);
        iw_buffer_add(out, n != 1 ? IW_STR("\", ") : IW_STR("\""));
    }
    iw_buffer_add_char(out, ']');
}

static void put_item(struct iw_buffer *out)
{
    static const char *const CHAINS[] = {"",
                                         "|contains",
                                         "|startswith",
                                         "|endswith",
                                         "|contains|all",
                                         "|cased",
                                         "|neq",
                                         "|contains|cased",
                                         "|windash",
                                         "|contains|neq",
                                         "|endswith|cased",
                                         "|base64offset|contains",
                                         "|contains|windash"};
    static const char *const REGEXES[] = {
        "cmd.*exe",          "(?i)CMD\\\\.exe", "^C:.{1,40}net",    "a|b",
        "pow[aeiou]rshell+", "x?6+4",           "(net|user){1,2} ", "ж+"};
    switch (below(12)) {
    case 0:
        iw_buffer_printf(out, "%s|exists: %s", PICK(FIELDS), below(2) != 0 ? "true" : "false");
        break;
    case 1:
        iw_buffer_printf(out, "%s|re: \"%s\"", PICK(FIELDS), PICK(REGEXES));
        break;
    case 2:
        iw_buffer_printf(out, "%s|re|i: \"%s\"", PICK(FIELDS), PICK(REGEXES));
        break;
    case 3:
        iw_buffer_printf(out, "%s|fieldref: %s", PICK(FIELDS), PICK(FIELDS));
        break;
    case 4:
        iw_buffer_printf(out, "%s|gt: %u", PICK(FIELDS), below(5000));
        break;
    case 5:
    case 6:
    case 7:
        iw_buffer_printf(out, "%s%s: ", PICK(FIELDS), PICK(CHAINS));
        put_values(out, 12);
        break;
    default:
        iw_buffer_printf(out, "%s", PICK(FIELDS));
        if (below(2) != 0) {
            iw_buffer_add(out, IW_STR("|contains: \""));
            put_text(out, true);
            iw_buffer_add_char(out, '"');
        } else {
            iw_buffer_add(out, IW_STR(": "));
            put_value(out, true);
        }
    }
}

/* Items of one map have different keys only by luck: a rule that repeats one is refused and the
 * next one is tried. */
static void put_selection(struct iw_buffer *out, uint32_t number)
{
    iw_buffer_printf(out, "  s%u:\n", number);
    if (below(8) == 0) {
        for (uint32_t n = 1 + below(3); n != 0; n--) {
            iw_buffer_add(out, IW_STR("    - \""));
            put_text(out, true);
            iw_buffer_add(out, IW_STR("\"\n"));
        }
        return;
    }
    if (below(3) == 0) {
        for (uint32_t n = 1 + below(3); n != 0; n--) {
            iw_buffer_add(out, IW_STR("    - "));
            put_item(out);
            iw_buffer_add_char(out, '\n');
        }
        return;
    }
    for (uint32_t n = 1 + below(3); n != 0; n--) {
        iw_buffer_add(out, IW_STR("    "));
        put_item(out);
        iw_buffer_add_char(out, '\n');
    }
}

static void put_rule(struct iw_buffer *out)
{
    static const char *const CONDITIONS[] = {
        "s0",
        "s0 and s1",
        "s0 or s1",
        "s0 and not s1",
        "not s0",
        "1 of s*",
        "all of s*",
        "s0 and not 1 of s*",
        "(s0 or s1) and not s2",
        "not (s0 and s1)",
        "s0 and (s1 or not s2)",
        "not not s0",
        "[s0, s1 and s2]",
    };
    static const char *const SOURCES[] = {"category: process_creation", "service: security",
                                          "category: network_connection", "service: sysmon", ""};
    const char *source = PICK(SOURCES);

    iw_buffer_printf(out, "title: t\nlogsource: {product: windows%s%s}\ndetection:\n",
                     *source != '\0' ? ", " : "", source);
    for (uint32_t i = 0; i < 3; i++)
        put_selection(out, i);
    iw_buffer_printf(out, "  condition: %s\n---\n", PICK(CONDITIONS));
}

static void put_event(struct iw_buffer *out)
{
    static const char *const HEADS[] = {
        "Channel: Microsoft-Windows-Sysmon/Operational\nEventID: 1\n",
        "Channel: Microsoft-Windows-Sysmon/Operational\nEventID: 3\n",
        "Channel: Security\nEventID: 4688\n",
        "Channel: Security\nEventID: 4624\n",
        "Channel: Application\nEventID: 1\n",
    };
    static const char *const NAMES[] = {
        "Image", "CommandLine",    "ParentImage",     "Hashes",        "User", "OriginalFileName",
        "Other", "NewProcessName", "SubjectUserName", "SubjectLogonId"};
    iw_buffer_add(out, iw_str_of(PICK(HEADS)));
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (below(4) == 0)
            continue;
        iw_buffer_printf(out, "%s: ", NAMES[i]);
        if (below(8) == 0) {
            put_values(out, 3);
        } else {
            put_value(out, false);
        }
        iw_buffer_add_char(out, '\n');
    }
}

struct rig {
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_scanner *fast, *plain;
    struct iw_arena arena;
    struct iw_buffer text;
};

static void load_rules(struct rig *rig)
{
    struct iw_sigma_compiler *compiler;

    assert_int_equal(iw_names_init(&rig->names), IW_OK);
    iw_rule_account_init(&rig->account);
    compiler = iw_sigma_compiler_new(&rig->names, &rig->account);
    assert_non_null(compiler);
    for (uint32_t i = 0; i < N_RULES; i++) {
        iw_buffer_clear(&rig->text);
        put_rule(&rig->text);
        assert_int_equal(
            iw_sigma_compiler_add(compiler, "random", false, iw_buffer_str(&rig->text)), IW_OK);
        if (below(10) == 0) /* the same rule twice */
            assert_int_equal(
                iw_sigma_compiler_add(compiler, "random", false, iw_buffer_str(&rig->text)), IW_OK);
    }
    assert_int_equal(iw_sigma_compiler_finish(compiler, &rig->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    rig->fast = iw_sigma_scanner_new(rig->ruleset);
    rig->plain = iw_sigma_scanner_new_plain(rig->ruleset);
    assert_true(rig->fast != NULL && rig->plain != NULL);
}

static size_t compare_one(struct rig *rig, uint64_t round)
{
    const uint32_t *fast, *plain;
    size_t n_fast, n_plain;
    struct iw_event event;

    iw_buffer_clear(&rig->text);
    put_event(&rig->text);
    iw_buffer_add_char(&rig->text, '\0');
    if (!flat_event_from_text(rig->text.p, &rig->names, &rig->arena, &event))
        fail_msg("round %llu: not an event: %s", (unsigned long long)round, rig->text.p);
    assert_int_equal(iw_sigma_scanner_match(rig->fast, &event, &fast, &n_fast), IW_OK);
    assert_int_equal(iw_sigma_scanner_match(rig->plain, &event, &plain, &n_plain), IW_OK);
    if (n_fast != n_plain || (n_fast != 0 && memcmp(fast, plain, n_fast * sizeof *fast) != 0))
        fail_msg("round %llu: %zu rules instead of %zu for\n%s", (unsigned long long)round, n_fast,
                 n_plain, rig->text.p);
    return n_plain;
}

static void both_name_the_same_rules(void **state)
{
    size_t n_rules = 0, n_matches = 0;

    (void)state;
    for (uint64_t round = 0; round < N_ROUNDS; round++) {
        struct rig rig = {.ruleset = NULL};
        random_state = round * 0x9E3779B97F4A7C15ULL + 1;
        iw_arena_init(&rig.arena, 0);
        iw_buffer_init(&rig.text);
        load_rules(&rig);
        n_rules += iw_sigma_ruleset_count(rig.ruleset);
        for (uint32_t i = 0; i < N_EVENTS; i++)
            n_matches += compare_one(&rig, round);
        for (size_t i = 0; i < iw_sigma_ruleset_count(rig.ruleset); i++)
            assert_int_equal(iw_sigma_scanner_unknown(rig.fast, i),
                             iw_sigma_scanner_unknown(rig.plain, i));
        iw_sigma_scanner_free(rig.fast);
        iw_sigma_scanner_free(rig.plain);
        iw_sigma_ruleset_free(rig.ruleset);
        iw_rule_account_done(&rig.account);
        iw_names_done(&rig.names);
        iw_buffer_done(&rig.text);
        iw_arena_done(&rig.arena);
    }
    (void)fprintf(stderr, "%zu rules, %zu matches\n", n_rules, n_matches);
    /* Both numbers would be small if the generator made nonsense. */
    assert_true(n_rules > N_ROUNDS * N_RULES / 2);
    assert_true(n_matches > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_name_the_same_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
