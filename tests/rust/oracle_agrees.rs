//! The parser against the naive oracle: the same events, the same fault at the same octet, for every
//! vector, for valid messages, and for messages that were mutated or made up around one rule, strictly
//! and under any leniencies.

mod messages;
mod oracle;
mod outcome;
mod vector_files;

use h1wire::{Leniencies, Method, Parser, Policy, plumbing::METHODS};
use messages::{Message, any_message, mutations, stream};
use oracle::{Question, ask};
use outcome::{Event, Feeding, Outcome, outcome};
use proptest::{collection::vec, prelude::*, sample::select};
use vector_files::{Role, Vector};

#[test]
fn on_every_vector() {
    let mut asked = 0;
    for file in vector_files::read() {
        for vector in &file.vectors {
            for (under, policy, expected) in vector.expectations() {
                asked += 1;
                let answer = ask(question(vector, policy), &vector.input.0.0);
                assert_eq!(answer, expected, "{}: {} {under}", file.name, vector.name);
            }
        }
    }
    assert!(asked > 0, "no vector was asked about");
}

#[test]
fn on_the_end_of_a_quoted_string() {
    for value in [
        "a;b=\"\\",
        "a;b=\"c\\",
        "a;b=\"\\\\",
        "a;b=\"\\\\\\",
        "a;b=\"\\\"",
        "a;b=\"\\ ",
        "a;b=\"\\\u{1}\"",
        "a;b=\"\\,",
    ] {
        let input = format!("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {value}\r\n\r\n");
        for lenient in [0, u32::MAX] {
            let policy = Policy::default().lenient(Leniencies::from_bits(lenient));
            Setting { policy, ..Setting::default() }.check(input.as_bytes()).expect("they agree");
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn on_valid_messages(messages in any_message().prop_flat_map(|first| vec(messages::like(&first), 1..4))) {
        let setting = Setting { request: messages[0].is_request(), ..Setting::default() };
        let answer = setting.ask(&stream(&messages));
        prop_assert_eq!(answer.fault, None);
        let expected: Vec<Event> = messages.iter().flat_map(Message::events).collect();
        prop_assert_eq!(answer.events, expected);
    }

    #[test]
    fn on_mutated_messages(message in any_message(), mutations in mutations(), setting in settings()) {
        let mut input = stream(&[message.clone(), message.clone()]);
        for mutation in &mutations {
            mutation.apply(&mut input);
        }
        Setting { request: message.is_request(), ..setting }.check(&input)?;
    }

    #[test]
    fn on_random_octets(input in vec(messages::likely_octet(), 0..96), setting in settings()) {
        setting.check(&input)?;
    }

    #[test]
    fn on_messages_around_one_rule((before, made_up, behind) in around_one_rule(), setting in settings()) {
        let input = [before.as_bytes(), &made_up, behind.as_bytes()].concat();
        Setting { request: !before.starts_with("HTTP"), ..setting }.check(&input)?;
    }
}

/// PROPTEST_CASES, where it is set, says how many cases instead.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases * 8, failure_persistence: None, ..default }
}

/// What is set on parser and oracle alike.
#[derive(Clone, Debug)]
struct Setting {
    request: bool,
    policy: Policy,
    methods: Vec<Method>,
    end: bool,
    resume: bool,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting { request: true, policy: Policy::default(), methods: Vec::new(), end: true, resume: false }
    }
}

fn settings() -> impl Strategy<Value = Setting> {
    let methods = vec((0..10_u32).prop_map(Method::from_id), 0..3);
    (messages::policy(), methods, any::<[bool; 3]>()).prop_map(|(policy, methods, [request, end, resume])| Setting {
        request,
        policy,
        methods,
        end,
        resume,
    })
}

impl Setting {
    fn check(&self, input: &[u8]) -> Result<(), TestCaseError> {
        let mut parser = if self.request { Parser::request(self.policy) } else { Parser::response(self.policy) };
        if !self.request {
            self.methods.iter().for_each(|method| parser.expect(*method));
        }
        let feeding = Feeding { end: self.end, resume: self.resume, skip: false };
        let told = outcome(&mut parser, &[input], feeding);
        prop_assert_eq!(told, self.ask(input), "{}", input.escape_ascii());
        Ok(())
    }

    fn ask(&self, input: &[u8]) -> Outcome {
        let announced = !self.request && !self.methods.is_empty();
        let question = Question {
            request: self.request,
            policy: self.policy,
            expected: announced.then(|| self.methods.iter().map(|method| name(*method)).collect()),
            end: self.end,
            resume: self.resume,
        };
        ask(question, input)
    }
}

fn question(vector: &Vector, policy: Policy) -> Question {
    let methods: Vec<Method> = vector.options.expected_methods().collect();
    Question {
        request: matches!(vector.role, Role::Request),
        policy,
        expected: (!methods.is_empty()).then(|| methods.into_iter().map(name).collect()),
        end: vector.end,
        resume: vector.resume,
    }
}

/// A method without a number stands for any.
fn name(method: Method) -> Vec<u8> {
    METHODS[usize::from(method.id())].into()
}

