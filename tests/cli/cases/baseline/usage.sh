# What makes no sense is refused before anything is read or written.
printf 'x' >evidence
say() { "$IISWARDEN" "$@" 2>&1 || echo "status $?"; }
say baseline create
say baseline diff only.baseline
say baseline approve evidence --by a --ticket b --reason c
say baseline sign evidence
say baseline verify evidence
say baseline create evidence -o evidence
say baseline diff evidence evidence -o evidence
say hunt evidence --baseline-key evidence -q
cat evidence; echo
say baseline create evidence --behaviour
say baseline create evidence --behaviour --since 2026-01-05
say baseline create evidence --since 2026-01-05
say baseline create evidence --behaviour --since 2026-01-05 --until 2026-01-04
say baseline diff evidence evidence --until 2026-01-04
