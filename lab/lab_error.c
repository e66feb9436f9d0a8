/*
 * The lab's error sentence (see lab_error.h).
 *
 * What it does: formats into the caller's buffer, cutting what does not fit; control characters,
 * which may come from a file, become question marks.
 * What it ignores: error codes; every lab failure ends the command with its sentence.
 */
#include "lab/lab_error.h"

#include <stdarg.h>
#include <stdio.h>

bool iw_lab_error_set(struct iw_lab_error *error, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        for (char *c = error->text; *c != '\0'; c++) {
            *c = (unsigned char)*c < 0x20 || *c == 0x7F ? '?' : *c;
        }
    }
    return false;
}
