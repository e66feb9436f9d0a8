/*
 * Where each fact lies, and the asking.
 *
 * Of several sources that cover a key the strongest answers; of equal ones "absent" gives way to
 * "known", and "unreadable" of one keeps "absent" of one that is no stronger from being said.
 */
#include "iis/hive/registry_facts.h"

#include "base/hash.h"
#include "base/timestamp.h"
#include "event/channel.h"

#define CURRENT "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\"
#define SERVICES CURRENT "Services\\"
#define SOFTWARE "HKEY_LOCAL_MACHINE\\SOFTWARE\\"
#define CHANNELS SOFTWARE "Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\"
#define ENVIRONMENT CURRENT "Control\\Session Manager\\Environment"
#define CLSID_CHARS 38U
#define STRENGTHS 3U

static const struct {
    const char *path, *name;
} PLACES[IW_REGISTRY_N_FACTS] = {
    [IW_REGISTRY_COMPUTER_NAME] = {CURRENT "Control\\ComputerName\\ComputerName", "ComputerName"},
    [IW_REGISTRY_TIME_ZONE] = {CURRENT "Control\\TimeZoneInformation", "TimeZoneKeyName"},
    [IW_REGISTRY_TIME_BIAS] = {CURRENT "Control\\TimeZoneInformation", "ActiveTimeBias"},
    [IW_REGISTRY_IIS_VERSION] = {SOFTWARE "Microsoft\\InetStp", "VersionString"},
    [IW_REGISTRY_IIS_MAJOR] = {SOFTWARE "Microsoft\\InetStp", "MajorVersion"},
    [IW_REGISTRY_IIS_MINOR] = {SOFTWARE "Microsoft\\InetStp", "MinorVersion"},
    [IW_REGISTRY_FILTER_DLLS] = {SERVICES "W3SVC\\Parameters", "Filter DLLs"},
    [IW_REGISTRY_HTTP_ERROR_LOGGING] = {SERVICES "HTTP\\Parameters", "EnableErrorLogging"},
    [IW_REGISTRY_HTTP_ERROR_DIR] = {SERVICES "HTTP\\Parameters", "ErrorLoggingDir"},
    [IW_REGISTRY_HTTP_ERROR_SIZE] = {SERVICES "HTTP\\Parameters", "ErrorLogFileTruncateSize"},
    [IW_REGISTRY_COMMAND_LINE_AUDIT] =
        {SOFTWARE "Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit",
         "ProcessCreationIncludeCmdLine_Enabled"},
    [IW_REGISTRY_AUDIT_POLICY] = {"HKEY_LOCAL_MACHINE\\SECURITY\\Policy\\PolAdtEv", ""},
    [IW_REGISTRY_START_W3SVC] = {SERVICES "W3SVC", "Start"},
    [IW_REGISTRY_START_WAS] = {SERVICES "WAS", "Start"},
    [IW_REGISTRY_START_APPHOSTSVC] = {SERVICES "AppHostSvc", "Start"},
    [IW_REGISTRY_START_WMSVC] = {SERVICES "WMSVC", "Start"},
    [IW_REGISTRY_START_FTPSVC] = {SERVICES "FTPSVC", "Start"},
    [IW_REGISTRY_START_EVENTLOG] = {SERVICES "EventLog", "Start"},
    [IW_REGISTRY_START_SYSMON] = {SERVICES "Sysmon", "Start"},
    [IW_REGISTRY_START_SYSMON64] = {SERVICES "Sysmon64", "Start"},
    [IW_REGISTRY_CHANNEL_SYSMON] = {CHANNELS IW_CHANNEL_SYSMON, "Enabled"},
    [IW_REGISTRY_CHANNEL_IIS_CONFIGURATION] = {CHANNELS IW_CHANNEL_IIS_CONFIGURATION, "Enabled"},
    [IW_REGISTRY_CHANNEL_IIS_CONFIGURATION_ADMIN] = {CHANNELS
                                                     "Microsoft-IIS-Configuration/Administrative",
                                                     "Enabled"},
    [IW_REGISTRY_CHANNEL_IIS_LOGGING] = {CHANNELS "Microsoft-IIS-Logging/Logs", "Enabled"},
    [IW_REGISTRY_CHANNEL_POWERSHELL] = {CHANNELS "Microsoft-Windows-PowerShell/Operational",
                                        "Enabled"},
    [IW_REGISTRY_CHANNEL_CODE_INTEGRITY] = {CHANNELS "Microsoft-Windows-CodeIntegrity/Operational",
                                            "Enabled"},
    [IW_REGISTRY_CHANNEL_DEFENDER] = {CHANNELS "Microsoft-Windows-Windows Defender/Operational",
                                      "Enabled"},
    [IW_REGISTRY_CHANNEL_TASKS] = {CHANNELS "Microsoft-Windows-TaskScheduler/Operational",
                                   "Enabled"},
    [IW_REGISTRY_COR_ENABLE_PROFILING] = {ENVIRONMENT, "COR_ENABLE_PROFILING"},
    [IW_REGISTRY_COR_PROFILER] = {ENVIRONMENT, "COR_PROFILER"},
    [IW_REGISTRY_COR_PROFILER_PATH] = {ENVIRONMENT, "COR_PROFILER_PATH"},
    [IW_REGISTRY_CORECLR_ENABLE_PROFILING] = {ENVIRONMENT, "CORECLR_ENABLE_PROFILING"},
    [IW_REGISTRY_CORECLR_PROFILER] = {ENVIRONMENT, "CORECLR_PROFILER"},
    [IW_REGISTRY_CORECLR_PROFILER_PATH] = {ENVIRONMENT, "CORECLR_PROFILER_PATH"},
};

