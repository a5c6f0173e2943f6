//! The vectors' files as Rust values; `tests/vectors/schema.json` describes them.

use std::{collections::BTreeMap, fs, path::Path};

use h1wire::{
    Method,
    error::Code,
    policy::{Leniencies, Leniency, Limits, Policy},
};
use serde::Deserialize;

use crate::outcome::{self, Octets, Outcome, Start};

/// One file of vectors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(skip)]
    pub(crate) name: String,
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "about")]
    _about: String,
    pub(crate) vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) role: Role,
    #[serde(rename = "rule")]
    _rule: String,
    #[serde(default)]
    pub(crate) options: Options,
    pub(crate) input: Text,
    #[serde(default)]
    pub(crate) end: bool,
    #[serde(default)]
    pub(crate) resume: bool,
    events: Vec<Event>,
    pub(crate) error: Option<Fault>,
    under: Option<BTreeMap<String, Other>>,
}

/// What a vector asks for under a leniency that changes its outcome.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Other {
    events: Vec<Event>,
    error: Option<Fault>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Request,
    Response,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {
    #[serde(default)]
    limits: BTreeMap<String, u64>,
    #[serde(default)]
    lenient: Lenient,
    #[serde(default)]
    chunks: bool,
    #[serde(default)]
    expect: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient {
    Preset(String),
    Names(Vec<String>),
}

impl Default for Lenient {
    fn default() -> Self {
        Lenient::Names(Vec::new())
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Event {
    Head(Head),
    Body { data: Text },
    End { trailers: Option<Fields> },
    Upgrade { rest: Option<Text> },
    Tolerated { name: String, offset: u64 },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Head {
    method: Option<Text>,
    target: Option<Text>,
    status: Option<u16>,
    reason: Option<Text>,
    version: Option<String>,
    headers: Fields,
    keep_alive: Option<bool>,
    content_length: Option<u64>,
    #[serde(default)]
    chunked: bool,
    #[serde(default)]
    until_close: bool,
    #[serde(default)]
    upgrade: bool,
    #[serde(default)]
    expect_continue: bool,
    #[serde(default)]
    informational: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    code: String,
    pub(crate) offset: u64,
    #[serde(default)]
    missing: u64,
}

type Fields = Vec<(Text, Text)>;

/// Octets from text with one character each.
#[derive(Clone, Deserialize)]
#[serde(from = "Parts")]
pub(crate) struct Text(pub(crate) Octets);

#[derive(Deserialize)]
#[serde(untagged)]
enum Parts {
    One(String),
    Many(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Repeated { repeat: String, times: usize },
}

impl From<Parts> for Text {
    fn from(parts: Parts) -> Text {
        Text(Octets(match parts {
            Parts::One(text) => octets(&text),
            Parts::Many(parts) => parts.iter().flat_map(Part::octets).collect(),
        }))
    }
}

impl Part {
    fn octets(&self) -> Vec<u8> {
        match self {
            Part::Text(text) => octets(text),
            Part::Repeated { repeat, times } => octets(repeat).repeat(*times),
        }
    }
}

fn octets(text: &str) -> Vec<u8> {
    text.chars().map(|one| u8::try_from(u32::from(one)).expect("a character is one octet")).collect()
}

/// Every file of vectors, in order.
pub(crate) fn read() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder of vectors")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name.ends_with(".json") && name != "schema.json")
        .collect();
    names.sort();
    names.into_iter().map(|name| read_file(&folder.join(&name), name)).collect()
}

fn read_file(path: &Path, name: String) -> File {
    let text = fs::read_to_string(path).expect("a readable file");
    let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    File { name, ..file }
}

impl Options {
    pub(crate) fn policy(&self) -> Policy {
        for name in self.limits.keys() {
            assert!(Limits::TABLE.iter().any(|(known, _)| known == name), "no limit is named {name}");
        }
        let values = Limits::TABLE.iter().map(|(name, default)| self.limits.get(*name).copied().unwrap_or(*default));
        Policy::default().limits(Limits::from_values(values)).lenient(self.lenient.leniencies())
    }

    pub(crate) fn expected_methods(&self) -> impl Iterator<Item = Method> {
        self.expect.iter().map(|method| Method::of(method.as_bytes()))
    }
}

impl Lenient {
    fn leniencies(&self) -> Leniencies {
        match self {
            Lenient::Preset(name) if name == "strict" => Leniencies::STRICT,
            Lenient::Preset(name) if name == "node-insecure" => Leniencies::node_insecure(),
            Lenient::Preset(name) => panic!("no preset is named {name}"),
            Lenient::Names(names) => names.iter().fold(Leniencies::STRICT, |set, name| {
                let one = Leniency::ALL.iter().find(|one| one.name() == name);
                set.with(*one.unwrap_or_else(|| panic!("no leniency is named {name}")))
            }),
        }
    }
}

impl Vector {
    /// The policies the vector runs under, each with its name and the outcome asked for. One with `under`
    /// runs strictly, under each leniency alone and under the preset.
    pub(crate) fn expectations(&self) -> Vec<(&'static str, Policy, Outcome)> {
        let policy = self.options.policy();
        let Some(under) = &self.under else {
            return vec![("", policy, self.outcome(&self.events, self.error.as_ref()))];
        };
        let alone = Leniency::ALL.iter().map(|one| (one.name(), Leniencies::STRICT.with(*one)));
        [("strict", Leniencies::STRICT), ("node-insecure", Leniencies::node_insecure())]
            .into_iter()
            .chain(alone)
            .map(|(name, lenient)| {
                let (events, error) =
                    under.get(name).map_or((&self.events, &self.error), |other| (&other.events, &other.error));
                (name, policy.lenient(lenient), self.outcome(events, error.as_ref()))
            })
            .collect()
    }

    /// With `chunks` the data of chunks is joined here: only bindings know that option.
    fn outcome(&self, events: &[Event], error: Option<&Fault>) -> Outcome {
        let mut told: Vec<outcome::Event> = Vec::new();
        for event in events.iter().map(Event::expected) {
            match (told.last_mut(), event) {
                (Some(outcome::Event::Body(joined)), outcome::Event::Body(data)) if self.options.chunks => {
                    joined.0.extend(data.0);
                }
                (_, event) => told.push(event),
            }
        }
        Outcome { events: told, fault: error.map(|fault| fault.expected(&self.input.0.0)) }
    }
}

impl Event {
    fn expected(&self) -> outcome::Event {
        match self {
            Event::Head(head) => outcome::Event::Head(head.expected()),
            Event::Body { data } => outcome::Event::Body(data.0.clone()),
            Event::End { trailers } => outcome::Event::End(pairs(trailers.as_deref().unwrap_or_default())),
            Event::Upgrade { rest } => outcome::Event::Upgrade(rest.as_ref().map(|rest| rest.0.clone())),
            Event::Tolerated { name, offset } => outcome::Event::Tolerated { name: name.clone(), offset: *offset },
        }
    }
}

impl Head {
    fn expected(&self) -> outcome::Head {
        let start = match (&self.method, &self.target, self.status, &self.reason) {
            (Some(method), Some(target), None, None) => {
                Start::Request { method: method.0.clone(), target: target.0.clone() }
            }
            (None, None, Some(status), Some(reason)) => Start::Response { status, reason: reason.0.clone() },
            _ => panic!("a head has method and target, or status and reason"),
        };
        outcome::Head {
            start,
            version: self.version.clone().unwrap_or_else(|| "1.1".into()),
            headers: pairs(&self.headers),
            keep_alive: self.keep_alive.unwrap_or(true),
            content_length: self.content_length,
            chunked: self.chunked,
            until_close: self.until_close,
            upgrade: self.upgrade,
            expect_continue: self.expect_continue,
            informational: self.informational,
        }
    }
}

fn pairs(fields: &[(Text, Text)]) -> Vec<outcome::Field> {
    fields.iter().map(|(name, value)| (name.0.clone(), value.0.clone())).collect()
}

impl Fault {
    fn expected(&self, input: &[u8]) -> outcome::Fault {
        let code = Code::ALL.iter().find(|code| code.row().name == self.code);
        outcome::Fault {
            code: *code.unwrap_or_else(|| panic!("no code is named {}", self.code)),
            offset: self.offset,
            octet: input.get(self.offset as usize).copied(),
            missing: self.missing,
        }
    }
}
