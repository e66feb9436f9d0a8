/*
 * An inventory as `iiswarden.inventory/1`, one record a line (docs/DATA-MODEL.md).
 *
 * The order of keys and of records is part of the contract: two runs are compared byte by byte.
 * Every key of a record is always there. What the program knows of a file only after reading it
 * (size, hash, what the PE file says) is null until then, never 0 or empty, because a file of 0
 * bytes is something else than one that was not collected.
 */
#include "output/json_members.h"
#include "output/output.h"

/* Host and source of the server tell whose a record is; they stand in each. */
static void begin_record(struct iw_json *json, const char *record,
                         const struct iw_inventory_server *server)
{
    iw_json_object(json);
    iw_json_member_text(json, "schema", IW_STR("iiswarden.inventory/1"));
    iw_json_member_text(json, "record", iw_str_of(record));
    iw_json_member_text_or_null(json, "host", server->host);
    iw_json_member_text_or_null(json, "server", server->source);
}

static void end_record(struct iw_json *json)
{
    iw_json_object_end(json);
    iw_buffer_add_char(json->out, '\n');
    json->need_comma = false;
    iw_buffer_breathe(json->out);
}

/* NULL is unknown. */
static void add_name(struct iw_json *json, const char *key, const char *name)
{
    iw_json_member_text_or_null(json, key, iw_str_of(name));
}

/* Numbers of what other records list, in an object of their own: `files` is a list everywhere. */
static void begin_counts(struct iw_json *json)
{
    iw_json_key(json, IW_STR("counts"));
    iw_json_object(json);
}

/* --- parts of components and web files ----------------------------------------------------- */

static void add_signature(struct iw_json *json, const struct iw_item_file *file)
{
    iw_json_key(json, IW_STR("signature"));
    iw_json_object(json);
    add_name(json, "state", iw_item_signature_name(file->signature));
    iw_json_member_text_or_null(json, "signer", file->signer);
    iw_json_member_text_or_null(json, "why", file->signature_why);
    iw_json_object_end(json);
}

/* What only the loader of Windows would care about. */
static void add_image_members(struct iw_json *json, const struct iw_item_file *file)
{
    bool is_image = file->state == IW_ITEM_FILE_READ && file->is_pe;
    add_name(json, "machine", file->machine);
    iw_json_member_list(json, "roles", file->roles);
    iw_json_member_list(json, "exports", file->exports);
    iw_json_member_u64_or_null(json, "exports_total", file->n_exports, is_image);
    iw_json_member_list(json, "types", file->types);
    iw_json_member_text_or_null(json, "assembly", file->assembly);
    iw_json_member_text_or_null(json, "company", file->company);
    iw_json_member_text_or_null(json, "product", file->product);
    iw_json_member_text_or_null(json, "description", file->description);
    iw_json_member_text_or_null(json, "file_version", file->file_version);
    iw_json_member_text_or_null(json, "original_name", file->original_name);
    iw_json_member_hex_or_null(json, "imphash", file->imphash, sizeof file->imphash,
                               is_image && file->has_imphash);
    iw_json_member_time(json, "linked",
                        is_image && file->linked_s != 0 ? (int64_t)file->linked_s * IW_NS_PER_SECOND
                                                        : IW_TIME_UNKNOWN);
    add_signature(json, file);
    iw_json_member_u64_or_null(json, "damage", file->n_damage, is_image);
}

static void add_file(struct iw_json *json, const struct iw_item_file *file)
{
    bool is_read = file->state == IW_ITEM_FILE_READ;
    iw_json_object(json);
    add_name(json, "state", iw_item_file_state_name(file->state));
    add_name(json, "why", file->why);
    iw_json_member_text_or_null(json, "path", file->path);
    iw_json_member_text_or_null(json, "source", file->source);
    add_name(json, "twin", file->twin);
    iw_json_member_u64_or_null(json, "size_bytes", file->size_bytes, is_read);
    iw_json_member_time(json, "modified", is_read ? file->modified_ns : IW_TIME_UNKNOWN);
    iw_json_member_hex_or_null(json, "sha256", file->sha256, sizeof file->sha256, is_read);
    add_image_members(json, file);
    iw_json_member_list(json, "yara", file->yara);
    iw_json_object_end(json);
}

static void add_files(struct iw_json *json, const struct iw_item_file *files, size_t n)
{
    iw_json_key(json, IW_STR("files"));
    iw_json_array(json);
    for (size_t i = 0; i < n; i++)
        add_file(json, &files[i]);
    iw_json_array_end(json);
}

