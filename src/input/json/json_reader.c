/*
 * The JSON readers: where records are, and what the account says of those that are none.
 *
 * Lines: slices of 1 MiB; a line belongs to the slice in which it begins, and a raw line end always
 * ends a record, so that one record that was cut off never takes the next with it. Otherwise: one
 * slice for the whole file, records one after the other whatever stands between them; wrappers
 * (`{"hits":{"hits":[`) are entered, never held whole. In both, what lies between records and is no
 * JSON is counted once a place.
 *
 * Events point into the window, so a batch ends before the window moves.
 */
#include "input/json/json_reader.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"
#include "input/json/json_frame.h"
#include "input/json/json_record.h"
#include "input/text/text_window.h"

#define SLICE_BYTES (1024UL * 1024UL)
/* Bytes that may be read again after damage, for each byte of the file and at least. */
#define REWIND_FACTOR 4U
#define REWIND_BYTES (64UL * 1024 * 1024)

/* What the reader does next. */
enum stage {
    STAGE_SKIP,    /* up to a line end: the line belongs to the slice before, or is too long */
    STAGE_LINE,    /* a line begins at the view's first byte */
    STAGE_MEASURE, /* in a line whose end is not yet in view */
    STAGE_RECORDS, /* records of the line (or of the file) */
};

enum step {
    STEP_GO_ON,
    STEP_MORE, /* more of the file is needed */
    STEP_FULL, /* the batch must be taken first */
    STEP_END,
};

struct iw_reader {
    struct iw_text_window window;
    struct json_record_reader records;
    struct iw_account *account;
    uint32_t source;
    bool by_line;
    enum stage stage;
    bool is_lost; /* what STAGE_SKIP passes over is lost */
    size_t searched;
    size_t line_bytes; /* STAGE_RECORDS by line: what is left of it in view, line end excluded */
    bool is_mixed;     /* this line is not one object */
    unsigned levels;   /* brackets of arrays and wrappers that are open */
    bool in_list;      /* records follow; else what a wrapper has behind its list */
    size_t indent;     /* spaces before the record on its line */
    uint64_t rewind_left;
    uint64_t unsound_until; /* brackets up to here were counted in vain: never counted again */
    enum iw_rc rc;          /* of a step that failed */
};

static struct iw_reader *reader_make(const struct iw_reader_options *options, bool by_line)
{
    struct iw_reader *reader = iw_calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->by_line = by_line;
    iw_text_window_init(&reader->window);
    if (json_record_reader_init(&reader->records, options) != IW_OK) {
        json_record_reader_done(&reader->records);
        iw_free(reader);
        return NULL;
    }
    return reader;
}

static struct iw_reader *make_lines(const struct iw_reader_options *options)
{
    return reader_make(options, true);
}

static struct iw_reader *make_whole(const struct iw_reader_options *options)
{
    return reader_make(options, false);
}

static void reader_free(struct iw_reader *reader)
{
    if (reader == NULL)
        return;
    json_record_reader_done(&reader->records);
    iw_text_window_done(&reader->window);
    iw_free(reader);
}

static enum iw_rc reader_begin(struct iw_reader *reader, int fd,
                               const struct iw_evidence_file *file, const struct iw_slice *slice,
                               struct iw_account *account)
{
    reader->account = account;
    reader->source = (uint32_t)file->ledger_index;
    /* The first line of a file is this slice's even where a byte order mark is all there is of it.
     */
    reader->stage = !reader->by_line     ? STAGE_RECORDS
                    : slice->offset == 0 ? STAGE_MEASURE
                                         : STAGE_SKIP;
    reader->is_lost = reader->is_mixed = false;
    reader->searched = reader->line_bytes = 0;
    reader->levels = 0;
    reader->in_list = false;
    reader->indent = 0;
    reader->unsound_until = 0;
    reader->rewind_left = REWIND_BYTES + REWIND_FACTOR * slice->n_bytes;
    return iw_text_window_begin(&reader->window, fd, file, slice, account);
}

