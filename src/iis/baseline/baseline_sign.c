/*
 * What is signed is this text, one member a line, so that no member can be changed by itself:
 *
 *   iiswarden.baseline-signature/1
 *   sha256 <64 hex digits of the document>
 *   sequence <decimal>
 *   time <YYYY-MM-DDThh:mm:ss.fffffffZ>
 *   key <64 hex digits: SHA-256 of the 32 bytes of the public key>
 */
#include "iis/baseline/baseline_sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/hash.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_record.h"

#define SCHEMA "iiswarden.baseline-signature/1"

static const char *const VERDICTS[IW_BASELINE_VERDICT_COUNT][2] = {
    [IW_BASELINE_SIGNATURE_HOLDS] = {"holds", "the signature holds"},
    [IW_BASELINE_SIGNATURE_UNREADABLE] = {"unreadable",
                                          "there is no signature, or it cannot be read"},
    [IW_BASELINE_SIGNATURE_OTHER_KEY] = {"other-key", "it is signed by another key"},
    [IW_BASELINE_SIGNATURE_FORGED] = {"forged", "the signature was changed or is not of this key"},
    [IW_BASELINE_SIGNATURE_OTHER_TEXT] = {"other-document",
                                          "the document is not the one that was signed"},
    [IW_BASELINE_SIGNATURE_OLDER] = {"older", "the signature is older than asked for"},
};

const char *iw_baseline_verdict_name(enum iw_baseline_verdict verdict)
{
    return VERDICTS[verdict][0];
}

const char *iw_baseline_verdict_words(enum iw_baseline_verdict verdict)
{
    return VERDICTS[verdict][1];
}

/* --- keys ---------------------------------------------------------------------------------- */

/* OpenSSL would ask for a password at the terminal; an encrypted key is refused instead. */
static int no_password(char *out, int size, int is_writing, void *context)
{
    if (size > 0)
        out[0] = '\0';
    (void)is_writing;
    (void)context;
    return -1;
}

/* The caller's; NULL: *err* says why. */
static EVP_PKEY *read_key(struct iw_str pem, bool is_private, struct iw_error *err)
{
    BIO *bio = pem.n <= IW_LIMIT_KEY_FILE_BYTES ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    EVP_PKEY *key = NULL;
    if (bio != NULL)
        key = is_private ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL)
                         : PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL);
    BIO_free(bio);
    if (key != NULL && EVP_PKEY_id(key) == EVP_PKEY_ED25519)
        return key;
    EVP_PKEY_free(key);
    (void)iw_error_set(err, IW_EUSAGE, "no Ed25519 %s key in PEM%s",
                       is_private ? "private" : "public", is_private ? ", not encrypted" : "");
    return NULL;
}

static bool key_id(const EVP_PKEY *key, uint8_t ret[32])
{
    uint8_t raw[32];
    size_t n = sizeof raw;
    return EVP_PKEY_get_raw_public_key(key, raw, &n) == 1 && n == sizeof raw &&
           iw_sha256((struct iw_str){(const char *)raw, n}, ret);
}

/* --- the text ------------------------------------------------------------------------------ */

static void add_hex(struct iw_buffer *out, const uint8_t *bytes)
{
    char hex[64];
    iw_hex_write(bytes, 32, hex);
    iw_buffer_add(out, (struct iw_str){hex, sizeof hex});
}

static void write_text(const struct iw_baseline_signature *signature, struct iw_buffer *out)
{
    char time[IW_TIME_TEXT_BYTES];
    iw_time_format(signature->time_ns, time);
    iw_buffer_add(out, IW_STR(SCHEMA "\nsha256 "));
    add_hex(out, signature->sha256);
    iw_buffer_printf(out, "\nsequence %llu\ntime ", (unsigned long long)signature->sequence);
    iw_buffer_add(out, (struct iw_str){time, sizeof time});
    iw_buffer_add(out, IW_STR("\nkey "));
    add_hex(out, signature->key_id);
    iw_buffer_add_char(out, '\n');
}

static bool sign_text(EVP_PKEY *key, struct iw_baseline_signature *signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    struct iw_buffer text;
    size_t n = sizeof signature->signature;
    bool is_signed;
    iw_buffer_init(&text);
    write_text(signature, &text);
    is_signed =
        context != NULL && !text.failed &&
        EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
        EVP_DigestSign(context, signature->signature, &n, (const uint8_t *)text.p, text.n) == 1 &&
        n == sizeof signature->signature;
    iw_buffer_done(&text);
    EVP_MD_CTX_free(context);
    return is_signed;
}

/* False: no memory. */
static bool verify_text(EVP_PKEY *key, const struct iw_baseline_signature *signature,
                        bool *ret_holds)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    struct iw_buffer text;
    bool is_asked;
    iw_buffer_init(&text);
    write_text(signature, &text);
    is_asked = context != NULL && !text.failed &&
               EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1;
    *ret_holds =
        is_asked && EVP_DigestVerify(context, signature->signature, sizeof signature->signature,
                                     (const uint8_t *)text.p, text.n) == 1;
    iw_buffer_done(&text);
    EVP_MD_CTX_free(context);
    return is_asked;
}

static void write_signature(const struct iw_baseline_signature *signature, struct iw_buffer *out)
{
    char hex[128];
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR(SCHEMA));
    iw_hex_write(signature->sha256, 32, hex);
    iw_json_member_text(&json, "sha256", (struct iw_str){hex, 64});
    iw_json_member_u64(&json, "sequence", signature->sequence);
    iw_json_member_time(&json, "time", signature->time_ns);
    iw_hex_write(signature->key_id, 32, hex);
    iw_json_member_text(&json, "key", (struct iw_str){hex, 64});
    iw_hex_write(signature->signature, 64, hex);
    iw_json_member_text(&json, "signature", (struct iw_str){hex, 128});
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

