# The libraries the rooms may link, each found once and used as an imported target.
# scripts/bootstrap installs them; a room names the ones it needs in iw_room(... LIBS ...).
find_package(PkgConfig REQUIRED)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)                                               # Threads::Threads
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET GLOBAL yaml-0.1)             # PkgConfig::YAML
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET GLOBAL libpcre2-8)          # PkgConfig::PCRE2
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET GLOBAL libcrypto)          # PkgConfig::CRYPTO
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET GLOBAL expat)                 # PkgConfig::EXPAT
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET GLOBAL zlib)                    # PkgConfig::ZLIB
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET GLOBAL simdjson)          # PkgConfig::SIMDJSON

# For the unit tests alone: a build without it is whole, only without them.
pkg_check_modules(YARA QUIET IMPORTED_TARGET GLOBAL yara)                          # PkgConfig::YARA, optional
pkg_check_modules(CMOCKA QUIET IMPORTED_TARGET GLOBAL cmocka)                      # PkgConfig::CMOCKA
