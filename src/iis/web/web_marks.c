/*
 * One pass over the text. A table of 8,192 places, by four bytes with letter case taken out, tells
 * whether a literal may begin here; nearly always none does. What begins is compared, and what
 * stands around it decides (web_context.c).
 *
 * Deliberately ignored: what comments and texts are (a shell may be commented out, or put together
 * of texts), the encoding that only a web.config says, and values that flow through variables.
 */
#include "iis/web/web_marks.h"

#include "base/limits.h"
#include "iis/web/web_bulk.h"
#include "iis/web/web_config_page.h"
#include "iis/web/web_context.h"
#include "iis/web/web_text.h"

#define TABLE_BITS 13
/* Places from which CHECK_MANY counts. */
#define MANY 16U
/* Bytes of a directive, or of a tag. */
#define DIRECTIVE_BYTES 2048U

struct scan {
    struct iw_str text;
    struct iw_web_mark_set *set;
    uint8_t first[1U << TABLE_BITS]; /* index + 1 of a literal */
    uint8_t next[256];               /* of one with the same place */
    size_t lines_to;                 /* lines are counted up to here */
    uint32_t n_lines;
    uint64_t looked_bytes; /* around literals */
    uint32_t n_many;
    uint32_t php_line;          /* of a call that is one only in PHP; 0: none */
    bool has_code, has_php;     /* blocks that run at the server */
    bool is_configuration;      /* its elements were read as such: what they say is known */
    bool refers, is_code_after; /* a directive names a class; its code may follow as plain text */
    size_t directive_end;
};

static uint32_t place_of(uint32_t four)
{
    return ((four | 0x20202020U) * 2654435761U) >> (32 - TABLE_BITS);
}

static uint32_t four_at(const char *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof four);
    return four;
}

static void fill_table(struct scan *scan)
{
    memset(scan->first, 0, sizeof scan->first);
    for (size_t i = 0; i < iw_web_n_literals; i++) {
        uint32_t place = place_of(four_at(iw_web_literals[i].text.p));
        scan->next[i] = scan->first[place];
        scan->first[place] = (uint8_t)(i + 1);
    }
}

/* Hits come in the order of the text, so that all counting is one pass. */
static uint32_t line_of(struct scan *scan, size_t at)
{
    const char *p = scan->text.p + scan->lines_to, *end = scan->text.p + at;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        scan->n_lines++;
        p++;
    }
    scan->lines_to = scan->lines_to < at ? at : scan->lines_to;
    return scan->n_lines + 1;
}

static struct iw_str piece(const struct scan *scan, size_t at, size_t n_max)
{
    size_t left = scan->text.n - at;
    return (struct iw_str){scan->text.p + at, left < n_max ? left : n_max};
}

/* A file made to be expensive is told from one that was looked at whole. */
static bool may_look(struct scan *scan, size_t n_bytes)
{
    if (scan->looked_bytes > IW_LIMIT_WEB_LOOK_BYTES)
        iw_web_mark_add(scan->set, IW_WEB_MARK_CUT_SHORT, 0);
    else
        scan->looked_bytes += n_bytes;
    return scan->looked_bytes <= IW_LIMIT_WEB_LOOK_BYTES;
}

/* --- what runs at the server ---------------------------------------------------------------- */

static void read_script_tag(struct scan *scan, size_t at)
{
    struct iw_str tag = piece(scan, at, DIRECTIVE_BYTES);
    size_t end = iw_str_find(tag, IW_STR(">"));
    size_t runat;
    tag.n = end < tag.n ? end : tag.n;
    if (!may_look(scan, tag.n))
        return;
    runat = iw_web_find(tag, IW_STR("runat"));
    if (runat != SIZE_MAX &&
        iw_web_find((struct iw_str){tag.p + runat, tag.n - runat}, IW_STR("server")) != SIZE_MAX)
        scan->has_code = true;
}

static void read_directive(struct scan *scan, size_t at)
{
    static const struct iw_str REFERENCES[] = {
        {"inherits=", 9}, {"codebehind=", 11}, {"codefile=", 9}, {"class=", 6}, {"service=", 8},
    };
    static const struct iw_str PLAIN[] = {{"webhandler", 10}, {"webservice", 10}};
    struct iw_str directive = piece(scan, at, DIRECTIVE_BYTES);
    size_t end;
    if (scan->directive_end > at || !may_look(scan, directive.n))
        return;
    end = iw_str_find(directive, IW_STR("%>"));
    if (end == SIZE_MAX)
        return;
    directive.n = end;
    scan->directive_end = at + end + 2;
    for (size_t i = 0; i < sizeof REFERENCES / sizeof REFERENCES[0]; i++)
        scan->refers |= iw_web_find(directive, REFERENCES[i]) != SIZE_MAX;
    for (size_t i = 0; i < sizeof PLAIN / sizeof PLAIN[0]; i++)
        scan->is_code_after |= iw_web_find(directive, PLAIN[i]) != SIZE_MAX;
}

/* "<%" or "<?" */
static void read_block(struct scan *scan, size_t at)
{
    struct iw_str block = piece(scan, at, 5);
    char kind = block.n > 2 ? block.p[2] : '\0';
    if (block.p[1] == '?')
        scan->has_php |= iw_web_begins(block, IW_STR("<?php")) || kind == '=' || kind == ' ' ||
                         kind == '\n' || kind == '\r' || kind == '\t';
    else if (kind == '@')
        read_directive(scan, at);
    else if (kind != '-' && kind != '$')
        scan->has_code = true;
}

/* --- literals ------------------------------------------------------------------------------- */

