/*
 * From the registry to statements. A fact holds since the last change of its key, which is all the
 * registry tells of time; the audit policy is written anew whenever group policy is applied, so
 * that its key's time tells nothing, and event 4719 has to.
 */
#include "coverage/proofs_inside.h"

#include "base/arena_text.h"
#include "base/hex.h"
#include "iis/hive/audit_policy.h"
#include "iis/hive/registry_facts.h"

struct adding {
    struct iw_proofs *proofs;
    struct iw_str host;
    const struct iw_str *sources;
    int rank;
};

static enum iw_rc add(const struct adding *adding, enum proof_part part, enum iw_proof_state state,
                      const struct iw_registry_fact *fact, int64_t from_ns, struct iw_str why)
{
    struct iw_arena *arena = &adding->proofs->arena;
    const struct proof_statement statement = {
        .part = part,
        .rank = adding->rank,
        .host = adding->host,
        .source = iw_arena_copy(arena, adding->sources[fact->source]),
        .why = why,
        .state = state,
        .from_ns = from_ns};
    enum iw_rc rc;
    if (statement.source.p == NULL || why.p == NULL)
        return IW_ENOMEM;
    rc = proofs_add(adding->proofs, &statement);
    if (rc != IW_ELIMIT)
        return rc;
    return proofs_note(adding->proofs, statement.source, 0, "more statements than are kept");
}

/* A switch: on where it is 1, off where it is anything else or where the key's hive does not hold
 * it. */
static enum iw_rc add_switch(const struct adding *adding, enum proof_part part,
                             const struct iw_registry_fact *fact, bool off_when_absent)
{
    struct iw_arena *arena = &adding->proofs->arena;
    bool is_on = fact->has_number && fact->number == 1;
    struct iw_str why;
    if (fact->state == IW_FACT_ABSENT && off_when_absent)
        why = iw_arena_format(arena, "%.*s\\%.*s is not set", IW_STR_ARG(fact->key),
                              IW_STR_ARG(fact->name));
    else if (fact->state == IW_FACT_KNOWN && fact->has_number)
        why = iw_arena_format(arena, "%.*s\\%.*s = %llu", IW_STR_ARG(fact->key),
                              IW_STR_ARG(fact->name), (unsigned long long)fact->number);
    else
        return IW_OK;
    return add(adding, part, is_on ? IW_PROOF_LOGGED : IW_PROOF_NOT_LOGGED, fact,
               fact->state == IW_FACT_KNOWN ? fact->written_ns : IW_TIME_UNKNOWN, why);
}

static enum iw_rc add_policy(const struct adding *adding, const struct iw_registry_fact *fact)
{
    static const struct {
        const char *subcategory;
        enum proof_part part;
    } ROWS[] = {{"Process Creation", PROOF_POLICY_PROCESS},
                {"File System", PROOF_POLICY_FILE},
                {"Logon", PROOF_POLICY_LOGON}};
    struct iw_arena *arena = &adding->proofs->arena;
    struct iw_audit_policy policy;
    if (fact->state != IW_FACT_KNOWN)
        return IW_OK;
    if (!iw_audit_policy_read(fact->data, &policy)) {
        struct iw_str source = iw_arena_copy(arena, adding->sources[fact->source]);
        return source.p == NULL
                   ? IW_ENOMEM
                   : proofs_note(adding->proofs, source, 0,
                                 "the audit policy (PolAdtEv) has a layout that is not "
                                 "known: not read");
    }
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        int setting = iw_audit_policy_of(&policy, ROWS[i].subcategory);
        bool is_on = setting >= 0 && (setting & IW_AUDIT_SUCCESS) != 0;
        if (setting < 0)
            continue;
        IW_TRY(add(adding, ROWS[i].part, is_on ? IW_PROOF_LOGGED : IW_PROOF_NOT_LOGGED, fact,
                   IW_TIME_UNKNOWN,
                   iw_arena_format(arena, "audit policy \"%s\": %s (PolAdtEv)", ROWS[i].subcategory,
                                   is_on ? "success is audited" : "no audit of success")));
    }
    return IW_OK;
}

/* A fact, and what other sources say of it: equal ones contradict it. */
static enum iw_rc add_all(struct adding *adding, const struct iw_registry_fact *fact,
                          enum proof_part part, bool off_when_absent)
{
    enum iw_rc rc = IW_OK;
    for (const struct iw_registry_fact *one = fact; one != NULL && rc == IW_OK; one = one->rival) {
        adding->rank = one->strength < fact->strength ? PROOF_OUTWEIGHED : PROOF_EFFECTIVE;
        rc = part == PROOF_PART_COUNT ? add_policy(adding, one)
                                      : add_switch(adding, part, one, off_when_absent);
    }
    adding->rank = PROOF_EFFECTIVE;
    return rc;
}

