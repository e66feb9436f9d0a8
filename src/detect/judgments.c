/*
 * The judgments, in the order in which they speak: of two that say the same level the first gives
 * the title. Those that only add to what others said come last.
 */
#include "detect/judgment.h"

static const struct iw_judgment JUDGMENTS[] = {
    {"signature", iw_judge_signatures},
    {"interpreter", iw_judge_interpreters},
    {"baseline", iw_judge_baseline},
    {"static-handler", iw_judge_static_handlers},
    {"known-name", iw_judge_known_names},
    {"path", iw_judge_paths},
    {"unknown", iw_judge_unknown},
    {"permission", iw_judge_permissions},
    {"history", iw_judge_history},
    {"load", iw_judge_loads},
    {"unregistered", iw_judge_unregistered},
    {"web-file", iw_judge_web_files},
    {"server-wrote", iw_judge_server_wrote},
    {"missing", iw_judge_missing},
    {"farm", iw_judge_farm},
    {"estate", iw_judge_estate},
    {"silent-change", iw_judge_silent_changes},
    {"damage", iw_judge_damage},
};

const struct iw_judgment *iw_judgments(size_t *ret_n)
{
    *ret_n = sizeof JUDGMENTS / sizeof JUDGMENTS[0];
    return JUDGMENTS;
}
