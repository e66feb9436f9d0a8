/*
 * What the reader finds in sound files of every kind: the lab's options are what is expected.
 * Further facts are checked on images made by hand, with their source beside them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/pe/lab_pe.h"
#include "tests/unit/iis/pe_make.h"

#define assert_str(text, expected)                                                                 \
    do {                                                                                           \
        struct iw_str text_ = (text);                                                              \
        assert_int_equal(text_.n, strlen(expected));                                               \
        assert_memory_equal(text_.p, expected, text_.n);                                           \
    } while (0)

struct sample {
    struct iw_lab_pe file;
    struct iw_arena arena;
    struct iw_pe pe;
};

static void sample_open(struct sample *sample, const struct iw_lab_pe_options *options)
{
    const struct iw_pe_options both = {true, true};
    iw_lab_pe_build(&sample->file, options);
    iw_arena_init(&sample->arena, 0);
    assert_int_equal(
        iw_pe_read((struct iw_str){(const char *)sample->file.bytes, sample->file.size_bytes},
                   &both, &sample->arena, &sample->pe, NULL),
        IW_OK);
    assert_int_equal(iw_pe_damage_total(&sample->pe), 0);
}

static void sample_close(struct sample *sample)
{
    iw_arena_done(&sample->arena);
    iw_lab_pe_done(&sample->file);
}

static void kinds(void **state)
{
    static const uint32_t expected[IW_LAB_PE_N_KINDS] = {
        [IW_LAB_PE_NATIVE_MODULE] = IW_PE_NATIVE_MODULE,
        [IW_LAB_PE_FILTER] = IW_PE_ISAPI_FILTER,
        [IW_LAB_PE_EXTENSION] = IW_PE_ISAPI_EXTENSION,
        [IW_LAB_PE_MANAGED_MODULE] = IW_PE_MANAGED_MODULE,
        [IW_LAB_PE_MANAGED_HANDLER] = IW_PE_MANAGED_HANDLER,
        [IW_LAB_PE_AUTOSTART] = IW_PE_MANAGED_MODULE | IW_PE_AUTOSTART,
    };
    (void)state;
    for (int kind = 0; kind < IW_LAB_PE_N_KINDS; kind++) {
        for (int is_32 = 0; is_32 < 2; is_32++) {
            struct sample sample;
            sample_open(&sample, &(struct iw_lab_pe_options){.kind = (enum iw_lab_pe_kind)kind,
                                                             .is_32 = is_32 != 0});
            assert_int_equal(sample.pe.components, expected[kind]);
            assert_int_equal(sample.pe.is_64, is_32 == 0);
            assert_int_equal(sample.pe.machine, is_32 != 0 ? 0x14C : 0x8664);
            assert_int_equal(sample.pe.checksum_computed, sample.pe.checksum_stored);
            assert_int_equal(sample.pe.clr.is_present, kind >= IW_LAB_PE_MANAGED);
            sample_close(&sample);
        }
    }
}

static void headers(void **state)
{
    struct sample sample;
    (void)state;
    sample_open(&sample, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_NATIVE_MODULE,
                                                     .timestamp = 1767607200,
                                                     .filling_bytes = 4096,
                                                     .pdb = "D:\\build\\cachport.pdb"});
    assert_int_equal(sample.pe.timestamp, 1767607200);
    assert_int_not_equal(sample.pe.checksum_stored, 0);
    assert_int_equal(sample.pe.overlay.size_bytes, 0);
    assert_int_equal(sample.pe.security.size_bytes, 0);
    assert_str(sample.pe.pdb.path, "D:\\build\\cachport.pdb");
    assert_str(sample.pe.sections[0].name, ".text");
    for (uint32_t i = 0; i < sample.pe.n_sections; i++) {
        const struct iw_pe_section *section = &sample.pe.sections[i];
        bool is_filling = iw_str_equal(section->name, IW_STR(".data"));
        assert_true(section->entropy >= 0 && section->entropy <= 8);
        /* 4096 bytes drawn evenly from 64 values: a little below 6 bits. */
        assert_true(!is_filling || (section->entropy > 5.9F && section->entropy < 6.1F));
    }
    sample_close(&sample);
}

static void exports(void **state)
{
    static const char *const names[] = {"Alpha", "_RegisterModule@12", "forward=KERNEL32.Sleep",
                                        NULL};
    struct sample sample;
    (void)state;
    sample_open(&sample, &(struct iw_lab_pe_options){
                             .kind = IW_LAB_PE_LIBRARY, .name = "cachport.dll", .exports = names});
    assert_str(sample.pe.export_name, "cachport.dll");
    assert_int_equal(sample.pe.n_exports, 3);
    assert_str(sample.pe.exports[0].name, "Alpha");
    assert_int_equal(sample.pe.exports[0].ordinal, 1);
    assert_str(sample.pe.exports[1].name, "_RegisterModule@12");
    assert_str(sample.pe.exports[2].forwarder, "KERNEL32.Sleep");
    assert_int_equal(sample.pe.components, IW_PE_NATIVE_MODULE);
    assert_true(sample.pe.has_decorated_component);
    assert_false(sample.pe.has_forwarded_component);
    sample_close(&sample);
}

