/*
 * A file is read whole, once: its hash and its tables are of the same bytes, whatever happens to
 * the file meanwhile. Each thread has an arena for one file; what is kept is copied out of it,
 * because the record of a PE file points into the file's bytes.
 */
#include "iis/inventory/file_facts.h"

#include <pthread.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/signature/catalogue.h"
#include "iis/web/web_marks.h"

struct crew {
    struct iw_fact_reading *reading;
    const size_t *indices;
    size_t n;
    _Atomic size_t next;
    _Atomic bool stop;
    pthread_mutex_t lock; /* of reading->keep, rc */
    enum iw_rc rc;
};

/* --- what is kept of a program ------------------------------------------------------------- */

static bool keep(struct iw_arena *arena, struct iw_str text, struct iw_str *ret)
{
    *ret = text.n != 0 ? iw_arena_copy(arena, text) : IW_STR("");
    return ret->p != NULL;
}

static bool keep_list(struct iw_arena *arena, const struct iw_str *texts, size_t n,
                      struct iw_text_list *ret)
{
    struct iw_str *items;
    *ret = (struct iw_text_list){NULL, 0};
    if (n == 0)
        return true;
    items = iw_arena_calloc(arena, n, sizeof *items);
    for (size_t i = 0; items != NULL && i < n; i++) {
        if (!keep(arena, texts[i], &items[i]))
            return false;
    }
    *ret = (struct iw_text_list){items, n};
    return items != NULL;
}

bool iw_facts_roles(uint32_t components, struct iw_arena *arena, struct iw_text_list *ret)
{
    static const struct {
        uint32_t bit;
        struct iw_str name;
    } ROLES[] = {
        {IW_PE_NATIVE_MODULE, {"nativeModule", 12}},
        {IW_PE_ISAPI_FILTER, {"isapiFilter", 11}},
        {IW_PE_ISAPI_EXTENSION, {"isapiExtension", 14}},
        {IW_PE_MANAGED_MODULE, {"managedModule", 13}},
        {IW_PE_MANAGED_HANDLER, {"managedHandler", 14}},
        {IW_PE_AUTOSTART, {"preApplicationStart", 19}},
    };
    struct iw_str names[sizeof ROLES / sizeof ROLES[0]];
    size_t n = 0;
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if ((components & ROLES[i].bit) != 0)
            names[n++] = ROLES[i].name;
    }
    return keep_list(arena, names, n, ret);
}

static bool keep_exports(struct iw_arena *arena, const struct iw_pe *pe, struct iw_item_file *ret)
{
    struct iw_str names[IW_LIMIT_INVENTORY_NAMES];
    size_t n = 0;
    ret->n_exports = pe->n_exports;
    for (uint32_t i = 0; i < pe->n_exports && n < IW_LIMIT_INVENTORY_NAMES; i++) {
        if (pe->exports[i].name.n != 0)
            names[n++] = pe->exports[i].name;
    }
    return keep_list(arena, names, n, &ret->exports);
}

static bool keep_types(struct iw_arena *arena, const struct iw_pe *pe, struct iw_item_file *ret)
{
    struct iw_str names[IW_LIMIT_INVENTORY_NAMES];
    size_t n = 0;
    for (uint32_t i = 0; i < pe->clr.n_types && n < IW_LIMIT_INVENTORY_NAMES; i++)
        names[n++] = pe->clr.types[i].name;
    for (uint32_t i = 0; i < pe->clr.n_starts && n < IW_LIMIT_INVENTORY_NAMES; i++)
        names[n++] = pe->clr.starts[i].type;
    return keep_list(arena, names, n, &ret->types);
}

/* "Name, Version=1.2.3.4, Culture=neutral, PublicKeyToken=null", as .NET writes it. */
static bool keep_assembly(struct iw_arena *arena, const struct iw_clr_identity *identity,
                          struct iw_str *ret)
{
    struct iw_buffer text;
    bool ok;
    iw_buffer_init(&text);
    iw_buffer_add(&text, identity->name);
    iw_buffer_printf(&text, ", Version=%u.%u.%u.%u, Culture=", identity->version[0],
                     identity->version[1], identity->version[2], identity->version[3]);
    iw_buffer_add(&text, identity->culture.n != 0 ? identity->culture : IW_STR("neutral"));
    iw_buffer_add(&text, IW_STR(", PublicKeyToken="));
    if (!identity->has_token)
        iw_buffer_add(&text, IW_STR("null"));
    for (size_t i = 0; identity->has_token && i < sizeof identity->token; i++)
        iw_buffer_printf(&text, "%02x", identity->token[i]);
    ok = !text.failed && keep(arena, iw_buffer_str(&text), ret);
    iw_buffer_done(&text);
    return ok;
}

