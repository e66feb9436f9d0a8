/*
 * A text that grows. It owns its bytes, which always end with a NUL once something was appended.
 */
#ifndef IW_LAB_CONFIG_TEXT_H
#define IW_LAB_CONFIG_TEXT_H

#include <stddef.h>

struct iw_lab_config_text {
    char *bytes; /* NULL while empty */
    size_t size_bytes;
    size_t capacity_bytes;
};

void iw_lab_config_text_append(struct iw_lab_config_text *text, const char *part,
                               size_t size_bytes);
/* Each of the texts up to a NULL. */
void iw_lab_config_text_join(struct iw_lab_config_text *text, const char *first, ...)
    __attribute__((sentinel));
/* The text, which the caller frees with iw_lab_alloc_release(); never NULL. text is empty after. */
char *iw_lab_config_text_take(struct iw_lab_config_text *text);

#endif
