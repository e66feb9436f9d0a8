/*
 * CLR metadata made by hand: who implements what by which way, names, tokens, damage, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/iis/pe_make.h"

#define assert_str(text, expected)                                                                 \
    do {                                                                                           \
        struct iw_str text_ = (text);                                                              \
        assert_int_equal(text_.n, strlen(expected));                                               \
        assert_memory_equal(text_.p, expected, text_.n);                                           \
    } while (0)

/* #Strings, and where each text begins in it. */
#define STRINGS                                                                                    \
    "\0A\0B\0C\0Lab\0System.Web\0IHttpModule\0HttpTaskAsyncHandler\0"                              \
    "PreApplicationStartMethodAttribute"
enum { NO_TEXT, A = 1, B = 3, C = 5, LAB = 7, WEB = 11, MODULE = 22, TASK = 34, START = 55 };

/* Numbers of tables, II.22. */
enum { TYPE_REF = 1, TYPE_DEF, INTERFACE_IMPL = 9, MEMBER_REF, CUSTOM_ATTRIBUTE = 12 };
enum { TYPE_SPEC = 0x1B, ASSEMBLY = 0x20, ASSEMBLY_REF = 0x23, NESTED_CLASS = 0x29 };

/* Tags of II.24.2.6. */
#define DEF(row) ((row) << 2)
#define REF(row) ((row) << 2 | 1)
#define SPEC(row) ((row) << 2 | 2)

struct rows {
    uint8_t *p; /* owned */
    size_t n, cap;
    struct made_clr clr;
};

static void rows_begin(struct rows *rows, const char *blobs, size_t n_blobs)
{
    *rows = (struct rows){.cap = 20u << 20};
    rows->p = malloc(rows->cap);
    assert_non_null(rows->p);
    rows->clr.strings = STRINGS;
    rows->clr.n_strings = sizeof STRINGS;
    rows->clr.blobs = blobs;
    rows->clr.n_blobs = n_blobs;
}

/* A row of 16-bit columns. Tables are added in the order of their numbers. */
static void add(struct rows *rows, unsigned table, unsigned n, const unsigned *columns)
{
    assert_true(rows->n + 2 * (size_t)n <= rows->cap);
    rows->clr.rows[table]++;
    for (unsigned i = 0; i < n; i++) {
        uint16_t value = (uint16_t)columns[i];
        memcpy(rows->p + rows->n, &value, 2);
        rows->n += 2;
    }
}

static void add_ref(struct rows *rows, unsigned name)
{
    add(rows, TYPE_REF, 3, (const unsigned[]){0, name, WEB});
}

static void add_def(struct rows *rows, unsigned flags, unsigned name, unsigned space, unsigned base)
{
    add(rows, TYPE_DEF, 7, (const unsigned[]){flags, 0, name, space, base, 0, 0});
}

static void add_pair(struct rows *rows, unsigned table, unsigned first, unsigned second)
{
    add(rows, table, 2, (const unsigned[]){first, second});
}

/* Makes the file, frees the rows, reads it. */
static void finish(struct rows *rows, struct made *made)
{
    made_begin(made, false, 0x4000 + rows->n + rows->clr.n_strings + rows->clr.n_blobs);
    rows->clr.tables = rows->p;
    rows->clr.n_tables = rows->n;
    made_clr(made, &rows->clr);
    free(rows->p);
    made_read(made);
}

static void finish_at(struct rows *rows, struct made *made, bool is_past)
{
    finish(rows, made);
    assert_int_equal(made_damage(made, IW_PE_DAMAGE_LIMIT) != 0, is_past);
    assert_int_equal(made_damage(made, IW_PE_DAMAGE_METADATA), 0);
}

/* A extends System.Web.HttpTaskAsyncHandler, B extends A, C extends B with generic arguments. */
static void by_base(void **state)
{
    static const char blobs[] = "\0\4\x15\x12\x0C\1"; /* GENERICINST CLASS TypeDef 3 */
    struct rows rows;
    struct made made;
    (void)state;
    rows_begin(&rows, blobs, sizeof blobs);
    add_ref(&rows, TASK);
    add_def(&rows, 0, NO_TEXT, NO_TEXT, 0);
    add_def(&rows, 0x81, A, LAB, REF(1));
    add_def(&rows, 1, B, LAB, DEF(2));
    add_def(&rows, 0, C, NO_TEXT, SPEC(1));
    add(&rows, TYPE_SPEC, 1, (const unsigned[]){1});
    finish(&rows, &made);
    assert_int_equal(iw_pe_damage_total(&made.pe), 0);
    assert_str(made.pe.clr.runtime, "v4.test");
    assert_int_equal(made.pe.clr.n_types, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(made.pe.clr.types[i].roles, IW_CLR_HANDLER | IW_CLR_ASYNC_HANDLER);
        assert_int_equal(made.pe.clr.types[i].own_roles, 0);
    }
    assert_str(made.pe.clr.types[0].name, "Lab.A");
    assert_str(made.pe.clr.types[0].base, "System.Web.HttpTaskAsyncHandler");
    assert_true(made.pe.clr.types[0].is_abstract && made.pe.clr.types[0].is_public);
    assert_str(made.pe.clr.types[2].name, "C");
    assert_str(made.pe.clr.types[2].base, "Lab.B");
    assert_false(made.pe.clr.types[2].is_public);
    assert_int_equal(made.pe.components, IW_PE_MANAGED_HANDLER);
    made_done(&made);
}

