/*
 * The state of a file's signature, with parties and files made here. What is expected follows from
 * how each was made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "tests/unit/iis/signature_make.h"

#define assert_str(text, expected)                                                                 \
    do {                                                                                           \
        struct iw_str text_ = (text);                                                              \
        assert_int_equal(text_.n, strlen(expected));                                               \
        assert_memory_equal(text_.p, expected, text_.n);                                           \
    } while (0)

/* Reads, requires a state and the reasons of the first signature; the file is freed. */
static void expect_with(struct made_bytes file, const struct iw_signature_options *options,
                        enum iw_signature_state state, uint32_t why)
{
    struct made_reading reading;
    made_read_signatures(&reading, file, options);
    assert_int_equal(reading.signatures.state, state);
    assert_true(reading.signatures.n > 0);
    assert_int_equal(reading.signatures.list[0].why, why);
    assert_int_equal(iw_signatures_proved_signer(&reading.signatures) != NULL,
                     state == IW_SIGNATURE_ANCHORED);
    assert_int_equal(ERR_peek_error(), 0);
    made_reading_done(&reading);
    made_bytes_done(&file);
}

static void expect(struct made_bytes file, enum iw_signature_state state, uint32_t why)
{
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    expect_with(file, &options, state, why);
}

static void anchored(void **state)
{
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    struct made_bytes file = made_signed_file(&world);
    struct made_reading reading;
    const struct iw_signature *signature;
    unsigned char *der = NULL;
    uint8_t sha256[32];
    int n;
    (void)state;

    made_read_signatures(&reading, file, &options);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_ANCHORED);
    assert_int_equal(reading.signatures.n, 1);
    assert_int_equal(iw_signatures_damage_total(&reading.signatures), 0);
    assert_int_equal(reading.signatures.n_unsigned_bytes, 0);
    signature = &reading.signatures.list[0];
    assert_ptr_equal(iw_signatures_proved_signer(&reading.signatures), &signature->claimed);
    assert_str(signature->claimed.name, "Signer \xC3\xA9");
    assert_str(signature->claimed.organisation, "Made Ltd");
    assert_str(signature->claimed.country, "DE");
    assert_str(signature->claimed.issuer, "Root");
    assert_int_equal(signature->claimed.valid_from_s, MADE_NOW - 365 * MADE_DAY);
    assert_int_equal(signature->claimed.valid_until_s, MADE_NOW + 365 * MADE_DAY);
    assert_int_equal(signature->signed_digest.kind, IW_DIGEST_SHA256);
    assert_int_equal(signature->signer_digest, IW_DIGEST_SHA256);
    assert_int_equal(signature->stamp.kind, IW_STAMP_NONE);
    n = i2d_X509(world.signer.certificate, &der);
    assert_true(iw_sha256((struct iw_str){(char *)der, (size_t)n}, sha256));
    assert_memory_equal(sha256, signature->claimed.sha256, 32);
    OPENSSL_free(der);
    made_reading_done(&reading);
    made_bytes_done(&file);
}

static void digest_kinds(void **state)
{
    (void)state;
    for (int kind = IW_DIGEST_SHA1; kind < IW_DIGEST_COUNT; kind++) {
        struct made_bytes file = made_plain();
        made_embed(&file,
                   made_signature(made_str(file), (enum iw_digest_kind)kind, &world.signer, NULL),
                   0);
        expect(file, IW_SIGNATURE_ANCHORED, 0);
    }
}

static void rsa(void **state)
{
    struct made_party signer;
    struct made_bytes file = made_plain();
    (void)state;
    made_party(&signer,
               &(struct made_party_options){
                   .name = "RSA", .issuer = &world.root, .usage = "codeSigning", .is_rsa = true});
    made_embed(&file, made_signature(made_str(file), IW_DIGEST_SHA256, &signer, NULL), 0);
    expect(file, IW_SIGNATURE_ANCHORED, 0);
    made_party_done(&signer);
}

