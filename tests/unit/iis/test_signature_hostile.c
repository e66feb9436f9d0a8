/*
 * Damaged and hostile signatures: cut at every byte, single bits, shapes no tool makes, limits at
 * the limit and one past it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "iis/signature/der.h"
#include "tests/unit/iis/signature_make.h"

/* Elements of SpcIndirectDataContent as the test writes it: itself; data, its type, image data,
 * flags, [0], [2], file name; digest information, algorithm, its type, parameters, digest. */
#define CONTENT_ELEMENTS 13U

static size_t entry_at(struct made_bytes file)
{
    return iw_load_u32(file.p + 60) + 24 + 112 + 32;
}

static void read_it(struct made_reading *reading, struct made_bytes file)
{
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    made_read_signatures(reading, file, &options);
    assert_int_equal(ERR_peek_error(), 0);
}

static uint64_t damage(const struct made_reading *reading, enum iw_signature_damage_kind kind)
{
    return reading->signatures.damage[kind].count;
}

static void put_u32(struct made_bytes file, size_t at, uint32_t value)
{
    memcpy(file.p + at, &value, sizeof value);
}

/* The file ends early inside its table: never anchored, never "no signature", always said. */
static void cut_everywhere(void **state)
{
    struct made_bytes file = made_signed_file(&world);
    uint32_t begin = iw_load_u32(file.p + entry_at(file));
    (void)state;
    for (size_t n = begin; n < file.n; n++) {
        struct made_reading reading;
        read_it(&reading, (struct made_bytes){file.p, n});
        assert_true(damage(&reading, IW_SIGNATURE_DAMAGE_TABLE) != 0);
        assert_true(reading.signatures.state == IW_SIGNATURE_UNANCHORED ||
                    reading.signatures.state == IW_SIGNATURE_TAMPERED);
        made_reading_done(&reading);
    }
    made_bytes_done(&file);
}

/* The table's size is declared smaller, entry as it was and entry to match. */
static void table_too_short(void **state)
{
    struct made_bytes file = made_signed_file(&world);
    uint32_t begin = iw_load_u32(file.p + entry_at(file)), n = (uint32_t)file.n - begin;
    (void)state;
    for (uint32_t size = 1; size < n; size += size < 300 ? 1 : 37) {
        for (int fits = 0; fits < 2; fits++) {
            struct made_reading reading;
            put_u32(file, entry_at(file) + 4, size);
            put_u32(file, begin, fits ? size : n);
            read_it(&reading, file);
            assert_true(reading.signatures.state != IW_SIGNATURE_ANCHORED);
            assert_true(iw_signatures_damage_total(&reading.signatures) != 0);
            made_reading_done(&reading);
        }
    }
    made_bytes_done(&file);
}

/* Every bit of the signature: what stays anchored has all that was signed as it was. */
static void every_bit(void **state)
{
    struct made_bytes file = made_signed_file(&world);
    uint32_t begin = iw_load_u32(file.p + entry_at(file));
    struct iw_digest expected;
    struct made_reading reading;
    uint64_t n_anchored = 0;
    (void)state;
    read_it(&reading, file);
    expected = reading.signatures.list[0].signed_digest;
    made_reading_done(&reading);
    for (size_t bit = (size_t)begin * 8; bit < file.n * 8; bit++) {
        file.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        read_it(&reading, file);
        if (reading.signatures.state == IW_SIGNATURE_ANCHORED) {
            n_anchored++;
            assert_true(iw_digest_equal(&reading.signatures.list[0].signed_digest, &expected));
            assert_int_equal(reading.signatures.list[0].claimed.organisation.n, 8);
        }
        made_reading_done(&reading);
        file.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    /* Those are revision and length of the entry, version numbers, list of digest algorithms,
     * padding: a few of some thousand bytes. */
    assert_in_range(n_anchored, 1, 400);
    made_bytes_done(&file);
}

/* A hole over the headers would let the attacker choose what is hashed. */
static void table_over_headers(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct made_bytes file = made_signed_file(&world);
        const uint32_t places[] = {0, (uint32_t)entry_at(file) - 64, (uint32_t)entry_at(file)};
        struct made_reading reading;
        put_u32(file, entry_at(file), places[i]);
        put_u32(file, entry_at(file) + 4, 0x100);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.state, IW_SIGNATURE_UNANCHORED);
        assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_TABLE), 1);
        made_reading_done(&reading);
        made_bytes_done(&file);
    }
}

