# Completion of @PROGRAM@ for PowerShell.

Register-ArgumentCompleter -Native -CommandName '@PROGRAM@' -ScriptBlock {
    param($current, $line, $position)
    $typed = $line.ToString().PadRight($position).Substring(0, $position)
    $words = @($typed -split '\s+' | Where-Object { $_ -ne '' })
    $program = $words[0]
    $before = @($words | Select-Object -Skip 1)
    if ($current -ne '' -and $before.Count -gt 0) {
        $before = @($before | Select-Object -SkipLast 1)
    }
    # Older versions leave an empty argument out unless it is quoted.
    $last = if ($current -eq '') { '""' } else { $current }
    foreach ($candidate in (& $program @COMPLETE@ @before $last 2>$null)) {
        if ($candidate.StartsWith(':')) { continue }
        $name, $help = $candidate -split "`t", 2
        if (-not $help) { $help = $name }
        [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $help)
    }
}
