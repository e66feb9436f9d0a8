/*
 * A verdict in words: one line for the person who has to decide. Times are UTC; records were
 * brought to one line when they were read, texts of the evidence are here.
 */
#include "iis/change/change_verdict.h"

#include "base/limits.h"

enum { SHORT_TIME = 19, DATE = 11, SHOWN_DIGITS = 8 };

const char *change_status_word(enum iw_change_status status)
{
    static const char *const WORDS[IW_CHANGE_STATUS_COUNT] = {
        [IW_CHANGE_NOT_CHECKED] = "not checked", [IW_CHANGE_EXPLAINED] = "explained",
        [IW_CHANGE_PARTLY] = "partly",           [IW_CHANGE_UNVERIFIED] = "unverified",
        [IW_CHANGE_EXPIRED] = "expired",         [IW_CHANGE_UNEXPLAINED] = "unexplained",
    };
    return WORDS[status];
}

/* Text of the evidence: control characters would break the line. */
static void add_text(struct iw_buffer *out, struct iw_str text)
{
    char *p = iw_buffer_room(out, text.n);

    if (p == NULL)
        return;
    for (size_t i = 0; i < text.n; i++)
        p[i] = (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F ? ' ' : text.p[i];
    out->n += text.n;
}

/* "2026-01-05 12:03:10", with its fraction where *exactly*. */
static struct iw_str time_text(int64_t time_ns, bool exactly, char room[IW_TIME_TEXT_BYTES])
{
    iw_time_format(time_ns, room);
    room[DATE - 1] = ' ';
    return (struct iw_str){room, exactly ? IW_TIME_TEXT_BYTES - 1 : SHORT_TIME};
}

/* "2026-01-05 12:03:10 after 11:00:00": the date of the second only where it is another. */
static void add_two_times(struct iw_buffer *out, int64_t time_ns, const char *relation,
                          int64_t other_ns)
{
    char first_room[IW_TIME_TEXT_BYTES], second_room[IW_TIME_TEXT_BYTES];
    const bool alike = iw_str_equal(time_text(time_ns, false, first_room),
                                    time_text(other_ns, false, second_room));
    const struct iw_str first = time_text(time_ns, alike, first_room);
    struct iw_str second = time_text(other_ns, alike, second_room);

    if (memcmp(first.p, second.p, DATE) == 0)
        second = (struct iw_str){second.p + DATE, second.n - DATE};
    iw_buffer_add(out, first);
    iw_buffer_printf(out, " %s ", relation);
    iw_buffer_add(out, second);
}

static void add_window(struct iw_buffer *out, const struct change_record *record,
                       const struct iw_act *act)
{
    const bool is_after = iw_time_known(act->first_ns) && act->first_ns > record->to_ns;

    iw_buffer_add(out, IW_STR("outside its window ("));
    add_two_times(out, is_after ? act->first_ns : act->last_ns, is_after ? "after" : "before",
                  is_after ? record->to_ns : record->from_ns);
    iw_buffer_add_char(out, ')');
}

static void add_digest(struct iw_buffer *out, const uint8_t digest[32])
{
    for (unsigned i = 0; i < SHOWN_DIGITS / 2; i++)
        iw_buffer_printf(out, "%02x", digest[i]);
    iw_buffer_add(out, IW_STR("\xE2\x80\xA6"));
}

static void add_hash(struct iw_buffer *out, const struct change_record *record,
                     const struct iw_act *act)
{
    iw_buffer_add(out, IW_STR("hash differs: approved "));
    add_digest(out, record->sha256[0]);
    if (record->n_sha256 > 1)
        iw_buffer_printf(out, " or %zu more", record->n_sha256 - 1);
    iw_buffer_add(out, IW_STR(", found "));
    add_digest(out, act->sha256);
}

static void add_actor(struct iw_buffer *out, const struct iw_act *act)
{
    iw_buffer_add(out, IW_STR("by another account ("));
    add_text(out, act->actor.n != 0 ? act->actor : act->actor_sid);
    iw_buffer_add_char(out, ')');
}

static void add_actions(struct iw_buffer *out, unsigned actions)
{
    static const struct iw_str NAMES[] = {{"add", 3}, {"modify", 6}, {"remove", 6}};
    const char *between = "";

    for (unsigned i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if ((actions & (1U << i)) == 0)
            continue;
        iw_buffer_printf(out, "%s%s", between, NAMES[i].p);
        between = ", ";
    }
}

static void add_publisher(struct iw_buffer *out, const struct change_record *record,
                          const struct iw_act *act)
{
    iw_buffer_add(out, IW_STR("another publisher: approved "));
    iw_buffer_add(out, record->publisher);
    iw_buffer_add(out, IW_STR(", found "));
    if (act->publisher.n != 0)
        add_text(out, act->publisher);
    else
        iw_buffer_add(out, IW_STR("nobody proved"));
}

static void add_expiry(struct iw_buffer *out, const struct change_record *record,
                       const struct iw_act *act)
{
    const bool is_act = iw_time_known(act->first_ns) && act->first_ns > record->expires_ns;

    iw_buffer_add(out, is_act ? IW_STR("its approval had ended (")
                              : IW_STR("still there though its approval has ended ("));
    add_two_times(out, is_act ? act->first_ns : act->still_ns, "after", record->expires_ns);
    iw_buffer_add_char(out, ')');
}

static void add_failure(struct iw_buffer *out, const struct change_verdict *verdict,
                        enum change_aspect aspect, const struct iw_act *act)
{
    switch (aspect) {
    case ASPECT_WINDOW:
        add_window(out, verdict->record, act);
        break;
    case ASPECT_ACTOR:
        add_actor(out, act);
        break;
    case ASPECT_ACTION:
        iw_buffer_add(out, IW_STR("another action: approved "));
        add_actions(out, verdict->record->actions);
        iw_buffer_add(out, IW_STR(", found "));
        add_actions(out, act->action);
        break;
    case ASPECT_HASH:
        add_hash(out, verdict->record, act);
        break;
    case ASPECT_PUBLISHER:
        add_publisher(out, verdict->record, act);
        break;
    case ASPECT_EXPIRES:
        add_expiry(out, verdict->record, act);
        break;
    case ASPECT_HOST:
    case ASPECT_SUBJECT:
    case ASPECT_COUNT:
        break; /* then the record is not about the act */
    }
}

static void add_unknown(struct iw_buffer *out, const struct change_verdict *verdict)
{
    static const char *const UNKNOWN[ASPECT_COUNT] = {
        [ASPECT_HOST] = "host",           [ASPECT_SUBJECT] = "component or path",
        [ASPECT_WINDOW] = "window",       [ASPECT_ACTOR] = "actor",
        [ASPECT_ACTION] = "action",       [ASPECT_HASH] = "hash",
        [ASPECT_PUBLISHER] = "publisher", [ASPECT_EXPIRES] = "expiry",
    };
    const char *between = "not checked, as the evidence does not say: ";

    if (verdict->n_failed != 0)
        iw_buffer_add(out, IW_STR("; "));
    for (unsigned aspect = 0; aspect < ASPECT_COUNT; aspect++) {
        if (verdict->holds[aspect] != IW_HOLDS_UNKNOWN)
            continue;
        iw_buffer_printf(out, "%s%s", between, UNKNOWN[aspect]);
        between = ", ";
    }
}

void change_verdict_explain(const struct change_verdict *verdict, const struct iw_act *act,
                            struct iw_buffer *out)
{
    /* The approval's end first: what else fails matters less. */
    static const enum change_aspect ORDER[] = {ASPECT_EXPIRES, ASPECT_WINDOW, ASPECT_ACTOR,
                                               ASPECT_ACTION,  ASPECT_HASH,   ASPECT_PUBLISHER};
    const struct change_record *record = verdict->record;
    const char *between = ": ";

    iw_buffer_add(out, record->id);
    if (verdict->status == IW_CHANGE_EXPLAINED) {
        iw_buffer_add(out, record->reason.n != 0 ? IW_STR(": ") : IW_STR(""));
        iw_buffer_add(out, record->reason);
        if (record->approved_by.n != 0) {
            iw_buffer_add(out, IW_STR(" (approved by "));
            iw_buffer_add(out, record->approved_by);
            iw_buffer_add_char(out, ')');
        }
        return;
    }
    for (size_t i = 0; i < sizeof ORDER / sizeof ORDER[0]; i++) {
        if (verdict->holds[ORDER[i]] != IW_HOLDS_NO)
            continue;
        iw_buffer_printf(out, "%s", between);
        add_failure(out, verdict, ORDER[i], act);
        between = "; ";
    }
    if (verdict->n_failed == 0)
        iw_buffer_add(out, IW_STR(": "));
    if (verdict->n_unknown != 0)
        add_unknown(out, verdict);
}
