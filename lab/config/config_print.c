/*
 * A configuration as IIS writes it.
 *
 * What it does: XML declaration, CRLF, four spaces a level, attributes in their order, comments;
 * in applicationHost.config an empty line around sections, as the installed file has.
 * What it ignores: a byte order mark (IIS reads files with and without). A control character, which
 * XML 1.0 cannot hold, becomes U+FFFD; tab, CR and LF in values become references. Elements that
 * somebody spelt in another way are printed so.
 */
#include "lab/config/config_file.h"
#include "lab/config/config_text.h"

#include <stdio.h>
#include <string.h>

static void add(struct iw_lab_config_text *text, const char *part)
{
    iw_lab_config_text_append(text, part, strlen(part));
}

static const char *escape_of(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#x9;";
    case '\n':
        return "&#xA;";
    case '\r':
        return "&#xD;";
    default:
        return byte < 0x20 ? "\xEF\xBF\xBD" : NULL;
    }
}

/* Each character as a reference, in turn hexadecimal and decimal: &#x43;&#58; of C:. */
static void add_encoded(struct iw_lab_config_text *text, const char *value)
{
    for (size_t i = 0; *value != '\0'; i++) {
        char reference[16];
        const unsigned char *at = (const unsigned char *)value;
        unsigned rest = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
        unsigned code = rest == 0 ? *at : *at & (0x3FU >> rest);
        size_t used = 1;
        for (; used <= rest && at[used] != '\0'; used++) {
            code = code << 6 | (at[used] & 0x3FU);
        }
        snprintf(reference, sizeof reference, i % 2 == 0 ? "&#x%X;" : "&#%u;", code);
        add(text, reference);
        value += used;
    }
}

static void add_value(struct iw_lab_config_text *text, const char *value)
{
    for (; *value != '\0'; value++) {
        const char *escape = escape_of((unsigned char)*value);
        if (escape == NULL) {
            iw_lab_config_text_append(text, value, 1);
        } else {
            add(text, escape);
        }
    }
}

static void add_indent(struct iw_lab_config_text *text, const struct iw_lab_element *element)
{
    for (const struct iw_lab_element *at = element->parent; at != NULL; at = at->parent) {
        add(text, "    ");
    }
}

/* Do empty lines part the children of this element? */
static bool is_airy(const struct iw_lab_config *config, const struct iw_lab_element *element)
{
    if (config->kind != IW_LAB_CONFIG_KIND_SERVER || element == NULL) {
        return false;
    }
    return element->parent == NULL || strncmp(element->name, "system.", 7) == 0 ||
           (strcmp(element->name, "security") == 0 && element->parent->parent->parent == NULL);
}

static void open_element(struct iw_lab_config_text *text, const struct iw_lab_element *element)
{
    add_indent(text, element);
    if (element->name == NULL) {
        iw_lab_config_text_join(text, element->is_cdata ? "<![CDATA[" : "<!-- ", element->comment,
                                element->is_cdata ? "]]>\r\n" : " -->\r\n", NULL);
        return;
    }
    iw_lab_config_text_join(text, "<", element->name, NULL);
    for (size_t i = 0; i < element->n_attributes; i++) {
        iw_lab_config_text_join(text, " ", element->attributes[i].name, "=\"", NULL);
        if (element->is_encoded) {
            add_encoded(text, element->attributes[i].value);
        } else {
            add_value(text, element->attributes[i].value);
        }
        add(text, "\"");
    }
    bool is_open = element->first != NULL || element->parent == NULL;
    add(text, is_open ? ">\r\n" : " />\r\n");
}

static void close_element(struct iw_lab_config_text *text, const struct iw_lab_config *config,
                          const struct iw_lab_element *element)
{
    if (is_airy(config, element)) {
        add(text, "\r\n");
    }
    add_indent(text, element);
    iw_lab_config_text_join(text, "</", element->name, ">\r\n", NULL);
}

static bool needs_empty_line(const struct iw_lab_config *config,
                             const struct iw_lab_element *element)
{
    bool is_commented = element->previous != NULL && element->previous->name == NULL;
    return is_airy(config, element->parent) && !is_commented;
}

/* Closes a childless element's parents up to the one that `following` stands in (NULL: all). */
static void close_parents(struct iw_lab_config_text *text, const struct iw_lab_config *config,
                          const struct iw_lab_element *element,
                          const struct iw_lab_element *following)
{
    const struct iw_lab_element *until = following == NULL ? NULL : following->parent;
    const struct iw_lab_element *at = element->parent;
    while (at != NULL && at != until) {
        close_element(text, config, at);
        at = at->parent;
    }
}

char *iw_lab_config_print(const struct iw_lab_config *config)
{
    struct iw_lab_config_text text = {0};
    add(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
    const struct iw_lab_element *at = config->root;
    while (at != NULL) {
        if (needs_empty_line(config, at)) {
            add(&text, "\r\n");
        }
        open_element(&text, at);
        const struct iw_lab_element *following = iw_lab_element_following(config->root, at);
        if (at == config->root && at->first == NULL) {
            close_element(&text, config, at);
        } else if (at->first == NULL) {
            close_parents(&text, config, at, following);
        }
        at = following;
    }
    return iw_lab_config_text_take(&text);
}
