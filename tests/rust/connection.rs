//! Connections: both ends, alone and against each other.

use h1wire::{
    Code, Connection, Event, Leniencies, Policy, Received, Refusal, Request, Response, State, Version, Written,
    connection::Delivery,
    format::{Body, RequestParts, ResponseParts},
};

type Line<'a> = (&'a [u8], &'a [u8]);
const NO_LINES: [Line<'_>; 0] = [];

fn client() -> Connection {
    Connection::client(Policy::default())
}

fn server() -> Connection {
    Connection::server(Policy::default())
}

/// Sends a request whole; a body of `x` follows.
fn ask(end: &mut Connection, method: &str, fields: &[(&str, &str)], body: Body) -> Result<String, Refusal> {
    let mut out = Vec::new();
    let request = RequestParts {
        method: method.as_bytes(),
        target: if method == "CONNECT" { b"a:1" } else { b"/" },
        lenient: Leniencies::STRICT,
        host: Some(if method == "CONNECT" { b"a:1" } else { b"a" }),
        version: Version::Http11,
        fields: fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())),
        body,
        trailers: NO_LINES,
    };
    let written = end.send_request_parts(request, delivery(body), &mut out)?;
    Ok(with_body(&out, &written, body))
}

fn answer(end: &mut Connection, status: u16, fields: &[(&str, &str)], body: Body) -> Result<String, Refusal> {
    let mut out = Vec::new();
    let response = response(status, fields, body);
    let written = end.send_response_parts(response, delivery(body), &mut out)?;
    Ok(with_body(&out, &written, body))
}

