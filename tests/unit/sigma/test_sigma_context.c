/*
 * Rules that ask for context: while context is open they neither fire early nor are lost, and once
 * it answers they come to what they would have come to had the event carried the answers.
 *
 * The reference is the plain walk over an event that carries the context fields (takes_context),
 * on random rules with `not` over them. Keywords look at the record alone, so words of context and
 * of records are different ones here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "sigma/sigma.h"
#include "sigma/sigma_explain.h"
#include "tests/support/flat_event.h"

#define N_ROUNDS 80U
#define N_RULES 40U
#define N_EVENTS 60U
#define N_CONTEXT 3U

static uint64_t random_state;

static uint32_t below(uint32_t n)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)((random_state >> 33) % n);
}

#define PICK(list) (list)[below((uint32_t)(sizeof(list) / sizeof *(list)))]

static const char *const WORDS[] = {"cmd", ".exe", "net", "x64", "É"};
static const char *const PLACES[] = {"shop", "portal", "intra", "42"};
static const char *const FIELDS[] = {"Image", "User", "Other"};
static const char *const CONTEXT[N_CONTEXT] = {"Web.Site", "Ancestor.Image", "Logon.Type"};

/* --- rules and events ------------------------------------------------------------------------ */

static void put_item(struct iw_buffer *out)
{
    static const char *const CHAINS[] = {"", "|contains", "|startswith", "|neq", "|contains|cased"};
    bool is_context = below(2) != 0;
    const char *field = is_context ? PICK(CONTEXT) : PICK(FIELDS);
    switch (below(9)) {
    case 0:
        iw_buffer_printf(out, "%s|exists: %s", field, below(2) != 0 ? "true" : "false");
        break;
    case 1:
        iw_buffer_printf(out, "%s|re: \"%s.*%s\"", field, is_context ? "s" : "c",
                         is_context ? "p" : "d");
        break;
    case 2:
        iw_buffer_printf(out, "%s|fieldref: %s", field,
                         below(2) != 0 ? PICK(FIELDS) : PICK(CONTEXT));
        break;
    case 3:
        iw_buffer_printf(out, "%s|gt: %u", field, below(60));
        break;
    case 4:
        iw_buffer_printf(out, "%s: null", field);
        break;
    case 5:
        iw_buffer_printf(out, "%s|contains: [\"%s\", \"%s\"]", field,
                         is_context ? PICK(PLACES) : PICK(WORDS),
                         is_context ? PICK(PLACES) : PICK(WORDS));
        break;
    default:
        iw_buffer_printf(out, "%s%s: \"%s\"", field, PICK(CHAINS),
                         is_context ? PICK(PLACES) : PICK(WORDS));
    }
}

static void put_rule(struct iw_buffer *out)
{
    static const char *const CONDITIONS[] = {
        "s0",           "s0 and not s1",     "not s0",
        "s0 or not s1", "not (s0 or s1)",    "1 of s*",
        "all of s*",    "not s0 and not s1", "s0 and (s1 or not s2)"};
    static const char *const SOURCES[] = {"category: process_creation", "service: security",
                                          "service: sysmon"};
    iw_buffer_printf(out, "title: t\nlogsource: {product: windows, %s}\ndetection:\n",
                     PICK(SOURCES));
    for (uint32_t s = 0; s < 3; s++) {
        iw_buffer_printf(out, "  s%u:\n", s);
        if (below(10) == 0) {
            iw_buffer_printf(out, "    - \"%s\"\n", PICK(WORDS));
            continue;
        }
        for (uint32_t n = 1 + below(2); n != 0; n--) {
            iw_buffer_add(out, IW_STR("    "));
            put_item(out);
            iw_buffer_add_char(out, '\n');
        }
    }
    iw_buffer_printf(out, "  condition: %s\n---\n", PICK(CONDITIONS));
}

