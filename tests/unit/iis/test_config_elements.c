/*
 * Configuration files to trees of elements. Sources: XML 1.0 (fifth edition), its sections in
 * brackets; limits from base/limits.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "iis/config/config_elements.h"

static struct iw_arena arena;

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static struct iw_config_tree read_bytes(struct iw_str bytes)
{
    struct iw_config_tree tree;

    assert_int_equal(iw_config_tree_read(bytes, IW_STR("web.config"), &arena, &tree), IW_OK);
    return tree;
}

static struct iw_config_tree read_text(const char *text)
{
    return read_bytes(iw_str_of(text));
}

static void is_text(struct iw_str text, const char *expected)
{
    assert_int_equal(text.n, strlen(expected));
    assert_memory_equal(text.p, expected, text.n);
}

/* The UTF-16 of ASCII text, with a mark or without. */
static struct iw_str utf16(const char *text, bool is_big, bool has_mark)
{
    size_t n = strlen(text), at = 0;
    char *out = iw_arena_alloc(&arena, 2 * n + 2);

    if (has_mark) {
        out[at++] = is_big ? '\xFE' : '\xFF';
        out[at++] = is_big ? '\xFF' : '\xFE';
    }
    for (size_t i = 0; i < n; i++) {
        out[at++] = is_big ? 0 : text[i];
        out[at++] = is_big ? text[i] : 0;
    }
    return (struct iw_str){out, at};
}

static void elements_have_places(void **state)
{
    struct iw_config_tree tree = read_text("<?xml version=\"1.0\"?>\r\n<configuration>\r\n"
                                           "  <a x='1' y='2'><b/>\n<c>t</c></a>\r\n"
                                           "\xC3\xA9 <d/></configuration>");
    const struct iw_config_element *a = iw_config_child(tree.root, IW_STR("a")), *d;
    (void)state;

    assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
    assert_int_equal(tree.n_elements, 5);
    is_text(tree.root->name, "configuration");
    assert_int_equal(tree.root->line, 2);
    assert_int_equal(tree.root->column, 1);
    assert_int_equal(a->line, 3);
    assert_int_equal(a->column, 3);
    assert_int_equal(a->depth, 2);
    assert_int_equal(a->n_attributes, 2);
    is_text(iw_config_value(a, IW_STR("y"), IW_STR("")), "2");
    is_text(iw_config_value(a, IW_STR("Y"), IW_STR("none")), "none");
    is_text(a->last->text, "t");
    d = iw_config_sibling(a, IW_STR("d"));
    assert_int_equal(d->line, 5); /* after the \n behind b and the \r\n behind a */
    assert_int_equal(d->column, 3);
    assert_true(d->is_closed);
    assert_null(iw_config_child(tree.root, IW_STR("A")));
    assert_null(iw_config_child(NULL, IW_STR("a")));
}

static void walking_stays_within(void **state)
{
    struct iw_config_tree tree = read_text("<r><a><b/><c><d/></c></a><e/></r>");
    const struct iw_config_element *a = tree.root->first, *at = tree.root;
    char seen[16] = "";
    size_t n = 0;
    (void)state;

    for (; at != NULL; at = iw_config_following(tree.root, at, false))
        seen[n++] = at->name.p[0];
    assert_string_equal(seen, "rabcde");
    at = iw_config_following(a, a->last->first, false);
    assert_null(at); /* d is the last within a */
    at = iw_config_following(tree.root, a, true);
    is_text(at->name, "e");
    assert_null(iw_config_following(a, a, true));
}

/* [2.4, 2.5, 2.6, 2.7, 3.3.3, 4.1, 4.6] */
static void text_as_xml_means_it(void **state)
{
    struct iw_config_tree tree =
        read_text("<r><!-- <add name='no'/> --><?pi <x/>?>"
                  "<a v='&lt;&amp;&quot;&#65;&#x42;\n.'/><b> one <![CDATA[<two> &amp;]]> "
                  "<c/>three</b></r>");
    const struct iw_config_element *a = tree.root->first;
    (void)state;

    assert_int_equal(tree.n_elements, 4);
    is_text(iw_config_value(a, IW_STR("v"), IW_STR("")), "<&\"AB .");
    is_text(a->next->text, "one <two> &amp;");
}