static void without_anchor(void **state)
{
    struct iw_anchors *empty = iw_anchors_new();
    const struct iw_signature_options none = {.now_s = MADE_NOW};
    const struct iw_signature_options with_none = {.anchors = empty, .now_s = MADE_NOW};
    (void)state;
    expect_with(made_signed_file(&world), &none, IW_SIGNATURE_UNANCHORED, IW_WHY_NO_ANCHOR);
    expect_with(made_signed_file(&world), &with_none, IW_SIGNATURE_UNANCHORED, IW_WHY_NO_ANCHOR);
    iw_anchors_free(empty);
}

/* A root of the same name is another root: the trusted one did not sign this. */
static void wrong_root(void **state)
{
    static const char *const NAMES[] = {"Foreign root", "Root"};
    static const uint32_t WHYS[] = {IW_WHY_NO_ANCHOR, IW_WHY_CHAIN};
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct made_party root, signer;
        struct made_bytes file = made_plain();
        made_party(&root, &(struct made_party_options){
                              .name = NAMES[i], .is_authority = true, .is_rsa = true});
        made_party(&signer, &(struct made_party_options){
                                .name = "Signer", .issuer = &root, .usage = "codeSigning"});
        made_embed(&file, made_signature(made_str(file), IW_DIGEST_SHA256, &signer, &root), 0);
        expect(file, IW_SIGNATURE_UNANCHORED, WHYS[i]);
        made_party_done(&root);
        made_party_done(&signer);
    }
}

static void signed_by(const struct made_party_options *options, enum iw_signature_state state,
                      uint32_t why)
{
    struct made_party signer;
    struct made_bytes file = made_plain();
    made_party(&signer, options);
    made_embed(&file, made_signature(made_str(file), IW_DIGEST_SHA256, &signer, NULL), 0);
    expect(file, state, why);
    made_party_done(&signer);
}

static void unfit_certificates(void **state)
{
    struct made_party_options options = {.name = "Unfit", .issuer = &world.root};
    (void)state;
    signed_by(&options, IW_SIGNATURE_UNANCHORED, IW_WHY_USAGE);
    options.usage = "serverAuth";
    signed_by(&options, IW_SIGNATURE_UNANCHORED, IW_WHY_USAGE);
    options.usage = "codeSigning";
    options.digest = EVP_md5();
    signed_by(&options, IW_SIGNATURE_UNANCHORED, IW_WHY_WEAK);
    options.digest = NULL;
    options.until_s = MADE_NOW - MADE_DAY;
    signed_by(&options, IW_SIGNATURE_UNANCHORED, IW_WHY_EXPIRED);
    options.until_s = MADE_NOW + 2 * MADE_DAY;
    options.from_s = MADE_NOW + MADE_DAY;
    signed_by(&options, IW_SIGNATURE_UNANCHORED, IW_WHY_NOT_YET_VALID);
}

/* A signer without authority to issue issues a certificate. */
static void issued_by_no_authority(void **state)
{
    struct made_party signer;
    struct made_bytes file = made_plain();
    (void)state;
    made_party(&signer, &(struct made_party_options){
                            .name = "Below", .issuer = &world.signer, .usage = "codeSigning"});
    made_embed(&file, made_signature(made_str(file), IW_DIGEST_SHA256, &signer, &world.signer), 0);
    expect(file, IW_SIGNATURE_UNANCHORED, IW_WHY_CHAIN);
    made_party_done(&signer);
}

static PKCS7 *expired_signature(struct made_bytes file, const char *usage)
{
    struct made_party signer;
    PKCS7 *data;
    made_party(&signer, &(struct made_party_options){.name = "Late",
                                                     .issuer = &world.root,
                                                     .usage = usage,
                                                     .until_s = MADE_NOW - 10 * MADE_DAY});
    data = made_signature(made_str(file), IW_DIGEST_SHA256, &signer, NULL);
    made_party_done(&signer);
    return data;
}

typedef void stamp_with(PKCS7 *data, const struct made_party *stamper, int64_t time_s);

