/*
 * Help from the option tables.
 */
#include "cli/option.h"
#include "output/display.h"

#define HELP_COLUMN 30U

void iw_options_help(const struct iw_option *options, size_t n_options, struct iw_buffer *out)
{
    static const struct iw_style STYLE = {false, 80};
    for (size_t i = 0; i < n_options; i++) {
        const struct iw_option *option = &options[i];
        size_t line_start = out->n;
        if (option->kind == IW_OPTION_HEADING) {
            iw_buffer_printf(out, "\n%s\n", option->help);
            continue;
        }
        if (option->letter != '\0')
            iw_buffer_printf(out, "  -%c, --%s", option->letter, option->name);
        else
            iw_buffer_printf(out, "      --%s", option->name);
        if (option->argument != NULL)
            iw_buffer_printf(out, " %s", option->argument);
        if (out->n - line_start + 2 > HELP_COLUMN) {
            iw_buffer_add_char(out, '\n');
            line_start = out->n;
        }
        iw_display_spaces(out, HELP_COLUMN - (out->n - line_start));
        iw_display_wrapped(out, &STYLE, HELP_COLUMN, 4, iw_str_of(option->help));
    }
}