fn inform(end: &mut Connection, status: u16) -> Result<String, Refusal> {
    let mut out = Vec::new();
    end.send_informational_parts(response(status, &[], Body::None), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn response<'a>(
    status: u16,
    fields: &'a [(&'a str, &'a str)],
    body: Body,
) -> ResponseParts<'a, Vec<Line<'a>>, [Line<'a>; 0]> {
    ResponseParts {
        status,
        reason: None,
        version: Version::Http11,
        request_method: b"GET",
        request_version: Version::Http11,
        fields: fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect(),
        body,
        trailers: NO_LINES,
    }
}

fn delivery(body: Body) -> Delivery {
    if body == Body::Unknown { Delivery::Pieces } else { Delivery::Whole }
}

fn with_body(out: &[u8], written: &Written, body: Body) -> String {
    let octets = if let (Body::Known(length), true) = (body, written.carries_body) { length as usize } else { 0 };
    String::from_utf8(written.pieces(out, &vec![b'x'; octets]).concat()).unwrap()
}

fn data(end: &mut Connection, octets: &str) -> Result<String, Refusal> {
    let mut out = Vec::new();
    end.send_data(octets.as_bytes(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn end(end: &mut Connection) -> Result<String, Refusal> {
    let mut out = Vec::new();
    end.send_end(NO_LINES, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

/// What a connection tells of these octets, a word an event, and where it stopped.
fn tell(end: &mut Connection, octets: &str) -> (String, usize) {
    let mut at = 0;
    let mut told = Vec::new();
    loop {
        match end.receive(octets.as_bytes(), &mut at) {
            Ok(Received::Event(event)) => told.push(word(&event)),
            Ok(_) => break,
            Err(error) => {
                told.push(format!("{}@{}", error.code.row().name, error.offset));
                break;
            }
        }
    }
    (told.join(" "), at)
}

fn tell_end(end: &mut Connection) -> String {
    let mut told = Vec::new();
    loop {
        match end.receive_end() {
            Ok(Some(event)) => told.push(word(&event)),
            Ok(None) => break,
            Err(error) => {
                told.push(error.code.row().name.to_string());
                break;
            }
        }
    }
    told.join(" ")
}

fn word(event: &Event<'_>) -> String {
    match event {
        Event::Request(request) => String::from_utf8_lossy(request.method()).into_owned(),
        Event::Response(response) => response.status().to_string(),
        Event::Body(data) => format!("{:?}", String::from_utf8_lossy(data)),
        Event::End(_) => "end".into(),
        Event::Upgrade => "upgrade".into(),
        other => panic!("{other:?}"),
    }
}

fn states(end: &Connection) -> (State, State) {
    (end.local_state(), end.peer_state())
}

fn is_refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: Code) {
    assert_eq!(result.unwrap_err().code, code);
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const POST: &str = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

#[test]
fn exchanges_follow_one_another_on_both_ends() {
    let (mut client, mut server) = (client(), server());
    for _ in 0..3 {
        let request = ask(&mut client, "POST", &[], Body::Known(3)).unwrap();
        assert_eq!(tell(&mut server, &request).0, "POST \"xxx\" end");
        assert_eq!(states(&server), (State::Answering, State::Done));
        let response = answer(&mut server, 200, &[], Body::Known(2)).unwrap();
        assert_eq!(response, format!("{OK}xx"));
        assert_eq!(tell(&mut client, &response).0, "200 \"xx\" end");
        for end in [&mut client, &mut server] {
            assert_eq!(states(end), (State::Done, State::Done));
            assert!(end.is_reusable());
            end.next_cycle().unwrap();
            assert_eq!(states(end), (State::Idle, State::Idle));
        }
    }
}

#[test]
fn a_server_reads_the_next_request_when_this_one_is_done() {
    let mut server = server();
    let two = format!("{GET}{}", GET.replace("GET", "HEAD"));
    assert_eq!(tell(&mut server, &two), ("GET end".into(), GET.len()));
    assert_eq!(tell(&mut server, &two[GET.len()..]), (String::new(), 0));
    is_refused(server.next_cycle(), Code::WrongState);
    answer(&mut server, 200, &[], Body::Known(1)).unwrap();
    server.next_cycle().unwrap();
    assert_eq!(tell(&mut server, &two[GET.len()..]).0, "HEAD end");
    assert_eq!(answer(&mut server, 200, &[], Body::Known(2)).unwrap(), OK, "no body to HEAD");
}

#[test]
fn a_server_reads_ahead_up_to_its_depth_and_answers_in_order() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 3);
    let four = ["HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", POST, GET, GET].concat();
    let (told, at) = tell(&mut end, &four);
    assert_eq!((&told[..], at), ("HEAD end POST \"hi\" end GET end", four.len() - GET.len()));
    assert_eq!(states(&end), (State::Answering, State::Done));
    assert_eq!(tell(&mut end, &four[at..]), (String::new(), 0), "the fourth is too much");
    is_refused(end.next_cycle().map(|()| ""), Code::WrongState);
    // The first one is the HEAD.
    assert!(answer(&mut end, 200, &[], Body::Known(2)).unwrap().ends_with("Content-Length: 2\r\n\r\n"));
    is_refused(answer(&mut end, 200, &[], Body::None), Code::WrongState);
    end.next_cycle().unwrap();
    assert_eq!(tell(&mut end, &four[at..]), ("GET end".into(), GET.len()));
    for _ in 0..3 {
        assert!(answer(&mut end, 200, &[], Body::Known(2)).unwrap().ends_with("Content-Length: 2\r\n\r\nxx"));
        end.next_cycle().unwrap();
    }
    assert_eq!((states(&end), end.is_reusable()), ((State::Idle, State::Idle), true));
}

#[test]
fn nothing_is_read_ahead_of_what_may_end_http() {
    for (request, state) in [
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", State::MustClose),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", State::MightSwitch),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", State::MightSwitch),
        ("GET / HTTP/1.0\r\n\r\n", State::MustClose),
    ] {
        let mut end = Connection::server_reading_ahead(Policy::default(), 9);
        let method = request.split(' ').next().unwrap();
        let octets = [GET, request, GET].concat();
        let (told, at) = tell(&mut end, &octets);
        assert_eq!((told, end.peer_state()), (format!("GET end {method} end"), state), "{request}");
        answer(&mut end, 200, &[], Body::None).unwrap();
        end.next_cycle().unwrap();
        // The switch is still to be decided.
        assert_eq!(states(&end), (State::Answering, state));
        answer(&mut end, 404, &[], Body::None).unwrap();
        let goes_on = state == State::MightSwitch;
        assert_eq!(end.next_cycle().is_ok(), goes_on);
        if goes_on {
            assert_eq!(tell(&mut end, &octets[at..]).0, "GET end");
        }
    }
}

/// Whoever answers a request that asks for another protocol with anything else has declined for good, whatever else is
/// under way: what follows is HTTP (RFC 9110 section 7.8).
#[test]
fn a_switch_is_declined_once_for_all_by_the_answer() {
    const ASKS: &str = "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\nContent-Length: 2\r\n\r\n";
    for depth in [1, 2, 9] {
        for (early, between) in [(true, ""), (false, ""), (true, "\r\n"), (false, "\r\n")] {
            let mut end = Connection::server_reading_ahead(Policy::default(), depth);
            let first = if early { ASKS.to_string() } else { [ASKS, "hi"].concat() };
            tell(&mut end, &first);
            answer(&mut end, 200, &[], Body::Unknown).unwrap();
            let rest = if early { ["hi", between, GET].concat() } else { [between, GET].concat() };
            let (told, at) = tell(&mut end, &rest);
            let body = if early { "\"hi\" end" } else { "" };
            let ahead = if depth > 1 { "GET end" } else { "" };
            assert_eq!(told.split_whitespace().collect::<Vec<_>>().join(" "), format!("{body} {ahead}").trim());
            self::end(&mut end).unwrap();
            end.next_cycle().unwrap();
            let (told, _) = tell(&mut end, &rest[at..]);
            assert_eq!(told, if depth > 1 { "" } else { "GET end" }, "depth {depth}, early {early}");
            assert_eq!(states(&end), (State::Answering, State::Done));
        }
    }
}

/// The answer to a request before it decides nothing about a switch.
#[test]
fn a_switch_asked_for_behind_other_requests_is_granted_in_its_turn() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 3);
    let asks = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nrest";
    let octets = [GET, asks].concat();
    let (told, at) = tell(&mut end, &octets);
    assert_eq!(told, "GET end GET end");
    answer(&mut end, 200, &[], Body::None).unwrap();
    end.next_cycle().unwrap();
    answer(&mut end, 101, &[("Connection", "upgrade"), ("Upgrade", "x")], Body::None).unwrap();
    assert_eq!(states(&end), (State::Switched, State::Switched));
    assert_eq!(tell(&mut end, &octets[at..]), ("upgrade".into(), 0));
}

#[test]
fn a_switch_that_was_read_ahead_is_accepted_in_its_turn() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 9);
    let asks = GET.replace("\r\n\r\n", "\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    let all = [GET, &asks, "no HTTP"].concat();
    let (told, at) = tell(&mut end, &all);
    assert_eq!((&told[..], &all[at..]), ("GET end GET end", "no HTTP"));
    answer(&mut end, 200, &[], Body::None).unwrap();
    end.next_cycle().unwrap();
    answer(&mut end, 101, &[("Upgrade", "x")], Body::None).unwrap();
    assert_eq!(states(&end), (State::Switched, State::Switched));
    assert_eq!(tell(&mut end, &all[at..]), ("upgrade".into(), 0));
}

