/*
 * `--where`. Matching a pattern with stars never goes back further than the last star, so it is
 * linear for one star and bounded by pattern × text for many.
 */
#include "engine/where.h"

#include "base/alloc.h"
#include "event/context_name.h"

enum iw_rc iw_where_init(struct iw_where *where, const char *const *terms, size_t n,
                         struct iw_names *names, struct iw_error *err)
{
    memset(where, 0, sizeof *where);
    where->terms = iw_calloc(n, sizeof *where->terms);
    if (where->terms == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (; where->n < n; where->n++) {
        const char *equals = strchr(terms[where->n], '=');
        struct iw_where_term *term = &where->terms[where->n];
        struct iw_str name;
        if (equals == NULL || equals == terms[where->n])
            return iw_error_set(err, IW_EUSAGE, "--where: '%.64s' is not Field=text",
                                terms[where->n]);
        name = (struct iw_str){terms[where->n], (size_t)(equals - terms[where->n])};
        if (iw_context_name_is_one(name))
            return iw_error_set(err, IW_EUSAGE,
                                "--where: no record has '%.64s': it is found out about an event "
                                "afterwards; choose by fields of the record (Image=, User=)",
                                terms[where->n]);
        if (!iw_name_is_askable(name))
            return iw_error_set(err, IW_EUSAGE, "--where: '%.64s' is too long for a field name",
                                terms[where->n]);
        term->name_id = iw_names_add(names, name);
        if (term->name_id == IW_NAME_UNASKED)
            return iw_error_set(err, IW_ENOMEM, "no memory");
        term->pattern = iw_str_of(equals + 1);
    }
    return IW_OK;
}

void iw_where_done(struct iw_where *where)
{
    iw_free(where->terms);
    memset(where, 0, sizeof *where);
}

bool iw_text_matches(struct iw_str pattern, struct iw_str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, retry = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.n && iw_ascii_lower(pattern.p[p]) == iw_ascii_lower(text.p[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

enum iw_rc iw_where_matches(const struct iw_where *where, const struct iw_event *event,
                            struct iw_arena *scratch, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < where->n; i++) {
        bool found = false;
        for (uint32_t k = 0; k < event->n_fields && !found; k++) {
            struct iw_str text;
            if (event->fields[k].name->id != where->terms[i].name_id ||
                event->fields[k].place == IW_PLACE_RENDERING)
                continue;
            text = iw_value_text(iw_field_value(&event->fields[k]), scratch);
            if (text.p == NULL)
                return IW_ENOMEM;
            found = iw_text_matches(where->terms[i].pattern, text);
        }
        if (!found)
            return IW_OK;
    }
    *ret = true;
    return IW_OK;
}
