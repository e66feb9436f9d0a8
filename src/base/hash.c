/*
 * Table hash: multiply-and-fold over 8-byte words (the construction of wyhash's short path, own
 * constants), SHA-256, SHA-1 and MD5 by OpenSSL.
 *
 * Evidence chooses the keys of most tables; the table hash is seeded per process so that nobody can
 * prepare collisions.
 */
#include "base/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sys/random.h>

#include "base/bytes.h"

static uint64_t process_seed = 0x9E3779B97F4A7C15ULL;

__attribute__((constructor)) static void choose_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed)
        process_seed = seed;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t iw_hash_bytes_fixed(const void *bytes, size_t n, uint64_t seed)
{
    const uint8_t *p = bytes;
    uint64_t hash = seed ^ ((uint64_t)n * 0xA0761D6478BD642FULL);
    uint64_t tail = 0;
    for (; n >= 8; p += 8, n -= 8)
        hash = fold(hash ^ iw_load_u64(p), 0xE7037ED1A0B428DBULL);
    if (n != 0)
        memcpy(&tail, p, n);
    return fold(hash ^ tail, 0x8EBC6AF09C88C6E3ULL) ^ (hash >> 29);
}

uint64_t iw_hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
    return iw_hash_bytes_fixed(bytes, n, seed ^ process_seed);
}

static bool digest(struct iw_str text, const EVP_MD *kind, unsigned size, uint8_t *ret_digest)
{
    unsigned n = 0;
    return EVP_Digest(text.n != 0 ? text.p : "", text.n, ret_digest, &n, kind, NULL) == 1 &&
           n == size;
}

/* Looking the algorithm up by its name, as OpenSSL does for EVP_sha256 at every use, takes as long
 * as hashing half a kilobyte, and of small records there are millions. It is looked up once. */
static const EVP_MD *sha256_kind;

static void find_sha256(void)
{
    sha256_kind = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (sha256_kind == NULL)
        sha256_kind = EVP_sha256();
}

bool iw_sha256(struct iw_str text, uint8_t ret_digest[32])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, find_sha256);
    return digest(text, sha256_kind, 32, ret_digest);
}

bool iw_sha1(struct iw_str text, uint8_t ret_digest[20])
{
    return digest(text, EVP_sha1(), 20, ret_digest);
}

bool iw_md5(struct iw_str text, uint8_t ret_digest[16])
{
    return digest(text, EVP_md5(), 16, ret_digest);
}
