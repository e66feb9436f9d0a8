/*
 * Which events are chain facts, and facts as bytes.
 */
#include "detect/chain/chain_fact.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/packed.h"
#include "base/utf.h"
#include "detect/chain/chain_fact_events.h"
#include "detect/chain/command_shape.h"
#include "event/channel.h"

/* In the order of event ids: searched by halves. */
static const struct {
    uint32_t event_id;
    enum iw_chain_fact_kind kind;
    enum iw_chain_action action;
    const char *channel;
    iw_chain_read *read;
} EVENTS[] = {
    {1, IW_CHAIN_FACT_PROCESS, 0, IW_CHANNEL_SYSMON, iw_chain_read_start},
    {1, IW_CHAIN_FACT_CLOCK, 0, "System", iw_chain_read_clock},
    {2, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_TIMES, IW_CHANNEL_SYSMON, iw_chain_read_file},
    {2, IW_CHAIN_FACT_DEPLOYMENT, 0, "Setup", iw_chain_read_record},
    {3, IW_CHAIN_FACT_NETWORK, 0, IW_CHANNEL_SYSMON, iw_chain_read_connection},
    {5, IW_CHAIN_FACT_ENDED, 0, IW_CHANNEL_SYSMON, iw_chain_read_end},
    {7, IW_CHAIN_FACT_LOAD, 0, IW_CHANNEL_SYSMON, iw_chain_read_load},
    {9, IW_CHAIN_FACT_DEPLOYMENT, 0, "Setup", iw_chain_read_record},
    {11, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_CREATED, IW_CHANNEL_SYSMON, iw_chain_read_file},
    {15, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_STREAM, IW_CHANNEL_SYSMON, iw_chain_read_file},
    {22, IW_CHAIN_FACT_NETWORK, 0, IW_CHANNEL_SYSMON, iw_chain_read_query},
    {23, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_DELETED, IW_CHANNEL_SYSMON, iw_chain_read_file},
    {26, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_DELETED, IW_CHANNEL_SYSMON, iw_chain_read_file},
    {29, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_CREATED, IW_CHANNEL_SYSMON, iw_chain_read_file},
    {29, IW_CHAIN_FACT_CHANGE, 0, IW_CHANNEL_IIS_CONFIGURATION, iw_chain_read_change},
    {50, IW_CHAIN_FACT_CHANGE, 0, IW_CHANNEL_IIS_CONFIGURATION, iw_chain_read_change},
    {1033, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
    {1034, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
    {1035, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
    {1036, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
    {4616, IW_CHAIN_FACT_CLOCK, 0, "Security", iw_chain_read_clock},
    {4663, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_WRITTEN, "Security", iw_chain_read_access},
    {4688, IW_CHAIN_FACT_PROCESS, 0, "Security", iw_chain_read_start},
    {4689, IW_CHAIN_FACT_ENDED, 0, "Security", iw_chain_read_end},
    {5002, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5009, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5011, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5074, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5079, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5080, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5139, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {5145, IW_CHAIN_FACT_FILE, IW_CHAIN_FILE_SHARED, "Security", iw_chain_read_share},
    {5156, IW_CHAIN_FACT_NETWORK, 0, "Security", iw_chain_read_connection},
    {5186, IW_CHAIN_FACT_POOL, 0, "System", iw_chain_read_pool},
    {11707, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
    {11724, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
    {11728, IW_CHAIN_FACT_DEPLOYMENT, 0, "Application", iw_chain_read_record},
};
#define N_EVENTS (sizeof EVENTS / sizeof EVENTS[0])

enum iw_rc iw_chain_fact_route(struct iw_route *route)
{
    for (size_t i = 0; i < N_EVENTS; i++)
        IW_TRY(iw_route_want(route, iw_str_of(EVENTS[i].channel), EVENTS[i].event_id));
    return IW_OK;
}

/* The first row of an event id, or N_EVENTS. */
static size_t first_row(uint32_t event_id)
{
    size_t low = 0, high = N_EVENTS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (EVENTS[middle].event_id < event_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < N_EVENTS && EVENTS[low].event_id == event_id ? low : N_EVENTS;
}

enum iw_rc iw_chain_fact_read(const struct iw_event *event,
                              const struct iw_chain_settings *settings,
                              const struct iw_context_fact *known, struct iw_arena *scratch,
                              struct iw_chain_fact *ret)
{
    struct iw_chain_reading reading = {{event, scratch, false}, settings, known, ret};
    enum iw_rc rc = IW_END;

    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_END;
    for (size_t i = first_row(event->event_id);
         i < N_EVENTS && EVENTS[i].event_id == event->event_id; i++) {
        if (!iw_str_equal_nocase(iw_str_of(EVENTS[i].channel), event->channel))
            continue;
        memset(ret, 0, sizeof *ret);
        ret->kind = EVENTS[i].kind;
        ret->action = EVENTS[i].action;
        rc = EVENTS[i].read(&reading);
        break;
    }
    return reading.fields.no_memory ? IW_ENOMEM : rc;
}

/* --- bytes ------------------------------------------------------------------------------------ */

#define N_TEXTS 14U
#define ALL_TEXTS ((uint64_t)1 << N_TEXTS)

static void list_texts(struct iw_chain_fact *fact, struct iw_str *ret[N_TEXTS])
{
    struct iw_str *const TEXTS[N_TEXTS] = {
        &fact->process.image, &fact->parent.image, &fact->command_line, &fact->parent_command_line,
        &fact->original_name, &fact->integrity,    &fact->user,         &fact->sid,
        &fact->path,          &fact->hashes,       &fact->detail,       &fact->address,
        &fact->old_value,     &fact->new_value};
    memcpy(ret, TEXTS, sizeof TEXTS);
}

/* What tells long paths apart: how long they are, and the first bytes of a hash. */
#define MIDDLE_BYTES 64U

static int format_middle(struct iw_str path, char middle[static MIDDLE_BYTES])
{
    uint8_t digest[32] = {0};
    (void)iw_sha256(path, digest); /* else they are told apart by their lengths */
    return snprintf(middle, MIDDLE_BYTES, "\\...[%zu bytes, %02x%02x%02x%02x%02x%02x%02x%02x]...\\",
                    path.n, digest[0], digest[1], digest[2], digest[3], digest[4], digest[5],
                    digest[6], digest[7]);
}

/* The beginning says whose folder it is, the end what it is. */
static struct iw_str cut_path(struct iw_str path, char room[static IW_LIMIT_CONTEXT_TEXT_BYTES])
{
    char middle[MIDDLE_BYTES];
    size_t half = (IW_LIMIT_CONTEXT_TEXT_BYTES - MIDDLE_BYTES) / 2, head, tail, n_middle;
    if (path.n <= IW_LIMIT_CONTEXT_TEXT_BYTES)
        return path;
    n_middle = (size_t)format_middle(path, middle);
    tail = path.n - half;
    head = iw_utf8_cut(path, half).n;
    while (tail < path.n && ((uint8_t)path.p[tail] & 0xC0U) == 0x80U)
        tail++;
    memcpy(room, path.p, head);
    memcpy(room + head, middle, n_middle);
    memcpy(room + head + n_middle, path.p + tail, path.n - tail);
    return (struct iw_str){room, head + n_middle + path.n - tail};
}

static void write_name(struct iw_buffer *out, const struct iw_process_name *name)
{
    bool has_guid = iw_process_guid_known(name->guid);
    iw_pack_number(out, (name->has_pid ? 1U : 0U) | (has_guid ? 2U : 0U));
    if (name->has_pid)
        iw_pack_number(out, name->pid);
    if (has_guid)
        iw_buffer_add(out,
                      (struct iw_str){(const char *)name->guid.bytes, sizeof name->guid.bytes});
}

static void parse_name(struct iw_unpacking *in, struct iw_process_name *ret)
{
    uint64_t parts = iw_unpack_below(in, 4);
    ret->has_pid = (parts & 1U) != 0;
    if (ret->has_pid)
        ret->pid = iw_unpack_number(in);
    if ((parts & 2U) != 0)
        (void)iw_unpack_bytes(in, ret->guid.bytes, sizeof ret->guid.bytes);
}

unsigned iw_chain_fact_command(const struct iw_chain_fact *fact)
{
    return fact->is_command_cut ? fact->cut_command : iw_command_judge(fact->command_line);
}

/* What a line tells is written where the line itself is not. */
static void write_command(struct iw_buffer *out, const struct iw_chain_fact *fact)
{
    bool is_cut = fact->is_command_cut || fact->command_line.n > IW_LIMIT_CONTEXT_TEXT_BYTES;
    iw_pack_number(out, is_cut ? 1 : 0);
    if (is_cut)
        iw_pack_number(out, iw_chain_fact_command(fact));
}

static void parse_command(struct iw_unpacking *in, struct iw_chain_fact *ret)
{
    ret->is_command_cut = iw_unpack_below(in, 2) != 0;
    if (ret->is_command_cut)
        ret->cut_command = (unsigned)iw_unpack_below(in, IW_COMMAND_JUDGEMENTS);
}

/* Which texts there are, a bit for each: of most events most are empty. */
static uint64_t said_of(struct iw_str *const texts[static N_TEXTS])
{
    uint64_t said = 0;
    for (size_t i = 0; i < N_TEXTS; i++)
        said |= (uint64_t)(texts[i]->n != 0) << i;
    return said;
}

void iw_chain_fact_write(const struct iw_chain_fact *fact, struct iw_buffer *out)
{
    struct iw_chain_fact copy = *fact;
    char room[IW_LIMIT_CONTEXT_TEXT_BYTES];
    struct iw_str *texts[N_TEXTS];
    copy.path = cut_path(fact->path, room);
    iw_pack_text(out, iw_utf8_cut(fact->rules, IW_LIMIT_CONTEXT_TEXT_BYTES));
    iw_pack_text(out, (struct iw_str){(const char *)fact->record,
                                      fact->has_record ? sizeof fact->record : 0});
    iw_pack_number(out, fact->kind);
    iw_pack_number(out, fact->action);
    write_name(out, &fact->process);
    write_name(out, &fact->parent);
    iw_pack_number(out, fact->has_logon ? 1 : 0);
    if (fact->has_logon)
        iw_pack_number(out, fact->logon_id);
    write_command(out, fact);
    list_texts(&copy, texts);
    iw_pack_number(out, said_of(texts));
    for (size_t i = 0; i < N_TEXTS; i++) {
        if (texts[i]->n != 0)
            iw_pack_text(out, iw_utf8_cut(*texts[i], IW_LIMIT_CONTEXT_TEXT_BYTES));
    }
}

struct iw_str iw_chain_fact_said(struct iw_str bytes)
{
    struct iw_unpacking in = {.left = bytes};
    (void)iw_unpack_text(&in);
    (void)iw_unpack_text(&in);
    return in.is_broken ? IW_STR("") : in.left;
}

struct iw_str iw_chain_fact_record(struct iw_str bytes)
{
    struct iw_unpacking in = {.left = bytes};
    struct iw_str record;
    (void)iw_unpack_text(&in);
    record = iw_unpack_text(&in);
    return record.n == IW_FACT_CONTENT_BYTES ? record : IW_STR("");
}

enum iw_chain_fact_kind iw_chain_fact_kind_of(struct iw_str bytes)
{
    struct iw_unpacking in = {.left = iw_chain_fact_said(bytes)};
    return (enum iw_chain_fact_kind)iw_unpack_below(&in, IW_CHAIN_FACT_KIND_COUNT);
}

bool iw_chain_fact_says_all(enum iw_chain_fact_kind kind)
{
    return kind != IW_CHAIN_FACT_CHANGE && kind != IW_CHAIN_FACT_CLOCK;
}

bool iw_chain_fact_parse(struct iw_str bytes, struct iw_chain_fact *ret)
{
    struct iw_unpacking in = {.left = bytes};
    struct iw_str *texts[N_TEXTS], record;
    uint64_t said;
    bool is_cut;
    memset(ret, 0, sizeof *ret);
    ret->rules = iw_unpack_text(&in);
    is_cut = ret->rules.n <= IW_LIMIT_CONTEXT_TEXT_BYTES;
    record = iw_unpack_text(&in);
    if (record.n != 0 && record.n != sizeof ret->record)
        return false;
    ret->has_record = record.n != 0;
    if (ret->has_record)
        memcpy(ret->record, record.p, sizeof ret->record);
    ret->kind = (enum iw_chain_fact_kind)iw_unpack_below(&in, IW_CHAIN_FACT_KIND_COUNT);
    ret->action = (enum iw_chain_action)iw_unpack_below(&in, IW_CHAIN_ACTION_COUNT);
    parse_name(&in, &ret->process);
    parse_name(&in, &ret->parent);
    ret->has_logon = iw_unpack_below(&in, 2) != 0;
    if (ret->has_logon)
        ret->logon_id = iw_unpack_number(&in);
    parse_command(&in, ret);
    said = iw_unpack_below(&in, ALL_TEXTS);
    list_texts(ret, texts);
    for (size_t i = 0; i < N_TEXTS; i++) {
        if ((said >> i & 1U) != 0)
            *texts[i] = iw_unpack_text(&in);
        is_cut &= texts[i]->n <= IW_LIMIT_CONTEXT_TEXT_BYTES;
    }
    return iw_unpack_is_whole(&in) && ret->kind != 0 && is_cut;
}
