//! The field section of a head: checked, written, and remembered as far as the message rests on it.

use super::{
    FieldLine, Output, Persistence, Version,
    codings::Codings,
    host::UrlHost,
    refusal::{Lengths, Part, Refusal, check_token, check_value},
};
use crate::{
    error::Code,
    framing::{decimal, skip_space},
    grammar::{self, is_same_name},
    host,
    names::{FieldName, Method},
    scan,
};

/// What the fields written so far say about the message.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    is_request: bool,
    host: Option<Given<&'a [u8]>>,
    length: Option<Given<u64>>,
    codings: Option<Given<Codings>>,
    connection: Option<Given<Options>>,
    /// There is an Upgrade field.
    upgrade: bool,
    /// There is a TE field, and this is a request.
    te: bool,
    /// The Expect field with 100-continue, if this is a request.
    expects: Option<usize>,
}

/// Something the caller's field of this index says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<T> {
    pub(super) index: usize,
    pub(super) value: T,
}

/// Connection options the builder cares for.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    upgrade: bool,
    te: bool,
    close: bool,
    keep_alive: bool,
}

impl Options {
    #[inline(never)]
    fn add(&mut self, value: &[u8]) {
        for option in members(value) {
            self.upgrade |= is_same_name(option, b"upgrade");
            self.te |= is_same_name(option, b"te");
            self.close |= is_same_name(option, b"close");
            self.keep_alive |= is_same_name(option, b"keep-alive");
        }
    }
}

