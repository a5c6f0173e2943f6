//! The framing of multipart/form-data: what goes around the entries of a form.
//!
//! RFC 7578, written as browsers do (WHATWG HTML, "multipart/form-data encoding algorithm"): UTF-8
//! throughout, in names `"`, CR and LF as `%22`, `%0D` and `%0A`. The entries' contents never come
//! here. That the boundary occurs in none of them the caller must see to, who has them.
//!
//! ```text
//! boundary = 0*69<bchars> bcharsnospace                           ; RFC 2046 section 5.1.1
//! bchars   = bcharsnospace / " "
//! bcharsnospace = DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":" / "=" / "?"
//! ```

use super::{
    Output,
    chunk::Around,
    or_undone,
    refusal::{Part, Refusal, check_text},
};
use crate::{
    error::Code,
    framing::{skip_space, token},
    grammar::{self, is_same_name},
};

/// An entry of a form, all but its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// What else there is to say if it is a file.
    pub file: Option<File<'a>>,
}

/// What a form says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Its media type; if empty, `application/octet-stream` is written.
    pub media_type: &'a [u8],
}

/// A checked boundary, and what is written with it.
///
/// # Example
/// ```
/// use h1wire::format::{Around, multipart::{Boundary, Entry}};
///
/// let mut out = Vec::new();
/// let boundary = Boundary::of(b"multipart/form-data; boundary=x")?;
/// let Around { before, .. } = boundary.entry(Entry { name: b"a\"b", file: None }, &mut out)?;
/// out.splice(before..before, *b"content");
/// boundary.end(&mut out);
/// assert_eq!(out, b"--x\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\ncontent\r\n--x--\r\n");
/// # Ok::<(), h1wire::format::Refusal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary<'a>(&'a [u8]);

