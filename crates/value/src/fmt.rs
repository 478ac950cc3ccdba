//! Go's `fmt` package over values: `Sprint`, `Sprintln`, `Sprintf`, `strconv.Quote`.
