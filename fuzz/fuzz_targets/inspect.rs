//! Any octets under the inspector: one leaf an octet, one outcome in every cut.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::inspect::check(data));
