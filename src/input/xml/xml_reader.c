/*
 * The reader of event XML: one slice a file, streamed through a window; events framed one by one.
 *
 * Counted: what stands between events and belongs to none, once a run (tags of events and bytes
 * that are no text as lost, plain text as noticed); an event without its end as cut; an event that
 * expat refuses as repaired; an `<Event>` with nothing in System as of unknown form; document
 * types, whose entities stay unresolved (an event that holds one is not read at all).
 *
 * Text is UTF-8 or UTF-16, as the bytes say: what an XML declaration claims is only asked where an
 * event is not valid UTF-8, and then only whether it is windows-1252 or a part of it.
 */
#include "input/xml/xml_reader.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"
#include "input/text/text_window.h"
#include "input/xml/xml_event.h"
#include "input/xml/xml_frame.h"

/* Bytes of events one batch is made of, unless one alone has more: their fields fit the batch. */
#define BATCH_TEXT_BYTES (1UL * 1024UL * 1024UL)

struct iw_reader {
    struct xml_decoder decoder;
    struct iw_event_builder builder;
    struct iw_text_window window;
    struct xml_framer framer;
    struct iw_arena turned; /* an event turned into UTF-8 */
    struct iw_account *account;
    uint32_t source;
    bool is_windows_1252; /* the last declaration says so */
    /* What stands between two events, counted once when the run is over. */
    struct {
        uint64_t offset, n_bytes;
        bool is_open, is_junk;
    } run;
    uint64_t large; /* where an event that is passed over began */
    bool is_over;
    struct xml_item held; /* an event for which the last batch had no room */
    bool has_held;
};

static void reader_free(struct iw_reader *reader)
{
    if (reader == NULL)
        return;
    xml_decoder_done(&reader->decoder);
    iw_event_builder_done(&reader->builder);
    iw_text_window_done(&reader->window);
    iw_arena_done(&reader->turned);
    iw_free(reader);
}

static struct iw_reader *reader_make(const struct iw_reader_options *options)
{
    struct iw_reader *reader = iw_calloc(1, sizeof *reader);
    enum iw_rc rc;
    if (reader == NULL)
        return NULL;
    iw_event_builder_init(&reader->builder, options->names, options->route);
    iw_text_window_init(&reader->window);
    iw_arena_init(&reader->turned, 0);
    rc = xml_decoder_init(&reader->decoder);
    if (rc == IW_OK)
        return reader;
    reader_free(reader);
    return NULL;
}

static enum iw_rc reader_begin(struct iw_reader *reader, int fd,
                               const struct iw_evidence_file *file, const struct iw_slice *slice,
                               struct iw_account *account)
{
    reader->account = account;
    reader->source = (uint32_t)file->ledger_index;
    reader->is_windows_1252 = reader->has_held = reader->is_over = false;
    memset(&reader->run, 0, sizeof reader->run);
    xml_framer_begin(&reader->framer);
    return iw_text_window_begin(&reader->window, fd, file, slice, account);
}

static uint64_t offset_of(const struct iw_reader *reader, size_t at)
{
    return iw_text_window_offset(&reader->window, at);
}

/* --- what is no event
 * -------------------------------------------------------------------------------------------- */

static void count_lost(struct iw_reader *reader, enum iw_damage kind, const struct xml_item *item)
{
    uint64_t begin = offset_of(reader, item->begin);
    iw_account_damage(reader->account, kind, begin, 1);
    reader->account->lost_bytes += offset_of(reader, item->end) - begin;
}

static void take_between(struct iw_reader *reader, const struct xml_item *item)
{
    uint64_t begin = offset_of(reader, item->begin);
    if (!reader->run.is_open)
        reader->run.offset = begin;
    reader->run.is_open = true;
    reader->run.is_junk = reader->run.is_junk || item->kind == XML_ITEM_JUNK;
    reader->run.n_bytes += offset_of(reader, item->end) - begin;
}

/* Plain text is no event and nothing is lost with it; tags of an event, or what is no text, may be
 * all that is left of one. */
