# Tests and fuzzers. Exit status 77 means "skipped" for every test.
#   iw_unit_test(<name> SOURCES <file>... [DEPS <room>...] [LIBS <target>...] [LABELS <label>...])
#       cmocka program DIR/tests/<name>, ctest of the same name, label `unit` beside the ones given.
#   iw_script_test(<name> COMMAND <word>... LABELS <label>... [TIMEOUT <seconds>])
#       any command as a test; exit status decides.
#   programs-LABEL: builds the programs that tests of the label run (programs-integration: those of scripts,
#       beside iiswarden and iiswarden-lab).
#   iw_fuzzer(<name> SOURCES <file>... [DEPS <room>...] [LIBS <target>...])
#       DIR/tests/replay_<name>, which runs LLVMFuzzerTestOneInput over tests/fuzz/corpus/<name>
#       (ctest label `fuzz-replay`), and with IW_FUZZ also the libFuzzer program DIR/tests/fuzz_<name>.
# Tests see: IISWARDEN_SOURCE_DIR; IISWARDEN, IISWARDEN_LAB (the programs of this build);
# IISWARDEN_SHARED, when the caller set it; C tests also the macro IW_TEST_SOURCE_DIR.

function(iw_test_properties name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set(environment
    IISWARDEN_SOURCE_DIR=${PROJECT_SOURCE_DIR}
    IISWARDEN=${PROJECT_BINARY_DIR}/iiswarden
    IISWARDEN_LAB=${PROJECT_BINARY_DIR}/iiswarden-lab)
  set_tests_properties(${name} PROPERTIES
    LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77
    ENVIRONMENT "${environment}"
    ENVIRONMENT_MODIFICATION
      "UBSAN_OPTIONS=string_prepend:print_stacktrace=1:;ASAN_OPTIONS=string_prepend:detect_stack_use_after_return=1:;TSAN_OPTIONS=string_prepend:halt_on_error=1:")
endfunction()

# Target programs-LABEL builds what the tests of a label run, and no more.
function(iw_program_of_label target label)
  if(NOT TARGET programs-${label})
    add_custom_target(programs-${label})
  endif()
  add_dependencies(programs-${label} ${target})
endfunction()

function(iw_test_program target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;LIBS;LABELS")
  add_executable(${target} ${arg_SOURCES})
  iw_configure_target(${target} DEPS ${arg_DEPS} LIBS ${arg_LIBS})
  target_compile_definitions(${target} PRIVATE IW_TEST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  # One that is no test itself is run by scripts.
  if(NOT arg_LABELS)
    set(arg_LABELS integration)
  endif()
  foreach(label IN LISTS arg_LABELS)
    iw_program_of_label(${target} ${label})
  endforeach()
endfunction()

function(iw_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPS;LIBS;LABELS")
  iw_refuse_unparsed(iw_unit_test ${name} "${arg_UNPARSED_ARGUMENTS}")
  if(NOT IW_TESTS OR NOT CMOCKA_FOUND)
    return()
  endif()
  iw_test_program(${name} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS}
                  LIBS PkgConfig::CMOCKA ${arg_LIBS} LABELS unit ${arg_LABELS})
  add_test(NAME ${name} COMMAND ${name})
  iw_test_properties(${name} LABELS unit ${arg_LABELS} TIMEOUT ${arg_TIMEOUT})
endfunction()

function(iw_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "COMMAND;LABELS")
  iw_refuse_unparsed(iw_script_test ${name} "${arg_UNPARSED_ARGUMENTS}")
  add_test(NAME ${name} COMMAND ${arg_COMMAND})
  iw_test_properties(${name} LABELS ${arg_LABELS} TIMEOUT ${arg_TIMEOUT})
endfunction()

function(iw_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;LIBS")
  iw_refuse_unparsed(iw_fuzzer ${name} "${arg_UNPARSED_ARGUMENTS}")
  iw_test_program(replay_${name} DEPS ${arg_DEPS} LIBS ${arg_LIBS} LABELS fuzz-replay
                  SOURCES ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_driver.c ${arg_SOURCES})
  add_test(NAME fuzz_replay_${name}
           COMMAND replay_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  iw_test_properties(fuzz_replay_${name} LABELS fuzz-replay)
  if(IW_FUZZ)
    iw_test_program(fuzz_${name} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS} LIBS ${arg_LIBS}
                    LABELS fuzz-replay)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()
