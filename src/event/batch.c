/*
 * A batch of events: fields in one array that is reused, text in an arena that is reset.
 */
#include "event/batch.h"

#include "base/alloc.h"

enum iw_rc iw_batch_init(struct iw_batch *batch)
{
    batch->n = 0;
    batch->n_fields = 0;
    iw_arena_init(&batch->arena, IW_LIMIT_BATCH_BYTES);
    batch->fields = iw_malloc(IW_BATCH_FIELDS * sizeof *batch->fields);
    return batch->fields != NULL ? IW_OK : IW_ENOMEM;
}

void iw_batch_done(struct iw_batch *batch)
{
    iw_free(batch->fields);
    batch->fields = NULL;
    iw_arena_done(&batch->arena);
}

void iw_batch_clear(struct iw_batch *batch)
{
    batch->n = 0;
    batch->n_fields = 0;
    iw_arena_reset(&batch->arena);
}
