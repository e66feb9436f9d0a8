/*
 * Settings as somebody types them.
 */
#include "detect/chain/chain_settings.h"

#include "base/arena_text.h"
#include "base/nearest.h"
#include "detect/chain/web_file_path.h"
#include "detect/detect_text.h"

typedef enum iw_rc set_value(struct iw_chain_settings *settings, const char *name,
                             struct iw_str value, struct iw_error *err);

static struct iw_str trimmed(struct iw_str text)
{
    while (text.n != 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
        text.p++;
        text.n--;
    }
    while (text.n != 0 && strchr(" \t\r", text.p[text.n - 1]) != NULL)
        text.n--;
    return text;
}

/* --- values --------------------------------------------------------------------------------- */

static int64_t seconds_of_unit(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 24 * INT64_C(3600);
    default:
        return 0;
    }
}

static enum iw_rc set_window(struct iw_chain_settings *settings, const char *name,
                             struct iw_str value, struct iw_error *err)
{
    int64_t unit = value.n != 0 ? seconds_of_unit(iw_ascii_lower(value.p[value.n - 1])) : 0;
    uint64_t count = 0;
    /* Ten years: longer is a slip, and far from what nanoseconds can hold. */
    if (unit == 0 || !iw_str_to_u64((struct iw_str){value.p, value.n - 1}, &count) || count == 0 ||
        count > (uint64_t)(3650 * INT64_C(86400) / unit))
        return iw_error_set(err, IW_EUSAGE,
                            "%s: '%.*s' is no duration: write 90s, 30m, 24h or 7d, ten years at "
                            "most",
                            name, IW_STR_ARG(value));
    settings->window_ns = (int64_t)count * unit * IW_NS_PER_SECOND;
    return IW_OK;
}

/* Bits a character: "3.5". Digits by hand, because strtod reads the decimal sign of the locale. */
static enum iw_rc set_entropy(struct iw_chain_settings *settings, const char *name,
                              struct iw_str value, struct iw_error *err)
{
    double result = 0, step = 1;
    bool is_number = value.n != 0 && value.n < 8, is_behind_point = false;
    for (size_t i = 0; is_number && i < value.n; i++) {
        if (value.p[i] == '.' && !is_behind_point && i != 0 && i + 1 < value.n) {
            is_behind_point = true;
        } else if (value.p[i] >= '0' && value.p[i] <= '9') {
            step = is_behind_point ? step / 10 : 1;
            result = is_behind_point ? result + step * (value.p[i] - '0')
                                     : 10 * result + (value.p[i] - '0');
        } else {
            is_number = false;
        }
    }
    if (!is_number || result > 8)
        return iw_error_set(err, IW_EUSAGE,
                            "%s: '%.*s' is no number of bits from 0 (off) to 8, like 3.5", name,
                            IW_STR_ARG(value));
    settings->dll_name_entropy = result;
    return IW_OK;
}

