#!/usr/bin/env bash
# Proves that the runner of command-line cases fails where it must: each line below builds a case and says
# how the runner has to judge it.
set -euo pipefail
run_case=$(cd "$(dirname "$0")/.." && pwd)/run_case.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0

# verdict WANTED WHAT: runs the case `c` (c.sh and its expectations) and forgets it.
verdict() {
    local status=0
    "$run_case" c.sh >said 2>&1 || status=$?
    if [ $status -ne "$1" ]; then
        echo "runner gave $status instead of $1: $2"
        cat said
        failures=$((failures + 1))
    fi
    rm -rf c c.*
}
script() { printf '%s\n' "$*" >c.sh; }

script true; verdict 0 "a quiet success"
script 'echo x'; verdict 1 "output nobody expected"
script 'echo x >&2'; verdict 1 "a complaint nobody expected"
script 'exit 3'; verdict 1 "a status nobody expected"
script 'exit 3'; echo 3 >c.exit; verdict 0 "the expected status"
script true; echo 3 >c.exit; verdict 1 "success where failure was expected"
script 'false; echo x'; echo x >c.stdout.exact; verdict 1 "a failing command in the middle"
script 'echo x'; echo x >c.stdout.exact; verdict 0 "the exact output"
script 'printf x'; echo x >c.stdout.exact; verdict 1 "a newline missing at the end"
script true; echo x >c.stdout.exact; verdict 1 "silence where output was expected"
script 'echo x; echo y'; printf '?\ny\n' >c.stdout.glob; verdict 0 "patterns"
script 'echo x; echo y; echo z'; printf 'x\n...\nz\n' >c.stdout.glob; verdict 0 "any lines between"
script 'echo x; echo z'; printf 'x\n...\nz\n' >c.stdout.glob; verdict 0 "no lines between"
script 'echo x; echo y'; printf 'x\n...\nz\n' >c.stdout.glob; verdict 1 "a line that never comes"
script 'echo x; echo y'; printf 'x\n' >c.stdout.glob; verdict 1 "a line too many"
script 'echo x'; printf 'x\ny\n' >c.stdout.glob; verdict 1 "a line too few"
script 'echo x >&2'; touch c.stderr.ignore; verdict 0 "what is ignored"
script 'exit 77'; verdict 77 "a case that skips itself"
script 'ls; touch left-behind'; verdict 0 "an empty folder to run in"
[ ! -e left-behind ] || { echo "the case ran in the caller's folder"; failures=$((failures + 1)); }

mkdir folder && echo 'cat given' >folder/cmd && echo hello >folder/given && echo hello >folder/stdout.exact
"$run_case" folder || { echo "a folder case failed"; failures=$((failures + 1)); }
! "$run_case" nowhere >said || { echo "a case that is not there passed"; failures=$((failures + 1)); }

script 'echo now; exit 2'
"$run_case" --set-exact-output c.sh && "$run_case" c.sh && [ "$(cat c.exit c.stdout.exact)" = $'2\nnow' ] ||
    { echo "--set-exact-output did not write what the case did"; failures=$((failures + 1)); }

exit $((failures > 0))
