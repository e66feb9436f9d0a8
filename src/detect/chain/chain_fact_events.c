/*
 * Events as chain facts. The names of programs and files are looked at before anything else is
 * read.
 */
#include "detect/chain/chain_fact_events.h"

#include "base/arena_text.h"
#include "base/path_name.h"
#include "context/pool_account.h"
#include "context/share_path.h"
#include "context/worker_process.h"
#include "detect/chain/command_shape.h"
#include "detect/chain/deployment.h"
#include "detect/chain/program_kind.h"
#include "detect/chain/web_file_path.h"
#include "detect/detect_text.h"
#include "order/log_mark.h"

#define WRITE_DATA 0x2U
#define APPEND_DATA 0x4U
#define DELETE 0x10000U
/* Time services move clocks by less every day. */
#define CLOCK_STEP_NS (60 * IW_NS_PER_SECOND)

static struct iw_str canonical(struct iw_chain_reading *reading, uint32_t field)
{
    return iw_reading_text(&reading->fields, field);
}

static struct iw_str own(struct iw_chain_reading *reading, uint32_t field)
{
    return iw_reading_own(&reading->fields, field);
}

static uint64_t number(struct iw_chain_reading *reading, uint32_t field)
{
    uint64_t value;
    return iw_reading_number(&reading->fields, field, &value) ? value : 0;
}

/* The i-th text of the payload, whatever its name: messages without names. */
static struct iw_str unnamed(struct iw_chain_reading *reading, uint32_t wanted)
{
    const struct iw_event *event = reading->fields.event;
    uint32_t n = 0;
    for (uint32_t i = 0; i < event->n_fields; i++) {
        struct iw_str text;
        if (event->fields[i].place != IW_PLACE_EVENT_DATA || n++ != wanted)
            continue;
        text = iw_value_text(iw_field_value(&event->fields[i]), reading->fields.scratch);
        if (text.p != NULL)
            return text;
        reading->fields.no_memory = true;
        break;
    }
    return IW_STR("");
}

/* Who did it, by the names Sysmon uses. */
static void read_process(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    fact->process.has_pid =
        iw_reading_number(&reading->fields, IW_FIELD_PROCESS_ID, &fact->process.pid);
    fact->process.guid = iw_process_guid_read(own(reading, IW_FIELD_PROCESS_GUID));
    fact->user = own(reading, IW_FIELD_USER);
}

static void read_subject(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    fact->user = iw_reading_account(&reading->fields, IW_FIELD_SUBJECT_USER_NAME,
                                    IW_FIELD_SUBJECT_DOMAIN_NAME);
    fact->sid = iw_reading_sid(&reading->fields, IW_FIELD_SUBJECT_USER_SID);
    fact->has_logon =
        iw_reading_number(&reading->fields, IW_FIELD_SUBJECT_LOGON_ID, &fact->logon_id) &&
        fact->logon_id != 0;
}

/* --- processes -------------------------------------------------------------------------------- */

/* The host of a console comes with every program of one: it is of interest where its parent is. */
static bool is_candidate(struct iw_str image, struct iw_str original_name)
{
    const struct iw_program *program = iw_program_find(image, original_name);
    return program != NULL && strcmp(program->name, "conhost") != 0;
}

/* What the names of program and parent tell. */
static bool has_known_name(const struct iw_chain_reading *reading, struct iw_str image,
                           struct iw_str original_name, struct iw_str parent)
{
    return is_candidate(image, original_name) || iw_program_find(parent, IW_STR("")) != NULL ||
           iw_program_may_serve(parent, reading->settings) || iw_program_manages(parent) ||
           iw_deployment_of_program(image) != NULL;
}

static bool is_of_web_account(const struct iw_chain_reading *reading,
                              const struct iw_process_start *start)
{
    const struct iw_chain_settings *settings = reading->settings;
    return iw_pool_of_account(start->user).n != 0 || iw_is_pool_sid(start->sid) ||
           iw_is_visitor_account(start->user, start->sid) ||
           (settings != NULL && settings->users.n != 0 &&
            (iw_chain_list_has(&settings->users, start->user) ||
             iw_chain_list_has(&settings->users, start->sid)));
}

static bool is_web_sid(struct iw_str sid)
{
    return iw_is_pool_sid(sid) || iw_is_visitor_account(IW_STR(""), sid);
}

