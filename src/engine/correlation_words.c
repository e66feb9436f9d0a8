/*
 * Sentences name rules by their titles and say by how much it was missed. Values of evidence are
 * cut: they may be very long.
 */
#include "engine/correlation_words.h"

#include <inttypes.h>

#define VALUE_BYTES 120U

/* --- lengths of time and moments ----------------------------------------------------------- */

#define MINUTE_NS (60 * IW_NS_PER_SECOND)
#define HOUR_NS (60 * MINUTE_NS)
#define DAY_NS (24 * HOUR_NS)

static void add_seconds(int64_t span_ns, struct iw_buffer *out)
{
    int64_t fraction = span_ns % IW_NS_PER_SECOND;
    int digits = 9;
    iw_buffer_printf(out, "%lld", (long long)span_ns / IW_NS_PER_SECOND);
    for (; fraction != 0 && fraction % 10 == 0; fraction /= 10)
        digits--;
    if (fraction != 0)
        iw_buffer_printf(out, ".%0*lld", digits, (long long)fraction);
    iw_buffer_add(out, IW_STR(" s"));
}

void iw_words_of_span(int64_t span_ns, struct iw_buffer *out)
{
    static const struct {
        int64_t unit_ns;
        const char *name;
    } UNITS[] = {{DAY_NS, "d"}, {HOUR_NS, "h"}, {MINUTE_NS, "min"}};
    bool is_first = true;
    if (span_ns == DAY_NS) { /* as rules say it most often */
        iw_buffer_add(out, IW_STR("24 h"));
        return;
    }
    if (span_ns < 2 * MINUTE_NS && span_ns % MINUTE_NS != 0) {
        add_seconds(span_ns, out);
        return;
    }
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        if (span_ns < UNITS[i].unit_ns)
            continue;
        iw_buffer_printf(out, "%s%lld %s", is_first ? "" : " ",
                         (long long)span_ns / UNITS[i].unit_ns, UNITS[i].name);
        span_ns %= UNITS[i].unit_ns;
        is_first = false;
    }
    if (span_ns == 0 && !is_first)
        return;
    iw_buffer_add(out, is_first ? IW_STR("") : IW_STR(" "));
    add_seconds(span_ns, out);
}

/* `2021-03-14 06:40:13.659` */
static void add_time(int64_t time_ns, struct iw_buffer *out)
{
    char text[IW_TIME_TEXT_BYTES];
    iw_time_format(time_ns, text);
    text[10] = ' ';
    iw_buffer_add(out, (struct iw_str){text, 23});
}

/* --- names and values ---------------------------------------------------------------------- */

static void add_cut(struct iw_str text, struct iw_buffer *out)
{
    size_t n = text.n;
    if (n > VALUE_BYTES) {
        n = VALUE_BYTES;
        while (n != 0 && ((unsigned char)text.p[n] & 0xC0U) == 0x80U)
            n--;
    }
    iw_buffer_add(out, (struct iw_str){text.p, n});
    if (n < text.n)
        iw_buffer_add(out, IW_STR("…"));
}

static void add_quoted(struct iw_str text, struct iw_buffer *out)
{
    iw_buffer_add_char(out, '\'');
    add_cut(text, out);
    iw_buffer_add_char(out, '\'');
}

static const char *counted(const struct iw_correlate_form *form)
{
    if (iw_str_equal(form->type, IW_STR("event_count")))
        return "events";
    return form->counts_values ? "different values" : "rules";
}

static bool is_counted(const struct iw_correlate_form *form)
{
    return form->is_temporal || form->counts_values ||
           iw_str_equal(form->type, IW_STR("event_count"));
}

/* --- sentences ----------------------------------------------------------------------------- */

