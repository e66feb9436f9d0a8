/*
 * What the terminal can show. NO_COLOR as no-color.org says: present and not empty; --color always
 * is a later word and wins.
 */
#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool environment_allows_color(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (no_color != NULL && *no_color != '\0')
        return false;
    return terminal != NULL && *terminal != '\0' && strcmp(terminal, "dumb") != 0;
}

void iw_terminal_style(int fd, enum iw_when color, struct iw_style *ret)
{
    struct winsize size;
    bool is_terminal = isatty(fd) != 0;
    ret->width = 0;
    if (is_terminal)
        ret->width = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
    ret->color = color == IW_WHEN_ALWAYS ||
                 (color == IW_WHEN_AUTO && is_terminal && environment_allows_color());
}
