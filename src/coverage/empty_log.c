#include "coverage/empty_log.h"

#include "base/host_label.h"
#include "base/path_name.h"
#include "event/web_log.h"

/* Whether a file is called as Windows calls the log of a channel: `%4` for `/`. */
static bool is_named_for(struct iw_str path, struct iw_str channel)
{
    struct iw_str name = iw_path_name(path);
    size_t at = 0;
    for (size_t i = 0; i < channel.n; i++) {
        struct iw_str rest = {name.p + at, name.n - at};
        bool is_slash = channel.p[i] == '/';
        struct iw_str one = is_slash ? IW_STR("%4") : (struct iw_str){channel.p + i, 1};
        if (!iw_str_begins_nocase(rest, one))
            return false;
        at += one.n;
    }
    return iw_str_equal_nocase((struct iw_str){name.p + at, name.n - at}, IW_STR(".evtx"));
}

const struct iw_source *iw_empty_log_find(const struct iw_link_host *host,
                                          const struct iw_link_witness *row)
{
    const struct iw_ledger *ledger = host->log.ledger;
    struct iw_str channel = iw_str_of(row->channel);
    bool is_of_requests = iw_str_equal(channel, IW_STR(IW_CHANNEL_W3SVC));
    for (size_t i = 0; ledger != NULL && i < ledger->n; i++) {
        const struct iw_source *source = &ledger->sources[i];
        if (source->state == IW_SOURCE_READ && source->account.n_records == 0 &&
            !iw_account_has_loss(&source->account) && source->host_hint.n != 0 &&
            iw_str_equal_nocase(iw_host_label(source->host_hint), iw_host_label(host->name)) &&
            (is_of_requests ? iw_str_equal(source->kind, IW_STR("iislog"))
                            : is_named_for(source->path, channel)))
            return source;
    }
    return NULL;
}
