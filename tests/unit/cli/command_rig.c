#include "command_rig.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "fake_engine.h"

char said[200000], complained[20000];
static char folder[64];

void read_back(const char *name, char *out, size_t size)
{
    FILE *file = fopen(name, "r");
    size_t n;
    assert_non_null(file);
    n = fread(out, 1, size - 1, file);
    out[n] = '\0';
    (void)fclose(file);
}

int redirect(int fd, const char *name)
{
    int kept = dup(fd), file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(kept >= 0 && file >= 0);
    assert_int_equal(dup2(file, fd), fd);
    (void)close(file);
    return kept;
}

void restore(int fd, int kept)
{
    assert_int_equal(dup2(kept, fd), fd);
    (void)close(kept);
}

int run_to(const char *stdout_name, const char *const *words)
{
    const char *argv[32] = {"iiswarden"};
    int argc = 1, status, kept_out, kept_err;
    for (; words[argc - 1] != NULL; argc++)
        argv[argc] = words[argc - 1];
    (void)fflush(NULL);
    kept_out = redirect(STDOUT_FILENO, stdout_name);
    kept_err = redirect(STDERR_FILENO, "stderr");
    status = iw_cli_main(argc, argv);
    (void)fflush(NULL);
    restore(STDOUT_FILENO, kept_out);
    restore(STDERR_FILENO, kept_err);
    read_back("stderr", complained, sizeof complained);
    if (strcmp(stdout_name, "stdout") == 0)
        read_back("stdout", said, sizeof said);
    return status;
}

int command_setup(void **state)
{
    (void)state;
    fake_engine_reset();
    (void)snprintf(folder, sizeof folder, "cli-test-XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

int command_teardown(void **state)
{
    static const char *const NAMES[] = {"stdout", "stderr", "out", "manifest", "evidence", "link"};
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        (void)remove(NAMES[i]);
    return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

void write_file(const char *name, const char *text, size_t n)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

void assert_said(const char *text)
{
    if (strstr(said, text) == NULL)
        fail_msg("not said: %s\nbut:\n%s", text, said);
}

void assert_complained(const char *text)
{
    if (strstr(complained, text) == NULL)
        fail_msg("not complained: %s\nbut:\n%s", text, complained);
}
