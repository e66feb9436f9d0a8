/*
 * An event is logged when an include takes it (or there is none, and an exclude is), and no exclude
 * does. Without any filter of its type the default decides.
 */
#include "coverage/settings/sysmon_decide.h"

#include "base/path_name.h"

/* What one section says, and the filter that comes nearest to deciding it. */
struct share {
    enum iw_sysmon_share share;
    const struct iw_sysmon_section *section;
    const struct iw_sysmon_filter *filter;
};

/* --- filters that take single programs -------------------------------------------------------- */

/* Folders in which only administrators put programs; folded. Of products the one's own, whole: what
 * is common to many of them holds shells and tools that an attack goes through, too. */
static bool is_guarded(struct iw_str path)
{
    static const char *const PRODUCTS[] = {"c:\\program files\\", "c:\\program files (x86)\\"};
    for (size_t i = 0; i < sizeof PRODUCTS / sizeof PRODUCTS[0]; i++) {
        struct iw_str head = iw_str_of(PRODUCTS[i]);
        if (iw_str_begins_nocase(path, head))
            return memchr(path.p + head.n, '\\', path.n - head.n) != NULL;
    }
    return iw_str_begins_nocase(path, IW_STR("c:\\programdata\\microsoft\\windows defender\\")) ||
           iw_str_begins_nocase(path, IW_STR("c:\\windows\\"));
}

/* Whether a filter takes one program, or those of one product, by where they lie. */
static bool takes_images(const struct iw_sysmon_filter *filter)
{
    bool is_path = filter->condition == IW_SYSMON_IS || filter->condition == IW_SYSMON_IS_ANY ||
                   filter->condition == IW_SYSMON_IMAGE;
    if (filter->field != IW_SYSMON_FIELD_IMAGE || filter->is_unsure ||
        (!is_path && filter->condition != IW_SYSMON_BEGIN_WITH))
        return false;
    for (size_t i = 0; i < filter->n_wanted; i++) {
        /* All of Windows is no product. */
        if (!is_guarded(filter->wanted[i]) ||
            (!is_path && iw_str_begins_nocase(filter->wanted[i], IW_STR("c:\\windows\\"))))
            return false;
    }
    return true;
}

/* The program that begins a command line, as a condition writes it: up to its `.exe`, or as far as
 * the first blank. Empty: none can be told. */
static struct iw_str program_of(struct iw_str command_line)
{
    size_t end;
    if (command_line.n != 0 && command_line.p[0] == '"')
        command_line = (struct iw_str){command_line.p + 1, command_line.n - 1};
    if (iw_str_begins_nocase(command_line, IW_STR("\\??\\"))) /* of a driver's making */
        command_line = (struct iw_str){command_line.p + 4, command_line.n - 4};
    end = iw_str_find(command_line, IW_STR(".exe"));
    if (end == SIZE_MAX)
        return IW_STR("");
    return (struct iw_str){command_line.p, end + 4};
}

/* `%SystemRoot%\system32\...`, the sign doubled or not: the processes that start Windows. */
static bool is_of_system(struct iw_str program)
{
    static const char *const HEADS[] = {"%systemroot%\\system32\\", "%%systemroot%%\\system32\\"};
    for (size_t i = 0; i < sizeof HEADS / sizeof HEADS[0]; i++) {
        if (iw_str_begins_nocase(program, iw_str_of(HEADS[i])))
            return true;
    }
    return false;
}

/* Whether a filter takes command lines by how they begin; the image they are of then decides. */
static bool is_command_line(const struct iw_sysmon_filter *filter)
{
    return (filter->field == IW_SYSMON_FIELD_COMMAND_LINE ||
            filter->field == IW_SYSMON_FIELD_PARENT_COMMAND_LINE) &&
           (filter->condition == IW_SYSMON_IS || filter->condition == IW_SYSMON_BEGIN_WITH) &&
           program_of(filter->wanted[0]).n != 0;
}

