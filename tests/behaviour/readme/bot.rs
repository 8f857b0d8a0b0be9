//! The bot of RECIPES: its web server and lexbot in one pipe, with the settings that the unit of systemd gives them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use ring::hmac;

use super::{RECIPES, examples};
use crate::example::{CLAIM, ECHO};
use crate::support::{Home, Reply, Request, Running, SECRET, Server, TOKEN, program, requires};

/// The bot's page and app, as in RECIPES.
const PAGE: &str = "112233445566";
const APP: &str = "1517776481860111";

#[test]
fn hands_a_conversation_over_and_takes_it_back() {
    if !requires("python3") {
        return;
    }
    let home = home();
    let replies = [(); 3].map(|()| Reply::created());
    let server = Server::answering(replies.into_iter().chain([Reply::status(401, "No")]));
    let run = start(&home, &server);
    let line = run.read_stderr_line();
    let port = line.strip_prefix("listening on port ").expect("a port");
    let port = port.parse().expect("a number");

    let verify = "GET /?hub.mode=subscribe&hub.challenge=42&hub.verify_token=";
    let right = ask(port, &format!("{verify}{SECRET}-verify HTTP/1.0\r\n\r\n"));
    assert!(right.ends_with("\r\n\r\n42"), "{right}");
    let wrong = ask(port, &format!("{verify}x HTTP/1.0\r\n\r\n"));
    assert!(
        wrong.contains(" 403 ") && wrong.ends_with("\r\n\r\n"),
        "{wrong}"
    );
    let aimless = verify.replace("hub.challenge=42&", "");
    let aimless = ask(port, &format!("{aimless}{SECRET}-verify HTTP/1.0\r\n\r\n"));
    assert!(aimless.contains(" 403 "), "{aimless}");
    for malformed in [
        "[]",
        "{}",
        "no JSON",
        r#"{"entry":[{"messaging":[{"message":null}]}]}"#,
    ] {
        let answer = post(port, malformed, &format!("{SECRET}-app"));
        assert!(answer.contains(" 400 "), "{malformed}: {answer}");
    }
    let forged = post(port, &customer("m_0", "hello"), "another secret");
    assert!(forged.contains(" 403 "), "{forged}");

    // The list is empty.
    deliver(port, &customer("m_1", "bot"));
    assert_eq!(run.read_line(), "201 m_1 claimed");
    deliver(port, &customer("m_2", "agent"));
    assert_eq!(home.read("handed-over.txt"), "555\n");
    deliver(port, &customer("m_3", "hello?"));
    deliver(port, &echo("m_4", "agent"));
    assert_eq!(run.read_line(), "201 m_4 echoed");
    deliver(port, &customer("m_5", "bot"));
    assert_eq!(run.read_line(), "201 m_5 claimed");
    assert_eq!(home.read("handed-over.txt"), "");
    // lexbot ends because its token is refused, and the server ends with it.
    deliver(port, &customer("m_6", "hello"));
    run.wait();
    server.received([
        request(CLAIM, "m_1"),
        request(ECHO, "m_4"),
        request(CLAIM, "m_5"),
        request(CLAIM, "m_6"),
    ]);
}

/// A home with the files that RECIPES shows, and the token as a credential.
fn home() -> Home {
    let home = Home::new();
    for example in examples(RECIPES) {
        match example.command.strip_prefix("cat ") {
            Some("config.toml") => home.write_config(&example.output),
            Some(file) => {
                home.write(file, &example.output);
                home.set_mode(file, 0o700);
            }
            None => {}
        }
    }
    home.write_private("credentials/lexer-token", TOKEN);
    home
}

fn start(home: &Home, server: &Server) -> Running {
    let lexbot = std::path::Path::new(env!("CARGO_BIN_EXE_lexbot"));
    let mut path = lexbot.with_file_name("").into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    program("sh", ["./relay.sh"])
        .home(home)
        .server(server)
        .no_env("LEXBOT_TOKEN")
        .no_env("LEXBOT_CLIENT_ID")
        .env("PATH", path)
        .env("PORT", "0")
        .env("APP_SECRET", format!("{SECRET}-app"))
        .env("VERIFY_TOKEN", format!("{SECRET}-verify"))
        .env("CREDENTIALS_DIRECTORY", home.path().join("credentials"))
        .stdout_like("201 m_1 claimed\n201 m_4 echoed\n201 m_5 claimed\n401 m_6 [..]\n")
        .stderr_like("...")
        .code(4)
        .spawn()
}

/// What a customer writes.
fn customer(id: &str, text: &str) -> String {
    payload("555", PAGE, &format!(r#"{{"mid":"{id}","text":"{text}"}}"#))
}

/// What the bot writes.
fn echo(id: &str, text: &str) -> String {
    let message = format!(r#"{{"mid":"{id}","text":"{text}","is_echo":true,"app_id":{APP}}}"#);
    payload(PAGE, "555", &message)
}

fn payload(sender: &str, recipient: &str, message: &str) -> String {
    format!(
        r#"{{"object":"page","entry":[{{"id":"{PAGE}","messaging":[{{"sender":{{"id":"{sender}"}},"recipient":{{"id":"{recipient}"}},"timestamp":1458692752478,"message":{message}}}]}}]}}"#
    )
}

/// Sends a webhook as Meta does.
#[track_caller]
fn deliver(port: u16, webhook: &str) {
    let answer = post(port, webhook, &format!("{SECRET}-app"));
    assert!(answer.contains(" 200 "), "{answer}");
}

fn post(port: u16, webhook: &str, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, webhook.as_bytes());
    let signature = format!("{:02x?}", tag.as_ref()).replace(['[', ']', ',', ' '], "");
    let length = webhook.len();
    ask(
        port,
        &format!(
            "POST / HTTP/1.0\r\nContent-Length: {length}\r\nX-Hub-Signature-256: sha256={signature}\r\n\r\n{webhook}"
        ),
    )
}

/// The response to `request`.
fn ask(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream
        .write_all(request.as_bytes())
        .expect("a request sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a response");
    response
}

fn request(path: &str, id: &str) -> Request {
    let state = if path == CLAIM {
        r#""state":"closed","#
    } else {
        ""
    };
    Request::post(path).json(&format!(
        r#"{{"object_id":"{id}","published_at":1458692752478,"source":"facebook",{state}"account_id":"{PAGE}"}}"#
    ))
}
