//! The chainable form of the builder: it writes what the functions write, into any output, and
//! allocates nothing of its own.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use h1wire::{
    BodyFraming, Code, Leniencies, Leniency, Refusal, Request, Response, Version, Written,
    format::{self, Body, Chunk, Fixed, LastChunk, Output, Part, TooSmall},
};

/// Counts the allocations of each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as the caller vouches.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller vouches.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a message is in a growing buffer; in a fixed one it is the same, or too much for it.
fn written<W: Fn(&mut Vec<u8>) -> Result<R, Refusal>, X: Fn(&mut Fixed<'_>) -> Result<R, Refusal>, R>(
    grow: W,
    fix: X,
) -> String {
    let mut out = b"before ".to_vec();
    grow(&mut out).unwrap_or_else(|refusal| panic!("{refusal}"));
    let expected = out.strip_prefix(b"before ").expect("what was there stays");
    let mut buffer = [0; 1024];
    let mut enough = usize::MAX;
    for size in (0..400).rev() {
        let mut fixed = Fixed::new(&mut buffer[..size]);
        assert!(fix(&mut fixed).is_ok());
        match fixed.octets() {
            Ok(octets) => {
                assert_eq!(octets, expected);
                enough = size;
            }
            Err(TooSmall { needed }) => assert!((enough..400).contains(&needed)),
        }
    }
    assert!(enough >= expected.len() && enough < 400);
    String::from_utf8(expected.to_vec()).expect("these are")
}

macro_rules! written {
    ($message:expr) => {
        written(|out| $message.write_to(out), |out| $message.write_to(out))
    };
}

