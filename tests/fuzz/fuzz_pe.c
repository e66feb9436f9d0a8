/*
 * A PE file: whatever it is, reading ends, texts are valid UTF-8 inside the file or the arena,
 * counts keep their limits; read twice it is the same.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/limits.h"
#include "base/utf.h"
#include "iis/pe/pe.h"

static void require_text(struct iw_str text)
{
    FUZZ_REQUIRE(text.n == 0 || text.p != NULL);
    FUZZ_REQUIRE(iw_utf8_valid(text));
}

static void require_clr(const struct iw_clr *clr)
{
    FUZZ_REQUIRE(clr->n_refs <= IW_LIMIT_CLR_ASSEMBLY_REFS);
    FUZZ_REQUIRE(clr->n_types <= IW_LIMIT_CLR_TYPES);
    FUZZ_REQUIRE(clr->n_starts <= IW_LIMIT_CLR_STARTS);
    require_text(clr->runtime);
    require_text(clr->assembly.name);
    require_text(clr->assembly.culture);
    for (uint32_t i = 0; i < clr->n_refs; i++)
        require_text(clr->refs[i].name);
    for (uint32_t i = 0; i < clr->n_types; i++) {
        require_text(clr->types[i].name);
        require_text(clr->types[i].base);
        FUZZ_REQUIRE(clr->types[i].roles != 0);
    }
    for (uint32_t i = 0; i < clr->n_starts; i++) {
        require_text(clr->starts[i].type);
        require_text(clr->starts[i].method);
    }
}

static void require_record(const struct iw_pe *pe, size_t size)
{
    uint32_t n_imports = 0;
    FUZZ_REQUIRE(pe->n_sections <= IW_LIMIT_PE_SECTIONS);
    FUZZ_REQUIRE(pe->n_exports <= 2 * IW_LIMIT_PE_EXPORTS);
    FUZZ_REQUIRE(pe->n_libraries <= IW_LIMIT_PE_LIBRARIES);
    FUZZ_REQUIRE(pe->version.n_texts <= IW_LIMIT_PE_VERSION_TEXTS);
    FUZZ_REQUIRE(pe->overlay.offset + pe->overlay.size_bytes <= size);
    FUZZ_REQUIRE(pe->security.offset + pe->security.size_bytes <= size);
    for (uint32_t i = 0; i < pe->n_sections; i++) {
        require_text(pe->sections[i].name);
        FUZZ_REQUIRE(pe->sections[i].entropy <= 8.001F);
    }
    for (uint32_t i = 0; i < pe->n_exports; i++) {
        require_text(pe->exports[i].name);
        require_text(pe->exports[i].forwarder);
    }
    for (uint32_t i = 0; i < pe->n_libraries; i++) {
        require_text(pe->libraries[i].name);
        n_imports += pe->libraries[i].n_imports;
        for (uint32_t j = 0; j < pe->libraries[i].n_imports; j++)
            require_text(pe->libraries[i].imports[j].name);
    }
    FUZZ_REQUIRE(n_imports <= IW_LIMIT_PE_IMPORTS);
    for (uint32_t i = 0; i < pe->version.n_texts; i++) {
        require_text(pe->version.texts[i].language);
        require_text(pe->version.texts[i].key);
        require_text(pe->version.texts[i].value);
    }
    require_text(pe->export_name);
    require_text(pe->pdb.path);
    require_clr(&pe->clr);
    for (unsigned kind = 0; kind < IW_PE_DAMAGE_COUNT; kind++)
        FUZZ_REQUIRE(pe->damage[kind].count == 0 || pe->damage[kind].first_offset <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct iw_pe_options both = {.wants_checksum = true, .wants_entropy = true};
    struct iw_str file = {size != 0 ? (const char *)data : "", size};
    struct iw_arena arena;
    struct iw_pe pe, again;
    enum iw_rc rc;

    iw_arena_init(&arena, 0);
    rc = iw_pe_read(file, &both, &arena, &pe, NULL);
    FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT);
    if (rc == IW_OK)
        require_record(&pe, size);
    FUZZ_REQUIRE(iw_pe_read(file, NULL, &arena, &again, NULL) == rc);
    FUZZ_REQUIRE(rc != IW_OK ||
                 (pe.n_exports == again.n_exports && pe.n_libraries == again.n_libraries &&
                  pe.components == again.components));
    iw_arena_done(&arena);
    return 0;
}
