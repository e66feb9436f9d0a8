/*
 * A text that grows (see config_text.h).
 *
 * What it does: doubles its room. What it ignores: shrinking.
 */
#include "lab/config/config_text.h"

#include "lab/lab_alloc.h"

#include <stdarg.h>
#include <string.h>

void iw_lab_config_text_append(struct iw_lab_config_text *text, const char *part, size_t size_bytes)
{
    size_t needed = text->size_bytes + size_bytes + 1;
    if (needed > text->capacity_bytes) {
        text->capacity_bytes = needed * 2;
        text->bytes = iw_lab_alloc_resize(text->bytes, text->capacity_bytes, 1);
    }
    if (size_bytes > 0) {
        memcpy(text->bytes + text->size_bytes, part, size_bytes);
    }
    text->size_bytes += size_bytes;
    text->bytes[text->size_bytes] = '\0';
}

void iw_lab_config_text_join(struct iw_lab_config_text *text, const char *first, ...)
{
    va_list parts;
    va_start(parts, first);
    for (const char *part = first; part != NULL; part = va_arg(parts, const char *)) {
        iw_lab_config_text_append(text, part, strlen(part));
    }
    va_end(parts);
}

char *iw_lab_config_text_take(struct iw_lab_config_text *text)
{
    iw_lab_config_text_append(text, "", 0);
    char *bytes = text->bytes;
    *text = (struct iw_lab_config_text){0};
    return bytes;
}