static struct iw_str version_text(const struct iw_pe *pe, const char *key)
{
    for (uint32_t i = 0; i < pe->version.n_texts; i++) {
        if (iw_str_equal_nocase(pe->version.texts[i].key, iw_str_of(key)))
            return pe->version.texts[i].value;
    }
    return IW_STR("");
}

/* The numbers are what Windows goes by; the text may say anything. */
static bool keep_version(struct iw_arena *arena, const struct iw_pe *pe, struct iw_item_file *ret)
{
    char numbers[48];
    const uint16_t *file = pe->version.file;
    (void)snprintf(numbers, sizeof numbers, "%u.%u.%u.%u", file[0], file[1], file[2], file[3]);
    return keep(arena, version_text(pe, "CompanyName"), &ret->company) &&
           keep(arena, version_text(pe, "ProductName"), &ret->product) &&
           keep(arena, version_text(pe, "FileDescription"), &ret->description) &&
           keep(arena, version_text(pe, "OriginalFilename"), &ret->original_name) &&
           keep(arena, pe->version.has_fixed ? iw_str_of(numbers) : version_text(pe, "FileVersion"),
                &ret->file_version);
}

static const char *machine_name(const struct iw_pe *pe)
{
    enum { CLR_IL_ONLY = 1, CLR_NEEDS_32 = 2 };
    if (pe->clr.is_present && (pe->clr.flags & CLR_IL_ONLY) != 0 &&
        (pe->clr.flags & CLR_NEEDS_32) == 0)
        return "msil";
    switch (pe->machine) {
    case 0x14C:
        return "x86";
    case 0x8664:
        return "x64";
    case 0xAA64:
        return "arm64";
    default:
        return "other";
    }
}

static bool keep_program(struct iw_arena *arena, const struct iw_pe *pe, struct iw_item_file *ret)
{
    ret->is_pe = true;
    ret->machine = machine_name(pe);
    ret->linked_s = pe->timestamp;
    ret->has_imphash = pe->has_imphash;
    memcpy(ret->imphash, pe->imphash, sizeof ret->imphash);
    ret->n_damage = iw_pe_damage_total(pe);
    return iw_facts_roles(pe->components, arena, &ret->roles) && keep_exports(arena, pe, ret) &&
           keep_types(arena, pe, ret) && keep_version(arena, pe, ret) &&
           (!pe->clr.is_assembly || keep_assembly(arena, &pe->clr.assembly, &ret->assembly));
}

/* --- signatures ---------------------------------------------------------------------------- */

static enum iw_item_signature signature_of(enum iw_signature_state state)
{
    switch (state) {
    case IW_SIGNATURE_UNANCHORED:
        return IW_ITEM_SIGNATURE_UNANCHORED;
    case IW_SIGNATURE_ANCHORED:
        return IW_ITEM_SIGNATURE_ANCHORED;
    case IW_SIGNATURE_TAMPERED:
        return IW_ITEM_SIGNATURE_TAMPERED;
    case IW_SIGNATURE_CATALOGUE:
        return IW_ITEM_SIGNATURE_CATALOGUE;
    case IW_SIGNATURE_NONE_EMBEDDED:
    case IW_SIGNATURE_STATE_COUNT:
        break;
    }
    return IW_ITEM_SIGNATURE_NONE_EMBEDDED;
}

static bool keep_why(struct iw_arena *arena, uint32_t why, struct iw_str *ret)
{
    struct iw_buffer text;
    bool ok;
    iw_buffer_init(&text);
    for (unsigned bit = 0; bit < IW_WHY_COUNT; bit++) {
        if ((why >> bit & 1) == 0)
            continue;
        if (text.n != 0)
            iw_buffer_add(&text, IW_STR("; "));
        iw_buffer_add(&text, iw_str_of(iw_signature_why_words(bit)->sentence));
    }
    ok = !text.failed && keep(arena, iw_buffer_str(&text), ret);
    iw_buffer_done(&text);
    return ok;
}

