/*
 * The command line of the lab: iiswarden-lab write | corpus | check | generate | score.
 *
 * What it does: reads options, calls the command, prints one line of result or of error.
 * What it ignores: everything about what is written; see lab/README.md.
 * Exit codes: 0 done, 1 it could not be done (the reason is on standard error), 2 wrong use.
 */
#include "lab/evtx/lab_damage.h"
#include "lab/lab_command_generate.h"
#include "lab/lab_command_score.h"
#include "lab/lab_corpus.h"
#include "lab/lab_generate.h"
#include "lab/lab_ndjson.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_id {
    OPTION_CHUNK_RECORDS = 256,
    OPTION_FORMAT,
    OPTION_LITERAL_CHANNEL,
    OPTION_TEMPLATE_LESS,
    OPTION_NO_CRC,
    OPTION_DAMAGE,
    OPTION_FIRST_RECORD_ID,
    OPTION_BYTES,
    OPTION_SEED,
    OPTION_HOST_COUNT,
    OPTION_PROCESSES
};

struct arguments {
    struct iw_lab_ndjson_options write;
    struct iw_lab_corpus_options corpus;
    const char *output;
    const char *input;
    const char *damages[8];
    size_t n_damages;
};

static int print_usage(FILE *stream)
{
    fputs("usage: iiswarden-lab write INPUT.ndjson -o FILE.evtx [--chunk-records N] [--format "
          "3.1|3.2]\n"
          "                     [--first-record-id N] [--literal-channel] [--template-less] "
          "[--no-crc]\n"
          "                     [--damage KIND]...\n"
          "       iiswarden-lab corpus --bytes SIZE[K|M|G] [--processes] [--seed N] [--host-count "
          "N] -o DIR\n",
          stream);
    iw_lab_command_generate_usage(stream);
    iw_lab_command_score_usage(stream);
    fputs("INPUT may be - for standard input. All that is written is synthetic.\n"
          "Kinds of damage:\n",
          stream);
    for (size_t i = 0; iw_lab_damage_name(i) != NULL; i++) {
        fprintf(stream, "  %-22s %s\n", iw_lab_damage_name(i), iw_lab_damage_meaning(i));
    }
    return stream == stdout ? 0 : 2;
}

static bool read_whole_number(const char *text, uint64_t max, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    *number = strtoull(text, &end, 0);
    return *text >= '0' && *text <= '9' && errno == 0 && *end == '\0' && *number <= max;
}

static bool read_size(const char *text, uint64_t *size_bytes)
{
    static const char units[] = "KMG";
    char *end = NULL;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    const char *unit = *end != '\0' ? strchr(units, *end) : NULL;
    unsigned shift = unit == NULL ? 0 : 10U * (unsigned)(unit - units + 1);
    *size_bytes = number << shift;
    return *text >= '0' && *text <= '9' && errno == 0 &&
           (*end == '\0' || (unit != NULL && end[1] == '\0')) &&
           number <= (UINT64_C(1) << 50 >> shift);
}

static bool read_option(struct arguments *arguments, int id, const char *value)
{
    uint64_t number = 0;
    bool ok = true;
    switch (id) {
    case 'o':
        arguments->output = value;
        break;
    case OPTION_CHUNK_RECORDS:
        ok = read_whole_number(value, UINT32_MAX, &number);
        arguments->write.evtx.chunk_records = (uint32_t)number;
        break;
    case OPTION_FORMAT:
        ok = strcmp(value, "3.1") == 0 || strcmp(value, "3.2") == 0;
        arguments->write.evtx.minor_version = ok && value[2] == '2' ? 2 : 1;
        break;
    case OPTION_LITERAL_CHANNEL:
        arguments->write.literal_channel = true;
        break;
    case OPTION_TEMPLATE_LESS:
        arguments->write.template_less = true;
        break;
    case OPTION_NO_CRC:
        arguments->write.evtx.no_crc = true;
        break;
    case OPTION_FIRST_RECORD_ID:
        ok = read_whole_number(value, UINT64_MAX / 2, &arguments->write.evtx.first_record_id);
        break;
    case OPTION_DAMAGE:
        ok = arguments->n_damages < sizeof arguments->damages / sizeof arguments->damages[0];
        if (ok) {
            arguments->damages[arguments->n_damages++] = value;
        }
        break;
    case OPTION_BYTES:
        ok = read_size(value, &arguments->corpus.size_bytes);
        break;
    case OPTION_SEED:
        ok = read_whole_number(value, UINT64_MAX, &arguments->corpus.seed);
        break;
    case OPTION_HOST_COUNT:
        ok = read_whole_number(value, 1000, &number) && number > 0;
        arguments->corpus.n_hosts = (uint32_t)number;
        break;
    case OPTION_PROCESSES:
        arguments->corpus.is_processes = true;
        break;
    default:
        return false;
    }
    if (!ok) {
        fprintf(stderr, "iiswarden-lab: this value does not fit its option: %s\n", value);
    }
    return ok;
}

