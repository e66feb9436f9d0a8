#!/usr/bin/env bash
# Runs command-line cases and compares what they print and how they end.
#   tests/cli/run_case.sh [--set-exact-output] CASE...
# A CASE is one of
#   cases/GROUP/NAME       a folder: `cmd` (bash), expectations, and any files the case wants beside it
#   cases/GROUP/NAME.sh    one script; its expectations lie beside it as NAME.exit, NAME.stdout.exact, ...
# Expectations, all optional:
#   exit                     the exit status; without it 0. A case that exits with 77 is skipped.
#   stdout.exact             byte for byte
#   stdout.glob              line by line as shell patterns; a line `...` stands for any number of lines
#   stdout.ignore            (any content) says that it does not matter
#   stderr.exact|glob|ignore likewise. Without any of these nothing may be printed there.
# Each case runs by `bash -e -u` in an empty folder of its own (a folder case: in a copy of itself), with
# IISWARDEN and IISWARDEN_LAB (the programs), CASE_DIR (the folder the case lies in) and IISWARDEN_SHARED.
# --set-exact-output writes `exit` and the `.exact` files from what the case did; read the diff.
# Exit status: 0 as expected, 1 not, 77 the case skipped itself.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source_dir=$(cd "$here/../.." && pwd)
# Absolute, because each case runs somewhere else.
IISWARDEN=$(realpath -m "${IISWARDEN:-$source_dir/build/asan/iiswarden}")
IISWARDEN_LAB=$(realpath -m "${IISWARDEN_LAB:-$(dirname "$IISWARDEN")/iiswarden-lab}")
IISWARDEN_SHARED=$(realpath -m "${IISWARDEN_SHARED:-$source_dir/../shared}")
export IISWARDEN IISWARDEN_LAB IISWARDEN_SHARED
export IISWARDEN_SOURCE_DIR=$source_dir
# What a user's environment says must not change what a case prints.
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
unset NO_COLOR CLICOLOR CLICOLOR_FORCE COLUMNS

set_output=
worst=0

problem() {
    printf '%s: %s\n' "$case_name" "$*"
    case_status=1
}

# $1 pattern file, $2 output file; status 0 when all lines match and none is left over.
matches_glob() {
    local -a patterns lines
    mapfile -t patterns <"$1"
    mapfile -t lines <"$2"
    local at=0 pattern any=
    for pattern in "${patterns[@]}"; do
        if [ "$pattern" = "..." ]; then
            any=1
            continue
        fi
        # After `...` the first line that matches is taken, so its neighbours should be telling.
        # shellcheck disable=SC2053  # the right side is meant as a pattern
        while [ -n "$any" ] && [ $at -lt ${#lines[@]} ] && [[ ${lines[at]} != $pattern ]]; do
            at=$((at + 1))
        done
        # shellcheck disable=SC2053
        if [ $at -ge ${#lines[@]} ] || [[ ${lines[at]} != $pattern ]]; then
            printf 'line %d does not match the pattern: %s\n' $((at + 1)) "$pattern"
            return 1
        fi
        at=$((at + 1)) any=
    done
    [ -n "$any" ] || [ $at -eq ${#lines[@]} ] || {
        printf 'line %d was not expected: %s\n' $((at + 1)) "${lines[at]}"
        return 1
    }
}

# $1 stdout or stderr, $2 the file that holds what was printed there
compare_stream() {
    local expected=$expect$1
    [ ! -e "$expected.ignore" ] || return 0
    if [ -e "$expected.glob" ]; then
        matches_glob "$expected.glob" "$2" && return
        problem "$1 is not as $expected.glob says; it was:"
        cat -v "$2"
    elif [ -n "$set_output" ]; then
        if [ -s "$2" ]; then cp "$2" "$expected.exact"; else rm -f "$expected.exact"; fi
    elif [ -e "$expected.exact" ]; then
        cmp -s "$expected.exact" "$2" && return
        problem "$1 is not as $expected.exact says (- expected, + printed):"
        diff -u <(cat -v "$expected.exact") <(cat -v "$2") | tail -n +3
    elif [ -s "$2" ]; then
        problem "$1 should be empty; it was:"
        cat -v "$2"
    fi
}

compare_exit() {
    local expected=0
    [ ! -e "${expect}exit" ] || expected=$(<"${expect}exit")
    if [ -n "$set_output" ]; then
        if [ "$1" -ne 0 ]; then echo "$1" >"${expect}exit"; else rm -f "${expect}exit"; fi
    elif [ "$1" -ne "$expected" ]; then
        problem "exit status $1, expected $expected; stderr was:"
        cat -v "$2"
    fi
}

run_case() {
    local path=${1%/} script status=0
    case_name=$(basename "${path%.sh}")
    mkdir "$scratch/run"
    if [ -d "$path" ]; then
        path=$(cd "$path" && pwd)
        cp -r "$path/." "$scratch/run"
        script=$path/cmd expect=$path/
    elif [ -f "$path" ]; then
        path=$(cd "$(dirname "$path")" && pwd)/$(basename "$path")
        script=$path expect=${path%.sh}.
    else
        problem "no such case: $1"
        return
    fi
    export CASE_DIR=${script%/*}
    (cd "$scratch/run" && exec bash -e -u "$script") </dev/null >"$scratch/stdout" 2>"$scratch/stderr" ||
        status=$?
    if [ $status -eq 77 ]; then
        cat "$scratch/stdout" "$scratch/stderr"
        case_status=77
        return
    fi
    compare_exit $status "$scratch/stderr"
    compare_stream stdout "$scratch/stdout"
    compare_stream stderr "$scratch/stderr"
}

if [ "${1:-}" = --set-exact-output ]; then
    set_output=1
    shift
fi
[ $# -gt 0 ] || { sed -n '2,3p' "$0"; exit 64; }
scratch=$(mktemp -d) || exit 70
trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT
for one in "$@"; do
    case_status=0
    run_case "$one"
    chmod -R u+rwx "$scratch/run" && rm -rf "$scratch/run"
    # 1 outweighs 77, 77 outweighs 0.
    [ $case_status -eq 0 ] || [ $worst -eq 1 ] || worst=$case_status
done
exit $worst
