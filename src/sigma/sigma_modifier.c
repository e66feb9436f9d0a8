/*
 * Sigma's modifiers (Sigma 2.1, "Modifiers appendix"), applied from left to right to the values of
 * an item while it is loaded; what is left for matching are plain comparisons (sigma_plan.h).
 *
 * To add one: write a function over `struct chain` and give it a row in MODIFIERS. A name without a
 * row is refused. Known and not done: expand and the parts of a time (minute … year).
 */
#include "sigma/sigma_modifier.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/fold.h"
#include "sigma/sigma_encode.h"
#include "sigma/sigma_number.h"

/* A value on its way to a test. */
struct draft {
    const struct iw_yaml_node *node;
    bool is_null;
    struct iw_pattern pattern; /* the text, once read; raw modifiers use node->text */
    struct draft *or_else;
};

/* An item on its way. */
struct chain {
    const struct iw_load *load;
    const struct iw_yaml_node *key;
    enum iw_test_kind kind;
    bool is_bytes; /* UTF-16 so far: only base64 may follow */
    bool shapes;   /* a modifier has worked on the values: too late for a raw one */
    unsigned regex_flags;
    enum iw_number_order order;
    enum iw_field_relation relation;
    struct iw_item *item;
    struct draft *drafts;
    size_t n;
};

enum stage {
    STAGE_ANY,     /* a word about the whole item */
    STAGE_RAW,     /* takes the value's text as it is: must come first */
    STAGE_REGEX,   /* only after re */
    STAGE_TEXT,    /* works on text with wildcards */
    STAGE_SHAPE,   /* text, re or fieldref */
    STAGE_NOT_DONE /* of Sigma, not of this version */
};

struct modifier {
    const char *name;
    enum stage stage;
    enum iw_rc (*apply)(struct chain *chain);
};

enum iw_rc iw_load_refuse(const struct iw_load *load, const struct iw_yaml_node *node,
                          const char *format, ...)
{
    char words[sizeof load->err->message];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    iw_error_set(load->err, IW_ERULE, "%s", words);
    iw_error_place(load->err, "", node->line, node->column);
    return IW_ERULE;
}

enum iw_rc iw_load_no_memory(const struct iw_load *load)
{
    return iw_error_set(load->err, IW_ENOMEM, "no memory");
}

/* --- words about the item --- */

static enum iw_rc apply_all(struct chain *chain)
{
    chain->item->wants_all = true;
    return IW_OK;
}

static enum iw_rc apply_cased(struct chain *chain)
{
    chain->item->cased = true;
    return IW_OK;
}

static enum iw_rc apply_neq(struct chain *chain)
{
    chain->item->negated = true;
    return IW_OK;
}

/* --- where in the value --- */

static enum iw_rc open_patterns(struct chain *chain, bool front, bool behind,
                                enum iw_field_relation relation)
{
    chain->relation = relation;
    /* A regular expression is searched for anyway. */
    if (chain->kind != IW_TEST_PATTERN)
        return IW_OK;
    for (size_t i = 0; i < chain->n; i++) {
        for (struct draft *draft = &chain->drafts[i]; draft != NULL; draft = draft->or_else) {
            if (!iw_pattern_open(&draft->pattern, front, behind, chain->load->arena))
                return iw_load_no_memory(chain->load);
        }
    }
    return IW_OK;
}

static enum iw_rc apply_contains(struct chain *chain)
{
    return open_patterns(chain, true, true, IW_FIELD_HOLDS);
}

static enum iw_rc apply_startswith(struct chain *chain)
{
    return open_patterns(chain, false, true, IW_FIELD_BEGINS);
}

static enum iw_rc apply_endswith(struct chain *chain)
{
    return open_patterns(chain, true, false, IW_FIELD_ENDS);
}

static enum iw_rc apply_windash(struct chain *chain)
{
    for (size_t i = 0; i < chain->n; i++) {
        if (!iw_pattern_windash(&chain->drafts[i].pattern, chain->load->arena))
            return iw_load_no_memory(chain->load);
    }
    return IW_OK;
}

/* --- regular expressions --- */

static enum iw_rc apply_re(struct chain *chain)
{
    chain->kind = IW_TEST_REGEX;
    return IW_OK;
}

static enum iw_rc apply_i(struct chain *chain)
{
    chain->regex_flags |= IW_REGEX_NO_CASE;
    return IW_OK;
}

static enum iw_rc apply_m(struct chain *chain)
{
    chain->regex_flags |= IW_REGEX_MULTI_LINE;
    return IW_OK;
}

static enum iw_rc apply_s(struct chain *chain)
{
    chain->regex_flags |= IW_REGEX_DOT_ALL;
    return IW_OK;
}

