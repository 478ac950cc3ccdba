//! Rules of the crypto family.