/* --- what a record comes to
 * -----------------------------------------------------------------------------------
 */

static void drop(struct iw_reader *reader, size_t n)
{
    iw_text_window_drop(&reader->window, n);
    if (reader->by_line)
        reader->line_bytes -= n;
}

/* *n* bytes of the view are no record. */
static void lose(struct iw_reader *reader, enum iw_damage kind, size_t n)
{
    iw_account_damage(reader->account, kind, reader->window.offset, 1);
    reader->account->lost_bytes += n;
}

static void count_event(struct iw_reader *reader, bool is_repaired)
{
    const struct iw_event *event = reader->records.builder.event;
    bool is_decoded = (event->flags & IW_EVENT_DECODED) != 0;
    reader->account->n_records++;
    reader->account->n_decoded += is_decoded;
    if (is_repaired)
        iw_account_damage(reader->account, IW_DAMAGE_TEXT_REPAIRED, reader->window.offset, 1);
    if (iw_event_builder_end(&reader->records.builder))
        iw_account_damage(reader->account, IW_DAMAGE_RECORD_CUT, reader->window.offset, 1);
}

/* The record is no event. */
static void count_other(struct iw_reader *reader, enum iw_rc rc, bool was_cut, size_t n)
{
    if (rc == IW_ELIMIT) {
        lose(reader, IW_DAMAGE_LIMIT, n);
        return;
    }
    if (rc == IW_EFORMAT || was_cut) {
        lose(reader, IW_DAMAGE_RECORD, n);
        return;
    }
    if (!reader->records.is_no_event)
        lose(reader, IW_DAMAGE_FORM_UNKNOWN, n);
}

/* Text of UTF-16 that was replaced when it came into view. */
static bool has_bad_units(const struct iw_reader *reader)
{
    const struct json_doc *doc = &reader->records.doc;
    return reader->window.n_bad_units != 0 &&
           memmem(doc->text, doc->end, IW_UTF8_REPLACEMENT, 3) != NULL;
}

/* Delivers the record in the document, which begins at the view's first byte. *ret: IW_OK, or why
 * it is no event. */
static enum step deliver(struct iw_reader *reader, struct iw_batch *batch, enum iw_rc *ret)
{
    struct json_record_reader *records = &reader->records;
    bool was_repaired = records->doc.is_repaired || has_bad_units(reader), is_repaired;

    iw_event_builder_begin(&records->builder, batch, reader->source, reader->window.offset);
    if (records->doc.is_cut)
        iw_event_builder_cut(&records->builder);
    *ret = json_record_read(records, batch, reader->account, reader->window.offset, &is_repaired);
    if (*ret == IW_OK) {
        count_event(reader, was_repaired || is_repaired);
        return STEP_GO_ON;
    }
    iw_event_builder_cancel(&records->builder);
    if (*ret == IW_ENOMEM && batch->arena.hit_cap) {
        if (batch->n != 0)
            return STEP_FULL; /* again, with all of the batch to itself */
        *ret = IW_ELIMIT;
    }
    if (*ret != IW_ENOMEM)
        return STEP_GO_ON;
    reader->rc = IW_ENOMEM;
    return STEP_END;
}

/* --- records
 * ----------------------------------------------------------------------------------------------------
 */

/* The text records are looked for in: the rest of the line, or all that is in view. */
static struct iw_str segment(const struct iw_reader *reader)
{
    return (struct iw_str){reader->window.p,
                           reader->by_line ? reader->line_bytes : reader->window.n};
}

static bool is_whole(const struct iw_reader *reader)
{
    return reader->by_line || reader->window.at_end;
}

/* Reads a record that is not sound. *ret_n: the bytes it takes. */
static enum step read_damaged(struct iw_reader *reader, struct iw_str text, size_t *ret_n)
{
    struct json_doc *doc = &reader->records.doc;
    size_t next;

