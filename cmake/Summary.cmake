# Says what will be built, once, at the end of the configuration.
get_property(iw_rooms GLOBAL PROPERTY IW_ROOMS)
list(JOIN iw_rooms " " iw_rooms)
if(NOT IW_TESTS)
  set(iw_tests "off")
elseif(CMOCKA_FOUND)
  set(iw_tests "all")
else()
  set(iw_tests "without unit tests: cmocka is not installed (scripts/bootstrap --test)")
endif()
message(STATUS "IISWarden ${PROJECT_VERSION}")
message(STATUS "  compiler   ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}, ${CMAKE_BUILD_TYPE}")
message(STATUS "  rooms      ${iw_rooms}")
message(STATUS "  tests      ${iw_tests}")
message(STATUS "  options    werror=${IW_WERROR} harden=${IW_HARDEN} lto=${IW_LTO_USED} "
               "fault=${IW_FAULT} coverage=${IW_COVERAGE} fuzz=${IW_FUZZ} "
               "sanitize=${IW_SANITIZE}")
