/*
 * Buckets. The gates of all rules are taken apart into atoms; atoms of one field are looked up
 * together: whole texts and file names in hash tables, hashes behind a `=` in another, everything
 * else by one pass over the text (sigma_gram.h). An atom that is found sets the bits of the rules
 * behind it.
 *
 * Literals beyond ASCII have a set of their own, which plain text never meets.
 */
#include "sigma/sigma_bucket.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/map.h"
#include "base/utf.h"
#include "sigma/sigma_gate.h"
#include "sigma/sigma_order.h"

/* Every byte that values other than text can have, folded: digits, hex, `0x`, `S-1-5`, `{}`, times,
 * true and false, `#inf`. */
#define OF_NUMBERS "0123456789abcdefx{}-+:.tzslrun#i"

/* The bits that one atom sets. */
struct atom_bodies {
    const uint32_t *bodies;
    size_t n;
};

/* All atoms of one field. */
struct field_atoms {
    uint32_t field; /* IW_NAME_UNASKED: any */
    bool by_taxonomy;
    bool wants_text;
    bool wants_words; /* every literal has a byte outside OF_NUMBERS */
    struct atom_bodies present;
    struct iw_map exact, basename, equals; /* text → index of atom */
    struct iw_gram_set *plain, *foreign;
};

struct iw_bucket {
    struct iw_arena arena;
    struct iw_body *bodies;
    size_t n_bodies;
    uint64_t *always; /* bits that are set for every event */
    /* Words of one bit a body. There are twice as many: a body is let through when its bit is set
     * in both halves. */
    size_t n_words;
    struct atom_bodies *atoms;
    struct field_atoms *fields;
    size_t n_fields;
};

/* --- building: rules to bodies --- */

struct pair {
    uint32_t atom, body;
};

struct builder {
    struct iw_bucket *bucket;
    struct iw_rule_plan *const *plans;
    const struct iw_frequencies *frequencies;
    struct iw_arena scratch; /* gates, keys */
    struct iw_buffer key;
    struct iw_map by_key; /* atom, written out → index into distinct */
    struct iw_atom *distinct;
    size_t n_distinct, distinct_cap;
    struct pair *pairs;
    size_t n_pairs, pairs_cap;
};

static int compare_bodies(const void *a, const void *b, void *plans)
{
    struct iw_rule_plan *const *all = plans;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (all[x]->body != all[y]->body)
        return all[x]->body < all[y]->body ? -1 : 1;
    return (x > y) - (x < y);
}

/* Groups rules of equal body. */
static enum iw_rc make_bodies(struct builder *builder, const uint32_t *rules, size_t n)
{
    struct iw_bucket *bucket = builder->bucket;
    uint32_t *sorted = iw_arena_calloc(&bucket->arena, n + 1, sizeof *sorted);

    bucket->bodies = iw_arena_calloc(&bucket->arena, n + 1, sizeof *bucket->bodies);
    if (sorted == NULL || bucket->bodies == NULL)
        return IW_ENOMEM;
    memcpy(sorted, rules, n * sizeof *sorted);
    qsort_r(sorted, n, sizeof *sorted, compare_bodies, (void *)(uintptr_t)builder->plans);
    for (size_t i = 0; i < n; i++) {
        const struct iw_rule_plan *plan = builder->plans[sorted[i]];
        struct iw_body *last = bucket->n_bodies != 0 ? &bucket->bodies[bucket->n_bodies - 1] : NULL;
        if (last != NULL && last->plan->body == plan->body)
            last->n_rules++;
        else
            bucket->bodies[bucket->n_bodies++] = (struct iw_body){plan, &sorted[i], 1};
    }
    bucket->n_words = bucket->n_bodies / 64 + 1;
    bucket->always = iw_arena_calloc(&bucket->arena, 2 * bucket->n_words, sizeof *bucket->always);
    return bucket->always != NULL ? IW_OK : IW_ENOMEM;
}

/* --- building: gates to atoms --- */

static enum iw_rc atom_index(struct builder *builder, const struct iw_atom *atom, uint32_t *ret)
{
    struct iw_buffer *key = &builder->key;
    struct iw_map_entry *entry;
    struct iw_str text;
    bool is_new;

