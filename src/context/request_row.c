#include "context/request_row.h"

#include "base/hash.h"

/* --- order ---------------------------------------------------------------------------------- */

int iw_request_place_compare(const struct iw_request_place *a, const struct iw_request_place *b)
{
    if (a->end_ns != b->end_ns)
        return a->end_ns < b->end_ns ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static struct iw_request_place place_of(const struct iw_request_moment *moment)
{
    return (struct iw_request_place){moment->end_ns, moment->source, moment->offset};
}

/* --- values that are different --- */

static enum iw_rc note_hash(struct iw_request_value_set *set, uint64_t hash, struct iw_arena *arena)
{
    if (set->n > IW_LIMIT_URL_VALUES)
        return IW_OK;
    for (uint32_t i = 0; i < set->n; i++) {
        if (set->hashes[i] == hash)
            return IW_OK;
    }
    if (set->n == IW_LIMIT_URL_VALUES) {
        set->n++;
        return IW_OK;
    }
    if (set->n == set->cap) {
        uint32_t cap = set->cap == 0 ? 2 : set->cap * 4;
        uint64_t *hashes = iw_arena_alloc(arena, cap * sizeof *hashes);
        if (hashes == NULL)
            return IW_ENOMEM;
        if (set->n != 0)
            memcpy(hashes, set->hashes, set->n * sizeof *hashes);
        set->hashes = hashes;
        set->cap = cap;
    }
    set->hashes[set->n++] = hash;
    return IW_OK;
}

/* Moves the value at *at*, whose place became earlier, to where it belongs. */
static void sink_value(struct iw_request_value_set *set, uint32_t at)
{
    for (;
         at != 0 && iw_request_place_compare(&set->shown[at].place, &set->shown[at - 1].place) < 0;
         at--) {
        struct iw_request_value other = set->shown[at - 1];
        set->shown[at - 1] = set->shown[at];
        set->shown[at] = other;
    }
}

/* Where the value goes among those shown: its own place, a free one, that of the last, which came
 * later; IW_LIMIT_URL_VALUES_SHOWN: nowhere. */
static uint32_t seat_of(const struct iw_request_value_set *set,
                        const struct iw_request_value *value)
{
    for (uint32_t i = 0; i < set->n_shown; i++) {
        if (set->shown[i].hash == value->hash)
            return iw_request_place_compare(&value->place, &set->shown[i].place) < 0
                       ? i
                       : IW_LIMIT_URL_VALUES_SHOWN;
    }
    if (set->n_shown < IW_LIMIT_URL_VALUES_SHOWN)
        return set->n_shown;
    return iw_request_place_compare(&value->place, &set->shown[set->n_shown - 1].place) < 0
               ? set->n_shown - 1
               : IW_LIMIT_URL_VALUES_SHOWN;
}

static void show(struct iw_request_value_set *set, const struct iw_request_value *value,
                 uint32_t seat)
{
    set->shown[seat] = *value;
    if (seat == set->n_shown)
        set->n_shown++;
    sink_value(set, seat);
}

static struct iw_str cut(struct iw_str text)
{
    size_t n = IW_LIMIT_REQUEST_TEXT_BYTES;
    if (text.n <= n)
        return text;
    while (n != 0 && ((uint8_t)text.p[n] & 0xC0U) == 0x80U)
        n--;
    return (struct iw_str){text.p, n};
}

static enum iw_rc note_value(struct iw_request_value_set *set, struct iw_str text,
                             const struct iw_request_place *place, struct iw_arena *arena)
{
    struct iw_request_value value = {.place = *place};
    uint32_t seat;
    if (text.n == 0)
        return IW_OK;
    value.hash = iw_hash_bytes(text.p, text.n, 0);
    IW_TRY(note_hash(set, value.hash, arena));
    seat = seat_of(set, &value);
    if (seat == IW_LIMIT_URL_VALUES_SHOWN)
        return IW_OK;
    value.text = iw_arena_copy(arena, cut(text));
    if (value.text.p == NULL)
        return IW_ENOMEM;
    show(set, &value, seat);
    return IW_OK;
}

static enum iw_rc unite_sets(struct iw_request_value_set *into,
                             const struct iw_request_value_set *from, struct iw_arena *arena)
{
    for (uint32_t i = 0; i < from->n && i < IW_LIMIT_URL_VALUES; i++)
        IW_TRY(note_hash(into, from->hashes[i], arena));
    if (from->n > IW_LIMIT_URL_VALUES)
        into->n = IW_LIMIT_URL_VALUES + 1;
    for (uint32_t i = 0; i < from->n_shown; i++) {
        uint32_t seat = seat_of(into, &from->shown[i]);
        if (seat != IW_LIMIT_URL_VALUES_SHOWN)
            show(into, &from->shown[i], seat);
    }
    return IW_OK;
}

/* --- moments -------------------------------------------------------------------------------- */

bool iw_request_row_wants(const struct iw_request_row *row, const struct iw_request_place *place)
{
    struct iw_request_place last;
    if (place->end_ns == INT64_MAX)
        return false;
    if (row->n_moments < IW_LIMIT_HOUR_MOMENTS)
        return true;
    last = place_of(&row->moments[row->n_moments - 1]);
    return iw_request_place_compare(place, &last) < 0;
}

/* The same line of the same log, in a copy of it. */
static bool is_same_line(const struct iw_request_moment *a, const struct iw_request_moment *b)
{
    return a->end_ns == b->end_ns && a->offset == b->offset &&
           iw_str_equal(a->fields_json, b->fields_json);
}

/* Moves the moment at *at* before those it precedes. */
static void sink_moment(struct iw_request_row *row, uint32_t at)
{
    for (; at != 0; at--) {
        struct iw_request_moment moment = row->moments[at];
        struct iw_request_place own = place_of(&moment), before = place_of(&row->moments[at - 1]);
        if (iw_request_place_compare(&own, &before) >= 0)
            return;
        row->moments[at] = row->moments[at - 1];
        row->moments[at - 1] = moment;
    }
}

/* Of a line in two copies of a log, that of the first file stays. */
static void put_moment(struct iw_request_row *row, const struct iw_request_moment *moment)
{
    struct iw_request_place place = place_of(moment);
    uint32_t at;
    for (at = 0; at < row->n_moments; at++) {
        if (!is_same_line(&row->moments[at], moment))
            continue;
        if (moment->source < row->moments[at].source) {
            row->moments[at] = *moment;
            sink_moment(row, at);
        }
        return;
    }
    if (!iw_request_row_wants(row, &place))
        return;
    if (row->n_moments < IW_LIMIT_HOUR_MOMENTS)
        row->n_moments++;
    at = row->n_moments - 1;
    row->moments[at] = *moment;
    sink_moment(row, at);
}

/* --- one request ---------------------------------------------------------------------------- */

static unsigned method_of(struct iw_str method)
{
    static const struct {
        const char *name;
        enum iw_url_method bit;
    } METHODS[] = {{"GET", IW_METHOD_GET},       {"HEAD", IW_METHOD_HEAD},
                   {"POST", IW_METHOD_POST},     {"PUT", IW_METHOD_PUT},
                   {"DELETE", IW_METHOD_DELETE}, {"OPTIONS", IW_METHOD_OPTIONS}};
    if (method.n == 0)
        return 0;
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++) {
        if (iw_str_equal_nocase(method, iw_str_of(METHODS[i].name)))
            return METHODS[i].bit;
    }
    return IW_METHOD_OTHER;
}

