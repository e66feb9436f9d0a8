/**
 * What the tests of IIS configuration share: a configuration from texts, and real files of the
 * public evidence.
 */
#ifndef IW_TESTS_CONFIG_RIG_H
#define IW_TESTS_CONFIG_RIG_H

#include "base/buffer.h"
#include "base/file.h"
#include "base/limits.h"
#include "iis/config/config_effective.h"
#include "tests/support/shared_data.h"

/** Reads data/iisconfig/NAME of the public evidence; false, after a word, when it is not there. */
bool config_evidence(const char *name, struct iw_arena *arena, struct iw_str *ret);

/** One file of a configuration. */
struct config_text {
    enum iw_config_role role;
    const char *name;  /* NULL: by its role */
    const char *place; /* of a web.config */
    const char *text;  /* NULL ends a list */
};

/** Files of a list, settled. Others name texts of *named* (NULL: none), a list as well. */
struct iw_config *config_of(const struct config_text *files, const struct config_text *named);
/** Only applicationHost.config. */
struct iw_config *config_of_server(const char *text);

/** The values of an attribute of the entries in force there, joined by spaces; "?" at the end where
 * there may be others. Static. */
const char *config_in_force(const struct iw_config *config, const char *section, const char *below,
                            const char *attribute, const char *place);
/** The problems as "kind:line" (kind as in the enum, without its prefix, in small letters), joined
 * by spaces. Static. */
const char *config_problems(const struct iw_config *config);

#endif
