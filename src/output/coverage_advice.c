/*
 * What to paste, once for all the links and hosts it is for: hosts without web roots of their own
 * lack the same.
 */
#include "output/coverage_parts.h"

#include "base/map.h"
#include "output/display.h"

#define INDENT 4U
#define HOSTS_NAMED 12U
#define LINKS_NAMED 16U
#define HEAD_LINES 8U

struct advice {
    struct iw_str text;
    bool is_other;                                     /* another way than what stood before it */
    const struct iw_coverage_link *links[LINKS_NAMED]; /* each name once */
    size_t n_links;
    const struct iw_coverage_record *hosts[HOSTS_NAMED]; /* one record of each host */
    const struct iw_coverage_record *last;
    size_t n_hosts;
};

struct gathering {
    struct iw_arena arena;
    struct iw_map by_text; /* text → struct advice * */
    bool no_memory;
};

static void add_link(struct advice *advice, const struct iw_coverage_link *link)
{
    for (size_t i = 0; i < advice->n_links; i++) {
        if (iw_str_equal(advice->links[i]->name, link->name))
            return;
    }
    if (advice->n_links < LINKS_NAMED)
        advice->links[advice->n_links++] = link;
}

/* Records of a host stand together. */
static void add_host(struct advice *advice, const struct iw_coverage_record *record)
{
    if (advice->last != NULL && iw_str_equal(advice->last->host, record->host) &&
        iw_str_equal(advice->last->server, record->server))
        return;
    advice->last = record;
    if (advice->n_hosts < HOSTS_NAMED)
        advice->hosts[advice->n_hosts] = record;
    advice->n_hosts++;
}

static void gather_way(struct gathering *in, const struct iw_coverage_record *record,
                       const struct iw_coverage_link *link, struct iw_str text, bool is_other)
{
    struct iw_map_entry *entry;
    bool is_new;
    if (text.n != 0 && text.p[text.n - 1] == '\n') /* the last way ends without one */
        text.n--;
    if (text.n == 0)
        return;
    entry = iw_map_add(&in->by_text, text, &is_new);
    if (entry != NULL && is_new) {
        struct advice *made = iw_arena_calloc(&in->arena, 1, sizeof *made);
        entry->value.pointer = made;
        if (made != NULL)
            *made = (struct advice){.text = text, .is_other = is_other};
    }
    if (entry == NULL || entry->value.pointer == NULL) {
        in->no_memory = true;
        return;
    }
    add_link(entry->value.pointer, link);
    add_host(entry->value.pointer, record);
}

static struct iw_str first_line(struct iw_str text)
{
    size_t n = iw_str_find(text, IW_STR("\n"));
    return (struct iw_str){text.p, n == SIZE_MAX ? text.n : n};
}

/* A line that begins with `# or` begins another way to the same (coverage/fixes.h); one that says
 * no more than that is not told: a heading of its own says so. */
static void gather_link(struct gathering *in, const struct iw_coverage_record *record,
                        const struct iw_coverage_link *link)
{
    struct iw_str rest = link->fix, way = {rest.p, 0};
    bool is_other = false;
    if (!link->is_required || link->state >= IW_LINK_STATED)
        return;
    while (rest.n != 0) {
        struct iw_str line = first_line(rest);
        size_t n = line.n < rest.n ? line.n + 1 : line.n;
        if (iw_str_begins_nocase(line, IW_STR("# or"))) {
            bool is_told = iw_str_equal(line, IW_STR(IW_COVERAGE_OR));
            gather_way(in, record, link, way, is_other);
            is_other = true;
            way = is_told ? (struct iw_str){rest.p + n, 0} : (struct iw_str){rest.p, n};
        } else {
            way.n += n;
        }
        rest = (struct iw_str){rest.p + n, rest.n - n};
    }
    gather_way(in, record, link, way, is_other);
}

/* "registration, module_load on WEB01, WEB02 and 3 more hosts:" */
static void add_head(const struct advice *advice, const struct iw_style *style,
                     struct iw_buffer *scratch, struct iw_buffer *out)
{
    iw_buffer_clear(scratch);
    iw_buffer_add(scratch, advice->is_other ? IW_STR("Another way to see ") : IW_STR("To see "));
    for (size_t i = 0; i < advice->n_links; i++) {
        iw_buffer_add(scratch, i == 0 ? IW_STR("") : IW_STR(", "));
        iw_buffer_add(scratch, advice->links[i]->name);
    }
    for (size_t i = 0; i < advice->n_hosts && i < HOSTS_NAMED; i++) {
        iw_buffer_add(scratch, i == 0 ? IW_STR(" on ") : IW_STR(", "));
        iw_display_server(scratch, advice->hosts[i]->host, advice->hosts[i]->server);
    }
    if (advice->n_hosts > HOSTS_NAMED) {
        iw_buffer_add(scratch, IW_STR(" and "));
        iw_display_counted(scratch, advice->n_hosts - HOSTS_NAMED, "more host", "more hosts");
    }
    iw_buffer_add_char(scratch, ':');
    out->failed |= scratch->failed;
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_display_wrapped(out, style, INDENT, HEAD_LINES, iw_buffer_str(scratch));
    iw_display_plain(out, style);
}

/* Line by line and never wrapped: a broken line would not be what it was. Where the text says that
 * it is another way, the heading has said so. */
static void add_text(struct iw_str text, struct iw_buffer *out)
{
    static const struct iw_str OR = {"# or ", 5};
    bool says_or = iw_str_begins_nocase(text, OR);
    if (says_or)
        text = (struct iw_str){text.p + OR.n, text.n - OR.n};
    for (bool is_first = true; text.n != 0; is_first = false) {
        size_t n = iw_str_find(text, IW_STR("\n"));
        struct iw_str line = {text.p, n == SIZE_MAX ? text.n : n};
        iw_display_spaces(out, INDENT);
        iw_buffer_add(out, is_first && says_or ? IW_STR("# ") : IW_STR(""));
        iw_display_text(out, line, 0);
        iw_buffer_add_char(out, '\n');
        n = n == SIZE_MAX ? text.n : n + 1;
        text = (struct iw_str){text.p + n, text.n - n};
    }
}

void iw_coverage_add_advice(const struct iw_coverage *coverage, const struct iw_style *style,
                            struct iw_buffer *out)
{
    struct gathering in = {.no_memory = false};
    struct iw_buffer scratch;
    iw_arena_init(&in.arena, 0);
    iw_map_init(&in.by_text);
    iw_buffer_init(&scratch);
    for (size_t i = 0; i < coverage->n_records; i++) {
        for (size_t k = 0; k < coverage->records[i].n_links; k++)
            gather_link(&in, &coverage->records[i], &coverage->records[i].links[k]);
    }
    if (in.by_text.n != 0)
        iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < in.by_text.n && !in.no_memory; i++) {
        const struct advice *advice = in.by_text.entries[i].value.pointer;
        add_head(advice, style, &scratch, out);
        add_text(advice->text, out);
        iw_buffer_breathe(out);
    }
    out->failed |= in.no_memory;
    iw_buffer_done(&scratch);
    iw_map_done(&in.by_text);
    iw_arena_done(&in.arena);
}
