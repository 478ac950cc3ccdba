//! Rules of Go’s time, with values that Go gave.
