"""Fields of events as Windows and Sysmon write them, in order; for tests.

From public sources (samples of real logs, Sysmon's schema, OSSEM-DD). A name in parentheses is there in newer builds only:
a host has it in all its events of that kind or in none.
"""
SYSMON_PROCESS = "RuleName UtcTime ProcessGuid ProcessId"
SUBJECT = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
SYSMON_PROVIDER = "5770385f-c22a-43e0-bf4c-06f5698ffbd9"
SECURITY_PROVIDER = "54849625-5478-4994-a5ba-3e3b0328c30d"

SYSMON = {  # id: (versions, fields)
    1: ((5,), SYSMON_PROCESS + " Image FileVersion Description Product Company (OriginalFileName) CommandLine"
        " CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid"
        " ParentProcessId ParentImage ParentCommandLine (ParentUser)"),
    2: ((4, 5), SYSMON_PROCESS + " Image TargetFilename CreationUtcTime PreviousCreationUtcTime (User)"),
    3: ((5,), SYSMON_PROCESS + " Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort"
        " SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName"),
    4: ((3,), "UtcTime State Version SchemaVersion"),
    5: ((3,), SYSMON_PROCESS + " Image (User)"),
    6: ((), "RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus"),
    7: ((3,), SYSMON_PROCESS + " Image ImageLoaded FileVersion Description Product Company (OriginalFileName) Hashes"
        " Signed Signature SignatureStatus (User)"),
    8: ((2,), "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId"
        " TargetImage NewThreadId StartAddress StartModule StartFunction (SourceUser) (TargetUser)"),
    10: ((3,), "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID"
         " TargetProcessId TargetImage GrantedAccess CallTrace (SourceUser) (TargetUser)"),
    11: ((2,), SYSMON_PROCESS + " Image TargetFilename CreationUtcTime (User)"),
    12: ((2,), "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject (User)"),
    13: ((2,), "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details (User)"),
    14: ((2,), "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName (User)"),
    15: ((2,), SYSMON_PROCESS + " Image TargetFilename CreationUtcTime Hash Contents (User)"),
    16: ((3,), "UtcTime Configuration ConfigurationFileHash"),
    17: ((), "RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image (User)"),
    18: ((), "RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image (User)"),
    19: ((), "RuleName EventType UtcTime Operation User EventNamespace Name Query"),
    20: ((), "RuleName EventType UtcTime Operation User Name Type Destination"),
    21: ((), "RuleName EventType UtcTime Operation User Consumer Filter"),
    22: ((5,), SYSMON_PROCESS + " QueryName QueryStatus QueryResults Image (User)"),
    23: ((5,), SYSMON_PROCESS + " User Image TargetFilename Hashes IsExecutable Archived"),
    25: ((5,), SYSMON_PROCESS + " Image Type (User)"),
    26: ((5,), SYSMON_PROCESS + " User Image TargetFilename Hashes IsExecutable"),
    27: ((5,), SYSMON_PROCESS + " User Image TargetFilename Hashes"),
    28: ((5,), SYSMON_PROCESS + " User Image TargetFilename Hashes IsExecutable"),
    29: ((5,), SYSMON_PROCESS + " User Image TargetFilename Hashes"),
    255: ((), "UtcTime ID Description"),
}

SECURITY = {
    1102: ((), SUBJECT),
    4616: ((1,), SUBJECT + " PreviousTime NewTime ProcessId ProcessName"),
    4624: ((2,), SUBJECT + " TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName"
           " AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId"
           " ProcessName IpAddress IpPort ImpersonationLevel RestrictedAdminMode TargetOutboundUserName"
           " TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"),
    4625: ((0,), SUBJECT + " TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType"
           " LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength"
           " ProcessId ProcessName IpAddress IpPort"),
    4634: ((0,), "TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType"),
    4648: ((0,), SUBJECT + " LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo"
           " ProcessId ProcessName IpAddress IpPort"),
    4656: ((1,), SUBJECT + " ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessReason AccessMask"
           " PrivilegeList RestrictedSidCount ProcessId ProcessName ResourceAttributes"),
    4657: ((0,), SUBJECT + " ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue"
           " ProcessId ProcessName"),
    4660: ((0,), SUBJECT + " ObjectServer HandleId ProcessId ProcessName TransactionId"),
    4663: ((1,), SUBJECT + " ObjectServer ObjectType ObjectName HandleId AccessList AccessMask ProcessId ProcessName"
           " ResourceAttributes"),
    4670: ((0,), SUBJECT + " ObjectServer ObjectType ObjectName HandleId OldSd NewSd ProcessId ProcessName"),
    4672: ((0,), SUBJECT + " PrivilegeList"),
    4688: ((2,), SUBJECT + " NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid"
           " TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel"),
    4689: ((0,), SUBJECT + " Status ProcessId ProcessName"),
    4697: ((), SUBJECT + " ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount"),
    4698: ((), SUBJECT + " TaskName TaskContent"),
    4702: ((), SUBJECT + " TaskName TaskContentNew"),
    4719: ((0,), SUBJECT + " CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges"),
    4907: ((0,), SUBJECT + " ObjectServer ObjectType ObjectName HandleId OldSd NewSd ProcessId ProcessName"),
    5145: ((0,), SUBJECT + " ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList"
           " AccessReason"),
}

OTHER = {
    ("Microsoft-IIS-Configuration/Operational", 29): "PhysicalPath ConfigPath EffectiveLocationPath Configuration"
                                                     " EditOperationType OldValue NewValue",
    ("Microsoft-IIS-Configuration/Operational", 50): "PhysicalPath",
    ("System", 104): "SubjectUserName SubjectDomainName Channel (BackupPath)",
    ("System", 7036): "param1 param2 (Binary)",
    ("System", 7040): "param1 param2 param3 param4",
    ("System", 7045): "ServiceName ImagePath ServiceType StartType AccountName",
    ("Microsoft-Windows-PowerShell/Operational", 4104): "MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path",
    ("Microsoft-Windows-TaskScheduler/Operational", 106): "TaskName UserContext",
    ("Microsoft-Windows-TaskScheduler/Operational", 129): "TaskName Path ProcessID Priority",
}


def expected(event):
    """(versions allowed or (), list of names with parentheses), or None when it is not known here."""
    if event.channel == "Microsoft-Windows-Sysmon/Operational":
        versions, names = SYSMON.get(event.event_id, (None, None))
    elif event.channel == "Security":
        versions, names = SECURITY.get(event.event_id, (None, None))
    else:
        versions, names = (), OTHER.get((event.channel, event.event_id))
    return names and (versions, names.split())


def fit(found, names, may_lack_empty):
    """Whether the found names are the expected ones in order."""
    at = 0
    for name in names:
        plain = name.strip("()")
        if at < len(found) and found[at] == plain:
            at += 1
        elif name == plain and not may_lack_empty:
            return False
    return at == len(found)