/* The proved signer where there is one, else who the first signature claims to be from. */
static bool keep_signature(struct iw_arena *arena, const struct iw_signatures *signatures,
                           struct iw_item_file *ret)
{
    const struct iw_signature_claim *claim = iw_signatures_proved_signer(signatures);
    const struct iw_signature *first = signatures->n != 0 ? &signatures->list[0] : NULL;
    uint32_t why = first != NULL ? first->why : 0;
    ret->signature = signature_of(signatures->state);
    if (claim == NULL && first != NULL && first->has_signer)
        claim = &first->claimed;
    if (claim == NULL && signatures->state == IW_SIGNATURE_CATALOGUE &&
        signatures->catalogue != NULL && signatures->catalogue->signature.has_signer)
        claim = &signatures->catalogue->signature.claimed;
    if (signatures->state == IW_SIGNATURE_CATALOGUE && signatures->catalogue != NULL)
        why = signatures->catalogue->signature.why;
    return keep(arena,
                claim == NULL        ? IW_STR("")
                : claim->name.n != 0 ? claim->name
                                     : claim->organisation,
                &ret->signer) &&
           (ret->signature == IW_ITEM_SIGNATURE_ANCHORED ||
            keep_why(arena, why, &ret->signature_why));
}

/* --- damage -------------------------------------------------------------------------------- */

static void account_program(const struct iw_pe *pe, const struct iw_signatures *signatures,
                            struct iw_account *account)
{
    for (unsigned i = 0; i < IW_PE_DAMAGE_COUNT; i++)
        iw_account_damage(account,
                          iw_pe_damage_row((enum iw_pe_damage_kind)i)->is_loss
                              ? IW_DAMAGE_PROGRAM
                              : IW_DAMAGE_PROGRAM_ODD,
                          pe->damage[i].first_offset, pe->damage[i].count);
    for (unsigned i = 0; i < IW_SIGNATURE_DAMAGE_COUNT; i++)
        iw_account_damage(account, IW_DAMAGE_SIGNATURE, signatures->damage[i].first_offset,
                          signatures->damage[i].count);
}

/* --- one file ------------------------------------------------------------------------------ */

struct reader {
    struct crew *crew;
    struct iw_arena work;
};

static enum iw_rc keep_pe(struct reader *reader, struct iw_str bytes, struct iw_account *account,
                          struct iw_item_file *ret)
{
    struct iw_fact_reading *reading = reader->crew->reading;
    struct iw_signatures signatures;
    struct iw_pe pe;
    enum iw_rc rc = iw_pe_read(bytes, NULL, &reader->work, &pe, NULL);
    bool ok;
    if (rc == IW_EFORMAT)
        return IW_OK; /* two letters do not make a program */
    IW_TRY(rc);
    IW_TRY(iw_signatures_read(bytes, &pe, &reading->signature, &reader->work, &signatures, NULL));
    account_program(&pe, &signatures, account);
    (void)pthread_mutex_lock(&reader->crew->lock);
    ok = keep_program(reading->keep, &pe, ret) && keep_signature(reading->keep, &signatures, ret);
    (void)pthread_mutex_unlock(&reader->crew->lock);
    return ok ? IW_OK : IW_ENOMEM;
}

/* The scan runs outside of the lock, in the arena of the thread; only texts are kept. */
static enum iw_rc keep_marks(struct reader *reader, size_t index, struct iw_str bytes)
{
    struct iw_fact_reading *reading = reader->crew->reading;
    struct iw_web_mark_set marks;
    enum iw_rc rc;
    if (reading->marks == NULL)
        return IW_OK;
    IW_TRY(iw_web_marks_read(bytes, &reader->work, &marks));
    (void)pthread_mutex_lock(&reader->crew->lock);
    rc = iw_web_mark_texts(&marks, reading->keep, &reading->marks[index]);
    (void)pthread_mutex_unlock(&reader->crew->lock);
    return rc;
}

/* Matching takes long: the lock is for what is kept of it alone. */
static enum iw_rc keep_yara(struct reader *reader, struct iw_str bytes, struct iw_account *account,
                            struct iw_item_file *ret)
{
    struct iw_fact_reading *reading = reader->crew->reading;
    struct iw_text_list names;
    enum iw_rc rc;
    bool ok;
    if (reading->yara == NULL)
        return IW_OK;
    rc = iw_yara_scan(reading->yara, reading->yara_budget, bytes, &reader->work, &names);
    if (rc == IW_ELIMIT)
        iw_account_damage(account, IW_DAMAGE_YARA, 0, 1);
    else
        IW_TRY(rc);
    (void)pthread_mutex_lock(&reader->crew->lock);
    ok = keep_list(reading->keep, names.items, names.n, &ret->yara);
    (void)pthread_mutex_unlock(&reader->crew->lock);
    return ok ? IW_OK : IW_ENOMEM;
}

/* Two letters make a program of a page, and it runs all the same: only what is named and built like
 * a program is spared the search. */
static bool may_be_page(const struct iw_collected_file *file, const struct iw_item_file *facts)
{
    return !facts->is_pe || facts->n_damage != 0 ||
           !(iw_str_ends_nocase(file->name, IW_STR(".dll")) ||
             iw_str_ends_nocase(file->name, IW_STR(".exe")));
}

