/*
 * A single-threaded reading loop for tests: whole files as one slice each.
 */
#include "tests/support/evtx_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "input/reader.h"

static uint64_t scan_file(const struct iw_evidence *evidence, size_t index,
                          const struct iw_ledger *ledger, struct iw_reader *reader,
                          const struct iw_reader_class *class, struct iw_sigma_scanner *scanner,
                          const struct iw_sigma_ruleset *ruleset, struct iw_batch *batch,
                          scan_callback *callback, void *context)
{
    const struct iw_evidence_file *file = &evidence->files[index];
    const struct iw_slice slice = {index, 0, file->size_bytes, true};
    struct iw_account account = {0};
    uint64_t n_decoded = 0;
    int fd = -1;

    assert_int_equal(iw_evidence_open(file, ledger, &fd, NULL), IW_OK);
    assert_int_equal(class->begin(reader, fd, file, &slice, &account), IW_OK);
    while (class->next(reader, batch) == IW_OK) {
        for (size_t i = 0; i < batch->n; i++) {
            const struct iw_event *event = &batch->events[i];
            const uint32_t *rules;
            size_t n;
            if ((event->flags & IW_EVENT_DECODED) == 0)
                continue;
            n_decoded++;
            assert_int_equal(iw_sigma_scanner_match(scanner, event, &rules, &n), IW_OK);
            for (size_t k = 0; k < n; k++) {
                const struct scan_match match = {ledger->sources[file->ledger_index].path, event,
                                                 iw_sigma_ruleset_rule(ruleset, rules[k])};
                callback(context, &match);
            }
        }
    }
    (void)close(fd);
    return n_decoded;
}

uint64_t scan_evtx(const char *path, const struct iw_names *names,
                   const struct iw_sigma_ruleset *ruleset, scan_callback *callback, void *context)
{
    const char *const paths[] = {path};
    const struct iw_evidence_options options = {.paths = paths, .n_paths = 1};
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_EVTX);
    struct iw_sigma_scanner *scanner = iw_sigma_scanner_new(ruleset);
    struct iw_batch *batch = calloc(1, sizeof *batch);
    struct iw_evidence evidence;
    struct iw_reader *reader;
    struct iw_ledger ledger;
    struct iw_route route;
    uint64_t n_decoded = 0;

    assert_true(scanner != NULL && batch != NULL);
    iw_ledger_init(&ledger);
    iw_route_init(&route);
    iw_batch_init(batch);
    assert_int_equal(iw_sigma_ruleset_route(ruleset, &route), IW_OK);
    assert_int_equal(iw_evidence_walk(&options, -1, &ledger, &evidence, NULL), IW_OK);
    reader = class->make(&(struct iw_reader_options){.names = names, .route = &route});
    assert_non_null(reader);
    for (size_t i = 0; i < evidence.n; i++)
        n_decoded += scan_file(&evidence, i, &ledger, reader, class, scanner, ruleset, batch,
                               callback, context);
    class->free(reader);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
    iw_route_done(&route);
    iw_batch_done(batch);
    free(batch);
    iw_sigma_scanner_free(scanner);
    return n_decoded;
}

bool unpack_archive(const char *archive, char *folder)
{
    int status = 1;
    pid_t child;

    if (mkdtemp(folder) == NULL)
        return false;
    child = fork();
    if (child == 0) {
        (void)execlp("tar", "tar", "-xJf", archive, "-C", folder, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

void remove_folder(const char *folder)
{
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("rm", "rm", "-rf", "--", folder, (char *)NULL);
        _exit(127);
    }
    (void)waitpid(child, &status, 0);
}
