#include "input/iislog/iislog_columns.h"

#include "base/limits.h"
#include "input/iislog/iislog_text.h"

void iislog_columns_init(struct iislog_columns *columns)
{
    memset(columns, 0, sizeof *columns);
    iw_arena_init(&columns->arena, 0);
    iislog_columns_clear(columns);
}

void iislog_columns_done(struct iislog_columns *columns)
{
    iw_arena_done(&columns->arena);
}

void iislog_columns_clear(struct iislog_columns *columns)
{
    iw_arena_reset(&columns->arena);
    columns->text = IW_STR("");
    columns->names = NULL;
    columns->values = NULL;
    columns->n = 0;
    columns->is_cut = false;
    columns->date = columns->time = columns->computer = columns->site = columns->time_taken =
        columns->reason = IISLOG_NO_COLUMN;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes the next name off *rest*; false when there is none. */
static bool next_name(struct iw_str *rest, struct iw_str *ret)
{
    size_t n = 0;
    while (rest->n != 0 && is_blank(rest->p[0])) {
        rest->p++;
        rest->n--;
    }
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    *ret = (struct iw_str){rest->p, n};
    rest->p += n;
    rest->n -= n;
    return n != 0;
}

/* Of two columns with one name the first counts. */
static void note_role(struct iislog_columns *columns, size_t at)
{
    const struct {
        const char *name;
        size_t *column;
    } roles[] = {
        {"date", &columns->date},
        {"time", &columns->time},
        {"s-computername", &columns->computer},
        {"s-sitename", &columns->site},
        {"time-taken", &columns->time_taken},
        {"s-reason", &columns->reason},
    };
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (*roles[i].column == IISLOG_NO_COLUMN &&
            iw_str_equal_nocase(columns->names[at].text, iw_str_of(roles[i].name)))
            *roles[i].column = at;
    }
}

static size_t count_names(struct iw_str text)
{
    struct iw_str name;
    size_t n = 0;
    while (n <= IW_LIMIT_LOG_COLUMNS && next_name(&text, &name))
        n++;
    return n;
}

static enum iw_rc take_names(struct iislog_columns *columns, const struct iw_names *names,
                             struct iw_str text)
{
    size_t n = count_names(text);
    struct iw_str rest, name;

    columns->is_cut = n > IW_LIMIT_LOG_COLUMNS;
    n -= columns->is_cut;
    columns->text = iw_arena_copy(&columns->arena, text);
    columns->names = iw_arena_calloc(&columns->arena, n + 1, sizeof *columns->names);
    columns->values = iw_arena_calloc(&columns->arena, n + 1, sizeof *columns->values);
    if (columns->text.p == NULL || columns->names == NULL || columns->values == NULL)
        return IW_ENOMEM;
    for (rest = columns->text; columns->n < n && next_name(&rest, &name); columns->n++) {
        bool is_repaired;
        name = iislog_text_utf8(name, &columns->arena, &is_repaired);
        if (name.p == NULL)
            return IW_ENOMEM;
        iw_names_describe(names, name, &columns->names[columns->n]);
        note_role(columns, columns->n);
    }
    return IW_OK;
}

enum iw_rc iislog_columns_set(struct iislog_columns *columns, const struct iw_names *names,
                              struct iw_str text)
{
    enum iw_rc rc;
    iislog_columns_clear(columns);
    rc = take_names(columns, names, text);
    if (rc != IW_OK)
        iislog_columns_clear(columns);
    return rc;
}

/* The end of the value at *at*. */
static size_t value_end(struct iw_str line, size_t at)
{
    const char *hit = at < line.n ? memchr(line.p + at, ' ', line.n - at) : NULL;
    return hit != NULL ? (size_t)(hit - line.p) : line.n;
}

static size_t skip_spaces(struct iw_str line, size_t at)
{
    while (at < line.n && line.p[at] == ' ')
        at++;
    return at;
}

/* Splits at every space, or at every run of them. */
static struct iislog_split split(struct iislog_columns *columns, struct iw_str line, size_t n,
                                 bool by_run)
{
    struct iislog_split result = {0, IW_STR("")};
    size_t at = by_run ? skip_spaces(line, 0) : 0;

    while (at < line.n && result.n < n) {
        size_t end = value_end(line, at);
        columns->values[result.n++] = (struct iw_str){line.p + at, end - at};
        at = by_run ? skip_spaces(line, end) : end + 1;
    }
    if (at < line.n)
        result.beyond = (struct iw_str){line.p + at, line.n - at};
    return result;
}

static struct iw_str without_last_spaces(struct iw_str line)
{
    while (line.n != 0 && line.p[line.n - 1] == ' ')
        line.n--;
    return line;
}

struct iislog_split iislog_columns_split(struct iislog_columns *columns, struct iw_str line)
{
    struct iislog_split first, second;

    line = without_last_spaces(line);
    first = split(columns, line, columns->n, false);
    if (first.beyond.n == 0)
        return first;
    second = split(columns, line, columns->n, true);
    if (second.n == columns->n && second.beyond.n == 0)
        return second;
    return split(columns, line, columns->n, false);
}

size_t iislog_columns_split_first(struct iislog_columns *columns, struct iw_str line, size_t n)
{
    return split(columns, line, n, false).n;
}
