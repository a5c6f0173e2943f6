//! One outcome in every cut, under any limits and leniencies.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::cut::check(data));
