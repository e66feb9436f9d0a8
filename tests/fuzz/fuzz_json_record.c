/*
 * One record through both readers. What the strict one takes the tolerant one reads alike; whatever
 * the input, nodes lie inside the text and in one another, and every text is valid UTF-8.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/limits.h"
#include "base/utf.h"
#include "input/json/json_doc.h"

static void require_nodes(const struct json_doc *doc, struct iw_arena *arena)
{
    bool bad = false;
    FUZZ_REQUIRE(doc->end <= doc->n);
    FUZZ_REQUIRE(doc->n_nodes >= 1 && doc->n_nodes <= JSON_MOST_NODES);
    FUZZ_REQUIRE(doc->nodes[0].next == doc->n_nodes);
    for (uint32_t i = 0; i < doc->n_nodes; i++) {
        const struct json_node *node = &doc->nodes[i];
        FUZZ_REQUIRE(node->next > i && node->next <= doc->n_nodes);
        FUZZ_REQUIRE(node->next == i + 1 || node->type <= JSON_ARRAY);
        FUZZ_REQUIRE((size_t)node->at + node->n <= doc->n);
        FUZZ_REQUIRE((size_t)node->key_at + node->key_n <= doc->n);
        FUZZ_REQUIRE(iw_utf8_valid(json_text(doc, i, arena, &bad)));
        FUZZ_REQUIRE(iw_utf8_valid(json_key(doc, i, arena, &bad)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct json_doc strict, tolerant;
    static struct iw_arena arena;
    static char text[65536 + 64];

    if (strict.nodes == NULL)
        FUZZ_REQUIRE(json_doc_init(&strict) == IW_OK && json_doc_init(&tolerant) == IW_OK);
    if (size == 0 || size > 65536 || data[0] != '{')
        return 0;
    memcpy(text, data, size);
    memset(text + size, 0, 64);
    iw_arena_reset(&arena);
    FUZZ_REQUIRE(json_doc_repair(&tolerant, text, size, true));
    require_nodes(&tolerant, &arena);
    if (json_doc_read(&strict, text, size)) {
        require_nodes(&strict, &arena);
        FUZZ_REQUIRE(!tolerant.is_cut && !tolerant.is_repaired);
        FUZZ_REQUIRE(strict.end == tolerant.end && strict.n_nodes == tolerant.n_nodes);
        for (uint32_t i = 0; i < strict.n_nodes; i++) {
            const struct json_node *a = &strict.nodes[i], *b = &tolerant.nodes[i];
            FUZZ_REQUIRE(a->type == b->type && a->at == b->at && a->n == b->n);
            FUZZ_REQUIRE(a->key_at == b->key_at && a->key_n == b->key_n && a->next == b->next);
        }
    }
    /* Whether more is needed does not depend on what comes later. */
    if (size > 1 && json_doc_repair(&tolerant, text, size - 1, false)) {
        size_t end = tolerant.end;
        FUZZ_REQUIRE(json_doc_repair(&tolerant, text, size, false) && tolerant.end <= size);
        FUZZ_REQUIRE(end <= size - 1);
    }
    return 0;
}
