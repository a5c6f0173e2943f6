//! Runs every vector of `tests/vectors` against the parser, whole and in every cut; see the README
//! there.

mod format_vector_files;
mod format_vectors;
mod outcome;
mod splits;
mod vector_files;

use std::io::{self, Write};

use h1wire::{parser::Parser, policy::Policy};
use outcome::{Feeding, outcome};
use splits::{Way, ways};
use vector_files::{Role, Vector};

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
    let (ways, expectations) = (ways(&vector.input.0.0, fault(vector)), vector.expectations());
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

fn fault(vector: &Vector) -> Option<usize> {
    vector.error.as_ref().map(|error| error.offset as usize)
}