/* --- encodings --- */

/* The text of a value for an encoder; wildcards have no encoding. */
static enum iw_rc plain_text(const struct chain *chain, const struct draft *draft,
                             struct iw_str *ret)
{
    if (!iw_pattern_is_literal(&draft->pattern, ret))
        return iw_load_refuse(chain->load, draft->node, "a wildcard cannot be encoded");
    return IW_OK;
}

static enum iw_rc set_text(const struct chain *chain, struct draft *draft, struct iw_str text)
{
    if (text.p == NULL || !iw_pattern_literal(text, chain->load->arena, &draft->pattern))
        return iw_load_no_memory(chain->load);
    return IW_OK;
}

static enum iw_rc encode_utf16(struct chain *chain, bool big_endian, bool with_mark)
{
    if (chain->is_bytes)
        return iw_load_refuse(chain->load, chain->key, "two UTF-16 modifiers in one item");
    for (size_t i = 0; i < chain->n; i++) {
        struct iw_str text;
        IW_TRY(plain_text(chain, &chain->drafts[i], &text));
        text = iw_encode_utf16(text, big_endian, with_mark, chain->load->arena);
        IW_TRY(set_text(chain, &chain->drafts[i], text));
    }
    chain->is_bytes = true;
    return IW_OK;
}

static enum iw_rc apply_utf16le(struct chain *chain)
{
    return encode_utf16(chain, false, false);
}

static enum iw_rc apply_utf16be(struct chain *chain)
{
    return encode_utf16(chain, true, false);
}

static enum iw_rc apply_utf16(struct chain *chain)
{
    return encode_utf16(chain, false, true);
}

static enum iw_rc apply_base64(struct chain *chain)
{
    for (size_t i = 0; i < chain->n; i++) {
        struct iw_str text;
        IW_TRY(plain_text(chain, &chain->drafts[i], &text));
        IW_TRY(set_text(chain, &chain->drafts[i], iw_encode_base64(text, chain->load->arena)));
    }
    chain->is_bytes = false;
    return IW_OK;
}

/* Three forms of one value: any of them will do, also under `all`. */
static enum iw_rc apply_base64offset(struct chain *chain)
{
    for (size_t i = 0; i < chain->n; i++) {
        struct draft *draft = &chain->drafts[i];
        struct iw_str text;
        IW_TRY(plain_text(chain, draft, &text));
        for (size_t offset = 0; offset < 3; offset++) {
            struct iw_str encoded = iw_encode_base64_at(text, offset, chain->load->arena);
            if (encoded.p != NULL && encoded.n == 0)
                return iw_load_refuse(chain->load, draft->node,
                                      "the value is too short for base64offset");
            IW_TRY(set_text(chain, draft, encoded));
            if (offset == 2)
                break;
            draft->or_else = iw_arena_calloc(chain->load->arena, 1, sizeof *draft);
            if (draft->or_else == NULL)
                return iw_load_no_memory(chain->load);
            draft->or_else->node = draft->node;
            draft = draft->or_else;
        }
    }
    chain->is_bytes = false;
    return IW_OK;
}

/* --- other comparisons --- */

static enum iw_rc apply_exists(struct chain *chain)
{
    chain->kind = IW_TEST_EXISTS;
    return IW_OK;
}

static enum iw_rc apply_cidr(struct chain *chain)
{
    chain->kind = IW_TEST_CIDR;
    return IW_OK;
}

static enum iw_rc apply_fieldref(struct chain *chain)
{
    chain->kind = IW_TEST_FIELD;
    return IW_OK;
}

static enum iw_rc compare_number(struct chain *chain, enum iw_number_order order)
{
    chain->kind = IW_TEST_NUMBER;
    chain->order = order;
    return IW_OK;
}

static enum iw_rc apply_lt(struct chain *chain)
{
    return compare_number(chain, IW_NUMBER_LT);
}

static enum iw_rc apply_lte(struct chain *chain)
{
    return compare_number(chain, IW_NUMBER_LTE);
}

static enum iw_rc apply_gt(struct chain *chain)
{
    return compare_number(chain, IW_NUMBER_GT);
}

static enum iw_rc apply_gte(struct chain *chain)
{
    return compare_number(chain, IW_NUMBER_GTE);
}

