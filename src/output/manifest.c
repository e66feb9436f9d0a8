/*
 * `iiswarden.manifest/1`: the account of a run, whole, for machines and for the case file.
 *
 * Nothing is cut here. All of it is the same for the same evidence and command, but the members of
 * `run`, which measure this one execution; they stand last.
 */
#include "base/json.h"
#include "output/coverage_json.h"
#include "output/json_indent.h"
#include "output/json_members.h"
#include "output/output.h"
#include "output/profile_json.h"

static void begin_object(struct iw_json *json, const char *key)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_object(json);
}

static void begin_array(struct iw_json *json, const char *key)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_array(json);
}

static void add_findings(struct iw_json *json, const struct iw_findings *findings)
{
    begin_object(json, "findings");
    for (enum iw_level level = IW_LEVEL_COUNT; level-- > IW_LEVEL_INFORMATIONAL;)
        iw_json_member_u64(json, iw_level_name(level), findings->n_by_level[level]);
    iw_json_object_end(json);
}

static void add_hosts(struct iw_json *json, const struct iw_run *run)
{
    begin_array(json, "hosts");
    for (size_t i = 0; i < run->n_hosts; i++) {
        iw_json_object(json);
        iw_json_member_text_or_null(json, "host", run->hosts[i].host);
        iw_json_member_u64(json, "events", run->hosts[i].n_events);
        iw_json_member_time(json, "first_time", run->hosts[i].first_ns);
        iw_json_member_time(json, "last_time", run->hosts[i].last_ns);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_account(struct iw_json *json, const struct iw_account *account)
{
    iw_json_member_u64(json, "events", account->n_records);
    iw_json_member_u64(json, "decoded", account->n_decoded);
    iw_json_member_u64(json, "chunks", account->n_chunks);
    iw_json_member_u64(json, "chunks_empty", account->n_chunks_empty);
    iw_json_member_u64(json, "read_bytes", account->read_bytes);
    iw_json_member_u64(json, "lost_bytes", account->lost_bytes);
    begin_array(json, "damage");
    for (enum iw_damage kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        const struct iw_damage_row *row = iw_damage_row(kind);
        if (account->damage[kind].count == 0)
            continue;
        iw_json_object(json);
        iw_json_member_text(json, "kind", iw_str_of(row->name));
        iw_json_member_u64(json, "count", account->damage[kind].count);
        iw_json_member_u64(json, "first_offset", account->damage[kind].first_offset);
        iw_json_member_bool(json, "is_loss", row->is_loss);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_sources(struct iw_json *json, const struct iw_ledger *ledger)
{
    begin_array(json, "sources");
    for (size_t i = 0; i < ledger->n; i++) {
        const struct iw_source *source = &ledger->sources[i];
        iw_json_object(json);
        iw_json_member_text(json, "path", source->path);
        iw_json_member_text(json, "state", iw_str_of(iw_source_state_name(source->state)));
        iw_json_member_text_or_null(json, "kind", source->kind);
        iw_json_member_u64(json, "size_bytes", source->size_bytes);
        iw_json_member_text_or_null(json, "windows_path", source->windows_path);
        iw_json_member_text_or_null(json, "host_hint", source->host_hint);
        iw_json_member_text_or_null(json, "reason", source->reason);
        iw_json_member_bool(json, "is_loss",
                            source->state == IW_SOURCE_LOST ||
                                iw_account_has_loss(&source->account));
        add_account(json, &source->account);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

/* Sums over all sources, so that a reader need not add up. */
static void add_totals(struct iw_json *json, const struct iw_ledger *ledger)
{
    struct iw_account total = iw_ledger_total(ledger);
    uint64_t n_by_state[IW_SOURCE_STATE_COUNT] = {0};
    for (size_t i = 0; i < ledger->n; i++)
        n_by_state[ledger->sources[i].state]++;
    begin_object(json, "totals");
    begin_object(json, "sources");
    for (enum iw_source_state state = 0; state < IW_SOURCE_STATE_COUNT; state++)
        iw_json_member_u64(json, iw_source_state_name(state), n_by_state[state]);
    iw_json_object_end(json);
    iw_json_member_bool(json, "is_loss", iw_ledger_has_loss(ledger));
    add_account(json, &total);
    iw_json_object_end(json);
}

static void add_rule_entry(struct iw_json *json, const struct iw_rule_entry *entry)
{
    iw_json_object(json);
    iw_json_member_text(json, "state", iw_str_of(iw_rule_state_name(entry->state)));
    iw_json_member_text(json, "file", entry->file);
    iw_json_member_u64(json, "line", entry->line);
    iw_json_member_u64(json, "column", entry->column);
    iw_json_member_text_or_null(json, "id", entry->id);
    iw_json_member_text_or_null(json, "title", entry->title);
    iw_json_member_text_or_null(json, "reason", entry->reason);
    iw_json_object_end(json);
}

static void add_rule_note(struct iw_json *json, const struct iw_rule_entry *entry)
{
    iw_json_object(json);
    iw_json_member_text(json, "file", entry->file);
    iw_json_member_u64(json, "line", entry->line);
    iw_json_member_text_or_null(json, "id", entry->id);
    iw_json_member_text_or_null(json, "title", entry->title);
    iw_json_member_text(json, "note", entry->note);
    iw_json_object_end(json);
}

static void add_rule_use(struct iw_json *json, const struct iw_rule_entry *entry)
{
    iw_json_object(json);
    iw_json_member_text_or_null(json, "id", entry->id);
    iw_json_member_text_or_null(json, "title", entry->title);
    iw_json_member_text(json, "file", entry->file);
    iw_json_member_u64(json, "matches", entry->n_matches);
    iw_json_member_u64(json, "unknown", entry->n_unknown);
    iw_json_member_u64(json, "undecided", entry->n_undecided);
    iw_json_member_u64(json, "unkept", entry->n_unkept);
    iw_json_object_end(json);
}

static void add_rules(struct iw_json *json, const struct iw_rule_account *rules)
{
    begin_object(json, "rules");
    for (enum iw_rule_state state = 0; state < IW_RULE_STATE_COUNT; state++)
        iw_json_member_u64(json, iw_rule_state_name(state), rules->n_by_state[state]);
    begin_array(json, "not_loaded");
    for (size_t i = 0; i < rules->n; i++) {
        if (rules->entries[i].state != IW_RULE_LOADED)
            add_rule_entry(json, &rules->entries[i]);
    }
    iw_json_array_end(json);
    begin_array(json, "noted");
    for (size_t i = 0; i < rules->n; i++) {
        if (rules->entries[i].note.n != 0)
            add_rule_note(json, &rules->entries[i]);
    }
    iw_json_array_end(json);
    begin_array(json, "matched");
    for (size_t i = 0; i < rules->n; i++) {
        const struct iw_rule_entry *entry = &rules->entries[i];
        if (entry->n_matches != 0 || entry->n_unknown != 0 || entry->n_undecided != 0 ||
            entry->n_unkept != 0)
            add_rule_use(json, entry);
    }
    iw_json_array_end(json);
    iw_json_object_end(json);
}

static void add_telemetry(struct iw_json *json, const struct iw_telemetry *telemetry)
{
    begin_object(json, "telemetry");
    begin_array(json, "channels");
    for (size_t i = 0; i < telemetry->n_channels; i++) {
        iw_json_object(json);
        iw_profile_channel_members(json, &telemetry->channels[i]);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
    begin_array(json, "event_ids");
    for (size_t i = 0; i < telemetry->n_rows; i++) {
        iw_json_object(json);
        iw_profile_row_members(json, &telemetry->rows[i]);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
    iw_json_member_u64(json, "events_in_no_row", telemetry->n_rows_hidden);
    iw_json_object_end(json);
}

/* Empty where nobody asked. */
static void add_coverage(struct iw_json *json, const struct iw_coverage *coverage)
{
    begin_object(json, "coverage");
    begin_array(json, "records");
    for (size_t i = 0; i < coverage->n_records; i++) {
        iw_json_object(json);
        iw_coverage_members(json, &coverage->records[i]);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
    iw_json_member_list(json, "notes", coverage->notes);
    iw_json_object_end(json);
}

static void add_confinement(struct iw_json *json, const struct iw_run *run)
{
    begin_object(json, "confinement");
    iw_json_member_text(json, "landlock", iw_str_of(iw_confinement_state_name(run->landlock)));
    iw_json_member_text(json, "seccomp", iw_str_of(iw_confinement_state_name(run->seccomp)));
    iw_json_member_text_or_null(json, "why", iw_str_of(run->confinement_why));
    iw_json_object_end(json);
}

static void add_notes(struct iw_json *json, const struct iw_text_list *notes)
{
    begin_array(json, "notes");
    for (size_t i = 0; i < notes->n; i++)
        iw_json_text(json, notes->items[i]);
    iw_json_array_end(json);
}

static void add_measures(struct iw_json *json, const struct iw_run *run)
{
    begin_object(json, "run");
    iw_json_member_u64(json, "elapsed_ms", run->elapsed_ns / 1000000U);
    if (run->peak_memory_bytes != 0)
        iw_json_member_u64(json, "peak_memory_bytes", run->peak_memory_bytes);
    else
        iw_json_member_null(json, "peak_memory_bytes");
    iw_json_member_u64(json, "spilled_bytes", iw_spill_bytes(&run->spill));
    iw_json_object_end(json);
}

void iw_output_manifest(const struct iw_run *run, const char *command, struct iw_buffer *out)
{
    struct iw_buffer compact;
    struct iw_json json;

    iw_buffer_init(&compact);
    iw_json_init(&json, &compact);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.manifest/1"));
    iw_json_member_text(&json, "version", IW_STR(IW_VERSION));
    iw_json_member_text(&json, "command", iw_str_of(command));
    iw_json_member_bool(&json, "interrupted", run->interrupted);
    iw_json_member_text_or_null(&json, "failure", iw_str_of(run->failure.message));
    add_findings(&json, &run->findings);
    iw_json_member_u64(&json, "duplicate_events", run->n_duplicate_events);
    add_hosts(&json, run);
    add_totals(&json, &run->ledger);
    add_sources(&json, &run->ledger);
    add_rules(&json, &run->rules);
    add_telemetry(&json, &run->telemetry);
    add_coverage(&json, &run->coverage);
    add_confinement(&json, run);
    add_notes(&json, &run->notes);
    add_measures(&json, run);
    iw_json_object_end(&json);
    if (compact.failed)
        out->failed = true;
    else
        iw_json_indent(out, iw_buffer_str(&compact));
    iw_buffer_done(&compact);
}