static void put_event(struct iw_buffer *out)
{
    static const char *const HEADS[] = {
        "Channel: Microsoft-Windows-Sysmon/Operational\nEventID: 1\n",
        "Channel: Security\nEventID: 4688\n"};
    static const char *const NAMES[] = {"Image", "User", "Other", "NewProcessName"};
    iw_buffer_add(out, iw_str_of(PICK(HEADS)));
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (below(3) != 0) /* sometimes a word of context, so that comparing fields can hold */
            iw_buffer_printf(out, "%s: \"%s%s\"\n", NAMES[i], below(3) != 0 ? PICK(WORDS) : "",
                             below(2) != 0 ? PICK(PLACES) : "");
    }
}

/* --- what context says ------------------------------------------------------------------------ */

struct known_context {
    struct iw_context_answer answers[N_CONTEXT];
    size_t n_asked;
};

static void invent_context(struct known_context *context)
{
    context->n_asked = 0;
    for (size_t i = 0; i < N_CONTEXT; i++) {
        struct iw_context_answer *answer = &context->answers[i];
        answer->is_known = true;
        answer->is_partial = answer->is_assumed = false;
        answer->n = below(3);
        for (size_t k = 0; k < answer->n; k++)
            answer->values[k] = iw_str_of(PICK(PLACES));
    }
}

static enum iw_rc answer(void *context, struct iw_str field, struct iw_context_answer *ret)
{
    struct known_context *known = context;
    known->n_asked++;
    for (size_t i = 0; i < N_CONTEXT; i++) {
        if (iw_str_equal_nocase(field, iw_str_of(CONTEXT[i])))
            *ret = known->answers[i];
    }
    return IW_OK;
}

/* The event with the answers among its fields. */
static struct iw_event with_context(const struct iw_event *event, const struct known_context *known,
                                    const struct iw_names *names, struct iw_arena *arena)
{
    struct iw_event result = *event;
    struct iw_field *fields = iw_arena_calloc(arena, event->n_fields + 16, sizeof *fields);
    size_t n = event->n_fields;
    assert_non_null(fields);
    if (n != 0)
        memcpy(fields, event->fields, n * sizeof *fields);
    for (size_t i = 0; i < N_CONTEXT; i++) {
        struct iw_name *name = iw_arena_calloc(arena, 1, sizeof *name);
        iw_names_describe(names, iw_str_of(CONTEXT[i]), name);
        for (size_t k = 0; k < known->answers[i].n; k++) {
            struct iw_str text = known->answers[i].values[k];
            fields[n++] =
                (struct iw_field){name,          (const uint8_t *)text.p, (uint32_t)text.n,
                                  IW_VALUE_UTF8, IW_PLACE_EVENT_DATA,     0};
        }
    }
    result.fields = fields;
    result.n_fields = (uint32_t)n;
    return result;
}

/* --- the rig ------------------------------------------------------------------------------------
 */

struct rig {
    struct iw_names names;
    struct iw_rule_account account, reference_account;
    struct iw_sigma_ruleset *ruleset, *reference;
    struct iw_sigma_scanner *fast, *plain, *judge;
    struct iw_sigma_decider *decider;
    struct iw_sigma_explainer *awaiting[N_RULES], *whole[N_RULES]; /* of both rulesets */
    struct iw_arena arena;
    struct iw_buffer text;
    size_t n_early, n_late, n_open, n_dropped, n_explained;
};

