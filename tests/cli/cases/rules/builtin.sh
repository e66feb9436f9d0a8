# The built-in rules pass their own tests, and nothing looks wrong with them.
"$IISWARDEN" rules test --format table "$IISWARDEN_SOURCE_DIR/rules" | grep -oE '[0-9]+ failed.*'
"$IISWARDEN" rules check --fail-on warning "$IISWARDEN_SOURCE_DIR/rules" >problems
echo "check: $?"
