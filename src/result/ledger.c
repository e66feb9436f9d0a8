/*
 * The ledger: one growing array of sources, one table of kinds of damage.
 *
 * What counts as loss decides the exit status, so each row answers one question: can a record that
 * was in the file be missing from the output, or miss fields? Former records, checksums that do not
 * fit and counters that disagree take nothing away from what was delivered; blocks, records and
 * reads that failed do. Bytes after the last block are counted as trailing only when no record fits
 * into them; anything larger is a chunk that is damaged or cut.
 */
#include "result/ledger.h"

#include <assert.h>

#include "base/alloc.h"

static const struct iw_damage_row DAMAGE[IW_DAMAGE_COUNT] = {
    [IW_DAMAGE_FILE_HEADER] = {"file-header",
                               "file headers unreadable; their chunks were read all the same",
                               "file header unreadable; its chunks were read all the same", false},
    [IW_DAMAGE_HEADER_DISAGREES] = {"header-disagrees",
                                    "headers that disagree with what the file holds",
                                    "header that disagrees with what the file holds", false},
    [IW_DAMAGE_CHECKSUM] = {"checksum", "checksums that do not fit; the data was kept",
                            "checksum that does not fit; the data was kept", false},
    [IW_DAMAGE_CHUNK] = {"chunk", "blocks of 64 KiB that are neither a chunk nor empty",
                         "block of 64 KiB that is neither a chunk nor empty", true},
    [IW_DAMAGE_CHUNK_HEADER] = {"chunk-header",
                                "chunks whose header is damaged; their records were read",
                                "chunk whose header is damaged; its records were read", false},
    [IW_DAMAGE_CHUNK_SHORT] = {"chunk-short",
                               "chunks cut off by the end of the file, behind their last record",
                               "chunk cut off by the end of the file, behind its last record",
                               false},
    [IW_DAMAGE_CHUNK_PARTIAL] = {"chunk-partial", "chunks cut off by the end of the file",
                                 "chunk cut off by the end of the file", true},
    [IW_DAMAGE_CHUNKS_MISSING] = {"chunks-missing",
                                  "files that end before the last chunk their header counts",
                                  "file that ends before the last chunk its header counts", true},
    [IW_DAMAGE_TRAILING_BYTES] = {"trailing-bytes",
                                  "files with bytes at the end that cannot hold a record",
                                  "file with bytes at the end that cannot hold a record", false},
    [IW_DAMAGE_RECORD_HEADER] =
        {"record-header", "places where a record should begin and none does; read on at the next",
         "place where a record should begin and none does; read on at the next", true},
    [IW_DAMAGE_RECORD] = {"record", "records whose content is unreadable",
                          "record whose content is unreadable", true},
    [IW_DAMAGE_RECORD_CUT] = {"record-cut", "records readable only in part; some fields are lost",
                              "record readable only in part; some fields are lost", true},
    [IW_DAMAGE_LIMIT] = {"limit", "records refused because they exceed a limit",
                         "record refused because it exceeds a limit", true},
    [IW_DAMAGE_RECORD_FRAME] = {"record-frame",
                                "records whose mark or sizes are damaged; read all the same",
                                "record whose mark or sizes are damaged; read all the same", false},
    [IW_DAMAGE_SHRANK] = {"shrank", "parts missing because the file became shorter while read",
                          "part missing because the file became shorter while read", true},
    [IW_DAMAGE_READ_ERROR] = {"read-error", "reads refused by the system",
                              "read refused by the system", true},
    [IW_DAMAGE_STALE] = {"stale", "former records behind the live ones, not read (--recover)",
                         "former record behind the live ones, not read (--recover)", false},
    [IW_DAMAGE_RECOVERED] = {"recovered", "former or carved records that were read",
                             "former or carved record that was read", false},
    [IW_DAMAGE_VALUE_ODD] = {"value-odd", "values whose size does not fit their type; shown as hex",
                             "value whose size does not fit its type; shown as hex", false},
    [IW_DAMAGE_TEXT_REPAIRED] = {"text-repaired",
                                 "records with bytes that are no text; read with U+FFFD for them",
                                 "record with bytes that are no text; read with U+FFFD for them",
                                 false},
    [IW_DAMAGE_FORM_UNKNOWN] = {"form-unknown", "records that are no event in any known form",
                                "record that is no event in any known form", true},
    [IW_DAMAGE_DTD] = {"dtd",
                       "type declarations in XML not honoured; an event that holds one is not read",
                       "type declaration in XML not honoured; an event that holds one is not read",
                       true},
    [IW_DAMAGE_TEXT_BETWEEN] = {"text-between", "pieces of text between records, part of none",
                                "piece of text between records, part of none", false},
    [IW_DAMAGE_CONFIG] = {"config", "configurations that cannot be read to their end",
                          "configuration that cannot be read to its end", true},
    [IW_DAMAGE_PROGRAM] = {"program", "places in programs whose tables cannot be read to their end",
                           "place in a program whose tables cannot be read to their end", true},
    [IW_DAMAGE_PROGRAM_ODD] = {"program-odd", "places in programs that no linker makes so",
                               "place in a program that no linker makes so", false},
    [IW_DAMAGE_SIGNATURE] = {"signature", "damaged places in signatures or catalogues",
                             "damaged place in a signature or catalogue", false},
    [IW_DAMAGE_REGISTRY] = {"registry", "places in the registry that cannot be read",
                            "place in the registry that cannot be read", true},
    [IW_DAMAGE_YARA] =
        {"yara", "files whose matching by YARA rules was given up or not tried for lack of time",
         "file whose matching by YARA rules took too long and was given up", true},
    [IW_DAMAGE_TIME_UNKNOWN] = {"time-unknown",
                                "lines of logs whose time nothing proves; read without one",
                                "line of a log whose time nothing proves; read without one", false},
    [IW_DAMAGE_TIME_LOCAL] =
        {"time-local", "lines whose local time names no zone; read as UTC, wrong by up to 14 hours",
         "line whose local time names no zone; read as UTC, wrong by up to 14 hours", false},
    [IW_DAMAGE_COLUMNS] = {"columns",
                           "lines with more values than #Fields names; the rest kept as one value",
                           "line with more values than #Fields names; the rest kept as one value",
                           false},
    [IW_DAMAGE_FIELDS_ASSUMED] = {"fields-assumed",
                                  "lines before any #Fields; read by the server's default columns",
                                  "line before any #Fields; read by the server's default columns",
                                  false},
    [IW_DAMAGE_FIELDS_UNKNOWN] =
        {"fields-unknown", "lines before any #Fields whose columns are not known; kept whole",
         "line before any #Fields whose columns are not known; kept whole", true},
    [IW_DAMAGE_PADDING] = {"padding",
                           "places of zeros inside a log, where the machine may have stopped",
                           "place of zeros inside a log, where the machine may have stopped",
                           false},
    [IW_DAMAGE_REGISTRY_ODD] = {"registry-odd", "odd places in the registry; read all the same",
                                "odd place in the registry; read all the same", false},
};

