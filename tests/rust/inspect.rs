//! What must hold of the inspector for any input: leaves cover every octet once, nodes lie in one another, nothing
//! depends on the cut, and the first fault is the one that a strict parser ends at.

mod messages;
mod outcome;
mod vector_files;

use std::collections::BTreeSet;

use h1wire::{
    Method,
    error::Code,
    inspect::{Finding, Inspector, Item, NodeKind, StreamKind, findings::What},
    parser::Parser,
    policy::{Leniency, Policy},
};
use messages::{Message, any_message, mutations, stream};
use outcome::{Event, Feeding, outcome};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use vector_files::{Role, Vector};

/// What an inspector told: nodes and messages in order with their text, and findings by their place.
#[derive(Debug, PartialEq)]
struct Told {
    nodes: Vec<(Item, Vec<u8>)>,
    findings: Vec<Finding>,
    /// In the order in which they were met.
    faults: Vec<(Code, u64)>,
}

fn inspect(kind: StreamKind, policy: Policy, methods: &[Method], pieces: &[&[u8]]) -> Told {
    let mut inspector = Inspector::new(kind, policy);
    methods.iter().for_each(|method| inspector.expect(*method));
    let mut told = Told { nodes: Vec::new(), findings: Vec::new(), faults: Vec::new() };
    for piece in pieces {
        let mut at = 0;
        while let Some(item) = inspector.poll(piece, &mut at) {
            told.take(item, inspector.text());
        }
        assert_eq!(at, piece.len(), "a piece is read to its end");
    }
    while let Some(item) = inspector.finish() {
        told.take(item, inspector.text());
    }
    told.findings.sort_by_key(|finding| {
        (finding.start, finding.end, finding.what.row().name, finding.difference.map(|one| one.profile))
    });
    told
}

impl Told {
    fn take(&mut self, item: Item, text: &[u8]) {
        let span = match item {
            Item::Leaf { text, .. } | Item::Close { text, .. } => text,
            Item::Finding(finding) => {
                if let What::Fault(code) = finding.what {
                    self.faults.push((code, finding.start));
                }
                return self.findings.push(finding);
            }
            _ => None,
        };
        let text = span.map(|span| text[span.start as usize..(span.start + span.length) as usize].to_vec());
        // Where text lies in the inspector depends on the cut.
        let item = match item {
            Item::Leaf { kind, start, end, .. } => Item::Leaf { kind, start, end, text: None },
            Item::Close { kind, end, .. } => Item::Close { kind, end, text: None },
            other => other,
        };
        self.nodes.push((item, text.unwrap_or_default()));
    }

    fn is_switched_at(&self, offset: u64) -> bool {
        self.nodes.iter().any(|(item, _)| {
            matches!(*item, Item::Leaf { kind: NodeKind::Switched, start, end, .. } if (start..end).contains(&offset))
        })
    }

