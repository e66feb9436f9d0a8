/*
 * Rules that could have matched, for people: first a line for each host with its numbers, then, for
 * the first hosts, the reasons that most rules have. Where few rules were asked about they are
 * named.
 */
#include "output/display.h"

#define HOST_COLUMNS 24U
#define NUMBER_COLUMNS 12U
#define STATE_COLUMNS 12U
#define COUNT_COLUMNS 8U
#define REASON_INDENT 4U
#define HOSTS_SHOWN 20U
#define REASONS_SHOWN 12U
/* Rules asked about up to which each is named. */
#define RULES_NAMED 20U

static struct iw_str host_words(struct iw_str host)
{
    return host.n != 0 ? host : IW_STR("(host unknown)");
}

/* A number, right-aligned. */
static void add_number(struct iw_buffer *out, uint64_t n, size_t columns)
{
    struct iw_buffer digits;
    iw_buffer_init(&digits);
    iw_display_count(&digits, n);
    out->failed |= digits.failed;
    if (digits.n < columns)
        iw_display_spaces(out, columns - digits.n);
    iw_buffer_add(out, iw_buffer_str(&digits));
    iw_buffer_done(&digits);
}

static void add_head(const struct iw_style *style, struct iw_buffer *out)
{
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_display_cell(out, IW_STR("HOST"), HOST_COLUMNS);
    iw_buffer_add(out, IW_STR("        ABLE      PARTLY  NOT-PROVED       BLIND"));
    iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
}

static void add_row(const struct iw_rule_coverage_host *host, const struct iw_style *style,
                    struct iw_buffer *out)
{
    static const enum iw_sight ORDER[] = {IW_SIGHT_ABLE, IW_SIGHT_PARTLY, IW_SIGHT_NOT_PROVED,
                                          IW_SIGHT_BLIND};
    iw_display_tone(out, style, IW_TONE_STRONG);
    iw_display_cell(out, host_words(host->host), HOST_COLUMNS);
    iw_display_plain(out, style);
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++) {
        bool warns = ORDER[i] == IW_SIGHT_BLIND && host->n_rules[ORDER[i]] != 0;
        if (warns)
            iw_display_tone(out, style, IW_TONE_WARNING);
        add_number(out, host->n_rules[ORDER[i]], NUMBER_COLUMNS);
        if (warns)
            iw_display_plain(out, style);
    }
    iw_buffer_add_char(out, '\n');
}

static void add_rules(const struct iw_run *run, const struct iw_rule_reason *reason,
                      const struct iw_style *style, struct iw_buffer *scratch,
                      struct iw_buffer *out)
{
    for (size_t i = 0; i < reason->n_listed; i++) {
        const struct iw_rule_entry *entry = &run->rules.entries[reason->rules[i]];
        iw_buffer_clear(scratch);
        iw_buffer_add(scratch, entry->title.n != 0 ? entry->title : IW_STR("(no title)"));
        iw_buffer_add(scratch, IW_STR("  "));
        iw_buffer_add(scratch, entry->id.n != 0 ? entry->id : entry->file);
        out->failed |= scratch->failed;
        iw_display_spaces(out, REASON_INDENT + STATE_COLUMNS + COUNT_COLUMNS + 2);
        iw_display_wrapped(out, style, REASON_INDENT + STATE_COLUMNS + COUNT_COLUMNS + 4, 2,
                           iw_buffer_str(scratch));
    }
}

static void add_reason(const struct iw_run *run, const struct iw_rule_reason *reason,
                       const struct iw_style *style, struct iw_buffer *scratch,
                       struct iw_buffer *out)
{
    iw_display_spaces(out, REASON_INDENT);
    if (reason->sight == IW_SIGHT_BLIND)
        iw_display_tone(out, style, IW_TONE_WARNING);
    iw_display_cell(out, iw_str_of(iw_sight_name(reason->sight)), STATE_COLUMNS);
    if (reason->sight == IW_SIGHT_BLIND)
        iw_display_plain(out, style);
    add_number(out, reason->n_rules, COUNT_COLUMNS);
    iw_display_spaces(out, 2);
    iw_display_wrapped(out, style, REASON_INDENT + STATE_COLUMNS + COUNT_COLUMNS + 2, 4,
                       reason->why);
    if (run->rule_coverage.n_rules <= RULES_NAMED)
        add_rules(run, reason, style, scratch, out);
}