const char *iw_registry_fact_path(enum iw_registry_fact_id id)
{
    return PLACES[id].path;
}

const char *iw_registry_fact_name(enum iw_registry_fact_id id)
{
    return PLACES[id].name;
}

static enum iw_fact_state state_of(enum iw_hive_answer answer)
{
    switch (answer) {
    case IW_HIVE_FOUND:
        return IW_FACT_KNOWN;
    case IW_HIVE_ABSENT:
        return IW_FACT_ABSENT;
    case IW_HIVE_UNREADABLE:
        return IW_FACT_UNREADABLE;
    case IW_HIVE_NOT_HERE:
        break;
    }
    return IW_FACT_NOT_IN_EVIDENCE;
}

/* Known, else unreadable, else absent. */
static unsigned weight(enum iw_fact_state state)
{
    static const unsigned weights[] = {[IW_FACT_NOT_IN_EVIDENCE] = 0,
                                       [IW_FACT_ABSENT] = 1,
                                       [IW_FACT_UNREADABLE] = 2,
                                       [IW_FACT_KNOWN] = 3};
    return weights[state];
}

static void fill(struct iw_hive *hive, const struct iw_hive_value *value,
                 struct iw_registry_fact *ret)
{
    ret->type = value->type;
    ret->data = value->data;
    ret->has_number = iw_hive_number(value, &ret->number);
    if (value->type == IW_HIVE_SZ || value->type == IW_HIVE_EXPAND_SZ ||
        value->type == IW_HIVE_MULTI_SZ)
        ret->text = iw_hive_text(hive, value);
    /* A value whose data is cut says nothing that could be relied on. */
    ret->state = value->is_whole ? IW_FACT_KNOWN : IW_FACT_UNREADABLE;
}

static struct iw_registry_fact nothing(struct iw_str path, struct iw_str name)
{
    return (struct iw_registry_fact){.key = path,
                                     .name = name,
                                     .written_ns = IW_TIME_UNKNOWN,
                                     .text = IW_STR(""),
                                     .data = IW_STR("")};
}

/* One value of a key that was found. */
static void ask_key(struct iw_hive *hive, const struct iw_hive_key *key, struct iw_str path,
                    struct iw_str name, uint32_t source, struct iw_registry_fact *ret)
{
    struct iw_hive_value value;
    enum iw_hive_answer answer = iw_hive_value(hive, key, name, &value);

    *ret = nothing(path, name);
    ret->source = source;
    ret->written_ns = key->written_ns;
    ret->state = state_of(answer);
    if (answer == IW_HIVE_FOUND)
        fill(hive, &value, ret);
}

static unsigned strength_of(const struct iw_hive *hive)
{
    const struct iw_hive_info *info = iw_hive_info(hive);
    if (info->source == IW_HIVE_REG_TEXT)
        return 0;
    return info->is_elsewhere ? 1 : 2;
}

