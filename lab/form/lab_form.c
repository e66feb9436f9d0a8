/*
 * The table of forms (see lab_form.h).
 */
#include "lab/form/lab_form.h"

#include "lab/form/lab_form_list.h"

#include <string.h>

static const struct iw_lab_form_class *const forms[] = {
    &iw_lab_form_evtx,  &iw_lab_form_xml,       &iw_lab_form_winlogbeat,
    &iw_lab_form_nxlog, &iw_lab_form_evtx_dump, &iw_lab_form_otrf,
};

const struct iw_lab_form_class *iw_lab_form_at(size_t i)
{
    return i < sizeof forms / sizeof forms[0] ? forms[i] : NULL;
}

const struct iw_lab_form_class *iw_lab_form_find(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i]->name, name) == 0) {
            return forms[i];
        }
    }
    return NULL;
}
