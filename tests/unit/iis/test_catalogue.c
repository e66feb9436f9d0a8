/*
 * Catalogues made here: members by both forms, the catalogue's own signature, what a file that a
 * catalogue knows becomes, damage, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "base/limits.h"
#include "iis/signature/catalogue_list.h"
#include "tests/unit/iis/signature_make.h"

static struct iw_signature_options options_with(const struct iw_catalogues *catalogues)
{
    return (struct iw_signature_options){
        .anchors = world.anchors, .catalogues = catalogues, .now_s = MADE_NOW};
}

static struct iw_digest digest_of(struct made_bytes file, enum iw_digest_kind kind)
{
    const struct iw_signature_options options = options_with(NULL);
    struct made_reading reading;
    struct iw_digest digest;
    made_read_signatures(&reading, file, &options);
    assert_int_equal(
        iw_authenticode_digest((struct iw_str){(char *)file.p, file.n}, &reading.pe, kind, &digest),
        IW_OK);
    made_reading_done(&reading);
    return digest;
}

/* Adds a catalogue's bytes, which are freed. */
static const struct iw_catalogue *add(struct iw_catalogues *catalogues, const char *name,
                                      struct made_bytes der)
{
    const struct iw_signature_options options = options_with(NULL);
    const struct iw_catalogue *catalogue;
    assert_int_equal(iw_catalogues_add(catalogues, iw_str_of(name),
                                       (struct iw_str){(char *)der.p, der.n}, &options, &catalogue,
                                       NULL),
                     IW_OK);
    assert_int_equal(ERR_peek_error(), 0);
    made_bytes_done(&der);
    return catalogue;
}

/* A catalogue of one member, by whom, in which form; the file's state with it. */
static void known(enum iw_digest_kind kind, bool is_bare, const struct made_party *signer,
                  enum iw_signature_state expected)
{
    struct made_bytes file = made_plain();
    struct iw_digest digest = digest_of(file, kind);
    struct iw_catalogues *catalogues = iw_catalogues_new();
    const struct iw_catalogue *catalogue =
        add(catalogues, "one.cat", made_der(made_catalogue(&digest, 1, is_bare, signer)));
    const struct iw_signature_options options = options_with(catalogues);
    struct made_reading reading;

    assert_int_equal(catalogue->n_members, 1);
    assert_int_equal(catalogue->signature.state, expected);
    iw_catalogues_seal(catalogues);
    made_read_signatures(&reading, file, &options);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_CATALOGUE);
    assert_ptr_equal(reading.signatures.catalogue, catalogue);
    assert_int_equal(iw_signatures_proved_signer(&reading.signatures) != NULL,
                     expected == IW_SIGNATURE_ANCHORED);
    made_reading_done(&reading);
    file.p[0x400] ^= 1;
    made_read_signatures(&reading, file, &options);
    assert_int_equal(reading.signatures.state, IW_SIGNATURE_NONE_EMBEDDED);
    assert_null(reading.signatures.catalogue);
    made_reading_done(&reading);
    made_bytes_done(&file);
    iw_catalogues_free(catalogues);
}

static void members(void **state)
{
    struct made_party stranger;
    (void)state;
    made_party(&stranger, &(struct made_party_options){.name = "Stranger", .usage = "codeSigning"});
    for (int is_bare = 0; is_bare < 2; is_bare++) {
        known(IW_DIGEST_SHA1, is_bare != 0, &world.signer, IW_SIGNATURE_ANCHORED);
        known(IW_DIGEST_SHA256, is_bare != 0, &world.signer, IW_SIGNATURE_ANCHORED);
        known(IW_DIGEST_SHA256, is_bare != 0, &stranger, IW_SIGNATURE_UNANCHORED);
    }
    made_party_done(&stranger);
}

/* A member added to a signed catalogue: the members are read, the catalogue is tampered with. */
static void changed_catalogue(void **state)
{
    struct made_bytes file = made_plain();
    struct iw_digest digest = digest_of(file, IW_DIGEST_SHA256);
    struct iw_catalogues *catalogues = iw_catalogues_new();
    struct made_bytes der = made_der(made_catalogue(&digest, 1, true, &world.signer));
    const struct iw_catalogue *catalogue;
    uint8_t *found = memmem(der.p, der.n, digest.bytes, 32);
    (void)state;
    assert_non_null(found);
    found[31] ^= 1;
    catalogue = add(catalogues, "changed.cat", der);
    assert_int_equal(catalogue->signature.state, IW_SIGNATURE_TAMPERED);
    assert_int_equal(catalogue->signature.why, IW_WHY_CONTENT);
    assert_int_equal(catalogue->n_members, 1);
    iw_catalogues_free(catalogues);
    made_bytes_done(&file);
}

