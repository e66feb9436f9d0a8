/**
 * Quick looks at a value as it stands in the record, UTF-8 or UTF-16, without making a text of it:
 * most events are passed over by their end.
 */
#ifndef IW_COVERAGE_RAW_TEXT_H
#define IW_COVERAGE_RAW_TEXT_H

#include "event/event.h"

/** Whether a field is there and says anything: not empty and not the dash Windows writes for
 * nothing. NULL: it is not there. */
static inline bool iw_raw_says(const struct iw_field *field)
{
    if (field == NULL || field->type == IW_VALUE_NULL || field->n == 0)
        return false;
    if (field->n > 2)
        return true;
    if (field->type == IW_VALUE_UTF16)
        return field->n != 2 || field->p[0] != '-' || field->p[1] != 0;
    return (field->type != IW_VALUE_UTF8 && field->type != IW_VALUE_ANSI) || field->n != 1 ||
           field->p[0] != '-';
}

/** Whether it may end with *ending* (ASCII, lower case; letter case of the value is ignored). True
 * also of types that are no plain text. NULL: false. */
static inline bool iw_raw_may_end(const struct iw_field *field, struct iw_str ending)
{
    size_t width = 1;
    if (field == NULL)
        return false;
    if (field->type == IW_VALUE_UTF16)
        width = 2;
    else if (field->type != IW_VALUE_UTF8)
        return true;
    if (field->n < ending.n * width)
        return false;
    for (size_t i = 0; i < ending.n; i++) {
        const uint8_t *at = field->p + field->n - (i + 1) * width;
        if (iw_ascii_lower((char)at[0]) != ending.p[ending.n - 1 - i] || (width == 2 && at[1] != 0))
            return false;
    }
    return true;
}

/** Whether it surely ends so. NULL: false. */
static inline bool iw_raw_ends(const struct iw_field *field, struct iw_str ending)
{
    return field != NULL && (field->type == IW_VALUE_UTF16 || field->type == IW_VALUE_UTF8) &&
           iw_raw_may_end(field, ending);
}

/** Whether it surely is that. NULL: false. */
static inline bool iw_raw_is(const struct iw_field *field, struct iw_str text)
{
    return iw_raw_ends(field, text) && field->n == text.n * (field->type == IW_VALUE_UTF16 ? 2 : 1);
}

/** Whether it surely begins so. NULL: false. */
static inline bool iw_raw_begins(const struct iw_field *field, struct iw_str beginning)
{
    struct iw_field head;
    size_t n = beginning.n;
    if (field == NULL)
        return false;
    head = *field;
    n *= head.type == IW_VALUE_UTF16 ? 2 : 1;
    if (head.n > n)
        head.n = (uint32_t)n;
    return iw_raw_ends(&head, beginning);
}

#endif
