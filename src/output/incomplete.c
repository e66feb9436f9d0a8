/*
 * What a table ends with where it is not the whole truth.
 */
#include "output/incomplete.h"

#include "output/display.h"

#define SOURCES_NAMED 5U

void iw_incomplete_add_partial(const struct iw_run *run, const struct iw_style *style,
                               struct iw_buffer *out)
{
    const char *partial = NULL;
    if (run->failure.rc != IW_OK)
        partial = "No room for more results: this is only part of what there is.";
    else if (run->interrupted)
        partial = "Interrupted: only part of the evidence was looked at.";
    if (partial == NULL)
        return;
    iw_display_toned(out, style, IW_TONE_WARNING, partial);
    iw_buffer_add_char(out, '\n');
}

static bool is_incomplete(const struct iw_source *source)
{
    return source->state == IW_SOURCE_LOST || source->state == IW_SOURCE_PENDING ||
           iw_account_has_loss(&source->account);
}

void iw_incomplete_add_files(const struct iw_run *run, const struct iw_style *style,
                             struct iw_buffer *out)
{
    const struct iw_ledger *ledger = &run->ledger;
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < ledger->n; i++)
        n += is_incomplete(&ledger->sources[i]);
    if (n == 0)
        return;
    iw_display_tone(out, style, IW_TONE_WARNING);
    iw_display_counted(out, n, "file was", "files were");
    iw_buffer_add(out, IW_STR(" not read, or only in part:"));
    iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < ledger->n && shown < SOURCES_NAMED; i++) {
        const struct iw_source *source = &ledger->sources[i];
        if (!is_incomplete(source))
            continue;
        iw_display_spaces(out, 2);
        iw_display_wrapped(out, style, 2, 2, source->path);
        shown++;
    }
    if (shown < n) {
        iw_buffer_add(out, IW_STR("  and "));
        iw_display_count(out, n - shown);
        iw_buffer_add(out, IW_STR(" more\n"));
    }
}
