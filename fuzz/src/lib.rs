//! What the fuzz targets check; each takes octets and panics where a promise is broken.

pub mod connection;
pub mod conversation;
pub mod cut;
pub mod differential;
pub mod format;
mod httparse_agrees;
pub mod inspect;
#[path = "../../tests/rust/oracle/mod.rs"]
mod oracle;
#[path = "../../tests/rust/outcome.rs"]
mod outcome;
pub mod records;
mod script;
mod settings;
pub mod stream;
pub mod words;
