//! Messages that look like today's traffic, shared by the benchmarks.

/// A browser's GET: eleven fields.
pub(crate) fn browser_get() -> Vec<u8> {
    head(
        "GET /gallery/harbour/evening-light.html?width=1280&theme=dark HTTP/1.1",
        &[
            ("Host", "photos.example.org"),
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
            ("Accept-Language", "de-DE,de;q=0.8,en;q=0.5"),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
            ("Referer", "https://photos.example.org/gallery/harbour/"),
            ("Connection", "keep-alive"),
            ("Cookie", &format!("session={}; theme=dark; seen={}", "5f".repeat(32), "harbour.".repeat(8))),
            ("Upgrade-Insecure-Requests", "1"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Priority", "u=0, i"),
        ],
    )
}

/// The smallest GET there is.
pub(crate) fn small_get() -> Vec<u8> {
    head("GET / HTTP/1.1", &[("Host", "example.com:80")])
}

/// An interface's answer: a dozen fields and 1 KiB of body.
pub(crate) fn api_response() -> Vec<u8> {
    let mut message = head(
        "HTTP/1.1 200 OK",
        &[
            ("Date", "Sun, 22 Nov 2026 10:00:00 GMT"),
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", "1024"),
            ("Connection", "keep-alive"),
            ("Server", "example/2.4"),
            ("Cache-Control", "no-cache, no-store, must-revalidate"),
            ("ETag", "W/\"400-k3vQ0mZcXo1y8r7s6t5u4w3x2y1z0\""),
            ("Vary", "Accept-Encoding, Origin"),
            ("X-Request-Id", "0c7a52f1-9d3e-4b86-a1f0-6e5d4c3b2a19"),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Allow-Origin", "*"),
        ],
    );
    message.resize(message.len() + 1024, b'x');
    message
}

/// A request with 2 KiB of cookies.
pub(crate) fn cookies() -> Vec<u8> {
    let cookie = (0..72).map(|index| format!("c{index:03}=0123456789abcdefghijklmno")).collect::<Vec<_>>().join("; ");
    head(
        "GET /app/home?x=1 HTTP/1.1",
        &[("Host", "example.com"), ("Accept", "*/*"), ("Cookie", &cookie[..2048]), ("Connection", "keep-alive")],
    )
}

/// A head of nearly 64 KiB in 200 fields: about what the default limits allow.
pub(crate) fn large_head() -> Vec<u8> {
    let value = "v".repeat(300);
    let fields: Vec<_> = (0..200).map(|index| (format!("X-Large-{index:03}"), value.as_str())).collect();
    let mut pairs = vec![("Host", "example.com")];
    pairs.extend(fields.iter().map(|(name, value)| (name.as_str(), *value)));
    head("GET / HTTP/1.1", &pairs)
}

/// A hundred small GETs, one behind the other.
pub(crate) fn pipelined() -> Vec<u8> {
    small_get().repeat(100)
}

/// A response of this many octets in chunks of that many.
pub(crate) fn chunked(total: usize, chunk: usize) -> Vec<u8> {
    let mut message = head("HTTP/1.1 200 OK", &[("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")]);
    for _ in 0..total / chunk {
        message.extend_from_slice(format!("{chunk:x}\r\n").as_bytes());
        message.resize(message.len() + chunk, b'y');
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"0\r\n\r\n");
    message
}

fn head(start_line: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{start_line}\r\n");
    for (name, value) in fields {
        text += &format!("{name}: {value}\r\n");
    }
    text += "\r\n";
    text.into_bytes()
}