#[test]
fn a_server_that_ends_the_connection_leaves_what_it_read_ahead() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 9);
    tell(&mut end, &[GET, GET, &POST[..POST.len() - 1]].concat());
    answer(&mut end, 200, &[("Connection", "close")], Body::None).unwrap();
    assert_eq!(states(&end), (State::MustClose, State::MustClose));
    is_refused(end.next_cycle().map(|()| ""), Code::WrongState);
    is_refused(answer(&mut end, 200, &[], Body::None), Code::WrongState);
    assert_eq!(tell(&mut end, "i and what is no HTTP"), (String::new(), 21));
}

#[test]
fn a_fault_behind_requests_is_answered_in_its_turn() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 9);
    let (told, _) = tell(&mut end, &[GET, GET, "GET /\r\n\r\n"].concat());
    assert!(told.starts_with("GET end GET end H1_"), "{told}");
    for _ in 0..2 {
        assert_eq!((end.peer_state(), end.is_reusable()), (State::Failed, false));
        assert!(!answer(&mut end, 200, &[], Body::None).unwrap().contains("close"));
        end.next_cycle().unwrap();
    }
    assert!(answer(&mut end, 400, &[], Body::None).unwrap().contains("Connection: close"));
    is_refused(end.next_cycle().map(|()| ""), Code::WrongState);
}

#[test]
fn a_100_goes_to_the_request_whose_turn_it_is() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 9);
    let waits = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    assert_eq!(tell(&mut end, &[GET, waits].concat()).0, "GET end POST");
    assert!(!end.peer_awaits_continue());
    answer(&mut end, 200, &[], Body::None).unwrap();
    end.next_cycle().unwrap();
    assert!(end.peer_awaits_continue());
    inform(&mut end, 100).unwrap();
    assert!(!end.peer_awaits_continue());
    assert_eq!(tell(&mut end, "hi").0, "\"hi\" end");
}

#[test]
fn a_client_that_ends_its_side_is_told_so_in_the_last_answer() {
    let mut end = Connection::server_reading_ahead(Policy::default(), 9);
    tell(&mut end, &[GET, GET].concat());
    assert_eq!(tell_end(&mut end), "");
    assert!(!answer(&mut end, 200, &[], Body::None).unwrap().contains("close"));
    end.next_cycle().unwrap();
    assert!(answer(&mut end, 200, &[], Body::None).unwrap().contains("Connection: close"));
}

