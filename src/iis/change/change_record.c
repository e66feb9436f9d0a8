/*
 * From a draft to a record: every clause is checked, and one that is not as it should be costs the
 * whole record, for what it would explain without that clause is more than somebody approved.
 */
#include "iis/change/change_record.h"

#include "base/fold.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/utf.h"
#include "iis/change/changes.h"
#include "iis/config/server_path.h"

static const struct {
    const char *name;
    bool is_list;
} CLAUSES[CLAUSE_COUNT] = {
    [CLAUSE_ID] = {"id", false},
    [CLAUSE_HOSTS] = {"hosts", true},
    [CLAUSE_FROM] = {"from", false},
    [CLAUSE_TO] = {"to", false},
    [CLAUSE_ACTORS] = {"actors", true},
    [CLAUSE_ACTION] = {"action", true},
    [CLAUSE_COMPONENT_KIND] = {"component.kind", false},
    [CLAUSE_COMPONENT_NAME] = {"component.name", false},
    [CLAUSE_PATH] = {"path", true},
    [CLAUSE_SHA256] = {"sha256", true},
    [CLAUSE_PUBLISHER] = {"publisher", false},
    [CLAUSE_EXPIRES] = {"expires", false},
    [CLAUSE_REASON] = {"reason", false},
    [CLAUSE_APPROVED_BY] = {"approved_by", false},
};

const char *change_clause_name(enum change_clause clause)
{
    return CLAUSES[clause].name;
}

bool change_clause_is_list(enum change_clause clause)
{
    return CLAUSES[clause].is_list;
}

/* --- building ------------------------------------------------------------------------------ */

struct building {
    const struct change_draft *draft;
    struct iw_arena *arena;
    struct iw_change_problems *problems;
    struct change_record *record;
    bool is_bad;
};

static const struct change_values *values_of(const struct building *b, enum change_clause clause)
{
    return &b->draft->clauses[clause];
}

/* Tells what is wrong with a value. */
static enum iw_rc refuse(struct building *b, enum change_clause clause,
                         const struct change_value *value, const char *what)
{
    b->is_bad = true;
    return iw_change_problems_add(b->problems, value->line, value->column, b->record->id,
                                  "%s: %s: \"%.*s\"", CLAUSES[clause].name, what,
                                  IW_STR_ARG(value->text));
}

static enum iw_rc refuse_record(struct building *b, const char *what)
{
    b->is_bad = true;
    return iw_change_problems_add(b->problems, b->draft->line, b->draft->column, b->record->id,
                                  "%s", what);
}

/* A text of one line, kept. */
static enum iw_rc keep_text(struct building *b, enum change_clause clause, struct iw_str *ret)
{
    const struct change_values *values = values_of(b, clause);

