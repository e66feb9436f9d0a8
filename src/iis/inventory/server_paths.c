/*
 * Files whose paths hide something: another copy of one path, which is not read, and names that
 * Windows programs cannot open, which may be meant to be taken for others.
 */
#include "iis/inventory/server_build.h"

#include "base/limits.h"

/* Files of one sort: how many, and the first. */
struct sort {
    size_t n;
    const struct iw_collected_file *first;
};

static void count(struct sort *sort, const struct iw_collected_file *file)
{
    if (sort->n++ == 0)
        sort->first = file;
}

/* IW_OK; IW_ENOMEM. What cannot be read is no equal. */
static enum iw_rc compare(struct iw_server_build *build, const struct iw_collected_file *a,
                          const struct iw_collected_file *b, bool *ret_equal)
{
    struct iw_str left, right;
    struct iw_error error;
    struct iw_arena work;
    enum iw_rc rc;
    *ret_equal = a->file->size_bytes == b->file->size_bytes;
    if (!*ret_equal)
        return IW_OK;
    iw_arena_init(&work, 0);
    rc = iw_collected_read(a, build->ledger, IW_LIMIT_PE_FILE_BYTES, &work, &left, &error);
    if (rc == IW_OK)
        rc = iw_collected_read(b, build->ledger, IW_LIMIT_PE_FILE_BYTES, &work, &right, &error);
    *ret_equal = rc == IW_OK && iw_str_equal(left, right);
    iw_arena_done(&work);
    return rc == IW_ENOMEM ? rc : IW_OK;
}

/* Logs are read for their events, every copy of them. */
static bool is_log(const struct iw_collected_file *file)
{
    enum iw_evidence_kind kind = file->file->kind;
    return kind == IW_EVIDENCE_EVTX || kind == IW_EVIDENCE_JSON_LINES || kind == IW_EVIDENCE_JSON ||
           kind == IW_EVIDENCE_XML;
}

static enum iw_rc sort_copy(struct iw_server_build *build, const struct iw_collected_file *file,
                            struct sort *others)
{
    const struct iw_collected_file *read = iw_collection_find(build->collection, file->key);
    bool is_equal = false;
    iw_ledger_pass_over(build->ledger, file->file->ledger_index,
                        "another copy of the same path was read");
    IW_TRY(compare(build, file, read, &is_equal));
    if (!is_equal)
        count(others, file);
    return IW_OK;
}

static enum iw_rc tell(struct iw_server_build *build, const char *kind, const struct sort *sort,
                       const char *what)
{
    if (sort->n == 0)
        return IW_OK;
    return iw_build_problem(build, kind, sort->first->source, 0, 0, IW_STR(""),
                            iw_keep_format(build, "%s; %zu in all", what, sort->n));
}

enum iw_rc iw_build_paths(struct iw_server_build *build)
{
    struct sort others = {0, NULL}, odd = {0, NULL};
    if (!build->takes_placed)
        return IW_OK;
    for (size_t i = 0; i < build->collection->n; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        if (iw_server_path_is_odd(file->path))
            count(&odd, file);
        if (file->is_copy && !is_log(file))
            IW_TRY(sort_copy(build, file, &others));
    }
    IW_TRY(
        tell(build, "copy", &others,
             "another file of this path was read, and this one, which is not the same, was not"));
    return tell(build, "odd-name", &odd,
                "a name in this path ends with a dot or a space: it was made around the rules of "
                "Windows and is not the file or folder without them");
}
