//! Names met often: methods and field names get a number, so that nobody compares or copies them.
//!
//! The tables mean speed only, never a rule: a name that is not here is as good as one that is.

use crate::scan::{FieldLine, Match, Vector, WIDTH};

/// Known methods; a method's number is its index, 0 standing for every other.
pub const METHODS: &[&str] = &["", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// A method that is met often; [`Method::OTHER`] stands for every other.
///
/// ```
/// use h1wire::Method;
///
/// assert_eq!(Method::of(b"PUT"), Method::PUT);
/// assert_eq!(Method::of(b"put"), Method::OTHER); // methods are case-sensitive
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Method(u8);

impl Method {
    /// Any method without a constant here.
    pub const OTHER: Method = Method(0);
    /// `GET`
    pub const GET: Method = Method(1);
    /// `HEAD`
    pub const HEAD: Method = Method(2);
    /// `POST`
    pub const POST: Method = Method(3);
    /// `PUT`
    pub const PUT: Method = Method(4);
    /// `DELETE`
    pub const DELETE: Method = Method(5);
    /// `CONNECT`
    pub const CONNECT: Method = Method(6);
    /// `OPTIONS`
    pub const OPTIONS: Method = Method(7);
    /// `TRACE`
    pub const TRACE: Method = Method(8);
    /// `PATCH`
    pub const PATCH: Method = Method(9);

    /// The method with this name, case-sensitive (RFC 9110 section 9.1); [`Method::OTHER`] if it has no constant here.
    pub fn of(name: &[u8]) -> Method {
        match name {
            b"GET" => Method::GET,
            b"POST" => Method::POST,
            _ => METHODS
                .iter()
                .position(|known| known.as_bytes() == name)
                .map_or(Method::OTHER, |index| Method(index as u8)),
        }
    }

    /// The method with this number; [`Method::OTHER`] if there is none.
    #[doc(hidden)]
    pub const fn from_id(id: u32) -> Method {
        if id < METHODS.len() as u32 { Method(id as u8) } else { Method::OTHER }
    }

    /// The number.
    #[doc(hidden)]
    pub const fn id(self) -> u8 {
        self.0
    }
}

macro_rules! fields {
    ($($constant:ident $name:literal,)+) => {
        /// Known field names as they are usually written; a name's number is its index, 0 standing
        /// for every other.
        pub const FIELD_NAMES: &[&str] = &["", $($name),+];

        #[allow(non_camel_case_types, clippy::upper_case_acronyms, dead_code)]
        #[repr(u8)]
        enum Number { OTHER, $($constant),+ }

        #[allow(missing_docs)]
        impl FieldName {
            $(pub const $constant: FieldName = FieldName(Number::$constant as u8);)+
        }
    };
}

/// How a field name with a number is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Spelling {
    /// In neither of the ways below, or the name has no number.
    #[default]
    Otherwise,
    /// As in [`FIELD_NAMES`].
    Usual,
    /// As there, but all in lower case.
    Lower,
}

/// A field name by its number in [`FIELD_NAMES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldName(u8);

