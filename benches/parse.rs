//! The core's parser beside httparse, on the same octets in the same run.
//!
//! The work is not the same: our rows also decide on framing, Host and persistence and number the
//! known field names, which httparse leaves to its caller. Chunked bodies are ours alone.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use h1wire::{parser::Parser, policy::Policy};

fn heads(criterion: &mut Criterion) {
    let cases = [
        ("browser GET", inputs::browser_get(), true),
        ("small GET", inputs::small_get(), true),
        ("API response", inputs::api_response(), false),
        ("2 KiB cookies", inputs::cookies(), true),
        ("100 pipelined", inputs::pipelined(), true),
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

fn read(parser: &mut Parser, octets: &[u8]) {
    let mut at = 0;
    while let Some(event) = parser.poll(octets, &mut at).expect("the inputs are valid") {
        black_box(event);
    }
    assert_eq!(at, octets.len());
}

fn read_with_httparse(octets: &[u8], request: bool) {
    let mut rest = octets;
    while !rest.is_empty() {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let used = if request {
            let mut head = httparse::Request::new(&mut headers);
            let used = head.parse(rest).expect("the inputs are valid").unwrap();
            black_box(&head);
            used
        } else {
            let mut head = httparse::Response::new(&mut headers);
            let used = head.parse(rest).expect("the inputs are valid").unwrap();
            black_box(&head);
            used + 1024
        };
        rest = &rest[used..];
    }
}

criterion_group!(benches, heads, chunked);
criterion_main!(benches);