const struct iw_damage_row *iw_damage_row(enum iw_damage kind)
{
    assert((unsigned)kind < IW_DAMAGE_COUNT);
    return &DAMAGE[kind];
}

const char *iw_source_state_name(enum iw_source_state state)
{
    static const char *const NAMES[IW_SOURCE_STATE_COUNT] = {
        [IW_SOURCE_PENDING] = "pending",     [IW_SOURCE_READ] = "read",
        [IW_SOURCE_SKIPPED] = "skipped",     [IW_SOURCE_LOST] = "lost",
        [IW_SOURCE_DUPLICATE] = "duplicate",
    };
    assert((unsigned)state < IW_SOURCE_STATE_COUNT);
    return NAMES[state];
}

/* Sums stop at the largest number rather than begin again at 0. */
static uint64_t sum_u64(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

void iw_account_damage(struct iw_account *account, enum iw_damage kind, uint64_t offset, uint64_t n)
{
    assert((unsigned)kind < IW_DAMAGE_COUNT);
    if (n == 0)
        return;
    if (account->damage[kind].count == 0 || offset < account->damage[kind].first_offset)
        account->damage[kind].first_offset = offset;
    account->damage[kind].count = sum_u64(account->damage[kind].count, n);
}

void iw_account_add(struct iw_account *sum, const struct iw_account *part)
{
    sum->n_records = sum_u64(sum->n_records, part->n_records);
    sum->n_decoded = sum_u64(sum->n_decoded, part->n_decoded);
    sum->n_chunks = sum_u64(sum->n_chunks, part->n_chunks);
    sum->n_chunks_empty = sum_u64(sum->n_chunks_empty, part->n_chunks_empty);
    sum->read_bytes = sum_u64(sum->read_bytes, part->read_bytes);
    sum->lost_bytes = sum_u64(sum->lost_bytes, part->lost_bytes);
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++)
        iw_account_damage(sum, (enum iw_damage)kind, part->damage[kind].first_offset,
                          part->damage[kind].count);
}

