/*
 * Documents: round trip, approvals and their end, hostile documents, signatures, known hashes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_sign.h"
#include "iis/baseline/known_hashes.h"
#include "tests/unit/iis/baseline_make.h"

#define NOW_NS (1767225600LL * IW_NS_PER_SECOND) /* 2026-01-01 */
#define DAY_NS (86400LL * IW_NS_PER_SECOND)

static struct baseline_make *was, *now;
static struct iw_baseline_differences differences;

static int set_up(void **state)
{
    (void)state;
    was = calloc(1, sizeof *was);
    now = calloc(1, sizeof *now);
    assert_non_null(was);
    assert_non_null(now);
    baseline_make_begin(was, "web01");
    baseline_make_begin(now, "web01");
    (void)baseline_make_component(was, "globalModule", "Kept", "%windir%\\kept.dll");
    baseline_make_hash(
        now, baseline_make_component(now, "globalModule", "Kept", "%windir%\\kept.dll"), 1);
    baseline_make_hash(now, baseline_make_component(now, "globalModule", "New", "C:\\new.dll"), 2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    baseline_make_end(was);
    baseline_make_end(now);
    free(was);
    free(now);
    return 0;
}

/* --- approvals --- */

/* The line `baseline diff` writes, as far as approving reads it. */
static struct iw_str diff_line(const struct iw_baseline_difference *difference)
{
    struct iw_buffer out;
    struct iw_json json;
    struct iw_str kept;
    iw_buffer_init(&out);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.difference/1"));
    iw_json_member_text(&json, "id", iw_str_of(difference->id));
    iw_json_member_text(&json, "change", iw_str_of(iw_baseline_change_name(difference->change)));
    iw_json_member_text(&json, "host", difference->host);
    iw_buffer_add(&out, IW_STR(",\"was\":"));
    iw_buffer_add(&out, difference->was != NULL ? difference->was->json : IW_STR("null"));
    iw_buffer_add(&out, IW_STR(",\"now\":"));
    iw_buffer_add(&out, difference->now != NULL ? difference->now->json : IW_STR("null"));
    iw_buffer_add(&out, difference->of_servers != 0 ? IW_STR(",\"farm\":{}}\n")
                                                    : IW_STR(",\"farm\":null}\n"));
    kept = iw_arena_copy(&now->arena, iw_buffer_str(&out));
    iw_buffer_done(&out);
    return kept;
}

static const struct iw_baseline_approver approver = {.by = IW_STR("alice"),
                                                     .ticket = IW_STR("CHG-1"),
                                                     .reason = IW_STR("Release 4.2"),
                                                     .expires_ns = IW_TIME_UNKNOWN};

static enum iw_rc approve_as(const struct iw_baseline_approver *by, struct iw_str document,
                             struct iw_str diff, const char *id, struct iw_str *ret)
{
    struct iw_str name = iw_str_of(id);
    struct iw_error err;
    struct iw_buffer out;
    enum iw_rc rc;
    iw_buffer_init(&out);
    rc = iw_baseline_approve(document, diff, &(struct iw_text_list){&name, 1}, by, &out, &err);
    assert_true(rc == IW_OK || err.message[0] != '\0');
    *ret = iw_arena_copy(&now->arena, iw_buffer_str(&out));
    iw_buffer_done(&out);
    return rc;
}

static void an_approved_difference(void **state)
{
    struct iw_str document = baseline_make_document(was, false, NULL), approved, again;
    const struct iw_baseline_difference *item;
    (void)state;
    baseline_make_compare(document, now, NOW_NS, &differences);
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.n_unapproved, 1);
    item = &differences.items[0];
    assert_int_equal(approve_as(&approver, document, diff_line(item), item->id, &approved), IW_OK);
    assert_memory_equal(approved.p, document.p, document.n); /* its own lines stay */
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.n_unapproved, 0);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_APPROVED);
    assert_true(
        iw_str_equal(differences.items[0].approval_why, IW_STR("by alice, CHG-1: Release 4.2")));
    iw_baseline_mark(&differences, &now->inventory);
    assert_int_equal(now->components[0][0].approval, IW_APPROVAL_BASELINE);
    assert_int_equal(now->components[0][1].approval, IW_APPROVAL_APPROVED);
    /* Approving again is the same document. */
    assert_int_equal(approve_as(&approver, approved, diff_line(&differences.items[0]),
                                differences.items[0].id, &again),
                     IW_OK);
    assert_true(iw_str_equal(approved, again));
}

