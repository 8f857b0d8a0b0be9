//! Server faults and the result of a claim: one row per fault.
//!
//! For every row the run must also end well before a second timeout, in little memory, after a single request.
//! No message counts as accepted unless the whole head of a 2xx response came.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use serde_json::Value;

use crate::example::{claim, claim_input, line};
use crate::support::{Front, Reply, Server, lexbot};
use crate::table::{rows, unescape};

/// The time in seconds for a response's head, and for its body.
const TIMEOUT: &str = "0.4";

/// How long a fault may take. Head and body have a timeout each, and a busy machine needs more.
const MAX_MS: u64 = 4000;

/// The memory that a run may need. Normally it needs a few MiB.
const MAX_MEMORY: u64 = 64 << 20;

/// Runs a table of faults: the name, how the connection ends, the bytes that are sent, and the result.
///
/// A connection `closes`, `resets`, stays `silent`, `drips` one byte at a time, or `repeats` what follows ` * `.
/// In the bytes, `{201}` and `{400}` are status lines, and `{chunked}` is the end of a head.
/// The result is a status, with the error if there is one; or the connection is `lost`, the response `late`, or
/// it is `not HTTP`, with the reason.
#[track_caller]
fn assert_results(table: &str) {
    let mut differences = Vec::new();
    for [name, end, sent, expected] in rows(table) {
        let result = if end == "resets" {
            result_of_reset(name, bytes(sent), expected)
        } else {
            result_of(name, reply(end, sent), TIMEOUT, expected)
        };
        if result != expected {
            differences.push(format!("{name} | {result}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The reply with these bytes, in a table's notation, and this end.
fn reply(end: &str, sent: &str) -> Reply {
    match end {
        "closes" => Reply::raw(bytes(sent)),
        "silent" => Reply::raw_open(bytes(sent)),
        "drips" => Reply::drip(bytes(sent), Duration::from_millis(50)),
        "repeats" => {
            let (head, chunk) = sent.split_once("* ").unwrap();
            let head = bytes(head.strip_suffix(' ').unwrap_or_default());
            let chunk = bytes(chunk);
            Reply::endless(head, chunk.repeat(8192 / chunk.len() + 1))
        }
        other => panic!("how does a connection end that {other}?"),
    }
}

/// The bytes that a table writes in this way.
fn bytes(text: &str) -> Vec<u8> {
    let text = text
        .replace("{201}", r"HTTP/1.1 201 Created\r\n")
        .replace("{400}", r"HTTP/1.1 400 Bad Request\r\n")
        .replace("{chunked}", r"transfer-encoding: chunked\r\n\r\n");
    unescape(&text)
}

/// The result of one attempt to claim a message, written as in a table.
///
/// The input is kept open until the memory was read.
#[track_caller]
fn result_of_claim(name: &str, url: &str, timeout: &str, expected: &str) -> String {
    let status = expected.split(' ').next().unwrap_or_default();
    let code = match status.parse::<u16>() {
        Ok(200..300) => 0,
        Ok(_) => 1,
        Err(_) => 5,
    };
    let mut run = lexbot(["claim", "-i", "-", "--json", "--retries", "0"])
        .args(["--timeout", timeout])
        .base_url(url)
        .stdout_like("{[..]}\n")
        .stderr_like("...")
        .code(code)
        .limit(Duration::from_secs(20))
        .spawn();
    run.write_line(&line("m_1"));
    let result: Value = serde_json::from_str(&run.read_line()).unwrap();
    let memory = run.peak_memory();
    run.finish();

    let elapsed = result["elapsed_ms"].as_u64().unwrap();
    assert!(elapsed < MAX_MS, "{name}: {elapsed} ms");
    assert!(
        memory.is_none_or(|memory| memory < MAX_MEMORY),
        "{name}: {memory:?} bytes"
    );
    assert_eq!(result["attempts"], 1, "{name}");
    let error = result["error"].as_str();
    let outcome = result["outcome"].as_str().unwrap();
    let Some(status) = result["status"].as_u64() else {
        assert_eq!(
            (outcome, &result["body"]),
            ("unknown", &Value::Null),
            "{name}"
        );
        return without_host(error.unwrap());
    };
    let expected = if code == 0 { "accepted" } else { "rejected" };
    assert_eq!(outcome, expected, "{name}");
    error.map_or(status.to_string(), |error| format!("{status} {error}"))
}

/// A short form of the error of a request without a response.
fn without_host(error: &str) -> String {
    match error.split_once(' ').unwrap() {
        (_, "closed the connection without a response") => "lost".to_owned(),
        ("no", _) => "late".to_owned(),
        (_, error) => error.replace("sent something that is not an HTTP response", "not HTTP"),
    }
}

/// The result of a claim from a server that does this.
#[track_caller]
fn result_of(name: &str, reply: Reply, timeout: &str, expected: &str) -> String {
    let server = Server::answering([reply]);
    let result = result_of_claim(name, &server.url(), timeout, expected);
    assert_eq!(server.requests().len(), 1, "{name}");
    result
}

/// The same from one that sends these bytes and then resets the connection.
#[track_caller]
fn result_of_reset(name: &str, bytes: Vec<u8>, expected: &str) -> String {
    // The request is left unread, which makes the close a reset.
    let front = Front::start(move |mut client| {
        client.read_exact(&mut [0])?;
        client.write_all(&bytes)
    });
    let url = format!("http://{}", front.address());
    result_of_claim(name, &url, TIMEOUT, expected)
}

#[test]
fn a_head_that_breaks_off_leaves_the_outcome_unknown() {
    assert_results(
        r"
closed before the head         | closes |                               | lost
closed in the protocol's name  | closes | HT                            | lost
closed in the version          | closes | HTTP/1.                       | lost
closed in the status line      | closes | HTTP/1.1 201                  | lost
closed after the status line   | closes | {201}                         | lost
closed in a header's name      | closes | {201}content-le               | lost
closed in a header's value     | closes | {201}a: b                     | lost
closed before the empty line   | closes | {201}content-length: 2\r\n    | lost
only 100 Continue, then closed | closes | HTTP/1.1 100 Continue\r\n\r\n | lost
reset before the head          | resets |                               | lost
reset in the head              | resets | HTTP/1.1 201 Crea             | lost
",
    );
}

#[test]
fn silence_counts_until_the_head_is_complete() {
    assert_results(
        r#"
silence                       | silent |                                   | late
silence in the head           | silent | {201}content-                     | late
silence after 100 Continue    | silent | HTTP/1.1 100 Continue\r\n\r\n     | late
silence instead of a 2xx body | silent | {201}content-length: 9\r\n\r\n    | 201
silence in a 2xx body         | silent | {201}content-length: 9\r\n\r\n{"s | 201
silence in a 400 body         | silent | {400}content-length: 9\r\n\r\n{"s | 400 {"s
silence in a chunk            | silent | {201}{chunked}9\r\n{              | 201
a head one byte at a time     | drips  | {201}content-length: 2\r\n\r\n{}  | late
interim responses meanwhile   | drips  | HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n | late
"#,
    );
}

#[test]
fn endless_responses_are_cut_off() {
    assert_results(
        r"
an endless status line        | repeats | HTTP/1.1 201  * x                           | not HTTP: its head is too long
an endless header             | repeats | {201}a:  * x                                | not HTTP: its head is too long
an endless header with breaks | repeats | {201}a:  * x: y\r\n                         | not HTTP: http parse resulted in too many headers
endless headers               | repeats | {201} * a: b\r\n                            | not HTTP: http parse resulted in too many headers
endless 100 Continue          | repeats | * HTTP/1.1 100 Continue\r\n\r\n             | not HTTP: its head is too long
an endless 2xx body           | repeats | {201}\r\n * x                               | 201
a body of 9999999999 bytes    | repeats | {201}content-length: 9999999999\r\n\r\n * x | 201
endless chunks                | repeats | {201}{chunked} * 1\r\nx\r\n                 | 201
an endless chunk size         | repeats | {201}{chunked} * 0                          | 201
an endless chunk extension    | repeats | {201}{chunked}1; * x                        | 201
endless trailers              | repeats | {201}{chunked}0\r\n * a: b\r\n              | 201
endless garbage               | repeats | * garbage                                   | not HTTP: invalid HTTP version
endless empty lines           | repeats | * \r\n                                      | not HTTP: its head is too long
",
    );
}

#[test]
fn wrong_lengths_are_tolerated_unless_malformed() {
    assert_results(
        r#"
a 2xx body shorter than its length | closes | {201}content-length: 99\r\n\r\n{}                       | 201
a 2xx body that never begins       | closes | {201}content-length: 15\r\n\r\n                         | 201
a 2xx body that breaks off         | closes | {201}content-length: 15\r\n\r\n{"status"                | 201
a 400 body shorter than its length | closes | {400}content-length: 99\r\n\r\n{"error":"no"}           | 400 no
a 400 body that breaks off         | closes | {400}content-length: 99\r\n\r\n{"error":"Cannot f       | 400 {"error":"Cannot f
a length of 99999999999999         | closes | {201}content-length: 99999999999999\r\n\r\n{}           | 201
a length past 64 bits              | closes | {201}content-length: 99999999999999999999999\r\n\r\n{}  | not HTTP: content-length header not a number
a negative length                  | closes | {201}content-length: -1\r\n\r\n{}                       | not HTTP: content-length header not a number
a length that is not a number      | closes | {201}content-length: ten\r\n\r\n{}                      | not HTTP: content-length header not a number
two lengths                        | closes | {201}content-length: 1\r\ncontent-length: 2\r\n\r\n{}   | not HTTP: conflicting content-length headers
a body longer than its length      | closes | {201}content-length: 1\r\n\r\n{"status":"ok"}           | 201
a chunk that breaks off            | closes | {201}{chunked}9\r\n{                                    | 201
a chunk size that is not a number  | closes | {201}{chunked}zz\r\n{}                                  | 201
a chunk size past 64 bits          | closes | {201}{chunked}fffffffffffffffff\r\n{}                   | 201
no last chunk                      | closes | {201}{chunked}2\r\n{}\r\n                               | 201
chunks and a length                | closes | {201}content-length: 9\r\n{chunked}2\r\n{}\r\n0\r\n\r\n | 201
"#,
    );
}

#[test]
fn unusual_responses_are_understood() {
    assert_results(
        r#"
chunks                               | closes | {201}{chunked}2\r\n{}\r\n0\r\n\r\n                           | 201
chunks with an extension             | closes | {201}{chunked}5\r\n{"sta\r\nA;x=y\r\ntus":"ok"}\r\n0\r\n\r\n | 201
a refusal in chunks                  | closes | {400}{chunked}5\r\n{"err\r\n9\r\nor":"no"}\r\n0\r\n\r\n      | 400 no
a body that ends with the connection | closes | {400}\r\n{"error":"no"}                                      | 400 no
100 Continue first                   | closes | HTTP/1.1 100 Continue\r\n\r\n{201}content-length: 0\r\n\r\n  | 201
102 Processing first                 | closes | HTTP/1.1 102 Processing\r\n\r\n{201}content-length: 0\r\n\r\n | 201
103 Early Hints first                | closes | HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n{201}content-length: 0\r\n\r\n | 201
HTTP/1.0                             | closes | HTTP/1.0 201 Created\r\n\r\n{}                               | 201
HTTP/1.0, refused                    | closes | HTTP/1.0 400 Bad\r\n\r\n{"error":"no"}                       | 400 no
bare line feeds, no reason           | closes | HTTP/1.1 201\ncontent-length: 0\n\n                          | 201
gzip that isn't, 201                 | closes | {201}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope | 201
gzip that isn't, 400                 | closes | {400}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope | 400 nope
an unknown encoding                  | closes | {201}content-encoding: rot13\r\ncontent-length: 2\r\n\r\n{}  | 201
204 with a body                      | closes | HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}       | 204
101 Switching Protocols              | closes | HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n | 101 Switching Protocols (empty response)
304 with a body                      | closes | HTTP/1.1 304 Not Modified\r\ncontent-length: 2\r\n\r\n{}     | 304 Not Modified (empty response)
status 299                           | closes | HTTP/1.1 299 Fine\r\ncontent-length: 0\r\n\r\n               | 299
status 600                           | closes | HTTP/1.1 600 Odd\r\ncontent-length: 3\r\n\r\nwhy             | 600 why
status 999                           | closes | HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n                | 999 no reason given (empty response)
a head that isn't UTF-8, 201         | closes | HTTP/1.1 201 Cr\xc3\xa9\xe9\r\nx: \xff\xfe\r\ncontent-length: 0\r\n\r\n | 201
a head that isn't UTF-8, 400         | closes | HTTP/1.1 400 B\xe4d\r\nx: \xff\r\ncontent-length: 0\r\n\r\n  | 400 Bad Request (empty response)
"#,
    );
}

#[test]
fn responses_that_are_not_http_are_reported_as_such() {
    assert_results(
        r"
status 0                            | closes | HTTP/1.1 0 X\r\n\r\n             | not HTTP: invalid response status
status 000                          | closes | HTTP/1.1 000 X\r\n\r\n           | not HTTP: invalid status code: 000
status 099                          | closes | HTTP/1.1 099 X\r\n\r\n           | not HTTP: invalid status code: 099
status 99                           | closes | HTTP/1.1 99 X\r\n\r\n            | not HTTP: invalid response status
status 1000                         | closes | HTTP/1.1 1000 X\r\n\r\n          | not HTTP: invalid response status
status -1                           | closes | HTTP/1.1 -1 X\r\n\r\n            | not HTTP: invalid response status
status -201                         | closes | HTTP/1.1 -201 X\r\n\r\n          | not HTTP: invalid response status
a status that is a word             | closes | HTTP/1.1 abc X\r\n\r\n           | not HTTP: invalid response status
a status with a fraction            | closes | HTTP/1.1 201.5 X\r\n\r\n         | not HTTP: invalid response status
HTTP/0.9                            | closes | <html>Created</html>             | not HTTP: invalid HTTP version
HTML with a head's end              | closes | <html>\r\n\r\n                   | not HTTP: invalid HTTP version
HTTP/2                              | closes | HTTP/2 201 Created\r\n\r\n       | not HTTP: invalid HTTP version
HTTP/3.1                            | closes | HTTP/3.1 201 Created\r\n\r\n     | not HTTP: invalid HTTP version
a banner of SSH                     | closes | SSH-2.0-OpenSSH_9.9\r\n          | not HTTP: invalid HTTP version
an alert of TLS                     | closes | \x15\x03\x01\x00\x02\x02\x0a     | not HTTP: invalid HTTP version
an alert of TLS, with a line end    | closes | \x15\x03\x01\x00\x02\x02\x0a\r\n | not HTTP: invalid HTTP version
zero bytes instead of a head        | closes | \0\0\0\0\0\0\0\0\r\n\r\n         | not HTTP: invalid HTTP version
a header without a colon            | closes | {201}broken\r\n\r\n              | not HTTP: invalid header name
a header with a zero byte           | closes | {201}a: \0\r\n\r\n               | not HTTP: invalid header value
a head that continues on a new line | closes | {201}a: b\r\n c\r\n\r\n          | not HTTP: invalid header name
201 before the version              | closes | 201 Created HTTP/1.1\r\n\r\n     | not HTTP: invalid HTTP version
",
    );
}

#[test]
fn large_and_slow_responses_are_read_as_far_as_needed() {
    let endless =
        "HTTP/1.1 201 Created\r\ncontent-length: 99999\r\n\r\n".to_owned() + &"x".repeat(99_999);
    let no = "no ".repeat(100);
    for (name, reply, expected) in [
        ("reset without a byte", Reply::reset(), "lost"),
        (
            "a 2xx body that never ends",
            Reply::drip(endless, Duration::from_millis(2)),
            "201",
        ),
        (
            "an endless page",
            Reply::endless("HTTP/1.1 500 Oops\r\n\r\n", "<p>".repeat(3000)),
            &format!("500 {}…", "<p>".repeat(100)),
        ),
        (
            "zero bytes",
            Reply::status(400, "Bad").body([0; 3]),
            "400 \0\0\0",
        ),
        (
            "a refusal without end",
            Reply::endless("HTTP/1.1 400 Bad\r\n\r\n", "no "),
            &format!("400 {no}…"),
        ),
        (
            "10 MB of HTML",
            Reply::status(500, "Oops").html(&"<p>scary</p>".repeat(873_814)),
            &format!("500 {}…", "<p>scary</p>".repeat(25)),
        ),
        (
            "10 MB, accepted",
            Reply::created().html(&"<p>nice</p>".repeat(953_251)),
            "201",
        ),
        (
            "deep JSON",
            Reply::status(400, "Bad").json(&"[".repeat(60_000)),
            &format!("400 {}…", "[".repeat(300)),
        ),
    ] {
        let result = result_of(name, reply, TIMEOUT, expected);
        assert_eq!(result, expected, "{name}");
    }
    let response = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
    let reply = Reply::drip(response, Duration::from_millis(1));
    let result = result_of("one byte at a time, in time", reply, "20", "201");
    assert_eq!(result, "201");
}

#[test]
fn a_failed_write_is_not_repeated() {
    // More than any socket takes in, for a server that reads a byte and then resets the connection.
    let front = Front::start(|mut client| client.read_exact(&mut [0]));
    let url = format!("http://127.0.0.1:{}", front.port());
    let part = format!("\"{}\",\n", "x".repeat(1 << 19));
    let others = format!(",\n\"x\":[\n{}\"\"]}}", part.repeat(32));
    claim_input()
        .args(["--timeout", "10"])
        .stdin(line("m_1").replace('}', &others))
        .base_url(&url)
        .stdout_like("--- m_1 127.0.0.1:[..] closed the connection without a response\n")
        .stderr_like("hint: Lexer may have received it[..]\n")
        .code(5)
        .run();
    assert_eq!(front.connections(), 1);
}

#[test]
fn a_body_that_is_not_utf_8_is_read() {
    // The harness takes a replacement character for an error of lexbot's own, so none is shown here.
    for (status, printed, code) in [
        ("400 Bad", "400 m_1 No (HTML page, [..] bytes)\n", 1),
        ("201 Created", "201 m_1 claimed\n", 0),
    ] {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: 20\r\n\r\n<title>No</title>");
        let server = Server::answering([Reply::raw([head.as_bytes(), b"\xff\xfe\xe4"].concat())]);
        claim()
            .server(&server)
            .stdout_like(printed)
            .stderr_like("...")
            .code(code)
            .run();
        server.ignore_requests();
    }
}
