/**
 * Every limit on what evidence, rules and options may ask of this program, in one place.
 *
 * Those a test can reach are tested at the limit and one past it. Reaching one is never silent: the
 * ledger or the rule account names it.
 */
#ifndef IW_BASE_LIMITS_H
#define IW_BASE_LIMITS_H

/* --- EVTX
 * ------------------------------------------------------------------------------------------------------
 */
/** Elements open inside one another in a BinXML fragment (real records: 7). */
#define IW_LIMIT_BINXML_DEPTH 64U
/** BinXML values nested in BinXML values (real records: 2). */
#define IW_LIMIT_BINXML_NESTING 8U
/** Values of one template instance; real ones stay below 200. */
#define IW_LIMIT_TEMPLATE_VALUES 4096U
/** Fragments (template instances, bare elements) of one record (real records: 2). */
#define IW_LIMIT_RECORD_FRAGMENTS 256U
/** Fields one record may yield, arrays expanded. */
#define IW_LIMIT_EVENT_FIELDS 8192U
/** Instructions of one compiled template. */
#define IW_LIMIT_TEMPLATE_STEPS 16384U
/** Templates one reader keeps compiled; beyond it the cache is emptied and filled anew. */
#define IW_LIMIT_TEMPLATES_CACHED 16384U
/** Bytes all compiled templates of one reader may take before the cache is emptied. */
#define IW_LIMIT_TEMPLATE_CACHE_BYTES (48UL * 1024 * 1024)
/** Bytes of template definitions looked at in one chunk; honest definitions do not overlap, so a
 * chunk has at most 64 KiB of them. */
#define IW_LIMIT_TEMPLATE_BYTES_PER_CHUNK (4U * 65536U)
/** Bytes of a field name that can be asked for, spaces not counted; longer ones are only shown. */
#define IW_LIMIT_FIELD_NAME_BYTES 256U
/** UTF-16 units of an element's or attribute's name (real ones stay below 64). */
#define IW_LIMIT_XML_NAME_UNITS 256U
/** Bytes of names and values the records of one chunk may yield together: names and values can be
 * referred to again and again, so a hostile chunk of 64 KiB could ask for gigabytes (real chunks:
 * below 200 KiB). */
#define IW_LIMIT_CHUNK_TEXT_BYTES (2U * 1024U * 1024U)
/** Bytes of decoded values one batch may hold; a record that needs more is counted as refused. */
#define IW_LIMIT_BATCH_BYTES (32UL * 1024 * 1024)

/* --- text formats
 * ----------------------------------------------------------------------------------------------
 */
/** One record of a text format (JSON, XML), as UTF-8. */
#define IW_LIMIT_TEXT_RECORD_BYTES (16UL * 1024 * 1024)
/** Field names one reader keeps looked up; names beyond live with their batch. */
#define IW_LIMIT_NAME_CACHE_BYTES (4UL * 1024 * 1024)
/** An object of JSON that is longer and not yet at its end may be a wrapper around records. */
#define IW_LIMIT_JSON_WHOLE_BYTES (1024UL * 1024)
/** One line of a web server's log (HTTP.sys writes 64 KiB at most), and columns `#Fields` names
 * (IIS has 22, and custom fields of 64 KiB together). */
#define IW_LIMIT_LOG_LINE_BYTES (1024UL * 1024)
#define IW_LIMIT_LOG_COLUMNS 4096U
/** Objects and arrays of JSON, elements of XML inside one another (real records: 6). */
#define IW_LIMIT_TEXT_DEPTH 64U
/** Formats carried by one another (JSON that carries JSON that carries XML). */
#define IW_LIMIT_NESTED_FORMATS 3U

/* --- IIS configuration
 * -----------------------------------------------------------------------------------------------
 */
/** One configuration file (real ones: below 200 KiB; machine.config with everything: 0.5 MiB). */
#define IW_LIMIT_CONFIG_FILE_BYTES (16UL * 1024 * 1024)
/** Configuration read for one server; a file counts once for each place where it is in force (real
 * ones: below 2 MiB). Reached, no further file is read. */
#define IW_LIMIT_CONFIG_SERVER_BYTES (64UL * 1024 * 1024)
/** Elements of one file inside one another (real ones: 9), and altogether (real ones: 4,000). */
#define IW_LIMIT_CONFIG_DEPTH 64U
#define IW_LIMIT_CONFIG_ELEMENTS 200000U
/** Attributes of one element (real ones: 21). */
#define IW_LIMIT_CONFIG_ATTRIBUTES 256U
/** Bytes of an element's or attribute's name (real ones: below 64). */
#define IW_LIMIT_CONFIG_NAME_BYTES 256U
/** Different sections of one server, declared or met (real ones: 260). */
#define IW_LIMIT_CONFIG_SECTIONS 4096U
/** Section elements of all files of one server, whatever <location> they stand in (Exchange: 500).
 */
