/*
 * A deployment to a web site by one of the usual tools; of acts and of daily life.
 */
#ifndef IW_LAB_DEPLOY_H
#define IW_LAB_DEPLOY_H

#include "lab/act/lab_deed.h"

struct iw_lab_deployment {
    const char *tool; /* msdeploy robocopy xcopy octopus azure git */
    struct iw_lab_session *session;
    const struct iw_lab_site *site;
    const char *place;        /* URL, "/" is the site's root */
    const char *const *files; /* names below it */
    size_t n_files;
    size_t n_invented; /* that many files of usual names */
};

/* False: there is no such tool or place, or (noted in the world) no such file. */
bool iw_lab_deploy(struct iw_lab_host *host, const struct iw_lab_deployment *deployment);

#endif
