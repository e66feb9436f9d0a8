#include "output/collect_words.h"

#include "base/json.h"
#include "base/script_quote.h"

static const struct {
    const char *variable, *value;
} VARIABLES[] = {
    {"%SystemRoot%", "C:\\Windows"},
    {"%SystemDrive%", "C:"},
    {"%ProgramFiles%", "C:\\Program Files"},
};

void iw_collect_plain_folder(const struct iw_need *need, struct iw_buffer *out)
{
    struct iw_str folder = need->folder;
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES && !need->is_literal; i++) {
        struct iw_str variable = iw_str_of(VARIABLES[i].variable);
        if (!iw_str_begins_nocase(folder, variable))
            continue;
        iw_buffer_add(out, iw_str_of(VARIABLES[i].value));
        folder = (struct iw_str){folder.p + variable.n, folder.n - variable.n};
        break;
    }
    iw_buffer_add(out, folder);
}

void iw_collect_roots(const struct iw_needs *needs, struct iw_buffer *out)
{
    iw_buffer_add(out, IW_STR("@("));
    for (size_t i = 0; i < needs->roots.n; i++) {
        iw_buffer_add(out, i != 0 ? IW_STR(", ") : IW_STR(""));
        iw_buffer_add(out, IW_STR("[Environment]::ExpandEnvironmentVariables("));
        iw_quote_powershell(out, needs->roots.items[i]);
        iw_buffer_add_char(out, ')');
    }
    iw_buffer_add_char(out, ')');
}

void iw_collect_remark(const char *text, struct iw_buffer *out)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        iw_buffer_add(out, n != 0 ? IW_STR("# ") : IW_STR("#"));
        iw_buffer_add(out, (struct iw_str){text, n});
        iw_buffer_add_char(out, '\n');
        text += text[n] == '\n' ? n + 1 : n;
    }
}

void iw_collect_notes(const struct iw_needs *needs, struct iw_buffer *out)
{
    for (size_t i = 0; i < needs->notes.n; i++) {
        iw_buffer_add(out, IW_STR("# "));
        iw_printable_add(out, needs->notes.items[i]);
        iw_buffer_add_char(out, '\n');
    }
}
