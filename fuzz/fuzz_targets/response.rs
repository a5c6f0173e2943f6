//! Any octets as responses: no panic, and the invariants of `h1wire_fuzz::stream`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::stream::response(data));
