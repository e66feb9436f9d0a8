/*
 * Items: `field|modifiers: values` → tests. Values are read (placeholders written out), go through
 * the modifiers (sigma_modifier.c), and become comparisons; here is what each kind of comparison
 * takes as a value.
 */
#include "base/limits.h"
#include "sigma/sigma_chain.h"
#include "sigma/sigma_number.h"
#include "sigma/sigma_placeholder.h"

/* --- values --- */

/* A whole number is compared in its shortest form (`007` is 7); any other text as it is written. */
static struct iw_str canonical(const struct iw_yaml_node *node)
{
    struct iw_str text = node->text;
    uint64_t number;
    if (!node->is_plain || !iw_str_to_u64(text, &number))
        return text;
    while (text.n > 1 && text.p[0] == '0')
        text = (struct iw_str){text.p + 1, text.n - 1};
    return text;
}

/* One form of the value for each combination of what its placeholders stand for. */
static enum iw_rc expand_draft(const struct iw_chain *chain, struct iw_draft *draft)
{
    struct iw_pattern *patterns = NULL;
    size_t n = 0;

    IW_TRY(iw_placeholders_expand(chain->load, draft->node, canonical(draft->node), &patterns, &n));
    draft->pattern = patterns[0];
    for (size_t i = 1; i < n; i++) {
        draft = iw_chain_add_form(chain, draft);
        if (draft == NULL)
            return iw_load_no_memory(chain->load);
        draft->pattern = patterns[i];
    }
    return IW_OK;
}

static enum iw_rc add_draft(struct iw_chain *chain, const struct iw_yaml_node *node, bool expands)
{
    struct iw_draft *draft = &chain->drafts[chain->n];

    draft->index = chain->n++;

    if (node->kind != IW_YAML_SCALAR)
        return iw_load_refuse(chain->load, node,
                              "a value must be text, a number, true, false or "
                              "null");
    draft->node = node;
    draft->is_null = iw_yaml_is_null(node);
    if (expands && !draft->is_null)
        return expand_draft(chain, draft);
    if (!iw_pattern_parse(canonical(node), chain->load->arena, &draft->pattern))
        return iw_load_no_memory(chain->load);
    return IW_OK;
}

static enum iw_rc add_drafts(struct iw_chain *chain, const struct iw_yaml_node *value, bool expands)
{
    size_t n = value->kind == IW_YAML_SEQUENCE ? value->n_entries : 1;

    if (n == 0)
        return iw_load_refuse(chain->load, value, "the list of values is empty");
    chain->drafts = iw_arena_calloc(chain->load->arena, n, sizeof *chain->drafts);
    if (chain->drafts == NULL)
        return iw_load_no_memory(chain->load);
    if (value->kind != IW_YAML_SEQUENCE)
        return add_draft(chain, value, expands);
    for (const struct iw_yaml_entry *entry = value->first; entry != NULL; entry = entry->next)
        IW_TRY(add_draft(chain, entry->value, expands));
    return IW_OK;
}

/* --- drafts to tests --- */

static enum iw_rc finish_exists(const struct iw_chain *chain, const struct iw_draft *draft,
                                struct iw_test *test)
{
    static const struct {
        const char *text;
        bool value;
    } WORDS[] = {{"true", true}, {"yes", true}, {"false", false}, {"no", false}};

    if (chain->n != 1 || chain->item->cased || chain->item->negated)
        return iw_load_refuse(chain->load, chain->key,
                              "'exists' takes one value, true or false, and no other modifier");
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (iw_str_equal_nocase(draft->node->text, iw_str_of(WORDS[i].text))) {
            test->u.exists = WORDS[i].value;
            return IW_OK;
        }
    }
    return iw_load_refuse(chain->load, draft->node, "'exists' takes true or false");
}

static enum iw_rc finish_regex(const struct iw_chain *chain, const struct iw_draft *draft,
                               struct iw_test *test)
{
    enum iw_rc rc =
        iw_regex_new(draft->node->text, chain->regex_flags, chain->load->regexes, chain->load->err);
    iw_error_place(chain->load->err, "", draft->node->line, draft->node->column);
    test->u.regex = *chain->load->regexes;
    return rc;
}

static enum iw_rc finish_field(const struct iw_chain *chain, const struct iw_draft *draft,
                               struct iw_test *test)
{
    test->u.field.relation = chain->relation;
    test->u.field.id = iw_names_add(chain->load->names, draft->node->text);
    if (draft->node->text.n == 0 || draft->node->text.n > IW_LIMIT_FIELD_NAME_BYTES)
        return iw_load_refuse(chain->load, draft->node, "'fieldref' needs a field name");
    return test->u.field.id != IW_NAME_UNASKED ? IW_OK : iw_load_no_memory(chain->load);
}

static enum iw_rc finish_null(const struct iw_chain *chain, const struct iw_draft *draft,
                              struct iw_test *test)
{
    test->kind = IW_TEST_NULL;
    if (chain->shapes)
        return iw_load_refuse(chain->load, draft->node, "null takes no modifier");
    if (chain->item->field == IW_NAME_UNASKED)
        return iw_load_refuse(chain->load, draft->node, "null cannot be a keyword");
    return IW_OK;
}

