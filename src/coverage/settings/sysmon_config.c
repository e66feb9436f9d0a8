/*
 * <Sysmon> / <EventFiltering> / (<RuleGroup>) / event type / (<Rule>) / field.
 *
 * Elements are read by iis/config's reader of XML, which refuses document types and has its limits.
 */
#include "coverage/settings/sysmon_config.h"

#include "base/arena_text.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/limits.h"
#include "coverage/settings/settings_text.h"
#include "coverage/settings/sysmon_names.h"
#include "iis/config/config_elements.h"

struct reading {
    struct iw_arena *arena;
    struct iw_sysmon_config *config;
    struct iw_sysmon_stranger *strangers;
    size_t n_filters; /* values of lists counted each */
};

/* --- what is not known ---------------------------------------------------------------------- */

static enum iw_rc tell(struct reading *reading, uint32_t line, const char *what, struct iw_str name)
{
    struct iw_sysmon_config *config = reading->config;
    if (config->n_strangers == IW_LIMIT_PROOF_STRANGERS) {
        config->n_strangers_hidden++;
        return IW_OK;
    }
    if (reading->strangers == NULL) {
        reading->strangers =
            iw_arena_calloc(reading->arena, IW_LIMIT_PROOF_STRANGERS, sizeof *reading->strangers);
        if (reading->strangers == NULL)
            return IW_ENOMEM;
        config->strangers = reading->strangers;
    }
    name = iw_settings_cut(name, IW_LIMIT_PROOF_SHOWN_BYTES);
    reading->strangers[config->n_strangers] = (struct iw_sysmon_stranger){
        iw_arena_format(reading->arena, "%s: %.*s", what, IW_STR_ARG(name)), line};
    return reading->strangers[config->n_strangers++].what.p != NULL ? IW_OK : IW_ENOMEM;
}

/* --- filters -------------------------------------------------------------------------------- */

static enum iw_rc take_parts(struct reading *reading, struct iw_str value, bool is_list,
                             struct iw_sysmon_filter *filter)
{
    struct iw_str rest = value, part;
    struct iw_str *wanted;
    size_t n = 1;
    for (size_t i = 0; is_list && i < value.n; i++)
        n += value.p[i] == ';';
    reading->n_filters += n;
    if (reading->n_filters > IW_LIMIT_PROOF_FILTERS)
        return IW_ELIMIT;
    wanted = iw_arena_calloc(reading->arena, n, sizeof *wanted);
    if (wanted == NULL)
        return IW_ENOMEM;
    while (iw_settings_part(&rest, is_list ? ';' : '\0', &part)) {
        /* Nothing says whether Sysmon drops blanks beside the `;`. */
        filter->is_unsure |= is_list && iw_settings_trimmed(part).n != part.n;
        part = iw_fold_text(part, reading->arena);
        if (part.p == NULL)
            return IW_ENOMEM;
        if (part.n != 0)
            wanted[filter->n_wanted++] = part;
    }
    filter->wanted = wanted;
    return IW_OK;
}

static enum iw_rc read_filter(struct reading *reading, const struct iw_config_element *element,
                              struct iw_sysmon_filter *ret)
{
    struct iw_str word = iw_config_value(element, IW_STR("condition"), IW_STR("is"));
    bool is_field;

    *ret = (struct iw_sysmon_filter){
        .name = element->name, .written = element->text, .line = element->line};
    is_field = iw_sysmon_field_parse(element->name, &ret->field);
    if (!is_field) {
        ret->is_unsure = true;
        IW_TRY(tell(reading, element->line, "Sysmon has no such field", element->name));
    }
    if (!iw_sysmon_condition_parse(word, &ret->condition)) {
        ret->is_unsure = true;
        IW_TRY(tell(reading, element->line, "Sysmon has no such condition", word));
    }
    if (element->text.p == NULL)
        ret->written = IW_STR("");
    IW_TRY(take_parts(reading, ret->written, iw_sysmon_condition_is_list(ret->condition), ret));
    ret->is_unsure |= ret->n_wanted == 0;
    return IW_OK;
}

static enum iw_sysmon_relation relation_of(const struct iw_config_element *element)
{
    struct iw_str word = iw_config_value(element, IW_STR("groupRelation"), IW_STR("and"));
    if (iw_str_equal_nocase(word, IW_STR("or")))
        return IW_SYSMON_OR;
    return iw_str_equal_nocase(word, IW_STR("and")) ? IW_SYSMON_AND : IW_SYSMON_UNSTATED;
}