static enum iw_sysmon_share ask_command_line(const struct iw_sysmon_filter *filter,
                                             const struct iw_sysmon_example *example)
{
    const struct iw_sysmon_values *image =
        &example
             ->fields[filter->field == IW_SYSMON_FIELD_COMMAND_LINE ? IW_SYSMON_FIELD_IMAGE
                                                                    : IW_SYSMON_FIELD_PARENT_IMAGE];
    struct iw_str program = program_of(filter->wanted[0]);
    if (image->is_whole)
        return iw_str_equal(iw_path_name(image->begin), iw_path_name(program)) ? IW_SYSMON_SOME
                                                                               : IW_SYSMON_NONE;
    if (is_of_system(program) && image->begin.n != 0) /* examples lie elsewhere */
        return IW_SYSMON_NONE;
    if (program.n > 2 && program.p[1] == ':') /* whether it may be one of those images */
        return iw_sysmon_condition_holds(IW_SYSMON_IS, &program, 1, image);
    return IW_SYSMON_SOME;
}

static bool takes_programs(const struct iw_sysmon_filter *filter)
{
    if (filter->field == IW_SYSMON_FIELD_COMMAND_LINE && !filter->is_unsure)
        return is_command_line(filter) && (is_guarded(program_of(filter->wanted[0])) ||
                                           is_of_system(program_of(filter->wanted[0])));
    return takes_images(filter);
}

/* --- filters, rules, sections --------------------------------------------------------------- */

struct asking {
    const struct iw_sysmon_example *example;
    bool is_exclude;
    size_t n_programs;
    const struct iw_sysmon_filter *program;
    /* Nearest to deciding, of the rule that is asked. */
    const struct iw_sysmon_filter *nearest;
    enum iw_sysmon_share nearest_share;
};

static enum iw_sysmon_share ask_filter(struct asking *asking, const struct iw_sysmon_filter *filter)
{
    enum iw_sysmon_share share;
    if (filter->is_unsure)
        share = IW_SYSMON_SOME;
    else if (is_command_line(filter))
        share = ask_command_line(filter, asking->example);
    else
        share = iw_sysmon_condition_holds(filter->condition, filter->wanted, filter->n_wanted,
                                          &asking->example->fields[filter->field]);
    if (share == IW_SYSMON_SOME && asking->is_exclude && asking->example->is_any_program &&
        takes_programs(filter)) {
        if (asking->n_programs++ == 0)
            asking->program = filter;
        return IW_SYSMON_NONE;
    }
    if (asking->nearest == NULL || share > asking->nearest_share) {
        asking->nearest = filter;
        asking->nearest_share = share;
    }
    return share;
}

/* Several shares under a relation. Where it is read in two ways and they differ: some. */
struct combined {
    enum iw_sysmon_share any, all, across; /* across: "or" within a field, "and" among fields */
};

static enum iw_sysmon_share settle(const struct combined *combined,
                                   enum iw_sysmon_relation relation, size_t n)
{
    if (n == 0)
        return IW_SYSMON_NONE;
    switch (relation) {
    case IW_SYSMON_OR:
        return combined->any;
    case IW_SYSMON_AND:
        return combined->across == combined->all ? combined->all : IW_SYSMON_SOME;
    case IW_SYSMON_UNSTATED:
        break;
    }
    return combined->across == combined->any ? combined->any : IW_SYSMON_SOME;
}

static void begin(struct combined *combined)
{
    *combined = (struct combined){IW_SYSMON_NONE, IW_SYSMON_ALL, IW_SYSMON_ALL};
}

static void add(struct combined *combined, enum iw_sysmon_share share)
{
    combined->any = iw_sysmon_or(combined->any, share);
    combined->all = iw_sysmon_and(combined->all, share);
}

static enum iw_sysmon_share ask_rule(struct asking *asking, const struct iw_sysmon_rule *rule)
{
    struct combined combined;
    enum iw_sysmon_share fields[IW_SYSMON_FIELD_COUNT] = {IW_SYSMON_NONE};
    bool is_there[IW_SYSMON_FIELD_COUNT] = {false};
    begin(&combined);
    for (size_t i = 0; i < rule->n; i++) {
        const struct iw_sysmon_filter *filter = &rule->filters[i];
        enum iw_sysmon_share share = ask_filter(asking, filter);
        add(&combined, share);
        fields[filter->field] = iw_sysmon_or(fields[filter->field], share);
        is_there[filter->field] = true;
    }
    for (size_t i = 0; i < IW_SYSMON_FIELD_COUNT; i++) {
        if (is_there[i])
            combined.across = iw_sysmon_and(combined.across, fields[i]);
    }
    return settle(&combined, rule->relation, rule->n);
}