    iw_buffer_clear(key);
    iw_buffer_add_u64(key, atom->field);
    iw_buffer_add_char(key, (char)('a' + (int)atom->kind));
    iw_buffer_add_char(key,
                       (char)('0' + atom->by_taxonomy + 2 * atom->at_start + 4 * atom->at_end));
    iw_buffer_add(key, atom->text);
    text = !key->failed ? iw_arena_copy(&builder->scratch, iw_buffer_str(key)) : IW_STR("");
    entry = text.p != NULL && text.n != 0 ? iw_map_add(&builder->by_key, text, &is_new) : NULL;
    if (entry == NULL || !iw_array_reserve(&builder->distinct, &builder->distinct_cap,
                                           builder->n_distinct + 1, sizeof *builder->distinct))
        return IW_ENOMEM;
    if (is_new) {
        struct iw_atom copy = *atom;
        entry->value.number = builder->n_distinct;
        copy.text = iw_arena_copy(&builder->bucket->arena, atom->text);
        if (copy.text.p == NULL)
            return IW_ENOMEM;
        builder->distinct[builder->n_distinct++] = copy;
    }
    *ret = (uint32_t)entry->value.number;
    return IW_OK;
}

static enum iw_rc take_atoms(struct builder *builder, const struct iw_atom *atoms, size_t n,
                             uint32_t bit)
{
    if (!iw_array_reserve(&builder->pairs, &builder->pairs_cap, builder->n_pairs + n,
                          sizeof *builder->pairs))
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        uint32_t atom;
        IW_TRY(atom_index(builder, &atoms[i], &atom));
        builder->pairs[builder->n_pairs++] = (struct pair){atom, bit};
    }
    return IW_OK;
}

static enum iw_rc take_gate(struct builder *builder, uint32_t body)
{
    struct iw_bucket *bucket = builder->bucket;
    struct iw_body *entry = &bucket->bodies[body];
    uint32_t second = (uint32_t)(64 * bucket->n_words) + body;
    struct iw_gate gate;

    IW_TRY(iw_gate_find(entry->plan, builder->frequencies, &builder->scratch, &gate));
    IW_TRY(iw_plan_order(entry->plan, builder->frequencies, &bucket->arena, &entry->plan));
    if (gate.always)
        bucket->always[body / 64] |= (uint64_t)1 << (body % 64);
    if (gate.n_more == 0)
        bucket->always[second / 64] |= (uint64_t)1 << (second % 64);
    IW_TRY(take_atoms(builder, gate.atoms, gate.n, body));
    return take_atoms(builder, gate.more, gate.n_more, second);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->atom != y->atom)
        return x->atom < y->atom ? -1 : 1;
    return (x->body > y->body) - (x->body < y->body);
}

/* The bodies behind each atom, side by side. */
static enum iw_rc list_bodies(struct builder *builder)
{
    struct iw_bucket *bucket = builder->bucket;
    uint32_t *bodies = iw_arena_calloc(&bucket->arena, builder->n_pairs + 1, sizeof *bodies);

    bucket->atoms = iw_arena_calloc(&bucket->arena, builder->n_distinct + 1, sizeof *bucket->atoms);
    if (bodies == NULL || bucket->atoms == NULL)
        return IW_ENOMEM;
    if (builder->n_pairs != 0)
        qsort(builder->pairs, builder->n_pairs, sizeof *builder->pairs, compare_pairs);
    for (size_t i = 0; i < builder->n_pairs; i++) {
        struct atom_bodies *atom = &bucket->atoms[builder->pairs[i].atom];
        bodies[i] = builder->pairs[i].body;
        if (atom->n == 0)
            atom->bodies = &bodies[i];
        atom->n++;
    }
    return IW_OK;
}

/* --- building: atoms to tables by field --- */

static struct field_atoms *field_of(struct iw_bucket *bucket, const struct iw_atom *atom)
{
    struct field_atoms *field;

    for (size_t i = 0; i < bucket->n_fields; i++) {
        field = &bucket->fields[i];
        if (field->field == atom->field && field->by_taxonomy == atom->by_taxonomy)
            return field;
    }
    field = &bucket->fields[bucket->n_fields++];
    field->field = atom->field;
    field->by_taxonomy = atom->by_taxonomy;
    field->wants_words = true;
    return field;
}

static enum iw_rc add_text(struct iw_map *map, struct iw_str text, size_t atom)
{
    struct iw_map_entry *entry = iw_map_add(map, text, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.number = atom;
    return IW_OK;
}

static bool has_word(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (memchr(OF_NUMBERS, text.p[i], sizeof OF_NUMBERS - 1) == NULL)
            return true;
    }
    return false;
}

static enum iw_rc file_atom(struct iw_bucket *bucket, const struct iw_atom *atom, size_t index)
{
    struct field_atoms *field = field_of(bucket, atom);

