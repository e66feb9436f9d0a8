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

struct scan {
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    struct iw_reader *reader;
    struct iw_batch batch;
    scan_event_callback *callback;
    void *context;
};

static uint64_t scan_file(struct scan *scan, const struct iw_reader_class *class, size_t index)
{
    const struct iw_evidence_file *file = &scan->evidence.files[index];
    const struct iw_slice slice = {index, 0, file->size_bytes, true};
    struct iw_account account = {0};
    uint64_t n_decoded = 0;
    int fd = -1;

    assert_int_equal(iw_evidence_open(file, &scan->ledger, &fd, NULL), IW_OK);
    assert_int_equal(class->begin(scan->reader, fd, file, &slice, &account), IW_OK);
    while (class->next(scan->reader, &scan->batch) == IW_OK) {
        for (size_t i = 0; i < scan->batch.n; i++) {
            const struct iw_event *event = &scan->batch.events[i];
            if ((event->flags & IW_EVENT_DECODED) == 0)
                continue;
            n_decoded++;
            scan->callback(scan->context, scan->ledger.sources[file->ledger_index].path, event);
        }
    }
    (void)close(fd);
    return n_decoded;
}

uint64_t scan_events(const char *path, const struct iw_names *names,
                     const struct iw_sigma_ruleset *ruleset, scan_event_callback *callback,
                     void *context)
{
    const char *const paths[] = {path};
    const struct iw_evidence_options options = {.paths = paths, .n_paths = 1};
    const struct iw_reader_class *class = iw_reader_class_of(IW_EVIDENCE_EVTX);
    struct scan *scan = calloc(1, sizeof *scan);
    struct iw_route route;
    uint64_t n_decoded = 0;

    assert_non_null(scan);
    scan->callback = callback;
    scan->context = context;
    iw_ledger_init(&scan->ledger);
    iw_route_init(&route);
    assert_int_equal(iw_batch_init(&scan->batch), IW_OK);
    assert_int_equal(iw_sigma_ruleset_route(ruleset, &route), IW_OK);
    assert_int_equal(iw_evidence_walk(&options, NULL, &scan->ledger, &scan->evidence, NULL), IW_OK);
    scan->reader = class->make(&(struct iw_reader_options){.names = names, .route = &route});
    assert_non_null(scan->reader);
    for (size_t i = 0; i < scan->evidence.n; i++) {
        if (scan->evidence.files[i].kind == IW_EVIDENCE_EVTX)
            n_decoded += scan_file(scan, class, i);
    }
    class->free(scan->reader);
    iw_evidence_done(&scan->evidence);
    iw_ledger_done(&scan->ledger);
    iw_route_done(&route);
    iw_batch_done(&scan->batch);
    free(scan);
    return n_decoded;
}

struct matching {
    struct iw_sigma_scanner *scanner;
    const struct iw_sigma_ruleset *ruleset;
    scan_callback *callback;
    void *context;
};

static void match_event(void *context, struct iw_str path, const struct iw_event *event)
{
    struct matching *matching = context;
    const uint32_t *rules;
    size_t n;

    assert_int_equal(iw_sigma_scanner_match(matching->scanner, event, &rules, &n), IW_OK);
    for (size_t i = 0; i < n; i++) {
        const struct scan_match match = {path, event,
                                         iw_sigma_ruleset_rule(matching->ruleset, rules[i])};
        matching->callback(matching->context, &match);
    }
}

uint64_t scan_evtx(const char *path, const struct iw_names *names,
                   const struct iw_sigma_ruleset *ruleset, scan_callback *callback, void *context)
{
    struct matching matching = {iw_sigma_scanner_new(ruleset), ruleset, callback, context};
    uint64_t n_decoded;

    assert_non_null(matching.scanner);
    n_decoded = scan_events(path, names, ruleset, match_event, &matching);
    iw_sigma_scanner_free(matching.scanner);
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