static void other_content_is_not_approved(void **state)
{
    struct iw_str document = baseline_make_document(was, false, NULL), approved;
    (void)state;
    baseline_make_compare(document, now, NOW_NS, &differences);
    assert_int_equal(approve_as(&approver, document, diff_line(&differences.items[0]),
                                differences.items[0].id, &approved),
                     IW_OK);
    baseline_make_hash(now, &now->components[0][1], 3); /* another file under the same name */
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_NONE);
    baseline_make_hash(now, &now->components[0][1], -1); /* evidence without files */
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_APPROVED);
    now->components[0][1].image = IW_STR("C:\\other.dll");
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_NONE);
    now->components[0][1].image = IW_STR("c:/NEW.dll"); /* the same, spelt otherwise */
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_APPROVED);
    now->servers[0].host = IW_STR("web02");
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_NONE);
}

static void approvals_end(void **state)
{
    struct iw_str document = baseline_make_document(was, false, NULL), approved, renewed;
    struct iw_baseline_approver until = approver;
    (void)state;
    until.expires_ns = NOW_NS + DAY_NS;
    baseline_make_compare(document, now, NOW_NS, &differences);
    assert_int_equal(approve_as(&until, document, diff_line(&differences.items[0]),
                                differences.items[0].id, &approved),
                     IW_OK);
    baseline_make_compare(approved, now, until.expires_ns - 1, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_APPROVED);
    baseline_make_compare(approved, now, until.expires_ns, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_EXPIRED);
    assert_int_equal(differences.n_unapproved, 1);
    baseline_make_compare(approved, now, IW_TIME_UNKNOWN, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_EXPIRED);
    /* A new approval takes the place of the old one. */
    assert_int_equal(approve_as(&approver, approved, diff_line(&differences.items[0]),
                                differences.items[0].id, &renewed),
                     IW_OK);
    assert_true(iw_str_find(renewed, IW_STR("\"expires\":\"2026")) == SIZE_MAX);
    baseline_make_compare(renewed, now, until.expires_ns, &differences);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_APPROVED);
}

/* One approval is for all servers of a farm. */
static void a_farm_is_approved_once(void **state)
{
    struct iw_str document, approved;
    (void)state;
    (void)baseline_make_server(was, "web02");
    (void)baseline_make_component(was, "globalModule", "Kept", "%windir%\\kept.dll");
    document = baseline_make_document(was, true, NULL);
    (void)baseline_make_server(now, "web02");
    (void)baseline_make_component(now, "globalModule", "Kept", "%windir%\\kept.dll");
    baseline_make_hash(now, baseline_make_component(now, "globalModule", "New", "C:\\new.dll"), 2);
    baseline_make_compare(document, now, NOW_NS, &differences);
    assert_int_equal(differences.n, 2);
    assert_int_equal(approve_as(&approver, document, diff_line(&differences.items[0]),
                                differences.items[0].id, &approved),
                     IW_OK);
    baseline_make_compare(approved, now, NOW_NS, &differences);
    assert_int_equal(differences.n, 2);
    assert_int_equal(differences.n_unapproved, 0);
}