static void table_outside(void **state)
{
    struct made_bytes file = made_plain();
    struct made_reading reading;
    (void)state;
    put_u32(file, entry_at(file), 0xFFFFFFF8);
    put_u32(file, entry_at(file) + 4, 0xFFFFFFFF);
    read_it(&reading, file);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_UNANCHORED);
    assert_int_equal(reading.signatures.n, 0);
    assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_TABLE), 1);
    made_reading_done(&reading);
    made_bytes_done(&file);
}

/* Bytes as the only entry of a table. */
static void read_entry(struct made_reading *reading, const void *bytes, size_t n)
{
    struct made_bytes file = made_plain();
    size_t begin = file.n, n_whole = (8 + n + 7) / 8 * 8;
    file.p = realloc(file.p, begin + n_whole);
    assert_non_null(file.p);
    memset(file.p + begin, 0, n_whole);
    put_u32(file, begin, (uint32_t)n_whole);
    put_u32(file, begin + 4, 0x00020200);
    memcpy(file.p + begin + 8, bytes, n);
    put_u32(file, entry_at(file), (uint32_t)begin);
    put_u32(file, entry_at(file) + 4, (uint32_t)n_whole);
    file.n = begin + n_whole;
    read_it(reading, file);
    made_bytes_done(&file);
}

static void no_signed_data(void **state)
{
    static const struct iw_str BYTES[] = {
        {"", 0},
        {"\x30\x00", 2},
        {"\x30\x84\xFF\xFF\xFF\xFF", 6},
        {"\x30\x80\x00\x00", 4},
        {"\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 13},
        {"\x30\x0F\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x02\x30\x00", 17},
        {"\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01", 13},
    };
    (void)state;
    for (unsigned i = 0; i < sizeof BYTES / sizeof *BYTES; i++) {
        struct made_reading reading;
        read_entry(&reading, BYTES[i].p, BYTES[i].n);
        if (BYTES[i].n != 0) {
            assert_int_equal(reading.signatures.n, 1);
            assert_int_equal(reading.signatures.list[0].why, IW_WHY_UNREADABLE);
            assert_int_equal(reading.signatures.state, IW_SIGNATURE_UNANCHORED);
            assert_false(reading.signatures.list[0].has_signer);
        }
        made_reading_done(&reading);
    }
}

/* Elements in one another, the innermost empty, made from the inside; returns where they begin. */
static struct iw_str made_depth(char *room, size_t n_room, unsigned depth)
{
    size_t at = n_room, n = 0;
    for (unsigned i = 0; i < depth; i++) {
        room[--at] = (char)n;
        if (n >= 0x80)
            room[--at] = (char)0x81;
        room[--at] = 0x30;
        n = n_room - at;
    }
    return (struct iw_str){room + at, n};
}

/* The outermost stands at depth 0. */
static void der_depth(void **state)
{
    char room[4 * (IW_LIMIT_DER_DEPTH + 2)];
    (void)state;
    assert_int_equal(iw_der_check(made_depth(room, sizeof room, IW_LIMIT_DER_DEPTH), NULL),
                     IW_DER_SOUND);
    assert_int_equal(iw_der_check(made_depth(room, sizeof room, IW_LIMIT_DER_DEPTH + 1), NULL),
                     IW_DER_LIMIT);
}

static void der_elements(void **state)
{
    (void)state;
    for (size_t past = 0; past < 2; past++) {
        size_t n_value = 2 * (IW_LIMIT_DER_ELEMENTS - 1 + past); /* NULLs beside the outer one */
        char *bytes = calloc(1, 6 + n_value);
        assert_non_null(bytes);
        bytes[0] = 0x30;
        bytes[1] = (char)0x84;
        for (unsigned i = 0; i < 4; i++)
            bytes[2 + i] = (char)(n_value >> (24 - 8 * i));
        for (size_t i = 0; i < n_value; i += 2)
            bytes[6 + i] = 0x05;
        assert_int_equal(iw_der_check((struct iw_str){bytes, 6 + n_value}, NULL),
                         past != 0 ? IW_DER_LIMIT : IW_DER_SOUND);
        free(bytes);
    }
}

static void der_identifier(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        char bytes[3 + IW_LIMIT_DER_OID_BYTES + 1] = {0x06, (char)0x81,
                                                      (char)(IW_LIMIT_DER_OID_BYTES + past)};
        assert_int_equal(
            iw_der_check((struct iw_str){bytes, 3 + IW_LIMIT_DER_OID_BYTES + past}, NULL),
            past ? IW_DER_LIMIT : IW_DER_SOUND);
    }
}

