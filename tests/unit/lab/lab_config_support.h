/*
 * What the tests of the invented IIS configuration share: a farm, changes in one line, and checks
 * that fail the test.
 */
#ifndef IW_TEST_LAB_CONFIG_SUPPORT_H
#define IW_TEST_LAB_CONFIG_SUPPORT_H

#include "lab/config/lab_config.h"

enum { MAX_ATTRIBUTES = 6 };

/* One change in one line: names and values in turn, up to a NULL. */
struct line {
    enum iw_lab_config_verb verb;
    const char *section;
    const char *location;
    const char *words[2 * MAX_ATTRIBUTES + 1];
};

/* The change is done; steps may be NULL. */
void must_apply(struct iw_lab_config *config, const struct line *line,
                struct iw_lab_config_steps *steps);
/* The change is refused with a reason that holds these words, and the file is as it was. */
void must_refuse(struct iw_lab_config *config, const struct line *line, const char *reason);
void check_step(const struct iw_lab_config_steps *steps, size_t i, const char *configuration,
                const char *old_value, const char *new_value);
/* Pool ShopPool, site Shop (2) with application /api and directory /api/docs. */
void add_shop(struct iw_lab_config *config);
/* A server with ASP.NET and the shop. */
struct iw_lab_config *new_shop(void);
/* The printed file holds the text, or does not. */
void check_has(const struct iw_lab_config *config, const char *text);
void check_has_not(const struct iw_lab_config *config, const char *text);

#endif
