#include "coverage/settings/sysmon_examples.h"

#include "base/arena_text.h"
#include "base/fold.h"
#include "base/path_name.h"
#include "iis/web/web_defaults.h"

#define SYSTEM32 "c:\\windows\\system32\\"
#define SYSWOW64 "c:\\windows\\syswow64\\"
#define WORKER SYSTEM32 "inetsrv\\w3wp.exe"
#define WORKER_32 SYSWOW64 "inetsrv\\w3wp.exe"

/* Programs of a table that stand at its beginning and are what an attack goes through first; of
 * children two more where there are 32-bit workers. */
enum { FIRST_WRITERS = 4, FIRST_CHILDREN = 2, FIRST_CHILDREN_32 = 4 };

/* Through which a file comes into a web root: the worker (an upload, a shell), the kernel (written
 * over SMB), the shells a web shell starts, services that publish (FTP, Web Deploy, BITS), an
 * administrator's session, and the tools of Windows that fetch or copy. */
static const char *const WRITERS[] = {
    WORKER,
    "system",
    SYSTEM32 "cmd.exe",
    SYSTEM32 "windowspowershell\\v1.0\\powershell.exe",
    WORKER_32,
    SYSTEM32 "svchost.exe",
    SYSTEM32 "inetsrv\\wmsvc.exe",
    SYSTEM32 "certutil.exe",
    SYSTEM32 "curl.exe",
    SYSTEM32 "cscript.exe",
    SYSTEM32 "wscript.exe",
    SYSTEM32 "mshta.exe",
    SYSTEM32 "xcopy.exe",
    SYSTEM32 "robocopy.exe",
    SYSTEM32 "expand.exe",
    "c:\\windows\\explorer.exe",
};

/* What web shells start first, and what they go on with: shells, scripts, what looks around, what
 * fetches, what runs code for others, what administers. */
static const char *const CHILDREN[] = {
    SYSTEM32 "cmd.exe",
    SYSTEM32 "windowspowershell\\v1.0\\powershell.exe",
    SYSWOW64 "cmd.exe",
    SYSWOW64 "windowspowershell\\v1.0\\powershell.exe",
    SYSTEM32 "whoami.exe",
    SYSTEM32 "net.exe",
    SYSTEM32 "net1.exe",
    SYSTEM32 "ipconfig.exe",
    SYSTEM32 "systeminfo.exe",
    SYSTEM32 "tasklist.exe",
    SYSTEM32 "nltest.exe",
    SYSTEM32 "certutil.exe",
    SYSTEM32 "curl.exe",
    SYSTEM32 "bitsadmin.exe",
    SYSTEM32 "cscript.exe",
    SYSTEM32 "wscript.exe",
    SYSTEM32 "mshta.exe",
    SYSTEM32 "rundll32.exe",
    SYSTEM32 "regsvr32.exe",
    SYSTEM32 "wbem\\wmic.exe",
    "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\msbuild.exe",
    "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\installutil.exe",
    SYSTEM32 "reg.exe",
    SYSTEM32 "sc.exe",
    SYSTEM32 "schtasks.exe",
    SYSTEM32 "inetsrv\\appcmd.exe",
};

static const char *const WORKERS[] = {WORKER, WORKER_32};

/* Pages that every web shell kit has. */
static const char *const FIRST_ENDINGS[] = {".aspx", ".ashx", ".asmx", ".asp"};

/* Where a dropped program is likely to lie, under any name. */
#define DROPPED "c:\\windows\\temp\\"

struct list {
    struct iw_sysmon_values values;
    struct iw_str what;
    bool is_any;
    bool is_first; /* an attack writes it, or goes through it, first */
};

struct lists {
    struct list *items;
    size_t n;
};

static bool make_room(struct lists *lists, size_t n, struct iw_arena *arena)
{
    lists->items = iw_arena_calloc(arena, n, sizeof *lists->items);
    lists->n = 0;
    return lists->items != NULL;
}

static void add(struct lists *lists, struct iw_sysmon_values values, struct iw_str what)
{
    lists->items[lists->n++] = (struct list){.values = values, .what = what};
}

static void add_whole(struct lists *lists, struct iw_str folded)
{
    add(lists, (struct iw_sysmon_values){.begin = folded, .is_whole = true}, iw_path_name(folded));
}

