//! What counts as a start-line: where a message can begin again behind junk, and which line is one, if a broken one.
//!
//! A line comes with its end: LF, CR LF, or a CR and the octet that shows that no LF follows.

use crate::grammar;

/// Whether a message can begin again with this line: it is a start-line of HTTP/1, but for the form of its target.
#[inline(never)]
pub(crate) fn begins(line: &[u8], request: bool) -> bool {
    let line = without_end(line);
    if !request {
        let [version @ .., b' ', first, second, third] = line.get(..12).unwrap_or_default() else { return false };
        let digits = [first, second, third].iter().all(|digit| digit.is_ascii_digit());
        return digits && is_version(version) && matches!(line.get(12), None | Some(b' '));
    }
    let mut parts = line.split(|octet| *octet == b' ');
    let [Some(method), Some(target), Some(version), None] = [(); 4].map(|()| parts.next()) else { return false };
    let visible = |octet: &u8| *octet > b' ' && *octet != 0x7F;
    let is_method = !method.is_empty() && method.iter().all(|octet| grammar::is_token(*octet));
    is_method && !target.is_empty() && target.iter().all(visible) && is_version(version)
}

/// Whether the line can be taken apart as a start-line, however broken.
#[inline(never)]
pub(crate) fn is_plausible(line: &[u8], request: bool) -> bool {
    let line = without_end(line);
    if !request {
        return line.len() >= 5 && grammar::is_same_name(&line[..5], b"HTTP/");
    }
    let preface = line.starts_with(b"PRI * HTTP/2");
    let first = line.iter().take_while(|octet| **octet > b' ' && **octet < 0x7F).count();
    let Some([space, after]) = line.get(first..first + 2) else { return false };
    let named = line[first..].windows(6).any(|part| grammar::is_space(part[0]) && &part[1..] == b"HTTP/");
    first > 0 && !preface && grammar::is_space(*space) && (*after == b'/' || named)
}

fn without_end(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|octet| matches!(octet, b'\r' | b'\n')).unwrap_or(line.len());
    &line[..end]
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
