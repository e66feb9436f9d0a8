/*
 * The man page and the completion say what the tables say: every option and command in each, and
 * nothing in them that is not in a table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "cli/cli.h"

static struct iw_arena arena;

static struct iw_str read_document(const char *name)
{
    char path[4096];
    struct iw_str text = {NULL, 0};
    struct iw_error err;
    (void)snprintf(path, sizeof path, "%s/%s", IW_TEST_SOURCE_DIR, name);
    if (iw_file_read(path, 1 << 20, &arena, &text, &err) != IW_OK)
        fail_msg("%s: %s", path, err.message);
    return text;
}

static bool contains(struct iw_str text, const char *before, const char *name, const char *after)
{
    char wanted[128];
    (void)snprintf(wanted, sizeof wanted, "%s%s%s", before, name, after);
    return iw_str_find(text, iw_str_of(wanted)) != SIZE_MAX;
}

/* Whether a word stands alone: not inside a longer one. */
static bool contains_word(struct iw_str text, const char *word)
{
    static const char *const AFTER[] = {" ", "\n", "\"", "'", ")", "|", "="};
    for (size_t i = 0; i < sizeof AFTER / sizeof *AFTER; i++) {
        if (contains(text, "", word, AFTER[i]))
            return true;
    }
    return false;
}

static bool table_has(struct iw_str name)
{
    size_t n_commands, n_global;
    const struct iw_command *const *commands = iw_commands(&n_commands);
    const struct iw_option *global = iw_global_options(&n_global);
    for (size_t i = 0; i < n_commands; i++) {
        for (size_t j = 0; j < commands[i]->n_options; j++) {
            if (commands[i]->options[j].name != NULL &&
                iw_str_equal(iw_str_of(commands[i]->options[j].name), name))
                return true;
        }
    }
    for (size_t i = 0; i < n_global; i++) {
        if (global[i].name != NULL && iw_str_equal(iw_str_of(global[i].name), name))
            return true;
    }
    return false;
}

/* Every word after *mark* must be an option of a table. */
static void assert_all_in_tables(struct iw_str text, struct iw_str mark)
{
    size_t n_found = 0;
    for (size_t at = 0; at < text.n;) {
        struct iw_str rest = {text.p + at, text.n - at}, name;
        size_t hit = iw_str_find(rest, mark), end;
        if (hit == SIZE_MAX)
            break;
        for (end = hit + mark.n;
             end < rest.n && ((rest.p[end] >= 'a' && rest.p[end] <= 'z') || rest.p[end] == '-');)
            end++;
        name = (struct iw_str){rest.p + hit + mark.n, end - hit - mark.n};
        if (name.n != 0 && !table_has(name))
            fail_msg("--%.*s is in no table", IW_STR_ARG(name));
        n_found += name.n != 0;
        at += end;
    }
    assert_true(n_found > 10);
}

static void assert_document_has_tables(struct iw_str text, const char *option_mark,
                                       const char *document)
{
    size_t n_commands;
    const struct iw_command *const *commands = iw_commands(&n_commands);
    for (size_t i = 0; i < n_commands; i++) {
        if (!contains_word(text, commands[i]->name))
            fail_msg("%s does not name the command %s", document, commands[i]->name);
        for (size_t j = 0; j < commands[i]->n_options; j++) {
            char word[64];
            if (commands[i]->options[j].name == NULL)
                continue;
            (void)snprintf(word, sizeof word, "%s%s", option_mark, commands[i]->options[j].name);
            if (!contains_word(text, word))
                fail_msg("%s does not name %s", document, word);
        }
    }
}

static void man_page_agrees(void **state)
{
    struct iw_str text = read_document("docs/man/iiswarden.1");
    (void)state;
    assert_document_has_tables(text, "Fl \\-", "the man page");
    assert_all_in_tables(text, IW_STR("Fl \\-"));
}

static void completion_agrees(void **state)
{
    struct iw_str text = read_document("packaging/completions/iiswarden.bash");
    (void)state;
    assert_document_has_tables(text, "--", "the completion");
    assert_all_in_tables(text, IW_STR(" --"));
}

/* Letters too: a letter in the man page stands with its option. */
static void man_page_has_letters(void **state)
{
    struct iw_str text = read_document("docs/man/iiswarden.1");
    size_t n_commands;
    const struct iw_command *const *commands = iw_commands(&n_commands);
    (void)state;
    for (size_t i = 0; i < n_commands; i++) {
        for (size_t j = 0; j < commands[i]->n_options; j++) {
            const struct iw_option *option = &commands[i]->options[j];
            char wanted[64];
            if (option->letter == '\0')
                continue;
            (void)snprintf(wanted, sizeof wanted, ".It Fl %c , Fl \\-%s", option->letter,
                           option->name);
            if (!contains(text, "", wanted, ""))
                fail_msg("the man page has no line: %s", wanted);
        }
    }
}

static int setup(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(man_page_agrees),
        cmocka_unit_test(man_page_has_letters),
        cmocka_unit_test(completion_agrees),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
