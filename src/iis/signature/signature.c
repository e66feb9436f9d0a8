/*
 * The certificate table of a file: its entries, the signatures nested in them, the state of the
 * whole.
 *
 * PE/COFF "The Attribute Certificate Table". An entry is WIN_CERTIFICATE: length, revision, type,
 * bytes, padded to eight. What Windows takes for a signature is type 2 (PKCS_SIGNED_DATA). Nested
 * signatures stand in an attribute that is not signed (1.3.6.1.4.1.311.2.4.1); they wait in a list
 * instead of being followed by recursion.
 */
#include "iis/signature/signature.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "iis/signature/catalogue.h"
#include "iis/signature/signed_data.h"

#define ENTRY_HEADER_BYTES 8U
#define TYPE_SIGNED_DATA 2U

/* 1.3.6.1.4.1.311.2.1.4, 1.3.6.1.4.1.311.2.4.1 */
static const struct iw_str INDIRECT_DATA = {"\x2B\x06\x01\x04\x01\x82\x37\x02\x01\x04", 10};
static const struct iw_str NESTED = {"\x2B\x06\x01\x04\x01\x82\x37\x02\x04\x01", 10};

struct waiting {
    struct iw_str bytes; /* of the file, or of a parsed signature that is kept */
    uint64_t offset;     /* in the file, of the entry */
    bool is_nested;
};

struct reading {
    struct iw_signature_context context;
    struct iw_str file;
    const struct iw_pe *pe;
    struct iw_signatures *ret;
    struct iw_digest digests[IW_DIGEST_COUNT]; /* computed so far */
    struct waiting waiting[IW_LIMIT_SIGNATURES];
    PKCS7 *parsed[IW_LIMIT_SIGNATURES]; /* kept, for nested ones wait in them */
    uint32_t n_waiting;
};

static const struct iw_digest *file_digest(struct reading *reading, enum iw_digest_kind kind)
{
    struct iw_digest *digest = &reading->digests[kind];
    if (digest->kind == IW_DIGEST_NONE &&
        iw_authenticode_digest(reading->file, reading->pe, kind, digest) == IW_ENOMEM)
        reading->context.no_memory = true;
    return digest;
}

static void enqueue(struct reading *reading, struct iw_str bytes, uint64_t offset, bool is_nested)
{
    if (reading->n_waiting == IW_LIMIT_SIGNATURES)
        iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_LIMIT);
    else
        reading->waiting[reading->n_waiting++] = (struct waiting){bytes, offset, is_nested};
}

/* Bytes that are no padding: more than seven, or not zero. */
static uint64_t not_padding(struct iw_str bytes)
{
    return bytes.n < 8 && iw_bytes_are_zero(bytes.p, bytes.n) ? 0 : bytes.n;
}

static void read_entries(struct reading *reading, struct iw_str table, uint64_t offset)
{
    struct iw_str rest = table;
    uint32_t n = 0;

    while (rest.n >= ENTRY_HEADER_BYTES && !iw_bytes_are_zero(rest.p, rest.n)) {
        const uint8_t *p = (const uint8_t *)rest.p;
        uint64_t n_entry = iw_load_u32(p), n_step = (n_entry + 7) / 8 * 8;

        reading->context.offset = offset + (table.n - rest.n);
        if (n++ == IW_LIMIT_SIGNATURE_ENTRIES) {
            iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_LIMIT);
            return;
        }
        if (n_entry < ENTRY_HEADER_BYTES || n_entry > rest.n) {
            iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_ENTRY);
            n_entry = n_step = rest.n;
        }
        if (iw_load_u16(p + 6) == TYPE_SIGNED_DATA)
            enqueue(reading,
                    (struct iw_str){rest.p + ENTRY_HEADER_BYTES, n_entry - ENTRY_HEADER_BYTES},
                    reading->context.offset, false);
        else
            iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_KIND);
        n_step = n_step < rest.n ? n_step : rest.n;
        rest.p += n_step;
        rest.n -= n_step;
    }
    reading->ret->n_unsigned_bytes += not_padding(rest);
}

