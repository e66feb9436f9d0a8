/*
 * Locks as Microsoft's reference of locking in IIS configuration describes them: a list of names
 * separated by commas, `*` for all; the Except forms lock all but the names. lockItem="true" on a
 * section or collection locks all of it. A lock binds lower places and lower files, not its own.
 */
#include "iis/config/config_lock.h"

static bool lists(struct iw_str list, struct iw_str name)
{
    size_t at = 0;

    while (at < list.n) {
        size_t end = at, stop;
        while (end < list.n && list.p[end] != ',')
            end++;
        stop = end;
        while (at < stop && list.p[at] == ' ')
            at++;
        while (stop > at && list.p[stop - 1] == ' ')
            stop--;
        if (iw_str_equal((struct iw_str){list.p + at, stop - at}, name) ||
            (stop - at == 1 && list.p[at] == '*'))
            return true;
        at = end + 1;
    }
    return false;
}

bool iw_config_lock_binds(const struct iw_config_layer *above, const struct iw_config_layer *layer)
{
    return above->file != layer->file || !iw_str_equal(above->place.key, layer->place.key);
}

bool iw_config_locks_add(struct iw_config_locks *locks, const struct iw_config_layer *layer,
                         const struct iw_config_element *element, bool is_below)
{
    for (size_t i = 0; i < element->n_attributes; i++) {
        if (!iw_str_begins_nocase(element->attributes[i].name, IW_STR("lock")))
            continue;
        if (locks->n == IW_LIMIT_CONFIG_LOCKS)
            return false;
        locks->holders[locks->n].layer = layer;
        locks->holders[locks->n].element = element;
        locks->holders[locks->n++].is_below = is_below;
        return true;
    }
    return true;
}

/* Is *name* locked by one holder, through a list and a list of exceptions? */
static bool locked_by(const struct iw_config_element *holder, struct iw_str name,
                      struct iw_str listed, struct iw_str all_but)
{
    const struct iw_config_attribute *except = iw_config_attribute(holder, all_but);

    return iw_config_flag(holder, IW_STR("lockItem"), false) ||
           lists(iw_config_value(holder, listed, IW_STR("")), name) ||
           (except != NULL && !lists(except->value, name));
}

static bool is_locked(const struct iw_config_locks *locks, const struct iw_config_layer *layer,
                      bool is_below, struct iw_str name, bool is_element)
{
    for (size_t i = 0; i < locks->n; i++) {
        if (locks->holders[i].is_below != is_below ||
            !iw_config_lock_binds(locks->holders[i].layer, layer))
            continue;
        if (is_element ? locked_by(locks->holders[i].element, name, IW_STR("lockElements"),
                                   IW_STR("lockAllElementsExcept"))
                       : locked_by(locks->holders[i].element, name, IW_STR("lockAttributes"),
                                   IW_STR("lockAllAttributesExcept")))
            return true;
    }
    return false;
}

bool iw_config_locks_attribute(const struct iw_config_locks *locks,
                               const struct iw_config_layer *layer, bool is_below,
                               struct iw_str name)
{
    return is_locked(locks, layer, is_below, name, false);
}

bool iw_config_locks_element(const struct iw_config_locks *locks,
                             const struct iw_config_layer *layer, bool is_below, struct iw_str name)
{
    return is_locked(locks, layer, is_below, name, true);
}
