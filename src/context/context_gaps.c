/*
 * Gaps. Each function looks at what its answer of context_fields.c was made of, in the same order,
 * and names the first thing that was not there.
 */
#include "context/context_gaps.h"

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"

static enum iw_rc say(struct iw_str *ret, struct iw_str text)
{
    *ret = text;
    return text.p != NULL ? IW_OK : IW_ENOMEM;
}

#define SAY(ret, ...) say(ret, iw_arena_format(&asking->arena, __VA_ARGS__))

static enum iw_rc name_process(struct iw_context_asking *asking, const struct iw_process_name *name,
                               struct iw_str *ret)
{
    struct iw_str image = iw_path_name(name->image);
    if (name->has_pid && image.n != 0)
        return SAY(ret, "process %llu (%.*s)", (unsigned long long)name->pid, IW_STR_ARG(image));
    if (name->has_pid)
        return SAY(ret, "process %llu", (unsigned long long)name->pid);
    *ret = image.n != 0 ? image : IW_STR("a process that only a GUID names");
    return IW_OK;
}

/* --- processes --------------------------------------------------------------------------------
 */

/* The start of a process is missing. */
static enum iw_rc tell_start(struct iw_context_asking *asking, const struct iw_process_name *name,
                             struct iw_context_gap *ret)
{
    struct iw_str process;
    IW_TRY(name_process(asking, name, &process));
    IW_TRY(SAY(&ret->why, "the start of %.*s is not in evidence", IW_STR_ARG(process)));
    return SAY(&ret->evidence, "Sysmon 1 or Security 4688 of %.*s, from when it started",
               IW_STR_ARG(asking->context->host));
}

/* Why not all ancestors of the event's process are known. */
static enum iw_rc tell_ancestors(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    const struct iw_process *above[IW_LIMIT_LINEAGE_DEPTH], *last = asking->process;
    const struct iw_process_name *missing = &asking->subject.process;
    bool is_complete = false;
    size_t n;
    if (last != NULL) {
        n = iw_process_ancestors(last, above, IW_LIMIT_LINEAGE_DEPTH, &is_complete);
        last = n != 0 ? above[n - 1] : last;
        /* Its own start tells of its parent, which nothing else does. */
        missing = last->place.event_id != 0 &&
                          (last->parent_name.has_pid || last->parent_name.image.n != 0)
                      ? &last->parent_name
                      : &last->name;
    }
    return tell_start(asking, missing, ret);
}

static enum iw_rc gap_ancestors(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    return tell_ancestors(asking, ret);
}

/* --- the web ----------------------------------------------------------------------------------
 */

static enum iw_rc tell_configuration(struct iw_context_asking *asking, const char *why,
                                     struct iw_context_gap *ret)
{
    IW_TRY(SAY(&ret->why, "%s", why));
    return SAY(&ret->evidence,
               "%%windir%%\\System32\\inetsrv\\config of %.*s (applicationHost.config) and its "
               "history in inetpub\\history, of that time",
               IW_STR_ARG(asking->context->host));
}

/* Why the pool behind a process is not known. */
static enum iw_rc tell_pool(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    struct iw_str worker;
    if (asking->worker == NULL)
        return tell_ancestors(asking, ret);
    IW_TRY(name_process(asking, &asking->worker->name, &worker));
    IW_TRY(SAY(&ret->why, "neither command line nor account tell the pool of %.*s",
               IW_STR_ARG(worker)));
    return SAY(&ret->evidence,
               "Sysmon 1 of that worker's start, or Security 4688 with command lines; or "
               "applicationHost.config of %.*s, which names the pool of an account",
               IW_STR_ARG(asking->context->host));
}

static enum iw_rc tell_request(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    const struct iw_context_request *request = &asking->subject.request;
    if (asking->request.site.n == 0 && request->site_id == 0)
        return tell_configuration(asking,
                                  "the log names no site (s-sitename), and no one binding takes "
                                  "the request",
                                  ret);
    if (asking->request.site.n == 0)
        return tell_configuration(asking, "no configuration tells which site that id is", ret);
    return tell_configuration(asking, "no configuration tells which folder that URL lies in", ret);
}

/* Of sites and folders. */
static enum iw_rc gap_root(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    if (asking->subject.is_request)
        return tell_request(asking, ret);
    if (asking->pool.pool.n == 0)
        return tell_pool(asking, ret);
    return tell_configuration(asking, "no configuration tells all that the pool serves", ret);
}

static enum iw_rc gap_pool(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    return asking->subject.is_request ? tell_request(asking, ret) : tell_pool(asking, ret);
}

