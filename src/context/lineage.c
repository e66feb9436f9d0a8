/*
 * Facts of processes put together. What each step may conclude:
 *
 * - a GUID is exact: whoever has it is the process, alive or not;
 * - an id is somebody's from a start to an end, and a start ends whoever had it before;
 * - a second witness tells of a start within IW_LINEAGE_WITNESS_NS of the first, by the same id and
 *   image, that it has not told of yet; the earliest such start, where there are several;
 * - a parent named by id alone is whoever has the id, unless its image is known to be another or it
 *   ended before; then it is a process of which only this is known.
 */
#include "context/lineage.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "context/process_table.h"
#include "context/worker_process.h"

struct iw_lineage {
    struct iw_process_table table;
    struct iw_lineage_account account;
};

struct iw_lineage *iw_lineage_new(void)
{
    return iw_calloc(1, sizeof(struct iw_lineage));
}

void iw_lineage_free(struct iw_lineage *lineage)
{
    if (lineage == NULL)
        return;
    iw_process_table_clear(&lineage->table);
    iw_free(lineage);
}

void iw_lineage_clear(struct iw_lineage *lineage)
{
    iw_process_table_clear(&lineage->table);
}

struct iw_lineage_account iw_lineage_account(const struct iw_lineage *lineage)
{
    struct iw_lineage_account account = lineage->account;
    account.n_processes = lineage->table.n_made;
    account.n_forgotten = lineage->table.n_forgotten;
    account.n_kept = lineage->table.n;
    account.n_steps += lineage->table.n_steps;
    account.peak_kept = lineage->table.peak;
    return account;
}

/* --- comparing ---------------------------------------------------------------------------------
 */

/* What is not told is no contradiction. */
static bool may_be_same_image(struct iw_str a, struct iw_str b)
{
    return a.n == 0 || b.n == 0 || iw_str_equal_nocase(a, b);
}

static bool is_near(int64_t a_ns, int64_t b_ns)
{
    if (!iw_time_known(a_ns) || !iw_time_known(b_ns))
        return false;
    return (a_ns > b_ns ? a_ns - b_ns : b_ns - a_ns) <= IW_LINEAGE_WITNESS_NS;
}

static bool is_only_named(const struct iw_process *process)
{
    return !process->witnesses[IW_WITNESS_SYSMON] && !process->witnesses[IW_WITNESS_SECURITY];
}

static bool may_be_same_guid(struct iw_process_guid a, struct iw_process_guid b)
{
    return !iw_process_guid_known(a) || !iw_process_guid_known(b) || iw_process_guid_equal(a, b);
}

static bool may_be_same_parent(const struct iw_process_name *a, const struct iw_process_name *b)
{
    return (!a->has_pid || !b->has_pid || a->pid == b->pid) &&
           may_be_same_image(a->image, b->image);
}

/* --- who has an id ------------------------------------------------------------------------------
 */

/* Whoever has the id at that moment, as far as is known. */
static struct iw_process_node *holder(const struct iw_lineage *lineage,
                                      const struct iw_process_name *name, int64_t time_ns)
{
    struct iw_process_node *node =
        name->has_pid ? iw_process_table_pid(&lineage->table, name->pid) : NULL;
    if (node == NULL || !may_be_same_image(node->process.name.image, name->image) ||
        !may_be_same_guid(node->process.name.guid, name->guid))
        return NULL;
    if (node->process.fate != IW_PROCESS_ALIVE && !is_near(node->process.end_ns, time_ns))
        return NULL;
    return node;
}

const struct iw_process *iw_lineage_find(const struct iw_lineage *lineage,
                                         const struct iw_process_name *name, int64_t time_ns)
{
    struct iw_process_node *node = NULL;
    if (iw_process_guid_known(name->guid))
        node = iw_process_table_guid(&lineage->table, name->guid);
    if (node == NULL)
        node = holder(lineage, name, time_ns);
    return node != NULL ? &node->process : NULL;
}

/* --- nodes -------------------------------------------------------------------------------------
 */

/* Takes over what is not known yet. Without memory what was told is kept. */
static bool fill(struct iw_lineage *lineage, struct iw_process_node *node, struct iw_str *field,
                 struct iw_str text)
{
    return field->n != 0 || iw_process_table_text(&lineage->table, node, field, text);
}

/* An id gets a new owner: whoever had it has ended. */
static void take_pid(struct iw_lineage *lineage, struct iw_process_node *node, uint64_t pid,
                     int64_t time_ns)
{
    struct iw_process_node *before = iw_process_table_pid(&lineage->table, pid);
    if (before != NULL && before->process.fate == IW_PROCESS_ALIVE)
        iw_process_table_end(&lineage->table, before, IW_PROCESS_REPLACED, time_ns);
    iw_process_table_name_pid(&lineage->table, node, pid);
}

