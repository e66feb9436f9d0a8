# Evidence is not overwritten, whatever name it has.
printf precious >evidence
ln evidence link
"$IISWARDEN" hunt evidence -o ./link || status=$?
cat evidence
exit "$status"