fields! {
    HOST "Host", CONNECTION "Connection", CONTENT_LENGTH "Content-Length", TRANSFER_ENCODING "Transfer-Encoding",
    UPGRADE "Upgrade", EXPECT "Expect", TE "TE", TRAILER "Trailer", KEEP_ALIVE "Keep-Alive",
    PROXY_CONNECTION "Proxy-Connection", USER_AGENT "User-Agent", ACCEPT "Accept",
    ACCEPT_LANGUAGE "Accept-Language", ACCEPT_ENCODING "Accept-Encoding", REFERER "Referer", COOKIE "Cookie",
    UPGRADE_INSECURE_REQUESTS "Upgrade-Insecure-Requests", PRIORITY "Priority", CONTENT_TYPE "Content-Type",
    DATE "Date", SERVER "Server", CACHE_CONTROL "Cache-Control", ETAG "ETag", VARY "Vary",
    X_REQUEST_ID "X-Request-Id", STRICT_TRANSPORT_SECURITY "Strict-Transport-Security",
    X_CONTENT_TYPE_OPTIONS "X-Content-Type-Options", ACCESS_CONTROL_ALLOW_ORIGIN "Access-Control-Allow-Origin",
    SET_COOKIE "Set-Cookie", LOCATION "Location", LAST_MODIFIED "Last-Modified", EXPIRES "Expires", AGE "Age",
    AUTHORIZATION "Authorization", ORIGIN "Origin", IF_NONE_MATCH "If-None-Match",
    IF_MODIFIED_SINCE "If-Modified-Since", IF_MATCH "If-Match", IF_UNMODIFIED_SINCE "If-Unmodified-Since",
    IF_RANGE "If-Range", RANGE "Range", CONTENT_RANGE "Content-Range", ACCEPT_RANGES "Accept-Ranges",
    CONTENT_ENCODING "Content-Encoding", CONTENT_LANGUAGE "Content-Language", CONTENT_LOCATION "Content-Location",
    CONTENT_DISPOSITION "Content-Disposition", CONTENT_SECURITY_POLICY "Content-Security-Policy",
    WWW_AUTHENTICATE "WWW-Authenticate", PROXY_AUTHENTICATE "Proxy-Authenticate",
    PROXY_AUTHORIZATION "Proxy-Authorization", RETRY_AFTER "Retry-After", ALLOW "Allow", VIA "Via",
    FORWARDED "Forwarded", X_FORWARDED_FOR "X-Forwarded-For", X_FORWARDED_HOST "X-Forwarded-Host",
    X_FORWARDED_PROTO "X-Forwarded-Proto", X_FRAME_OPTIONS "X-Frame-Options",
    X_XSS_PROTECTION "X-XSS-Protection", X_POWERED_BY "X-Powered-By", LINK "Link", PRAGMA "Pragma",
    WARNING "Warning", MAX_FORWARDS "Max-Forwards", FROM "From", DNT "DNT", ALT_SVC "Alt-Svc",
    REFERRER_POLICY "Referrer-Policy", PERMISSIONS_POLICY "Permissions-Policy", TIMING_ALLOW_ORIGIN "Timing-Allow-Origin",
    SEC_FETCH_SITE "Sec-Fetch-Site", SEC_FETCH_MODE "Sec-Fetch-Mode", SEC_FETCH_DEST "Sec-Fetch-Dest",
    SEC_FETCH_USER "Sec-Fetch-User", SEC_CH_UA "Sec-CH-UA", SEC_CH_UA_MOBILE "Sec-CH-UA-Mobile",
    SEC_CH_UA_PLATFORM "Sec-CH-UA-Platform", SEC_WEBSOCKET_KEY "Sec-WebSocket-Key",
    SEC_WEBSOCKET_VERSION "Sec-WebSocket-Version", SEC_WEBSOCKET_ACCEPT "Sec-WebSocket-Accept",
    SEC_WEBSOCKET_PROTOCOL "Sec-WebSocket-Protocol", SEC_WEBSOCKET_EXTENSIONS "Sec-WebSocket-Extensions",
    ACCEPT_CHARSET "Accept-Charset", ACCESS_CONTROL_ALLOW_METHODS "Access-Control-Allow-Methods",
    ACCESS_CONTROL_ALLOW_HEADERS "Access-Control-Allow-Headers",
    ACCESS_CONTROL_ALLOW_CREDENTIALS "Access-Control-Allow-Credentials",
    ACCESS_CONTROL_EXPOSE_HEADERS "Access-Control-Expose-Headers", ACCESS_CONTROL_MAX_AGE "Access-Control-Max-Age",
    ACCESS_CONTROL_REQUEST_METHOD "Access-Control-Request-Method",
    ACCESS_CONTROL_REQUEST_HEADERS "Access-Control-Request-Headers", SERVER_TIMING "Server-Timing",
    CONTENT_DIGEST "Content-Digest", TRACEPARENT "Traceparent", X_REAL_IP "X-Real-IP",
    X_REQUESTED_WITH "X-Requested-With", X_CACHE "X-Cache", CF_RAY "CF-RAY",
}

impl FieldName {
    /// Any name without a number.
    pub const OTHER: FieldName = FieldName(0);

    /// The number of a name, whatever its case.
    ///
    /// Cost: one look-up and one comparison.
    #[inline]
    pub fn of(name: &[u8]) -> FieldName {
        let number = FieldName::candidate(name);
        if is_same_folded(number.name().as_bytes(), name) { number } else { FieldName::OTHER }
    }

    /// The number of a name, and how the name is spelled.
    #[inline]
    pub fn read(name: &[u8]) -> (FieldName, Spelling) {
        match FieldName::candidate(name) {
            FieldName::OTHER => (FieldName::OTHER, Spelling::Otherwise),
            number => number.compared(name),
        }
    }

    /// The only number that the name can have.
    #[inline]
    fn candidate(name: &[u8]) -> FieldName {
        let slot = match (name.first(), name.last_chunk()) {
            (Some(first), Some(ending)) => slot_of(*first, *ending, name.len(), MULTIPLIER),
            (Some(_), None) => slot(name, MULTIPLIER),
            (None, _) => return FieldName::OTHER,
        };
        let Slot { id, length } = SLOTS[slot];
        if length as usize == name.len() { FieldName(id) } else { FieldName::OTHER }
    }

