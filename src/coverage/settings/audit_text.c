#include "coverage/settings/audit_text.h"

#include "base/limits.h"
#include "coverage/settings/settings_text.h"
#include "iis/change/csv_rows.h"

/* Columns of a report and of audit.csv. */
enum { MACHINE = 0, TARGET, SUBCATEGORY, ID, SETTING, EXCLUSION, VALUE, REPORT_COLUMNS = 6 };

static const struct {
    const char *name, *id;
} SUBCATEGORIES[IW_AUDIT_SUBCATEGORY_COUNT] = {
    [IW_AUDIT_PROCESS_CREATION] = {"Process Creation", "{0CCE922B-69AE-11D9-BED3-505054503030}"},
    [IW_AUDIT_FILE_SYSTEM] = {"File System", "{0CCE921D-69AE-11D9-BED3-505054503030}"},
    [IW_AUDIT_LOGON] = {"Logon", "{0CCE9215-69AE-11D9-BED3-505054503030}"},
};

const char *iw_audit_subcategory_name(enum iw_audit_subcategory subcategory)
{
    return SUBCATEGORIES[subcategory].name;
}

static void put(struct iw_audit_policy_text *policy, size_t subcategory, enum iw_audit_state state,
                uint32_t line)
{
    struct iw_audit_row *row = &policy->rows[subcategory];
    if (state == IW_AUDIT_UNSAID)
        return;
    if (row->state != IW_AUDIT_UNSAID && row->state != state)
        state = IW_AUDIT_DISAGREES;
    *row = (struct iw_audit_row){state, line};
}

/* --- settings in words ---------------------------------------------------------------------- */

/* As auditpol words it in English. In other languages nothing is said: guessing by the word would
 * take one for another; a backup has numbers. */
static const struct {
    const char *word;
    enum iw_audit_state state;
} WORDS[] = {
    {"Success and Failure", IW_AUDIT_ON},
    {"Success", IW_AUDIT_ON},
    {"Failure", IW_AUDIT_OFF},
    {"No Auditing", IW_AUDIT_OFF},
};

static enum iw_audit_state state_of_words(struct iw_str text)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(WORDS[i].word)))
            return WORDS[i].state;
    }
    return IW_AUDIT_UNSAID;
}

/* --- as text -------------------------------------------------------------------------------- */

/* `  Process Creation                        Success`: a name, two blanks or more, a setting. */
static bool split_row(struct iw_str line, struct iw_str *ret_name, struct iw_str *ret_setting)
{
    size_t gap;
    if (line.n == 0 || (line.p[0] != ' ' && line.p[0] != '\t'))
        return false;
    line = iw_settings_trimmed(line);
    gap = iw_str_find(line, IW_STR("  "));
    if (gap == SIZE_MAX)
        return false;
    *ret_name = (struct iw_str){line.p, gap};
    *ret_setting = iw_settings_trimmed((struct iw_str){line.p + gap, line.n - gap});
    return true;
}

static void read_lines(struct iw_str text, struct iw_audit_policy_text *ret)
{
    struct iw_str line, name, setting;
    uint32_t number = 0;
    while (iw_settings_line(&text, &line, &number)) {
        if (!split_row(line, &name, &setting))
            continue;
        if (state_of_words(setting) != IW_AUDIT_UNSAID)
            ret->n_rows++;
        for (size_t i = 0; i < IW_AUDIT_SUBCATEGORY_COUNT; i++) {
            if (iw_str_equal_nocase(name, iw_str_of(SUBCATEGORIES[i].name)))
                put(ret, i, state_of_words(setting), number);
        }
    }
}

/* --- as rows -------------------------------------------------------------------------------- */

static enum iw_audit_state state_of_value(struct iw_str text)
{
    uint64_t value;
    if (!iw_str_to_u64(iw_settings_trimmed(text), &value) || value == 0 || value > 4)
        return IW_AUDIT_UNSAID; /* 0: left as it is */
    return value == 1 || value == 3 ? IW_AUDIT_ON : IW_AUDIT_OFF;
}

static bool is_id(struct iw_str text)
{
    return text.n == 38 && text.p[0] == '{' &&
           iw_str_ends_nocase(text, IW_STR("-69AE-11D9-BED3-505054503030}"));
}

/* Policies of single accounts have a SID where the system's has the word System, which is
 * translated. */
static bool is_of_system(struct iw_str target)
{
    return !iw_str_begins_nocase(target, IW_STR("S-1-")) &&
           !iw_str_begins_nocase(target, IW_STR("{S-1-"));
}

/* A report is of one machine. */
static bool is_of_stranger(struct iw_str machine, struct iw_audit_policy_text *ret)
{
    if (machine.n == 0 || iw_str_equal_nocase(machine, ret->machine))
        return false;
    if (ret->machine.n != 0 || ret->n_rows != 0)
        return true;
    ret->machine = machine;
    return false;
}

static void take_row(const struct csv_row *row, struct iw_audit_policy_text *ret)
{
    struct iw_str id = row->n > ID ? iw_settings_trimmed(row->fields[ID]) : IW_STR("");
    enum iw_audit_state state;
    if (row->wrong != NULL || row->n < REPORT_COLUMNS || !is_id(id) ||
        !is_of_system(iw_settings_trimmed(row->fields[TARGET])))
        return;
    if (is_of_stranger(iw_settings_trimmed(row->fields[MACHINE]), ret)) {
        ret->n_strangers++;
        return;
    }
    ret->n_rows++;
    state = row->n > VALUE ? state_of_value(row->fields[VALUE])
                           : state_of_words(iw_settings_trimmed(row->fields[SETTING]));
    if (row->n > VALUE && iw_settings_trimmed(row->fields[MACHINE]).n == 0)
        ret->is_intended = true;
    for (size_t i = 0; i < IW_AUDIT_SUBCATEGORY_COUNT; i++) {
        if (iw_str_equal_nocase(id, iw_str_of(SUBCATEGORIES[i].id)))
            put(ret, i, state, row->line);
    }
}

static enum iw_rc read_rows(struct iw_str text, struct iw_arena *arena,
                            struct iw_audit_policy_text *ret)
{
    struct csv_row *row = iw_arena_alloc(arena, sizeof *row);
    struct csv_reader reader;
    enum iw_rc rc;
    if (row == NULL)
        return IW_ENOMEM;
    csv_reader_init(&reader, text, ',');
    while ((rc = csv_next(&reader, row)) == IW_OK)
        take_row(row, ret);
    csv_reader_done(&reader);
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_audit_text_read(struct iw_str bytes, struct iw_arena *arena,
                              struct iw_audit_policy_text *ret, struct iw_error *err)
{
    struct iw_str text;
    enum iw_rc rc;
    *ret = (struct iw_audit_policy_text){.machine = IW_STR("")};
    IW_TRY(iw_settings_fit(bytes, err));
    text = iw_settings_text(bytes, arena);
    rc = text.p != NULL ? read_rows(text, arena, ret) : IW_ENOMEM;
    if (rc != IW_OK)
        return iw_error_set(err, rc,
                            rc == IW_ENOMEM ? "no memory" : "too many quotes that never close");
    if (ret->n_rows == 0)
        read_lines(text, ret);
    if (ret->n_rows == 0)
        return iw_error_set(err, IW_EFORMAT, "no row of an audit policy is in it");
    return IW_OK;
}
