/*
 * From a file to statements.
 */
#include "coverage/proofs_inside.h"

#include "base/arena_text.h"
#include "base/limits.h"
#include "coverage/settings/audit_text.h"
#include "coverage/settings/channel_settings.h"

/* --- Sysmon --------------------------------------------------------------------------------- */

static enum iw_rc note_strangers(struct iw_proofs *proofs, struct iw_str source,
                                 const struct iw_sysmon_config *config)
{
    for (size_t i = 0; i < config->n_strangers; i++)
        IW_TRY(proofs_note(proofs, source, config->strangers[i].line, "%.*s",
                           IW_STR_ARG(config->strangers[i].what)));
    if (config->n_strangers_hidden == 0)
        return IW_OK;
    return proofs_note(proofs, source, 0, "%zu more that Sysmon does not know",
                       config->n_strangers_hidden);
}

static enum iw_rc add_sysmon(struct iw_proofs *proofs, struct iw_str bytes,
                             struct proof_statement *statement, struct iw_error *err)
{
    struct iw_sysmon_config *config = iw_arena_calloc(&proofs->arena, 1, sizeof *config);
    if (config == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_sysmon_config_read(bytes, &proofs->arena, config, err));
    statement->part = PROOF_SYSMON;
    statement->config = config;
    IW_TRY(proofs_add(proofs, statement));
    return note_strangers(proofs, statement->source, config);
}

/* --- audit policy --------------------------------------------------------------------------- */

static enum iw_rc add_row(struct iw_proofs *proofs, enum iw_audit_subcategory subcategory,
                          const struct iw_audit_row *row, bool is_intended,
                          struct proof_statement *statement)
{
    static const enum proof_part PARTS[IW_AUDIT_SUBCATEGORY_COUNT] = {
        [IW_AUDIT_PROCESS_CREATION] = PROOF_POLICY_PROCESS,
        [IW_AUDIT_FILE_SYSTEM] = PROOF_POLICY_FILE,
        [IW_AUDIT_LOGON] = PROOF_POLICY_LOGON};
    static const char *const WORDS[] = {[IW_AUDIT_OFF] = "no audit of success",
                                        [IW_AUDIT_ON] = "success is audited",
                                        [IW_AUDIT_DISAGREES] = "said to be audited and not to be"};
    if (row->state == IW_AUDIT_UNSAID)
        return IW_OK;
    statement->part = PARTS[subcategory];
    statement->state = row->state == IW_AUDIT_ON ? IW_PROOF_LOGGED : IW_PROOF_NOT_LOGGED;
    statement->rank = is_intended ? PROOF_INTENDED : PROOF_EFFECTIVE;
    statement->why =
        iw_arena_format(&proofs->arena, "%s \"%s\": %s (line %u)",
                        is_intended ? "group policy (audit.csv)" : "audit policy",
                        iw_audit_subcategory_name(subcategory), WORDS[row->state], row->line);
    return statement->why.p != NULL ? proofs_add(proofs, statement) : IW_ENOMEM;
}

static enum iw_rc add_policy(struct iw_proofs *proofs, struct iw_str bytes,
                             struct iw_arena *scratch, struct proof_statement *statement,
                             struct iw_error *err)
{
    struct iw_audit_policy_text policy;
    bool any = false;
    IW_TRY(iw_audit_text_read(bytes, scratch, &policy, err));
    if (policy.machine.n != 0) { /* wherever the report was put */
        statement->host = iw_arena_copy(&proofs->arena, policy.machine);
        if (statement->host.p == NULL)
            return IW_ENOMEM;
    }
    if (policy.n_strangers != 0)
        IW_TRY(proofs_note(proofs, statement->source, 0,
                           "%u rows are of other machines than the first: they do not count",
                           policy.n_strangers));
    for (unsigned i = 0; i < IW_AUDIT_SUBCATEGORY_COUNT; i++) {
        any |= policy.rows[i].state != IW_AUDIT_UNSAID;
        IW_TRY(add_row(proofs, (enum iw_audit_subcategory)i, &policy.rows[i], policy.is_intended,
                       statement));
    }
    if (any)
        return IW_OK;
    return proofs_note(proofs, statement->source, 0,
                       "says nothing of Process Creation, File System or Logon that is understood: "
                       "settings of another language than English are not; auditpol /backup "
                       "writes them as numbers");
}

/* --- channels ------------------------------------------------------------------------------- */

