#include "coverage/settings/sysmon_ask.h"

#include "base/arena_text.h"
#include "base/limits.h"
#include "coverage/settings/settings_text.h"
#include "coverage/settings/sysmon_examples.h"
#include "coverage/settings/sysmon_mend.h"

/* What all examples come to. */
struct outcome {
    size_t n_logged, n_lost;                        /* wholly */
    bool loses_first;                               /* some of what an attack does first is lost */
    const struct iw_sysmon_example *logged, *other; /* the first of each */
    struct iw_sysmon_decision of_logged, of_other;
    struct iw_sysmon_decision programs; /* with the most programs left out */
};

static void ask_all(const struct iw_sysmon_config *config,
                    const struct iw_sysmon_examples *examples, struct outcome *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < examples->n; i++) {
        const struct iw_sysmon_example *example = &examples->items[i];
        struct iw_sysmon_decision decision;
        bool is_first_lost;
        iw_sysmon_decide(config, examples->type, example, &decision);
        if (decision.n_programs > ret->programs.n_programs)
            ret->programs = decision;
        if (decision.logged == IW_SYSMON_ALL) {
            if (ret->n_logged++ == 0) {
                ret->logged = example;
                ret->of_logged = decision;
            }
            continue;
        }
        is_first_lost = example->is_first && decision.logged == IW_SYSMON_NONE;
        ret->n_lost += decision.logged == IW_SYSMON_NONE;
        if (ret->other == NULL || (is_first_lost && !ret->loses_first)) { /* the worse is told */
            ret->other = example;
            ret->of_other = decision;
        }
        ret->loses_first |= is_first_lost;
    }
}

/* --- in words ------------------------------------------------------------------------------- */

static struct iw_str shown(struct iw_str text)
{
    return iw_settings_cut(text, IW_LIMIT_PROOF_SHOWN_BYTES);
}

/* `FileCreate onmatch="include" (line 12): TargetFilename end with ".aspx" (line 13)` */
static struct iw_str name_decision(enum iw_sysmon_type type,
                                   const struct iw_sysmon_decision *decision,
                                   struct iw_arena *arena)
{
    const struct iw_sysmon_section *section = decision->section;
    const struct iw_sysmon_filter *filter = decision->filter;
    const char *sense;
    if (section == NULL) {
        static const char *const OTHERWISE[] = {
            [IW_SYSMON_NONE] = "Sysmon logs none by default",
            [IW_SYSMON_SOME] = "versions of Sysmon differ in what they log then",
            [IW_SYSMON_ALL] = "Sysmon logs all by default"};
        return iw_arena_format(arena, "no filter for %s: %s", iw_sysmon_type_name(type),
                               OTHERWISE[iw_sysmon_type_default(type)]);
    }
    sense = section->is_unknown   ? ""
            : section->is_include ? " onmatch=\"include\""
                                  : " onmatch=\"exclude\"";
    if (filter == NULL || decision->logged == IW_SYSMON_NONE) {
        if (section->n == 0)
            return iw_arena_format(arena, "%s%s (line %u) without a filter",
                                   iw_sysmon_type_name(type), sense, section->line);
        if (filter == NULL || section->is_include)
            return iw_arena_format(arena, "no filter of %s%s (line %u) takes it",
                                   iw_sysmon_type_name(type), sense, section->line);
    }
    return iw_arena_format(arena, "%s%s: %.*s %s \"%.*s\" (line %u)", iw_sysmon_type_name(type),
                           sense, IW_STR_ARG(shown(filter->name)),
                           iw_sysmon_condition_name(filter->condition),
                           IW_STR_ARG(shown(filter->written)), filter->line);
}

static struct iw_str name_example(const struct iw_sysmon_example *example, struct iw_arena *arena)
{
    if (example->by.n == 0)
        return example->what;
    return iw_arena_format(arena, "%.*s by %.*s", IW_STR_ARG(example->what),
                           IW_STR_ARG(example->by));
}

/* Of what is logged: which programs are left out all the same. */
static struct iw_str name_programs(const struct iw_sysmon_decision *decision, struct iw_str why,
                                   struct iw_arena *arena)
{
    const struct iw_sysmon_filter *program = decision->program;
    if (decision->n_programs == 0 || why.p == NULL)
        return why;
    if (decision->n_programs == 1)
        return iw_arena_format(arena, "%.*s; but for %.*s (line %u)", IW_STR_ARG(why),
                               IW_STR_ARG(shown(program->written)), program->line);
    return iw_arena_format(arena, "%.*s; but for %.*s (line %u) and %zu filters like it",
                           IW_STR_ARG(why), IW_STR_ARG(shown(program->written)), program->line,
                           decision->n_programs - 1);
}

static struct iw_str tell(enum iw_sysmon_type type, const struct outcome *outcome,
                          enum iw_proof_state state, struct iw_arena *arena)
{
    struct iw_str example, reason;
    if (state == IW_PROOF_LOGGED)
        return name_programs(&outcome->programs, name_decision(type, &outcome->of_logged, arena),
                             arena);
    reason = name_decision(type, &outcome->of_other, arena);
    example = name_example(outcome->other, arena);
    if (reason.p == NULL || example.p == NULL || state == IW_PROOF_NOT_LOGGED)
        return reason;
    if (outcome->n_logged == 0)
        return iw_arena_format(arena, "%.*s: perhaps not: %.*s", IW_STR_ARG(example),
                               IW_STR_ARG(reason));
    return iw_arena_format(arena, "%.*s: %s: %.*s", IW_STR_ARG(example),
                           outcome->of_other.logged == IW_SYSMON_NONE ? "not logged"
                                                                      : "perhaps not",
                           IW_STR_ARG(reason));
}

static enum iw_rc answer(const struct iw_sysmon_config *config,
                         const struct iw_sysmon_examples *examples, struct iw_arena *arena,
                         struct iw_proof_answer *ret)
{
    struct outcome outcome;
    ask_all(config, examples, &outcome);
    if (outcome.n_logged == examples->n)
        ret->state = IW_PROOF_LOGGED;
    else
        ret->state = outcome.n_lost == examples->n ? IW_PROOF_NOT_LOGGED : IW_PROOF_PARTLY;
    ret->loses_first = ret->state == IW_PROOF_PARTLY && outcome.loses_first;
    if (ret->state != IW_PROOF_LOGGED) {
        ret->lack = IW_LACK_FILTER;
        IW_TRY(iw_sysmon_mend(config, examples, ret->source, arena, &ret->mends));
    }
    ret->why = tell(examples->type, &outcome, ret->state, arena);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_sysmon_ask(const struct iw_sysmon_config *config, enum iw_sense sense,
                         const struct iw_sense_subject *subject, struct iw_arena *arena,
                         struct iw_proof_answer *ret)
{
    struct iw_sysmon_examples examples;
    struct iw_arena own; /* there are many, and each is large */
    enum iw_rc rc;
    iw_arena_init(&own, 0);
    rc = iw_sysmon_examples_make(sense, subject, &own, &examples);
    if (rc == IW_OK)
        rc = answer(config, &examples, arena, ret);
    iw_arena_done(&own);
    return rc;
}