/* Whether the record names an account of a pool, or one that the user named may stand in it. */
static bool may_name_web_account(struct iw_chain_reading *reading)
{
    if (reading->settings != NULL && reading->settings->users.n != 0)
        return true;
    if (iw_channel_is_sysmon(reading->fields.event->channel)) {
        struct iw_str user = own(reading, IW_FIELD_USER);
        return iw_pool_of_account(user).n != 0 || iw_is_visitor_account(user, IW_STR(""));
    }
    return iw_str_equal_nocase(own(reading, IW_FIELD_SUBJECT_DOMAIN_NAME), IW_STR("IIS APPPOOL")) ||
           iw_str_equal_nocase(own(reading, IW_FIELD_TARGET_DOMAIN_NAME), IW_STR("IIS APPPOOL")) ||
           is_web_sid(own(reading, IW_FIELD_SUBJECT_USER_SID)) ||
           is_web_sid(own(reading, IW_FIELD_TARGET_USER_SID));
}

/* The names alone, before all of the record is read. */
static bool is_worth_reading(struct iw_chain_reading *reading, struct iw_str original_name)
{
    bool is_sysmon = iw_channel_is_sysmon(reading->fields.event->channel);
    struct iw_str image = own(reading, is_sysmon ? IW_FIELD_IMAGE : IW_FIELD_NEW_PROCESS_NAME);
    struct iw_str parent =
        own(reading, is_sysmon ? IW_FIELD_PARENT_IMAGE : IW_FIELD_PARENT_PROCESS_NAME);
    return has_known_name(reading, image, original_name, parent) || may_name_web_account(reading);
}

enum iw_rc iw_chain_read_start(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    struct iw_context_fact read;
    const struct iw_context_fact *known = reading->known;
    const struct iw_process_start *start = known != NULL ? &known->u.start : &read.u.start;
    bool is_sysmon = reading->fields.event->event_id == 1;
    if (is_sysmon) /* the audit knows neither that nor hashes */
        fact->original_name = own(reading, IW_FIELD_ORIGINAL_FILE_NAME);
    if (known == NULL && !is_worth_reading(reading, fact->original_name))
        return IW_END;
    if (known == NULL)
        IW_TRY(iw_context_fact_read(reading->fields.event, reading->fields.scratch, &read));
    if (!has_known_name(reading, start->name.image, fact->original_name, start->parent.image) &&
        !(is_of_web_account(reading, start) && may_name_web_account(reading)))
        return IW_END;
    fact->process = start->name;
    fact->parent = start->parent;
    fact->command_line = start->command_line;
    fact->parent_command_line = start->parent_command_line;
    fact->user = start->user;
    fact->sid = start->sid;
    fact->has_logon = start->has_logon;
    fact->logon_id = start->logon_id;
    fact->integrity = canonical(reading, IW_FIELD_INTEGRITY_LEVEL);
    if (is_sysmon)
        fact->hashes = own(reading, IW_FIELD_HASHES);
    return IW_OK;
}

static bool ends_as_pool(struct iw_chain_reading *reading)
{
    return iw_str_equal_nocase(own(reading, IW_FIELD_SUBJECT_DOMAIN_NAME), IW_STR("IIS APPPOOL")) ||
           iw_is_pool_sid(own(reading, IW_FIELD_SUBJECT_USER_SID));
}

/* Of a shell whose start nobody tells its end may be all that is left. */
enum iw_rc iw_chain_read_end(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    bool is_sysmon = reading->fields.event->event_id == 5;
    if (is_sysmon ? iw_pool_of_account(own(reading, IW_FIELD_USER)).n == 0
                  : !ends_as_pool(reading)) /* nearly all */
        return IW_END;
    fact->process.image = own(reading, is_sysmon ? IW_FIELD_IMAGE : IW_FIELD_PROCESS_NAME);
    if (!is_candidate(fact->process.image, IW_STR("")))
        return IW_END;
    if (is_sysmon) {
        read_process(reading);
        return IW_OK;
    }
    fact->process.has_pid =
        iw_reading_number(&reading->fields, IW_FIELD_PROCESS_ID, &fact->process.pid);
    read_subject(reading);
    return IW_OK;
}

/* --- files ------------------------------------------------------------------------------------ */

/* False: it is of no interest. */
static bool set_file(struct iw_chain_reading *reading, struct iw_str path)
{
    struct iw_chain_fact *fact = reading->fact;
    enum iw_web_file_class found = iw_web_file_class_of(path, reading->settings);
    if (found == IW_WEB_FILE_OTHER)
        return false;
    fact->path = path;
    if (found == IW_WEB_FILE_COMPILED) {
        fact->kind = IW_CHAIN_FACT_COMPILED;
        return fact->action == IW_CHAIN_FILE_CREATED || fact->action == IW_CHAIN_FILE_WRITTEN;
    }
    return true;
}

/* A program or library that a web server, or the service that manages one, writes, wherever: it may
 * be run. */
static bool set_brought(struct iw_chain_reading *reading, struct iw_str path, struct iw_str image)
{
    if (reading->fact->action == IW_CHAIN_FILE_DELETED ||
        reading->fact->action == IW_CHAIN_FILE_TIMES || !iw_program_may_be_brought(path) ||
        (!iw_program_may_serve(image, reading->settings) && !iw_program_manages(image)))
        return false;
    reading->fact->path = path;
    return true;
}