#define IW_LIMIT_CONFIG_LAYERS 20000U
/** Parts of a configuration path (HTTP.sys takes URLs of 255). */
#define IW_LIMIT_CONFIG_PLACE_PARTS 256U
/** Files of one server that others name by configSource and childSource; how many may lead from one
 * to the next. */
#define IW_LIMIT_CONFIG_SOURCES 256U
#define IW_LIMIT_CONFIG_CHAIN 8U
/** Elements that lock something, above one place. */
#define IW_LIMIT_CONFIG_LOCKS 64U
/** Entries looked at while all collections are checked once at all places (Exchange: 20,000). */
#define IW_LIMIT_CONFIG_CHECKED 4000000U
/** Elements of request filtering, modules and rules looked at to tell who may write to the roots of
 * a server (Exchange: 9,000); of the roots behind, this part is unknown. */
#define IW_LIMIT_PATHWAY_STEPS 1000000U
/** Bytes of one value of a configuration told in such a line; and names listed in one line. */
#define IW_LIMIT_PATHWAY_TEXT_BYTES 256U
#define IW_LIMIT_PATHWAY_NAMES 24U
/** Problems of one server that are kept; the rest is counted. */
#define IW_LIMIT_CONFIG_PROBLEMS 1000U

/* --- documents of our own: baselines, signatures, lists of hashes
 * -----------------------------------------------------------------------------------------------
 */
/** JSON read as a tree: objects and arrays inside one another (our own: 5), values of one tree,
 * members of one object (our own: 20). */
#define IW_LIMIT_TREE_DEPTH 16U
#define IW_LIMIT_TREE_VALUES 200000U
#define IW_LIMIT_TREE_MEMBERS 64U
/** A baseline; one line of it (the first names all servers); lines (a busy server: 5,000; with web
 * files 50,000). */
#define IW_LIMIT_BASELINE_BYTES (128UL * 1024 * 1024)
#define IW_LIMIT_BASELINE_LINE_BYTES (4UL * 1024 * 1024)
#define IW_LIMIT_BASELINE_LINES 500000U
/** Servers one baseline names. */
#define IW_LIMIT_BASELINE_SERVERS 10000U
/** Files of one entry (real ones: 2), texts of one list (preconditions, attributes). */
#define IW_LIMIT_BASELINE_FILES 16U
#define IW_LIMIT_BASELINE_LIST 256U
/** Rows of behaviour of a baseline, and bytes of one text of it (a command may be 32767 characters:
 * one so long is not learned). */
#define IW_LIMIT_BEHAVIOUR_ROWS 100000U
#define IW_LIMIT_BEHAVIOUR_TEXT_BYTES 8192U
/** Bytes of all texts of behaviour that one run learns. */
#define IW_LIMIT_BEHAVIOUR_BYTES (32UL * 1024 * 1024)
/** Bytes of who, ticket and reason of an approval, each. */
#define IW_LIMIT_APPROVAL_TEXT_BYTES 1024U
/** A detached signature; a file with a key. */
#define IW_LIMIT_BASELINE_SIGNATURE_BYTES 4096U
#define IW_LIMIT_KEY_FILE_BYTES 65536U
/** A list of known hashes, hashes of all lists (the reference sets of Windows: below 1,000,000). */
#define IW_LIMIT_KNOWN_HASH_FILE_BYTES (512UL * 1024 * 1024)
#define IW_LIMIT_KNOWN_HASHES 4000000U
/** Letters of a component's or file's name that is compared with Microsoft's (the longest of those:
 * 46); a longer one is said not to be compared. */
#define IW_LIMIT_LOOK_ALIKE_LETTERS 128U
/** Characters of one kind that a note about a name lists; the rest is counted. */
#define IW_LIMIT_LOOK_ALIKE_LISTED 8U

/* --- evidence
 * --------------------------------------------------------------------------------------------------
 */
/** Folders inside one another below an argument. */
#define IW_LIMIT_WALK_DEPTH 128U
/** Files and folders below all arguments together. */
#define IW_LIMIT_WALK_ENTRIES 4000000U
/** Bytes of standard input that are kept for reading. */
#define IW_LIMIT_STDIN_BYTES (64ULL * 1024 * 1024 * 1024)
/** Longest path. */
#define IW_LIMIT_PATH_BYTES 4096U

/* --- PE files
 * --------------------------------------------------------------------------------------------------
 */
/** One PE file; IIS modules and web assemblies stay below 100 MB. */
#define IW_LIMIT_PE_FILE_BYTES (256UL * 1024 * 1024)
/** Sections (real files: below 40). */
#define IW_LIMIT_PE_SECTIONS 1024U
/** Exported addresses, and exported names, of one file. */
#define IW_LIMIT_PE_EXPORTS 65536U
/** Libraries one file imports, delayed ones among them; functions of all of them together. */
#define IW_LIMIT_PE_LIBRARIES 4096U
#define IW_LIMIT_PE_IMPORTS 65536U
/** A name in a PE file: compilers make none longer. */
#define IW_LIMIT_PE_NAME_BYTES 4096U
/** The name of a library: the longest path. */
#define IW_LIMIT_PE_LIBRARY_BYTES 260U
/** Text of all names of one file: tables may refer to one name again and again. */
#define IW_LIMIT_PE_TEXT_BYTES (16UL * 1024 * 1024)
/** Tables and data looked at for the version resources of one file (real files: 3, and one a
 * language more), and texts found there. */
