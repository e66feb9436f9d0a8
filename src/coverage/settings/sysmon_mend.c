/*
 * Every rule of an exclude that takes an example, or perhaps does, is named: what is left then
 * takes none of them, however rules are combined. A <Rule> goes as a whole: with fewer filters it
 * would take more.
 */
#include "coverage/settings/sysmon_mend.h"

#include "base/arena_text.h"
#include "coverage/settings/settings_text.h"
#include "iis/change/change_problems.h"

struct mending {
    const struct iw_sysmon_examples *examples;
    struct iw_arena *arena;
    struct iw_proof_mend *mend;
};

static enum iw_rc add_line(struct mending *in, uint32_t line, struct iw_str what)
{
    struct iw_proof_mend *mend = in->mend;
    if (what.p != NULL) /* values come from files that anybody may have written */
        what = iw_change_one_line(what, in->arena);
    if (what.p == NULL)
        return IW_ENOMEM;
    mend->lines[mend->n++] = (struct iw_proof_line){line, what};
    return IW_OK;
}

static bool takes_any(const struct mending *in, const struct iw_sysmon_rule *rule)
{
    for (size_t i = 0; i < in->examples->n; i++) {
        if (iw_sysmon_ask_exclusion(rule, &in->examples->items[i]) != IW_SYSMON_NONE)
            return true;
    }
    return false;
}

static enum iw_rc name_rule(struct mending *in, const struct iw_sysmon_rule *rule)
{
    const struct iw_sysmon_filter *filter = &rule->filters[0];
    struct iw_str name = iw_settings_cut(filter->name, IW_LIMIT_PROOF_SHOWN_BYTES);
    struct iw_str value = iw_settings_cut(filter->written, IW_LIMIT_PROOF_SHOWN_BYTES);
    return add_line(in, filter->line,
                    iw_arena_format(in->arena, "%s onmatch=\"exclude\": %s%.*s %s \"%.*s\"",
                                    iw_sysmon_type_name(in->examples->type),
                                    rule->is_loose ? "" : "the whole <Rule> of ", IW_STR_ARG(name),
                                    iw_sysmon_condition_name(filter->condition),
                                    IW_STR_ARG(value)));
}

/* What nobody knows the effect of cannot stay. */
static enum iw_rc name_section(struct mending *in, const struct iw_sysmon_section *section)
{
    return add_line(in, section->line,
                    iw_arena_format(in->arena,
                                    "the whole %s, neither onmatch=\"include\" nor \"exclude\"",
                                    iw_sysmon_type_name(section->type)));
}

static enum iw_rc mend_excludes(struct mending *in, const struct iw_sysmon_config *config,
                                bool *ret_any)
{
    struct iw_proof_mend *mend = in->mend;
    *ret_any = false;
    for (const struct iw_sysmon_section *at = config->first; at != NULL; at = at->next) {
        if (at->type != in->examples->type || at->is_include)
            continue;
        *ret_any |= !at->is_unknown;
        for (size_t i = 0; i < (at->is_unknown ? 1 : at->n); i++) {
            if (!at->is_unknown && !takes_any(in, &at->rules[i]))
                continue;
            if (mend->n == IW_LIMIT_PROOF_MENDS) {
                mend->is_cut = true;
                break;
            }
            IW_TRY(at->is_unknown ? name_section(in, at) : name_rule(in, &at->rules[i]));
        }
    }
    return IW_OK;
}

static bool needs_include(const struct mending *in, const struct iw_sysmon_config *config,
                          bool has_exclude)
{
    bool any = false;
    for (size_t i = 0; i < in->examples->n; i++) {
        if (iw_sysmon_ask_includes(config, in->examples->type, &in->examples->items[i], &any) !=
                IW_SYSMON_ALL &&
            any)
            return true;
    }
    return !any && !has_exclude && iw_sysmon_type_default(in->examples->type) != IW_SYSMON_ALL;
}

enum iw_rc iw_sysmon_mend(const struct iw_sysmon_config *config,
                          const struct iw_sysmon_examples *examples, struct iw_str source,
                          struct iw_arena *arena, struct iw_proof_mend **ret)
{
    struct mending in = {examples, arena, iw_arena_calloc(arena, 1, sizeof *in.mend)};
    bool has_exclude;
    if (in.mend == NULL)
        return IW_ENOMEM;
    in.mend->source = source;
    IW_TRY(mend_excludes(&in, config, &has_exclude));
    in.mend->needs_include = needs_include(&in, config, has_exclude);
    *ret = in.mend;
    return IW_OK;
}