static void flags(void **state)
{
    struct iw_config_tree tree = read_text("<r a='true' b='False' c='1' d='0' e='yes' f=''/>");
    (void)state;

    assert_true(iw_config_flag(tree.root, IW_STR("a"), false));
    assert_false(iw_config_flag(tree.root, IW_STR("b"), true));
    assert_true(iw_config_flag(tree.root, IW_STR("c"), false));
    assert_false(iw_config_flag(tree.root, IW_STR("d"), true));
    assert_true(iw_config_flag(tree.root, IW_STR("e"), true));
    assert_false(iw_config_flag(tree.root, IW_STR("f"), false));
    assert_true(iw_config_flag(tree.root, IW_STR("g"), true));
}

/* [appendix F] */
static void encodings(void **state)
{
    const char *text = "<?xml version='1.0' encoding='utf-16'?>\n<r a='x'/>";
    const struct {
        struct iw_str bytes;
        const char *encoding;
    } CASES[] = {
        {iw_str_of(text), "UTF-8"}, /* the declaration is not believed */
        {IW_STR("\xEF\xBB\xBF<?xml version='1.0'?>\n<r a='x'/>"), "UTF-8"},
        {utf16(text, false, true), "UTF-16LE"},
        {utf16(text, true, true), "UTF-16BE"},
        {utf16(text, false, false), "UTF-16LE"},
        {utf16(text, true, false), "UTF-16BE"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_config_tree tree = read_bytes(CASES[i].bytes);
        assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
        assert_string_equal(tree.encoding, CASES[i].encoding);
        assert_int_equal(tree.n_replaced, 0);
        assert_int_equal(tree.root->line, 2);
        is_text(iw_config_value(tree.root, IW_STR("a"), IW_STR("")), "x");
    }
}

static void eight_bits_only_where_declared(void **state)
{
    struct iw_config_tree tree =
        read_text("<?xml version='1.0' encoding='Windows-1252'?><r a='\xE9\x80'/>");
    (void)state;

    assert_string_equal(tree.encoding, "windows-1252");
    is_text(iw_config_value(tree.root, IW_STR("a"), IW_STR("")), "\xC3\xA9\xE2\x82\xAC");
    tree = read_text("<?xml version='1.0' encoding='Windows-1252'?><r a='\xC3\xA9'/>");
    assert_string_equal(tree.encoding, "UTF-8"); /* which it is, whatever is declared */
    tree = read_text("<r>\n<a/><b x='\xE9'/></r>");
    assert_int_equal(tree.defect, IW_CONFIG_MALFORMED);
    assert_int_equal(tree.error.line, 2);
    assert_int_equal(tree.n_elements, 2);
}

static void half_a_character_is_counted(void **state)
{
    struct iw_str bytes = utf16("<r/>", false, true);
    char *surrogate = iw_arena_alloc(&arena, 32);
    struct iw_config_tree tree;
    (void)state;

    memcpy(surrogate, bytes.p, bytes.n);
    surrogate[bytes.n] = ' ';
    tree = read_bytes((struct iw_str){surrogate, bytes.n + 1});
    assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
    assert_int_equal(tree.n_replaced, 1);
    bytes = utf16("<r a='?'/>", false, true);
    memcpy(surrogate, bytes.p, bytes.n);
    surrogate[2 + 2 * 6 + 1] = '\xD8'; /* U+D83F without its other half */
    tree = read_bytes((struct iw_str){surrogate, bytes.n});
    assert_int_equal(tree.n_replaced, 1);
    is_text(iw_config_value(tree.root, IW_STR("a"), IW_STR("")), "\xEF\xBF\xBD");
}

static void what_stands_before_damage_is_kept(void **state)
{
    struct iw_config_tree tree = read_text("<r>\n  <a x='1'/>\n  <b>\n    <c/>\n  </r>\n<d/>");
    (void)state;

    assert_int_equal(tree.defect, IW_CONFIG_MALFORMED);
    assert_string_equal(tree.error.message, "mismatched tag");
    assert_int_equal(tree.error.rc, IW_EFORMAT);
    assert_int_equal(tree.error.line, 5);
    assert_int_equal(tree.error.column, 5); /* the name in </r> */
    assert_int_equal(tree.n_elements, 4);
    assert_false(tree.root->is_closed);
    assert_true(tree.root->first->is_closed);
    assert_false(tree.root->last->is_closed);
    is_text(tree.root->last->first->name, "c");
}

static void every_beginning_is_damaged_but_read(void **state)
{
    static const char TEXT[] = "<?xml version='1.0'?><r><a x='&lt;'>t</a><!-- c --><b/></r>";
    size_t most = 0;
    (void)state;

    for (size_t n = 0; n < sizeof TEXT - 1; n++) {
        struct iw_config_tree tree = read_bytes((struct iw_str){TEXT, n});
        assert_int_equal(tree.defect, IW_CONFIG_MALFORMED);
        assert_true(tree.error.line == 1 && tree.error.column >= 1 && tree.error.message[0] != 0);
        assert_true(tree.n_elements >= most);
        assert_true((tree.root == NULL) == (tree.n_elements == 0));
        most = tree.n_elements;
    }
    assert_int_equal(most, 3);
    assert_int_equal(read_bytes((struct iw_str){NULL, 0}).defect, IW_CONFIG_MALFORMED);
}

static void document_types_are_refused(void **state)
{
    static const char *const TEXTS[] = {
        "<?xml version='1.0'?>\n<!DOCTYPE r [<!ENTITY e 'evil'>]>\n<r a='&e;'/>",
        "\n<!DOCTYPE r SYSTEM 'file:///etc/passwd'>\n<r/>",
        "\n<!DOCTYPE r>\n<r/>",
    };
    struct iw_config_tree tree;
    (void)state;

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        tree = read_text(TEXTS[i]);
        assert_int_equal(tree.defect, IW_CONFIG_DTD);
        assert_int_equal(tree.error.line, 2);
        assert_non_null(strstr(tree.error.message, "DTD"));
        assert_null(tree.root);
    }
    /* [4.1] an entity nobody declared */
    tree = read_text("<r><a/><b x='&nbsp;'/></r>");
    assert_int_equal(tree.defect, IW_CONFIG_MALFORMED);
    assert_int_equal(tree.n_elements, 2);
}

