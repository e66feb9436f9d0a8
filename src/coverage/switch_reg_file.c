/*
 * `reg import FILE`, `regedit /s FILE` in a text that has the lines of such a file: a key in
 * brackets, and behind it its values. Source: Microsoft's page "How to add, modify, or delete
 * registry subkeys and values by using a .reg file".
 *
 * Left out on purpose: a file that the text does not have. Anything may be in it, and nearly all
 * are everyday work; what it sets stands in events of the registry.
 */
#include "coverage/switch_asking.h"

static struct iw_str line_of(struct iw_str *rest)
{
    const char *end = memchr(rest->p, '\n', rest->n);
    size_t n = end != NULL ? (size_t)(end - rest->p) : rest->n;
    struct iw_str line = {rest->p, n};
    *rest = (struct iw_str){rest->p + n + (end != NULL), rest->n - n - (end != NULL)};
    return line;
}

static struct iw_str behind(struct iw_str line, const char *what)
{
    size_t n = iw_str_find(line, iw_str_of(what));
    return n == SIZE_MAX ? (struct iw_str){NULL, 0}
                         : (struct iw_str){line.p + n + strlen(what), line.n - n - strlen(what)};
}

static struct iw_str up_to(struct iw_str text, char end)
{
    const char *found = text.n != 0 ? memchr(text.p, end, text.n) : NULL;
    return found != NULL ? (struct iw_str){text.p, (size_t)(found - text.p)}
                         : (struct iw_str){NULL, 0};
}

/* `"Start"=dword:00000004` */
static bool ask_value(struct iw_asking *asking, struct iw_str key, struct iw_str line)
{
    struct iw_str data = behind(line, "\"=dword:"), name;
    if (data.p == NULL)
        return false;
    name = (struct iw_str){line.p, (size_t)(data.p - line.p) - strlen("\"=dword:")};
    for (size_t n = name.n; n != 0; n--) {
        if (name.p[n - 1] == '"') {
            name = (struct iw_str){name.p + n, name.n - n};
            break;
        }
    }
    return iw_asking_set_value(asking, key, name, (struct iw_str){data.p, data.n < 8 ? data.n : 8});
}

bool iw_ask_reg_file(struct iw_asking *asking)
{
    struct iw_str rest = asking->about.text, key = {NULL, 0};
    bool is_one = false;
    if (asking->made->reg_file == rest.p) /* once is enough, however often it is asked for */
        return false;
    asking->made->reg_file = rest.p;
    while (rest.n != 0) {
        struct iw_str line = line_of(&rest), next = up_to(behind(line, "[HKEY_"), ']');
        struct iw_switch_word gone = {.text = up_to(behind(line, "[-HKEY_"), ']')};
        if (gone.text.n != 0)
            is_one |= iw_asking_remove_key(asking, &gone);
        if (next.n != 0 || gone.text.n != 0)
            key = next;
        else if (key.n != 0)
            is_one |= ask_value(asking, key, line);
    }
    return is_one;
}
