//! The core's parser beside httparse, on the same octets in the same run.
//!
//! The work is not the same: our rows also decide on framing, Host and persistence, check the
//! request-target and number the known field names, which httparse leaves to its caller. criterion
//! times each alone; the table at the end times both in turn, and its ratios are the ones to go by.

mod inputs;
mod table;

use std::{hint::black_box, mem::MaybeUninit};

use criterion::{Criterion, Throughput, criterion_group};
use h1wire::{parser::Parser, policy::Policy};
use table::Row;

/// Name, octets, whether they are a request, and how many messages they hold.
fn heads() -> [(&'static str, Vec<u8>, bool, usize); 6] {
    [
        ("browser GET", inputs::browser_get(), true, 1),
        ("small GET", inputs::small_get(), true, 1),
        ("API response", inputs::api_response(), false, 1),
        ("2 KiB cookies", inputs::cookies(), true, 1),
        ("100 pipelined", inputs::pipelined(), true, 100),
        ("64 KiB head", inputs::large_head(), true, 1),
    ]
}

/// Name, octets, and how many chunks they hold.
fn chunked() -> [(String, Vec<u8>, usize); 3] {
    [16, 1024, 65_536]
        .map(|size| (format!("1 MiB in chunks of {size}"), inputs::chunked(1 << 20, size), (1 << 20) / size))
}

fn each_alone(criterion: &mut Criterion) {
    for (name, octets, request, _) in heads() {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(octets.len() as u64));
        group.bench_function("h1wire", |bencher| {
            let mut parser = parser(request);
            bencher.iter(|| read(&mut parser, &octets));
        });
        group.bench_function("httparse", |bencher| bencher.iter(|| read_with_httparse(&octets, request)));
    }
    for (name, octets, _) in chunked() {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(octets.len() as u64));
        group.bench_function("h1wire", |bencher| {
            let mut parser = parser(false);
            bencher.iter(|| read(&mut parser, &octets));
        });
        group.bench_function("httparse", |bencher| bencher.iter(|| read_chunks_with_httparse(&octets)));
    }
    // An octet at a time: the cost must grow with the octets and no faster.
    let octets = inputs::browser_get();
    let mut group = criterion.benchmark_group("browser GET, octet by octet");
    group.throughput(Throughput::Bytes(octets.len() as u64));
    group.bench_function("h1wire", |bencher| {
        let mut parser = parser(true);
        bencher.iter(|| octets.chunks(1).for_each(|octet| read(&mut parser, octet)));
    });
}

fn in_turn() {
    let (heads, chunked, single) = (heads(), chunked(), &inputs::browser_get());
    let mut rows = Vec::new();
    for (name, octets, request, messages) in &heads {
        let mut parser = parser(*request);
        rows.push(Row {
            name: name.to_string(),
            units: *messages,
            unit: "message",
            ours: Box::new(move || read(&mut parser, black_box(octets))),
            theirs: Some(Box::new(|| read_with_httparse(black_box(octets), *request))),
        });
    }
    for (name, octets, chunks) in &chunked {
        let mut parser = parser(false);
        rows.push(Row {
            name: name.clone(),
            units: *chunks,
            unit: "chunk",
            ours: Box::new(move || read(&mut parser, black_box(octets))),
            theirs: Some(Box::new(|| read_chunks_with_httparse(black_box(octets)))),
        });
    }
    let mut parser = parser(true);
    rows.push(Row {
        name: "browser GET, octet by octet".into(),
        units: single.len(),
        unit: "octet",
        ours: Box::new(move || black_box(single).chunks(1).for_each(|octet| read(&mut parser, octet))),
        theirs: None,
    });
    table::print(rows);
}

fn parser(request: bool) -> Parser {
    if request { Parser::request(Policy::default()) } else { Parser::response(Policy::default()) }
}

#[inline(never)]
fn read(parser: &mut Parser, octets: &[u8]) {
    let mut at = 0;
    while let Some(event) = parser.poll(octets, &mut at).expect("the inputs are valid") {
        black_box(&event);
    }
    assert_eq!(at, octets.len());
}

/// The way that costs httparse least: headers that nobody initialises.
#[inline(never)]
fn read_with_httparse(octets: &[u8], request: bool) {
    let mut rest = octets;
    while !rest.is_empty() {
        let mut headers = [const { MaybeUninit::uninit() }; 256];
        let used = if request {
            let mut head = httparse::Request::new(&mut []);
            let used = head.parse_with_uninit_headers(rest, &mut headers).expect("the inputs are valid").unwrap();
            black_box(&head);
            used
        } else {
            read_response_head(rest, &mut headers) + 1024
        };
        rest = &rest[used..];
    }
}

/// A head, chunk sizes, and steps over the data.
#[inline(never)]
fn read_chunks_with_httparse(octets: &[u8]) {
    let mut at = read_response_head(octets, &mut [const { MaybeUninit::uninit() }; 256]);
    loop {
        let (used, size) = httparse::parse_chunk_size(&octets[at..]).expect("the inputs are valid").unwrap();
        let start = at + used;
        at = start + size as usize + 2;
        black_box(&octets[start..at - 2]);
        if size == 0 {
            break;
        }
    }
    assert_eq!(at, octets.len());
}

fn read_response_head<'a>(octets: &'a [u8], headers: &mut [MaybeUninit<httparse::Header<'a>>]) -> usize {
    let mut head = httparse::Response::new(&mut []);
    let used = httparse::ParserConfig::default()
        .parse_response_with_uninit_headers(&mut head, octets, headers)
        .expect("the inputs are valid")
        .unwrap();
    black_box(&head);
    used
}

criterion_group!(benches, each_alone);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    // A run as a test, or of some rows only, measures nothing that is worth a table.
    if std::env::args().skip(1).all(|argument| argument == "--bench") {
        in_turn();
    }
}