    if (!json_doc_repair(doc, text.p, text.n, is_whole(reader)))
        return STEP_MORE;
    *ret_n = doc->end;
    if (!doc->is_open || reader->by_line)
        return STEP_GO_ON;
    /* Perhaps it only swallowed the records behind it: the next that begins where this one does. */
    next = json_next_at_indent((struct iw_str){text.p, doc->end}, reader->indent);
    if (next == SIZE_MAX || doc->end - next > reader->rewind_left)
        return STEP_GO_ON;
    reader->rewind_left -= doc->end - next;
    (void)json_doc_repair(doc, text.p, next, true);
    *ret_n = next;
    return STEP_GO_ON;
}

/* Reads the object at the view's first byte into the document. */
static enum step read_object(struct iw_reader *reader, size_t *ret_n)
{
    struct json_doc *doc = &reader->records.doc;
    struct iw_str text = segment(reader);

    if (reader->by_line && !reader->is_mixed) {
        if (json_doc_read(doc, text.p, text.n) &&
            doc->end + json_space_between((struct iw_str){text.p + doc->end, text.n - doc->end}) ==
                text.n) {
            *ret_n = text.n;
            return STEP_GO_ON;
        }
        reader->is_mixed = true;
    }
    if (reader->window.offset < reader->unsound_until)
        return read_damaged(reader, text, ret_n);
    switch (json_frame(text, ret_n)) {
    case JSON_FRAME_WHOLE:
        if (json_doc_read(doc, text.p, *ret_n) && doc->end == *ret_n)
            return STEP_GO_ON;
        break;
    case JSON_FRAME_OPEN:
        if (!is_whole(reader))
            return STEP_MORE;
        break;
    case JSON_FRAME_BROKEN:
        break;
    }
    reader->unsound_until =
        iw_text_window_offset(&reader->window, *ret_n < text.n ? *ret_n : text.n);
    return read_damaged(reader, text, ret_n);
}

/* Whether the object here is a wrapper; then it is entered. */
static enum step enter_wrapper(struct iw_reader *reader, bool *ret_entered)
{
    unsigned levels = 0;
    size_t n = json_wrapper(segment(reader), is_whole(reader), &levels);
    *ret_entered = false;
    if (n == SIZE_MAX)
        return STEP_MORE;
    if (n == 0)
        return STEP_GO_ON;
    reader->levels += levels;
    reader->in_list = true;
    drop(reader, n);
    *ret_entered = true;
    return STEP_GO_ON;
}

/* A wrapper may be as long as the file, so what cannot be read whole, or not soundly, is asked
 * first whether it is one. */
static enum step enter_long_wrapper(struct iw_reader *reader, bool *ret_entered)
{
    struct iw_str text = segment(reader);
    size_t n;

    *ret_entered = false;
    if (reader->window.offset < reader->unsound_until)
        return enter_wrapper(reader, ret_entered);
    switch (json_frame(text, &n)) {
    case JSON_FRAME_WHOLE:
        return STEP_GO_ON;
    case JSON_FRAME_OPEN:
        if (!is_whole(reader) && text.n < IW_LIMIT_JSON_WHOLE_BYTES)
            return STEP_MORE;
        break;
    case JSON_FRAME_BROKEN:
        break;
    }
    return enter_wrapper(reader, ret_entered);
}

static enum step take_object(struct iw_reader *reader, struct iw_batch *batch)
{
    enum step step;
    enum iw_rc rc = IW_OK;
    bool entered = false, was_cut;
    size_t n = 0;
    if (!reader->by_line) {
        step = enter_long_wrapper(reader, &entered);
        if (step != STEP_GO_ON || entered)
            return step;
    }
    step = read_object(reader, &n);
    was_cut = reader->records.doc.is_cut;
    if (step == STEP_GO_ON && n > IW_LIMIT_TEXT_RECORD_BYTES) {
        lose(reader, IW_DAMAGE_LIMIT, n);
        drop(reader, n);
        reader->indent = 0;
        return STEP_GO_ON;
    }
    if (step == STEP_GO_ON)
        step = deliver(reader, batch, &rc);
    if (step != STEP_GO_ON)
        return step;
    /* What is an event is none of its own parts: a wrapper is looked for only in what is none. */
    if (rc == IW_END) {
        (void)enter_wrapper(reader, &entered);
        reader->is_mixed |= entered;
        if (entered)
            return STEP_GO_ON;
    }
    if (rc != IW_OK)
        count_other(reader, rc, was_cut, n);
    drop(reader, n);
    reader->indent = 0;
    return STEP_GO_ON;
}

