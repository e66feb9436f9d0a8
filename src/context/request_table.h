/**
 * Inside of the room: what url_requests gathers and file_requests asks.
 */
#ifndef IW_CONTEXT_REQUEST_TABLE_H
#define IW_CONTEXT_REQUEST_TABLE_H

#include "context/request_logs.h"
#include "context/request_row.h"
#include "context/request_store.h"
#include "context/url_key.h"

struct iw_request_label {
    const struct iw_request_label *next;
    struct iw_str text;
};

struct iw_url_requests {
    struct iw_arena arena;
    struct iw_url_endings endings;
    struct iw_map known;  /* keys of URLs of web files whose ending does not tell */
    struct iw_map labels; /* folded host → struct iw_request_label *; once settled */
    struct iw_request_logs logs;
    struct iw_sorter *sorter; /* until settled */
    struct iw_request_store store;
    struct iw_url_requests_feed *feeds;
};

/** The folded label of a computer, under which its requests are sorted. False: no memory. */
bool iw_request_label(struct iw_str name, struct iw_arena *arena, struct iw_str *ret);

/** Takes the rows whose keys begin with *prefix* (borrowed). IW_OK goes on. */
typedef enum iw_rc iw_request_take_prefix(void *context, struct iw_str prefix);
/** Gives *take* the beginning of the keys of a host's rows under every name its logs stand under:
 * the name, and behind it *url_key* where it is not NULL. Once settled; *arena*: for folding.
 * IW_OK, IW_ENOMEM (told in *err*), or what *take* returned. */
enum iw_rc iw_requests_each_label(const struct iw_url_requests *requests, struct iw_str host,
                                  const struct iw_str *url_key, struct iw_arena *arena,
                                  iw_request_take_prefix *take, void *context,
                                  struct iw_error *err);

#endif
