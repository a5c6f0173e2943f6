//! What the core is measured with: messages, and one way to read them.

pub mod inputs;
pub mod works;

use std::hint::black_box;

use h1wire::{Event, Limits, Parser, Policy, policy::MAX_SECTION};

/// A parser of requests or of responses; its limits are the default ones.
pub fn parser(request: bool) -> Parser {
    if request { Parser::request(Policy::default()) } else { Parser::response(Policy::default()) }
}

/// The same with limits that are nearly out of reach.
pub fn generous_parser(request: bool) -> Parser {
    let policy = Policy::default().limits(generous_limits());
    if request { Parser::request(policy) } else { Parser::response(policy) }
}

/// Limits that are nearly out of reach.
pub fn generous_limits() -> Limits {
    Limits::default()
        .max_start_line(u64::MAX)
        .max_head_size(MAX_SECTION)
        .max_fields(u64::MAX)
        .max_trailer_size(MAX_SECTION)
        .max_trailer_fields(u64::MAX)
        .max_chunk_extensions(u64::MAX)
}

/// Reads all the octets in pieces of so many.
///
/// # Panics
/// Where they are no valid messages, or not whole ones.
pub fn read_in_pieces(parser: &mut Parser, octets: &[u8], piece: usize) {
    octets.chunks(piece).for_each(|piece| read(parser, piece));
}

/// Reads all the octets at once.
///
/// # Panics
/// Where they are not valid.
pub fn read(parser: &mut Parser, octets: &[u8]) {
    poll(parser, octets, None);
}

/// How much of names, values and bodies there is in the events: what every parser that is compared has to tell.
///
/// # Panics
/// As [`read`].
pub fn told(parser: &mut Parser, octets: &[u8]) -> usize {
    let mut told = 0;
    poll(
        parser,
        octets,
        Some(&mut |event| {
            told += match event {
                Event::Request(request) => fields(request.head.section.iter()),
                Event::Response(response) => fields(response.head.section.iter()),
                Event::End(trailers) => fields(trailers.iter()),
                Event::Body(data) => data.len(),
                _ => 0,
            };
        }),
    );
    told
}

/// There is one place that reads, as in a program: only then does the compiler put the parser's quick ways into it.
#[inline(never)]
fn poll(parser: &mut Parser, octets: &[u8], mut tell: Option<&mut dyn FnMut(&Event<'_>)>) {
    let mut at = 0;
    while let Some(event) = parser.poll(octets, &mut at).expect("the inputs are valid") {
        match &mut tell {
            Some(tell) => tell(&event),
            None => _ = black_box(&event),
        }
    }
    assert_eq!(at, octets.len());
}

fn fields<'a>(lines: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> usize {
    lines.map(|(name, value)| name.len() + value.len()).sum()
}