/// Before, a few octets or words of those the rule is about, and behind: a message.
fn around_one_rule() -> impl Strategy<Value = (String, Vec<u8>, String)> {
    const HEAD: &str = " HTTP/1.1\r\nHost: a\r\n\r\n";
    let rules: Vec<(&str, &[&str], &str)> = vec![
        (
            "",
            &["GET", "PRI", "CONNECT", " ", "*", "/", "a:1", "HTTP/", "1", "2", "0", ".", "\r\n", "Host:a"],
            "\r\n\r\n",
        ),
        ("GET ", &["h", "T", "t", "p", "s", ":", "/", "?", "@", "[", "]", "%", "4", "f", "x", "#", ".", "*"], HEAD),
        ("GET http://", &["[", "]", ":", "/", "%", "1", "25", "a", "f", "v", ".", "?", "@", "!", "::"], HEAD),
        (
            "CONNECT ",
            &["[", "]", ":", "::", "1", "0", "12345", "65535", "65536", "a", "%41", ".", "/", "@", "*", "http:"],
            HEAD,
        ),
        ("OPTIONS ", &["*", "/", "a", ":", "1"], HEAD),
        ("GET ", &["/", "http:", "//", "a", "x:", "1", "?", "é", "\u{80}", " ", "#", "\u{7f}"], HEAD),
        ("GET / HTTP/1.1", ENDS, "\r\n\r\n"),
        ("HTTP/1.1 200", ENDS, "\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", AFTER, "\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n", AFTER, "\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: ", HOST, "\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: [", HOST, "]\r\n\r\n"),
        ("GET / HTTP/1.1\r\n", LINES, "\r\n\r\n"),
        ("GET / HTTP/1.0\r\n", LINES, "\r\n\r\n"),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n", LINES, "\r\n\r\n"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ", CODINGS, "\r\n\r\n0\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: ", CODINGS, "\r\n\r\n0\r\n\r\n"),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: ", CODINGS, "\r\n\r\n0\r\n\r\n"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ", LENGTHS, "\r\n\r\n0123456789"),
        ("HTTP/1.1 200 OK\r\nContent-Length: ", LENGTHS, "\r\n\r\n0123456789"),
        ("HTTP/1.", &["0", "1", " ", "2", "04", "00", "101", "3", "99", "x", "\t", "\r", "\n", "\u{7f}"], "\r\n\r\n"),
        ("HTTP/1.1 ", &["100", "101", "200", "204", "304", " ", "\r\n\r\nHTTP/1.1 "], "\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\n", LINES, "\r\n\r\n"),
        ("HTTP/1.0 200 OK\r\n", LINES, "\r\n\r\n"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNKS, "\r\n0\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", LINES, "\r\n\r\n"),
    ];
    select(rules).prop_flat_map(|(before, words, behind)| {
        let word = prop_oneof![
            40 => select(words).prop_map(|word: &str| word.as_bytes().to_vec()),
            1 => messages::likely_octet().prop_map(|octet| vec![octet]),
        ];
        vec(word, 0..14).prop_map(move |words| (before.into(), words.concat(), behind.into()))
    })
}

/// Line ends of all kinds, and what may stand around them.
const ENDS: &[&str] =
    &["\r\n", "\n", "\r", "Host: a", "A:b", "A:", "A :", " ", "\t", "\0", "\u{1}", "\u{7f}", "é", "Content-Length: 1"];

/// Behind a message that ends the connection.
const AFTER: &[&str] =
    &["x", "\r\n", "\r", "\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 N\r\nConnection: close\r\n\r\n"];

const HOST: &[&str] = &[
    "\r\n ", "\n\t", "\0", "[", "]", ":", "::", "0", "1", "25", "256", "f", "abcd", "v", ".", "%", "4A", "-", "g", " ",
    "@", ",", "/",
];

const CODINGS: &[&str] = &[
    "\0",
    "\u{1}",
    "\n",
    "chunked",
    "Chunked",
    "gzip",
    "identity",
    "br",
    ",",
    ";",
    "=",
    "a",
    "\"",
    "\\",
    " ",
    "\t",
    "\r\nTransfer-Encoding:",
    "\r\nContent-Length: 1",
    "\r\n ",
];

const LENGTHS: &[&str] = &[
    "\0",
    "\u{1}",
    "\n",
    "0",
    "1",
    "10",
    "9007199254740991",
    "9007199254740992",
    ",",
    " ",
    "\t",
    "+",
    "-",
    "_",
    "x",
    "\r\nContent-Length:",
    "\r\nTransfer-Encoding: chunked",
    "\r\n ",
];

const LINES: &[&str] = &[
    "B: c\n",
    " :d\r\n",
    "\u{1}",
    "Host: a\r\n",
    "Host:\r\n",
    "Connection:",
    "Upgrade: x\r\n",
    "Expect:",
    "100-continue",
    "close",
    "keep-alive",
    "upgrade",
    ",",
    " ",
    "\t",
    ":",
    "\r\n",
    "\n",
    "\r",
    "A",
    "Warning: in x\r\n",
    "content-length",
    "é",
    "\0",
    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 1\r\n",
    "content-length:0",
    "transfer-encoding: gzip",
];

const CHUNKS: &[&str] = &[
    "1\nx\n",
    "1 \rx",
    "0\n",
    "0\r",
    "A: b\n\tc",
    "0",
    "1",
    "a",
    "F",
    "00000000",
    "1FFFFFFFFFFFFF",
    "\r\n",
    "1\r\nx\r\n",
    ";",
    "=",
    "\"",
    "\\",
    " ",
    "\t",
    "b",
    "\r",
    "\n",
    "g",
    "0\r\nA: b\r\n",
];
