# iw_sanitizers: run-time checkers, coverage and fuzzing instrumentation, and the fault points.
add_library(iw_sanitizers INTERFACE)

if(IW_FUZZ AND NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "IW_FUZZ needs clang: use the preset 'fuzz', or -DCMAKE_C_COMPILER=clang")
endif()

if(IW_SANITIZE)
  # A finding ends the program: a report that scrolls past is a report nobody reads.
  set(iw_sanitize_flags -fsanitize=${IW_SANITIZE} -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
  target_compile_options(iw_sanitizers INTERFACE ${iw_sanitize_flags})
  target_link_options(iw_sanitizers INTERFACE ${iw_sanitize_flags})
endif()

if(IW_FUZZ)
  target_compile_options(iw_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(iw_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(IW_COVERAGE)
  target_compile_options(iw_sanitizers INTERFACE --coverage)
  target_link_options(iw_sanitizers INTERFACE --coverage)
endif()

if(IW_FAULT)
  target_compile_definitions(iw_sanitizers INTERFACE IW_FAULT_INJECTION=1)
endif()
