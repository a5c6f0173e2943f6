//! The other parsers, each set up as costs it least.

pub(crate) mod httparse;
pub(crate) mod milo;
