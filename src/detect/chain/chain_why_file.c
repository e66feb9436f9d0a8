/*
 * Marks of a file in words: where it lies, who wrote it, how that looks.
 */
#include "base/path_name.h"
#include "detect/chain/chain_why.h"

void iw_chain_say_file(struct iw_telling *telling, const char *head)
{
    static const char *const CLASSES[IW_WEB_FILE_CLASS_COUNT] = {
        [IW_WEB_FILE_PROGRAM] = "a program among web files",
        [IW_WEB_FILE_SUPPORT] = "runs with pages of the site",
        [IW_WEB_FILE_SCRIPT] = "runs when it is asked for"};
    static const char *const PLACES[] = {
        [IW_CHAIN_PLACE_POSSIBLE] = "its folder may be one of a web server",
        [IW_CHAIN_PLACE_USUAL] = "in a folder that web servers use by default",
        [IW_CHAIN_PLACE_ASSUMED] = "in a folder of a site, by a configuration of another time",
        [IW_CHAIN_PLACE_CONFIGURED] = "in a folder of a site, by the configuration"};
    const struct iw_chain_file *file = telling->chain->file;
    iw_chain_say(&telling->why, "%s %.*s (%s, %s) was written by %.*s %.*s before it", head,
                 IW_STR_ARG(file->path),
                 file->class == IW_WEB_FILE_SCRIPT &&
                         iw_web_file_is_never_asked_for(file->path, telling->chains->settings)
                     ? CLASSES[IW_WEB_FILE_SUPPORT]
                 : CLASSES[file->class] != NULL ? CLASSES[file->class]
                                                : "a file",
                 file->place == IW_CHAIN_PLACE_ASSUMED && file->n_roots == 0
                     ? "in a folder that WebRootPath names"
                 : file->place == IW_CHAIN_PLACE_USUAL && file->is_beyond_iis
                     ? "in a folder that other servers than IIS use by default, of no site of IIS"
                 : PLACES[file->place] != NULL ? PLACES[file->place]
                                               : "in no known folder",
                 IW_STR_ARG(iw_chain_writer_text(telling)),
                 IW_STR_ARG(iw_chain_distance_text(telling, telling->best->join.write.time_ns,
                                                   telling->best->moment.time_ns)));
}

void iw_chain_say_undecided(struct iw_telling *telling, const char *head)
{
    bool is_one_clock = telling->best->join.write.clock == telling->best->moment.clock;
    iw_chain_say(&telling->why,
                 "%s %.*s was written by %.*s%s; which came first cannot be decided (%s)", head,
                 IW_STR_ARG(telling->chain->file->path), IW_STR_ARG(iw_chain_writer_text(telling)),
                 telling->best->is_trace ? "" : " at the same time",
                 telling->best->is_trace ? "it may have started before it was seen"
                 : is_one_clock          ? "their times are equal"
                                : "they are of different clocks, and nearer than both are exact");
}

void iw_chain_say_unseen(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s %.*s was compiled by ASP.NET %.*s before it, while it was asked for the first "
                 "time that its log knows; no event tells how the page came there",
                 head, IW_STR_ARG(telling->chain->file->path),
                 IW_STR_ARG(iw_chain_distance_text(telling, telling->best->join.write.time_ns,
                                                   telling->best->moment.time_ns)));
}

void iw_chain_say_collected(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s %.*s lies in the evidence, does what a request tells it, and was asked for "
                 "the first time that its log knows %.*s before it; no event tells how or when "
                 "it came there",
                 head, IW_STR_ARG(telling->chain->file->path),
                 IW_STR_ARG(iw_chain_distance_text(telling, telling->best->join.write.time_ns,
                                                   telling->best->moment.time_ns)));
}

