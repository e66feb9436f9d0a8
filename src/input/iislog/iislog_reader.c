/*
 * Where lines are, and what is in force there.
 *
 * Slices of 1 MiB; a line (from one CR or LF to the next) belongs to the slice in which it begins.
 * Which columns a line has was said by the last `#Fields` before it, and its number by all lines
 * before it: at the beginning of a slice the reader scouts what lies between there and where it
 * stood last, by the very steps it reads with, looking at directives only. One thread reads its
 * slices in order, so of a file nothing is scouted by a lone thread, and every part once by each of
 * many; nothing depends on which thread read what.
 *
 * Events point into the window and to names of columns, so a batch ends before the window moves or
 * the columns change.
 */
#include "input/iislog/iislog_reader.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "input/iislog/iislog_event.h"
#include "input/iislog/iislog_scan.h"
#include "input/text/text_window.h"

#define SLICE_BYTES (1024UL * 1024UL)
#define NOTHING_KNOWN UINT64_MAX

/* What the reader does next. */
enum stage {
    STAGE_SKIP,    /* up to a line end: the line belongs to the slice before */
    STAGE_LINE,    /* a line begins at the view's first byte */
    STAGE_SEGMENT, /* text of the line; padding divides a line into several */
    STAGE_LOST,    /* in a text that is longer than any may be */
    STAGE_BREAK,   /* at CR or LF */
};

enum step {
    STEP_GO_ON,
    STEP_MORE, /* more of the file is needed */
    STEP_FULL, /* the batch must be taken first */
    STEP_END,
};

struct iw_reader {
    struct iw_text_window window;
    struct iislog_events events;
    struct iw_account *account;
    enum stage stage;
    struct iislog_scan scan; /* of the text that begins at the view's first byte */
    bool in_padding;
    bool is_scouting;
    uint64_t n_lines; /* of the file, that begin before the view; with the one at hand */
    /* What is in force and n_lines hold at this offset of this file. */
    uint64_t known_offset;
    size_t known_file;
    enum iw_rc rc; /* of a step that failed */
};

static void reader_free(struct iw_reader *reader)
{
    if (reader == NULL)
        return;
    iislog_events_done(&reader->events);
    iw_text_window_done(&reader->window);
    iw_free(reader);
}

static struct iw_reader *reader_make(const struct iw_reader_options *options)
{
    struct iw_reader *reader = iw_calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    iw_text_window_init(&reader->window);
    reader->known_offset = NOTHING_KNOWN;
    if (iislog_events_init(&reader->events, options) == IW_OK)
        return reader;
    reader_free(reader);
    return NULL;
}

/* --- one step
 * ---------------------------------------------------------------------------------------------------
 */

static void drop(struct iw_reader *reader, size_t n)
{
    iw_text_window_drop(&reader->window, n);
    reader->scan = (struct iislog_scan){0, 0};
}

