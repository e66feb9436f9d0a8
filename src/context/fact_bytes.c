/*
 * Parts of facts as bytes: numbers of eight bytes, texts behind their length of two.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "context/fact_kinds.h"

_Static_assert(IW_LIMIT_CONTEXT_TEXT_BYTES <= UINT16_MAX, "a length has two bytes");

void iw_fact_put_u8(struct iw_buffer *out, uint8_t value)
{
    iw_buffer_add_char(out, (char)value);
}

void iw_fact_put_u64(struct iw_buffer *out, uint64_t value)
{
    iw_buffer_add(out, (struct iw_str){(const char *)&value, sizeof value});
}

void iw_fact_put_text(struct iw_buffer *out, struct iw_str text)
{
    uint16_t n;
    size_t kept = text.n;
    if (kept > IW_LIMIT_CONTEXT_TEXT_BYTES) {
        kept = IW_LIMIT_CONTEXT_TEXT_BYTES;
        while (kept != 0 && ((uint8_t)text.p[kept] & 0xC0U) == 0x80U)
            kept--;
    }
    n = (uint16_t)kept;
    iw_buffer_add(out, (struct iw_str){(const char *)&n, sizeof n});
    iw_buffer_add(out, (struct iw_str){text.p, kept});
}

void iw_fact_put_process(struct iw_buffer *out, const struct iw_process_name *name)
{
    iw_fact_put_u8(out, name->has_pid);
    iw_fact_put_u64(out, name->pid);
    iw_buffer_add(out, (struct iw_str){(const char *)name->guid.bytes, sizeof name->guid.bytes});
    iw_fact_put_text(out, name->image);
}

static const uint8_t *take(struct iw_fact_bytes *bytes, size_t n)
{
    const uint8_t *p = bytes->p;
    if (bytes->is_odd || bytes->n < n) {
        bytes->is_odd = true;
        return NULL;
    }
    bytes->p += n;
    bytes->n -= n;
    return p;
}

uint8_t iw_fact_take_u8(struct iw_fact_bytes *bytes)
{
    const uint8_t *p = take(bytes, 1);
    return p != NULL ? *p : 0;
}

uint64_t iw_fact_take_u64(struct iw_fact_bytes *bytes)
{
    const uint8_t *p = take(bytes, 8);
    return p != NULL ? iw_load_u64(p) : 0;
}

struct iw_str iw_fact_take_text(struct iw_fact_bytes *bytes)
{
    const uint8_t *length = take(bytes, 2);
    size_t n = length != NULL ? iw_load_u16(length) : 0;
    const uint8_t *p;
    if (n > IW_LIMIT_CONTEXT_TEXT_BYTES)
        bytes->is_odd = true;
    p = take(bytes, n);
    return p != NULL ? (struct iw_str){(const char *)p, n} : IW_STR("");
}

void iw_fact_take_process(struct iw_fact_bytes *bytes, struct iw_process_name *ret)
{
    const uint8_t *guid;
    ret->has_pid = iw_fact_take_u8(bytes) != 0;
    ret->pid = iw_fact_take_u64(bytes);
    guid = take(bytes, sizeof ret->guid.bytes);
    if (guid != NULL)
        memcpy(ret->guid.bytes, guid, sizeof ret->guid.bytes);
    ret->image = iw_fact_take_text(bytes);
}
