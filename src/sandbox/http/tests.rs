//! Requests as clients write them, and as they shouldn't.

use std::io::{self, BufReader, Cursor, Read, Write};

use proptest::prelude::*;

use super::{MAX_BODY, Request, Response, Unreadable, read_request, write_answer};

/// A connection: what the client sent, and what it got before the answer.
struct Client {
    sent: Cursor<Vec<u8>>,
    got: Vec<u8>,
}

impl Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.sent.read(buffer)
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.got.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn connection(sent: impl Into<Vec<u8>>) -> BufReader<Client> {
    // The smallest of buffers, so that nothing depends on what arrives together.
    let (sent, got) = (Cursor::new(sent.into()), Vec::new());
    BufReader::with_capacity(1, Client { sent, got })
}

fn read(sent: impl Into<Vec<u8>>) -> Result<Request, Unreadable> {
    read_request(&mut connection(sent))
}

fn post(body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/a?b".to_owned(),
        token: None,
        body: body.into(),
        keep_alive: true,
    }
}

/// The answer to a request that can't be taken.
fn refusal(sent: impl Into<Vec<u8>>) -> Response {
    match read(sent) {
        Err(Unreadable::Refused(answer)) => answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests_on_one_connection_are_read_one_after_the_other() {
    let mut connection = connection(
        "POST /a?b HTTP/1.1\r\nHost: h\r\nAUTH-API-TOKEN:  secret \r\nContent-Length: 3\r\n\r\none\r\n\
         POST /a?b HTTP/1.1\r\ncontent-length: 3\r\n\r\ntwo\
         POST /a?b HTTP/1.1\r\nConnection: Close\r\n\r\n",
    );
    let first = Request {
        token: Some(b"secret".to_vec()),
        ..post("one")
    };
    let last = Request {
        keep_alive: false,
        ..post("")
    };
    assert_eq!(read_request(&mut connection).unwrap(), first);
    assert_eq!(read_request(&mut connection).unwrap(), post("two"));
    assert_eq!(read_request(&mut connection).unwrap(), last);
    assert!(matches!(
        read_request(&mut connection),
        Err(Unreadable::Gone)
    ));
}

#[test]
fn a_body_may_come_in_chunks() {
    let chunks = "POST /a?b HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n\
                  4\r\n{\"a\"\r\nA;x=y\r\n: \"bcdef\"}\r\n0\r\nTrailer: t\r\n\r\n";
    assert_eq!(read(chunks).unwrap(), post("{\"a\": \"bcdef\"}"));
}

#[test]
fn a_client_that_waits_to_be_asked_for_the_body_is_asked() {
    let head = "POST /a?b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: ";
    let mut welcome = connection(format!("{head}2\r\n\r\n{{}}"));
    assert_eq!(read_request(&mut welcome).unwrap(), post("{}"));
    assert_eq!(welcome.get_ref().got, b"HTTP/1.1 100 Continue\r\n\r\n");

    let mut too_large = connection(format!("{head}2097153\r\n\r\n"));
    assert!(read_request(&mut too_large).is_err());
    assert_eq!(too_large.get_ref().got, b"");
}

#[test]
fn a_body_over_the_limit_is_refused_before_it_is_held() {
    let request = |length: u64| {
        let head = format!("POST /a?b HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        let body = vec![b' '; usize::try_from(MAX_BODY).unwrap()];
        [head.into_bytes(), body].concat()
    };
    assert!(read(request(MAX_BODY)).is_ok());
    assert_eq!(refusal(request(MAX_BODY + 1)), Response::TooLarge);
    assert_eq!(refusal(request(u64::MAX)), Response::TooLarge);

    let chunked = "POST /a?b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n";
    assert_eq!(refusal(format!("{chunked}200000\r\n")), Response::TooLarge);
    assert_eq!(
        refusal(format!("{chunked}ffffffffffffffff\r\n")),
        Response::TooLarge
    );
}

#[test]
fn what_is_no_request_is_refused_with_the_reason() {
    let not_http = |why: &str| Response::NotHttp(why.to_owned());
    let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "a".repeat(20_000));
    let crowded = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65));
    for (sent, why) in [
        ("\u{16}\u{3}\u{1}\r\n\r\n", "invalid token"),
        ("GET / HTTP/3\r\n\r\n", "invalid HTTP version"),
        (&long, "its header is over 16 KiB"),
        (&crowded, "too many headers"),
        (
            "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "Content-Length is not a number",
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
        assert_eq!(refusal(sent), not_http(why));
    }
}

#[test]
fn a_request_that_breaks_off_needs_no_answer() {
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
fn a_target_of_any_form_is_only_a_path_that_does_not_exist() {
    for target in ["foo", "a:1", "*", "http://h/a", "//", "/%zz"] {
        let request = read(format!("CONNECT {target} HTTP/1.1\r\n\r\n")).unwrap();
        assert_eq!(request.path, target);
    }
}

#[test]
fn an_answer_says_how_long_it_is_and_whether_the_connection_stays() {
    let written = |request: Option<&Request>, answer: &Response| {
        let mut bytes = Vec::new();
        write_answer(&mut bytes, request, answer).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(
        written(Some(&post("")), &Response::Accepted),
        "HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: 15\r\n\r\n{\"status\":\"ok\"}"
    );
    assert_eq!(
        written(None, &Response::NotHttp("a \"b\"".to_owned())),
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: 67\r\nConnection: close\r\n\r\n\
         {\"status\":\"400 Bad Request\",\"error\":\"not an HTTP request: a \\\"b\\\"\"}"
    );
    let head = Request {
        method: "HEAD".to_owned(),
        ..post("")
    };
    assert_eq!(
        written(Some(&head), &Response::WrongMethod("HEAD".to_owned())),
        "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: 76\r\nAllow: POST\r\n\r\n"
    );
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn any_bytes_are_survived(noise in prop::collection::vec(any::<u8>(), 0..200), head in "(POST|GET) [!-~]{0,9} HTTP/1\\.[01]\r\n([A-Za-z-]{1,9}: ?[ -~]{0,9}\r\n){0,4}", framing in prop::sample::select(vec!["", "content-length: 7\r\n", "transfer-encoding: chunked\r\n", "content-length: -1\r\n", "content-length: 99999999999999999999\r\n", "expect: 100-continue\r\n"])) {
        let _ = read(noise.clone());
        let _ = read([head.as_bytes(), framing.as_bytes(), b"\r\n", &noise].concat());
    }
}
