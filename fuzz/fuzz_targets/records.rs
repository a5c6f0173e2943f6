//! Sessions of the bindings, beside the core itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::records::check(data));
