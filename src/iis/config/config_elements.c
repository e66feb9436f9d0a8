/*
 * Configuration files through expat 2.5, with the program's own memory functions. The text is UTF-8
 * by now and expat is told so, whatever the declaration says. Comments, processing instructions and
 * text behind an element's first child are ignored: no section means anything by them. Entities
 * other than the five of XML end the reading, since there is nothing to declare them with.
 */
#include "iis/config/config_elements.h"

#include <expat.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "base/limits.h"
#include "iis/config/config_decode.h"

struct reading {
    XML_Parser parser;
    struct iw_arena *arena;
    struct iw_config_tree *tree;
    struct iw_config_element *open; /* the innermost */
    struct iw_buffer text;          /* of it, while it has no child */
    bool no_memory;
};

static const XML_Memory_Handling_Suite MEMORY = {iw_malloc, iw_realloc, iw_free};

/* --- ending early ------------------------------------------------------------------------ */

static void place(struct reading *reading)
{
    struct iw_error *error = &reading->tree->error;

    error->line = (uint32_t)XML_GetCurrentLineNumber(reading->parser);
    error->column = (uint32_t)XML_GetCurrentColumnNumber(reading->parser) + 1;
    error->offset = (uint64_t)XML_GetCurrentByteIndex(reading->parser);
}

static void stop(struct reading *reading, enum iw_config_defect defect, const char *what,
                 size_t limit)
{
    struct iw_config_tree *tree = reading->tree;

    if (tree->defect != IW_CONFIG_WHOLE || reading->no_memory)
        return;
    tree->defect = defect;
    if (defect == IW_CONFIG_OVER_LIMIT)
        (void)iw_error_set(&tree->error, IW_ELIMIT, "more than %zu %s: not read further", limit,
                           what);
    else
        (void)iw_error_set(&tree->error, IW_EFORMAT, "%s", what);
    place(reading);
    (void)XML_StopParser(reading->parser, XML_FALSE);
}

static void stop_without_memory(struct reading *reading)
{
    reading->no_memory = true;
    (void)XML_StopParser(reading->parser, XML_FALSE);
}

/* --- elements ---------------------------------------------------------------------------- */

static struct iw_str trimmed(struct iw_str text)
{
    while (text.n != 0 && strchr(" \t\r\n", text.p[text.n - 1]) != NULL)
        text.n--;
    while (text.n != 0 && strchr(" \t\r\n", text.p[0]) != NULL) {
        text.p++;
        text.n--;
    }
    return text;
}

/* The open element's text is complete: a child begins, or it ends. */
static bool keep_text(struct reading *reading)
{
    struct iw_str text = trimmed(iw_buffer_str(&reading->text));

    if (reading->text.failed)
        return false;
    if (reading->open != NULL && reading->open->first == NULL && text.n != 0) {
        reading->open->text = iw_arena_copy(reading->arena, text);
        if (reading->open->text.p == NULL)
            return false;
    }
    iw_buffer_clear(&reading->text);
    return true;
}

static bool add_attributes(struct reading *reading, struct iw_config_element *element,
                           const XML_Char **given, size_t n)
{
    struct iw_config_attribute *attributes =
        iw_arena_calloc(reading->arena, n == 0 ? 1 : n, sizeof *attributes);

    if (attributes == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        attributes[i].name = iw_arena_copy(reading->arena, iw_str_of(given[2 * i]));
        attributes[i].value = iw_arena_copy(reading->arena, iw_str_of(given[2 * i + 1]));
        if (attributes[i].name.p == NULL || attributes[i].value.p == NULL)
            return false;
    }
    element->attributes = attributes;
    element->n_attributes = (uint32_t)n;
    return true;
}

static struct iw_config_element *new_element(struct reading *reading, const XML_Char *name,
                                             const XML_Char **attributes, size_t n)
{
    struct iw_config_element *element = iw_arena_calloc(reading->arena, 1, sizeof *element);

    if (element == NULL || !add_attributes(reading, element, attributes, n))
        return NULL;
    element->name = iw_arena_copy(reading->arena, iw_str_of(name));
    element->line = (uint32_t)XML_GetCurrentLineNumber(reading->parser);
    element->column = (uint32_t)XML_GetCurrentColumnNumber(reading->parser) + 1;
    return element->name.p == NULL ? NULL : element;
}

static void hang_in(struct reading *reading, struct iw_config_element *element)
{
    struct iw_config_element *parent = reading->open;

    element->parent = parent;
    element->depth = parent == NULL ? 1 : parent->depth + 1;
    if (parent == NULL)
        reading->tree->root = element;
    else if (parent->last == NULL)
        parent->first = element;
    else
        parent->last->next = element;
    if (parent != NULL)
        parent->last = element;
    reading->tree->n_elements++;
    reading->open = element;
}

