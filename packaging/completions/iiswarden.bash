# Completion of iiswarden for bash. The words are those of the option tables in src/cli/.
_iiswarden() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=
    local both=" --host --recover --verify --format --output --manifest --color --progress --quiet --jobs --no-confine --help "
    local hunt=" --rules --only-rules --placeholders --strict --min-level --fail-level --since --until --correlation-fire --set --settings --fail-on-blind
        --baseline --baseline-key --minimum-sequence --known-hashes
        --changes --changes-map --estate --coverage --telemetry --trust --yara --web-root "
    local coverage=" --emit --canary-plan --marker --canary --audit --by-rule --of-rule --since --until --fail-on-blind --telemetry --rules --only-rules --placeholders --strict --set --settings
        --baseline --baseline-key --minimum-sequence --known-hashes
        --changes --changes-map --estate --telemetry --trust --yara --web-root "
    local inventory=" --all --trust --yara --web-root --estate --baseline --baseline-key --minimum-sequence --known-hashes "
    local collect=" --kape --velociraptor --powershell --web-root "
    local events=" --where --fields --profile "
    local report=" --format --output --color --help "
    local list=" --rules --only-rules --placeholders --level "
    local check=" --placeholders --fail-on --list "
    local explain=" --rules --only-rules --placeholders --where --record --limit
        --baseline --baseline-key --minimum-sequence --known-hashes
        --changes --changes-map --estate --trust --yara --web-root "
    local tests=" --rules --placeholders --jobs --no-confine "
    local approve=" --from --difference --by --ticket --reason --expires --help "
    local word words=

    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
        hunt | coverage | inventory | events | collect-list | help) command=$word && break ;;
        rules | baseline) command=$word ;;
        create | diff | approve | sign | verify) [[ $command == baseline ]] && command="baseline $word" && break ;;
        list | check | explain | test) [[ $command == rules ]] && command="rules $word" && break ;;
        esac
    done
    case $previous in
    --format | -f)
        words="table ndjson"
        [[ $command == inventory ]] && words+=" csv"
        [[ $command == coverage ]] && words+=" markdown"
        ;;
    --color | --progress) words="auto always never" ;;
    --min-level | --fail-level | --level) words="informational low medium high critical" ;;
    --fail-on) words="note warning error" ;;
    --emit) words="sysmon" ;;
    --correlation-fire) words="episode every" ;;
    --difference | --by | --ticket | --reason | --expires | --sequence | --minimum-sequence | --marker | --of-rule) return ;;
    --record | --limit | -n | --host | --jobs | -j | --since | --until | --where | -w | --fields | --web-root | --set) return ;;
    esac
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    case $command in
    hunt) words="$hunt$both" ;;
    coverage) words="$coverage$both" ;;
    inventory) words="$inventory$both" ;;
    events) words="$events$both" ;;
    collect-list) words="$collect$both" ;;
    "rules list") words="$list$report" ;;
    "rules check") words="$check$report" ;;
    "rules explain") words="$explain$both" ;;
    "rules test") words="$tests$report" ;;
    "baseline create") words=" --farm --behaviour --since --until --web-root $both" ;;
    "baseline diff") words=" --baseline-key --minimum-sequence --behaviour --since --until --web-root $both" ;;
    "baseline approve") words="$approve" ;;
    "baseline sign") words=" --key --sequence --help " ;;
    "baseline verify") words=" --public-key --minimum-sequence --help " ;;
    baseline) words="create diff approve sign verify --help" ;;
    rules) words="list check explain test --help" ;;
    help) words="hunt coverage inventory events collect-list rules baseline help" ;;
    *) words="hunt coverage inventory events collect-list rules baseline help --help --version" ;;
    esac
    if [[ -z $command || $command == help || $command == rules || $command == baseline || $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _iiswarden iiswarden
