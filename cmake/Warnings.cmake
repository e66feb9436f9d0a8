# iw_warnings: the warnings all our code is compiled with, for gcc 12 and clang 14 alike.
add_library(iw_warnings INTERFACE)
target_compile_options(iw_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wundef -Wcast-qual -Wwrite-strings
  $<$<BOOL:${IW_WERROR}>:-Werror>)