enum iw_rc iw_baseline_sign(struct iw_str document, struct iw_str private_pem, uint64_t sequence,
                            int64_t time_ns, struct iw_buffer *out, struct iw_error *err)
{
    /* 100 ns is what a time in text holds; what is signed is what can be read back. */
    struct iw_baseline_signature signature = {.sequence = sequence,
                                              .time_ns = time_ns - time_ns % 100};
    EVP_PKEY *key;
    bool is_signed;
    ERR_set_mark();
    key = read_key(private_pem, true, err);
    is_signed = key != NULL && iw_sha256(document, signature.sha256) &&
                key_id(key, signature.key_id) && sign_text(key, &signature);
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    if (key == NULL)
        return IW_EUSAGE;
    if (is_signed)
        write_signature(&signature, out);
    return is_signed && !out->failed
               ? IW_OK
               : iw_error_set(err, IW_ENOMEM, "no memory to sign the baseline");
}

/* --- reading ------------------------------------------------------------------------------- */

static bool take_hex(const struct iw_json_node *top, const char *name, uint8_t *out, size_t n)
{
    const struct iw_json_node *node = iw_json_find(top, iw_str_of(name));
    return node != NULL && node->kind == IW_JSON_TEXT && iw_hex_read(node->text, out, n);
}

/* In the one spelling that is signed: another one would be a change nobody notices. */
static bool take_time(const struct iw_json_node *node, int64_t *ret)
{
    char time[IW_TIME_TEXT_BYTES];
    if (node == NULL || node->kind != IW_JSON_TEXT || !iw_time_parse(node->text, ret))
        return false;
    iw_time_format(*ret, time);
    return iw_str_equal(node->text, (struct iw_str){time, sizeof time});
}

static bool take_members(const struct iw_json_node *top, struct iw_baseline_signature *ret)
{
    const struct iw_json_node *schema = iw_json_find(top, IW_STR("schema"));
    const struct iw_json_node *sequence = iw_json_find(top, IW_STR("sequence"));
    return schema != NULL && schema->kind == IW_JSON_TEXT &&
           iw_str_equal(schema->text, IW_STR(SCHEMA)) &&
           take_hex(top, "sha256", ret->sha256, sizeof ret->sha256) &&
           take_hex(top, "key", ret->key_id, sizeof ret->key_id) &&
           take_hex(top, "signature", ret->signature, sizeof ret->signature) && sequence != NULL &&
           sequence->kind == IW_JSON_NUMBER && iw_str_to_u64(sequence->text, &ret->sequence) &&
           take_time(iw_json_find(top, IW_STR("time")), &ret->time_ns) && top->n == 6;
}

enum iw_rc iw_baseline_signature_read(struct iw_str text, struct iw_baseline_signature *ret,
                                      struct iw_error *err)
{
    const struct iw_json_node *top;
    struct iw_arena arena;
    enum iw_rc rc;
    *ret = (struct iw_baseline_signature){0};
    if (text.n > IW_LIMIT_BASELINE_SIGNATURE_BYTES)
        return iw_error_set(err, IW_ELIMIT, "a signature of more than %u bytes",
                            IW_LIMIT_BASELINE_SIGNATURE_BYTES);
    iw_arena_init(&arena, 0);
    rc = iw_json_read(text, &arena, &top, err);
    if (rc == IW_OK && !take_members(top, ret))
        rc = iw_error_set(err, IW_EFORMAT, "no signature of a baseline");
    iw_arena_done(&arena);
    return rc;
}

static enum iw_rc judge(EVP_PKEY *key, struct iw_str document, uint64_t minimum_sequence,
                        const struct iw_baseline_signature *signature,
                        enum iw_baseline_verdict *ret)
{
    uint8_t id[32], sha256[32];
    bool holds;
    if (!key_id(key, id) || !iw_sha256(document, sha256) || !verify_text(key, signature, &holds))
        return IW_ENOMEM;
    if (memcmp(id, signature->key_id, sizeof id) != 0)
        *ret = IW_BASELINE_SIGNATURE_OTHER_KEY;
    else if (!holds)
        *ret = IW_BASELINE_SIGNATURE_FORGED;
    else if (memcmp(sha256, signature->sha256, sizeof sha256) != 0)
        *ret = IW_BASELINE_SIGNATURE_OTHER_TEXT;
    else if (signature->sequence < minimum_sequence)
        *ret = IW_BASELINE_SIGNATURE_OLDER;
    else
        *ret = IW_BASELINE_SIGNATURE_HOLDS;
    return IW_OK;
}

enum iw_rc iw_baseline_verify(struct iw_str document, struct iw_str signature,
                              struct iw_str public_pem, uint64_t minimum_sequence,
                              enum iw_baseline_verdict *ret_verdict,
                              struct iw_baseline_signature *ret, struct iw_error *err)
{
    EVP_PKEY *key;
    enum iw_rc rc;
    *ret_verdict = IW_BASELINE_SIGNATURE_UNREADABLE;
    ERR_set_mark();
    key = read_key(public_pem, false, err);
    rc = key != NULL ? iw_baseline_signature_read(signature, ret, NULL) : IW_EUSAGE;
    if (rc == IW_OK)
        rc = judge(key, document, minimum_sequence, ret, ret_verdict);
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    if (rc == IW_ENOMEM)
        return iw_error_set(err, rc, "no memory to verify the signature");
    return rc == IW_EUSAGE ? rc : IW_OK;
}
