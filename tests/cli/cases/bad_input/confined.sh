# What the program asks of the kernel from the moment it confines itself: reading, and nothing that makes,
# sends or starts. Before that moment no byte of evidence is read.
command -v strace >/dev/null || { echo "SKIP: no strace"; exit 77; }
echo '{"time":"2026-01-05T10:00:00Z","channel":"Security","provider":"Lab","computer":"WEB01","event_id":4624,"data":{}}' |
    "$IISWARDEN_LAB" write - -o good.evtx >/dev/null
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0      # it cannot work under a tracer
strace -f -o trace "$IISWARDEN" hunt --jobs 2 --manifest manifest good.evtx >out 2>words ||
    { echo "SKIP: strace may not trace here"; exit 77; }
filter=$(grep -n 'seccomp(SECCOMP_SET_MODE_FILTER\|prctl(PR_SET_SECCOMP' trace | tail -1 | cut -d: -f1)
[ -n "$filter" ] && echo "a filter is set"
head -n "$filter" trace | grep 'good.evtx.*O_RDONLY' | grep -v O_PATH | wc -l | sed 's/^/opened before: /'
tail -n +"$filter" trace >after
grep -c 'openat.*good.evtx.*O_RDONLY' after | sed 's/^[1-9][0-9]*$/opened after/'
grep -E '\b(socket|connect|execve|fork|vfork|unlink|rename|mkdir|ptrace|kill)(at|at2)?\(' after | grep -v 'EPERM\|EACCES' ||
    echo "nothing sent, started or removed"
grep -E 'O_CREAT|O_WRONLY|O_RDWR' after | grep -v 'EPERM\|EACCES' || echo "nothing opened for writing"
