/**
 * Quick looks at events as they stand in the record: nearly all are told by a few of their letters
 * to switch nothing off. Inside of this room only.
 *
 * A text is gone through once, every other pair of its characters, and four characters at a time:
 * of each word without which nothing is heard two pairs are known, one of which lies at an even
 * place wherever the word begins. Where such a pair is, the whole word is compared.
 */
#ifndef IW_COVERAGE_SWITCH_GLANCE_H
#define IW_COVERAGE_SWITCH_GLANCE_H

#include "event/event.h"

#define IW_GLANCE_CLASSES ((size_t)32)
#define IW_GLANCE_PAIRS 128U

/* The last letters of programs, as bits. */
struct iw_glance_ends {
    uint32_t last, before;
};

/* A word, by a pair of its characters. */
struct iw_glance_word {
    uint8_t word;
    uint8_t at;   /* of the pair in the word */
    uint8_t next; /* with the same pair; 0: none */
};

/** Filled once, then constant; any thread. */
struct iw_switch_glance {
    uint8_t pairs[128 * 128]; /* by two characters of ASCII, the second times 128: why they are to
                               * be looked at more closely */
    uint8_t class_of[256];
    uint8_t first_of[IW_GLANCE_CLASSES * IW_GLANCE_CLASSES]; /* by two classes: of words; 0: none */
    struct iw_glance_word words[IW_GLANCE_PAIRS];            /* from 1 on */
    size_t n_words;
    struct iw_glance_ends of_images, of_originals;
};

void iw_switch_glance_init(struct iw_switch_glance *glance);

/** Whether a text of PowerShell, or the command line that starts it, may hold a switch. NULL: no.
 */
bool iw_switch_may_be_in_script(const struct iw_switch_glance *glance, const struct iw_field *text);
bool iw_switch_may_be_in_arguments(const struct iw_switch_glance *glance,
                                   const struct iw_field *line);
/** Whether a process that starts (Sysmon 1, Security 4688) may ask for one: by its image, or what
 * Sysmon says it is called, and, where it is PowerShell, by its command line. */
bool iw_switch_may_be_of_process(const struct iw_switch_glance *glance,
                                 const struct iw_event *event);
/** Whether a key or a value of the registry may switch logging. NULL: no. */
bool iw_switch_may_be_of_value(const struct iw_field *target);
/** Whether a service may be one that logs. NULL: no. */
bool iw_switch_may_be_of_service(const struct iw_field *name);

#endif
