/*
 * PE and hives have a magic (Microsoft "PE Format"; Suhanov, "Windows registry file format").
 * Exports of the registry begin with their title. A catalogue is SignedData (RFC 5652, 5.1) over a
 * certificate trust list. Configuration is XML whose first element is <configuration>; what stands
 * before it (a mark, a declaration, comments) is passed over, in UTF-8 and UTF-16. Likewise
 * Sysmon's.
 */
#include "evidence/sniff_server.h"

#include <string.h>

#include "evidence/sniff_settings.h"
#include "evidence/sniff_text.h"

#define NAME_BYTES 32U /* of a first element, with what ends it */

static const char SIGNED_DATA[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
static const char TRUST_LIST[] = "\x2B\x06\x01\x04\x01\x82\x37\x0A\x01"; /* 1.3.6.1.4.1.311.10.1 */

static bool begins(struct iw_str text, const char *with)
{
    return iw_str_begins_nocase(text, iw_str_of(with));
}

static struct iw_str after(struct iw_str text, size_t n)
{
    n = n < text.n ? n : text.n;
    return (struct iw_str){text.p + n, text.n - n};
}

static struct iw_str skip_blanks(struct iw_str text)
{
    size_t n = 0;
    while (n < text.n && memchr(" \t\r\n", text.p[n], 4) != NULL)
        n++;
    return after(text, n);
}

/* Past `<?...?>` and comments to the first element; empty when there is none in sight. */
static struct iw_str first_element(struct iw_str text)
{
    for (text = skip_blanks(text); text.n != 0; text = skip_blanks(text)) {
        const char *end_mark;
        size_t end;
        if (begins(text, "<?"))
            end_mark = "?>";
        else if (begins(text, "<!--"))
            end_mark = "-->";
        else
            return text;
        end = iw_str_find(text, iw_str_of(end_mark));
        if (end == SIZE_MAX)
            break;
        text = after(text, end + strlen(end_mark));
    }
    return IW_STR("");
}

/* Names are told apart by case: <Configuration> is no file of IIS. A document type before the
 * element is refused by the reader, not here: such a file is configuration all the same. */
static bool has_root(struct iw_str text, struct iw_str begin)
{
    text = first_element(text);
    if (begins(text, "<!DOCTYPE")) {
        size_t at = iw_str_find(text, begin);
        text = at == SIZE_MAX ? IW_STR("") : after(text, at);
    }
    if (text.n <= begin.n || memcmp(text.p, begin.p, begin.n) != 0)
        return false;
    return memchr(" \t\r\n>/", text.p[begin.n], 6) != NULL;
}

static bool is_catalogue(struct iw_str head)
{
    struct iw_str begin = {head.p, head.n < 64 ? head.n : 64};
    struct iw_str list = {head.p, head.n < 256 ? head.n : 256};
    return head.n > 2 && (uint8_t)head.p[0] == 0x30 &&
           iw_str_find(begin, (struct iw_str){SIGNED_DATA, sizeof SIGNED_DATA - 1}) != SIZE_MAX &&
           iw_str_find(list, (struct iw_str){TRUST_LIST, sizeof TRUST_LIST - 1}) != SIZE_MAX;
}

bool iw_sniff_server_goes_on(struct iw_str head)
{
    char out[IW_SNIFF_TEXT_BYTES];
    struct iw_str text = skip_blanks(iw_sniff_narrow(head, out));
    /* Also where its name is cut. */
    return (begins(text, "<?xml") || begins(text, "<!--")) && first_element(text).n < NAME_BYTES;
}

struct iw_server_sniff iw_sniff_server(struct iw_str head)
{
    char out[IW_SNIFF_TEXT_BYTES];
    struct iw_str text;
    if (head.n >= 2 && memcmp(head.p, "MZ", 2) == 0)
        return (struct iw_server_sniff){IW_EVIDENCE_PE, "pe", "executable or DLL"};
    if (head.n >= 4 && memcmp(head.p, "regf", 4) == 0)
        return (struct iw_server_sniff){IW_EVIDENCE_HIVE, "registry", "registry hive"};
    if (is_catalogue(head))
        return (struct iw_server_sniff){IW_EVIDENCE_CATALOGUE, "catalogue",
                                        "catalogue of signatures"};
    text = iw_sniff_narrow(head, out);
    if (begins(text, "Windows Registry Editor Version 5") || begins(text, "REGEDIT4"))
        return (struct iw_server_sniff){IW_EVIDENCE_HIVE, "registry", "registry export"};
    if (has_root(text, IW_STR("<configuration")))
        return (struct iw_server_sniff){IW_EVIDENCE_CONFIG, "config", "configuration"};
    if (has_root(text, IW_STR("<Sysmon")))
        return (struct iw_server_sniff){IW_EVIDENCE_SYSMON_CONFIG, "sysmon-config",
                                        "configuration of Sysmon"};
    return iw_sniff_settings(text);
}
