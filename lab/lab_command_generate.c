/*
 * The command lines of `generate` and `check` (see lab_command_generate.h).
 *
 * What it does: options, one call for each scenario, one line of result. What it ignores: what a
 * scenario says.
 */
#include "lab/lab_command_generate.h"

#include "lab/lab_generate.h"
#include "lab/scenario/lab_scenario.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WITHOUT 32U
#define MAX_JITTER_NS (86400 * INT64_C(1000000000))

enum option_id {
    OPTION_SEED = 256,
    OPTION_SCALE,
    OPTION_NAMES,
    OPTION_JITTER,
    OPTION_WITHOUT,
    OPTION_ONLY_4688
};

void iw_lab_command_generate_usage(FILE *stream)
{
    fputs("       iiswarden-lab check SCENARIO.yml...\n"
          "       iiswarden-lab generate SCENARIO.yml -o DIR|- [--seed N] [--scale N] [--names N]\n"
          "                     [--jitter TIME] [--without SOURCE]... [--only-4688]\n"
          "                     (-o -: events of all hosts as JSON lines to standard output)\n",
          stream);
}

static int fail_usage(const char *what)
{
    fprintf(stderr, "iiswarden-lab: %s\nusage:\n", what);
    iw_lab_command_generate_usage(stderr);
    return 2;
}

static bool read_number(const char *text, uint64_t max, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *number > 0 &&
           *number <= max;
}

struct request {
    struct iw_lab_generate_options options;
    const char *without[MAX_WITHOUT];
};

static bool read_option(struct request *request, int id, const char *value)
{
    struct iw_lab_generate_options *options = &request->options;
    uint64_t number = 0;
    uint64_t span = 0;
    switch (id) {
    case 'o':
        options->is_stream = strcmp(value, "-") == 0;
        options->output = value;
        return true;
    case OPTION_SEED:
        return read_number(value, UINT32_MAX, &options->seed);
    case OPTION_SCALE:
        options->scale = read_number(value, 1000000, &number) ? (uint32_t)number : 0;
        return options->scale > 0;
    case OPTION_NAMES:
        options->names = read_number(value, 100, &number) ? (uint32_t)number : 0;
        return options->names > 0;
    case OPTION_JITTER:
        options->jitter_ns = iw_lab_yaml_read_span(value, &span) ? (int64_t)span * 100 : -1;
        return options->jitter_ns >= 0 && options->jitter_ns <= MAX_JITTER_NS;
    case OPTION_WITHOUT:
        if (options->n_without == MAX_WITHOUT || !iw_lab_scenario_is_source(value)) {
            return false;
        }
        request->without[options->n_without++] = value;
        return true;
    case OPTION_ONLY_4688:
        return options->is_only_4688 = true;
    default:
        return false;
    }
}

int iw_lab_command_generate(int argc, char **argv)
{
    static const struct option table[] = {
        {"output", required_argument, NULL, 'o'},
        {"seed", required_argument, NULL, OPTION_SEED},
        {"scale", required_argument, NULL, OPTION_SCALE},
        {"names", required_argument, NULL, OPTION_NAMES},
        {"jitter", required_argument, NULL, OPTION_JITTER},
        {"without", required_argument, NULL, OPTION_WITHOUT},
        {"only-4688", no_argument, NULL, OPTION_ONLY_4688},
        {NULL, 0, NULL, 0},
    };
    struct request request = {.options = {.names = 1}};
    struct iw_lab_error error = {.text = "unknown reason"};
    int id = 0;
    request.options.without = request.without;
    while ((id = getopt_long(argc, argv, "o:", table, NULL)) != -1) {
        if (!read_option(&request, id, optarg)) {
            return fail_usage("this option or its value is not understood");
        }
    }
    if (optind + 1 != argc || request.options.output == NULL) {
        return fail_usage("one scenario and -o DIR are needed");
    }
    request.options.scenario = argv[optind];
    if (!iw_lab_generate(&request.options, &error)) {
        fprintf(stderr, "iiswarden-lab: %s\n", error.text);
        return 1;
    }
    return 0;
}

int iw_lab_command_check(int argc, char **argv)
{
    int status = 0;
    if (argc < 2) {
        return fail_usage("which scenarios?");
    }
    for (int i = 1; i < argc; i++) {
        struct iw_lab_generate_options options = {.scenario = argv[i], .names = 1};
        struct iw_lab_error error = {.text = "unknown reason"};
        if (iw_lab_generate(&options, &error)) {
            printf("%s: good\n", argv[i]);
        } else {
            fprintf(stderr, "iiswarden-lab: %s\n", error.text);
            status = 1;
        }
    }
    return status;
}
