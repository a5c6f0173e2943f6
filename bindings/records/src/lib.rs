//! How parser events and format calls lie in flat 32-bit words.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod errors;
pub mod format;
mod inspect;
pub mod layout;
pub mod session;
pub mod text;

pub use h1wire::{connection::Connection, error::Code};