static enum iw_rc add_channels(struct iw_proofs *proofs, struct iw_str bytes,
                               struct iw_arena *scratch, struct proof_statement *statement,
                               struct iw_error *err)
{
    struct iw_channel_settings settings;
    IW_TRY(iw_channel_settings_read(bytes, scratch, &settings, err));
    for (size_t i = 0; i < settings.n; i++) {
        const struct iw_channel_setting *setting = &settings.items[i];
        if (!proof_channel_part(setting->name, &statement->part))
            continue;
        statement->state = setting->is_enabled ? IW_PROOF_LOGGED : IW_PROOF_NOT_LOGGED;
        statement->why = iw_arena_format(&proofs->arena, "channel %.*s: enabled: %s (line %u)",
                                         IW_STR_ARG(setting->name),
                                         setting->is_enabled ? "true" : "false", setting->line);
        if (statement->why.p == NULL)
            return IW_ENOMEM;
        IW_TRY(proofs_add(proofs, statement));
    }
    return IW_OK;
}

/* --- audit entries --------------------------------------------------------------------------- */

static enum iw_rc note_entries(struct iw_proofs *proofs, struct iw_str source,
                               const struct iw_audit_entries *entries)
{
    if (entries->n_without != 0)
        IW_TRY(proofs_note(proofs, source, 0,
                           "%zu security descriptors without their audit lists: they do not say "
                           "what is audited (Get-Acl -Audit shows it; icacls /save never does)",
                           entries->n_without));
    if (entries->n_relative != 0)
        IW_TRY(proofs_note(proofs, source, 0,
                           "%zu audit lists of names that are no whole paths: not taken",
                           entries->n_relative));
    if (entries->n_odd != 0)
        IW_TRY(proofs_note(proofs, source, 0, "%zu audit lists with entries that cannot be read",
                           entries->n_odd));
    return IW_OK;
}

static enum iw_rc add_entries(struct iw_proofs *proofs, struct iw_str bytes,
                              struct proof_statement *statement, struct iw_error *err)
{
    struct iw_audit_entries *entries = iw_arena_calloc(&proofs->arena, 1, sizeof *entries);
    if (entries == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    bytes = iw_arena_copy(&proofs->arena, bytes); /* entries borrow it */
    if (bytes.p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_audit_entries_read(bytes, &proofs->arena, entries, err));
    statement->part = PROOF_FOLDERS;
    statement->entries = entries;
    IW_TRY(proofs_add(proofs, statement));
    return note_entries(proofs, statement->source, entries);
}

/* --- all ------------------------------------------------------------------------------------ */

static enum iw_rc add_kind(struct iw_proofs *proofs, enum iw_proof_file_kind kind,
                           struct iw_str bytes, struct iw_arena *scratch,
                           struct proof_statement *statement, struct iw_error *err)
{
    switch (kind) {
    case IW_PROOF_SYSMON_CONFIG:
        return add_sysmon(proofs, bytes, statement, err);
    case IW_PROOF_AUDIT_POLICY:
        return add_policy(proofs, bytes, scratch, statement, err);
    case IW_PROOF_CHANNELS:
        return add_channels(proofs, bytes, scratch, statement, err);
    case IW_PROOF_AUDIT_ENTRIES:
        break;
    }
    return add_entries(proofs, bytes, statement, err);
}

enum iw_rc iw_proofs_add_file(struct iw_proofs *proofs, enum iw_proof_file_kind kind,
                              struct iw_str bytes, const struct iw_proof_place *place,
                              struct iw_error *err)
{
    struct proof_statement statement = {.rank = PROOF_EFFECTIVE,
                                        .from_ns = IW_TIME_UNKNOWN,
                                        .why = IW_STR(""),
                                        .host = iw_arena_copy(&proofs->arena, place->host),
                                        .source = iw_arena_copy(&proofs->arena, place->source)};
    struct iw_error local = {.rc = IW_OK};
    struct iw_arena scratch;
    enum iw_rc rc;

    if (statement.host.p == NULL || statement.source.p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (bytes.n > IW_LIMIT_PROOF_BYTES - proofs->n_bytes)
        return iw_error_set(err, IW_ELIMIT, "more than %lu MiB of settings: not read",
                            IW_LIMIT_PROOF_BYTES >> 20);
    proofs->n_bytes += bytes.n;
    iw_arena_init(&scratch, 0);
    rc = add_kind(proofs, kind, bytes, &scratch, &statement, &local);
    iw_arena_done(&scratch);
    if (rc != IW_OK && local.rc == IW_OK)
        iw_error_set(&local, rc, rc == IW_ENOMEM ? "no memory" : "more statements than are kept");
    if (rc != IW_OK && err != NULL)
        *err = local;
    return rc;
}