    field->wants_text |= atom->kind != IW_ATOM_PRESENT;
    field->wants_words &= has_word(atom->text);
    switch (atom->kind) {
    case IW_ATOM_PRESENT:
        field->present = bucket->atoms[index];
        break;
    case IW_ATOM_EXACT:
        return add_text(&field->exact, atom->text, index);
    case IW_ATOM_BASENAME:
        return add_text(&field->basename, atom->text, index);
    case IW_ATOM_EQUALS:
        return add_text(&field->equals, atom->text, index);
    case IW_ATOM_LITERAL: /* in sets of their own */
    case IW_ATOM_KIND_COUNT:
        break;
    }
    return IW_OK;
}

/* Builds one of the two sets of literals of a field. */
static enum iw_rc make_set(struct builder *builder, const struct field_atoms *field, bool plain,
                           struct iw_gram_literal *room, struct iw_gram_set **ret)
{
    size_t n = 0;

    for (size_t i = 0; i < builder->n_distinct; i++) {
        const struct iw_atom *atom = &builder->distinct[i];
        if (atom->kind == IW_ATOM_LITERAL && atom->field == field->field &&
            atom->by_taxonomy == field->by_taxonomy && iw_utf8_is_ascii(atom->text) == plain)
            room[n++] =
                (struct iw_gram_literal){atom->text, atom->at_start, atom->at_end, (uint32_t)i};
    }
    return n != 0 ? iw_gram_set_new(builder->frequencies, room, n, ret) : IW_OK;
}

static enum iw_rc make_tables(struct builder *builder)
{
    struct iw_bucket *bucket = builder->bucket;
    struct iw_gram_literal *room =
        iw_arena_calloc(&builder->scratch, builder->n_distinct + 1, sizeof *room);

    bucket->fields =
        iw_arena_calloc(&bucket->arena, builder->n_distinct + 1, sizeof *bucket->fields);
    if (room == NULL || bucket->fields == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < builder->n_distinct; i++)
        IW_TRY(file_atom(bucket, &builder->distinct[i], i));
    for (size_t i = 0; i < bucket->n_fields; i++) {
        IW_TRY(make_set(builder, &bucket->fields[i], true, room, &bucket->fields[i].plain));
        IW_TRY(make_set(builder, &bucket->fields[i], false, room, &bucket->fields[i].foreign));
    }
    return IW_OK;
}

static enum iw_rc build(struct builder *builder, const uint32_t *rules, size_t n)
{
    IW_TRY(make_bodies(builder, rules, n));
    for (size_t i = 0; i < builder->bucket->n_bodies; i++)
        IW_TRY(take_gate(builder, (uint32_t)i));
    IW_TRY(list_bodies(builder));
    return make_tables(builder);
}

enum iw_rc iw_bucket_new(struct iw_rule_plan *const *plans,
                         const struct iw_frequencies *frequencies, const uint32_t *rules,
                         size_t n_rules, struct iw_bucket **ret)
{
    struct builder builder = {.plans = plans, .frequencies = frequencies};
    enum iw_rc rc = IW_ENOMEM;

    *ret = NULL;
    builder.bucket = iw_calloc(1, sizeof *builder.bucket);
    if (builder.bucket == NULL)
        return IW_ENOMEM;
    iw_arena_init(&builder.bucket->arena, 0);
    iw_arena_init(&builder.scratch, 0);
    iw_buffer_init(&builder.key);
    iw_map_init(&builder.by_key);
    rc = build(&builder, rules, n_rules);
    iw_buffer_done(&builder.key);
    iw_map_done(&builder.by_key);
    iw_arena_done(&builder.scratch);
    iw_free(builder.distinct);
    iw_free(builder.pairs);
    if (rc == IW_OK)
        *ret = builder.bucket;
    else
        iw_bucket_free(builder.bucket);
    return rc;
}

void iw_bucket_free(struct iw_bucket *bucket)
{
    if (bucket == NULL)
        return;
    for (size_t i = 0; i < bucket->n_fields; i++) {
        iw_map_done(&bucket->fields[i].exact);
        iw_map_done(&bucket->fields[i].basename);
        iw_map_done(&bucket->fields[i].equals);
        iw_gram_set_free(bucket->fields[i].plain);
        iw_gram_set_free(bucket->fields[i].foreign);
    }
    iw_arena_done(&bucket->arena);
    iw_free(bucket);
}

/* --- looking --- */

struct search {
    const struct iw_bucket *bucket;
    uint64_t *bits;
};

