/*
 * Test events from flat maps: those of rule tests.
 */
#include "tests/support/flat_event.h"

#include "sigma/sigma_rule_test.h"

bool flat_event_from_yaml(const struct iw_yaml_node *map, const struct iw_names *names,
                          struct iw_arena *arena, struct iw_event *ret)
{
    return map->kind == IW_YAML_MAPPING &&
           iw_event_from_yaml(map, NULL, names, arena, ret, NULL) == IW_OK;
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
