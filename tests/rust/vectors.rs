//! Runs every vector of `tests/vectors` against the parser, whole and in every cut; see the README
//! there.

mod outcome;
mod vector_files;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use h1wire::parser::Parser;
use outcome::{Feeding, outcome};
use vector_files::{Role, Vector};

/// Up to this length an input is cut everywhere.
const SHORT: usize = 2048;
/// Longer ones are cut this close to line ends, their own ends and their fault.
const NEAR: usize = 64;

#[test]
fn vectors_in_every_cut() {
    let files = vector_files::read();
    let held: usize = files.iter().map(|file| file.vectors.len()).sum();
    let (mut run, mut splits, mut failed) = (0, 0, 0);
    for file in &files {
        for vector in &file.vectors {
            run += 1;
            let mut faults = Vec::new();
            splits += check(vector, &mut faults);
            if !faults.is_empty() {
                failed += 1;
                eprintln!("FAILED {}: {} ({} cuts)\n{}", file.name, vector.name, faults.len(), faults[0]);
            }
        }
    }
    // Written past the test harness, which would swallow it.
    let passed = run - failed;
    writeln!(io::stdout(), "conformance rust: {run} vectors, {splits} splits, {passed} passed, {failed} failed")
        .unwrap();
    assert!(run == held && run > 0, "{run} vectors were run of {held}");
    assert_eq!(failed, 0, "vectors failed");
}

/// Runs a vector in all its cuts; returns how many there were.
fn check(vector: &Vector, faults: &mut Vec<String>) -> usize {
    let expected = vector.expected();
    let mut splits = 0;
    let mut run = |label: &str, pieces: &[&[u8]], skip: bool| {
        splits += 1;
        let feeding = Feeding { end: vector.end, resume: vector.resume, skip };
        let got = outcome(&mut parser(vector), pieces, feeding);
        if got != expected {
            faults.push(format!("  {label}\n  expected {expected:?}\n  got      {got:?}"));
        }
    };
    let input = &vector.input.0.0;
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    let spaced: Vec<&[u8]> = octets.iter().flat_map(|octet| [&[][..], octet]).chain([&[][..]]).collect();
    run("whole", &[input], false);
    run("whole, body skipped", &[input], true);
    run("octet by octet", &octets, false);
    run("octet by octet, body skipped", &octets, true);
    run("octet by octet, empty chunks between", &spaced, false);
    for cut in cuts(vector) {
        let (left, right) = input.split_at(cut);
        run(&format!("cut at {cut}"), &[left, right], false);
        run(&format!("cut at {cut}, an empty chunk between"), &[left, &[], right], false);
    }
    splits
}

fn parser(vector: &Vector) -> Parser {
    let policy = vector.options.policy();
    let mut parser = match vector.role {
        Role::Request => Parser::request(policy),
        Role::Response => Parser::response(policy),
    };
    for method in vector.options.expected_methods() {
        parser.expect(method);
    }
    parser
}

fn cuts(vector: &Vector) -> BTreeSet<usize> {
    let input = &vector.input.0.0;
    if input.len() <= SHORT {
        return (1..input.len()).collect();
    }
    let line_ends = (0..input.len()).filter(|index| matches!(input[*index], b'\r' | b'\n'));
    let fault = vector.error.iter().map(|error| error.offset as usize);
    let near = |place: usize| place.saturating_sub(NEAR).max(1)..(place + NEAR).min(input.len());
    line_ends.chain(fault).chain([0, input.len()]).flat_map(near).collect()
}
