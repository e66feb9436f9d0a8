/*
 * A script for Windows PowerShell 5.1, which every supported Windows server has.
 *
 * It begins with a byte order mark: without one that version reads a script in the code page of the
 * machine. Files are copied by robocopy in backup mode (/B), which reads what access lists forbid
 * an administrator; hives, which Windows keeps open, by reg save. No shadow copy is made: that
 * would write to the volumes that are evidence.
 */
#include "base/script_quote.h"
#include "output/collect_words.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static const char HEAD[] = BYTE_ORDER_MARK
    "#Requires -Version 5.1\n"
    "<#\n"
    ".SYNOPSIS\n"
    "    Copies what IISWarden reads of this web server into HOST\\C\\..., a tree that keeps "
    "Windows paths.\n"
    ".DESCRIPTION\n"
    "    Run it in 64-bit PowerShell as administrator, with a destination on another volume:\n"
    "\n"
    "        powershell.exe -ExecutionPolicy Bypass -File .\\collect.ps1 -Destination E:\\evidence"
    "\n"
    "\n"
    "    It only reads; nothing is written but below the destination. Junctions are not followed.\n"
    "    What could not be copied stands in HOST\\collection.log. Then: iiswarden hunt HOST\n"
    "#>\n"
    "[CmdletBinding()]\n"
    "param(\n"
    "    [Parameter(Mandatory = $true)] [string] $Destination,\n"
    "    [string[]] $WebRoot = @()\n"
    ")\n"
    "Set-StrictMode -Version 2.0\n"
    "$ErrorActionPreference = 'Stop'\n"
    "\n";

static const char FUNCTIONS[] =
    "function Write-Log([string] $Text) {\n"
    "    Add-Content -LiteralPath $log -Value $Text -Encoding UTF8\n"
    "    Write-Verbose $Text\n"
    "}\n"
    "\n"
    "function Expand-Folder([hashtable] $Need) {\n"
    "    $folder = $Need.Folder\n"
    "    if ($Need.Variables) { $folder = [Environment]::ExpandEnvironmentVariables($folder) }\n"
    "    $folder.TrimEnd('\\')\n"
    "}\n"
    "\n"
    "# C:\\Windows becomes HOST\\C\\Windows; nothing for what is on no drive of this server.\n"
    "function Get-Target([string] $Folder) {\n"
    "    if ($Folder -match '^[A-Za-z]:(\\\\|$)') {\n"
    "        Join-Path $tree ($Folder.Substring(0, 1).ToUpperInvariant() + $Folder.Substring(2))\n"
    "    }\n"
    "}\n"
    "\n"
    "function Copy-Folder([string] $Folder, [string] $Mask, [bool] $Recursive) {\n"
    "    $target = Get-Target $Folder\n"
    "    if (-not $target) {\n"
    "        Write-Log \"not copied, on no drive of this server: $Folder\"\n"
    "        return\n"
    "    }\n"
    "    if (-not (Test-Path -LiteralPath \"$Folder\\\" -PathType Container)) {\n"
    "        Write-Log \"not there: $Folder\"\n"
    "        return\n"
    "    }\n"
    "    if (\"$tree\\\".StartsWith(\"$Folder\\\", [StringComparison]::OrdinalIgnoreCase)) {\n"
    "        Write-Log \"not copied, the destination lies inside: $Folder\"\n"
    "        Write-Warning \"not copied, the destination lies inside: $Folder\"\n"
    "        return\n"
    "    }\n"
    "    Write-Progress -Activity 'Copying' -Status \"$Folder\\$Mask\"\n"
    "    $words = @(\"$Folder\\.\", $target, $Mask, '/B', '/COPY:DAT', '/DCOPY:T', '/XJ', '/R:1',\n"
    "        '/W:1', '/NP', '/NDL', '/NFL', '/NJH', '/NJS')\n"
    "    if ($Recursive) { $words += '/S' }\n"
    "    $said = & robocopy.exe @words\n"
    "    $status = $LASTEXITCODE\n"
    "    $said | Where-Object { $_ -match '\\S' } | ForEach-Object { Write-Log $_ }\n"
    "    Write-Log \"robocopy $status`: $Folder\\$Mask\"\n"
    "    if ($status -ge 8) { Write-Warning \"not all copied (see collection.log): $Folder\" }\n"
    "}\n"
    "\n"
    "function Save-Hive([string] $Key, [string] $Folder, [string] $Name) {\n"
    "    $target = Get-Target $Folder\n"
    "    $null = New-Item -ItemType Directory -Force -Path $target\n"
    "    $ErrorActionPreference = 'Continue'\n"
    "    $said = & reg.exe save $Key (Join-Path $target $Name) /y 2>&1\n"
    "    Write-Log \"reg save $LASTEXITCODE`: $Key $said\"\n"
    "    if ($LASTEXITCODE -ne 0) { Write-Warning \"not saved: $Key\" }\n"
    "}\n"
    "\n"
    "function Save-Output([string] $File, [scriptblock] $Command) {\n"
    "    $ErrorActionPreference = 'Continue'\n"
    "    $target = Join-Path $tree 'commands'\n"
    "    $null = New-Item -ItemType Directory -Force -Path $target\n"
    "    & $Command 2>&1 | Out-File -LiteralPath (Join-Path $target $File) -Encoding UTF8 "
    "-Width 65536\n"
    "}\n"
    "\n"
    "function Read-Configuration([string] $Path) {\n"
    "    $settings = New-Object System.Xml.XmlReaderSettings\n"
    "    $settings.DtdProcessing = [System.Xml.DtdProcessing]::Prohibit\n"
    "    $settings.XmlResolver = $null\n"
    "    $document = New-Object System.Xml.XmlDocument\n"
    "    $document.XmlResolver = $null\n"
    "    $reader = [System.Xml.XmlReader]::Create($Path, $settings)\n"
    "    try {\n"
    "        $document.Load($reader)\n"
    "    } catch {\n"
    "        Write-Warning \"cannot be read, look for web roots yourself: $Path\"\n"
    "        Write-Log \"cannot be read: $Path`: $_\"\n"
    "    } finally {\n"
    "        $reader.Close()\n"
    "    }\n"
    "    , $document\n"
    "}\n"
    "\n"
    "# Values of attributes, with variables replaced.\n"
    "function Select-Paths([System.Xml.XmlDocument] $Document, [string] $Query) {\n"
    "    foreach ($node in $Document.SelectNodes($Query)) {\n"
    "        $value = [Environment]::ExpandEnvironmentVariables(($node.Value -split '\\|')[0])\n"
    "        if ($value.Trim()) { $value.Trim().TrimEnd('\\') }\n"
    "    }\n"
    "}\n"
    "\n";

