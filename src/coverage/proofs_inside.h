/**
 * What the files of proofs share: statements and how they are kept. Inside of coverage/ only.
 */
#ifndef IW_COVERAGE_PROOFS_INSIDE_H
#define IW_COVERAGE_PROOFS_INSIDE_H

#include "coverage/proofs.h"
#include "coverage/settings/audit_entries.h"
#include "coverage/settings/sysmon_config.h"
#include "coverage/settings/telemetry_file.h"

/** Parts of which answers are made: a source of events may need several. */
enum proof_part {
    PROOF_SYSMON = 0,     /* by a configuration */
    PROOF_SYSMON_LOADED,  /* the hash of the configuration that the registry says was loaded */
    PROOF_SYSMON_CHANNEL, /* its channel; says something only where it is off */
    PROOF_POLICY_PROCESS,
    PROOF_POLICY_FILE,
    PROOF_POLICY_LOGON,
    PROOF_COMMAND_LINE,
    PROOF_FOLDERS, /* by audit entries */
    PROOF_CONFIGURATION_CHANNEL,
    PROOF_PART_COUNT
};

/** What prevails: what is in effect before what a group policy intends. What a stronger source of
 * the same kind contradicts never answers: that it does is told. */
enum { PROOF_OUTWEIGHED = 0, PROOF_INTENDED = 1, PROOF_EFFECTIVE = 2 };

struct proof_statement {
    enum proof_part part;
    int rank;
    struct iw_str host, source;
    /* Of plain statements; of a Sysmon whose rules cannot be read: that; of PROOF_SYSMON_LOADED the
     * hash. */
    struct iw_str why;
    enum iw_proof_state state;              /* of plain statements */
    int64_t from_ns;                        /* IW_TIME_UNKNOWN: open */
    const struct iw_sysmon_config *config;  /* of PROOF_SYSMON; NULL: rules that cannot be read */
    const struct iw_audit_entries *entries; /* of PROOF_FOLDERS */
};

/** From then on a configuration with that hash was in force. */
struct proof_mark {
    struct iw_str host, hash;
    int64_t from_ns;
    bool is_of_registry; /* the registry says so, else event 16 */
};

struct proof_words {
    struct iw_str source;
    struct iw_telemetry_file file;
};

struct iw_proofs {
    struct iw_arena arena;
    struct proof_statement *statements;
    size_t n, cap;
    struct proof_mark *marks;
    size_t n_marks, marks_cap;
    bool has_hidden_marks; /* past IW_LIMIT_PROOF_MARKS */
    struct iw_proof_note *notes;
    size_t n_notes, notes_cap;
    struct proof_words *words;
    size_t n_words, words_cap;
    size_t n_bytes; /* of all files */
};

/** A copy of *statement* (texts that lie elsewhere are copied by whoever calls). IW_OK; IW_ELIMIT;
 * IW_ENOMEM. */
enum iw_rc proofs_add(struct iw_proofs *proofs, const struct proof_statement *statement);
/** One more note; *source* must live as long as the proofs. IW_OK or IW_ENOMEM. */
enum iw_rc proofs_note(struct iw_proofs *proofs, struct iw_str source, uint32_t line,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));
/** The part that a channel's setting is of; false: of none. */
bool proof_channel_part(struct iw_str name, enum proof_part *ret);

#endif
