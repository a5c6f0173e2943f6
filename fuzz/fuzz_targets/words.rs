//! Format calls of the bindings, with any words.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::words::check(data));
