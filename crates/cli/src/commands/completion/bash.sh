# Completion of @PROGRAM@ for bash.

__@IDENTIFIER@_complete() {
    local line="${COMP_LINE:0:COMP_POINT}" current="" output candidate prefix=""
    local -a words
    read -r -a words <<<"$line"
    if [[ "$line" == *[![:space:]] ]]; then
        current="${words[${#words[@]}-1]}"
        unset "words[${#words[@]}-1]"
    fi
    COMPREPLY=()
    output="$("${COMP_WORDS[0]}" @COMPLETE@ "${words[@]:1}" "$current" 2>/dev/null)" || return
    # Where bash takes = for the end of a word, what stands before it must not be repeated.
    if [[ "$current" == *=* && "$COMP_WORDBREAKS" == *=* ]]; then
        prefix="${current%%=*}="
    fi
    while IFS= read -r candidate; do
        candidate="${candidate%%$'\t'*}"
        if [[ "$candidate" != :* && "$candidate" == "$current"* ]]; then
            COMPREPLY+=("${candidate#"$prefix"}")
        fi
    done <<<"$output"
    if [[ ${#COMPREPLY[@]} -eq 0 && "${output##*:}" == 0 ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r candidate; do
            COMPREPLY+=("$candidate")
        done < <(compgen -f -- "${current#"$prefix"}")
    fi
}

complete -F __@IDENTIFIER@_complete @PROGRAM@
