//! The core's parser beside httparse, on the same octets in the same run.
//!
//! The work is not the same: our rows also decide on framing, Host and persistence and number the
//! known field names, which httparse leaves to its caller. Chunked bodies are ours alone.

mod inputs;

use std::{hint::black_box, mem::MaybeUninit};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use h1wire::{parser::Parser, policy::Policy};

fn heads(criterion: &mut Criterion) {
    let cases = [
        ("browser GET", inputs::browser_get(), true),
        ("small GET", inputs::small_get(), true),
        ("API response", inputs::api_response(), false),
        ("2 KiB cookies", inputs::cookies(), true),
        ("100 pipelined", inputs::pipelined(), true),
        ("64 KiB head", inputs::large_head(), true),
    ];
    for (name, octets, request) in cases {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(octets.len() as u64));
        group.bench_function("h1wire", |bencher| {
            let mut parser =
                if request { Parser::request(Policy::default()) } else { Parser::response(Policy::default()) };
            bencher.iter(|| read(&mut parser, &octets));
        });
        group.bench_function("httparse", |bencher| bencher.iter(|| read_with_httparse(&octets, request)));
    }
}

fn chunked(criterion: &mut Criterion) {
    for size in [16, 1024, 65_536] {
        let octets = inputs::chunked(1 << 20, size);
        let mut group = criterion.benchmark_group(format!("1 MiB in chunks of {size}"));
        group.throughput(Throughput::Bytes(octets.len() as u64));
        group.bench_function("h1wire", |bencher| {
            let mut parser = Parser::response(Policy::default());
            bencher.iter(|| read(&mut parser, &octets));
        });
    }
}

/// The browser's GET an octet at a time: the cost must grow with the octets and no faster.
fn single_octets(criterion: &mut Criterion) {
    let octets = inputs::browser_get();
    let mut group = criterion.benchmark_group("browser GET, octet by octet");
    group.throughput(Throughput::Bytes(octets.len() as u64));
    group.bench_function("h1wire", |bencher| {
        let mut parser = Parser::request(Policy::default());
        bencher.iter(|| octets.chunks(1).for_each(|octet| read(&mut parser, octet)));
    });
}

fn read(parser: &mut Parser, octets: &[u8]) {
    let mut at = 0;
    while let Some(event) = parser.poll(octets, &mut at).expect("the inputs are valid") {
        black_box(event);
    }
    assert_eq!(at, octets.len());
}

/// The way that costs httparse least: headers that nobody initialises.
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
            let mut head = httparse::Response::new(&mut []);
            let used = httparse::ParserConfig::default()
                .parse_response_with_uninit_headers(&mut head, rest, &mut headers)
                .expect("the inputs are valid")
                .unwrap();
            black_box(&head);
            used + 1024
        };
        rest = &rest[used..];
    }
}

criterion_group!(benches, heads, chunked, single_octets);
criterion_main!(benches);