static enum iw_rc add_value(struct iw_chain_settings *settings, struct iw_chain_list *list,
                            struct iw_str value, struct iw_error *err)
{
    if (list->n == list->cap) {
        size_t cap = list->cap != 0 ? 2 * list->cap : 8;
        struct iw_str *items = iw_arena_calloc(&settings->arena, cap, sizeof *items);
        if (items == NULL)
            return iw_error_set(err, IW_ENOMEM, "no memory");
        if (list->n != 0)
            memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
        list->cap = cap;
    }
    list->items[list->n] = iw_arena_copy(&settings->arena, value);
    return list->items[list->n++].p != NULL ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc add_values(struct iw_chain_settings *settings, struct iw_chain_list *list,
                             const char *name, struct iw_str value, struct iw_error *err)
{
    size_t n = 0, at = 0;
    while (at <= value.n) {
        size_t end = at;
        struct iw_str one;
        while (end < value.n && value.p[end] != ';')
            end++;
        one = trimmed((struct iw_str){value.p + at, end - at});
        at = end + 1;
        if (one.n == 0)
            continue;
        IW_TRY(add_value(settings, list, one, err));
        n++;
    }
    if (n == 0)
        return iw_error_set(err, IW_EUSAGE, "%s: no value; several are separated by ';'", name);
    return IW_OK;
}

#define SET_LIST(function, member)                                                                 \
    static enum iw_rc function(struct iw_chain_settings *settings, const char *name,               \
                               struct iw_str value, struct iw_error *err)                          \
    {                                                                                              \
        return add_values(settings, &settings->member, name, value, err);                          \
    }
SET_LIST(set_users, users)
SET_LIST(set_watched_paths, watched_paths)
SET_LIST(set_loaders, loaders)
SET_LIST(set_web_roots, web_roots)
SET_LIST(set_web_servers, web_servers)

/* --- names ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    set_value *set;
} ELEMENTS[] = {
    {"TimeWindow", set_window},          {"UserContext", set_users},
    {"WatchedPaths", set_watched_paths}, {"DLLNameEntropyThreshold", set_entropy},
    {"ParentProcessName", set_loaders},  {"WebRootPath", set_web_roots},
    {"ParentProcess", set_web_servers},
};
#define N_ELEMENTS (sizeof ELEMENTS / sizeof ELEMENTS[0])

static enum iw_rc refuse_name(struct iw_str name, struct iw_error *err)
{
    const char *names[N_ELEMENTS];
    const char *nearest;
    char typed[64];
    size_t n = name.n < sizeof typed - 1 ? name.n : sizeof typed - 1;
    for (size_t i = 0; i < N_ELEMENTS; i++)
        names[i] = ELEMENTS[i].name;
    if (n != 0)
        memcpy(typed, name.p, n);
    typed[n] = '\0';
    nearest = iw_nearest_word(typed, names, N_ELEMENTS);
    if (nearest != NULL)
        return iw_error_set(err, IW_EUSAGE, "no setting is called '%s'; did you mean %s?", typed,
                            nearest);
    return iw_error_set(err, IW_EUSAGE,
                        "no setting is called '%s'; there are TimeWindow, UserContext, "
                        "WatchedPaths, DLLNameEntropyThreshold, ParentProcessName, WebRootPath, "
                        "ParentProcess",
                        typed);
}

enum iw_rc iw_chain_settings_set(struct iw_chain_settings *settings, struct iw_str text,
                                 struct iw_error *err)
{
    size_t at = iw_str_find(text, IW_STR("="));
    struct iw_str name, value;
    if (at == SIZE_MAX)
        return iw_error_set(err, IW_EUSAGE, "'%.*s' is no setting: write NAME=VALUE",
                            (int)(text.n < 64 ? text.n : 64), text.p != NULL ? text.p : "");
    name = trimmed((struct iw_str){text.p, at});
    value = trimmed((struct iw_str){text.p + at + 1, text.n - at - 1});
    for (size_t i = 0; i < N_ELEMENTS; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(ELEMENTS[i].name)))
            return ELEMENTS[i].set(settings, ELEMENTS[i].name, value, err);
    }
    return refuse_name(name, err);
}

enum iw_rc iw_chain_settings_read(struct iw_chain_settings *settings, struct iw_str text,
                                  const char *name, struct iw_error *err)
{
    size_t at = 0;
    for (uint32_t line = 1; at < text.n; line++) {
        size_t end = at;
        struct iw_str one;
        while (end < text.n && text.p[end] != '\n')
            end++;
        one = trimmed((struct iw_str){text.p + at, end - at});
        at = end + 1;
        if (one.n == 0 || one.p[0] == '#')
            continue;
        if (iw_chain_settings_set(settings, one, err) != IW_OK) {
            iw_error_place(err, name, line, 0);
            return err != NULL ? err->rc : IW_EUSAGE;
        }
    }
    return IW_OK;
}

/* --- what configurations say ------------------------------------------------------------------ */

static enum iw_rc know_root(struct iw_chain_settings *settings, struct iw_str root)
{
    struct iw_str file = iw_arena_format(&settings->arena, "%.*s\\x", IW_STR_ARG(root));
    if (file.p == NULL)
        return IW_ENOMEM;
    if (!iw_web_path_holds_no_pages(file) || iw_chain_list_has(&settings->odd_roots, root))
        return IW_OK;
    return add_value(settings, &settings->odd_roots, root, NULL);
}

enum iw_rc iw_chain_settings_know(struct iw_chain_settings *settings,
                                  const struct iw_inventory *inventory)
{
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; k < server->n_roots; k++)
            IW_TRY(know_root(settings, server->roots[k].path));
    }
    return iw_handled_names_know(&settings->handled, inventory, &settings->arena);
}

/* --- asking --------------------------------------------------------------------------------- */

void iw_chain_settings_init(struct iw_chain_settings *settings)
{
    *settings = (struct iw_chain_settings){.window_ns = IW_CHAIN_WINDOW_NS};
    iw_arena_init(&settings->arena, 0);
    iw_handled_names_init(&settings->handled);
}

void iw_chain_settings_done(struct iw_chain_settings *settings)
{
    iw_handled_names_done(&settings->handled);
    iw_arena_done(&settings->arena);
}

bool iw_chain_list_has(const struct iw_chain_list *list, struct iw_str text)
{
    for (size_t i = 0; i < list->n; i++) {
        if (iw_str_equal_nocase(list->items[i], text))
            return true;
    }
    return false;
}

bool iw_chain_list_covers(const struct iw_chain_list *list, struct iw_str path)
{
    for (size_t i = 0; i < list->n; i++) {
        if (iw_str_equal_nocase(list->items[i], path) || iw_path_is_below(path, list->items[i]))
            return true;
    }
    return false;
}