/* What stands between records: brackets of arrays and wrappers, and what follows the list in a
 * wrapper. Anything else is counted. */
static enum step take_junk(struct iw_reader *reader)
{
    struct iw_str text = segment(reader);
    size_t n = 1;
    if (text.p[0] == '[') {
        reader->levels++;
        reader->in_list = true;
    } else if ((text.p[0] == ']' || text.p[0] == '}') && reader->levels != 0) {
        reader->levels--;
        reader->in_list = false;
    } else {
        while (n < text.n && memchr("{[\n", text.p[n], 3) == NULL &&
               (reader->levels == 0 || memchr("]}", text.p[n], 2) == NULL))
            n++;
        /* Behind the list of a wrapper there may be more of it; never a part of an event. */
        if (reader->levels == 0 || reader->in_list || json_names_event((struct iw_str){text.p, n}))
            lose(reader, IW_DAMAGE_RECORD_HEADER, n);
    }
    drop(reader, n);
    return STEP_GO_ON;
}

static enum step take_record(struct iw_reader *reader, struct iw_batch *batch)
{
    struct iw_str text = segment(reader);
    size_t n = json_space_between(text);
    if (n != 0) {
        const char *line = memrchr(text.p, '\n', n);
        reader->indent = line != NULL ? n - (size_t)(line + 1 - text.p) : reader->indent + n;
        drop(reader, n);
        text = segment(reader);
    }
    if (text.n == 0) {
        if (!is_whole(reader))
            return STEP_MORE;
        if (!reader->by_line)
            return STEP_END;
        reader->stage = STAGE_SKIP; /* over the line end */
        reader->is_lost = false;
        return STEP_GO_ON;
    }
    if (text.p[0] == '{' && text.n >= 2 && text.p[1] == '{') {
        /* Braces in a row are one place; the last may begin a record. */
        for (n = 1; n + 1 < text.n && text.p[n + 1] == '{';)
            n++;
        lose(reader, IW_DAMAGE_RECORD_HEADER, n);
        drop(reader, n);
        return STEP_GO_ON;
    }
    return text.p[0] == '{' ? take_object(reader, batch) : take_junk(reader);
}

/* --- lines
 * ------------------------------------------------------------------------------------------------------
 */

static enum step skip_line(struct iw_reader *reader)
{
    const char *hit =
        reader->window.n != 0 ? memchr(reader->window.p, '\n', reader->window.n) : NULL;
    size_t n = hit != NULL ? (size_t)(hit - reader->window.p) + 1 : reader->window.n;
    if (reader->is_lost)
        reader->account->lost_bytes += n;
    iw_text_window_drop(&reader->window, n);
    if (hit != NULL) {
        reader->stage = STAGE_LINE;
        return STEP_GO_ON;
    }
    /* A line that the slice before owns, and no other begins in this slice. */
    if (!reader->is_lost && reader->window.offset >= reader->window.own_end)
        return STEP_END;
    return reader->window.at_end ? STEP_END : STEP_MORE;
}

static enum step begin_line(struct iw_reader *reader)
{
    if (reader->window.offset >= reader->window.own_end)
        return STEP_END;
    reader->stage = STAGE_MEASURE;
    reader->searched = 0;
    return STEP_GO_ON;
}

/* Finds the end of the line. Padding at its beginning is dropped at once, however long. */
static enum step measure_line(struct iw_reader *reader)
{
    struct iw_text_window *window = &reader->window;
    const char *hit = NULL;

