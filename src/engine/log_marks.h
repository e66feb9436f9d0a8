/**
 * What the run says about logs that were cleared, clocks that were set, and record ids that go back
 * without either.
 */
#ifndef IW_ENGINE_LOG_MARKS_H
#define IW_ENGINE_LOG_MARKS_H

#include "base/map.h"
#include "order/log_mark.h"
#include "result/run.h"

struct iw_log_marks {
    struct iw_arena arena;
    struct iw_map hosts;    /* → struct host_marks * */
    struct iw_map channels; /* host and channel → struct channel_ids * */
    struct iw_buffer key;
    bool has_hidden; /* there were more channels than are kept */
};

void iw_log_marks_init(struct iw_log_marks *marks);
void iw_log_marks_done(struct iw_log_marks *marks);
/** Looks at a fact of any kind; facts come in the order of event time. IW_OK or IW_ENOMEM. */
enum iw_rc iw_log_marks_see(struct iw_log_marks *marks, const struct iw_fact *fact);
/** Adds the notes. IW_OK or IW_ENOMEM. */
enum iw_rc iw_log_marks_tell(struct iw_log_marks *marks, struct iw_run *run);

#endif