#define IW_LIMIT_PE_VERSION_STEPS 256U
#define IW_LIMIT_PE_VERSION_TEXTS 512U
/** Entries of a debug directory (real files: below 8). */
#define IW_LIMIT_PE_DEBUG_ENTRIES 64U
/** Streams of CLR metadata (real files: 5). */
#define IW_LIMIT_CLR_STREAMS 64U
/** Assemblies one assembly refers to. */
#define IW_LIMIT_CLR_ASSEMBLY_REFS 4096U
/** Rows looked at in one table of CLR metadata (mscorlib: 3,300 types, 20,000 attributes). */
#define IW_LIMIT_CLR_ROWS 1000000U
/** Types reported as modules or handlers. */
#define IW_LIMIT_CLR_TYPES 4096U
/** Base classes above one another, types inside one another, interfaces above one another. */
#define IW_LIMIT_CLR_BASES 256U
#define IW_LIMIT_CLR_NESTED_TYPES 16U
#define IW_LIMIT_CLR_INTERFACE_DEPTH 8U
/** Start methods one assembly names. */
#define IW_LIMIT_CLR_STARTS 64U

/* --- signatures of PE files, catalogues
 * -----------------------------------------------------------------------------------------------
 */
/** The certificate table of one file (real ones: below 100 kB, with page hashes below 2 MB). */
#define IW_LIMIT_SIGNATURE_TABLE_BYTES (16UL * 1024 * 1024)
/** Entries of it (real files: 1). */
#define IW_LIMIT_SIGNATURE_ENTRIES 16U
/** Signatures of one file, nested ones among them (real files: up to 3). */
#define IW_LIMIT_SIGNATURES 32U
/** Certificates one signature carries (real ones: below 10). */
#define IW_LIMIT_SIGNATURE_CERTIFICATES 256U
/** Time stamps of one signature that are looked at (real ones: 1). */
#define IW_LIMIT_SIGNATURE_STAMPS 8U
/** Certificates between a signer and its anchor. */
#define IW_LIMIT_SIGNATURE_CHAIN 10U
/** Bytes of one part of a signer's name; longer ones are cut. */
#define IW_LIMIT_SIGNATURE_NAME_BYTES 1024U
/** Elements of DER in one signature, without what it signs (real ones: below 20,000). */
#define IW_LIMIT_SIGNATURE_ELEMENTS 100000U
/** DER: elements inside one another, elements of one structure, bytes of an object identifier. */
#define IW_LIMIT_DER_DEPTH 64U
#define IW_LIMIT_DER_ELEMENTS 8000000U
#define IW_LIMIT_DER_OID_BYTES 128U
/** One file of anchors. */
#define IW_LIMIT_ANCHOR_FILE_BYTES (16UL * 1024 * 1024)
/** One catalogue (Windows: up to a few MB), and members of one. */
#define IW_LIMIT_CATALOGUE_BYTES (64UL * 1024 * 1024)
#define IW_LIMIT_CATALOGUE_MEMBERS 200000U
/** Members of all catalogues together. */
#define IW_LIMIT_CATALOGUE_MEMBERS_TOTAL 4000000U
/* --- registry
 * --------------------------------------------------------------------------------------------------
 */
/** One hive or export; SOFTWARE of a busy server stays below 200 MB. */
#define IW_LIMIT_HIVE_FILE_BYTES (512UL * 1024 * 1024)
/** UTF-16 units of a name: Windows allows keys 255, values 16383, but real ones stay below 300. */
#define IW_LIMIT_HIVE_NAME_UNITS 1024U
/** Bytes of a value's name in an export. */
#define IW_LIMIT_HIVE_VALUE_NAME_BYTES 49152U
/** Keys right below one key (CLSID: 10,000), values of one key. */
#define IW_LIMIT_HIVE_KEYS 262144U
#define IW_LIMIT_HIVE_VALUES 65536U
/** Texts of one MULTI_SZ. */
#define IW_LIMIT_HIVE_TEXTS 65536U
/** Bytes the answer to one question may take: lists may name one key again and again. */
#define IW_LIMIT_HIVE_ANSWER_BYTES (128UL * 1024 * 1024)
/** Keys inside one another (Windows: 512); bytes of a whole path. */
#define IW_LIMIT_HIVE_DEPTH 512U
#define IW_LIMIT_HIVE_PATH_BYTES 65536U
/** Symbolic links followed for one path. */
#define IW_LIMIT_HIVE_LINKS 8U
/** Places of damage told apart; beyond them a place may be counted again. */
#define IW_LIMIT_HIVE_DAMAGE_PLACES 100000U
/** Keys and values of one export together. */
#define IW_LIMIT_REG_NODES 4000000U
/** One text over several lines of an export; all searches for the ends of such texts that failed.
 */
