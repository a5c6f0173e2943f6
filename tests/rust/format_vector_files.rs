//! The files of the builder's vectors as Rust values; `tests/vectors/format/schema.json` describes them.

use std::{fs, path::Path};

use h1wire::{
    format::{Body, Version},
    policy::{Leniencies, Leniency},
};
use serde::Deserialize;

use crate::{outcome::Field, vector_files::Text};

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
    #[serde(rename = "rule")]
    _rule: String,
    pub(crate) call: Call,
    /// The core cannot be asked for it.
    #[serde(default)]
    pub(crate) facade: bool,
    parts: Parts,
    pub(crate) options: Option<Options>,
    #[serde(default)]
    resolved: Resolved,
    octets: Option<Text>,
    error: Option<Fault>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Call {
    #[serde(rename = "formatRequest")]
    Request,
    #[serde(rename = "formatResponse")]
    Response,
    #[serde(rename = "formatChunk")]
    Chunk,
    #[serde(rename = "formatLastChunk")]
    LastChunk,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parts {
    method: Option<Chars>,
    target: Option<Chars>,
    url: Option<Chars>,
    version: Option<String>,
    lenient: Option<Vec<String>>,
    status: Option<f64>,
    reason: Option<Chars>,
    request_method: Option<Chars>,
    request_version: Option<String>,
    #[serde(default)]
    headers: Lines,
    body: Option<Content>,
    #[serde(default)]
    trailers: Lines,
    data: Option<Content>,
    #[serde(default)]
    extensions: Vec<(Chars, Extension)>,
}

/// Only the head is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {
    #[serde(rename = "body")]
    _body: bool,
    length: Option<Length>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Length {
    Told(u64),
    Unknown(String),
}

impl Options {
    /// What the builder is told of the body.
    pub(crate) fn body(&self) -> Body {
        match &self.length {
            None => Body::None,
            Some(Length::Told(length)) => Body::Known(*length),
            Some(Length::Unknown(text)) if text == "unknown" => Body::Unknown,
            Some(Length::Unknown(text)) => panic!("no length is {text}"),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolved {
    target: Option<Chars>,
    host: Option<Chars>,
    headers: Option<Lines>,
    body: Option<Content>,
}

type Lines = Vec<(Chars, Values)>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Chars {
    Plain(String),
    Repeated { repeat: String, times: usize },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Number(i64),
    Text(Chars),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Several(Vec<Value>),
    One(Value),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Extension {
    NoValue(bool),
    Value(Value),
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Content {
    Text {
        text: String,
    },
    Octets {
        octets: Text,
        #[serde(rename = "as")]
        _class: Option<String>,
    },
    Form {
        #[serde(rename = "form")]
        _form: Vec<(String, String)>,
    },
    Multipart {
        #[serde(rename = "multipart")]
        _entries: Vec<(String, String)>,
    },
    Json {
        #[serde(rename = "json")]
        _value: serde_json::Value,
    },
    Typed {
        #[serde(rename = "content")]
        _content: String,
        #[serde(rename = "type")]
        _type: String,
    },
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) code: String,
    pub(crate) part: String,
    pub(crate) index: Option<usize>,
    pub(crate) unit: Option<u32>,
}

/// A vector's parts as the core takes them.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) method: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) lenient: Leniencies,
    pub(crate) host: Option<Vec<u8>>,
    pub(crate) version: Version,
    pub(crate) status: u16,
    pub(crate) reason: Option<Vec<u8>>,
    pub(crate) request_method: Vec<u8>,
    pub(crate) request_version: Version,
    pub(crate) headers: Vec<Field>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) trailers: Vec<Field>,
    pub(crate) extensions: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// Every file of vectors, in order.
pub(crate) fn read() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/format");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder of vectors")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name.ends_with(".json") && name != "schema.json")
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name)).expect("a readable file");
            let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            File { name, ..file }
        })
        .collect()
}

impl Vector {
    /// The octets it asks for, or the refusal.
    pub(crate) fn expected(&self) -> Result<&[u8], &Fault> {
        match (&self.octets, &self.error) {
            (Some(octets), None) => Ok(&octets.0.0),
            (None, Some(fault)) => Err(fault),
            _ => panic!("{}: a vector has octets or an error", self.name),
        }
    }

