/*
 * Hives and exports of one host: opened once, asked for what concerns the web server.
 */
#include "iis/inventory/server_build.h"

#include "base/limits.h"
#include "iis/config/component_table.h"

/* What nothing is asked of is no loss: hives of users, of the boot loader. */
static bool is_asked(const struct iw_hive_info *info)
{
    return info->kind == IW_HIVE_SYSTEM || info->kind == IW_HIVE_SOFTWARE ||
           info->kind == IW_HIVE_SECURITY || info->kind == IW_HIVE_EXPORT ||
           info->kind == IW_HIVE_UNKNOWN;
}

/* Where the hives of the machine are; RegBack, and what anybody saved, is elsewhere. */
static bool is_kept_by_windows(const struct iw_collected_file *file)
{
    return iw_str_ends_nocase(file->folder, IW_STR("system32\\config")) ||
           iw_str_ends_nocase(file->folder, IW_STR("system32/config"));
}

static enum iw_rc open_hive(struct iw_host_registry *registry, struct iw_ledger *ledger,
                            const struct iw_collected_file *file)
{
    struct iw_error error = {.rc = IW_OK};
    struct iw_account account = {0};
    struct iw_hive *hive = NULL;
    struct iw_str bytes;
    enum iw_rc rc =
        iw_collected_read(file, ledger, IW_LIMIT_HIVE_FILE_BYTES, &registry->arena, &bytes, &error);
    if (rc == IW_OK)
        rc = iw_hive_open(bytes, &registry->arena, &hive, &error);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK) {
        iw_ledger_lose(ledger, file->file->ledger_index, error.message);
        return IW_OK;
    }
    account.read_bytes = bytes.n;
    iw_ledger_use(ledger, file->file->ledger_index, &account);
    if (!is_asked(iw_hive_info(hive))) {
        iw_hive_close(hive);
        return IW_OK;
    }
    if (!is_kept_by_windows(file))
        iw_hive_set_elsewhere(hive);
    registry->files[registry->n] = file;
    registry->hives[registry->n++] = hive;
    return IW_OK;
}

static void account_damage(const struct iw_host_registry *registry, struct iw_ledger *ledger)
{
    for (uint32_t i = 0; i < registry->n; i++) {
        const struct iw_hive_info *info = iw_hive_info(registry->hives[i]);
        struct iw_account account = {0};
        for (unsigned kind = 0; kind < IW_HIVE_DAMAGE_COUNT; kind++)
            iw_account_damage(&account,
                              iw_hive_damage_row((enum iw_hive_damage_kind)kind)->is_loss
                                  ? IW_DAMAGE_REGISTRY
                                  : IW_DAMAGE_REGISTRY_ODD,
                              info->damage[kind].first_offset, info->damage[kind].count);
        iw_ledger_use(ledger, registry->files[i]->file->ledger_index, &account);
    }
}

enum iw_rc iw_host_registry_read(struct iw_host_registry *registry, struct iw_ledger *ledger,
                                 const struct iw_collection *collection)
{
    size_t n_files = 0;
    memset(registry, 0, sizeof *registry);
    iw_arena_init(&registry->arena, 0);
    for (size_t i = 0; i < collection->n; i++)
        n_files += collection->files[i].file->kind == IW_EVIDENCE_HIVE;
    registry->hives = iw_arena_calloc(&registry->arena, n_files + 1, sizeof(struct iw_hive *));
    registry->files = iw_arena_calloc(&registry->arena, n_files + 1, sizeof *registry->files);
    if (registry->hives == NULL || registry->files == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < collection->n; i++) {
        const struct iw_collected_file *file = &collection->files[i];
        if (file->file->kind == IW_EVIDENCE_HIVE && !file->is_copy)
            IW_TRY(open_hive(registry, ledger, file));
    }
    return iw_registry_read_facts(registry->hives, registry->n, &registry->arena, &registry->facts,
                                  NULL);
}

void iw_host_registry_done(struct iw_host_registry *registry, struct iw_ledger *ledger)
{
    account_damage(registry, ledger);
    for (uint32_t i = 0; i < registry->n; i++)
        iw_hive_close(registry->hives[i]);
    iw_arena_done(&registry->arena);
}

/* --- components of the registry ------------------------------------------------------------- */

static enum iw_rc add(struct iw_server_build *build, const char *kind,
                      const struct iw_registry_fact *fact, struct iw_str image)
{
    bool is_class = image.n != 0 && image.p[0] == '{';
    struct iw_component_claim claim = {.kind = kind,
                                       .state = "registry",
                                       .name = fact->name,
                                       .image = is_class ? IW_STR("") : image,
                                       .clsid = is_class ? image : IW_STR(""),
                                       .config_source =
                                           build->registry->files[fact->source]->source,
                                       .config_path = fact->key};
    return iw_build_claim(build, &claim);
}