#define IW_LIMIT_REG_TEXT_BYTES (1024UL * 1024)
#define IW_LIMIT_REG_SCAN_BYTES (64UL * 1024 * 1024)

/* --- inventory
 * --------------------------------------------------------------------------------------------------
 */
/** Files of one component: an assembly may lie in the bin of every application. As many as an entry
 * of a baseline has; more are a problem of the server. */
#define IW_LIMIT_COMPONENT_FILES IW_LIMIT_BASELINE_FILES
/** Folders above a web.config of no known site whose bin is looked into: an application lies deeper
 * below its site's root in no product that is known. */
#define IW_LIMIT_BIN_LEVELS 16U
/** Exported names and managed types of one file that are shown; all are counted. */
#define IW_LIMIT_INVENTORY_NAMES 64U
/** Former configurations of one server that are compared (IIS keeps 10; shadow copies hold more).
 */
#define IW_LIMIT_INVENTORY_VERSIONS 256U
/** One file of YARA rules; seconds one file of evidence may take to be matched, and all files of a
 * run together, added up over threads (10,000 DLLs and a thousand ordinary rules: minutes). */
#define IW_LIMIT_YARA_FILE_BYTES (64UL * 1024 * 1024)
#define IW_LIMIT_YARA_SECONDS 30
#define IW_LIMIT_YARA_TOTAL_SECONDS 3600U
/** Components and web files of one server; those beyond are counted and told. */
#define IW_LIMIT_INVENTORY_ROWS 1000000U
/* --- change records, estate
 * -----------------------------------------------------------------------------------------------
 */
/** One file of change records, one map or one estate (10,000 changes with all clauses: 5 MB). */
#define IW_LIMIT_CHANGE_FILE_BYTES (64UL * 1024 * 1024)
/** Records of all files together (a large company: 30,000 changes a year). */
#define IW_LIMIT_CHANGE_RECORDS 200000U
/** Hosts and paths of one record together, and values of any other list. */
#define IW_LIMIT_CHANGE_GLOBS 256U
#define IW_LIMIT_CHANGE_VALUES 1024U
/** Code points of one glob: judging an act takes their number times that of the text. */
#define IW_LIMIT_CHANGE_GLOB_POINTS 512U
/** Bytes of one value as written. */
#define IW_LIMIT_CHANGE_VALUE_BYTES 4096U
/** Problems that are kept; the rest is counted. */
#define IW_LIMIT_CHANGE_PROBLEMS 1000U
/** Records named beside the one that is shown. */
#define IW_LIMIT_CHANGE_OTHERS 8U
/** CSV: columns of a row; bytes of a row; bytes read again behind quotes that never close. */
#define IW_LIMIT_CSV_COLUMNS 1024U
#define IW_LIMIT_CSV_ROW_BYTES (1024UL * 1024)
#define IW_LIMIT_CSV_SCAN_BYTES (64UL * 1024 * 1024)
/** A plan of canaries, its acts, and the sightings of them that one worker keeps (further ones are
 * counted). A farm of a hundred servers with twenty roots each has 4,500 acts. */
#define IW_LIMIT_CANARY_PLAN_BYTES (16UL * 1024 * 1024)
#define IW_LIMIT_CANARY_ACTS 10000U
#define IW_LIMIT_CANARY_SIGHTINGS 65536U
/** Servers of all estates together, globs among them. */
#define IW_LIMIT_ESTATE_SERVERS 100000U

/* --- web files
 * --------------------------------------------------------------------------------------------------
 */
/** Bytes of one web file that are searched for marks (pages are kilobytes; the largest of Exchange
 * and SharePoint stay below 1 MiB). */
#define IW_LIMIT_WEB_SCAN_BYTES (16UL * 1024 * 1024)
/** Bytes looked at behind one literal for what it is called with. */
#define IW_LIMIT_WEB_ARGUMENT_BYTES 1024U
/** Bytes looked at behind all literals of one file. */
#define IW_LIMIT_WEB_LOOK_BYTES (64UL * 1024 * 1024)

/* --- rules
 * -----------------------------------------------------------------------------------------------------
 */
/** One rule file. */
#define IW_LIMIT_RULE_FILE_BYTES (4UL * 1024 * 1024)
/** Rule files of one run. */
#define IW_LIMIT_RULE_FILES 200000U
/** YAML nodes of one document, and their nesting. An alias counts as all it stands for. */
#define IW_LIMIT_YAML_NODES 100000U
#define IW_LIMIT_YAML_DEPTH 64U
/** Nesting of a document that is refused already and only passed over: deeper, the rest of its file
 * is given up. */