static void take(struct scan *scan, const struct iw_web_literal *literal, size_t at)
{
    if (literal->check == IW_WEB_CHECK_SCRIPT) {
        if (!scan->has_code)
            read_script_tag(scan, at);
        return;
    }
    if (scan->is_configuration && (literal->check == IW_WEB_CHECK_RUNS_CONFIGURATION ||
                                   literal->check == IW_WEB_CHECK_LIFTS_FILTER))
        return;
    if ((literal->check == IW_WEB_CHECK_PHP && scan->php_line != 0) ||
        (literal->check == IW_WEB_CHECK_PHP_EVALUATION && !scan->has_php))
        return;
    if (literal->check == IW_WEB_CHECK_PHP) {
        if (iw_web_is_plain_call(scan->text, at))
            scan->php_line = line_of(scan, at);
        return;
    }
    if (literal->check == IW_WEB_CHECK_MANY && ++scan->n_many < MANY)
        return;
    if (may_look(scan, literal->text.n) &&
        iw_web_check_holds(literal->check, scan->text, at, literal->text.n, &scan->looked_bytes))
        iw_web_mark_add(scan->set, literal->kind, line_of(scan, at));
}

static void compare(struct scan *scan, size_t at, uint8_t index)
{
    for (; index != 0; index = scan->next[index - 1]) {
        const struct iw_web_literal *literal = &iw_web_literals[index - 1];
        if (!iw_web_mark_is_set(scan->set, literal->kind) &&
            iw_web_begins(piece(scan, at, literal->text.n), literal->text))
            take(scan, literal, at);
    }
}

static void pass(struct scan *scan)
{
    const char *p = scan->text.p;
    size_t n = scan->text.n;
    for (size_t at = 0; at + 4 <= n; at++) {
        uint32_t four = four_at(p + at);
        uint8_t index = scan->first[place_of(four)];
        if (index != 0)
            compare(scan, at, index);
        if (p[at] == '<' && (p[at + 1] == '%' || p[at + 1] == '?'))
            read_block(scan, at);
    }
}

/* --- the whole ------------------------------------------------------------------------------ */

static bool is_blank(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (strchr(" \t\r\n", text.p[i]) == NULL)
            return false;
    }
    return true;
}

static bool is_image(struct iw_str bytes)
{
    static const struct iw_str BEGINNINGS[] = {{"GIF8", 4}, {"\x89PNG", 4}, {"\xFF\xD8\xFF", 3}};
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof BEGINNINGS[0]; i++) {
        if (bytes.n >= BEGINNINGS[i].n && memcmp(bytes.p, BEGINNINGS[i].p, BEGINNINGS[i].n) == 0)
            return true;
    }
    return false;
}

static void settle(struct scan *scan)
{
    struct iw_str text = scan->text;
    struct iw_str after = piece(scan, scan->directive_end, text.n);
    size_t at = iw_web_long_base64(text);
    if (scan->has_php && scan->php_line != 0)
        iw_web_mark_add(scan->set, IW_WEB_MARK_STARTS_PROCESS, scan->php_line);
    if (is_image(text) && (scan->has_code || scan->has_php || scan->directive_end != 0))
        iw_web_mark_add(scan->set, IW_WEB_MARK_SCRIPT_IN_IMAGE, 0);
    if (scan->refers && !scan->has_code && !scan->has_php &&
        (!scan->is_code_after || is_blank(after)))
        iw_web_mark_add(scan->set, IW_WEB_MARK_CODE_ELSEWHERE, 0);
    scan->lines_to = scan->n_lines = 0;
    if (at != SIZE_MAX)
        iw_web_mark_add(scan->set, IW_WEB_MARK_LONG_BASE64, line_of(scan, at));
}

static void scan_text(struct iw_str text, bool is_configuration, struct iw_web_mark_set *set)
{
    struct scan scan = {.text = text, .set = set, .is_configuration = is_configuration};
    fill_table(&scan);
    pass(&scan);
    settle(&scan);
}

enum iw_rc iw_web_marks_read(struct iw_str bytes, struct iw_arena *scratch,
                             struct iw_web_mark_set *ret)
{
    bool is_utf16, is_cut = bytes.n > IW_LIMIT_WEB_SCAN_BYTES;
    struct iw_str text;
    enum iw_web_config_reading reading;
    *ret = (struct iw_web_mark_set){0};
    bytes.n = is_cut ? IW_LIMIT_WEB_SCAN_BYTES : bytes.n;
    text = iw_web_text_of(bytes, scratch, &is_utf16);
    if (text.p == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_web_config_page_read(bytes, text, scratch, ret, &reading));
    scan_text(text, reading == IW_WEB_CONFIG_WHOLE, ret);
    if (iw_web_has_utf7_mark(text))
        iw_web_mark_add(ret, IW_WEB_MARK_UTF7, 1);
    if (iw_web_mark_is_set(ret, IW_WEB_MARK_UTF7)) {
        text = iw_web_utf7(text, scratch);
        if (text.p == NULL)
            return IW_ENOMEM;
        scan_text(text, reading == IW_WEB_CONFIG_WHOLE, ret);
    }
    if (is_utf16)
        iw_web_mark_add(ret, IW_WEB_MARK_UTF16, 0);
    else if (iw_web_high_entropy(bytes) != SIZE_MAX)
        iw_web_mark_add(ret, IW_WEB_MARK_HIGH_ENTROPY, 0);
    if (is_cut)
        iw_web_mark_add(ret, IW_WEB_MARK_CUT_SHORT, 0);
    return IW_OK;
}