/* A list of DLLs between commas: the legacy way to load ISAPI filters. */
static enum iw_rc add_filters(struct iw_server_build *build, const struct iw_registry_fact *fact)
{
    struct iw_str rest = fact->text;
    while (rest.n != 0) {
        const char *comma = memchr(rest.p, ',', rest.n);
        struct iw_str one = {rest.p, comma != NULL ? (size_t)(comma - rest.p) : rest.n};
        rest = comma != NULL ? (struct iw_str){comma + 1, rest.n - one.n - 1} : IW_STR("");
        while (one.n != 0 && one.p[0] == ' ')
            one = (struct iw_str){one.p + 1, one.n - 1};
        while (one.n != 0 && one.p[one.n - 1] == ' ')
            one.n--;
        if (one.n != 0)
            IW_TRY(add(build, "registryFilter", fact, one));
    }
    return IW_OK;
}

/* One `NAME=value` of a service's environment, where it makes the runtime load something. */
static enum iw_rc add_variable(struct iw_server_build *build, uint32_t source,
                               struct iw_str key_path, struct iw_str service, struct iw_str line)
{
    const char *equals = line.n != 0 ? memchr(line.p, '=', line.n) : NULL;
    size_t n = equals != NULL ? (size_t)(equals - line.p) : 0;
    struct iw_str name = {line.p, n}, value;
    struct iw_component_claim claim;
    if (equals == NULL || !iw_component_variable(name))
        return IW_OK;
    value = (struct iw_str){equals + 1, line.n - n - 1};
    claim = (struct iw_component_claim){.kind = "environmentVariable",
                                        .state = "registry",
                                        .name = name,
                                        .owner = service,
                                        .config_source = build->registry->files[source]->source,
                                        .config_path = key_path};
    if (value.n != 0 && value.p[0] == '{')
        claim.clsid = value;
    else if (iw_str_ends_nocase(name, IW_STR("ENABLE_PROFILING")))
        claim.arguments = value; /* a switch, no file */
    else
        claim.image = value;
    return iw_build_claim(build, &claim);
}

/* Environment of a service: a MULTI_SZ that its processes, the workers among them, inherit. */
static enum iw_rc add_service(struct iw_server_build *build, uint32_t source, const char *service)
{
    struct iw_hive *hive = build->registry->hives[source];
    struct iw_str path = iw_keep_format(
        build, "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\%s", service);
    struct iw_hive_value value;
    struct iw_hive_key key;
    struct iw_str *texts;
    uint32_t n = 0;
    if (path.p == NULL)
        return IW_ENOMEM;
    if (iw_hive_find(hive, path, &key) != IW_HIVE_FOUND ||
        iw_hive_value(hive, &key, IW_STR("Environment"), &value) != IW_HIVE_FOUND)
        return IW_OK;
    texts = iw_hive_texts(hive, &value, &n);
    for (uint32_t i = 0; texts != NULL && i < n; i++)
        IW_TRY(add_variable(build, source, key.path, iw_str_of(service), texts[i]));
    return iw_hive_no_memory(hive) ? IW_ENOMEM : IW_OK;
}

static enum iw_rc add_services(struct iw_server_build *build)
{
    static const char *const SERVICES[] = {"W3SVC", "WAS", "WMSVC", "FTPSVC"};
    for (uint32_t source = 0; source < build->registry->n; source++) {
        for (size_t i = 0; i < sizeof SERVICES / sizeof SERVICES[0]; i++)
            IW_TRY(add_service(build, source, SERVICES[i]));
    }
    return IW_OK;
}

static enum iw_rc add_of_machine(struct iw_server_build *build, const struct iw_registry_fact *fact)
{
    if (fact->state != IW_FACT_KNOWN || fact->text.n == 0 ||
        !iw_component_variable_names_code(fact->name))
        return IW_OK;
    return add(build, "environmentVariable", fact, fact->text);
}

enum iw_rc iw_build_registry(struct iw_server_build *build)
{
    static const enum iw_registry_fact_id PROFILERS[] = {
        IW_REGISTRY_COR_PROFILER, IW_REGISTRY_COR_PROFILER_PATH, IW_REGISTRY_CORECLR_PROFILER,
        IW_REGISTRY_CORECLR_PROFILER_PATH};
    const struct iw_registry_facts *facts = &build->registry->facts;
    const struct iw_registry_fact *version = &facts->values[IW_REGISTRY_IIS_VERSION];
    if (version->state == IW_FACT_KNOWN) {
        build->server->version = iw_keep(build, version->text);
        if (build->server->version.p == NULL)
            return IW_ENOMEM;
    }
    /* What a weaker source tells of another time was loaded then, or will be. */
    for (const struct iw_registry_fact *fact = &facts->values[IW_REGISTRY_FILTER_DLLS];
         fact != NULL; fact = fact->rival) {
        if (fact->state == IW_FACT_KNOWN)
            IW_TRY(add_filters(build, fact));
    }
    /* Of the whole machine: PATH and the like are there always. */
    for (uint32_t i = 0; i < facts->n_environment; i++)
        IW_TRY(add_of_machine(build, &facts->environment[i]));
    for (size_t i = 0; i < sizeof PROFILERS / sizeof PROFILERS[0]; i++) {
        for (const struct iw_registry_fact *fact = facts->values[PROFILERS[i]].rival; fact != NULL;
             fact = fact->rival)
            IW_TRY(add_of_machine(build, fact));
    }
    return add_services(build);
}
