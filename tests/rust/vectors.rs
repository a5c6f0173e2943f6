//! Runs every vector of `tests/vectors` against the parser, whole and in every cut; see the README
//! there.

mod format_vector_files;
mod format_vectors;
mod outcome;
mod splits;
mod vector_files;

use std::io::{self, Write};

use h1wire::{Code, Error, Leniency, Parser, Policy};
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

/// An error names the leniencies that permit what is at fault, each by itself: with one that it names something else is
/// wrong, or nothing; with one that it does not name, nothing behind the fault is reached.
#[test]
fn an_error_names_the_leniencies_that_permit_what_is_at_fault() {
    let mut named = 0;
    for vector in vector_files::read().iter().flat_map(|file| &file.vectors) {
        let policy = vector.options.policy();
        let Some(error) = error(vector, policy) else { continue };
        let is_cut_short = matches!(error.code, Code::TruncatedHead | Code::TruncatedBody | Code::TruncatedChunks);
        for leniency in Leniency::ALL.iter().filter(|one| !policy.lenient.has(**one)) {
            let then = error_under(vector, policy, *leniency);
            let shown = || format!("{}, {}: {error:?}, and then {then:?}", vector.name, leniency.name());
            if error.leniencies.has(*leniency) {
                named += 1;
                // Whether a line may be dropped is known only at its end: it may still turn out to name framing.
                let is_same = then.is_some_and(|then| (then.code, then.offset) == (error.code, error.offset));
                assert!(!is_same || *leniency == Leniency::BadFieldLines, "{}", shown());
            } else {
                // What ends too early is at no fault that a leniency could permit.
                let is_past = then.is_none_or(|then| then.offset > error.offset);
                assert!(!is_past || is_cut_short, "{}", shown());
            }
        }
    }
    assert!(named > 200, "{named}");
}

fn error_under(vector: &Vector, policy: Policy, leniency: Leniency) -> Option<Error> {
    error(vector, policy.lenient(policy.lenient.with(leniency)))
}

fn error(vector: &Vector, policy: Policy) -> Option<Error> {
    let mut parser = parser(vector, policy);
    outcome(&mut parser, &[&vector.input.0.0], Feeding { end: vector.end, resume: vector.resume, skip: false });
    parser.error()
}