static void what_is_not_approved(void **state)
{
    struct iw_str document = baseline_make_document(was, false, NULL), line, none, changed;
    struct iw_baseline_approver by = approver;
    struct iw_str long_text;
    char *at;
    (void)state;
    baseline_make_compare(document, now, NOW_NS, &differences);
    line = diff_line(&differences.items[0]);
    by.by = IW_STR("");
    assert_int_equal(approve_as(&by, document, line, differences.items[0].id, &none), IW_EUSAGE);
    by = approver;
    by.ticket = IW_STR("");
    assert_int_equal(approve_as(&by, document, line, differences.items[0].id, &none), IW_EUSAGE);
    by = approver;
    by.reason = IW_STR("");
    assert_int_equal(approve_as(&by, document, line, differences.items[0].id, &none), IW_EUSAGE);
    long_text.p = at = iw_arena_alloc(&now->arena, IW_LIMIT_APPROVAL_TEXT_BYTES + 1);
    long_text.n = IW_LIMIT_APPROVAL_TEXT_BYTES;
    memset(at, 'x', IW_LIMIT_APPROVAL_TEXT_BYTES + 1);
    by.reason = long_text;
    assert_int_equal(approve_as(&by, document, line, differences.items[0].id, &none), IW_OK);
    by.reason.n++;
    assert_int_equal(approve_as(&by, document, line, differences.items[0].id, &none), IW_EUSAGE);
    assert_int_equal(approve_as(&approver, document, line, "d-0000000000000000", &none), IW_EUSAGE);
    assert_int_equal(
        approve_as(&approver, document, IW_STR("{}\n"), differences.items[0].id, &none),
        IW_EFORMAT);
    assert_int_equal(approve_as(&approver, IW_STR("x"), line, differences.items[0].id, &none),
                     IW_EFORMAT);
    /* A line whose content was changed under its id. */
    changed = iw_arena_copy(&now->arena, line);
    at = (char *)(uintptr_t)changed.p + iw_str_find(changed, IW_STR("new.dll"));
    *at = 'f';
    assert_int_equal(approve_as(&approver, document, changed, differences.items[0].id, &none),
                     IW_EFORMAT);
}

/* --- hostile documents --- */

static enum iw_rc read_document(struct iw_str bytes)
{
    struct iw_baseline *baseline;
    struct iw_arena arena;
    struct iw_error err;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_baseline_read(bytes, "test", &arena, &baseline, &err);
    if (rc != IW_OK)
        assert_string_equal(err.where, "test");
    iw_arena_done(&arena);
    return rc;
}

static void damaged_documents(void **state)
{
#define HEADER(n)                                                                                  \
    "{\"schema\":\"iiswarden.baseline/1\",\"farm\":false,\"entries\":" n                           \
    ",\"servers\":[{\"host\":\"a\",\"authoritative\":true}]}\n"
#define ENTRY(rest)                                                                                \
    "{\"host\":\"a\",\"component\":{\"kind\":\"k\",\"name\":\"n\",\"scope\":\"\",\"image\":null,"  \
    "\"arguments\":null,\"type\":null,\"clsid\":null,\"owner\":null,\"handler\":null,\"state\":"   \
    "\"written\",\"disabled\":false,\"precondition\":[],\"attributes\":[]," rest "}}\n"
    static const struct iw_str BAD[] = {
        IW_STR(""),
        IW_STR("\n"),
        IW_STR("[]\n"),
        IW_STR("{\"schema\":\"iiswarden.baseline/2\"}\n"),
        IW_STR(HEADER("1")),
        IW_STR(HEADER("0") ENTRY("\"files\":[]")),
        IW_STR(HEADER("-1")),
        IW_STR(HEADER("1e0")),
        IW_STR(HEADER("99999999999999999999999")),
        IW_STR(HEADER("1") ENTRY("\"files\":[],\"files\":[]")),
        IW_STR(HEADER("1") ENTRY("\"files\":[],\"more\":1")),
        IW_STR(HEADER("1") ENTRY("\"files\":null")),
        IW_STR(HEADER("1") ENTRY("\"files\":[{\"twin\":null,\"path\":null,\"sha256\":\"00\"}]")),
        IW_STR(HEADER("1") ENTRY("\"files\":[{\"twin\":null,\"path\":null}]")),
        IW_STR(HEADER("1") "{\"host\":\"b\",\"component\":{}}\n"),
        IW_STR(HEADER("1") "{\"host\":\"a\"}\n"),
        IW_STR(HEADER("1") ENTRY("\"files\":[]") "\n"),
        IW_STR(HEADER("1") ENTRY("\"files\":[]") "\0"),
        IW_STR(HEADER("1") ENTRY("\"files\":[]") "{\"approval\":{},\"was\":null,\"now\":null}\n"),
        IW_STR("\xFF\xFE{\0"),
    };
    (void)state;
    assert_int_equal(read_document(IW_STR(HEADER("1") ENTRY("\"files\":[]"))), IW_OK);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        if (read_document(BAD[i]) != IW_EFORMAT)
            fail_msg("taken: %.*s", IW_STR_ARG(BAD[i]));
}