static struct iw_sigma_ruleset *load(struct rig *rig, struct iw_rule_account *account,
                                     struct iw_sigma_options options, struct iw_str rules)
{
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset;
    iw_rule_account_init(account);
    compiler = iw_sigma_compiler_new(&rig->names, account);
    assert_non_null(compiler);
    iw_sigma_compiler_set_options(compiler, &options);
    assert_int_equal(iw_sigma_compiler_add(compiler, "random", false, rules), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    return ruleset;
}

static void begin(struct rig *rig, struct iw_str rules)
{
    assert_int_equal(iw_names_init(&rig->names), IW_OK);
    for (size_t i = 0; i < N_CONTEXT; i++)
        assert_int_not_equal(iw_names_add(&rig->names, iw_str_of(CONTEXT[i])), IW_NAME_UNASKED);
    rig->ruleset =
        load(rig, &rig->account, (struct iw_sigma_options){.defers_context = true}, rules);
    rig->reference =
        load(rig, &rig->reference_account, (struct iw_sigma_options){.takes_context = true}, rules);
    rig->fast = iw_sigma_scanner_new(rig->ruleset);
    rig->plain = iw_sigma_scanner_new_plain(rig->ruleset);
    rig->judge = iw_sigma_scanner_new_plain(rig->reference);
    rig->decider = iw_sigma_decider_new(rig->ruleset, &rig->names);
    assert_true(rig->fast != NULL && rig->plain != NULL && rig->judge != NULL &&
                rig->decider != NULL);
    for (size_t i = 0; i < N_RULES && i < iw_sigma_ruleset_count(rig->ruleset); i++) {
        rig->awaiting[i] = iw_sigma_explainer_new(rig->ruleset, i);
        rig->whole[i] = iw_sigma_explainer_new(rig->reference, i);
        assert_true(rig->awaiting[i] != NULL && rig->whole[i] != NULL);
        assert_int_equal(
            iw_sigma_explainer_await_context(rig->awaiting[i], rig->ruleset, &rig->names), IW_OK);
    }
    iw_arena_init(&rig->arena, 0);
}

static void end(struct rig *rig)
{
    iw_sigma_scanner_free(rig->fast);
    iw_sigma_scanner_free(rig->plain);
    iw_sigma_scanner_free(rig->judge);
    iw_sigma_decider_free(rig->decider);
    for (size_t i = 0; i < N_RULES; i++) {
        iw_sigma_explainer_free(rig->awaiting[i]);
        iw_sigma_explainer_free(rig->whole[i]);
    }
    iw_sigma_ruleset_free(rig->ruleset);
    iw_sigma_ruleset_free(rig->reference);
    iw_rule_account_done(&rig->account);
    iw_rule_account_done(&rig->reference_account);
    iw_names_done(&rig->names);
    iw_arena_done(&rig->arena);
}

static bool holds(const uint32_t *rules, size_t n, uint32_t rule)
{
    for (size_t i = 0; i < n; i++) {
        if (rules[i] == rule)
            return true;
    }
    return false;
}

/* --- random rules against the event that carries its context -----------------------------------
 */

/* What the deferring scanner and the decider make of every rule. */
static void judge_event(struct rig *rig, const struct iw_event *event, struct known_context *known)
{
    struct iw_event whole = with_context(event, known, &rig->names, &rig->arena);
    const uint32_t *expected, *early, *plain;
    size_t n_expected, n_early, n_plain, n_perhaps, n_plain_perhaps;
    const struct iw_sigma_perhaps *perhaps, *plain_perhaps;

    assert_int_equal(iw_sigma_scanner_match(rig->judge, &whole, &expected, &n_expected), IW_OK);
    assert_int_equal(iw_sigma_scanner_match(rig->plain, event, &plain, &n_plain), IW_OK);
    plain_perhaps = iw_sigma_scanner_perhaps(rig->plain, &n_plain_perhaps);
    assert_int_equal(iw_sigma_scanner_match(rig->fast, event, &early, &n_early), IW_OK);
    perhaps = iw_sigma_scanner_perhaps(rig->fast, &n_perhaps);
    assert_int_equal(n_early, n_plain);
    assert_int_equal(n_perhaps, n_plain_perhaps);
    for (size_t i = 0; i < n_perhaps; i++) {
        assert_int_equal(perhaps[i].rule, plain_perhaps[i].rule);
        assert_int_equal(perhaps[i].residue.n, plain_perhaps[i].residue.n);
        assert_memory_equal(perhaps[i].residue.p, plain_perhaps[i].residue.p, perhaps[i].residue.n);
    }
    for (size_t i = 0; i < n_early; i++) { /* nothing fires early */
        if (!holds(expected, n_expected, early[i]))
            fail_msg("rule %u fires early", early[i]);
    }
    rig->n_early += n_early;
    for (size_t i = 0, n_found = n_early; i <= n_perhaps; i++) {
        enum iw_truth truth;
        if (i == n_perhaps) { /* nothing is lost */
            assert_int_equal(n_found, n_expected);
            break;
        }
        assert_int_equal(iw_sigma_decide(rig->decider, perhaps[i].rule, perhaps[i].residue, answer,
                                         known, &truth),
                         IW_OK);
        if ((truth == IW_TRUE) != holds(expected, n_expected, perhaps[i].rule))
            fail_msg("rule %u comes to %d\n%s", perhaps[i].rule, (int)truth, rig->text.p);
        assert_int_not_equal(truth, IW_UNKNOWN);
        n_found += truth == IW_TRUE;
        rig->n_late += truth == IW_TRUE;
        rig->n_dropped += truth == IW_FALSE;
    }
}

static enum iw_rc say_gap(void *context, struct iw_str field,
                          const struct iw_context_answer *answer, struct iw_context_gap *ret)
{
    (void)context;
    (void)field;
    assert_true(!answer->is_known || answer->is_partial);
    *ret = (struct iw_context_gap){IW_STR("nobody saw it"), IW_STR("a better log")};
    return IW_OK;
}

static void items_are_alike(const struct iw_explained_group *later,
                            const struct iw_explained_group *whole)
{
    assert_int_equal(later->n_items, whole->n_items);
    assert_int_equal(later->answer, whole->answer);
    for (size_t i = 0; i < whole->n_items; i++) {
        const struct iw_explained_item *a = &later->items[i], *b = &whole->items[i];
        assert_int_equal(a->answer, b->answer);
        assert_int_equal(a->is_blamed, b->is_blamed);
        assert_true(iw_str_equal(a->key, b->key) && a->line == b->line);
        assert_int_equal(a->n_values, b->n_values);
        for (size_t k = 0; k < b->n_values; k++) {
            assert_true(iw_str_equal(a->values[k].text, b->values[k].text));
            assert_int_equal(a->values[k].answer, b->values[k].answer);
        }
        if (a->n_context != 0)
            continue;
        assert_int_equal(a->is_absent, b->is_absent);
        assert_int_equal(a->n_event_values, b->n_event_values);
        for (size_t k = 0; k < b->n_event_values; k++)
            assert_true(iw_str_equal(a->event_values[k], b->event_values[k]));
    }
}

/* Explaining first the record and later its context says what explaining both at once says. */
static void explained_alike(struct rig *rig, size_t rule, const struct iw_event *event,
                            struct known_context *known)
{
    struct iw_event whole = with_context(event, known, &rig->names, &rig->arena);
    const struct iw_sigma_answerer answerer = {answer, say_gap, known};
    struct iw_explanation later, at_once;
    enum iw_answer measured;
    size_t n_failing;
    iw_buffer_clear(&rig->text);
    assert_int_equal(iw_sigma_explainer_look(rig->awaiting[rule], event, &rig->text), IW_OK);
    assert_int_equal(iw_sigma_explainer_measure_look(rig->awaiting[rule], iw_buffer_str(&rig->text),
                                                     &answerer, &measured, &n_failing, NULL),
                     IW_OK);
    assert_int_equal(iw_sigma_explainer_explain_look(rig->awaiting[rule], iw_buffer_str(&rig->text),
                                                     &answerer, &rig->arena, &later),
                     IW_OK);
    assert_int_equal(iw_sigma_explainer_explain(rig->whole[rule], &whole, &rig->arena, &at_once),
                     IW_OK);
    assert_int_equal(measured, later.answer);
    assert_int_equal(n_failing, later.n_failing);
    assert_int_equal(later.answer, at_once.answer);
    assert_int_equal(later.n_failing, at_once.n_failing);
    assert_int_equal(later.changes.n, at_once.changes.n);
    assert_int_equal(later.n_selections, at_once.n_selections);
    for (size_t s = 0; s < at_once.n_selections; s++) {
        assert_int_equal(later.selections[s].answer, at_once.selections[s].answer);
        assert_int_equal(later.selections[s].blame, at_once.selections[s].blame);
        assert_int_equal(later.selections[s].n_groups, at_once.selections[s].n_groups);
        for (size_t g = 0; g < at_once.selections[s].n_groups; g++)
            items_are_alike(&later.selections[s].groups[g], &at_once.selections[s].groups[g]);
    }
    rig->n_explained++;
}

/* What is not all there is no look. */
static void cut_looks_are_refused(struct rig *rig, size_t rule, struct known_context *known)
{
    const struct iw_sigma_answerer answerer = {answer, say_gap, known};
    struct iw_str look = iw_buffer_str(&rig->text);
    struct iw_explanation ignored;
    for (size_t n = 0; n < look.n; n++) {
        struct iw_str cut = {look.p, n};
        assert_int_equal(iw_sigma_explainer_explain_look(rig->awaiting[rule], cut, &answerer,
                                                         &rig->arena, &ignored),
                         IW_EFORMAT);
    }
}

static void explain_event(struct rig *rig, const struct iw_event *event,
                          struct known_context *known)
{
    for (size_t i = 0; i < N_RULES && rig->whole[i] != NULL; i++) {
        if (!iw_sigma_explainer_wants(rig->whole[i], event->channel, event->event_id) ||
            !iw_sigma_ruleset_asks_context(rig->ruleset, i))
            continue;
        explained_alike(rig, i, event, known);
        if (below(200) == 0)
            cut_looks_are_refused(rig, i, known);
    }
}

/* With one field not known, a rule comes to true or false only if it does whatever that field is.
 */
static void judge_with_a_hole(struct rig *rig, struct known_context *known)
{
    size_t n, hole = below(N_CONTEXT);
    const struct iw_sigma_perhaps *perhaps = iw_sigma_scanner_perhaps(rig->fast, &n);

    for (size_t i = 0; i < n; i++) {
        struct iw_context_answer kept = known->answers[hole];
        enum iw_truth whole, part;
        assert_int_equal(iw_sigma_decide(rig->decider, perhaps[i].rule, perhaps[i].residue, answer,
                                         known, &whole),
                         IW_OK);
        known->answers[hole] = (struct iw_context_answer){.is_known = false};
        assert_int_equal(iw_sigma_decide(rig->decider, perhaps[i].rule, perhaps[i].residue, answer,
                                         known, &part),
                         IW_OK);
        if (part != IW_UNKNOWN)
            assert_int_equal(part, whole);
        rig->n_open += part == IW_UNKNOWN;
        /* All values but one are told: what is found must stand, and nothing else. */
        known->answers[hole] = kept;
        if (kept.n != 0)
            known->answers[hole].n--;
        known->answers[hole].is_partial = true;
        assert_int_equal(iw_sigma_decide(rig->decider, perhaps[i].rule, perhaps[i].residue, answer,
                                         known, &part),
                         IW_OK);
        if (part != IW_UNKNOWN)
            assert_int_equal(part, whole);
        known->answers[hole] = kept;
    }
}

static void neither_early_nor_lost(void **state)
{
    struct rig total = {.n_early = 0};

    (void)state;
    for (uint64_t round = 0; round < N_ROUNDS; round++) {
        struct rig rig = {.ruleset = NULL};
        struct iw_buffer rules;
        random_state = round * 0x9E3779B97F4A7C15ULL + 7;
        iw_buffer_init(&rules);
        iw_buffer_init(&rig.text);
        for (uint32_t i = 0; i < N_RULES; i++)
            put_rule(&rules);
        begin(&rig, iw_buffer_str(&rules));
        for (uint32_t i = 0; i < N_EVENTS; i++) {
            struct known_context known;
            struct iw_event event;
            iw_buffer_clear(&rig.text);
            put_event(&rig.text);
            iw_buffer_add_char(&rig.text, '\0');
            assert_true(flat_event_from_text(rig.text.p, &rig.names, &rig.arena, &event));
            invent_context(&known);
            judge_event(&rig, &event, &known);
            judge_with_a_hole(&rig, &known);
            if (i % 4 == 0)
                explain_event(&rig, &event, &known);
        }
        total.n_early += rig.n_early;
        total.n_late += rig.n_late;
        total.n_dropped += rig.n_dropped;
        total.n_open += rig.n_open;
        total.n_explained += rig.n_explained;
        end(&rig);
        iw_buffer_done(&rig.text);
        iw_buffer_done(&rules);
    }
    (void)fprintf(stderr,
                  "%zu at once, %zu later, %zu dropped later, %zu left open, %zu explained\n",
                  total.n_early, total.n_late, total.n_dropped, total.n_open, total.n_explained);
    assert_true(total.n_early > 1000 && total.n_late > 10000 && total.n_dropped > 10000 &&
                total.n_open > 10000 && total.n_explained > 10000);
}

/* --- by hand ------------------------------------------------------------------------------------
 */

static const char RULES[] = "title: a shell that no approved change explains\n"
                            "logsource: {product: windows, category: process_creation}\n"
                            "detection:\n"
                            "  shell: {Image|endswith: '\\cmd.exe'}\n"
                            "  explained: {Change.Status: explained}\n"
                            "  condition: shell and not explained\n";

static void scan(struct rig *rig, const char *text, size_t n_matches, size_t n_perhaps,
                 const struct iw_sigma_perhaps **ret)
{
    const uint32_t *matches;
    size_t n;
    struct iw_event event;
    assert_true(flat_event_from_text(text, &rig->names, &rig->arena, &event));
    assert_int_equal(iw_sigma_scanner_match(rig->fast, &event, &matches, &n), IW_OK);
    assert_int_equal(n, n_matches);
    *ret = iw_sigma_scanner_perhaps(rig->fast, &n);
    assert_int_equal(n, n_perhaps);
}

static enum iw_rc status(void *context, struct iw_str field, struct iw_context_answer *ret)
{
    if (context == NULL)
        return IW_ENOMEM;
    assert_true(iw_str_equal(field, IW_STR("Change.Status")));
    ret->is_known = *(const char *)context != '\0';
    ret->n = ret->is_known ? 1 : 0;
    ret->values[0] = iw_str_of(context);
    return IW_OK;
}

#define SHELL                                                                                      \
    "Channel: Microsoft-Windows-Sysmon/Operational\nEventID: 1\nImage: 'C:\\Windows\\cmd.exe'\n"
#define OTHER "Channel: Microsoft-Windows-Sysmon/Operational\nEventID: 1\nImage: 'C:\\a.exe'\n"

static void by_hand(void **state)
{
    struct rig rig = {.ruleset = NULL};
    const struct iw_sigma_perhaps *perhaps;
    enum iw_truth truth;
    char none[] = "", explained[] = "explained", unexplained[] = "unexplained";

    (void)state;
    begin(&rig, iw_str_of(RULES));
    scan(&rig, OTHER, 0, 0, &perhaps); /* definitely false: dropped at once */
    scan(&rig, SHELL, 0, 1, &perhaps); /* not fired early */
    assert_int_equal(perhaps[0].rule, 0);
    assert_int_equal(
        iw_sigma_decide(rig.decider, 0, perhaps[0].residue, status, unexplained, &truth), IW_OK);
    assert_int_equal(truth, IW_TRUE);
    assert_int_equal(iw_sigma_decide(rig.decider, 0, perhaps[0].residue, status, explained, &truth),
                     IW_OK);
    assert_int_equal(truth, IW_FALSE);
    assert_int_equal(iw_sigma_decide(rig.decider, 0, perhaps[0].residue, status, none, &truth),
                     IW_OK);
    assert_int_equal(truth, IW_UNKNOWN);
    assert_int_equal(iw_sigma_decider_unknown(rig.decider, 0), 1);
    assert_int_equal(iw_sigma_scanner_unknown(rig.fast, 0), 0);
    assert_int_equal(iw_sigma_decide(rig.decider, 0, perhaps[0].residue, status, NULL, &truth),
                     IW_ENOMEM);
    end(&rig);
}

/* Whatever bytes a residue is replaced by, deciding ends in an answer or a refusal. */
static void odd_residues(void **state)
{
    struct rig rig = {.ruleset = NULL};
    enum iw_truth truth;
    char explained[] = "explained";
    char bytes[64];

    (void)state;
    begin(&rig, iw_str_of(RULES));
    assert_int_equal(iw_sigma_decide(rig.decider, 0, IW_STR(""), status, explained, &truth),
                     IW_EFORMAT);
    assert_int_equal(iw_sigma_decide(rig.decider, 1, IW_STR("\2\1"), status, explained, &truth),
                     IW_EFORMAT);
    assert_int_equal(iw_sigma_decide(rig.decider, 0, IW_STR("\2\1\1"), status, explained, &truth),
                     IW_EFORMAT);
    assert_int_equal(iw_sigma_decide(rig.decider, 0, IW_STR("\2\1\1\0\0\0\xff\xff\xff\xff"), status,
                                     explained, &truth),
                     IW_EFORMAT);
    for (uint32_t i = 0; i < 20000; i++) {
        size_t n = below(sizeof bytes);
        enum iw_rc rc;
        for (size_t k = 0; k < n; k++)
            bytes[k] = (char)below(below(2) != 0 ? 4 : 256);
        rc = iw_sigma_decide(rig.decider, 0, (struct iw_str){bytes, n}, status, explained, &truth);
        assert_true(rc == IW_OK || rc == IW_EFORMAT);
    }
    end(&rig);
}

/* Every allocation fails once; nothing is kept, nothing leaks, and the next try succeeds. */
static void no_memory(void **state)
{
    struct rig rig = {.ruleset = NULL};
    const struct iw_sigma_perhaps *perhaps;
    struct iw_sigma_decider *decider = NULL;
    enum iw_truth truth = IW_UNKNOWN;
    char text[] = "unexplained";
    enum iw_rc rc = IW_ENOMEM;

    (void)state;
    begin(&rig, iw_str_of(RULES));
    scan(&rig, SHELL, 0, 1, &perhaps);
    for (uint64_t n = 1; rc != IW_OK; n++) {
        iw_alloc_fail_at(n);
        decider = iw_sigma_decider_new(rig.ruleset, &rig.names);
        rc = decider != NULL ? iw_sigma_decide(decider, 0, perhaps[0].residue, status, text, &truth)
                             : IW_ENOMEM;
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        assert_true(n < 1000);
        iw_sigma_decider_free(decider);
    }
    assert_int_equal(truth, IW_TRUE);
    end(&rig);
}

/* What an explanation says of context: its values, that it is not known, and what would tell. */
static void context_is_told(void **state)
{
    struct rig rig = {.ruleset = NULL};
    char explained[] = "explained", none[] = "";
    struct iw_sigma_answerer answerer = {status, say_gap, explained};
    struct iw_explanation why;
    const struct iw_explained_item *item;
    struct iw_event event;

    (void)state;
    begin(&rig, iw_str_of(RULES));
    assert_true(iw_sigma_explainer_asks(rig.awaiting[0], IW_STR("change.status")));
    assert_false(iw_sigma_explainer_asks(rig.awaiting[0], IW_STR("Web.Site")));
    assert_true(flat_event_from_text(SHELL, &rig.names, &rig.arena, &event));
    assert_int_equal(iw_sigma_explainer_look(rig.awaiting[0], &event, &rig.text), IW_OK);
    assert_int_equal(iw_sigma_explainer_explain_look(rig.awaiting[0], iw_buffer_str(&rig.text),
                                                     &answerer, &rig.arena, &why),
                     IW_OK);
    assert_int_equal(why.answer, IW_ANSWER_NO);
    assert_int_equal(why.changes.n, 1);
    assert_true(
        iw_str_equal(why.changes.items[0],
                     IW_STR("explained must not hold, but Change.Status holds with 'explained'; "
                            "it is 'explained'")));
    answerer.context = none;
    assert_int_equal(iw_sigma_explainer_explain_look(rig.awaiting[0], iw_buffer_str(&rig.text),
                                                     &answerer, &rig.arena, &why),
                     IW_OK);
    assert_int_equal(why.answer, IW_ANSWER_UNKNOWN);
    assert_int_equal(why.n_failing, 1);
    item = &why.selections[1].groups[0].items[0];
    assert_int_equal(item->n_context, 1);
    assert_false(item->context[0].is_known);
    assert_int_equal(item->context[0].n_values, 0);
    assert_true(iw_str_equal(item->context[0].why, IW_STR("nobody saw it")));
    assert_true(iw_str_equal(item->context[0].evidence, IW_STR("a better log")));
    assert_true(
        iw_str_equal(why.changes.items[0],
                     IW_STR("explained must not hold, but Change.Status may hold; it is not known: "
                            "nobody saw it; needed: a better log")));
    iw_buffer_done(&rig.text);
    end(&rig);
}

static enum iw_rc explain_anew(struct rig *rig, const struct iw_event *event)
{
    char text[] = "unexplained";
    const struct iw_sigma_answerer answerer = {status, say_gap, text};
    struct iw_sigma_explainer *explainer = iw_sigma_explainer_new(rig->ruleset, 0);
    struct iw_arena arena;
    struct iw_buffer look;
    struct iw_explanation why;
    enum iw_rc rc = IW_ENOMEM;
    iw_arena_init(&arena, 0);
    iw_buffer_init(&look);
    if (explainer != NULL)
        rc = iw_sigma_explainer_await_context(explainer, rig->ruleset, &rig->names);
    if (rc == IW_OK)
        rc = iw_sigma_explainer_look(explainer, event, &look);
    if (rc == IW_OK)
        rc = iw_sigma_explainer_explain_look(explainer, iw_buffer_str(&look), &answerer, &arena,
                                             &why);
    if (rc == IW_OK)
        assert_int_equal(why.answer, IW_ANSWER_YES);
    iw_sigma_explainer_free(explainer);
    iw_buffer_done(&look);
    iw_arena_done(&arena);
    return rc;
}

/* The same of explaining. */
static void no_memory_to_explain(void **state)
{
    struct rig rig = {.ruleset = NULL};
    struct iw_event event;
    enum iw_rc rc = IW_ENOMEM;

    (void)state;
    begin(&rig, iw_str_of(RULES));
    assert_true(flat_event_from_text(SHELL, &rig.names, &rig.arena, &event));
    for (uint64_t n = 1; rc != IW_OK; n++) {
        iw_alloc_fail_at(n);
        rc = explain_anew(&rig, &event);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        assert_true(n < 1000);
    }
    end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),         cmocka_unit_test(odd_residues),
        cmocka_unit_test(context_is_told), cmocka_unit_test(no_memory_to_explain),
        cmocka_unit_test(no_memory),       cmocka_unit_test(neither_early_nor_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
