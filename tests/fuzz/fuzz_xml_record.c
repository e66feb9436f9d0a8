/*
 * One event: what expat accepts, the tolerant reader reads in the same way; whatever it is, both
 * end, and what comes out is valid. Then the same bytes as a span inside another format.
 */
#include "tests/fuzz/fuzz_support.h"

#include "event/builder.h"
#include "input/reader.h"
#include "input/xml/xml_collect.h"
#include "input/xml/xml_expat.h"
#include "input/xml/xml_frame.h"
#include "input/xml/xml_tolerant.h"

struct read {
    enum iw_rc rc;
    struct iw_buffer bytes; /* copies of what was gathered */
    struct xml_field fields[256];
    size_t n_fields;
    bool is_cut;
};

static void keep(struct xml_collector *collector, struct read *ret)
{
    iw_buffer_init(&ret->bytes);
    if (collector->bytes.n != 0)
        iw_buffer_add(&ret->bytes, iw_buffer_str(&collector->bytes));
    ret->n_fields = collector->n_fields < 256 ? collector->n_fields : 256;
    if (ret->n_fields != 0)
        memcpy(ret->fields, collector->fields, ret->n_fields * sizeof ret->fields[0]);
    ret->is_cut = collector->is_cut;
}

static struct iw_str text(const struct read *read, uint32_t at, uint32_t n)
{
    return n != 0 ? (struct iw_str){read->bytes.p + at, n} : IW_STR("");
}

static void require_same(const struct read *a, const struct read *b)
{
    FUZZ_REQUIRE(a->rc == b->rc && a->n_fields == b->n_fields && a->is_cut == b->is_cut);
    for (size_t i = 0; i < a->n_fields; i++) {
        const struct xml_field *x = &a->fields[i], *y = &b->fields[i];
        FUZZ_REQUIRE(x->place == y->place);
        FUZZ_REQUIRE(iw_str_equal(text(a, x->name_at, x->name_n), text(b, y->name_at, y->name_n)));
        FUZZ_REQUIRE(
            iw_str_equal(text(a, x->value_at, x->value_n), text(b, y->value_at, y->value_n)));
    }
}

static void both_parsers(struct iw_str event, struct iw_event_builder *builder)
{
    struct xml_collector collector;
    struct xml_expat *expat = xml_expat_new();
    struct read first, second;
    bool is_xml;

    FUZZ_REQUIRE(expat != NULL);
    xml_collector_init(&collector);
    for (int whole = 0; whole < 2; whole++) {
        iw_batch_clear(fuzz_batch());
        iw_event_builder_begin(builder, fuzz_batch(), 0, 0);
        xml_collect_begin(&collector, builder);
        (void)xml_tolerant_read(event, whole != 0, &collector);
        second.rc = xml_collect_end(&collector, whole != 0);
        if (whole != 0)
            keep(&collector, &second);
        if (second.rc == IW_OK) {
            (void)iw_event_builder_end(builder);
            fuzz_require_event(&fuzz_batch()->events[0]);
        } else {
            iw_event_builder_cancel(builder);
        }
    }
    iw_batch_clear(fuzz_batch());
    iw_event_builder_begin(builder, fuzz_batch(), 0, 0);
    xml_collect_begin(&collector, builder);
    is_xml = xml_expat_read(expat, event, &collector) == IW_OK;
    first.rc = is_xml ? xml_collect_end(&collector, true) : IW_OK;
    keep(&collector, &first);
    if (is_xml)
        require_same(&first, &second);
    iw_event_builder_cancel(builder);
    iw_buffer_done(&first.bytes);
    iw_buffer_done(&second.bytes);
    xml_collector_done(&collector);
    xml_expat_free(expat);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct iw_span_class *class = iw_span_class_of(IW_EVIDENCE_XML);
    const struct iw_reader_options options = {.names = fuzz_names(), .route = fuzz_route()};
    struct iw_span_decoder *decoder = class->make(&options);
    struct iw_str event = {(const char *)data, size};
    struct iw_event_builder builder;
    struct iw_account account = {0};

    if (size == 0)
        event.p = "";
    FUZZ_REQUIRE(decoder != NULL);
    iw_event_builder_init(&builder, fuzz_names(), fuzz_route());
    if (size < 100000) {
        struct xml_framer framer;
        struct xml_item item;
        xml_framer_begin(&framer);
        while ((item = xml_framer_next(&framer, event, true, true)).kind != XML_ITEM_END) {
            FUZZ_REQUIRE(item.begin <= item.end && item.end <= size);
            if (item.kind == XML_ITEM_EVENT)
                both_parsers((struct iw_str){event.p + item.begin, item.end - item.begin},
                             &builder);
        }
    }
    iw_batch_clear(fuzz_batch());
    iw_event_builder_begin(&builder, fuzz_batch(), 0, 0);
    if (class->decode(decoder, event, 1, &builder, &account, 0) == IW_OK) {
        (void)iw_event_builder_end(&builder);
        fuzz_require_event(&fuzz_batch()->events[0]);
    } else {
        iw_event_builder_cancel(&builder);
    }
    iw_event_builder_done(&builder);
    class->free(decoder);
    return 0;
}