    /// The parts as the core takes them, or why it cannot be asked for this at all.
    pub(crate) fn asked(&self) -> Result<Asked, &'static str> {
        let Vector { parts, resolved, .. } = self;
        if parts.url.is_some() && resolved.target.is_none() {
            return Err("the core takes no URL");
        }
        let status = parts.status.unwrap_or(0.0);
        if status.fract() != 0.0 || !(0.0..=f64::from(u16::MAX)).contains(&status) {
            return Err("this is no u16");
        }
        let asked = Asked {
            method: parts.method.as_ref().map_or(Ok(b"GET".to_vec()), Chars::octets)?,
            target: or_empty(resolved.target.as_ref().or(parts.target.as_ref()))?,
            lenient: leniencies(parts.lenient.as_deref().unwrap_or_default()),
            host: resolved.host.as_ref().map(Chars::octets).transpose()?,
            version: version(parts.version.as_deref())?,
            status: status as u16,
            reason: parts.reason.as_ref().map(Chars::octets).transpose()?,
            request_method: parts.request_method.as_ref().map_or(Ok(b"GET".to_vec()), Chars::octets)?,
            request_version: version(parts.request_version.as_deref())?,
            headers: flat(resolved.headers.as_ref().unwrap_or(&parts.headers))?,
            body: resolved
                .body
                .as_ref()
                .or(parts.body.as_ref())
                .or(parts.data.as_ref())
                .map(Content::octets)
                .transpose()?,
            trailers: flat(&parts.trailers)?,
            extensions: parts.extensions.iter().map(extension).collect::<Result<_, _>>()?,
        };
        match (self.call, asked.body.as_deref()) {
            (Call::Chunk, Some([])) if asked.extensions.is_empty() => Err("the core has no chunk for no octets"),
            _ => Ok(asked),
        }
    }
}

fn version(text: Option<&str>) -> Result<Version, &'static str> {
    match text {
        None | Some("1.1") => Ok(Version::Http11),
        Some("1.0") => Ok(Version::Http10),
        Some(_) => Err("the core knows two versions"),
    }
}

fn or_empty(chars: Option<&Chars>) -> Result<Vec<u8>, &'static str> {
    chars.map_or(Ok(Vec::new()), Chars::octets)
}

/// Lines as pairs; several values are a line each.
fn flat(lines: &Lines) -> Result<Vec<Field>, &'static str> {
    let mut flat = Vec::new();
    for (name, values) in lines {
        let values = match values {
            Values::One(value) => std::slice::from_ref(value),
            Values::Several(values) => values,
        };
        for value in values {
            flat.push((name.octets()?.as_slice().into(), value.octets()?.as_slice().into()));
        }
    }
    Ok(flat)
}

fn extension((name, value): &(Chars, Extension)) -> Result<(Vec<u8>, Option<Vec<u8>>), &'static str> {
    let value = match value {
        Extension::NoValue(is_true) => {
            assert!(is_true, "an extension has a value, or true for none");
            None
        }
        Extension::Value(value) => Some(value.octets()?),
    };
    Ok((name.octets()?, value))
}

impl Chars {
    fn octets(&self) -> Result<Vec<u8>, &'static str> {
        let (text, times) = match self {
            Chars::Plain(text) => (text, 1),
            Chars::Repeated { repeat, times } => (repeat, *times),
        };
        let octets: Result<Vec<u8>, _> = text.chars().map(|one| u8::try_from(u32::from(one))).collect();
        octets.map(|octets| octets.repeat(times)).map_err(|_| "this is no octet")
    }
}

impl Value {
    fn octets(&self) -> Result<Vec<u8>, &'static str> {
        match self {
            Value::Number(number) => Ok(number.to_string().into_bytes()),
            Value::Text(chars) => chars.octets(),
        }
    }
}

impl Content {
    fn octets(&self) -> Result<Vec<u8>, &'static str> {
        match self {
            Content::Text { text } => Ok(text.clone().into_bytes()),
            Content::Octets { octets, .. } => Ok(octets.0.0.clone()),
            Content::Form { .. } | Content::Multipart { .. } | Content::Json { .. } | Content::Typed { .. } => {
                Err("the core takes octets as a body")
            }
        }
    }
}

fn leniencies(names: &[String]) -> Leniencies {
    names.iter().fold(Leniencies::STRICT, |set, name| {
        let one = Leniency::ALL.iter().find(|one| one.name() == name).expect("a leniency");
        set.with(*one)
    })
}