/* Interface A extends IHttpModule; B implements A alone, as only hand-written IL does; C stands in
 * B and extends it. Rows of InterfaceImpl in the unlucky order. */
static void by_interface_and_nested(void **state)
{
    struct rows rows;
    struct made made;
    (void)state;
    rows_begin(&rows, "", 1);
    add_ref(&rows, MODULE);
    add_def(&rows, 0xA1, A, LAB, 0);
    add_def(&rows, 1, B, LAB, 0);
    add_def(&rows, 2, C, NO_TEXT, DEF(2));
    add_pair(&rows, INTERFACE_IMPL, 2, DEF(1));
    add_pair(&rows, INTERFACE_IMPL, 1, REF(1));
    add_pair(&rows, NESTED_CLASS, 3, 2);
    finish(&rows, &made);
    assert_int_equal(iw_pe_damage_total(&made.pe), 0);
    assert_int_equal(made.pe.clr.n_types, 3);
    assert_true(made.pe.clr.types[0].is_interface);
    assert_str(made.pe.clr.types[1].name, "Lab.B");
    assert_int_equal(made.pe.clr.types[1].own_roles, IW_CLR_MODULE);
    assert_str(made.pe.clr.types[2].name, "Lab.B+C");
    assert_true(made.pe.clr.types[2].is_public);
    assert_int_equal(made.pe.clr.types[2].roles, IW_CLR_MODULE);
    assert_int_equal(made.pe.clr.types[2].own_roles, 0);
    made_done(&made);
}

/* The standard's own key, II.6.2.1.3, has the token everybody knows. */
static void token(void **state)
{
    static const char blobs[] = "\0\x10\0\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0";
    struct rows rows;
    struct made made;
    (void)state;
    rows_begin(&rows, blobs, sizeof blobs);
    add(&rows, ASSEMBLY, 11, (const unsigned[]){0, 0, 4, 3, 2, 1, 1, 0, 1, LAB, NO_TEXT});
    add(&rows, ASSEMBLY_REF, 10, (const unsigned[]){4, 0, 0, 0, 1, 0, 1, A, NO_TEXT, 0});
    finish(&rows, &made);
    assert_int_equal(iw_pe_damage_total(&made.pe), 0);
    assert_str(made.pe.clr.assembly.name, "Lab");
    assert_memory_equal(made.pe.clr.assembly.version, ((uint16_t[]){4, 3, 2, 1}), 8);
    assert_memory_equal(made.pe.clr.assembly.token, "\xB7\x7A\x5C\x56\x19\x34\xE0\x89", 8);
    assert_memory_equal(made.pe.clr.refs[0].token, "\xB7\x7A\x5C\x56\x19\x34\xE0\x89", 8);
    made_done(&made);
}

static void loops_and_nonsense(void **state)
{
    struct rows rows;
    struct made made;
    (void)state;
    rows_begin(&rows, "", 1);
    add_ref(&rows, MODULE);
    add_def(&rows, 1, A, LAB, DEF(2));
    add_def(&rows, 1, B, LAB, DEF(1)); /* A and B extend one another */
    add_def(&rows, 1, C, LAB, DEF(9)); /* no such row */
    add_pair(&rows, INTERFACE_IMPL, 2, REF(1));
    finish(&rows, &made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_LOOP), 1);
    assert_true(made_damage(&made, IW_PE_DAMAGE_METADATA) >= 1);
    assert_int_equal(made.pe.clr.n_types, 2);
    assert_str(made.pe.clr.types[1].name, "Lab.B");
    made_done(&made);
}

static void huge_counts(void **state)
{
    struct rows rows;
    struct made made;
    (void)state;
    rows_begin(&rows, "", 1);
    add_ref(&rows, MODULE);
    rows.clr.rows[TYPE_DEF] = 0xFFFFFFFF;
    finish(&rows, &made);
    assert_true(made_damage(&made, IW_PE_DAMAGE_METADATA) >= 1);
    assert_int_equal(made.pe.clr.n_types, 0);
    made_done(&made);
}

