/*
 * Which texts are event XML: by content, whatever stands before the first event; and which are not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "evidence/sniff_xml.h"

#define NS "http://schemas.microsoft.com/win/2004/08/events/event"
#define EVENT "<Event xmlns='" NS "'><System><Provider Name='P'/>"

static const char *const YES[] = {
    EVENT,
    "<Event xmlns=\"" NS "\">",
    "<Event>\r\n  <System>",
    "<e:Event xmlns:e='" NS "'>",
    "<e:Event>\n<e:System>",
    "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n<Events>" EVENT,
    "\xEF\xBB\xBF<?xml version='1.0'?><!-- <x> --><Events>\n" EVENT,
    "<13>Jan  5 10:00:00 web01 evt: " EVENT,
    "2026-01-05 10:00:00 web01 " EVENT,
    "evtxexport 20181227\n\n" EVENT,
    "Data></EventData></Event>" EVENT,
    "<EventLog><Event other='1'/>" EVENT,
};

static const char *const NO[] = {
    "",
    "<",
    "<?xml version=\"1.0\"?><configuration><system.webServer/></configuration>",
    "<Events></Events>",
    "<Events><Event name='x'><Data/></Event></Events>",
    "<Event xmlns='urn:other'><Systems/></Event>",
    "<EventData><Data>x</Data></EventData>",
    "<Event xmlns='" NS, /* the tag does not end */
    "<Event><Sys",
    "<html>" NS "</html>",
    "Event xmlns='" NS "'><System>",
    "{\"xml\":\"" EVENT "\"}",
    " [ \"" EVENT "\"]",
    "MyEvent><System>",
};

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++) {
        if (!iw_sniff_event_xml(iw_str_of(YES[i])))
            fail_msg("not seen: %s", YES[i]);
    }
    for (size_t i = 0; i < sizeof NO / sizeof NO[0]; i++) {
        if (iw_sniff_event_xml(iw_str_of(NO[i])))
            fail_msg("wrongly seen: %s", NO[i]);
    }
}

static void utf16(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        size_t big = kind >= 2, lead = kind % 2 == 0 ? 2 : 0;
        char wide[2 + 2 * sizeof EVENT];
        memcpy(wide, big != 0 ? "\xFE\xFF" : "\xFF\xFE", 2);
        for (size_t i = 0; i < sizeof EVENT - 1; i++) {
            wide[lead + 2 * i + big] = EVENT[i];
            wide[lead + 2 * i + 1 - big] = 0;
        }
        assert_true(iw_sniff_event_xml((struct iw_str){wide, lead + 2 * (sizeof EVENT - 1)}));
        assert_false(iw_sniff_event_xml((struct iw_str){wide, lead + 40}));
    }
}

/* The first 64 KiB are looked at, and nothing behind a NUL. */
static void how_far(void **state)
{
    static char text[IW_SNIFF_XML_BYTES + 1000];
    size_t n = sizeof EVENT - 1;
    (void)state;
    for (int past = 0; past < 2; past++) {
        memset(text, ' ', sizeof text);
        memcpy(text + IW_SNIFF_XML_BYTES - n + (past ? 60 : 0), EVENT, n);
        assert_int_equal(iw_sniff_event_xml((struct iw_str){text, sizeof text}), !past);
        text[0] = '\0';
        assert_false(iw_sniff_event_xml((struct iw_str){text, sizeof text}));
    }
}

/* Every beginning of a head: never a byte too far. */
static void every_beginning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++) {
        for (size_t n = 0; n <= strlen(YES[i]); n++) {
            char *copy = malloc(n + 1);
            assert_non_null(copy);
            memcpy(copy, YES[i], n);
            copy = realloc(copy, n != 0 ? n : 1);
            (void)iw_sniff_event_xml((struct iw_str){copy, n});
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(utf16),
        cmocka_unit_test(how_far),
        cmocka_unit_test(every_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
