#!/usr/bin/env bash
# Fails when a case lies under tests/cli/cases that CMakeLists.txt does not name.
#   cases_listed.sh GROUP/CASE...    the cases that are named
set -euo pipefail
cd "$(dirname "$0")/../cases"
unlisted=$(comm -23 \
    <(find . -mindepth 2 -maxdepth 2 \( -name '*.sh' -o -type d \) | sed 's|^\./||; s|\.sh$||' | LC_ALL=C sort) \
    <(printf '%s\n' "$@" | LC_ALL=C sort))
[ -z "$unlisted" ] || { echo "not named in tests/cli/CMakeLists.txt:"; echo "$unlisted"; exit 1; }
