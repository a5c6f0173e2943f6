//! What a parser holds between messages does not depend on the messages before: the allocations of this test are counted.

mod counting;

use h1wire::{parser::Parser, policy::Policy};

#[test]
fn what_an_unusual_message_needs_is_given_back() {
    let value = "a".repeat(60_000);
    let lines = "a:b\r\n".repeat(250);
    let folds = "\r\n b".repeat(2000);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    let plain = b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n";
    for (what, message) in [
        ("a long value", format!("HTTP/1.1 204 No Content\r\na: {value}\r\n\r\n")),
        ("many lines", format!("HTTP/1.1 204 No Content\r\n{lines}\r\n")),
        ("many folds", format!("HTTP/1.1 204 No Content\r\na: b{folds}\r\n\r\n")),
        ("a long trailer value", format!("{chunked}a: {}\r\n\r\n", &value[..16_000])),
    ] {
        for piece in [message.len(), 7] {
            let (parser, held, most) = counting::held(|| {
                let mut parser = Parser::response(Policy::default());
                message.as_bytes().chunks(piece).for_each(|chunk| read(&mut parser, chunk));
                // Nothing more has come: it rests.
                read(&mut parser, b"");
                parser
            });
            // What lies whole in one chunk may be read in place.
            assert!(piece > 7 || most > 4096, "{what} in pieces of {piece}: at most {most} bytes were held");
            assert!(held <= 2048, "{what} in pieces of {piece}: {held} bytes are still held");
            drop(parser);
        }
    }
    // Of the usual ones nothing is given back, so that the next one needs no allocation.
    let mut parser = Parser::response(Policy::default());
    let mut read_in_pieces = || plain.chunks(9).chain([&b""[..]]).for_each(|chunk| read(&mut parser, chunk));
    read_in_pieces();
    let (_, _, most) = counting::held(read_in_pieces);
    assert_eq!(most, 0);
}

fn read(parser: &mut Parser, chunk: &[u8]) {
    let mut at = 0;
    while parser.poll(chunk, &mut at).expect("it is valid").is_some() {}
    assert_eq!(at, chunk.len());
}
