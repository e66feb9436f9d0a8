#include "engine/requests.h"

#include "base/limits.h"

static enum iw_rc keep_failure(enum iw_rc rc, const struct iw_error *failure, struct iw_run *run)
{
    if (rc != IW_EIO)
        return rc;
    if (run->failure.rc == IW_OK)
        run->failure = *failure;
    return IW_OK;
}

enum iw_rc iw_requests_end(struct iw_url_requests_feed *feed, struct iw_run *run)
{
    struct iw_error failure = {.rc = IW_OK};
    return keep_failure(iw_url_requests_feed_end(feed, &failure), &failure, run);
}

enum iw_rc iw_requests_settle(struct iw_url_requests **requests, const struct iw_hosts *hosts,
                              struct iw_run *run)
{
    struct iw_error failure = {.rc = IW_OK};
    uint64_t n_hidden = iw_url_requests_hidden(*requests);
    enum iw_rc rc = iw_url_requests_settle(*requests, hosts, &failure);
    if (rc == IW_EIO) {
        iw_url_requests_free(*requests);
        *requests = NULL;
    }
    IW_TRY(keep_failure(rc, &failure, run));
    if (n_hidden == 0)
        return IW_OK;
    return iw_run_note(run,
                       "%llu lines are of more than %u logs of requests (computer and site): from "
                       "when to when those have lines is not known",
                       (unsigned long long)n_hidden, IW_LIMIT_REQUEST_LOGS);
}
