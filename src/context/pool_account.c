/*
 * Accounts of application pools.
 */
#include "context/pool_account.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/utf.h"

struct iw_str iw_pool_of_account(struct iw_str account)
{
    static const struct iw_str PREFIX = {"IIS APPPOOL\\", 12};
    if (!iw_str_begins_nocase(account, PREFIX) || account.n == PREFIX.n)
        return IW_STR("");
    return (struct iw_str){account.p + PREFIX.n, account.n - PREFIX.n};
}

bool iw_is_pool_sid(struct iw_str sid)
{
    return iw_str_begins_nocase(sid, IW_STR("S-1-5-82-"));
}

bool iw_is_visitor_account(struct iw_str user, struct iw_str sid)
{
    return iw_str_equal_nocase(user, IW_STR("NT AUTHORITY\\IUSR")) ||
           iw_str_equal_nocase(sid, IW_STR("S-1-5-17"));
}

static size_t put_utf16(uint32_t code_point, char *out)
{
    uint32_t high = code_point, low = 0;
    if (code_point > 0xFFFF) {
        high = 0xD800U + ((code_point - 0x10000U) >> 10);
        low = 0xDC00U + ((code_point - 0x10000U) & 0x3FFU);
    }
    out[0] = (char)(high & 0xFFU);
    out[1] = (char)(high >> 8);
    if (low == 0)
        return 2;
    out[2] = (char)(low & 0xFFU);
    out[3] = (char)(low >> 8);
    return 4;
}

struct iw_str iw_pool_sid(struct iw_str pool, struct iw_arena *arena)
{
    static const struct iw_str NO_MEMORY = {NULL, 0};
    struct iw_str folded = iw_fold_text(pool, arena);
    char *wide = folded.p != NULL ? iw_arena_alloc(arena, 4 * folded.n + 4) : NULL;
    uint8_t digest[20];
    char text[72];
    size_t n = 0;
    int length;

    if (wide == NULL)
        return NO_MEMORY;
    for (size_t at = 0; at < folded.n;)
        n += put_utf16(iw_utf8_next(folded, &at), wide + n);
    if (!iw_sha1((struct iw_str){wide, n}, digest))
        return NO_MEMORY;
    length = snprintf(text, sizeof text, "S-1-5-82-%u-%u-%u-%u-%u", iw_load_u32(digest),
                      iw_load_u32(digest + 4), iw_load_u32(digest + 8), iw_load_u32(digest + 12),
                      iw_load_u32(digest + 16));
    return iw_arena_copy(arena, (struct iw_str){text, (size_t)length});
}
