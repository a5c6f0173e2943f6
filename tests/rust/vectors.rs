//! Runs every vector of `tests/vectors` against the parser, whole and in every cut; see the README
//! there.

mod outcome;
mod vector_files;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use h1wire::{
    parser::Parser,
    policy::{Leniencies, Leniency, Policy},
};
use outcome::{Feeding, Outcome, outcome};
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

/// Runs a vector in all its ways under all its policies; returns how many runs there were.
fn check(vector: &Vector, faults: &mut Vec<String>) -> usize {
    let (ways, expectations) = (ways(vector), expectations(vector));
    for (name, policy, expected) in &expectations {
        for Way { label, pieces, skip } in &ways {
            let feeding = Feeding { end: vector.end, resume: vector.resume, skip: *skip };
            let got = outcome(&mut parser(vector, *policy), pieces, feeding);
            if got != *expected {
                faults.push(format!("  {name} {label}\n  expected {expected:?}\n  got      {got:?}"));
            }
        }
    }
    ways.len() * expectations.len()
}

/// The policies a vector runs under, each with its name and the outcome asked for. One with `under`
/// runs strictly, under each leniency alone and under the preset.
fn expectations(vector: &Vector) -> Vec<(&'static str, Policy, Outcome)> {
    let policy = vector.options.policy();
    if vector.under.is_none() {
        return vec![("", policy, vector.expected())];
    }
    let alone = Leniency::ALL.iter().map(|one| (one.name(), Leniencies::STRICT.with(*one)));
    [("strict", Leniencies::STRICT), ("node-insecure", Leniencies::node_insecure())]
        .into_iter()
        .chain(alone)
        .map(|(name, lenient)| (name, Policy { lenient, ..policy }, vector.expected_under(name)))
        .collect()
}

fn parser(vector: &Vector, policy: Policy) -> Parser {
    let mut parser = match vector.role {
        Role::Request => Parser::request(policy),
        Role::Response => Parser::response(policy),
    };
    for method in vector.options.expected_methods() {
        parser.expect(method);
    }
    parser
}

/// One way to feed an input.
struct Way<'input> {
    label: String,
    pieces: Vec<&'input [u8]>,
    skip: bool,
}

/// All the ways to feed a vector's input.
fn ways(vector: &Vector) -> Vec<Way<'_>> {
    let input = &vector.input.0.0[..];
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    let spaced = octets.iter().flat_map(|octet| [&[][..], octet]).chain([&[][..]]).collect();
    let way = |label: &str, pieces, skip| Way { label: label.into(), pieces, skip };
    let mut ways = vec![
        way("whole", vec![input], false),
        way("whole, body skipped", vec![input], true),
        way("octet by octet", octets.clone(), false),
        way("octet by octet, body skipped", octets, true),
        way("octet by octet, empty chunks between", spaced, false),
    ];
    for cut in cuts(vector) {
        let (left, right) = input.split_at(cut);
        ways.push(way(&format!("cut at {cut}"), vec![left, right], false));
        ways.push(way(&format!("cut at {cut}, an empty chunk between"), vec![left, &[], right], false));
    }
    ways
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
