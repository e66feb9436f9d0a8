/**
 * The command line: what a user types becomes calls of engine/, what the engine says becomes text,
 * a file and an exit status. The only room that prints or exits.
 */
#ifndef IW_CLI_CLI_H
#define IW_CLI_CLI_H

#include "cli/option.h"

/** Exit status (docs/DATA-MODEL.md). The first four are added up. */
enum iw_exit {
    IW_EXIT_NOTHING = 0,
    IW_EXIT_FINDINGS = 1, /* at or above --fail-level */
    IW_EXIT_LOSS = 2,     /* recognised evidence was lost; with --strict also: a rule was refused */
    IW_EXIT_BLIND =
        4, /* with --fail-on-blind: an analytic is blind on a host, a canary was not seen */
    IW_EXIT_USAGE = 64,
    IW_EXIT_FAILED = 70, /* could not run, or could not write what it found */
    IW_EXIT_INTERRUPTED = 130
};

/** The last place is of the one form more that a command has. */
enum iw_format {
    IW_FORMAT_AUTO = 0,
    IW_FORMAT_TABLE,
    IW_FORMAT_NDJSON,
    IW_FORMAT_CSV,
    IW_FORMAT_MARKDOWN = IW_FORMAT_CSV
};
enum iw_when { IW_WHEN_AUTO = 0, IW_WHEN_ALWAYS, IW_WHEN_NEVER };

/** Everything a user can say. Commands read the members their options set; the rest is 0. */
struct iw_arguments {
    struct iw_word_list operands;
    char *command_line; /* as typed, quoted for a shell: kept in the manifest */
    bool help;
    /* every command that reads evidence */
    int format; /* enum iw_format */
    const char *output, *manifest, *host;
    uint64_t n_jobs; /* 0 = as many as processors */
    bool recover, verify, no_confine, quiet;
    int color, progress; /* enum iw_when */
    /* hunt */
    struct iw_word_list rules, only_rules;
    const char *placeholders;     /* file */
    int min_level, fail_level;    /* enum iw_level; -1 = not said */
    int64_t since_ns, until_ns;   /* IW_TIME_UNKNOWN = open */
    struct iw_word_list settings; /* NAME=VALUE */
    const char *settings_file;
    int correlation_fire; /* position in command_hunt.c's FIRE_CHOICES */
    bool strict;
    bool fail_on_blind;
    const char *coverage; /* file */
    /* events */
    struct iw_word_list where, fields;
    bool profile;
    /* inventory, and what is known of servers */
    struct iw_word_list trust, yara, web_roots;
    bool show_all;
    /* baseline; what hunt compares with */
    const char *baseline, *baseline_key; /* files */
    uint64_t minimum_sequence, sequence; /* 0 = not said */
    struct iw_word_list known_hashes, differences, changes;
    const char *changes_map, *estate; /* files */
    struct iw_word_list telemetry;    /* files */
    bool farm, behaviour;
    const char *from, *by, *ticket, *reason, *key, *public_key;
    int64_t expires_ns; /* IW_TIME_UNKNOWN = never */
    /* coverage */
    int emit;                                  /* position in iw_emit_choices */
    const char *canary_plan, *canary, *marker; /* files, and a word */
    bool audit, by_rule;
    const char *of_rule; /* a text of rules */
    /* collect-list */
    bool kape, velociraptor, powershell;
    /* rules */
    const char *pattern;
    int fail_on; /* enum iw_severity; -1 = not said */
    uint64_t record_id, limit;
    bool list_checks;
};

/** Frees what options added to them; they are not to be used again. */
void iw_arguments_done(struct iw_arguments *arguments);

/** One row of the command table. */
struct iw_command {
    const char *name;     /* one word or two: "hunt", "rules list" */
    const char *operands; /* for the usage line */
    const char *summary;  /* one line of the overall help */
    const char *description;
    const struct iw_option *options;
    size_t n_options;
    int (*run)(const struct iw_arguments *arguments); /* returns an exit status */
};

extern const struct iw_command iw_command_hunt;
extern const struct iw_command iw_command_coverage;
extern const struct iw_command iw_command_events;
extern const struct iw_command iw_command_inventory;
extern const struct iw_command iw_command_collect_list;
extern const struct iw_command iw_command_rules_list;
extern const struct iw_command iw_command_rules_check;
extern const struct iw_command iw_command_rules_explain;
extern const struct iw_command iw_command_rules_test;
extern const struct iw_command iw_command_baseline_create;
extern const struct iw_command iw_command_baseline_diff;
extern const struct iw_command iw_command_baseline_approve;
extern const struct iw_command iw_command_baseline_sign;
extern const struct iw_command iw_command_baseline_verify;
extern const struct iw_command iw_command_help;

/** The commands in the order of the help; *ret_n is their number. */
const struct iw_command *const *iw_commands(size_t *ret_n);
/** The command that the first of *n_words* words name; *ret_used is how many of them are its name.
 * NULL when none is. */
const struct iw_command *iw_command_find(const char *const *words, size_t n_words,
                                         size_t *ret_used);
/** Whether *word* is the first word of commands of two words. */
bool iw_command_is_group(const char *word);

/** Options of the program itself, before a command. */
const struct iw_option *iw_global_options(size_t *ret_n);

/** Prints the help of a command, or of the program when NULL, on standard output. An exit status.
 */
int iw_cli_help(const struct iw_command *command);
/** The same for a group of commands. */
int iw_cli_help_group(const char *word);

/** One line on standard error, `iiswarden: ...`, made printable. */
void iw_cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Says an error and returns the exit status that fits its code. */
int iw_cli_fail(const struct iw_error *err);

/** main() without the process around it. */
int iw_cli_main(int argc, const char *const *argv);

#endif