static void every_cut_is_refused(void **state)
{
    struct iw_str document, approved;
    (void)state;
    document = baseline_make_document(now, false, NULL);
    for (size_t n = 0; n + 1 < document.n; n++) {
        char *copy = malloc(n + 1);
        assert_non_null(copy);
        memcpy(copy, document.p, n);
        assert_int_equal(read_document((struct iw_str){copy, n}), IW_EFORMAT);
        free(copy);
    }
    /* An approval whose content was changed refuses the document. */
    document = baseline_make_document(was, false, NULL);
    baseline_make_compare(document, now, NOW_NS, &differences);
    assert_int_equal(approve_as(&approver, document, diff_line(&differences.items[0]),
                                differences.items[0].id, &approved),
                     IW_OK);
    assert_int_equal(read_document(approved), IW_OK);
    *((char *)(uintptr_t)approved.p + iw_str_find(approved, IW_STR("new.dll"))) = 'f';
    assert_int_equal(read_document(approved), IW_EFORMAT);
}

static void nested_and_long_documents(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    for (int i = 0; i < 100000; i++)
        iw_buffer_add(&text, IW_STR("{\"a\":"));
    assert_int_equal(read_document(iw_buffer_str(&text)), IW_ELIMIT);
    iw_buffer_clear(&text);
    iw_buffer_add(&text, IW_STR("\""));
    for (size_t i = 0; i < IW_LIMIT_BASELINE_LINE_BYTES; i++)
        iw_buffer_add_char(&text, 'x');
    assert_int_equal(read_document(iw_buffer_str(&text)), IW_ELIMIT);
    text.n = IW_LIMIT_BASELINE_LINE_BYTES; /* at the limit it is read, and is no JSON */
    assert_int_equal(read_document(iw_buffer_str(&text)), IW_EFORMAT);
    iw_buffer_done(&text);
}

/* Texts of any bytes come back as they went, repaired where they are no UTF-8. */
static void texts_of_any_bytes(void **state)
{
    (void)state;
    was->components[0][0].name = now->components[0][0].name = IW_STR("a\0b\"\\\n\xE2\x80\xAE");
    was->components[0][0].arguments = now->components[0][0].arguments = IW_STR("\xFF\xC3");
    baseline_make_compare(baseline_make_document(was, false, NULL), now, NOW_NS, &differences);
    assert_int_equal(differences.n_equal, 1);
    assert_int_equal(differences.n, 1);
}