/* What one source says. */
static void ask_one(struct iw_hive *hive, uint32_t source, struct iw_str path, struct iw_str name,
                    struct iw_registry_fact *ret)
{
    struct iw_hive_key key;
    enum iw_hive_answer answer = iw_hive_find(hive, path, &key);
    *ret = nothing(path, name);
    ret->state = state_of(answer);
    ret->source = source;
    if (answer == IW_HIVE_FOUND)
        ask_key(hive, &key, key.path, name, source, ret);
    ret->strength = strength_of(hive);
}

static bool is_said(enum iw_fact_state state)
{
    return state == IW_FACT_KNOWN || state == IW_FACT_ABSENT;
}

static void ask(struct iw_hive *const *hives, uint32_t n_hives, struct iw_str path,
                struct iw_str name, struct iw_registry_fact *ret)
{
    struct iw_registry_fact said = nothing(path, name), unread = said, fact;
    for (uint32_t i = 0; i < n_hives; i++) {
        ask_one(hives[i], i, path, name, &fact);
        if (is_said(fact.state) &&
            (!is_said(said.state) || fact.strength > said.strength ||
             (fact.strength == said.strength && weight(fact.state) > weight(said.state))))
            said = fact;
        if (fact.state == IW_FACT_UNREADABLE &&
            (unread.state != IW_FACT_UNREADABLE || fact.strength > unread.strength))
            unread = fact;
    }
    *ret = said.state == IW_FACT_KNOWN || unread.state != IW_FACT_UNREADABLE ||
                   (said.state == IW_FACT_ABSENT && said.strength > unread.strength)
               ? said
               : unread;
}

static bool is_same(const struct iw_registry_fact *a, const struct iw_registry_fact *b)
{
    if (a->has_number && b->has_number)
        return a->number == b->number;
    if (a->text.n != 0 || b->text.n != 0) /* stored in several forms */
        return iw_str_equal(a->text, b->text);
    return iw_str_equal(a->data, b->data);
}

/* Keeps those beside it that hold another value: of an answer that damage hides none does. */
static enum iw_rc find_rivals(struct iw_hive *const *hives, uint32_t n_hives, struct iw_str path,
                              struct iw_arena *arena, struct iw_registry_fact *of)
{
    const struct iw_registry_fact **next = &of->rival;
    for (uint32_t i = 0; i < n_hives && n_hives > 1 && is_said(of->state); i++) {
        struct iw_registry_fact fact, *kept;
        if (i == of->source)
            continue;
        ask_one(hives[i], i, path, of->name, &fact);
        if (fact.state != IW_FACT_KNOWN || (of->state == IW_FACT_KNOWN && is_same(of, &fact)))
            continue;
        kept = iw_arena_alloc(arena, sizeof *kept);
        if (kept == NULL)
            return IW_ENOMEM;
        *kept = fact;
        *next = kept;
        next = &kept->rival;
    }
    return IW_OK;
}

void iw_registry_ask(struct iw_hive *const *hives, uint32_t n_hives, const char *path,
                     const char *name, struct iw_registry_fact *ret)
{
    ask(hives, n_hives, iw_str_of(path), iw_str_of(name), ret);
}

