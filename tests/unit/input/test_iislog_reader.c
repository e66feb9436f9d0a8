/*
 * Logs of requests. Expectations from the formats' documents: Microsoft, "W3C Logging", "IIS Log
 * File Format", "NCSA Common Log File Format", KB820729 (HTTPERR); W3C WD-logfile-960323.
 */
#include "tests/unit/input/iislog_rig.h"

#include "base/limits.h"
#include "event/web_log.h"

#define SOFTWARE "#Software: S\n"
#define FIELDS "#Fields: date time cs-method cs-uri-stem\n"
#define ONE "2026-01-05 10:42:07 GET /a\n"

static void a_line_is_an_event_with_all_columns(void **state)
{
    struct iislog_rig rig = iislog_rig_text(
        "#Software: Microsoft Internet Information Services 10.0\r\n"
        "#Version: 1.0\r\n"
        "#Date: 2026-01-05 10:42:07\r\n"
        "#Fields: date time s-sitename s-computername cs-method cs-uri-stem cs(User-Agent) "
        "time-taken\r\n"
        "2026-01-05 10:42:07 W3SVC1 WEB01 GET /a.aspx Mozilla/5.0+(x) 1500\r\n");
    (void)state;
    iislog_rig_is(&rig, "5@194 2026-01-05T10:42:07 IIS/W3SVC|Microsoft Internet Information "
                        "Services 10.0|WEB01 date=2026-01-05;time=10:42:07;s-sitename=W3SVC1;"
                        "s-computername=WEB01;cs-method=GET;cs-uri-stem=/a.aspx;"
                        "cs(User-Agent)=Mozilla/5.0+(x);time-taken=1500;"
                        "x-request-start=2026-01-05T10:42:05.5000000Z;\n");
    iislog_rig_only(&rig, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
}

static void fields_change_in_the_middle(void **state)
{
    struct iislog_rig rig =
        iislog_rig_text("#Fields: time date\n10:00:00 2026-01-05\n#Fields: date time x\n"
                        "2026-01-05 10:00:01 v\n#Fields: date time x\n2026-01-05 10:00:02 w\n");
    (void)state;
    iislog_rig_is(&rig, "2@19 2026-01-05T10:00:00 IIS/W3SVC|| time=10:00:00;date=2026-01-05;"
                        "s-sitename=W3SVC1;\n"
                        "4@60 2026-01-05T10:00:01 IIS/W3SVC|| date=2026-01-05;time=10:00:01;x=v;"
                        "s-sitename=W3SVC1;\n"
                        "6@103 2026-01-05T10:00:02 IIS/W3SVC|| date=2026-01-05;time=10:00:02;x=w;"
                        "s-sitename=W3SVC1;\n");
    iislog_rig_only(&rig, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
}

#define AS(line, offset)                                                                           \
    line "@" offset " 2026-01-05T10:42:07 IIS/W3SVC|| date=2026-01-05;"                            \
         "time=10:42:07;cs-method=GET;cs-uri-stem=/a;s-sitename=W3SVC1;\n"

static void line_ends_of_every_kind_end_a_line(void **state)
{
    static const struct {
        const char *end;
        const char *expected;
    } CASES[] = {
        {"\n", AS("2", "41") AS("3", "68")},
        {"\r", AS("2", "41") AS("3", "68")},
        {"\r\n", AS("2", "42") AS("3", "70")},
        {"\n\n", AS("3", "42") AS("5", "70")}, /* empty lines are lines and no events */
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[256];
        struct iislog_rig rig;
        (void)snprintf(text, sizeof text, "%s%s%s%s%s", "#Fields: date time cs-method cs-uri-stem",
                       CASES[i].end, "2026-01-05 10:42:07 GET /a", CASES[i].end,
                       "2026-01-05 10:42:07 GET /a");
        rig = iislog_rig_text(text);
        iislog_rig_is(&rig, CASES[i].expected);
        iislog_rig_only(&rig, IW_DAMAGE_COUNT);
        iislog_rig_done(&rig);
    }
}

/* Without a date column the day must be proved. */
static void the_day_comes_from_what_proves_it(void **state)
{
    static const struct {
        const char *path, *text, *time;
        enum iw_damage damage;
    } CASES[] = {
        /* #Date alone, from its moment on; before it may be the next day */
        {"a.log", "#Date: 2026-01-05 10:00:00\n#Fields: time\n10:00:00\n", "2026-01-05T10:00:00",
         IW_DAMAGE_COUNT},
        {"a.log", "#Date: 2026-01-05 10:00:00\n#Fields: time\n09:59:59\n", "-",
         IW_DAMAGE_TIME_UNKNOWN},
        /* both agree */
        {"W3SVC1/u_ex260105.log", "#Date: 2026-01-05 10:00:00\n#Fields: time\n09:59:59\n",
         "2026-01-05T09:59:59", IW_DAMAGE_COUNT},
        /* the name alone, with the hour and with custom fields too */
        {"W3SVC1/u_ex260105.log", "#Fields: time\n09:59:59\n", "2026-01-05T09:59:59",
         IW_DAMAGE_COUNT},
        {"ex26010509_x.log", "#Fields: time\n09:59:59\n", "2026-01-05T09:59:59", IW_DAMAGE_COUNT},
        /* they contradict each other */
        {"u_ex260106.log", "#Date: 2026-01-05 10:00:00\n#Fields: time\n09:59:59\n", "-",
         IW_DAMAGE_TIME_UNKNOWN},
        /* neither: monthly and endless files name no day */
        {"u_ex2601.log", "#Fields: time\n09:59:59\n", "-", IW_DAMAGE_TIME_UNKNOWN},
        {"u_extend1.log", "#Fields: time\n09:59:59\n", "-", IW_DAMAGE_TIME_UNKNOWN},
        {"u_ex261305.log", "#Fields: time\n09:59:59\n", "-", IW_DAMAGE_TIME_UNKNOWN},
        /* no time at all, or none that is one */
        {"u_ex260105.log", "#Fields: date cs-method\n2026-01-05 GET\n", "-",
         IW_DAMAGE_TIME_UNKNOWN},
        {"u_ex260105.log", "#Fields: date time\n2026-02-30 10:00:00\n", "-",
         IW_DAMAGE_TIME_UNKNOWN},
        {"u_ex260105.log", "#Fields: date time\n2026-01-05 24:00:00\n", "-",
         IW_DAMAGE_TIME_UNKNOWN},
        {"u_ex260105.log", "#Fields: date time\n- -\n", "-", IW_DAMAGE_TIME_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iislog_rig rig =
            iislog_rig_bytes(CASES[i].path, CASES[i].text, strlen(CASES[i].text));
        char *time = strchr(rig.text, ' ');
        assert_int_equal(rig.n, 1);
        assert_non_null(time);
        assert_memory_equal(time + 1, CASES[i].time, strlen(CASES[i].time));
        assert_int_equal(time[1 + strlen(CASES[i].time)], ' ');
        if (CASES[i].damage == IW_DAMAGE_COUNT)
            iislog_rig_only(&rig, IW_DAMAGE_COUNT);
        else
            iislog_rig_only(&rig, CASES[i].damage, IW_DAMAGE_COUNT);
        iislog_rig_done(&rig);
    }
}

static void the_place_tells_service_and_site(void **state)
{
    static const struct {
        const char *path, *channel, *site;
    } CASES[] = {
        {"W3SVC12/u_ex260105.log", " IIS/W3SVC|", "s-sitename=W3SVC12;"},
        {"logs\\W3SVC3\\u_ex260105.log", " IIS/W3SVC|", "s-sitename=W3SVC3;"},
        {"W3SVC/u_ex260105.log", " IIS/W3SVC|", NULL}, /* one log for all sites */
        {"WMSvc/W3SVC1/u_ex260105.log", " IIS/WMSVC|", "s-sitename=W3SVC1;"},
        {"FTPSVC2/u_ex260105.log", " IIS/FTPSVC|", "s-sitename=FTPSVC2;"},
        {"HTTPERR/httperr1.log", " IIS/HTTPERR|", NULL},
        {"httperr12.log", " IIS/HTTPERR|", NULL},
        {"", " IIS/W3SVC|", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iislog_rig rig = iislog_rig_bytes(CASES[i].path, FIELDS ONE, strlen(FIELDS ONE));
        assert_non_null(strstr(rig.text, CASES[i].channel));
        if (CASES[i].site != NULL)
            assert_non_null(strstr(rig.text, CASES[i].site));
        else
            assert_null(strstr(rig.text, "s-sitename"));
        iislog_rig_done(&rig);
    }
}

static void refused_requests_are_a_channel_of_their_own(void **state)
{
    static const char TEXT[] =
        "#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: 2026-01-05 10:42:07\r\n"
        "#Fields: date time c-ip s-reason\r\n2026-01-05 10:42:07 ::1 Timer_ConnectionIdle\r\n";
    struct iislog_rig rig = iislog_rig_bytes("x.log", TEXT, strlen(TEXT));
    (void)state;
    iislog_rig_is(&rig, "5@112 2026-01-05T10:42:07 IIS/HTTPERR|Microsoft HTTP API 2.0| "
                        "date=2026-01-05;time=10:42:07;c-ip=::1;s-reason=Timer_ConnectionIdle;\n");
    iislog_rig_done(&rig);
}

static void without_fields_a_line_is_what_its_shape_says(void **state)
{
    static const struct {
        const char *line, *expected;
        enum iw_damage damage;
    } CASES[] = {
        {"192.168.114.201, -, 03/20/01, 7:55:20, W3SVC2, SALES1, 172.21.13.45, 4502, 163, 3223, "
         "200, 0, GET, /DeptLogo.gif, -,",
         "1@0 2001-03-20T07:55:20 IIS/W3SVC||SALES1 c-ip=192.168.114.201;cs-username=-;"
         "date=03/20/01;time=7:55:20;s-sitename=W3SVC2;s-computername=SALES1;s-ip=172.21.13.45;"
         "time-taken=4502;cs-bytes=163;sc-bytes=3223;sc-status=200;sc-win32-status=0;"
         "cs-method=GET;cs-uri-stem=/DeptLogo.gif;cs-uri-query=-; LOCAL\n",
         IW_DAMAGE_TIME_LOCAL},
        {"172.21.13.45 - Microsoft\\fred [08/Apr/2001:17:39:04 -0800] \"GET /s/ism.dll?http/serv "
         "HTTP/1.0\" 200 3401",
         "1@0 2001-04-09T01:39:04 IIS/W3SVC|| c-ip=172.21.13.45;x-logname=-;"
         "cs-username=Microsoft\\fred;x-time=08/Apr/2001:17:39:04 -0800;cs-method=GET;"
         "cs-uri-stem=/s/ism.dll;cs-uri-query=http/serv;cs-version=HTTP/1.0;sc-status=200;"
         "sc-bytes=3401;s-sitename=W3SVC1;\n",
         IW_DAMAGE_COUNT},
        {"::1 - - [08/Apr/2001:17:39:04] \"GET /a HTTP/1.1\" 404 0 \"http://x/\" \"Mozilla (a)\"",
         "1@0 2001-04-08T17:39:04 IIS/W3SVC|| c-ip=::1;x-logname=-;cs-username=-;"
         "x-time=08/Apr/2001:17:39:04;cs-method=GET;cs-uri-stem=/a;cs-uri-query=-;"
         "cs-version=HTTP/1.1;sc-status=404;sc-bytes=0;cs(Referer)=http://x/;"
         "cs(User-Agent)=Mozilla (a);s-sitename=W3SVC1; LOCAL\n",
         IW_DAMAGE_TIME_LOCAL},
        /* a continuation: the default columns fit */
        {"2026-01-05 10:42:07 10.0.0.1 GET /a - 80 - 10.0.0.2 M - 200 0 0 15",
         "1@0 2026-01-05T10:42:07 IIS/W3SVC|| date=2026-01-05;time=10:42:07;s-ip=10.0.0.1;"
         "cs-method=GET;cs-uri-stem=/a;cs-uri-query=-;s-port=80;cs-username=-;c-ip=10.0.0.2;"
         "cs(User-Agent)=M;cs(Referer)=-;sc-status=200;sc-substatus=0;sc-win32-status=0;"
         "time-taken=15;s-sitename=W3SVC1;x-request-start=2026-01-05T10:42:06.9850000Z;\n",
         IW_DAMAGE_FIELDS_ASSUMED},
        {"2026-01-05 10:42:07 10.0.0.2 5 10.0.0.1 80 HTTP/1.1 GET /a?b 400 - URL -",
         "1@0 2026-01-05T10:42:07 IIS/HTTPERR|| date=2026-01-05;time=10:42:07;c-ip=10.0.0.2;"
         "c-port=5;s-ip=10.0.0.1;s-port=80;cs-version=HTTP/1.1;cs-method=GET;cs-uri=/a?b;"
         "sc-status=400;s-siteid=-;s-reason=URL;s-queuename=-;s-sitename=W3SVC1;\n",
         IW_DAMAGE_FIELDS_ASSUMED},
        /* they do not: the line is kept whole */
        {"2026-01-05 10:42:07 GET /a",
         "1@0 2026-01-05T10:42:07 IIS/W3SVC|| date=2026-01-05;time=10:42:07;"
         "x-line=2026-01-05 10:42:07 GET /a;s-sitename=W3SVC1;\n",
         IW_DAMAGE_FIELDS_UNKNOWN},
        {"nothing of it", "", IW_DAMAGE_FORM_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iislog_rig rig = iislog_rig_text(CASES[i].line);
        iislog_rig_is(&rig, CASES[i].expected);
        if (CASES[i].damage == IW_DAMAGE_COUNT)
            iislog_rig_only(&rig, IW_DAMAGE_COUNT);
        else
            iislog_rig_only(&rig, CASES[i].damage, IW_DAMAGE_COUNT);
        iislog_rig_done(&rig);
    }
}

static void values_that_do_not_fit_the_columns_are_told(void **state)
{
    struct iislog_rig rig =
        iislog_rig_text("#Fields: date time s-computername x y \n"
                        "2026-01-05 10:00:00 WEB01 1 2\n"
                        "2026-01-05 10:00:00  WEB01 1 2\n"    /* two spaces, all values there */
                        "2026-01-05 10:00:00 WEB01 1 2 3 4\n" /* more than columns */
                        "2026-01-05 10:00:00 WEB01 1\n"       /* fewer */
                        "01 1\n"                              /* the end of a line that is lost */
                        "2026-01-05 10:0");                   /* the file ends */
    (void)state;
    iislog_rig_is(&rig, "2@39 2026-01-05T10:00:00 IIS/W3SVC||WEB01 date=2026-01-05;time=10:00:00;"
                        "s-computername=WEB01;x=1;y=2;s-sitename=W3SVC1;\n"
                        "3@69 2026-01-05T10:00:00 IIS/W3SVC||WEB01 date=2026-01-05;time=10:00:00;"
                        "s-computername=WEB01;x=1;y=2;s-sitename=W3SVC1;\n"
                        "4@100 2026-01-05T10:00:00 IIS/W3SVC|| date=2026-01-05;time=10:00:00;"
                        "s-computername=WEB01;x=1;y=2;x-beyond-fields=3 4;s-sitename=W3SVC1;\n"
                        "5@134 2026-01-05T10:00:00 IIS/W3SVC|| date=2026-01-05;time=10:00:00;"
                        "s-computername=WEB01;x=1;s-sitename=W3SVC1; CUT\n");
    iislog_rig_only(&rig, IW_DAMAGE_COLUMNS, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_RECORD,
                    IW_DAMAGE_COUNT);
    assert_int_equal(iislog_rig_count(&rig, IW_DAMAGE_RECORD), 2);
    assert_int_equal(rig.account.lost_bytes, strlen("01 1") + strlen("2026-01-05 10:0"));
    iislog_rig_done(&rig);
}

static void zeros_at_the_end_are_room_and_inside_are_told(void **state)
{
    char bytes[2000];
    size_t n = 0;
    struct iislog_rig rig;
    (void)state;
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, FIELDS ONE, strlen(FIELDS ONE));
    n = strlen(FIELDS ONE) + 700;
    rig = iislog_rig_bytes(IISLOG_RIG_PATH, bytes, n);
    iislog_rig_is(&rig, AS("2", "41"));
    iislog_rig_only(&rig, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
    /* Behind them it goes on: without a line end, so in the same line of the file. */
    memcpy(bytes + n, ONE, strlen(ONE));
    rig = iislog_rig_bytes(IISLOG_RIG_PATH, bytes, n + strlen(ONE));
    iislog_rig_is(&rig, AS("2", "41") AS("3", "768"));
    iislog_rig_only(&rig, IW_DAMAGE_PADDING, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
    /* A line that was cut by them. */
    n = strlen(FIELDS);
    memset(bytes + n, 0, sizeof bytes - n);
    memcpy(bytes + n, "2026-01-05 10:42:07 GET", 23);
    memcpy(bytes + n + 23 + 16, ONE, strlen(ONE));
    rig = iislog_rig_bytes(IISLOG_RIG_PATH, bytes, n + 23 + 16 + strlen(ONE));
    assert_int_equal(rig.n, 2);
    iislog_rig_only(&rig, IW_DAMAGE_PADDING, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_COUNT);
    assert_non_null(strstr(rig.text, "\n"
                                     "2@80 2026-01-05T10:42:07 "));
    iislog_rig_done(&rig);
}

static void no_byte_erases_a_line_or_its_neighbours(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char bytes[256];
        struct iislog_rig rig;
        bool ends = byte == '\n' || byte == '\r';
        int n =
            snprintf(bytes, sizeof bytes, "%s%s", FIELDS ONE, "2026-01-05 10:42:07 GET /a?b\n" ONE);
        char *at = strchr(bytes, '?');
        *at = (char)byte;
        rig = iislog_rig_bytes(IISLOG_RIG_PATH, bytes, (size_t)n);
        assert_int_equal(rig.n, 3);
        assert_non_null(strstr(rig.text, AS("2", "41")));
        assert_non_null(strstr(rig.text, ends ? "5@" : "4@"));
        if (byte >= 0x80) {
            assert_non_null(strstr(rig.text, "cs-uri-stem=/a\xEF\xBF\xBD"
                                             "b;"));
            iislog_rig_only(&rig, IW_DAMAGE_TEXT_REPAIRED, IW_DAMAGE_COUNT);
        }
        iislog_rig_done(&rig);
    }
}

static void logs_of_before_utf8_are_read_as_western(void **state)
{
    static const char TEXT[] = FIELDS "2026-01-05 10:42:07 GET /caf\xE9\n";
    struct iislog_rig rig = iislog_rig_bytes("W3SVC1/ex260105.log", TEXT, strlen(TEXT));
    (void)state;
    assert_non_null(strstr(rig.text, "cs-uri-stem=/caf\xC3\xA9;"));
    iislog_rig_only(&rig, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
}

static void other_encodings_give_the_same_events(void **state)
{
    static const char TEXT[] = FIELDS ONE FIELDS ONE;
    unsigned char wide[512] = {0xFF, 0xFE};
    char marked[512] = "\xEF\xBB\xBF";
    struct iislog_rig rig;
    (void)state;
    for (size_t i = 0; i < strlen(TEXT); i++)
        wide[2 + 2 * i] = (unsigned char)TEXT[i];
    rig = iislog_rig_bytes(IISLOG_RIG_PATH, wide, 2 + 2 * strlen(TEXT));
    iislog_rig_is(&rig, AS("2", "84") AS("4", "220"));
    iislog_rig_only(&rig, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
    memcpy(marked + 3, TEXT, strlen(TEXT));
    rig = iislog_rig_bytes(IISLOG_RIG_PATH, marked, 3 + strlen(TEXT));
    iislog_rig_is(&rig, AS("2", "44") AS("4", "112"));
    iislog_rig_only(&rig, IW_DAMAGE_COUNT);
    iislog_rig_done(&rig);
}

/* Many columns: at the limit, and one past it. */
static void more_columns_than_any_log_has(void **state)
{
    (void)state;
    for (size_t n = IW_LIMIT_LOG_COLUMNS; n <= IW_LIMIT_LOG_COLUMNS + 1; n++) {
        char *text = malloc(16 * n + 256), *at = text;
        struct iislog_rig rig;
        assert_non_null(text);
        at += sprintf(at, "#Fields: date time");
        for (size_t i = 2; i < n; i++)
            at += sprintf(at, " f%zu", i);
        at += sprintf(at, "\n2026-01-05 10:42:07");
        for (size_t i = 2; i < n; i++)
            at += sprintf(at, " v%zu", i);
        at += sprintf(at, "\n");
        rig = iislog_rig_read(IISLOG_RIG_PATH, text, (size_t)(at - text), 0, 0, NULL);
        assert_int_equal(rig.n, 1);
        assert_non_null(strstr(rig.text, ";f4095=v4095;"));
        if (n == IW_LIMIT_LOG_COLUMNS)
            iislog_rig_only(&rig, IW_DAMAGE_COUNT);
        else
            iislog_rig_only(&rig, IW_DAMAGE_LIMIT, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_COLUMNS,
                            IW_DAMAGE_COUNT);
        iislog_rig_done(&rig);
        free(text);
    }
}

/* A long line: at the limit, one past it, and far past it. */
static void a_line_longer_than_any_is_refused(void **state)
{
    static const size_t PAST[] = {0, 1, 20UL * 1024 * 1024};
    static const char BEGIN[] = "2026-01-05 10:42:07 GET /";
    (void)state;
    for (size_t i = 0; i < sizeof PAST / sizeof PAST[0]; i++) {
        size_t long_n = IW_LIMIT_LOG_LINE_BYTES + PAST[i];
        size_t n = strlen(FIELDS) + long_n + 1 + strlen(ONE);
        char *text = malloc(n + 1), *at = text;
        struct iislog_rig rig, other;
        assert_non_null(text);
        at = stpcpy(stpcpy(at, FIELDS), BEGIN);
        memset(at, 'a', long_n - strlen(BEGIN));
        at += long_n - strlen(BEGIN);
        (void)stpcpy(at, "\n" ONE);
        rig = iislog_rig_read(IISLOG_RIG_PATH, text, n, 0, 0, NULL);
        other = iislog_rig_read(IISLOG_RIG_PATH, text, n, 0, 1, NULL);
        assert_string_equal(rig.text, other.text);
        assert_int_equal(rig.n, PAST[i] == 0 ? 2 : 1);
        assert_int_equal(rig.account.lost_bytes, PAST[i] == 0 ? 0 : long_n);
        assert_int_equal(rig.account.lost_bytes, other.account.lost_bytes);
        if (PAST[i] == 0)
            iislog_rig_only(&rig, IW_DAMAGE_COUNT);
        else
            iislog_rig_only(&rig, IW_DAMAGE_LIMIT, IW_DAMAGE_COUNT);
        iislog_rig_done(&rig);
        iislog_rig_done(&other);
        free(text);
    }
}

/* What nobody asks for is counted with its time and host, and not taken apart. */
static void lines_nobody_wants_keep_time_and_host(void **state)
{
    static const char TEXT[] = SOFTWARE "#Fields: date time s-computername x\n"
                                        "2026-01-05 10:42:07 WEB01 y\nnoise\n";
    struct iw_route none;
    struct iislog_rig rig;
    (void)state;
    iw_route_init(&none);
    rig = iislog_rig_read(IISLOG_RIG_PATH, TEXT, strlen(TEXT), 0, 0, &none);
    iislog_rig_is(&rig, "3@49 2026-01-05T10:42:07 IIS/W3SVC|S|WEB01 \n");
    iislog_rig_only(&rig, IW_DAMAGE_RECORD, IW_DAMAGE_COUNT);
    assert_int_equal(rig.account.n_decoded, 0);
    iislog_rig_done(&rig);
    assert_int_equal(iw_route_want_channel(&none, IW_STR(IW_CHANNEL_W3SVC)), IW_OK);
    rig = iislog_rig_read(IISLOG_RIG_PATH, TEXT, strlen(TEXT), 0, 0, &none);
    assert_int_equal(rig.account.n_decoded, 1);
    iislog_rig_done(&rig);
    iw_route_done(&none);
}

/* Names that never come twice, over many slices: memory of one header, order of the file. */
static void columns_that_are_new_with_every_line(void **state)
{
    enum { N = 60000 };
    char *text = malloc((size_t)N * 64), *at = text;
    struct iislog_rig one, two;
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < N; i++)
        at += sprintf(at, "#Fields: date time f%d\n2026-01-05 10:42:07 v%d\n", i, i);
    one = iislog_rig_read(IISLOG_RIG_PATH, text, (size_t)(at - text), 0, 0, NULL);
    two = iislog_rig_read(IISLOG_RIG_PATH, text, (size_t)(at - text), 0, 1, NULL);
    assert_int_equal(one.n, N);
    assert_non_null(strstr(one.text, ";f59999=v59999;"));
    assert_string_equal(one.text, two.text);
    iislog_rig_only(&one, IW_DAMAGE_COUNT);
    iislog_rig_done(&one);
    iislog_rig_done(&two);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_an_event_with_all_columns),
        cmocka_unit_test(fields_change_in_the_middle),
        cmocka_unit_test(line_ends_of_every_kind_end_a_line),
        cmocka_unit_test(the_day_comes_from_what_proves_it),
        cmocka_unit_test(the_place_tells_service_and_site),
        cmocka_unit_test(refused_requests_are_a_channel_of_their_own),
        cmocka_unit_test(without_fields_a_line_is_what_its_shape_says),
        cmocka_unit_test(values_that_do_not_fit_the_columns_are_told),
        cmocka_unit_test(zeros_at_the_end_are_room_and_inside_are_told),
        cmocka_unit_test(no_byte_erases_a_line_or_its_neighbours),
        cmocka_unit_test(logs_of_before_utf8_are_read_as_western),
        cmocka_unit_test(other_encodings_give_the_same_events),
        cmocka_unit_test(more_columns_than_any_log_has),
        cmocka_unit_test(a_line_longer_than_any_is_refused),
        cmocka_unit_test(lines_nobody_wants_keep_time_and_host),
        cmocka_unit_test(columns_that_are_new_with_every_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
