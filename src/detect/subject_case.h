/**
 * A case: what the judgments have to say of one subject, a component or a file, until it becomes a
 * finding.
 *
 * Lives in the arena of its server. The highest level that is said counts, with the title that was
 * said with it (the first of several); reasons stand in the order they were said.
 */
#ifndef IW_DETECT_SUBJECT_CASE_H
#define IW_DETECT_SUBJECT_CASE_H

#include "context/server_events.h"
#include "iis/baseline/baseline.h"
#include "iis/change/changes.h"
#include "result/inventory.h"

struct iw_judging;

/** A list of lines that grows in an arena. */
struct iw_lines {
    struct iw_str *items;
    size_t n, cap;
    size_t n_hidden; /* past IW_LIMIT_CASE_LINES */
};

/** Evidence that the judgment itself has at hand, beside what entries and facts give. */
struct iw_case_item {
    struct iw_case_item *next;
    struct iw_evidence_item item;
};

/** In what a subject is not as the baseline has it. */
struct iw_case_difference {
    bool is_said;
    bool is_new;   /* not in the baseline at all */
    bool in_entry; /* an entry of configuration differs */
    bool in_file;  /* a file differs */
    enum iw_level level;
    struct iw_str title;
};

/** What deployment activity has to do with the difference. */
struct iw_case_deployment {
    const char
        *words; /* what deployed; static; NULL: no deployment is known to have done any of it */
    bool is_weighed;       /* the difference weighs less for it */
    const char *objection; /* why not; static; NULL: none */
    int64_t first_ns;      /* the first that it did */
    struct iw_str line;    /* all of it in words, as it stands in why; of a tool that copied it for
                              nobody can tell whom, too */
};

struct iw_case {
    struct iw_judging *judging;
    struct iw_str key; /* of the subject, lower case */
    const char *kind;
    struct iw_str name, scope, image;
    const struct iw_inventory_web_file *web_file; /* NULL: a component */
    const struct iw_inventory_web_file *program;  /* the component's file, where requests for it run
                                                     it (web_program.h); NULL: none */
    size_t first, n;   /* components of the subject: places in judging->by_key; n 0: none */
    bool is_said;      /* a judgment said something: a finding will be made */
    bool is_said_else; /* one said something beside that it is not as in the baseline */
    enum iw_level level_else;
    struct iw_str title_else;
    struct iw_case_difference difference;
    struct iw_case_deployment deployment; /* iw_case_weigh */
    bool is_absence;                      /* all that was said is that something is not there */
    enum iw_level level;
    struct iw_str title;
    enum iw_act_action action;
    struct iw_lines why, blind, triage;
    struct iw_str former_name; /* of the entry of a former configuration that had the file */
    struct iw_lines paths;     /* of files whose writing is evidence, beside those of components */
    bool is_by_server_weighed; /* what is said is that the web server itself did it */
    size_t n_remarks;          /* lines of why that are no reasons */
    struct iw_case_item *items;
    bool is_asked_for;           /* logs of requests have it */
    struct iw_str address;       /* where who acted first came from, over the network */
    struct iw_str first_address; /* who asked for the file first, as logs of requests show */
    bool has_facts[IW_SERVER_FACT_KIND_COUNT]; /* by kind: events of it are in evidence */
    /* All changes and writes that are about it, also those past what is shown. */
    const struct iw_server_fact **acts;
    size_t n_acts, acts_cap;
    int64_t still_ns; /* the last moment of anything about it; 0: none is known */
};

/** Each returns NULL when there is no memory. The same subject gives the same case. */
struct iw_case *iw_case_of_component(struct iw_judging *judging, size_t component);
struct iw_case *iw_case_of_web_file(struct iw_judging *judging,
                                    const struct iw_inventory_web_file *web_file);
/** A program file: the component that has it, else the entry of a former configuration that had it
 * and is spoken of, else the file itself. */
struct iw_case *iw_case_of_path(struct iw_judging *judging, struct iw_str path);
/** An entry that is there no more. */
struct iw_case *iw_case_of_former(struct iw_judging *judging, struct iw_str kind,
                                  struct iw_str name, struct iw_str scope, struct iw_str image);
