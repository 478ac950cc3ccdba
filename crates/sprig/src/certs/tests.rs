//! Rules of the certs family.
