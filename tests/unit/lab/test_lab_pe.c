/*
 * The lab's PE files: headers that agree, tables as asked for, sizes at their edges. Offsets are
 * those of the Microsoft PE/COFF specification and of ECMA-335 II.24-25.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/lab/pe_walk.h"

#define MARK "IISWARDEN-LAB SYNTHETIC"
#define NO_NAMES ((const char *const[]){NULL})

static const struct {
    enum iw_lab_pe_kind kind;
    bool is_managed;
    const char *exports[4]; /* in the order of their bytes */
} kinds[] = {
    {IW_LAB_PE_PROGRAM, false, {NULL}},
    {IW_LAB_PE_LIBRARY, false, {"GetLibraryVersion"}},
    {IW_LAB_PE_NATIVE_MODULE, false, {"RegisterModule"}},
    {IW_LAB_PE_FILTER, false, {"GetFilterVersion", "HttpFilterProc", "TerminateFilter"}},
    {IW_LAB_PE_EXTENSION,
     false,
     {"GetExtensionVersion", "HttpExtensionProc", "TerminateExtension"}},
    {IW_LAB_PE_MANAGED, true, {NULL}},
    {IW_LAB_PE_MANAGED_MODULE, true, {NULL}},
    {IW_LAB_PE_MANAGED_HANDLER, true, {NULL}},
    {IW_LAB_PE_AUTOSTART, true, {NULL}},
};

/* Sections follow each other without holes, in the file and in memory; sizes in the header add up.
 */
static void check_layout(const struct pe_view *view)
{
    uint32_t file_offset = walk_u32(view, view->optional + 60);
    uint32_t rva = 0x1000, code_bytes = 0, data_bytes = 0;
    assert_int_equal(file_offset % 0x200, 0);
    for (uint32_t i = 0; i < view->n_sections; i++) {
        const struct pe_section *section = &view->sections[i];
        assert_int_equal(section->file_offset, file_offset);
        assert_int_equal(section->rva, rva);
        assert_int_equal(section->raw_bytes % 0x200, 0);
        assert_in_range(section->virtual_bytes, 1, section->raw_bytes);
        file_offset += section->raw_bytes;
        rva += (section->virtual_bytes + 0xFFF) / 0x1000 * 0x1000;
        *(strcmp(section->name, ".text") == 0 ? &code_bytes : &data_bytes) += section->raw_bytes;
    }
    assert_int_equal(file_offset, view->size_bytes);
    assert_int_equal(walk_u32(view, view->optional + 4), code_bytes);
    assert_int_equal(walk_u32(view, view->optional + 8), data_bytes);
    assert_int_equal(walk_u32(view, view->optional + 56), rva);
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t start = walk_directory(view, i),
                 size_bytes = walk_u32(view, walk_directory_at(view, i) + 4);
        assert_int_equal(start == 0, size_bytes == 0);
        if (start != 0) {
            assert_int_equal(walk_offset(view, start + size_bytes - 1),
                             walk_offset(view, start) + size_bytes - 1);
        }
    }
}

/* By 32-bit words with end-around carry, folded at the end: another way to the same sum. */
static void check_checksum(const struct pe_view *view)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < view->size_bytes; i += 4) {
        sum += i == view->optional + 64 ? 0 : walk_u32(view, i);
    }
    while (sum > 0xFFFF) {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    assert_int_equal(walk_u32(view, view->optional + 64), sum + view->size_bytes);
}

static void check_exports(const struct pe_view *view, const char *name, const char *const *exports)
{
    if (exports[0] == NULL) {
        assert_int_equal(walk_directory(view, 0), 0);
        return;
    }
    size_t table = walk_offset(view, walk_directory(view, 0));
    assert_string_equal(walk_text(view, walk_u32(view, table + 12)), name);
    uint32_t n_names = walk_u32(view, table + 24);
    assert_int_equal(walk_u32(view, table + 20), n_names);
    for (uint32_t i = 0; i < n_names; i++) {
        assert_non_null(exports[i]);
        uint32_t pointer = walk_u32(view, walk_offset(view, walk_u32(view, table + 32) + 4 * i));
        assert_string_equal(walk_text(view, pointer), exports[i]);
        uint16_t index = walk_u16(view, walk_offset(view, walk_u32(view, table + 36) + 2 * i));
        assert_in_range(index, 0, n_names - 1);
        size_t code = walk_offset(
            view, walk_u32(view, walk_offset(view, walk_u32(view, table + 28) + 4U * index)));
        assert_memory_equal(view->bytes + code, "\x33\xC0", 2); /* xor eax, eax; then ret */
        assert_true(view->bytes[code + 2] == 0xC3 || view->bytes[code + 2] == 0xC2);
    }
    assert_null(exports[n_names]);
}