static const char BEGIN[] =
    "$who = [Security.Principal.WindowsPrincipal] "
    "[Security.Principal.WindowsIdentity]::GetCurrent()\n"
    "if (-not $who.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {\n"
    "    throw 'Run this as administrator: event logs, hives and audit entries need it.'\n"
    "}\n"
    "if ([Environment]::Is64BitOperatingSystem -and -not [Environment]::Is64BitProcess) {\n"
    "    throw 'Run this in 64-bit PowerShell: a 32-bit one is shown SysWOW64 for System32.'\n"
    "}\n"
    "$whole = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Destination)"
    "\n"
    "$tree = Join-Path $whole $env:COMPUTERNAME\n"
    "if (Test-Path -LiteralPath $tree) { throw \"Already there: $tree\" }\n"
    "$null = New-Item -ItemType Directory -Force -Path $tree\n"
    "$log = Join-Path $tree 'collection.log'\n"
    "Write-Log \"begun $([DateTime]::UtcNow.ToString('o')) on $env:COMPUTERNAME\"\n"
    "\n"
    "foreach ($need in $files) { Copy-Folder (Expand-Folder $need) $need.Mask $need.Recursive }\n"
    "foreach ($hive in $hives) { Save-Hive $hive.Key (Expand-Folder $hive) $hive.Name }\n"
    "\n"
    "# What the table cannot know: where this server's configuration says its parts are.\n"
    "$roots = @($files | Where-Object { $_.Root } | ForEach-Object { Expand-Folder $_ }) + $WebRoot"
    "\n"
    "$more = @($WebRoot)\n"
    "$configuration = \"$env:SystemRoot\\System32\\inetsrv\\config\\applicationHost.config\"\n"
    "if (Test-Path -LiteralPath $configuration) {\n"
    "    $document = Read-Configuration $configuration\n"
    "    $more += @(Select-Paths $document '//virtualDirectory/@physicalPath')\n"
    "    $logs = @(Select-Paths $document '//logFile/@directory | "
    "//centralW3CLogFile/@directory')\n"
    "    foreach ($folder in $logs | Sort-Object -Unique) { Copy-Folder $folder '*.log' $true }\n"
    "    $images = @(Select-Paths $document ('//globalModules/add/@image | "
    "//isapiFilters/filter/@path | ' +\n"
    "        '//handlers/add/@scriptProcessor | //fastCgi/application/@fullPath | ' +\n"
    "        '//httpCompression/scheme/@dll | //isapiCgiRestriction/add/@path'))\n"
    "    $system32 = \"$env:SystemRoot\\System32\\\"\n"
    "    foreach ($image in $images | Sort-Object -Unique) {\n"
    "        $twin = $image.Replace($system32, \"$env:SystemRoot\\SysWOW64\\\")\n"
    "        foreach ($path in @($image, $twin) | Sort-Object -Unique) {\n"
    "            if (Test-Path -LiteralPath $path -PathType Leaf) {\n"
    "                Copy-Folder ([IO.Path]::GetDirectoryName($path)) "
    "([IO.Path]::GetFileName($path)) $false\n"
    "            } else {\n"
    "                Write-Log \"named by the configuration, not there: $path\"\n"
    "            }\n"
    "        }\n"
    "    }\n"
    "} else {\n"
    "    Write-Warning \"not there: $configuration\"\n"
    "    Write-Log \"not there: $configuration\"\n"
    "}\n"
    "foreach ($folder in $more | Sort-Object -Unique) { Copy-Folder $folder '*' $true }\n"
    "$redirection = \"$env:SystemRoot\\System32\\inetsrv\\config\\redirection.config\"\n"
    "if (Test-Path -LiteralPath $redirection) {\n"
    "    foreach ($node in (Read-Configuration $redirection).SelectNodes("
    "'//configurationRedirection[@enabled=\"true\"]')) {\n"
    "        $text = \"the configuration in force is shared: collect also "
    "$($node.GetAttribute('path'))\"\n"
    "        Write-Warning $text\n"
    "        Write-Log $text\n"
    "    }\n"
    "}\n"
    "\n"
    "$roots = @(($roots + $more) | Sort-Object -Unique | Where-Object { Test-Path -LiteralPath $_ "
    "})\n";