    /// The same for the name of a field line that begins at `at`.
    #[inline(always)]
    pub(crate) fn of_line<V: Vector>(text: &[u8], at: usize, line: &FieldLine<'_>) -> (FieldName, Spelling) {
        let name = &text[at..line.colon];
        let length = name.len();
        let (Some(first), Some(ending)) = (name.first(), name.last_chunk()) else { return FieldName::read(name) };
        let slot = SLOTS[slot_of(*first, *ending, length, MULTIPLIER)];
        if slot.length as usize != length {
            return (FieldName::OTHER, Spelling::Otherwise);
        }
        let (entry, number) = ((slot.id as usize + 1) * WIDTH, FieldName(slot.id));
        // Letters apart, names have digits and hyphens only, which have bit 0x20 set as they are.
        match line.window.begins_with::<V>(&ENTRIES, entry, length) {
            Some(Match::Exact) => (number, Spelling::Usual),
            Some(Match::LowerCase) => (number, Spelling::Lower),
            None => number.compared(name),
        }
    }

    /// This number if the name has it, and how the name is spelled.
    fn compared(self, name: &[u8]) -> (FieldName, Spelling) {
        let usual = self.name().as_bytes();
        if is_same(usual, name) {
            (self, Spelling::Usual)
        } else if is_same_folded(usual, name) {
            let lower = !name.iter().any(u8::is_ascii_uppercase);
            (self, if lower { Spelling::Lower } else { Spelling::Otherwise })
        } else {
            (FieldName::OTHER, Spelling::Otherwise)
        }
    }

    /// The name with this number; [`FieldName::OTHER`] if there is none.
    pub const fn from_id(id: u8) -> FieldName {
        if (id as usize) < FIELD_NAMES.len() { FieldName(id) } else { FieldName::OTHER }
    }

    /// The number.
    pub const fn id(self) -> u8 {
        self.0
    }

    /// The name as it is usually written; empty for [`FieldName::OTHER`].
    pub const fn name(self) -> &'static str {
        FIELD_NAMES[self.0 as usize]
    }
}

/// The names as scanning compares them: each in 32 bytes, zeros behind it, and 32 zeros before all.
static ENTRIES: [u8; (FIELD_NAMES.len() + 1) * WIDTH] = {
    let mut entries = [0; (FIELD_NAMES.len() + 1) * WIDTH];
    let mut id = 0;
    while id < FIELD_NAMES.len() {
        let name = FIELD_NAMES[id].as_bytes();
        assert!(name.len() <= WIDTH);
        let mut index = 0;
        while index < name.len() {
            assert!(name[index].is_ascii_alphanumeric() || name[index] == b'-');
            entries[(id + 1) * WIDTH + index] = name[index];
            index += 1;
        }
        id += 1;
    }
    entries
};

// A perfect hash over length, first byte and last four. Its multiplier is found while the crate
// compiles; two names with one key would make that search endless, which the compiler notices and
// refuses.

const BITS: u32 = 10;
const MULTIPLIER: u64 = find_multiplier(0xDA93_56A1_4C95_7F2D);

/// A name and its length; all zero where none is.
#[derive(Clone, Copy)]
struct Slot {
    id: u8,
    length: u8,
}

static SLOTS: [Slot; 1 << BITS] = match fill(MULTIPLIER) {
    Some(slots) => slots,
    None => panic!("the multiplier was found by filling the table"),
};

const fn slot(name: &[u8], multiplier: u64) -> usize {
    let length = name.len();
    let mut ending = [0; 4];
    let mut index = 0;
    while index < 4 && index < length {
        ending[3 - index] = name[length - 1 - index];
        index += 1;
    }
    slot_of(name[0], ending, length, multiplier)
}

/// `ending`: what stands in the last four bytes; before a name that has fewer it may be anything.
#[inline(always)]
const fn slot_of(first: u8, ending: [u8; 4], length: usize, multiplier: u64) -> usize {
    // Bit 0x20 is the case of a letter: setting it folds `Host` and `host` together.
    let ending = u32::from_le_bytes(ending) | 0x2020_2020;
    let ending = if length < 4 { ending >> (32 - 8 * length) } else { ending };
    let key = ending as u64 | ((first | 0x20) as u64) << 32 | (length as u64) << 40;
    (key.wrapping_mul(multiplier) >> (64 - BITS)) as usize
}

/// Whether two names are equal, by eight bytes at a time: most are short, and a call would cost more.
#[inline(always)]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut blocks = one.chunks_exact(8).zip(other.chunks_exact(8));
    one.len() == other.len()
        && blocks.all(|(a, b)| a == b)
        && match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
            (Some(a), Some(b)) => a == b,
            _ => one.iter().zip(other).all(|(a, b)| a == b),
        }
}

