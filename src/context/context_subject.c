/*
 * Subjects of events.
 *
 * Field facts: Execution_ProcessID of a Sysmon or Security record is that of the service that wrote
 * it; of the other channels here it is the process that acted (domain: event 29 and PowerShell).
 */
#include "context/context_subject.h"

#include "context/fact_kinds.h"
#include "context/web_request.h"
#include "event/taxonomy.h"
#include "event/web_log.h"
#include "event/channel.h"

#define DEVICE_PREFIX IW_STR("\\\\?\\")

static bool is_channel(const struct iw_event *event, const char *channel)
{
    return iw_str_equal_nocase(event->channel, iw_str_of(channel));
}

static struct iw_str first_text(struct iw_event_reading *reading, const uint32_t *fields, size_t n)
{
    struct iw_str text = IW_STR("");
    for (size_t i = 0; i < n && text.n == 0; i++)
        text = iw_reading_own(reading, fields[i]);
    return text;
}

static struct iw_str read_file(struct iw_event_reading *reading)
{
    static const uint32_t FILES[] = {IW_FIELD_TARGET_FILENAME, IW_FIELD_IMAGE_LOADED,
                                     IW_FIELD_OBJECT_NAME, IW_FIELD_PHYSICAL_PATH};
    struct iw_str file = first_text(reading, FILES, sizeof FILES / sizeof FILES[0]);
    if (iw_str_begins_nocase(file, DEVICE_PREFIX))
        return (struct iw_str){file.p + DEVICE_PREFIX.n, file.n - DEVICE_PREFIX.n};
    return file;
}

static void read_sysmon(struct iw_event_reading *reading, struct iw_context_subject *subject)
{
    struct iw_process_name *process = &subject->process;
    bool is_pair = reading->event->event_id == 8 || reading->event->event_id == 10;
    /* 8 and 10 tell of two processes: who acts is the source. */
    process->has_pid = iw_reading_number(
        reading, is_pair ? IW_FIELD_SOURCE_PROCESS_ID : IW_FIELD_PROCESS_ID, &process->pid);
    process->guid = iw_process_guid_read(
        iw_reading_own(reading, is_pair ? IW_FIELD_SOURCE_PROCESS_GUID : IW_FIELD_PROCESS_GUID));
    process->image = iw_reading_own(reading, is_pair ? IW_FIELD_SOURCE_IMAGE : IW_FIELD_IMAGE);
    subject->user = iw_reading_own(reading, IW_FIELD_USER);
    subject->has_logon =
        iw_reading_number(reading, IW_FIELD_LOGON_ID, &subject->logon_id) && subject->logon_id != 0;
}

static void read_security(struct iw_event_reading *reading, struct iw_context_subject *subject)
{
    struct iw_process_name *process = &subject->process;
    bool is_start = reading->event->event_id == 4688, is_logon = reading->event->event_id == 4624;
    process->has_pid = iw_reading_number(
        reading, is_start ? IW_FIELD_NEW_PROCESS_ID : IW_FIELD_PROCESS_ID, &process->pid);
    process->image =
        iw_reading_own(reading, is_start ? IW_FIELD_NEW_PROCESS_NAME : IW_FIELD_PROCESS_NAME);
    if (process->image.n == 0)
        process->image = iw_reading_own(reading, IW_FIELD_APPLICATION);
    if (process->pid == 0)
        process->has_pid = false;
    if (is_start || is_logon)
        subject->has_logon =
            iw_reading_number(reading, IW_FIELD_TARGET_LOGON_ID, &subject->logon_id) &&
            subject->logon_id != 0;
    if (subject->has_logon) {
        subject->user =
            iw_reading_account(reading, IW_FIELD_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME);
        subject->sid = iw_reading_sid(reading, IW_FIELD_TARGET_USER_SID);
        return;
    }
    subject->has_logon =
        iw_reading_number(reading, IW_FIELD_SUBJECT_LOGON_ID, &subject->logon_id) &&
        subject->logon_id != 0;
    subject->user =
        iw_reading_account(reading, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME);
    subject->sid = iw_reading_sid(reading, IW_FIELD_SUBJECT_USER_SID);
}

static void read_writer(struct iw_event_reading *reading, struct iw_context_subject *subject)
{
    struct iw_process_name *process = &subject->process;
    process->has_pid = iw_reading_number(reading, IW_FIELD_EXECUTION_PROCESS_ID, &process->pid);
    subject->sid = iw_reading_sid(reading, IW_FIELD_SECURITY_USER_ID);
}

