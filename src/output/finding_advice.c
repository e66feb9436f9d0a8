#include "output/finding_advice.h"

#include "base/limits.h"
#include "base/packed.h"
#include "output/display.h"

/* Of a line that stood above, so much that it can be found. */
#define WORDS_CHARACTERS 40U

void iw_finding_advice_init(struct iw_finding_advice *advice)
{
    iw_map_init(&advice->said);
    iw_arena_init(&advice->arena, 0);
}

void iw_finding_advice_done(struct iw_finding_advice *advice)
{
    iw_map_done(&advice->said);
    iw_arena_done(&advice->arena);
}

void iw_finding_advice_forget(struct iw_finding_advice *advice)
{
    iw_map_done(&advice->said);
    iw_map_init(&advice->said);
    iw_arena_reset(&advice->arena);
}

void iw_finding_advice_pack(const struct iw_text_list *triage, struct iw_buffer *out)
{
    size_t n = triage->n < IW_FINDING_ENTRIES_SHOWN ? triage->n : IW_FINDING_ENTRIES_SHOWN;
    iw_pack_number(out, triage->n - n);
    iw_pack_number(out, n);
    for (size_t i = 0; i < n; i++)
        iw_pack_text(out, triage->items[i]);
}

/* Its first words, up to the end of one. */
static void add_words(struct iw_str line, struct iw_buffer *out)
{
    size_t fit = iw_display_fit(line, WORDS_CHARACTERS), n = fit;
    bool is_cut = n < line.n;
    while (is_cut && n != 0 && line.p[n] != ' ')
        n--;
    iw_buffer_add(out, (struct iw_str){line.p, n != 0 ? n : fit});
    iw_buffer_add(out, is_cut ? IW_STR("…") : IW_STR(""));
}

static enum iw_rc remember(struct iw_finding_advice *advice, struct iw_str line)
{
    struct iw_str kept;
    if (advice->said.n >= IW_LIMIT_ADVICE_KEPT)
        return IW_OK;
    kept = iw_arena_copy(&advice->arena, line);
    return kept.p != NULL && iw_map_add(&advice->said, kept, NULL) != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_finding_advice_write(struct iw_finding_advice *advice, struct iw_str bytes,
                                   const struct iw_style *style, struct iw_buffer *scratch,
                                   struct iw_buffer *out)
{
    struct iw_unpacking in = {bytes, false};
    uint64_t n_hidden = iw_unpack_number(&in), n = iw_unpack_count(&in);
    bool is_first = true;
    iw_buffer_clear(scratch);
    for (uint64_t i = 0; i < n; i++) {
        struct iw_str line = iw_unpack_text(&in);
        if (iw_map_find(&advice->said, line) != NULL) {
            iw_buffer_add(scratch, scratch->n == 0 ? IW_STR("as above: ") : IW_STR("; "));
            add_words(line, scratch);
            continue;
        }
        iw_finding_detail(style, out, is_first ? "next" : "", 3, line);
        is_first = false;
        IW_TRY(remember(advice, line));
    }
    out->failed |= scratch->failed;
    iw_finding_detail(style, out, is_first ? "next" : "", 3, iw_buffer_str(scratch));
    if (n_hidden != 0)
        iw_finding_rest(style, out, n_hidden);
    return in.is_broken ? IW_EIO : IW_OK;
}