    if (values->n == 0)
        return IW_OK;
    *ret = iw_change_one_line(values->items[0].text, b->arena);
    if (ret->p == NULL && ret->n == 0 && values->items[0].text.n != 0)
        return IW_ENOMEM;
    *ret = iw_arena_copy(b->arena, *ret);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc keep_folded(struct building *b, enum change_clause clause, struct iw_str *ret)
{
    struct iw_str text = {NULL, 0};

    IW_TRY(keep_text(b, clause, &text));
    if (text.n == 0)
        return IW_OK;
    *ret = iw_fold_text(text, b->arena);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_time(struct building *b, enum change_clause clause, int64_t *ret_ns)
{
    const struct change_values *values = values_of(b, clause);
    const char *wrong;

    *ret_ns = IW_TIME_UNKNOWN;
    if (values->n == 0)
        return IW_OK;
    wrong = change_time_parse(values->items[0].text, b->draft->time_form, ret_ns);
    return wrong != NULL ? refuse(b, clause, &values->items[0], wrong) : IW_OK;
}

static enum iw_rc read_times(struct building *b)
{
    struct change_record *record = b->record;

    IW_TRY(read_time(b, CLAUSE_FROM, &record->from_ns));
    IW_TRY(read_time(b, CLAUSE_TO, &record->to_ns));
    IW_TRY(read_time(b, CLAUSE_EXPIRES, &record->expires_ns));
    if (!b->is_bad && record->from_ns > record->to_ns)
        return refuse(b, CLAUSE_TO, &values_of(b, CLAUSE_TO)->items[0], "is before from");
    return IW_OK;
}

/* A copy that folding may have made or not. */
static struct iw_str fold_copy(struct building *b, struct iw_str text)
{
    struct iw_str copy = iw_arena_copy(b->arena, text);
    return copy.p != NULL ? iw_fold_text(copy, b->arena) : copy;
}

static enum iw_rc read_hosts(struct building *b)
{
    const struct change_values *values = values_of(b, CLAUSE_HOSTS);
    struct change_record *record = b->record;

    record->hosts = iw_arena_calloc(b->arena, values->n + 1, sizeof *record->hosts);
    if (record->hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values->n; i++) {
        struct iw_str folded = fold_copy(b, values->items[i].text);
        enum iw_rc rc;
        if (folded.p == NULL)
            return IW_ENOMEM;
        while (folded.n > 1 && folded.p[folded.n - 1] == '.') /* the root, as in evidence */
            folded.n--;
        rc = iw_glob_read(folded, '.', b->arena, &record->hosts[i]);
        if (rc == IW_ELIMIT)
            rc = refuse(b, CLAUSE_HOSTS, &values->items[i], "is too long");
        IW_TRY(rc);
    }
    record->n_hosts = values->n;
    return IW_OK;
}

/* Does a path in normal form begin where every path does, or with a sign? */
static bool is_anchored(struct iw_str key)
{
    return (key.n >= 2 && (key.p[1] == ':' || (key.p[0] == '\\' && key.p[1] == '\\'))) ||
           (key.n >= 1 && (key.p[0] == '*' || key.p[0] == '?'));
}

/* Windows drops dots and spaces at the end of a name (`.` and `..` apart), so a path may do without
 * them. In a pattern they would be lost: `*.` means names without an ending, `*` all. */
static bool ends_part_badly(struct iw_str text)
{
    for (size_t i = 1; i <= text.n; i++) {
        const bool ends = i == text.n || text.p[i] == '\\' || text.p[i] == '/';
        if (ends && (text.p[i - 1] == '.' || text.p[i - 1] == ' '))
            return true;
    }
    return false;
}

static enum iw_rc read_path(struct building *b, const struct change_value *value,
                            struct iw_glob *ret)
{
    struct iw_server_path path;
    enum iw_rc rc;

    if (ends_part_badly(value->text))
        return refuse(b, CLAUSE_PATH, value, "no part of it may end with a dot or a space");
    if (!iw_server_path_read(value->text, false, b->arena, &path))
        return IW_ENOMEM;
    if (!path.is_resolved)
        return refuse(b, CLAUSE_PATH, value, "has a variable without a usual value");
    if (!is_anchored(path.key))
        return refuse(b, CLAUSE_PATH, value,
                      "must begin with a drive, a share or `**`, or it matches nothing");
    /* Folding may have left the text where the reader put it, or be the text of the file. */
    path.key = iw_arena_copy(b->arena, path.key);
    if (path.key.p == NULL)
        return IW_ENOMEM;
    rc = iw_glob_read(path.key, '\\', b->arena, ret);
    return rc == IW_ELIMIT ? refuse(b, CLAUSE_PATH, value, "is too long") : rc;
}

static enum iw_rc read_paths(struct building *b)
{
    const struct change_values *values = values_of(b, CLAUSE_PATH);
    struct change_record *record = b->record;

    record->paths = iw_arena_calloc(b->arena, values->n + 1, sizeof *record->paths);
    if (record->paths == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values->n; i++)
        IW_TRY(read_path(b, &values->items[i], &record->paths[i]));
    record->n_paths = values->n;
    return IW_OK;
}

static enum iw_rc read_actors(struct building *b)
{
    const struct change_values *values = values_of(b, CLAUSE_ACTORS);
    struct change_record *record = b->record;

    record->actors = iw_arena_calloc(b->arena, values->n + 1, sizeof *record->actors);
    if (record->actors == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values->n; i++) {
        struct iw_str text = iw_arena_copy(b->arena, values->items[i].text);
        if (text.p == NULL || !iw_account_name_read(text, b->arena, &record->actors[i]))
            return IW_ENOMEM;
        if (record->actors[i].name.n == 0 && record->actors[i].sid.n == 0)
            IW_TRY(refuse(b, CLAUSE_ACTORS, &values->items[i], "names no account"));
    }
    record->n_actors = values->n;
    return IW_OK;
}

static enum iw_rc read_actions(struct building *b)
{
    static const struct {
        const char *name;
        enum iw_act_action action;
    } ACTIONS[] = {{"add", IW_ACT_ADD}, {"modify", IW_ACT_MODIFY}, {"remove", IW_ACT_REMOVE}};
    const struct change_values *values = values_of(b, CLAUSE_ACTION);

    for (size_t i = 0; i < values->n; i++) {
        const unsigned before = b->record->actions;
        bool is_known = false;
        for (size_t k = 0; k < sizeof ACTIONS / sizeof ACTIONS[0]; k++) {
            if (iw_str_equal_nocase(values->items[i].text, iw_str_of(ACTIONS[k].name))) {
                b->record->actions = before | ACTIONS[k].action;
                is_known = true;
            }
        }
        if (!is_known)
            IW_TRY(refuse(b, CLAUSE_ACTION, &values->items[i], "must be add, modify or remove"));
    }
    return IW_OK;
}

static enum iw_rc read_digests(struct building *b)
{
    const struct change_values *values = values_of(b, CLAUSE_SHA256);
    struct change_record *record = b->record;

    record->sha256 = iw_arena_calloc(b->arena, values->n + 1, sizeof *record->sha256);
    if (record->sha256 == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values->n; i++)
        if (!iw_hex_read(values->items[i].text, record->sha256[i], sizeof record->sha256[i]))
            IW_TRY(refuse(b, CLAUSE_SHA256, &values->items[i], "must be 64 hexadecimal digits"));
    record->n_sha256 = values->n;
    return IW_OK;
}

static bool is_blank(struct iw_str text)
{
    while (text.n != 0 && (unsigned char)text.p[text.n - 1] <= ' ')
        text.n--;
    return text.n == 0;
}

static enum iw_rc check_values(struct building *b, enum change_clause clause)
{
    const struct change_values *values = values_of(b, clause);

    for (size_t i = 0; i < values->n; i++) {
        if (values->items[i].text.n > IW_LIMIT_CHANGE_VALUE_BYTES)
            IW_TRY(refuse(b, clause, &values->items[i], "is too long"));
        else if (is_blank(values->items[i].text))
            IW_TRY(refuse(b, clause, &values->items[i], "is empty"));
    }
    return IW_OK;
}

/* Sizes of what is given, and whether what every record needs is. */
static enum iw_rc check_shape(struct building *b)
{
    static const enum change_clause NEEDED[] = {CLAUSE_ID, CLAUSE_HOSTS, CLAUSE_FROM, CLAUSE_TO};
    const size_t n_globs = values_of(b, CLAUSE_HOSTS)->n + values_of(b, CLAUSE_PATH)->n;

    for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++) {
        if (values_of(b, NEEDED[i])->n == 0) {
            b->is_bad = true;
            IW_TRY(iw_change_problems_add(b->problems, b->draft->line, b->draft->column,
                                          b->record->id, "%s is missing", CLAUSES[NEEDED[i]].name));
        }
    }
    if (values_of(b, CLAUSE_COMPONENT_NAME)->n == 0 && values_of(b, CLAUSE_PATH)->n == 0)
        IW_TRY(refuse_record(b, "a component (its name) or a path is needed: without one the "
                                "record would speak of everything on its hosts"));
    if (n_globs > IW_LIMIT_CHANGE_GLOBS)
        IW_TRY(refuse_record(b, "too many hosts and paths for one record"));
    for (unsigned clause = 0; clause < CLAUSE_COUNT; clause++) {
        const struct change_values *values = &b->draft->clauses[clause];
        if (values->n > IW_LIMIT_CHANGE_VALUES)
            IW_TRY(refuse(b, (enum change_clause)clause, &values->items[0], "too many values"));
        IW_TRY(check_values(b, (enum change_clause)clause));
    }
    return IW_OK;
}

static enum iw_rc read_clauses(struct building *b)
{
    struct change_record *record = b->record;

