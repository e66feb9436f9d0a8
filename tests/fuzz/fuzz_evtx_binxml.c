/*
 * The template compiler. Input: a byte of area (low 3 bits; 8: a bare element instead of a
 * template), u16 where in the chunk the tokens begin, u16 how many bytes they are, then the chunk
 * from offset 512 on.
 *
 * A whole program must have the shape of what it was made from, and every index in it must be
 * inside what it points to: the executor relies on that without looking.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "base/utf.h"
#include "input/evtx/evtx_program.h"

static void require_name(const struct evtx_program *program, const struct evtx_step *step)
{
    if ((step->flags & EVTX_STEP_NAMED_BY_PARTS) != 0) {
        FUZZ_REQUIRE(step->name_first <= program->n_parts);
        FUZZ_REQUIRE(step->name_n <= program->n_parts - step->name_first);
    }
    FUZZ_REQUIRE(step->name != NULL && iw_utf8_valid(step->name->text));
}

static void require_program(const struct evtx_program *program)
{
    for (uint32_t i = 0; i < program->n_steps; i++) {
        const struct evtx_step *step = &program->steps[i];
        FUZZ_REQUIRE(step->place < IW_PLACE_COUNT && step->area < EVTX_AREA_COUNT);
        switch ((enum evtx_step_kind)step->kind) {
        case EVTX_STEP_GUARD:
            FUZZ_REQUIRE(step->of.target > i && step->of.target <= program->n_steps);
            break;
        case EVTX_STEP_JOIN:
            FUZZ_REQUIRE(step->of.parts.first <= program->n_parts);
            FUZZ_REQUIRE(step->of.parts.n <= program->n_parts - step->of.parts.first);
            require_name(program, step);
            break;
        case EVTX_STEP_LITERAL:
            FUZZ_REQUIRE(iw_utf8_valid((struct iw_str){step->of.literal, step->literal_n}));
            require_name(program, step);
            break;
        case EVTX_STEP_SLOT:
            require_name(program, step);
            break;
        case EVTX_STEP_NESTED:
            break;
        default:
            fuzz_fail(__FILE__, __LINE__, "a step of a known kind");
        }
    }
    for (uint32_t i = 0; i < program->n_parts; i++)
        FUZZ_REQUIRE(program->parts[i].slot >= 0 || iw_utf8_valid(program->parts[i].literal));
    for (unsigned key = 0; key < EVTX_KEY_COUNT; key++)
        FUZZ_REQUIRE(program->keys[key] < (int32_t)program->n_steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct evtx_compiler compiler;
    struct fuzz_input input = {data, size};
    unsigned options = fuzz_take_u8(&input), begin = fuzz_take_u16(&input),
             wanted = fuzz_take_u16(&input);
    uint8_t *bytes = calloc(1, EVTX_CHUNK_BYTES);
    struct evtx_source source = {.area = (enum evtx_area)((options & 7U) % EVTX_AREA_COUNT),
                                 .is_template = (options & 8U) == 0,
                                 .names = fuzz_names()};
    struct evtx_program *program = NULL;
    struct iw_arena arena;
    uint32_t end = 0;
    size_t n;
    const uint8_t *p = fuzz_take(&input, EVTX_CHUNK_BYTES - EVTX_CHUNK_HEADER_BYTES, &n);
    enum iw_rc rc;

    FUZZ_REQUIRE(bytes != NULL);
    if (n != 0)
        memcpy(bytes + EVTX_CHUNK_HEADER_BYTES, p, n);
    source.chunk = (struct evtx_chunk_view){bytes, EVTX_CHUNK_BYTES};
    source.begin = EVTX_CHUNK_HEADER_BYTES + begin % (EVTX_CHUNK_BYTES - EVTX_CHUNK_HEADER_BYTES);
    source.end = source.begin + wanted;
    if (source.end > EVTX_CHUNK_BYTES)
        source.end = EVTX_CHUNK_BYTES;
    iw_arena_init(&arena, IW_LIMIT_TEMPLATE_CACHE_BYTES);
    rc = evtx_compile(&compiler, &source, &arena, &program, &end);
    FUZZ_REQUIRE(rc == IW_OK || (rc == IW_ENOMEM && arena.hit_cap));
    if (rc == IW_OK) {
        FUZZ_REQUIRE(end >= source.begin && end <= source.end);
        FUZZ_REQUIRE(program->n_steps <= IW_LIMIT_TEMPLATE_STEPS);
        FUZZ_REQUIRE(!(program->is_whole && program->is_cut));
        require_program(program);
        if (source.is_template && program->is_whole) {
            uint32_t shape_end;
            FUZZ_REQUIRE(evtx_shape_matches(program, &source, &shape_end));
            FUZZ_REQUIRE(shape_end == end);
        }
    }
    iw_arena_done(&arena);
    free(bytes);
    return 0;
}
