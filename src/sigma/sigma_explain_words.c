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

/* Whether a pattern that does not fit would with other letter case, or at another place. */
static enum nearly is_nearly(struct iw_eval *eval, const struct iw_item *item,
                             const struct iw_test *test, struct iw_cell *cell)
{
    struct iw_str literal, text = iw_view_text(&eval->view, cell, !item->cased);
    if (test->kind != IW_TEST_PATTERN || !only_literal(&test->u.pattern, &literal))
        return NOT_NEARLY;
    if (iw_str_find(text, literal) != SIZE_MAX)
        return BUT_FOR_PLACE;
    if (!item->cased)
        return NOT_NEARLY;
    text = iw_view_text(&eval->view, cell, true);
    literal = iw_fold_text(literal, &eval->view.arena);
    return literal.p != NULL && iw_str_find(text, literal) != SIZE_MAX ? BUT_FOR_CASE : NOT_NEARLY;
}

static void add_nearly(struct iw_eval *eval, const struct iw_item *item,
                       const struct iw_explained_item *explained, bool by_taxonomy,
                       struct iw_buffer *out)
{
    struct iw_cell *cell = item->field != IW_NAME_UNASKED
                               ? iw_view_first(&eval->view, item->field, by_taxonomy)
                               : NULL;
    for (size_t i = 0; cell != NULL && !item->negated && i < item->n_tests; i++) {
        enum nearly nearly = explained->values[i].answer != IW_ANSWER_YES
                                 ? is_nearly(eval, item, &item->tests[i], cell)
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

/* A condition that holds and must not. */
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
}

void iw_explain_item_words(struct iw_eval *eval, const struct iw_item *item,
                           const struct iw_explained_item *explained, struct iw_str selection,
                           enum iw_blame blame, bool by_taxonomy, struct iw_buffer *out)
{
    if (blame == IW_BLAME_MUST_NOT_HOLD) {
        add_unwanted(explained, selection, out);
        return;
    }
    add_key(out, explained);
    if (explained->answer == IW_ANSWER_UNKNOWN) {
        iw_buffer_add(out, IW_STR(": a regular expression reached its limit: not known"));
        return;
    }
    iw_buffer_add(out, item->negated       ? IW_STR(" must be none of ")
                       : item->wants_all   ? IW_STR(" must be all of ")
                       : item->n_tests > 1 ? IW_STR(" must be one of ")
                                           : IW_STR(" must be "));
    add_values(out, explained, item->wants_all);
    if (item->field == IW_NAME_UNASKED)
        iw_buffer_add(out, IW_STR("; no field of the event has it"));
    else if (explained->is_absent)
        iw_buffer_add(out, IW_STR("; the event has no such field"));
    else {
        iw_buffer_add(out, IW_STR("; the event has "));
        add_event_values(out, explained);
        add_nearly(eval, item, explained, by_taxonomy, out);
    }
}
