/*
 * Confinement: both halves, and what to tell the user where one is missing. Neither failure ends
 * the run: reading without a net is worse than with one, but better than not at all.
 */
#include "evidence/confine.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "evidence/landlock.h"
#include "evidence/seccomp.h"

/* Sanitizers read their process's maps when they report; tests only. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#define EXTRA_PATHS "/proc", "/sys"
#else
#define EXTRA_PATHS "/proc/self/status"
#endif

static int confine_files(const char *const *paths, size_t n_paths)
{
    static const char *const EXTRA[] = {EXTRA_PATHS};
    const size_t n_extra = sizeof EXTRA / sizeof EXTRA[0];
    const char **all;
    size_t n_all;
    int result;

    if (__builtin_add_overflow(n_paths, n_extra, &n_all))
        return ENOMEM;
    all = iw_calloc(n_all, sizeof *all);
    if (all == NULL)
        return ENOMEM;
    for (size_t i = 0; i < n_paths; i++)
        all[i] = paths[i];
    for (size_t i = 0; i < n_extra; i++)
        all[n_paths + i] = EXTRA[i];
    result = iw_landlock_confine(all, n_all);
    iw_free(all);
    return result;
}

static const char *describe(int result, char *out, size_t n)
{
    if (result == ENOSYS || result == EOPNOTSUPP || result == EINVAL)
        return "not offered by this kernel";
    return strerror_r(result, out, n);
}

static enum iw_confinement_state state_of(int result, const char *name, struct iw_run *run)
{
    char text[64];
    size_t used = strlen(run->confinement_why);
    if (result == 0)
        return IW_CONFINEMENT_ON;
    (void)snprintf(run->confinement_why + used, sizeof run->confinement_why - used, "%s%s: %s",
                   used != 0 ? "; " : "", name, describe(result, text, sizeof text));
    return IW_CONFINEMENT_UNAVAILABLE;
}

void iw_confine(const char *const *paths, size_t n_paths, struct iw_run *run)
{
    uint8_t digest[32];
    /* The crypto library opens its configuration when it is first used: now, or not at all. */
    (void)iw_sha256(IW_STR(""), digest);
    run->confinement_why[0] = '\0';
    run->landlock = state_of(confine_files(paths, n_paths), "Landlock", run);
    run->seccomp = state_of(iw_seccomp_confine(), "seccomp", run);
}
