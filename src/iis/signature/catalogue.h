/**
 * Catalogues (.cat): signed lists of digests, by which most of Windows' own files are signed.
 *
 * Where they come from: CatRoot of the host whose files are judged. A catalogue proves something
 * only when its own signature is anchored: anybody can write one.
 *
 * Format: SignedData (RFC 5652) over a certificate trust list, [MS-CAESO] 4.4.5.1 and the WDK's
 * "Catalog Files"; members are named by the digest in their SpcIndirectDataContent, or by their
 * identifier where there is none.
 */
#ifndef IW_IIS_SIGNATURE_CATALOGUE_H
#define IW_IIS_SIGNATURE_CATALOGUE_H

#include "iis/signature/signature.h"

struct iw_catalogue {
    struct iw_str name;            /* as the caller gave it */
    struct iw_signature signature; /* signed_digest is none: it is of no file */
    uint32_t n_members;            /* with readable digest */
    struct iw_signature_damage damage[IW_SIGNATURE_DAMAGE_COUNT];
};

/** Owned by the caller. Filled and sealed by one thread, then asked by any number. */
struct iw_catalogues;

/** Empty; NULL: no memory. */
struct iw_catalogues *iw_catalogues_new(void);
/** NULL is fine. No record that points to a catalogue of it is used any more. */
void iw_catalogues_free(struct iw_catalogues *catalogues);

/**
 * Reads a catalogue. Not after iw_catalogues_seal().
 *
 * @param name     copied; for people
 * @param file     the whole file; not needed afterwards
 * @param options  anchors and now_s; catalogues is not looked at
 * @param ret      NULL, or set to the catalogue, which lives as long as *catalogues*
 * @param err      may be NULL
 * @return IW_OK, also for a catalogue whose signature does not hold or whose members are damaged:
 * that is said in it; IW_EFORMAT: no catalogue; IW_ELIMIT: larger than IW_LIMIT_CATALOGUE_BYTES, or
 * IW_LIMIT_CATALOGUE_MEMBERS_TOTAL reached; IW_ENOMEM. Nothing is added but at IW_OK.
 */
enum iw_rc iw_catalogues_add(struct iw_catalogues *catalogues, struct iw_str name,
                             struct iw_str file, const struct iw_signature_options *options,
                             const struct iw_catalogue **ret, struct iw_error *err);

/** Sorts what was added; needed before the first question, and the last change. */
void iw_catalogues_seal(struct iw_catalogues *catalogues);

/** The catalogue that has a member of that digest: an anchored one before others, the earlier added
 * before the later. NULL: none. */
const struct iw_catalogue *iw_catalogues_find(const struct iw_catalogues *catalogues,
                                              const struct iw_digest *digest);

/** Members of all catalogues; after sealing each digest counts once. 0 for NULL. */
size_t iw_catalogues_n_members(const struct iw_catalogues *catalogues);

#endif
