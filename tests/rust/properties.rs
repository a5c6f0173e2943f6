//! What must hold for any input: the same outcome in every cut, no panic, offsets within what was
//! fed, and for valid messages the octets of the body out as they went in.

mod messages;
mod outcome;

use h1wire::{
    Code, Event, Limits, Method, Parser, Policy,
    plumbing::{Field, Lines},
    policy::MAX_SECTION,
};
use messages::{Message, any_message, mutations, stream};
use outcome::{Feeding, Outcome, outcome};
use proptest::{collection::vec, prelude::*, sample::Index};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn valid_messages_come_out_as_they_went_in(
        messages in any_message().prop_flat_map(|first| vec(messages::like(&first), 1..4)),
        cuts in vec(any::<Index>(), 0..8),
    ) {
        let request = messages[0].is_request();
        let input = stream(&messages);
        let mut parser = Parser::request(Policy::default());
        if !request {
            parser = Parser::response(Policy::default());
        }
        let outcome = outcome(&mut parser, &cut(&input, &cuts), Feeding { end: true, ..Feeding::default() });
        prop_assert_eq!(outcome.fault, None);
        prop_assert_eq!(parser.offset(), input.len() as u64);
        let expected: Vec<outcome::Event> = messages.iter().flat_map(Message::events).collect();
        prop_assert_eq!(outcome.events, expected);
    }

    #[test]
    fn a_mutated_stream_has_one_outcome_in_every_cut(
        message in any_message(),
        mutations in mutations(),
        cuts in vec(any::<Index>(), 0..12),
        settings in settings(),
    ) {
        let mut input = stream(&[message.clone(), message.clone()]);
        for mutation in &mutations {
            mutation.apply(&mut input);
        }
        check(&input, &cuts, message.is_request(), settings)?;
    }

    #[test]
    fn random_octets_have_one_outcome_in_every_cut(
        input in vec(messages::likely_octet(), 0..96),
        cuts in vec(any::<Index>(), 0..8),
        request in any::<bool>(),
        settings in settings(),
    ) {
        check(&input, &cuts, request, settings)?;
    }
}

#[test]
fn no_head_is_larger_than_its_positions_can_say() {
    let limits = Limits::default().max_start_line(u64::MAX).max_head_size(u64::MAX);
    let mut parser = Parser::request(Policy::default().limits(limits));
    let target = vec![b'/'; MAX_SECTION as usize];
    let told = outcome(&mut parser, &[b"GET ", &target], Feeding::default());
    assert_eq!(told.fault.map(|fault| (fault.code, fault.offset)), Some((Code::HeadTooLarge, MAX_SECTION)));
}

/// The first line is read in a way of its own where it is a usual Host: such lines with each octet at each place, and
/// with few fields permitted.
#[test]
fn a_host_that_comes_first_has_one_outcome_in_every_cut() {
    let long = format!("Host: {}:8", "a".repeat(40));
    let lines = ["Host: a.b:80", "host: a.b", "HOST: a", "hosT: a", "Host:a", "Host: :", "Host: ", &long];
    for line in lines {
        for rest in ["\r\n\r\n", "\r\nHost: b\r\n\r\n", "\r\nAccept: */*\r\nConnection: close\r\n\r\n"] {
            let input = format!("GET /index.html HTTP/1.1\r\n{line}{rest}").into_bytes();
            (0..3).for_each(|max_fields| check_octet_by_octet(&input, max_fields));
            let end = input.len() - rest.len();
            for place in end - line.len()..end {
                for octet in 0..=255 {
                    let mut input = input.clone();
                    input[place] = octet;
                    check_octet_by_octet(&input, Limits::DEFAULT.max_fields);
                }
            }
        }
    }
}

fn check_octet_by_octet(request: &[u8], max_fields: u64) {
    let policy = Policy::default().limits(Limits::default().max_fields(max_fields));
    let settings = Settings { policy, method: None, feeding: Feeding::default() };
    let octets: Vec<&[u8]> = request.chunks(1).collect();
    let shown = request.escape_ascii();
    assert_eq!(run(&[request], true, settings), run(&octets, true, settings), "{shown}");
    assert_eq!(fields(&[request], policy), fields(&octets, policy), "{shown}");
}

/// The field lines of a request, as far as it is valid.
fn fields(pieces: &[&[u8]], policy: Policy) -> Vec<Field> {
    let mut parser = Parser::request(policy);
    let mut fields = Vec::new();
    for piece in pieces {
        let mut at = 0;
        while let Ok(Some(event)) = parser.poll(piece, &mut at) {
            if let Event::Request(request) = event {
                fields.extend_from_slice(Lines::of(&request.head.section).fields);
            }
        }
    }
    fields
}

/// PROPTEST_CASES, where it is set, says how many cases instead.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases * 4, failure_persistence: None, ..default }
}

/// What is set on the parser and done with it.
#[derive(Clone, Copy, Debug)]
struct Settings {
    policy: Policy,
    method: Option<Method>,
    feeding: Feeding,
}

fn settings() -> impl Strategy<Value = Settings> {
    let method = proptest::option::of((0..10_u32).prop_map(Method::from_id));
    (messages::policy(), method, any::<[bool; 3]>()).prop_map(|(policy, method, [end, resume, skip])| Settings {
        policy,
        method,
        feeding: Feeding { end, resume, skip },
    })
}

fn check(input: &[u8], cuts: &[Index], request: bool, settings: Settings) -> Result<(), TestCaseError> {
    let whole = run(&[input], request, Settings { feeding: Feeding { skip: false, ..settings.feeding }, ..settings });
    if let Some(fault) = whole.fault {
        prop_assert!(fault.offset <= input.len() as u64, "{fault:?} lies outside");
        prop_assert_eq!(fault.octet, input.get(fault.offset as usize).copied());
    }
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    prop_assert_eq!(&run(&octets, request, settings), &whole, "octet by octet");
    prop_assert_eq!(&run(&cut(input, cuts), request, settings), &whole, "cut at random");
    Ok(())
}

fn run(pieces: &[&[u8]], request: bool, settings: Settings) -> Outcome {
    let mut parser = if request { Parser::request(settings.policy) } else { Parser::response(settings.policy) };
    if let (false, Some(method)) = (request, settings.method) {
        parser.expect(method);
    }
    outcome(&mut parser, pieces, settings.feeding)
}

/// The input in pieces, some of them empty where two cuts fall together.
fn cut<'a>(input: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
    places.extend([0, input.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect()
}
