/*
 * What was learned of behaviour, for people: a line for each, and below it what is wrong with it.
 */
#include "output/baseline.h"
#include "output/display.h"

#define LINES_TOLD 60U

static const struct {
    const char *kind, *words;
} WORDS[] = {
    {"childProcess", "starts"},
    {"belowProcess", "starts below"},
    {"fileWriter", "is written by"},
    {"administrator", "is administered by"},
};

static const char *words_of(const char *kind)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strcmp(WORDS[i].kind, kind) == 0)
            return WORDS[i].words;
    }
    return kind;
}

static struct iw_str or_dash(struct iw_str text)
{
    return text.n != 0 ? text : IW_STR("-");
}

static void write_line(const struct iw_learned *learned, const struct iw_style *style,
                       struct iw_buffer *out)
{
    const char *state = learned->refused.n != 0 ? "REFUSED "
                        : learned->doubt.n != 0 ? "doubtful"
                                                : "learned ";
    struct iw_str why = learned->refused.n != 0 ? learned->refused : learned->doubt;
    iw_buffer_add(out, IW_STR("  "));
    iw_display_toned(out, style, why.n != 0 ? IW_TONE_WARNING : IW_TONE_FAINT, state);
    iw_buffer_add(out, IW_STR("  "));
    (void)iw_display_text(out, or_dash(learned->host), 24);
    iw_buffer_add_char(out, ' ');
    if (learned->scope.n != 0) {
        (void)iw_display_text(out, learned->scope, 40);
        iw_buffer_add_char(out, ' ');
    }
    iw_buffer_printf(out, "%s ", words_of(learned->kind));
    if (learned->image.n != 0) {
        (void)iw_display_text(out, learned->image, 60);
        iw_buffer_add(out, IW_STR(": "));
    }
    (void)iw_display_text(out, or_dash(learned->name), 100);
    iw_buffer_add(out, IW_STR(" ("));
    iw_display_counted(out, learned->n, "time", "times");
    iw_buffer_add(out, IW_STR(" on "));
    iw_display_counted(out, learned->n_days, "day", "days");
    iw_buffer_add(out, IW_STR(")\n"));
    if (why.n == 0)
        return;
    iw_display_spaces(out, 12);
    (void)iw_display_text(out, why, 0);
    iw_buffer_add_char(out, '\n');
}

/* Those with something wrong come first: they are what a person is to see. */
void iw_output_learned_table(const struct iw_learned_list *list, const struct iw_style *style,
                             struct iw_buffer *out)
{
    size_t n = 0;
    iw_buffer_add(out, IW_STR("behaviour of the span:\n"));
    for (int is_right = 0; is_right < 2; is_right++) {
        for (size_t i = 0; i < list->n; i++) {
            const struct iw_learned *learned = &list->items[i];
            bool has_nothing = learned->refused.n == 0 && learned->doubt.n == 0;
            if (has_nothing == (is_right != 0) && n++ < LINES_TOLD)
                write_line(learned, style, out);
        }
    }
    if (list->n == 0)
        iw_buffer_add(out,
                      IW_STR("  nothing: no worker started anything, nobody wrote web files\n"));
    if (n > LINES_TOLD)
        iw_buffer_printf(out, "  and %zu more\n", n - LINES_TOLD);
}
