/*
 * Prints what the reader of PE files makes of a file, one fact a line, for tests that compare it
 * with other tools. Bytes that would break a line are written \xNN.
 *
 *   pe_print FILE...          what is in them
 *   pe_print --time FILE...   read all, then how long that took, without printing
 * Exit status: 0; 1 when a file is no PE file or cannot be read.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/pe/pe.h"

static void put(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < 0x20 || c == '\\' || c == '\t')
            printf("\\x%02x", c);
        else
            putchar(c);
    }
}

static void put_hex(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%02x", bytes[i]);
}

/* word TAB text TAB text NEWLINE; an absent text is empty. */
static void line(const char *word, struct iw_str a, struct iw_str b)
{
    printf("%s\t", word);
    put(a);
    putchar('\t');
    put(b);
    putchar('\n');
}

static void print_headers(const struct iw_pe *pe)
{
    printf("machine\t%04x\t%s\n", pe->machine, pe->is_64 ? "64" : "32");
    printf("time\t%u\n", pe->timestamp);
    printf("checksum\t%08x\t%08x\n", pe->checksum_stored, pe->checksum_computed);
    for (uint32_t i = 0; i < pe->n_sections; i++) {
        const struct iw_pe_section *section = &pe->sections[i];
        printf("section\t");
        put(section->name);
        printf("\t%x\t%x\t%x\t%x\t%.3f\n", section->rva, section->virtual_bytes,
               section->file_offset, section->file_bytes, (double)section->entropy);
    }
    printf("overlay\t%llu\t%llu\n", (unsigned long long)pe->overlay.offset,
           (unsigned long long)pe->overlay.size_bytes);
    printf("security\t%llu\t%llu\n", (unsigned long long)pe->security.offset,
           (unsigned long long)pe->security.size_bytes);
}

static void print_tables(const struct iw_pe *pe)
{
    for (uint32_t i = 0; i < pe->n_exports; i++) {
        printf("export\t%u\t", pe->exports[i].ordinal);
        put(pe->exports[i].name);
        putchar('\t');
        put(pe->exports[i].forwarder);
        putchar('\n');
    }
    for (uint32_t i = 0; i < pe->n_libraries; i++) {
        const struct iw_pe_library *library = &pe->libraries[i];
        const char *word = library->is_delayed ? "delayed" : "import";
        line(library->is_delayed ? "delayed-library" : "library", library->name, IW_STR(""));
        for (uint32_t j = 0; j < library->n_imports; j++) {
            char ordinal[16];
            (void)snprintf(ordinal, sizeof ordinal, "#%u", library->imports[j].ordinal);
            line(word, library->name,
                 library->imports[j].is_by_ordinal ? iw_str_of(ordinal) : library->imports[j].name);
        }
    }
    if (pe->has_imphash) {
        printf("imphash\t");
        put_hex(pe->imphash, sizeof pe->imphash);
        putchar('\n');
    }
}

static void print_texts(const struct iw_pe *pe)
{
    const struct iw_pe_version *version = &pe->version;
    if (version->has_fixed)
        printf("version\t%u.%u.%u.%u\t%u.%u.%u.%u\n", version->file[0], version->file[1],
               version->file[2], version->file[3], version->product[0], version->product[1],
               version->product[2], version->product[3]);
    for (uint32_t i = 0; i < version->n_texts; i++) {
        printf("text\t");
        put(version->texts[i].language);
        putchar('\t');
        put(version->texts[i].key);
        putchar('\t');
        put(version->texts[i].value);
        putchar('\n');
    }
    if (pe->pdb.path.n != 0)
        line("pdb", pe->pdb.path, IW_STR(""));
}

static void print_identity(const char *word, const struct iw_clr_identity *identity)
{
    printf("%s\t", word);
    put(identity->name);
    printf("\t%u.%u.%u.%u\t", identity->version[0], identity->version[1], identity->version[2],
           identity->version[3]);
    if (identity->has_token)
        put_hex(identity->token, sizeof identity->token);
    putchar('\n');
}

static void print_clr(const struct iw_clr *clr)
{
    if (!clr->is_present)
        return;
    printf("clr\t%x\t", clr->flags);
    put(clr->runtime);
    putchar('\n');
    if (clr->is_assembly)
        print_identity("assembly", &clr->assembly);
    for (uint32_t i = 0; i < clr->n_refs; i++)
        print_identity("ref", &clr->refs[i]);
    for (uint32_t i = 0; i < clr->n_types; i++) {
        const struct iw_clr_type *type = &clr->types[i];
        printf("type\t%u\t%u\t%s\t", type->roles, type->own_roles,
               type->is_interface ? "interface" : "class");
        put(type->name);
        putchar('\t');
        put(type->base);
        putchar('\n');
    }
    for (uint32_t i = 0; i < clr->n_starts; i++)
        line("start", clr->starts[i].type, clr->starts[i].method);
}

static void print(const char *path, const struct iw_pe *pe)
{
    printf("file\t%s\n", path);
    print_headers(pe);
    print_tables(pe);
    print_texts(pe);
    print_clr(&pe->clr);
    printf("components\t%u\n", pe->components);
    for (unsigned kind = 0; kind < IW_PE_DAMAGE_COUNT; kind++) {
        if (pe->damage[kind].count != 0)
            printf("damage\t%s\t%llu\t%llu\n", iw_pe_damage_row((enum iw_pe_damage_kind)kind)->name,
                   (unsigned long long)pe->damage[kind].count,
                   (unsigned long long)pe->damage[kind].first_offset);
    }
}

int main(int argc, char **argv)
{
    bool is_timed = argc > 1 && strcmp(argv[1], "--time") == 0;
    const struct iw_pe_options both = {.wants_checksum = true, .wants_entropy = true};
    uint64_t taken_ns[2] = {0, 0}, n_bytes = 0;
    int status = 0;

    for (int i = 1 + is_timed; i < argc; i++) {
        struct iw_arena arena;
        struct iw_error err = {0};
        struct iw_str file;
        struct iw_pe pe;
        enum iw_rc rc;
        iw_arena_init(&arena, 0);
        rc = iw_file_read(argv[i], IW_LIMIT_PE_FILE_BYTES, &arena, &file, &err);
        for (int pass = is_timed ? 0 : 1; rc == IW_OK && pass < 2; pass++) {
            uint64_t begin = iw_clock_ns();
            rc = iw_pe_read(file, pass == 1 ? &both : NULL, &arena, &pe, &err);
            taken_ns[pass] += iw_clock_ns() - begin;
        }
        n_bytes += rc == IW_OK ? file.n : 0;
        if (rc == IW_OK && !is_timed)
            print(argv[i], &pe);
        if (rc != IW_OK) {
            printf("failed\t%s\t%s\n", argv[i], err.message);
            status = 1;
        }
        iw_arena_done(&arena);
    }
    if (is_timed)
        printf("%llu bytes: tables %.3f ms, with checksum and entropy %.3f ms\n",
               (unsigned long long)n_bytes, (double)taken_ns[0] / 1e6, (double)taken_ns[1] / 1e6);
    return status;
}
