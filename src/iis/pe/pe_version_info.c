/*
 * Version information: fixed numbers, and the texts of every language.
 *
 * VS_VERSIONINFO, VS_FIXEDFILEINFO, StringFileInfo, StringTable, String (Windows SDK "Version
 * Information Structures"): blocks in blocks, each with its length, the length of its value, a key
 * in UTF-16, and 32-bit alignment from the resource's begin. Three levels, three loops. A text ends
 * at its NUL or with its block, since writers disagree whether its length counts bytes or
 * characters. Ignored: VarFileInfo (it only repeats which languages there are).
 */
#include "iis/pe/pe_view.h"

#include "base/utf.h"

#define BLOCK_HEADER_BYTES 6U
#define FIXED_BYTES 52U
#define FIXED_MARK 0xFEEF04BDU
#define STRING_FILE_INFO "S\0t\0r\0i\0n\0g\0F\0i\0l\0e\0I\0n\0f\0o\0"

struct cursor {
    struct iw_pe_view *view;
    struct iw_str all; /* the resource */
};

/* Places count from the resource's begin. */
struct block {
    struct iw_str key; /* UTF-16 */
    size_t value_at, value_n, end;
};

static size_t aligned(size_t at)
{
    return (at + 3) & ~(size_t)3;
}

static void complain(struct cursor *cursor, size_t at)
{
    iw_pe_damage(cursor->view, IW_PE_DAMAGE_VERSION, iw_pe_offset(cursor->view, cursor->all) + at);
}

/* Takes the block at *at, which lies before *end*, and moves past it. False at the end. */
static bool next_block(struct cursor *cursor, size_t *at, size_t end, struct block *ret)
{
    const uint8_t *p = (const uint8_t *)cursor->all.p;
    size_t begin = aligned(*at), n;

    if (begin >= end || iw_bytes_are_zero(p + begin, end - begin))
        return false;
    n = end - begin >= BLOCK_HEADER_BYTES ? iw_load_u16(p + begin) : 0;
    if (n < BLOCK_HEADER_BYTES || begin + n > aligned(end))
        complain(cursor, begin);
    if (n < BLOCK_HEADER_BYTES)
        return false;
    ret->end = begin + n < end ? begin + n : end;
    *at = begin + n;
    ret->key.p = (const char *)p + begin + BLOCK_HEADER_BYTES;
    ret->key.n =
        iw_utf16_nul(p + begin + BLOCK_HEADER_BYTES, ret->end - begin - BLOCK_HEADER_BYTES);
    ret->value_n = iw_load_u16(p + begin + 2);
    ret->value_at = aligned(begin + BLOCK_HEADER_BYTES + ret->key.n + 2);
    if (ret->value_at > ret->end)
        ret->value_at = ret->end;
    return true;
}

static void read_text(struct cursor *cursor, struct iw_str language, const struct block *block)
{
    struct iw_pe_version *version = &cursor->view->pe->version;
    struct iw_pe_version_text *text = &version->texts[version->n_texts];
    struct iw_str value = {cursor->all.p + block->value_at, block->end - block->value_at};

    text->language = language;
    text->key = iw_pe_wide_text(cursor->view, block->key);
    value.n = block->value_n != 0 ? iw_utf16_nul((const uint8_t *)value.p, value.n) : 0;
    text->value = iw_pe_wide_text(cursor->view, value);
    version->n_texts++;
}

static void read_table(struct cursor *cursor, const struct block *table)
{
    struct iw_pe_version *version = &cursor->view->pe->version;
    struct iw_str language = iw_pe_wide_text(cursor->view, table->key);
    struct block block;
    size_t at = table->value_at;

    while (next_block(cursor, &at, table->end, &block)) {
        if (version->n_texts == IW_LIMIT_PE_VERSION_TEXTS) {
            iw_pe_damage(cursor->view, IW_PE_DAMAGE_LIMIT,
                         iw_pe_offset(cursor->view, cursor->all) + block.value_at);
            return;
        }
        read_text(cursor, language, &block);
    }
}

static void read_fixed(struct cursor *cursor, const struct block *root)
{
    struct iw_pe_version *version = &cursor->view->pe->version;
    const uint8_t *p = (const uint8_t *)cursor->all.p + root->value_at;

    if (version->has_fixed || root->value_n == 0)
        return;
    if (root->value_n < FIXED_BYTES || root->end - root->value_at < FIXED_BYTES ||
        iw_load_u32(p) != FIXED_MARK) {
        complain(cursor, root->value_at);
        return;
    }
    version->has_fixed = true;
    for (unsigned i = 0; i < 4; i++) {
        unsigned at = 2 * (i ^ 1); /* two 32-bit numbers, the higher half of each first */
        version->file[i] = iw_load_u16(p + 8 + at);
        version->product[i] = iw_load_u16(p + 16 + at);
    }
}

void iw_pe_read_version(struct iw_pe_view *view, struct iw_str resource)
{
    struct cursor cursor = {view, resource};
    struct iw_pe_version *version = &view->pe->version;
    struct block root, child, table;
    size_t root_at = 0, at;

    if (!next_block(&cursor, &root_at, resource.n, &root))
        return;
    if (version->texts == NULL)
        version->texts = iw_pe_alloc(view, IW_LIMIT_PE_VERSION_TEXTS, sizeof *version->texts);
    if (version->texts == NULL)
        return;
    read_fixed(&cursor, &root);
    at = root.value_at + root.value_n;
    while (next_block(&cursor, &at, root.end, &child)) {
        struct iw_str wanted = {STRING_FILE_INFO, sizeof STRING_FILE_INFO - 1};
        size_t table_at = child.value_at;
        if (!iw_str_equal(child.key, wanted))
            continue;
        while (next_block(&cursor, &table_at, child.end, &table))
            read_table(&cursor, &table);
    }
}
