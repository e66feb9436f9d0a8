/*
 * From a certificate to an anchor.
 *
 * RFC 5280 by OpenSSL; what it does not know is added here: a certificate must say that it is for
 * signing code (or time stamps), those above it must not say that they are for something else
 * (extended key usage), and nothing below the anchor may be signed with MD5 or weaker. Stricter
 * than Windows, which takes a certificate without any extended key usage as good for everything.
 * Whatever the user gave is an anchor, self-signed or not. Revocation is not asked.
 */
#include "iis/signature/signed_data.h"

#include <openssl/x509v3.h>

#include "base/limits.h"

static uint32_t why_of(int error)
{
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
        return IW_WHY_NO_ANCHOR;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return IW_WHY_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return IW_WHY_NOT_YET_VALID;
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
        return IW_WHY_LIMIT;
    default:
        return IW_WHY_CHAIN;
    }
}

/* Gathers every reason instead of stopping at the first. */
static int gather(int is_good, X509_STORE_CTX *chain)
{
    uint32_t *why = X509_STORE_CTX_get_app_data(chain);
    if (is_good == 0)
        *why |= why_of(X509_STORE_CTX_get_error(chain));
    return 1;
}

static bool is_for(X509 *certificate, enum iw_signer_usage usage, bool is_signer)
{
    uint32_t wanted = usage == IW_USAGE_CODE ? XKU_CODE_SIGN : XKU_TIMESTAMP;
    bool says = (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) != 0;
    if (!is_signer)
        return !says || (X509_get_extended_key_usage(certificate) & (wanted | XKU_ANYEKU)) != 0;
    return says && (X509_get_extended_key_usage(certificate) & wanted) != 0 &&
           (X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) != 0;
}

static bool is_weak(X509 *certificate)
{
    int digest = NID_undef;
    return X509_get_signature_info(certificate, &digest, NULL, NULL, NULL) == 1 &&
           (digest == NID_md5 || digest == NID_md4 || digest == NID_md2);
}

/* What OpenSSL does not ask of the chain it found. */
static uint32_t further_reasons(const X509_STORE_CTX *chain, enum iw_signer_usage usage)
{
    STACK_OF(X509) *found = X509_STORE_CTX_get0_chain(chain);
    uint32_t why = 0;
    for (int i = 0; i < sk_X509_num(found); i++) {
        X509 *certificate = sk_X509_value(found, i);
        bool is_anchor = i > 0 && i + 1 == sk_X509_num(found);
        if (!is_anchor && !is_for(certificate, usage, i == 0))
            why |= IW_WHY_USAGE;
        if (!is_anchor && is_weak(certificate))
            why |= IW_WHY_WEAK;
        if ((X509_get_extension_flags(certificate) & EXFLAG_INVALID) != 0)
            why |= IW_WHY_CHAIN;
    }
    return why;
}

uint32_t iw_signer_chain(const struct iw_anchors *anchors, X509 *certificate,
                         STACK_OF(X509) * others, enum iw_signer_usage usage, int64_t at_s)
{
    X509_STORE *none = anchors == NULL ? X509_STORE_new() : NULL;
    X509_STORE *store = anchors != NULL ? iw_anchors_store(anchors) : none;
    X509_STORE_CTX *chain = X509_STORE_CTX_new();
    uint32_t why = 0;

    if (store != NULL && chain != NULL &&
        X509_STORE_CTX_init(chain, store, certificate, others) == 1) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(chain);
        X509_VERIFY_PARAM_set_time(param, (time_t)at_s);
        X509_VERIFY_PARAM_set_depth(param, (int)IW_LIMIT_SIGNATURE_CHAIN);
        (void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
        X509_STORE_CTX_set_app_data(chain, &why);
        X509_STORE_CTX_set_verify_cb(chain, gather);
        if (X509_verify_cert(chain) != 1)
            why |= IW_WHY_CHAIN;
        why |= further_reasons(chain, usage);
    } else {
        why = IW_WHY_CHAIN;
    }
    X509_STORE_CTX_free(chain);
    X509_STORE_free(none);
    return why;
}

bool iw_signer_is_lifetime(X509 *certificate)
{
    /* 1.3.6.1.4.1.311.10.3.13, "lifetime signing" */
    const struct iw_str lifetime = IW_STR("\x2B\x06\x01\x04\x01\x82\x37\x0A\x03\x0D");
    EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
    bool found = false;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++)
        found = found || iw_object_is(sk_ASN1_OBJECT_value(usages, i), lifetime);
    EXTENDED_KEY_USAGE_free(usages);
    return found;
}
