//! How parser events and format calls lie in flat 32-bit words.
pub mod format;
mod inspect;
pub mod layout;
pub mod session;
pub mod text;

pub use h1wire::{connection::Connection, error::Code};
