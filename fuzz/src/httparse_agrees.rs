//! The first head as httparse reads it. Where both accept, they read the same; what we accept it
//! accepts, but for what it does not know; what it accepts we refuse only for rules that it leaves to
//! its caller, or line ends.

use h1wire::{Code, Error, Event, Parser, Policy, plumbing::Lines};

type Fields = Vec<(Vec<u8>, Vec<u8>)>;

/// A head: start-line parts, minor version, fields.
#[derive(Debug, PartialEq)]
struct Head {
    parts: [Vec<u8>; 2],
    minor: u8,
    fields: Fields,
}

/// Compares how a request's head is read.
pub(crate) fn on_request(input: &[u8]) {
    let ours = ours(Parser::request(Policy::default()), input);
    let mut lines = [httparse::EMPTY_HEADER; 256];
    let mut theirs = httparse::Request::new(&mut lines);
    let outcome = theirs.parse(input).map(|status| status.is_complete());
    let head = || Head {
        parts: [theirs.method.unwrap_or_default().into(), theirs.path.unwrap_or_default().into()],
        minor: theirs.version.unwrap_or_default(),
        fields: fields(theirs.headers),
    };
    compare(ours, outcome, head);
}

/// Compares how a response's head is read.
pub(crate) fn on_response(input: &[u8]) {
    let ours = ours(Parser::response(Policy::default()), input);
    let mut lines = [httparse::EMPTY_HEADER; 256];
    let mut theirs = httparse::Response::new(&mut lines);
    let outcome = theirs.parse(input).map(|status| status.is_complete());
    let head = || Head {
        parts: [theirs.code.unwrap_or_default().to_string().into(), theirs.reason.unwrap_or_default().into()],
        minor: theirs.version.unwrap_or_default(),
        fields: fields(theirs.headers),
    };
    compare(ours, outcome, head);
}

/// The first head, or none if it is not whole, or the fault before its end.
fn ours(mut parser: Parser, input: &[u8]) -> Result<Option<(Head, bool)>, Error> {
    let owned = |head: &h1wire::event::Head<'_>| {
        let fields = head.section.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
        (head.version().1, fields, Lines::of(&head.section).in_chunk.is_none())
    };
    Ok(match parser.poll(input, &mut 0)? {
        Some(Event::Request(request)) => {
            let (minor, fields, folded) = owned(&request.head);
            Some((Head { parts: [request.method().into(), request.target().into()], minor, fields }, folded))
        }
        Some(Event::Response(response)) => {
            let (minor, fields, folded) = owned(&response.head);
            let parts = [response.status().to_string().into(), response.reason().into()];
            Some((Head { parts, minor, fields }, folded))
        }
        _ => None,
    })
}

fn fields(lines: &[httparse::Header<'_>]) -> Fields {
    lines.iter().map(|line| (line.name.into(), line.value.into())).collect()
}

fn compare(ours: Result<Option<(Head, bool)>, Error>, theirs: Result<bool, httparse::Error>, head: impl Fn() -> Head) {
    match (ours, theirs) {
        // Versions 1.2 to 1.9 and folds are unknown to httparse.
        (Ok(Some((ours, folded))), theirs) if ours.minor > 1 || folded => {
            assert!(theirs.is_err() || theirs == Ok(true), "{ours:?} was read")
        }
        (Ok(Some((mut ours, _))), Ok(true)) => {
            let theirs = head();
            // It gives no reason phrase that holds obs-text.
            if ours.parts[1].iter().any(|octet| *octet >= 0x80) {
                ours.parts[1].clear();
            }
            assert_eq!(ours, theirs, "both accept");
        }
        (Ok(Some((ours, _))), theirs) => panic!("{ours:?} was read, httparse says {theirs:?}"),
        (Ok(None), Ok(true)) => panic!("httparse has a whole head: {:?}", head()),
        (Err(error), Ok(true)) => assert!(is_ours_alone(error.code), "{error}, httparse reads {:?}", head()),
        (Ok(None) | Err(_), _) => {}
    }
}

/// Rules about what a head means, which httparse does not judge, limits, and LF as a line end, which it
/// takes.
fn is_ours_alone(code: Code) -> bool {
    !matches!(
        code,
        Code::Method
            | Code::Version
            | Code::VersionUnsupported
            | Code::Reason
            | Code::LoneCr
            | Code::FieldName
            | Code::FieldNameEmpty
            | Code::FieldColon
            | Code::SpaceBeforeColon
            | Code::SpaceBeforeField
            | Code::FieldValue
            | Code::ObsFold
    )
}