/* One past a limit: told, and the reason of the first signature; at the limit: neither. Frees the
 * file. */
static void expect_limit(struct made_bytes file, unsigned past)
{
    struct made_reading reading;
    read_it(&reading, file);
    assert_int_equal(reading.signatures.list[0].why, past ? IW_WHY_LIMIT : 0);
    assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_LIMIT), past);
    made_reading_done(&reading);
    made_bytes_done(&file);
}

/* As many elements as the limit allows, in an attribute that is not signed; and one more. */
static void elements(void **state)
{
    uint32_t n_before = 0;
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_bytes file = made_plain(), der;
        PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(data), 0);
        X509_ATTRIBUTE *attribute = X509_ATTRIBUTE_new();
        uint32_t n;

        /* [1] around the attributes, attribute, type, set: four */
        der = made_der(PKCS7_dup(data));
        assert_int_equal(iw_der_check(made_str(der), &n_before), IW_DER_SOUND);
        made_bytes_done(&der);
        n = IW_LIMIT_SIGNATURE_ELEMENTS + past - (n_before - CONTENT_ELEMENTS) - 4;
        assert_int_equal(X509_ATTRIBUTE_set1_object(attribute, OBJ_nid2obj(NID_friendlyName)), 1);
        for (uint32_t i = 0; i < n; i++)
            assert_int_equal(X509_ATTRIBUTE_set1_data(attribute, V_ASN1_NULL, NULL, -1), 1);
        signer->unauth_attr = sk_X509_ATTRIBUTE_new_null();
        assert_true(sk_X509_ATTRIBUTE_push(signer->unauth_attr, attribute) > 0);
        made_embed(&file, data, 0);
        expect_limit(file, past);
    }
}

static void certificates(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_bytes file = made_plain();
        PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        while (sk_X509_num(data->d.sign->cert) < (int)(IW_LIMIT_SIGNATURE_CERTIFICATES + past))
            assert_int_equal(PKCS7_add_certificate(data, world.stamper.certificate), 1);
        made_embed(&file, data, 0);
        expect_limit(file, past);
    }
}

static void entries(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_bytes file = made_plain(), plain = made_plain();
        struct made_reading reading;
        for (unsigned i = 0; i < IW_LIMIT_SIGNATURE_ENTRIES + past; i++)
            made_embed(&file,
                       made_signature(made_str(plain), IW_DIGEST_SHA256, &world.signer, NULL), 0);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.n, IW_LIMIT_SIGNATURE_ENTRIES);
        assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_LIMIT), past);
        assert_int_equal(reading.signatures.state, IW_SIGNATURE_ANCHORED);
        made_reading_done(&reading);
        made_bytes_done(&file);
        made_bytes_done(&plain);
    }
}

static void nested_signatures(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_bytes file = made_plain();
        PKCS7 *outer = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        struct made_reading reading;
        for (unsigned i = 1; i < IW_LIMIT_SIGNATURES + past; i++)
            made_nest(outer, made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL));
        made_embed(&file, outer, 0);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.n, IW_LIMIT_SIGNATURES);
        assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_LIMIT), past);
        made_reading_done(&reading);
        made_bytes_done(&file);
    }
}

/* Nested in one another: found without recursion, the depth bounded by that of DER. */
static void nested_in_nested(void **state)
{
    struct made_bytes file = made_plain();
    PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
    struct made_reading reading;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        PKCS7 *outer = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        made_nest(outer, data);
        data = outer;
    }
    made_embed(&file, data, 0);
    read_it(&reading, file);
    assert_int_equal(reading.signatures.n, 4);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_ANCHORED);
    made_reading_done(&reading);
    made_bytes_done(&file);
}