/* Whether sources that count alike name several configurations; that any do is told. */
static enum iw_rc tell_rivals(const struct adding *adding, const struct iw_registry_fact *loaded,
                              bool *ret_any)
{
    struct iw_arena *arena = &adding->proofs->arena;
    *ret_any = false;
    for (const struct iw_registry_fact *one = loaded->rival; one != NULL; one = one->rival) {
        bool is_equal = one->strength == loaded->strength;
        struct iw_str source = iw_arena_copy(arena, adding->sources[one->source]);
        if (source.p == NULL)
            return IW_ENOMEM;
        *ret_any |= is_equal;
        IW_TRY(proofs_note(adding->proofs, source, 0,
                           "names another configuration of Sysmon (ConfigHash) than %.*s%s",
                           IW_STR_ARG(adding->sources[loaded->source]),
                           is_equal ? ": neither counts" : ", which counts more"));
    }
    return IW_OK;
}

/* What the rules of Sysmon's driver are: there, and not decoded, because no document describes
 * them. That they are there is told, and their hash, by which they can be compared. Of the file
 * they were made of Sysmon keeps the hash (ConfigHash). */
static enum iw_rc add_sysmon(const struct adding *adding, const struct iw_registry_sysmon *sysmon)
{
    struct iw_arena *arena = &adding->proofs->arena;
    const struct iw_registry_fact *rules = &sysmon->rules, *loaded = &sysmon->config_hash;
    char digest[64];
    struct iw_str why;
    bool is_contradicted;
    if (rules->state == IW_FACT_KNOWN) {
        iw_hex_write(sysmon->rules_sha256, sizeof sysmon->rules_sha256, digest);
        why = iw_arena_format(arena,
                              "rules of the service %.*s are in the registry (%zu bytes, SHA-256 "
                              "%.64s): present, not decoded",
                              IW_STR_ARG(sysmon->service), rules->data.n, digest);
    } else {
        rules = &sysmon->hashing;
        why = iw_arena_format(arena,
                              "the service %.*s is Sysmon's; its rules are %s (HashingAlgorithm "
                              "%llu, Options %llu)",
                              IW_STR_ARG(sysmon->service),
                              sysmon->rules.state == IW_FACT_ABSENT ? "not set" : "unreadable",
                              (unsigned long long)sysmon->hashing.number,
                              (unsigned long long)sysmon->options.number);
    }
    IW_TRY(add(adding, PROOF_SYSMON, IW_PROOF_SILENT, rules, IW_TIME_UNKNOWN, why));
    IW_TRY(tell_rivals(adding, loaded, &is_contradicted));
    if (loaded->state != IW_FACT_KNOWN || loaded->text.n == 0 || is_contradicted)
        return IW_OK;
    return add(adding, PROOF_SYSMON_LOADED, IW_PROOF_SILENT, loaded, loaded->written_ns,
               iw_arena_copy(arena, loaded->text));
}

enum iw_rc iw_proofs_add_registry(struct iw_proofs *proofs, struct iw_str host,
                                  const struct iw_registry_facts *facts,
                                  const struct iw_str *sources)
{
    struct adding adding = {proofs, iw_arena_copy(&proofs->arena, host), sources, PROOF_EFFECTIVE};
    const struct iw_registry_fact *values = facts->values;
    if (adding.host.p == NULL)
        return IW_ENOMEM;
    IW_TRY(add_all(&adding, &values[IW_REGISTRY_COMMAND_LINE_AUDIT], PROOF_COMMAND_LINE, true));
    IW_TRY(add_all(&adding, &values[IW_REGISTRY_CHANNEL_SYSMON], PROOF_SYSMON_CHANNEL, false));
    IW_TRY(add_all(&adding, &values[IW_REGISTRY_CHANNEL_IIS_CONFIGURATION],
                   PROOF_CONFIGURATION_CHANNEL, false));
    IW_TRY(add_all(&adding, &values[IW_REGISTRY_AUDIT_POLICY], PROOF_PART_COUNT, false));
    for (uint32_t i = 0; i < facts->n_sysmon; i++)
        IW_TRY(add_sysmon(&adding, &facts->sysmon[i]));
    return IW_OK;
}