static void lists_of_a_line_have_limits(void **state)
{
    (void)state;
    for (size_t n = IW_LIMIT_BASELINE_FILES; n <= IW_LIMIT_BASELINE_FILES + 1; n++) {
        struct iw_buffer text;
        iw_buffer_init(&text);
        iw_buffer_add(&text, IW_STR(HEADER("1")));
        iw_buffer_add(&text, IW_STR(ENTRY("\"files\":[")));
        text.n -= 3; /* the ends of ENTRY */
        for (size_t i = 0; i < n; i++)
            iw_buffer_printf(&text, "%s{\"twin\":null,\"path\":\"%zu\",\"sha256\":null}",
                             i != 0 ? "," : "", i);
        iw_buffer_add(&text, IW_STR("]}}\n"));
        assert_int_equal(read_document(iw_buffer_str(&text)),
                         n == IW_LIMIT_BASELINE_FILES ? IW_OK : IW_ELIMIT);
        iw_buffer_done(&text);
    }
}

static enum iw_rc with_conditions(size_t n)
{
    struct iw_buffer text;
    struct iw_str end = IW_STR("],\"attributes\":[],\"files\":[]}}\n");
    enum iw_rc rc;
    iw_buffer_init(&text);
    iw_buffer_add(&text, IW_STR(HEADER("1")));
    iw_buffer_add(&text, IW_STR(ENTRY("\"files\":[]")));
    text.n -= end.n; /* up to the list of conditions, which is empty */
    for (size_t i = 0; i < n; i++)
        iw_buffer_printf(&text, "%s\"%zu\"", i != 0 ? "," : "", i);
    iw_buffer_add(&text, end);
    rc = read_document(iw_buffer_str(&text));
    iw_buffer_done(&text);
    return rc;
}

static enum iw_rc with_servers(size_t n)
{
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    iw_buffer_add(&text, IW_STR("{\"schema\":\"iiswarden.baseline/1\",\"farm\":false,"
                                "\"entries\":0,\"servers\":["));
    for (size_t i = 0; i < n; i++)
        iw_buffer_printf(&text, "%s{\"host\":\"%zu\",\"authoritative\":true}", i != 0 ? "," : "",
                         i);
    iw_buffer_add(&text, IW_STR("]}\n"));
    rc = read_document(iw_buffer_str(&text));
    iw_buffer_done(&text);
    return rc;
}

static void lists_and_servers_have_limits(void **state)
{
    (void)state;
    assert_int_equal(with_conditions(IW_LIMIT_BASELINE_LIST), IW_OK);
    assert_int_equal(with_conditions(IW_LIMIT_BASELINE_LIST + 1), IW_ELIMIT);
    assert_int_equal(with_servers(IW_LIMIT_BASELINE_SERVERS), IW_OK);
    assert_int_equal(with_servers(IW_LIMIT_BASELINE_SERVERS + 1), IW_ELIMIT);
}

/* --- signatures --- */

static void pem_of(EVP_PKEY *key, bool is_private, struct iw_buffer *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    long n;
    assert_non_null(bio);
    assert_int_equal(is_private ? PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)
                                : PEM_write_bio_PUBKEY(bio, key),
                     1);
    n = BIO_get_mem_data(bio, &text);
    iw_buffer_init(out);
    iw_buffer_add(out, (struct iw_str){text, (size_t)n});
    BIO_free(bio);
}

static void key_pair(const char *type, struct iw_buffer *ret_private, struct iw_buffer *ret_public)
{
    EVP_PKEY *key =
        strcmp(type, "EC") == 0 ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(NULL, NULL, type);
    assert_non_null(key);
    pem_of(key, true, ret_private);
    pem_of(key, false, ret_public);
    EVP_PKEY_free(key);
}

static enum iw_baseline_verdict verify(struct iw_str document, struct iw_str signature,
                                       const struct iw_buffer *public_key, uint64_t minimum,
                                       struct iw_baseline_signature *ret)
{
    enum iw_baseline_verdict verdict;
    struct iw_error err;
    assert_int_equal(iw_baseline_verify(document, signature, iw_buffer_str(public_key), minimum,
                                        &verdict, ret, &err),
                     IW_OK);
    return verdict;
}