/* One of as many as the limit allows is proved; DER decides their order. Of one more none is, and
 * the last is not looked at. */
static void stamps(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_bytes file = made_plain();
        PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        struct made_reading reading;
        for (unsigned i = 0; i < IW_LIMIT_SIGNATURE_STAMPS - 1 + past; i++)
            made_token(data, &world.signer, MADE_NOW - MADE_DAY);
        made_token(data, past ? &world.signer : &world.stamper, MADE_NOW - MADE_DAY);
        made_embed(&file, data, 0);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.list[0].stamp.is_proved, past == 0);
        assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_LIMIT), past);
        made_reading_done(&reading);
        made_bytes_done(&file);
    }
}

static void chain(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_party parties[IW_LIMIT_SIGNATURE_CHAIN + 2];
        unsigned n = IW_LIMIT_SIGNATURE_CHAIN + past;
        struct made_bytes file = made_plain();
        struct made_reading reading;
        PKCS7 *data;
        for (unsigned i = 0; i <= n; i++) {
            char name[] = "Between A";
            name[8] = (char)('A' + i);
            made_party(&parties[i], &(struct made_party_options){
                                        .name = name,
                                        .issuer = i != 0 ? &parties[i - 1] : &world.root,
                                        .is_authority = i != n,
                                        .usage = i == n ? "codeSigning" : NULL});
        }
        data = made_signature(made_str(file), IW_DIGEST_SHA256, &parties[n], NULL);
        for (unsigned i = 0; i < n; i++)
            assert_int_equal(PKCS7_add_certificate(data, parties[i].certificate), 1);
        made_embed(&file, data, 0);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.state,
                         past ? IW_SIGNATURE_UNANCHORED : IW_SIGNATURE_ANCHORED);
        made_reading_done(&reading);
        made_bytes_done(&file);
        for (unsigned i = 0; i <= n; i++)
            made_party_done(&parties[i]);
    }
}

/* Many bytes behind the signature fill the table up to its limit and past it. */
static void table_bytes(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        struct made_bytes file = made_plain(), der;
        struct made_reading reading;
        PKCS7 *data = made_signature(made_str(file), IW_DIGEST_SHA256, &world.signer, NULL);
        PKCS7 *copy = PKCS7_dup(data);
        der = made_der(copy);
        made_embed(&file, data, IW_LIMIT_SIGNATURE_TABLE_BYTES - 8 - der.n + past);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.state,
                         past ? IW_SIGNATURE_UNANCHORED : IW_SIGNATURE_ANCHORED);
        assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_LIMIT), past);
        made_reading_done(&reading);
        made_bytes_done(&file);
        made_bytes_done(&der);
    }
}

static void name_bytes(void **state)
{
    (void)state;
    for (unsigned past = 0; past < 2; past++) {
        char name[IW_LIMIT_SIGNATURE_NAME_BYTES + 2] = "";
        struct made_party signer;
        struct made_bytes file = made_plain();
        struct made_reading reading;
        X509_NAME_ENTRY *entry;
        X509 *certificate;
        memset(name, 'n', IW_LIMIT_SIGNATURE_NAME_BYTES + past);
        made_party(&signer, &(struct made_party_options){.name = "short", .issuer = &world.root});
        certificate = signer.certificate;
        entry = X509_NAME_ENTRY_create_by_NID(NULL, NID_organizationName, V_ASN1_UTF8STRING,
                                              (const unsigned char *)"x", 1);
        /* past what OpenSSL itself would write */
        assert_int_equal(ASN1_STRING_set(X509_NAME_ENTRY_get_data(entry), name, (int)strlen(name)),
                         1);
        assert_int_equal(X509_NAME_add_entry(X509_get_subject_name(certificate), entry, -1, 0), 1);
        X509_NAME_ENTRY_free(entry);
        assert_true(X509_sign(certificate, world.root.key, EVP_sha256()) > 0);
        made_embed(&file, made_signature(made_str(file), IW_DIGEST_SHA256, &signer, NULL), 0);
        read_it(&reading, file);
        assert_int_equal(reading.signatures.list[0].claimed.organisation.n,
                         IW_LIMIT_SIGNATURE_NAME_BYTES);
        assert_int_equal(damage(&reading, IW_SIGNATURE_DAMAGE_NAME), past);
        made_reading_done(&reading);
        made_bytes_done(&file);
        made_party_done(&signer);
    }
}