#define IW_LIMIT_YAML_DEPTH_PASSED 1024U
/** YAML nodes of one rule file, aliases and collection actions written out. */
#define IW_LIMIT_RULE_FILE_NODES 1000000U
/** Names of selections and words of a condition. */
#define IW_LIMIT_SELECTION_NAME_BYTES 256U
/** What the placeholders of one value may stand for: values, bytes of one of them. */
#define IW_LIMIT_EXPANDED_VALUES 100000U
#define IW_LIMIT_EXPANDED_BYTES 65536U
/** What all placeholders of one rule file may stand for: values, 64 bytes more count as another. */
#define IW_LIMIT_EXPANDED_TOTAL 1000000U
/** Selections and steps that filters add to all rules together. */
#define IW_LIMIT_FILTER_STEPS 2000000U
/** Correlations that stand on one another. */
#define IW_LIMIT_CORRELATION_DEPTH 10U
/** Rules of one temporal correlation; alternatives its condition has once written out. */
#define IW_LIMIT_CORRELATION_STEPS 64U
#define IW_LIMIT_CORRELATION_TERMS 1024U
/** Comparisons of alternatives while they are written out. */
#define IW_LIMIT_CORRELATION_TERM_STEPS 4000000U
/** Groups one event may take part in, and values it may bring to one, where fields repeat. */
#define IW_LIMIT_CORRELATION_TUPLES 64U
/** Events one report names; all are counted. */
#define IW_LIMIT_CORRELATION_EVIDENCE 64U
/** Latest events whose group values are compared to explain why a correlation did not hold. */
#define IW_LIMIT_CORRELATION_MISS_EVENTS 65536U
/** Events of one test of a correlation, written out. */
#define IW_LIMIT_RULE_TEST_EVENTS 100000U
/** State of all correlations of one run. Groups are small (some hundred bytes), and live as long as
 * their window: this is a hundred thousand open ones and more. */
#define IW_LIMIT_CORRELATION_BYTES (64UL * 1024 * 1024)
/** Words and nesting of one condition. */
#define IW_LIMIT_CONDITION_TOKENS 4096U
#define IW_LIMIT_CONDITION_DEPTH 64U
/** Steps of one condition once `of` is written out over the selections. */
#define IW_LIMIT_CONDITION_STEPS 65536U
/** Regular expressions: length of the pattern; steps and kilobytes one match may take (PCRE2). */
#define IW_LIMIT_REGEX_BYTES 65536U
#define IW_LIMIT_REGEX_STEPS 1000000U
#define IW_LIMIT_REGEX_KIB 16384U
/** Pieces of text of which one must be in an event for a rule to be looked at; a rule that would
 * need more is looked at for every event of its log source. */
#define IW_LIMIT_GATE_ATOMS 65536U

/* --- results
 * ---------------------------------------------------------------------------------------------------
 */
/** Bytes of memory one sorting of results may hold; the rest goes to the temporary file, so that
 * the number of findings has no bound but its space. At most five sortings are under way at a
 * time. */
#define IW_LIMIT_SORT_BYTES (32UL * 1024 * 1024)
/** Lines of one log of requests that are equal, time and all, and each an event of its own: past it
 * they count as copies. */
#define IW_LIMIT_EQUAL_LINES 256U
/** Bytes of records of one time, channel, id and content (forms of one event, or events of machines
 * that share a label) that are held to find copies among them. */
#define IW_LIMIT_GROUP_BYTES (8UL * 1024 * 1024)
/** Lines of advice that a table remembers to have said of a host; past it one may be said again. */
#define IW_LIMIT_ADVICE_KEPT 4096U
/** Copies of one event shown in a finding; the rest is counted. */
#define IW_LIMIT_COPIES_SHOWN 16U
/** (host, channel, event id, provider) rows of the telemetry profile. */
#define IW_LIMIT_PROFILE_ROWS 50000U
/** Field names profiled for one row. */
#define IW_LIMIT_PROFILE_FIELDS 512U
/** Bytes the profile may take for rows and names, and for record ids; beyond it events are counted
 * as hidden, and gaps are no longer told. */
#define IW_LIMIT_PROFILE_BYTES (16UL * 1024UL * 1024UL)
#define IW_LIMIT_RECORD_ID_BYTES (32UL * 1024UL * 1024UL)
/** Runs of record ids kept for one (host, channel); beyond it gaps are no longer told. */
#define IW_LIMIT_RECORD_ID_RUNS 65536U
/** Parts of time kept for one (host, channel), and for one kind of sample in it: past it parts are
 * twice as long (a month of five minutes each). Bytes of all; beyond it half as many are kept of
 * each. */
#define IW_LIMIT_PRESENCE_PARTS 8192U
#define IW_LIMIT_PRESENCE_BYTES (32UL * 1024UL * 1024UL)
/** Folders watched for files that show what is logged; kinds of samples of one (host, channel). */
#define IW_LIMIT_WATCHED_FOLDERS 65536U
#define IW_LIMIT_SAMPLES 4096U
/** Files one (host, channel) is known to come from; beyond it "more". */
#define IW_LIMIT_STREAM_SOURCES 256U
/** Events that switch logging off or on, kept by one worker: of one computer, and of all; bytes of
 * one text. */