static void add_late(const struct iw_explained_miss *miss, const struct iw_correlate_form *form,
                     struct iw_buffer *out)
{
    int64_t late_ns = miss->needed_ns - miss->span_ns;
    if (form->is_temporal && miss->n_shown != 0) {
        add_quoted(miss->events[miss->n_shown - 1].step, out);
        iw_buffer_add(out, IW_STR(" came "));
        iw_words_of_span(late_ns, out);
        iw_buffer_add(out, IW_STR(" after the "));
        iw_words_of_span(miss->span_ns, out);
        iw_buffer_add(out, IW_STR(" window that "));
        add_quoted(miss->events[0].step, out);
        iw_buffer_add(out, IW_STR(" began"));
        return;
    }
    iw_buffer_printf(out, "the %" PRIu64 " %s it takes lie ", miss->n_all,
                     form->counts_values ? "events with different values" : "events");
    iw_words_of_span(miss->needed_ns, out);
    iw_buffer_add(out, IW_STR(" apart, "));
    iw_words_of_span(late_ns, out);
    iw_buffer_add(out, IW_STR(" more than the "));
    iw_words_of_span(miss->span_ns, out);
    iw_buffer_add(out, IW_STR(" window"));
}

static void add_order(const struct iw_explained_miss *miss, struct iw_buffer *out)
{
    iw_buffer_add(out, IW_STR("all are there within "));
    iw_words_of_span(miss->span_ns, out);
    iw_buffer_add(out, IW_STR(", but in another order: "));
    for (size_t i = 0; i < miss->n_shown; i++) {
        iw_buffer_add(out, i == 0 ? IW_STR("") : IW_STR(" before "));
        add_quoted(miss->events[i].step, out);
    }
}

static void add_value(const struct iw_explained_miss *miss, const struct iw_correlate_form *form,
                      struct iw_buffer *out)
{
    if (is_counted(form)) {
        iw_buffer_printf(out, "%.15g %s, where the rule asks for ", miss->number, counted(form));
        iw_buffer_add(out, form->condition);
    } else {
        iw_buffer_printf(out, "%s came to %.15g, where the rule asks for ", form->type.p + 6,
                         miss->number);
        iw_buffer_add(out, form->condition);
    }
    iw_buffer_add(out, IW_STR(" within "));
    iw_words_of_span(miss->span_ns, out);
    if (miss->n_shown == 0)
        return;
    iw_buffer_add(out, IW_STR(" (best window "));
    add_time(miss->events[0].time_ns, out);
    iw_buffer_add(out, IW_STR(" to "));
    add_time(miss->events[miss->n_shown - 1].time_ns, out);
    iw_buffer_add_char(out, ')');
}

/* Two different values of the events, the last of the first value first. */
static void add_apart(const struct iw_explained_miss *miss, struct iw_buffer *out)
{
    struct iw_str one = IW_STR(""), other = IW_STR("");
    for (size_t i = 0; i < miss->n_shown && other.n == 0; i++) {
        struct iw_str value = miss->events[i].value;
        if (value.n == 0 || iw_str_equal_nocase(value, one))
            continue;
        if (one.n == 0)
            one = value;
        else
            other = value;
    }
    iw_buffer_add(out, miss->field);
    iw_buffer_add(out, IW_STR(" differs: "));
    add_cut(one, out);
    iw_buffer_add(out, IW_STR(" / "));
    add_cut(other, out);
    iw_buffer_add(out, IW_STR("; without it the rule would hold, within "));
    iw_words_of_span(miss->needed_ns, out);
}

void iw_words_of_miss(const struct iw_explained_miss *miss, const struct iw_correlate_form *form,
                      struct iw_buffer *out)
{
    switch (miss->kind) {
    case IW_MISS_WINDOW:
        add_late(miss, form, out);
        break;
    case IW_MISS_ORDER:
        add_order(miss, out);
        break;
    case IW_MISS_EXCLUDED:
        add_quoted(miss->step, out);
        iw_buffer_add(out, IW_STR(" was there within "));
        iw_words_of_span(miss->span_ns, out);
        iw_buffer_add(out, IW_STR(", which the condition rules out"));
        break;
    case IW_MISS_VALUE:
        add_value(miss, form, out);
        break;
    case IW_MISS_RULE:
        iw_buffer_add(out, IW_STR("no event of "));
        add_quoted(miss->step, out);
        break;
    case IW_MISS_APART:
        add_apart(miss, out);
        break;
    case IW_MISS_COUNT:
        break;
    }
}