static void read_where(struct iw_event_reading *reading, struct iw_context_request *request)
{
    if (!iw_reading_number(reading, IW_FIELD_S_PORT, &request->port))
        request->port = 0;
    request->address = iw_reading_own(reading, IW_FIELD_S_IP);
    request->host = iw_reading_own(reading, IW_FIELD_CS_HOST);
}

/* A line of a site's log. */
static void read_request(struct iw_event_reading *reading, struct iw_context_subject *subject)
{
    struct iw_web_request request;
    enum iw_rc rc = iw_web_request_read(reading->event, reading->scratch, &request);
    reading->no_memory |= rc == IW_ENOMEM;
    if (rc != IW_OK)
        return;
    subject->is_request = true;
    subject->request.site_id = request.site_id;
    subject->request.url = request.stem;
    read_where(reading, &subject->request);
}

/* A line of HTTP.sys, whose URL has its query behind it. */
static void read_refused(struct iw_event_reading *reading, struct iw_context_subject *subject)
{
    struct iw_str url = iw_reading_own(reading, IW_FIELD_CS_URI);
    const char *query = url.n != 0 ? memchr(url.p, '?', url.n) : NULL;
    if (query != NULL)
        url.n = (size_t)(query - url.p);
    subject->is_request = true;
    subject->request.url = url;
    if (!iw_reading_number(reading, IW_FIELD_S_SITEID, &subject->request.site_id))
        subject->request.site_id = 0;
    read_where(reading, &subject->request);
}

enum iw_rc iw_context_subject_read(const struct iw_event *event, struct iw_arena *scratch,
                                   struct iw_context_subject *ret)
{
    static const char *const WRITERS[] = {
        IW_CHANNEL_IIS_CONFIGURATION, "Microsoft-IIS-Configuration/Administrative",
        "Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"};
    struct iw_event_reading reading = {event, scratch, false};

    memset(ret, 0, sizeof *ret);
    if (iw_channel_is_sysmon(event->channel))
        read_sysmon(&reading, ret);
    else if (is_channel(event, "Security"))
        read_security(&reading, ret);
    else if (is_channel(event, IW_CHANNEL_W3SVC))
        read_request(&reading, ret);
    else if (is_channel(event, IW_CHANNEL_HTTPERR))
        read_refused(&reading, ret);
    for (size_t i = 0; i < sizeof WRITERS / sizeof WRITERS[0]; i++) {
        if (is_channel(event, WRITERS[i]))
            read_writer(&reading, ret);
    }
    ret->file = read_file(&reading);
    return reading.no_memory ? IW_ENOMEM : IW_OK;
}

void iw_context_subject_write(const struct iw_context_subject *subject, struct iw_buffer *out)
{
    iw_fact_put_process(out, &subject->process);
    iw_fact_put_u8(out, subject->has_logon);
    iw_fact_put_u64(out, subject->logon_id);
    iw_fact_put_text(out, subject->user);
    iw_fact_put_text(out, subject->sid);
    iw_fact_put_text(out, subject->file);
    iw_fact_put_u8(out, subject->is_request);
    if (!subject->is_request)
        return;
    iw_fact_put_text(out, subject->request.url);
    iw_fact_put_u64(out, subject->request.site_id);
    iw_fact_put_u64(out, subject->request.port);
    iw_fact_put_text(out, subject->request.address);
    iw_fact_put_text(out, subject->request.host);
}

bool iw_context_subject_parse(struct iw_str bytes, struct iw_context_subject *ret)
{
    struct iw_fact_bytes rest = {(const uint8_t *)bytes.p, bytes.n, false};
    memset(ret, 0, sizeof *ret);
    iw_fact_take_process(&rest, &ret->process);
    ret->has_logon = iw_fact_take_u8(&rest) != 0;
    ret->logon_id = iw_fact_take_u64(&rest);
    ret->user = iw_fact_take_text(&rest);
    ret->sid = iw_fact_take_text(&rest);
    ret->file = iw_fact_take_text(&rest);
    ret->is_request = iw_fact_take_u8(&rest) != 0;
    if (ret->is_request) {
        ret->request.url = iw_fact_take_text(&rest);
        ret->request.site_id = iw_fact_take_u64(&rest);
        ret->request.port = iw_fact_take_u64(&rest);
        ret->request.address = iw_fact_take_text(&rest);
        ret->request.host = iw_fact_take_text(&rest);
    }
    return !rest.is_odd && rest.n == 0;
}
