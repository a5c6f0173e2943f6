//! Field sections: RFC 9112 section 5.

use h1wire::{error::Code, policy::Leniency};

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
    /// Offset of each octet of the value and, as the last one, of what follows it.
    places: Vec<usize>,
}

/// Octets with their offsets.
type Placed = Vec<(u8, usize)>;

impl Field {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The offset of an octet of the value.
    pub(crate) fn offset(&self, index: usize) -> usize {
        self.places[index]
    }
}

/// Which lines there may be.
pub(crate) struct Rules {
    pub(crate) max_fields: u64,
    pub(crate) too_many: Code,
    pub(crate) response: bool,
    pub(crate) trailer: bool,
}

/// A line as it comes.
struct Line {
    name: Vec<u8>,
    /// Without whitespace around it; with its folds, each as one SP.
    octets: Placed,
    line: usize,
    /// Where the line end stands.
    end: usize,
}

/// `*( field-line CRLF ) CRLF`; also the offset of the empty line.
pub(crate) fn read(cursor: &mut Cursor<'_>, rules: &Rules) -> Read<(Vec<Field>, usize)> {
    let mut lines: Vec<Line> = Vec::new();
    let mut dropped = 0;
    let mut behind_dropped = false;
    loop {
        let start = cursor.at;
        let before = lines.len() + dropped;
        let read = match cursor.peek()? {
            b'\r' | b'\n' => {
                empty_line(cursor)?;
                return Ok((lines.into_iter().map(Line::whole).collect(), start));
            }
            b' ' | b'\t' if behind_dropped => cursor.fault(Code::ObsFold),
            b' ' | b'\t' => match lines.last_mut() {
                Some(last) => {
                    fold(cursor, rules, last)?;
                    continue;
                }
                None => cursor.fault(Code::SpaceBeforeField),
            },
            _ => field_line(cursor, rules, before),
        };
        behind_dropped = match read {
            Ok(line) => {
                lines.push(line);
                false
            }
            Err(Stop::Fault(code, at)) if IS_NONE.contains(&code) && may_drop(cursor, rules) => {
                if before as u64 >= rules.max_fields {
                    return Err(Stop::Fault(rules.too_many, start));
                }
                drop_line(cursor, start, (code, at))?;
                dropped += 1;
                true
            }
            Err(stop) => return Err(stop),
        };
    }
}

/// The faults of a line that is no field line.
const IS_NONE: [Code; 6] = [
    Code::FieldName,
    Code::FieldNameEmpty,
    Code::FieldColon,
    Code::SpaceBeforeColon,
    Code::SpaceBeforeField,
    Code::ObsFold,
];

fn may_drop(cursor: &Cursor<'_>, rules: &Rules) -> bool {
    rules.response && cursor.told.has(Leniency::BadFieldLines)
}

/// Takes a line that is no field line, unless framing is named in it: then that is a fault after all.
fn drop_line(cursor: &mut Cursor<'_>, start: usize, (code, at): (Code, usize)) -> Read<()> {
    while !matches!(cursor.peek()?, b'\r' | b'\n') {
        cursor.at += 1;
    }
    cursor.field_line_end(code)?;
    let line = String::from_utf8_lossy(cursor.since(start)).to_ascii_lowercase();
    if line.contains("content-length") || line.contains("transfer-encoding") {
        return Err(Stop::Fault(code, at));
    }
    cursor.told.each(Leniency::BadFieldLines, start);
    Ok(())
}

/// The line end that ends a section. Where a CR alone may do so, it does at the input's end as well.
fn empty_line(cursor: &mut Cursor<'_>) -> Read<()> {
    let ended = cursor.line_end(Code::FieldName);
    let cut_behind_cr = ended == Err(Stop::Dry) && cursor.ends;
    if cut_behind_cr && cursor.permits(Leniency::OptionalLfAfterCr) { Ok(()) } else { ended }
}

