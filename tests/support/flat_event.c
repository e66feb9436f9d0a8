/*
 * Test events from flat maps.
 */
#include "tests/support/flat_event.h"

#include <string.h>

#include "event/value.h"

static bool add_field(struct iw_event *event, struct iw_field *fields, const struct iw_names *names,
                      struct iw_str key, const struct iw_yaml_node *value, struct iw_arena *arena)
{
    struct iw_name *name = iw_arena_calloc(arena, 1, sizeof *name);
    struct iw_field *field = &fields[event->n_fields];
    uint64_t id;

    if (name == NULL || value->kind != IW_YAML_SCALAR)
        return false;
    iw_names_describe(names, key, name);
    field->name = name;
    field->p = (const uint8_t *)value->text.p;
    field->n = (uint32_t)value->text.n;
    field->type = iw_yaml_is_null(value) ? IW_VALUE_NULL : IW_VALUE_UTF8;
    field->place = IW_PLACE_EVENT_DATA;
    if (iw_str_equal(key, IW_STR("Channel")))
        event->channel = value->text;
    else if (iw_str_equal(key, IW_STR("Provider_Name")))
        event->provider = value->text;
    else if (iw_str_equal(key, IW_STR("Computer")))
        event->computer = value->text;
    else if (iw_str_equal(key, IW_STR("EventID")) && iw_str_to_u64(value->text, &id)) {
        uint16_t *typed = iw_arena_alloc(arena, sizeof *typed);
        if (typed == NULL)
            return false;
        *typed = (uint16_t)id;
        event->event_id = (uint32_t)id;
        field->p = (const uint8_t *)typed;
        field->n = 2;
        field->type = IW_VALUE_U16;
    }
    event->n_fields++;
    return true;
}

bool flat_event_from_yaml(const struct iw_yaml_node *map, const struct iw_names *names,
                          struct iw_arena *arena, struct iw_event *ret)
{
    struct iw_field *fields = iw_arena_calloc(arena, map->n_nodes, sizeof *fields);

    memset(ret, 0, sizeof *ret);
    if (fields == NULL || map->kind != IW_YAML_MAPPING)
        return false;
    ret->flags = IW_EVENT_DECODED;
    ret->fields = fields;
    for (const struct iw_yaml_entry *entry = map->first; entry != NULL; entry = entry->next) {
        if (entry->value->kind != IW_YAML_SEQUENCE) {
            if (!add_field(ret, fields, names, entry->key->text, entry->value, arena))
                return false;
            continue;
        }
        for (const struct iw_yaml_entry *item = entry->value->first; item != NULL;
             item = item->next) {
            if (!add_field(ret, fields, names, entry->key->text, item->value, arena))
                return false;
        }
    }
    return true;
}

bool flat_event_from_text(const char *yaml, const struct iw_names *names, struct iw_arena *arena,
                          struct iw_event *ret)
{
    struct iw_yaml_stream *stream = iw_yaml_stream_new(iw_str_of(yaml), arena);
    const struct iw_yaml_node *root = NULL;
    bool ok = stream != NULL && iw_yaml_stream_next(stream, &root, NULL) == IW_OK && root != NULL;
    iw_yaml_stream_free(stream);
    return ok && flat_event_from_yaml(root, names, arena, ret);
}
