//! Any calls on one end of a connection, and what it receives in any cut.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::connection::check(data));