static void signatures(void **state)
{
    struct iw_buffer secret, public_key, other_secret, other_public, text;
    struct iw_str document = IW_STR("a document\n");
    struct iw_baseline_signature signature;
    struct iw_error err;
    (void)state;
    key_pair("ED25519", &secret, &public_key);
    key_pair("ED25519", &other_secret, &other_public);
    iw_buffer_init(&text);
    assert_int_equal(
        iw_baseline_sign(document, iw_buffer_str(&secret), 7, NOW_NS + 123, &text, &err), IW_OK);
    assert_int_equal(verify(document, iw_buffer_str(&text), &public_key, 0, &signature),
                     IW_BASELINE_SIGNATURE_HOLDS);
    assert_int_equal(signature.sequence, 7);
    assert_int_equal(signature.time_ns, NOW_NS + 100);
    assert_int_equal(verify(document, iw_buffer_str(&text), &public_key, 7, &signature),
                     IW_BASELINE_SIGNATURE_HOLDS);
    assert_int_equal(verify(document, iw_buffer_str(&text), &public_key, 8, &signature),
                     IW_BASELINE_SIGNATURE_OLDER);
    assert_int_equal(verify(document, iw_buffer_str(&text), &other_public, 0, &signature),
                     IW_BASELINE_SIGNATURE_OTHER_KEY);
    assert_int_equal(
        verify(IW_STR("a document\n "), iw_buffer_str(&text), &public_key, 0, &signature),
        IW_BASELINE_SIGNATURE_OTHER_TEXT);
    assert_int_equal(verify(document, IW_STR(""), &public_key, 0, &signature),
                     IW_BASELINE_SIGNATURE_UNREADABLE);
    iw_buffer_done(&text);
    iw_buffer_done(&secret);
    iw_buffer_done(&public_key);
    iw_buffer_done(&other_secret);
    iw_buffer_done(&other_public);
}

/* Whatever byte of the file is changed, it does not hold any more. */
static void every_byte_is_signed(void **state)
{
    struct iw_buffer secret, public_key, text;
    struct iw_str document = IW_STR("a document\n");
    struct iw_baseline_signature signature;
    (void)state;
    key_pair("ED25519", &secret, &public_key);
    iw_buffer_init(&text);
    assert_int_equal(iw_baseline_sign(document, iw_buffer_str(&secret), 7, NOW_NS, &text, NULL),
                     IW_OK);
    for (size_t i = 0; i + 1 < text.n; i++) { /* the last is the end of the line */
        char kept = text.p[i];
        text.p[i] = kept == '1' ? '2' : '1';
        assert_int_not_equal(verify(document, iw_buffer_str(&text), &public_key, 0, &signature),
                             IW_BASELINE_SIGNATURE_HOLDS);
        text.p[i] = kept;
    }
    for (size_t n = 0; n + 1 < text.n; n++)
        assert_int_equal(verify(document, (struct iw_str){text.p, n}, &public_key, 0, &signature),
                         IW_BASELINE_SIGNATURE_UNREADABLE);
    iw_buffer_done(&text);
    iw_buffer_done(&secret);
    iw_buffer_done(&public_key);
}

