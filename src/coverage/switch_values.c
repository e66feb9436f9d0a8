/*
 * What is asked of the registry. Sources: Microsoft's pages of reg and of the module
 * Microsoft.PowerShell.Management.
 */
#include "coverage/switch_asking.h"

static bool set_value(struct iw_asking *asking, struct iw_str key, struct iw_str name,
                      struct iw_str data)
{
    struct iw_str target = key;
    if (name.n != 0) {
        char *text = iw_arena_alloc(asking->scratch, key.n + 1 + name.n);
        if (text == NULL) {
            asking->no_memory = true;
            return false;
        }
        memcpy(text, key.p, key.n);
        text[key.n] = '\\';
        memcpy(text + key.n + 1, name.p, name.n);
        target = (struct iw_str){text, key.n + 1 + name.n};
    }
    return iw_command_switch_of_registry(target, data, &asking->made);
}

static struct iw_str behind_switch(const struct iw_asking *asking, const char *name)
{
    for (size_t i = 0; i + 1 < asking->n; i++) {
        if (iw_word_is_switch(asking->words[i], name))
            return asking->words[i + 1];
    }
    return (struct iw_str){NULL, 0};
}

/* `reg add KEY /v NAME /t TYPE /d DATA`; without the value that adds command lines there are none.
 */
bool iw_ask_reg(struct iw_asking *asking)
{
    size_t at = iw_asking_behind(asking, "add");
    struct iw_str name = behind_switch(asking, "v"), data = behind_switch(asking, "d");
    if (at >= asking->n) {
        at = iw_asking_behind(asking, "delete");
        if (at >= asking->n || !iw_word_is(name, "ProcessCreationIncludeCmdLine_Enabled"))
            return false;
        data = IW_STR("0");
    }
    if (iw_str_begins_nocase(asking->words[at], IW_STR("\\\\")))
        return false;
    return set_value(asking, asking->words[at], name, data);
}

/* Set-ItemProperty and the like: `[-Path] KEY [-Name] NAME [-Value] DATA`. */
bool iw_ask_item(struct iw_asking *asking)
{
    struct iw_str key = IW_STR(""), rest[2] = {{NULL, 0}, {NULL, 0}};
    size_t n = 0;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i];
        if (iw_word_is_option(word)) {
            i += iw_word_is_switch(word, "Type") || iw_word_is_switch(word, "PropertyType");
            continue;
        }
        if (key.n == 0 && memchr(word.p, '\\', word.n) != NULL)
            key = word;
        else if (n < 2)
            rest[n++] = word;
    }
    return key.n != 0 && set_value(asking, key, rest[0], rest[1]);
}
