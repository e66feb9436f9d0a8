/*
 * Who wrote the files of a component. Trails tell it of modules in the usual places, with the whole
 * lineage; of files elsewhere the event alone is known.
 */
#include "base/path_name.h"
#include "detect/judgment.h"

/* Writers that are named. */
#define SHOWN_WRITERS 4U

/* *what* stands before: the file, where it is not the component's own. */
static enum iw_rc tell(struct iw_case *named, const struct iw_server_fact *fact, const char *what)
{
    char when[IW_TIME_TEXT_BYTES];
    (void)iw_time_words(fact->time_ns, false, when);
    if (iw_fact_is_of_share(fact))
        return iw_case_remark(
            named, "%swritten over the network (SMB) by %.*s%s%.*s at %s (event %u, record %llu)",
            what, IW_STR_ARG(fact->user.n != 0 ? fact->user : IW_STR("somebody")),
            fact->address.n != 0 ? " from " : "", IW_STR_ARG(fact->address), when, fact->event_id,
            (unsigned long long)fact->record_id);
    return iw_case_remark(named, "%swritten by %.*s%s%.*s at %s (event %u, record %llu)", what,
                          IW_STR_ARG(fact->image.n != 0 ? iw_path_name(fact->image)
                                                        : IW_STR("a process that is not told")),
                          fact->user.n != 0 ? " as " : "", IW_STR_ARG(fact->user), when,
                          fact->event_id, (unsigned long long)fact->record_id);
}

static bool is_same_writer(const struct iw_server_fact *a, const struct iw_server_fact *b)
{
    return iw_str_equal_nocase(a->image, b->image) && iw_str_equal_nocase(a->user, b->user) &&
           iw_str_equal_nocase(a->address, b->address);
}

/* Those of whom no trail will tell. */
static enum iw_rc tell_writers(struct iw_case *named)
{
    const struct iw_server_fact *told[SHOWN_WRITERS];
    size_t n = 0;
    for (size_t i = 0; i < named->n_acts && n < SHOWN_WRITERS; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        struct iw_act_trail trail;
        size_t k = 0;
        if (fact->kind != IW_FACT_FILE_WRITTEN ||
            (fact->image.n == 0 && !iw_fact_is_of_share(fact)))
            continue;
        while (k < n && !is_same_writer(told[k], fact))
            k++;
        if (k < n || iw_ask_act(named->judging, fact, &trail))
            continue;
        told[n++] = fact;
        IW_TRY(tell(named, fact, ""));
    }
    return IW_OK;
}

/* --- processes ------------------------------------------------------------------------------- */

/* Numbers of processes are used again; within so long one is the same. */
#define SAME_PROCESS_NS (600 * IW_NS_PER_SECOND)

static bool is_near(int64_t a_ns, int64_t b_ns)
{
    int64_t apart_ns;
    return iw_time_known(a_ns) && iw_time_known(b_ns) &&
           !__builtin_sub_overflow(a_ns, b_ns, &apart_ns) && apart_ns <= SAME_PROCESS_NS &&
           apart_ns >= -SAME_PROCESS_NS;
}

/* The writing of a file of the case by the process that a change names by its number. */
static const struct iw_server_fact *writing_of(const struct iw_case *named,
                                               const struct iw_server_fact *change)
{
    for (size_t i = 0; i < named->n_acts; i++) {
        const struct iw_server_fact *fact = named->acts[i];
        if (fact->kind == IW_FACT_FILE_WRITTEN && fact->image.n != 0 &&
            fact->process_id == change->process_id && is_near(fact->time_ns, change->time_ns))
            return fact;
    }
    return NULL;
}

/* The first change whose process nothing else tells. NULL: none. */
static const struct iw_server_fact *nameless_change(const struct iw_case *named)
{
    for (size_t i = 0; i < named->n_acts; i++) {
        const struct iw_server_fact *change = named->acts[i];
        struct iw_act_trail trail;
        if (change->kind == IW_FACT_CONFIG_CHANGE && change->process_id != 0 &&
            iw_ask_act(named->judging, change, &trail) && !trail.is_named)
            return change;
    }
    return NULL;
}

/* Event 29 names a process by its number alone; where its start is not in evidence, what it wrote
 * tells which program it is. */
static enum iw_rc tell_changer(struct iw_case *named)
{
    const struct iw_server_fact *change = nameless_change(named);
    const struct iw_server_fact *writing = change != NULL ? writing_of(named, change) : NULL;
    return writing == NULL
               ? IW_OK
               : iw_case_remark(named,
                                "process %llu, which changed the configuration, is %.*s: it wrote "
                                "%.*s (event %u, record %llu)",
                                (unsigned long long)change->process_id, IW_STR_ARG(writing->image),
                                IW_STR_ARG(writing->path), writing->event_id,
                                (unsigned long long)writing->record_id);
}

enum iw_rc iw_case_writers(struct iw_case *named)
{
    if (named->web_file != NULL)
        return IW_OK;
    IW_TRY(tell_writers(named));
    return tell_changer(named);
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
        if (!iw_time_known(fact->time_ns) || !iw_fact_is_writing(fact) ||
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