/* --- programs ------------------------------------------------------------------------------- */

/* The program asked about; else those of a table, of which the first *n_first* are what an attack
 * goes through first, a dropped one, and any other. */
static enum iw_rc list_programs(struct iw_str asked, const char *const *table, size_t n,
                                size_t n_first, bool with_others, struct iw_arena *arena,
                                struct lists *ret)
{
    struct iw_str folded;
    if (!make_room(ret, n + 3, arena))
        return IW_ENOMEM;
    if (asked.n != 0) {
        folded = iw_fold_text(asked, arena);
        if (folded.p == NULL)
            return IW_ENOMEM;
        add_whole(ret, folded);
        ret->items[0].is_first = true;
        return IW_OK;
    }
    for (size_t i = 0; i < n; i++) {
        add_whole(ret, iw_str_of(table[i]));
        ret->items[i].is_first = i < n_first;
    }
    if (!with_others)
        return IW_OK;
    add(ret, (struct iw_sysmon_values){IW_STR(DROPPED), IW_STR(".exe"), false},
        IW_STR("a dropped program"));
    ret->items[ret->n++] = (struct list){.what = IW_STR("others"), .is_any = true};
    return IW_OK;
}

/* --- files ---------------------------------------------------------------------------------- */

/* A folder with one separator at its end; empty: anywhere. */
static struct iw_str folder_of(struct iw_str path, struct iw_arena *arena)
{
    struct iw_str folded = path.n != 0 ? iw_fold_text(path, arena) : IW_STR("");
    if (folded.n == 0 || folded.p[folded.n - 1] == '\\')
        return folded;
    return iw_arena_format(arena, "%.*s\\", IW_STR_ARG(folded));
}

static bool is_asked(const struct iw_web_ending *ending)
{
    return !ending->is_indirect &&
           (ending->language == IW_WEB_LANGUAGE_ASP_NET || ending->language == IW_WEB_LANGUAGE_ASP);
}

/* That a server runs it is its own doing: IIS as it is installed does not. */
static bool is_own(struct iw_str ending)
{
    const struct iw_web_ending *usual = iw_web_ending_of(ending);
    return (usual == NULL || !is_asked(usual)) && !iw_str_equal_nocase(ending, IW_STR(".config")) &&
           !iw_str_equal_nocase(ending, IW_STR(".dll"));
}

static enum iw_rc add_ending(struct lists *lists, struct iw_str folder, struct iw_str ending,
                             struct iw_arena *arena)
{
    struct iw_str folded = iw_fold_text(ending, arena);
    struct iw_str what = iw_arena_format(arena, "*%.*s", IW_STR_ARG(ending));
    if (folded.p == NULL || what.p == NULL)
        return IW_ENOMEM;
    add(lists, (struct iw_sysmon_values){folder, folded, false}, what);
    for (size_t i = 0; i < sizeof FIRST_ENDINGS / sizeof FIRST_ENDINGS[0]; i++)
        lists->items[lists->n - 1].is_first |= iw_str_equal(folded, iw_str_of(FIRST_ENDINGS[i]));
    return IW_OK;
}

/* Folders that are no web root, and what is written there that matters; folded. */
static const struct {
    const char *part;
    const char *endings[3];
} PLACES[] = {
    {"\\inetsrv\\config\\", {".config"}},
    {"\\temporary asp.net files\\", {".compiled", ".dll"}},
    {"\\windows\\microsoft.net\\", {".compiled", ".dll"}},
};

/* NULL: an ordinary folder. */
static const char *const *endings_of_place(struct iw_str folder)
{
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        if (iw_str_find(folder, iw_str_of(PLACES[i].part)) != SIZE_MAX)
            return PLACES[i].endings;
    }
    return NULL;
}

/* What can run there: endings of the question, else those IIS runs as it is installed, with what
 * configures and what is loaded. */
