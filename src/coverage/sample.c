#include "coverage/sample.h"

#include "base/arena_text.h"
#include "base/fold.h"
#include "base/path_name.h"
#include "context/event_reading.h"
#include "coverage/raw_text.h"
#include "iis/config/server_path.h"
#include "event/channel.h"

#define MAY_WRITE 0x6U /* WriteData, AppendData */

typedef bool is_sample(struct iw_event_reading *reading, const struct iw_watched_folders *folders,
                       uint32_t *ret_folder);

/* NOLINTBEGIN(readability-non-const-parameter): one shape of function for all. */
static bool is_process(struct iw_event_reading *reading, const struct iw_watched_folders *folders,
                       uint32_t *ret_folder)
{
    (void)folders;
    (void)ret_folder;
    const struct iw_event *event = reading->event;
    return iw_raw_says(iw_event_find(event, IW_FIELD_COMMAND_LINE)) &&
           iw_raw_says(iw_event_find(event, event->event_id == 1 ? IW_FIELD_PARENT_IMAGE
                                                                 : IW_FIELD_PARENT_PROCESS_NAME));
}

/* A file on the device of a volume: of which letter its record does not say. */
static bool is_on_device(struct iw_event_reading *reading, struct iw_str rest,
                         const struct iw_watched_folders *folders, uint32_t *ret_folder)
{
    struct iw_str path = iw_arena_format(reading->scratch, "C:\\%.*s", IW_STR_ARG(rest));
    struct iw_server_path file;
    char *key;
    if (path.p == NULL || !iw_server_path_of_file(path, reading->scratch, &file)) {
        reading->no_memory = true;
        return false;
    }
    if (file.key.n < 3 || file.key.p[1] != ':')
        return false;
    key = iw_arena_alloc(reading->scratch, file.key.n);
    if (key == NULL) {
        reading->no_memory = true;
        return false;
    }
    memcpy(key, file.key.p, file.key.n);
    *ret_folder = iw_watched_folders_of_any_drive(folders, key, file.key.n);
    return *ret_folder != IW_WATCHED_NONE;
}

/* Whether a folded path is its own normal form for sure: on a drive, with nothing to take out.
 * Nearly every path in a record is. */
static bool is_plain(struct iw_str path)
{
    const char *at = path.p;
    if (path.n < 4 || path.p[0] < 'a' || path.p[0] > 'z' || path.p[1] != ':' || path.p[2] != '\\' ||
        path.p[path.n - 1] == '\\' || memchr(path.p, '/', path.n) != NULL)
        return false;
    while ((at = memchr(at, '\\', path.n - (size_t)(at - path.p))) != NULL) {
        at++; /* the last character is no separator */
        if (*at == '\\' || *at == '.')
            return false;
    }
    return true;
}

/* The folded text of a field; n 0: it has none that is plain. */
static struct iw_str folded_of(struct iw_event_reading *reading, const struct iw_field *field)
{
    struct iw_str text = IW_STR("");
    bool is_ascii;
    if (field->type == IW_VALUE_UTF16)
        text = iw_fold_utf16(field->p, field->n, reading->scratch, &is_ascii);
    else if (field->type == IW_VALUE_UTF8 && field->n != 0)
        text = iw_fold_text((struct iw_str){(const char *)field->p, field->n}, reading->scratch);
    reading->no_memory |= text.p == NULL;
    return text;
}

static bool is_in_folder(struct iw_event_reading *reading, uint32_t name_id,
                         const struct iw_watched_folders *folders, uint32_t *ret_folder)
{
    const struct iw_field *field = iw_event_find(reading->event, name_id);
    struct iw_server_path file;
    struct iw_str path, rest;
    if (folders == NULL || field == NULL)
        return false;
    file.key = folded_of(reading, field);
    if (!is_plain(file.key)) {
        path = iw_reading_own(reading, name_id);
        if (path.n == 0)
            return false;
        if (iw_path_behind_device(path, &rest))
            return is_on_device(reading, rest, folders, ret_folder);
        if (!iw_server_path_of_file(path, reading->scratch, &file)) {
            reading->no_memory = true;
            return false;
        }
    }
    *ret_folder = iw_watched_folders_of(folders, file.key);
    return *ret_folder != IW_WATCHED_NONE;
}

static bool is_file(struct iw_event_reading *reading, const struct iw_watched_folders *folders,
                    uint32_t *ret_folder)
{
    return is_in_folder(reading, IW_FIELD_TARGET_FILENAME, folders, ret_folder);
}

static bool is_access(struct iw_event_reading *reading, const struct iw_watched_folders *folders,
                      uint32_t *ret_folder)
{
    uint64_t mask;
    return iw_reading_number(reading, IW_FIELD_ACCESS_MASK, &mask) && (mask & MAY_WRITE) != 0 &&
           is_in_folder(reading, IW_FIELD_OBJECT_NAME, folders, ret_folder);
}

