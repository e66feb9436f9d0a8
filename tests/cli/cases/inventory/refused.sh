# What cannot be used is refused with a reason, and no new file is left behind.
printf nothing >no.pem
mkdir evidence
inventory() { "$IISWARDEN" inventory -q "$@" evidence || echo "status $?"; }
inventory -o evidence/out
inventory -o out --web-root /var/www
inventory -o out --trust no.pem
inventory -o out --trust absent.pem
truncate -s 65M large
inventory -o out --trust large
inventory -o out --yara large
rm large
inventory --format xml
ls
