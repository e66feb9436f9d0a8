# iw_hardening: what makes a memory error in the released binary harder to use. Evidence is hostile.
# Also decides whether Release builds are linked with link-time optimisation.
include(CheckCCompilerFlag)
include(CheckIPOSupported)
include(CheckPIESupported)

add_library(iw_hardening INTERFACE)
target_compile_definitions(iw_hardening INTERFACE _GNU_SOURCE)
# Messages and asserts name files from the repository's root, on every machine alike.
target_compile_options(iw_hardening INTERFACE
  -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=
  $<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>)

check_pie_supported(LANGUAGES C CXX)
if(IW_HARDEN AND NOT IW_SANITIZE)
  # Fortify needs optimisation, and hides from the sanitizers the calls they watch.
  target_compile_options(iw_hardening INTERFACE
    -fstack-protector-strong
    $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE$<SEMICOLON>-D_FORTIFY_SOURCE=2>)
  foreach(iw_flag -fstack-clash-protection -fcf-protection)   # not on every architecture
    string(MAKE_C_IDENTIFIER "IW_HAS${iw_flag}" iw_has)
    check_c_compiler_flag(${iw_flag} ${iw_has})
    if(${iw_has})
      target_compile_options(iw_hardening INTERFACE ${iw_flag})
    endif()
  endforeach()
  target_link_options(iw_hardening INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
endif()

set(IW_LTO_USED OFF)
if(IW_LTO AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT IW_SANITIZE)
  check_ipo_supported(RESULT IW_LTO_USED OUTPUT iw_lto_why LANGUAGES C CXX)
endif()