static void check_imports(const struct pe_view *view, const char *const *imports)
{
    char found[512];
    uint32_t n_found = 0;
    for (; walk_import(view, n_found, found, sizeof found); n_found++) {
        assert_non_null(imports[n_found]);
        assert_string_equal(found, imports[n_found]);
    }
    assert_null(imports[n_found]);
}

static uint64_t bit(unsigned n)
{
    return UINT64_C(1) << n;
}

static void check_metadata(const struct pe_view *view, enum iw_lab_pe_kind kind)
{
    bool is_handler = kind == IW_LAB_PE_MANAGED_HANDLER;
    bool is_module = kind == IW_LAB_PE_MANAGED_MODULE || kind == IW_LAB_PE_AUTOSTART;
    uint64_t expected =
        bit(0x00) | bit(0x01) | bit(0x02) | bit(0x06) | bit(0x0A) | bit(0x20) | bit(0x23);
    expected |= is_handler || is_module ? bit(0x08) | bit(0x09) : 0;
    expected |= is_handler ? bit(0x15) | bit(0x17) | bit(0x18) : 0;
    expected |= kind == IW_LAB_PE_AUTOSTART ? bit(0x0C) : 0;
    size_t header = walk_offset(view, walk_directory(view, 14));
    assert_int_equal(walk_u32(view, header), 72);
    assert_int_equal(walk_u32(view, header + 16), view->is_32 ? 3 : 1);
    uint32_t size_bytes;
    size_t tables = walk_stream(view, "#~", &size_bytes);
    assert_int_equal(walk_u32(view, tables + 8), (uint32_t)expected);
    assert_int_equal(walk_u32(view, tables + 12), expected >> 32);
    walk_stream(view, "#US", &size_bytes);
    walk_stream(view, "#Blob", &size_bytes);
    walk_stream(view, "#GUID", &size_bytes);
    assert_int_equal(size_bytes, 16);
    size_t strings = walk_stream(view, "#Strings", &size_bytes);
    const struct pe_view heap = {.bytes = view->bytes + strings, .size_bytes = size_bytes};
    assert_int_equal(walk_contains(&heap, "\0IHttpModule", 13), is_module);
    assert_int_equal(walk_contains(&heap, "\0IHttpHandler", 14), is_handler);
    assert_int_equal(walk_contains(&heap, "\0PreApplicationStartMethodAttribute", 36),
                     kind == IW_LAB_PE_AUTOSTART);
    assert_int_equal(walk_contains(&heap, "\0System.Web", 12), is_module || is_handler);
    assert_true(walk_contains(&heap, "\0thing", 7));
    assert_true(walk_contains(&heap, "\0Lab", 5));
}

/* A String of StringFileInfo: its length, that of the text in characters, type 1, key, text. */
static bool has_version_text(const struct pe_view *view, const char *key, const char *text)
{
    uint8_t bytes[512] = {0};
    size_t key_bytes = 2 * (strlen(key) + 1), text_units = strlen(text) + 1;
    size_t text_offset = (6 + key_bytes + 3) / 4 * 4;
    size_t size_bytes = text_offset + 2 * text_units;
    assert_true(size_bytes < 256);
    bytes[0] = (uint8_t)size_bytes;
    bytes[2] = (uint8_t)text_units;
    bytes[4] = 1;
    for (size_t i = 0; key[i] != '\0'; i++) {
        bytes[6 + 2 * i] = (uint8_t)key[i];
    }
    for (size_t i = 0; text[i] != '\0'; i++) {
        bytes[text_offset + 2 * i] = (uint8_t)text[i];
    }
    return walk_contains(view, bytes, size_bytes);
}