bool iw_account_has_loss(const struct iw_account *account)
{
    for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if (account->damage[kind].count != 0 && DAMAGE[kind].is_loss)
            return true;
    }
    return false;
}

void iw_ledger_init(struct iw_ledger *ledger)
{
    memset(ledger, 0, sizeof *ledger);
    iw_arena_init(&ledger->arena, 0);
    (void)pthread_mutex_init(&ledger->lock, NULL); /* cannot fail with default attributes */
}

void iw_ledger_done(struct iw_ledger *ledger)
{
    iw_free(ledger->sources);
    iw_arena_done(&ledger->arena);
    (void)pthread_mutex_destroy(&ledger->lock);
    ledger->sources = NULL;
    ledger->n = ledger->cap = 0;
}

static bool copy_text(struct iw_arena *arena, struct iw_str *text)
{
    *text = text->n != 0 ? iw_arena_copy(arena, *text) : IW_STR("");
    return text->p != NULL;
}

size_t iw_ledger_add(struct iw_ledger *ledger, const struct iw_source *source)
{
    struct iw_source copy = *source;
    if (!iw_array_reserve(&ledger->sources, &ledger->cap, ledger->n + 1, sizeof copy) ||
        !copy_text(&ledger->arena, &copy.path) || !copy_text(&ledger->arena, &copy.windows_path) ||
        !copy_text(&ledger->arena, &copy.host_hint) || !copy_text(&ledger->arena, &copy.reason))
        return SIZE_MAX;
    ledger->sources[ledger->n] = copy;
    return ledger->n++;
}

struct iw_str iw_ledger_path(const struct iw_ledger *ledger, size_t index)
{
    return ledger != NULL && index < ledger->n ? ledger->sources[index].path : IW_STR("");
}

void iw_ledger_account(struct iw_ledger *ledger, size_t index, const struct iw_account *part)
{
    assert(index < ledger->n);
    (void)pthread_mutex_lock(&ledger->lock);
    iw_account_add(&ledger->sources[index].account, part);
    if (ledger->sources[index].state == IW_SOURCE_PENDING)
        ledger->sources[index].state = IW_SOURCE_READ;
    (void)pthread_mutex_unlock(&ledger->lock);
}

void iw_ledger_use(struct iw_ledger *ledger, size_t index, const struct iw_account *part)
{
    struct iw_source *source;
    assert(index < ledger->n);
    (void)pthread_mutex_lock(&ledger->lock);
    source = &ledger->sources[index];
    iw_account_add(&source->account, part);
    if (source->state == IW_SOURCE_SKIPPED) {
        source->state = IW_SOURCE_READ;
        source->reason = IW_STR("");
    }
    (void)pthread_mutex_unlock(&ledger->lock);
}

void iw_ledger_pass_over(struct iw_ledger *ledger, size_t index, const char *reason)
{
    assert(index < ledger->n);
    (void)pthread_mutex_lock(&ledger->lock);
    if (ledger->sources[index].state == IW_SOURCE_SKIPPED)
        ledger->sources[index].reason = iw_str_of(reason);
    (void)pthread_mutex_unlock(&ledger->lock);
}

void iw_ledger_lose(struct iw_ledger *ledger, size_t index, const char *reason)
{
    struct iw_source *source;
    assert(index < ledger->n);
    (void)pthread_mutex_lock(&ledger->lock);
    source = &ledger->sources[index];
    if (source->state != IW_SOURCE_LOST || source->reason.n == 0) {
        source->reason = iw_arena_copy(&ledger->arena, iw_str_of(reason));
        if (source->reason.p == NULL)
            source->reason = IW_STR("could not be read, and there was no memory to say why");
    }
    source->state = IW_SOURCE_LOST;
    (void)pthread_mutex_unlock(&ledger->lock);
}

struct iw_account iw_ledger_total(const struct iw_ledger *ledger)
{
    struct iw_account total;
    memset(&total, 0, sizeof total);
    for (size_t i = 0; i < ledger->n; i++)
        iw_account_add(&total, &ledger->sources[i].account);
    return total;
}

bool iw_ledger_has_loss(const struct iw_ledger *ledger)
{
    for (size_t i = 0; i < ledger->n; i++) {
        if (ledger->sources[i].state == IW_SOURCE_LOST ||
            iw_account_has_loss(&ledger->sources[i].account))
            return true;
    }
    return false;
}