#[test]
fn a_client_sends_ahead_and_reads_in_order() {
    let mut client = client();
    for method in ["GET", "HEAD", "POST"] {
        ask(&mut client, method, &[], Body::None).unwrap();
    }
    let answers = format!("{OK}xx{OK}HTTP/1.1 204 No Content\r\n\r\n");
    let mut at = 0;
    for expected in ["200 \"xx\" end", "200 end", "204 end"] {
        let (told, octets) = tell(&mut client, &answers[at..]);
        assert_eq!(told, expected);
        at += octets;
        client.next_cycle().unwrap();
    }
    assert_eq!((at, states(&client)), (answers.len(), (State::Idle, State::Idle)));
    assert_eq!(tell(&mut client, OK).0, format!("H1_UNEXPECTED_RESPONSE@{at}"));
    assert_eq!(states(&client), (State::MustClose, State::Failed));
    is_refused(ask(&mut client, "GET", &[], Body::None), Code::WrongState);
}

#[test]
fn nothing_is_sent_ahead_of_what_may_end_http() {
    for (method, fields) in
        [("GET", &[("Connection", "close")][..]), ("GET", &[("Upgrade", "x")]), ("CONNECT", &[]), ("POST", &[])]
    {
        let mut client = client();
        let body = if method == "POST" { Body::Unknown } else { Body::None };
        ask(&mut client, method, fields, body).unwrap();
        is_refused(ask(&mut client, "GET", &[], Body::None), Code::WrongState);
    }
    let mut client = client();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    tell(&mut client, &format!("{OK}xx"));
    is_refused(ask(&mut client, "GET", &[], Body::None), Code::WrongState);
}

#[test]
fn an_early_close_ends_what_was_sent_ahead() {
    let mut client = client();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    let closing = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    assert_eq!(tell(&mut client, closing).0, "204 end");
    assert_eq!(states(&client), (State::MustClose, State::MustClose));
    assert!(!client.is_reusable());
    is_refused(client.next_cycle(), Code::WrongState);
    assert_eq!(tell(&mut client, "\r\n").0, "", "CRLF may follow");
    assert_eq!(tell(&mut client, OK).0, format!("H1_DATA_AFTER_CLOSE@{}", closing.len() + 2));
}

#[test]
fn a_server_says_whether_the_connection_persists() {
    for (request, fields, expected, after) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &[][..], None, State::Done),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", &[], Some("close"), State::MustClose),
        ("GET / HTTP/1.0\r\n\r\n", &[], Some("close"), State::MustClose),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &[], Some("keep-alive"), State::Done),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &[("Connection", "close")], Some("close"), State::MustClose),
        (
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            &[("Connection", "x, close")],
            Some("x, close"),
            State::MustClose,
        ),
        ("GET / HTTP/1.0\r\n\r\n", &[("Connection", "x")], Some("x"), State::MustClose),
    ] {
        let mut server = server();
        tell(&mut server, request);
        let response = answer(&mut server, 204, fields, Body::None).unwrap();
        let line = expected.map(|option| format!("Connection: {option}\r\n")).unwrap_or_default();
        assert_eq!(response, format!("HTTP/1.1 204 No Content\r\n{line}\r\n"), "{request:?}");
        assert_eq!(server.local_state(), after, "{request:?}");
    }
}

