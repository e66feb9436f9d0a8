/*
 * A configuration file, whatever its bytes: the tree is whole or says what is wrong, and is a tree.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/limits.h"
#include "base/utf.h"
#include "iis/config/config_elements.h"

static void require_element(const struct iw_config_element *element)
{
    FUZZ_REQUIRE(element->name.n != 0 && element->name.n <= IW_LIMIT_CONFIG_NAME_BYTES);
    FUZZ_REQUIRE(iw_utf8_valid(element->name) && iw_utf8_valid(element->text));
    FUZZ_REQUIRE(element->line != 0 && element->column != 0);
    FUZZ_REQUIRE(element->depth == (element->parent == NULL ? 1 : element->parent->depth + 1));
    FUZZ_REQUIRE(element->depth <= IW_LIMIT_CONFIG_DEPTH);
    FUZZ_REQUIRE((element->first == NULL) == (element->last == NULL));
    for (size_t i = 0; i < element->n_attributes; i++)
        FUZZ_REQUIRE(iw_utf8_valid(element->attributes[i].value));
}

static void require_tree(const struct iw_config_tree *tree)
{
    const struct iw_config_element *at = tree->root;
    size_t n = 0;

    for (; at != NULL; at = iw_config_following(tree->root, at, false), n++)
        require_element(at);
    FUZZ_REQUIRE(n == tree->n_elements);
    if (tree->defect == IW_CONFIG_WHOLE)
        FUZZ_REQUIRE(tree->root != NULL && tree->root->is_closed);
    else
        FUZZ_REQUIRE(tree->error.message[0] != 0 && tree->error.line != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_arena arena;
    struct iw_config_tree tree;

    iw_arena_init(&arena, 0);
    FUZZ_REQUIRE(iw_config_tree_read((struct iw_str){(const char *)data, size}, IW_STR("x"), &arena,
                                     &tree) == IW_OK);
    require_tree(&tree);
    iw_arena_done(&arena);
    return 0;
}
