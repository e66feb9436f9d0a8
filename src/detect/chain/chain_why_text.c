/*
 * Pieces of the lines that say why.
 */
#include "base/arena_text.h"
#include "base/path_name.h"
#include "base/utf.h"
#include "detect/chain/chain_why.h"

#define NS_PER_MS INT64_C(1000000)
/* Below that, seconds are too coarse for the order of two acts. */
#define SHORT_NS (10 * IW_NS_PER_SECOND)

struct iw_str iw_chain_cut_to(struct iw_telling *telling, struct iw_str text, size_t n)
{
    struct iw_str cut;
    if (text.n <= n)
        return text;
    cut = iw_arena_format(telling->arena, "%.*s...", IW_STR_ARG(iw_utf8_cut(text, n)));
    if (cut.p != NULL)
        return cut;
    telling->why.no_memory = true;
    return IW_STR("");
}

struct iw_str iw_chain_cut_line(struct iw_telling *telling, struct iw_str text)
{
    return text.n <= 160 ? text : iw_chain_cut_to(telling, text, 157);
}

struct iw_str iw_chain_distance_text(struct iw_telling *telling, int64_t from_ns, int64_t to_ns)
{
    int64_t distance_ns = iw_chain_distance_ns(from_ns, to_ns);
    struct iw_str text;
    if (!iw_time_known(distance_ns))
        return IW_STR("some time");
    if (distance_ns < SHORT_NS)
        text = iw_arena_format(telling->arena, "%lld ms", (long long)(distance_ns / NS_PER_MS));
    else
        text =
            iw_arena_format(telling->arena, "%lld s", (long long)(distance_ns / IW_NS_PER_SECOND));
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

struct iw_str iw_chain_writer_text_of(struct iw_telling *telling, const struct iw_chain_item *item,
                                      const struct iw_chain_fact *write)
{
    const struct iw_chain_written *known = iw_chain_logon_of(telling->chain->file, item);
    struct iw_str image = iw_path_name(write->process.image);
    struct iw_str who = write->user.n != 0 ? write->user : write->sid;
    struct iw_str logon = known != NULL ? known->logon : IW_STR("");
    struct iw_str text;
    if (image.n == 0 && who.n == 0)
        return IW_STR("a process that is not told");
    if (image.n != 0)
        text = iw_arena_format(telling->arena, "%.*s%s%.*s%s%.*s%s", IW_STR_ARG(image),
                               who.n != 0 ? " as " : "", IW_STR_ARG(who), logon.n != 0 ? " (" : "",
                               IW_STR_ARG(logon), logon.n != 0 ? ")" : "");
    else
        text = iw_arena_format(telling->arena, "%.*s (%.*s%sby which program is not told)",
                               IW_STR_ARG(who), IW_STR_ARG(logon), logon.n != 0 ? "; " : "");
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

struct iw_str iw_chain_writer_text(struct iw_telling *telling)
{
    return iw_chain_writer_text_of(telling, telling->write_item, &telling->write);
}
