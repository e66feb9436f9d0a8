/*
 * The set of catalogues: one sorted array of digests, each with its best catalogue.
 */
#include "iis/signature/catalogue.h"

#include <assert.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/signature/catalogue_list.h"

/* 1.3.6.1.4.1.311.10.1, certificate trust list */
static const struct iw_str TRUST_LIST = {"\x2B\x06\x01\x04\x01\x82\x37\x0A\x01", 9};

struct iw_catalogues {
    struct iw_arena arena; /* catalogues and their texts */
    struct iw_catalogue_member *members;
    size_t n, cap;
    uint32_t n_catalogues;
    bool is_sealed;
};

struct iw_catalogues *iw_catalogues_new(void)
{
    struct iw_catalogues *catalogues = iw_calloc(1, sizeof *catalogues);
    if (catalogues != NULL)
        iw_arena_init(&catalogues->arena, 0);
    return catalogues;
}

void iw_catalogues_free(struct iw_catalogues *catalogues)
{
    if (catalogues == NULL)
        return;
    iw_arena_done(&catalogues->arena);
    iw_free(catalogues->members);
    iw_free(catalogues);
}

/* Appends the members of a list that has been found to be a catalogue. */
static enum iw_rc add_members(struct iw_catalogues *catalogues, struct iw_catalogue *catalogue,
                              struct iw_signature_context *context, struct iw_str subjects)
{
    struct iw_catalogue_member member = {.catalogue = catalogue, .order = catalogues->n_catalogues};
    size_t n_before = catalogues->n;

    while (subjects.n != 0) {
        struct iw_der subject;
        if (!iw_der_take(&subjects, IW_DER_SEQUENCE, &subject)) {
            iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_DER);
            break;
        }
        if (catalogues->n - n_before == IW_LIMIT_CATALOGUE_MEMBERS) {
            iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_LIMIT);
            break;
        }
        if (!iw_catalogue_member_digest(subject.value, &member)) {
            iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_MEMBER);
            continue;
        }
        if (catalogues->n >= IW_LIMIT_CATALOGUE_MEMBERS_TOTAL) {
            catalogues->n = n_before;
            return IW_ELIMIT;
        }
        if (!iw_array_reserve(&catalogues->members, &catalogues->cap, catalogues->n + 1,
                              sizeof *catalogues->members)) {
            catalogues->n = n_before;
            return IW_ENOMEM;
        }
        catalogues->members[catalogues->n++] = member;
    }
    catalogue->n_members = (uint32_t)(catalogues->n - n_before);
    return IW_OK;
}

static enum iw_rc read(struct iw_catalogues *catalogues, struct iw_catalogue *catalogue,
                       struct iw_str file, const struct iw_signature_options *options)
{
    struct iw_signature_context context = {
        .options = options, .arena = &catalogues->arena, .damage = catalogue->damage};
    PKCS7 *data = iw_signed_data_parse(&context, file, &catalogue->signature.why, NULL);
    struct iw_signed_content content;
    struct iw_str subjects;
    enum iw_rc rc = IW_EFORMAT;

    if (data != NULL && iw_signed_data_content(data, &content) &&
        iw_object_is(content.type, TRUST_LIST) &&
        iw_catalogue_list_open(content.bytes, &subjects)) {
        iw_signed_data_judge(&context, data, &content, &catalogue->signature);
        rc = add_members(catalogues, catalogue, &context, subjects);
    }
    PKCS7_free(data);
    return context.no_memory ? IW_ENOMEM : rc;
}

enum iw_rc iw_catalogues_add(struct iw_catalogues *catalogues, struct iw_str name,
                             struct iw_str file, const struct iw_signature_options *options,
                             const struct iw_catalogue **ret, struct iw_error *err)
{
    struct iw_catalogue *catalogue;
    size_t n_before = catalogues->n;
    enum iw_rc rc;

    assert(!catalogues->is_sealed);
    if (ret != NULL)
        *ret = NULL;
    if (file.n > IW_LIMIT_CATALOGUE_BYTES)
        return iw_error_set(err, IW_ELIMIT, "larger than %lu MiB: not read as a catalogue",
                            IW_LIMIT_CATALOGUE_BYTES >> 20);
    catalogue = iw_arena_calloc(&catalogues->arena, 1, sizeof *catalogue);
    if (catalogue == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    catalogue->name = iw_arena_copy(&catalogues->arena, name);
    ERR_set_mark();
    rc = catalogue->name.p != NULL ? read(catalogues, catalogue, file, options) : IW_ENOMEM;
    ERR_pop_to_mark();
    if (rc != IW_OK) {
        catalogues->n = n_before;
        return iw_error_set(err, rc, "%s",
                            rc == IW_EFORMAT  ? "no catalogue"
                            : rc == IW_ELIMIT ? "too many members in all catalogues"
                                              : "no memory");
    }
    catalogues->n_catalogues++;
    if (ret != NULL)
        *ret = catalogue;
    return IW_OK;
}

static int compare_digests(const struct iw_catalogue_member *a, const struct iw_catalogue_member *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return memcmp(a->digest, b->digest, sizeof a->digest);
}

/* By digest, the best catalogue first. */
static int compare_members(const void *left, const void *right)
{
    static const int RANKS[IW_SIGNATURE_STATE_COUNT] = {
        [IW_SIGNATURE_ANCHORED] = 0, [IW_SIGNATURE_UNANCHORED] = 1, [IW_SIGNATURE_TAMPERED] = 2};
    const struct iw_catalogue_member *a = left, *b = right;
    int order = compare_digests(a, b);
    if (order == 0)
        order = RANKS[a->catalogue->signature.state] - RANKS[b->catalogue->signature.state];
    if (order == 0)
        order = a->order < b->order ? -1 : a->order > b->order;
    return order;
}

void iw_catalogues_seal(struct iw_catalogues *catalogues)
{
    size_t n = 0;
    if (catalogues->n != 0)
        qsort(catalogues->members, catalogues->n, sizeof *catalogues->members, compare_members);
    for (size_t i = 0; i < catalogues->n; i++) {
        if (n == 0 || compare_digests(&catalogues->members[n - 1], &catalogues->members[i]) != 0)
            catalogues->members[n++] = catalogues->members[i];
    }
    catalogues->n = n;
    catalogues->is_sealed = true;
}

const struct iw_catalogue *iw_catalogues_find(const struct iw_catalogues *catalogues,
                                              const struct iw_digest *digest)
{
    struct iw_catalogue_member wanted = {.kind = (uint8_t)digest->kind};
    size_t low = 0, high = catalogues->n;

    assert(catalogues->is_sealed);
    if (iw_digest_bytes(digest->kind) == 0 || iw_digest_bytes(digest->kind) > sizeof wanted.digest)
        return NULL;
    memcpy(wanted.digest, digest->bytes, iw_digest_bytes(digest->kind));
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_digests(&catalogues->members[middle], &wanted);
        if (order == 0)
            return catalogues->members[middle].catalogue;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t iw_catalogues_n_members(const struct iw_catalogues *catalogues)
{
    return catalogues != NULL ? catalogues->n : 0;
}
