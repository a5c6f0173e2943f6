//! HTTP/1.1 messages, parsed and built exactly.
//!
//! Octets in, events out; parts in, octets out. The crate does no I/O, keeps no clock and needs no
//! standard library. It reads requests and responses in whatever cut they arrive, strictly by
//! RFC 9112 unless a leniency is switched on by name, and reports each fault with its octet and its
//! rule; what came whole before the fault is not lost.
//!
//! * [`parser::Parser`] reads one direction of a connection.
//! * [`format`](mod@format) builds messages from parts; [`format::build`] does it in chains of calls.
//! * [`connection::Connection`] does both for one end of a connection, and knows what comes next.
//! * [`inspect::Inspector`] takes any octets apart, broken ones most of all.
//! * [`policy::Policy`] says how much it takes and what it forgives.
//! * [`error::Code`] is the table of everything that can be wrong.
//!
//! # Cargo features
//! * `std` (default) is for detection of CPU features only; behaviour never depends on it.
#![no_std]
#![deny(unsafe_code)]

#[cfg(feature = "std")]
extern crate std;

extern crate alloc;

mod chunked;
pub mod connection;
pub mod error;
pub mod event;
pub mod format;
pub mod framing;
pub mod grammar;
pub mod host;
pub mod inspect;
pub mod names;
pub mod parser;
pub mod policy;
mod scan;
pub mod section;
mod start_line;
pub mod target;
pub mod tolerated;
