/**
 * Words, numbers and colours for people: what the tables and the account have in common.
 *
 * All text of evidence goes through here: it is made printable (base/json.h), measured in terminal
 * columns and cut or wrapped between whole characters, never inside an escape. A buffer without
 * memory remembers it (base/buffer.h); nothing here fails otherwise.
 */
#ifndef IW_OUTPUT_DISPLAY_H
#define IW_OUTPUT_DISPLAY_H

#include "output/output.h"

enum iw_tone {
    IW_TONE_STRONG = 0, /* names of hosts, headings */
    IW_TONE_FAINT,      /* labels */
    IW_TONE_WARNING,    /* something was not seen */
    IW_TONE_CRITICAL,
    IW_TONE_HIGH,
    IW_TONE_MEDIUM,
    IW_TONE_LOW,
    IW_TONE_INFORMATIONAL,
    IW_TONE_COUNT
};

/** Begins and ends a tone; nothing where the style has no colour. Tones do not nest. */
void iw_display_tone(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone);
void iw_display_plain(struct iw_buffer *out, const struct iw_style *style);
/** A short text of the program itself in a tone. */
void iw_display_toned(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone,
                      const char *text);
enum iw_tone iw_display_level_tone(enum iw_level level);

/** The name of a host, or what stands for one that nothing names. */
struct iw_str iw_display_host(struct iw_str host);
/** "WEB01", and "(host unknown) of OLD/applicationHost.config" where *server*, the file that tells
 * servers of one name or of none apart, is not empty. As it is: not made printable. */
void iw_display_server(struct iw_buffer *out, struct iw_str host, struct iw_str server);

/** Columns *text* takes once it is printable: escapes counted as written, East Asian wide
 * characters as 2, combining marks as 0. */
size_t iw_display_columns(struct iw_str text);

/** Bytes of the first *max_characters* (code points) of *text*; fewer where escapes make these
 * wider than two columns each. */
size_t iw_display_fit(struct iw_str text, size_t max_characters);

/** Appends *text*, at most *max_columns* wide (0 = no limit), the last one then being `…`. Returns
 * the columns used. */
size_t iw_display_text(struct iw_buffer *out, struct iw_str text, size_t max_columns);

/** The same, filled with spaces up to *columns*; what is wider is cut before the last of them, so
 * that it does not run into what stands beside it. */
void iw_display_cell(struct iw_buffer *out, struct iw_str text, size_t columns);

void iw_display_spaces(struct iw_buffer *out, size_t n);

/**
 * Appends *text* from column *indent* on, over at most *max_lines* lines that end before the edge
 * of the terminal and begin at *indent*; ends the last line. What does not fit is counted in its
 * place. With a style without width everything goes on one line. max_lines is at least 1.
 */
void iw_display_wrapped(struct iw_buffer *out, const struct iw_style *style, size_t indent,
                        unsigned max_lines, struct iw_str text);

/** What the names of analytics mean: "AN0184 IIS components, AN1108 web shells". */
void iw_display_analytics(struct iw_buffer *out);
/** "AN1108 (web shells) clear on 2 hosts, blind on 1 host"; false, and nothing: no host was asked.
 */
bool iw_coverage_add_counts(const struct iw_coverage *coverage, enum iw_analytic analytic,
                            struct iw_buffer *out);
/** What coverage is in short, one line of text for each *number* from 0 on; false: there is no such
 * line. */
bool iw_coverage_short_line(const struct iw_coverage *coverage, size_t number,
                            struct iw_buffer *out);

/** Which rules could have matched on host *number*, in a line of text; false: there is no such
 * host.
 */
bool iw_rule_coverage_short_line(const struct iw_rule_coverage *coverage, size_t number,
                                 struct iw_buffer *out);

/** 1234567 as `1,234,567`. */
void iw_display_count(struct iw_buffer *out, uint64_t n);
/** `1 file`, `1,234 files`: *singular* and *plural* are the noun. */
void iw_display_counted(struct iw_buffer *out, uint64_t n, const char *singular,
                        const char *plural);
/** `512 bytes`, `1.5 kB`, `104.2 MB`: decimal units. */
void iw_display_bytes(struct iw_buffer *out, uint64_t n_bytes);
/** `2021-03-14 06:40:13.659`, or without the milliseconds; `time unknown` where it is. */
void iw_display_time(struct iw_buffer *out, int64_t time_ns, bool with_milliseconds);
/** `2021-03-14 06:40:13 to 2021-03-15 01:00:00`, one time where both are the same second. */
void iw_display_span(struct iw_buffer *out, int64_t first_ns, int64_t last_ns);

#endif