static const char END[] =
    "\n"
    "Write-Log \"ended $([DateTime]::UtcNow.ToString('o'))\"\n"
    "Write-Output \"Copied to $tree. On the analysis station: iiswarden hunt $tree\"\n";

static void add_truth(struct iw_buffer *out, const char *key, bool value)
{
    iw_buffer_printf(out, "; %s = %s", key, value ? "$true" : "$false");
}

static void add_files(const struct iw_needs *needs, struct iw_buffer *out)
{
    iw_buffer_add(out, IW_STR("$files = @(\n"));
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        if (need->form != IW_NEED_FILES || need->key.n != 0)
            continue;
        iw_buffer_add(out, IW_STR("    @{ Folder = "));
        iw_quote_powershell(out, need->folder);
        iw_buffer_add(out, IW_STR("; Mask = "));
        iw_quote_powershell(out, need->mask);
        add_truth(out, "Recursive", need->is_recursive);
        add_truth(out, "Variables", !need->is_literal);
        add_truth(out, "Root", need->is_root);
        iw_buffer_add(out, IW_STR(" }\n"));
    }
    iw_buffer_add(out, IW_STR(")\n\n$hives = @(\n"));
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        if (need->form != IW_NEED_FILES || need->key.n == 0)
            continue;
        iw_buffer_add(out, IW_STR("    @{ Key = "));
        iw_quote_powershell(out, need->key);
        iw_buffer_add(out, IW_STR("; Folder = "));
        iw_quote_powershell(out, need->folder);
        iw_buffer_add(out, IW_STR("; Name = "));
        iw_quote_powershell(out, need->mask);
        add_truth(out, "Variables", true);
        iw_buffer_add(out, IW_STR(" }\n"));
    }
    iw_buffer_add(out, IW_STR(")\n\n"));
}

void iw_output_needs_powershell(const struct iw_needs *needs, struct iw_buffer *out)
{
    iw_buffer_add(out, iw_str_of(HEAD));
    iw_collect_notes(needs, out);
    add_files(needs, out);
    iw_buffer_add(out, iw_str_of(FUNCTIONS));
    iw_buffer_add(out, iw_str_of(BEGIN));
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        if (need->form != IW_NEED_COMMAND)
            continue;
        iw_buffer_add(out, IW_STR("Save-Output "));
        iw_quote_powershell(out, need->file);
        iw_buffer_printf(out, " { %.*s }\n", IW_STR_ARG(need->command));
    }
    iw_buffer_add(out, iw_str_of(END));
}
