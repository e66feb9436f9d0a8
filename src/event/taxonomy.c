/*
 * Security 4688 → process_creation and Security 5156 → network_connection (Sigma's Windows
 * taxonomy, appendix; value conversions as Windows writes both events).
 *
 * A 4688 has no OriginalFileName, Hashes, ParentCommandLine, CurrentDirectory, version information
 * or process GUIDs: such fields stay absent. The Application of a 5156 stays a device path, because
 * the drive letter is not in the event.
 */
#include "event/taxonomy.h"

#include "event/value.h"

static const struct iw_taxonomy_row PROCESS_4688[] = {
    {IW_FIELD_IMAGE, IW_FIELD_NEW_PROCESS_NAME, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PARENT_IMAGE, IW_FIELD_PARENT_PROCESS_NAME, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PROCESS_ID, IW_FIELD_NEW_PROCESS_ID, 0, IW_TAXONOMY_DECIMAL},
    {IW_FIELD_PARENT_PROCESS_ID, IW_FIELD_PROCESS_ID, 0, IW_TAXONOMY_DECIMAL},
    {IW_FIELD_USER, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME, IW_TAXONOMY_ACCOUNT},
    {IW_FIELD_LOGON_ID, IW_FIELD_SUBJECT_LOGON_ID, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_INTEGRITY_LEVEL, IW_FIELD_MANDATORY_LABEL, 0, IW_TAXONOMY_INTEGRITY},
};

static const struct iw_taxonomy_row CONNECTION_5156[] = {
    {IW_FIELD_IMAGE, IW_FIELD_APPLICATION, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_INITIATED, IW_FIELD_DIRECTION, 0, IW_TAXONOMY_INITIATED},
    {IW_FIELD_SOURCE_IP, IW_FIELD_SOURCE_ADDRESS, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_DESTINATION_IP, IW_FIELD_DEST_ADDRESS, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_DESTINATION_PORT, IW_FIELD_DEST_PORT, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PROTOCOL, IW_FIELD_PROTOCOL, 0, IW_TAXONOMY_PROTOCOL},
};

static const struct iw_taxonomy TAXONOMIES[] = {
    {"Security", 4688, PROCESS_4688, sizeof PROCESS_4688 / sizeof PROCESS_4688[0]},
    {"Security", 5156, CONNECTION_5156, sizeof CONNECTION_5156 / sizeof CONNECTION_5156[0]},
};

/* What Windows writes → what Sysmon writes. */
struct replacement {
    enum iw_taxonomy_change change;
    const char *from, *to;
};

static const struct replacement REPLACEMENTS[] = {
    {IW_TAXONOMY_INTEGRITY, "S-1-16-4096", "Low"},
    {IW_TAXONOMY_INTEGRITY, "S-1-16-8192", "Medium"},
    {IW_TAXONOMY_INTEGRITY, "S-1-16-12288", "High"},
    {IW_TAXONOMY_INTEGRITY, "S-1-16-16384", "System"},
    {IW_TAXONOMY_INITIATED, "%%14593", "true"},
    {IW_TAXONOMY_INITIATED, "%%14592", "false"},
    {IW_TAXONOMY_PROTOCOL, "6", "tcp"},
    {IW_TAXONOMY_PROTOCOL, "17", "udp"},
};

const struct iw_taxonomy *iw_taxonomy_of(struct iw_str channel, uint32_t event_id)
{
    for (size_t i = 0; i < sizeof TAXONOMIES / sizeof TAXONOMIES[0]; i++) {
        if (TAXONOMIES[i].event_id == event_id &&
            iw_str_equal_nocase(iw_str_of(TAXONOMIES[i].channel), channel))
            return &TAXONOMIES[i];
    }
    return NULL;
}

const struct iw_taxonomy_row *iw_taxonomy_find(const struct iw_taxonomy *taxonomy,
                                               uint32_t canonical)
{
    for (size_t i = 0; taxonomy != NULL && i < taxonomy->n_rows; i++) {
        if (taxonomy->rows[i].canonical == canonical)
            return &taxonomy->rows[i];
    }
    return NULL;
}

static struct iw_str replace(enum iw_taxonomy_change change, struct iw_str text)
{
    for (size_t i = 0; i < sizeof REPLACEMENTS / sizeof REPLACEMENTS[0]; i++) {
        if (REPLACEMENTS[i].change == change &&
            iw_str_equal_nocase(iw_str_of(REPLACEMENTS[i].from), text))
            return iw_str_of(REPLACEMENTS[i].to);
    }
    return text;
}

static struct iw_str decimal(struct iw_value value, struct iw_arena *arena)
{
    uint64_t number = 0;
    char digits[20];
    size_t at = sizeof digits;

    if (!iw_value_u64(value, &number))
        return iw_value_text(value, arena);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return iw_arena_copy(arena, (struct iw_str){digits + at, sizeof digits - at});
}

/* `-` is how Windows writes "no account". */
static struct iw_str account(const struct iw_field *domain_field, struct iw_str name,
                             struct iw_arena *arena)
{
    struct iw_str domain = {"", 0};
    char *out;
    if (domain_field != NULL)
        domain = iw_value_text(iw_field_value(domain_field), arena);
    if (domain.p == NULL)
        return domain;
    if (domain.n == 0 || iw_str_equal(domain, IW_STR("-")))
        return name;
    out = iw_arena_alloc(arena, domain.n + 1 + name.n + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(out, domain.p, domain.n);
    out[domain.n] = '\\';
    memcpy(out + domain.n + 1, name.p, name.n);
    return (struct iw_str){out, domain.n + 1 + name.n};
}

enum iw_rc iw_taxonomy_value(const struct iw_taxonomy_row *row, const struct iw_event *event,
                             struct iw_arena *arena, struct iw_str *ret)
{
    const struct iw_field *field = iw_event_find(event, row->from);

    *ret = IW_STR("");
    if (field == NULL)
        return IW_END;
    if (row->change == IW_TAXONOMY_DECIMAL) {
        *ret = decimal(iw_field_value(field), arena);
    } else {
        *ret = iw_value_text(iw_field_value(field), arena);
        if (ret->p != NULL && row->change == IW_TAXONOMY_ACCOUNT)
            *ret = account(iw_event_find(event, row->domain), *ret, arena);
        else if (ret->p != NULL)
            *ret = replace(row->change, *ret);
    }
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

struct iw_str iw_taxonomy_text(const struct iw_event *event, uint32_t canonical_id,
                               struct iw_arena *arena)
{
    const struct iw_taxonomy_row *row =
        iw_taxonomy_find(iw_taxonomy_of(event->channel, event->event_id), canonical_id);
    struct iw_str text;

    if (row == NULL)
        return iw_event_text(event, canonical_id, arena);
    if (iw_taxonomy_value(row, event, arena, &text) == IW_ENOMEM)
        return IW_STR("");
    return text;
}