/* Blanks behind it are no part of what is signed; a file of nothing else is bounded. */
static void files_of_signatures_have_limits(void **state)
{
    struct iw_buffer secret, public_key, text;
    struct iw_baseline_signature signature;
    (void)state;
    key_pair("ED25519", &secret, &public_key);
    iw_buffer_init(&text);
    assert_int_equal(iw_baseline_sign(IW_STR("x"), iw_buffer_str(&secret), 1, NOW_NS, &text, NULL),
                     IW_OK);
    while (text.n < IW_LIMIT_BASELINE_SIGNATURE_BYTES)
        iw_buffer_add_char(&text, '\n');
    assert_int_equal(iw_baseline_signature_read(iw_buffer_str(&text), &signature, NULL), IW_OK);
    iw_buffer_add_char(&text, '\n');
    assert_int_equal(iw_baseline_signature_read(iw_buffer_str(&text), &signature, NULL), IW_ELIMIT);
    iw_buffer_clear(&text);
    while (secret.n < IW_LIMIT_KEY_FILE_BYTES)
        iw_buffer_add_char(&secret, '\n');
    assert_int_equal(iw_baseline_sign(IW_STR("x"), iw_buffer_str(&secret), 1, NOW_NS, &text, NULL),
                     IW_OK);
    iw_buffer_add_char(&secret, '\n');
    assert_int_equal(iw_baseline_sign(IW_STR("x"), iw_buffer_str(&secret), 1, NOW_NS, &text, NULL),
                     IW_EUSAGE);
    iw_buffer_done(&text);
    iw_buffer_done(&secret);
    iw_buffer_done(&public_key);
}

static void other_keys_are_refused(void **state)
{
    struct iw_buffer secret, public_key, text;
    struct iw_baseline_signature signature;
    enum iw_baseline_verdict verdict;
    struct iw_error err;
    (void)state;
    key_pair("EC", &secret, &public_key);
    iw_buffer_init(&text);
    assert_int_equal(iw_baseline_sign(IW_STR("x"), iw_buffer_str(&secret), 1, NOW_NS, &text, &err),
                     IW_EUSAGE);
    assert_int_equal(iw_baseline_sign(IW_STR("x"), IW_STR(""), 1, NOW_NS, &text, &err), IW_EUSAGE);
    assert_int_equal(iw_baseline_verify(IW_STR("x"), IW_STR(""), iw_buffer_str(&public_key), 0,
                                        &verdict, &signature, &err),
                     IW_EUSAGE);
    assert_int_equal(text.n, 0);
    iw_buffer_done(&text);
    iw_buffer_done(&secret);
    iw_buffer_done(&public_key);
}

/* --- known hashes --- */

#define HASH "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef"

static void known_hashes(void **state)
{
    struct iw_known_hashes *hashes = iw_known_hashes_new();
    struct iw_known_hash_account account;
    struct iw_str name;
    uint8_t sha256[32], other[32] = {1};
    (void)state;
    for (size_t i = 0; i < sizeof sha256; i++)
        sha256[i] = (uint8_t[]){0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}[i % 8];
    assert_non_null(hashes);
    assert_int_equal(iw_known_hashes_add(
                         hashes,
                         IW_STR("\xEF\xBB\xBF# mine\r\n\r\n  " HASH " *iis core.dll \r\nbad\n" HASH
                                "0 x\n" HASH "x\n"
                                "0000000000000000000000000000000000000000000000000000000000000000"),
                         "list", &account, NULL),
                     IW_OK);
    assert_int_equal(account.n_hashes, 2);
    assert_int_equal(account.n_bad, 3);
    assert_int_equal(account.first_bad_line, 4);
    iw_known_hashes_seal(hashes);
    assert_true(iw_known_hashes_find(hashes, sha256, &name));
    assert_true(iw_str_equal(name, IW_STR("iis core.dll")));
    assert_true(iw_known_hashes_find(hashes, (uint8_t[32]){0}, NULL));
    assert_false(iw_known_hashes_find(hashes, other, NULL));
    assert_false(iw_known_hashes_find(NULL, other, NULL));
    iw_known_hashes_free(hashes);
    iw_known_hashes_free(NULL);
}