#define IW_LIMIT_SWITCHES_OF_HOST 10000U
#define IW_LIMIT_SWITCHES 40000U
#define IW_LIMIT_CLOCK_STEPS 1024U /* back, of a host, by which ids of records are asked about */
/** Switches that one command line or text of PowerShell asks for, each counted once; more are one
 * of everything. */
#define IW_LIMIT_SWITCHES_OF_EVENT 64U
/** Statements of one such text that are heard, and bytes that their words, the values of their
 * variables and the texts they run take; of what has more, anything may be asked. */
#define IW_LIMIT_SWITCH_STATEMENTS 65536U
#define IW_LIMIT_SWITCH_SCRATCH_BYTES (8UL * 1024UL * 1024UL)
#define IW_LIMIT_SWITCH_TEXT_BYTES 512U
/** Parts of one text of PowerShell (4104) that are put together, texts whose parts are known, and
 * bytes of those that wait for others, of one worker; past them parts are heard one by one, and
 * their host is cut. */
#define IW_LIMIT_SCRIPT_PARTS 4096U
#define IW_LIMIT_SCRIPT_BLOCKS 65536U
#define IW_LIMIT_SCRIPT_PARTS_BYTES (16UL * 1024UL * 1024UL)
/** Texts of PowerShell of one host whose calls are known to one worker, and bytes of those of all:
 * past them a function that switches logging off may have been called, and counts as called. */
#define IW_LIMIT_SESSION_CALLS 65536U
#define IW_LIMIT_SESSION_BYTES (16UL * 1024UL * 1024UL)
/** Looks at these calls for those of such functions, of one host; past them it is cut. */
#define IW_LIMIT_SESSION_LOOKS (64UL * 1024UL * 1024UL)
/** Spans of one host and analytic: what lies behind them is one span, and blind. */
#define IW_LIMIT_COVERAGE_SPANS 1000U
/** Parts of what took a link away: beyond it each open span has as few reasons as explain it. */
#define IW_LIMIT_LINK_HOLES 65536U
/** Findings named for one host and analytic, and reasons for one span; the rest is counted. */
#define IW_LIMIT_COVERAGE_FINDINGS 64U
#define IW_LIMIT_COVERAGE_REASONS 16U
/** Endings that a server has handlers for, of which Sysmon's configuration is asked; past it those
 * IIS runs as it is installed are asked about as well. */
#define IW_LIMIT_RUNNING_ENDINGS 512U
/** Fields of a rule up to which every two and three of them are tried as ones it cannot do without;
 * of a rule that asks for more each alone, and one set of the others. */
#define IW_LIMIT_DEMAND_FIELDS 16U
/** Of one host: groups of rules that could be seen in the same way for the same reason; the rest is
 * counted. Rules named in all of them, of all hosts together: a host names all of its rules or,
 * where these are more than its share, some of each group. Sources named in one reason. */
#define IW_LIMIT_RULE_REASONS 1000U
#define IW_LIMIT_RULES_NAMED 500000U
#define IW_LIMIT_RULE_SOURCES 8U
/** Computer names one worker keeps. Whether those past it are one host is not asked, which is said;
 * they are shown by their label. */
#define IW_LIMIT_HOSTS 65536U

/** Weeks of witnesses of clocks one worker keeps: one for each (export, host, week, hours off).
 * Witnesses past it are counted, and told. */
#define IW_LIMIT_CLOCK_WEEKS 131072U
/** Lines a run says about clocks and cleared logs, of each kind; the rest is counted. */
#define IW_LIMIT_CLOCK_NOTES 64U

/** Facts of web servers one worker keeps out of events, of each kind; bytes of all; bytes of one
 * text, longer ones are cut. A server writes some hundreds: a flood of one kind must not crowd out
 * another. */
#define IW_LIMIT_SERVER_FACTS 50000U
#define IW_LIMIT_SERVER_FACT_BYTES (64UL * 1024 * 1024)
#define IW_LIMIT_SERVER_FACT_TEXT_BYTES 4096U
/** Addresses and user agents told apart for one URL: past it they are "more". */
#define IW_LIMIT_URL_VALUES 64U
/** Of these, so many are shown, those that came first. */
#define IW_LIMIT_URL_VALUES_SHOWN 4U
/** Requests of one URL within one hour that are kept whole, the first of it. */
#define IW_LIMIT_HOUR_MOMENTS 4U
/** Seconds of one hour in which requests for one URL ran that are known; of more, the first and the
 * last. */
#define IW_LIMIT_HOUR_SECONDS 256U
/** Bytes of one text of a request that is kept beside its columns; longer ones are cut. */
#define IW_LIMIT_REQUEST_TEXT_BYTES 1024U
/** Bytes one worker puts rows of requests together in before they go to the sorter. */
#define IW_LIMIT_REQUEST_ROWS_BYTES (16UL * 1024 * 1024)
/** Logs (computer and site) one worker tells apart, and days one of them may have lines of, from
 * 1990 on. */
