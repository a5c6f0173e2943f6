//! What holds for every stream: events in their order, views that lie where they say, everything
//! consumed or handed over, and faults inside of what was fed.

use h1wire::{Event, Parser, Policy, event::Section, plumbing::Lines};

/// Reads octets as requests.
pub fn request(input: &[u8]) {
    read(Parser::request(Policy::default()), input);
}

/// Reads octets as responses, each the answer to a GET.
pub fn response(input: &[u8]) {
    read(Parser::response(Policy::default()), input);
}

/// Which event may come next.
#[derive(PartialEq)]
enum Next {
    Head,
    BodyOrEnd,
    Nothing,
}

fn read(mut parser: Parser, input: &[u8]) {
    let mut at = 0;
    let mut next = Next::Head;
    let fault = loop {
        let before = at;
        match parser.poll(input, &mut at) {
            Ok(Some(event)) => {
                assert!(before <= at && at <= input.len(), "at {at}, before that {before}");
                next = check(&event, next, input, at);
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    if fault.is_none() {
        assert!(at == input.len() || next == Next::Nothing, "octets were left at {at}");
        assert_eq!(parser.offset(), at as u64);
    }
    let fault = fault.or_else(|| {
        while let Some(event) = parser.finish().transpose() {
            match event {
                Ok(Event::End(_)) if next == Next::BodyOrEnd => next = Next::Head,
                Ok(event) => panic!("{event:?} at the end of input"),
                Err(error) => return Some(error),
            }
        }
        assert!(next != Next::BodyOrEnd, "a message has no end");
        None
    });
    if let Some(error) = fault {
        assert!(error.offset <= input.len() as u64, "{error} lies outside");
        assert_eq!(error.octet, input.get(error.offset as usize).copied());
        assert_eq!(parser.poll(b"x", &mut 0).map(|_| ()), Err(error), "a fault is told again");
        assert_eq!(parser.passable(), 0);
    }
}

fn check(event: &Event<'_>, next: Next, input: &[u8], at: usize) -> Next {
    match event {
        Event::Request(request) => {
            assert!(next == Next::Head);
            check_section(&request.head.section, input);
            Next::BodyOrEnd
        }
        Event::Response(response) => {
            assert!(next == Next::Head);
            assert!((100..=999).contains(&response.status()));
            check_section(&response.head.section, input);
            Next::BodyOrEnd
        }
        Event::Body(data) => {
            assert!(next == Next::BodyOrEnd && !data.is_empty());
            assert!(std::ptr::eq(*data, &input[at - data.len()..at]), "body data ends where the parser stands");
            Next::BodyOrEnd
        }
        Event::End(trailers) => {
            assert!(next == Next::BodyOrEnd);
            check_section(trailers, input);
            Next::Head
        }
        Event::Upgrade => {
            assert!(next == Next::Head);
            Next::Nothing
        }
        other => panic!("{other:?}: nothing is tolerated by default"),
    }
}

fn check_section(section: &Section<'_>, input: &[u8]) {
    let Lines { text, in_chunk, .. } = Lines::of(section);
    if let Some(start) = in_chunk {
        assert!(std::ptr::eq(text, &input[start..start + text.len()]));
    }
    for (name, value) in section.iter() {
        assert!(!name.is_empty() && name.iter().all(|octet| octet.is_ascii_graphic()));
        assert!(value.iter().all(|octet| *octet == b'\t' || *octet >= b' ' && *octet != 0x7F));
        assert!(
            ![value.first(), value.last()].iter().flatten().any(|octet| matches!(octet, b' ' | b'\t')),
            "{value:?}"
        );
    }
}
