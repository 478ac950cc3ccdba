#compdef @PROGRAM@
# Completion of @PROGRAM@ for zsh.

_@IDENTIFIER@() {
    local -a candidates
    local line output files=0
    output="$("${words[1]}" @COMPLETE@ "${(@)words[2,CURRENT-1]}" "${words[CURRENT]}" 2>/dev/null)"
    for line in "${(@f)output}"; do
        case "$line" in
            :0) files=1 ;;
            :*) ;;
            # A colon sets the help off, so those in the name and in the help are escaped.
            ?*) candidates+=("${${line//:/\\:}/$'\t'/:}") ;;
        esac
    done
    if (( ${#candidates} )); then
        _describe '@PROGRAM@' candidates
    elif (( files )); then
        _files
    fi
}

compdef _@IDENTIFIER@ @PROGRAM@