/** What decides which code the application in a folder runs. */
struct iw_case *iw_case_of_application(struct iw_judging *judging, struct iw_str folder);
/** The case of a component if something was said of it, else NULL. */
struct iw_case *iw_case_find(const struct iw_judging *judging, size_t component);
/** The same of the component that has the file at a path (letter case ignored); *ret NULL: none has
 * it, or nothing was said. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_find_at(const struct iw_judging *judging, struct iw_str path,
                           struct iw_case **ret);

/**
 * Says that the subject is worth a look: a level, what was seen (a literal), and why (one line).
 * *named* may be NULL: then IW_ENOMEM. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_case_say(struct iw_case *named, enum iw_level level, const char *title,
                       const char *why, ...) __attribute__((format(printf, 4, 5)));
/** The same of a difference from the baseline, which deployment activity may explain: what sort of
 * difference it is goes into named->difference before. */
enum iw_rc iw_case_say_difference(struct iw_case *named, enum iw_level level, const char *title,
                                  const char *why, ...) __attribute__((format(printf, 4, 5)));
/** The same of something that is not there: no technique is seen in that alone. */
enum iw_rc iw_case_say_absent(struct iw_case *named, enum iw_level level, const char *title,
                              const char *why, ...) __attribute__((format(printf, 4, 5)));
/** One more line of a list, once. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_line(struct iw_case *named, struct iw_lines *lines, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** One more line of why that is no reason: it makes nothing worse. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_remark(struct iw_case *named, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** One more file whose writing is evidence. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_path(struct iw_case *named, struct iw_str path);
/** One more item of evidence; texts are borrowed. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_item(struct iw_case *named, const struct iw_evidence_item *item);

/** The component that stands for the case, or NULL; its i-th one. */
const struct iw_inventory_component *iw_case_component(const struct iw_case *named, size_t i);

/** Items of evidence of entries, files and facts, in order; what facts tell of the act goes into
 * *act*. Sets has_facts, acts and still_ns. case_evidence.c. IW_OK, IW_ENOMEM,
 * IW_EIO (judging->err). */
enum iw_rc iw_case_evidence(struct iw_case *named, struct iw_act *act, struct iw_finding *ret);
/** Items of evidence in their order: by time, then everything else. */
void iw_case_items_sort(struct iw_evidence_item *items, size_t n);
/** Who asked for the web file of the case, by the logs of requests: lines, the first request as
 * evidence, and first_address. Nothing where the case has none. case_requests.c. IW_OK, IW_ENOMEM,
 * IW_EIO (judging->err). */
enum iw_rc iw_case_requests(struct iw_case *named);
/** Who wrote the files of a component, where no trail will tell it. After its acts are known.
 * case_writers.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_writers(struct iw_case *named);
/** Who wrote the file that the component is configured in, each writer once. *ret_n*: how many are
 * told. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_configuration_writers(struct iw_case *named, size_t *ret_n);
/** What could not be checked, and what to do next. case_advice.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_blind(struct iw_case *named);
enum iw_rc iw_case_triage(struct iw_case *named, const struct iw_act *act);

/** What change records say of all acts of the case together: the worst. *file*: that stands for the
 * case, or NULL. After iw_case_evidence. case_change.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_change(struct iw_case *named, const struct iw_item_file *file,
                          struct iw_change *ret);
/** Weighs a difference from the baseline by who made it: sets named->deployment and level, and says
 * so. After iw_case_evidence. case_deployment.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_case_weigh(struct iw_case *named);
/** Whether a web file stands out by what it holds, where it lies or how it is called. That it is
 * younger than its neighbours does not count: what was just released is. */
bool iw_web_file_stands_out(const struct iw_inventory_web_file *web_file);
/** Whether a chain of evidence of that level or above tells what is to be said of a web file: it is
 * counted as told there then. judge_web_file.c. */
bool iw_web_file_is_told(const struct iw_judging *judging,
                         const struct iw_inventory_web_file *web_file, enum iw_level level);
/** Whether a chain of evidence, of whatever level, is known by the web file of the case. */
bool iw_web_file_is_in_chain(const struct iw_case *named);
/** Whether what makes a page of a web file (its handler, handlers and access policy of its site) is
 * not as in the baseline, and nobody approved that: the file may have been there before. After
 * iw_judge_baseline; no memory: true. */
bool iw_case_is_newly_handled(const struct iw_case *named);
/** The case as a finding, without id. case_finding.c. IW_OK, IW_ENOMEM, IW_EIO (judging->err). */
enum iw_rc iw_case_finding(struct iw_case *named, struct iw_finding *ret);

#endif
