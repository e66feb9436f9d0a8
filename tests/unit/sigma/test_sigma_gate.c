/*
 * Gates: what must stand in an event for a rule to be looked at. That they are sound is shown by
 * the differential tests; here, that they are the ones meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "sigma/sigma_gate.h"
#include "sigma/sigma_ruleset.h"

#define HASH "0123456789ABCDEF0123456789ABCDEF"

static struct iw_names names;
static struct iw_rule_account account;
static struct iw_sigma_ruleset *ruleset;
static struct iw_arena arena;
static struct iw_frequencies frequencies;

/* The gate of the one rule with this detection. */
static struct iw_gate gate_of(const char *detection)
{
    struct iw_sigma_compiler *compiler;
    struct iw_buffer yaml;
    struct iw_gate gate;

    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("title: t\nlogsource: {product: windows, category: "
                                "process_creation}\ndetection:\n"));
    iw_buffer_add(&yaml, iw_str_of(detection));
    iw_arena_init(&arena, 0);
    iw_frequencies_init(&frequencies);
    iw_rule_account_init(&account);
    assert_int_equal(iw_names_init(&names), IW_OK);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x", false, iw_buffer_str(&yaml)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    assert_int_equal(iw_sigma_ruleset_count(ruleset), 1);
    assert_int_equal(iw_gate_find(ruleset->plans[0], &frequencies, &arena, &gate), IW_OK);
    iw_buffer_done(&yaml);
    return gate;
}

static void done(void)
{
    iw_sigma_ruleset_free(ruleset);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    iw_arena_done(&arena);
}

static void assert_atom(const struct iw_atom *atom, enum iw_atom_kind kind, uint32_t field,
                        const char *text)
{
    assert_int_equal(atom->kind, kind);
    assert_int_equal(atom->field, field);
    assert_int_equal(atom->text.n, strlen(text));
    assert_memory_equal(atom->text.p, text, atom->text.n);
}

/* A rule whose gate is one atom. */
static void assert_gate(const char *detection, enum iw_atom_kind kind, uint32_t field,
                        const char *text)
{
    struct iw_gate gate = gate_of(detection);
    assert_false(gate.always);
    assert_int_equal(gate.n, 1);
    assert_atom(&gate.atoms[0], kind, field, text);
    done();
}

static void assert_always(const char *detection)
{
    assert_true(gate_of(detection).always);
    done();
}

static void comparisons_and_their_atoms(void **state)
{
    (void)state;
    assert_gate("  s: {Image|endswith: '\\Tool.EXE'}\n  condition: s\n", IW_ATOM_BASENAME,
                IW_FIELD_IMAGE, "tool.exe");
    assert_gate("  s: {Image|endswith: '\\bin\\Tool.EXE'}\n  condition: s\n", IW_ATOM_BASENAME,
                IW_FIELD_IMAGE, "tool.exe");
    assert_gate("  s: {Image|endswith: 'Tool.EXE'}\n  condition: s\n", IW_ATOM_LITERAL,
                IW_FIELD_IMAGE, "tool.exe");
    assert_gate("  s: {OriginalFileName: 'Tool.EXE'}\n  condition: s\n", IW_ATOM_EXACT,
                IW_FIELD_ORIGINAL_FILE_NAME, "tool.exe");
    assert_gate("  s: {CommandLine|contains: '-Zz'}\n  condition: s\n", IW_ATOM_LITERAL,
                IW_FIELD_COMMAND_LINE, "-zz");
    assert_gate("  s: {Hashes|contains: 'MD5=" HASH "'}\n  condition: s\n", IW_ATOM_EQUALS,
                IW_FIELD_HASHES, "0123456789abcdef");
    assert_gate("  s: {CommandLine|re: '[a-z]+Qwerty\\d'}\n  condition: s\n", IW_ATOM_LITERAL,
                IW_FIELD_COMMAND_LINE, "qwerty");
    assert_gate("  s: {CommandLine|re: '\\d\\d'}\n  condition: s\n", IW_ATOM_PRESENT,
                IW_FIELD_COMMAND_LINE, "");
    assert_gate("  s: {CommandLine|contains|cased: 'QweRTY'}\n  condition: s\n", IW_ATOM_LITERAL,
                IW_FIELD_COMMAND_LINE, "qwerty");
    assert_gate("  s: {ProcessId|gt: 4}\n  condition: s\n", IW_ATOM_PRESENT, IW_FIELD_PROCESS_ID,
                "");
    assert_gate("  s: {User|exists: true}\n  condition: s\n", IW_ATOM_PRESENT, IW_FIELD_USER, "");
    assert_gate("  s: ['qwertz']\n  condition: s\n", IW_ATOM_LITERAL, IW_NAME_UNASKED, "qwertz");
}

