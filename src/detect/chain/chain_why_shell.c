/*
 * Marks of a shell in words: what started, and what it was made of.
 */
#include "base/path_name.h"
#include "detect/chain/chain_why.h"
#include "detect/chain/command_shape.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

void iw_chain_say_shell(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_shell *shell = telling->best;
    bool is_of_page = shell->parent.n != 0 && shell->page.n != 0;
    iw_chain_say(&telling->why, "%s %.*s, %s, was started by %.*s%s%.*s%s%.*s", head,
                 IW_STR_ARG(iw_path_name(shell->image)),
                 iw_program_kind_words(shell->program->kind),
                 IW_STR_ARG(iw_path_name(shell->parent)), is_of_page ? ", which ran " : "",
                 IW_STR_ARG(is_of_page ? shell->page : IW_STR("")),
                 shell->parent.n != 0 ? ", below " : "", IW_STR_ARG(iw_chain_server_text(telling)));
}

void iw_chain_say_cgi_run(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_shell *shell = telling->best;
    iw_chain_say(&telling->why,
                 "%s the configuration of IIS runs pages by %.*s (CGI)%s%.*s: that is no shell of "
                 "itself, what it starts is told apart",
                 head, IW_STR_ARG(iw_path_name(shell->image)),
                 shell->page.n != 0 ? ", this time " : "", IW_STR_ARG(shell->page));
}

void iw_chain_say_identity(struct iw_telling *telling, const char *head)
{
    iw_chain_say(
        &telling->why,
        "%s %.*s, %s, ran as %.*s, the account of a web server; that the web server started it "
        "is not told",
        head, IW_STR_ARG(iw_path_name(telling->best->image)),
        iw_program_kind_words(telling->best->program->kind), IW_STR_ARG(telling->best_start.user));
    if (telling->best->is_trace)
        iw_chain_say(&telling->why, "its start is in no event: it is known by what it left, and "
                                    "may have started before that");
}

/* The first of the shown ones that ran what the web server wrote. */
void iw_chain_say_brought(struct iw_telling *telling, const char *head)
{
    const char *by =
        (telling->marks & IW_MARK(MANAGEMENT_SERVER)) != 0 ? "management service" : "web server";
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        struct iw_chain_fact fact;
        if (shell->brought == NULL || !iw_chain_fact_parse(shell->brought->payload, &fact))
            continue;
        iw_chain_say(&telling->why, "%s the %s itself wrote %.*s %.*s before it was run", head, by,
                     IW_STR_ARG(fact.path),
                     IW_STR_ARG(iw_chain_distance_text(telling, shell->brought->moment.time_ns,
                                                       shell->moment.time_ns)));
        return;
    }
    iw_chain_say(&telling->why, "%s the %s itself wrote what was run", head, by);
}

/* The first command of the shown ones that has such a shape. */
void iw_chain_say_command(struct iw_telling *telling, const char *head)
{
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        for (const struct iw_chain_item *item = SHELL_OF(link)->items.first; item != NULL;
             item = item->next) {
            struct iw_chain_fact fact;
            const char *words;
            if (!iw_chain_fact_parse(item->payload, &fact))
                continue;
            words = iw_command_shape_words(iw_chain_fact_command(&fact));
            if (words == NULL)
                continue;
            iw_chain_say(&telling->why, "%s a command as web shells send it (%s): %.*s", head,
                         words, IW_STR_ARG(iw_chain_cut_line(telling, fact.command_line)));
            return;
        }
    }
    iw_chain_say(&telling->why, "%s a command as web shells send it", head);
}

/* The first of the shown ones. */
void iw_chain_say_loaded(struct iw_telling *telling, const char *head)
{
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        struct iw_chain_fact fact;
        if (shell->loaded == NULL || !iw_chain_fact_parse(shell->loaded->payload, &fact))
            continue;
        iw_chain_say(
            &telling->why,
            "%s its worker loaded %.*s %.*s before it, which the web server itself had "
            "written %.*s before that",
            head, IW_STR_ARG(iw_chain_cut_line(telling, fact.path)),
            IW_STR_ARG(iw_chain_distance_text(telling, shell->loaded->moment.time_ns,
                                              shell->moment.time_ns)),
            IW_STR_ARG(iw_chain_distance_text(telling, shell->loaded_written->moment.time_ns,
                                              shell->loaded->moment.time_ns)));
        return;
    }
    iw_chain_say(&telling->why, "%s its worker loaded what the web server itself had written",
                 head);
}