impl<'a> Fields<'a> {
    pub(super) fn of_request() -> Fields<'a> {
        Fields { is_request: true, ..Fields::default() }
    }

    pub(super) fn of_response() -> Fields<'a> {
        Fields::default()
    }

    pub(super) fn host(&self) -> Option<&'a [u8]> {
        self.host.map(|given| given.value)
    }

    pub(super) fn length(&self) -> Option<Given<u64>> {
        self.length
    }

    /// Index of the Transfer-Encoding field, if there is one.
    pub(super) fn coded(&self) -> Option<usize> {
        self.codings.map(|given| given.index)
    }

    /// Whether there is an Upgrade field, and with it its Connection option.
    pub(super) fn has_upgrade(&self) -> bool {
        self.upgrade
    }

    pub(super) fn expects_continue(&self) -> bool {
        self.expects.is_some()
    }

    /// Who asks for a 100 has content to send behind it (RFC 9110 section 10.1.1).
    #[inline]
    pub(super) fn check_expect(&self, has_content: impl FnOnce() -> bool) -> Result<(), Refusal> {
        match self.expects {
            Some(index) if !has_content() => Err(Refusal::whole(Code::ExpectNoContent, Part::FieldValue(index))),
            _ => Ok(()),
        }
    }

    /// Whether the fields say that the connection persists: RFC 9112 section 9.3.
    pub(super) fn keep_alive(&self, version: Version) -> bool {
        let options = self.options();
        !options.close && (version == Version::Http11 || options.keep_alive)
    }

    /// Checks and writes the caller's field lines.
    pub(super) fn write(
        &mut self,
        lines: impl IntoIterator<Item = FieldLine<'a>>,
        out: &mut impl Output,
    ) -> Result<(), Refusal> {
        for (index, (name, value)) in lines.into_iter().enumerate() {
            let known = FieldName::of(name);
            // A known name is a token.
            if known == FieldName::OTHER {
                check_token(name, Part::FieldName(index), Code::FieldNameEmpty, Code::FieldName)?;
            }
            check_value(value, Part::FieldValue(index))?;
            if !is_relied_on(known) || self.note(known, index, value)? {
                out.write_field(name, value);
            }
        }
        match self.codings {
            Some(Given { index, value }) => value.check_end(index, self.is_request),
            None => Ok(()),
        }
    }

    /// Takes in a field the message rests on; false if it need not be written.
    #[inline]
    fn note(&mut self, name: FieldName, index: usize, value: &'a [u8]) -> Result<bool, Refusal> {
        match name {
            FieldName::HOST if self.is_request => self.note_host(index, value)?,
            FieldName::CONTENT_LENGTH => return self.note_length(index, value),
            FieldName::TRANSFER_ENCODING => self.note_codings(index, value)?,
            FieldName::CONNECTION => self.note_connection(index, value),
            FieldName::UPGRADE => self.upgrade = true,
            FieldName::TE if self.is_request => self.note_te(index, value)?,
            FieldName::EXPECT if self.is_request && asks_for_100(value) => self.expects = Some(index),
            _ => {}
        }
        Ok(true)
    }

    fn note_host(&mut self, index: usize, value: &'a [u8]) -> Result<(), Refusal> {
        if self.host.is_some() {
            return Err(Refusal::whole(Code::HostRepeated, Part::FieldName(index)));
        }
        host::check(value).map_err(|at| Refusal::at(Code::HostInvalid, Part::FieldValue(index), value, at))?;
        self.host = Some(Given { index, value });
        Ok(())
    }

    fn note_length(&mut self, index: usize, value: &[u8]) -> Result<bool, Refusal> {
        let part = Part::FieldValue(index);
        let length = decimal(value).map_err(|at| Refusal::at(Code::ContentLength, part, value, at))?;
        match self.length {
            Some(Given { value: expected, .. }) if expected != length => {
                Err(Refusal::disagreeing(Code::ContentLengthDiffers, part, Lengths { expected, actual: length }))
            }
            Some(_) => Ok(false),
            None => {
                self.length = Some(Given { index, value: length });
                Ok(true)
            }
        }
    }

    /// RFC 9112 section 7.4: chunked, which is always acceptable, is not listed.
    #[inline(never)]
    fn note_te(&mut self, index: usize, value: &[u8]) -> Result<(), Refusal> {
        self.te = true;
        let mut at = 0;
        for member in value.split(|octet| *octet == b',') {
            let start = skip_space(member, 0);
            let name = &member[start..scan::token(member, start)];
            if is_same_name(name, b"chunked") {
                return Err(Refusal::at(Code::TeChunked, Part::FieldValue(index), value, at + start));
            }
            at += member.len() + 1;
        }
        Ok(())
    }

    fn note_codings(&mut self, index: usize, value: &[u8]) -> Result<(), Refusal> {
        let mut codings = self.codings.map_or_else(Codings::default, |given| given.value);
        codings
            .add(value, self.is_request)
            .map_err(|(code, at)| Refusal::at(code, Part::FieldValue(index), value, at))?;
        self.codings = Some(Given { index, value: codings });
        Ok(())
    }

    #[inline]
    fn note_connection(&mut self, index: usize, value: &[u8]) {
        let mut options = self.options();
        // Few fields say anything else.
        if value == b"keep-alive" {
            options.keep_alive = true;
        } else if value == b"close" {
            options.close = true;
        } else {
            options.add(value);
        }
        self.connection = Some(Given { index, value: options });
    }

    /// The options of Connection so far.
    fn options(&self) -> Options {
        self.connection.map_or_else(Options::default, |given| given.value)
    }

    /// RFC 9112 section 3.2: a 1.1 request has a Host field, and it says what the URL and the
    /// absolute form of the target say; to CONNECT, what the target says, or its host without the
    /// port, as section 3.2.3 has it.
    pub(super) fn check_host(
        &self,
        method: Method,
        version: Version,
        target: &[u8],
        from_url: Option<&UrlHost<'_>>,
    ) -> Result<(), Refusal> {
        // In most requests nothing but the field names a host.
        let is_alone = from_url.is_none() && method != Method::CONNECT && target.first() == Some(&b'/');
        if is_alone && self.host.is_some() {
            return Ok(());
        }
        self.check_hosts(method, version, target, from_url)
    }

    #[inline(never)]
    fn check_hosts(
        &self,
        method: Method,
        version: Version,
        target: &[u8],
        from_url: Option<&UrlHost<'_>>,
    ) -> Result<(), Refusal> {
        let (host, part) = match (self.host, from_url) {
            (Some(given), _) => (UrlHost::checked(given.value), Part::FieldValue(given.index)),
            (None, Some(host)) => (*host, Part::Host),
            (None, None) if version == Version::Http11 => return Err(Refusal::whole(Code::HostMissing, Part::Host)),
            (None, None) => return Ok(()),
        };
        let agrees = |other: Option<&[u8]>| other.is_none_or(|other| host.is(other));
        let agrees_with_url = match (self.host, from_url) {
            (Some(given), Some(url)) => url.is(given.value),
            _ => true,
        };
        let fits_tunnel = method != Method::CONNECT || agrees(Some(target)) || agrees(Some(without_port(target)));
        if agrees_with_url && agrees(authority(target)) && fits_tunnel {
            Ok(())
        } else {
            Err(Refusal::whole(Code::HostConflict, part))
        }
    }

    /// Upgrade, TE and a body that ends with the connection need their Connection option
    /// (RFC 9110 sections 7.8 and 10.1.4, RFC 9112 section 9.6). Where the caller gave no
    /// Connection it is written; where there is one it must have the option already. What the
    /// response says of the connection is written where the caller gave no Connection.
    pub(super) fn write_connection(
        &self,
        until_close: bool,
        says: Option<Persistence>,
        out: &mut impl Output,
    ) -> Result<(), Refusal> {
        if !(self.upgrade || self.te || says.is_some()) {
            return Ok(());
        }
        self.write_options(until_close, says, out)
    }

    fn write_options(
        &self,
        until_close: bool,
        says: Option<Persistence>,
        out: &mut impl Output,
    ) -> Result<(), Refusal> {
        let is_free = self.connection.is_none();
        let given = self.options();
        let mut separator: &[u8] = b"Connection: ";
        for (needed, has, option) in [
            (self.upgrade, given.upgrade, &b"Upgrade"[..]),
            (self.te, given.te, b"TE"),
            (until_close || is_free && says == Some(Persistence::Ends), given.close, b"close"),
            (is_free && says == Some(Persistence::Persists), false, b"keep-alive"),
        ] {
            if !needed || has {
                continue;
            }
            if let Some(Given { index, .. }) = self.connection {
                return Err(Refusal::whole(Code::ConnectionOption, Part::FieldValue(index)));
            }
            out.write(separator);
            out.write(option);
            separator = b", ";
        }
        if separator == b", " {
            out.write(b"\r\n");
        }
        Ok(())
    }
}