static size_t count_children(const struct iw_config_element *element)
{
    size_t n = 0;
    for (const struct iw_config_element *at = element->first; at != NULL; at = at->next)
        n++;
    return n;
}

static bool is_rule(const struct iw_config_element *element)
{
    return iw_str_equal_nocase(element->name, IW_STR("Rule"));
}

static enum iw_rc read_rule(struct reading *reading, const struct iw_config_element *element,
                            struct iw_sysmon_rule *ret)
{
    size_t n = is_rule(element) ? count_children(element) : 1;
    struct iw_sysmon_filter *filters = iw_arena_calloc(reading->arena, n + 1, sizeof *filters);
    if (filters == NULL)
        return IW_ENOMEM;
    *ret = (struct iw_sysmon_rule){.filters = filters, .n = n, .is_loose = !is_rule(element)};
    if (ret->is_loose)
        return read_filter(reading, element, filters);
    ret->relation = relation_of(element);
    n = 0;
    for (const struct iw_config_element *at = element->first; at != NULL; at = at->next)
        IW_TRY(read_filter(reading, at, &filters[n++]));
    return IW_OK;
}

/* --- event types ---------------------------------------------------------------------------- */

static void hang_in(struct iw_sysmon_config *config, struct iw_sysmon_section *section)
{
    if (config->last == NULL)
        config->first = section;
    else
        config->last->next = section;
    config->last = section;
}

/* Of several elements of one type and sense in a group Sysmon takes the first alone (TrustedSec,
 * "Sysmon Community Guide", rule groups). */
static bool is_repeated(const struct iw_sysmon_section *first_of_group,
                        const struct iw_sysmon_section *section)
{
    for (; first_of_group != NULL; first_of_group = first_of_group->next) {
        if (first_of_group->type == section->type &&
            first_of_group->is_include == section->is_include)
            return true;
    }
    return false;
}

static enum iw_rc read_onmatch(struct reading *reading, const struct iw_config_element *element,
                               struct iw_sysmon_section *section)
{
    struct iw_str word = iw_config_value(element, IW_STR("onmatch"), IW_STR(""));
    section->is_include = iw_str_equal_nocase(word, IW_STR("include"));
    if (section->is_include || iw_str_equal_nocase(word, IW_STR("exclude")))
        return IW_OK;
    section->is_unknown = true;
    return tell(reading, element->line, "neither onmatch=\"include\" nor \"exclude\"",
                element->name);
}

static enum iw_rc read_section(struct reading *reading, const struct iw_config_element *element,
                               enum iw_sysmon_relation relation,
                               const struct iw_sysmon_section **first_of_group)
{
    struct iw_sysmon_section *section = iw_arena_calloc(reading->arena, 1, sizeof *section);
    struct iw_sysmon_rule *rules;
    if (section == NULL)
        return IW_ENOMEM;
    if (!iw_sysmon_type_parse(element->name, &section->type))
        return tell(reading, element->line, "Sysmon has no such event type", element->name);
    section->line = element->line;
    section->relation = relation;
    rules = iw_arena_calloc(reading->arena, count_children(element) + 1, sizeof *rules);
    if (rules == NULL)
        return IW_ENOMEM;
    section->rules = rules;
    IW_TRY(read_onmatch(reading, element, section));
    for (const struct iw_config_element *at = element->first; at != NULL; at = at->next)
        IW_TRY(read_rule(reading, at, &rules[section->n++]));
    section->is_unsure |= is_repeated(*first_of_group, section);
    hang_in(reading->config, section);
    if (*first_of_group == NULL)
        *first_of_group = section;
    return IW_OK;
}

static enum iw_rc read_group(struct reading *reading, const struct iw_config_element *group)
{
    const struct iw_sysmon_section *first = NULL;
    enum iw_sysmon_relation relation = relation_of(group);
    for (const struct iw_config_element *at = group->first; at != NULL; at = at->next)
        IW_TRY(read_section(reading, at, relation, &first));
    return IW_OK;
}