static void end_run(struct iw_reader *reader)
{
    if (reader->run.is_open && reader->run.is_junk) {
        iw_account_damage(reader->account, IW_DAMAGE_RECORD_HEADER, reader->run.offset, 1);
        reader->account->lost_bytes += reader->run.n_bytes;
    } else if (reader->run.is_open) {
        iw_account_damage(reader->account, IW_DAMAGE_TEXT_BETWEEN, reader->run.offset, 1);
    }
    memset(&reader->run, 0, sizeof reader->run);
}

/* <?xml ... encoding="..."?>: whether it names windows-1252 or what is part of it. */
static void take_instruction(struct iw_reader *reader, struct iw_str text)
{
    static const char *const PARTS[] = {"windows-1252", "iso-8859-1", "us-ascii", "latin1",
                                        "cp1252"};
    size_t at = iw_str_find(text, IW_STR("encoding"));
    if (at == SIZE_MAX || text.n < 5 || memcmp(text.p, "<?xml", 5) != 0)
        return;
    at += 8;
    while (at < text.n && (xml_is_blank(text.p[at]) || text.p[at] == '=' || text.p[at] == '"' ||
                           text.p[at] == '\''))
        at++;
    reader->is_windows_1252 = false;
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        if (iw_str_begins_nocase((struct iw_str){text.p + at, text.n - at}, iw_str_of(PARTS[i])))
            reader->is_windows_1252 = true;
    }
}

/* --- events
 * ------------------------------------------------------------------------------------------------------
 */

/* The event as UTF-8 where its document says that it is not. p NULL: no memory. */
static struct iw_str text_of(struct iw_reader *reader, const struct xml_item *item)
{
    struct iw_str text = {reader->window.p + item->begin, item->end - item->begin};
    if (!reader->is_windows_1252 || reader->window.encoding != IW_TEXT_UTF8 || iw_utf8_valid(text))
        return text;
    iw_arena_reset(&reader->turned);
    return iw_ansi_to_arena((const uint8_t *)text.p, text.n, &reader->turned);
}

/* Half pairs of UTF-16 that the window replaced. */
static bool has_bad_units(const struct iw_reader *reader, struct iw_str text)
{
    return reader->window.n_bad_units != 0 &&
           iw_str_find(text, IW_STR(IW_UTF8_REPLACEMENT)) != SIZE_MAX;
}

static void keep_event(struct iw_reader *reader, const struct xml_item *item, bool is_repaired)
{
    struct iw_event_builder *builder = &reader->builder;
    uint64_t offset = builder->event->offset;
    bool is_decoded = (builder->event->flags & IW_EVENT_DECODED) != 0;

    if (is_repaired)
        iw_account_damage(reader->account, IW_DAMAGE_TEXT_REPAIRED, offset, 1);
    if (!item->is_closed)
        iw_event_builder_cut(builder);
    if (iw_event_builder_end(builder))
        iw_account_damage(reader->account, IW_DAMAGE_RECORD_CUT, offset, 1);
    reader->account->n_records++;
    reader->account->n_decoded += is_decoded;
}

/* Reads a framed event. IW_ELIMIT: the batch has no room for it, and others are in it: again with
 * the next batch. */
static enum iw_rc take_event(struct iw_reader *reader, struct iw_batch *batch,
                             const struct xml_item *item)
{
    struct iw_str text = text_of(reader, item);
    bool is_repaired = false;
    enum iw_rc rc;

    end_run(reader);
    if (text.p == NULL)
        return IW_ENOMEM;
    if (item->end - item->begin > IW_LIMIT_TEXT_RECORD_BYTES || item->has_dtd) {
        count_lost(reader, item->has_dtd ? IW_DAMAGE_DTD : IW_DAMAGE_LIMIT, item);
        return IW_OK;
    }
    iw_event_builder_begin(&reader->builder, batch, reader->source, offset_of(reader, item->begin));
    rc = xml_decoder_read(&reader->decoder, text, item->is_closed, &reader->builder, &is_repaired);
    if (rc == IW_OK) {
        keep_event(reader, item, is_repaired || has_bad_units(reader, text));
        return IW_OK;
    }
    iw_event_builder_cancel(&reader->builder);
    if (rc == IW_ENOMEM && batch->arena.hit_cap) {
        if (batch->n != 0)
            return IW_ELIMIT;
        count_lost(reader, IW_DAMAGE_LIMIT, item);
        iw_batch_clear(batch);
        return IW_OK;
    }
    if (rc == IW_END)
        count_lost(reader, IW_DAMAGE_FORM_UNKNOWN, item);
    else if (rc == IW_EFORMAT)
        count_lost(reader, IW_DAMAGE_RECORD, item);
    else
        return rc;
    return IW_OK;
}