static void stamped(stamp_with *stamp, const struct made_party *stamper, int64_t time_s,
                    const char *usage, enum iw_signature_state state, uint32_t why)
{
    struct made_bytes file = made_plain();
    PKCS7 *data = expired_signature(file, usage);
    stamp(data, stamper, time_s);
    made_embed(&file, data, 0);
    expect(file, state, why);
}

static void time_stamps(void **state)
{
    stamp_with *const kinds[] = {made_counter_signature, made_token};
    struct made_party other;
    (void)state;
    made_party(&other,
               &(struct made_party_options){.name = "Other clock", .usage = "timeStamping"});
    for (unsigned i = 0; i < 2; i++) {
        int64_t before = MADE_NOW - 20 * MADE_DAY, after = MADE_NOW - 5 * MADE_DAY;
        stamped(kinds[i], &world.stamper, before, "codeSigning", IW_SIGNATURE_ANCHORED, 0);
        stamped(kinds[i], &world.stamper, after, "codeSigning", IW_SIGNATURE_UNANCHORED,
                IW_WHY_EXPIRED);
        /* by an unknown clock, and by someone who is no clock */
        stamped(kinds[i], &other, before, "codeSigning", IW_SIGNATURE_UNANCHORED,
                IW_WHY_EXPIRED | IW_WHY_TIME_UNPROVED);
        stamped(kinds[i], &world.signer, before, "codeSigning", IW_SIGNATURE_UNANCHORED,
                IW_WHY_EXPIRED | IW_WHY_TIME_UNPROVED);
        /* lifetime signing: a time stamp does not outlive the certificate */
        stamped(kinds[i], &world.stamper, before, "codeSigning,1.3.6.1.4.1.311.10.3.13",
                IW_SIGNATURE_UNANCHORED, IW_WHY_EXPIRED);
    }
    made_party_done(&other);
}

static void stamp_facts(void **state)
{
    stamp_with *const kinds[] = {made_counter_signature, made_token};
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct made_bytes file = made_plain();
        PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        struct made_reading reading;
        kinds[i](data, &world.stamper, MADE_NOW - MADE_DAY);
        made_embed(&file, data, 0);
        made_read_signatures(&reading, file, &options);
        assert_int_equal(reading.signatures.list[0].stamp.kind, IW_STAMP_PKCS9 + i);
        assert_true(reading.signatures.list[0].stamp.is_proved);
        assert_int_equal(reading.signatures.list[0].stamp.time_s, MADE_NOW - MADE_DAY);
        assert_str(reading.signatures.list[0].stamp.authority.name, "Clock");
        made_reading_done(&reading);
        made_bytes_done(&file);
    }
}

/* The time stamp of one signature on another. */
static void foreign_stamp(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct made_bytes file = made_plain();
        PKCS7 *data = expired_signature(file, "codeSigning");
        PKCS7 *donor = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        PKCS7_SIGNER_INFO *to = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(data), 0);
        PKCS7_SIGNER_INFO *from = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(donor), 0);
        (i == 0 ? made_counter_signature : made_token)(donor, &world.stamper,
                                                       MADE_NOW - 20 * MADE_DAY);
        to->unauth_attr = from->unauth_attr;
        from->unauth_attr = NULL;
        assert_int_equal(PKCS7_add_certificate(data, world.stamper.certificate), 1);
        made_embed(&file, data, 0);
        PKCS7_free(donor);
        expect(file, IW_SIGNATURE_UNANCHORED, IW_WHY_EXPIRED | IW_WHY_TIME_UNPROVED);
    }
}

/* Any byte that is hashed: headers, section, first and last. */
static void changed_bytes(void **state)
{
    struct made_bytes plain = made_plain();
    const size_t places[] = {2, iw_load_u32(plain.p + 60) + 8, 0x400, plain.n / 2, plain.n - 1};
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        struct made_bytes file = made_signed_file(&world);
        file.p[places[i]] ^= 1;
        expect(file, IW_SIGNATURE_TAMPERED, IW_WHY_DIGEST);
    }
    made_bytes_done(&plain);
}

