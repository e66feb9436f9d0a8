# An argument that does not exist is lost evidence: said, counted, the run goes on.
"$IISWARDEN" hunt --format table absent.evtx