/* Whether one more element with these attributes is within the limits. */
static bool fits(struct reading *reading, const XML_Char *name, const XML_Char **attributes,
                 size_t *ret_n)
{
    size_t n = 0, longest = strlen(name);

    for (; attributes[2 * n] != NULL; n++)
        longest = strlen(attributes[2 * n]) > longest ? strlen(attributes[2 * n]) : longest;
    *ret_n = n;
    if (reading->open != NULL && reading->open->depth == IW_LIMIT_CONFIG_DEPTH)
        stop(reading, IW_CONFIG_OVER_LIMIT, "elements inside one another", IW_LIMIT_CONFIG_DEPTH);
    else if (reading->tree->n_elements == IW_LIMIT_CONFIG_ELEMENTS)
        stop(reading, IW_CONFIG_OVER_LIMIT, "elements", IW_LIMIT_CONFIG_ELEMENTS);
    else if (n > IW_LIMIT_CONFIG_ATTRIBUTES)
        stop(reading, IW_CONFIG_OVER_LIMIT, "attributes of one element",
             IW_LIMIT_CONFIG_ATTRIBUTES);
    else if (longest > IW_LIMIT_CONFIG_NAME_BYTES)
        stop(reading, IW_CONFIG_OVER_LIMIT, "bytes of a name", IW_LIMIT_CONFIG_NAME_BYTES);
    return reading->tree->defect == IW_CONFIG_WHOLE;
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *reading = user;
    struct iw_config_element *element;
    size_t n = 0;

    if (reading->no_memory || !fits(reading, name, attributes, &n))
        return;
    element = keep_text(reading) ? new_element(reading, name, attributes, n) : NULL;
    if (element == NULL)
        stop_without_memory(reading);
    else
        hang_in(reading, element);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct reading *reading = user;

    (void)name;
    /* Expat ends an empty element even after it was stopped at its start. */
    if (reading->no_memory || reading->tree->defect != IW_CONFIG_WHOLE || reading->open == NULL)
        return;
    if (!keep_text(reading)) {
        stop_without_memory(reading);
        return;
    }
    reading->open->is_closed = true;
    reading->open = reading->open->parent;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int n)
{
    struct reading *reading = user;

    if (reading->open != NULL && reading->open->first == NULL)
        iw_buffer_add(&reading->text, (struct iw_str){text, (size_t)n});
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    stop(user, IW_CONFIG_DTD, "a document type (DTD) is declared: refused, not read further", 0);
}

/* --- a file ------------------------------------------------------------------------------ */

static void parse(struct reading *reading, struct iw_str text)
{
    XML_Parser parser = reading->parser;

    (void)XML_SetHashSalt(parser, (unsigned long)iw_hash_bytes("config", 6, 0) | 1U);
    XML_SetUserData(parser, reading);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    if (XML_Parse(parser, text.n == 0 ? "" : text.p, (int)text.n, XML_TRUE) == XML_STATUS_OK)
        return;
    if (XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY)
        reading->no_memory = true;
    else
        stop(reading, IW_CONFIG_MALFORMED, XML_ErrorString(XML_GetErrorCode(parser)), 0);
}

enum iw_rc iw_config_tree_read(struct iw_str bytes, struct iw_str name, struct iw_arena *arena,
                               struct iw_config_tree *ret)
{
    struct reading reading = {.arena = arena, .tree = ret};
    struct iw_config_text decoded;

    *ret = (struct iw_config_tree){.name = name, .encoding = "UTF-8"};
    if (bytes.n > IW_LIMIT_CONFIG_FILE_BYTES) {
        ret->defect = IW_CONFIG_OVER_LIMIT;
        (void)iw_error_set(&ret->error, IW_ELIMIT, "more than %lu bytes: not read",
                           IW_LIMIT_CONFIG_FILE_BYTES);
        return IW_OK;
    }
    if (!iw_config_decode(bytes, arena, &decoded))
        return IW_ENOMEM;
    ret->encoding = decoded.encoding;
    ret->n_replaced = decoded.n_replaced;
    reading.parser = XML_ParserCreate_MM("UTF-8", &MEMORY, NULL);
    if (reading.parser == NULL)
        return IW_ENOMEM;
    iw_buffer_init(&reading.text);
    parse(&reading, decoded.text);
    iw_buffer_done(&reading.text);
    XML_ParserFree(reading.parser);
    return reading.no_memory ? IW_ENOMEM : IW_OK;
}

/* --- asking ------------------------------------------------------------------------------ */

static const struct iw_config_element *named(const struct iw_config_element *element,
                                             struct iw_str name)
{
    while (element != NULL && !iw_str_equal(element->name, name))
        element = element->next;
    return element;
}

const struct iw_config_element *iw_config_child(const struct iw_config_element *element,
                                                struct iw_str name)
{
    return element == NULL ? NULL : named(element->first, name);
}

const struct iw_config_element *iw_config_sibling(const struct iw_config_element *element,
                                                  struct iw_str name)
{
    return named(element->next, name);
}

const struct iw_config_element *iw_config_following(const struct iw_config_element *top,
                                                    const struct iw_config_element *element,
                                                    bool skip)
{
    if (!skip && element->first != NULL)
        return element->first;
    while (element != NULL && element != top && element->next == NULL)
        element = element->parent;
    return element == NULL || element == top ? NULL : element->next;
}

const struct iw_config_attribute *iw_config_attribute(const struct iw_config_element *element,
                                                      struct iw_str name)
{
    for (size_t i = 0; element != NULL && i < element->n_attributes; i++)
        if (iw_str_equal(element->attributes[i].name, name))
            return &element->attributes[i];
    return NULL;
}

struct iw_str iw_config_value(const struct iw_config_element *element, struct iw_str name,
                              struct iw_str otherwise)
{
    const struct iw_config_attribute *attribute = iw_config_attribute(element, name);
    return attribute == NULL ? otherwise : attribute->value;
}

bool iw_config_flag(const struct iw_config_element *element, struct iw_str name, bool otherwise)
{
    struct iw_str value = iw_config_value(element, name, (struct iw_str){"", 0});

    if (iw_str_equal_nocase(value, IW_STR("true")) || iw_str_equal(value, IW_STR("1")))
        return true;
    if (iw_str_equal_nocase(value, IW_STR("false")) || iw_str_equal(value, IW_STR("0")))
        return false;
    return otherwise;
}