static const struct modifier MODIFIERS[] = {
    {"all", STAGE_ANY, apply_all},
    {"cased", STAGE_ANY, apply_cased},
    {"neq", STAGE_ANY, apply_neq},
    {"contains", STAGE_SHAPE, apply_contains},
    {"startswith", STAGE_SHAPE, apply_startswith},
    {"endswith", STAGE_SHAPE, apply_endswith},
    {"windash", STAGE_TEXT, apply_windash},
    {"re", STAGE_RAW, apply_re},
    {"i", STAGE_REGEX, apply_i},
    {"ignorecase", STAGE_REGEX, apply_i},
    {"m", STAGE_REGEX, apply_m},
    {"multiline", STAGE_REGEX, apply_m},
    {"s", STAGE_REGEX, apply_s},
    {"dotall", STAGE_REGEX, apply_s},
    {"utf16le", STAGE_TEXT, apply_utf16le},
    {"wide", STAGE_TEXT, apply_utf16le},
    {"utf16be", STAGE_TEXT, apply_utf16be},
    {"utf16", STAGE_TEXT, apply_utf16},
    {"base64", STAGE_TEXT, apply_base64},
    {"base64offset", STAGE_TEXT, apply_base64offset},
    {"exists", STAGE_RAW, apply_exists},
    {"cidr", STAGE_RAW, apply_cidr},
    {"fieldref", STAGE_RAW, apply_fieldref},
    {"lt", STAGE_RAW, apply_lt},
    {"lte", STAGE_RAW, apply_lte},
    {"gt", STAGE_RAW, apply_gt},
    {"gte", STAGE_RAW, apply_gte},
    {"expand", STAGE_NOT_DONE, NULL},
    {"minute", STAGE_NOT_DONE, NULL},
    {"hour", STAGE_NOT_DONE, NULL},
    {"day", STAGE_NOT_DONE, NULL},
    {"week", STAGE_NOT_DONE, NULL},
    {"month", STAGE_NOT_DONE, NULL},
    {"year", STAGE_NOT_DONE, NULL},
};

/* --- the chain --- */

static enum iw_rc check_stage(struct chain *chain, const struct modifier *modifier)
{
    const struct iw_load *load = chain->load;
    bool is_text = chain->kind == IW_TEST_PATTERN;

    switch (modifier->stage) {
    case STAGE_ANY:
        return IW_OK;
    case STAGE_RAW:
        if (chain->shapes)
            return iw_load_refuse(load, chain->key, "modifier '%s' must come first",
                                  modifier->name);
        break;
    case STAGE_REGEX:
        if (chain->kind != IW_TEST_REGEX)
            return iw_load_refuse(load, chain->key, "modifier '%s' belongs to 're'",
                                  modifier->name);
        break;
    case STAGE_TEXT:
        if (!is_text)
            return iw_load_refuse(load, chain->key, "modifier '%s' needs text", modifier->name);
        break;
    case STAGE_SHAPE:
        if (!is_text && chain->kind != IW_TEST_REGEX && chain->kind != IW_TEST_FIELD)
            return iw_load_refuse(load, chain->key, "modifier '%s' needs text", modifier->name);
        if (chain->is_bytes)
            return iw_load_refuse(load, chain->key, "UTF-16 needs base64 before '%s'",
                                  modifier->name);
        break;
    case STAGE_NOT_DONE:
        return iw_load_refuse(load, chain->key, "modifier '%s' is not supported yet",
                              modifier->name);
    }
    chain->shapes = true;
    return IW_OK;
}

static enum iw_rc apply_named(struct chain *chain, struct iw_str name)
{
    for (size_t i = 0; i < sizeof MODIFIERS / sizeof MODIFIERS[0]; i++) {
        if (!iw_str_equal(iw_str_of(MODIFIERS[i].name), name))
            continue;
        IW_TRY(check_stage(chain, &MODIFIERS[i]));
        return MODIFIERS[i].apply(chain);
    }
    return iw_load_refuse(chain->load, chain->key, "modifier '%.*s' is not known",
                          name.n < 60 ? (int)name.n : 60, name.p);
}

/* The part of *rest up to the next `|`; moves past it. */
static struct iw_str next_part(struct iw_str *rest)
{
    const char *bar = rest->n != 0 ? memchr(rest->p, '|', rest->n) : NULL;
    struct iw_str part = *rest;
    if (bar != NULL)
        part.n = (size_t)(bar - rest->p);
    *rest = bar != NULL ? (struct iw_str){bar + 1, rest->n - part.n - 1} : IW_STR("");
    return part;
}

static enum iw_rc apply_modifiers(struct chain *chain, struct iw_str rest)
{
    bool more = rest.p != NULL;
    while (more) {
        more = memchr(rest.p, '|', rest.n) != NULL;
        IW_TRY(apply_named(chain, next_part(&rest)));
    }
    if (chain->is_bytes)
        return iw_load_refuse(chain->load, chain->key, "a UTF-16 modifier needs base64 after it");
    return IW_OK;
}

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

static enum iw_rc add_draft(struct chain *chain, const struct iw_yaml_node *node)
{
    struct draft *draft = &chain->drafts[chain->n++];

