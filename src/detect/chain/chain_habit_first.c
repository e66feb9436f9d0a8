/*
 * Habits and files that came before their first runs. A web shell is used after its page came, so
 * such a file makes what recurs none. But pages come every day, and the logs begin somewhere: what
 * came as files do every day, and as its own circumstances say, is no reason.
 *
 * Two of three have to speak for each of its writings: a deployment, replication or backup did it;
 * the same writer wrote it on three days; all the world asks for the page. One alone is what
 * somebody can bring about: replication brings a web shell too, a page that everybody asks for can
 * be written over, and a stolen account deploys. Whether one page is asked for whenever the command
 * runs is asked besides.
 */
#include "base/buffer.h"
#include "detect/chain/carrier.h"
#include "detect/chain/chain_fit.h"
#include "detect/chain/chain_state.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
#define NS_PER_DAY (86400 * IW_NS_PER_SECOND)
/** On so many days a writer wrote it: that recurs. */
#define DAYS_OF_WRITER 3U

/* --- first runs --------------------------------------------------------------------------------
 */

void iw_chain_habit_keep_first(struct iw_chain *chain, struct iw_habit *habit)
{
    for (size_t i = 0; i < chain->n_first_habits; i++) {
        if (chain->first_habits[i] == habit)
            return;
    }
    if (chain->n_first_habits == IW_LIMIT_HABIT_BELOW)
        habit->is_after_odd = true; /* one page before so many is none that comes every day */
    else
        chain->first_habits[chain->n_first_habits++] = habit;
}

/* The first shown run of a habit in a chain; NULL: none is shown. */
static const struct iw_chain_shell *first_of(const struct iw_chain *chain,
                                             const struct iw_habit *habit)
{
    for (const struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF((struct iw_link *)(uintptr_t)link);
        if (shell->habit == habit)
            return shell;
    }
    return NULL;
}

enum iw_rc iw_chain_habit_settle_first(struct iw_chains *chains, struct iw_chain *chain)
{
    for (size_t i = 0; i < chain->n_first_habits; i++) {
        struct iw_habit *habit = chain->first_habits[i];
        const struct iw_chain_shell *shell = first_of(chain, habit);
        struct iw_habit_page page = {.why = IW_HABIT_AFTER_FILE, .path = chain->file->path};
        habit->is_after_odd = true;
        if (shell == NULL)
            continue;
        page.written_ns = shell->join.write.time_ns;
        page.run_ns = shell->moment.time_ns;
        IW_TRY(iw_habit_name_page(&chains->habits, habit, &page));
    }
    return IW_OK;
}

/* What a reason names stands in the evidence, too. */
void iw_chain_habit_keep_pages(struct iw_chain *chain)
{
    for (const struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF((struct iw_link *)(uintptr_t)link);
        struct iw_habit_page *page = shell->habit != NULL ? shell->habit->page : NULL;
        if (page == NULL || page->write != NULL || page->run_ns != shell->moment.time_ns ||
            !iw_str_equal(page->path, chain->file->path))
            continue;
        /* Items are counted: whoever keeps one may free it. */
        page->write = iw_chain_item_share(
            (struct iw_chain_item *)(uintptr_t)iw_chain_joined_write(chain->file, shell));
        page->run = iw_chain_item_share(shell->items.first);
    }
}

void iw_chain_habits_forget_pages(struct iw_chains *chains)
{
    const struct iw_map *map = &chains->habits.by_key;
    for (size_t i = 0; i < map->n; i++) {
        struct iw_habit *habit = map->entries[i].value.pointer;
        if (habit == NULL || habit->page == NULL)
            continue;
        iw_chain_item_free(chains, habit->page->write);
        iw_chain_item_free(chains, habit->page->run);
        habit->page->write = habit->page->run = NULL;
    }
}

/* --- how the file came -------------------------------------------------------------------------
 */

static bool is_same_writer(const struct iw_chain_fact *a, const struct iw_chain_fact *b)
{
    return iw_str_equal_nocase(a->process.image, b->process.image) &&
           iw_str_equal_nocase(a->user, b->user) && iw_str_equal_nocase(a->sid, b->sid) &&
           iw_str_equal_nocase(a->address, b->address);
}

/* Days (UTC) of all writings of that writer: they stand in time. */
static uint64_t count_days(const struct iw_chain_file *file, const struct iw_chain_fact *writer)
{
    int64_t latest = INT64_MIN;
    uint64_t n = 0;
    for (size_t i = 0; i < file->n_writes; i++) {
        int64_t day = file->writes[i]->moment.time_ns / NS_PER_DAY;
        struct iw_chain_fact other;
        if (day == latest || !iw_chain_fact_parse(file->writes[i]->payload, &other) ||
            !is_same_writer(writer, &other))
            continue;
        latest = day;
        n++;
    }
    return n;
}

