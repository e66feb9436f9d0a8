/*
 * What makes the web files of one server stand out: marks of their content, read with the files,
 * and marks by what lies beside each. Only folders that have a web file are summed up, each once.
 */
#include "iis/inventory/server_build.h"

#include "base/alloc.h"
#include "iis/web/web_neighbours.h"

/* A folder with a web file, and the files in it as a list. */
struct group {
    struct iw_web_folder folder;
    size_t first; /* index + 1 of its last file; 0: none */
    size_t n;
};

struct marking {
    struct iw_server_build *build;
    struct iw_map by_folder; /* → struct group * */
    size_t *next;            /* by index of the collection's files, as group.first */
    bool *executes;          /* by the same */
    struct iw_arena work;    /* groups */
};

static struct group *group_of(const struct marking *marking, size_t index)
{
    const struct iw_map_entry *entry =
        iw_map_find(&marking->by_folder, marking->build->collection->files[index].folder);
    return entry != NULL ? entry->value.pointer : NULL;
}

static enum iw_rc add_groups(struct marking *marking, const size_t *indices, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool is_new;
        struct iw_map_entry *entry = iw_map_add(
            &marking->by_folder, marking->build->collection->files[indices[i]].folder, &is_new);
        if (entry == NULL)
            return IW_ENOMEM;
        marking->executes[indices[i]] = true;
        if (!is_new)
            continue;
        entry->value.pointer = iw_arena_calloc(&marking->work, 1, sizeof(struct group));
        if (entry->value.pointer == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

static void add_files(struct marking *marking)
{
    const struct iw_collection *collection = marking->build->collection;
    for (size_t i = 0; i < collection->n; i++) {
        struct group *group;
        if (collection->files[i].is_copy ||
            !iw_build_is_mine(marking->build, &collection->files[i]))
            continue;
        group = group_of(marking, i);
        if (group == NULL)
            continue;
        marking->next[i] = group->first;
        group->first = i + 1;
        group->n++;
    }
}

static struct iw_web_neighbour neighbour_of(const struct marking *marking, size_t index)
{
    const struct iw_collection *collection = marking->build->collection;
    const struct iw_collected_file *file = &collection->files[index];
    return (struct iw_web_neighbour){
        .name = file->name,
        .modified_ns = collection->keeps_times ? file->file->modified_ns : IW_TIME_UNKNOWN,
        .executes = marking->executes[index],
    };
}

static enum iw_rc sum_up(struct marking *marking, struct iw_str path, struct group *group)
{
    struct iw_web_neighbour *files;
    struct iw_arena scratch;
    size_t n = 0;
    enum iw_rc rc = IW_ENOMEM;
    iw_arena_init(&scratch, 0);
    files = iw_arena_calloc(&scratch, group->n + 1, sizeof *files);
    for (size_t at = group->first; files != NULL && at != 0; at = marking->next[at - 1])
        files[n++] = neighbour_of(marking, at - 1);
    if (files != NULL)
        rc = iw_web_folder_read(path, files, n, &scratch, &group->folder);
    iw_arena_done(&scratch);
    group->first = 0; /* summed up */
    return rc;
}

/* --- rows ----------------------------------------------------------------------------------- */

static bool join(struct iw_server_build *build, struct iw_text_list content,
                 struct iw_text_list place, struct iw_text_list *ret)
{
    struct iw_str *items;
    *ret = content.n != 0 ? content : place;
    if (content.n == 0 || place.n == 0)
        return true;
    items = iw_arena_calloc(&build->inventory->arena, content.n + place.n, sizeof *items);
    if (items == NULL)
        return false;
    memcpy(items, content.items, content.n * sizeof *items);
    memcpy(items + content.n, place.items, place.n * sizeof *items);
    *ret = (struct iw_text_list){items, content.n + place.n};
    return true;
}

static void count_marks(struct iw_inventory_web_file *row)
{
    for (size_t i = 0; i < row->marks.n; i++) {
        enum iw_web_mark_weight weight = iw_web_mark_weight(row->marks.items[i]);
        row->stands_out |= weight > IW_WEB_MARK_NOTE;
        row->n_strong_marks += weight == IW_WEB_MARK_STRONG;
        row->n_content_marks += weight == IW_WEB_MARK_WEAK;
    }
}

static enum iw_rc mark_row(struct marking *marking, size_t index, bool is_made_to_run,
                           struct iw_inventory_web_file *row)
{
    struct iw_server_build *build = marking->build;
    struct iw_web_neighbour file = neighbour_of(marking, index);
    struct iw_web_mark_set set = {0};
    struct group *group = group_of(marking, index);
    struct iw_text_list place;
    if (group->first != 0)
        IW_TRY(sum_up(marking, build->collection->files[index].folder, group));
    if (row->file.is_pe)
        iw_web_mark_add(&set, IW_WEB_MARK_PROGRAM, 0);
    if (is_made_to_run &&
        !iw_web_mark_is_told(build->reading->marks[index], IW_WEB_MARK_RUNS_CONFIGURATION))
        iw_web_mark_add(&set, IW_WEB_MARK_RUNS_CONFIGURATION, 0);
    iw_web_neighbour_marks(&group->folder, &file, &set);
    IW_TRY(iw_web_mark_texts(&set, &build->inventory->arena, &place));
    if (!join(build, build->reading->marks[index], place, &row->marks))
        return IW_ENOMEM;
    count_marks(row);
    return IW_OK;
}

enum iw_rc iw_build_web_marks(struct iw_server_build *build, const size_t *indices,
                              const bool *made_to_run, size_t n)
{
    struct iw_inventory_web_file *rows = build->web_files.items;
    struct marking marking = {.build = build};
    enum iw_rc rc;
    iw_arena_init(&marking.work, 0);
    iw_map_init(&marking.by_folder);
    marking.next = iw_calloc(build->collection->n + 1, sizeof *marking.next);
    marking.executes = iw_calloc(build->collection->n + 1, sizeof *marking.executes);
    rc = marking.next != NULL && marking.executes != NULL ? add_groups(&marking, indices, n)
                                                          : IW_ENOMEM;
    if (rc == IW_OK)
        add_files(&marking);
    for (size_t i = 0; rc == IW_OK && i < build->web_files.n; i++)
        rc = mark_row(&marking, indices[i], made_to_run[i], &rows[i]);
    iw_free(marking.next);
    iw_free(marking.executes);
    iw_map_done(&marking.by_folder);
    iw_arena_done(&marking.work);
    return rc;
}
