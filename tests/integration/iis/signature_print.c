/*
 * Prints what is made of the signatures of files, one fact a line, for tests that compare it with
 * other tools.
 *
 *   signature_print [--anchors FILE] [--catalogue FILE]... [--now SECONDS] FILE...
 *
 * Exit status: 0; 1 when a file cannot be read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "iis/signature/catalogue.h"

static void put_hex(const char *word, const uint8_t *bytes, size_t n)
{
    printf("%s\t", word);
    for (size_t i = 0; i < n; i++)
        printf("%02x", bytes[i]);
    putchar('\n');
}

static void put_whys(const char *word, uint32_t why)
{
    printf("%s\t", word);
    for (unsigned bit = 0; bit < IW_WHY_COUNT; bit++) {
        if ((why >> bit & 1) != 0)
            printf("%s ", iw_signature_why_words(bit)->name);
    }
    putchar('\n');
}

static void print_signature(const struct iw_signature *signature)
{
    const struct iw_signature_claim *claimed = &signature->claimed;
    printf("signature\t%s\t%s\n", iw_signature_state_words(signature->state)->name,
           signature->is_nested ? "nested" : "outer");
    put_whys("why", signature->why);
    printf("signer\t%.*s\t%.*s\t%.*s\t%.*s\n", IW_STR_ARG(claimed->name),
           IW_STR_ARG(claimed->organisation), IW_STR_ARG(claimed->country),
           IW_STR_ARG(claimed->serial));
    put_hex("thumbprint", claimed->sha1, sizeof claimed->sha1);
    printf("kind\t%s\n", iw_digest_name(signature->signed_digest.kind));
    put_hex("signed", signature->signed_digest.bytes,
            iw_digest_bytes(signature->signed_digest.kind));
    if (signature->stamp.kind != IW_STAMP_NONE) {
        printf("stamp\t%s\t%s\t%lld\n",
               signature->stamp.kind == IW_STAMP_RFC3161 ? "rfc3161" : "pkcs9",
               signature->stamp.is_proved ? "proved" : "claimed",
               (long long)signature->stamp.time_s);
        put_whys("stamp-why", signature->stamp.why);
    }
}

static void print_file(struct iw_str file, const struct iw_pe *pe,
                       const struct iw_signatures *signatures)
{
    static const enum iw_digest_kind KINDS[] = {IW_DIGEST_SHA1, IW_DIGEST_SHA256};
    printf("state\t%s\n", iw_signature_state_words(signatures->state)->name);
    for (unsigned i = 0; i < 2; i++) {
        struct iw_digest digest;
        if (iw_authenticode_digest(file, pe, KINDS[i], &digest) == IW_OK)
            put_hex(iw_digest_name(KINDS[i]), digest.bytes, iw_digest_bytes(KINDS[i]));
    }
    if (signatures->catalogue != NULL)
        printf("catalogue\t%.*s\t%s\n", IW_STR_ARG(signatures->catalogue->name),
               iw_signature_state_words(signatures->catalogue->signature.state)->name);
    for (uint32_t i = 0; i < signatures->n; i++)
        print_signature(&signatures->list[i]);
    for (unsigned kind = 0; kind < IW_SIGNATURE_DAMAGE_COUNT; kind++) {
        if (signatures->damage[kind].count != 0)
            printf("damage\t%s\t%llu\n",
                   iw_signature_damage_words((enum iw_signature_damage_kind)kind)->name,
                   (unsigned long long)signatures->damage[kind].count);
    }
}

/* What becomes of one file; false: it cannot be read. */
static bool read_file(const char *path, const struct iw_signature_options *options)
{
    struct iw_signatures signatures;
    struct iw_arena arena;
    struct iw_str file;
    struct iw_pe pe;
    bool good;

    iw_arena_init(&arena, 0);
    printf("file\t%s\n", path);
    good = iw_file_read(path, IW_LIMIT_PE_FILE_BYTES, &arena, &file, NULL) == IW_OK &&
           iw_pe_read(file, NULL, &arena, &pe, NULL) == IW_OK &&
           iw_signatures_read(file, &pe, options, &arena, &signatures, NULL) == IW_OK;
    if (good)
        print_file(file, &pe, &signatures);
    iw_arena_done(&arena);
    return good;
}

/* An option that names a file. */
static bool read_option(const char *option, const char *path, struct iw_anchors *anchors,
                        struct iw_catalogues *catalogues,
                        const struct iw_signature_options *options)
{
    struct iw_arena arena;
    struct iw_str file;
    enum iw_rc rc;

    iw_arena_init(&arena, 0);
    rc = iw_file_read(path, IW_LIMIT_CATALOGUE_BYTES, &arena, &file, NULL);
    if (rc == IW_OK && strcmp(option, "--anchors") == 0)
        rc = iw_anchors_add(anchors, file, NULL, NULL);
    else if (rc == IW_OK)
        rc = iw_catalogues_add(catalogues, iw_str_of(path), file, options, NULL, NULL);
    if (rc != IW_OK)
        printf("failed\t%s\t%s\n", path, iw_rc_name(rc));
    iw_arena_done(&arena);
    return rc == IW_OK;
}

int main(int argc, char **argv)
{
    struct iw_anchors *anchors = iw_anchors_new();
    struct iw_catalogues *catalogues = iw_catalogues_new();
    struct iw_signature_options options = {.anchors = anchors};
    bool good = anchors != NULL && catalogues != NULL;
    int i = 1;

    for (; good && i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (strcmp(argv[i], "--now") == 0)
            options.now_s = strtoll(argv[i + 1], NULL, 10);
        else
            good = read_option(argv[i], argv[i + 1], anchors, catalogues, &options);
    }
    if (good) {
        iw_catalogues_seal(catalogues);
        options.catalogues = catalogues;
    }
    for (; good && i < argc; i++)
        good = read_file(argv[i], &options);
    iw_catalogues_free(catalogues);
    iw_anchors_free(anchors);
    return good ? 0 : 1;
}
