#include "cli/options_baseline.h"

#include "base/file.h"
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
