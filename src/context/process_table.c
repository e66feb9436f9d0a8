/*
 * Processes by name, and who is forgotten. Slots are chosen by a seeded hash, for evidence chooses
 * GUIDs and ids; nothing is ever read in the order of slots but what is ordered again by what it is
 * looked up for. Of all that had one id only the newest stands in a slot: an id that was used ten
 * thousand times is not in the way of others.
 */
#include "context/process_table.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/limits.h"

static struct iw_process_node *node_of(const struct iw_process *process)
{
    return (struct iw_process_node *)(uintptr_t)process;
}

static size_t guid_slot(struct iw_process_guid guid)
{
    return iw_hash_bytes(guid.bytes, sizeof guid.bytes, 0) % IW_PROCESS_SLOTS;
}

static size_t pid_slot(uint64_t pid)
{
    return iw_hash_bytes(&pid, sizeof pid, 0) % IW_PROCESS_SLOTS;
}

/* --- lists ------------------------------------------------------------------------------------ */

static struct iw_process_node *node_in(struct iw_link *link)
{
    return link != NULL ? IW_LINKED_IN(link, struct iw_process_node, link) : NULL;
}

struct iw_process_node *iw_process_table_first_alive(const struct iw_process_table *table)
{
    struct iw_link *link = table->alive.first;
    return link != NULL ? IW_LINKED_IN(link, struct iw_process_node, alive_link) : NULL;
}

/* Moves it to where it belongs, when that is another list. */
static void relist(struct iw_process_table *table, struct iw_process_node *node)
{
    bool is_idle = node->process.fate != IW_PROCESS_ALIVE && node->first_child == NULL;
    struct iw_linked *list = is_idle ? &table->idle : &table->busy;
    if (node->link.list == list)
        return;
    iw_linked_remove(&node->link);
    iw_linked_append(list, &node->link);
}

/* --- names -------------------------------------------------------------------------------------
 */

/* Where the slot of an id points to its newest owner; at NULL if nobody has it. */
static struct iw_process_node **newest_of(struct iw_process_table *table, uint64_t pid)
{
    struct iw_process_node **link = &table->by_pid[pid_slot(pid)];
    for (; *link != NULL && (*link)->process.name.pid != pid; link = &(*link)->next_pid)
        table->n_steps++;
    return link;
}

static void unname_pid(struct iw_process_table *table, struct iw_process_node *node)
{
    if (node->newer != NULL) {
        node->newer->older = node->older;
    } else {
        struct iw_process_node **link = newest_of(table, node->process.name.pid);
        *link = node->older != NULL ? node->older : node->next_pid;
        if (node->older != NULL)
            node->older->next_pid = node->next_pid;
    }
    if (node->older != NULL)
        node->older->newer = node->newer;
    node->older = node->newer = node->next_pid = NULL;
}

static void unname(struct iw_process_table *table, struct iw_process_node *node)
{
    if (iw_process_guid_known(node->process.name.guid)) {
        struct iw_process_node **link = &table->by_guid[guid_slot(node->process.name.guid)];
        for (; *link != node; link = &(*link)->next_guid)
            table->n_steps++;
        *link = node->next_guid;
    }
    if (node->process.name.has_pid)
        unname_pid(table, node);
}

void iw_process_table_name_guid(struct iw_process_table *table, struct iw_process_node *node,
                                struct iw_process_guid guid)
{
    size_t slot = guid_slot(guid);
    node->process.name.guid = guid;
    node->next_guid = table->by_guid[slot];
    table->by_guid[slot] = node;
}

void iw_process_table_name_pid(struct iw_process_table *table, struct iw_process_node *node,
                               uint64_t pid)
{
    struct iw_process_node **link = newest_of(table, pid);
    struct iw_process_node *before = *link;
    node->process.name.pid = pid;
    node->process.name.has_pid = true;
    node->older = before;
    node->newer = NULL;
    if (before != NULL) {
        node->next_pid = before->next_pid;
        before->newer = node;
        before->next_pid = NULL;
    }
    *link = node;
}

struct iw_process_node *iw_process_table_guid(const struct iw_process_table *table,
                                              struct iw_process_guid guid)
{
    struct iw_process_node *node = table->by_guid[guid_slot(guid)];
    while (node != NULL && !iw_process_guid_equal(node->process.name.guid, guid))
        node = node->next_guid;
    return node;
}

struct iw_process_node *iw_process_table_pid(const struct iw_process_table *table, uint64_t pid)
{
    struct iw_process_node *node = table->by_pid[pid_slot(pid)];
    while (node != NULL && node->process.name.pid != pid)
        node = node->next_pid;
    return node;
}

/* --- parents -----------------------------------------------------------------------------------
 */