static void forwarded_module(void **state)
{
    static const char *const names[] = {"RegisterModule=other.RegisterModule", NULL};
    static const char *const half[] = {"GetFilterVersion", "HttpExtensionProc", "RegisterModule@",
                                       "_RegisterModuleX@12", NULL};
    struct sample sample;
    (void)state;
    sample_open(&sample, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY, .exports = names});
    assert_int_equal(sample.pe.components, IW_PE_NATIVE_MODULE);
    assert_true(sample.pe.has_forwarded_component);
    assert_false(sample.pe.has_decorated_component);
    sample_close(&sample);
    sample_open(&sample, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY, .exports = half});
    assert_int_equal(sample.pe.components, 0);
    sample_close(&sample);
}

static void imports(void **state)
{
    static const char *const names[] = {"WS2_32.dll!socket", "WS2_32.dll!connect",
                                        "KERNEL32.dll!CreateProcessW", NULL};
    /* md5sum of "ws2_32.socket,ws2_32.connect,kernel32.createprocessw" */
    static const uint8_t expected[16] = {0x15, 0xDB, 0xAD, 0xFE, 0x7D, 0xC6, 0x1D, 0x0B,
                                         0x6A, 0x14, 0x0E, 0xDE, 0xCD, 0x0C, 0xD4, 0xC6};
    struct sample sample;
    (void)state;
    sample_open(&sample, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY, .imports = names});
    assert_int_equal(sample.pe.n_libraries, 2);
    assert_str(sample.pe.libraries[0].name, "WS2_32.dll");
    assert_int_equal(sample.pe.libraries[0].n_imports, 2);
    assert_str(sample.pe.libraries[0].imports[1].name, "connect");
    assert_str(sample.pe.libraries[1].imports[0].name, "CreateProcessW");
    assert_true(sample.pe.has_imphash);
    assert_memory_equal(sample.pe.imphash, expected, sizeof expected);
    sample_close(&sample);
}

static void version(void **state)
{
    struct sample sample;
    const struct iw_pe_version *found = &sample.pe.version;
    (void)state;
    sample_open(&sample, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY,
                                                     .company = "Größe GmbH",
                                                     .version = "10.0.20348.65535"});
    assert_true(found->has_fixed);
    assert_memory_equal(found->file, ((uint16_t[]){10, 0, 20348, 65535}), 8);
    assert_true(found->n_texts >= 2);
    assert_str(found->texts[0].language, "040904B0");
    assert_str(found->texts[0].key, "CompanyName");
    assert_str(found->texts[0].value, "Größe GmbH");
    sample_close(&sample);
}

static void managed(void **state)
{
    struct sample sample;
    const struct iw_clr *clr = &sample.pe.clr;
    (void)state;
    sample_open(&sample, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_AUTOSTART,
                                                     .name = "Shop.dll",
                                                     .version = "1.2.3.4",
                                                     .type_name = "Shop.Web.Thing"});
    assert_true(clr->is_assembly);
    assert_str(clr->assembly.name, "Shop");
    assert_memory_equal(clr->assembly.version, ((uint16_t[]){1, 2, 3, 4}), 8);
    assert_false(clr->assembly.has_token);
    assert_int_equal(clr->n_refs, 2);
    assert_str(clr->refs[1].name, "System.Web");
    assert_true(clr->refs[1].has_token);
    assert_memory_equal(clr->refs[1].token, "\xB0\x3F\x5F\x7F\x11\xD5\x0A\x3A", 8);
    assert_int_equal(clr->n_types, 1);
    assert_str(clr->types[0].name, "Shop.Web.Thing");
    assert_str(clr->types[0].base, "System.Object");
    assert_int_equal(clr->types[0].roles, IW_CLR_MODULE);
    assert_int_equal(clr->types[0].own_roles, IW_CLR_MODULE);
    assert_true(clr->types[0].is_public);
    assert_int_equal(clr->n_starts, 1);
    assert_str(clr->starts[0].type, "Shop.Web.Thing");
    assert_str(clr->starts[0].method, "Start");
    sample_close(&sample);
}

/* By ordinal; a name for wsock32's, ordN for others; md5sum of "wsock32.socket,other.ord7". Delayed
 * imports, new form (RVA) and old (addresses), are no part of it. */