enum iw_rc iw_chain_read_file(struct iw_chain_reading *reading)
{
    struct iw_str path = canonical(reading, IW_FIELD_TARGET_FILENAME);
    if (!set_file(reading, path) && !set_brought(reading, path, own(reading, IW_FIELD_IMAGE)))
        return IW_END;
    reading->fact->process.image = canonical(reading, IW_FIELD_IMAGE);
    read_process(reading);
    reading->fact->hashes = own(reading, IW_FIELD_HASHES);
    return IW_OK;
}

/* What is no page's file may become one by being renamed, and what is written may be the folder
 * that it is renamed in. Folders with a dot in their name look like files: these are asked about
 * where a web server did it. */
static bool set_half_of_renaming(struct iw_chain_reading *reading, struct iw_str path,
                                 uint64_t mask)
{
    struct iw_chain_fact *fact = reading->fact;
    struct iw_str name = iw_path_name(path);
    if (fact->action != IW_CHAIN_FILE_DELETED &&
        (mask != WRITE_DATA || (memchr(name.p, '.', name.n) != NULL &&
                                !iw_program_may_serve(fact->process.image, reading->settings))))
        return false;
    if (name.n == 0 || iw_web_path_holds_no_pages(path))
        return false;
    fact->kind = IW_CHAIN_FACT_ACCESS;
    fact->path = path;
    return true;
}

/* An access is a use of rights that were granted: 2 and 4 write, 0x10000 deletes or moves. */
enum iw_rc iw_chain_read_access(struct iw_chain_reading *reading)
{
    uint64_t mask = number(reading, IW_FIELD_ACCESS_MASK);
    struct iw_chain_fact *fact = reading->fact;
    struct iw_str path;
    if ((mask & (WRITE_DATA | APPEND_DATA | DELETE)) == 0)
        return IW_END;
    if ((mask & (WRITE_DATA | APPEND_DATA)) == 0)
        fact->action = IW_CHAIN_FILE_DELETED;
    fact->process.image = own(reading, IW_FIELD_PROCESS_NAME);
    path = own(reading, IW_FIELD_OBJECT_NAME);
    if (!set_file(reading, path) && !set_brought(reading, path, fact->process.image) &&
        !set_half_of_renaming(reading, path, mask))
        return IW_END;
    fact->process.has_pid =
        iw_reading_number(&reading->fields, IW_FIELD_PROCESS_ID, &fact->process.pid);
    read_subject(reading);
    return IW_OK;
}

enum iw_rc iw_chain_read_share(struct iw_chain_reading *reading)
{
    uint64_t mask = number(reading, IW_FIELD_ACCESS_MASK);
    struct iw_str target, path;
    if ((mask & (WRITE_DATA | APPEND_DATA)) == 0)
        return IW_END;
    target = iw_share_target(&reading->fields);
    if (target.n == 0 || iw_web_file_class_of(target, reading->settings) == IW_WEB_FILE_OTHER)
        return IW_END;
    path = iw_share_path(&reading->fields, target);
    if (path.p == NULL)
        return IW_ENOMEM;
    if (!set_file(reading, path))
        return IW_END;
    reading->fact->address = own(reading, IW_FIELD_IP_ADDRESS);
    read_subject(reading);
    return IW_OK;
}

/* --- modules, network ---------------------------------------------------------------------------
 */

static bool is_loader(const struct iw_chain_reading *reading, struct iw_str image)
{
    const struct iw_chain_settings *settings = reading->settings;
    return iw_is_worker_image(image) ||
           (settings != NULL && settings->loaders.n != 0 &&
            iw_chain_list_has(&settings->loaders, iw_path_name(image)));
}

/* What Windows itself keeps is loaded by every worker at every start. Nearly all of it lies in one
 * folder, which is asked about first. */
static bool is_ordinary_module(struct iw_str path)
{
    static const struct iw_str SYSTEM32 = {"C:\\Windows\\System32\\", 20};
    if (iw_str_begins_nocase(path, SYSTEM32) &&
        memchr(path.p + SYSTEM32.n, '\\', path.n - SYSTEM32.n) == NULL)
        return true;
    return iw_str_holds_nocase(path, IW_STR(":\\windows\\")) && !iw_path_is_inetsrv(path) &&
           !iw_web_path_is_compile_folder(path) && iw_path_writable_place(path) == NULL &&
           !iw_str_holds_nocase(path, IW_STR("system.management.automation"));
}

enum iw_rc iw_chain_read_load(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    fact->process.image = own(reading, IW_FIELD_IMAGE);
    if (!is_loader(reading, fact->process.image))
        return IW_END;
    fact->path = own(reading, IW_FIELD_IMAGE_LOADED);
    if (fact->path.n == 0 || is_ordinary_module(fact->path))
        return IW_END;
    read_process(reading);
    fact->hashes = own(reading, IW_FIELD_HASHES);
    return IW_OK;
}

