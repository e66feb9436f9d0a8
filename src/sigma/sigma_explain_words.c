/*
 * The words of an explanation. Long texts are cut: the records beside them have them whole.
 */
#include "sigma/sigma_explain_words.h"

#include "base/fold.h"
#include "base/utf.h"

#define TEXT_BYTES 120U
#define VALUES_NAMED 3U

static void add_cut(struct iw_buffer *out, struct iw_str text)
{
    size_t at = 0;
    while (at < text.n && at < TEXT_BYTES)
        (void)iw_utf8_next(text, &at);
    iw_buffer_add(out, (struct iw_str){text.p, at});
    if (at < text.n)
        iw_buffer_add(out, IW_STR("…"));
}

static void add_quoted(struct iw_buffer *out, struct iw_str text)
{
    iw_buffer_add_char(out, '\'');
    add_cut(out, text);
    iw_buffer_add_char(out, '\'');
}

/* The values the rule asks for, those that do not hold alone when *missing*. */
static void add_values(struct iw_buffer *out, const struct iw_explained_item *item, bool missing)
{
    size_t n = 0, n_shown = 0;
    for (size_t i = 0; i < item->n_values; i++)
        n += !missing || item->values[i].answer != IW_ANSWER_YES;
    for (size_t i = 0; i < item->n_values && n_shown < VALUES_NAMED; i++) {
        if (missing && item->values[i].answer == IW_ANSWER_YES)
            continue;
        if (n_shown++ != 0)
            iw_buffer_add(out, IW_STR(", "));
        add_quoted(out, item->values[i].text);
    }
    if (n > n_shown)
        iw_buffer_printf(out, " and %zu more", n - n_shown);
}

static void add_event_values(struct iw_buffer *out, const struct iw_explained_item *item)
{
    for (size_t i = 0; i < item->n_event_values; i++) {
        if (i != 0)
            iw_buffer_add(out, IW_STR(", "));
        add_quoted(out, item->event_values[i]);
    }
    if (item->n_event_values_more != 0)
        iw_buffer_printf(out, " and %zu more", item->n_event_values_more);
}

static void add_key(struct iw_buffer *out, const struct iw_explained_item *item)
{
    if (item->key.n != 0)
        iw_buffer_add(out, item->key);
    else
        iw_buffer_add(out, IW_STR("keyword"));
}

/* The one literal of a pattern; false when there is none, or more than one. */
static bool only_literal(const struct iw_pattern *pattern, struct iw_str *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < pattern->n; i++) {
        if (pattern->tokens[i].kind == IW_TOKEN_MANY)
            continue;
        if (pattern->tokens[i].kind != IW_TOKEN_LITERAL || n++ != 0)
            return false;
        *ret = pattern->tokens[i].text;
    }
    return n == 1;
}

enum nearly { NOT_NEARLY = 0, BUT_FOR_CASE, BUT_FOR_PLACE };

/* Whether a pattern that does not fit *text* would with other letter case, or at another place. */
static enum nearly is_nearly(const struct iw_item *item, const struct iw_test *test,
                             struct iw_str text, struct iw_str folded, struct iw_arena *scratch)
{
    struct iw_str literal;
    if (test->kind != IW_TEST_PATTERN || !only_literal(&test->u.pattern, &literal))
        return NOT_NEARLY;
    if (iw_str_find(item->cased ? text : folded, literal) != SIZE_MAX)
        return BUT_FOR_PLACE;
    if (!item->cased)
        return NOT_NEARLY;
    literal = iw_fold_text(literal, scratch);
    return literal.p != NULL && iw_str_find(folded, literal) != SIZE_MAX ? BUT_FOR_CASE
                                                                         : NOT_NEARLY;
}

static void add_nearly(const struct iw_item *item, const struct iw_explained_item *explained,
                       struct iw_arena *scratch, struct iw_buffer *out)
{
    struct iw_str text, folded;
    if (explained->n_event_values == 0 || item->negated)
        return;
    text = explained->event_values[0];
    folded = iw_fold_text(text, scratch);
    for (size_t i = 0; folded.p != NULL && i < item->n_tests; i++) {
        enum nearly nearly = explained->values[i].answer != IW_ANSWER_YES
                                 ? is_nearly(item, &item->tests[i], text, folded, scratch)
                                 : NOT_NEARLY;
        if (nearly == NOT_NEARLY)
            continue;
        iw_buffer_add(out, IW_STR("; "));
        add_quoted(out, explained->values[i].text);
        iw_buffer_add(out, nearly == BUT_FOR_CASE ? IW_STR(" is there in other letter case")
                                                  : IW_STR(" is there, but elsewhere in it"));
        return;
    }
}

/* --- context ------------------------------------------------------------------------------- */