static bool is_class_id(struct iw_str text)
{
    if (text.n != CLSID_CHARS || text.p[0] != '{' || text.p[CLSID_CHARS - 1] != '}')
        return false;
    for (size_t i = 1; i + 1 < text.n; i++) {
        char c = iw_ascii_lower(text.p[i]);
        bool is_dash = i == 9 || i == 14 || i == 19 || i == 24;
        if (is_dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

void iw_registry_find_class(struct iw_hive *const *hives, uint32_t n_hives, struct iw_str clsid,
                            struct iw_registry_class *ret)
{
    static const char *const heads[] = {SOFTWARE "Classes\\CLSID\\",
                                        SOFTWARE "Classes\\Wow6432Node\\CLSID\\"};
    struct iw_registry_fact *facts[] = {&ret->server_64, &ret->server_32};

    for (size_t i = 0; i < 2; i++) {
        char path[128];
        size_t n = strlen(heads[i]);
        *facts[i] = nothing(IW_STR(""), IW_STR(""));
        if (!is_class_id(clsid))
            continue;
        memcpy(path, heads[i], n);
        memcpy(path + n, clsid.p, clsid.n);
        memcpy(path + n + clsid.n, "\\InprocServer32", sizeof "\\InprocServer32");
        ask(hives, n_hives, iw_str_of(path), IW_STR(""), facts[i]);
        /* The path asked for lies on the stack: only one that was found stays. */
        if (facts[i]->key.p == path)
            facts[i]->key = IW_STR("");
    }
}

/* head + "\\" + name + "\\Parameters"; p NULL: no memory. */
static struct iw_str parameters_path(struct iw_arena *arena, struct iw_str head, struct iw_str name)
{
    static const char tail[] = "\\Parameters";
    char *p = iw_arena_alloc(arena, head.n + 1 + name.n + sizeof tail);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(p, head.p, head.n);
    p[head.n] = '\\';
    memcpy(p + head.n + 1, name.p, name.n);
    memcpy(p + head.n + 1 + name.n, tail, sizeof tail);
    return (struct iw_str){p, head.n + 1 + name.n + sizeof tail - 1};
}

/* Whether a service's parameters are those of Sysmon; they are told when so. */
static bool read_parameters(struct iw_hive *hive, const struct iw_hive_key *key,
                            struct iw_str service, uint32_t source, struct iw_registry_sysmon *ret)
{
    *ret = (struct iw_registry_sysmon){.service = service};
    ask_key(hive, key, IW_STR(""), IW_STR("Rules"), source, &ret->rules);
    ask_key(hive, key, IW_STR(""), IW_STR("HashingAlgorithm"), source, &ret->hashing);
    ask_key(hive, key, IW_STR(""), IW_STR("Options"), source, &ret->options);
    ask_key(hive, key, IW_STR(""), IW_STR("ConfigHash"), source, &ret->config_hash);
    ret->config_hash.strength = strength_of(hive);
    if (ret->hashing.state != IW_FACT_KNOWN || ret->options.state != IW_FACT_KNOWN)
        return false;
    if (ret->rules.state == IW_FACT_KNOWN && !iw_sha256(ret->rules.data, ret->rules_sha256))
        ret->rules.state = IW_FACT_UNREADABLE;
    return true;
}

static bool read_sysmon(struct iw_hive *hive, const struct iw_hive_key *service, uint32_t source,
                        struct iw_registry_sysmon *ret)
{
    struct iw_hive_key key;
    return iw_hive_find_below(hive, service, IW_STR("Parameters"), &key) == IW_HIVE_FOUND &&
           read_parameters(hive, &key, service->name, source, ret);
}

static void name_keys(struct iw_registry_sysmon *one, struct iw_str path)
{
    one->rules.key = one->hashing.key = one->options.key = one->config_hash.key = path;
}

/* An export of these parameters alone has no list of services: the driver is asked for under the
 * name it is installed with unless somebody says otherwise. */
static enum iw_rc find_exported(struct iw_hive *hive, uint32_t source, struct iw_arena *arena,
                                struct iw_registry_facts *ret)
{
    static const struct iw_str PATH = {SERVICES "SysmonDrv\\Parameters",
                                       sizeof(SERVICES "SysmonDrv\\Parameters") - 1};
    struct iw_hive_key key;
    struct iw_registry_sysmon one;
    if (iw_hive_find(hive, PATH, &key) != IW_HIVE_FOUND ||
        !read_parameters(hive, &key, IW_STR("SysmonDrv"), source, &one))
        return IW_OK;
    ret->sysmon = iw_arena_alloc(arena, sizeof *ret->sysmon);
    if (ret->sysmon == NULL)
        return IW_ENOMEM;
    name_keys(&one, PATH);
    ret->sysmon[ret->n_sysmon++] = one;
    ret->sysmon_state = IW_FACT_KNOWN;
    return IW_OK;
}

static enum iw_rc find_sysmon(struct iw_hive *hive, uint32_t source, struct iw_arena *arena,
                              struct iw_registry_facts *ret)
{
    struct iw_hive_key services;
    struct iw_hive_keys keys;
    enum iw_hive_answer answer = iw_hive_find(hive, iw_str_of(CURRENT "Services"), &services);
    enum iw_fact_state state = state_of(answer);

    if (answer == IW_HIVE_FOUND && ret->n_sysmon == 0) {
        struct iw_registry_sysmon one;
        state = iw_hive_keys(hive, &services, &keys) == IW_HIVE_FOUND ? IW_FACT_ABSENT
                                                                      : IW_FACT_UNREADABLE;
        ret->sysmon = iw_arena_calloc(arena, (size_t)keys.n + 1, sizeof *ret->sysmon);
        if (ret->sysmon == NULL)
            return IW_ENOMEM;
        for (uint32_t i = 0; i < keys.n; i++) {
            struct iw_str path;
            if (!read_sysmon(hive, &keys.items[i], source, &one))
                continue;
            path = parameters_path(arena, services.path, one.service);
            if (path.p == NULL)
                return IW_ENOMEM;
            name_keys(&one, path);
            ret->sysmon[ret->n_sysmon++] = one;
        }
        if (ret->n_sysmon != 0)
            state = IW_FACT_KNOWN;
    }
    if (weight(state) > weight(ret->sysmon_state))
        ret->sysmon_state = state;
    return answer != IW_HIVE_FOUND && ret->n_sysmon == 0 ? find_exported(hive, source, arena, ret)
                                                         : IW_OK;
}

static enum iw_rc read_environment(struct iw_hive *hive, uint32_t source, struct iw_arena *arena,
                                   struct iw_registry_facts *ret)
{
    struct iw_hive_key key;
    struct iw_hive_values values;
    enum iw_hive_answer answer = iw_hive_find(hive, iw_str_of(ENVIRONMENT), &key);

    if (answer == IW_HIVE_FOUND)
        answer = iw_hive_values(hive, &key, &values);
    else
        values = (struct iw_hive_values){0};
    if (weight(state_of(answer)) <= weight(ret->environment_state))
        return IW_OK;
    ret->environment_state = state_of(answer);
    ret->environment = iw_arena_calloc(arena, (size_t)values.n + 1, sizeof *ret->environment);
    if (ret->environment == NULL)
        return IW_ENOMEM;
    ret->n_environment = values.n;
    for (uint32_t i = 0; i < values.n; i++) {
        ret->environment[i] = nothing(key.path, values.items[i].name);
        ret->environment[i].source = source;
        ret->environment[i].written_ns = key.written_ns;
        fill(hive, &values.items[i], &ret->environment[i]);
    }
    return IW_OK;
}

/* Lists are those of the strongest sources that speak of them. */
static enum iw_rc read_lists(struct iw_hive *const *hives, uint32_t n_hives, struct iw_arena *arena,
                             struct iw_registry_facts *ret)
{
    bool has_sysmon = false, has_environment = false;
    for (unsigned strength = STRENGTHS; strength-- != 0;) {
        for (uint32_t i = 0; i < n_hives; i++) {
            if (strength_of(hives[i]) != strength)
                continue;
            if (!has_sysmon)
                IW_TRY(find_sysmon(hives[i], i, arena, ret));
            if (!has_environment)
                IW_TRY(read_environment(hives[i], i, arena, ret));
        }
        has_sysmon = is_said(ret->sysmon_state);
        has_environment = is_said(ret->environment_state);
    }
    return IW_OK;
}

static enum iw_rc read_all(struct iw_hive *const *hives, uint32_t n_hives, struct iw_arena *arena,
                           struct iw_registry_facts *ret)
{
    for (unsigned id = 0; id < IW_REGISTRY_N_FACTS; id++) {
        iw_registry_ask(hives, n_hives, PLACES[id].path, PLACES[id].name, &ret->values[id]);
        IW_TRY(find_rivals(hives, n_hives, iw_str_of(PLACES[id].path), arena, &ret->values[id]));
    }
    IW_TRY(read_lists(hives, n_hives, arena, ret));
    for (uint32_t i = 0; i < ret->n_sysmon; i++) {
        struct iw_registry_sysmon *one = &ret->sysmon[i];
        struct iw_str path = parameters_path(arena, iw_str_of(CURRENT "Services"), one->service);
        if (path.p == NULL)
            return IW_ENOMEM;
        IW_TRY(find_rivals(hives, n_hives, path, arena, &one->config_hash));
    }
    return IW_OK;
}

enum iw_rc iw_registry_read_facts(struct iw_hive *const *hives, uint32_t n_hives,
                                  struct iw_arena *arena, struct iw_registry_facts *ret,
                                  struct iw_error *err)
{
    enum iw_rc rc;
    *ret = (struct iw_registry_facts){0};
    rc = read_all(hives, n_hives, arena, ret);
    for (uint32_t i = 0; i < n_hives && rc == IW_OK; i++)
        rc = iw_hive_no_memory(hives[i]) ? IW_ENOMEM : IW_OK;
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}