impl<'a> Boundary<'a> {
    /// A boundary of the caller's choice.
    ///
    /// # Errors
    /// [`Code::Boundary`] if it is none.
    pub fn new(text: &'a [u8]) -> Result<Boundary<'a>, Refusal> {
        Boundary::within(text, 0, text.len())
    }

    /// The boundary a Content-Type names.
    ///
    /// # Errors
    /// [`Code::Boundary`] if it names none, or is no multipart media type.
    pub fn of(content_type: &'a [u8]) -> Result<Boundary<'a>, Refusal> {
        let at = |index| Refusal::at(Code::Boundary, Part::Boundary, content_type, index);
        let (start, end) = parameter(content_type).map_err(at)?;
        Boundary::within(content_type, start, end)
    }

    fn within(text: &'a [u8], start: usize, end: usize) -> Result<Boundary<'a>, Refusal> {
        let boundary = &text[start..end];
        let wrong = boundary.iter().position(|octet| !is_boundary(*octet));
        let wrong = wrong.or(if boundary.len() > MOST { Some(MOST) } else { None });
        let wrong = wrong.or(if boundary.ends_with(b" ") { Some(boundary.len() - 1) } else { None });
        match wrong.or(if boundary.is_empty() { Some(0) } else { None }) {
            Some(index) => Err(Refusal::at(Code::Boundary, Part::Boundary, text, start + index)),
            None => Ok(Boundary(boundary)),
        }
    }

    /// Its bytes.
    pub fn octets(&self) -> &'a [u8] {
        self.0
    }

    /// Appends what goes before the content of an entry, and the line end behind it.
    ///
    /// # Errors
    /// [`Code::FieldValue`] for a control in a name or media type; `out` is then as it was.
    pub fn entry(&self, entry: Entry<'_>, out: &mut impl Output) -> Result<Around, Refusal> {
        or_undone(out, |out| {
            let start = out.length();
            out.write(b"--");
            out.write(self.0);
            out.write(b"\r\nContent-Disposition: form-data; name=\"");
            write_escaped(entry.name, Part::EntryName, out)?;
            if let Some(File { name, media_type }) = entry.file {
                out.write(b"\"; filename=\"");
                write_escaped(name, Part::EntryFileName, out)?;
                check_text(media_type, Part::EntryType, Code::FieldValue)?;
                out.write(b"\"\r\nContent-Type: ");
                out.write(if media_type.is_empty() { b"application/octet-stream" } else { media_type });
                out.write(b"\r\n\r\n");
            } else {
                out.write(b"\"\r\n\r\n");
            }
            let before = out.length() - start;
            out.write(b"\r\n");
            Ok(Around { before, after: 2 })
        })
    }

    /// Appends what goes behind the last entry, or stands alone if there is none.
    pub fn end(&self, out: &mut impl Output) {
        for part in [b"--", self.0, b"--\r\n"] {
            out.write(part);
        }
    }
}

/// The most bytes of a boundary.
const MOST: usize = 70;

fn is_boundary(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&octet)
}

/// Where the value of the parameter `boundary` lies in a multipart Content-Type; what is missing or
/// wrong otherwise. An empty parameter, or the same again, is what nobody writes on purpose.
///
/// ```text
/// media-type = type "/" subtype *( OWS ";" OWS [ parameter ] )    ; RFC 9110 section 8.3.1
/// parameter  = token "=" ( token / quoted-string )                ; RFC 9110 section 5.6.6
/// ```
fn parameter(text: &[u8]) -> Result<(usize, usize), usize> {
    const TYPE: &[u8] = b"multipart/";
    if !text.get(..TYPE.len()).is_some_and(|start| is_same_name(start, TYPE)) {
        return Err(0);
    }
    let mut at = token(text, TYPE.len())?;
    let mut found = None;
    loop {
        at = skip_space(text, at);
        if at == text.len() {
            return found.ok_or(at);
        }
        if text[at] != b';' {
            return Err(at);
        }
        let name = skip_space(text, at + 1);
        let equals = token(text, name)?;
        if text.get(equals) != Some(&b'=') {
            return Err(equals);
        }
        let start = equals + 1;
        let (start, end) = if text.get(start) == Some(&b'"') {
            // A boundary holds nothing that would be escaped.
            let length = text[start + 1..].iter().position(|octet| *octet == b'"').ok_or(text.len())?;
            at = start + length + 2;
            (start + 1, at - 1)
        } else {
            at = token(text, start)?;
            (start, at)
        };
        if is_same_name(&text[name..equals], b"boundary") {
            if found.is_some() {
                return Err(name);
            }
            found = Some((start, end));
        }
    }
}

fn write_escaped(name: &[u8], part: Part, out: &mut impl Output) -> Result<(), Refusal> {
    // In the name of an entry a line break of any kind is CRLF; that of a file is escaped as it is.
    let whole_breaks = part == Part::EntryName;
    let mut written = 0;
    for (index, octet) in name.iter().enumerate() {
        let escaped: &[u8] = match octet {
            b'"' => b"%22",
            b'\r' if whole_breaks && name.get(index + 1) != Some(&b'\n') => b"%0D%0A",
            b'\r' => b"%0D",
            b'\n' if whole_breaks && !name[..index].ends_with(b"\r") => b"%0D%0A",
            b'\n' => b"%0A",
            octet if grammar::is_field_value(*octet) => continue,
            _ => return Err(Refusal::at(Code::FieldValue, part, name, index)),
        };
        out.write(&name[written..index]);
        out.write(escaped);
        written = index + 1;
    }
    out.write(&name[written..]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::String, vec::Vec};

    fn entry(entry: Entry<'_>) -> Result<String, (Part, Option<usize>)> {
        let mut out = Vec::new();
        match Boundary::new(b"b").unwrap().entry(entry, &mut out) {
            Ok(around) => {
                assert_eq!((out.len(), around.after), (around.before + 2, 2));
                Ok(String::from_utf8(out).unwrap())
            }
            Err(refusal) => {
                assert!(out.is_empty() && refusal.code == Code::FieldValue);
                Err((refusal.part, refusal.at))
            }
        }
    }

    #[test]
    fn names_are_escaped_as_browsers_do() {
        for (name, written) in [
            ("", ""),
            ("j\u{F6} %22;\\'", "j\u{F6} %22;\\'"),
            ("\"", "%22"),
            ("a\r\nb", "a%0D%0Ab"),
            ("a\rb\n", "a%0D%0Ab%0D%0A"),
            ("\n\r", "%0D%0A%0D%0A"),
            ("\r\r\n\n", "%0D%0A%0D%0A%0D%0A"),
        ] {
            let text = entry(Entry { name: name.as_bytes(), file: None }).unwrap();
            assert_eq!(text, alloc::format!("--b\r\nContent-Disposition: form-data; name=\"{written}\"\r\n\r\n\r\n"));
        }
    }

    #[test]
    fn files_have_names_and_types() {
        let file = |name, media_type| entry(Entry { name: b"n", file: Some(File { name, media_type }) });
        let start = "--b\r\nContent-Disposition: form-data; name=\"n\"; filename=";
        let written = file(b"a\"\nb\r", b"text/plain;charset=utf-8").unwrap();
        assert_eq!(
            written,
            alloc::format!("{start}\"a%22%0Ab%0D\"\r\nContent-Type: text/plain;charset=utf-8\r\n\r\n\r\n")
        );
        let written = file(b"", b"").unwrap();
        assert_eq!(written, alloc::format!("{start}\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n"));
        assert_eq!(file(b"a\0", b""), Err((Part::EntryFileName, Some(1))));
        assert_eq!(file(b"a", b"a\r\nX: y"), Err((Part::EntryType, Some(1))));
        assert_eq!(entry(Entry { name: b"\x7F", file: None }), Err((Part::EntryName, Some(0))));
    }

    #[test]
    fn the_boundary_of_a_content_type() {
        for (text, expected) in [
            (&b"multipart/form-data; boundary=x"[..], Ok(&b"x"[..])),
            (b"Multipart/Form-Data ; charset=\"a;b\"\t;BOUNDARY=\"a b:?\"; x=y", Ok(b"a b:?")),
            (b"multipart/form-data", Err(19)),
            (b"multipart/form-data; boundary", Err(29)),
            (b"multipart/form-data; boundary=", Err(30)),
            (b"multipart/form-data; boundary=\"x", Err(32)),
            (b"multipart/form-data; boundary=\"x \"", Err(32)),
            (b"multipart/form-data; boundary=\"a\\b\"", Err(32)),
            (b"multipart/form-data; boundary=a*b", Err(31)),
            (b"multipart/form-data; a=b c; boundary=x", Err(25)),
            (b"multipart/form-data; boundary=a\"b", Err(31)),
            (b"multipart/form-data; boundary=a;boundary=a", Err(32)),
            (b"multipart/form-data; boundary=a;", Err(32)),
            (b"text/plain; boundary=x", Err(0)),
            (b"", Err(0)),
        ] {
            let result = Boundary::of(text).map(|boundary| boundary.octets());
            assert_eq!(result.map_err(|refusal| refusal.at.unwrap()), expected, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn boundaries_have_70_octets_at_most() {
        assert!(Boundary::new(&[b'x'; 70]).is_ok());
        assert_eq!(Boundary::new(&[b'x'; 71]).unwrap_err().at, Some(70));
        assert!(Boundary::new(b"").is_err() && Boundary::new(b"a\r\nb").is_err());
    }
}