    if (reader->searched == 0 && window->n != 0 &&
        (window->p[0] == '\0' || window->p[0] == ' ' || window->p[0] == '\t')) {
        size_t n = 1;
        while (n < window->n &&
               (window->p[n] == '\0' || window->p[n] == ' ' || window->p[n] == '\t'))
            n++;
        iw_text_window_drop(window, n);
        return STEP_GO_ON;
    }
    if (reader->searched < window->n)
        hit = memchr(window->p + reader->searched, '\n', window->n - reader->searched);
    if (hit == NULL && !window->at_end) {
        reader->searched = window->n;
        return STEP_MORE;
    }
    reader->line_bytes = hit != NULL ? (size_t)(hit - window->p) : window->n;
    if (reader->line_bytes > IW_LIMIT_TEXT_RECORD_BYTES) {
        lose(reader, IW_DAMAGE_LIMIT, 0);
        reader->stage = STAGE_SKIP;
        reader->is_lost = true;
        return STEP_GO_ON;
    }
    reader->is_mixed = false;
    reader->levels = 0;
    reader->stage = STAGE_RECORDS;
    return STEP_GO_ON;
}

/* --- the class
 * -------------------------------------------------------------------------------------------------
 */

static enum step take_step(struct iw_reader *reader, struct iw_batch *batch)
{
    switch (reader->stage) {
    case STAGE_SKIP:
        return skip_line(reader);
    case STAGE_LINE:
        return begin_line(reader);
    case STAGE_MEASURE:
        return measure_line(reader);
    case STAGE_RECORDS:
        break;
    }
    return take_record(reader, batch);
}

/* The record in view is longer than any may be. */
static void refuse_record(struct iw_reader *reader)
{
    if (reader->by_line) {
        lose(reader, IW_DAMAGE_LIMIT, 0);
        reader->stage = STAGE_SKIP;
        reader->is_lost = true;
        return;
    }
    lose(reader, IW_DAMAGE_LIMIT, reader->window.n);
    iw_text_window_drop(&reader->window, reader->window.n);
}

/* Twice as much as is in view: what was looked at is looked at again, so that steps must grow. */
static enum iw_rc fetch(struct iw_reader *reader)
{
    size_t goal = 2 * reader->window.n;
    enum iw_rc rc;
    do {
        rc = iw_text_window_more(&reader->window);
    } while (rc == IW_OK && reader->window.n < goal && !reader->window.at_end && !reader->by_line &&
             reader->window.n <= IW_LIMIT_TEXT_RECORD_BYTES);
    if (rc == IW_ELIMIT) {
        refuse_record(reader);
        rc = IW_OK;
    }
    return rc == IW_END ? IW_OK : rc;
}

static enum iw_rc reader_next(struct iw_reader *reader, struct iw_batch *batch)
{
    reader->rc = IW_OK;
    iw_batch_clear(batch);
    for (;;) {
        enum step step = iw_event_builder_has_room(batch) ? take_step(reader, batch) : STEP_FULL;
        switch (step) {
        case STEP_GO_ON:
            break;
        case STEP_FULL:
            return IW_OK;
        case STEP_MORE:
            if (batch->n != 0)
                return IW_OK;
            iw_batch_clear(batch);
            IW_TRY(fetch(reader));
            break;
        case STEP_END:
            if (reader->rc != IW_OK)
                return reader->rc;
            return batch->n != 0 ? IW_OK : IW_END;
        }
    }
}

const struct iw_reader_class iw_json_lines_reader_class = {
    .name = "json-lines",
    .kind = IW_EVIDENCE_JSON_LINES,
    .slice_bytes = SLICE_BYTES,
    .make = make_lines,
    .free = reader_free,
    .begin = reader_begin,
    .next = reader_next,
};

const struct iw_reader_class iw_json_reader_class = {
    .name = "json",
    .kind = IW_EVIDENCE_JSON,
    .slice_bytes = UINT64_MAX / 2,
    .make = make_whole,
    .free = reader_free,
    .begin = reader_begin,
    .next = reader_next,
};
