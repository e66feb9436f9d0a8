#include "detect/usual_program.h"

#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/drive_path.h"
#include "detect/history_line.h"
#include "detect/named_changes.h"

/* In which setup alone writes. The root of a drive is none: by default whoever is logged on may
 * change what lies in its folders. */
static const struct iw_str GUARDED[] = {{"Program Files\\", 14}, {"Program Files (x86)\\", 20}};

bool iw_php_is_led_elsewhere(const struct iw_inventory_component *row)
{
    struct iw_str rest = iw_path_behind_system_drive(row->image_path);
    if (!iw_component_is_variable(row) ||
        (!iw_str_equal_nocase(row->name, IW_STR("PHPRC")) &&
         !iw_str_equal_nocase(row->name, IW_STR("PHP_INI_SCAN_DIR"))))
        return false;
    for (size_t i = 0; i < sizeof GUARDED / sizeof GUARDED[0]; i++) {
        if (iw_str_begins_nocase(rest, GUARDED[i]))
            return false;
    }
    return true;
}

/* Below a folder called PHP, or PHP8.3, of a guarded one. */
static bool is_in_its_folder(struct iw_str path)
{
    struct iw_str rest = iw_path_behind_system_drive(path);
    for (size_t i = 0; i < sizeof GUARDED / sizeof GUARDED[0]; i++) {
        if (iw_str_begins_nocase(rest, GUARDED[i]))
            return iw_str_begins_nocase(
                (struct iw_str){rest.p + GUARDED[i].n, rest.n - GUARDED[i].n}, IW_STR("PHP"));
    }
    return false;
}

/* What a request may name to be run by it: a handler for other files is no usual one. */
static bool is_for_its_files(const struct iw_inventory_component *row)
{
    if (strcmp(row->kind, "fastCgi") == 0)
        return true;
    return strcmp(row->kind, "handler") == 0 &&
           iw_str_equal_nocase(iw_inventory_attribute(row, "path"), IW_STR("*.php"));
}

/* A file that was read says whose it is. */
static bool says_otherwise(const struct iw_inventory_component *row)
{
    const struct iw_item_file *file = iw_component_file(row);
    return file != NULL && !iw_str_equal_nocase(file->company, IW_STR("The PHP Group"));
}

/* An event or the history tells that the entry or its program came. */
static enum iw_rc has_come(const struct iw_judging *judging,
                           const struct iw_inventory_component *row, bool *ret)
{
    const struct iw_change_places *by_name, *by_image;
    IW_TRY(iw_changes_of_name(judging, row->name, &by_name));
    IW_TRY(iw_changes_of_image(judging, row->image, &by_image));
    *ret = by_name != NULL || by_image != NULL ||
           iw_time_known(iw_history_time_of_coming(judging->server, row)) ||
           iw_facts_at(judging, IW_FACT_FILE_WRITTEN, row->image_path).n != 0;
    return IW_OK;
}

enum iw_rc iw_is_usual_program(const struct iw_judging *judging,
                               const struct iw_inventory_component *row, bool *ret)
{
    bool came;
    *ret = false;
    if (!iw_str_equal_nocase(iw_path_name(row->image_path), IW_STR("php-cgi.exe")) ||
        row->arguments.n != 0 || !is_in_its_folder(row->image_path) || !is_for_its_files(row) ||
        says_otherwise(row))
        return IW_OK;
    IW_TRY(has_come(judging, row, &came));
    *ret = !came;
    return IW_OK;
}