/* --- limits: at the limit, and one past it ------------------------------------------------ */

/* head, then n times before and its number and after, then tail. */
static struct iw_config_tree read_repeated(const char *const parts[4], size_t n,
                                           struct iw_buffer *text)
{
    iw_buffer_init(text);
    iw_buffer_add(text, iw_str_of(parts[0]));
    for (size_t i = 0; i < n; i++) {
        iw_buffer_add(text, iw_str_of(parts[1]));
        iw_buffer_add_u64(text, i);
        iw_buffer_add(text, iw_str_of(parts[2]));
    }
    iw_buffer_add(text, iw_str_of(parts[3]));
    assert_false(text->failed);
    return read_bytes(iw_buffer_str(text));
}

static void limit_of_depth(void **state)
{
    struct iw_buffer text;
    struct iw_config_tree tree =
        read_repeated((const char *const[]){"", "<e", ">", "</x>"}, IW_LIMIT_CONFIG_DEPTH, &text);
    (void)state;

    assert_int_equal(tree.defect, IW_CONFIG_MALFORMED); /* read until the wrong end */
    assert_int_equal(tree.n_elements, IW_LIMIT_CONFIG_DEPTH);
    iw_buffer_done(&text);
    tree = read_repeated((const char *const[]){"", "<e", ">\n", "</x>"}, IW_LIMIT_CONFIG_DEPTH + 1,
                         &text);
    assert_int_equal(tree.defect, IW_CONFIG_OVER_LIMIT);
    assert_int_equal(tree.error.rc, IW_ELIMIT);
    assert_int_equal(tree.error.line, IW_LIMIT_CONFIG_DEPTH + 1);
    assert_int_equal(tree.n_elements, IW_LIMIT_CONFIG_DEPTH);
    iw_buffer_done(&text);
}

static void limit_of_elements(void **state)
{
    struct iw_buffer text;
    struct iw_config_tree tree = read_repeated((const char *const[]){"<r>", "<e", "/>", "</r>"},
                                               IW_LIMIT_CONFIG_ELEMENTS - 1, &text);
    (void)state;

    assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
    assert_int_equal(tree.n_elements, IW_LIMIT_CONFIG_ELEMENTS);
    iw_buffer_done(&text);
    tree = read_repeated((const char *const[]){"<r>", "<e", "/>", "</r>"}, IW_LIMIT_CONFIG_ELEMENTS,
                         &text);
    assert_int_equal(tree.defect, IW_CONFIG_OVER_LIMIT);
    assert_int_equal(tree.n_elements, IW_LIMIT_CONFIG_ELEMENTS);
    iw_buffer_done(&text);
}

