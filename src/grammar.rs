//! Byte classes of HTTP/1.1, as one table with a bit a class.
//!
//! ```text
//! tchar       = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~"
//!             / DIGIT / ALPHA                                     ; RFC 9110 section 5.6.2
//! field-vchar = VCHAR / obs-text                                  ; RFC 9110 section 5.5
//! obs-text    = %x80-FF
//! unreserved  = ALPHA / DIGIT / "-" / "." / "_" / "~"             ; RFC 3986 section 2.3
//! sub-delims  = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / ";" / "="
//! ```

const TOKEN: u8 = 1;
const VALUE: u8 = 2;
const TARGET: u8 = 4;
const REG_NAME: u8 = 8;
const QUOTED: u8 = 16;

static CLASSES: [u8; 256] = classes();

/// Whether the byte may stand in a token.
#[inline(always)]
pub(crate) const fn is_token(octet: u8) -> bool {
    CLASSES[octet as usize] & TOKEN != 0
}

/// Whether the byte may stand in a field value or a reason phrase: VCHAR, SP, HTAB, obs-text.
#[inline(always)]
pub(crate) const fn is_field_value(octet: u8) -> bool {
    CLASSES[octet as usize] & VALUE != 0
}

/// Whether the byte may stand in a request-target: visible ASCII but `#`, which would begin a
/// fragment (RFC 9112 section 3.2 has none).
#[inline(always)]
pub(crate) const fn is_target(octet: u8) -> bool {
    CLASSES[octet as usize] & TARGET != 0
}

/// Whether the byte may stand in a reg-name as it is (`%` begins a pct-encoded one): unreserved
/// and sub-delims, RFC 3986 section 3.2.2.
#[inline(always)]
pub(crate) const fn is_reg_name(octet: u8) -> bool {
    CLASSES[octet as usize] & REG_NAME != 0
}

/// Whether the byte is qdtext, RFC 9110 section 5.6.4: may stand unescaped in a quoted-string.
#[inline(always)]
pub(crate) const fn is_quoted_text(octet: u8) -> bool {
    CLASSES[octet as usize] & QUOTED != 0
}

/// Whether the byte is optional whitespace: SP or HTAB, RFC 9110 section 5.6.3.
#[inline(always)]
pub(crate) const fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// Whether two names are the same but for the case of their letters. For what is seldom compared: its code stands
/// here once.
#[inline(never)]
pub(crate) fn is_same_name(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The bytes without SP and HTAB at either end.
pub(crate) fn trim(mut octets: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = octets {
        if !is_space(*first) {
            break;
        }
        octets = rest;
    }
    while let [rest @ .., last] = octets {
        if !is_space(*last) {
            break;
        }
        octets = rest;
    }
    octets
}

/// Whether all bytes surely are of a class that is compared without branches or tables. Those of a block are compared at
/// once, and the last block reaches back over bytes seen before.
#[inline(always)]
pub(crate) fn surely_all(octets: &[u8], is_one: impl Fn(u8) -> bool + Copy) -> bool {
    match octets.len() {
        // Where bytes of code are dear, the scan has to do for these.
        ..16 if cfg!(target_arch = "wasm32") => false,
        32.. if cfg!(not(target_arch = "wasm32")) => all_in_blocks::<32>(octets, is_one),
        16.. => all_in_blocks::<16>(octets, is_one),
        8.. => all_in_blocks::<8>(octets, is_one),
        4.. => all_in_blocks::<4>(octets, is_one),
        _ => all_in_blocks::<1>(octets, is_one),
    }
}

#[inline(always)]
fn all_in_blocks<const N: usize>(octets: &[u8], is_one: impl Fn(u8) -> bool + Copy) -> bool {
    let mut all = octets.last_chunk::<N>().is_none_or(|last| all_in_block(last, is_one));
    for block in octets.as_chunks::<N>().0 {
        all &= all_in_block(block, is_one);
    }
    all
}

#[inline(always)]
fn all_in_block<const N: usize>(block: &[u8; N], is_one: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(true, |all, octet| all & is_one(*octet))
}

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        let letter_or_digit = (octet as u8).is_ascii_alphanumeric();
        let visible = octet > 0x20 && octet < 0x7F;
        let text = octet == 0x09 || octet == 0x20 || visible || octet >= 0x80;
        if letter_or_digit || is_one_of(octet as u8, b"!#$%&'*+-.^_`|~") {
            table[octet] |= TOKEN;
        }
        if text {
            table[octet] |= VALUE;
        }
        if visible && octet != b'#' as usize {
            table[octet] |= TARGET;
        }
        if letter_or_digit || is_one_of(octet as u8, b"-._~!$&'()*+,;=") {
            table[octet] |= REG_NAME;
        }
        if text && octet != b'"' as usize && octet != b'\\' as usize {
            table[octet] |= QUOTED;
        }
        octet += 1;
    }
    table
}

const fn is_one_of(octet: u8, set: &[u8]) -> bool {
    let mut index = 0;
    while index < set.len() {
        if set[index] == octet {
            return true;
        }
        index += 1;
    }
    false
}