void iw_process_table_set_parent(struct iw_process_table *table, struct iw_process_node *node,
                                 struct iw_process_node *parent)
{
    struct iw_process_node *before = node_of(node->process.parent);
    if (before == parent)
        return;
    if (before != NULL) {
        if (node->prev_sibling != NULL)
            node->prev_sibling->next_sibling = node->next_sibling;
        else
            before->first_child = node->next_sibling;
        if (node->next_sibling != NULL)
            node->next_sibling->prev_sibling = node->prev_sibling;
        relist(table, before);
    }
    node->process.parent = parent != NULL ? &parent->process : NULL;
    if (parent == NULL)
        return;
    node->prev_sibling = NULL;
    node->next_sibling = parent->first_child;
    if (parent->first_child != NULL)
        parent->first_child->prev_sibling = node;
    parent->first_child = node;
    relist(table, parent);
}

void iw_process_table_end(struct iw_process_table *table, struct iw_process_node *node,
                          enum iw_process_fate fate, int64_t time_ns)
{
    node->process.fate = fate;
    node->process.end_ns = time_ns;
    if (node->alive_link.list != NULL)
        iw_linked_remove(&node->alive_link);
    relist(table, node);
}

/* --- memory ------------------------------------------------------------------------------------
 */

static void free_node(struct iw_process_table *table, struct iw_process_node *node)
{
    struct iw_process *process = &node->process;
    struct iw_str *const TEXTS[] = {&process->name.image, &process->parent_name.image,
                                    &process->command_line, &process->user, &process->sid};
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        if (TEXTS[i]->n != 0)
            iw_free((void *)(uintptr_t)TEXTS[i]->p);
    }
    table->n--;
    table->n_bytes -= node->n_bytes;
    iw_free(node);
}

/* Children live on with a parent that is no longer known. */
static void forget(struct iw_process_table *table, struct iw_process_node *node)
{
    while (node->first_child != NULL)
        iw_process_table_set_parent(table, node->first_child, NULL);
    iw_process_table_set_parent(table, node, NULL);
    unname(table, node);
    iw_linked_remove(&node->link);
    if (node->alive_link.list != NULL)
        iw_linked_remove(&node->alive_link);
    free_node(table, node);
    table->n_forgotten++;
}

static struct iw_process_node *first_but(const struct iw_linked *list,
                                         const struct iw_process_node *keep)
{
    struct iw_process_node *first = node_in(list->first);
    return first == NULL || first != keep ? first : node_in(first->link.next);
}

static void make_room(struct iw_process_table *table, const struct iw_process_node *keep)
{
    while (table->n >= IW_LIMIT_LINEAGE_PROCESSES || table->n_bytes >= IW_LIMIT_LINEAGE_BYTES) {
        struct iw_process_node *node = first_but(&table->idle, keep);
        if (node == NULL)
            node = first_but(&table->busy, keep);
        if (node == NULL)
            return;
        forget(table, node);
    }
}

struct iw_process_node *iw_process_table_add(struct iw_process_table *table, int64_t first_ns,
                                             const struct iw_process_node *keep)
{
    struct iw_process_node *node = iw_calloc(1, sizeof *node);
    if (node == NULL)
        return NULL;
    make_room(table, keep);
    node->process.number = ++table->n_made;
    node->process.first_ns = first_ns;
    node->process.end_ns = IW_TIME_UNKNOWN;
    iw_linked_append(&table->busy, &node->link);
    iw_linked_append(&table->alive, &node->alive_link);
    if (++table->n > table->peak)
        table->peak = table->n;
    return node;
}

bool iw_process_table_text(struct iw_process_table *table, struct iw_process_node *node,
                           struct iw_str *field, struct iw_str text)
{
    char *copy;
    if (text.n == 0)
        return true;
    copy = iw_malloc(text.n);
    if (copy == NULL)
        return false;
    memcpy(copy, text.p, text.n);
    *field = (struct iw_str){copy, text.n};
    node->n_bytes += text.n;
    table->n_bytes += text.n;
    return true;
}

static void clear_list(struct iw_process_table *table, struct iw_linked *list)
{
    while (list->first != NULL) {
        struct iw_process_node *node = node_in(list->first);
        iw_linked_remove(&node->link);
        /* Hosts may be many and small: only slots that are in use are emptied. */
        if (iw_process_guid_known(node->process.name.guid))
            table->by_guid[guid_slot(node->process.name.guid)] = NULL;
        if (node->process.name.has_pid)
            table->by_pid[pid_slot(node->process.name.pid)] = NULL;
        free_node(table, node);
    }
}

void iw_process_table_clear(struct iw_process_table *table)
{
    clear_list(table, &table->idle);
    clear_list(table, &table->busy);
    table->alive = (struct iw_linked){NULL, NULL};
}
