//! What counts as a start-line: where a message can begin again behind junk, and which line is one, if a broken one.
//!
//! A line comes with its end: LF, CR LF, or a CR and the octet that shows that no LF follows.

use super::checks::{find_word, first_of};
use crate::grammar;

/// Whether a message can begin again with this line: it is a start-line of HTTP/1, but for the form of its target.
#[inline(never)]
pub(crate) fn begins(line: &[u8], request: bool) -> bool {
    let line = &line[..first_of(line, b"\r\n")];
    let (first, second, third) = words(line);
    if request {
        let has_visible = |word: &[u8]| !word.is_empty() && word.iter().all(|octet| *octet > b' ' && *octet != 0x7F);
        let is_token = first.iter().all(|octet| grammar::is_token(*octet));
        return is_token && has_visible(first) && has_visible(second) && is_version(third);
    }
    is_version(first) && second.len() == 3 && second.iter().all(u8::is_ascii_digit)
}

/// Whether the line can be taken apart as a start-line, however broken.
#[inline(never)]
pub(crate) fn is_plausible(line: &[u8], request: bool) -> bool {
    let line = &line[..first_of(line, b"\r\n")];
    if !request {
        return find_word(line, b"HTTP/") == Some(0);
    }
    let first = line.iter().take_while(|octet| **octet > b' ' && **octet < 0x7F).count();
    let rest = &line[first..];
    let divided = first > 0 && rest.first().is_some_and(|octet| grammar::is_space(*octet));
    let preface = find_word(line, b"PRI * HTTP/2") == Some(0);
    let named = || find_word(rest, b" HTTP/").or(find_word(rest, b"\tHTTP/")).is_some();
    divided && !preface && (rest.get(1) == Some(&b'/') || named())
}

/// What stands before the first SP, up to the second, and behind that.
fn words(line: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let first = first_of(line, b" ");
    let rest = line.get(first + 1..).unwrap_or_default();
    let second = first_of(rest, b" ");
    (&line[..first], &rest[..second], rest.get(second + 1..).unwrap_or_default())
}

fn is_version(octets: &[u8]) -> bool {
    matches!(octets, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_message_can_begin() {
        for (line, request, expected) in [
            ("GET / HTTP/1.1\r\n", true, true),
            ("x y HTTP/1.0\n", true, true),
            ("GET / HTTP/2.0\r\n", true, false),
            ("GET  / HTTP/1.1\r\n", true, false),
            (" / HTTP/1.1\r\n", true, false),
            ("G(T / HTTP/1.1\r\n", true, false),
            ("GET / HTTP/1.1 \r\n", true, false),
            ("HTTP/1.1 200 OK\r\n", true, false),
            ("HTTP/1.1 200 OK\r\n", false, true),
            ("HTTP/1.1 200\r\n", false, true),
            ("HTTP/1.1 2000\r\n", false, false),
            ("HTTP/2.0 200 OK\r\n", false, false),
            ("", true, false),
            ("", false, false),
        ] {
            assert_eq!(begins(line.as_bytes(), request), expected, "{line:?}");
        }
    }

    #[test]
    fn what_can_be_taken_apart() {
        for (line, request, expected) in [
            ("G(T / HTTP/1.1\r\n", true, true),
            ("GET /\r\n", true, true),
            ("GET\t* HTTP/1.1\r\n", true, true),
            ("GET a b HTTP/9\r\n", true, true),
            ("hello world\r\n", true, false),
            ("GET\r\n", true, false),
            (" GET / HTTP/1.1\r\n", true, false),
            ("PRI * HTTP/2.0\r\n", true, false),
            ("http/1.1 OK\r\n", false, true),
            ("HTTP\r\n", false, false),
        ] {
            assert_eq!(is_plausible(line.as_bytes(), request), expected, "{line:?}");
        }
    }
}
