/*
 * Addresses, names, damage (see the header).
 *
 * An address is looked for in the sections first and in the headers last, so that a header that
 * claims to be as large as the image hides no section. Of sections that overlap the first counts.
 * PE/COFF "Section Table (Section Headers)". Ignored: that memory goes on with zeros behind what a
 * section has in the file; a table there has nothing to tell.
 */
#include "iis/pe/pe_view.h"

#include "base/utf.h"

void iw_pe_damage(struct iw_pe_view *view, enum iw_pe_damage_kind kind, uint64_t offset)
{
    struct iw_pe_damage *damage = &view->pe->damage[kind];
    offset = offset < view->file.n ? offset : view->file.n;
    if (damage->count == 0 || offset < damage->first_offset)
        damage->first_offset = offset;
    damage->count++;
}

struct iw_str iw_pe_slice(const struct iw_pe_view *view, uint64_t offset, uint64_t n)
{
    if (offset >= view->file.n)
        return IW_STR("");
    if (n > view->file.n - offset)
        n = view->file.n - offset;
    return (struct iw_str){view->file.p + offset, (size_t)n};
}

struct iw_str iw_pe_find(const struct iw_pe_view *view, uint32_t rva)
{
    if (view->is_flat)
        return iw_pe_slice(view, rva, UINT64_MAX);
    for (uint32_t i = 0; i < view->n_mapped; i++) {
        const struct iw_pe_mapped *mapped = &view->mapped[i];
        uint32_t into = rva - mapped->rva;
        if (rva >= mapped->rva && into < mapped->size_bytes)
            return iw_pe_slice(view, mapped->offset + into, mapped->size_bytes - into);
    }
    if (rva < view->headers_bytes)
        return iw_pe_slice(view, rva, view->headers_bytes - rva);
    return IW_STR("");
}

struct iw_str iw_pe_bytes(struct iw_pe_view *view, uint32_t rva, uint64_t from)
{
    struct iw_str bytes = iw_pe_find(view, rva);
    if (bytes.n == 0)
        iw_pe_damage(view, IW_PE_DAMAGE_ADDRESS, from);
    return bytes;
}

const uint8_t *iw_pe_exact(struct iw_pe_view *view, uint32_t rva, size_t n, uint64_t from)
{
    struct iw_str bytes = iw_pe_bytes(view, rva, from);
    if (bytes.n >= n)
        return (const uint8_t *)bytes.p;
    if (bytes.n != 0)
        iw_pe_damage(view, IW_PE_DAMAGE_TABLE, iw_pe_offset(view, bytes));
    return NULL;
}

const uint8_t *iw_pe_table(struct iw_pe_view *view, uint32_t rva, size_t entry_bytes, uint32_t *n,
                           uint32_t limit, uint64_t from)
{
    struct iw_str bytes;
    if (*n == 0)
        return NULL;
    bytes = iw_pe_bytes(view, rva, from);
    if (bytes.n / entry_bytes < *n) {
        if (bytes.n != 0)
            iw_pe_damage(view, IW_PE_DAMAGE_TABLE, iw_pe_offset(view, bytes));
        *n = (uint32_t)(bytes.n / entry_bytes);
    }
    if (*n > limit) {
        iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, iw_pe_offset(view, bytes));
        *n = limit;
    }
    return *n != 0 ? (const uint8_t *)bytes.p : NULL;
}

/* Whether the budget of text has room for *n* bytes; counts where it has not. */
static bool take_text(struct iw_pe_view *view, struct iw_str raw)
{
    if (raw.n > view->text_left) {
        iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, iw_pe_offset(view, raw));
        return false;
    }
    view->text_left -= raw.n;
    return true;
}

struct iw_str iw_pe_text(struct iw_pe_view *view, struct iw_str raw)
{
    if (!take_text(view, raw))
        return IW_STR("");
    if (iw_utf8_is_ascii(raw) || iw_utf8_valid(raw))
        return raw;
    iw_pe_damage(view, IW_PE_DAMAGE_NAME_BYTES, iw_pe_offset(view, raw));
    raw = iw_ansi_to_arena((const uint8_t *)raw.p, raw.n, view->arena);
    view->no_memory |= raw.p == NULL;
    return raw.p != NULL ? raw : IW_STR("");
}

struct iw_str iw_pe_name_of(struct iw_pe_view *view, struct iw_str bytes, size_t limit)
{
    size_t n = bytes.n > limit ? limit + 1 : bytes.n;
    const char *nul = n != 0 ? memchr(bytes.p, '\0', n) : NULL;
    if (nul != NULL) {
        n = (size_t)(nul - bytes.p);
    } else if (n != 0) {
        iw_pe_damage(view, n > limit ? IW_PE_DAMAGE_LIMIT : IW_PE_DAMAGE_NAME_OPEN,
                     iw_pe_offset(view, bytes));
        n = n > limit ? limit : n;
    }
    return iw_pe_text(view, (struct iw_str){n != 0 ? bytes.p : "", n});
}

struct iw_str iw_pe_name(struct iw_pe_view *view, uint32_t rva, size_t limit, uint64_t from)
{
    return iw_pe_name_of(view, iw_pe_bytes(view, rva, from), limit);
}

struct iw_str iw_pe_wide_text(struct iw_pe_view *view, struct iw_str raw)
{
    size_t n_bad = 0, n;
    char *out;
    if (!take_text(view, raw))
        return IW_STR("");
    out = iw_arena_alloc(view->arena, raw.n / 2 * 3 + 1);
    if (out == NULL) {
        view->no_memory = true;
        return IW_STR("");
    }
    n = iw_utf16_to_utf8((const uint8_t *)raw.p, raw.n, out, &n_bad);
    if (n_bad != 0)
        iw_pe_damage(view, IW_PE_DAMAGE_NAME_BYTES, iw_pe_offset(view, raw));
    return (struct iw_str){out, n};
}

void *iw_pe_alloc(struct iw_pe_view *view, size_t n, size_t item_bytes)
{
    void *items = n != 0 ? iw_arena_calloc(view->arena, n, item_bytes) : NULL;
    if (n != 0 && items == NULL)
        view->no_memory = true;
    return items;
}