static void add_approval(struct iw_json *json, enum iw_approval approval, struct iw_str why)
{
    iw_json_key(json, IW_STR("approval"));
    iw_json_object(json);
    add_name(json, "state", iw_approval_name(approval));
    iw_json_member_text_or_null(json, "why", why);
    iw_json_object_end(json);
}

static void add_first_seen(struct iw_json *json, const struct iw_first_seen *seen)
{
    iw_json_key(json, IW_STR("first_seen"));
    iw_json_object(json);
    iw_json_member_time(json, "time", seen->time_ns);
    iw_json_member_text_or_null(json, "by", seen->by);
    iw_json_member_text_or_null(json, "source", seen->source);
    iw_json_object_end(json);
}

/* --- records ------------------------------------------------------------------------------- */

static void add_known_by(struct iw_json *json, unsigned known_by)
{
    static const struct {
        unsigned bit;
        const char *name;
    } NAMES[] = {
        {IW_SERVER_BY_CONFIGURATION, "configuration"},
        {IW_SERVER_BY_EVENTS, "events"},
        {IW_SERVER_BY_ESTATE, "estate"},
        {IW_SERVER_BY_FILES, "files"},
    };
    iw_json_key(json, IW_STR("known_by"));
    iw_json_array(json);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if ((known_by & NAMES[i].bit) != 0)
            iw_json_text(json, iw_str_of(NAMES[i].name));
    }
    iw_json_array_end(json);
}

static void add_server(struct iw_json *json, const struct iw_inventory_server *server)
{
    begin_record(json, "server", server);
    add_known_by(json, server->known_by);
    iw_json_member_bool(json, "authoritative", server->is_authoritative);
    iw_json_member_text_or_null(json, "why_not", server->why_not);
    iw_json_member_text_or_null(json, "version", server->version);
    begin_counts(json);
    iw_json_member_u64(json, "sites", server->n_sites);
    iw_json_member_u64(json, "pools", server->n_pools);
    iw_json_member_u64(json, "roots", server->n_roots);
    iw_json_member_u64(json, "components", server->n_components);
    iw_json_member_u64(json, "web_files", server->n_web_files);
    iw_json_member_u64(json, "versions", server->n_versions);
    iw_json_member_u64(json, "problems", server->n_problems);
    iw_json_object_end(json);
    iw_json_member_list(json, "pathways", server->pathways);
    iw_json_member_list(json, "notes", server->notes);
    end_record(json);
}

static void add_site(struct iw_json *json, const struct iw_inventory_server *server,
                     const struct iw_inventory_site *site)
{
    begin_record(json, "site", server);
    iw_json_member_text_or_null(json, "name", site->name);
    iw_json_member_u64(json, "id", site->id);
    iw_json_member_list(json, "bindings", site->bindings);
    iw_json_member_text_or_null(json, "log_folder", site->log_folder);
    iw_json_member_bool(json, "auto_start", site->auto_start);
    end_record(json);
}

static void add_pool(struct iw_json *json, const struct iw_inventory_server *server,
                     const struct iw_inventory_pool *pool)
{
    begin_record(json, "pool", server);
    iw_json_member_text_or_null(json, "name", pool->name);
    iw_json_member_text_or_null(json, "clr", pool->clr);
    iw_json_member_text_or_null(json, "identity", pool->identity);
    iw_json_member_text_or_null(json, "user", pool->user);
    iw_json_member_bool(json, "is_32_bit", pool->is_32);
    iw_json_member_bool(json, "is_classic", pool->is_classic);
    end_record(json);
}

static void add_root(struct iw_json *json, const struct iw_inventory_server *server,
                     const struct iw_inventory_root *root)
{
    begin_record(json, "root", server);
    iw_json_member_text_or_null(json, "site", root->site);
    iw_json_member_text_or_null(json, "application", root->application);
    iw_json_member_text_or_null(json, "directory", root->directory);
    iw_json_member_text_or_null(json, "pool", root->pool);
    iw_json_member_text_or_null(json, "path", root->path);
    iw_json_member_bool(json, "assumed", root->is_assumed);
    iw_json_member_bool(json, "resolved", root->is_resolved);
    iw_json_member_bool(json, "collected", root->is_collected);
    begin_counts(json);
    iw_json_member_u64(json, "files", root->n_files);
    iw_json_member_u64(json, "executable", root->n_executable);
    iw_json_object_end(json);
    iw_json_member_list(json, "pathways", root->pathways);
    end_record(json);
}

