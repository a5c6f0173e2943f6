//! httparse splits start-lines, field lines and chunk sizes; framing is its caller's, and here no work: what lies between
//! is known. Headers that nobody initialises cost it least.

use std::{hint::black_box, mem::MaybeUninit};

use httparse::{Header, ParserConfig, Request, Response, parse_chunk_size};

const FIELDS: usize = 256;

/// Reads requests without bodies, or one response with a body of so many octets; if asked to count, returns the octets of
/// names, values and bodies.
#[inline(never)]
pub(crate) fn read(octets: &[u8], request: bool, body: usize, counted: bool) -> usize {
    let mut rest = octets;
    let mut told = 0;
    while !rest.is_empty() {
        let mut headers = [const { MaybeUninit::uninit() }; FIELDS];
        let used = if request {
            let mut head = Request::new(&mut []);
            let used = head.parse_with_uninit_headers(rest, &mut headers).expect("the inputs are valid").unwrap();
            black_box(&head);
            told += if counted { count(head.headers) } else { 0 };
            used
        } else {
            let (used, in_head) = read_response_head(rest, &mut headers, counted);
            black_box(&rest[used..used + body]);
            told += in_head + body;
            used + body
        };
        rest = &rest[used..];
    }
    told
}

/// A head, chunk sizes, and steps over the data.
#[inline(never)]
pub(crate) fn read_chunks(octets: &[u8], counted: bool) -> usize {
    let (mut at, mut told) = read_response_head(octets, &mut [const { MaybeUninit::uninit() }; FIELDS], counted);
    loop {
        let (used, size) = parse_chunk_size(&octets[at..]).expect("the inputs are valid").unwrap();
        let start = at + used;
        at = start + size as usize + 2;
        told += black_box(&octets[start..at - 2]).len();
        if size == 0 {
            break;
        }
    }
    assert_eq!(at, octets.len());
    told
}

fn read_response_head<'a>(octets: &'a [u8], headers: &mut [MaybeUninit<Header<'a>>], counted: bool) -> (usize, usize) {
    let mut head = Response::new(&mut []);
    let used = ParserConfig::default()
        .parse_response_with_uninit_headers(&mut head, octets, headers)
        .expect("the inputs are valid")
        .unwrap();
    black_box(&head);
    (used, if counted { count(head.headers) } else { 0 })
}

fn count(headers: &[Header<'_>]) -> usize {
    headers.iter().map(|field| field.name.len() + field.value.len()).sum()
}