static void let_through(struct search *search, const struct atom_bodies *atom)
{
    for (size_t i = 0; i < atom->n; i++)
        search->bits[atom->bodies[i] / 64] |= (uint64_t)1 << (atom->bodies[i] % 64);
}

static bool found_literal(void *context, uint32_t atom)
{
    struct search *search = context;
    let_through(search, &search->bucket->atoms[atom]);
    return false;
}

static void look_up(struct search *search, const struct iw_map *map, struct iw_str text)
{
    const struct iw_map_entry *entry = map->n != 0 ? iw_map_find(map, text) : NULL;
    if (entry != NULL)
        let_through(search, &search->bucket->atoms[entry->value.number]);
}

static void look_up_basename(struct search *search, const struct iw_map *map, struct iw_str text)
{
    const char *slash = text.n != 0 ? memrchr(text.p, '\\', text.n) : NULL;
    if (slash != NULL)
        look_up(search, map, (struct iw_str){slash + 1, (size_t)(text.p + text.n - slash) - 1});
}

/* What stands behind each `=`. */
static void look_up_equals(struct search *search, const struct iw_map *map, struct iw_str text)
{
    while (text.n > IW_ATOM_EQUALS_BYTES) {
        const char *equals = memchr(text.p, '=', text.n - IW_ATOM_EQUALS_BYTES);
        if (equals == NULL)
            return;
        look_up(search, map, (struct iw_str){equals + 1, IW_ATOM_EQUALS_BYTES});
        text.n -= (size_t)(equals + 1 - text.p);
        text.p = equals + 1;
    }
}

static void look_at_text(struct search *search, const struct field_atoms *field, struct iw_str text,
                         bool is_foreign)
{
    look_up(search, &field->exact, text);
    if (field->basename.n != 0)
        look_up_basename(search, &field->basename, text);
    if (field->equals.n != 0)
        look_up_equals(search, &field->equals, text);
    if (field->plain != NULL)
        (void)iw_gram_set_scan(field->plain, text, found_literal, search);
    if (field->foreign != NULL && is_foreign)
        (void)iw_gram_set_scan(field->foreign, text, found_literal, search);
}

/* Numbers, identifiers and times: nothing of them has a byte outside OF_NUMBERS. */
static bool is_without_words(const struct iw_cell *cell)
{
    return cell->field != NULL && cell->field->type != IW_VALUE_UTF16 &&
           cell->field->type != IW_VALUE_UTF8 && cell->field->type != IW_VALUE_ANSI;
}

static void look_at_field(struct search *search, const struct field_atoms *field,
                          struct iw_view *view)
{
    struct iw_cell *cell;
    struct iw_str text;

    if (field->field == IW_NAME_UNASKED) {
        for (size_t i = 0; i < view->n_cells; i++) {
            cell = &view->cells[i];
            if (field->wants_words && is_without_words(cell))
                continue;
            text = iw_view_text(view, cell, true);
            look_at_text(search, field, text, iw_cell_is_foreign(cell));
        }
        return;
    }
    cell = iw_view_first(view, field->field, field->by_taxonomy);
    if (cell != NULL)
        let_through(search, &field->present);
    for (; cell != NULL && field->wants_text; cell = cell->next) {
        text = iw_view_text(view, cell, true);
        look_at_text(search, field, text, iw_cell_is_foreign(cell));
    }
}

enum iw_rc iw_bucket_find(const struct iw_bucket *bucket, struct iw_view *view,
                          struct iw_candidates *candidates)
{
    struct search search = {.bucket = bucket};

    if (!iw_array_reserve(&candidates->bits, &candidates->cap, 2 * bucket->n_words,
                          sizeof *candidates->bits))
        return IW_ENOMEM;
    candidates->n_words = bucket->n_words;
    memcpy(candidates->bits, bucket->always, 2 * bucket->n_words * sizeof *candidates->bits);
    search.bits = candidates->bits;
    for (size_t i = 0; i < bucket->n_fields; i++)
        look_at_field(&search, &bucket->fields[i], view);
    for (size_t i = 0; i < bucket->n_words; i++)
        candidates->bits[i] &= candidates->bits[bucket->n_words + i];
    return IW_OK;
}

void iw_candidates_done(struct iw_candidates *candidates)
{
    iw_free(candidates->bits);
    memset(candidates, 0, sizeof *candidates);
}

const struct iw_body *iw_bucket_body(const struct iw_bucket *bucket, size_t index)
{
    return &bucket->bodies[index];
}
