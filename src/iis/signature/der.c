/*
 * Elements of DER. The check walks with a stack of ends instead of recursion, before any library
 * parses the same bytes: what it lets pass is bounded in depth and number.
 */
#include "iis/signature/der.h"

#include "base/limits.h"

#define CONSTRUCTED 0x20U
#define LONG_TAG 0x1FU
#define LONG_LENGTH 0x80U

bool iw_der_next(struct iw_str *rest, struct iw_der *ret)
{
    const uint8_t *p = (const uint8_t *)rest->p;
    size_t n_header = 2, n;

    if (rest->n < 2 || (p[0] & LONG_TAG) == LONG_TAG)
        return false;
    n = p[1];
    if (n >= LONG_LENGTH) {
        size_t n_length = n - LONG_LENGTH;
        if (n_length == 0 || n_length > 4 || rest->n < 2 + n_length)
            return false;
        n = 0;
        for (size_t i = 0; i < n_length; i++)
            n = n << 8 | p[2 + i];
        n_header += n_length;
    }
    if (n > rest->n - n_header)
        return false;
    ret->tag = p[0];
    ret->value = (struct iw_str){rest->p + n_header, n};
    ret->whole = (struct iw_str){rest->p, n_header + n};
    rest->p += n_header + n;
    rest->n -= n_header + n;
    return true;
}

bool iw_der_take(struct iw_str *rest, uint8_t tag, struct iw_der *ret)
{
    struct iw_str before = *rest;
    if (iw_der_next(rest, ret) && ret->tag == tag)
        return true;
    *rest = before;
    return false;
}

bool iw_der_is_oid(const struct iw_der *element, struct iw_str oid)
{
    return element->tag == IW_DER_OID && iw_str_equal(element->value, oid);
}

enum iw_der_verdict iw_der_check(struct iw_str whole, uint32_t *ret_n_elements)
{
    struct iw_str rests[IW_LIMIT_DER_DEPTH + 1];
    uint32_t depth = 0, n = 0;

    rests[0] = whole;
    for (;;) {
        struct iw_der element;
        if (rests[depth].n == 0) {
            if (depth > 0) {
                depth--;
                continue;
            }
            if (n == 0)
                return IW_DER_BROKEN;
            if (ret_n_elements != NULL)
                *ret_n_elements = n;
            return IW_DER_SOUND;
        }
        if (!iw_der_next(&rests[depth], &element) || (depth == 0 && rests[0].n != 0))
            return IW_DER_BROKEN;
        if (++n > IW_LIMIT_DER_ELEMENTS)
            return IW_DER_LIMIT;
        if (element.tag == IW_DER_OID && element.value.n > IW_LIMIT_DER_OID_BYTES)
            return IW_DER_LIMIT;
        if ((element.tag & CONSTRUCTED) == 0)
            continue;
        if (depth == IW_LIMIT_DER_DEPTH)
            return IW_DER_LIMIT;
        rests[++depth] = element.value;
    }
}
