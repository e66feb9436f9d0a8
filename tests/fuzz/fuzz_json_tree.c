/*
 * JSON read as a tree: whatever it is, reading ends, members are found by their names,
 * and all its texts are UTF-8.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/json_read.h"
#include "base/limits.h"
#include "base/utf.h"

static void require_node(const struct iw_json_node *node)
{
    uint32_t n = 0;
    FUZZ_REQUIRE(iw_utf8_valid(node->name));
    FUZZ_REQUIRE(iw_utf8_valid(node->text));
    for (const struct iw_json_node *at = node->first; at != NULL; at = at->next)
        n++;
    FUZZ_REQUIRE(n == node->n);
    if (node->kind == IW_JSON_OBJECT)
        for (const struct iw_json_node *at = node->first; at != NULL; at = at->next)
            FUZZ_REQUIRE(iw_json_find(node, at->name) == at);
}

/* Depth first, with a stack as deep as a tree may be. */
static void require_tree(const struct iw_json_node *top)
{
    const struct iw_json_node *stack[IW_LIMIT_TREE_DEPTH + 1];
    size_t depth = 0;
    stack[depth++] = top;
    while (depth != 0) {
        const struct iw_json_node *node = stack[--depth];
        require_node(node);
        if (node->next != NULL && node != top)
            stack[depth++] = node->next;
        if (node->first != NULL) {
            FUZZ_REQUIRE(depth <= IW_LIMIT_TREE_DEPTH);
            stack[depth++] = node->first;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_str text = {size != 0 ? (const char *)data : "", size};
    const struct iw_json_node *top;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_json_read(text, &arena, &top, NULL);
    FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT || rc == IW_ELIMIT);
    FUZZ_REQUIRE((rc == IW_OK) == (top != NULL));
    if (rc == IW_OK)
        require_tree(top);
    iw_arena_done(&arena);
    return 0;
}
