# Two servers that should be alike.
config() {
    mkdir -p "$1/C/Windows/System32/inetsrv/config"
    printf '<configuration><system.webServer><globalModules>%s</globalModules></system.webServer></configuration>' \
        "$2" >"$1/C/Windows/System32/inetsrv/config/applicationHost.config"
}
config web1 '<add name="A" image="C:\a.dll"/>'
config web2 '<add name="A" image="C:\a.dll"/>'
"$IISWARDEN" baseline create --farm web1 web2 -o farm.baseline -q
cat farm.baseline
config web2 '<add name="A" image="C:\a.dll"/><add name="Evil" image="C:\evil.dll"/>'
"$IISWARDEN" baseline diff farm.baseline web1 web2 --format table -q || echo "status $?"