static void anchors(void **state)
{
    struct iw_anchors *given = iw_anchors_new();
    uint32_t n = 9;
    (void)state;
    assert_int_equal(iw_anchors_add(given, IW_STR(""), &n, NULL), IW_EFORMAT);
    assert_int_equal(n, 0);
    assert_int_equal(iw_anchors_add(given, IW_STR("0\x03\x02\x01"), NULL, NULL), IW_EFORMAT);
    assert_int_equal(iw_anchors_add(given, IW_STR("no certificate"), NULL, NULL), IW_EFORMAT);
    assert_int_equal(iw_anchors_count(given), 0);
    {
        char *bytes = calloc(1, IW_LIMIT_ANCHOR_FILE_BYTES + 1);
        struct iw_str file = {bytes, IW_LIMIT_ANCHOR_FILE_BYTES};
        assert_non_null(bytes);
        assert_int_equal(iw_anchors_add(given, file, NULL, NULL), IW_EFORMAT);
        file.n++;
        assert_int_equal(iw_anchors_add(given, file, NULL, NULL), IW_ELIMIT);
        free(bytes);
    }
    {
        BIO *bio = BIO_new(BIO_s_mem());
        char *text;
        long n_text;
        assert_int_equal(PEM_write_bio_X509(bio, world.root.certificate), 1);
        assert_int_equal(PEM_write_bio_X509(bio, world.signer.certificate), 1);
        n_text = BIO_get_mem_data(bio, &text);
        assert_int_equal(iw_anchors_add(given, (struct iw_str){text, (size_t)n_text}, &n, NULL),
                         IW_OK);
        assert_int_equal(n, 2);
        assert_int_equal(
            iw_anchors_add(given, (struct iw_str){text, (size_t)n_text - 60}, &n, NULL),
            IW_EFORMAT);
        assert_int_equal(n, 1);
        BIO_free(bio);
    }
    assert_int_equal(iw_anchors_count(given), 3);
    assert_int_equal(ERR_peek_error(), 0);
    iw_anchors_free(given);
}

/* Every allocation of ours fails once: said, or not needed. */
static void no_memory(void **state)
{
    const struct iw_signature_options options = {.anchors = world.anchors, .now_s = MADE_NOW};
    struct made_bytes file = made_signed_file(&world);
    bool is_done = false;
    (void)state;
    for (uint64_t n = 1; !is_done; n++) {
        struct iw_signatures signatures;
        struct iw_arena arena;
        struct iw_pe pe;
        enum iw_rc rc;
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_pe_read(made_str(file), NULL, &arena, &pe, NULL), IW_OK);
        iw_arena_done(&arena); /* nothing of the record's lists is needed */
        iw_arena_init(&arena, 0);
        iw_alloc_fail_at(n);
        rc = iw_signatures_read(made_str(file), &pe, &options, &arena, &signatures, NULL);
        is_done = iw_alloc_count() < n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, is_done ? IW_OK : IW_ENOMEM);
        iw_arena_done(&arena);
    }
    made_bytes_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(table_too_short),
        cmocka_unit_test(every_bit),
        cmocka_unit_test(table_over_headers),
        cmocka_unit_test(table_outside),
        cmocka_unit_test(no_signed_data),
        cmocka_unit_test(der_depth),
        cmocka_unit_test(der_elements),
        cmocka_unit_test(der_identifier),
        cmocka_unit_test(certificates),
        cmocka_unit_test(elements),
        cmocka_unit_test(entries),
        cmocka_unit_test(nested_signatures),
        cmocka_unit_test(nested_in_nested),
        cmocka_unit_test(stamps),
        cmocka_unit_test(chain),
        cmocka_unit_test(table_bytes),
        cmocka_unit_test(name_bytes),
        cmocka_unit_test(anchors),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, made_world_set_up, made_world_tear_down);
}