/* Loose filters count by their field, a <Rule> for itself. */
static enum iw_sysmon_share ask_section(struct asking *asking,
                                        const struct iw_sysmon_section *section)
{
    struct combined combined;
    enum iw_sysmon_share fields[IW_SYSMON_FIELD_COUNT] = {IW_SYSMON_NONE}, share;
    bool is_there[IW_SYSMON_FIELD_COUNT] = {false};
    const struct iw_sysmon_filter *nearest = NULL;
    enum iw_sysmon_share nearest_share = IW_SYSMON_NONE;
    begin(&combined);
    for (size_t i = 0; i < section->n; i++) {
        const struct iw_sysmon_rule *rule = &section->rules[i];
        asking->nearest = NULL;
        share = ask_rule(asking, rule);
        if (asking->nearest != NULL && (nearest == NULL || share > nearest_share)) {
            nearest = asking->nearest;
            nearest_share = share;
        }
        add(&combined, share);
        if (rule->is_loose) {
            enum iw_sysmon_field field = rule->filters[0].field;
            fields[field] = iw_sysmon_or(fields[field], share);
            is_there[field] = true;
        } else {
            combined.across = iw_sysmon_and(combined.across, share);
        }
    }
    for (size_t i = 0; i < IW_SYSMON_FIELD_COUNT; i++) {
        if (is_there[i])
            combined.across = iw_sysmon_and(combined.across, fields[i]);
    }
    asking->nearest = nearest;
    return settle(&combined, section->relation, section->n);
}

/* All sections of a type and sense: one that takes an event is enough. */
static bool ask_sections(const struct iw_sysmon_config *config, enum iw_sysmon_type type,
                         bool is_include, struct asking *asking, struct share *ret)
{
    bool any = false;
    *ret = (struct share){IW_SYSMON_NONE, NULL, NULL};
    for (const struct iw_sysmon_section *at = config->first; at != NULL; at = at->next) {
        enum iw_sysmon_share share;
        if (at->type != type || at->is_include != is_include)
            continue;
        asking->nearest = NULL;
        share = ask_section(asking, at);
        if (at->is_unknown || (at->is_unsure && share == IW_SYSMON_ALL))
            share = IW_SYSMON_SOME;
        if (!any || share > ret->share)
            *ret = (struct share){share, at, asking->nearest};
        any = true;
    }
    return any;
}

void iw_sysmon_decide(const struct iw_sysmon_config *config, enum iw_sysmon_type type,
                      const struct iw_sysmon_example *example, struct iw_sysmon_decision *ret)
{
    struct asking asking = {.example = example};
    struct share include, exclude;
    bool has_include = ask_sections(config, type, true, &asking, &include);
    bool has_exclude;

    asking.is_exclude = true;
    has_exclude = ask_sections(config, type, false, &asking, &exclude);
    if (!has_include && !has_exclude)
        include.share = iw_sysmon_type_default(type);
    else if (!has_include)
        include.share = IW_SYSMON_ALL;
    *ret = (struct iw_sysmon_decision){.section = include.section,
                                       .filter = include.filter,
                                       .n_programs = asking.n_programs,
                                       .program = asking.program};
    ret->logged = iw_sysmon_and(include.share, iw_sysmon_not(exclude.share));
    if (has_exclude && (!has_include || iw_sysmon_not(exclude.share) < include.share)) {
        ret->section = exclude.section;
        ret->filter = exclude.share == IW_SYSMON_NONE ? NULL : exclude.filter;
    }
}

enum iw_sysmon_share iw_sysmon_ask_includes(const struct iw_sysmon_config *config,
                                            enum iw_sysmon_type type,
                                            const struct iw_sysmon_example *example, bool *ret_any)
{
    struct asking asking = {.example = example};
    struct share include;
    *ret_any = ask_sections(config, type, true, &asking, &include);
    return include.share;
}

enum iw_sysmon_share iw_sysmon_ask_exclusion(const struct iw_sysmon_rule *rule,
                                             const struct iw_sysmon_example *example)
{
    struct asking asking = {.example = example, .is_exclude = true};
    return ask_rule(&asking, rule);
}
