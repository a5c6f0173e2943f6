//! The ABNF of HTTP/1.1 messages, as the RFCs print it. Rules marked "here" say what
//! `docs/protocol.md` decided beyond or within them.

use std::sync::LazyLock;

use super::abnf::{Grammar, Machine};

const RULES: &str = r##"
ALPHA = %x41-5A / %x61-7A                           ; RFC 5234 appendix B.1
DIGIT = %x30-39
HEXDIG = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"
VCHAR = %x21-7E
SP = %x20
HTAB = %x09
DQUOTE = %x22

OWS = *( SP / HTAB )                                ; RFC 9110 section 5.6.3
BWS = OWS
tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
token = 1*tchar                                     ; section 5.6.2
obs-text = %x80-FF                                  ; section 5.5
field-octet = VCHAR / obs-text / SP / HTAB          ; here: field-content before it is trimmed
field-octets = *field-octet
quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE                 ; section 5.6.4
qdtext = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
quoted-pair = %x5C ( HTAB / SP / VCHAR / obs-text )

unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"  ; RFC 3986 section 2.3
sub-delims = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / %x3B / "="
pct-encoded = "%" HEXDIG HEXDIG
scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ; section 3.1
reg-name = *( unreserved / pct-encoded / sub-delims )                   ; section 3.2.2
IP-literal = "[" ( IPv6address / IPvFuture ) "]"
IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
IPv6address = 6( h16 ":" ) ls32
    / "::" 5( h16 ":" ) ls32
    / [ h16 ] "::" 4( h16 ":" ) ls32
    / [ *1( h16 ":" ) h16 ] "::" 3( h16 ":" ) ls32
    / [ *2( h16 ":" ) h16 ] "::" 2( h16 ":" ) ls32
    / [ *3( h16 ":" ) h16 ] "::" h16 ":" ls32
    / [ *4( h16 ":" ) h16 ] "::" ls32
    / [ *5( h16 ":" ) h16 ] "::" h16
    / [ *6( h16 ":" ) h16 ] "::"
ls32 = ( h16 ":" h16 ) / IPv4address
h16 = 1*4HEXDIG
IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet
dec-octet = DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35
port = *DIGIT                                       ; section 3.2.3
uri-host = IP-literal / IPv4address / reg-name

Host = uri-host [ ":" port ]                        ; RFC 9110 section 7.2

target-octet = %x21-22 / %x24-7E                    ; here: visible ASCII without "#"
host = IP-literal / 1*( unreserved / pct-encoded / sub-delims )         ; here: not empty
origin-form = "/" *target-octet                     ; RFC 9112 section 3.2
http-rest = "//" host [ ":" port ] [ ( "/" / "?" ) *target-octet ]      ; here: what follows "http:" and "https:"
other-rest = *DIGIT ( %x21-22 / %x24-2F / %x3A-7E ) *target-octet       ; here: what follows another scheme
authority-form = host ":" 1*5DIGIT
asterisk-form = "*"
HTTP-version = %s"HTTP/" DIGIT "." DIGIT            ; section 2.3
status-code = %x31-39 2DIGIT                        ; section 4

transfer-coding = token *( OWS %x3B OWS transfer-parameter )            ; RFC 9110 section 10.1.4
transfer-parameter = token BWS "=" BWS ( token / quoted-string )
Transfer-Encoding = #transfer-coding                ; RFC 9112 section 6.1
Content-Length = 1*DIGIT                            ; RFC 9110 section 8.6

chunk-size = 1*HEXDIG                               ; RFC 9112 section 7.1
chunk-ext = *( BWS %x3B BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
chunk-ext-name = token
chunk-ext-val = token / quoted-string
"##;

macro_rules! machines {
    ($($name:ident = $rule:literal;)+) => {
        $(pub(crate) static $name: LazyLock<Machine> = LazyLock::new(|| GRAMMAR.machine($rule));)+
    };
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(RULES));

machines! {
    OWS = "OWS";
    TOKEN = "token";
    FIELD_OCTETS = "field-octets";
    HOST = "Host";
    SCHEME = "scheme";
    ORIGIN_FORM = "origin-form";
    HTTP_REST = "http-rest";
    OTHER_REST = "other-rest";
    AUTHORITY_FORM = "authority-form";
    ASTERISK_FORM = "asterisk-form";
    HTTP_VERSION = "HTTP-version";
    STATUS_CODE = "status-code";
    TRANSFER_ENCODING = "Transfer-Encoding";
    CONTENT_LENGTH = "Content-Length";
    CHUNK_SIZE = "chunk-size";
    CHUNK_EXT = "chunk-ext";
}
