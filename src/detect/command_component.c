/*
 * A value stands behind `name` or `image` as a whole word. The last one counts: in `-Name "."
 * -Value @{name='X'}` the first is a place of the configuration.
 */
#include "detect/event_act.h"

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static struct iw_str behind(struct iw_str text, size_t at)
{
    return (struct iw_str){text.p + at, text.n - at};
}

/* `module.name` is the module's; `app.name` and `site.name` say where. */
static bool is_key_at(struct iw_str command, size_t at, struct iw_str key)
{
    static const struct iw_str OWNER = {"module.", 7};
    if (!iw_str_begins_nocase(behind(command, at), key))
        return false;
    if (at + key.n == command.n || is_word(command.p[at + key.n]))
        return false;
    if (at == 0 || is_word(command.p[at - 1]))
        return false;
    return command.p[at - 1] != '.' ||
           (at >= OWNER.n && iw_str_begins_nocase(behind(command, at - OWNER.n), OWNER));
}

/* The quote that stands open before the option itself: `"/image:C:\Program Files\x.dll"`. */
static char outer_quote(struct iw_str command, size_t at)
{
    while (at != 0 && (is_word(command.p[at - 1]) || command.p[at - 1] == '.'))
        at--;
    if (at < 2 || (command.p[at - 1] != '/' && command.p[at - 1] != '-'))
        return '\0';
    return command.p[at - 2] == '"' || command.p[at - 2] == '\'' ? command.p[at - 2] : '\0';
}

static bool ends_value(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == ']' || c == '}' || c == '"' ||
           c == '\'';
}

/* The value behind the key that ends at *at*. */
static struct iw_str value_at(struct iw_str command, size_t at, char outer)
{
    bool is_separated = false;
    size_t begin;
    char quote;
    while (at < command.n && (command.p[at] == ' ' || command.p[at] == '=' || command.p[at] == ':'))
        is_separated = is_separated || command.p[at++] != '\0';
    if (!is_separated || at == command.n)
        return IW_STR("");
    quote = command.p[at] == '"' || command.p[at] == '\'' ? command.p[at++] : outer;
    begin = at;
    while (at < command.n && (quote != '\0' ? command.p[at] != quote : !ends_value(command.p[at])))
        at++;
    return (struct iw_str){command.p + begin, at - begin};
}

static struct iw_str last_value(struct iw_str command, struct iw_str key)
{
    struct iw_str found = IW_STR("");
    for (size_t at = 0; at + key.n < command.n; at++) {
        struct iw_str value;
        if (!is_key_at(command, at, key))
            continue;
        value = value_at(command, at + key.n, outer_quote(command, at));
        if (value.n != 0 && !iw_str_equal(value, IW_STR(".")))
            found = value;
    }
    return found;
}

void iw_command_component(struct iw_str command, struct iw_str *ret_name, struct iw_str *ret_image)
{
    *ret_name = last_value(command, IW_STR("name"));
    *ret_image = last_value(command, IW_STR("image"));
}
