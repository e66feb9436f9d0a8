/*
 * Sigma's modifiers (Sigma 2.1, "Modifiers appendix"), applied from left to right to the values of
 * an item while it is loaded; what is left for matching are plain comparisons (sigma_plan.h), made
 * in sigma_item.c.
 *
 * To add one: write a function over `struct iw_chain` and give it a row in MODIFIERS. A name
 * without a row is refused. `expand` is no step of its own: whatever its place, placeholders are
 * written out when the values are read, so that every other modifier sees what they stand for.
 */
#include "sigma/sigma_chain.h"

#include <stdarg.h>
#include <stdio.h>

#include "sigma/sigma_encode.h"

enum stage {
    STAGE_ANY,   /* a word about the whole item */
    STAGE_RAW,   /* takes the value's text as it is: must come first */
    STAGE_REGEX, /* only after re */
    STAGE_TEXT,  /* works on text with wildcards */
    STAGE_SHAPE, /* text, re or fieldref */
    STAGE_ORDER  /* a number: comes first, or behind a part of a time */
};

struct modifier {
    const char *name;
    enum stage stage;
    enum iw_rc (*apply)(struct iw_chain *chain);
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

/* The form of a value that comes after *at*; NULL: the first. */
static struct iw_draft *next_draft(const struct iw_chain *chain, const struct iw_draft *at)
{
    size_t index = at != NULL ? at->index + 1 : 0;
    if (at != NULL && at->or_else != NULL)
        return at->or_else;
    return index < chain->n ? &chain->drafts[index] : NULL;
}

struct iw_draft *iw_chain_add_form(const struct iw_chain *chain, struct iw_draft *draft)
{
    struct iw_draft *form = iw_arena_calloc(chain->load->arena, 1, sizeof *form);
    if (form == NULL)
        return NULL;
    form->node = draft->node;
    form->index = draft->index;
    form->or_else = draft->or_else;
    draft->or_else = form;
    return form;
}

/* --- words about the item --- */

static enum iw_rc apply_all(struct iw_chain *chain)
{
    chain->item->wants_all = true;
    return IW_OK;
}

static enum iw_rc apply_cased(struct iw_chain *chain)
{
    chain->item->cased = true;
    return IW_OK;
}

static enum iw_rc apply_neq(struct iw_chain *chain)
{
    chain->item->negated = true;
    return IW_OK;
}

/* --- where in the value --- */

static enum iw_rc open_patterns(struct iw_chain *chain, bool front, bool behind,
                                enum iw_field_relation relation)
{
    chain->relation = relation;
    /* A regular expression is searched for anyway. */
    if (chain->kind != IW_TEST_PATTERN)
        return IW_OK;
    for (struct iw_draft *draft = NULL; (draft = next_draft(chain, draft)) != NULL;) {
        if (!iw_pattern_open(&draft->pattern, front, behind, chain->load->arena))
            return iw_load_no_memory(chain->load);
    }
    return IW_OK;
}

static enum iw_rc apply_contains(struct iw_chain *chain)
{
    return open_patterns(chain, true, true, IW_FIELD_HOLDS);
}

static enum iw_rc apply_startswith(struct iw_chain *chain)
{
    return open_patterns(chain, false, true, IW_FIELD_BEGINS);
}

static enum iw_rc apply_endswith(struct iw_chain *chain)
{
    return open_patterns(chain, true, false, IW_FIELD_ENDS);
}

static enum iw_rc apply_windash(struct iw_chain *chain)
{
    for (struct iw_draft *draft = NULL; (draft = next_draft(chain, draft)) != NULL;) {
        if (!iw_pattern_windash(&draft->pattern, chain->load->arena))
            return iw_load_no_memory(chain->load);
    }
    return IW_OK;
}

/* --- regular expressions --- */

static enum iw_rc apply_re(struct iw_chain *chain)
{
    chain->kind = IW_TEST_REGEX;
    return IW_OK;
}

static enum iw_rc apply_i(struct iw_chain *chain)
{
    chain->regex_flags |= IW_REGEX_NO_CASE;
    return IW_OK;
}

static enum iw_rc apply_m(struct iw_chain *chain)
{
    chain->regex_flags |= IW_REGEX_MULTI_LINE;
    return IW_OK;
}

static enum iw_rc apply_s(struct iw_chain *chain)
{
    chain->regex_flags |= IW_REGEX_DOT_ALL;
    return IW_OK;
}

/* --- encodings --- */

/* The text of a value for an encoder; wildcards have no encoding. */
static enum iw_rc plain_text(const struct iw_chain *chain, const struct iw_draft *draft,
                             struct iw_str *ret)
{
    if (!iw_pattern_is_literal(&draft->pattern, ret))
        return iw_load_refuse(chain->load, draft->node, "a wildcard cannot be encoded");
    return IW_OK;
}

static enum iw_rc set_text(const struct iw_chain *chain, struct iw_draft *draft, struct iw_str text)
{
    if (text.p == NULL || !iw_pattern_literal(text, chain->load->arena, &draft->pattern))
        return iw_load_no_memory(chain->load);
    return IW_OK;
}

static enum iw_rc encode_utf16(struct iw_chain *chain, bool big_endian, bool with_mark)
{
    if (chain->is_bytes)
        return iw_load_refuse(chain->load, chain->key, "two UTF-16 modifiers in one item");
    for (struct iw_draft *draft = NULL; (draft = next_draft(chain, draft)) != NULL;) {
        struct iw_str text;
        IW_TRY(plain_text(chain, draft, &text));
        text = iw_encode_utf16(text, big_endian, with_mark, chain->load->arena);
        IW_TRY(set_text(chain, draft, text));
    }
    chain->is_bytes = chain->is_encoded = true;
    return IW_OK;
}

static enum iw_rc apply_utf16le(struct iw_chain *chain)
{
    return encode_utf16(chain, false, false);
}

static enum iw_rc apply_utf16be(struct iw_chain *chain)
{
    return encode_utf16(chain, true, false);
}

static enum iw_rc apply_utf16(struct iw_chain *chain)
{
    return encode_utf16(chain, false, true);
}

static enum iw_rc apply_base64(struct iw_chain *chain)
{
    for (struct iw_draft *draft = NULL; (draft = next_draft(chain, draft)) != NULL;) {
        struct iw_str text;
        IW_TRY(plain_text(chain, draft, &text));
        IW_TRY(set_text(chain, draft, iw_encode_base64(text, chain->load->arena)));
    }
    chain->is_bytes = false;
    chain->is_encoded = true;
    return IW_OK;
}

/* Three forms of one value: any of them will do, also under `all`. */
static enum iw_rc apply_base64offset(struct iw_chain *chain)
{
    for (struct iw_draft *draft = NULL; (draft = next_draft(chain, draft)) != NULL;) {
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
            draft = iw_chain_add_form(chain, draft);
            if (draft == NULL)
                return iw_load_no_memory(chain->load);
        }
    }
    chain->is_bytes = false;
    chain->is_encoded = true;
    return IW_OK;
}

