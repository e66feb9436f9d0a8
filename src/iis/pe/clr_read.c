/*
 * The CLI header, and what an assembly is called and refers to.
 *
 * ECMA-335 II.25.3.3 (header), II.22.2 (Assembly), II.22.5 (AssemblyRef), II.6.3 (a public key's
 * token: the last eight bytes of its SHA-1, backwards). Ignored: modules of assemblies of several
 * files, managed resources, the strong name's signature.
 */
#include "iis/pe/clr_metadata.h"

#include "base/hash.h"

#define HEADER_BYTES 72U
#define MIN_HEADER_BYTES 24U
#define REF_HAS_PUBLIC_KEY 1U
#define TOKEN_BYTES 8U

static void set_token(struct iw_clr_metadata *metadata, struct iw_clr_identity *identity,
                      struct iw_str key, bool is_whole_key)
{
    uint8_t digest[20];
    if (key.n == 0)
        return;
    if (!is_whole_key && key.n == TOKEN_BYTES) {
        memcpy(identity->token, key.p, TOKEN_BYTES);
        identity->has_token = true;
    } else if (!is_whole_key) {
        iw_pe_damage(metadata->view, IW_PE_DAMAGE_METADATA, iw_pe_offset(metadata->view, key));
    } else if (iw_sha1(key, digest)) {
        for (unsigned i = 0; i < TOKEN_BYTES; i++)
            identity->token[i] = digest[sizeof digest - 1 - i];
        identity->has_token = true;
    }
}

/* Both tables have version, flags, key, name and culture in this order, from *column* on. */
static void read_identity(struct iw_clr_metadata *metadata, enum iw_clr_table_index table,
                          uint32_t row, struct iw_clr_identity *ret)
{
    unsigned column = table == IW_CLR_ASSEMBLY ? 1 : 0;
    struct iw_str key;
    uint32_t flags;

    for (unsigned i = 0; i < 4; i++)
        ret->version[i] = (uint16_t)iw_clr_cell(metadata, table, row, column + i);
    flags = iw_clr_cell(metadata, table, row, column + 4);
    key = iw_clr_blob(metadata, iw_clr_cell(metadata, table, row, column + 5));
    ret->name = iw_clr_string(metadata, iw_clr_cell(metadata, table, row, column + 6));
    ret->culture = iw_clr_string(metadata, iw_clr_cell(metadata, table, row, column + 7));
    set_token(metadata, ret, key, table == IW_CLR_ASSEMBLY || (flags & REF_HAS_PUBLIC_KEY) != 0);
}

static void read_identities(struct iw_clr_metadata *metadata)
{
    struct iw_pe_view *view = metadata->view;
    struct iw_clr *clr = &view->pe->clr;
    uint32_t n = iw_clr_rows(metadata, IW_CLR_ASSEMBLY_REF);

    if (iw_clr_rows(metadata, IW_CLR_ASSEMBLY) != 0) {
        clr->is_assembly = true;
        read_identity(metadata, IW_CLR_ASSEMBLY, 1, &clr->assembly);
    }
    if (n > IW_LIMIT_CLR_ASSEMBLY_REFS) {
        iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, 0);
        n = IW_LIMIT_CLR_ASSEMBLY_REFS;
    }
    clr->refs = iw_pe_alloc(view, n, sizeof *clr->refs);
    if (clr->refs == NULL)
        return;
    for (uint32_t i = 0; i < n; i++)
        read_identity(metadata, IW_CLR_ASSEMBLY_REF, i + 1, &clr->refs[i]);
    clr->n_refs = n;
}

void iw_clr_read(struct iw_pe_view *view)
{
    uint32_t rva = view->directories[IW_PE_DIR_CLR].rva;
    struct iw_clr_metadata metadata;
    struct iw_str header;
    const uint8_t *p;

    if (rva == 0)
        return;
    header = iw_pe_bytes(view, rva, 0);
    if (header.n < HEADER_BYTES)
        iw_pe_damage(view, IW_PE_DAMAGE_TABLE, iw_pe_offset(view, header));
    if (header.n < MIN_HEADER_BYTES)
        return;
    p = (const uint8_t *)header.p;
    view->pe->clr.is_present = true;
    view->pe->clr.flags = iw_load_u32(p + 16);
    if (!iw_clr_open(view, (struct iw_pe_directory){iw_load_u32(p + 8), iw_load_u32(p + 12)},
                     &metadata))
        return;
    read_identities(&metadata);
    iw_clr_read_types(&metadata);
    iw_clr_read_starts(&metadata);
}