#define IW_LIMIT_REQUEST_LOGS 4096U
#define IW_LIMIT_REQUEST_LOG_DAYS 16384U
/** Events of one kind that a finding about a component or web file shows; the rest is counted. */
#define IW_LIMIT_CASE_EVENTS 16U
/** Lines of one list of such a finding: what one image stands for may be many entries. */
#define IW_LIMIT_CASE_LINES 64U
/** Bytes of a command that is taken apart to see which component it changes: more than Windows lets
 * a process be started with (32,767 characters). */
#define IW_LIMIT_COMMAND_LINE_BYTES 65536U
/** Entries of configuration, and files, that such a finding shows. */
#define IW_LIMIT_CASE_ENTRIES 16U
/** Files that a finding about a batch of web files shows; the rest is counted. */
#define IW_LIMIT_BATCH_FILES 64U
/** Folders of such a batch that are named, each with its number of files. */
#define IW_LIMIT_BATCH_FOLDERS 8U
/** Files of it that are named as unlike the rest; more are counted. */
#define IW_LIMIT_BATCH_ODD 8U

/* --- context
 * -----------------------------------------------------------------------------------------------------
 */
/** Bytes of one text of a context fact; longer ones are cut. */
#define IW_LIMIT_CONTEXT_TEXT_BYTES 2048U
/** Processes of one host whose lineage is kept, and bytes of all their texts. A host runs some
 * hundreds at a time; those that ended longest ago are forgotten first. */
#define IW_LIMIT_LINEAGE_PROCESSES 65536U
#define IW_LIMIT_LINEAGE_BYTES (32UL * 1024 * 1024)
/** Processes that had one id within the two seconds in which a start or an end may be told again
 * (Windows gives an id anew after minutes): the latest are compared. */
#define IW_LIMIT_LINEAGE_SAME_ID 64U
/** Ancestors of one process that are followed (real chains stay below 20). */
#define IW_LIMIT_LINEAGE_DEPTH 64U
/** Logons of one host that are kept; those that ended longest ago are forgotten first. */
#define IW_LIMIT_LOGONS 32768U
/** Logons before a moment that are looked at for one that came over the network; the latest. */
#define IW_LIMIT_LOGONS_NEAR 256U
/** Uses of explicit credentials remembered of one logon; the latest stay. */
#define IW_LIMIT_LOGON_CREDENTIALS 8U
/** (computer, SID, name) triples one worker keeps. */
#define IW_LIMIT_SID_NAMES 65536U

/* --- chains of evidence
 * ----------------------------------------------------------------------------------------------
 */
/** A file of settings of the analytics (`--settings`). */
#define IW_LIMIT_SETTINGS_BYTES (1UL * 1024 * 1024)

/** Files of one host that wait for a shell (a server's deployments of a day write some thousands);
 * the oldest are forgotten first. */
#define IW_LIMIT_CHAIN_FILES 8192U
/** Of these, those that no site of IIS reaches, by its configuration: pages of other servers. */
#define IW_LIMIT_CHAIN_FILES_BEYOND 1024U
/** Events of the writing of one file that are kept: the first ones, and the latest. */
#define IW_LIMIT_CHAIN_WRITES 8U
/** Shells one chain shows, and events of what one shell did: whatever they are; past that only what
 * is like none of those; past that only what is worth it. The rest is counted. */
#define IW_LIMIT_CHAIN_SHELLS 32U
#define IW_LIMIT_CHAIN_SHELLS_UNLIKE 48U
#define IW_LIMIT_CHAIN_SHELLS_WORTH 64U
#define IW_LIMIT_CHAIN_SHELL_EVENTS 16U
#define IW_LIMIT_CHAIN_SHELL_EVENTS_UNLIKE 32U
#define IW_LIMIT_CHAIN_SHELL_EVENTS_WORTH 48U
/** Shells of one host that are known again by their processes, but not shown: the oldest are
 * forgotten first. */
#define IW_LIMIT_CHAIN_PROCESSES 8192U
/** Shells of one host that wait until no file of their moment can come any more (a busy server
 * starts some dozens in that time); past it the oldest are decided by what is known by then. */
#define IW_LIMIT_CHAIN_PENDING 4096U
/** Compiled pages of one host that are looked for in the logs of requests, because no event tells
 * how they came: each costs a reading of the host's requests. */
#define IW_LIMIT_CHAIN_PAGE_ASKS 64U
/** Files looked at for one shell, latest first. Writings of one host that all shells together look
 * at so (a busy server's look at some hundred thousand a day); past it files looked at for one. */
#define IW_LIMIT_CHAIN_LOOKS 1024U
#define IW_LIMIT_CHAIN_ALL_LOOKS 4194304U
#define IW_LIMIT_CHAIN_LOOKS_PAST 32U
/** Other files that fit a shell, or the shells of a finding, and that are named beside the one it
 * went to; the rest is counted. */