static void test_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof kinds / sizeof kinds[0]; i++) {
        bool is_32 = i % 2;
        enum iw_lab_pe_kind kind = kinds[i / 2].kind;
        struct iw_lab_pe pe;
        iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = kind,
                                                         .is_32 = is_32,
                                                         .name = "thing.dll",
                                                         .company = "Company",
                                                         .product = "Product",
                                                         .description = "Described",
                                                         .version = "1.2.3.4",
                                                         .original_name = "other.dll",
                                                         .timestamp = 0x12345678});
        struct pe_view view = walk_open(&pe);
        assert_int_equal(view.is_32, is_32);
        check_layout(&view);
        check_checksum(&view);
        check_exports(&view, "thing.dll", kinds[i / 2].exports);
        assert_int_equal(walk_u32(&view, view.optional - 16), 0x12345678);
        uint16_t characteristics = walk_u16(&view, view.optional - 2);
        assert_int_equal((characteristics & 0x2000) != 0, kind != IW_LAB_PE_PROGRAM);
        assert_int_equal(walk_directory(&view, 14) != 0, kinds[i / 2].is_managed);
        /* Only the jump to the runtime needs relocation, and only 32-bit files have it. */
        assert_int_equal(walk_directory(&view, 5) != 0, kinds[i / 2].is_managed && is_32);
        assert_int_equal(walk_u32(&view, view.optional + 16) == 0,
                         kinds[i / 2].is_managed && !is_32);
        assert_true(walk_contains(&view, MARK, sizeof MARK));
        assert_true(has_version_text(&view, "CompanyName", "Company"));
        assert_true(has_version_text(&view, "OriginalFilename", "other.dll"));
        assert_true(has_version_text(&view, "FileVersion", "1.2.3.4"));
        if (kinds[i / 2].is_managed) {
            check_metadata(&view, kind);
        }
        iw_lab_pe_done(&pe);
    }
}

static void test_runtime_jump(void **state)
{
    (void)state;
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_MANAGED, .is_32 = true});
    struct pe_view view = walk_open(&pe);
    check_imports(&view, (const char *const[]){"mscoree.dll!_CorDllMain", NULL});
    size_t entry = walk_offset(&view, walk_u32(&view, view.optional + 16));
    assert_int_equal(walk_u16(&view, entry), 0x25FF); /* jmp [address] */
    uint32_t base = walk_u32(&view, view.optional + 28);
    assert_int_equal(walk_u32(&view, entry + 2), base + walk_directory(&view, 12));
    size_t block = walk_offset(&view, walk_directory(&view, 5));
    uint32_t jump = walk_u32(&view, block) + (walk_u16(&view, block + 8) & 0xFFF);
    assert_int_equal(walk_u16(&view, block + 8) >> 12, 3);
    assert_int_equal(walk_offset(&view, jump), entry + 2);
    iw_lab_pe_done(&pe);
}

static void test_same_and_different_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct iw_lab_pe_options options = {.kind = kinds[i].kind, .name = "a.dll", .pdb = "a.pdb"};
        struct iw_lab_pe one, same, other;
        iw_lab_pe_build(&one, &options);
        iw_lab_pe_build(&same, &options);
        options.seed = 1;
        options.filling_bytes = 4096;
        iw_lab_pe_build(&other, &options);
        assert_int_equal(one.size_bytes, same.size_bytes);
        assert_memory_equal(one.bytes, same.bytes, one.size_bytes);
        iw_lab_pe_done(&same);
        options.seed = 2;
        iw_lab_pe_build(&same, &options);
        assert_int_equal(other.size_bytes, same.size_bytes);
        assert_memory_not_equal(other.bytes, same.bytes, same.size_bytes);
        iw_lab_pe_done(&one);
        iw_lab_pe_done(&same);
        iw_lab_pe_done(&other);
    }
}

static void test_given_exports_and_imports(void **state)
{
    (void)state;
    static const char *const exports[] = {"b", "_RegisterModule@12", "a", "B", "aa", NULL};
    static const char *const sorted[] = {"B", "_RegisterModule@12", "a", "aa", "b", NULL};
    static const char *const imports[] = {"WS2_32.dll!socket", "KERNEL32.dll!CreateProcessW",
                                          "ws2_32.dll!connect", NULL};
    static const char *const grouped[] = {"WS2_32.dll!socket", "WS2_32.dll!connect",
                                          "KERNEL32.dll!CreateProcessW", NULL};
    for (int is_32 = 0; is_32 <= 1; is_32++) {
        struct iw_lab_pe pe;
        iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_NATIVE_MODULE,
                                                         .is_32 = is_32,
                                                         .name = "x.dll",
                                                         .exports = exports,
                                                         .imports = imports});
        struct pe_view view = walk_open(&pe);
        check_layout(&view);
        check_exports(&view, "x.dll", sorted);
        check_imports(&view, grouped);
        iw_lab_pe_done(&pe);
    }
}