static void what_proves_nothing_has_no_gate(void **state)
{
    (void)state;
    assert_always("  s: {User: null}\n  condition: s\n");
    assert_always("  s: {User|exists: false}\n  condition: s\n");
    assert_always("  s: {User|neq: 'x'}\n  condition: s\n");
    assert_always("  s: {Image: 'x'}\n  condition: not s\n");
    assert_always("  s: {Image: 'x'}\n  o: {User: null}\n  condition: s or o\n");
}

static void and_takes_the_rarest_and_or_takes_all(void **state)
{
    struct iw_gate gate;

    (void)state;
    assert_gate("  s:\n    Image|endswith: '\\svchost.exe'\n    CommandLine|contains: 'qqzzqq'\n"
                "  f: {User: 'x'}\n  condition: s and not f\n",
                IW_ATOM_LITERAL, IW_FIELD_COMMAND_LINE, "qqzzqq");
    gate = gate_of("  a: {Image: ['qaz', 'wsx']}\n  b: {User: 'edc'}\n  condition: a or b\n");
    assert_int_equal(gate.n, 3);
    assert_atom(&gate.atoms[0], IW_ATOM_EXACT, IW_FIELD_IMAGE, "qaz");
    assert_atom(&gate.atoms[1], IW_ATOM_EXACT, IW_FIELD_IMAGE, "wsx");
    assert_atom(&gate.atoms[2], IW_ATOM_EXACT, IW_FIELD_USER, "edc");
    done();
}

static void two_common_gates_are_both_asked_for(void **state)
{
    struct iw_gate gate;

    (void)state;
    gate = gate_of("  s:\n    Image|endswith: '\\powershell.exe'\n    ParentImage|endswith: "
                   "'\\explorer.exe'\n  condition: s\n");
    assert_int_equal(gate.n, 1);
    assert_int_equal(gate.n_more, 1);
    assert_atom(&gate.atoms[0], IW_ATOM_BASENAME, IW_FIELD_PARENT_IMAGE, "explorer.exe");
    assert_atom(&gate.more[0], IW_ATOM_BASENAME, IW_FIELD_IMAGE, "powershell.exe");
    done();
}

/* At the limit a gate, one past it none: every event is then looked at. */
static void the_number_of_atoms_has_a_limit(void **state)
{
    struct iw_buffer yaml;

    (void)state;
    for (size_t n = IW_LIMIT_GATE_ATOMS; n <= IW_LIMIT_GATE_ATOMS + 1; n++) {
        struct iw_gate gate;
        iw_buffer_init(&yaml);
        iw_buffer_add(&yaml, IW_STR("  s:\n    CommandLine|contains:\n"));
        for (size_t i = 0; i < n; i++)
            iw_buffer_printf(&yaml, "      - qwz%zux\n", i);
        iw_buffer_add(&yaml, IW_STR("  condition: s\n"));
        iw_buffer_add_char(&yaml, '\0');
        gate = gate_of(yaml.p);
        assert_int_equal(gate.always, n > IW_LIMIT_GATE_ATOMS);
        assert_int_equal(gate.n, n > IW_LIMIT_GATE_ATOMS ? 0 : n);
        done();
        iw_buffer_done(&yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_and_their_atoms),
        cmocka_unit_test(what_proves_nothing_has_no_gate),
        cmocka_unit_test(and_takes_the_rarest_and_or_takes_all),
        cmocka_unit_test(two_common_gates_are_both_asked_for),
        cmocka_unit_test(the_number_of_atoms_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