/* The next item of the file, with more of it brought into view as needed. IW_OK or IW_ENOMEM. */
static enum iw_rc next_item(struct iw_reader *reader, struct xml_item *ret)
{
    struct iw_text_window *window = &reader->window;
    bool is_full = false;
    for (;;) {
        size_t spare = xml_framer_spare(&reader->framer);
        enum iw_rc rc;
        iw_text_window_drop(window, spare);
        xml_framer_drop(&reader->framer, spare);
        *ret = xml_framer_next(&reader->framer, (struct iw_str){window->p, window->n}, is_full,
                               window->at_end);
        if (ret->kind != XML_ITEM_MORE)
            return IW_OK;
        spare = xml_framer_spare(&reader->framer);
        iw_text_window_drop(window, spare);
        xml_framer_drop(&reader->framer, spare);
        rc = iw_text_window_more(window);
        is_full = rc == IW_ELIMIT;
        if (rc == IW_ENOMEM)
            return rc;
    }
}

/* Takes an item that is no event. */
static void take_other(struct iw_reader *reader, const struct xml_item *item)
{
    switch (item->kind) {
    case XML_ITEM_JUNK:
    case XML_ITEM_TEXT:
        take_between(reader, item);
        break;
    case XML_ITEM_INSTRUCTION:
        take_instruction(reader,
                         (struct iw_str){reader->window.p + item->begin, item->end - item->begin});
        break;
    case XML_ITEM_DTD:
        iw_account_damage(reader->account, IW_DAMAGE_DTD, offset_of(reader, item->begin), 1);
        break;
    case XML_ITEM_END:
        end_run(reader);
        reader->is_over = true;
        break;
    case XML_ITEM_LARGE:
        end_run(reader);
        reader->large = offset_of(reader, item->begin);
        iw_account_damage(reader->account, IW_DAMAGE_LIMIT, reader->large, 1);
        break;
    case XML_ITEM_LARGE_END:
        reader->account->lost_bytes += offset_of(reader, item->end) - reader->large;
        break;
    case XML_ITEM_MORE:
    case XML_ITEM_EVENT:
        break;
    }
}

static enum iw_rc reader_next(struct iw_reader *reader, struct iw_batch *batch)
{
    size_t n_bytes = 0;
    iw_batch_clear(batch);
    while (!reader->is_over) {
        struct xml_item item = reader->held;
        enum iw_rc rc;
        if (!reader->has_held)
            IW_TRY(next_item(reader, &item));
        reader->has_held = false;
        if (item.kind != XML_ITEM_EVENT) {
            take_other(reader, &item);
            continue;
        }
        rc = take_event(reader, batch, &item);
        if (rc == IW_ELIMIT) {
            reader->held = item;
            reader->has_held = true;
            return IW_OK;
        }
        IW_TRY(rc);
        n_bytes += item.end - item.begin;
        if (!iw_event_builder_has_room(batch) || (n_bytes >= BATCH_TEXT_BYTES && batch->n != 0))
            break;
    }
    return batch->n != 0 ? IW_OK : IW_END;
}

const struct iw_reader_class iw_xml_reader_class = {
    .name = "xml",
    .kind = IW_EVIDENCE_XML,
    .slice_bytes = UINT64_MAX,
    .lead_bytes = 0,
    .make = reader_make,
    .free = reader_free,
    .begin = reader_begin,
    .next = reader_next,
};
