/*
 * simdjson behind a C interface; the only C++ of the program (scripts/check-banned sees to that).
 *
 * Built without exceptions and run-time types: simdjson then answers with codes, and asks for
 * memory with new(std::nothrow), so that its want of memory is an answer, too. It asks once, when
 * an index is made. Which instructions are used simdjson decides at the first call, by cpuid alone.
 *
 * Reference: simdjson 3.0.1, simdjson::implementation and internal::dom_parser_implementation,
 * which its own headers are built upon.
 */
#include "input/json/simdjson_shim.h"

#include <memory>
#include <new>

#include <simdjson.h>

extern "C" {
#include "base/alloc.h"
}

/* Stage 1 does not look at depth; simdjson wants a number all the same. */
static const size_t UNUSED_DEPTH = 1;

struct iw_json_index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

extern "C" struct iw_json_index *iw_json_index_new(void)
{
    void *place = iw_malloc(sizeof(iw_json_index));
    if (place == nullptr)
        return nullptr;
    iw_json_index *index = new (place) iw_json_index();
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            IW_JSON_INDEX_BYTES, UNUSED_DEPTH, index->parser) != simdjson::SUCCESS) {
        iw_json_index_free(index);
        return nullptr;
    }
    return index;
}

extern "C" void iw_json_index_free(struct iw_json_index *index)
{
    if (index == nullptr)
        return;
    index->~iw_json_index();
    iw_free(index);
}

extern "C" enum iw_json_index_rc iw_json_index_run(struct iw_json_index *index, const char *text,
                                                   size_t n, const uint32_t **ret_places,
                                                   size_t *ret_n)
{
    if (n > IW_JSON_INDEX_BYTES)
        return IW_JSON_REFUSED;
    if (index->parser->stage1(reinterpret_cast<const uint8_t *>(text), n,
                              simdjson::stage1_mode::regular) != simdjson::SUCCESS)
        return IW_JSON_REFUSED;
    *ret_places = index->parser->structural_indexes.get();
    *ret_n = index->parser->n_structural_indexes;
    return IW_JSON_INDEXED;
}
