#include "tests/unit/lab/lab_scenario_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/lab_generate.h"
#include "tests/unit/lab/lab_scenario_support.h"

static struct scenario_file file;

int make_folder(void **state)
{
    (void)state;
    return scenario_file_make(&file, "t") ? 0 : -1;
}

int remove_folder(void **state)
{
    (void)state;
    scenario_file_remove(&file);
    return 0;
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

const char *play_parts(const struct parts *parts)
{
    static struct iw_lab_error error;
    char text[65536];
    struct iw_lab_generate_options options = {
        .scenario = file.path, .seed = parts->seed, .jitter_ns = parts->jitter_ns};
    int used = snprintf(
        text, sizeof text,
        "scenario: t\nabout: a test\nfamily: quiet\nstart: 2026-01-05T06:00:00Z\n"
        "end: 2026-01-05T18:00:00Z\naccounts: [{name: jo, privileged: true}]\n%s"
        "hosts:\n%s\nlife: %s\nacts:\n%s\ntruth: %s\n",
        or_else(parts->head, ""),
        or_else(parts->hosts, "  - {name: WEB01, address: 10.20.1.21, role: aspnet}"),
        or_else(parts->life, "[]"), or_else(parts->acts, "  []"), or_else(parts->truth, "{}"));
    assert_true(used > 0 && (size_t)used < sizeof text);
    assert_true(scenario_file_write(&file, text));
    error.text[0] = '\0';
    if (iw_lab_generate(&options, &error)) {
        return "";
    }
    assert_memory_equal(error.text, file.path, strlen(file.path));
    assert_int_equal(error.text[strlen(file.path)], ':');
    return error.text + strlen(file.path) + 1;
}

const char *play_acts(const char *acts)
{
    struct parts parts = {.acts = acts};
    return play_parts(&parts);
}