/* The signatures nested in the signer's attributes wait. */
static void find_nested(struct reading *reading, const PKCS7 *data, uint64_t offset)
{
    const PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(data->d.sign->signer_info, 0);
    if (signer == NULL)
        return;
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(signer->unauth_attr); i++) {
        X509_ATTRIBUTE *attribute = sk_X509_ATTRIBUTE_value(signer->unauth_attr, i);
        if (!iw_object_is(X509_ATTRIBUTE_get0_object(attribute), NESTED))
            continue;
        for (int j = 0; j < X509_ATTRIBUTE_count(attribute); j++) {
            const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, j);
            struct iw_str bytes = {0};
            if (value != NULL && value->type == V_ASN1_SEQUENCE)
                bytes = (struct iw_str){(const char *)ASN1_STRING_get0_data(value->value.sequence),
                                        (size_t)ASN1_STRING_length(value->value.sequence)};
            enqueue(reading, bytes, offset, true);
        }
    }
}

/* Whether what was signed is this file. */
static void compare_digest(struct reading *reading, const struct iw_signed_content *content,
                           struct iw_signature *signature)
{
    bool is_unknown = false;
    if (!iw_object_is(content->type, INDIRECT_DATA)) {
        iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_KIND);
        signature->why |= IW_WHY_UNREADABLE;
    } else if (!iw_spc_digest(content->bytes, &signature->signed_digest, &is_unknown)) {
        if (!is_unknown)
            iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_DER);
        signature->why |= is_unknown ? IW_WHY_ALGORITHM : IW_WHY_UNREADABLE;
    } else if (!iw_digest_equal(&signature->signed_digest,
                                file_digest(reading, signature->signed_digest.kind))) {
        signature->why |= IW_WHY_DIGEST;
    }
}

static void read_signature(struct reading *reading, uint32_t i)
{
    struct iw_signature *signature = &reading->ret->list[i];
    struct waiting waiting = reading->waiting[i];
    struct iw_signed_content content;
    size_t n_bytes = 0;
    PKCS7 *data;

    *signature = (struct iw_signature){.is_nested = waiting.is_nested};
    reading->context.offset = waiting.offset;
    data = reading->parsed[i] =
        iw_signed_data_parse(&reading->context, waiting.bytes, &signature->why, &n_bytes);
    if (data != NULL && !waiting.is_nested) {
        uint64_t n =
            not_padding((struct iw_str){waiting.bytes.p + n_bytes, waiting.bytes.n - n_bytes});
        reading->ret->n_unsigned_bytes += n;
        signature->why |= n != 0 ? IW_WHY_UNSIGNED_BYTES : 0;
    }
    if (data != NULL && iw_signed_data_content(data, &content)) {
        compare_digest(reading, &content, signature);
        iw_signed_data_judge(&reading->context, data, &content, signature);
        find_nested(reading, data, waiting.offset);
    } else if (data != NULL) {
        iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_KIND);
        signature->why |= IW_WHY_UNREADABLE;
    }
    signature->state = iw_signature_state_by(signature->why);
}

/* The bytes of the table, clipped to the file. */
static struct iw_str find_table(struct reading *reading, uint64_t *ret_offset)
{
    struct iw_pe_piece declared = iw_authenticode_declared_table(reading->file, reading->pe);
    uint64_t n = declared.size_bytes, n_file = reading->file.n;

    *ret_offset = reading->context.offset = declared.offset < n_file ? declared.offset : n_file;
    if (n == 0)
        return (struct iw_str){0};
    if (declared.offset + n > n_file ||
        declared.offset < (uint64_t)reading->pe->security_entry_at + 8)
        iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_TABLE);
    else if (declared.offset + n < n_file)
        iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_BEHIND);
    if (n > n_file - *ret_offset)
        n = n_file - *ret_offset;
    return (struct iw_str){reading->file.p + *ret_offset, n};
}