    IW_TRY(read_times(b));
    IW_TRY(read_hosts(b));
    IW_TRY(read_paths(b));
    IW_TRY(read_actors(b));
    IW_TRY(read_actions(b));
    IW_TRY(read_digests(b));
    IW_TRY(keep_folded(b, CLAUSE_COMPONENT_KIND, &record->component_kind));
    IW_TRY(keep_folded(b, CLAUSE_COMPONENT_NAME, &record->component_name));
    IW_TRY(keep_text(b, CLAUSE_PUBLISHER, &record->publisher));
    IW_TRY(keep_folded(b, CLAUSE_PUBLISHER, &record->publisher_key));
    IW_TRY(keep_text(b, CLAUSE_REASON, &record->reason));
    return keep_text(b, CLAUSE_APPROVED_BY, &record->approved_by);
}

enum iw_rc change_record_build(const struct change_draft *draft, struct iw_arena *arena,
                               struct iw_change_problems *problems, struct change_record *ret,
                               bool *ret_taken)
{
    struct building b = {.draft = draft, .arena = arena, .problems = problems, .record = ret};

    *ret_taken = false;
    memset(ret, 0, sizeof *ret);
    ret->file = problems->file;
    ret->line = draft->line;
    ret->column = draft->column;
    if (draft->clauses[CLAUSE_ID].n != 0 &&
        draft->clauses[CLAUSE_ID].items[0].text.n <= IW_LIMIT_CHANGE_VALUE_BYTES)
        IW_TRY(keep_text(&b, CLAUSE_ID, &ret->id));
    IW_TRY(check_shape(&b));
    if (!b.is_bad)
        IW_TRY(read_clauses(&b));
    *ret_taken = !b.is_bad;
    return IW_OK;
}
