# Completion of @PROGRAM@ for fish.

function __@IDENTIFIER@_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found 0
    for line in ($words[1] @COMPLETE@ $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = ':0' -a $found = 0
            __fish_complete_path "$current"
        else if not string match -q ':*' -- $line
            set found 1
            echo $line
        end
    end
end

complete -c @PROGRAM@ -f -a '(__@IDENTIFIER@_complete)'