static void read_all(struct reading *reading)
{
    struct iw_signatures *ret = reading->ret;
    uint64_t offset;
    struct iw_str table = find_table(reading, &offset);

    ret->list = iw_arena_calloc(reading->context.arena, IW_LIMIT_SIGNATURES, sizeof *ret->list);
    if (ret->list == NULL) {
        reading->context.no_memory = true;
        return;
    }
    if (table.n > IW_LIMIT_SIGNATURE_TABLE_BYTES) {
        iw_signature_damaged(&reading->context, IW_SIGNATURE_DAMAGE_LIMIT);
        ret->list[0] = (struct iw_signature){.state = IW_SIGNATURE_UNANCHORED, .why = IW_WHY_LIMIT};
        ret->n = 1;
        return;
    }
    read_entries(reading, table, offset);
    for (ret->n = 0; ret->n < reading->n_waiting; ret->n++)
        read_signature(reading, ret->n);
    for (uint32_t i = 0; i < ret->n; i++)
        PKCS7_free(reading->parsed[i]);
}

static bool has_state(const struct iw_signatures *file, enum iw_signature_state state)
{
    bool found = false;
    for (uint32_t i = 0; i < file->n; i++)
        found = found || file->list[i].state == state;
    return found;
}

static enum iw_signature_state state_of_all(const struct iw_signatures *file)
{
    if (has_state(file, IW_SIGNATURE_TAMPERED))
        return IW_SIGNATURE_TAMPERED;
    if (has_state(file, IW_SIGNATURE_ANCHORED))
        return IW_SIGNATURE_ANCHORED;
    return file->n != 0 || file->damage[IW_SIGNATURE_DAMAGE_TABLE].count != 0
               ? IW_SIGNATURE_UNANCHORED
               : IW_SIGNATURE_NONE_EMBEDDED;
}

/* An anchored catalogue says more than an unanchored signature, any one more than none. */
static void ask_catalogues(struct reading *reading)
{
    static const enum iw_digest_kind KINDS[] = {IW_DIGEST_SHA256, IW_DIGEST_SHA1};
    const struct iw_catalogues *catalogues = reading->context.options->catalogues;
    struct iw_signatures *ret = reading->ret;
    bool is_anchored = false;

    if (iw_catalogues_n_members(catalogues) == 0)
        return;
    for (unsigned i = 0; i < 2 && !is_anchored; i++) {
        const struct iw_catalogue *found =
            iw_catalogues_find(catalogues, file_digest(reading, KINDS[i]));
        is_anchored = found != NULL && found->signature.state == IW_SIGNATURE_ANCHORED;
        if (found != NULL && (ret->catalogue == NULL || is_anchored))
            ret->catalogue = found;
    }
    if ((ret->state == IW_SIGNATURE_NONE_EMBEDDED && ret->catalogue != NULL) ||
        (ret->state == IW_SIGNATURE_UNANCHORED && is_anchored))
        ret->state = IW_SIGNATURE_CATALOGUE;
}

enum iw_rc iw_signatures_read(struct iw_str file, const struct iw_pe *pe,
                              const struct iw_signature_options *options, struct iw_arena *arena,
                              struct iw_signatures *ret, struct iw_error *err)
{
    struct reading reading = {
        .context = {.options = options, .arena = arena, .damage = ret->damage},
        .file = file,
        .pe = pe,
        .ret = ret,
    };

    *ret = (struct iw_signatures){0};
    ERR_set_mark();
    read_all(&reading);
    ret->state = state_of_all(ret);
    ask_catalogues(&reading);
    ERR_pop_to_mark();
    return reading.context.no_memory ? iw_error_set(err, IW_ENOMEM, "no memory") : IW_OK;
}

const struct iw_signature_claim *iw_signatures_proved_signer(const struct iw_signatures *file)
{
    if (file->state == IW_SIGNATURE_CATALOGUE)
        return file->catalogue->signature.state == IW_SIGNATURE_ANCHORED
                   ? &file->catalogue->signature.claimed
                   : NULL;
    if (file->state != IW_SIGNATURE_ANCHORED)
        return NULL;
    for (uint32_t i = 0; i < file->n; i++) {
        if (file->list[i].state == IW_SIGNATURE_ANCHORED)
            return &file->list[i].claimed;
    }
    return NULL;
}

uint64_t iw_signatures_damage_total(const struct iw_signatures *file)
{
    uint64_t n = 0;
    for (unsigned kind = 0; kind < IW_SIGNATURE_DAMAGE_COUNT; kind++)
        n += file->damage[kind].count;
    return n;
}