/// `field-line = field-name ":" OWS field-value OWS`
fn field_line(cursor: &mut Cursor<'_>, rules: &Rules, before: usize) -> Read<Line> {
    let line = cursor.at;
    let named = cursor.walk(&grammar::TOKEN);
    if cursor.at > line && before as u64 >= rules.max_fields {
        return Err(Stop::Fault(rules.too_many, line));
    }
    if !named? {
        return cursor.fault(if cursor.peek()? == b':' { Code::FieldNameEmpty } else { Code::FieldName });
    }
    let name = cursor.since(line).to_vec();
    if matches!(cursor.peek()?, b' ' | b'\t') {
        if !rules.response || !cursor.permits(Leniency::SpaceBeforeColon) {
            return cursor.fault(Code::SpaceBeforeColon);
        }
        cursor.walk(&grammar::OWS)?;
        cursor.expect(b':', Code::FieldColon)?;
    } else {
        let line_ends = matches!(cursor.peek()?, b'\r' | b'\n');
        cursor.expect(b':', if line_ends { Code::FieldColon } else { Code::FieldName })?;
    }
    let (octets, end) = value(cursor)?;
    Ok(Line { name, octets, line, end })
}

/// `obs-fold = OWS CRLF RWS`: reads as one SP, in a response's head at once (RFC 9112 section 5.2).
fn fold(cursor: &mut Cursor<'_>, rules: &Rules, last: &mut Line) -> Read<()> {
    let frames = [&b"content-length"[..], b"transfer-encoding"].contains(&&last.name.to_ascii_lowercase()[..]);
    let kindness = rules.response && !rules.trailer;
    if frames || !kindness && !cursor.permits(Leniency::ObsFold) {
        return cursor.fault(Code::ObsFold);
    }
    last.octets.push((b' ', cursor.at));
    let (more, end) = value(cursor)?;
    last.octets.extend(more);
    last.end = end;
    Ok(())
}

/// What stands up to the line's end, without whitespace around it, and where that end is.
fn value(cursor: &mut Cursor<'_>) -> Read<(Placed, usize)> {
    let start = cursor.at;
    loop {
        cursor.walk(&grammar::FIELD_OCTETS)?;
        let permitted = match cursor.peek()? {
            b'\r' | b'\n' => break,
            0 => cursor.permits(Leniency::Headers),
            _ if cursor.told.has(Leniency::HeaderValueRelaxed) => cursor.permits(Leniency::HeaderValueRelaxed),
            _ => cursor.permits(Leniency::Headers),
        };
        if !permitted {
            return cursor.fault(Code::FieldValue);
        }
        cursor.at += 1;
    }
    let end = cursor.at;
    let octets = cursor.since(start).iter().copied().zip(start..).collect();
    cursor.field_line_end(Code::FieldValue)?;
    Ok((trim_by(octets, |(octet, _)| is_space(*octet)), end))
}

impl Line {
    /// The field, once no fold can follow: NUL is SP by now, and there is whitespace within only.
    fn whole(self) -> Field {
        let octets = self.octets.into_iter().map(|(octet, place)| (if octet == 0 { b' ' } else { octet }, place));
        let octets = trim_by(octets.collect(), |(octet, _)| is_space(*octet));
        let (value, mut places): (Vec<u8>, Vec<usize>) = octets.into_iter().unzip();
        places.push(places.last().map_or(self.end, |last| last + 1));
        Field { name: self.name, value, line: self.line, places }
    }
}

/// Without OWS at either end.
pub(crate) fn trim(octets: Vec<u8>) -> Vec<u8> {
    trim_by(octets, |octet| is_space(*octet))
}

fn trim_by<T>(mut items: Vec<T>, is_space: impl Fn(&T) -> bool) -> Vec<T> {
    while items.last().is_some_and(&is_space) {
        items.pop();
    }
    while items.first().is_some_and(&is_space) {
        items.remove(0);
    }
    items
}

fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}