/* --- other comparisons --- */

static enum iw_rc apply_exists(struct iw_chain *chain)
{
    chain->kind = IW_TEST_EXISTS;
    return IW_OK;
}

static enum iw_rc apply_cidr(struct iw_chain *chain)
{
    chain->kind = IW_TEST_CIDR;
    return IW_OK;
}

static enum iw_rc apply_fieldref(struct iw_chain *chain)
{
    chain->kind = IW_TEST_FIELD;
    return IW_OK;
}

/* The work is done where the values are read. */
static enum iw_rc apply_expand(struct iw_chain *chain)
{
    if (chain->is_encoded)
        return iw_load_refuse(chain->load, chain->key, "'expand' must come before an encoding");
    return IW_OK;
}

static enum iw_rc compare_number(struct iw_chain *chain, enum iw_number_order order)
{
    if (chain->kind != IW_TEST_TIME)
        chain->kind = IW_TEST_NUMBER;
    chain->order = order;
    chain->has_order = true;
    return IW_OK;
}

static enum iw_rc take_part(struct iw_chain *chain, enum iw_time_part part)
{
    chain->kind = IW_TEST_TIME;
    chain->part = part;
    chain->order = IW_NUMBER_EQUAL;
    return IW_OK;
}

static enum iw_rc apply_minute(struct iw_chain *chain)
{
    return take_part(chain, IW_TIME_MINUTE);
}

