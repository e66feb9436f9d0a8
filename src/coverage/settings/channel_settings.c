#include "coverage/settings/channel_settings.h"

#include "base/limits.h"
#include "coverage/settings/settings_text.h"

/* The value of a line `key: value` without blanks before the key; p NULL: it is another line. */
static struct iw_str value_of(struct iw_str line, struct iw_str key)
{
    if (line.n <= key.n || !iw_str_begins_nocase(line, key) || line.p[key.n] != ':')
        return (struct iw_str){NULL, 0};
    return iw_settings_trimmed((struct iw_str){line.p + key.n + 1, line.n - key.n - 1});
}

/* Each has two lines at least. */
static size_t most_channels(struct iw_str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n && n < IW_LIMIT_PROOF_CHANNELS; i++)
        n += text.p[i] == '\n' || text.p[i] == '\r';
    return n;
}

static enum iw_rc read_lines(struct iw_str text, struct iw_arena *arena,
                             struct iw_channel_settings *ret)
{
    struct iw_str line, name = {NULL, 0};
    uint32_t number = 0;
    ret->items = iw_arena_calloc(arena, most_channels(text), sizeof *ret->items);
    if (ret->items == NULL)
        return IW_ENOMEM;
    while (iw_settings_line(&text, &line, &number)) {
        struct iw_str value = value_of(line, IW_STR("name"));
        bool is_on;
        if (value.p != NULL)
            name = value;
        value = value_of(line, IW_STR("enabled"));
        if (value.p == NULL || name.n == 0)
            continue;
        is_on = iw_str_equal_nocase(value, IW_STR("true"));
        if (!is_on && !iw_str_equal_nocase(value, IW_STR("false")))
            continue;
        if (ret->n == IW_LIMIT_PROOF_CHANNELS)
            return IW_ELIMIT;
        ret->items[ret->n++] = (struct iw_channel_setting){name, is_on, number};
        name = (struct iw_str){NULL, 0};
    }
    return IW_OK;
}

enum iw_rc iw_channel_settings_read(struct iw_str bytes, struct iw_arena *arena,
                                    struct iw_channel_settings *ret, struct iw_error *err)
{
    struct iw_str text;
    enum iw_rc rc;
    *ret = (struct iw_channel_settings){NULL, 0};
    IW_TRY(iw_settings_fit(bytes, err));
    text = iw_settings_text(bytes, arena);
    rc = text.p != NULL ? read_lines(text, arena, ret) : IW_ENOMEM;
    if (rc == IW_ELIMIT)
        return iw_error_set(err, rc, "more than %u channels: not read", IW_LIMIT_PROOF_CHANNELS);
    if (rc != IW_OK)
        return iw_error_set(err, rc, "no memory");
    return ret->n != 0 ? IW_OK : iw_error_set(err, IW_EFORMAT, "no channel is in it");
}
