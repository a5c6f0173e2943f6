//! Messages that look like today's traffic. The heads lie in `benches/inputs`, where JavaScript reads them too.

/// A browser's GET: ten fields, 703 octets.
pub fn browser_get() -> Vec<u8> {
    head(include_str!("../../inputs/browser-get.txt"))
}

/// The smallest GET there is: 40 octets.
pub fn small_get() -> Vec<u8> {
    head(include_str!("../../inputs/small-get.txt"))
}

/// An interface's answer: a dozen fields and 1 KiB of body, 1502 octets.
pub fn response() -> Vec<u8> {
    let mut message = head(include_str!("../../inputs/response.txt"));
    message.resize(message.len() + 1024, b'x');
    message
}

/// A request with 2 KiB of cookies: 2206 octets.
pub fn cookies() -> Vec<u8> {
    head(include_str!("../../inputs/cookie.txt"))
}

/// A hundred small GETs, one behind the other.
pub fn pipelined() -> Vec<u8> {
    small_get().repeat(100)
}

/// A head of nearly 64 KiB in 200 fields: about what the default limits allow.
pub fn large_head() -> Vec<u8> {
    request_with_fields(200, 300)
}

/// A GET of so many fields, beside Host, with values of so many octets.
pub fn request_with_fields(fields: usize, octets: usize) -> Vec<u8> {
    let value = "v".repeat(octets);
    let lines: String = (0..fields).map(|index| format!("X-Large-{index:04}: {value}\n")).collect();
    head(&format!("GET / HTTP/1.1\nHost: example.org\n{lines}\n"))
}

/// A response of this many octets in chunks of that many.
pub fn chunked(total: usize, chunk: usize) -> Vec<u8> {
    let mut message = head("HTTP/1.1 200 OK\nContent-Type: text/plain\nTransfer-Encoding: chunked\n\n");
    for _ in 0..total / chunk {
        message.extend_from_slice(format!("{chunk:x}\r\n").as_bytes());
        message.resize(message.len() + chunk, b'y');
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"0\r\n\r\n");
    message
}

/// Lines as they are written down, with the ends they have on the wire.
fn head(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}
