/**
 * Runs commands as the shell would, in a folder of their own, and keeps what they printed.
 */
#ifndef IW_TESTS_UNIT_CLI_COMMAND_RIG_H
#define IW_TESTS_UNIT_CLI_COMMAND_RIG_H

#include <stddef.h>

/** What the last run said on standard output and on standard error. */
extern char said[200000], complained[20000];

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define RUN(...) run_to("stdout", WORDS(__VA_ARGS__))
#define TEST(name) cmocka_unit_test_setup_teardown(name, command_setup, command_teardown)

/** Makes a folder and enters it; forgets what the fake engine was asked. */
int command_setup(void **state);
/** Leaves the folder and removes it, with the files that tests may leave in it. */
int command_teardown(void **state);

/** Runs the program on *words* (NULL-terminated, without its name); its exit status. What it prints
 * is kept, on standard output only where *stdout_name* is "stdout". */
int run_to(const char *stdout_name, const char *const *words);

/** Makes the descriptor write into the file; returns what to give restore(). */
int redirect(int fd, const char *name);
void restore(int fd, int kept);

void read_back(const char *name, char *out, size_t size);
void write_file(const char *name, const char *text, size_t n);
void assert_said(const char *text);
void assert_complained(const char *text);

#endif
