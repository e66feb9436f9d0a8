#include "iis/baseline/known_hashes.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/utf.h"
#include "iis/baseline/baseline_inside.h"

struct known_hash {
    uint8_t sha256[32];
    struct iw_str name;
};

struct iw_known_hashes {
    struct iw_arena arena; /* names */
    struct known_hash *items;
    size_t n, cap;
};

struct iw_known_hashes *iw_known_hashes_new(void)
{
    struct iw_known_hashes *hashes = iw_calloc(1, sizeof *hashes);
    if (hashes != NULL)
        iw_arena_init(&hashes->arena, 0);
    return hashes;
}

void iw_known_hashes_free(struct iw_known_hashes *hashes)
{
    if (hashes == NULL)
        return;
    iw_arena_done(&hashes->arena);
    iw_free(hashes->items);
    iw_free(hashes);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct iw_str trimmed(struct iw_str text)
{
    while (text.n != 0 && is_blank(text.p[0]))
        text = (struct iw_str){text.p + 1, text.n - 1};
    while (text.n != 0 && is_blank(text.p[text.n - 1]))
        text.n--;
    return text;
}

/* False: it is no hash. */
static bool split(struct iw_str line, uint8_t sha256[32], struct iw_str *ret_name)
{
    enum { HEX = 64 };
    if (line.n < HEX || (line.n > HEX && !is_blank(line.p[HEX])) ||
        !iw_hex_read((struct iw_str){line.p, HEX}, sha256, 32))
        return false;
    *ret_name = trimmed((struct iw_str){line.p + HEX, line.n - HEX});
    if (ret_name->n != 0 && ret_name->p[0] == '*')
        *ret_name = (struct iw_str){ret_name->p + 1, ret_name->n - 1};
    return true;
}

static enum iw_rc add_hash(struct iw_known_hashes *hashes, const struct known_hash *hash,
                           struct iw_error *err)
{
    struct known_hash *item;
    if (hashes->n == IW_LIMIT_KNOWN_HASHES)
        return iw_error_set(err, IW_ELIMIT, "more than %u known hashes", IW_LIMIT_KNOWN_HASHES);
    if (!iw_array_reserve(&hashes->items, &hashes->cap, hashes->n + 1, sizeof hashes->items[0]))
        return IW_ENOMEM;
    item = &hashes->items[hashes->n];
    *item = *hash;
    item->name = iw_ansi_to_arena((const uint8_t *)hash->name.p, hash->name.n, &hashes->arena);
    if (item->name.p == NULL)
        return IW_ENOMEM;
    hashes->n++;
    return IW_OK;
}

static enum iw_rc add_lines(struct iw_known_hashes *hashes, struct iw_str bytes,
                            struct iw_known_hash_account *ret, struct iw_error *err)
{
    struct iw_str line;
    uint64_t number = 0;
    if (bytes.n >= 3 && memcmp(bytes.p, "\xEF\xBB\xBF", 3) == 0)
        bytes = (struct iw_str){bytes.p + 3, bytes.n - 3};
    while (iw_baseline_line(&bytes, &line)) {
        struct known_hash hash;
        number++;
        line = trimmed(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (split(line, hash.sha256, &hash.name)) {
            IW_TRY(add_hash(hashes, &hash, err));
            ret->n_hashes++;
        } else if (ret->n_bad++ == 0) {
            ret->first_bad_line = number;
        }
    }
    return IW_OK;
}

enum iw_rc iw_known_hashes_add(struct iw_known_hashes *hashes, struct iw_str bytes,
                               const char *name, struct iw_known_hash_account *ret,
                               struct iw_error *err)
{
    enum iw_rc rc;
    *ret = (struct iw_known_hash_account){0};
    if (bytes.n > IW_LIMIT_KNOWN_HASH_FILE_BYTES)
        rc = iw_error_set(err, IW_ELIMIT, "larger than %lu bytes", IW_LIMIT_KNOWN_HASH_FILE_BYTES);
    else
        rc = add_lines(hashes, bytes, ret, err);
    if (rc == IW_ENOMEM)
        (void)iw_error_set(err, rc, "no memory for known hashes");
    if (rc != IW_OK)
        iw_error_place(err, name, 0, 0);
    return rc;
}

static int hash_order(const void *a, const void *b)
{
    const struct known_hash *left = a, *right = b;
    int order = memcmp(left->sha256, right->sha256, sizeof left->sha256);
    return order != 0 ? order : iw_str_compare(left->name, right->name);
}

void iw_known_hashes_seal(struct iw_known_hashes *hashes)
{
    if (hashes->n > 1)
        qsort(hashes->items, hashes->n, sizeof hashes->items[0], hash_order);
}

bool iw_known_hashes_find(const struct iw_known_hashes *hashes, const uint8_t sha256[32],
                          struct iw_str *ret_name)
{
    size_t low = 0, high = hashes != NULL ? hashes->n : 0, n = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(hashes->items[middle].sha256, sha256, 32) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == n || memcmp(hashes->items[low].sha256, sha256, 32) != 0)
        return false;
    if (ret_name != NULL)
        *ret_name = hashes->items[low].name;
    return true;
}

/* Every file that was read is known, and one was. */
static bool are_known(const struct iw_known_hashes *hashes, const struct iw_item_file *files,
                      size_t n, struct iw_str *ret_name)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (files[i].state != IW_ITEM_FILE_READ)
            continue;
        if (!iw_known_hashes_find(hashes, files[i].sha256, ret_name))
            return false;
        any = true;
    }
    return any;
}

static enum iw_rc mark(struct iw_inventory *inventory, struct iw_str name,
                       enum iw_approval *approval, struct iw_str *why)
{
    struct iw_str text =
        name.n != 0 ? iw_baseline_text(&inventory->arena, "known hash: %.*s", IW_STR_ARG(name))
                    : IW_STR("known hash");
    *approval = IW_APPROVAL_KNOWN_HASH;
    *why = text;
    return text.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc mark_server(const struct iw_known_hashes *hashes, struct iw_inventory *inventory,
                              struct iw_inventory_server *server)
{
    struct iw_str name;
    for (size_t i = 0; i < server->n_components; i++) {
        struct iw_inventory_component *component = &server->components[i];
        if (component->approval == IW_APPROVAL_NOT_ASKED &&
            are_known(hashes, component->files, component->n_files, &name))
            IW_TRY(mark(inventory, name, &component->approval, &component->approval_why));
    }
    for (size_t i = 0; i < server->n_web_files; i++) {
        struct iw_inventory_web_file *file = &server->web_files[i];
        if ((file->approval == IW_APPROVAL_NOT_ASKED || file->approval == IW_APPROVAL_NONE) &&
            are_known(hashes, &file->file, 1, &name))
            IW_TRY(mark(inventory, name, &file->approval, &file->approval_why));
    }
    return IW_OK;
}

enum iw_rc iw_known_hashes_mark(const struct iw_known_hashes *hashes,
                                struct iw_inventory *inventory)
{
    for (size_t i = 0; hashes != NULL && i < inventory->n_servers; i++)
        IW_TRY(mark_server(hashes, inventory, &inventory->servers[i]));
    return IW_OK;
}
