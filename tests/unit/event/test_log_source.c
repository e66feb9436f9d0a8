/*
 * Log sources: names, channels and event ids as the Sigma taxonomy has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event/logsource.h"

static bool has(enum iw_log_kind kind, const char *name, const char *channel, uint32_t event_id)
{
    size_t n;
    const struct iw_log_row *rows = iw_log_source_find(kind, iw_str_of(name), &n);
    assert_non_null(rows);
    return iw_log_source_has(rows, n, iw_str_of(channel), event_id);
}

#define SYSMON "microsoft-windows-sysmon/operational"

static void categories_are_channels_and_ids(void **state)
{
    (void)state;
    assert_true(has(IW_LOG_CATEGORY, "process_creation", SYSMON, 1));
    assert_true(has(IW_LOG_CATEGORY, "process_creation", "Security", 4688));
    assert_false(has(IW_LOG_CATEGORY, "process_creation", "Security", 1));
    assert_true(has(IW_LOG_CATEGORY, "Registry_Event", SYSMON, 14));
    assert_false(has(IW_LOG_CATEGORY, "registry_set", SYSMON, 12));
    assert_true(has(IW_LOG_CATEGORY, "ps_script", "PowerShellCore/Operational", 4104));
    assert_true(has(IW_LOG_CATEGORY, "sysmon_error", SYSMON, 255));
}

static void services_are_whole_channels(void **state)
{
    (void)state;
    assert_true(has(IW_LOG_SERVICE, "security", "SECURITY", 65535));
    assert_true(
        has(IW_LOG_SERVICE, "iis-configuration", "Microsoft-IIS-Configuration/Operational", 29));
    assert_true(has(IW_LOG_SERVICE, "dns-client", "Microsoft-Windows-DNS-Client/Operational", 1));
    assert_false(has(IW_LOG_SERVICE, "security", "System", 1));
}

static void requests_are_log_sources(void **state)
{
    (void)state;
    assert_true(has(IW_LOG_CATEGORY, "webserver", "IIS/W3SVC", 0));
    assert_true(has(IW_LOG_CATEGORY, "webserver", "IIS/WMSVC", 0));
    assert_true(has(IW_LOG_CATEGORY, "webserver", "IIS/HTTPERR", 0));
    assert_false(has(IW_LOG_CATEGORY, "webserver", "IIS/FTPSVC", 0));
    assert_true(has(IW_LOG_SERVICE, "iis", "IIS/W3SVC", 0));
    assert_false(has(IW_LOG_SERVICE, "iis", "IIS/HTTPERR", 0));
    assert_true(has(IW_LOG_SERVICE, "httperr", "IIS/HTTPERR", 0));
}

static void what_has_no_channel_is_known_and_what_is_unknown_is_not(void **state)
{
    size_t n;
    const struct iw_log_row *rows = iw_log_source_find(IW_LOG_CATEGORY, IW_STR("file_access"), &n);
    (void)state;
    assert_int_equal(n, 1);
    assert_null(rows->channel);
    assert_false(iw_log_source_has(rows, n, IW_STR(""), 0));
    assert_null(iw_log_source_find(IW_LOG_CATEGORY, IW_STR("proxy"), &n));
    assert_int_equal(n, 0);
    /* A service is no category. */
    assert_null(iw_log_source_find(IW_LOG_CATEGORY, IW_STR("security"), &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(categories_are_channels_and_ids),
        cmocka_unit_test(services_are_whole_channels),
        cmocka_unit_test(requests_are_log_sources),
        cmocka_unit_test(what_has_no_channel_is_known_and_what_is_unknown_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