/* The checksum is not signed. */
static void changed_checksum(void **state)
{
    struct made_bytes file = made_signed_file(&world);
    (void)state;
    file.p[iw_load_u32(file.p + 60) + 24 + 64] ^= 0x55;
    expect(file, IW_SIGNATURE_ANCHORED, 0);
}

static void appended(void **state)
{
    struct made_bytes file = made_signed_file(&world);
    (void)state;
    file.p = realloc(file.p, file.n + 64);
    memset(file.p + file.n, 'x', 64);
    file.n += 64;
    expect(file, IW_SIGNATURE_TAMPERED, IW_WHY_DIGEST);
}

/* Appended and the table declared longer, as the well-known trick does it: allowed, and said. */
static void stuffed(void **state)
{
    struct made_bytes file = made_plain();
    (void)state;
    made_embed(&file, made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL), 100);
    expect(file, IW_SIGNATURE_ANCHORED, IW_WHY_UNSIGNED_BYTES);
}

static void two_signatures(void **state)
{
    struct made_bytes file = made_plain();
    PKCS7 *first = made_signature(made_str(file), IW_DIGEST_SHA1, &world.signer, NULL);
    PKCS7 *second = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    struct made_reading reading;
    (void)state;
    made_embed(&file, first, 0);
    made_embed(&file, second, 0);
    made_read_signatures(&reading, file, &options);
    assert_int_equal(reading.signatures.n, 2);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_ANCHORED);
    assert_int_equal(reading.signatures.list[0].signed_digest.kind, IW_DIGEST_SHA1);
    assert_int_equal(reading.signatures.list[1].signed_digest.kind, IW_DIGEST_SHA256);
    made_reading_done(&reading);
    made_bytes_done(&file);
}

static void nested(void **state)
{
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    (void)state;
    for (int is_bad = 0; is_bad < 2; is_bad++) {
        struct made_bytes file = made_plain();
        PKCS7 *outer = made_signature(made_str(file), IW_DIGEST_SHA1, &world.signer, NULL), *inner;
        struct made_reading reading;
        file.p[0x400] ^= (uint8_t)is_bad;
        inner = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        file.p[0x400] ^= (uint8_t)is_bad;
        made_nest(outer, inner);
        made_embed(&file, outer, 0);
        made_read_signatures(&reading, file, &options);
        assert_int_equal(reading.signatures.n, 2);
        assert_false(reading.signatures.list[0].is_nested);
        assert_true(reading.signatures.list[1].is_nested);
        assert_int_equal(reading.signatures.list[0].state, IW_SIGNATURE_ANCHORED);
        assert_int_equal(reading.signatures.state,
                         is_bad ? IW_SIGNATURE_TAMPERED : IW_SIGNATURE_ANCHORED);
        made_reading_done(&reading);
        made_bytes_done(&file);
    }
}

/* The digest in the content exchanged for that of the changed file: the signer did not sign it. */
static void exchanged_digest(void **state)
{
    struct made_bytes file = made_plain();
    PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    ASN1_STRING *content = data->d.sign->contents->d.other->value.sequence, *changed;
    PKCS7 *other;
    (void)state;
    file.p[0x400] ^= 1;
    other = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    changed = other->d.sign->contents->d.other->value.sequence;
    assert_int_equal(ASN1_STRING_copy(content, changed), 1);
    PKCS7_free(other);
    made_embed(&file, data, 0);
    expect(file, IW_SIGNATURE_TAMPERED, IW_WHY_CONTENT);
}

/* A certificate with issuer and serial of the signer's, and a key of one's own. */
static void forged_signer(void **state)
{
    struct made_bytes file = made_plain();
    PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.stamper, NULL);
    PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(data), 0);
    (void)state;
    assert_int_equal(PKCS7_add_certificate(data, world.signer.certificate), 1);
    ASN1_INTEGER_free(signer->issuer_and_serial->serial);
    signer->issuer_and_serial->serial =
        ASN1_INTEGER_dup(X509_get0_serialNumber(world.signer.certificate));
    made_embed(&file, data, 0);
    expect(file, IW_SIGNATURE_TAMPERED, IW_WHY_SIGNATURE);
}