/* A process that is named. */
static struct iw_process_node *add(struct iw_lineage *lineage, const struct iw_process_name *name,
                                   int64_t time_ns, const struct iw_process_node *keep)
{
    struct iw_process_node *node = iw_process_table_add(&lineage->table, time_ns, keep);
    if (node == NULL)
        return NULL;
    if (name->has_pid)
        take_pid(lineage, node, name->pid, time_ns);
    if (iw_process_guid_known(name->guid))
        iw_process_table_name_guid(&lineage->table, node, name->guid);
    /* Without its image it would look like a process of which nothing is told: as if it had one. */
    return fill(lineage, node, &node->process.name.image, name->image) ? node : NULL;
}

/* Whether *node* may be the parent of *child*: it does not descend from it, as far as ancestors are
 * followed. One that is nobody's parent has no descendants, which is nearly everybody who is told
 * of for the first time. */
static bool may_be_parent(struct iw_lineage *lineage, const struct iw_process_node *node,
                          const struct iw_process_node *child)
{
    const struct iw_process *process = &node->process;
    if (node != child && child->first_child == NULL)
        return true;
    for (size_t depth = 0; process != NULL && depth <= IW_LIMIT_LINEAGE_DEPTH; depth++) {
        lineage->account.n_steps++;
        if (process == &child->process) {
            lineage->account.n_contradictions++;
            return false;
        }
        process = process->parent;
    }
    lineage->account.n_not_followed += process != NULL;
    return process == NULL;
}

/* --- parents -----------------------------------------------------------------------------------
 */

/* The process a start names as its parent; NULL: it names none, or there is no memory. */
static struct iw_process_node *parent_of(struct iw_lineage *lineage,
                                         const struct iw_process_start *start, int64_t time_ns,
                                         const struct iw_process_node *child, bool *ret_no_memory)
{
    const struct iw_process_name *name = &start->parent;
    struct iw_process_node *node = NULL;

    if (iw_process_guid_known(name->guid))
        node = iw_process_table_guid(&lineage->table, name->guid);
    if (node != NULL)
        return node;
    node = holder(lineage, name, time_ns);
    if (node == child) /* the child has its parent's id: that one ended before */
        node = NULL;
    if (node != NULL) {
        if (iw_process_guid_known(name->guid) && !iw_process_guid_known(node->process.name.guid))
            iw_process_table_name_guid(&lineage->table, node, name->guid);
        return node;
    }
    /* Only an image, or an exact name, makes it one that can be told from others. */
    if (!iw_process_guid_known(name->guid) && name->image.n == 0)
        return NULL;
    if (name->has_pid && child->process.name.has_pid && name->pid == child->process.name.pid) {
        struct iw_process_name other = *name; /* its id is the child's by now */
        other.has_pid = false;
        node = add(lineage, &other, time_ns, child);
    } else {
        node = add(lineage, name, time_ns, child);
    }
    *ret_no_memory |= node == NULL;
    lineage->account.n_only_named += node != NULL;
    return node;
}

static bool join_parent(struct iw_lineage *lineage, struct iw_process_node *node,
                        const struct iw_process_start *start, int64_t time_ns)
{
    bool no_memory = false, was_known = node->process.parent != NULL;
    bool is_exact = iw_process_guid_known(start->parent.guid);
    struct iw_process_node *parent;

    if (was_known && !is_exact)
        return true;
    parent = parent_of(lineage, start, time_ns, node, &no_memory);
    if (parent != NULL && !may_be_parent(lineage, parent, node))
        parent = NULL;
    if (parent == NULL) {
        lineage->account.n_orphans += !was_known && !node->is_orphan;
        node->is_orphan = !was_known;
        return !no_memory;
    }
    lineage->account.n_orphans -= node->is_orphan;
    node->is_orphan = false;
    iw_process_table_set_parent(&lineage->table, node, parent);
    return fill(lineage, parent, &parent->process.command_line, start->parent_command_line) &&
           !no_memory;
}

/* --- starts ------------------------------------------------------------------------------------
 */

/* By its other witness; or by the same one, where nothing but a doubled event can say so again. */
static bool may_tell_again(const struct iw_process *process, const struct iw_process_start *start)
{
    return !process->witnesses[start->witness] ||
           (process->fate == IW_PROCESS_ALIVE &&
            iw_str_equal(process->command_line, start->command_line));
}

/* Looks at one more that had the id, if so many are looked at. */
static bool look_at_one_more(struct iw_lineage *lineage, size_t *n_looks)
{
    lineage->account.n_steps++;
    if (++*n_looks <= IW_LIMIT_LINEAGE_SAME_ID)
        return true;
    lineage->account.n_not_compared++;
    return false;
}

