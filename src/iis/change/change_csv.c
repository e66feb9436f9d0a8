/*
 * Change records as CSV, by a map. A cell that is empty is a clause that is not given, as a table
 * has no other way to say so; a clause the map does not name is not given in any row.
 */
#include "iis/change/change_list.h"

#include "base/alloc.h"
#include "base/utf.h"
#include "iis/change/change_map.h"
#include "iis/change/csv_rows.h"

struct csv_reading {
    struct iw_changes *changes;
    struct iw_arena row_arena; /* of one draft */
    struct change_map map;
    struct csv_reader reader;
    struct csv_row row;
    size_t columns[CLAUSE_COUNT]; /* of clauses that have one */
    size_t n_columns;             /* of the header */
    const char *name;
    struct iw_error *err;
};

static struct iw_str trim(struct iw_str text)
{
    while (text.n != 0 && (unsigned char)text.p[text.n - 1] <= ' ')
        text.n--;
    while (text.n != 0 && (unsigned char)text.p[0] <= ' ')
        text = (struct iw_str){text.p + 1, text.n - 1};
    return text;
}

/* --- header ---------------------------------------------------------------------------------- */

static enum iw_rc refuse_header(struct csv_reading *reading, struct iw_str column, const char *what)
{
    iw_error_set(reading->err, IW_EFORMAT, "the column \"%.*s\" of the map %s", IW_STR_ARG(column),
                 what);
    iw_error_place(reading->err, reading->name, reading->row.line, 0);
    return IW_EFORMAT;
}

static enum iw_rc find_column(struct csv_reading *reading, struct iw_str name, size_t *ret)
{
    size_t n_found = 0;

    for (size_t i = 0; i < reading->row.n; i++) {
        if (!iw_str_equal_nocase(trim(reading->row.fields[i]), trim(name)))
            continue;
        *ret = i;
        n_found++;
    }
    if (n_found == 1)
        return IW_OK;
    return refuse_header(reading, name, n_found == 0 ? "is not in the file" : "is there twice");
}

/* Spreadsheets may write `sep=;` above the header. */
static bool is_separator_line(const struct csv_row *row)
{
    return row->line == 1 && row->n >= 1 && iw_str_begins_nocase(row->fields[0], IW_STR("sep="));
}

static enum iw_rc read_header(struct csv_reading *reading)
{
    enum iw_rc rc = csv_next(&reading->reader, &reading->row);

    if (rc == IW_OK && is_separator_line(&reading->row))
        rc = csv_next(&reading->reader, &reading->row);
    if (rc == IW_ENOMEM)
        return iw_error_set(reading->err, rc, "no memory");
    if (rc != IW_OK || reading->row.wrong != NULL) {
        iw_error_set(reading->err, IW_EFORMAT, "no header: %s",
                     reading->row.wrong != NULL ? reading->row.wrong : "the file is empty");
        iw_error_place(reading->err, reading->name, reading->row.line, 0);
        return IW_EFORMAT;
    }
    reading->n_columns = reading->row.n;
    for (unsigned clause = 0; clause < CLAUSE_COUNT; clause++)
        if (reading->map.sources[clause].column.n != 0)
            IW_TRY(find_column(reading, reading->map.sources[clause].column,
                               &reading->columns[clause]));
    return IW_OK;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* The parts of a cell that are not empty. */
static bool split(struct csv_reading *reading, struct iw_str cell, char separator,
                  struct change_values *ret)
{
    size_t most = 1, begin = 0;

    for (size_t i = 0; i < cell.n; i++)
        most += cell.p[i] == separator;
    ret->items = iw_arena_calloc(&reading->row_arena, most, sizeof *ret->items);
    if (ret->items == NULL)
        return false;
    for (size_t i = 0; i <= cell.n; i++) {
        struct iw_str part;
        if (i < cell.n && cell.p[i] != separator)
            continue;
        part = trim((struct iw_str){cell.p + begin, i - begin});
        begin = i + 1;
        if (part.n != 0)
            ret->items[ret->n++] =
                (struct change_value){.text = part, .line = reading->row.line, .column = 0};
    }
    return true;
}

static bool copy_constant(struct csv_reading *reading, const struct change_values *constant,
                          struct change_values *ret)
{
    ret->items = iw_arena_calloc(&reading->row_arena, constant->n, sizeof *ret->items);
    if (ret->items == NULL)
        return false;
    for (size_t i = 0; i < constant->n; i++)
        ret->items[ret->n++] =
            (struct change_value){.text = constant->items[i].text, .line = reading->row.line};
    return true;
}

static bool fill_clause(struct csv_reading *reading, enum change_clause clause,
                        struct change_values *ret)
{
    const struct change_source *source = &reading->map.sources[clause];
    struct iw_str cell;

