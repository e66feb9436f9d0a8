/*
 * The table of literals. They begin with four bytes that are rare in ordinary pages, for these find
 * them. Sources: documentation of System.Diagnostics, System.Reflection, System.CodeDom, PHP,
 * Windows Script; what web shells of public collections do.
 */
#include "iis/web/web_literal.h"

#define ROW(text, kind, check)                                                                     \
    {                                                                                              \
        {(text), sizeof(text) - 1}, IW_WEB_MARK_##kind, IW_WEB_CHECK_##check                       \
    }

const struct iw_web_literal iw_web_literals[] = {
    /* .NET, Windows Script, Java, Python */
    ROW("processstartinfo", STARTS_PROCESS, WORD),
    ROW("process.start", STARTS_PROCESS, WORD),
    ROW(".startinfo", STARTS_PROCESS, WORD),
    ROW("new process(", STARTS_PROCESS, NONE),
    ROW("wscript.shell", STARTS_PROCESS, NONE),
    ROW("shell.application", STARTS_PROCESS, NONE),
    ROW("72c24dd5-d70a-438b-8a42-98424b88afb8", STARTS_PROCESS, NONE), /* WScript.Shell */
    ROW("f935dc22-1cf0-11d0-adb9-00c04fd58a0b", STARTS_PROCESS, NONE), /* the same, version 1 */
    ROW("13709620-c279-11ce-a49e-444553540000", STARTS_PROCESS, NONE), /* Shell.Application */
    ROW("win32_process", STARTS_PROCESS, WORD),
    ROW("createprocessa", STARTS_PROCESS, WORD),
    ROW("createprocessw", STARTS_PROCESS, WORD),
    ROW("createprocesswithlogonw", STARTS_PROCESS, WORD),
    ROW("shellexecute", STARTS_PROCESS, WORD),
    ROW("getruntime()", STARTS_PROCESS, NONE),
    ROW("processbuilder(", STARTS_PROCESS, NONE),
    ROW("os.system(", STARTS_PROCESS, NONE),
    ROW("subprocess.popen(", STARTS_PROCESS, NONE),
    ROW("subprocess.run(", STARTS_PROCESS, NONE),
    ROW("subprocess.call(", STARTS_PROCESS, NONE),
    ROW("subprocess.check_output(", STARTS_PROCESS, NONE),
    ROW("system.management.automation", RUNS_POWERSHELL, NONE),
    /* PHP */
    ROW("system(", STARTS_PROCESS, PHP),
    ROW("exec(", STARTS_PROCESS, PHP),
    ROW("passthru(", STARTS_PROCESS, PHP),
    ROW("shell_exec(", STARTS_PROCESS, PHP),
    ROW("proc_open(", STARTS_PROCESS, PHP),
    ROW("popen(", STARTS_PROCESS, PHP),
    ROW("pcntl_exec(", STARTS_PROCESS, PHP),
    /* evaluation */
    ROW("eval", EVALUATES_REQUEST, EVALUATION),
    ROW("execute", EVALUATES_REQUEST, EVALUATION),
    ROW("executeglobal", EVALUATES_REQUEST, EVALUATION),
    ROW("assert", EVALUATES_REQUEST, PHP_EVALUATION),
    ROW("create_function", EVALUATES_REQUEST, EVALUATION),
    ROW("preg_replace(", EVALUATES_REQUEST, PATTERN),
    ROW("call_user_func(", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("call_user_func_array(", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("array_map(", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("array_filter(", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("include", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("include_once", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("require", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("require_once", EVALUATES_REQUEST, REQUEST_FIRST),
    ROW("addcode(", EVALUATES_REQUEST, REQUEST), /* MSScriptControl */
    ROW("executestatement(", EVALUATES_REQUEST, REQUEST),
    ROW("$_get", EVALUATES_REQUEST, VARIABLE_CALL),
    ROW("$_post", EVALUATES_REQUEST, VARIABLE_CALL),
    ROW("$_request", EVALUATES_REQUEST, VARIABLE_CALL),
    ROW("$_cookie", EVALUATES_REQUEST, VARIABLE_CALL),
    /* code made while it runs */
    ROW("assembly.load(", LOADS_CODE, NO_TEXT),
    ROW("assembly.loadfrom(", LOADS_CODE, NO_TEXT),
    ROW("assembly.loadfile(", LOADS_CODE, NO_TEXT),
    ROW("assembly.unsafeloadfrom(", LOADS_CODE, NO_TEXT),
    ROW("currentdomain.load(", LOADS_CODE, NO_TEXT),
    ROW("dynamicmethod(", LOADS_CODE, NONE),
    ROW("definedynamicassembly(", LOADS_CODE, NONE),
    ROW("defineclass(", LOADS_CODE, NONE), /* Java */
    ROW("virtualalloc", LOADS_CODE, NONE),
    ROW("getdelegateforfunctionpointer", LOADS_CODE, NONE),
    ROW("csharpcodeprovider", COMPILES_CODE, NONE),
    ROW("vbcodeprovider", COMPILES_CODE, NONE),
    ROW("compileassemblyfrom", COMPILES_CODE, NONE),
    ROW("generateinmemory", COMPILES_CODE, WORD),
    ROW("jscriptcodeprovider", COMPILES_CODE, NONE),
    /* files */
    ROW("writealltext(", WRITES_REQUEST, REQUEST),
    ROW("writeallbytes(", WRITES_REQUEST, REQUEST),
    ROW("appendalltext(", WRITES_REQUEST, REQUEST),
    ROW("filestream(", WRITES_REQUEST, CREATES),
    ROW("streamwriter(", WRITES_REQUEST, REQUEST),
    ROW("createtextfile(", WRITES_REQUEST, REQUEST),
    ROW("savetofile", WRITES_REQUEST, REQUEST),
    ROW("file_put_contents(", WRITES_REQUEST, REQUEST),
    ROW(".saveas(", SAVES_UPLOAD, NONE),
    ROW("move_uploaded_file(", SAVES_UPLOAD, NONE),
    /* keys, data */
    ROW("machinekeysection", MACHINE_KEY, NONE),
    ROW("system.web/machinekey", MACHINE_KEY, NONE),
    ROW("losformatter", DESERIALISES, WORD),
    ROW("objectstateformatter", DESERIALISES, WORD),
    ROW("binaryformatter", DESERIALISES, WORD),
    ROW("netdatacontractserializer", DESERIALISES, WORD),
    ROW("unserialize(", DESERIALISES, REQUEST),
    ROW("frombase64string(", DECODES_BASE64, NONE),
    ROW("base64_decode(", DECODES_BASE64, NONE),
    ROW("bin.base64", DECODES_BASE64, NONE),
    /* shells */
    ROW("cmd.exe", NAMES_SHELL, WORD),
    ROW("powershell", NAMES_SHELL, WORD),
    ROW("pwsh.exe", NAMES_SHELL, WORD),
    ROW("/bin/sh", NAMES_SHELL, WORD),
    ROW("/bin/bash", NAMES_SHELL, WORD),
    ROW("whoami", NAMES_SHELL, WORD),
    ROW("%comspec%", NAMES_SHELL, NONE),
    /* ways to write a word so that it is not seen */
    ROW("\\u00", ENCODED_KEYWORD, ESCAPE),
    ROW("&#x4", ENCODED_KEYWORD, ESCAPE),
    ROW("&#x5", ENCODED_KEYWORD, ESCAPE),
    ROW("&#x6", ENCODED_KEYWORD, ESCAPE),
    ROW("&#x7", ENCODED_KEYWORD, ESCAPE),
    ROW("&#x0", ENCODED_KEYWORD, ESCAPE),
    ROW("&#10", ENCODED_KEYWORD, ESCAPE),
    ROW("&#11", ENCODED_KEYWORD, ESCAPE),
    ROW("&#12", ENCODED_KEYWORD, ESCAPE),
    ROW("&#97", ENCODED_KEYWORD, ESCAPE),
    ROW("&#98", ENCODED_KEYWORD, ESCAPE),
    ROW("&#99", ENCODED_KEYWORD, ESCAPE),
    ROW("&#69", ENCODED_KEYWORD, ESCAPE),
    ROW("&#82", ENCODED_KEYWORD, ESCAPE),
    ROW("%65%76%61%6c", ENCODED_KEYWORD, NONE), /* eval */
    ROW("%65val", ENCODED_KEYWORD, NONE),
    ROW("e%76al", ENCODED_KEYWORD, NONE),
    ROW("ev%61l", ENCODED_KEYWORD, NONE),
    ROW("eva%6c", ENCODED_KEYWORD, NONE),
    ROW("%65%78%65%63", ENCODED_KEYWORD, NONE), /* exec */
    ROW("%72%65%71%75", ENCODED_KEYWORD, NONE), /* requ */
    ROW("#@~^", ENCODED_SCRIPT, NONE),
    ROW("chr(", CHARACTER_CODES, MANY),
    ROW("chrw(", CHARACTER_CODES, MANY),
    ROW("(char)", CHARACTER_CODES, MANY),
    /* configuration as a page */
    ROW("<add", RUNS_CONFIGURATION, RUNS_CONFIGURATION),
    ROW("<add", LIFTS_FILTER, LIFTS_FILTER),
    ROW("<remove", LIFTS_FILTER, LIFTS_FILTER),
    /* pages */
    ROW("codepage=65000", UTF7, NONE),
    ROW("codepage=\"65000", UTF7, NONE),
    ROW("<script", CODE_ELSEWHERE, SCRIPT),
};

const size_t iw_web_n_literals = sizeof iw_web_literals / sizeof iw_web_literals[0];
_Static_assert(sizeof iw_web_literals / sizeof iw_web_literals[0] <= 254, "an index is a byte");