/// Whether [`Fields::note`] takes in anything from fields of this name: of few it does, and to ask first saves a tenth of the
/// instructions of a message. A name that `note` knows must be here.
fn is_relied_on(name: FieldName) -> bool {
    matches!(
        name,
        FieldName::HOST
            | FieldName::CONTENT_LENGTH
            | FieldName::TRANSFER_ENCODING
            | FieldName::CONNECTION
            | FieldName::UPGRADE
            | FieldName::TE
            | FieldName::EXPECT
    )
}

/// Whether Expect has 100-continue.
fn asks_for_100(value: &[u8]) -> bool {
    members(value).any(|one| is_same_name(one, b"100-continue"))
}

/// The members of a list.
fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|octet| *octet == b',').map(grammar::trim)
}

/// The host of `host:port`.
fn without_port(authority: &[u8]) -> &[u8] {
    let colon = authority.iter().rposition(|octet| *octet == b':');
    colon.map_or(authority, |colon| &authority[..colon])
}

/// Host and port of a target in absolute form with http or https.
#[inline]
fn authority(target: &[u8]) -> Option<&[u8]> {
    if target.first() == Some(&b'/') { None } else { authority_of_absolute(target) }
}

#[inline(never)]
fn authority_of_absolute(target: &[u8]) -> Option<&[u8]> {
    let colon = target.iter().take(6).position(|octet| *octet == b':')?;
    let (scheme, rest) = target.split_at(colon);
    if !is_same_name(scheme, b"http") && !is_same_name(scheme, b"https") {
        return None;
    }
    let rest = rest.strip_prefix(b"://")?;
    rest.split(|octet| matches!(octet, b'/' | b'?')).next()
}