static void count(struct iw_request_row *row, const struct iw_web_request *request)
{
    unsigned method = method_of(request->method);
    uint64_t class = request->status >= 100 && request->status < 600 ? request->status / 100 : 0;
    row->counts[IW_COUNT_ALL]++;
    row->counts[IW_COUNT_POSTS] += method == IW_METHOD_POST;
    row->counts[IW_COUNT_ANSWERED] += request->status != 0 && request->status < 400;
    row->counts[IW_COUNT_TIMELESS] += !iw_time_known(request->end_ns);
    row->counts[IW_COUNT_STATUS + class]++;
    row->methods |= method;
}

static bool keep(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    *ret = iw_arena_copy(arena, text);
    return ret->p != NULL;
}

static enum iw_rc keep_moment(struct iw_request_row *row, const struct iw_web_request *request,
                              const struct iw_event *event, struct iw_str fields_json,
                              struct iw_arena *arena)
{
    struct iw_request_moment moment = {.end_ns = request->end_ns,
                                       .start_ns = request->start_ns,
                                       .is_local = request->is_local,
                                       .source = event->source,
                                       .offset = event->offset,
                                       .line = event->line,
                                       .status = request->status};
    if (!keep(cut(request->method), arena, &moment.method) ||
        !keep(cut(request->stem), arena, &moment.stem) ||
        !keep(cut(request->address), arena, &moment.address) ||
        !keep(cut(request->agent), arena, &moment.agent) ||
        !keep(cut(request->forwarded), arena, &moment.forwarded) ||
        !keep(fields_json, arena, &moment.fields_json))
        return IW_ENOMEM;
    put_moment(row, &moment);
    return IW_OK;
}

