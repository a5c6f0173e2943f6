//! The core's parser beside httparse and milo, on the same octets, by turns: a JSON object a line, which
//! `npm run bench -- core` reads.
//!
//! The work is not the same: ours also decides on framing, Host and persistence, checks the request-target and numbers
//! the known field names, which httparse leaves to its caller. That all tell the same names, values and data is
//! checked before anything is timed.

mod peers;
mod turns;

use std::hint::black_box;

use h1wire_benches::{inputs, parser, read, read_in_pieces, told};
use peers::{httparse, milo};
use turns::{Run, Time, by_turns};

struct Input {
    name: String,
    octets: Vec<u8>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Request,
    /// With a body of so many octets.
    Response(usize),
    Chunked,
}

fn main() {
    for input in inputs() {
        compare(&input);
    }
    octet_by_octet();
}

fn inputs() -> Vec<Input> {
    let input = |name: &str, octets, kind| Input { name: name.into(), octets, kind };
    let chunked = |size| {
        let octets = inputs::chunked(1 << 20, size);
        Input { name: format!("1 MiB in chunks of {}", octets_in(size)), octets, kind: Kind::Chunked }
    };
    vec![
        input("browser GET", inputs::browser_get(), Kind::Request),
        input("small GET", inputs::small_get(), Kind::Request),
        input("API response", inputs::response(), Kind::Response(1024)),
        input("2 KiB cookies", inputs::cookies(), Kind::Request),
        input("100 pipelined", inputs::pipelined(), Kind::Request),
        input("64 KiB head", inputs::large_head(), Kind::Request),
        chunked(1024),
        chunked(16),
    ]
}

fn octets_in(size: usize) -> String {
    if size >= 1024 { format!("{} KiB", size / 1024) } else { size.to_string() }
}

fn compare(Input { name, octets, kind }: &Input) {
    let request = matches!(kind, Kind::Request);
    let wanted = told(&mut parser(request), octets);
    let with_httparse = |counted| match *kind {
        Kind::Chunked => httparse::read_chunks(black_box(octets), counted),
        Kind::Response(body) => httparse::read(black_box(octets), request, body, counted),
        Kind::Request => httparse::read(black_box(octets), request, 0, counted),
    };
    let mut ours = parser(request);
    let mut runs: Vec<(&str, Run<'_>)> = vec![
        ("core", Box::new(move || read(&mut ours, black_box(octets)))),
        (
            "httparse",
            Box::new(move || {
                black_box(with_httparse(false));
            }),
        ),
    ];
    assert_eq!(with_httparse(true), wanted, "{name}: httparse");
    let mut milos = milo::parser(request);
    match milo::read(&mut milos, octets) {
        Ok(told) => {
            assert_eq!(told, wanted, "{name}: milo");
            runs.push((
                "milo",
                Box::new(move || {
                    let _ = black_box(milo::read(&mut milos, black_box(octets)));
                }),
            ));
        }
        Err(reason) => print_failed(name, "milo", &reason),
    }
    let (names, mut runs): (Vec<_>, Vec<_>) = runs.into_iter().unzip();
    let times = by_turns(&mut runs);
    for (peer, time) in names.iter().zip(&times).skip(1) {
        print_row(name, times[0], peer, *time);
    }
}

/// Beside the same head in one piece: what the cut costs.
fn octet_by_octet() {
    let octets = &inputs::browser_get();
    let (mut pieces, mut whole) = (parser(true), parser(true));
    let mut runs: [Run<'_>; 2] = [
        Box::new(move || read_in_pieces(&mut pieces, black_box(octets), 1)),
        Box::new(move || read(&mut whole, black_box(octets))),
    ];
    let times = by_turns(&mut runs);
    print_row("browser GET, octet by octet", times[0], "core, in one piece", times[1]);
}

fn print_row(work: &str, ours: Time, peer: &str, theirs: Time) {
    let ratio = theirs.ns / ours.ns;
    println!(
        r#"{{"suite":"core","work":"{work}","subject":"core","peer":"{peer}","ns":{:.2},"peerNs":{:.2},"ratio":{ratio:.4},"spread":{:.2},"peerSpread":{:.2}}}"#,
        ours.ns, theirs.ns, ours.spread, theirs.spread
    );
}

fn print_failed(work: &str, peer: &str, reason: &str) {
    println!(r#"{{"suite":"core","work":"{work}","subject":"core","peer":"{peer}","failed":{reason:?}}}"#);
}