static void note(struct iw_reader *reader, enum iw_damage kind)
{
    if (!reader->is_scouting)
        iw_account_damage(reader->account, kind, reader->window.offset, 1);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static enum step skip_line(struct iw_reader *reader)
{
    struct iw_text_window *window = &reader->window;
    size_t n = 0;
    while (n < window->n && !is_line_end(window->p[n]))
        n++;
    drop(reader, n);
    if (window->n != 0) {
        reader->stage = STAGE_BREAK;
        return STEP_GO_ON;
    }
    return window->at_end || window->offset >= window->own_end ? STEP_END : STEP_MORE;
}

static enum step begin_line(struct iw_reader *reader)
{
    if (reader->window.offset >= reader->window.own_end)
        return STEP_END;
    if (reader->window.n == 0)
        return reader->window.at_end ? STEP_END : STEP_MORE;
    reader->n_lines++;
    reader->in_padding = false;
    reader->stage = STAGE_SEGMENT;
    return STEP_GO_ON;
}

static enum step end_line(struct iw_reader *reader)
{
    struct iw_text_window *window = &reader->window;
    size_t n = 1;
    if (window->p[0] == '\r') {
        if (window->n == 1 && !window->at_end)
            return STEP_MORE;
        n += window->n > 1 && window->p[1] == '\n';
    }
    drop(reader, n);
    reader->stage = STAGE_LINE;
    return STEP_GO_ON;
}

/* Zeros before a text. Behind the last text they are the room that was allocated for more. */
static enum step pass_padding(struct iw_reader *reader)
{
    struct iw_text_window *window = &reader->window;
    size_t n = iislog_count_nuls(window->p, window->n);

    if (n == window->n && !window->at_end) {
        if (n >= IISLOG_PADDING_NULS || reader->in_padding) {
            reader->in_padding = true;
            drop(reader, n);
        }
        return STEP_MORE;
    }
    if (n == window->n)
        return STEP_END;
    if (n >= IISLOG_PADDING_NULS || reader->in_padding) {
        drop(reader, n);
        note(reader, IW_DAMAGE_PADDING);
        reader->in_padding = false;
    }
    return STEP_GO_ON;
}

static struct iw_str without_mark(struct iw_str text)
{
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        return (struct iw_str){text.p + 3, text.n - 3};
    return text;
}

static enum step take_directive(struct iw_reader *reader, struct iw_batch *batch,
                                struct iw_str text)
{
    struct iislog_events *events = &reader->events;
    enum iislog_change change = iislog_directives_change(&events->directives, text);
    if (change != IISLOG_CHANGE_NONE && batch != NULL && batch->n != 0)
        return STEP_FULL;
    reader->rc = iislog_directives_take(&events->directives, events->names, text);
    if (reader->rc != IW_OK)
        return STEP_END;
    iislog_events_settle(events);
    if (change == IISLOG_CHANGE_COLUMNS && events->directives.columns.is_cut)
        note(reader, IW_DAMAGE_LIMIT);
    return STEP_GO_ON;
}

/* The text of scan->at bytes at the view's beginning is whole. */
static enum step take_text(struct iw_reader *reader, struct iw_batch *batch)
{
    const struct iislog_line line = {
        .text = without_mark((struct iw_str){reader->window.p, reader->scan.at}),
        .is_ascii = iislog_scan_is_ascii(&reader->scan),
        .offset = reader->window.offset,
        .number = reader->n_lines,
    };
    if (line.text.n == 0)
        return STEP_GO_ON;
    if (line.text.p[0] == '#')
        return take_directive(reader, batch, line.text);
    if (reader->is_scouting)
        return STEP_GO_ON;
    reader->rc = iislog_events_add(&reader->events, batch, &line);
    if (reader->rc == IW_ELIMIT) {
        reader->rc = IW_OK;
        return STEP_FULL;
    }
    return reader->rc == IW_OK ? STEP_GO_ON : STEP_END;
}

/* What comes behind a text that ends so. */
static enum step go_on_behind(struct iw_reader *reader, enum iislog_end end)
{
    if (end == IISLOG_END_NONE)
        return STEP_END;
    reader->stage = end == IISLOG_END_LINE ? STAGE_BREAK : STAGE_SEGMENT;
    return STEP_GO_ON;
}

static enum step take_segment(struct iw_reader *reader, struct iw_batch *batch)
{
    struct iw_text_window *window = &reader->window;
    enum iislog_end end;
    enum step step;

    if (reader->scan.at == 0 && (window->n == 0 || window->p[0] == '\0')) {
        step = pass_padding(reader);
        if (step != STEP_GO_ON)
            return step;
    }
    end = iislog_scan_line(window->p, window->n, window->at_end, &reader->scan);
    if (reader->scan.at > IW_LIMIT_LOG_LINE_BYTES) {
        note(reader, IW_DAMAGE_LIMIT);
        reader->scan = (struct iislog_scan){0, 0};
        reader->stage = STAGE_LOST;
        return STEP_GO_ON;
    }
    if (end == IISLOG_END_NONE && !window->at_end)
        return STEP_MORE;
    if (reader->scan.at != 0) {
        step = take_text(reader, batch);
        if (step != STEP_GO_ON)
            return step;
    }
    drop(reader, reader->scan.at);
    return go_on_behind(reader, end);
}

static enum step lose_text(struct iw_reader *reader)
{
    struct iw_text_window *window = &reader->window;
    enum iislog_end end = iislog_scan_line(window->p, window->n, window->at_end, &reader->scan);
    size_t n = reader->scan.at;

    if (!reader->is_scouting)
        reader->account->lost_bytes += n;
    drop(reader, n);
    if (end == IISLOG_END_NONE && !window->at_end)
        return STEP_MORE;
    return go_on_behind(reader, end);
}

/* --- the class
 * -------------------------------------------------------------------------------------------------
 */

/* *batch* is NULL while scouting. */
static enum step take_step(struct iw_reader *reader, struct iw_batch *batch)
{
    switch (reader->stage) {
    case STAGE_SKIP:
        return skip_line(reader);
    case STAGE_LINE:
        return begin_line(reader);
    case STAGE_LOST:
        return lose_text(reader);
    case STAGE_BREAK:
        return end_line(reader);
    case STAGE_SEGMENT:
        break;
    }
    return take_segment(reader, batch);
}

/* The limit of a line is far below what the window may hold. */
static enum iw_rc fetch(struct iw_reader *reader)
{
    enum iw_rc rc = iw_text_window_more(&reader->window);
    return rc == IW_ENOMEM ? rc : IW_OK;
}

static enum iw_rc begin_part(struct iw_reader *reader, int fd, const struct iw_evidence_file *file,
                             const struct iw_slice *slice, struct iw_account *account)
{
    reader->account = account;
    reader->events.account = account;
    reader->stage = slice->offset == 0 ? STAGE_LINE : STAGE_SKIP;
    reader->scan = (struct iislog_scan){0, 0};
    reader->in_padding = false;
    reader->rc = IW_OK;
    return iw_text_window_begin(&reader->window, fd, file, slice, account);
}

/* Reads what lies between the place last known and *until* for what is in force behind it. */
static enum iw_rc scout(struct iw_reader *reader, int fd, const struct iw_evidence_file *file,
                        uint64_t until)
{
    struct iw_account ignored = {0};
    const struct iw_slice part = {0, reader->known_offset, until - reader->known_offset, false};
    enum step step;

    reader->is_scouting = true;
    IW_TRY(begin_part(reader, fd, file, &part, &ignored));
    while ((step = take_step(reader, NULL)) != STEP_END) {
        if (step == STEP_MORE)
            IW_TRY(fetch(reader));
    }
    return reader->rc;
}

static void forget(struct iw_reader *reader, const struct iw_evidence_file *file)
{
    iislog_directives_clear(&reader->events.directives);
    reader->n_lines = 0;
    reader->known_offset = 0;
    reader->known_file = file->ledger_index;
}

static enum iw_rc reader_begin(struct iw_reader *reader, int fd,
                               const struct iw_evidence_file *file, const struct iw_slice *slice,
                               struct iw_account *account)
{
    enum iw_rc rc = IW_OK;
    if (slice->offset == 0 || reader->known_file != file->ledger_index ||
        reader->known_offset == NOTHING_KNOWN || reader->known_offset > slice->offset)
        forget(reader, file);
    reader->events.place = iislog_place_read(file->path);
    reader->events.source = (uint32_t)file->ledger_index;
    iislog_events_settle(&reader->events);
    if (reader->known_offset < slice->offset)
        rc = scout(reader, fd, file, slice->offset);
    /* Until the slice is read to its end. */
    reader->known_offset = NOTHING_KNOWN;
    reader->is_scouting = false;
    if (rc != IW_OK)
        return rc;
    return begin_part(reader, fd, file, slice, account);
}

static enum iw_rc end_slice(struct iw_reader *reader, const struct iw_batch *batch)
{
    if (reader->rc != IW_OK)
        return reader->rc;
    if (batch->n != 0)
        return IW_OK; /* asked again, it ends again */
    reader->known_offset = reader->window.own_end;
    return IW_END;
}

static enum iw_rc reader_next(struct iw_reader *reader, struct iw_batch *batch)
{
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
            return end_slice(reader, batch);
        }
    }
}

const struct iw_reader_class iw_iislog_reader_class = {
    .name = "iislog",
    .kind = IW_EVIDENCE_WEB_LOG,
    .slice_bytes = SLICE_BYTES,
    .make = reader_make,
    .free = reader_free,
    .begin = reader_begin,
    .next = reader_next,
};