void iw_chain_say_renamed(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_join *join = &telling->best->join;
    struct iw_chain_fact from, to;
    if (!iw_chain_fact_parse(join->renamed->payload, &from) ||
        !iw_chain_fact_parse(join->renamed_to->payload, &to))
        return;
    iw_chain_say(&telling->why,
                 "%s %.*s was renamed or moved into %.*s by %.*s %.*s before that (Security 4663: "
                 "DELETE and AddFile); what it is called since is not told",
                 head, IW_STR_ARG(from.path), IW_STR_ARG(to.path),
                 IW_STR_ARG(iw_path_name(to.process.image)),
                 IW_STR_ARG(iw_chain_distance_text(telling, join->renamed_to->moment.time_ns,
                                                   join->write.time_ns)));
}

/* It may be another shell than the one that the rest is said of. */
void iw_chain_say_wrote(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_file *file = telling->chain->file;
    const struct iw_chain_item *item = iw_chain_joined_write(file, telling->wrote);
    struct iw_chain_fact fact;
    if (telling->wrote == telling->best)
        iw_chain_say(&telling->why, "%s it, or what it started, wrote %.*s (%.*s)", head,
                     IW_STR_ARG(file->path), IW_STR_ARG(iw_chain_writer_text(telling)));
    else if (iw_chain_fact_parse(item->payload, &fact))
        iw_chain_say(&telling->why, "%s %.*s, started at %s, or what it started, wrote %.*s (%.*s)",
                     head, IW_STR_ARG(iw_path_name(telling->wrote->image)),
                     iw_chain_time_text(telling, telling->wrote->moment.time_ns),
                     IW_STR_ARG(file->path),
                     IW_STR_ARG(iw_chain_writer_text_of(telling, item, &fact)));
}

void iw_chain_say_named(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_file *file = telling->chain->file;
    if (telling->wrote == telling->best)
        iw_chain_say(&telling->why,
                     "%s its command, or that of what it started, says that it writes %.*s; no "
                     "event tells that it did",
                     head, IW_STR_ARG(file->path));
    else
        iw_chain_say(&telling->why,
                     "%s the command of %.*s, started at %s, or of what it started, says that it "
                     "writes %.*s; no event tells that it did",
                     head, IW_STR_ARG(iw_path_name(telling->wrote->image)),
                     iw_chain_time_text(telling, telling->wrote->moment.time_ns),
                     IW_STR_ARG(file->path));
}

void iw_chain_say_same_pool(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s the configuration of that time gives the file to pool %.*s",
                 head, IW_STR_ARG(telling->best->pool));
}

void iw_chain_say_other_pool(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_file *file = telling->chain->file;
    iw_chain_say(&telling->why,
                 "%s the file seems to belong to pool %.*s and not to %.*s; that is assumed, not "
                 "proved for that time",
                 head, IW_STR_ARG(file->n_roots != 0 ? file->roots[0]->pool : IW_STR("another")),
                 IW_STR_ARG(telling->best->pool));
}

void iw_chain_say_writer(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_written *written = telling->write_item->written;
    iw_chain_say(&telling->why, "%s %s wrote the file", head,
                 written != NULL && written->deployment != NULL ? written->deployment
                                                                : "a deployment");
}

void iw_chain_say_over_network(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s %s", head,
                 telling->best->join.is_by_share
                     ? "the file came over the network (SMB)"
                     : "the file may have come over the network (SMB): System wrote it, as it does "
                       "for shares, while somebody was there over the network");
}

void iw_chain_say_near(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s %s within ten minutes of %s", head,
                 telling->best->join.deployment,
                 telling->chain->file->is_unseen ? "its first request" : "the writing");
}

void iw_chain_say_burst(struct iw_telling *telling, const char *head)
{
    bool has_process = telling->write.process.has_pid || telling->write.process.image.n != 0;
    iw_chain_say(&telling->why, "%s the same %s wrote %llu such files within ten minutes", head,
                 has_process ? "process" : "account, from the same address,",
                 (unsigned long long)telling->best->join.n_burst);
}

void iw_chain_say_explained(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s change record %.*s explains the file; nothing explains the shell", head,
                 IW_STR_ARG(telling->change.record));
}

void iw_chain_say_odd_name(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s its name is made to be overlooked: %.*s", head,
                 IW_STR_ARG(telling->chain->file->odd));
}