/* The anchored catalogue is found whatever the order; an unanchored embedded signature gives way to
 * it alone, a tampered one never. */
static void best_catalogue(void **state)
{
    struct made_party stranger;
    (void)state;
    made_party(&stranger, &(struct made_party_options){.name = "Stranger", .usage = "codeSigning"});
    for (int order = 0; order < 3; order++) {
        struct made_bytes file = made_plain();
        struct iw_digest digest = digest_of(file, IW_DIGEST_SHA256);
        struct iw_catalogues *catalogues = iw_catalogues_new();
        struct made_reading reading;
        struct iw_signature_options options = options_with(catalogues);
        made_embed(&file,
                   made_signature((struct iw_str){(char *)file.p, file.n}, IW_DIGEST_SHA256,
                                  &stranger, NULL),
                   0);
        for (int i = 0; i < 2; i++) {
            bool is_good = order != 2 && i == order;
            add(catalogues, is_good ? "good.cat" : "other.cat",
                made_der(made_catalogue(&digest, 1, false, is_good ? &world.signer : &stranger)));
        }
        assert_int_equal(iw_catalogues_n_members(catalogues), 2);
        iw_catalogues_seal(catalogues);
        assert_int_equal(iw_catalogues_n_members(catalogues), 1);
        made_read_signatures(&reading, file, &options);
        assert_int_equal(reading.signatures.state,
                         order == 2 ? IW_SIGNATURE_UNANCHORED : IW_SIGNATURE_CATALOGUE);
        assert_int_equal(reading.signatures.catalogue->name.p[0], order == 2 ? 'o' : 'g');
        made_reading_done(&reading);
        made_bytes_done(&file);
        iw_catalogues_free(catalogues);
    }
    made_party_done(&stranger);
}

static enum iw_rc add_bytes(struct iw_catalogues *catalogues, const void *bytes, size_t n)
{
    const struct iw_signature_options options = options_with(NULL);
    const struct iw_catalogue *catalogue;
    return iw_catalogues_add(catalogues, IW_STR("x"), (struct iw_str){bytes, n}, &options,
                             &catalogue, NULL);
}

/* Cut at every byte, and every bit of it: refused or read, never anchored with other members. */
static void damaged(void **state)
{
    struct iw_digest digest = {.kind = IW_DIGEST_SHA256, .bytes = {1, 2, 3}};
    struct made_bytes der = made_der(made_catalogue(&digest, 1, false, &world.signer));
    (void)state;
    for (size_t n = 0; n < der.n; n++) {
        struct iw_catalogues *catalogues = iw_catalogues_new();
        char *exact = malloc(n + 1);
        memcpy(exact + 1, der.p, n);
        assert_int_equal(add_bytes(catalogues, exact + 1, n), IW_EFORMAT);
        free(exact);
        iw_catalogues_free(catalogues);
    }
    for (size_t bit = 0; bit < der.n * 8; bit++) {
        const struct iw_signature_options options = options_with(NULL);
        struct iw_catalogues *catalogues = iw_catalogues_new();
        const struct iw_catalogue *catalogue;
        der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (iw_catalogues_add(catalogues, IW_STR("x"), (struct iw_str){(char *)der.p, der.n},
                              &options, &catalogue, NULL) == IW_OK &&
            catalogue->signature.state == IW_SIGNATURE_ANCHORED) {
            iw_catalogues_seal(catalogues);
            assert_ptr_equal(iw_catalogues_find(catalogues, &digest), catalogue);
        }
        der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        iw_catalogues_free(catalogues);
    }
    made_bytes_done(&der);
}

static void no_catalogue(void **state)
{
    struct iw_catalogues *catalogues = iw_catalogues_new();
    struct made_bytes file = made_plain();
    struct made_bytes der = made_der(made_signature((struct iw_str){(char *)file.p, file.n},
                                                    IW_DIGEST_SHA256, &world.signer, NULL));
    (void)state;
    assert_int_equal(add_bytes(catalogues, "", 0), IW_EFORMAT);
    assert_int_equal(add_bytes(catalogues, "text", 4), IW_EFORMAT);
    assert_int_equal(add_bytes(catalogues, der.p, der.n), IW_EFORMAT);
    assert_int_equal(iw_catalogues_n_members(catalogues), 0);
    iw_catalogues_seal(catalogues);
    made_bytes_done(&der);
    made_bytes_done(&file);
    iw_catalogues_free(catalogues);
}

