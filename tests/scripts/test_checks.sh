#!/usr/bin/env bash
# Proves that the checks of the house fail on a violation and pass without one.
#   test_checks.sh layers|banned|lengths|words|tally
set -euo pipefail
export LC_ALL=C
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0

# expect WANTED CHECK TEXT: CHECK must end with WANTED and, failing, name TEXT.
expect() {
    local status=0
    "$scripts/$2" "$work" >said 2>&1 || status=$?
    if [ $status -ne "$1" ] || ! grep -qF -- "$3" said; then
        echo "$2 gave $status (wanted $1) or did not say '$3':"
        cat said
        failures=$((failures + 1))
    fi
}
# source_file PATH LINE...: writes a file; `fresh` takes all of them away again.
source_file() {
    mkdir -p "$(dirname "$1")"
    printf '%s\n' "${@:2}" >"$1"
}
fresh() { rm -rf src; }

test_layers() {
    source_file src/base/a.c '#include "base/a.h"' '#include <stdio.h>'
    source_file src/input/evtx/b.c '#include "input/evtx/b.h"' '#include "input/reader.h"' '#include "base/a.h"'
    source_file src/cli/c.c '#include "engine/e.h"' '#include "output/o.h"'
    expect 0 check-layers '3 files, 0 violations'
    source_file src/base/bad.c '' '  #  include "event/event.h"'
    expect 1 check-layers 'src/base/bad.c:2: "event/event.h": base must not see event'
    fresh; source_file src/output/o.c '#include "engine/e.h"'
    expect 1 check-layers 'output must not see engine'
    fresh; source_file src/coverage/o.h '#include "detect/e.h"'
    expect 1 check-layers 'coverage must not see detect'
    fresh; source_file src/engine/e.c '#include "cli/e.h"'
    expect 1 check-layers 'engine must not see cli'
    fresh; source_file src/base/a.c '#include "a.h"'
    expect 1 check-layers 'write "base/a.h"'
    fresh; source_file src/base/a.c '#include "attic/a.h"'
    expect 1 check-layers "there is no room 'attic'"
    fresh; source_file src/attic/a.c ''
    expect 1 check-layers 'src/attic: not a known room'
    fresh; source_file src/input/evtx/a.c '#include "input/json/a.h"'
    expect 1 check-layers 'reader evtx must not see reader json'
}

test_banned() {
    source_file src/base/alloc.c 'void *p = malloc(1);'
    source_file src/cli/main.c 'exit(1);'
    source_file src/base/a.c '/* malloc(3) */ // free(p)' 'x = "strcpy(a, b)";' 'iw_free(p); v->free(p); v.free(p);'
    expect 0 check-banned '3 files, 0 violations'
    local name
    for name in strcpy malloc free atoi strtok exit printf system; do
        fresh; source_file src/event/a.c '/*' '*/' "x = $name (y);"
        expect 1 check-banned "src/event/a.c:3: $name():"
    done
    fresh; source_file src/input/json/simdjson_shim.cc 'x = 1;'
    expect 0 check-banned '1 files, 0 violations'
    source_file src/input/json/simdjson_shim.cc 'p = malloc(1);'
    expect 1 check-banned 'simdjson_shim.cc:1: malloc():'
    fresh; source_file src/input/json/more.cc 'x = 1;'
    expect 1 check-banned 'src/input/json/more.cc:1: C++'
}

test_lengths() {
    local calls comments
    mapfile -t calls < <(yes '    f();' | head -n 118)
    mapfile -t comments < <(yes '/* */' | head -n 900)
    source_file src/base/a.c 'int f(void)' '{' "${calls[@]}" '}'
    expect 0 top-length '120  src/base/a.c:2 f'
    source_file src/base/a.c 'int f(void)' '{' "${calls[@]}" '    f();' '}'
    expect 1 top-length '121  src/base/a.c:2 f'
    source_file src/base/a.c "${comments[@]}"
    expect 0 top-length '900  src/base/a.c'
    echo '/* */' >>src/base/a.c
    expect 1 top-length '901  src/base/a.c'
}

test_words() {
    git init -q .
    echo 'see C:\inetpub\wwwroot and ./tmp/x' >clean.md && git add clean.md
    expect 0 check-words '1 files clean'
    local text
    # Put together here, so that this file does not hold what it looks for.
    for text in "cd /""home/somebody/x" "log in /""tmp/x" "FIX""ME later" "from deb.deb""ian.org"; do
        echo "$text" >dirty.md && git add dirty.md
        expect 1 check-words "dirty.md:1:$text"
    done
}

test_tally() {
    cat >junit.xml <<'END'
<testsuite>
 <testcase name="good" status="run"><system-out>[  SKIPPED ] one
SKIP: no evidence
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] one</system-out></testcase>
 <testcase name="bad" status="fail"><failure message=""/><system-out/></testcase>
 <testcase name="away" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/><system-out>SKIP: no tool</system-out></testcase>
 <testcase name="unbuilt" status="notrun"><skipped message="Unable to find executable"/></testcase>
</testsuite>
END
    diff - <("$scripts/ctest-tally" junit.xml) <<'END' || failures=1
1 2 2
FAILED   bad
FAILED   unbuilt (could not be run)
SKIPPED  good/one: no evidence
SKIPPED  away: no tool
END
}

case $1 in
layers) test_layers ;;
banned) test_banned ;;
lengths) test_lengths ;;
words) test_words ;;
tally) test_tally ;;
esac
exit $((failures > 0))