#[test]
fn bodies_in_pieces_are_counted() {
    let mut server = server();
    tell(&mut server, GET);
    is_refused(data(&mut server, "x"), Code::WrongState);
    is_refused(end(&mut server), Code::WrongState);
    let head = answer(&mut server, 200, &[("Content-Length", "3")], Body::Unknown).unwrap();
    assert_eq!(head, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    assert_eq!(server.local_state(), State::Body);
    assert_eq!(data(&mut server, "ab").unwrap(), "ab");
    is_refused(data(&mut server, "cd"), Code::BodyLength);
    is_refused(end(&mut server), Code::BodyLength);
    assert_eq!(data(&mut server, "c").unwrap(), "c");
    assert_eq!(end(&mut server).unwrap(), "");
    assert_eq!(end(&mut server).unwrap(), "", "once more does no harm");
    is_refused(answer(&mut server, 200, &[], Body::None), Code::WrongState);

    server.next_cycle().unwrap();
    tell(&mut server, GET);
    assert!(answer(&mut server, 200, &[], Body::Unknown).unwrap().ends_with("Transfer-Encoding: chunked\r\n\r\n"));
    assert_eq!(data(&mut server, "").unwrap(), "");
    assert_eq!(data(&mut server, "0123456789abcdef").unwrap(), "10\r\n0123456789abcdef\r\n");
    assert_eq!(end(&mut server).unwrap(), "0\r\n\r\n");
    server.next_cycle().unwrap();

    tell(&mut server, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    let head = answer(&mut server, 200, &[], Body::Unknown).unwrap();
    assert_eq!(head, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    assert_eq!(data(&mut server, "abc").unwrap(), "abc");
    assert_eq!(end(&mut server).unwrap(), "");
    assert_eq!(server.local_state(), State::MustClose);
}

#[test]
fn a_known_body_may_come_in_pieces_too() {
    let mut client = client();
    let mut out = Vec::new();
    let request = RequestParts {
        method: b"POST",
        target: b"/",
        lenient: Leniencies::STRICT,
        host: Some(b"a"),
        version: Version::Http11,
        fields: NO_LINES,
        body: Body::Known(3),
        trailers: [(&b"X"[..], &b"1"[..])],
    };
    let written = client.send_request_parts(request, Delivery::Pieces, &mut out).unwrap();
    assert_eq!(out, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert_eq!((written.before, written.after), (out.len(), 0));
    assert_eq!(data(&mut client, "abc").unwrap(), "3\r\nabc\r\n");
}

#[test]
fn a_client_waits_for_100() {
    let (mut client, mut server) = (client(), server());
    let fields = [("Expect", "100-continue"), ("Content-Length", "3")];
    let head = ask(&mut client, "PUT", &fields, Body::Unknown).unwrap();
    assert_eq!(tell(&mut server, &head).0, "PUT");
    assert!(server.peer_awaits_continue());
    let go_on = inform(&mut server, 100).unwrap();
    assert_eq!(go_on, "HTTP/1.1 100 Continue\r\n\r\n");
    assert!(!server.peer_awaits_continue());
    assert_eq!(tell(&mut client, &go_on).0, "100 end");
    assert_eq!(states(&client), (State::Body, State::Answering));
    let body = data(&mut client, "abc").unwrap();
    end(&mut client).unwrap();
    assert_eq!(tell(&mut server, &body).0, "\"abc\" end");
    let response = answer(&mut server, 201, &[], Body::None).unwrap();
    assert!(!response.contains("close"), "{response}");
    assert_eq!(tell(&mut client, &response).0, "201 end");
    client.next_cycle().unwrap();
    server.next_cycle().unwrap();

    // A final answer in its place ends the connection.
    let head = ask(&mut client, "PUT", &fields, Body::Unknown).unwrap();
    tell(&mut server, &head);
    let response = answer(&mut server, 417, &[], Body::None).unwrap();
    assert!(response.contains("Connection: close"), "{response}");
    assert_eq!(states(&server), (State::MustClose, State::Body));
    assert_eq!(tell(&mut client, &response).0, "417 end");

    // A body sent without waiting means that nobody waits.
    let mut server = self::server();
    let request = "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nab";
    assert_eq!(tell(&mut server, request).0, "PUT \"ab\"");
    assert!(!server.peer_awaits_continue());
    assert!(!answer(&mut server, 200, &[], Body::None).unwrap().contains("close"));
    assert_eq!(states(&server), (State::Done, State::Body));
    assert_eq!(tell(&mut server, "c").0, "\"c\" end");
    server.next_cycle().unwrap();
}

#[test]
fn other_1xx_come_before_the_answer_and_never_to_1_0() {
    let (mut client, mut server) = (client(), server());
    let request = ask(&mut client, "GET", &[], Body::None).unwrap();
    is_refused(inform(&mut server, 103), Code::WrongState);
    tell(&mut server, &request);
    let hints = inform(&mut server, 103).unwrap() + &inform(&mut server, 102).unwrap();
    assert_eq!(tell(&mut client, &hints).0, "103 end 102 end");
    for status in [101, 200] {
        is_refused(inform(&mut server, status), Code::StatusKind);
    }
    is_refused(answer(&mut server, 103, &[], Body::None), Code::StatusKind);
    is_refused(answer(&mut server, 101, &[("Upgrade", "x")], Body::None), Code::WrongState);
    let mut server = self::server();
    tell(&mut server, "GET / HTTP/1.0\r\n\r\n");
    is_refused(inform(&mut server, 103), Code::InformationalVersion);
}

#[test]
fn an_upgrade_is_granted() {
    let (mut client, mut server) = (client(), server());
    let request = ask(&mut client, "GET", &[("Upgrade", "x")], Body::None).unwrap();
    assert_eq!(client.local_state(), State::MightSwitch);
    let sent = request + "rest";
    let (told, at) = tell(&mut server, &sent);
    assert_eq!((&told[..], &sent[at..]), ("GET end", "rest"));
    assert_eq!(states(&server), (State::Answering, State::MightSwitch));
    let response = answer(&mut server, 101, &[("Upgrade", "x")], Body::None).unwrap();
    assert_eq!(response, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    assert_eq!(states(&server), (State::Switched, State::Switched));
    server.next_cycle().unwrap();
    assert_eq!(tell(&mut server, "rest"), ("upgrade".into(), 0));
    let got = response + "more";
    let (told, at) = tell(&mut client, &got);
    assert_eq!((&told[..], &got[at..]), ("101 end upgrade", "more"));
    assert_eq!(states(&client), (State::Switched, State::Switched));
    is_refused(ask(&mut client, "GET", &[], Body::None), Code::WrongState);
}

#[test]
fn an_upgrade_is_declined() {
    let (mut client, mut server) = (client(), server());
    let request = ask(&mut client, "GET", &[("Upgrade", "x")], Body::None).unwrap();
    let two = request + GET;
    let (_, at) = tell(&mut server, &two);
    let response = answer(&mut server, 200, &[], Body::Known(2)).unwrap();
    assert_eq!(states(&server), (State::Done, State::Done));
    server.next_cycle().unwrap();
    assert_eq!(tell(&mut server, &two[at..]).0, "GET end");
    assert_eq!(tell(&mut client, &response).0, "200 \"xx\" end");
    client.next_cycle().unwrap();
    ask(&mut client, "GET", &[], Body::None).unwrap();
}

#[test]
fn a_tunnel_opens_with_any_2xx() {
    let (mut client, mut server) = (client(), server());
    let request = ask(&mut client, "CONNECT", &[], Body::None).unwrap();
    assert_eq!(tell(&mut server, &request).0, "CONNECT end");
    let response = answer(&mut server, 299, &[], Body::None).unwrap();
    assert_eq!(response, "HTTP/1.1 299 \r\n\r\n");
    assert_eq!(states(&server), (State::Switched, State::Switched));
    assert_eq!(tell(&mut client, &response).0, "299 end upgrade");
    // Refused: HTTP goes on.
    let (mut client, mut server) = (self::client(), self::server());
    let request = ask(&mut client, "CONNECT", &[], Body::None).unwrap();
    tell(&mut server, &request);
    let response = answer(&mut server, 403, &[], Body::None).unwrap();
    assert_eq!(tell(&mut client, &response).0, "403 end");
    client.next_cycle().unwrap();
    server.next_cycle().unwrap();
    assert_eq!(states(&server), (State::Idle, State::Idle));
}

#[test]
fn nobody_switches_unasked() {
    let mut client = client();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    assert_eq!(tell(&mut client, response).0, "H1_UNEXPECTED_SWITCH@9");
    let mut server = server();
    tell(&mut server, GET);
    is_refused(answer(&mut server, 101, &[("Upgrade", "x")], Body::None), Code::WrongState);
}

#[test]
fn a_fault_is_answered_once() {
    let mut server = server();
    assert_eq!(tell(&mut server, "GET / HTTP/1.1\r\n\r\n").0, "H1_HOST_MISSING@16");
    assert_eq!(states(&server), (State::Idle, State::Failed));
    is_refused(answer(&mut server, 200, &[], Body::None), Code::WrongState);
    let response = answer(&mut server, 400, &[], Body::None).unwrap();
    assert_eq!(response, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(server.local_state(), State::MustClose);
    is_refused(answer(&mut server, 400, &[], Body::None), Code::WrongState);
    assert_eq!(tell(&mut server, GET).0, "H1_HOST_MISSING@16");

    // A fault in the body of a request that was answered already.
    let mut server = self::server();
    tell(&mut server, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    answer(&mut server, 200, &[], Body::None).unwrap();
    assert!(tell(&mut server, "z").0.starts_with("H1_CHUNK_SIZE"));
    assert_eq!(states(&server), (State::MustClose, State::Failed));
    is_refused(answer(&mut server, 400, &[], Body::None), Code::WrongState);
}

#[test]
fn a_server_drops_what_follows_the_last_request() {
    let mut server = server();
    let closing = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let all = format!("{closing}{GET}");
    assert_eq!(tell(&mut server, &all), ("GET end".into(), all.len()));
    answer(&mut server, 200, &[], Body::None).unwrap();
    assert_eq!(tell(&mut server, GET), (String::new(), GET.len()));
    assert_eq!(server.offset(), (all.len() + GET.len()) as u64);
    assert_eq!(states(&server), (State::MustClose, State::MustClose));
}

#[test]
fn a_server_may_say_408_on_an_idle_connection() {
    let mut server = server();
    is_refused(answer(&mut server, 200, &[], Body::None), Code::WrongState);
    assert!(answer(&mut server, 408, &[], Body::None).unwrap().contains("Connection: close"));
    assert_eq!(tell(&mut server, GET), (String::new(), GET.len()), "it crossed the answer");
    assert_eq!(server.local_state(), State::MustClose);
}

#[test]
fn ends_of_input() {
    let mut server = server();
    assert_eq!(tell_end(&mut server), "");
    assert_eq!(states(&server), (State::MustClose, State::Closed));
    // Behind a request: the answer still goes out, and says that it is the last.
    let mut server = self::server();
    tell(&mut server, GET);
    assert_eq!(tell_end(&mut server), "");
    assert_eq!(states(&server), (State::Answering, State::Closed));
    assert!(answer(&mut server, 200, &[], Body::Known(1)).unwrap().contains("Connection: close"));
    assert_eq!(server.local_state(), State::MustClose);
    // Inside of one.
    let mut server = self::server();
    tell(&mut server, "GET / HTTP/1.1\r\nHos");
    assert_eq!(tell_end(&mut server), "H1_TRUNCATED_HEAD");
    assert!(answer(&mut server, 400, &[], Body::None).is_ok());

    let mut client = client();
    assert_eq!(tell_end(&mut client), "");
    assert_eq!(states(&client), (State::MustClose, State::Closed));
    let mut client = self::client();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    tell(&mut client, "HTTP/1.1 103 Early Hints\r\n\r\n");
    assert_eq!(tell_end(&mut client), "H1_RESPONSE_MISSING");
    assert_eq!(states(&client), (State::MustClose, State::Failed));
    assert_eq!(tell_end(&mut client), "H1_RESPONSE_MISSING");
    assert_eq!(client.error().map(|error| error.offset), Some(28));
    let mut client = self::client();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    assert_eq!(tell(&mut client, "HTTP/1.1 200 OK\r\n\r\nab").0, "200 \"ab\"");
    assert_eq!(tell_end(&mut client), "end");
    assert_eq!(states(&client), (State::MustClose, State::Closed));
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut client = client();
    is_refused(answer(&mut client, 400, &[], Body::None), Code::WrongState);
    is_refused(ask(&mut client, "GET", &[("X", "a\nb")], Body::None), Code::FieldValue);
    assert_eq!(states(&client), (State::Idle, State::Idle));
    assert_eq!(tell(&mut client, OK).0, "H1_UNEXPECTED_RESPONSE@0", "no request was counted");
    let mut server = server();
    is_refused(ask(&mut server, "GET", &[], Body::None), Code::WrongState);
    tell(&mut server, GET);
    is_refused(answer(&mut server, 200, &[("X", "a\rb")], Body::None), Code::FieldValue);
    assert_eq!(states(&server), (State::Answering, State::Done));
}

#[test]
fn octets_passed_on_unseen_count() {
    let mut server = server();
    assert_eq!(server.passable(), 0);
    tell(&mut server, "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(server.passable(), 5);
    server.skip(4);
    assert!(!server.peer_awaits_continue());
    server.skip(4);
    assert_eq!((tell(&mut server, "").0, server.passable()), ("end".into(), 0));
    assert_eq!(states(&server), (State::Answering, State::Done));
}

/// What `receive` says after its last event, and where it stopped.
fn reason(end: &mut Connection, octets: &str) -> (&'static str, usize) {
    let mut at = 0;
    loop {
        match end.receive(octets.as_bytes(), &mut at).unwrap() {
            Received::Event(_) => {}
            Received::NeedsMore => return ("needs more", at),
            Received::Held => return ("held", at),
            Received::Switched => return ("switched", at),
        }
    }
}

#[test]
fn receive_says_why_it_reads_no_further() {
    const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut server = server();
    assert_eq!(reason(&mut server, &GET[..9]), ("needs more", 9));
    assert_eq!(reason(&mut server, &[&GET[9..], GET].concat()), ("held", GET.len() - 9));
    assert_eq!(reason(&mut server, ""), ("needs more", 0), "nothing is held back");
    assert_eq!(reason(&mut server, GET), ("held", 0));
    answer(&mut server, 200, &[("Connection", "close")], Body::None).unwrap();
    assert_eq!(reason(&mut server, GET), ("needs more", GET.len()), "it drops what comes");

    let mut server = self::server();
    let connect = "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n";
    assert_eq!(reason(&mut server, &[connect, "tunnel"].concat()), ("held", connect.len()), "it waits for the answer");
    assert_eq!(reason(&mut server, ""), ("needs more", 0));
    answer(&mut server, 200, &[], Body::None).unwrap();
    for octets in ["tunnel", ""] {
        assert_eq!(reason(&mut server, octets), ("switched", 0));
    }

    let mut client = client();
    ask(&mut client, "CONNECT", &[], Body::None).unwrap();
    let granted = "HTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(reason(&mut client, granted), ("switched", granted.len()));
    assert_eq!(reason(&mut client, "tunnel"), ("switched", 0));
}

#[test]
fn chains_are_sent_whole_or_in_pieces() {
    let (mut client, mut server) = (client(), server());
    let mut out = b"before".to_vec();
    let post = Request::post("/").host("a").header("X", "1").body("hello");
    let written = client.send_request(post, &mut out).unwrap();
    assert_eq!(out, b"beforePOST / HTTP/1.1\r\nHost: a\r\nX: 1\r\nContent-Length: 5\r\n\r\nhello");
    assert!(written.carries_body);
    assert_eq!(client.local_state(), State::Done);
    assert_eq!(tell(&mut server, std::str::from_utf8(&out[6..]).unwrap()).0, "POST \"hello\" end");

    out.clear();
    server.send_informational(Response::new(103).header("Link", "</a>"), &mut out).unwrap();
    assert_eq!(out, b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    out.clear();
    let written = server.send_response(Response::new(200).body_unknown(), &mut out).unwrap();
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!((&out[..], written.before, written.after), (&head[..], head.len(), 0));
    server.send_data(b"hello", &mut out).unwrap();
    server.send_data(b"", &mut out).unwrap();
    let mut framing = Vec::new();
    let around = server.send_data_around(2, &mut framing).unwrap();
    assert_eq!(around.pieces(&framing, b"hi"), [&b"2\r\n"[..], b"hi", b"\r\n"]);
    out.extend(around.pieces(&framing, b"hi").concat());
    server.send_end(NO_LINES, &mut out).unwrap();
    assert!(out.ends_with(b"\r\n\r\n5\r\nhello\r\n2\r\nhi\r\n0\r\n\r\n"), "{}", out.escape_ascii());
    assert_eq!(server.send_data(b"more", &mut out).unwrap_err().code, Code::WrongState);

    server.next_cycle().unwrap();
    out.clear();
    let head = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(tell(&mut server, head).0, "HEAD end");
    server.send_response(Response::new(200).body("hello"), &mut out).unwrap();
    assert_eq!(out, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "it knows what it answers");
}

#[test]
fn a_refused_chain_leaves_everything_as_it_was() {
    let mut client = client();
    let mut out = b"before".to_vec();
    let refused = client.send_request(Request::post("/").host("a").header("X", "\n").body("hello"), &mut out);
    assert_eq!(refused.unwrap_err().code, Code::FieldValue);
    assert_eq!((&out[..], client.local_state()), (&b"before"[..], State::Idle));
}

#[test]
fn headers_are_found_by_name() {
    let mut server = server();
    let (mut at, mut found) = (0, false);
    let octets = b"GET / HTTP/1.1\r\nHost: a\r\nAccept: b\r\naccept: c\r\nACCEPT:\r\nX-Accept: d\r\n\r\n";
    while let Received::Event(event) = server.receive(octets, &mut at).unwrap() {
        if let Event::Request(request) = event {
            assert_eq!(request.get("HOST"), Some(&b"a"[..]));
            assert_eq!((request.get("aCCEPT"), request.get("Acc")), (Some(&b"b"[..]), None));
            let headers = request.head.section;
            assert_eq!(headers.get_all("Accept").collect::<Vec<_>>(), [&b"b"[..], b"c", b""]);
            assert_eq!((headers.len(), headers.is_empty()), (5, false));
            found = true;
        }
    }
    assert!(found);
    let mut client = client();
    ask(&mut client, "GET", &[], Body::None).unwrap();
    let octets = b"HTTP/1.1 204 No Content\r\nSet-Cookie: a\r\nset-cookie: b\r\n\r\n";
    let Ok(Received::Event(Event::Response(response))) = client.receive(octets, &mut 0) else { panic!("no head") };
    assert_eq!(response.get("set-cookie"), Some(&b"a"[..]));
}

#[test]
fn a_tunnel_is_granted_without_a_word_on_persistence() {
    for version in ["1.1\r\nConnection: close", "1.0"] {
        let mut server = server();
        let connect = format!("CONNECT a:1 HTTP/{version}\r\nHost: a:1\r\n\r\n");
        assert_eq!(tell(&mut server, &connect).0, "CONNECT end");
        assert_eq!(answer(&mut server, 200, &[], Body::None).unwrap(), "HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(states(&server), (State::Switched, State::Switched));
    }
}

#[test]
fn what_a_response_answers_is_known_whatever_it_says() {
    let mut server = server();
    tell(&mut server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut out = Vec::new();
    server.send_informational(Response::new(103).request_method("no token"), &mut out).unwrap();
    let response = Response::new(200).request_method("HEAD").request_version(Version::Http10).body("hi");
    server.send_response(response, &mut out).unwrap();
    let expected = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    assert_eq!(out, expected, "{}", out.escape_ascii());
}