/* Identifiers of the first version: hexadecimal digits in UTF-16, with or without a NUL. */
static void identifiers(void **state)
{
    char text[2 + 82] = {0x04, 82};
    struct iw_catalogue_member member = {0};
    (void)state;
    for (int i = 0; i < 40; i++)
        text[2 + 2 * i] = "0A"[i % 2];
    assert_true(iw_catalogue_member_digest((struct iw_str){text, 84}, &member));
    assert_int_equal(member.kind, IW_DIGEST_SHA1);
    assert_int_equal(member.digest[0], 0x0A);
    assert_int_equal(member.digest[19], 0x0A);
    assert_int_equal(member.digest[20], 0);
    text[1] = 80;
    assert_true(iw_catalogue_member_digest((struct iw_str){text, 82}, &member));
    text[2] = 'g';
    assert_false(iw_catalogue_member_digest((struct iw_str){text, 82}, &member));
    assert_false(iw_catalogue_member_digest(IW_STR("\x04\x03"
                                                   "abc"),
                                            &member));
    assert_false(iw_catalogue_member_digest(IW_STR("\x02\x01\x01"), &member));
}

static void member_limit(void **state)
{
    struct iw_digest *digests = calloc(IW_LIMIT_CATALOGUE_MEMBERS + 1, sizeof *digests);
    (void)state;
    assert_non_null(digests);
    for (uint32_t i = 0; i <= IW_LIMIT_CATALOGUE_MEMBERS; i++) {
        digests[i].kind = IW_DIGEST_SHA1;
        memcpy(digests[i].bytes, &i, sizeof i);
    }
    for (unsigned past = 0; past < 2; past++) {
        struct iw_catalogues *catalogues = iw_catalogues_new();
        const struct iw_catalogue *catalogue =
            add(catalogues, "many.cat",
                made_der(made_catalogue(digests, IW_LIMIT_CATALOGUE_MEMBERS + past, true,
                                        &world.signer)));
        assert_int_equal(catalogue->n_members, IW_LIMIT_CATALOGUE_MEMBERS);
        assert_int_equal(catalogue->damage[IW_SIGNATURE_DAMAGE_LIMIT].count, past);
        iw_catalogues_seal(catalogues);
        assert_ptr_equal(iw_catalogues_find(catalogues, &digests[77777]), catalogue);
        assert_int_equal(
            iw_catalogues_find(catalogues, &digests[IW_LIMIT_CATALOGUE_MEMBERS]) == NULL, 1);
        iw_catalogues_free(catalogues);
    }
    free(digests);
}

/* The same full catalogue again and again, and a small one past all members. */
static void total_limit(void **state)
{
    struct iw_digest *digests = calloc(IW_LIMIT_CATALOGUE_MEMBERS, sizeof *digests);
    struct iw_catalogues *catalogues = iw_catalogues_new();
    struct made_bytes full, small;
    (void)state;
    assert_non_null(digests);
    for (uint32_t i = 0; i < IW_LIMIT_CATALOGUE_MEMBERS; i++)
        digests[i].kind = IW_DIGEST_SHA1;
    full = made_der(made_catalogue(digests, IW_LIMIT_CATALOGUE_MEMBERS, true, &world.signer));
    small = made_der(made_catalogue(digests, 1, true, &world.signer));
    for (uint32_t n = 0; n < IW_LIMIT_CATALOGUE_MEMBERS_TOTAL; n += IW_LIMIT_CATALOGUE_MEMBERS)
        assert_int_equal(add_bytes(catalogues, full.p, full.n), IW_OK);
    assert_int_equal(iw_catalogues_n_members(catalogues), IW_LIMIT_CATALOGUE_MEMBERS_TOTAL);
    assert_int_equal(add_bytes(catalogues, small.p, small.n), IW_ELIMIT);
    assert_int_equal(iw_catalogues_n_members(catalogues), IW_LIMIT_CATALOGUE_MEMBERS_TOTAL);
    made_bytes_done(&full);
    made_bytes_done(&small);
    free(digests);
    iw_catalogues_free(catalogues);
}

static void file_limit(void **state)
{
    struct iw_catalogues *catalogues = iw_catalogues_new();
    size_t n = IW_LIMIT_CATALOGUE_BYTES + 1;
    char *bytes = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)state;
    assert_true(bytes != MAP_FAILED);
    assert_int_equal(add_bytes(catalogues, bytes, n - 1), IW_EFORMAT);
    assert_int_equal(add_bytes(catalogues, bytes, n), IW_ELIMIT);
    munmap(bytes, n);
    iw_catalogues_free(catalogues);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members),        cmocka_unit_test(changed_catalogue),
        cmocka_unit_test(best_catalogue), cmocka_unit_test(damaged),
        cmocka_unit_test(no_catalogue),   cmocka_unit_test(identifiers),
        cmocka_unit_test(member_limit),   cmocka_unit_test(file_limit),
        cmocka_unit_test(total_limit),
    };
    return cmocka_run_group_tests(tests, made_world_set_up, made_world_tear_down);
}
