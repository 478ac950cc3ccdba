//! Rules of the date family.
