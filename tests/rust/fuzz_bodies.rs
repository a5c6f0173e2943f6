//! What the fuzz targets of connections check, with random inputs: a compiler that fuzzes is not needed for it.

#[allow(unreachable_pub, reason = "the fuzz targets are crates of their own")]
#[path = "../../fuzz/src/connection.rs"]
mod connection;
#[allow(unreachable_pub, reason = "the fuzz targets are crates of their own")]
#[path = "../../fuzz/src/conversation.rs"]
mod conversation;
#[path = "../../fuzz/src/script.rs"]
mod script;

use proptest::prelude::*;

fn input() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn one_end(data in input()) {
        connection::check(&data);
    }

    #[test]
    fn two_ends(data in input()) {
        conversation::check(&data);
    }
}
