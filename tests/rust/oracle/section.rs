//! Field sections: RFC 9112 section 5.

use h1wire::{error::Code, policy::Leniency};

use super::{
    cursor::{Cursor, LineEnd, Read, Stop},
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

/// `*( field-line CRLF ) CRLF`, behind a line that ended in this way; also the offset of the empty line.
pub(crate) fn read(cursor: &mut Cursor<'_>, rules: &Rules, mut before: LineEnd) -> Read<(Vec<Field>, usize)> {
    let mut lines: Vec<Line> = Vec::new();
    loop {
        let start = cursor.at;
        before = match cursor.peek()? {
            b'\r' => {
                empty_line(cursor)?;
                return Ok((lines.into_iter().map(Line::whole).collect(), start));
            }
            // Never two in a row: by then it is not sure that anybody meant a line end.
            b'\n' if before == LineEnd::Lf => return cursor.fault(Code::LoneLf),
            b'\n' => {
                cursor.line_end(Code::LoneLf)?;
                return Ok((lines.into_iter().map(Line::whole).collect(), start));
            }
            b' ' | b'\t' => fold(cursor, rules, lines.last_mut())?,
            _ => {
                let (line, end) = field_line(cursor, rules, lines.len())?;
                lines.push(line);
                end
            }
        };
    }
}

/// The line end that ends a section. Where a CR alone may do so, it does at the input's end as well.
fn empty_line(cursor: &mut Cursor<'_>) -> Read<()> {
    let ended = cursor.line_end(Code::FieldName).map(|_| ());
    let cut_behind_cr = ended == Err(Stop::Dry) && cursor.ends;
    if cut_behind_cr && cursor.permits(Leniency::OptionalLfAfterCr) { Ok(()) } else { ended }
}

/// `field-line = field-name ":" OWS field-value OWS`
fn field_line(cursor: &mut Cursor<'_>, rules: &Rules, before: usize) -> Read<(Line, LineEnd)> {
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
    let (octets, end, ended) = value(cursor)?;
    Ok((Line { name, octets, line, end }, ended))
}

/// `obs-fold = OWS CRLF RWS`: reads as one SP, in a response's head at once (RFC 9112 section 5.2).
fn fold(cursor: &mut Cursor<'_>, rules: &Rules, last: Option<&mut Line>) -> Read<LineEnd> {
    let Some(last) = last else { return cursor.fault(Code::SpaceBeforeField) };
    let frames = [&b"content-length"[..], b"transfer-encoding"].contains(&&last.name.to_ascii_lowercase()[..]);
    let kindness = rules.response && !rules.trailer;
    if frames || !kindness && !cursor.permits(Leniency::ObsFold) {
        return cursor.fault(Code::ObsFold);
    }
    last.octets.push((b' ', cursor.at));
    let (more, end, ended) = value(cursor)?;
    last.octets.extend(more);
    last.end = end;
    Ok(ended)
}

/// What stands up to the line's end, without whitespace around it, where that end is, and how it is made.
fn value(cursor: &mut Cursor<'_>) -> Read<(Placed, usize, LineEnd)> {
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
    let ended = cursor.field_line_end(Code::FieldValue)?;
    Ok((trim_by(octets, |(octet, _)| is_space(*octet)), end, ended))
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