static void streams_and_refs(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct rows rows;
        struct made made;
        rows_begin(&rows, "", 1);
        rows.clr.n_streams = IW_LIMIT_CLR_STREAMS + past;
        finish_at(&rows, &made, past != 0);
        made_done(&made);
        rows_begin(&rows, "", 1);
        for (unsigned i = 0; i < IW_LIMIT_CLR_ASSEMBLY_REFS + past; i++)
            add(&rows, ASSEMBLY_REF, 10, (const unsigned[]){4, 0, 0, 0, 0, 0, 0, A, NO_TEXT, 0});
        finish_at(&rows, &made, past != 0);
        assert_int_equal(made.pe.clr.n_refs, IW_LIMIT_CLR_ASSEMBLY_REFS);
        made_done(&made);
    }
}

static void table_rows(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct rows rows;
        struct made made;
        rows_begin(&rows, "", 1);
        rows.clr.rows[TYPE_DEF] = IW_LIMIT_CLR_ROWS + past;
        rows.n = 16 * (size_t)rows.clr.rows[TYPE_DEF]; /* the base is four bytes wide by now */
        memset(rows.p, 0, rows.n);
        finish_at(&rows, &made, past != 0);
        made_done(&made);
    }
}

static void types(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct rows rows;
        struct made made;
        rows_begin(&rows, "", 1);
        add_ref(&rows, TASK);
        for (unsigned i = 0; i < IW_LIMIT_CLR_TYPES + past; i++)
            add_def(&rows, 1, A, LAB, REF(1));
        finish_at(&rows, &made, past != 0);
        assert_int_equal(made.pe.clr.n_types, IW_LIMIT_CLR_TYPES);
        made_done(&made);
    }
}

/* A chain of classes, each with the one behind it as its base, the last with IHttpModule's. */
static void bases(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        unsigned n = IW_LIMIT_CLR_BASES + past;
        struct rows rows;
        struct made made;
        rows_begin(&rows, "", 1);
        add_ref(&rows, TASK);
        for (unsigned i = 1; i <= n; i++)
            add_def(&rows, 1, A, LAB, i < n ? DEF(i + 1) : REF(1));
        finish_at(&rows, &made, past != 0);
        assert_int_equal(made.pe.clr.n_types, past != 0 ? 1 : n);
        made_done(&made);
    }
}

static void nested(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        unsigned n = IW_LIMIT_CLR_NESTED_TYPES + 1 + past;
        struct rows rows;
        struct made made;
        rows_begin(&rows, "", 1);
        add_ref(&rows, TASK);
        for (unsigned i = 1; i <= n; i++)
            add_def(&rows, 2, A, NO_TEXT, i < n ? 0 : REF(1));
        for (unsigned i = 2; i <= n; i++)
            add_pair(&rows, NESTED_CLASS, i, i - 1);
        finish_at(&rows, &made, past != 0);
        /* The innermost names, joined by +. */
        assert_int_equal(made.pe.clr.types[0].name.n, 2 * (IW_LIMIT_CLR_NESTED_TYPES + 1) - 1);
        made_done(&made);
    }
}

/* Interfaces that extend the one before, in the unlucky order: one look at all rows learns one. */
static void interface_depth(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        unsigned n = IW_LIMIT_CLR_INTERFACE_DEPTH + past;
        struct rows rows;
        struct made made;
        rows_begin(&rows, "", 1);
        add_ref(&rows, MODULE);
        for (unsigned i = 1; i <= n; i++)
            add_def(&rows, 0xA1, A, LAB, 0);
        for (unsigned i = n; i >= 1; i--)
            add_pair(&rows, INTERFACE_IMPL, i, i == 1 ? REF(1) : DEF(i - 1));
        finish_at(&rows, &made, past != 0);
        made_done(&made);
    }
}

static void starts(void **state)
{
    static const char blobs[] = "\0\6\1\0\1T\1M"; /* mark, "T", "M" */
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct rows rows;
        struct made made;
        rows_begin(&rows, blobs, sizeof blobs);
        add_ref(&rows, START);
        add(&rows, MEMBER_REF, 3, (const unsigned[]){1 << 3 | 1, 0, 0});
        for (unsigned i = 0; i < IW_LIMIT_CLR_STARTS + past; i++)
            add(&rows, CUSTOM_ATTRIBUTE, 3, (const unsigned[]){1 << 5 | 14, 1 << 3 | 3, 1});
        finish_at(&rows, &made, past != 0);
        assert_int_equal(made.pe.clr.n_starts, IW_LIMIT_CLR_STARTS);
        assert_str(made.pe.clr.starts[0].type, "T");
        assert_str(made.pe.clr.starts[0].method, "M");
        assert_int_equal(made.pe.components, IW_PE_AUTOSTART);
        made_done(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_base),         cmocka_unit_test(by_interface_and_nested),
        cmocka_unit_test(token),           cmocka_unit_test(loops_and_nonsense),
        cmocka_unit_test(huge_counts),     cmocka_unit_test(streams_and_refs),
        cmocka_unit_test(table_rows),      cmocka_unit_test(types),
        cmocka_unit_test(bases),           cmocka_unit_test(nested),
        cmocka_unit_test(interface_depth), cmocka_unit_test(starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
