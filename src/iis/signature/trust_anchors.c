/*
 * An X509_STORE that is only filled here. What OpenSSL would compute of a certificate at its first
 * use is computed when it is added, so that later threads only read.
 *
 * RFC 7468 for PEM; its reader here is OpenSSL's.
 */
#include "iis/signature/trust_anchors.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/alloc.h"
#include "base/limits.h"

struct iw_anchors {
    X509_STORE *store;
    uint32_t n;
};

struct iw_anchors *iw_anchors_new(void)
{
    struct iw_anchors *anchors = iw_calloc(1, sizeof *anchors);
    if (anchors == NULL)
        return NULL;
    ERR_set_mark();
    anchors->store = X509_STORE_new();
    ERR_pop_to_mark();
    if (anchors->store == NULL) {
        iw_free(anchors);
        return NULL;
    }
    return anchors;
}

void iw_anchors_free(struct iw_anchors *anchors)
{
    if (anchors == NULL)
        return;
    X509_STORE_free(anchors->store);
    iw_free(anchors);
}

/* Takes the certificate over. */
static bool add(struct iw_anchors *anchors, X509 *certificate)
{
    bool added;
    (void)X509_check_purpose(certificate, -1, 0);
    added = X509_STORE_add_cert(anchors->store, certificate) == 1;
    X509_free(certificate);
    anchors->n += added;
    return added;
}

static bool is_at_end(void)
{
    unsigned long error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static enum iw_rc add_pem(struct iw_anchors *anchors, struct iw_str file, uint32_t *n)
{
    BIO *bio = BIO_new_mem_buf(file.p, (int)file.n);
    enum iw_rc rc = bio != NULL ? IW_OK : IW_ENOMEM;
    X509 *certificate;

    while (rc == IW_OK && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        rc = add(anchors, certificate) ? IW_OK : IW_ENOMEM;
        *n += rc == IW_OK;
    }
    if (rc == IW_OK && (*n == 0 || !is_at_end()))
        rc = IW_EFORMAT;
    BIO_free(bio);
    return rc;
}

static enum iw_rc add_der(struct iw_anchors *anchors, struct iw_str file, uint32_t *n)
{
    const unsigned char *at = (const unsigned char *)file.p, *end = at + file.n;
    X509 *certificate = d2i_X509(NULL, &at, (long)file.n);
    if (certificate == NULL || at != end) {
        X509_free(certificate);
        return IW_EFORMAT;
    }
    if (!add(anchors, certificate))
        return IW_ENOMEM;
    *n = 1;
    return IW_OK;
}

enum iw_rc iw_anchors_add(struct iw_anchors *anchors, struct iw_str file, uint32_t *ret_n_added,
                          struct iw_error *err)
{
    uint32_t n = 0;
    enum iw_rc rc;

    if (ret_n_added != NULL)
        *ret_n_added = 0;
    if (file.n > IW_LIMIT_ANCHOR_FILE_BYTES)
        return iw_error_set(err, IW_ELIMIT, "larger than %lu MiB: not read as certificates",
                            IW_LIMIT_ANCHOR_FILE_BYTES >> 20);
    if (file.n == 0)
        return iw_error_set(err, IW_EFORMAT, "no certificate");
    ERR_set_mark();
    rc = file.p[0] == 0x30 ? add_der(anchors, file, &n) : add_pem(anchors, file, &n);
    ERR_pop_to_mark();
    if (ret_n_added != NULL)
        *ret_n_added = n;
    if (rc == IW_EFORMAT)
        return iw_error_set(err, rc, n == 0 ? "no certificate" : "a damaged certificate");
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

uint32_t iw_anchors_count(const struct iw_anchors *anchors)
{
    return anchors != NULL ? anchors->n : 0;
}

void *iw_anchors_store(const struct iw_anchors *anchors)
{
    return anchors->store;
}
