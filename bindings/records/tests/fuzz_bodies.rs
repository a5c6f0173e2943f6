//! What the fuzz targets of records check, with random inputs: a compiler that fuzzes is not needed for it.

#[allow(unreachable_pub, reason = "the fuzz targets are crates of their own")]
#[path = "../../../fuzz/src/records.rs"]
mod records;
#[path = "../../../fuzz/src/script.rs"]
mod script;
#[allow(unreachable_pub, reason = "the fuzz targets are crates of their own")]
#[path = "../../../fuzz/src/words.rs"]
mod words;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn sessions(data in proptest::collection::vec(any::<u8>(), 0..160)) {
        records::check(&data);
    }

    #[test]
    fn format_calls(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        words::check(&data);
    }
}