static void ordinals_and_delayed(void **state)
{
    static const uint8_t expected[16] = {0x23, 0xFB, 0x9B, 0x3F, 0xA7, 0x0C, 0xC5, 0xE6,
                                         0x2C, 0x4A, 0xC0, 0x65, 0x3E, 0x9B, 0x08, 0xD1};
    struct made made;
    (void)state;
    made_begin(&made, false, 0x3000);
    made_u32(&made, 0x40 + 24 + 28, 0x10000000); /* base of the image */
    made_directory(&made, 1, 0x1100, 60);
    for (uint32_t i = 0; i < 2; i++) {
        made_u32(&made, 0x1100 + 20 * i + 12, 0x1300 + 0x20 * i);
        made_u32(&made, 0x1100 + 20 * i + 16, 0x1200 + 0x10 * i);
    }
    made_u32(&made, 0x1200, 0x80000000 | 23);
    made_u32(&made, 0x1210, 0x80000000 | 7);
    made_text(&made, 0x1300, "WSOCK32.dll");
    made_text(&made, 0x1320, "other.DLL");
    made_directory(&made, 13, 0x1400, 96);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t base = i == 0 ? 0 : 0x10000000;
        made_u32(&made, 0x1400 + 32 * i, i == 0 ? 1 : 0);
        made_u32(&made, 0x1400 + 32 * i + 4, base + 0x1500);
        made_u32(&made, 0x1400 + 32 * i + 12, base + 0x1520);
        made_u32(&made, 0x1400 + 32 * i + 16, base + 0x1530);
    }
    made_text(&made, 0x1500, "late.dll");
    made_u32(&made, 0x1520, 0x80000000 | 1);
    made_u32(&made, 0x1530, 0x1540);
    made_u16(&made, 0x1540, 9);
    made_text(&made, 0x1542, "Late");
    made_read(&made);
    assert_int_equal(iw_pe_damage_total(&made.pe), 0);
    assert_int_equal(made.pe.n_libraries, 4);
    assert_true(made.pe.libraries[0].imports[0].is_by_ordinal);
    assert_int_equal(made.pe.libraries[0].imports[0].ordinal, 23);
    assert_memory_equal(made.pe.imphash, expected, sizeof expected);
    for (uint32_t i = 2; i < 4; i++) {
        assert_true(made.pe.libraries[i].is_delayed);
        assert_str(made.pe.libraries[i].name, "late.dll");
        assert_int_equal(made.pe.libraries[i].n_imports, 1);
        assert_str(made.pe.libraries[i].imports[0].name, "Late");
        assert_int_equal(made.pe.libraries[i].imports[0].ordinal, 9);
    }
    made_done(&made);
}

/* Certificates are a place in the file behind all sections, not an address. */
static void overlay_and_security(void **state)
{
    struct made made;
    (void)state;
    made_begin(&made, true, 0x2100);
    made_u32(&made, made_directory_at(&made, 16) + 8, 0x1000);
    made_u32(&made, made_directory_at(&made, 16) + 16, 0x1000);
    made_directory(&made, 4, 0x2080, 0x80);
    made_read(&made);
    assert_int_equal(iw_pe_damage_total(&made.pe), 0);
    assert_int_equal(made.pe.overlay.offset, 0x2000);
    assert_int_equal(made.pe.overlay.size_bytes, 0x100);
    assert_int_equal(made.pe.security.offset, 0x2080);
    assert_int_equal(made.pe.security.size_bytes, 0x80);
    made_directory(&made, 4, 0x2080, 0x81);
    made_read(&made);
    assert_int_equal(made.pe.security.size_bytes, 0);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_TABLE), 1);
    made_done(&made);
}

static void no_pe_file(void **state)
{
    char dos[128] = "MZ";
    struct iw_arena arena;
    struct iw_pe pe;
    struct iw_error err;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_pe_read(IW_STR(""), NULL, &arena, &pe, &err), IW_EFORMAT);
    assert_int_equal(iw_pe_read(IW_STR("ZM"), NULL, &arena, &pe, &err), IW_EFORMAT);
    dos[60] = 64;
    dos[64] = 'N';
    dos[65] = 'E';
    assert_int_equal(iw_pe_read((struct iw_str){dos, sizeof dos}, NULL, &arena, &pe, &err),
                     IW_EFORMAT);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),
        cmocka_unit_test(headers),
        cmocka_unit_test(exports),
        cmocka_unit_test(forwarded_module),
        cmocka_unit_test(imports),
        cmocka_unit_test(version),
        cmocka_unit_test(managed),
        cmocka_unit_test(ordinals_and_delayed),
        cmocka_unit_test(overlay_and_security),
        cmocka_unit_test(no_pe_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
