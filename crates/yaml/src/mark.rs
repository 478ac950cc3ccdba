//! [`Mark`]: a place in a text.

/// A place in a text, counted from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Bytes before the place, a byte order mark at the beginning not counted.
    pub offset: u32,
    /// Lines before the place.
    pub line: u32,
    /// Characters before the place on its line.
    pub column: u32,
}