#[test]
fn requests_of_every_method_and_target_form() {
    let end = "\r\nHost: a\r\n\r\n";
    assert_eq!(written!(Request::get("/x?y").host("a")), format!("GET /x?y HTTP/1.1{end}"));
    assert_eq!(written!(Request::head("/").host("a")), format!("HEAD / HTTP/1.1{end}"));
    assert_eq!(written!(Request::delete("/").host("a")), format!("DELETE / HTTP/1.1{end}"));
    assert_eq!(written!(Request::options("*").host("a")), format!("OPTIONS * HTTP/1.1{end}"));
    assert_eq!(written!(Request::get("http://a/").host("a")), format!("GET http://a/ HTTP/1.1{end}"));
    assert_eq!(written!(Request::new("PURGE", b"/").host(b"a")), format!("PURGE / HTTP/1.1{end}"));
    assert_eq!(written!(Request::connect("a:443")), "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
    for request in [Request::post("/"), Request::put("/"), Request::patch("/")] {
        assert!(written!(request.host("a")).ends_with(" / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"));
    }
    assert_eq!(written!(Request::get("/").version(Version::Http10)), "GET / HTTP/1.0\r\n\r\n");
    // The caller's own Host takes the place of the other, also where the buffer is fixed.
    assert_eq!(written!(Request::get("/").host("a").header("HOST", "A")), "GET / HTTP/1.1\r\nHOST: A\r\n\r\n");
}

#[test]
fn lines_keep_their_order() {
    let some: Vec<(String, Vec<u8>)> = vec![("B".into(), b"2".to_vec()), ("C".into(), b"3".to_vec())];
    let none: [(&str, &str); 0] = [];
    let request = Request::get("/").header("Host", "a").headers(&some).header("D", b"4").headers(&none);
    assert_eq!(
        written!(request.headers(&[("E", "5")]).header(&String::from("F"), "6")),
        "GET / HTTP/1.1\r\nHost: a\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\nF: 6\r\n\r\n"
    );
}

#[test]
fn bodies_and_trailers() {
    let post = Request::post("/").host("a");
    assert_eq!(written!(post.body("h\u{E9}")), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nh\u{E9}");
    assert_eq!(written!(post.body_length(7)), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n");
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(written!(post.body_unknown()), chunked);
    assert_eq!(written!(post.trailer("T", "1").body_length(7)), chunked);
    assert_eq!(written!(post.trailer("T", "1").body(b"ab")), format!("{chunked}2\r\nab\r\n0\r\nT: 1\r\n\r\n"));
    assert_eq!(written!(post.trailer("T", "1").trailer("U", "2")), format!("{chunked}0\r\nT: 1\r\nU: 2\r\n\r\n"));
    assert_eq!(written!(Chunk::of("hello").extension("a", "b c").flag("d")), "5;a=\"b c\";d\r\nhello\r\n");
    assert_eq!(written!(LastChunk::new()), "0\r\n\r\n");
    assert_eq!(written!(LastChunk::new().trailer("T", "1")), "0\r\nT: 1\r\n\r\n");
}

#[test]
fn responses_know_what_they_answer() {
    let ok = Response::new(200);
    assert_eq!(written!(ok.body("ab")), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
    assert_eq!(written!(ok.body("ab").request_method("HEAD")), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    assert_eq!(
        written!(ok.body_unknown().request_version(Version::Http10)),
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(
        written!(Response::new(304).reason("Same").header("ETag", "\"x\"").version(Version::Http10)),
        "HTTP/1.0 304 Same\r\nETag: \"x\"\r\n\r\n"
    );
}

#[test]
fn what_was_written_says_what_it_means() {
    let facts = |message: Result<Written, Refusal>| {
        let Written { framing, keep_alive, upgrade, expect_continue, .. } = message.expect("accepted");
        (framing, keep_alive, upgrade, expect_continue)
    };
    let mut out = Vec::new();
    let mut get = |fields: &[(&str, &str)]| facts(Request::get("/").host("a").headers(fields).write_to(&mut out));
    assert_eq!(get(&[]), (BodyFraming::None, true, false, false));
    assert_eq!(get(&[("Connection", "x, Close")]), (BodyFraming::None, false, false, false));
    assert_eq!(get(&[("Upgrade", "websocket")]), (BodyFraming::None, true, true, false));
    let asking = Request::post("/").header("Expect", "100-Continue").body("x");
    assert_eq!(facts(asking.host("a").write_to(&mut out)), (BodyFraming::Length(1), true, false, true));
    let old = asking.version(Version::Http10);
    assert_eq!(facts(old.write_to(&mut out)), (BodyFraming::Length(1), false, false, false));
    let kept = old.header("Connection", "keep-alive").header("Upgrade", "x");
    assert!(kept.write_to(&mut out).is_err(), "Upgrade needs its option there too");
    let kept = old.header("Connection", "keep-alive").header("Connection", "upgrade").header("Upgrade", "x");
    assert_eq!(facts(kept.write_to(&mut out)), (BodyFraming::Length(1), true, false, false));
    assert_eq!(facts(Request::connect("a:1").write_to(&mut out)), (BodyFraming::None, true, true, false));

    let ok = Response::new(200);
    assert_eq!(facts(ok.body_length(5).write_to(&mut out)), (BodyFraming::Length(5), true, false, false));
    assert_eq!(facts(ok.body_unknown().write_to(&mut out)), (BodyFraming::Chunked, true, false, false));
    let closing = ok.body_unknown().version(Version::Http10);
    assert_eq!(facts(closing.write_to(&mut out)), (BodyFraming::UntilClose, false, false, false));
    let head = ok.body_length(5).request_method("HEAD");
    assert_eq!(facts(head.write_to(&mut out)), (BodyFraming::None, true, false, false));
    let tunnel = ok.request_method("CONNECT");
    assert_eq!(facts(tunnel.write_to(&mut out)), (BodyFraming::None, true, true, false));
    let switch = Response::new(101).header("Upgrade", "x").header("Connection", "upgrade, close");
    assert_eq!(facts(switch.write_to(&mut out)), (BodyFraming::None, true, true, false));
}

#[test]
fn a_refusal_leaves_any_output_as_it_was() {
    fn check(out: &mut impl Output) {
        let refused = Request::post("/").host("a").header("X", "a\nb").body("x").write_to(out).unwrap_err();
        assert_eq!((refused.code, refused.part, refused.at), (Code::FieldValue, Part::FieldValue(0), Some(1)));
        assert_eq!(Response::new(204).body("x").write_to(out).unwrap_err().code, Code::BodyForbidden);
        assert_eq!(Chunk::of("").write_to(out).unwrap_err().code, Code::ChunkLength);
        assert_eq!(Chunk::of("x").flag("").write_to(out).unwrap_err().part, Part::ExtensionName(0));
        assert_eq!(LastChunk::new().trailer("TE", "").write_to(out).unwrap_err().code, Code::TrailerForbidden);
    }
    let mut out = b"before".to_vec();
    check(&mut out);
    assert_eq!(out, b"before");
    let mut buffer = [0; 64];
    let mut fixed = Fixed::new(&mut buffer);
    check(&mut fixed);
    LastChunk::new().write_to(&mut fixed).expect("accepted");
    assert_eq!(fixed.into_octets().expect("enough"), b"0\r\n\r\n");
}

#[test]
fn the_chain_allocates_nothing() {
    let mut buffer = [0; 512];
    let mut out = Vec::with_capacity(512);
    let lines = [("B", "2"), ("C", "3")];
    let before = ALLOCATIONS.get();
    let request =
        Request::post("/").host("a").header("A", "1").headers(&lines).trailer("T", "1").body(&b"some octets"[..]);
    let mut fixed = Fixed::new(&mut buffer);
    request.write_to(&mut fixed).expect("accepted");
    request.write_to(&mut out).expect("accepted");
    Chunk::of("x").extension("a", "b c").write_to(&mut fixed).expect("accepted");
    LastChunk::new().trailer("T", "1").write_to(&mut fixed).expect("accepted");
    Response::new(200).headers(&lines).body_unknown().write_to(&mut fixed).expect("accepted");
    assert!(Request::get("/").write_to(&mut fixed).is_err());
    let octets = fixed.octets().map(<[u8]>::len);
    assert_eq!(ALLOCATIONS.get(), before);
    assert!(octets.is_ok());
    drop(Vec::<u8>::with_capacity(1));
    assert!(ALLOCATIONS.get() > before, "allocations are counted");
}

#[test]
fn an_asterisk_goes_with_other_methods_where_that_is_permitted() {
    let mut out = Vec::new();
    let search = Request::new("M-SEARCH", "*").host("a");
    let refused = search.write_to(&mut out).unwrap_err();
    assert_eq!((refused.code, refused.part, refused.at), (Code::TargetForm, Part::Target, Some(0)));
    search.lenient(Leniencies::STRICT.with(Leniency::Asterisk)).write_to(&mut out).unwrap();
    assert_eq!(out, b"M-SEARCH * HTTP/1.1\r\nHost: a\r\n\r\n");
}

#[test]
fn the_chain_is_the_functions() {
    let mut chained = Vec::new();
    let facts = Request::put("/x").host("a").header("A", "1").body("abc").write_to(&mut chained);
    let mut out = Vec::new();
    let message = format::RequestParts {
        method: b"PUT",
        target: b"/x",
        lenient: Leniencies::STRICT,
        host: Some(b"a"),
        version: Version::Http11,
        fields: [(&b"A"[..], &b"1"[..])],
        body: Body::Known(3),
        trailers: [],
    };
    assert_eq!(format::request(message, &mut out), facts);
    assert_eq!(chained, [&out[..], b"abc"].concat());
}
