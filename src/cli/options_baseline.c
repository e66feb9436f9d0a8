#include "cli/options_baseline.h"

#include "base/file.h"
#include "base/timestamp.h"
#include "cli/session.h"

void iw_baseline_server_options(const struct iw_arguments *arguments, struct iw_server_options *ret)
{
    ret->baseline_path = arguments->baseline;
    ret->baseline_key_path = arguments->baseline_key;
    ret->baseline_sequence = arguments->minimum_sequence;
    ret->known_hash_paths = (const char *const *)arguments->known_hashes.items;
    ret->n_known_hash_paths = arguments->known_hashes.n;
}

enum iw_rc iw_baseline_check_paths(const struct iw_arguments *arguments, struct iw_error *err)
{
    IW_TRY(iw_session_check_path("--baseline", arguments->baseline, err));
    IW_TRY(iw_session_check_path("--baseline-key", arguments->baseline_key, err));
    return iw_session_check_paths("--known-hashes", &arguments->known_hashes, err);
}

enum iw_rc iw_baseline_read_operand(const struct iw_arguments *arguments, struct iw_arena *arena,
                                    struct iw_str *ret, struct iw_error *err)
{
    if (arguments->operands.n != 1)
        return iw_error_set(err, IW_EUSAGE, "name one baseline");
    IW_TRY(iw_session_check_path("baseline", arguments->operands.items[0], err));
    return iw_file_read(arguments->operands.items[0], IW_LIMIT_BASELINE_BYTES, arena, ret, err);
}

enum iw_rc iw_behaviour_check(const struct iw_arguments *arguments, bool needs_span,
                              struct iw_error *err)
{
    bool has_since = iw_time_known(arguments->since_ns);
    bool has_until = iw_time_known(arguments->until_ns);
    if (!arguments->behaviour)
        return has_since || has_until
                   ? iw_error_set(err, IW_EUSAGE,
                                  "--since and --until are of behaviour: say --behaviour too")
                   : IW_OK;
    if (needs_span && (!has_since || !has_until))
        return iw_error_set(err, IW_EUSAGE,
                            "--behaviour needs --since and --until: the span you know to be clean");
    if (has_since && has_until && arguments->since_ns > arguments->until_ns)
        return iw_error_set(err, IW_EUSAGE, "--since is later than --until");
    return IW_OK;
}

enum iw_rc iw_behaviour_read(struct iw_session *session, const struct iw_server_options *servers,
                             bool keeps_refused, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    const struct iw_learn_options learn = {arguments->since_ns, arguments->until_ns, keeps_refused};
    const struct iw_hunt_options hunt = {.since_ns = arguments->since_ns,
                                         .until_ns = arguments->until_ns,
                                         .servers = *servers,
                                         .learn = &learn};
    struct iw_engine_options engine = iw_session_engine_options(session);
    if (!arguments->behaviour)
        return iw_engine_inventory(&engine, servers, &session->run, err);
    return iw_engine_hunt(&engine, &hunt, &session->run, err);
}
