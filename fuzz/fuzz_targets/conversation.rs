//! A client and a server talk to each other.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::conversation::check(data));