    if (node->kind != IW_YAML_SCALAR)
        return iw_load_refuse(chain->load, node,
                              "a value must be text, a number, true, false or "
                              "null");
    draft->node = node;
    draft->is_null = iw_yaml_is_null(node);
    if (!iw_pattern_parse(canonical(node), chain->load->arena, &draft->pattern))
        return iw_load_no_memory(chain->load);
    return IW_OK;
}

static enum iw_rc add_drafts(struct chain *chain, const struct iw_yaml_node *value)
{
    size_t n = value->kind == IW_YAML_SEQUENCE ? value->n_entries : 1;

    if (n == 0)
        return iw_load_refuse(chain->load, value, "the list of values is empty");
    chain->drafts = iw_arena_calloc(chain->load->arena, n, sizeof *chain->drafts);
    if (chain->drafts == NULL)
        return iw_load_no_memory(chain->load);
    if (value->kind != IW_YAML_SEQUENCE)
        return add_draft(chain, value);
    for (const struct iw_yaml_entry *entry = value->first; entry != NULL; entry = entry->next)
        IW_TRY(add_draft(chain, entry->value));
    return IW_OK;
}

/* --- drafts to tests --- */

static enum iw_rc finish_exists(const struct chain *chain, const struct draft *draft,
                                struct iw_test *test)
{
    static const struct {
        const char *text;
        bool value;
    } WORDS[] = {{"true", true}, {"yes", true}, {"false", false}, {"no", false}};

    if (chain->n != 1 || chain->item->cased)
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

static enum iw_rc finish_regex(const struct chain *chain, const struct draft *draft,
                               struct iw_test *test)
{
    enum iw_rc rc =
        iw_regex_new(draft->node->text, chain->regex_flags, chain->load->regexes, chain->load->err);
    iw_error_place(chain->load->err, "", draft->node->line, draft->node->column);
    test->u.regex = *chain->load->regexes;
    return rc;
}

static enum iw_rc finish_field(const struct chain *chain, const struct draft *draft,
                               struct iw_test *test)
{
    test->u.field.relation = chain->relation;
    test->u.field.id = iw_names_add(chain->load->names, draft->node->text);
    if (draft->node->text.n == 0 || draft->node->text.n > 256)
        return iw_load_refuse(chain->load, draft->node, "'fieldref' needs a field name");
    return test->u.field.id != IW_NAME_UNASKED ? IW_OK : iw_load_no_memory(chain->load);
}

static enum iw_rc finish_null(const struct chain *chain, const struct draft *draft,
                              struct iw_test *test)
{
    test->kind = IW_TEST_NULL;
    if (chain->shapes)
        return iw_load_refuse(chain->load, draft->node, "null takes no modifier");
    if (chain->item->field == IW_NAME_UNASKED)
        return iw_load_refuse(chain->load, draft->node, "null cannot be a keyword");
    return IW_OK;
}

static enum iw_rc finish_pattern(const struct chain *chain, struct draft *draft,
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

static enum iw_rc finish_test(const struct chain *chain, struct draft *draft, struct iw_test *test)
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
        if (!draft->node->is_plain || !iw_number_parse(draft->node->text, &test->u.number.value))
            return iw_load_refuse(chain->load, draft->node, "a comparison needs a number");
        return IW_OK;
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

static enum iw_rc finish_item(const struct chain *chain)
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
        for (struct draft *draft = &chain->drafts[i]; draft != NULL; draft = draft->or_else) {
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

enum iw_rc iw_item_load(const struct iw_load *load, const struct iw_yaml_node *key,
                        const struct iw_yaml_node *value, struct iw_item *item)
{
    struct chain chain = {.load = load, .key = key, .item = item};
    struct iw_str rest = key->text;
    struct iw_str field = next_part(&rest);
    bool has_modifiers = field.n != key->text.n;

    item->key = key;
    item->value = value;
    if (field.n > 256)
        return iw_load_refuse(load, key, "the field name is too long");
    if (field.n != 0) {
        item->field = iw_names_add(load->names, field);
        if (item->field == IW_NAME_UNASKED)
            return iw_load_no_memory(load);
    } else if (!has_modifiers) {
        return iw_load_refuse(load, key, "a field name is missing");
    }
    IW_TRY(add_drafts(&chain, value));
    IW_TRY(apply_modifiers(&chain, has_modifiers ? rest : (struct iw_str){NULL, 0}));
    return finish_item(&chain);
}

enum iw_rc iw_item_load_keyword(const struct iw_load *load, const struct iw_yaml_node *value,
                                struct iw_item *item)
{
    struct chain chain = {.load = load, .key = value, .item = item};
    item->value = value;
    IW_TRY(add_drafts(&chain, value));
    return finish_item(&chain);
}
