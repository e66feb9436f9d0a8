# Writes the built-in rules as a C file: cmake -DFOLDER=rules -DOUTPUT=builtin_rules.c -P EmbedRules.cmake
# Files in byte order of name; each as an array of bytes, so that its length has no limit and nothing
# needs escaping.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.yml)
list(SORT files COMPARE STRING)
set(arrays "")
set(rows "")
set(n 0)
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(APPEND arrays "static const unsigned char rule_${n}[] = {\n${hex}};\n\n")
  string(APPEND rows "    {\"${file}\", (const char *)rule_${n}, sizeof rule_${n}},\n")
  math(EXPR n "${n} + 1")
endforeach()
if(n EQUAL 0)
  message(FATAL_ERROR "no rules in ${FOLDER}")
endif()
file(WRITE ${OUTPUT} "/* Made from rules/ at build time. */
#include \"sigma/sigma_compiler.h\"

${arrays}const struct iw_builtin_rule iw_builtin_rules[] = {
${rows}};
const size_t iw_n_builtin_rules = ${n};
")