static void missing_certificate(void **state)
{
    struct made_bytes file = made_plain();
    PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    (void)state;
    X509_free(sk_X509_pop(data->d.sign->cert));
    made_embed(&file, data, 0);
    expect(file, IW_SIGNATURE_UNANCHORED, IW_WHY_NO_CERTIFICATE);
}

static void two_signers(void **state)
{
    struct made_bytes file = made_plain();
    PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    PKCS7 *other = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    PKCS7_SIGNER_INFO *second = sk_PKCS7_SIGNER_INFO_pop(PKCS7_get_signer_info(other));
    (void)state;
    assert_true(sk_PKCS7_SIGNER_INFO_push(PKCS7_get_signer_info(data), second) > 0);
    PKCS7_free(other);
    made_embed(&file, data, 0);
    expect(file, IW_SIGNATURE_UNANCHORED, IW_WHY_SIGNERS);
}

static void none_embedded(void **state)
{
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    struct made_bytes file = made_plain();
    struct made_reading reading;
    (void)state;
    made_read_signatures(&reading, file, &options);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_NONE_EMBEDDED);
    assert_int_equal(reading.signatures.n, 0);
    assert_int_equal(iw_signatures_damage_total(&reading.signatures), 0);
    assert_null(iw_signatures_proved_signer(&reading.signatures));
    made_reading_done(&reading);
    made_bytes_done(&file);
}

/* Digest of bytes put together by hand: all but checksum, entry and table; zeros up to eight. */
static void digest_by_hand(void **state)
{
    struct made_bytes file = made_plain();
    size_t header = iw_load_u32(file.p + 60) + 24, checksum = header + 64,
           entry = header + 112 + 32;
    uint8_t *kept = calloc(1, file.n + 8), expected[32];
    struct iw_arena arena;
    struct iw_digest digest;
    struct iw_pe pe;
    size_t n = 0;
    (void)state;

    file.n -= 3;
    memcpy(kept, file.p, checksum);
    n = checksum;
    memcpy(kept + n, file.p + checksum + 4, entry - checksum - 4);
    n += entry - checksum - 4;
    memcpy(kept + n, file.p + entry + 8, file.n - entry - 8);
    n += file.n - entry - 8 + 3;
    assert_true(iw_sha256((struct iw_str){(char *)kept, n}, expected));
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_pe_read(made_str(file), NULL, &arena, &pe, NULL), IW_OK);
    assert_int_equal(iw_authenticode_digest(made_str(file), &pe, IW_DIGEST_SHA256, &digest), IW_OK);
    assert_memory_equal(digest.bytes, expected, 32);
    iw_arena_done(&arena);
    free(kept);
    made_bytes_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchored),
        cmocka_unit_test(digest_kinds),
        cmocka_unit_test(rsa),
        cmocka_unit_test(without_anchor),
        cmocka_unit_test(wrong_root),
        cmocka_unit_test(unfit_certificates),
        cmocka_unit_test(issued_by_no_authority),
        cmocka_unit_test(time_stamps),
        cmocka_unit_test(stamp_facts),
        cmocka_unit_test(foreign_stamp),
        cmocka_unit_test(changed_bytes),
        cmocka_unit_test(changed_checksum),
        cmocka_unit_test(appended),
        cmocka_unit_test(stuffed),
        cmocka_unit_test(two_signatures),
        cmocka_unit_test(nested),
        cmocka_unit_test(exchanged_digest),
        cmocka_unit_test(forged_signer),
        cmocka_unit_test(missing_certificate),
        cmocka_unit_test(two_signers),
        cmocka_unit_test(none_embedded),
        cmocka_unit_test(digest_by_hand),
    };
    return cmocka_run_group_tests(tests, made_world_set_up, made_world_tear_down);
}
