//! A call of the safe builder: the parts are cut from the text as the words say, and handed to the core.

use alloc::vec::Vec;
use core::{iter::from_fn, slice};

use h1wire::{
    connection::{Connection, Delivery},
    format::{
        self, Body, Refusal, RequestParts, ResponseParts, Version,
        multipart::{Boundary, Entry, File},
    },
    policy::{Leniencies, Leniency},
};

use super::Placed;
use crate::layout::format as l;

const ASTERISK: Leniencies = Leniencies::STRICT.with(Leniency::Asterisk);

/// A call: its parts are cut from its text one after the other.
pub(super) struct Call<'a> {
    pub(super) words: &'a [u32],
    pub(super) text: &'a [u8],
    pub(super) lengths: &'a [u32],
}

impl<'a> Call<'a> {
    /// Builds what is called for; none if the words do not describe the text.
    pub(super) fn build(
        mut self,
        connection: Option<&mut Connection>,
        out: &mut Vec<u8>,
    ) -> Option<Result<Placed, Refusal>> {
        let delivery = if self.has(l::FORMAT_PIECES) { Delivery::Pieces } else { Delivery::Whole };
        match self.words[l::FORMAT_CALL as usize] {
            l::CALL_REQUEST => {
                let [method, target, host] = [self.part()?, self.part()?, self.part()?];
                let [fields, trailers] = self.pairs()?;
                let message = RequestParts {
                    method,
                    target,
                    lenient: self.lenient(),
                    host: self.has(l::FORMAT_HAS_HOST).then_some(host),
                    version: self.version(l::FORMAT_HTTP_1_0),
                    body: self.body(),
                    fields,
                    trailers,
                };
                let written = match connection {
                    Some(connection) => connection.send_request_parts(message, delivery, out),
                    None => format::request(message, out),
                };
                Some(written.map(Placed::from))
            }
            call @ (l::CALL_RESPONSE | l::CALL_INFORMATIONAL) => {
                let [reason, request_method] = [self.part()?, self.part()?];
                let [fields, trailers] = self.pairs()?;
                let message = ResponseParts {
                    status: self.words[l::FORMAT_STATUS as usize].try_into().unwrap_or(0),
                    reason: self.has(l::FORMAT_HAS_REASON).then_some(reason),
                    version: self.version(l::FORMAT_HTTP_1_0),
                    request_method,
                    request_version: self.version(l::FORMAT_REQUEST_HTTP_1_0),
                    body: self.body(),
                    fields,
                    trailers,
                };
                let written = match connection {
                    Some(connection) if call == l::CALL_INFORMATIONAL => {
                        connection.send_informational_parts(message, out)
                    }
                    Some(connection) => connection.send_response_parts(message, delivery, out),
                    None => format::response(message, out),
                };
                Some(written.map(Placed::from))
            }
            l::CALL_CHUNK => {
                let [extensions, _] = self.pairs()?;
                let around = match connection {
                    Some(connection) => connection.send_data_around(self.length(), out),
                    None => format::chunk(self.length(), extensions.extensions(), out),
                };
                Some(around.map(Placed::from))
            }
            l::CALL_ENTRY => {
                let [boundary, name, file_name, media_type] = [self.part()?, self.part()?, self.part()?, self.part()?];
                self.pairs()?;
                let file = self.has(l::FORMAT_HAS_FILE).then_some(File { name: file_name, media_type });
                let around = self.boundary(boundary).and_then(|boundary| boundary.entry(Entry { name, file }, out));
                Some(around.map(Placed::from))
            }
            l::CALL_FORM_END => {
                let boundary = self.part()?;
                self.pairs()?;
                let ended = self.boundary(boundary).map(|boundary| boundary.end(out));
                Some(ended.map(|()| Placed::ahead(out)))
            }
            _ => {
                let [_, trailers] = self.pairs()?;
                let ended = match connection {
                    Some(connection) => connection.send_end(trailers, out),
                    None => format::last_chunk(trailers, out),
                };
                Some(ended.map(|()| Placed::ahead(out)))
            }
        }
    }

    /// The next part; none if the text ends before it.
    fn part(&mut self) -> Option<&'a [u8]> {
        let length = *self.lengths.split_off_first()?;
        self.text.split_off(..length as usize)
    }

    /// The field lines, or extensions, and the trailer lines, which are all the rest of the text.
    #[inline(always)]
    fn pairs(&mut self) -> Option<[Pairs<'a>; 2]> {
        let fields = self.pairs_of(l::FORMAT_FIELDS)?;
        let trailers = self.pairs_of(l::FORMAT_TRAILERS)?;
        self.text.is_empty().then_some([fields, trailers])
    }

    fn pairs_of(&mut self, count: u32) -> Option<Pairs<'a>> {
        let lengths = self.lengths.split_off(..2 * self.words[count as usize] as usize)?.as_chunks().0;
        let mut total = 0;
        for [name, value] in lengths {
            total += *name as usize + if *value == l::NOWHERE { 0 } else { *value as usize };
        }
        Some(Pairs { text: self.text.split_off(..total)?, lengths: lengths.iter() })
    }

    fn boundary(&self, text: &'a [u8]) -> Result<Boundary<'a>, Refusal> {
        if self.has(l::FORMAT_HAS_TYPE) { Boundary::of(text) } else { Boundary::new(text) }
    }

    fn has(&self, flag: u32) -> bool {
        self.words[l::FORMAT_FLAGS as usize] & flag != 0
    }

    fn lenient(&self) -> Leniencies {
        if self.has(l::FORMAT_ASTERISK) { ASTERISK } else { Leniencies::STRICT }
    }

    fn version(&self, is_1_0: u32) -> Version {
        if self.has(is_1_0) { Version::Http10 } else { Version::Http11 }
    }

    fn body(&self) -> Body {
        if self.has(l::FORMAT_BODY_KNOWN) {
            Body::Known(self.length())
        } else if self.has(l::FORMAT_BODY_UNKNOWN) {
            Body::Unknown
        } else if self.has(l::FORMAT_BODY_DECLARED) {
            Body::Declared
        } else {
            Body::None
        }
    }

    fn length(&self) -> u64 {
        u64::from(self.words[l::FORMAT_BODY_LOW as usize]) | u64::from(self.words[l::FORMAT_BODY_HIGH as usize]) << 32
    }
}

/// Names and values, cut from their text one after the other.
struct Pairs<'a> {
    text: &'a [u8],
    lengths: slice::Iter<'a, [u32; 2]>,
}

impl<'a> Pairs<'a> {
    /// Name and value, and whether there is a value.
    #[inline]
    fn cut(&mut self) -> Option<(&'a [u8], &'a [u8], bool)> {
        let [name_length, value_length] = *self.lengths.next()?;
        let has_value = value_length != l::NOWHERE;
        let (name, rest) = self.text.split_at(name_length as usize);
        let (value, rest) = rest.split_at(if has_value { value_length as usize } else { 0 });
        self.text = rest;
        Some((name, value, has_value))
    }

    /// As chunk extensions, whose value may be missing.
    fn extensions(mut self) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        from_fn(move || self.cut().map(|(name, value, has_value)| (name, has_value.then_some(value))))
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.cut().map(|(name, value, _)| (name, value))
    }
}