static enum iw_rc gap_url(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    return tell_configuration(asking, "no configuration tells whether the file lies in a web root",
                              ret);
}

static enum iw_rc gap_executable(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    bool is_request = asking->subject.is_request;
    struct iw_str file = is_request ? asking->request.file : asking->subject.file;
    if (is_request && asking->request.named.n == 0)
        return tell_request(asking, ret);
    IW_TRY(SAY(&ret->why, "the file was not collected, and nothing else tells whether one of its "
                          "ending executes"));
    if (file.n == 0)
        return SAY(&ret->evidence, "the file itself, with its folder's web.config");
    return SAY(&ret->evidence, "%.*s, with the web.config files above it", IW_STR_ARG(file));
}

static enum iw_rc gap_component(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    return tell_configuration(
        asking, "no whole configuration tells what is registered with that file", ret);
}

/* --- logons -----------------------------------------------------------------------------------
 */

/* The id of the logon the event belongs to; false: none is told. */
static bool logon_id_of(const struct iw_context_asking *asking, uint64_t *ret)
{
    bool is_of_process = asking->process != NULL && asking->process->has_logon;
    *ret = is_of_process ? asking->process->logon_id : asking->subject.logon_id;
    return is_of_process || asking->subject.has_logon;
}

static enum iw_rc gap_logon(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    uint64_t id;
    if (logon_id_of(asking, &id)) {
        IW_TRY(
            SAY(&ret->why, "the start of logon 0x%llx is not in evidence", (unsigned long long)id));
        return SAY(&ret->evidence, "Security 4624 of %.*s, from when that logon began",
                   IW_STR_ARG(asking->context->host));
    }
    if (asking->subject.process.has_pid || asking->subject.process.image.n != 0)
        return tell_start(asking, &asking->subject.process, ret);
    IW_TRY(SAY(&ret->why, "the event tells neither a logon nor the process it belongs to"));
    return SAY(&ret->evidence, "Security 4624 and Sysmon 1 or Security 4688 of %.*s of that time",
               IW_STR_ARG(asking->context->host));
}

static enum iw_rc gap_user(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    struct iw_str sid = asking->subject.sid;
    if (asking->logon != NULL && asking->logon->sid.n != 0)
        sid = asking->logon->sid;
    if (sid.n == 0)
        return gap_logon(asking, ret);
    IW_TRY(SAY(&ret->why, "nothing in evidence names the account of %.*s", IW_STR_ARG(sid)));
    return SAY(&ret->evidence, "an event that tells SID and name, such as Security 4624 of that "
                               "account");
}

static enum iw_rc gap_elevated(struct iw_context_asking *asking, struct iw_context_gap *ret)
{
    if (asking->logon == NULL || !asking->logon->is_seen)
        return gap_logon(asking, ret);
    IW_TRY(SAY(&ret->why, "the event of that logon does not tell it (ElevatedToken, which it has "
                          "from version 2 on)"));
    return SAY(&ret->evidence, "Security 4672 of %.*s at that logon",
               IW_STR_ARG(asking->context->host));
}

/* --- the table --------------------------------------------------------------------------------
 */

static const struct {
    const char *field;
    enum iw_rc (*gap)(struct iw_context_asking *asking, struct iw_context_gap *ret);
} GAPS[] = {
    {"Web.Site", gap_root},
    {"Web.AppPool", gap_pool},
    {"Web.Root", gap_root},
    {"Web.Url", gap_url},
    {"Web.Executable", gap_executable},
    {"Component.Kind", gap_component},
    {"Component.Name", gap_component},
    {"Component.Status", gap_component},
    {"Ancestor.Image", gap_ancestors},
    {"Ancestor.Seen", gap_ancestors}, /* never asked: what is seen is known */
    {"Logon.Type", gap_logon},
    {"Logon.User", gap_user},
    {"Logon.IpAddress", gap_logon},
    {"Logon.Elevated", gap_elevated},
};

enum iw_rc iw_context_gap_of(struct iw_context_asking *asking, struct iw_str field,
                             const struct iw_context_answer *answer, struct iw_context_gap *ret)
{
    *ret = (struct iw_context_gap){IW_STR(""), IW_STR("")};
    if (answer->is_known && !answer->is_partial)
        return IW_OK;
    for (size_t i = 0; i < sizeof GAPS / sizeof GAPS[0]; i++) {
        if (iw_str_equal_nocase(field, iw_str_of(GAPS[i].field)))
            return GAPS[i].gap(asking, ret);
    }
    return IW_OK;
}
