/*
 * Signatures and catalogues: whatever the bytes are, reading ends, texts are valid UTF-8, counts
 * keep their limits, the state follows from the reasons; read twice it is the same. What is
 * anchored is no longer so when the last byte before the certificate table changes.
 *
 * Input: one byte (1: the file is a catalogue; 2: there are no anchors), length of the anchors in
 * two bytes, little-endian, the anchors, the file.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf.h"
#include "iis/signature/catalogue.h"

#define HEAD_BYTES 3U
#define NOW INT64_C(2000000000) /* within the ten years of the seeds */

static void require_claim(const struct iw_signature_claim *claim)
{
    const struct iw_str texts[] = {claim->name, claim->organisation, claim->country, claim->issuer,
                                   claim->serial};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        FUZZ_REQUIRE(texts[i].n == 0 || texts[i].p != NULL);
        FUZZ_REQUIRE(texts[i].n <= IW_LIMIT_SIGNATURE_NAME_BYTES);
        FUZZ_REQUIRE(iw_utf8_valid(texts[i]));
    }
}

static void require_signature(const struct iw_signature *signature)
{
    bool is_anchored = signature->state == IW_SIGNATURE_ANCHORED;
    FUZZ_REQUIRE(signature->why < 1U << IW_WHY_COUNT);
    FUZZ_REQUIRE(is_anchored == ((signature->why & ~IW_WHY_HARMLESS) == 0));
    FUZZ_REQUIRE((signature->state == IW_SIGNATURE_TAMPERED) ==
                 ((signature->why & IW_WHY_TAMPERED) != 0));
    FUZZ_REQUIRE(!is_anchored || signature->has_signer);
    FUZZ_REQUIRE(signature->stamp.is_proved ==
                 (signature->stamp.kind != IW_STAMP_NONE && signature->stamp.why == 0));
    require_claim(&signature->claimed);
    require_claim(&signature->stamp.authority);
}

static bool read_file(struct iw_str file, const struct iw_signature_options *options,
                      struct iw_arena *arena, struct iw_pe *pe, struct iw_signatures *ret)
{
    if (iw_pe_read(file, NULL, arena, pe, NULL) != IW_OK)
        return false;
    FUZZ_REQUIRE(iw_signatures_read(file, pe, options, arena, ret, NULL) == IW_OK);
    FUZZ_REQUIRE(ERR_peek_error() == 0);
    FUZZ_REQUIRE(ret->n <= IW_LIMIT_SIGNATURES);
    for (uint32_t i = 0; i < ret->n; i++)
        require_signature(&ret->list[i]);
    FUZZ_REQUIRE((iw_signatures_proved_signer(ret) != NULL) ==
                 (ret->state == IW_SIGNATURE_ANCHORED));
    return true;
}

static void fuzz_file(struct iw_str file, const struct iw_signature_options *options)
{
    struct iw_signatures signatures, again;
    struct iw_arena arena;
    struct iw_pe pe;

    iw_arena_init(&arena, 0);
    if (read_file(file, options, &arena, &pe, &signatures)) {
        FUZZ_REQUIRE(read_file(file, options, &arena, &pe, &again));
        FUZZ_REQUIRE(signatures.state == again.state && signatures.n == again.n);
        if (signatures.state == IW_SIGNATURE_ANCHORED) {
            struct iw_pe_piece table = iw_authenticode_declared_table(file, &pe);
            char *changed = malloc(file.n + 1);
            FUZZ_REQUIRE(changed != NULL && table.offset > (uint64_t)pe.security_entry_at + 8);
            memcpy(changed, file.p, file.n);
            changed[table.offset - 1] ^= 1;
            FUZZ_REQUIRE(read_file((struct iw_str){changed, file.n}, options, &arena, &pe, &again));
            FUZZ_REQUIRE(again.state == IW_SIGNATURE_TAMPERED);
            free(changed);
        }
    }
    iw_arena_done(&arena);
}

static void fuzz_catalogue(struct iw_str file, const struct iw_signature_options *options)
{
    struct iw_catalogues *catalogues = iw_catalogues_new();
    const struct iw_catalogue *catalogue;
    const struct iw_digest digest = {.kind = IW_DIGEST_SHA256};
    enum iw_rc rc = iw_catalogues_add(catalogues, IW_STR("x"), file, options, &catalogue, NULL);

    FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT);
    FUZZ_REQUIRE(ERR_peek_error() == 0);
    FUZZ_REQUIRE((rc == IW_OK) == (catalogue != NULL));
    if (rc == IW_OK) {
        require_signature(&catalogue->signature);
        FUZZ_REQUIRE(catalogue->n_members == iw_catalogues_n_members(catalogues));
    }
    iw_catalogues_seal(catalogues);
    (void)iw_catalogues_find(catalogues, &digest);
    iw_catalogues_free(catalogues);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_signature_options options = {.now_s = NOW};
    struct iw_anchors *anchors;
    struct iw_str file;
    size_t n_anchors;

    if (size < HEAD_BYTES)
        return 0;
    n_anchors = iw_load_u16(data + 1);
    if (n_anchors > size - HEAD_BYTES)
        n_anchors = size - HEAD_BYTES;
    anchors = iw_anchors_new();
    (void)iw_anchors_add(anchors, (struct iw_str){(const char *)data + HEAD_BYTES, n_anchors}, NULL,
                         NULL);
    FUZZ_REQUIRE(ERR_peek_error() == 0);
    options.anchors = (data[0] & 2) != 0 ? NULL : anchors;
    file =
        (struct iw_str){(const char *)data + HEAD_BYTES + n_anchors, size - HEAD_BYTES - n_anchors};
    if ((data[0] & 1) != 0)
        fuzz_catalogue(file, &options);
    else
        fuzz_file(file, &options);
    iw_anchors_free(anchors);
    return 0;
}
