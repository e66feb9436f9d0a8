/*
 * Imphash: MD5 of "library.function" of all imports in their order, joined by commas, in small
 * letters, without the library's ending (.dll, .ocx, .sys). Imports by ordinal are "ordN", but for
 * those of three old libraries, which have the names everybody knows them by.
 *
 * As Mandiant defined it and pefile computes it (pefile.py, PE.get_imphash). It differs from pefile
 * only where a name has bytes that are not ASCII. Delayed imports do not count.
 */
#include "iis/pe/pe_view.h"

#include "base/buffer.h"
#include "base/hash.h"
#include "iis/pe/pe_ordinals.h"

static void add_lower(struct iw_buffer *out, struct iw_str text)
{
    char *room = text.n != 0 ? iw_buffer_room(out, text.n) : NULL;
    if (room == NULL)
        return;
    for (size_t i = 0; i < text.n; i++)
        room[i] = iw_ascii_lower(text.p[i]);
    out->n += text.n;
}

static struct iw_str without_ending(struct iw_str library)
{
    static const struct iw_str endings[] = {{".dll", 4}, {".ocx", 4}, {".sys", 4}};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (iw_str_ends_nocase(library, endings[i])) {
            library.n -= endings[i].n;
            break;
        }
    }
    return library;
}

static void add_import(struct iw_buffer *out, const struct iw_pe_library *library,
                       const struct iw_pe_import *import)
{
    struct iw_str name = import->name;
    if (import->is_by_ordinal)
        name = iw_pe_ordinal_name(library->name, import->ordinal);
    if (name.n == 0 && !import->is_by_ordinal)
        return;
    if (out->n != 0)
        iw_buffer_add_char(out, ',');
    add_lower(out, without_ending(library->name));
    iw_buffer_add_char(out, '.');
    if (name.n != 0)
        add_lower(out, name);
    else
        iw_buffer_printf(out, "ord%u", (unsigned)import->ordinal);
}

void iw_pe_make_imphash(struct iw_pe_view *view)
{
    struct iw_pe *pe = view->pe;
    struct iw_buffer text;

    iw_buffer_init(&text);
    for (uint32_t i = 0; i < pe->n_libraries && !pe->libraries[i].is_delayed; i++) {
        for (uint32_t j = 0; j < pe->libraries[i].n_imports; j++)
            add_import(&text, &pe->libraries[i], &pe->libraries[i].imports[j]);
    }
    if (text.n != 0 && !text.failed)
        pe->has_imphash = iw_md5(iw_buffer_str(&text), pe->imphash);
    view->no_memory |= text.failed;
    iw_buffer_done(&text);
}
