/*
 * Processes by name, and who is forgotten. Slots are chosen by a seeded hash for GUIDs; nothing is
 * ever read in the order of slots but what is ordered again by what it is looked up for.
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
    return pid / 4 % IW_PROCESS_SLOTS; /* ids are multiples of four */
}

/* --- lists ------------------------------------------------------------------------------------ */

struct iw_process_node *iw_process_node_in(struct iw_link *link)
{
    return link != NULL ? IW_LINKED_IN(link, struct iw_process_node, link) : NULL;
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

static void unname(struct iw_process_table *table, struct iw_process_node *node)
{
    struct iw_process_node **link;
    if (iw_process_guid_known(node->process.name.guid)) {
        link = &table->by_guid[guid_slot(node->process.name.guid)];
        while (*link != node)
            link = &(*link)->next_guid;
        *link = node->next_guid;
    }
    if (node->process.name.has_pid) {
        link = &table->by_pid[pid_slot(node->process.name.pid)];
        while (*link != node)
            link = &(*link)->next_pid;
        *link = node->next_pid;
    }
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
    size_t slot = pid_slot(pid);
    node->process.name.pid = pid;
    node->process.name.has_pid = true;
    node->next_pid = table->by_pid[slot];
    table->by_pid[slot] = node;
}

struct iw_process_node *iw_process_table_guid(const struct iw_process_table *table,
                                              struct iw_process_guid guid)
{
    struct iw_process_node *node = table->by_guid[guid_slot(guid)];
    while (node != NULL && !iw_process_guid_equal(node->process.name.guid, guid))
        node = node->next_guid;
    return node;
}

static struct iw_process_node *next_of_pid(struct iw_process_node *node, uint64_t pid)
{
    while (node != NULL && node->process.name.pid != pid)
        node = node->next_pid;
    return node;
}

struct iw_process_node *iw_process_table_pid(const struct iw_process_table *table, uint64_t pid)
{
    return next_of_pid(table->by_pid[pid_slot(pid)], pid);
}

struct iw_process_node *iw_process_table_older(const struct iw_process_node *node)
{
    return next_of_pid(node->next_pid, node->process.name.pid);
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
    free_node(table, node);
    table->n_forgotten++;
}

static struct iw_process_node *first_but(const struct iw_linked *list,
                                         const struct iw_process_node *keep)
{
    struct iw_process_node *first = iw_process_node_in(list->first);
    return first == NULL || first != keep ? first : iw_process_node_in(first->link.next);
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

struct iw_process_node *iw_process_table_add(struct iw_process_table *table,
                                             const struct iw_process_node *keep)
{
    struct iw_process_node *node = iw_calloc(1, sizeof *node);
    if (node == NULL)
        return NULL;
    make_room(table, keep);
    node->process.number = ++table->n_made;
    node->process.end_ns = IW_TIME_UNKNOWN;
    iw_linked_append(&table->busy, &node->link);
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
        struct iw_process_node *node = iw_process_node_in(list->first);
        iw_linked_remove(&node->link);
        free_node(table, node);
    }
}

void iw_process_table_clear(struct iw_process_table *table)
{
    if (table->n == 0)
        return;
    clear_list(table, &table->idle);
    clear_list(table, &table->busy);
    memset(table->by_guid, 0, sizeof table->by_guid);
    memset(table->by_pid, 0, sizeof table->by_pid);
}