static void test_forwarded_export(void **state)
{
    (void)state;
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){
                             .kind = IW_LAB_PE_LIBRARY,
                             .exports = (const char *const[]){"Go=other.RegisterModule", NULL}});
    struct pe_view view = walk_open(&pe);
    size_t table = walk_offset(&view, walk_directory(&view, 0));
    uint32_t address = walk_u32(&view, walk_offset(&view, walk_u32(&view, table + 28)));
    uint32_t size_bytes = walk_u32(&view, walk_directory_at(&view, 0) + 4);
    /* An address inside the export directory is what tells the loader of a forwarder. */
    assert_in_range(address, walk_directory(&view, 0), walk_directory(&view, 0) + size_bytes - 1);
    assert_string_equal(walk_text(&view, address), "other.RegisterModule");
    uint32_t name = walk_u32(&view, walk_offset(&view, walk_u32(&view, table + 32)));
    assert_string_equal(walk_text(&view, name), "Go");
    iw_lab_pe_done(&pe);
}

static void test_nothing_but_the_filling(void **state)
{
    (void)state;
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY,
                                                     .exports = NO_NAMES,
                                                     .imports = NO_NAMES,
                                                     .filling_bytes = 1});
    struct pe_view view = walk_open(&pe);
    check_layout(&view);
    check_checksum(&view);
    assert_int_equal(view.n_sections, 2); /* .text and .data */
    assert_int_equal(view.sections[1].virtual_bytes, sizeof MARK);
    for (uint32_t i = 0; i < 16; i++) {
        assert_int_equal(walk_directory(&view, i), 0);
    }
    iw_lab_pe_done(&pe);
    iw_lab_pe_done(&pe);
    iw_lab_pe_done(NULL);
}

static void test_filling_sizes(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {
        sizeof MARK - 1, sizeof MARK, sizeof MARK + 1, 511, 512, 513, 4096, 4097, 1U << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct iw_lab_pe pe;
        iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_NATIVE_MODULE,
                                                         .filling_bytes = sizes[i]});
        struct pe_view view = walk_open(&pe);
        check_layout(&view);
        check_checksum(&view);
        uint32_t expected = sizes[i] < sizeof MARK ? sizeof MARK : sizes[i];
        assert_string_equal(view.sections[2].name, ".data");
        assert_int_equal(view.sections[2].virtual_bytes, expected);
        iw_lab_pe_done(&pe);
    }
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct iw_lab_pe pe;
        iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_PROGRAM, .seed = seed});
        assert_in_range(walk_open(&pe).sections[2].virtual_bytes, 2048, 8191);
        iw_lab_pe_done(&pe);
    }
}

static void test_many_exports(void **state)
{
    (void)state;
    enum { N_NAMES = 2000 };
    static char texts[N_NAMES][12];
    static const char *names[N_NAMES + 1];
    for (size_t i = 0; i < N_NAMES; i++) {
        snprintf(texts[i], sizeof texts[i], "name%05zu", i);
    }
    const char *sorted[N_NAMES + 1] = {NULL};
    for (size_t i = 0; i < N_NAMES; i++) {
        sorted[i] = texts[i];
        names[i] = texts[i * 7 % N_NAMES];
    }
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){
                             .kind = IW_LAB_PE_LIBRARY, .name = "many.dll", .exports = names});
    struct pe_view view = walk_open(&pe);
    check_layout(&view);
    check_exports(&view, "many.dll", sorted);
    iw_lab_pe_done(&pe);
}

/* Long texts everywhere: version texts are cut, the heap of names grows beyond 16-bit indexes. */
static void test_long_texts(void **state)
{
    (void)state;
    enum { SIZE_BYTES = 70000 };
    char *text = calloc(SIZE_BYTES + 1, 1);
    assert_non_null(text);
    memset(text, 'x', SIZE_BYTES);
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_AUTOSTART,
                                                     .name = text,
                                                     .company = text,
                                                     .product = text,
                                                     .description = text,
                                                     .version = text,
                                                     .original_name = text,
                                                     .pdb = text});
    struct pe_view view = walk_open(&pe);
    check_layout(&view);
    check_checksum(&view);
    uint32_t size_bytes;
    size_t tables = walk_stream(&view, "#~", &size_bytes);
    assert_int_equal(view.bytes[tables + 6], 5);       /* wide indexes of #Strings and #Blob */
    assert_int_equal(walk_u32(&view, tables + 24), 1); /* one Module */
    /* Version information is one block whose length must fit 16 bits. */
    size_t leaf = walk_offset(&view, walk_directory(&view, 2)) + 0x48;
    size_t info = walk_offset(&view, walk_u32(&view, leaf));
    assert_int_equal(walk_u16(&view, info), walk_u32(&view, leaf + 4));
    iw_lab_pe_done(&pe);
    free(text);
}

