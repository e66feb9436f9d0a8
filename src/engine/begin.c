/*
 * Pass 0. The order matters: everything that needs the outside (temporary files, libraries that
 * read configuration) comes before confinement, everything that looks at evidence after it.
 */
#include "engine/begin.h"

#include <unistd.h>

#include "base/hash.h"
#include "evidence/confine.h"

static bool wants_stdin(const struct iw_engine_options *options)
{
    for (size_t i = 0; i < options->n_paths; i++) {
        if (strcmp(options->paths[i], "-") == 0)
            return true;
    }
    return false;
}

enum iw_rc iw_pass0_run(const struct iw_engine_options *options, struct iw_run *run,
                        struct iw_pass0 *ret, struct iw_error *err)
{
    struct iw_evidence_options walk = {options->paths, options->n_paths, options->host,
                                       options->cancelled};
    uint8_t digest[32];
    enum iw_rc rc = IW_OK;

    memset(&ret->evidence, 0, sizeof ret->evidence);
    iw_stream_init(&ret->input);
    (void)iw_sha256(IW_STR(""),
                    digest); /* the library reads its configuration once, while it may */
    if (wants_stdin(options))
        rc = iw_stream_begin(&ret->input, STDIN_FILENO, IW_LIMIT_STDIN_BYTES, options->cancelled,
                             err);
    if (rc == IW_ECANCELLED) {
        run->interrupted = true;
        return IW_OK;
    }
    IW_TRY(rc);
    if (options->confine)
        iw_confine(options->paths, options->n_paths, run);
    if (options->ready != NULL)
        options->ready(options->ready_context);
    rc = iw_evidence_walk(&walk, wants_stdin(options) ? &ret->input : NULL, &run->ledger,
                          &ret->evidence, err);
    if (rc == IW_ECANCELLED) {
        run->interrupted = true;
        return IW_OK;
    }
    if (rc == IW_OK && options->progress != NULL) {
        options->progress->is_open_ended = ret->evidence.is_open_ended;
        options->progress->total_bytes = ret->evidence.total_bytes;
    }
    return rc;
}

void iw_pass0_done(struct iw_pass0 *pass0)
{
    iw_evidence_done(&pass0->evidence);
    iw_stream_done(&pass0->input);
}