/// Whether `name` is `usual` but for the case of letters; `usual` has letters, digits and hyphens only. Eight bytes are
/// compared at once: of those with bit 0x40, the letters, the case bit is set on both sides, and of no others, for
/// setting it makes a hyphen of CR.
#[inline]
fn is_same_folded(usual: &[u8], name: &[u8]) -> bool {
    let fold = |usual: u64, name: u64| {
        let case = (usual & 0x4040_4040_4040_4040) >> 1;
        usual | case == name | case
    };
    let same = |(a, b): (&[u8; 8], &[u8; 8])| fold(u64::from_ne_bytes(*a), u64::from_ne_bytes(*b));
    usual.len() == name.len()
        && match (usual.last_chunk(), name.last_chunk()) {
            (Some(a), Some(b)) => usual.as_chunks().0.iter().zip(name.as_chunks().0).all(same) && same((a, b)),
            _ => match (halves(usual), halves(name)) {
                (Some(a), Some(b)) => fold(a, b),
                _ => usual.eq_ignore_ascii_case(name),
            },
        }
}

/// The first and the last four bytes of a name that has so many; not where bytes of code are dear.
#[inline]
fn halves(name: &[u8]) -> Option<u64> {
    if cfg!(target_arch = "wasm32") {
        return None;
    }
    let [first, last] = [name.first_chunk()?, name.last_chunk()?].map(|half| u64::from(u32::from_ne_bytes(*half)));
    Some(first << 32 | last)
}

const fn fill(multiplier: u64) -> Option<[Slot; 1 << BITS]> {
    let mut slots = [Slot { id: 0, length: 0 }; 1 << BITS];
    let mut id = 1;
    while id < FIELD_NAMES.len() {
        let name = FIELD_NAMES[id].as_bytes();
        let slot = slot(name, multiplier);
        if slots[slot].id != 0 {
            return None;
        }
        slots[slot] = Slot { id: id as u8, length: name.len() as u8 };
        id += 1;
    }
    Some(slots)
}

const fn find_multiplier(mut candidate: u64) -> u64 {
    while fill(candidate).is_none() {
        candidate = candidate.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) | 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_name_is_found_in_any_case() {
        assert!(FIELD_NAMES.len() <= 256);
        for (id, name) in FIELD_NAMES.iter().enumerate().skip(1) {
            assert_eq!(FieldName::of(name.as_bytes()).id() as usize, id);
            assert_eq!(FieldName::of(name.to_ascii_uppercase().as_bytes()).id() as usize, id);
            assert_eq!(FieldName::read(name.as_bytes()).1, Spelling::Usual);
            assert_eq!(FieldName::read(name.to_ascii_lowercase().as_bytes()).1, Spelling::Lower);
            assert_eq!(FieldName::of(name.to_ascii_lowercase().as_bytes()).name(), *name);
        }
    }

    #[test]
    fn look_alikes_are_not_found() {
        for name in ["", "H", "Hose", "Content_Length", "Content-Lengtj", "__proto__", "constructor"] {
            assert_eq!(FieldName::of(name.as_bytes()), FieldName::OTHER, "{name}");
        }
        assert_eq!(FieldName::read(b"cONTENT-lENGTH"), (FieldName::CONTENT_LENGTH, Spelling::Otherwise));
        // 0x0D sets to '-' (0x2D) under the case bit: the comparison must catch it.
        assert_eq!(FieldName::of(b"Content\rLength"), FieldName::OTHER);
    }

    #[test]
    fn names_are_compared_without_regard_to_case_and_nothing_else() {
        for usual in FIELD_NAMES.iter().map(|name| name.as_bytes()) {
            for at in 0..usual.len() {
                // Miri is slow: for it what could be mistaken for a letter or a hyphen is enough.
                for octet in (0..=u8::MAX).filter(|octet| !cfg!(miri) || b"\r-Aa@`".contains(octet)) {
                    let mut name = usual.to_vec();
                    name[at] = octet;
                    assert_eq!(is_same_folded(usual, &name), usual.eq_ignore_ascii_case(&name), "{octet:#x} at {at}");
                }
            }
            assert!(!is_same_folded(usual, &[usual, b"x"].concat()));
        }
    }

    #[test]
    fn methods_are_case_sensitive() {
        let known: Vec<u8> = METHODS.iter().map(|name| Method::of(name.as_bytes()).id()).collect();
        assert_eq!(known, (0..METHODS.len() as u8).collect::<Vec<_>>());
        assert_eq!(Method::of(b"get"), Method::OTHER);
    }
}
