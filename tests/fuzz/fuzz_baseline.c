/*
 * A baseline: whatever it is, reading ends; one that is read compares with nothing, and approving
 * nothing of it is refused. The same bytes as a signature, a list of hashes and a difference.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/timestamp.h"
#include "iis/baseline/baseline_behaviour.h"
#include "iis/baseline/baseline_sign.h"
#include "iis/baseline/known_hashes.h"

static void compare(const struct iw_baseline *baseline, struct iw_arena *arena)
{
    struct iw_inventory_root root = {.site = IW_STR("Default Web Site"),
                                     .path = IW_STR("C:\\inetpub\\wwwroot"),
                                     .is_collected = true};
    struct iw_inventory_server server = {.host = IW_STR("web01"),
                                         .version = IW_STR("10.0"),
                                         .is_authoritative = true,
                                         .roots = &root,
                                         .n_roots = 1};
    const struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
    struct iw_baseline_differences differences;
    FUZZ_REQUIRE(iw_baseline_compare(baseline, &inventory, 0, NULL, arena, &differences) == IW_OK);
    FUZZ_REQUIRE(differences.n <= iw_baseline_n_entries(baseline));
    FUZZ_REQUIRE(differences.n_unapproved <= differences.n);
    for (size_t i = 0; i < differences.n; i++) {
        FUZZ_REQUIRE(differences.items[i].change == IW_BASELINE_REMOVED);
        fuzz_require_json(differences.items[i].was->json);
    }
}

/* Whatever it knows, acts of its hosts and of others have an answer. */
static void ask(const struct iw_baseline *baseline, struct iw_arena *arena)
{
    static const char *const TEXTS[] = {"", "cmd.exe /c ver", "*", "ShopPool"};
    for (int kind = 0; kind < IW_BEHAVIOUR_KIND_COUNT; kind++) {
        for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
            const struct iw_behaviour_act act = {.host = IW_STR("WEB01"),
                                                 .kind = (enum iw_behaviour_kind)kind,
                                                 .scope = IW_STR("ShopPool"),
                                                 .name = iw_str_of(TEXTS[i]),
                                                 .image = IW_STR("C:\\Windows\\System32\\cmd.exe"),
                                                 .time_ns = 0};
            enum iw_behaviour_answer answer;
            FUZZ_REQUIRE(iw_baseline_ask_behaviour(baseline, &act, 0, arena, &answer) == IW_OK);
            FUZZ_REQUIRE(answer == IW_BEHAVIOUR_IS_NEW || iw_baseline_knows_behaviour(baseline) ||
                         iw_baseline_n_approvals(baseline) != 0);
        }
    }
}

static void read_others(struct iw_str text)
{
    const struct iw_baseline_approver approver = {IW_STR("a"), IW_STR("b"), IW_STR("c"),
                                                  IW_TIME_UNKNOWN};
    const struct iw_str document =
        IW_STR("{\"schema\":\"iiswarden.baseline/1\",\"farm\":false,\"entries\":0,\"servers\":[]}");
    const struct iw_str id = IW_STR("d-0123456789abcdef");
    struct iw_known_hashes *hashes = iw_known_hashes_new();
    struct iw_known_hash_account account;
    struct iw_baseline_signature signature;
    struct iw_buffer out;
    iw_buffer_init(&out);
    (void)iw_baseline_signature_read(text, &signature, NULL);
    FUZZ_REQUIRE(hashes != NULL);
    FUZZ_REQUIRE(iw_known_hashes_add(hashes, text, "list", &account, NULL) == IW_OK);
    iw_known_hashes_seal(hashes);
    iw_known_hashes_free(hashes);
    (void)iw_baseline_approve(document, text, &(struct iw_text_list){&id, 1}, &approver, &out,
                              NULL);
    iw_buffer_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_str text = {size != 0 ? (const char *)data : "", size};
    struct iw_baseline *baseline;
    struct iw_error err = {.rc = IW_OK};
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_baseline_read(text, "fuzz", &arena, &baseline, &err);
    FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT || rc == IW_ELIMIT);
    FUZZ_REQUIRE(rc == IW_OK || err.message[0] != '\0');
    if (rc == IW_OK) {
        compare(baseline, &arena);
        ask(baseline, &arena);
    }
    iw_arena_done(&arena);
    read_others(text);
    return 0;
}
