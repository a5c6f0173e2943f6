//! An inspector's memory does not grow with its stream: the allocations of this test are counted.

mod counting;

use h1wire::{
    inspect::{Inspector, StreamKind},
    policy::Policy,
};

#[test]
fn memory_does_not_grow_with_the_stream() {
    let chunked = b"HTTP/1.1 200 O\r\nTransfer-Encoding: chunked\r\n\r\n";
    let streams: &[(&str, StreamKind, &[u8], &[u8])] = &[
        ("requests", StreamKind::Request, b"", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("requests without answers", StreamKind::Auto, b"", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (
            "requests that readers differ on",
            StreamKind::Request,
            b"",
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
        ),
        ("a body", StreamKind::Response, b"HTTP/1.1 200 O\r\n\r\n", b"0123456789abcdef0123456789abcdef"),
        ("chunks", StreamKind::Response, chunked, b"8;a=b\r\n01234567\r\n"),
        ("faults in chunks", StreamKind::Response, chunked, b"8 x\r\n01234567y\r\n"),
        ("junk", StreamKind::Request, b"", b"\0\0\0\0\0\0\0\0"),
        ("lines of junk", StreamKind::Request, b"", b"\0\0\0\r\n"),
        ("what follows a switch", StreamKind::Response, b"HTTP/1.1 101 S\r\n\r\n", b"01234567"),
        ("what follows a close", StreamKind::Request, b"GET / HTTP/1.0\r\n\r\n", b"\0\0\0\r\n"),
        ("line ends", StreamKind::Request, b"", b"\r\n"),
    ];
    for (name, kind, begin, piece) in streams {
        let [short, long] = [1 << 18, 1 << 20].map(|octets| most_held(*kind, begin, piece, octets / piece.len()));
        assert!(short < 1 << 20, "{name}: {short} octets");
        assert!(long <= short + short / 8, "{name}: {short} octets, and then {long}");
    }
}

/// The most octets that an inspector holds while it is shown a stream.
fn most_held(kind: StreamKind, begin: &[u8], piece: &[u8], times: usize) -> isize {
    let (_, _, most) = counting::held(|| {
        let mut inspector = Inspector::new(kind, Policy::default());
        let mut show = |octets: &[u8]| {
            let mut at = 0;
            while inspector.poll(octets, &mut at).is_some() {}
        };
        show(begin);
        (0..times).for_each(|_| show(piece));
    });
    most
}
