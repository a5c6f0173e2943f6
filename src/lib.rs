//! HTTP/1.1 messages, parsed and built exactly.
//!
//! Bytes in, events out; parts in, bytes out. The crate does no I/O, keeps no clock and needs no
//! standard library. It reads requests and responses in whatever cut they arrive, strictly by
//! RFC 9112 unless a leniency is switched on by name, and reports each fault with its byte and its
//! rule; what came whole before the fault is not lost.
//!
//! * [`Parser`] reads one direction of a connection.
//! * [`Request`] and [`Response`] build messages in chains of calls; [`format`](mod@format) has the rest of the builder.
//! * [`Connection`] does both for one end of a connection, and knows what comes next.
//! * [`inspect::Inspector`] takes any bytes apart, broken ones most of all.
//! * [`Target`] is a request-target taken apart.
//! * [`Policy`] says how much is taken and what is forgiven.
//! * [`Code`] is the table of everything that can be wrong.
//!
//! # Read a message
//! ```
//! use h1wire::{Event, Parser, Policy};
//!
//! let mut parser = Parser::request(Policy::default());
//! let (chunk, mut at) = (b"POST /echo HTTP/1.1\r\nHost: example.com\r\nContent-Length: 2\r\n\r\nhi", 0);
//! while let Some(event) = parser.poll(chunk, &mut at)? {
//!     match event {
//!         Event::Request(request) => {
//!             assert_eq!((request.method(), request.target()), (&b"POST"[..], &b"/echo"[..]));
//!             assert_eq!(request.get("host"), Some(&b"example.com"[..]));
//!         }
//!         Event::Body(data) => assert_eq!(data, b"hi"),
//!         _ => {}
//!     }
//! }
//! # Ok::<(), h1wire::Error>(())
//! ```
//!
//! # Build a message
//! ```
//! use h1wire::Response;
//!
//! let mut out = Vec::new();
//! Response::new(200).header("Content-Type", "text/plain").body("hello").write_to(&mut out)?;
//! assert_eq!(out, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
//!
//! let refusal = Response::new(200).header("X", "a\r\nSet-Cookie: b").write_to(&mut out).unwrap_err();
//! assert_eq!(refusal.code, h1wire::Code::FieldValue);
//! # Ok::<(), h1wire::Refusal>(())
//! ```
//!
//! # Hold a connection
//! ```
//! use h1wire::{Connection, Event, Policy, Received, Response};
//!
//! let mut server = Connection::server(Policy::default());
//! let (chunk, mut at, mut out) = (b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", 0, Vec::new());
//! while let Received::Event(event) = server.receive(chunk, &mut at)? {
//!     if let Event::End(_) = event {
//!         server.send_response(Response::new(200).body("hello"), &mut out)?; // write `out` to the socket
//!     }
//! }
//! server.next_cycle()?; // and read the next chunk from it
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Cargo features
//! * `std` (default) is for detection of CPU features only; behaviour never depends on it.
#![no_std]
#![deny(unsafe_code)]

#[cfg(feature = "std")]
extern crate std;

extern crate alloc;

/// What the README shows is tried.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod chunked;
pub mod connection;
pub mod error;
pub mod event;
pub mod format;
mod framing;
mod grammar;
mod host;
pub mod inspect;
mod names;
pub mod parser;
#[doc(hidden)]
pub mod plumbing;
pub mod policy;
mod scan;
mod section;
mod start_line;
mod target;
mod tolerated;

pub use connection::{Connection, Received, State};
pub use error::{Code, Error};
pub use event::Event;
pub use format::{BodyFraming, Refusal, Request, Response, Version, Written};
pub use names::Method;
pub use parser::Parser;
pub use policy::{Leniencies, Leniency, Limits, Policy};
pub use target::{Target, TargetForm};