static void test_fixed_version(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint16_t words[4];
    } versions[] = {{"10.0.20348.1", {10, 0, 20348, 1}},
                    {"1.2", {1, 2, 0, 0}},
                    {"", {0, 0, 0, 0}},
                    {"7.70000.3.4.5", {7, 65535, 3, 4}},
                    {"text", {0, 0, 0, 0}},
                    {"6.1.7601.1 (win7)", {6, 1, 7601, 1}}};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct iw_lab_pe pe;
        iw_lab_pe_build(&pe, &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY,
                                                         .version = versions[i].text});
        struct pe_view view = walk_open(&pe);
        size_t leaf = walk_offset(&view, walk_directory(&view, 2)) + 0x48;
        size_t fixed = walk_offset(&view, walk_u32(&view, leaf)) + 40;
        assert_int_equal(walk_u32(&view, fixed), 0xFEEF04BD);
        for (size_t word = 0; word < 4; word++) {
            size_t at = fixed + 8 + 2 * (word ^ 1); /* the higher of each pair stands behind */
            assert_int_equal(walk_u16(&view, at), versions[i].words[word]);
            assert_int_equal(walk_u16(&view, at + 8), versions[i].words[word]);
        }
        assert_false(walk_contains(&view, "C\0o\0m\0p\0a\0n\0y", 13));
        assert_true(has_version_text(&view, "ProductVersion", versions[i].text));
        iw_lab_pe_done(&pe);
    }
}

static void test_pdb_path(void **state)
{
    (void)state;
    struct iw_lab_pe pe;
    iw_lab_pe_build(&pe,
                    &(struct iw_lab_pe_options){.kind = IW_LAB_PE_PROGRAM, .pdb = "D:\\x\\y.pdb"});
    struct pe_view view = walk_open(&pe);
    size_t entry = walk_offset(&view, walk_directory(&view, 6));
    uint32_t data = walk_u32(&view, entry + 20);
    assert_int_equal(walk_u32(&view, entry + 12), 2);
    assert_int_equal(walk_u32(&view, entry + 24), walk_offset(&view, data));
    assert_memory_equal(view.bytes + walk_offset(&view, data), "RSDS", 4);
    assert_string_equal(walk_text(&view, data + 24), "D:\\x\\y.pdb");
    assert_int_equal(walk_u32(&view, entry + 16), 24 + sizeof "D:\\x\\y.pdb");
    iw_lab_pe_done(&pe);
}

static void test_words_of_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum iw_lab_pe_kind kind;
    } known[] = {{"native", IW_LAB_PE_NATIVE_MODULE},
                 {"filter", IW_LAB_PE_FILTER},
                 {"extension", IW_LAB_PE_EXTENSION},
                 {"managed", IW_LAB_PE_MANAGED_MODULE},
                 {"managed-module", IW_LAB_PE_MANAGED_MODULE},
                 {"managed-handler", IW_LAB_PE_MANAGED_HANDLER},
                 {"autostart", IW_LAB_PE_AUTOSTART},
                 {"exe", IW_LAB_PE_PROGRAM},
                 {"dll", IW_LAB_PE_LIBRARY}};
    enum iw_lab_pe_kind kind = IW_LAB_PE_N_KINDS;
    assert_false(iw_lab_pe_kind_named("", &kind));
    assert_false(iw_lab_pe_kind_named("Native", &kind));
    assert_false(iw_lab_pe_kind_named("managed-", &kind));
    assert_int_equal(kind, IW_LAB_PE_N_KINDS);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_true(iw_lab_pe_kind_named(known[i].word, &kind));
        assert_int_equal(kind, known[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_runtime_jump),
        cmocka_unit_test(test_same_and_different_bytes),
        cmocka_unit_test(test_given_exports_and_imports),
        cmocka_unit_test(test_forwarded_export),
        cmocka_unit_test(test_nothing_but_the_filling),
        cmocka_unit_test(test_filling_sizes),
        cmocka_unit_test(test_many_exports),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_fixed_version),
        cmocka_unit_test(test_pdb_path),
        cmocka_unit_test(test_words_of_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
