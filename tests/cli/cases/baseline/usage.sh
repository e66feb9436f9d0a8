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
