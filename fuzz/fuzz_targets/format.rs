//! What the safe builder accepts, the parser reads back.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::format::check(data));