static enum iw_rc keep_content(struct reader *reader, size_t index, struct iw_str bytes)
{
    struct iw_fact_reading *reading = reader->crew->reading;
    const struct iw_collected_file *file = &reading->collection->files[index];
    struct iw_item_file *ret = &reading->facts[index];
    struct iw_account account = {.read_bytes = bytes.n};
    ret->state = IW_ITEM_FILE_READ;
    ret->size_bytes = bytes.n;
    if (!iw_sha256(bytes, ret->sha256))
        return IW_ENOMEM;
    if (file->file->kind == IW_EVIDENCE_PE)
        IW_TRY(keep_pe(reader, bytes, &account, ret));
    if (may_be_page(file, ret))
        IW_TRY(keep_marks(reader, index, bytes));
    IW_TRY(keep_yara(reader, bytes, &account, ret));
    iw_ledger_use(reading->ledger, file->file->ledger_index, &account);
    return IW_OK;
}

static enum iw_rc lose(struct reader *reader, const struct iw_collected_file *file,
                       const struct iw_error *error, struct iw_item_file *ret)
{
    ret->state = IW_ITEM_FILE_UNREADABLE;
    ret->why = error->rc == IW_ELIMIT ? "larger than this version reads" : "could not be read";
    iw_ledger_lose(reader->crew->reading->ledger, file->file->ledger_index, error->message);
    return IW_OK;
}

static enum iw_rc read_one(struct reader *reader, size_t index)
{
    struct iw_fact_reading *reading = reader->crew->reading;
    const struct iw_collected_file *file = &reading->collection->files[index];
    struct iw_item_file *ret = &reading->facts[index];
    struct iw_error error = {.rc = IW_OK};
    struct iw_str bytes;
    enum iw_rc rc;
    iw_arena_reset(&reader->work);
    *ret = (struct iw_item_file){.path = file->path,
                                 .source = file->source,
                                 .modified_ns = file->file->modified_ns,
                                 .size_bytes = file->file->size_bytes};
    rc = iw_collected_read(file, reading->ledger, IW_LIMIT_PE_FILE_BYTES, &reader->work, &bytes,
                           &error);
    if (rc == IW_EIO || rc == IW_ELIMIT)
        return lose(reader, file, &error, ret);
    IW_TRY(rc);
    return keep_content(reader, index, bytes);
}

/* --- all files ----------------------------------------------------------------------------- */

static void stop(struct crew *crew, enum iw_rc rc)
{
    (void)pthread_mutex_lock(&crew->lock);
    if (crew->rc == IW_OK)
        crew->rc = rc;
    crew->stop = true;
    (void)pthread_mutex_unlock(&crew->lock);
}

static void *work(void *argument)
{
    struct crew *crew = argument;
    struct reader reader = {.crew = crew};
    iw_arena_init(&reader.work, 0);
    while (!crew->stop) {
        size_t at = atomic_fetch_add(&crew->next, 1);
        enum iw_rc rc;
        if (at >= crew->n)
            break;
        if (crew->reading->cancelled != NULL && atomic_load(crew->reading->cancelled)) {
            stop(crew, IW_ECANCELLED);
            break;
        }
        rc = read_one(&reader, crew->indices[at]);
        if (rc != IW_OK)
            stop(crew, rc);
        else if (crew->reading->done_bytes != NULL)
            *crew->reading->done_bytes += crew->reading->facts[crew->indices[at]].size_bytes;
    }
    iw_arena_done(&reader.work);
    return NULL;
}

enum iw_rc iw_facts_read(struct iw_fact_reading *reading, const size_t *indices, size_t n)
{
    struct crew crew = {.reading = reading, .indices = indices, .n = n, .rc = IW_OK};
    pthread_t threads[IW_LIMIT_JOBS];
    bool is_started[IW_LIMIT_JOBS] = {false};
    size_t n_jobs = reading->n_jobs < n ? reading->n_jobs : n;
    if (n == 0)
        return IW_OK;
    n_jobs = n_jobs < IW_LIMIT_JOBS ? n_jobs : IW_LIMIT_JOBS;
    (void)pthread_mutex_init(&crew.lock, NULL);
    for (size_t i = 0; i + 1 < n_jobs; i++)
        is_started[i] = pthread_create(&threads[i], NULL, work, &crew) == 0;
    (void)work(&crew);
    for (size_t i = 0; i + 1 < n_jobs; i++) {
        if (is_started[i])
            (void)pthread_join(threads[i], NULL);
    }
    (void)pthread_mutex_destroy(&crew.lock);
    return crew.rc;
}