static bool is_of_worker(struct iw_event_reading *reading, const struct iw_watched_folders *folders,
                         uint32_t *ret_folder)
{
    (void)folders;
    (void)ret_folder;
    /* By its folder: a program that somebody calls w3wp.exe elsewhere shows nothing of workers. */
    return iw_raw_may_end(iw_event_find(reading->event, IW_FIELD_IMAGE), IW_STR("w3wp.exe")) &&
           iw_str_ends_nocase(iw_reading_own(reading, IW_FIELD_IMAGE),
                              IW_STR("\\inetsrv\\w3wp.exe"));
}

static bool is_any(struct iw_event_reading *reading, const struct iw_watched_folders *folders,
                   uint32_t *ret_folder)
{
    (void)reading;
    (void)folders;
    (void)ret_folder;
    return true;
}

/* NOLINTEND(readability-non-const-parameter) */

static bool tells_device(struct iw_event_reading *reading)
{
    uint32_t name_id =
        reading->event->event_id == 11 ? IW_FIELD_TARGET_FILENAME : IW_FIELD_OBJECT_NAME;
    const struct iw_field *field = iw_event_find(reading->event, name_id);
    struct iw_str rest;
    size_t width = field != NULL && field->type == IW_VALUE_UTF16 ? 2 : 1;
    if (field == NULL || (field->n > width && field->p[width] == ':')) /* a drive */
        return false;
    return iw_path_behind_device(iw_reading_own(reading, name_id), &rest);
}

static const struct {
    const char *channel;
    uint32_t event_id;
    enum iw_sample_kind kind;
    is_sample *is;
} EVENTS[] = {
    {IW_CHANNEL_SYSMON, 1, IW_SAMPLE_PROCESS, is_process},
    {IW_CHANNEL_SYSMON, 3, IW_SAMPLE_CONNECTION, is_of_worker},
    {IW_CHANNEL_SYSMON, 7, IW_SAMPLE_LOAD, is_of_worker},
    {IW_CHANNEL_SYSMON, 11, IW_SAMPLE_FILE, is_file},
    {IW_CHANNEL_SECURITY, 4624, IW_SAMPLE_LOGON, is_any},
    {IW_CHANNEL_SECURITY, 4663, IW_SAMPLE_FILE, is_access},
    {IW_CHANNEL_SECURITY, 4688, IW_SAMPLE_PROCESS, is_process},
    {IW_CHANNEL_SECURITY, 4689, IW_SAMPLE_PROCESS_END, is_any},
};

#define N_EVENTS (sizeof EVENTS / sizeof EVENTS[0])

/* N_EVENTS: none. */
static size_t row_of(struct iw_str channel, uint32_t event_id)
{
    size_t i = 0;
    while (i < N_EVENTS && (EVENTS[i].event_id != event_id ||
                            !iw_str_equal_nocase(channel, iw_str_of(EVENTS[i].channel))))
        i++;
    return i;
}

enum iw_sample_kind iw_sample_kind_of(struct iw_str channel, uint32_t event_id)
{
    size_t row = row_of(channel, event_id);
    return row < N_EVENTS ? EVENTS[row].kind : IW_SAMPLE_NONE;
}

enum iw_rc iw_sample_route(struct iw_route *route)
{
    for (size_t i = 0; i < N_EVENTS; i++)
        IW_TRY(iw_route_want(route, iw_str_of(EVENTS[i].channel), EVENTS[i].event_id));
    return iw_route_want(route, IW_STR(IW_CHANNEL_SYSMON), 5); /* collector_served.c */
}

enum iw_rc iw_sample_read(const struct iw_event *event, enum iw_sample_kind *kind,
                          const struct iw_watched_folders *folders, struct iw_arena *scratch,
                          uint32_t *ret_folder)
{
    struct iw_event_reading reading = {.event = event, .scratch = scratch};
    bool is_one = false;
    *ret_folder = 0;
    for (size_t i = 0; i < N_EVENTS && !is_one; i++) {
        if (EVENTS[i].event_id == event->event_id && EVENTS[i].kind == *kind)
            is_one = EVENTS[i].is(&reading, folders, ret_folder);
    }
    if (!is_one && *kind == IW_SAMPLE_PROCESS && !reading.no_memory) {
        *kind = IW_SAMPLE_BARE_PROCESS;
        return IW_OK;
    }
    if (is_one && *kind == IW_SAMPLE_FILE && tells_device(&reading))
        *kind = IW_SAMPLE_FILE_ON_DEVICE;
    if (reading.no_memory)
        return IW_ENOMEM;
    return is_one ? IW_OK : IW_END;
}
