/*
 * One event of XML, for the reader of files and for other formats that carry XML in a text.
 *
 * An event that nobody wants costs a look at System and nothing else. The first parser is expat;
 * what it refuses is read again from its beginning by the tolerant one, and counted as repaired. An
 * event that ends in the middle is for the tolerant one at once.
 */
#include "input/xml/xml_event.h"

#include "base/alloc.h"
#include "input/xml/xml_frame.h"
#include "input/xml/xml_scan.h"
#include "input/xml/xml_tolerant.h"

enum iw_rc xml_decoder_init(struct xml_decoder *decoder)
{
    xml_collector_init(&decoder->collector);
    decoder->expat = xml_expat_new();
    return decoder->expat != NULL ? IW_OK : IW_ENOMEM;
}

void xml_decoder_done(struct xml_decoder *decoder)
{
    xml_collector_done(&decoder->collector);
    xml_expat_free(decoder->expat);
}

/* Whether a look at System is enough: nobody wants the event, and its head is set. */
static enum iw_rc pass_unwanted(struct iw_str text, struct iw_event_builder *builder,
                                bool *ret_passed)
{
    struct iw_arena *arena = &builder->batch->arena;
    struct iw_event_head head;

    *ret_passed = false;
    if (builder->route->all || !xml_scan_head(text, &head) || iw_event_builder_head(builder, &head))
        return IW_OK;
    head.channel = iw_arena_copy(arena, head.channel);
    head.provider = iw_arena_copy(arena, head.provider);
    head.computer = iw_arena_copy(arena, head.computer);
    if (head.channel.p == NULL || head.provider.p == NULL || head.computer.p == NULL)
        return IW_ENOMEM;
    *ret_passed = !iw_event_builder_head(builder, &head);
    return IW_OK;
}

enum iw_rc xml_decoder_read(struct xml_decoder *decoder, struct iw_str event, bool is_whole,
                            struct iw_event_builder *builder, bool *ret_repaired)
{
    struct xml_collector *collector = &decoder->collector;
    enum iw_rc rc = IW_EFORMAT;
    bool passed, is_refused;

    *ret_repaired = false;
    IW_TRY(pass_unwanted(event, builder, &passed));
    if (passed)
        return IW_OK;
    collector->is_read_whole = !builder->route->all && xml_scan_has_two_systems(event);
    if (is_whole) {
        xml_collect_begin(collector, builder);
        rc = xml_expat_read(decoder->expat, event, collector);
    }
    if (rc == IW_EFORMAT) {
        is_refused = is_whole && collector->n_deeper == 0;
        xml_collect_begin(collector, builder);
        *ret_repaired = xml_tolerant_read(event, is_whole, collector) != 0 || is_refused;
        rc = collector->rc;
    }
    return rc == IW_OK ? xml_collect_end(collector, is_whole) : rc;
}

/* --- events inside another format
 * -------------------------------------------------------------------------------- */

struct iw_span_decoder {
    struct xml_decoder decoder;
};

static void decoder_free(struct iw_span_decoder *decoder)
{
    if (decoder == NULL)
        return;
    xml_decoder_done(&decoder->decoder);
    iw_free(decoder);
}

static struct iw_span_decoder *decoder_make(const struct iw_reader_options *options)
{
    struct iw_span_decoder *decoder = iw_calloc(1, sizeof *decoder);
    (void)options; /* names and route are the builder's */
    if (decoder == NULL)
        return NULL;
    if (xml_decoder_init(&decoder->decoder) == IW_OK)
        return decoder;
    decoder_free(decoder);
    return NULL;
}

/* The first event of the span; *ret_more whether another follows. False: there is none. */
static bool find_event(struct iw_str span, struct xml_item *ret, bool *ret_dtd, bool *ret_more)
{
    struct xml_framer framer;
    struct xml_item item;
    bool found = false;

    *ret_dtd = *ret_more = false;
    xml_framer_begin(&framer);
    while ((item = xml_framer_next(&framer, span, true, true)).kind != XML_ITEM_END) {
        *ret_dtd = *ret_dtd || item.kind == XML_ITEM_DTD || item.has_dtd;
        if (item.kind != XML_ITEM_EVENT)
            continue;
        *ret_more = found;
        if (found)
            break;
        *ret = item;
        found = true;
    }
    return found;
}

static enum iw_rc decoder_decode(struct iw_span_decoder *decoder, struct iw_str span,
                                 unsigned depth, struct iw_event_builder *builder,
                                 struct iw_account *account, uint64_t offset)
{
    struct xml_item item = {.kind = XML_ITEM_END};
    bool has_dtd, has_more, is_repaired;
    enum iw_rc rc;

    if (depth >= IW_LIMIT_NESTED_FORMATS || span.n > IW_LIMIT_TEXT_RECORD_BYTES)
        return IW_ELIMIT;
    if (!find_event(span, &item, &has_dtd, &has_more))
        return has_dtd ? IW_EFORMAT : IW_END;
    if (has_dtd)
        iw_account_damage(account, IW_DAMAGE_DTD, offset, 1);
    if (item.has_dtd)
        return IW_EFORMAT;
    rc = xml_decoder_read(&decoder->decoder,
                          (struct iw_str){span.p + item.begin, item.end - item.begin},
                          item.is_closed, builder, &is_repaired);
    if (rc == IW_ENOMEM && builder->batch->arena.hit_cap)
        return IW_ELIMIT;
    if (rc == IW_OK && is_repaired)
        iw_account_damage(account, IW_DAMAGE_TEXT_REPAIRED, offset, 1);
    if (rc == IW_OK && has_more) /* one text is one event: others in it are not read */
        iw_event_builder_cut(builder);
    return rc;
}

const struct iw_span_class iw_xml_span_class = {
    .kind = IW_EVIDENCE_XML,
    .make = decoder_make,
    .free = decoder_free,
    .decode = decoder_decode,
};