static void add_component(struct iw_json *json, const struct iw_inventory_server *server,
                          const struct iw_inventory_component *component)
{
    begin_record(json, "component", server);
    add_name(json, "kind", component->kind);
    iw_json_member_text_or_null(json, "name", component->name);
    iw_json_member_text(json, "scope", component->scope);
    iw_json_member_text_or_null(json, "image", component->image);
    iw_json_member_text_or_null(json, "image_path", component->image_path);
    iw_json_member_text_or_null(json, "arguments", component->arguments);
    iw_json_member_text_or_null(json, "type", component->type);
    iw_json_member_text_or_null(json, "clsid", component->clsid);
    iw_json_member_text_or_null(json, "precondition", component->precondition);
    iw_json_member_text_or_null(json, "owner", component->owner);
    add_name(json, "state", component->state);
    iw_json_member_bool(json, "disabled", component->is_disabled);
    iw_json_member_list(json, "pools", component->pools);
    iw_json_member_bool(json, "pools_known", !component->pools_unknown);
    iw_json_member_text_or_null(json, "config_source", component->config_source);
    iw_json_member_text_or_null(json, "config_path", component->config_path);
    iw_json_member_u64_or_null(json, "line", component->line, component->line != 0);
    iw_json_member_u64_or_null(json, "column", component->column, component->column != 0);
    add_files(json, component->files, component->n_files);
    add_approval(json, component->approval, component->approval_why);
    add_name(json, "known", iw_item_known_name(component->known));
    iw_json_member_text_or_null(json, "known_why", component->known_why);
    add_first_seen(json, &component->first_seen);
    iw_json_member_list(json, "notes", component->notes);
    end_record(json);
}

static void add_web_file(struct iw_json *json, const struct iw_inventory_server *server,
                         const struct iw_inventory_web_file *web_file)
{
    begin_record(json, "webFile", server);
    iw_json_member_text_or_null(json, "site", web_file->site);
    iw_json_member_text_or_null(json, "application", web_file->application);
    iw_json_member_list(json, "urls", web_file->urls);
    iw_json_member_text_or_null(json, "handler", web_file->handler);
    iw_json_member_text_or_null(json, "processor", web_file->processor);
    iw_json_member_bool(json, "certain", web_file->is_certain);
    add_files(json, &web_file->file, 1); /* a list as in components: one way to read both */
    add_approval(json, web_file->approval, web_file->approval_why);
    add_first_seen(json, &web_file->first_seen);
    iw_json_member_list(json, "marks", web_file->marks);
    end_record(json);
}

static void add_version(struct iw_json *json, const struct iw_inventory_server *server,
                        const struct iw_inventory_version *version)
{
    begin_record(json, "version", server);
    iw_json_member_text_or_null(json, "source", version->source);
    iw_json_member_u64(json, "number", version->number);
    iw_json_member_time(json, "from", version->from_ns);
    iw_json_member_time(json, "until", version->until_ns);
    iw_json_member_list(json, "added", version->added);
    iw_json_member_list(json, "removed", version->removed);
    iw_json_member_list(json, "changed", version->changed);
    end_record(json);
}

static void add_problem(struct iw_json *json, const struct iw_inventory_server *server,
                        const struct iw_inventory_problem *problem)
{
    begin_record(json, "problem", server);
    iw_json_member_text_or_null(json, "kind", problem->kind);
    iw_json_member_text_or_null(json, "source", problem->source);
    iw_json_member_u64_or_null(json, "line", problem->line, problem->line != 0);
    iw_json_member_u64_or_null(json, "column", problem->column, problem->column != 0);
    iw_json_member_text(json, "place", problem->place);
    iw_json_member_text_or_null(json, "what", problem->what);
    end_record(json);
}

static void add_server_and_its_own(struct iw_json *json, const struct iw_inventory_server *server)
{
    add_server(json, server);
    for (size_t i = 0; i < server->n_sites; i++)
        add_site(json, server, &server->sites[i]);
    for (size_t i = 0; i < server->n_pools; i++)
        add_pool(json, server, &server->pools[i]);
    for (size_t i = 0; i < server->n_roots; i++)
        add_root(json, server, &server->roots[i]);
    for (size_t i = 0; i < server->n_components; i++)
        add_component(json, server, &server->components[i]);
    for (size_t i = 0; i < server->n_web_files; i++)
        add_web_file(json, server, &server->web_files[i]);
    for (size_t i = 0; i < server->n_versions; i++)
        add_version(json, server, &server->versions[i]);
    for (size_t i = 0; i < server->n_problems; i++)
        add_problem(json, server, &server->problems[i]);
}

void iw_output_inventory_ndjson(const struct iw_run *run, struct iw_buffer *out)
{
    struct iw_json json;
    iw_json_init(&json, out);
    for (size_t i = 0; i < run->inventory.n_servers && !out->failed; i++)
        add_server_and_its_own(&json, &run->inventory.servers[i]);
}