static enum iw_rc list_endings(const struct iw_sense_subject *subject, struct iw_str folder,
                               struct iw_arena *arena, struct lists *ret)
{
    const char *const *place = subject->n_endings == 0 ? endings_of_place(folder) : NULL;
    if (!make_room(ret, subject->n_endings + iw_web_n_endings + 2, arena))
        return IW_ENOMEM;
    if (place != NULL) {
        for (; *place != NULL; place++)
            IW_TRY(add_ending(ret, folder, iw_str_of(*place), arena));
        return IW_OK;
    }
    for (size_t i = 0; i < subject->n_endings; i++) {
        IW_TRY(add_ending(ret, folder, subject->endings[i], arena));
        ret->items[ret->n - 1].is_first |= is_own(subject->endings[i]);
    }
    for (size_t i = 0; i < iw_web_n_endings && subject->n_endings == 0; i++) {
        if (is_asked(&iw_web_endings[i]))
            IW_TRY(add_ending(ret, folder, iw_web_endings[i].ending, arena));
    }
    if (subject->n_endings != 0)
        return IW_OK;
    IW_TRY(add_ending(ret, folder, IW_STR(".config"), arena));
    return add_ending(ret, folder, IW_STR(".dll"), arena);
}

static enum iw_rc list_files(const struct iw_sense_subject *subject, struct iw_arena *arena,
                             struct lists *ret)
{
    struct iw_str folded;
    if (subject->is_folder || subject->path.n == 0) {
        folded = folder_of(subject->path, arena);
        return folded.p != NULL ? list_endings(subject, folded, arena, ret) : IW_ENOMEM;
    }
    folded = iw_fold_text(subject->path, arena);
    if (folded.p == NULL || !make_room(ret, 1, arena))
        return IW_ENOMEM;
    add_whole(ret, folded);
    ret->items[0].is_first = true;
    return IW_OK;
}

/* A module, those of a folder, or any: a module may have any ending. */
static enum iw_rc list_modules(const struct iw_sense_subject *subject, struct iw_arena *arena,
                               struct lists *ret)
{
    struct iw_str folded;
    if (subject->path.n != 0 && !subject->is_folder)
        return list_files(subject, arena, ret);
    folded = folder_of(subject->path, arena);
    if (folded.p == NULL || !make_room(ret, 1, arena))
        return IW_ENOMEM;
    add(ret, (struct iw_sysmon_values){folded, IW_STR(""), false}, IW_STR("any module"));
    ret->items[0].is_first = true;
    return IW_OK;
}

/* --- examples ------------------------------------------------------------------------------- */

static enum iw_rc cross(const struct lists *things, enum iw_sysmon_field thing_field,
                        const struct lists *programs, struct iw_arena *arena,
                        struct iw_sysmon_examples *ret)
{
    ret->items = iw_arena_calloc(arena, things->n * programs->n + 1, sizeof *ret->items);
    if (ret->items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < things->n; i++) {
        for (size_t k = 0; k < programs->n; k++) {
            struct iw_sysmon_example *example = &ret->items[ret->n++];
            example->fields[thing_field] = things->items[i].values;
            example->fields[IW_SYSMON_FIELD_IMAGE] = programs->items[k].values;
            example->what = things->items[i].what;
            example->by = programs->items[k].what;
            example->is_any_program = programs->items[k].is_any;
            example->is_first = things->items[i].is_first && programs->items[k].is_first;
        }
    }
    return IW_OK;
}

/* A child of a worker has the worker's level: High, or System where the pool is LocalSystem. */
static const char *const LEVELS[] = {"high", "system"};
#define N_LEVELS (sizeof LEVELS / sizeof LEVELS[0])

static void fill_process(struct iw_sysmon_example *example, const struct list *program,
                         const struct list *parent, const char *level)
{
    example->fields[IW_SYSMON_FIELD_IMAGE] = program->values;
    /* Windows' own programs carry the name they lie under. */
    if (program->values.is_whole)
        example->fields[IW_SYSMON_FIELD_ORIGINAL_FILE_NAME] =
            (struct iw_sysmon_values){.begin = program->what, .is_whole = true};
    if (parent->what.n != 0) {
        example->fields[IW_SYSMON_FIELD_PARENT_IMAGE] = parent->values;
        example->fields[IW_SYSMON_FIELD_INTEGRITY_LEVEL] =
            (struct iw_sysmon_values){.begin = iw_str_of(level), .is_whole = true};
    }
    example->what = program->what;
    example->is_any_program = program->is_any;
    example->is_first = program->is_first && parent->is_first && level == LEVELS[0];
}