static enum iw_rc finish_pattern(const struct iw_chain *chain, struct iw_draft *draft,
                                 struct iw_test *test)
{
    bool is_keyword = chain->item->field == IW_NAME_UNASKED;

    if (is_keyword && !iw_pattern_open(&draft->pattern, true, true, chain->load->arena))
        return iw_load_no_memory(chain->load);
    if (!chain->item->cased && !iw_pattern_fold(&draft->pattern, chain->load->arena))
        return iw_load_no_memory(chain->load);
    test->u.pattern = draft->pattern;
    return IW_OK;
}

/* Also for a part of a time, which is a whole number. */
static enum iw_rc finish_number(const struct iw_chain *chain, const struct iw_draft *draft,
                                struct iw_number *ret)
{
    if (!draft->node->is_plain || !iw_number_parse(draft->node->text, ret))
        return iw_load_refuse(chain->load, draft->node, "a comparison needs a number");
    if (chain->kind == IW_TEST_TIME && (!ret->is_whole || ret->is_negative))
        return iw_load_refuse(chain->load, draft->node, "a part of a time is a whole number");
    return IW_OK;
}

static enum iw_rc finish_test(const struct iw_chain *chain, struct iw_draft *draft,
                              struct iw_test *test)
{
    test->kind = chain->kind;
    test->source = draft->node;
    if (draft->is_null)
        return finish_null(chain, draft, test);
    switch (chain->kind) {
    case IW_TEST_PATTERN:
        return finish_pattern(chain, draft, test);
    case IW_TEST_REGEX:
        return finish_regex(chain, draft, test);
    case IW_TEST_EXISTS:
        return finish_exists(chain, draft, test);
    case IW_TEST_FIELD:
        return finish_field(chain, draft, test);
    case IW_TEST_NUMBER:
        test->u.number.order = chain->order;
        return finish_number(chain, draft, &test->u.number.value);
    case IW_TEST_TIME:
        test->u.time.part = chain->part;
        test->u.time.order = chain->order;
        return finish_number(chain, draft, &test->u.time.value);
    case IW_TEST_CIDR:
        if (!iw_network_parse(draft->node->text, &test->u.network))
            return iw_load_refuse(chain->load, draft->node,
                                  "not a network: address/bits with no bits beyond the prefix");
        return IW_OK;
    case IW_TEST_NULL:
    case IW_TEST_KIND_COUNT:
        break;
    }
    return IW_OK;
}

static enum iw_rc finish_item(const struct iw_chain *chain)
{
    struct iw_item *item = chain->item;

    if (item->wants_all && chain->n < 2)
        return iw_load_refuse(chain->load, chain->key, "'all' needs a list of several values");
    if (item->field == IW_NAME_UNASKED && chain->kind != IW_TEST_PATTERN &&
        chain->kind != IW_TEST_REGEX)
        return iw_load_refuse(chain->load, chain->key, "a keyword is text or a regular expression");
    item->tests = iw_arena_calloc(chain->load->arena, chain->n, sizeof *item->tests);
    if (item->tests == NULL)
        return iw_load_no_memory(chain->load);
    item->n_tests = chain->n;
    for (size_t i = 0; i < chain->n; i++) {
        struct iw_test *test = &item->tests[i];
        for (struct iw_draft *draft = &chain->drafts[i]; draft != NULL; draft = draft->or_else) {
            IW_TRY(finish_test(chain, draft, test));
            if (draft->or_else == NULL)
                break;
            test->or_else = iw_arena_calloc(chain->load->arena, 1, sizeof *test);
            if (test->or_else == NULL)
                return iw_load_no_memory(chain->load);
            test = test->or_else;
        }
    }
    return IW_OK;
}

static bool has_word(struct iw_str modifiers, struct iw_str word)
{
    while (modifiers.n != 0) {
        if (iw_str_equal(iw_modifier_next(&modifiers), word))
            return true;
    }
    return false;
}

enum iw_rc iw_item_load(const struct iw_load *load, const struct iw_yaml_node *key,
                        const struct iw_yaml_node *value, struct iw_item *item)
{
    struct iw_chain chain = {.load = load, .key = key, .item = item};
    struct iw_str rest = key->text;
    struct iw_str field = iw_modifier_next(&rest);
    bool has_modifiers = field.n != key->text.n;

    item->key = key;
    item->value = value;

    if (field.n > IW_LIMIT_FIELD_NAME_BYTES)
        return iw_load_refuse(load, key, "the field name is too long");
    if (field.n != 0) {
        item->field = iw_names_add(load->names, field);
        if (item->field == IW_NAME_UNASKED)
            return iw_load_no_memory(load);
    } else if (!has_modifiers) {
        return iw_load_refuse(load, key, "a field name is missing");
    }
    IW_TRY(add_drafts(&chain, value, has_word(rest, IW_STR("expand"))));
    IW_TRY(iw_chain_apply(&chain, has_modifiers ? rest : (struct iw_str){NULL, 0}));
    return finish_item(&chain);
}

enum iw_rc iw_item_load_keyword(const struct iw_load *load, const struct iw_yaml_node *value,
                                struct iw_item *item)
{
    struct iw_chain chain = {.load = load, .key = value, .item = item};
    item->value = value;
    IW_TRY(add_drafts(&chain, value, false));
    return finish_item(&chain);
}