/* Programs whose connections matter: shells and their like, and web servers. */
static bool is_speaker(const struct iw_chain_reading *reading, struct iw_str image)
{
    return iw_program_find(image, IW_STR("")) != NULL ||
           iw_program_may_serve(image, reading->settings);
}

/* Whoever asks a web server is no act of its own. */
static bool is_asked(struct iw_chain_reading *reading, struct iw_str image)
{
    return iw_program_find(image, IW_STR("")) == NULL &&
           !iw_str_equal_nocase(canonical(reading, IW_FIELD_INITIATED), IW_STR("true"));
}

enum iw_rc iw_chain_read_connection(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    bool is_sysmon = reading->fields.event->event_id == 3;
    struct iw_str address, port;
    /* Nearly all end here: asked of the field itself, before anything is worked out. */
    if (!is_speaker(reading, own(reading, is_sysmon ? IW_FIELD_IMAGE : IW_FIELD_APPLICATION)))
        return IW_END;
    fact->process.image = canonical(reading, IW_FIELD_IMAGE);
    if (is_asked(reading, fact->process.image))
        return IW_END;
    read_process(reading);
    address = canonical(reading, IW_FIELD_DESTINATION_IP);
    port = canonical(reading, IW_FIELD_DESTINATION_PORT);
    fact->detail = iw_arena_format(reading->fields.scratch, "%.*s:%.*s", IW_STR_ARG(address),
                                   IW_STR_ARG(port));
    return fact->detail.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_chain_read_query(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    fact->process.image = own(reading, IW_FIELD_IMAGE);
    if (!is_speaker(reading, fact->process.image))
        return IW_END;
    read_process(reading);
    fact->detail = iw_reading_named(&reading->fields, "QueryName");
    return IW_OK;
}

/* --- the server --------------------------------------------------------------------------------
 */

enum iw_rc iw_chain_read_change(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    fact->detail = own(reading, IW_FIELD_CONFIGURATION);
    fact->path = own(reading, IW_FIELD_PHYSICAL_PATH);
    fact->old_value = own(reading, IW_FIELD_OLD_VALUE);
    fact->new_value = own(reading, IW_FIELD_NEW_VALUE);
    fact->sid = own(reading, IW_FIELD_SECURITY_USER_ID);
    fact->process.has_pid =
        iw_reading_number(&reading->fields, IW_FIELD_EXECUTION_PROCESS_ID, &fact->process.pid);
    return IW_OK;
}

/* Product of MsiInstaller's records; package of Servicing's. */
enum iw_rc iw_chain_read_record(struct iw_chain_reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    struct iw_chain_fact *fact = reading->fact;
    bool is_msi = iw_str_equal_nocase(event->provider, IW_STR("MsiInstaller"));
    if (!is_msi && !iw_str_holds_nocase(event->provider, IW_STR("Servicing")))
        return IW_END;
    fact->detail =
        is_msi ? unnamed(reading, 0) : iw_reading_named(&reading->fields, "PackageIdentifier");
    fact->sid = own(reading, IW_FIELD_SECURITY_USER_ID);
    return IW_OK;
}

enum iw_rc iw_chain_read_pool(struct iw_chain_reading *reading)
{
    if (!iw_str_equal_nocase(reading->fields.event->provider, IW_STR("Microsoft-Windows-WAS")) &&
        !iw_str_equal_nocase(reading->fields.event->provider, IW_STR("WAS")))
        return IW_END;
    reading->fact->detail = iw_reading_named(&reading->fields, "AppPoolID");
    if (reading->fact->detail.n == 0)
        reading->fact->detail = unnamed(reading, 0);
    return IW_OK;
}

enum iw_rc iw_chain_read_clock(struct iw_chain_reading *reading)
{
    struct iw_chain_fact *fact = reading->fact;
    struct iw_arena *arena = reading->fields.scratch;
    struct iw_log_mark mark;
    IW_TRY(iw_log_mark_read(reading->fields.event, arena, &mark));
    if (mark.kind != IW_LOG_MARK_CLOCK_SET || !iw_time_known(mark.old_ns) ||
        !iw_time_known(mark.new_ns) || mark.new_ns < 0 || mark.old_ns < 0 ||
        mark.old_ns - mark.new_ns < CLOCK_STEP_NS)
        return IW_END;
    fact->old_value = iw_arena_format(arena, "%lld", (long long)mark.old_ns);
    fact->new_value = iw_arena_format(arena, "%lld", (long long)mark.new_ns);
    return fact->old_value.p != NULL && fact->new_value.p != NULL ? IW_OK : IW_ENOMEM;
}
