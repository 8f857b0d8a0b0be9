//! Valid and invalid requests, and the bytes of responses.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read, Write};

use proptest::prelude::*;
use ureq::http::StatusCode;

use super::{MAX_BODY, Request, Response, Unreadable, read_request, write_response};

/// A connection: what the client sent, and what it received before the response.
struct Client {
    sent: Cursor<Vec<u8>>,
    received: Vec<u8>,
}

impl Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.sent.read(buffer)
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.received.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn connection(sent: impl Into<Vec<u8>>) -> BufReader<Client> {
    // A one-byte buffer, so that nothing depends on which bytes arrive together.
    let (sent, received) = (Cursor::new(sent.into()), Vec::new());
    BufReader::with_capacity(1, Client { sent, received })
}

fn read(sent: impl Into<Vec<u8>>) -> Result<Request, Unreadable> {
    read_from(&mut connection(sent))
}

fn read_from(connection: &mut BufReader<Client>) -> Result<Request, Unreadable> {
    let mut request = Request::default();
    read_request(connection, &mut request).map(|()| request)
}

fn post(body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/a?b".to_owned(),
        headers: BTreeMap::new(),
        body: body.into(),
        keep_alive: true,
    }
}

/// The next request of `connection`, without its headers.
fn next(connection: &mut BufReader<Client>) -> Request {
    Request {
        headers: BTreeMap::new(),
        ..read_from(connection).unwrap()
    }
}

fn not_http(reason: &str) -> Response {
    let error = format!("not an HTTP request: {reason}");
    Response::refused(StatusCode::BAD_REQUEST, error)
}

fn too_large() -> Response {
    Response::refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is over 2 MiB")
}

