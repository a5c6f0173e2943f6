//! The parser against the naive oracle, and against httparse where their rules overlap.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| h1wire_fuzz::differential::check(data));
