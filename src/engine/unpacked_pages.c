/*
 * Sources: Apache Tomcat's configuration reference (Host, unpackWARs and appBase); Jetty and
 * WildFly unpack elsewhere.
 */
#include "engine/unpacked_pages.h"

#include "base/arena_text.h"
#include "base/json_read.h"
#include "base/timestamp.h"
#include "detect/chain/program_kind.h"
#include "event/channel.h"

/* A large archive takes minutes. */
#define UNPACKED_NS (600 * IW_NS_PER_SECOND)
#define APPLICATIONS "\\webapps\\"

void iw_unpacked_pages_init(struct iw_unpacked_pages *pages, const struct iw_server_facts *facts)
{
    *pages = (struct iw_unpacked_pages){.facts = facts};
    iw_arena_init(&pages->arena, 0);
}

void iw_unpacked_pages_done(struct iw_unpacked_pages *pages)
{
    iw_arena_done(&pages->arena);
}

static bool is_asked(const struct iw_unpacked_pages *pages, const struct iw_finding *finding)
{
    return pages->facts != NULL && pages->facts->n != 0 && finding->kind == IW_FINDING_RULE &&
           finding->level == IW_LEVEL_MEDIUM && finding->n_evidence != 0 &&
           iw_server_event_is(IW_FACT_FILE_WRITTEN, finding->evidence->channel,
                              finding->evidence->event_id) &&
           iw_time_known(finding->first_time_ns);
}

/* `C:\t\webapps\shop.war` of `C:\t\webapps\shop\a\b.jsp`. Empty: it lies in no such folder; p NULL:
 * no memory. */
static struct iw_str archive_of(struct iw_unpacked_pages *pages, struct iw_str path)
{
    static const struct iw_str FOLDER = {APPLICATIONS, sizeof APPLICATIONS - 1};
    size_t at = iw_str_find_nocase(path, FOLDER), end;
    if (at == SIZE_MAX)
        return IW_STR("");
    at += FOLDER.n;
    end = at;
    while (end < path.n && path.p[end] != '\\')
        end++;
    return end < path.n && end != at ? iw_arena_format(&pages->arena, "%.*s.war", (int)end, path.p)
                                     : IW_STR("");
}

/* The archive's writing that a file of that moment was unpacked of; NULL: none. */
static const struct iw_server_fact *writing_of(const struct iw_unpacked_pages *pages,
                                               struct iw_str host, struct iw_str path,
                                               int64_t time_ns)
{
    struct iw_fact_span writings =
        iw_server_facts_at(pages->facts, host, IW_FACT_FILE_WRITTEN, path);
    for (size_t i = 0; i < writings.n; i++) {
        const struct iw_server_fact *fact = &writings.items[i];
        int64_t behind_ns;
        if (fact->time_ns <= time_ns &&
            (__builtin_sub_overflow(time_ns, fact->last_ns, &behind_ns) ||
             behind_ns <= UNPACKED_NS))
            return fact;
    }
    return NULL;
}

/* What wrote the page may serve the web: whoever else writes one there is not unpacking. */
static enum iw_rc is_by_server(struct iw_unpacked_pages *pages, const struct iw_finding *finding,
                               bool *ret)
{
    const struct iw_json_node *event = NULL, *image;
    enum iw_rc rc = iw_json_read(finding->event_json, &pages->arena, &event, NULL);
    *ret = false;
    if (rc != IW_OK)
        return rc == IW_ENOMEM ? rc : IW_OK;
    image = iw_json_find(event, IW_STR("Image")); /* Sysmon */
    if (image == NULL)
        image = iw_json_find(event, IW_STR("ProcessName")); /* Security 4663 */
    *ret = image != NULL && image->kind == IW_JSON_TEXT && iw_program_may_serve(image->text, NULL);
    return IW_OK;
}

enum iw_rc iw_unpacked_pages_judge(struct iw_unpacked_pages *pages, struct iw_finding *finding)
{
    const struct iw_server_fact *archive;
    struct iw_str path, line;
    char when[IW_TIME_TEXT_BYTES];
    bool is_unpacking;
    if (!is_asked(pages, finding))
        return IW_OK;
    iw_arena_reset(&pages->arena);
    path = archive_of(pages, finding->subject_name);
    if (path.p == NULL)
        return IW_ENOMEM;
    archive = path.n != 0 ? writing_of(pages, finding->host, path, finding->first_time_ns) : NULL;
    if (archive == NULL)
        return IW_OK;
    IW_TRY(is_by_server(pages, finding, &is_unpacking));
    if (!is_unpacking)
        return IW_OK;
    line = iw_arena_format(
        &pages->arena,
        "lowered: it lies in the folder of %.*s, which was written at %s (%.*s, event %u, record "
        "%llu) by %.*s%s%.*s, and which the server unpacks: the archive is what came",
        IW_STR_ARG(archive->path), iw_time_words(archive->time_ns, false, when),
        IW_STR_ARG(archive->channel), archive->event_id, (unsigned long long)archive->record_id,
        IW_STR_ARG(archive->image), archive->user.n != 0 ? " as " : "", IW_STR_ARG(archive->user));
    if (line.p == NULL)
        return IW_ENOMEM;
    finding->level = IW_LEVEL_LOW;
    finding->score = iw_level_score(finding->level);
    return iw_text_list_join(&finding->why, (struct iw_text_list){&line, 1}, &pages->arena);
}