static bool read_arguments(int argc, char **argv, struct arguments *arguments)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"chunk-records", required_argument, NULL, OPTION_CHUNK_RECORDS},
        {"format", required_argument, NULL, OPTION_FORMAT},
        {"literal-channel", no_argument, NULL, OPTION_LITERAL_CHANNEL},
        {"template-less", no_argument, NULL, OPTION_TEMPLATE_LESS},
        {"no-crc", no_argument, NULL, OPTION_NO_CRC},
        {"damage", required_argument, NULL, OPTION_DAMAGE},
        {"first-record-id", required_argument, NULL, OPTION_FIRST_RECORD_ID},
        {"bytes", required_argument, NULL, OPTION_BYTES},
        {"seed", required_argument, NULL, OPTION_SEED},
        {"host-count", required_argument, NULL, OPTION_HOST_COUNT},
        {"processes", no_argument, NULL, OPTION_PROCESSES},
        {NULL, 0, NULL, 0},
    };
    int id = 0;
    while ((id = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        if (!read_option(arguments, id, optarg)) {
            return false;
        }
    }
    arguments->input = optind < argc ? argv[optind] : NULL;
    return optind + 1 >= argc && arguments->output != NULL;
}

static bool run_write(const struct arguments *arguments, struct iw_lab_error *error)
{
    uint64_t n_records = 0;
    bool ok = iw_lab_ndjson_write(arguments->input, arguments->output, &arguments->write,
                                  &n_records, error);
    for (size_t i = 0; ok && i < arguments->n_damages; i++) {
        ok = iw_lab_damage_file(arguments->output, arguments->damages[i], error);
    }
    if (ok) {
        printf("%s: %" PRIu64 " records\n", arguments->output, n_records);
    } else if (n_records > 0) {
        remove(arguments->output);
    }
    return ok;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.corpus = {.seed = 1, .n_hosts = 1}};
    struct iw_lab_error error = {.text = "unknown reason"};
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0) {
        return print_usage(stdout);
    }
    if (strcmp(command, "generate") == 0) {
        return iw_lab_command_generate(argc - 1, argv + 1);
    }
    if (strcmp(command, "check") == 0) {
        return iw_lab_command_check(argc - 1, argv + 1);
    }
    if (strcmp(command, "score") == 0) {
        return iw_lab_command_score(argc - 1, argv + 1, iw_lab_generate);
    }
    if (argc < 2 || !read_arguments(argc - 1, argv + 1, &arguments)) {
        return print_usage(stderr);
    }
    bool ok = false;
    if (strcmp(command, "write") == 0 && arguments.input != NULL) {
        ok = run_write(&arguments, &error);
    } else if (strcmp(command, "corpus") == 0 && arguments.input == NULL &&
               arguments.corpus.size_bytes > 0) {
        ok = iw_lab_corpus_write(arguments.output, &arguments.corpus, &error);
    } else {
        return print_usage(stderr);
    }
    if (!ok) {
        fprintf(stderr, "iiswarden-lab: %s\n", error.text);
    }
    return ok ? 0 : 1;
}