static void add_context_values(const struct iw_explained_context *context, struct iw_buffer *out)
{
    for (size_t i = 0; i < context->n_values; i++) {
        if (i != 0)
            iw_buffer_add(out, IW_STR(", "));
        add_quoted(out, context->values[i]);
    }
    if (context->n_values_more != 0)
        iw_buffer_printf(out, " and %zu more", context->n_values_more);
    if (context->is_assumed)
        iw_buffer_add(out, IW_STR(" (assumed)"));
}

/* What is known of one field: "it is 'x'", "there is none", "it is not known: why". */
static void add_known(const struct iw_explained_context *context, struct iw_buffer *out)
{
    bool is_found = context->n_values != 0;
    if (is_found) {
        iw_buffer_add(out, IW_STR(" is "));
        add_context_values(context, out);
    } else if (context->is_known && !context->is_partial) {
        iw_buffer_add(out, IW_STR(" has no value"));
        if (context->is_assumed)
            iw_buffer_add(out, IW_STR(" (assumed)"));
    } else {
        iw_buffer_add(out, IW_STR(" is not known"));
    }
    if (context->is_partial && is_found)
        iw_buffer_add(out, IW_STR(", and there may be others"));
    if (context->why.n != 0) {
        iw_buffer_add(out, IW_STR(": "));
        iw_buffer_add(out, context->why);
    }
    if (context->evidence.n != 0) {
        iw_buffer_add(out, IW_STR("; needed: "));
        iw_buffer_add(out, context->evidence);
    }
}

/* What each field of context came to, behind a sentence. */
static void add_context(const struct iw_explained_item *item, struct iw_buffer *out)
{
    for (size_t i = 0; i < item->n_context; i++) {
        bool is_own = iw_str_begins_nocase(item->key, item->context[i].field);
        iw_buffer_add(out, IW_STR("; "));
        iw_buffer_add(out, is_own ? IW_STR("it") : item->context[i].field);
        add_known(&item->context[i], out);
    }
}

/* --- the sentence -------------------------------------------------------------------------- */

static void add_undecided(const struct iw_explained_item *item, struct iw_buffer *out)
{
    if (item->n_context == 0)
        iw_buffer_add(out, IW_STR(": a regular expression reached its limit: not known"));
    else
        add_context(item, out);
}

/* A condition that holds, or may, and must not. */
static void add_unwanted(const struct iw_explained_item *item, struct iw_str selection,
                         struct iw_buffer *out)
{
    iw_buffer_add(out, selection);
    iw_buffer_add(out, IW_STR(" must not hold, but "));
    add_key(out, item);
    if (item->is_absent) {
        iw_buffer_add(out, IW_STR(" holds: the event has no such field"));
        return;
    }
    if (item->answer == IW_ANSWER_UNKNOWN) {
        iw_buffer_add(out, IW_STR(" may hold"));
        add_undecided(item, out);
        return;
    }
    iw_buffer_add(out, IW_STR(" holds"));
    for (size_t i = 0; i < item->n_values; i++) {
        if (item->values[i].answer != IW_ANSWER_YES)
            continue;
        iw_buffer_add(out, IW_STR(" with "));
        add_quoted(out, item->values[i].text);
        break;
    }
    if (item->n_event_values != 0) {
        iw_buffer_add(out, IW_STR(": the event has "));
        add_event_values(out, item);
    }
    add_context(item, out);
}

void iw_explain_item_words(const struct iw_item *item, const struct iw_explained_item *explained,
                           struct iw_str selection, enum iw_blame blame, struct iw_arena *scratch,
                           struct iw_buffer *out)
{
    if (blame == IW_BLAME_MUST_NOT_HOLD) {
        add_unwanted(explained, selection, out);
        return;
    }
    add_key(out, explained);
    if (explained->answer == IW_ANSWER_UNKNOWN && explained->n_context == 0) {
        add_undecided(explained, out);
        return;
    }
    iw_buffer_add(out, item->negated       ? IW_STR(" must be none of ")
                       : item->wants_all   ? IW_STR(" must be all of ")
                       : item->n_tests > 1 ? IW_STR(" must be one of ")
                                           : IW_STR(" must be "));
    add_values(out, explained, item->wants_all);
    if (item->field_is_context) {
        add_context(explained, out);
        return;
    }
    if (item->field == IW_NAME_UNASKED)
        iw_buffer_add(out, IW_STR("; no field of the event has it"));
    else if (explained->is_absent)
        iw_buffer_add(out, IW_STR("; the event has no such field"));
    else {
        iw_buffer_add(out, IW_STR("; the event has "));
        add_event_values(out, explained);
        add_nearly(item, explained, scratch, out);
    }
    add_context(explained, out);
}