/* Known content approves a web file, and a component nothing else is known of. */
static void known_hashes_mark(void **state)
{
    struct iw_known_hashes *hashes = iw_known_hashes_new();
    struct iw_inventory_component *components = now->components[0];
    struct iw_inventory_web_file *page, *other;
    struct iw_known_hash_account account;
    (void)state;
    assert_non_null(hashes);
    assert_int_equal(
        iw_known_hashes_add(
            hashes,
            IW_STR("0101010101010101010101010101010101010101010101010101010101010101 good\n"),
            "list", &account, NULL),
        IW_OK);
    iw_known_hashes_seal(hashes);
    page = baseline_make_web_file(now, "C:\\a.aspx", 1);
    page->approval = IW_APPROVAL_NONE;
    other = baseline_make_web_file(now, "C:\\b.aspx", 2);
    baseline_make_hash(now, baseline_make_component(now, "globalModule", "Third", "x"), 1);
    components[2].approval = IW_APPROVAL_NONE;
    assert_int_equal(iw_known_hashes_mark(NULL, &now->inventory), IW_OK);
    assert_int_equal(components[0].approval, IW_APPROVAL_NOT_ASKED);
    iw_arena_init(&now->inventory.arena, 0);
    assert_int_equal(iw_known_hashes_mark(hashes, &now->inventory), IW_OK);
    assert_int_equal(components[0].approval, IW_APPROVAL_KNOWN_HASH);
    assert_true(iw_str_equal(components[0].approval_why, IW_STR("known hash: good")));
    assert_int_equal(components[1].approval, IW_APPROVAL_NOT_ASKED); /* another hash */
    assert_int_equal(components[2].approval, IW_APPROVAL_NONE);      /* not in the baseline */
    assert_int_equal(page->approval, IW_APPROVAL_KNOWN_HASH);
    assert_int_equal(other->approval, IW_APPROVAL_NOT_ASKED);
    components[0].files[0].state = IW_ITEM_FILE_MISSING; /* no file was read: nothing is known */
    components[0].approval = IW_APPROVAL_NOT_ASKED;
    assert_int_equal(iw_known_hashes_mark(hashes, &now->inventory), IW_OK);
    assert_int_equal(components[0].approval, IW_APPROVAL_NOT_ASKED);
    iw_arena_done(&now->inventory.arena);
    iw_known_hashes_free(hashes);
}

/* --- memory --- */

static void memory_may_fail_anywhere(void **state)
{
    struct iw_str document = baseline_make_document(was, false, NULL), line, id;
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    baseline_make_compare(document, now, NOW_NS, &differences);
    line = diff_line(&differences.items[0]);
    id = iw_str_of(differences.items[0].id);
    for (uint64_t n = 1; rc != IW_OK && n < 2000; n++) {
        struct iw_buffer out;
        iw_buffer_init(&out);
        iw_alloc_fail_at(n);
        rc = iw_baseline_approve(document, line, &(struct iw_text_list){&id, 1}, &approver, &out,
                                 NULL);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        assert_true(n > 1 || rc == IW_ENOMEM);
        iw_buffer_done(&out);
    }
    assert_int_equal(rc, IW_OK);
    rc = IW_ENOMEM;
    for (uint64_t n = 1; rc != IW_OK && n < 100; n++) {
        struct iw_known_hashes *hashes;
        struct iw_known_hash_account account;
        iw_alloc_fail_at(n);
        hashes = iw_known_hashes_new();
        if (hashes != NULL)
            rc = iw_known_hashes_add(hashes, IW_STR(HASH " x\n"), "list", &account, NULL);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        iw_known_hashes_free(hashes);
    }
    assert_int_equal(rc, IW_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_approved_difference),
        TEST(other_content_is_not_approved),
        TEST(approvals_end),
        TEST(a_farm_is_approved_once),
        TEST(what_is_not_approved),
        TEST(damaged_documents),
        TEST(every_cut_is_refused),
        TEST(nested_and_long_documents),
        TEST(texts_of_any_bytes),
        TEST(lists_of_a_line_have_limits),
        TEST(lists_and_servers_have_limits),
        TEST(files_of_signatures_have_limits),
        TEST(signatures),
        TEST(every_byte_is_signed),
        TEST(other_keys_are_refused),
        TEST(known_hashes),
        TEST(known_hashes_mark),
        TEST(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
