/*
 * Questions and answers in three forms, in the same order.
 */
#include "output/audit.h"

#include "base/json.h"
#include "base/script_quote.h"
#include "output/display.h"

#define INDENT 4U
#define LINES_MOST 8U

/* "3 yes, 1 not provable from this evidence" */
static void add_sums(const struct iw_audit *audit, int question, struct iw_buffer *out)
{
    bool is_first = true;
    for (int answer = 0; answer < IW_AUDIT_ANSWER_COUNT; answer++) {
        size_t n = audit->n_answers[question][answer];
        if (n == 0)
            continue;
        iw_buffer_printf(out, "%s%zu %s", is_first ? "" : ", ", n,
                         iw_audit_answer_text((enum iw_audit_answer)answer));
        is_first = false;
    }
    if (is_first)
        iw_buffer_add(out, IW_STR("no server in evidence"));
}

static const char *question_text(int question)
{
    return iw_audit_question_text((enum iw_audit_question)question);
}

/* --- for people --- */

static enum iw_tone tone_of(enum iw_audit_answer answer)
{
    static const enum iw_tone TONES[IW_AUDIT_ANSWER_COUNT] = {[IW_AUDIT_YES] = IW_TONE_LOW,
                                                              [IW_AUDIT_PARTLY] = IW_TONE_WARNING,
                                                              [IW_AUDIT_NO] = IW_TONE_HIGH,
                                                              [IW_AUDIT_NOT_PROVABLE] =
                                                                  IW_TONE_WARNING};
    return TONES[answer];
}

static void add_reply(int question, const struct iw_audit_reply *reply,
                      const struct iw_style *style, struct iw_buffer *out)
{
    iw_buffer_printf(out, "  %s\n", question_text(question));
    iw_display_spaces(out, INDENT);
    iw_display_toned(out, style, tone_of(reply->answer), iw_audit_answer_text(reply->answer));
    iw_buffer_add(out, IW_STR(": "));
    iw_display_wrapped(out, style, INDENT, LINES_MOST, reply->why);
    for (size_t i = 0; i < reply->evidence.n; i++) {
        iw_display_tone(out, style, IW_TONE_FAINT);
        iw_display_spaces(out, INDENT);
        iw_buffer_add(out, IW_STR("- "));
        iw_display_wrapped(out, style, INDENT + 2, LINES_MOST, reply->evidence.items[i]);
        iw_display_plain(out, style);
    }
}

void iw_output_audit_table(const struct iw_audit *audit, const struct iw_style *style,
                           struct iw_buffer *out)
{
    for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++) {
        iw_display_toned(out, style, IW_TONE_STRONG, question_text(question));
        iw_buffer_add(out, IW_STR("\n  "));
        add_sums(audit, question, out);
        iw_buffer_add_char(out, '\n');
    }
    iw_buffer_add_char(out, '\n');
    iw_display_analytics(out);
    iw_buffer_add(out, IW_STR(".\n"));
    for (size_t i = 0; i < audit->n_hosts; i++) {
        iw_buffer_add_char(out, '\n');
        iw_display_tone(out, style, IW_TONE_STRONG);
        iw_display_text(out, iw_display_host(audit->hosts[i].host), 0);
        iw_buffer_add(out, audit->hosts[i].server.n != 0 ? IW_STR(" of ") : IW_STR(""));
        iw_display_text(out, audit->hosts[i].server, 0);
        iw_display_plain(out, style);
        iw_buffer_add_char(out, '\n');
        for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++)
            add_reply(question, &audit->hosts[i].replies[question], style, out);
        iw_buffer_breathe(out);
    }
}

/* --- Markdown --- */

static void add_markdown_reply(int question, const struct iw_audit_reply *reply,
                               struct iw_buffer *out)
{
    iw_buffer_printf(out, "\n### %s\n\n**%s**: ", question_text(question),
                     iw_audit_answer_text(reply->answer));
    iw_quote_markdown(out, reply->why);
    iw_buffer_add_char(out, '\n');
    if (reply->evidence.n != 0)
        iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < reply->evidence.n; i++) {
        iw_buffer_add(out, IW_STR("* "));
        iw_quote_markdown(out, reply->evidence.items[i]);
        iw_buffer_add_char(out, '\n');
    }
}

void iw_output_audit_markdown(const struct iw_audit *audit, struct iw_buffer *out)
{
    iw_buffer_add(out, IW_STR("# Audit of web servers\n\n| question | answers |\n|---|---|\n"));
    for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++) {
        iw_buffer_printf(out, "| %s | ", question_text(question));
        add_sums(audit, question, out);
        iw_buffer_add(out, IW_STR(" |\n"));
    }
    iw_buffer_add_char(out, '\n');
    iw_display_analytics(out);
    iw_buffer_add(out, IW_STR(".\n"));
    for (size_t i = 0; i < audit->n_hosts; i++) {
        iw_buffer_add(out, IW_STR("\n## "));
        iw_quote_markdown(out, iw_display_host(audit->hosts[i].host));
        iw_buffer_add(out, audit->hosts[i].server.n != 0 ? IW_STR(" of ") : IW_STR(""));
        iw_quote_markdown(out, audit->hosts[i].server);
        iw_buffer_add_char(out, '\n');
        for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++)
            add_markdown_reply(question, &audit->hosts[i].replies[question], out);
        iw_buffer_breathe(out);
    }
}

/* --- NDJSON --- */

void iw_output_audit_ndjson(const struct iw_audit *audit, struct iw_buffer *out)
{
    for (size_t i = 0; i < audit->n_hosts; i++) {
        for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++) {
            const struct iw_audit_reply *reply = &audit->hosts[i].replies[question];
            struct iw_json json;
            iw_json_init(&json, out);
            iw_json_object(&json);
            iw_json_member_text(&json, "schema", IW_STR("iiswarden.audit/1"));
            iw_json_member_text_or_null(&json, "host", audit->hosts[i].host);
            iw_json_member_text_or_null(&json, "server", audit->hosts[i].server);
            iw_json_member_text(
                &json, "question",
                iw_str_of(iw_audit_question_name((enum iw_audit_question)question)));
            iw_json_member_bool(&json, "executive", question < IW_AUDIT_EXECUTIVE_COUNT);
            iw_json_member_text(&json, "asks", iw_str_of(question_text(question)));
            iw_json_member_text(&json, "answer", iw_str_of(iw_audit_answer_name(reply->answer)));
            iw_json_member_text(&json, "why", reply->why);
            iw_json_key(&json, IW_STR("evidence"));
            iw_json_array(&json);
            for (size_t k = 0; k < reply->evidence.n; k++)
                iw_json_text(&json, reply->evidence.items[k]);
            iw_json_array_end(&json);
            iw_json_object_end(&json);
            iw_buffer_add_char(out, '\n');
        }
        iw_buffer_breathe(out);
    }
}