static void add_host(const struct iw_run *run, const struct iw_rule_coverage_host *host,
                     const struct iw_style *style, struct iw_buffer *scratch, struct iw_buffer *out)
{
    size_t n_shown = host->n_reasons < REASONS_SHOWN ? host->n_reasons : REASONS_SHOWN;
    uint64_t n_left = host->n_rules_hidden;
    iw_buffer_add_char(out, '\n');
    iw_display_tone(out, style, IW_TONE_STRONG);
    (void)iw_display_text(out, host_words(host->host), 72);
    iw_display_plain(out, style);
    if (iw_time_known(host->from_ns)) {
        iw_buffer_add(out, IW_STR(" within "));
        iw_display_span(out, host->from_ns, host->to_ns);
    }
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < n_shown; i++)
        add_reason(run, &host->reasons[i], style, scratch, out);
    for (size_t i = n_shown; i < host->n_reasons; i++)
        n_left += host->reasons[i].n_rules;
    if (n_left == 0)
        return;
    iw_display_spaces(out, REASON_INDENT);
    iw_display_counted(out, host->n_reasons - n_shown + host->n_reasons_hidden, "more reason",
                       "more reasons");
    iw_buffer_add(out, IW_STR(" of "));
    iw_display_counted(out, n_left, "rule", "rules");
    iw_buffer_add(out, IW_STR(" (--format ndjson lists them)\n"));
}

void iw_output_rule_coverage_table(const struct iw_run *run, const struct iw_style *style,
                                   struct iw_buffer *out)
{
    const struct iw_rule_coverage *coverage = &run->rule_coverage;
    struct iw_buffer scratch;
    if (coverage->n_hosts == 0) {
        iw_buffer_add(out, IW_STR("No host was met: nothing can be said of any rule.\n"));
        return;
    }
    iw_buffer_init(&scratch);
    add_head(style, out);
    for (size_t i = 0; i < coverage->n_hosts; i++)
        add_row(&coverage->hosts[i], style, out);
    for (size_t i = 0; i < coverage->n_hosts && i < HOSTS_SHOWN; i++)
        add_host(run, &coverage->hosts[i], style, &scratch, out);
    if (coverage->n_hosts > HOSTS_SHOWN) {
        iw_buffer_add(out, IW_STR("\nReasons of "));
        iw_display_counted(out, coverage->n_hosts - HOSTS_SHOWN, "more host", "more hosts");
        iw_buffer_add(out, IW_STR(": --format ndjson\n"));
    }
    iw_buffer_add_char(out, '\n');
    iw_display_counted(out, coverage->n_rules, "rule", "rules");
    iw_buffer_add(out, IW_STR(" of single events. Able: such events are there, with what the rule "
                              "asks for.\nNot proved: the log is there, without one; perhaps none "
                              "happened. Times are UTC.\n"));
    iw_buffer_done(&scratch);
}

bool iw_rule_coverage_short_line(const struct iw_rule_coverage *coverage, size_t number,
                                 struct iw_buffer *out)
{
    static const struct {
        enum iw_sight sight;
        const char *words;
    } PARTS[] = {{IW_SIGHT_BLIND, " blind"},
                 {IW_SIGHT_NOT_PROVED, " not proved"},
                 {IW_SIGHT_PARTLY, " able in part"}};
    const struct iw_rule_coverage_host *host;
    size_t n = 0;
    if (number >= coverage->n_hosts)
        return false;
    host = &coverage->hosts[number];
    iw_buffer_add(out, host_words(host->host));
    iw_buffer_add(out, IW_STR(": of "));
    iw_display_counted(out, coverage->n_rules, "rule", "rules");
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (host->n_rules[PARTS[i].sight] == 0)
            continue;
        iw_buffer_add(out, n++ == 0 ? IW_STR(" ") : IW_STR(", "));
        iw_display_count(out, host->n_rules[PARTS[i].sight]);
        iw_buffer_add(out, iw_str_of(PARTS[i].words));
    }
    if (n == 0)
        iw_buffer_add(out, IW_STR(" all able"));
    return true;
}