static enum iw_rc apply_hour(struct iw_chain *chain)
{
    return take_part(chain, IW_TIME_HOUR);
}

static enum iw_rc apply_day(struct iw_chain *chain)
{
    return take_part(chain, IW_TIME_DAY);
}

static enum iw_rc apply_week(struct iw_chain *chain)
{
    return take_part(chain, IW_TIME_WEEK);
}

static enum iw_rc apply_month(struct iw_chain *chain)
{
    return take_part(chain, IW_TIME_MONTH);
}

static enum iw_rc apply_year(struct iw_chain *chain)
{
    return take_part(chain, IW_TIME_YEAR);
}

static enum iw_rc apply_lt(struct iw_chain *chain)
{
    return compare_number(chain, IW_NUMBER_LT);
}

static enum iw_rc apply_lte(struct iw_chain *chain)
{
    return compare_number(chain, IW_NUMBER_LTE);
}

static enum iw_rc apply_gt(struct iw_chain *chain)
{
    return compare_number(chain, IW_NUMBER_GT);
}

static enum iw_rc apply_gte(struct iw_chain *chain)
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
    {"lt", STAGE_ORDER, apply_lt},
    {"lte", STAGE_ORDER, apply_lte},
    {"gt", STAGE_ORDER, apply_gt},
    {"gte", STAGE_ORDER, apply_gte},
    {"expand", STAGE_TEXT, apply_expand},
    {"minute", STAGE_RAW, apply_minute},
    {"hour", STAGE_RAW, apply_hour},
    {"day", STAGE_RAW, apply_day},
    {"week", STAGE_RAW, apply_week},
    {"month", STAGE_RAW, apply_month},
    {"year", STAGE_RAW, apply_year},
};

/* --- the chain --- */

static enum iw_rc check_stage(struct iw_chain *chain, const struct modifier *modifier)
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
    case STAGE_ORDER:
        if (chain->has_order || (chain->shapes && chain->kind != IW_TEST_TIME))
            return iw_load_refuse(load, chain->key,
                                  "modifier '%s' must come first, or behind a part of a time",
                                  modifier->name);
        break;
    }
    chain->shapes = true;
    return IW_OK;
}

static enum iw_rc apply_named(struct iw_chain *chain, struct iw_str name)
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

struct iw_str iw_modifier_next(struct iw_str *rest)
{
    const char *bar = rest->n != 0 ? memchr(rest->p, '|', rest->n) : NULL;
    struct iw_str part = *rest;
    if (bar != NULL)
        part.n = (size_t)(bar - rest->p);
    *rest = bar != NULL ? (struct iw_str){bar + 1, rest->n - part.n - 1} : IW_STR("");
    return part;
}

enum iw_rc iw_chain_apply(struct iw_chain *chain, struct iw_str rest)
{
    bool more = rest.p != NULL;
    while (more) {
        more = memchr(rest.p, '|', rest.n) != NULL;
        IW_TRY(apply_named(chain, iw_modifier_next(&rest)));
    }
    if (chain->is_bytes)
        return iw_load_refuse(chain->load, chain->key, "a UTF-16 modifier needs base64 after it");
    return IW_OK;
}