/* The start that this one tells of a second time. */
static struct iw_process_node *first_witness(struct iw_lineage *lineage,
                                             const struct iw_process_start *start, int64_t time_ns)
{
    struct iw_process_node *found = NULL, *node;
    size_t n_looks = 0;
    if (!start->name.has_pid)
        return NULL;
    node = iw_process_table_pid(&lineage->table, start->name.pid);
    for (; node != NULL; node = node->older) {
        const struct iw_process *process = &node->process;
        if (!is_near(process->first_ns, time_ns))
            break; /* those before it are older still */
        if (!look_at_one_more(lineage, &n_looks))
            break;
        if (may_tell_again(process, start) &&
            may_be_same_image(process->name.image, start->name.image) &&
            may_be_same_guid(process->name.guid, start->name.guid) &&
            may_be_same_parent(&process->parent_name, &start->parent))
            found = node;
    }
    return found;
}

/* Which process a start tells of; a new one where none is known. NULL: no memory. */
static struct iw_process_node *node_of_start(struct iw_lineage *lineage,
                                             const struct iw_process_start *start, int64_t time_ns)
{
    struct iw_process_node *node = NULL;
    if (iw_process_guid_known(start->name.guid))
        node = iw_process_table_guid(&lineage->table, start->name.guid);
    if (node == NULL)
        node = first_witness(lineage, start, time_ns);
    if (node == NULL)
        return add(lineage, &start->name, time_ns, NULL);
    if (is_only_named(&node->process)) /* named before its start was told */
        lineage->account.n_only_named--;
    else if (!node->process.witnesses[start->witness])
        lineage->account.n_joined++;
    if (!iw_process_guid_known(node->process.name.guid) && iw_process_guid_known(start->name.guid))
        iw_process_table_name_guid(&lineage->table, node, start->name.guid);
    if (!node->process.name.has_pid && start->name.has_pid)
        take_pid(lineage, node, start->name.pid, time_ns);
    return node;
}

static bool copy_name(struct iw_lineage *lineage, struct iw_process_node *node,
                      struct iw_process_name *to, const struct iw_process_name *from)
{
    if (!to->has_pid) {
        to->has_pid = from->has_pid;
        to->pid = from->pid;
    }
    if (!iw_process_guid_known(to->guid))
        to->guid = from->guid;
    return fill(lineage, node, &to->image, from->image);
}

/* Sysmon tells whom a process runs as; a Security event without a target only who started it, which
 * is nearly always the same. So Sysmon's word stands. */
static bool fill_account(struct iw_lineage *lineage, struct iw_process_node *node,
                         const struct iw_process_start *start)
{
    struct iw_process *process = &node->process;
    if (start->has_logon && (!process->has_logon || start->witness == IW_WITNESS_SYSMON)) {
        process->has_logon = true;
        process->logon_id = start->logon_id;
    }
    return fill(lineage, node, &process->user, start->user) &&
           fill(lineage, node, &process->sid, start->sid);
}

static enum iw_rc tell_start(struct iw_lineage *lineage, int64_t time_ns,
                             const struct iw_context_fact *fact)
{
    const struct iw_process_start *start = &fact->u.start;
    struct iw_process_node *node = node_of_start(lineage, start, time_ns);
    bool ok;
    if (node == NULL)
        return IW_ENOMEM;
    node->process.witnesses[start->witness] = true;
    if (node->process.place.event_id == 0)
        node->process.place = fact->place;
    ok = fill(lineage, node, &node->process.name.image, start->name.image) &&
         copy_name(lineage, node, &node->process.parent_name, &start->parent) &&
         fill(lineage, node, &node->process.command_line, start->command_line) &&
         fill_account(lineage, node, start) && join_parent(lineage, node, start, time_ns);
    return ok ? IW_OK : IW_ENOMEM;
}

/* --- ends --------------------------------------------------------------------------------------
 */

/* Whose end an event without a GUID tells: one that the other witness told of just before, else
 * whoever has the id. */
static struct iw_process_node *node_of_end(struct iw_lineage *lineage,
                                           const struct iw_process_end *end, int64_t time_ns)
{
    struct iw_process_node *node, *found = NULL;
    size_t n_looks = 0;
    if (!end->name.has_pid)
        return NULL;
    node = iw_process_table_pid(&lineage->table, end->name.pid);
    for (; node != NULL; node = node->older) {
        const struct iw_process *process = &node->process;
        if (process->fate != IW_PROCESS_ALIVE && !is_near(process->end_ns, time_ns))
            break; /* whoever had the id before it ended before it */
        if (!look_at_one_more(lineage, &n_looks))
            break;
        if (may_be_same_image(process->name.image, end->name.image) &&
            may_be_same_guid(process->name.guid, end->name.guid) && !node->ended_by[end->witness])
            found = node;
    }
    return found;
}

