#include "input/iislog/iislog_text.h"

#include "base/utf.h"

struct iw_str iislog_text_utf8(struct iw_str text, struct iw_arena *arena, bool *ret_repaired)
{
    char *out;
    size_t n = 0;

    *ret_repaired = false;
    if (text.n == 0)
        return IW_STR("");
    if (iw_utf8_valid(text))
        return text;
    *ret_repaired = true;
    out = iw_arena_alloc(arena, 3 * text.n);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t at = 0; at < text.n;)
        n += iw_utf8_put(iw_utf8_next(text, &at), out + n);
    return (struct iw_str){out, n};
}
