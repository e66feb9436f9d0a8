/*
 * A walk with its own stack and a bound on keys and listed keys: a hostile hive may loop, and what
 * one question may cost is bounded by the reader, not what a thousand cost.
 */
#include "tests/fuzz/walk_hive.h"

#include "base/limits.h"
#include "base/utf.h"
#include "iis/hive/audit_policy.h"
#include "iis/hive/registry_facts.h"
#include "tests/fuzz/fuzz_support.h"

#define MAX_STACK 256U
#define MAX_KEYS 64U

static void require_text(struct iw_str text)
{
    FUZZ_REQUIRE(text.n == 0 || text.p != NULL);
    FUZZ_REQUIRE(iw_utf8_valid(text));
}

static void require_values(struct iw_hive *hive, const struct iw_hive_key *key)
{
    struct iw_hive_values values;
    uint64_t number;
    uint32_t n_texts;

    (void)iw_hive_values(hive, key, &values);
    FUZZ_REQUIRE(iw_hive_info(hive)->source == IW_HIVE_REG_TEXT ||
                 values.n <= IW_LIMIT_HIVE_VALUES);
    for (uint32_t i = 0; i < values.n; i++) {
        const struct iw_hive_value *value = &values.items[i];
        struct iw_hive_value found;
        require_text(value->name);
        FUZZ_REQUIRE(value->data.n == 0 || value->data.p != NULL);
        if (i >= 32)
            continue;
        require_text(iw_hive_text(hive, value));
        for (struct iw_str *texts = iw_hive_texts(hive, value, &n_texts); n_texts != 0; n_texts--)
            require_text(texts[n_texts - 1]);
        (void)iw_hive_number(value, &number);
        FUZZ_REQUIRE(iw_hive_value(hive, key, value->name, &found) == IW_HIVE_FOUND);
    }
}

static void require_keys(struct iw_hive *hive)
{
    struct iw_hive_key stack[MAX_STACK];
    uint32_t n = iw_hive_root(hive, &stack[0]) == IW_HIVE_FOUND ? 1 : 0;

    for (uint32_t n_seen = 0; n != 0 && n_seen < MAX_KEYS; n_seen++) {
        struct iw_hive_key key = stack[--n], again;
        struct iw_hive_keys keys;
        require_text(key.name);
        require_values(hive, &key);
        (void)iw_hive_keys(hive, &key, &keys);
        for (uint32_t i = 0; i < keys.n && n < MAX_STACK; i++) {
            struct iw_str name = keys.items[i].name;
            if (i < 8 && name.n != 0 && memchr(name.p, '\\', name.n) == NULL)
                FUZZ_REQUIRE(iw_hive_find_below(hive, &key, name, &again) == IW_HIVE_FOUND);
            stack[n++] = keys.items[i];
        }
    }
}

static void require_facts(struct iw_hive *hive, struct iw_arena *arena)
{
    struct iw_registry_facts facts;
    struct iw_audit_policy policy;

    FUZZ_REQUIRE(iw_registry_read_facts(&hive, 1, arena, &facts, NULL) == IW_OK);
    for (unsigned id = 0; id < IW_REGISTRY_N_FACTS; id++) {
        require_text(facts.values[id].key);
        require_text(facts.values[id].text);
    }
    for (uint32_t i = 0; i < facts.n_sysmon; i++)
        require_text(facts.sysmon[i].service);
    for (uint32_t i = 0; i < facts.n_environment; i++)
        require_text(facts.environment[i].text);
    (void)iw_audit_policy_read(facts.values[IW_REGISTRY_AUDIT_POLICY].data, &policy);
    FUZZ_REQUIRE(policy.n <= IW_AUDIT_MAX_SETTINGS);
}

void walk_hive(struct iw_str file)
{
    static const char *const paths[] = {"HKLM\\SYSTEM\\CurrentControlSet\\Services\\W3SVC",
                                        "HKLM\\SOFTWARE\\Wow6432Node\\Classes\\CLSID",
                                        "HKLM\\SECURITY\\Policy\\PolAdtEv"};
    struct iw_arena arena;
    struct iw_hive *hive;
    struct iw_hive_key key;
    enum iw_rc rc;

    iw_arena_init(&arena, 0);
    rc = iw_hive_open(file, &arena, &hive, NULL);
    FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT);
    if (rc == IW_OK) {
        require_keys(hive);
        require_facts(hive, &arena);
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
            if (iw_hive_find(hive, iw_str_of(paths[i]), &key) == IW_HIVE_FOUND)
                require_text(key.path);
        require_text(iw_hive_info(hive)->written_path);
        FUZZ_REQUIRE(!iw_hive_no_memory(hive));
    }
    iw_hive_close(hive);
    iw_arena_done(&arena);
}