static void tell_end(struct iw_lineage *lineage, int64_t time_ns, const struct iw_process_end *end)
{
    struct iw_process_node *node = NULL;
    if (iw_process_guid_known(end->name.guid))
        node = iw_process_table_guid(&lineage->table, end->name.guid);
    if (node == NULL)
        node = node_of_end(lineage, end, time_ns);
    if (node == NULL) {
        lineage->account.n_unmatched_ends++;
        return;
    }
    node->ended_by[end->witness] = true;
    if (!iw_process_guid_known(node->process.name.guid) && iw_process_guid_known(end->name.guid))
        iw_process_table_name_guid(&lineage->table, node, end->name.guid);
    if (node->process.fate == IW_PROCESS_ALIVE || node->process.fate == IW_PROCESS_REPLACED)
        iw_process_table_end(&lineage->table, node, IW_PROCESS_ENDED, time_ns);
}

static void tell_boot(struct iw_lineage *lineage, int64_t time_ns, const struct iw_boot *boot)
{
    int64_t before_ns = iw_boot_time(boot, time_ns);
    struct iw_process_node *node;
    while ((node = iw_process_table_first_alive(&lineage->table)) != NULL &&
           node->process.first_ns < before_ns) {
        lineage->account.n_steps++;
        iw_process_table_end(&lineage->table, node, IW_PROCESS_BOOTED, time_ns);
    }
}

enum iw_rc iw_lineage_tell(struct iw_lineage *lineage, int64_t time_ns,
                           const struct iw_context_fact *fact)
{
    switch (fact->kind) {
    case IW_CONTEXT_PROCESS_START:
        return tell_start(lineage, time_ns, fact);
    case IW_CONTEXT_PROCESS_END:
        tell_end(lineage, time_ns, &fact->u.end);
        break;
    case IW_CONTEXT_BOOT:
        tell_boot(lineage, time_ns, &fact->u.boot);
        break;
    case IW_CONTEXT_LOGON:
    case IW_CONTEXT_LOGOFF:
    case IW_CONTEXT_PRIVILEGES:
    case IW_CONTEXT_CREDENTIALS:
    case IW_CONTEXT_FACT_KIND_COUNT:
        break;
    }
    return IW_OK;
}

/* --- walking up ---------------------------------------------------------------------------------
 */

/* What Windows starts itself: behind these there is nothing a user started. Only where nothing is
 * told of their own start, for then they have been running since the boot. */
static bool is_root(const struct iw_process *process)
{
    static const char *const ROOTS[] = {"System",
                                        "C:\\Windows\\System32\\smss.exe",
                                        "C:\\Windows\\System32\\csrss.exe",
                                        "C:\\Windows\\System32\\wininit.exe",
                                        "C:\\Windows\\System32\\winlogon.exe",
                                        "C:\\Windows\\System32\\services.exe",
                                        "C:\\Windows\\System32\\lsass.exe"};
    if (!is_only_named(process))
        return false;
    for (size_t i = 0; i < sizeof ROOTS / sizeof ROOTS[0]; i++) {
        if (iw_str_equal_nocase(process->name.image, iw_str_of(ROOTS[i])))
            return true;
    }
    return false;
}

size_t iw_process_ancestors(const struct iw_process *process, const struct iw_process **ret,
                            size_t n, bool *ret_complete)
{
    size_t count = 0, depth = 0;
    const struct iw_process *at = process;
    for (; at->parent != NULL && depth < IW_LIMIT_LINEAGE_DEPTH; depth++) {
        at = at->parent;
        if (count < n)
            ret[count++] = at;
    }
    if (ret_complete != NULL)
        *ret_complete = at->parent == NULL && is_root(at) && count == depth;
    return count;
}

const struct iw_process *iw_process_ancestor(const struct iw_process *process, struct iw_str file,
                                             bool *ret_complete)
{
    const struct iw_process *ancestors[IW_LIMIT_LINEAGE_DEPTH];
    size_t n = iw_process_ancestors(process, ancestors, IW_LIMIT_LINEAGE_DEPTH, ret_complete);
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(iw_path_name(ancestors[i]->name.image), file))
            return ancestors[i];
    }
    return NULL;
}

const struct iw_process *iw_process_worker(const struct iw_process *process, bool *ret_complete)
{
    static const struct iw_str WORKER = {"w3wp.exe", 8};
    if (iw_is_worker_image(process->name.image)) {
        if (ret_complete != NULL)
            *ret_complete = true;
        return process;
    }
    return iw_process_ancestor(process, WORKER, ret_complete);
}
