/*
 * Who wrote the files of a component. Trails tell it of modules in the usual places, with the whole
 * lineage; of files elsewhere the event alone is known.
 */
#include "base/path_name.h"
#include "detect/judgment.h"

/* Writers that are named. */
#define SHOWN_WRITERS 4U

static bool is_in_trails(const struct iw_case *named, const struct iw_server_fact *fact)
{
    const struct iw_reconcile_input *input = named->judging->input;
    struct iw_act_trail trail;
    return input->ask_act != NULL &&
           input->ask_act(input->acts, fact, named->judging->arena, &trail);
}

/* A line of why that makes nothing worse. *what* stands before: the file, where it is not the
 * component's own. */
static enum iw_rc tell(struct iw_case *named, const struct iw_server_fact *fact, const char *what)
{
    char when[IW_TIME_TEXT_BYTES];
    size_t before = named->why.n;
    (void)iw_time_words(fact->time_ns, false, when);
    if (iw_fact_is_of_share(fact))
        IW_TRY(
            iw_case_line(named, &named->why,
                         "%swritten over the network (SMB) by %.*s%s%.*s at %s (event %u, record "
                         "%llu)",
                         what, IW_STR_ARG(fact->user.n != 0 ? fact->user : IW_STR("somebody")),
                         fact->address.n != 0 ? " from " : "", IW_STR_ARG(fact->address), when,
                         fact->event_id, (unsigned long long)fact->record_id));
    else
        IW_TRY(iw_case_line(named, &named->why,
                            "%swritten by %.*s%s%.*s at %s (event %u, record %llu)", what,
                            IW_STR_ARG(fact->image.n != 0 ? iw_path_name(fact->image)
                                                          : IW_STR("a process that is not told")),
                            fact->user.n != 0 ? " as " : "", IW_STR_ARG(fact->user), when,
                            fact->event_id, (unsigned long long)fact->record_id));
    named->n_remarks += named->why.n - before;
    return IW_OK;
}

static bool is_same_writer(const struct iw_server_fact *a, const struct iw_server_fact *b)
{
    return iw_str_equal_nocase(a->image, b->image) && iw_str_equal_nocase(a->user, b->user) &&
           iw_str_equal_nocase(a->address, b->address);
}

enum iw_rc iw_case_writers(struct iw_case *named)
{
    const struct iw_server_fact *told[SHOWN_WRITERS];
    size_t n = 0;
    if (named->web_file != NULL)
        return IW_OK;
    for (size_t i = 0; i < named->n_acts && n < SHOWN_WRITERS; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        size_t k = 0;
        if (fact->kind != IW_FACT_FILE_WRITTEN ||
            (fact->image.n == 0 && !iw_fact_is_of_share(fact)))
            continue;
        while (k < n && !is_same_writer(told[k], fact))
            k++;
        if (k < n || is_in_trails(named, fact))
            continue;
        told[n++] = fact;
        IW_TRY(tell(named, fact, ""));
    }
    return IW_OK;
}

/* --- the configuration ------------------------------------------------------------------------ */

/* Of the file that an entry stands in; texts of facts are spelt as the events spell them. */
static enum iw_rc tell_configuration(struct iw_case *named, struct iw_fact_span writes,
                                     size_t *ret_n)
{
    const struct iw_server_fact *told[SHOWN_WRITERS];
    size_t n = 0;
    for (size_t i = 0; i < writes.n && n < SHOWN_WRITERS; i++) {
        const struct iw_server_fact *fact = &writes.items[i];
        size_t k = 0;
        if (!iw_time_known(fact->time_ns) || fact->event_id == 2 ||
            iw_fact_is_told_by_share(writes, i))
            continue;
        while (k < n && !is_same_writer(told[k], fact))
            k++;
        if (k < n)
            continue;
        told[n++] = fact;
        IW_TRY(tell(named, fact, "the file it is configured in was "));
    }
    *ret_n = n;
    return IW_OK;
}

enum iw_rc iw_case_configuration_writers(struct iw_case *named, size_t *ret_n)
{
    const struct iw_inventory_component *row = iw_case_component(named, 0);
    *ret_n = 0;
    if (row == NULL || row->config_path.n == 0 || named->is_absence)
        return IW_OK;
    return tell_configuration(
        named, iw_facts_at(named->judging, IW_FACT_FILE_WRITTEN, row->config_path), ret_n);
}
