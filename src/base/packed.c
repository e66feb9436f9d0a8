/*
 * Numbers and texts as bytes.
 */
#include "base/packed.h"

void iw_pack_number(struct iw_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        iw_buffer_add_char(out, (char)(uint8_t)(value | 0x80));
    iw_buffer_add_char(out, (char)(uint8_t)value);
}

char *iw_pack_number_at(char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (char)(uint8_t)(value | 0x80);
    *at++ = (char)(uint8_t)value;
    return at;
}

void iw_pack_text(struct iw_buffer *out, struct iw_str text)
{
    iw_pack_number(out, text.n);
    iw_buffer_add(out, text);
}

uint64_t iw_unpack_number(struct iw_unpacking *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && in->left.n != 0; shift += 7) {
        uint8_t byte = (uint8_t)in->left.p[0];
        in->left.p++;
        in->left.n--;
        value |= (uint64_t)(byte & 0x7FU) << shift;
        if (byte < 0x80)
            return value;
    }
    in->is_broken = true;
    in->left.n = 0;
    return 0;
}

uint64_t iw_unpack_below(struct iw_unpacking *in, uint64_t limit)
{
    uint64_t value = iw_unpack_number(in);
    if (value < limit)
        return value;
    in->is_broken = true;
    return 0;
}

size_t iw_unpack_count(struct iw_unpacking *in)
{
    uint64_t n = iw_unpack_number(in);
    if (n <= in->left.n)
        return (size_t)n;
    in->is_broken = true;
    in->left.n = 0;
    return 0;
}

struct iw_str iw_unpack_text(struct iw_unpacking *in)
{
    size_t n = iw_unpack_count(in);
    struct iw_str text = {n != 0 ? in->left.p : "", n};
    in->left.p += n;
    in->left.n -= n;
    return text;
}

bool iw_unpack_bytes(struct iw_unpacking *in, void *out, size_t n)
{
    if (n > in->left.n) {
        in->is_broken = true;
        in->left.n = 0;
        return false;
    }
    memcpy(out, in->left.p, n);
    in->left.p += n;
    in->left.n -= n;
    return true;
}

bool iw_unpack_is_whole(const struct iw_unpacking *in)
{
    return !in->is_broken && in->left.n == 0;
}