static const char *known_writer(const struct iw_chain_written *written,
                                const struct iw_chain_fact *what)
{
    if (written->is_contradicted)
        return NULL;
    if ((written->marks & IW_MARK(DEPLOYMENT_WRITER)) != 0)
        return written->deployment;
    return iw_carrier_words(what->process.image);
}

/* A backup brought it back, or one writer wrote it with many others. */
static void see_company(const struct iw_chain_item *item, struct iw_chain_ordinary *ordinary)
{
    const struct iw_chain_written *written = item->written;
    struct iw_chain_fact what;
    bool is_burst = written != NULL && iw_chain_is_of_burst(written);
    bool is_known = written != NULL && !written->is_by_shell && !written->is_contradicted &&
                    iw_chain_fact_parse(item->payload, &what);
    ordinary->is_by_the_way &= is_known && (is_burst || iw_carrier_restores(what.process.image));
    if (is_known && is_burst)
        ordinary->n_burst = written->run->n_files;
}

/* What is known of the file is what is known of each of its writings. */
static void see_write(const struct iw_chain_file *file, const struct iw_chain_item *item,
                      struct iw_chain_ordinary *ordinary)
{
    const struct iw_chain_written *written = item->written;
    struct iw_chain_fact what;
    const char *by;
    uint64_t n_days;
    if (written == NULL || written->is_by_shell ||
        (written->marks & IW_MARK(WRITTEN_BY_SERVER)) != 0 ||
        !iw_chain_fact_parse(item->payload, &what)) {
        ordinary->is_ordinary = false;
        return;
    }
    by = known_writer(written, &what);
    n_days = count_days(file, &what);
    ordinary->is_ordinary &= (by != NULL) + (n_days >= DAYS_OF_WRITER) + ordinary->is_public >= 2;
    if (by != NULL)
        ordinary->by = by;
    if (n_days > ordinary->n_days)
        ordinary->n_days = n_days;
}

enum iw_rc iw_chain_file_is_ordinary(struct iw_chains *chains, const struct iw_chain_file *file,
                                     struct iw_chain_ordinary *ret)
{
    const iw_chain_marks ODD = IW_MARK(ODD_NAME) | IW_MARK(TIMES_CHANGED) | IW_MARK(DELETED);
    struct iw_chain_request request = {0};
    *ret = (struct iw_chain_ordinary){0};
    if (file->is_unseen || file->class != IW_WEB_FILE_SCRIPT || (file->marks & ODD) != 0 ||
        chains->input.ask_requests == NULL)
        return IW_OK;
    IW_TRY(chains->input.ask_requests(chains->input.context, chains->context->host, file->path,
                                      file->writes[0]->moment.time_ns, &chains->scratch, &request));
    ret->is_public = request.is_found && request.n_addresses > IW_CHAIN_MANY_ADDRESSES;
    ret->is_ordinary = true;
    ret->is_by_the_way = ret->is_public;
    for (size_t i = 0; i < file->n_writes; i++) {
        see_company(file->writes[i], ret);
        if (ret->is_ordinary)
            see_write(file, file->writes[i], ret);
    }
    return IW_OK;
}

/* --- in words ----------------------------------------------------------------------------------
 */

/* Of the writing that the shell was joined by, not of another one. */
enum iw_rc iw_chain_habit_say_ordinary(struct iw_chains *chains, struct iw_chain_shell *shell,
                                       const struct iw_chain_file *file,
                                       const struct iw_chain_ordinary *ordinary)
{
    struct iw_chain_ordinary one = {.is_ordinary = true, .is_public = ordinary->is_public};
    int64_t before_ns = iw_chain_distance_ns(shell->join.write.time_ns, shell->moment.time_ns);
    struct iw_buffer text;
    enum iw_rc rc;
    see_write(file, iw_chain_joined_write(file, shell), &one);
    see_company(iw_chain_joined_write(file, shell), &one);
    iw_buffer_init(&text);
    iw_buffer_printf(&text, "beside: %.*s was written %lld s before it, but ",
                     IW_STR_ARG(file->path), (long long)(before_ns / IW_NS_PER_SECOND));
    if (one.by != NULL)
        iw_buffer_printf(&text, "%s wrote it", one.by);
    else if (one.n_burst != 0)
        iw_buffer_printf(&text, "its writer wrote %llu such files within ten minutes",
                         (unsigned long long)one.n_burst);
    if (one.n_days >= DAYS_OF_WRITER)
        iw_buffer_printf(&text, "%sthe same writer wrote it on %llu days",
                         one.by != NULL || one.n_burst != 0 ? ", and " : "",
                         (unsigned long long)one.n_days);
    if (one.is_public)
        iw_buffer_printf(&text, ", and more than %u addresses ask for it", IW_CHAIN_MANY_ADDRESSES);
    iw_buffer_add(&text, IW_STR(": it is not joined"));
    rc = text.failed ? IW_ENOMEM : iw_chain_keep_beside(chains, shell, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return rc;
}