static enum iw_rc read_filtering(struct reading *reading, const struct iw_config_element *top)
{
    const struct iw_sysmon_section *first = NULL;
    for (const struct iw_config_element *at = top->first; at != NULL; at = at->next) {
        if (iw_str_equal_nocase(at->name, IW_STR("RuleGroup")))
            IW_TRY(read_group(reading, at));
        else
            IW_TRY(read_section(reading, at, IW_SYSMON_UNSTATED, &first));
    }
    return IW_OK;
}

/* A switch of the command line as an element, `<ImageLoad>w3wp.exe</ImageLoad>` right below
 * <Sysmon>: it filters, and how it goes together with <EventFiltering> is not documented. */
static enum iw_rc read_switch(struct reading *reading, const struct iw_config_element *element)
{
    struct iw_sysmon_section *section;
    enum iw_sysmon_type type;
    if (!iw_sysmon_type_parse(element->name, &type))
        return tell(reading, element->line, "Sysmon has no such element", element->name);
    section = iw_arena_calloc(reading->arena, 1, sizeof *section);
    if (section == NULL)
        return IW_ENOMEM;
    section->type = type;
    section->is_include = section->is_unknown = true;
    section->line = element->line;
    hang_in(reading->config, section);
    return tell(reading, element->line, "an option whose effect is not documented", element->name);
}

static enum iw_rc read_root(struct reading *reading, const struct iw_config_element *root)
{
    reading->config->schema = iw_config_value(root, IW_STR("schemaversion"), IW_STR(""));
    for (const struct iw_config_element *at = root->first; at != NULL; at = at->next) {
        if (iw_str_equal_nocase(at->name, IW_STR("EventFiltering")))
            IW_TRY(read_filtering(reading, at));
        else if (!iw_sysmon_is_option(at->name))
            IW_TRY(read_switch(reading, at));
    }
    return IW_OK;
}

/* --- the file ------------------------------------------------------------------------------- */

static enum iw_rc take_hashes(struct iw_str bytes, struct iw_sysmon_config *config)
{
    config->has_sha1 = iw_sha1(bytes, config->sha1);
    config->has_md5 = iw_md5(bytes, config->md5);
    return iw_sha256(bytes, config->sha256) ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_sysmon_config_read(struct iw_str bytes, struct iw_arena *arena,
                                 struct iw_sysmon_config *ret, struct iw_error *err)
{
    struct reading reading = {.arena = arena, .config = ret};
    struct iw_config_tree tree;
    enum iw_rc rc;

    *ret = (struct iw_sysmon_config){.schema = IW_STR("")};
    IW_TRY(iw_settings_fit(bytes, err));
    if (take_hashes(bytes, ret) != IW_OK ||
        iw_config_tree_read(bytes, IW_STR(""), arena, &tree) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (tree.defect != IW_CONFIG_WHOLE) {
        *err = tree.error;
        return err->rc;
    }
    if (!iw_str_equal(tree.root->name, IW_STR("Sysmon")))
        return iw_error_set(err, IW_EFORMAT, "its first element is not <Sysmon>");
    rc = read_root(&reading, tree.root);
    if (rc == IW_ELIMIT)
        return iw_error_set(err, IW_ELIMIT, "more than %u values in filters: nothing of it counts",
                            IW_LIMIT_PROOF_FILTERS);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

/* --- event 16 ------------------------------------------------------------------------------- */

static bool is_digest(struct iw_str digits, const uint8_t *digest, size_t n)
{
    uint8_t bytes[32];
    return iw_hex_read(digits, bytes, n) && memcmp(bytes, digest, n) == 0;
}

static bool has_one(const struct iw_sysmon_config *config, struct iw_str digits)
{
    switch (digits.n) {
    case 64:
        return is_digest(digits, config->sha256, 32);
    case 40:
        return config->has_sha1 && is_digest(digits, config->sha1, 20);
    case 32:
        return config->has_md5 && is_digest(digits, config->md5, 16);
    default:
        return false;
    }
}

bool iw_sysmon_config_has_hash(const struct iw_sysmon_config *config, struct iw_str text)
{
    struct iw_str rest = text, part;
    while (iw_settings_part(&rest, ',', &part)) {
        const char *equals = part.n != 0 ? memchr(part.p, '=', part.n) : NULL;
        size_t skip = equals != NULL ? (size_t)(equals - part.p) + 1 : 0;
        part = iw_settings_trimmed((struct iw_str){part.p + skip, part.n - skip});
        if (has_one(config, part))
            return true;
    }
    return false;
}