    /// Leaves one behind the other from 0 to `length`, and nodes properly nested.
    fn check_cover(&self, length: u64) -> Result<(), TestCaseError> {
        let mut at = 0;
        let mut open = Vec::new();
        for (item, text) in &self.nodes {
            match *item {
                Item::Open { start, .. } => {
                    prop_assert_eq!(start, at, "a node begins behind the last leaf");
                    open.push(start);
                }
                Item::Leaf { start, end, kind, .. } => {
                    prop_assert_eq!(start, at, "{:?} begins behind the last leaf", kind);
                    prop_assert!(end >= start);
                    prop_assert!(text.is_empty() || text.len() as u64 <= end - start);
                    at = end;
                }
                Item::Close { end, .. } => {
                    prop_assert_eq!(end, at, "a node ends behind the last leaf");
                    prop_assert!(open.pop().is_some(), "what is closed was opened");
                }
                Item::Message(message) => {
                    prop_assert!(message.start <= message.head_end && message.head_end <= message.end);
                }
                Item::Finding(_) => {}
            }
        }
        prop_assert!(open.is_empty(), "every node is closed");
        prop_assert_eq!(at, length, "every octet lies in a leaf");
        for finding in &self.findings {
            prop_assert!(finding.start <= finding.end && finding.start <= length);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn valid_messages(messages in any_message().prop_flat_map(|first| vec(messages::like(&first), 1..4))) {
        let kind = if messages[0].is_request() { StreamKind::Request } else { StreamKind::Response };
        let told = inspect(kind, Policy::default(), &[], &[&stream(&messages)]);
        prop_assert_eq!(&told.faults, &[]);
        let ends = messages.iter().flat_map(Message::events).filter(|event| matches!(event, Event::End(_))).count();
        let whole = told.nodes.iter().filter(|(item, _)| matches!(item, Item::Message(message) if message.whole)).count();
        prop_assert_eq!(whole, ends);
    }

    #[test]
    fn a_mutated_stream(
        message in any_message(),
        mutations in mutations(),
        cuts in vec(any::<Index>(), 0..12),
        kind in kind(),
        policy in messages::policy(),
    ) {
        let mut input = stream(&[message.clone(), message.clone()]);
        for mutation in &mutations {
            mutation.apply(&mut input);
        }
        let kind = kind.unwrap_or(if message.is_request() { StreamKind::Request } else { StreamKind::Response });
        check(&input, &cuts, kind, policy)?;
    }

    #[test]
    fn requests_and_responses(
        all in vec((any_message(), mutations()), 0..4),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let mut input = Vec::new();
        for (message, mutations) in &all {
            let mut octets = stream(std::slice::from_ref(message));
            mutations.iter().for_each(|mutation| mutation.apply(&mut octets));
            input.extend(octets);
        }
        check(&input, &cuts, StreamKind::Auto, Policy::default())?;
    }

    #[test]
    fn messages_that_readers_differ_on(input in disputed(), cuts in vec(any::<Index>(), 0..3), kind in kind()) {
        check(&input, &cuts, kind.unwrap_or(StreamKind::Request), Policy::default())?;
    }

    #[test]
    fn random_octets(
        input in vec(messages::likely_octet(), 0..96),
        cuts in vec(any::<Index>(), 0..8),
        kind in kind(),
        policy in messages::policy(),
    ) {
        check(&input, &cuts, kind.unwrap_or(StreamKind::Request), policy)?;
    }
}

/// Messages in a row that readers differ on: where one of them sees a body end, the next message may lie around it.
fn disputed() -> impl Strategy<Value = Vec<u8>> {
    let start = select(vec!["GET / HTTP/1.1\r\nHost:a\r\n", "HTTP/1.1 200 O\r\n"]);
    let framing = select(vec![
        "",
        "Content-Length:5\r\n",
        "Content-Length:5\r\nTransfer-Encoding:chunked\r\n",
        "Content-Length:5,9\r\n",
        "Content-Length: 3,\r\n 30\r\n",
        "Transfer-Encoding : chunked\r\n",
    ]);
    let broken = select(vec!["", "", "a\n", "a: b\n", "\0: b\r\n"]);
    let end = select(vec!["\r\n", "\r\n", "\n"]);
    let body = select(vec!["", "llo", "l", "0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n"]);
    let message = (start, framing, broken, end, body);
    let message = message.prop_map(|(start, framing, broken, end, body)| [start, framing, broken, end, body].concat());
    vec(message, 2..5).prop_map(|messages| messages.concat().into_bytes())
}

/// PROPTEST_CASES, where it is set, says how many cases instead.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases * 4, failure_persistence: None, ..default }
}

fn kind() -> impl Strategy<Value = Option<StreamKind>> {
    prop_oneof![6 => Just(None), 1 => Just(Some(StreamKind::Request)), 1 => Just(Some(StreamKind::Response)), 2 => Just(Some(StreamKind::Auto))]
}

fn check(input: &[u8], cuts: &[Index], kind: StreamKind, policy: Policy) -> Result<(), TestCaseError> {
    let whole = inspect(kind, policy, &[], &[input]);
    whole.check_cover(input.len() as u64)?;
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    for pieces in [octets, cut(input, cuts)] {
        prop_assert_eq!(&inspect(kind, policy, &[], &pieces), &whole);
    }
    if kind != StreamKind::Auto {
        check_first_fault(&whole, input, kind, policy)?;
    }
    Ok(())
}

/// What a parser ends at is the first thing found at fault; where HTTP has ended, nobody can tell.
fn check_first_fault(told: &Told, input: &[u8], kind: StreamKind, policy: Policy) -> Result<(), TestCaseError> {
    let mut parser = if kind == StreamKind::Request { Parser::request(policy) } else { Parser::response(policy) };
    let outcome = outcome(&mut parser, &[input], Feeding { end: true, ..Feeding::default() });
    let fault = outcome.fault.map(|fault| (fault.code, fault.offset));
    if outcome.events.iter().any(|event| matches!(event, Event::Upgrade(_))) {
        let met = told.faults.first().filter(|(_, offset)| *offset < parser.offset());
        prop_assert_eq!(met, None);
        return Ok(());
    }
    prop_assert_eq!(told.faults.first().copied(), fault);
    Ok(())
}

/// Readers that differ on a message read what comes behind it, up to a head that others differ on: all of that head, however
/// it came.
#[test]
fn other_readers_see_what_was_read_before_their_message_is_left() {
    let first = "T / HTTP/1.1\r\nTransfer-Encoding:chunked\r\nHost:\r\nContent-Length:5\r\n\r\nllo";
    let behind =
        ["GET / HTTP/1.1\r\na\n\n", "GET / HTTP/1.1\r\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"];
    for input in behind.map(|second| format!("{first}{second}'").into_bytes()) {
        for kind in [StreamKind::Request, StreamKind::Auto] {
            let whole = inspect(kind, Policy::default(), &[], &[&input]);
            assert!(whole.findings.iter().any(|finding| finding.difference.is_some()));
            for at in 0..=input.len() {
                let pieces = [&input[..at], &input[at..]];
                let told = inspect(kind, Policy::default(), &[], &pieces);
                assert_eq!(told, whole, "{} cut at {at}", input.escape_ascii());
            }
        }
    }
}

#[test]
fn a_line_that_is_dropped_is_a_leaf_of_its_own_with_its_finding() {
    let head = "HTTP/1.1 200 OK\r\n folded\r\nPHP Warning:  x\r\n\ty\r\nA: b\r\n c\r\nX = y\r\n";
    let input = format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n").into_bytes();
    let policy = Policy::default().lenient(Leniency::BadFieldLines);
    let expected = ["\u{20}folded", "PHP Warning:  x", "\ty", "X = y", "no colon"];
    let whole = inspect(StreamKind::Response, policy, &[], &[&input]);
    let leaves: Vec<_> = whole
        .nodes
        .iter()
        .filter_map(|(item, text)| match item {
            Item::Leaf { kind: NodeKind::DroppedLine, .. } => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(leaves, expected.map(|line| format!("{line}\r\n")));
    let found: Vec<_> = whole
        .findings
        .iter()
        .filter_map(|finding| match finding.what {
            What::Tolerated(Leniency::BadFieldLines) => Some(&input[finding.start as usize..finding.end as usize]),
            _ => None,
        })
        .collect();
    assert_eq!(found, expected.map(str::as_bytes));
    assert_eq!(whole.faults, []);
    for at in 0..=input.len() {
        assert_eq!(inspect(StreamKind::Response, policy, &[], &[&input[..at], &input[at..]]), whole, "cut at {at}");
    }
    let framing = b"HTTP/1.1 200 OK\r\nbad content-length\r\n\r\n";
    let refused = inspect(StreamKind::Response, policy, &[], &[framing]);
    assert_eq!(refused.faults, [(Code::SpaceBeforeColon, 20)]);
    assert!(refused.findings.iter().all(|finding| !matches!(finding.what, What::Tolerated(_))));
    let strict = inspect(StreamKind::Response, Policy::default(), &[], &[&input]);
    assert!(strict.nodes.iter().all(|(item, _)| !matches!(item, Item::Leaf { kind: NodeKind::DroppedLine, .. })));
}

/// The name of a leaf's kind, and its octets.
type Leaf = (&'static str, String);

/// The leaves of a chunk-size line, and the faults found in it.
fn chunk_line(line: &str) -> (Vec<Leaf>, Vec<(Code, u64)>) {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let input = format!("{head}{line}abcde\r\n0\r\n\r\n").into_bytes();
    let (start, end) = (head.len() as u64, (head.len() + line.len()) as u64);
    let told = inspect(StreamKind::Request, Policy::default(), &[], &[&input]);
    for at in 0..=input.len() {
        assert_eq!(inspect(StreamKind::Request, Policy::default(), &[], &[&input[..at], &input[at..]]), told);
    }
    let leaves = told.nodes.iter().filter_map(|(item, _)| match *item {
        Item::Leaf { kind, start: from, end: to, .. } if (start..end).contains(&from) => {
            Some((kind.name(), String::from_utf8_lossy(&input[from as usize..to as usize]).into_owned()))
        }
        _ => None,
    });
    let faults = told.faults.iter().map(|(code, at)| (*code, at - start)).collect();
    (leaves.collect(), faults)
}

#[test]
fn chunk_lines_are_taken_apart() {
    let leaves = |line: &str| {
        let (leaves, faults) = chunk_line(line);
        assert_eq!(faults, [], "{line:?}");
        leaves.iter().map(|(kind, text)| format!("{kind} {text:?}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(leaves("5\r\n"), r#"chunk-size "5", line-end "\r\n""#);
    assert_eq!(
        leaves("5 ; a = b ;c=\"\\\"\";d\r\n"),
        [
            r#"chunk-size "5", BWS " ", semicolon ";", BWS " ", chunk-ext-name "a", BWS " ", equals "=", BWS " ""#,
            r#"chunk-ext-val "b", BWS " ", semicolon ";", chunk-ext-name "c", equals "=", chunk-ext-val "\"\\\"\"""#,
            r#"semicolon ";", chunk-ext-name "d", line-end "\r\n""#,
        ]
        .join(", ")
    );
}

#[test]
fn a_chunk_line_at_fault_is_read_to_its_end() {
    for (line, expected, junk) in [
        ("5;a=\n", (Code::LoneLf, 4), ""),
        ("5;\n", (Code::LoneLf, 2), ""),
        ("5;a=\r\n", (Code::ChunkExtension, 4), ""),
        ("5 \r\n", (Code::ChunkExtension, 2), ""),
        ("5 x\r\n", (Code::ChunkExtension, 2), "x"),
        ("5x;a=b\r\n", (Code::ChunkSize, 1), "x;a=b"),
        ("5;a b;c\r\n", (Code::ChunkExtension, 4), "b;c"),
    ] {
        let (leaves, faults) = chunk_line(line);
        assert_eq!(faults, [expected], "{line:?}: {leaves:?}");
        assert_eq!(leaves.iter().map(|(_, text)| &text[..]).collect::<String>(), line, "the data follows the line");
        let found = leaves.iter().find(|(kind, _)| *kind == NodeKind::Junk.name());
        assert_eq!(found.map_or("", |(_, text)| text), junk, "{line:?}: {leaves:?}");
    }
}

#[test]
fn of_a_head_that_is_not_whole_nothing_is_said_that_another_said() {
    let input = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n";
    let told = inspect(StreamKind::Request, Policy::default(), &[], &[input]);
    let messages = told.nodes.iter().filter_map(|(item, _)| match item {
        Item::Message(message) => Some((message.number, message.whole, message.keep_alive)),
        _ => None,
    });
    assert_eq!(messages.collect::<Vec<_>>(), [(0, true, true), (1, false, false)]);
}

fn cut<'a>(input: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
    places.extend([0, input.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect()
}

/// What only the end of the input makes a fault.
const TRUNCATED: [Code; 3] = [Code::TruncatedHead, Code::TruncatedBody, Code::TruncatedChunks];

#[test]
fn every_vectors_fault_is_found_at_its_offset() {
    let (mut faults, mut clean, mut guessed) = (0, 0, 0);
    let files = vector_files::read();
    for (file, vector) in files.iter().flat_map(|file| file.vectors.iter().map(move |vector| (file, vector))) {
        let methods: Vec<Method> = vector.options.expected_methods().collect();
        let kind = if matches!(vector.role, Role::Request) { StreamKind::Request } else { StreamKind::Response };
        for (name, policy, expected) in vector.expectations() {
            let mut told = inspect(kind, policy, &methods, &[&vector.input.0.0]);
            if !vector.end {
                told.faults.retain(|(code, _)| !TRUNCATED.contains(code));
            }
            let switched = expected.events.iter().any(|event| matches!(event, Event::Upgrade(_)));
            if let Some(fault) = expected.fault {
                // A caller may know that a switch was declined; the inspector has to guess, and guesses wrongly where
                // what follows is no HTTP.
                if vector.resume && told.is_switched_at(fault.offset) {
                    guessed += 1;
                } else {
                    faults += 1;
                    let found = (fault.code, fault.offset);
                    assert_eq!(told.faults.first(), Some(&found), "{}: {} {name}: {told:?}", file.name, vector.name);
                }
            } else if !switched {
                clean += 1;
                assert_eq!(told.faults, [], "{} {name}", vector.name);
            }
            check_tolerated(vector, name, &expected.events, &told);
        }
    }
    assert!(faults > 4000 && clean > 1000 && guessed < 10, "{faults} faults, {clean} without one, {guessed} guessed");
}

/// Every leniency that is used is found where it is.
fn check_tolerated(vector: &Vector, policy: &str, events: &[Event], told: &Told) {
    for event in events {
        if let Event::Tolerated { name, offset } = event {
            let found = told.findings.iter().any(|finding| {
                matches!(finding.what, What::Tolerated(one) if one.name() == name && finding.start == *offset)
            });
            assert!(found, "{} {policy}: {name} at {offset} is not in {:?}", vector.name, told.findings);
        }
    }
}

#[test]
fn every_code_of_the_parser_and_every_leniency_is_found_in_the_vectors() {
    let mut codes = BTreeSet::new();
    let mut leniencies = BTreeSet::new();
    for vector in vector_files::read().iter().flat_map(|file| &file.vectors) {
        let kind = if matches!(vector.role, Role::Request) { StreamKind::Request } else { StreamKind::Response };
        for (_, policy, _) in vector.expectations() {
            let mut inspector = Inspector::new(kind, policy);
            vector.options.expected_methods().for_each(|method| inspector.expect(method));
            let mut at = 0;
            while let Some(item) = inspector.poll(&vector.input.0.0, &mut at).or_else(|| inspector.finish()) {
                let Item::Finding(finding) = item else { continue };
                match finding.what {
                    What::Fault(code) => _ = codes.insert(code.row().name),
                    What::Tolerated(leniency) => _ = leniencies.insert(leniency.name()),
                    What::Note(_) => {}
                }
            }
        }
    }
    // Those of a connection, of building messages and of sockets come behind them in the table.
    let parsers = Code::ALL.iter().take_while(|code| **code != Code::ResponseMissing);
    let missing: Vec<_> = parsers.map(|code| code.row().name).filter(|name| !codes.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
    assert_eq!(leniencies.len(), Leniency::ALL.len());
}