static void limit_of_attributes(void **state)
{
    struct iw_buffer text;
    struct iw_config_tree tree = read_repeated(
        (const char *const[]){"<r><a", " x", "=''", "/></r>"}, IW_LIMIT_CONFIG_ATTRIBUTES, &text);
    (void)state;

    assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
    assert_int_equal(tree.root->first->n_attributes, IW_LIMIT_CONFIG_ATTRIBUTES);
    iw_buffer_done(&text);
    tree = read_repeated((const char *const[]){"<r><a", " x", "=''", "/></r>"},
                         IW_LIMIT_CONFIG_ATTRIBUTES + 1, &text);
    assert_int_equal(tree.defect, IW_CONFIG_OVER_LIMIT);
    assert_int_equal(tree.n_elements, 1);
    iw_buffer_done(&text);
}

static void limit_of_names(void **state)
{
    char name[IW_LIMIT_CONFIG_NAME_BYTES + 2], text[2 * sizeof name + 16];
    (void)state;

    memset(name, 'n', sizeof name);
    (void)snprintf(text, sizeof text, "<%.*s a=''/>", (int)IW_LIMIT_CONFIG_NAME_BYTES, name);
    assert_int_equal(read_text(text).defect, IW_CONFIG_WHOLE);
    (void)snprintf(text, sizeof text, "<%.*s a=''/>", (int)IW_LIMIT_CONFIG_NAME_BYTES + 1, name);
    assert_int_equal(read_text(text).defect, IW_CONFIG_OVER_LIMIT);
    (void)snprintf(text, sizeof text, "<a %.*s=''/>", (int)IW_LIMIT_CONFIG_NAME_BYTES, name);
    assert_int_equal(read_text(text).defect, IW_CONFIG_WHOLE);
    (void)snprintf(text, sizeof text, "<a %.*s=''/>", (int)IW_LIMIT_CONFIG_NAME_BYTES + 1, name);
    assert_int_equal(read_text(text).defect, IW_CONFIG_OVER_LIMIT);
}

static void limit_of_size(void **state)
{
    char *text = iw_malloc(IW_LIMIT_CONFIG_FILE_BYTES + 1);
    struct iw_config_tree tree;
    (void)state;

    memset(text, ' ', IW_LIMIT_CONFIG_FILE_BYTES + 1);
    memcpy(text, "<r/>", 4);
    tree = read_bytes((struct iw_str){text, IW_LIMIT_CONFIG_FILE_BYTES});
    assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
    tree = read_bytes((struct iw_str){text, IW_LIMIT_CONFIG_FILE_BYTES + 1});
    assert_int_equal(tree.defect, IW_CONFIG_OVER_LIMIT);
    assert_null(tree.root);
    iw_free(text);
}

static void memory_may_fail_anywhere(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    (void)state;

    for (uint64_t n = 1; rc != IW_OK; n++) {
        struct iw_arena own;
        struct iw_config_tree tree;
        iw_arena_init(&own, 0);
        iw_alloc_fail_at(n);
        rc = iw_config_tree_read(IW_STR("<r a='1'><b>text</b></r>"), IW_STR("x"), &own, &tree);
        if (iw_alloc_count() < n)
            assert_int_equal(rc, IW_OK);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        iw_arena_done(&own);
        if (n > 10000)
            fail();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_have_places),
        cmocka_unit_test(walking_stays_within),
        cmocka_unit_test(text_as_xml_means_it),
        cmocka_unit_test(flags),
        cmocka_unit_test(encodings),
        cmocka_unit_test(eight_bits_only_where_declared),
        cmocka_unit_test(half_a_character_is_counted),
        cmocka_unit_test(what_stands_before_damage_is_kept),
        cmocka_unit_test(every_beginning_is_damaged_but_read),
        cmocka_unit_test(document_types_are_refused),
        cmocka_unit_test(limit_of_depth),
        cmocka_unit_test(limit_of_elements),
        cmocka_unit_test(limit_of_attributes),
        cmocka_unit_test(limit_of_names),
        cmocka_unit_test(limit_of_size),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