static void note_last(struct iw_request_row *row, const struct iw_request_place *place,
                      uint64_t line)
{
    if (row->n_moments != 0 && iw_request_place_compare(place, &row->last) <= 0)
        return;
    row->last = *place;
    row->last_line = line;
}

static struct iw_request_place place_of_event(const struct iw_event *event)
{
    return (struct iw_request_place){iw_time_known(event->time_ns) ? event->time_ns : INT64_MAX,
                                     event->source, event->offset};
}

enum iw_rc iw_request_row_add(struct iw_request_row *row, const struct iw_web_request *request,
                              const struct iw_event *event, struct iw_str fields_json,
                              struct iw_arena *arena)
{
    struct iw_request_place place = place_of_event(event);
    count(row, request);
    IW_TRY(note_value(&row->addresses, request->address, &place, arena));
    IW_TRY(note_value(&row->agents, request->agent, &place, arena));
    IW_TRY(note_value(&row->forwarded, request->forwarded, &place, arena));
    if (place.end_ns == INT64_MAX)
        return IW_OK;
    note_last(row, &place, event->line);
    IW_TRY(iw_request_seconds_add(&row->seconds, request->start_ns, request->end_ns, arena));
    return iw_request_row_wants(row, &place) ? keep_moment(row, request, event, fields_json, arena)
                                             : IW_OK;
}

/* --- rows together -------------------------------------------------------------------------- */

enum iw_rc iw_request_row_unite_values(struct iw_request_row *into,
                                       const struct iw_request_row *from, struct iw_arena *arena)
{
    into->methods |= from->methods;
    IW_TRY(unite_sets(&into->addresses, &from->addresses, arena));
    IW_TRY(unite_sets(&into->agents, &from->agents, arena));
    IW_TRY(unite_sets(&into->forwarded, &from->forwarded, arena));
    IW_TRY(iw_request_seconds_unite(&into->seconds, &from->seconds, arena));
    if (from->n_moments != 0)
        note_last(into, &from->last, from->last_line);
    for (uint32_t i = 0; i < from->n_moments; i++)
        put_moment(into, &from->moments[i]);
    return IW_OK;
}

enum iw_rc iw_request_row_unite(struct iw_request_row *into, const struct iw_request_row *from,
                                struct iw_arena *arena)
{
    for (size_t i = 0; i < IW_REQUEST_COUNTS; i++)
        into->counts[i] += from->counts[i];
    return iw_request_row_unite_values(into, from, arena);
}

static bool would_show(const struct iw_request_value_set *into,
                       const struct iw_request_value_set *from)
{
    for (uint32_t i = 0; i < from->n_shown; i++) {
        if (seat_of(into, &from->shown[i]) != IW_LIMIT_URL_VALUES_SHOWN)
            return true;
    }
    return false;
}

bool iw_request_row_would_borrow(const struct iw_request_row *into,
                                 const struct iw_request_row *from)
{
    struct iw_request_place first;
    if (would_show(&into->addresses, &from->addresses) ||
        would_show(&into->agents, &from->agents) || would_show(&into->forwarded, &from->forwarded))
        return true;
    if (from->n_moments == 0)
        return false;
    first = place_of(&from->moments[0]);
    return iw_request_row_wants(into, &first);
}

bool iw_request_row_is_copy(const struct iw_request_row *a, const struct iw_request_row *b)
{
    return a->n_moments != 0 && b->n_moments != 0 && is_same_line(&a->moments[0], &b->moments[0]);
}

/* --- as bytes ------------------------------------------------------------------------------- */

static void pack_set(const struct iw_request_value_set *set, struct iw_buffer *out)
{
    iw_pack_number(out, set->n);
    for (uint32_t i = 0; i < set->n && i < IW_LIMIT_URL_VALUES; i++)
        iw_pack_number(out, set->hashes[i]);
    iw_pack_number(out, set->n_shown);
    for (uint32_t i = 0; i < set->n_shown; i++) {
        iw_pack_number(out, (uint64_t)set->shown[i].place.end_ns);
        iw_pack_number(out, set->shown[i].place.source);
        iw_pack_number(out, set->shown[i].place.offset);
        iw_pack_number(out, set->shown[i].hash);
        iw_pack_text(out, set->shown[i].text);
    }
}

static void pack_moment(const struct iw_request_moment *moment, struct iw_buffer *out)
{
    iw_pack_number(out, (uint64_t)moment->end_ns);
    iw_pack_number(out, (uint64_t)moment->start_ns);
    iw_pack_number(out, moment->is_local);
    iw_pack_number(out, moment->source);
    iw_pack_number(out, moment->offset);
    iw_pack_number(out, moment->line);
    iw_pack_number(out, moment->status);
    iw_pack_text(out, moment->method);
    iw_pack_text(out, moment->stem);
    iw_pack_text(out, moment->address);
    iw_pack_text(out, moment->agent);
    iw_pack_text(out, moment->forwarded);
    iw_pack_text(out, moment->fields_json);
}

