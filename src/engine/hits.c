/*
 * Hits in the order in which copies are looked for (the same record from two copies is one event
 * with two sources).
 *
 * Which names are one host is not known before all was read, so the key holds the label, which all
 * names of one host share; pass 2 tells hosts of one label apart. Record and content stand in the
 * key as the first half of a SHA-256: nobody can make two events that look like copies and are not.
 */
#include "engine/hits.h"

#include "base/hash.h"
#include "base/sort_key.h"
#include "event/host.h"
#include "result/finding_record.h"

#define HALF_DIGEST ((size_t)16)

enum iw_rc iw_hits_init(struct iw_hits *hits, struct iw_spill *spill, size_t budget_bytes)
{
    hits->sorter = iw_sorter_new(spill, budget_bytes);
    return hits->sorter != NULL ? IW_OK : IW_ENOMEM;
}

void iw_hits_done(struct iw_hits *hits)
{
    iw_sorter_free(hits->sorter);
    hits->sorter = NULL;
}

enum iw_rc iw_hit_feed_init(struct iw_hit_feed *feed, struct iw_hits *hits)
{
    iw_buffer_init(&feed->key);
    iw_buffer_init(&feed->record);
    iw_buffer_init(&feed->identity);
    feed->feed = iw_sorter_feed_new(hits->sorter);
    return feed->feed != NULL ? IW_OK : IW_ENOMEM;
}

void iw_hit_feed_done(struct iw_hit_feed *feed)
{
    iw_buffer_done(&feed->key);
    iw_buffer_done(&feed->record);
    iw_buffer_done(&feed->identity);
}

/* --- adding ------------------------------------------------------------------------------ */

static void add_lower(struct iw_buffer *out, struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++)
        iw_buffer_add_char(out, iw_ascii_lower(text.p[i]));
}

static bool add_half_digest(struct iw_buffer *key, struct iw_str text)
{
    uint8_t digest[32];
    if (!iw_sha256(text, digest))
        return false;
    iw_buffer_add(key, (struct iw_str){(const char *)digest, HALF_DIGEST});
    return true;
}

/* Which record of which rule it is, wherever a copy of it was read. */
static bool add_record_identity(struct iw_hit_feed *feed, const struct iw_finding *finding)
{
    const struct iw_evidence_item *item = &finding->evidence[0];
    struct iw_buffer *out = &feed->identity;
    iw_buffer_clear(out);
    iw_sort_key_u64(out, finding->rule_account);
    iw_sort_key_u64(out, item->record_id);
    iw_sort_key_i64(out, item->time_ns);
    iw_sort_key_u64(out, item->channel.n);
    iw_buffer_add(out, item->channel);
    add_lower(out, iw_host_label(finding->computer));
    return !out->failed && add_half_digest(&feed->key, iw_buffer_str(out));
}

enum iw_rc iw_hit_feed_add(struct iw_hit_feed *feed, const struct iw_finding *finding,
                           struct iw_error *err)
{
    const struct iw_evidence_item *item = &finding->evidence[0];
    bool is_made;
    iw_buffer_clear(&feed->key);
    iw_buffer_clear(&feed->record);
    is_made =
        add_record_identity(feed, finding) && add_half_digest(&feed->key, finding->event_json);
    iw_sort_key_text(&feed->key, item->source);
    iw_sort_key_u64(&feed->key, item->offset);
    iw_finding_record_write(finding, &feed->record);
    if (!is_made || feed->key.failed || feed->record.failed)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return iw_sorter_add(feed->feed, iw_buffer_str(&feed->key), iw_buffer_str(&feed->record), err);
}

/* --- reading ----------------------------------------------------------------------------- */

enum iw_rc iw_hit_reader_init(struct iw_hit_reader *reader, struct iw_hits *hits,
                              struct iw_error *err)
{
    memset(reader, 0, sizeof *reader);
    if (iw_sorter_finish(hits->sorter) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return iw_sorter_open(hits->sorter, true, &reader->sorted, err);
}

void iw_hit_reader_done(struct iw_hit_reader *reader)
{
    iw_sorted_close(reader->sorted);
    memset(reader, 0, sizeof *reader);
}

enum iw_rc iw_hit_reader_next(struct iw_hit_reader *reader, struct iw_hit *ret,
                              struct iw_error *err)
{
    struct iw_str key;
    IW_TRY(iw_sorted_next(reader->sorted, &key, &ret->record, err));
    ret->is_same_record = reader->has_before && memcmp(reader->before, key.p, HALF_DIGEST) == 0;
    ret->is_same_content =
        ret->is_same_record && memcmp(reader->before, key.p, 2 * HALF_DIGEST) == 0;
    memcpy(reader->before, key.p, 2 * HALF_DIGEST);
    reader->has_before = true;
    return IW_OK;
}