#define IW_LIMIT_CHAIN_OTHERS 4U
/** Bytes of all files and chains of one host: past it files are forgotten, then chains are told
 * before the end of their host. */
#define IW_LIMIT_CHAIN_BYTES (32UL * 1024 * 1024)
/** Programs that web servers of one host wrote and that are known when one is run: the oldest are
 * forgotten first. */
#define IW_LIMIT_CHAIN_BROUGHT 1024U
/** Accounts, beside those of pools themselves, as which workers of one host started; past it none
 * are known (a server has some dozens of pools). */
#define IW_LIMIT_WORKER_ACCOUNTS 64U
/** Runs of writings of one host, each of one writer within ten minutes, that are counted (bursts);
 * past it none are. */
#define IW_LIMIT_CHAIN_RUNS 16384U
/** Names of compiled pages of one host that are known: the oldest are forgotten first. */
#define IW_LIMIT_CHAIN_PAGES 1024U
/** Commands of one host whose recurring is counted (a server's applications start some dozens);
 * past it none are added, and what is not counted is never usual. Their latest times and days that
 * are kept of each: of an older moment it is not known how often there was one before it. */
#define IW_LIMIT_CHAIN_HABITS 4096U
#define IW_LIMIT_HABIT_TIMES 32U
#define IW_LIMIT_HABIT_DAYS 40U
/** Commands below one shell that must be usual for it to be. */
#define IW_LIMIT_HABIT_BELOW 8U
/** Requests for files that came beside habits that are looked for near single shells of one host.
 */
#define IW_LIMIT_CHAIN_NEAR_ASKS 4096U
/** Habits of one host for which the logs of requests are asked who called them: each costs a
 * reading of the host's requests. */
#define IW_LIMIT_CHAIN_CALLER_ASKS 32U
/** Events around components of all hosts that are kept for findings about them (changes of the
 * configuration, modules written, pools that fail, children of workers), and their bytes. */
#define IW_LIMIT_TRAILS 65536U
#define IW_LIMIT_TRAIL_BYTES (32UL * 1024 * 1024)
/** Of them, writings of pages, and bytes of all trails past which no more of these are kept: the
 * rest is left to what changes the server itself. */
#define IW_LIMIT_TRAIL_PAGES 32768U
#define IW_LIMIT_TRAIL_PAGE_BYTES (IW_LIMIT_TRAIL_BYTES / 2)
/** Paths of handlers with a `*` in their ending (`*.con*`), of all servers, by which files are
 * known to run: each is asked about every file event that no plain ending knows. */
#define IW_LIMIT_HANDLED_PATTERNS 64U
/** Writings of the server's own configuration, of all hosts, whose changes are looked for. */
#define IW_LIMIT_TRAIL_WRITINGS 16384U
/** Events that findings about components show, by which rules that tell them again are known. */
#define IW_LIMIT_TOLD_EVENTS 65536U
/** Destinations of one host's web servers by which new ones are told from usual ones. */
#define IW_LIMIT_TRAIL_DESTINATIONS 8192U

/* --- files of settings: what a host logs
 * -----------------------------------------------------------------------------
 */
/** One file (the largest configurations of Sysmon in use stay below 1 MiB). */
#define IW_LIMIT_PROOF_FILE_BYTES (4UL * 1024 * 1024)
/** Such files of one run together, and statements made of them. */
#define IW_LIMIT_PROOF_BYTES (64UL * 1024 * 1024)
#define IW_LIMIT_PROOF_STATEMENTS 16384U
/** Values in all filters of one configuration of Sysmon (real ones: 5,000). */
#define IW_LIMIT_PROOF_FILTERS 65536U
/** Things in one such file that nobody knows and that are told; the rest is counted. */
#define IW_LIMIT_PROOF_STRANGERS 16U
/** Bytes of one value of a file that are shown. */
#define IW_LIMIT_PROOF_SHOWN_BYTES 128U
/** Lines of one configuration of Sysmon that are named as those to remove. */
#define IW_LIMIT_PROOF_MENDS 16U
/** Channels of one file (Windows has 1,200). */
#define IW_LIMIT_PROOF_CHANNELS 8192U
/** Folders with audit entries of one file; entries of one audit list; bytes of one value that goes
 * over several lines (a security descriptor holds 64 KiB). */
#define IW_LIMIT_PROOF_ENTRIES 16384U
#define IW_LIMIT_PROOF_ACES 1024U
#define IW_LIMIT_PROOF_VALUE_BYTES 131072U
/** Moments at which configurations of Sysmon came into force, of all hosts (event 16); past it
 * configurations prove nothing. */
#define IW_LIMIT_PROOF_MARKS 4096U
/** Entries of one file of the operator's word (`--telemetry`), and hosts of one entry. */
#define IW_LIMIT_TELEMETRY_ENTRIES 4096U
#define IW_LIMIT_TELEMETRY_HOSTS 256U

/* --- run
 * -------------------------------------------------------------------------------------------------------
 */
#define IW_LIMIT_JOBS 256U

#endif
