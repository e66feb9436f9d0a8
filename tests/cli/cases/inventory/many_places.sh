# One web.config is in force at any number of places. Past 64 MiB of configuration none is read, and each place
# that was not read is told: a MiB at 64 places is read whole, at 65 it is not.
config=WEB01/C/Windows/System32/inetsrv/config
mkdir -p $config WEB01/C/same
{
    printf '<configuration><appSettings/>'
    head -c 1048531 /dev/zero | tr '\0' ' '
    printf '</configuration>'
} >WEB01/C/same/web.config
applications() {
    {
        printf '<configuration><system.applicationHost><sites><site name="S" id="1">'
        printf '<application path="/a%d"><virtualDirectory path="/" physicalPath="C:\\same"/></application>' $(seq "$1")
        printf '</site></sites></system.applicationHost></configuration>'
    } >$config/applicationHost.config
    "$IISWARDEN" inventory -f csv --progress never WEB01 2>/dev/null | tr -d '\r' | grep ',problem,limit,' || echo "all of $1 read"
}
applications 64
applications 65