/* The worker that acts: 32-bit ones are what an attack goes through only where a pool has them. */
static enum iw_rc list_workers(const struct iw_sense_subject *subject, struct iw_str asked,
                               struct iw_arena *arena, struct lists *ret)
{
    return list_programs(asked, WORKERS, sizeof WORKERS / sizeof WORKERS[0],
                         subject->has_32_bit ? 2 : 1, false, arena, ret);
}

/* Who starts a process: the parent that is asked about, a worker, or anybody. */
static enum iw_rc list_parents(const struct iw_sense_subject *subject, struct iw_arena *arena,
                               struct lists *ret)
{
    if (subject->parent_image.n != 0 || subject->is_of_worker)
        return list_workers(subject, subject->parent_image, arena, ret);
    if (!make_room(ret, 1, arena))
        return IW_ENOMEM;
    ret->items[ret->n++] = (struct list){.what = IW_STR(""), .is_first = true};
    return IW_OK;
}

static enum iw_rc make_processes(const struct iw_sense_subject *subject, struct iw_arena *arena,
                                 struct iw_sysmon_examples *ret)
{
    struct lists programs, parents;
    IW_TRY(list_parents(subject, arena, &parents));
    IW_TRY(list_programs(subject->image, CHILDREN, sizeof CHILDREN / sizeof CHILDREN[0],
                         subject->has_32_bit ? FIRST_CHILDREN_32 : FIRST_CHILDREN, true, arena,
                         &programs));
    ret->items = iw_arena_calloc(arena, programs.n * parents.n * N_LEVELS, sizeof *ret->items);
    if (ret->items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < programs.n; i++) {
        for (size_t k = 0; k < parents.n * N_LEVELS; k++)
            fill_process(&ret->items[ret->n++], &programs.items[i], &parents.items[k / N_LEVELS],
                         LEVELS[k % N_LEVELS]);
    }
    return IW_OK;
}

static enum iw_rc make_loads(const struct iw_sense_subject *subject, struct iw_arena *arena,
                             struct iw_sysmon_examples *ret)
{
    struct lists modules, workers;
    IW_TRY(list_modules(subject, arena, &modules));
    IW_TRY(list_workers(subject, subject->image, arena, &workers));
    return cross(&modules, IW_SYSMON_FIELD_IMAGE_LOADED, &workers, arena, ret);
}

static enum iw_rc make_connections(const struct iw_sense_subject *subject, struct iw_arena *arena,
                                   struct iw_sysmon_examples *ret)
{
    struct lists any, workers;
    IW_TRY(list_workers(subject, subject->image, arena, &workers));
    if (!make_room(&any, 1, arena))
        return IW_ENOMEM;
    add(&any, (struct iw_sysmon_values){IW_STR(""), IW_STR(""), false}, IW_STR("a connection"));
    any.items[0].is_first = true;
    return cross(&any, IW_SYSMON_FIELD_OTHER, &workers, arena, ret);
}

static enum iw_rc make_files(const struct iw_sense_subject *subject, struct iw_arena *arena,
                             struct iw_sysmon_examples *ret)
{
    struct lists files, writers;
    IW_TRY(list_files(subject, arena, &files));
    IW_TRY(list_programs(subject->image, WRITERS, sizeof WRITERS / sizeof WRITERS[0], FIRST_WRITERS,
                         true, arena, &writers));
    return cross(&files, IW_SYSMON_FIELD_TARGET_FILENAME, &writers, arena, ret);
}

enum iw_rc iw_sysmon_examples_make(enum iw_sense sense, const struct iw_sense_subject *subject,
                                   struct iw_arena *arena, struct iw_sysmon_examples *ret)
{
    *ret = (struct iw_sysmon_examples){.type = IW_SYSMON_FILE_CREATE};
    if (sense == IW_SENSE_SYSMON_PROCESS) {
        ret->type = IW_SYSMON_PROCESS_CREATE;
        return make_processes(subject, arena, ret);
    }
    if (sense == IW_SENSE_SYSMON_LOAD) {
        ret->type = IW_SYSMON_IMAGE_LOAD;
        return make_loads(subject, arena, ret);
    }
    if (sense == IW_SENSE_SYSMON_CONNECTION) {
        ret->type = IW_SYSMON_NETWORK_CONNECT;
        return make_connections(subject, arena, ret);
    }
    return make_files(subject, arena, ret);
}
