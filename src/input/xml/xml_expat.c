/*
 * Events through expat 2.5: one parser, made once and reset for each event, with the program's own
 * memory functions. The encoding is given from outside (the text is UTF-8 by now), so a declaration
 * that says otherwise cannot confuse it. Namespaces are not resolved: prefixes are dropped where
 * names are taken. Entities beyond the five of XML make expat refuse the event.
 */
#include "input/xml/xml_expat.h"

#include <expat.h>

#include "base/alloc.h"
#include "base/hash.h"

struct xml_expat {
    XML_Parser parser;
    struct xml_collector *collector;
};

static const XML_Memory_Handling_Suite MEMORY = {iw_malloc, iw_realloc, iw_free};

struct xml_expat *xml_expat_new(void)
{
    struct xml_expat *expat = iw_calloc(1, sizeof *expat);
    if (expat == NULL)
        return NULL;
    expat->parser = XML_ParserCreate_MM("UTF-8", &MEMORY, NULL);
    if (expat->parser != NULL)
        return expat;
    iw_free(expat);
    return NULL;
}

void xml_expat_free(struct xml_expat *expat)
{
    if (expat == NULL)
        return;
    XML_ParserFree(expat->parser);
    iw_free(expat);
}

/* Expat keeps memory for every open element: what is deeper than the limit is not for it. */
static void stop_if_over(struct xml_expat *expat)
{
    if (xml_collect_is_over(expat->collector) || expat->collector->n_deeper != 0)
        (void)XML_StopParser(expat->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_expat *expat = user;
    xml_collect_open(expat->collector, iw_str_of(name));
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        xml_collect_attribute(expat->collector, iw_str_of(attributes[i]),
                              iw_str_of(attributes[i + 1]));
    stop_if_over(expat);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct xml_expat *expat = user;
    (void)name;
    xml_collect_close(expat->collector);
    stop_if_over(expat);
}

static void XMLCALL on_text(void *user, const XML_Char *text, int n)
{
    struct xml_expat *expat = user;
    xml_collect_text(expat->collector, (struct iw_str){text, (size_t)n});
}

/* Cannot happen, since an event has no prolog: refused all the same. */
static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    struct xml_expat *expat = user;
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    (void)XML_StopParser(expat->parser, XML_FALSE);
}

enum iw_rc xml_expat_read(struct xml_expat *expat, struct iw_str event,
                          struct xml_collector *collector)
{
    XML_Parser parser = expat->parser;
    uint64_t salt = iw_hash_bytes("expat", 5, 0);

    if (XML_ParserReset(parser, "UTF-8") != XML_TRUE)
        return IW_ENOMEM;
    expat->collector = collector;
    /* One drawn by the program: expat would ask the system anew for every event. */
    (void)XML_SetHashSalt(parser, (unsigned long)salt | 1U);
    XML_SetUserData(parser, expat);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    if (XML_Parse(parser, event.p, (int)event.n, XML_TRUE) == XML_STATUS_OK)
        return collector->rc;
    if (collector->rc != IW_OK || XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY)
        return IW_ENOMEM;
    return xml_collect_is_over(collector) ? IW_OK : IW_EFORMAT;
}