    if (source->constant.n != 0)
        return copy_constant(reading, &source->constant, ret);
    if (source->column.n == 0)
        return true;
    cell = trim(reading->row.fields[reading->columns[clause]]);
    if (change_clause_is_list(clause))
        return split(reading, cell, reading->map.list_separator, ret);
    if (cell.n == 0)
        return true;
    ret->items = iw_arena_calloc(&reading->row_arena, 1, sizeof *ret->items);
    if (ret->items == NULL)
        return false;
    ret->items[0] = (struct change_value){.text = cell, .line = reading->row.line};
    ret->n = 1;
    return true;
}

static enum iw_rc take_row(struct csv_reading *reading)
{
    struct change_draft draft = {.line = reading->row.line, .time_form = &reading->map.time_form};

    for (unsigned clause = 0; clause < CLAUSE_COUNT; clause++)
        if (!fill_clause(reading, (enum change_clause)clause, &draft.clauses[clause]))
            return iw_error_set(reading->err, IW_ENOMEM, "no memory");
    return changes_take(reading->changes, &draft, reading->err);
}

static bool is_blank_row(const struct csv_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (trim(row->fields[i]).n != 0)
            return false;
    return true;
}

static enum iw_rc read_row(struct csv_reading *reading)
{
    struct iw_change_problems *problems = &reading->changes->problems;
    const struct csv_row *row = &reading->row;
    const struct iw_str no_id = {NULL, 0};
    enum iw_rc rc = IW_OK;

    iw_arena_reset(&reading->row_arena);
    if (row->wrong != NULL)
        rc = iw_change_problems_add(problems, row->line, 0, no_id, "%s", row->wrong);
    else if (is_blank_row(row))
        return IW_OK; /* what spreadsheets write below a table */
    else if (row->n != reading->n_columns)
        rc = iw_change_problems_add(problems, row->line, 0, no_id,
                                    "the row has %zu columns, the header %zu", row->n,
                                    reading->n_columns);
    else
        return take_row(reading);
    return rc == IW_OK ? IW_OK : iw_error_set(reading->err, rc, "no memory");
}

static enum iw_rc read_rows(struct csv_reading *reading)
{
    enum iw_rc rc;

    while ((rc = csv_next(&reading->reader, &reading->row)) == IW_OK)
        IW_TRY(read_row(reading));
    if (rc == IW_END)
        return IW_OK;
    if (rc == IW_ENOMEM)
        return iw_error_set(reading->err, rc, "no memory");
    iw_error_set(reading->err, rc, "too many quotes that are not closed: the rest is not read");
    iw_error_place(reading->err, reading->name, reading->row.line, 0);
    return rc;
}

/* UTF-8 in any of the forms spreadsheets write. */
static struct iw_str text_of(struct iw_str bytes, struct iw_arena *arena)
{
    struct iw_str text = changes_text_of(bytes, arena);

    if (text.p == NULL || iw_utf8_valid(text))
        return text;
    return iw_ansi_to_arena((const uint8_t *)text.p, text.n, arena);
}

enum iw_rc iw_changes_add_csv(struct iw_changes *changes, struct iw_str bytes, const char *name,
                              struct iw_str map, const char *map_name, struct iw_error *err)
{
    struct csv_reading *reading;
    struct iw_arena arena; /* of map and text */
    struct iw_str text;
    enum iw_rc rc = changes_begin_file(changes, bytes, name, err);

    if (rc != IW_OK)
        return rc;
    reading = iw_calloc(1, sizeof *reading);
    if (reading == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    *reading = (struct csv_reading){.changes = changes, .name = name, .err = err};
    iw_arena_init(&arena, 0);
    iw_arena_init(&reading->row_arena, 0);
    rc = change_map_read(map, map_name, &arena, &reading->map, err);
    text = rc == IW_OK ? text_of(bytes, &arena) : IW_STR("");
    csv_reader_init(&reading->reader, text, reading->map.delimiter);
    if (text.p == NULL)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = read_header(reading);
    if (rc == IW_OK)
        rc = read_rows(reading);
    csv_reader_done(&reading->reader);
    iw_arena_done(&reading->row_arena);
    iw_arena_done(&arena);
    iw_free(reading);
    return rc;
}
