//! Field sections: RFC 9112 section 5.

use h1wire::error::Code;

use super::{
    cursor::{Cursor, Read, Stop},
    grammar,
};

/// A field line, its folds undone.
pub(crate) struct Field {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    /// Offset of the line.
    pub(crate) line: usize,
    /// Offset of the value; of the line, if the value was folded.
    pub(crate) place: Place,
}

#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// The value stands at this offset.
    There(usize),
    /// The value is put together; faults in it are faults of its line.
    Folded(usize),
}

impl Field {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The offset of an octet of the value.
    pub(crate) fn offset(&self, index: usize) -> usize {
        match self.place {
            Place::There(start) => start + index,
            Place::Folded(line) => line,
        }
    }
}

/// Which lines there may be.
pub(crate) struct Rules {
    pub(crate) max_fields: u64,
    pub(crate) too_many: Code,
    /// A fold is SP, as a response's head may have it (RFC 9112 section 5.2).
    pub(crate) folds: bool,
}

/// `*( field-line CRLF ) CRLF`; also the offset of the empty line.
pub(crate) fn read(cursor: &mut Cursor<'_>, rules: &Rules) -> Read<(Vec<Field>, usize)> {
    let mut fields: Vec<Field> = Vec::new();
    loop {
        match cursor.peek()? {
            b'\r' => {
                let empty_line = cursor.at;
                cursor.line_end(Code::FieldName)?;
                for field in &mut fields {
                    field.value = trim(std::mem::take(&mut field.value));
                }
                return Ok((fields, empty_line));
            }
            b' ' | b'\t' => fold(cursor, rules, fields.last_mut())?,
            _ => fields.push(field_line(cursor, rules, fields.len())?),
        }
    }
}

/// `field-line = field-name ":" OWS field-value OWS`
fn field_line(cursor: &mut Cursor<'_>, rules: &Rules, before: usize) -> Read<Field> {
    let line = cursor.at;
    let named = cursor.walk(&grammar::TOKEN);
    if cursor.at > line && before as u64 >= rules.max_fields {
        return Err(Stop::Fault(rules.too_many, line));
    }
    if !named? {
        return cursor.fault(match cursor.peek()? {
            b':' => Code::FieldNameEmpty,
            b'\n' => Code::LoneLf,
            _ => Code::FieldName,
        });
    }
    let name = cursor.since(line).to_vec();
    match cursor.peek()? {
        b':' => cursor.at += 1,
        b' ' | b'\t' => return cursor.fault(Code::SpaceBeforeColon),
        b'\r' | b'\n' => return cursor.fault(Code::FieldColon),
        _ => return cursor.fault(Code::FieldName),
    }
    let (start, value) = value(cursor)?;
    Ok(Field { name, value, line, place: Place::There(start) })
}

/// `obs-fold = OWS CRLF RWS`: reads as one SP.
fn fold(cursor: &mut Cursor<'_>, rules: &Rules, last: Option<&mut Field>) -> Read<()> {
    let Some(last) = last else { return cursor.fault(Code::SpaceBeforeField) };
    if !rules.folds || last.is("Content-Length") || last.is("Transfer-Encoding") {
        return cursor.fault(Code::ObsFold);
    }
    let (_, more) = value(cursor)?;
    last.value = [&last.value, &b" "[..], &more].concat();
    last.place = Place::Folded(last.line);
    Ok(())
}

/// What stands up to the line's end, and the line end; where the value starts once it is trimmed.
fn value(cursor: &mut Cursor<'_>) -> Read<(usize, Vec<u8>)> {
    let mut start = cursor.at;
    cursor.walk(&grammar::FIELD_OCTETS)?;
    let octets = cursor.since(start);
    start += octets.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    cursor.line_end(Code::FieldValue)?;
    Ok((start, trim(octets.to_vec())))
}

/// Without OWS at either end.
pub(crate) fn trim(mut octets: Vec<u8>) -> Vec<u8> {
    while let Some(b' ' | b'\t') = octets.last() {
        octets.pop();
    }
    while let Some(b' ' | b'\t') = octets.first() {
        octets.remove(0);
    }
    octets
}
