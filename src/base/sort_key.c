/*
 * Keys whose byte order is the order of what they are made of: numbers most significant byte first,
 * signed ones moved up by half their range, texts ended by two zero bytes, a zero byte in a text
 * followed by 0xFF.
 */
#include "base/sort_key.h"

#include "base/hash.h"

static void add_big_endian(struct iw_buffer *key, uint64_t value, size_t n_bytes)
{
    char bytes[8];
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = (char)(uint8_t)(value >> (8 * (n_bytes - 1 - i)));
    iw_buffer_add(key, (struct iw_str){bytes, n_bytes});
}

void iw_sort_key_u8(struct iw_buffer *key, uint8_t value)
{
    add_big_endian(key, value, 1);
}

void iw_sort_key_u32(struct iw_buffer *key, uint32_t value)
{
    add_big_endian(key, value, 4);
}

void iw_sort_key_u64(struct iw_buffer *key, uint64_t value)
{
    add_big_endian(key, value, 8);
}

void iw_sort_key_i64(struct iw_buffer *key, int64_t value)
{
    add_big_endian(key, (uint64_t)value ^ (UINT64_C(1) << 63), 8);
}

static void add_escaped(struct iw_buffer *key, struct iw_str text)
{
    while (text.n != 0) {
        const char *zero = memchr(text.p, '\0', text.n);
        size_t n = zero != NULL ? (size_t)(zero - text.p) + 1 : text.n;
        iw_buffer_add(key, (struct iw_str){text.p, n});
        if (zero != NULL)
            iw_buffer_add_char(key, '\xFF');
        text.p += n;
        text.n -= n;
    }
}

void iw_sort_key_text(struct iw_buffer *key, struct iw_str text)
{
    bool is_cut = text.n > IW_SORT_KEY_TEXT_BYTES;
    add_escaped(key, (struct iw_str){text.p, is_cut ? IW_SORT_KEY_TEXT_BYTES : text.n});
    if (is_cut) {
        uint8_t digest[32];
        if (!iw_sha256(text, digest))
            key->failed = true;
        else
            add_escaped(key, (struct iw_str){(const char *)digest, sizeof digest});
    }
    iw_buffer_add(key, IW_STR("\0\0"));
}

static uint64_t read_big_endian(const char *bytes, size_t n_bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n_bytes; i++)
        value = value << 8 | (uint8_t)bytes[i];
    return value;
}

uint32_t iw_sort_key_read_u32(const char *bytes)
{
    return (uint32_t)read_big_endian(bytes, 4);
}

uint64_t iw_sort_key_read_u64(const char *bytes)
{
    return read_big_endian(bytes, 8);
}

int64_t iw_sort_key_read_i64(const char *bytes)
{
    return (int64_t)(iw_sort_key_read_u64(bytes) ^ (UINT64_C(1) << 63));
}

bool iw_sort_key_pass_text(struct iw_str *key)
{
    for (size_t i = 0; i + 1 < key->n; i++) {
        if (key->p[i] != '\0')
            continue;
        if (key->p[i + 1] == '\0') {
            key->p += i + 2;
            key->n -= i + 2;
            return true;
        }
        i++; /* a zero byte of the text */
    }
    return false;
}