/// The response to an invalid request.
fn refusal(sent: impl Into<Vec<u8>>) -> Response {
    match read(sent) {
        Err(Unreadable::Refused(response)) => response,
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_several_requests_from_one_connection() {
    let mut connection = connection(
        "POST /a?b HTTP/1.1\r\nHost: h\r\nAUTH-API-TOKEN:  secret \r\nContent-Length: 3\r\n\r\none\r\n\
         POST /a?b HTTP/1.1\r\ncontent-length: 3\r\n\r\ntwo\
         POST /a?b HTTP/1.1\r\nConnection: Close\r\n\r\n",
    );
    let last = Request {
        keep_alive: false,
        ..post("")
    };
    assert_eq!(next(&mut connection), post("one"));
    assert_eq!(next(&mut connection), post("two"));
    assert_eq!(next(&mut connection), last);
    assert!(matches!(read_from(&mut connection), Err(Unreadable::Gone)));
}

#[test]
fn reads_all_headers() {
    let request =
        read(b"GET / HTTP/1.1\r\nHost:  h \r\nAUTH-API-TOKEN: secret\r\nX: a\r\nx: \xff\r\n\r\n");
    let expected = [
        ("auth-api-token", "secret"),
        ("host", "h"),
        ("x", "a, \u{fffd}"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(request.unwrap().headers, BTreeMap::from(expected));
}

#[test]
fn reads_a_chunked_body() {
    let chunks = "POST /a?b HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n\
                  4\r\n{\"a\"\r\nA;x=y\r\n: \"bcdef\"}\r\n0\r\nTrailer: t\r\n\r\n";
    assert_eq!(next(&mut connection(chunks)), post("{\"a\": \"bcdef\"}"));
}

#[test]
fn sends_100_continue_to_a_client_that_expects_it() {
    let head = "POST /a?b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: ";
    let mut welcome = connection(format!("{head}2\r\n\r\n{{}}"));
    assert_eq!(next(&mut welcome), post("{}"));
    assert_eq!(welcome.get_ref().received, b"HTTP/1.1 100 Continue\r\n\r\n");

    let mut too_large = connection(format!("{head}2097153\r\n\r\n"));
    assert!(read_from(&mut too_large).is_err());
    assert_eq!(too_large.get_ref().received, b"");
}

#[test]
fn refuses_a_body_over_the_limit_without_reading_it() {
    let request = |length: usize| {
        let head = format!("POST /a?b HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        let body = vec![b' '; MAX_BODY];
        [head.into_bytes(), body].concat()
    };
    assert!(read(request(MAX_BODY)).is_ok());
    assert_eq!(refusal(request(MAX_BODY + 1)), too_large());
    assert_eq!(refusal(request(usize::MAX)), too_large());

    let chunked = "POST /a?b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n";
    assert_eq!(refusal(format!("{chunked}200000\r\n")), too_large());
    assert_eq!(
        refusal(format!("{chunked}ffffffffffffffff\r\n")),
        too_large()
    );
}

#[test]
fn refuses_an_invalid_request_with_the_reason() {
    let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "a".repeat(20_000));
    let crowded = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65));
    for (sent, reason) in [
        ("\u{16}\u{3}\u{1}\r\n\r\n", "invalid token"),
        ("GET / HTTP/3\r\n\r\n", "invalid HTTP version"),
        (&long, "its header is over 16 KiB"),
        (&crowded, "too many headers"),
        (
            "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "Content-Length is not a number",
        ),
        (
            "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n.",
            "Content-Length is not a number",
        ),
        (
            "GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n.",
            "Content-Length is not a number",
        ),
        (
            "GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n..",
            "Content-Length is not a number",
        ),
        (
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n.",
            "Content-Length is not a number",
        ),
        (
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "it has a Content-Length and is chunked",
        ),
        (
            "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            "Transfer-Encoding is not chunked",
        ),
        (
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "the size of a chunk is not a number",
        ),
        (
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
            "a chunk is longer than its size",
        ),
    ] {
        assert_eq!(refusal(sent), not_http(reason));
    }
}

#[test]
fn ignores_a_request_that_breaks_off() {
    let whole = "POST /a?b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
    let chunked = "POST /a?b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nTrailer: t\r\n\r\n";
    for sent in [whole, chunked] {
        assert!(read(sent).is_ok());
        for length in 0..sent.len() {
            let part = &sent[..length];
            assert!(matches!(read(part), Err(Unreadable::Gone)), "{part:?}");
        }
    }
}

#[test]
fn accepts_any_target_as_a_path() {
    for target in ["foo", "a:1", "*", "http://h/a", "//", "/%zz"] {
        let request = read(format!("CONNECT {target} HTTP/1.1\r\n\r\n")).unwrap();
        assert_eq!(request.path, target);
    }
}

#[test]
fn writes_length_and_connection_headers() {
    let written = |request: &Request, response: &Response| {
        let mut bytes = Vec::new();
        write_response(&mut bytes, request, response).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(
        written(&post(""), &Response::accepted()),
        "HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: 15\r\nConnection: keep-alive\r\n\r\n{\"status\":\"ok\"}"
    );
    assert_eq!(
        written(&Request::default(), &not_http("a \"b\"")),
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: 67\r\nConnection: close\r\n\r\n\
         {\"status\":\"400 Bad Request\",\"error\":\"not an HTTP request: a \\\"b\\\"\"}"
    );
    let head = Request {
        method: "HEAD".to_owned(),
        ..post("")
    };
    assert_eq!(
        written(
            &head,
            &Response::refused(
                StatusCode::METHOD_NOT_ALLOWED,
                "HEAD is not allowed, only POST"
            )
        ),
        "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: 76\r\nConnection: keep-alive\r\nAllow: POST\r\n\r\n"
    );
}

#[test]
fn keeps_a_connection_alive_by_default_only_in_http_1_1() {
    for (version, header, expected) in [
        ("1.1", "", true),
        ("1.1", "Connection: keep-alive\r\n", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: close\r\n", false),
    ] {
        let request = read(format!("GET / HTTP/{version}\r\n{header}\r\n")).unwrap();
        assert_eq!(request.keep_alive, expected, "HTTP/{version} {header}");
    }
}

#[test]
fn what_was_read_of_an_invalid_request_is_kept() {
    let mut request = Request::default();
    let sent = "POST /a HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n";
    assert!(read_request(&mut connection(sent), &mut request).is_err());
    assert_eq!((&*request.method, &*request.path), ("POST", "/a"));
    assert!(!request.keep_alive);
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn any_bytes_are_handled(noise in prop::collection::vec(any::<u8>(), 0..200), head in "(POST|GET) [!-~]{0,9} HTTP/1\\.[01]\r\n([A-Za-z-]{1,9}: ?[ -~]{0,9}\r\n){0,4}", framing in prop::sample::select(vec!["", "content-length: 7\r\n", "transfer-encoding: chunked\r\n", "content-length: -1\r\n", "content-length: 99999999999999999999\r\n", "expect: 100-continue\r\n"])) {
        let _ = read(noise.clone());
        let _ = read([head.as_bytes(), framing.as_bytes(), b"\r\n", &noise].concat());
    }
}