void iw_request_row_pack(const struct iw_request_row *row, struct iw_buffer *out)
{
    for (size_t i = 0; i < IW_REQUEST_COUNTS; i++)
        iw_pack_number(out, row->counts[i]);
    iw_pack_number(out, row->methods);
    pack_set(&row->addresses, out);
    pack_set(&row->agents, out);
    pack_set(&row->forwarded, out);
    iw_pack_number(out, row->n_moments);
    for (uint32_t i = 0; i < row->n_moments; i++)
        pack_moment(&row->moments[i], out);
    iw_request_seconds_pack(&row->seconds, out);
    iw_pack_number(out, (uint64_t)row->last.end_ns);
    iw_pack_number(out, row->last.source);
    iw_pack_number(out, row->last.offset);
    iw_pack_number(out, row->last_line);
}

static enum iw_rc unpack_set(struct iw_unpacking *in, struct iw_arena *arena,
                             struct iw_request_value_set *ret)
{
    uint32_t n_hashes;
    ret->n = (uint32_t)iw_unpack_below(in, IW_LIMIT_URL_VALUES + 2);
    n_hashes = ret->n < IW_LIMIT_URL_VALUES ? ret->n : IW_LIMIT_URL_VALUES;
    ret->cap = n_hashes;
    ret->hashes = n_hashes != 0 ? iw_arena_alloc(arena, n_hashes * sizeof *ret->hashes) : NULL;
    if (n_hashes != 0 && ret->hashes == NULL)
        return IW_ENOMEM;
    for (uint32_t i = 0; i < n_hashes; i++)
        ret->hashes[i] = iw_unpack_number(in);
    ret->n_shown = (uint32_t)iw_unpack_below(in, IW_LIMIT_URL_VALUES_SHOWN + 1);
    for (uint32_t i = 0; i < ret->n_shown; i++) {
        struct iw_request_value *value = &ret->shown[i];
        value->place.end_ns = (int64_t)iw_unpack_number(in);
        value->place.source = (uint32_t)iw_unpack_number(in);
        value->place.offset = iw_unpack_number(in);
        value->hash = iw_unpack_number(in);
        value->text = iw_unpack_text(in);
    }
    return IW_OK;
}

static void unpack_moment(struct iw_unpacking *in, struct iw_request_moment *ret)
{
    ret->end_ns = (int64_t)iw_unpack_number(in);
    ret->start_ns = (int64_t)iw_unpack_number(in);
    ret->is_local = iw_unpack_number(in) != 0;
    ret->source = (uint32_t)iw_unpack_number(in);
    ret->offset = iw_unpack_number(in);
    ret->line = iw_unpack_number(in);
    ret->status = iw_unpack_number(in);
    ret->method = iw_unpack_text(in);
    ret->stem = iw_unpack_text(in);
    ret->address = iw_unpack_text(in);
    ret->agent = iw_unpack_text(in);
    ret->forwarded = iw_unpack_text(in);
    ret->fields_json = iw_unpack_text(in);
}

enum iw_rc iw_request_row_unpack(struct iw_unpacking *in, struct iw_arena *arena,
                                 struct iw_request_row *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < IW_REQUEST_COUNTS; i++)
        ret->counts[i] = iw_unpack_number(in);
    ret->methods = (unsigned)iw_unpack_number(in);
    IW_TRY(unpack_set(in, arena, &ret->addresses));
    IW_TRY(unpack_set(in, arena, &ret->agents));
    IW_TRY(unpack_set(in, arena, &ret->forwarded));
    ret->n_moments = (uint32_t)iw_unpack_below(in, IW_LIMIT_HOUR_MOMENTS + 1);
    for (uint32_t i = 0; i < ret->n_moments; i++)
        unpack_moment(in, &ret->moments[i]);
    IW_TRY(iw_request_seconds_unpack(in, arena, &ret->seconds));
    ret->last.end_ns = (int64_t)iw_unpack_number(in);
    ret->last.source = (uint32_t)iw_unpack_number(in);
    ret->last.offset = iw_unpack_number(in);
    ret->last_line = iw_unpack_number(in);
    return in->is_broken ? IW_EIO : IW_OK;
}

enum iw_rc iw_request_row_told(enum iw_rc rc, struct iw_error *err)
{
    if (rc == IW_EIO)
        return iw_error_set(err, rc, "the temporary file does not hold what was written to it");
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}
