/*
 * Files that say what a host logs are known by how they begin, whatever their name; texts that look
 * like them are not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "evidence/sniff_server.h"

#define IW_HEAD(text)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }
#define ROW "WEB01,System,Process Creation,{0CCE922B-69AE-11D9-BED3-505054503030},Success,\r\n"

static const struct {
    struct iw_str head;
    enum iw_evidence_kind kind;
} CASES[] = {
    {IW_HEAD("<Sysmon schemaversion=\"4.90\">"), IW_EVIDENCE_SYSMON_CONFIG},
    {IW_HEAD("<?xml version=\"1.0\"?>\n<!-- c -->\n<Sysmon>"), IW_EVIDENCE_SYSMON_CONFIG},
    {IW_HEAD("<!DOCTYPE Sysmon []><Sysmon/>"), IW_EVIDENCE_SYSMON_CONFIG},
    {IW_HEAD("\xFF\xFE<\0S\0y\0s\0m\0o\0n\0>\0"), IW_EVIDENCE_SYSMON_CONFIG},
    {IW_HEAD("\xEF\xBB\xBF<Sysmon/>"), IW_EVIDENCE_SYSMON_CONFIG},
    {IW_HEAD("<SysmonX/>"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("<sysmon/>"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("<Events><Sysmon/></Events>"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("System audit policy\r\nCategory/Subcategory       Setting\r\n"),
     IW_EVIDENCE_AUDIT_POLICY},
    {IW_HEAD("\r\nSystem audit policy\r\n"), IW_EVIDENCE_AUDIT_POLICY},
    {IW_HEAD("\xFF\xFES\0y\0s\0t\0e\0m\0 \0a\0u\0d\0i\0t\0 \0p\0o\0l\0i\0c\0y\0"),
     IW_EVIDENCE_AUDIT_POLICY},
    {IW_HEAD("Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting\r\n"),
     IW_EVIDENCE_AUDIT_POLICY},
    {IW_HEAD("Computername,Ziel,Unterkategorie,GUID,a,b\r\n\r\n" ROW), IW_EVIDENCE_AUDIT_POLICY},
    {IW_HEAD("a\r\nx,{0CCE922B-69AE-11D9-BED3-505054503030},y\r\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("a,b,c,d\r\nx,y,z,{0CCE922B-69AE-11D9-BED3-505054503030}\r\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("{\"SubcategoryGuid\":\"{0CCE922B-69AE-11D9-BED3-505054503030}\",\"a\":1,\"b\":2}\n"),
     IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("name: Security\r\nenabled: true\r\ntype: Admin\r\n"), IW_EVIDENCE_CHANNELS},
    {IW_HEAD("name: x\nversion: 1\nenabled: true\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("name: x\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("\r\n\r\nPath   : Microsoft.PowerShell.Core\\FileSystem::C:\\inetpub\r\nOwner"),
     IW_EVIDENCE_AUDIT_ENTRIES},
    {IW_HEAD("Path   : Microsoft.PowerShell.Core\\Registry::HKEY_LOCAL_MACHINE\r\nOwner"),
     IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("wwwroot\r\nD:AI(A;OICI;FA;;;BA)(A;;FA;;;SY)\r\n"), IW_EVIDENCE_AUDIT_ENTRIES},
    {IW_HEAD("C:\\inetpub\nO:BAG:BAD:AI(A;;FA;;;BA)S:(AU;SA;FA;;;WD)\n"),
     IW_EVIDENCE_AUDIT_ENTRIES},
    {IW_HEAD("a title\nD:\\folder (x;;;y)\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("a title\nS: a sentence (in part)\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("<%@ Page %>\nD:x(;;;)y\n"), IW_EVIDENCE_UNKNOWN},
    {IW_HEAD("<configuration/>"), IW_EVIDENCE_CONFIG},
    {IW_HEAD(""), IW_EVIDENCE_UNKNOWN},
};

static void by_how_they_begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_server_sniff got = iw_sniff_server(CASES[i].head);
        if (got.kind != CASES[i].kind)
            fail_msg("case %zu: %d", i, (int)got.kind);
        assert_true(got.kind == IW_EVIDENCE_UNKNOWN || (got.kind_name != NULL && got.what != NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_how_they_begin)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
